import { readFileSync, statSync } from 'node:fs'
import { api, importFile } from '../capabilities/collection/index.ts'
import type { CheckView, RowView, SubmissionView } from '../capabilities/collection/contract.ts'
import type { Lang } from '../kernel/words.ts'
import { DatabaseLocked } from '../platform/db/index.ts'
import { type Ask, Declined, type Outcome, type Run, decline, oneArgument, textFlag } from './io.ts'
import { withPlatform } from './open.ts'

const SHOWN_ROWS = 20

const mustFlag = (ask: Ask, name: string): string =>
  textFlag(ask, name) ?? decline('USAGE', `缺少选项 --${name}。`, `--${name} is missing.`)
const mustBeFile = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return decline('NO_SUCH_FILE', `没有这个文件：${path}`, `there is no such file: ${path}`)
  return found.isFile() ? path : decline('NO_SUCH_FILE', `这不是文件：${path}`, `this is not a file: ${path}`)
}

const rowLines = (rows: readonly Pick<RowView, 'n' | 'name' | 'problems'>[], total: number, lang: Lang): string[] => {
  const zh = lang === 'zh'
  return [
    ...rows
      .slice(0, SHOWN_ROWS)
      .flatMap((row) =>
        row.problems.map(
          (problem) =>
            `  ${zh ? `第 ${row.n} 行` : `row ${row.n}`} ${row.name}  ${problem.field}  ${problem.reason} ${problem.mend}`,
        ),
      ),
    ...(total > SHOWN_ROWS ? [zh ? `  ……另有 ${total - SHOWN_ROWS} 行。` : `  … and ${total - SHOWN_ROWS} more.`] : []),
  ]
}

const checked = (check: CheckView, lang: Lang): Outcome => {
  const { received, accepted, refused, pending, alreadyHeld } = check
  const counts =
    lang === 'zh'
      ? `校验，未入库：共 ${received} 行 = 可入库 ${accepted} + 将退回 ${refused} + 待核实 ${pending} + 已有相同记录 ${alreadyHeld}`
      : `checked, nothing kept: ${received} rows = ${accepted} acceptable + ${refused} to be returned + ${pending} to be confirmed + ${alreadyHeld} already held`
  return {
    exit: received > 0 && accepted === 0 ? 2 : 0,
    data: { check },
    lines: [counts, ...rowLines(check.rows, refused, lang)],
  }
}

const settled = (receipt: SubmissionView, rows: RowView[], lang: Lang): Outcome => {
  const { received, accepted, refused, pending, alreadyHeld } = receipt
  const zh = lang === 'zh'
  const data = { receipt, rows }
  if (receipt.refusal)
    return {
      exit: 2,
      data,
      lines: [
        zh
          ? `文件退回 ${receipt.no}：${receipt.refusal.message}`
          : `File returned ${receipt.no}: ${receipt.refusal.message}`,
      ],
    }
  const counts = zh
    ? `收到 ${received} = 入库 ${accepted} + 退回 ${refused} + 待核实 ${pending} + 已有 ${alreadyHeld}`
    : `received ${received} = accepted ${accepted} + returned ${refused} + to be confirmed ${pending} + already held ${alreadyHeld}`
  return {
    // Nothing of the file was of use: to a script that is a refusal.
    exit: received > 0 && refused === received ? 2 : 0,
    data,
    lines: [
      `${zh ? '回执' : 'Receipt'} ${receipt.no}  ${receipt.itemName[lang]}  ${receipt.authority.name}`,
      counts,
      ...rowLines(rows, refused, lang),
    ],
  }
}

/** One process may hold the embedded database: while the platform runs, data goes in through it. */
const advised = (error: unknown): never => {
  if (!(error instanceof DatabaseLocked)) throw error
  const [zh = '', en = ''] = error.message.split(' / ')
  throw new Declined(error.code, {
    zh: `${zh}平台运行期间，请在网页“数据报送”中上传，或者通过接口推送：xinheng call pushRecords --url http://127.0.0.1:8080 --key KEY。`,
    en: `${en} While the platform runs, upload the file in the workbench, or push it through the API: xinheng call pushRecords --url http://127.0.0.1:8080 --key KEY.`,
  })
}

export const importCommand: Run = async (ask) => {
  const path = mustBeFile(oneArgument(ask, 'FILE'))
  const item = mustFlag(ask, 'item').replace(/^license$/, 'licence')
  const authority = mustFlag(ask, 'authority')
  const mapping = textFlag(ask, 'mapping')
  const mappingText = mapping === undefined ? undefined : readFileSync(mustBeFile(mapping), 'utf8')
  const work = withPlatform(ask, async (ctx) => {
    const done = await importFile(ctx, {
      path,
      item,
      authority,
      mappingText,
      backfill: ask.flags.backfill === true,
      dryRun: ask.flags['dry-run'] === true,
      errorsPath: textFlag(ask, 'errors'),
      wayIn: 'cli',
    })
    if ('check' in done) return checked(done.check, ask.lang)
    const { id, refused } = done.receipt
    const { rows } = refused
      ? await api.handlers.listRows(ctx, { id, verdict: 'refused', limit: SHOWN_ROWS })
      : { rows: [] }
    return settled(done.receipt, rows, ask.lang)
  })
  return work.catch(advised)
}
