import { sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { openCommit } from '../../platform/outbox.ts'
import { type Peer, RESCOPED } from './store.ts'
import { reopenOwed } from './store.owed.ts'

type Scope = Pick<Peer, 'items' | 'division' | 'channel'>
const same = (a: Scope, b: Scope): boolean =>
  a.channel === b.channel &&
  a.division === b.division &&
  JSON.stringify(a.items.toSorted()) === JSON.stringify(b.items.toSorted())
const covers = (s: Scope) =>
  sql`(r.item = any(${s.items}::text[]) and coalesce(r.division, '') like ${`${territoryPrefix(s.division)}%`})`

/** Ids in the order of time, as all are, and the same for the same record and change. */
const idFor = (peer: Peer, ms: number) => {
  const digest = sql`md5(${`${peer.id} ${peer.version} `} || r.record_id)`
  return sql`(lpad(to_hex(${ms}::bigint), 12, '0') || '7' || substr(${digest}, 1, 3) || '8' || substr(${digest}, 4, 15))::uuid`
}

/**
 * A peer's scope has changed: what lies in it and did not before is handed over, what the peer holds and lies outside now is
 * withdrawn. An event of its own for each such record, for this peer alone, at the end of the feed: so it goes the peer's
 * own way, in order with everything else, with deliveries and acknowledgements. One that has fetched nothing yet needs none.
 */
export const followScope = async (tx: Tx, ctx: Ctx, before: Peer, after: Peer): Promise<void> => {
  if (same(before, after)) return
  if (before.channel !== after.channel) await reopenOwed(tx, after.id)
  const begun = await sql`select 1 from exchange.cursor where peer_id = ${after.id}`.execute(tx)
  if (!begun.rows.length) return
  const at = ctx.clock.now()
  const n = await openCommit(tx, ctx)
  const stays = before.channel === after.channel ? sql`${covers(before)}` : sql`false`
  await sql`
    insert into platform.event (commit_n, subject_id, at, id, kind, record_id, version, item, division, details)
    select ${n}::bigint, r.subject_id, ${at}::timestamptz, ${idFor(after, Date.parse(at))}, ${RESCOPED}, r.record_id, r.version, r.item,
      r.division, jsonb_build_object('peer', ${after.id}::text)
        || case when ${covers(after)} then '{}'::jsonb else '{"kind": "out_of_scope"}'::jsonb end
    from records.v_shared r
    where (r.state = 'held' and ${covers(after)} and not ${stays})
      or (not (${covers(after)} and ${stays}) and (r.subject_id, r.record_id) in (
        select d.subject_id, d.record_id from exchange.delivery d
        where d.peer_id = ${after.id}::uuid and d.kind in ('publish', 'update') and d.outcome is distinct from 'refused'))`.execute(
    tx,
  )
}
