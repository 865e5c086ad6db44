/** What one company says of itself: verified, refused, and waiting. */
import { api } from '../capabilities/declarations/index.ts'
import { type LocalDate, addDays, addMonths } from '../kernel/time.ts'
import type { Ctx } from '../platform/context.ts'
import { type As, proof } from './cases.ts'

const { handlers } = api
type Play = {
  kind: string
  title: string
  issuer: string
  documentNo: string
  issued: number
  valid: number | null
  since: number
  decided: 'verify' | 'refuse' | null
}
const PLAYS: Play[] = [
  {
    kind: 'honour',
    title: '虚构守合同重信用企业',
    issuer: '虚构合同信用促进会',
    documentNo: '虚信〔2025〕17号',
    issued: -300,
    valid: null,
    since: -20,
    decided: 'verify',
  },
  {
    kind: 'trade_mark',
    title: '虚构云岫注册商标',
    issuer: '国家知识产权局（演示）',
    documentNo: '虚商〔2024〕305号',
    issued: -600,
    valid: null,
    since: -14,
    decided: 'refuse',
  },
  {
    kind: 'qualification',
    title: '虚构食品安全管理体系认证',
    issuer: '虚构认证有限公司',
    documentNo: '虚认〔2026〕6号',
    issued: -90,
    valid: 36,
    since: -2,
    decided: null,
  },
]

export const playDeclarations = async (
  as: As,
  { subjectId, today }: { subjectId: string; today: LocalDate },
): Promise<void> => {
  const company = (on: LocalDate): Ctx => {
    const ctx = as('company', on)
    return ctx.actor.kind === 'person' ? { ...ctx, actor: { ...ctx.actor, subjectIds: [subjectId] } } : ctx
  }
  for (const p of PLAYS) {
    const on = addDays(today, p.since)
    const ctx = company(on)
    const issuedOn = addDays(today, p.issued)
    const made = await handlers.beginDeclaration(ctx, {
      subjectId,
      kind: p.kind,
      title: p.title,
      issuer: p.issuer,
      documentNo: p.documentNo,
      issuedOn,
      validTo: p.valid === null ? null : addMonths(issuedOn, p.valid),
      note: '',
    })
    const key = { subject: subjectId, id: made.id }
    await handlers.attachProofOfDeclaration(ctx, { ...key, file: { ...(await proof(ctx)), name: '证书扫描件.pdf' } })
    const sent = await handlers.declare(ctx, { ...key, seen: made.version, committed: true })
    if (!p.decided) continue
    await handlers.decideDeclaration(as('credit-office', addDays(on, 2)), {
      ...key,
      seen: sent.version,
      action: p.decided,
      reason: p.decided === 'refuse' ? '所附材料为受理通知书，不是注册证。' : '',
    })
  }
}
