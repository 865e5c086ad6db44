import { Refused, type RefusalCatalogue } from '../../kernel/decision.ts'
import { commonRefusals } from '../../kernel/refusals.ts'
import { fill, type Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { recordAct, inTx } from '../../platform/outbox.ts'
import { refusals as recordRefusals } from '../records/contract.ts'
import type { BatchAction, BatchOutcome } from './contract.consequences.ts'
import { type ItemView, refusals } from './contract.ts'
import * as cases from './service.cases.ts'

/** Several items, one action: each is its own transaction with its own outcome, so that one refusal holds up no other. */

type Ask = { note: string; reason?: string | undefined; conditions?: string[] | undefined }
type On = cases.OnItem
const REASON = (ask: Ask): string => ask.reason ?? ask.note
const DOES: Record<BatchAction, (ctx: Ctx, on: On, ask: Ask) => Promise<ItemView>> = {
  pass: (ctx, on, ask) => cases.passItem(ctx, { ...on, note: ask.note }),
  accept: (ctx, on, ask) => cases.acceptItem(ctx, { ...on, note: ask.note }),
  not_accept: (ctx, on, ask) =>
    cases.notAcceptItem(ctx, { ...on, reason: REASON(ask), conditions: ask.conditions ?? [] }),
  grant: (ctx, on, ask) => cases.grantItem(ctx, { ...on, note: ask.note }),
  refuse: (ctx, on, ask) => cases.refuseItem(ctx, { ...on, reason: REASON(ask), conditions: ask.conditions ?? [] }),
  extend: (ctx, on, ask) => cases.extendItem(ctx, { ...on, reason: REASON(ask) }),
  lapse: (ctx, on, ask) => cases.lapseItem(ctx, { ...on, reason: REASON(ask) }),
  confirm: (ctx, on, ask) => cases.confirmProposal(ctx, { ...on, note: ask.note }),
  send_back: (ctx, on, ask) => cases.sendBackProposal(ctx, { ...on, reason: REASON(ask) }),
}

const MEANINGS: RefusalCatalogue = { ...commonRefusals, ...recordRefusals, ...refusals }
const said = (code: string, params: Record<string, unknown> = {}): Words => {
  const meaning = MEANINGS[code]
  return meaning ? { zh: fill(meaning.zh, params, 'zh'), en: fill(meaning.en, params, 'en') } : { zh: code, en: code }
}

const one = async (ctx: Ctx, action: BatchAction, on: On, ask: Ask): Promise<BatchOutcome> => {
  const at = { subject: on.subject, item: on.item }
  try {
    const view = await DOES[action](ctx, on, ask)
    const proposed = view.proposal !== null
    return { ...at, ok: true, state: view.state, version: view.version, proposed, refusals: [] }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const told = error.refusals.map((r) => ({ code: r.code, text: said(r.code, r.params) }))
    return { ...at, ok: false, state: null, version: null, proposed: false, refusals: told }
  }
}

export const decideBatch = async (
  ctx: Ctx,
  ask: Ask & { action: BatchAction; items: On[] },
): Promise<{ done: number; refused: number; outcomes: BatchOutcome[] }> => {
  const outcomes: BatchOutcome[] = []
  for (const on of ask.items) outcomes.push(await one(ctx, ask.action, on, ask))
  const done = outcomes.filter((o) => o.ok).length
  await inTx(ctx, async (tx) => {
    recordAct(tx, ctx, {
      act: 'repair.decide_batch',
      target: { kind: 'repair_items', id: ask.action },
      details: { action: ask.action, items: ask.items.length, done },
    })
  })
  return { done, refused: outcomes.length - done, outcomes }
}
