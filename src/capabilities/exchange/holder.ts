import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { announce } from '../../platform/outbox.ts'
import type { LocalDate } from '../../kernel/time.ts'

export type Knows = {
  peerId: string
  subjectId: string
  recordId: string
  item: string
  division: string | null
  /** publish: it holds the record, and has to hear of what happens to it. withdraw: it has taken it down by itself. */
  kind: 'publish' | 'withdraw'
  version: number
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
  note: string
}

/**
 * What a peer has told us itself need not be told to it: it counts as handed over and acknowledged. From then on it is a
 * holder like any other, or one that has taken the record down. In the transaction in which its message is carried out.
 */
export const peerKnows = async (tx: Tx, ctx: Ctx, ask: Knows): Promise<void> => {
  const at = ctx.clock.now()
  const event = announce(tx, ctx, {
    kind: 'record.received',
    subjectId: ask.subjectId,
    recordId: ask.recordId,
    version: ask.version,
    item: ask.item,
    division: ask.division,
    details: { peer: ask.peerId, kind: ask.kind },
  })
  await tx
    .insertInto('exchange.delivery')
    .values({
      subject_id: ask.subjectId,
      peer_id: ask.peerId,
      event_id: event,
      record_id: ask.recordId,
      kind: ask.kind,
      version: ask.version,
      shown_from: ask.shownFrom,
      shown_until: ask.shownUntil,
      disputed: false,
      sent_at: at,
      delivered_at: at,
      acked_at: at,
      outcome: 'applied',
      note: ask.note,
    })
    .execute()
}
