import { sql } from 'kysely'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { type Peer, peerColumns } from './store.ts'

/** Peers as they are listed: each with its balance, for the price of what it has not acknowledged. */

export type PeerRow = Peer & {
  pulledAt: string | null
  sent: number
  acknowledged: number
  open: number
  dead: number
}

/**
 * Sent = acknowledged + open + dead. What turned out not to be needed was never sent. Both counts are of one moment, so that what
 * is not among the unacknowledged is acknowledged.
 */
const WITH_BALANCE = sql`
  select ${peerColumns}, c.pulled_at as "pulledAt", (m.n - u.not_needed)::int as sent, (m.n - u.n)::int as acknowledged,
    u.dead::int as dead, (u.n - u.not_needed - u.dead)::int as open
  from exchange.peer p
  left join exchange.cursor c on c.peer_id = p.id
  cross join lateral (select coalesce(sum(k.n), 0) as n from exchange.made k where k.peer_id = p.id) m
  cross join lateral (
    select count(*) as n, count(*) filter (where d.outcome = 'not_needed') as not_needed, count(d.dead_at) as dead
    from exchange.delivery d where d.peer_id = p.id and d.acked_at is null
  ) u`

/** Peers by name. */
export const listPeers = async (db: Reader, after: [string, string] | null, limit: number): Promise<PeerRow[]> =>
  (
    await sql<PeerRow>`${WITH_BALANCE}
    where ${after ? sql`(p.name, p.id) > (${after[0]}, ${after[1]}::uuid)` : sql`true`}
    order by p.name, p.id limit ${limit}`.execute(db)
  ).rows

export const peerRow = async (db: Reader, id: string): Promise<PeerRow | null> =>
  (await sql<PeerRow>`${WITH_BALANCE} where p.id = ${id}`.execute(db)).rows[0] ?? null

/** One row a peer again. Whoever counts meanwhile adds a row of its own. */
export const foldMade = async (tx: Tx): Promise<void> => {
  await sql`
    with gone as (
      delete from exchange.made k
      where k.peer_id in (select m.peer_id from exchange.made m group by m.peer_id having count(*) > 1)
      returning k.peer_id, k.n
    )
    insert into exchange.made (peer_id, n) select g.peer_id, sum(g.n) from gone g group by g.peer_id`.execute(tx)
}
