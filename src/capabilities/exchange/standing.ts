import { sql } from 'kysely'
import { mustNot } from '../../kernel/decision.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type Instant, type LocalDate, startOf } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { announce, recordAct } from '../../platform/outbox.ts'
import { serviceOf } from './rules.ts'
import * as store from './store.ts'
import type { PeerState } from './words.ts'

/**
 * Whether a peer is given everything or only what it has to take down, and what follows when that changes: what was withheld
 * meanwhile comes to it anew, whichever way it is reached, and its place in the feed stays what it was.
 */

const withheldSince = async (db: Reader, peerId: string): Promise<Instant | null> =>
  (
    await sql<{
      since: Instant | null
    }>`select withheld_since as since from exchange.peer where id = ${peerId}`.execute(db)
  ).rows[0]?.since ?? null
const setWithheld = async (tx: Tx, peerId: string, since: Instant | null): Promise<void> => {
  await sql`update exchange.peer set withheld_since = ${since} where id = ${peerId}`.execute(tx)
}

/** Clocks of several processes differ, and a change is committed after its instant. */
const MARGIN_MS = 3_600_000
const withheldFrom = async (db: Reader, peer: store.Peer, since: Instant) => {
  const from = new Date(Date.parse(since) - MARGIN_MS).toISOString()
  const { rows } = await sql<{ subjectId: string; recordId: string }>`
    select distinct e.subject_id as "subjectId", e.record_id as "recordId" from platform.event e
    where e.at >= ${from} and e.record_id is not null and (
      (e.kind in ('record.published', 'record.updated', 'record.withdrawn', 'record.restored')
        and e.item = any(${peer.items}::text[]) and e.division like ${`${territoryPrefix(peer.division)}%`}
        and ${peer.channel} = any(e.channels) and e.origin is distinct from ${peer.id}::uuid)
      or (e.kind = ${store.RESCOPED} and e.details->>'peer' = ${peer.id}))
    union
    select d.subject_id, d.record_id from exchange.delivery d
    where d.peer_id = ${peer.id} and d.outcome = 'not_needed' and d.kind in ('publish', 'update') and d.record_id is not null`.execute(
    db,
  )
  return rows
}

/** To be called in the transaction in which the peer's state or the end of its service changes, with what it was before. */
export const followStanding = async (tx: Tx, ctx: Ctx, before: store.Peer): Promise<void> => {
  const now = (await store.findPeer(tx, before.id)) ?? mustNot('NO_SUCH_PEER')
  const on = today(ctx)
  const [was, is] = [serviceOf(before, on), serviceOf(now, on)]
  const ended = before.servedUntil && before.servedUntil <= on ? startOf(before.servedUntil) : null
  const since = (await withheldSince(tx, now.id)) ?? ended
  if (was === 'full' && is === 'withdrawals') await setWithheld(tx, now.id, since ?? ctx.clock.now())
  if (was === 'withdrawals' && is === 'withdrawals' && since) await setWithheld(tx, now.id, since)
  if (was !== 'withdrawals' || is !== 'full' || !since) return
  const records = await withheldFrom(tx, now, since)
  for (const r of records) announce(tx, ctx, { kind: store.RESCOPED, ...r, details: { peer: now.id } })
  await setWithheld(tx, now.id, null)
  recordAct(tx, ctx, {
    act: 'exchange.serve_again',
    target: { kind: 'peer', id: now.id },
    details: { since, records: records.length },
  })
}

/** The first day from which nothing new is handed to a peer; null: without end. */
export const setServedUntil = async (
  tx: Tx,
  ctx: Ctx,
  ask: { peerId: string; until: LocalDate | null },
): Promise<void> => {
  const before = (await store.findPeer(tx, ask.peerId)) ?? mustNot('NO_SUCH_PEER')
  if ((before.servedUntil ?? null) === ask.until) return
  await sql`update exchange.peer set served_until = ${ask.until} where id = ${ask.peerId}`.execute(tx)
  await followStanding(tx, ctx, before)
  recordAct(tx, ctx, {
    act: 'exchange.set_served_until',
    target: { kind: 'peer', id: ask.peerId },
    details: { until: ask.until },
  })
}

/** A peer as those see it who decide about it. */
export type Standing = {
  id: string
  name: string
  kind: string
  division: string
  items: string[]
  ackWorkdays: number
  state: PeerState
  servedUntil: LocalDate | null
  createdOn: LocalDate
  /** Where it is written to; '' where nothing is known. */
  mail: string
  version: number
}
const standingColumns = sql`p.id, p.name, p.kind, p.division, p.items, p.ack_workdays as "ackWorkdays", p.state,
  p.served_until as "servedUntil", (p.created_at at time zone 'Asia/Shanghai')::date as "createdOn", p.mail, p.version`
export const peerStanding = async (db: Reader, id: string): Promise<Standing | null> =>
  (await sql<Standing>`select ${standingColumns} from exchange.peer p where p.id = ${id}`.execute(db)).rows[0] ?? null
export const thirdParties = async (db: Reader): Promise<Standing[]> =>
  (
    await sql<Standing>`select ${standingColumns} from exchange.peer p
      where p.kind = 'third_party' and p.state <> 'onboarding' order by p.name, p.id`.execute(db)
  ).rows

/** An authority's portal among the peers. */
export const portalOf = async (db: Reader, id: string): Promise<Standing | null> => {
  const peer = await peerStanding(db, id)
  return peer?.kind === 'authority_portal' ? peer : null
}
/** Somebody looked at the peer's page and saw that a record is down. */
export const saveVerified = async (
  tx: Tx,
  ask: { peerId: string; subjectId: string; recordId: string; at: Instant },
): Promise<void> => {
  await sql`update exchange.delivery set verified_at = coalesce(verified_at, ${ask.at}::timestamptz)
    where subject_id = ${ask.subjectId} and peer_id = ${ask.peerId} and record_id = ${ask.recordId} and kind = 'withdraw'`.execute(
    tx,
  )
}
