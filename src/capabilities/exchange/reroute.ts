import { sql } from 'kysely'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { announce } from '../../platform/outbox.ts'
import { type Peer, RESCOPED } from './store.ts'
import type { Way } from './words.ts'

/** In these we only lay out what the peer fetches; whether it did is known when it confirms. */
const LAID_OUT: readonly Way[] = ['pull', 'file', 'table']

/**
 * A peer is reached another way from now on. What was laid out for it and is not confirmed goes once more by the new way: it may
 * never have been fetched. A batch that stands and was not written is still written when its way is taken up again, since
 * numbers have no gaps; what is so of its records by then follows it.
 */
export const followWay = async (tx: Tx, ctx: Ctx, before: Pick<Peer, 'id' | 'way'>, after: Way): Promise<void> => {
  if (before.way === after) return
  const at = ctx.clock.now()
  if (LAID_OUT.includes(before.way) && after !== 'pull')
    await sql`
      update exchange.delivery set next_attempt_at = ${at}
      where peer_id = ${before.id} and delivered_at is not null and next_attempt_at is null
        and acked_at is null and outcome is null and dead_at is null`.execute(tx)
  if (after !== 'file' && after !== 'table') return
  const { rows } = await sql<{ subjectId: string; recordId: string }>`
    select distinct d.subject_id as "subjectId", d.record_id as "recordId"
    from exchange.parcel p join exchange.delivery d on d.peer_id = p.peer_id and d.batch = p.number
    where p.peer_id = ${before.id} and p.kind = 'outgoing' and p.state = 'made' and d.record_id is not null`.execute(tx)
  for (const r of rows) announce(tx, ctx, { kind: RESCOPED, ...r, details: { peer: before.id } })
}
