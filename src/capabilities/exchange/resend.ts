import { sql } from 'kysely'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { announce } from '../../platform/outbox.ts'
import * as store from './store.ts'

/**
 * Tells a peer once more what it has to know of a record now, whatever became of it before: for a difference that a comparison
 * has found. Under a number of its own, since whoever has dealt with the earlier one does nothing about it again; what could
 * not be sent before is not needed any more. Only for ways in which we go to the peer; false where nothing of the record was
 * ever to go there.
 */
export const sendAgain = async (
  tx: Tx,
  ctx: Ctx,
  ask: { peerId: string; subjectId: string; recordId: string },
): Promise<boolean> => {
  const peer = await store.findPeer(tx, ask.peerId)
  if (!peer || peer.state !== 'active' || peer.way === 'pull') return false
  const { rows } = await sql<{
    kind: string
    reason: string | null
    version: number
    item: string
    division: string | null
  }>`
    select e.kind, e.details->>'kind' as reason, e.version, e.item, e.division from platform.event e
    where e.subject_id = ${ask.subjectId} and e.record_id = ${ask.recordId} and ${peer.channel} = any(e.channels)
      and e.kind in ('record.published', 'record.updated', 'record.withdrawn', 'record.restored')
    order by e.commit_n desc, e.id desc limit 1`.execute(tx)
  const [last] = rows
  if (!last) return false
  announce(tx, ctx, {
    kind: store.RESCOPED,
    subjectId: ask.subjectId,
    recordId: ask.recordId,
    version: last.version,
    item: last.item,
    division: last.division,
    details: { peer: peer.id, ...(last.kind === 'record.withdrawn' && last.reason ? { kind: last.reason } : {}) },
  })
  await sql`
    update exchange.delivery set dead_at = null, given_up_at = null, outcome = 'not_needed', fault = ''
    where subject_id = ${ask.subjectId} and peer_id = ${peer.id} and record_id = ${ask.recordId} and dead_at is not null`.execute(
    tx,
  )
  return true
}

export type Told = { subjectId: string; recordId: string }
/**
 * A change that shortened a display did not get through before the display was over. Under its number the peer may have been told
 * that the record is shown, so it is told under a new one that it is not: whoever goes by the longer term takes it down.
 */
export const tellOver = (tx: Tx, ctx: Ctx, peerId: string, records: readonly Told[]): void => {
  for (const r of records) announce(tx, ctx, { kind: store.RESCOPED, ...r, details: { peer: peerId, kind: 'expiry' } })
}
