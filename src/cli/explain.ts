import { catalogItemOn, explain } from '../capabilities/records/index.ts'
import type { Explanation } from '../capabilities/records/contract.ts'
import { CHANNEL_WORDS } from '../capabilities/records/words.ts'
import type { Policy } from '../kernel/policy.ts'
import { type LocalDate, parseDay } from '../kernel/time.ts'
import type { Lang } from '../kernel/words.ts'
import { type Ask, type Run, decline, oneArgument, textFlag } from './io.ts'
import { configOf, mustHoldData, withPlatform } from './open.ts'

export const dayFlag = (ask: Ask): LocalDate | undefined => {
  const text = textFlag(ask, 'on')
  if (text === undefined) return undefined
  return (
    parseDay(text) ??
    decline(
      'USAGE',
      `--on 应为真实存在的日期，如 2026-04-01：${text}`,
      `--on is a real day such as 2026-04-01: ${text}`,
    )
  )
}

const linesOf = (e: Explanation, policy: Policy, lang: Lang): string[] => {
  const zh = lang === 'zh'
  const item = catalogItemOn(policy.catalog, e.item, e.decidedOn)?.name[lang] ?? e.item
  const head = `${item} ${e.docNo} ${e.authorityName} ${e.decidedOn}`
  const ids = zh ? `  信息编号 ${e.recordId}，截至 ${e.on}` : `  record ${e.recordId}, on ${e.on}`
  const channels = e.channels.flatMap(({ channel, shown, window, sentences }) => {
    const state = shown ? (zh ? '公示中' : 'shown') : zh ? '不公示' : 'not shown'
    const inputs = Object.entries(window.inputs).filter(([, v]) => v !== null && v !== '')
    return [
      `  ${CHANNEL_WORDS[channel][lang]}${zh ? '：' : ': '}${state}`,
      ...sentences.map((s) => `    ${s[lang]}`),
      `    ${zh ? '规则' : 'rule'} ${window.rule}  ${zh ? '版本' : 'version'} ${window.version}${window.unsure ? (zh ? '  待确认' : '  UNSURE') : ''}`,
      `    ${zh ? '输入' : 'inputs'} ${inputs.map(([k, v]) => `${k}=${String(v)}`).join(' ')}`,
    ]
  })
  const endings = e.endings.flatMap((d) => d.sentences.map((w, i) => `${i ? '    ' : '  '}${w[lang]}`))
  const repair = (e.repair?.sentences ?? []).map((w, i) => `${i ? '    ' : '  '}${w[lang]}`)
  return [head, ids, ...channels, ...endings, ...repair]
}

export const explainCommand: Run = async (ask) => {
  const what = oneArgument(ask, 'RECORD|CODE')
  const on = dayFlag(ask)
  mustHoldData(configOf(ask))
  return withPlatform(ask, async (ctx) => {
    const found = await explain(ctx.db.kysely, ctx, what, on)
    const none = ask.lang === 'zh' ? '该主体名下没有信息。' : 'No record is held on this subject.'
    const lines = found.length ? found.flatMap((e) => linesOf(e, ctx.policy, ask.lang)) : [none]
    return { exit: 0, data: found, lines }
  })
}
