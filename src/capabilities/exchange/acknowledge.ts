import { covers } from '../../kernel/territory.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { announce } from '../../platform/outbox.ts'
import { findRecords } from '../records/index.ts'
import * as store from './store.ts'

/**
 * Notes what a peer says of what it was handed, whichever way its word has come: of one event the last word counts. Answers the
 * events that were known.
 */
export const acknowledge = async (
  tx: Tx,
  ctx: Ctx,
  peer: store.Peer,
  said: readonly store.Ack[],
): Promise<string[]> => {
  const last = [...new Map(said.map((a) => [a.eventId.toLowerCase(), a])).values()]
  const accepted = last.flatMap((a) => (a.outcome === 'refused' ? [] : [a.eventId]))
  const takenAfterAll = await store.sentBack(tx, peer.id, accepted)
  const known = await store.saveAcknowledgements(tx, peer.id, last, ctx.clock.now())
  if (takenAfterAll.length) await tellTakers(tx, ctx, peer, takenAfterAll)
  return known
}

/**
 * Whoever takes in what it had sent back holds it from now on. While it held nothing, nobody told it that the record was withdrawn,
 * or lies with it no longer: it is told now.
 */
const tellTakers = async (
  tx: Tx,
  ctx: Ctx,
  peer: store.Peer,
  taken: readonly { subjectId: string; recordId: string }[],
): Promise<void> => {
  const withdrawn = await store.standingWithdrawals(
    tx,
    peer.channel,
    taken.map((d) => d.recordId),
  )
  const records = await findRecords(
    tx,
    taken.map((d) => ({ subjectId: d.subjectId, id: d.recordId })),
  )
  for (const { id, subjectId, item, division } of records) {
    const inScope = peer.items.includes(item) && covers(peer.division, division)
    const reason = withdrawn.get(id)?.reason ?? (inScope ? null : 'out_of_scope')
    if (inScope && !withdrawn.has(id)) continue
    const details = { peer: peer.id, ...(reason ? { kind: reason } : {}) }
    announce(tx, ctx, { kind: store.RESCOPED, subjectId, recordId: id, details })
  }
}
