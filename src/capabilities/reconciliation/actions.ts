import { mustNot } from '../../kernel/decision.ts'
import { step } from '../../kernel/states.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, rolesOf } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { sendAgain } from '../exchange/index.ts'
import { takeIn } from './results.ts'
import { fits } from './rules.ts'
import { type Action, DIFFERENCE_MOVES } from './states.ts'
import * as store from './store.ts'
import type { ClosedWay } from './words.ts'

const WAY: Partial<Record<Action, ClosedWay>> = {
  resend: 'resend',
  take_in: 'take_in',
  accept: 'accept',
  settle: 'person',
}

export type Doing = {
  difference: store.DifferenceRow
  action: 'resend' | 'take_in' | 'accept' | 'settle'
  by: string
  reason: string
  /** The day under which it is noted. */
  on: LocalDate
  /** As the caller has seen it. */
  seen: number
}
/** One move of one difference. False where it came to nothing, which leaves it open. */
export const carryOut = async (ctx: Ctx, { difference, action, by, reason, on, seen }: Doing): Promise<boolean> => {
  const { result } = difference.proof
  let note: Words | null = null
  // In transactions of its own: what the inbox keeps of it stays, whatever becomes of the difference.
  if (action === 'take_in') {
    const held = result && (await store.findResult(ctx.db.kysely, difference.peerId, result.eventId))
    if (!held) return mustNot('NOTHING_TO_TAKE_IN')
    await takeIn(ctx, difference.peerId, [held.message])
    const taken = await store.findResult(ctx.db.kysely, difference.peerId, held.eventId)
    note = taken?.note ?? null
    if (taken?.outcome !== 'applied' && taken?.outcome !== 'already') return false
  }
  return inTx(ctx, async (tx) => {
    const d = (await store.lockDifference(tx, difference.id)) ?? mustNot('NO_SUCH_DIFFERENCE')
    if (d.version !== seen) mustNot('DIFFERENCE_STALE')
    const roles = ctx.actor.kind === 'person' ? rolesOf(ctx.actor) : (['platform'] as const)
    const next = step(DIFFERENCE_MOVES, d.state, action, roles)
    if (!next.ok) return mustNot('NOT_NOW')
    if (!fits(action, { cause: d.cause, hasResult: d.proof.result !== null, hasRecord: d.recordId !== null }))
      mustNot('DOES_NOT_FIT')
    if (action === 'resend') {
      const { peerId, subjectId, recordId } = d
      if (!subjectId || !recordId || !(await sendAgain(tx, ctx, { peerId, subjectId, recordId }))) return false
    }
    const at = ctx.clock.now()
    const basis =
      action === 'accept' ? { site: d.sides.site?.article ?? null, due: d.sides.due?.article ?? null } : null
    await store.saveAction(tx, {
      id: d.id,
      state: next.value,
      way: WAY[action]!,
      on,
      at,
      by,
      reason,
      basis,
    })
    const act = { differenceId: d.id, peerId: d.peerId, action, from: d.state, to: next.value }
    await store.insertActs(tx, [{ ...act, note: { ...(reason ? { reason } : {}), ...(note ? { note } : {}) } }], at, by)
    recordAct(tx, ctx, {
      act: `reconciliation.${action}`,
      target: { kind: 'difference', id: d.id },
      ...(d.subjectId ? { subjectId: d.subjectId } : {}),
      details: { peer: d.peerId, kind: d.kind, cause: d.cause },
    })
    return true
  })
}
