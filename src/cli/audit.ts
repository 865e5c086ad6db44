import { type AuditVerdict, verifyAudit } from '../platform/audit.ts'
import type { Words } from '../kernel/words.ts'
import { type Run, noArguments } from './io.ts'
import { configOf, mustHoldData, withPlatform } from './open.ts'

const WHY: Record<NonNullable<AuditVerdict['bad']>['why'], Words> = {
  changed: { zh: '内容被改动', en: 'a row was changed' },
  missing: { zh: '有记录缺失', en: 'rows are missing' },
  added: { zh: '有记录是事后加入的', en: 'rows were slipped in' },
  chain: { zh: '封存链断开', en: 'the chain of seals is broken' },
}

export const auditVerifyCommand: Run = async (ask) => {
  noArguments(ask)
  mustHoldData(configOf(ask))
  const verdict = await withPlatform(ask, (ctx) => verifyAudit(ctx.db.kysely))
  const { bad } = verdict
  const zh = ask.lang === 'zh'
  const counts = zh
    ? `封存 ${verdict.seals} 段、${verdict.rows} 条；尚未封存 ${verdict.unsealed} 条。`
    : `${verdict.seals} seals over ${verdict.rows} rows; ${verdict.unsealed} rows not yet sealed.`
  const head = zh ? `最后一段的摘要：${verdict.head}` : `Head of the chain: ${verdict.head}`
  const line = bad
    ? zh
      ? `审计日志核验不通过：第 ${bad.seal} 段，${WHY[bad.why].zh}（${bad.at}）。`
      : `The audit does not hold: seal ${bad.seal}, ${WHY[bad.why].en} (${bad.at}).`
    : zh
      ? '审计日志核验通过。'
      : 'The audit holds.'
  return { exit: verdict.ok ? 0 : 2, data: verdict, lines: [line, counts, head] }
}
