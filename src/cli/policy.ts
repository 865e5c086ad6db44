import type { RuleRow } from '../kernel/policy.ts'
import type { Lang } from '../kernel/words.ts'
import { jurisdictionCodes, problemLine } from '../platform/policy-files.ts'
import { type PolicySide, policyDiff, policyShow, policySide, policyValidate } from '../policy-cli.ts'
import { dayFlag } from './explain.ts'
import { type Run, decline, noArguments, oneArgument } from './io.ts'
import { configOf } from './open.ts'

const mustExist = (code: string): string => {
  const codes = jurisdictionCodes()
  return codes.includes(code)
    ? code
    : decline(
        'NO_SUCH_JURISDICTION',
        `没有地区 ${code}；现有 ${codes.join('、')}。`,
        `there is no jurisdiction ${code}; there are ${codes.join(', ')}.`,
      )
}
const span = (r: RuleRow): string => `${r.validFrom} – ${r.validTo ?? ''}`
const rowLine = (r: RuleRow, lang: Lang): string =>
  `  ${r.id}  ${span(r)}  ${r.instrument[lang]} ${r.article}${r.origin === 'national' ? '' : `  [${r.origin}]`}${r.unsure ? (lang === 'zh' ? '  待确认' : '  UNSURE') : ''}`

export const policyShowCommand: Run = async (ask) => {
  const on = dayFlag(ask) ?? null
  const shown = policyShow(
    mustExist(ask.args.length ? oneArgument(ask, 'JURISDICTION') : configOf(ask).jurisdiction),
    on,
  )
  const { lang } = ask
  const zh = lang === 'zh'
  const systems = [...Map.groupBy(shown.rows, (r) => r.system)]
  return {
    exit: 0,
    data: shown,
    lines: [
      `${shown.jurisdiction.name[lang]} ${shown.jurisdiction.code}  ${zh ? '版本' : 'version'} ${shown.version}${on ? `  ${on}` : ''}`,
      ...systems.flatMap(([system, rows]) => [system, ...rows.map((r) => rowLine(r, lang))]),
      zh ? `工作日历：${shown.calendarYears.join('、')}` : `calendars: ${shown.calendarYears.join(', ')}`,
      zh ? `存疑事项 UNSURE：${shown.unsure.length} 项` : `UNSURE: ${shown.unsure.length}`,
      ...shown.unsure.map(
        (u) => `  ${u.id}${u.article ? `  ${u.article}` : ''}  ${u.note?.[lang] ?? ''}  (${u.source})`,
      ),
    ],
  }
}

export const policyDiffCommand: Run = async (ask) => {
  const [a, b, ...more] = ask.args
  if (!a || !b || more.length)
    return decline(
      'USAGE',
      '请给出要比较的两方，如 440100 510000 或者 2025-01-01 2026-04-01。',
      'name the two sides, such as 440100 510000 or 2025-01-01 2026-04-01.',
    )
  const { jurisdiction } = configOf(ask)
  const side = (text: string): PolicySide => {
    const read = policySide(text, jurisdiction)
    if (text.includes('@') && read.on === null) decline('USAGE', `日期不对：${text}`, `not a day: ${text}`)
    return { ...read, code: mustExist(read.code) }
  }
  const changes = policyDiff(side(a), side(b))
  const zh = ask.lang === 'zh'
  const words = zh
    ? { added: '新增', removed: '没有', changed: '不同' }
    : { added: 'added', removed: 'removed', changed: 'changed' }
  const none = zh ? '没有差别。' : 'No difference.'
  const lines = changes.map((c) => {
    const row = c.after ?? c.before
    return `${words[c.change]}  ${c.id}${row ? `  ${row.instrument[ask.lang]} ${row.article}` : ''}${c.keys.length ? `  (${c.keys.join(', ')})` : ''}`
  })
  return { exit: 0, data: changes, lines: lines.length ? lines : [none] }
}

export const policyValidateCommand: Run = async (ask) => {
  if (!ask.args.length) noArguments(ask)
  const found = ask.args.length ? policyValidate(undefined, ask.args.map(mustExist)) : policyValidate()
  const zh = ask.lang === 'zh'
  const lines = found.jurisdictions.map((j) =>
    j.ok
      ? `${j.code}  ${zh ? '通过' : 'ok'}  ${j.version}  ${zh ? `规则 ${j.rows} 条，示例 ${j.examples} 个，存疑 ${j.unsure} 项` : `${j.rows} rows, ${j.examples} examples, ${j.unsure} unsure`}`
      : `${j.code}  ${zh ? '不通过' : 'not valid'}`,
  )
  return { exit: found.ok ? 0 : 2, data: found, lines: [...lines, ...found.problems.map(problemLine)] }
}
