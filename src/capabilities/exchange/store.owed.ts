import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { eventsBetween } from '../../platform/follow.ts'

/** Withdrawals of what peers were handed, as they come in the log; what is owed of them is read by `exchange.v_owed`. */

export const FOLLOW_LOCK = 7_716_051
const NAME = 'owed'
/** The log is read as it grows, and once more when what was under way then has ended. */
export type Reading = typeof NAME | 'owed_again'

export const progressOf = async (db: Reader, name: Reading): Promise<number> =>
  (await sql<{ position: number }>`select position from exchange.progress where name = ${name}`.execute(db)).rows[0]
    ?.position ?? 0
export const saveProgress = async (tx: Tx, name: Reading, position: number): Promise<void> => {
  await sql`insert into exchange.progress (name, position) values (${name}, ${position})
    on conflict (name) do update set position = excluded.position`.execute(tx)
}

/** The last place before the first commit that is younger than an instant; `to` where there is none. */
export const lastBefore = async (db: Reader, ask: { after: number; to: number; at: Instant }): Promise<number> => {
  const { rows } = await sql<{ first: number | null }>`
    select min(c.position) as first from platform.commit c
    where c.position > ${ask.after} and c.position <= ${ask.to} and c.at > ${ask.at}`.execute(db)
  const first = rows[0]?.first ?? null
  return first === null ? ask.to : first - 1
}

/** Each withdrawal between two places for each peer that has a delivery of the record, whatever became of that. */
export const noteOwed = async (tx: Tx, ask: { after: number; to: number }): Promise<void> => {
  await sql`
    insert into exchange.owed (peer_id, record_id, commit_n, at)
    select d.peer_id, e.record_id, e.commit_n, min(e.at)
    from ${eventsBetween(ask.after, ask.to)} e
    join exchange.delivery d on d.subject_id = e.subject_id and d.record_id = e.record_id and d.kind in ('publish', 'update')
    where e.kind = 'record.withdrawn' and e.record_id is not null
    group by d.peer_id, e.record_id, e.commit_n
    on conflict do nothing`.execute(tx)
}

/**
 * Looks at the next open ones in turn and closes those for which nothing can be owed any more: the peer has taken the record
 * down, it is shown there again, or it never went out to the peer. A refusal ends nothing: a better word may follow it.
 */
export const closeOwed = async (tx: Tx, limit: number): Promise<void> => {
  await sql`
    with mark as (
      select coalesce(looked_peer, '00000000-0000-0000-0000-000000000000') as peer_id, coalesce(looked_at, '-infinity') as at,
        coalesce(looked_record, '00000000-0000-0000-0000-000000000000') as record_id
      from exchange.progress where name = ${NAME}
    ), seen as materialized (
      select o.peer_id, o.record_id, o.commit_n, o.at from exchange.owed o
      where o.open and (o.peer_id, o.at, o.record_id) > ((select peer_id from mark), (select at from mark), (select record_id from mark))
      order by o.peer_id, o.at, o.record_id limit ${limit}
    ), moved as (
      update exchange.progress g set (looked_peer, looked_at, looked_record) = (
        select s.peer_id, s.at, s.record_id from seen s order by s.peer_id desc, s.at desc, s.record_id desc
        offset 0 limit case when (select count(*) from seen) < ${limit} then 0 else 1 end)
      where g.name = ${NAME}
    )
    update exchange.owed o set open = false
    from seen s join exchange.peer p on p.id = s.peer_id
    where o.peer_id = s.peer_id and o.record_id = s.record_id and o.commit_n = s.commit_n and (
      exists (
        select 1 from platform.event r
        where r.record_id = s.record_id and r.kind = 'record.restored' and p.channel = any(r.channels) and r.commit_n > s.commit_n
      ) or exists (
        select 1 from platform.event w
        join exchange.delivery x on x.subject_id = w.subject_id and x.record_id = w.record_id and x.peer_id = s.peer_id
        join platform.event n on n.subject_id = x.subject_id and n.id = x.event_id
        where w.record_id = s.record_id and w.commit_n + 0 = s.commit_n and w.kind = 'record.withdrawn'
          and x.kind = 'withdraw' and x.acked_at is not null and x.outcome <> 'refused' and n.commit_n >= s.commit_n
      ) or not exists (
        select 1 from platform.event w
        join exchange.delivery d on d.subject_id = w.subject_id and d.record_id = w.record_id and d.peer_id = s.peer_id
        where w.record_id = s.record_id and w.commit_n + 0 = s.commit_n and w.kind = 'record.withdrawn'
          and d.kind in ('publish', 'update')
          and (d.outcome is distinct from 'not_needed' or d.attempts > 0 or d.delivered_at is not null)
      ))`.execute(tx)
}

/** On another channel other showings count: all are looked at once more. */
export const reopenOwed = async (tx: Tx, peerId: string): Promise<void> => {
  await sql`update exchange.owed set open = true where peer_id = ${peerId} and not open`.execute(tx)
}

/**
 * When each withdrawal that a holder has not acknowledged was announced, whether it has fetched it or not; whoever is late
 * is counted from these. A withdrawal is the first one since the record was last shown again.
 */
export const openWithdrawals = async (db: Reader, peer: { id: string }): Promise<Instant[]> => {
  const { rows } = await sql<{ at: Instant }>`
    select o.announced_at as at from exchange.v_owed o where o.peer_id = ${peer.id} and o.open and o.acked_at is null`.execute(
    db,
  )
  return rows.map((r) => r.at)
}
