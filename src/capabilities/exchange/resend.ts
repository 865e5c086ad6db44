import { sql } from 'kysely'
import type { Channel } from '../../kernel/policy.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { findRecord, shownOn, windowOn } from '../records/index.ts'
import * as store from './store.ts'

/**
 * Puts what a peer has to know of a record now under way once more, whatever became of it before: for a difference that a
 * comparison has found. Only for ways in which we go to the peer; false where nothing of the record was ever to go there.
 */
export const sendAgain = async (
  tx: Tx,
  ctx: Ctx,
  ask: { peerId: string; subjectId: string; recordId: string },
): Promise<boolean> => {
  const peer = await store.findPeer(tx, ask.peerId)
  if (!peer || peer.state !== 'active' || peer.way === 'pull') return false
  const record = await findRecord(tx, ask.subjectId, ask.recordId)
  const { rows } = await sql<{ id: string; held: boolean }>`
    select e.id, exists (
      select 1 from exchange.delivery d where d.subject_id = e.subject_id and d.record_id = e.record_id and d.peer_id = ${peer.id}
        and d.event_id <> e.id and d.kind in ('publish', 'update') and (d.outcome is null or d.outcome in ('applied', 'already'))
    ) as held
    from platform.event e
    where e.subject_id = ${ask.subjectId} and e.record_id = ${ask.recordId} and ${peer.channel} = any(e.channels)
      and e.kind in ('record.published', 'record.updated', 'record.withdrawn', 'record.restored')
    order by e.commit_n desc, e.id desc limit 1`.execute(tx)
  const [event] = rows
  if (!record || !event) return false
  const shown = record.state === 'held' && shownOn(record, peer.channel as Channel, today(ctx))
  const window = windowOn(record.windows, peer.channel as Channel)
  const at = ctx.clock.now()
  const told = {
    kind: shown ? (event.held ? ('update' as const) : ('publish' as const)) : ('withdraw' as const),
    version: record.version,
    shown_from: window?.from ?? null,
    shown_until: window?.until ?? null,
    sent_at: at,
    next_attempt_at: at,
  }
  await tx
    .insertInto('exchange.delivery')
    .values({ subject_id: ask.subjectId, peer_id: peer.id, event_id: event.id, record_id: ask.recordId, ...told })
    .onConflict((c) =>
      c.columns(['subject_id', 'peer_id', 'event_id']).doUpdateSet({
        ...told,
        attempts: 0,
        delivered_at: null,
        acked_at: null,
        outcome: null,
        note: '',
        dead_at: null,
        fault: '',
        given_up_at: null,
        given_up_by: '',
        given_up_reason: '',
        queue_n: sql`nextval('exchange.delivery_n')`,
      }),
    )
    .execute()
  return true
}
