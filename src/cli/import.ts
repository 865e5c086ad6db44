import { existsSync, readFileSync } from 'node:fs'
import { importFile } from '../capabilities/collection/index.ts'
import type { CheckView, SubmissionView } from '../capabilities/collection/contract.ts'
import { mustNot } from '../kernel/decision.ts'
import type { Lang } from '../kernel/words.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'

/** The argument of `xinheng import` as it was typed. */
export type ImportArgs = {
  file: string
  item: string
  authority: string
  mapping?: string | undefined
  errors?: string | undefined
  dryRun?: boolean
  backfill?: boolean
  json?: boolean
  lang?: Lang
}

/** Other names under which an item is asked for. */
const ITEM_NAMES: Record<string, string> = { license: 'licence' }

const receiptLines = (r: SubmissionView, lang: Lang): string[] => {
  const zh = lang === 'zh'
  if (r.refusal) return [zh ? `文件退回：${r.refusal.message}` : `File returned: ${r.refusal.message}`]
  const counts = zh
    ? `接收 ${r.received} = 入库 ${r.accepted} + 退回 ${r.refused} + 待核实 ${r.pending} + 已有 ${r.alreadyHeld}`
    : `received ${r.received} = accepted ${r.accepted} + returned ${r.refused} + to be confirmed ${r.pending} + already held ${r.alreadyHeld}`
  return [`${zh ? '回执编号' : 'Receipt'} ${r.no} · ${r.itemName[lang]} · ${r.authority.name}`, counts]
}
const checkLines = (c: CheckView, lang: Lang): string[] => {
  const zh = lang === 'zh'
  const unread = c.columns.filter((h) => h.field === null && h.heading !== '').map((h) => h.heading)
  return [
    zh
      ? `试读 ${c.received} 行：可入库 ${c.accepted}，将退回 ${c.refused}；未保存任何内容`
      : `${c.received} rows read: ${c.accepted} would be accepted, ${c.refused} returned; nothing was kept`,
    ...(unread.length ? [zh ? `未读入的列：${unread.join('、')}` : `columns not read: ${unread.join(', ')}`] : []),
    ...c.rows
      .slice(0, 10)
      .flatMap((row) =>
        row.problems.map((p) => `${zh ? `第 ${row.n} 行` : `row ${row.n}`} ${p.reason}${zh ? '' : ' '}${p.mend}`),
      ),
  ]
}

const textOf = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8') : mustNot('NO_SUCH_FILE', { path })

/**
 * `xinheng import FILE --item … --authority CODE [--mapping FILE] [--dry-run] [--errors FILE]`. Answers the exit code: 0 every
 * row has its verdict (the receipt says which), 2 the file was returned as a whole. Other refusals are thrown as such.
 */
export const importCommand = async (
  runtime: Runtime,
  args: ImportArgs,
  say: (line: string) => void,
): Promise<0 | 2> => {
  const lang = args.lang ?? 'zh'
  const ctx = { ...systemCtx(runtime, 'cli'), lang }
  if (!existsSync(args.file)) mustNot('NO_SUCH_FILE', { path: args.file })
  const result = await importFile(ctx, {
    path: args.file,
    item: ITEM_NAMES[args.item] ?? args.item,
    authority: args.authority,
    wayIn: 'cli',
    mappingText: args.mapping === undefined ? undefined : textOf(args.mapping),
    errorsPath: args.errors,
    dryRun: args.dryRun ?? false,
    backfill: args.backfill ?? false,
  })
  const view = 'check' in result ? result.check : result.receipt
  if (args.json) say(JSON.stringify(view))
  else
    for (const line of 'check' in result ? checkLines(result.check, lang) : receiptLines(result.receipt, lang))
      say(line)
  return 'receipt' in result && result.receipt.state === 'refused' ? 2 : 0
}
