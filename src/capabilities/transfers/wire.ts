import { settingOf } from '../../kernel/eligibility.ts'
import type { Instant } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { mustNot } from '../../kernel/decision.ts'
import { address } from '../exchange/index.ts'
import type { TO_DECIDER, TO_ORIGIN } from './contract.messages.ts'
import * as store from './store.ts'
import type { StepKind } from './words.ts'

/** How a case speaks: every message is numbered, goes the peer's own way, and stands on the track. */

type Type = keyof typeof TO_DECIDER | keyof typeof TO_ORIGIN
export const tell = async (
  tx: Tx,
  ctx: Ctx,
  t: store.TransferRow,
  say: {
    type: Type
    data: Record<string, unknown>
    step: StepKind
    note: string
    actId?: string
    /** What the message changes on our own side. */
    change?: Partial<store.TransferRow>
  },
): Promise<store.TransferRow> => {
  const n = t.sent + 1
  const eventId = await address(tx, ctx, {
    peerId: t.peerId,
    subjectId: t.subjectId,
    type: say.type,
    data: { ...say.data, ref: t.ref, n },
  })
  const next = { ...t, ...say.change, sent: n }
  if (!(await store.saveTransfer(tx, next))) mustNot('STALE')
  await note(tx, ctx, t, { kind: say.step, note: say.note, eventId, actId: say.actId ?? null })
  return { ...next, version: t.version + 1 }
}

export const note = (
  tx: Tx,
  ctx: Ctx,
  t: Pick<store.TransferRow, 'subjectId' | 'id'>,
  s: { kind: StepKind; note: string; eventId?: string | null; actId?: string | null; at?: Instant },
): Promise<void> =>
  store.insertStep(tx, {
    subjectId: t.subjectId,
    id: newId(),
    transferId: t.id,
    kind: s.kind,
    at: s.at ?? ctx.clock.now(),
    note: s.note,
    eventId: s.eventId ?? null,
    actId: s.actId ?? null,
  })

/** Until when the other platform has to have taken a case in. */
export const termFrom = (ctx: Ctx) => {
  const on = today(ctx)
  const workdays = (settingOf(ctx.policy, 'transfer_workdays', on)?.value as number | undefined) ?? 0
  return addWorkdays(calendarOf(ctx.policy), on, workdays)
}
