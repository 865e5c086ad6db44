import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { Claimed } from './store.push.ts'
import type { Direction, PeerKind, PeerState, Way } from './words.ts'
import type { Chased, DeliveryKind, DeliveryState, Fault } from './words.push.ts'

/** What somebody sees of deliveries, and decides about those that could not be sent. */

export type DeliveryRow = {
  peerId: string
  peerName: string
  contact: string
  peerState: PeerState
  subjectId: string
  eventId: string
  recordId: string | null
  kind: DeliveryKind
  sentAt: Instant
  attempts: number
  nextAttemptAt: Instant | null
  leased: boolean
  deliveredAt: Instant | null
  ackedAt: Instant | null
  outcome: string | null
  note: string
  fault: Fault | ''
  deadAt: Instant | null
  givenUpAt: Instant | null
  givenUpBy: string
  givenUpReason: string
}
const columns = sql`d.peer_id as "peerId", p.name as "peerName", p.contact, p.state as "peerState", d.subject_id as "subjectId",
  d.event_id as "eventId", d.record_id as "recordId", d.kind, d.sent_at as "sentAt", d.attempts,
  case when d.next_attempt_at is not null then greatest(d.next_attempt_at, l.rests_until) end as "nextAttemptAt",
  d.leased_by is not null as leased, d.delivered_at as "deliveredAt", d.acked_at as "ackedAt", d.outcome, d.note, d.fault,
  d.dead_at as "deadAt", d.given_up_at as "givenUpAt", d.given_up_by as "givenUpBy", d.given_up_reason as "givenUpReason"`
/** While the way to a peer rests nothing goes, whenever it was due. */
const from = sql`exchange.delivery d join exchange.peer p on p.id = d.peer_id left join exchange.line l on l.peer_id = d.peer_id`

/** The same as `stateOf`, for those who list. */
const IN_STATE: Record<DeliveryState, RawBuilder<unknown>> = {
  queued: sql`d.next_attempt_at is not null and d.leased_by is null and d.attempts = 0`,
  sending: sql`d.next_attempt_at is not null and d.leased_by is not null`,
  retrying: sql`d.next_attempt_at is not null and d.leased_by is null and d.attempts > 0`,
  sent: sql`d.acked_at is null and d.outcome is null and d.dead_at is null and d.next_attempt_at is null`,
  acknowledged: sql`d.acked_at is not null and d.outcome <> 'refused'`,
  refused: sql`d.acked_at is not null and d.outcome = 'refused'`,
  not_needed: sql`d.acked_at is null and d.outcome = 'not_needed'`,
  dead: sql`d.dead_at is not null and d.given_up_at is null`,
  given_up: sql`d.dead_at is not null and d.given_up_at is not null`,
}
type Key = { peerId: string; subjectId: string; eventId: string }

/** The latest news first: ids of events go by their time, and a peer's lie in an index. */
export const deliveryRows = async (
  db: Reader,
  ask: { peerId: string; state: DeliveryState | undefined; after: [string] | null; limit: number },
): Promise<DeliveryRow[]> => {
  const { rows } = await sql<DeliveryRow>`
    select ${columns} from ${from}
    where d.peer_id = ${ask.peerId} and ${ask.state ? IN_STATE[ask.state] : sql`true`}
      and ${ask.after ? sql`d.event_id < ${ask.after[0]}::uuid` : sql`true`}
    order by d.event_id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const deadRows = async (
  db: Reader,
  ask: { peerId?: string | undefined; givenUp: boolean; after: [string, string] | null; limit: number },
): Promise<DeliveryRow[]> => {
  const { rows } = await sql<DeliveryRow>`
    select ${columns} from ${from}
    where d.dead_at is not null and (d.given_up_at is not null) = ${ask.givenUp}
      and ${ask.peerId ? sql`d.peer_id = ${ask.peerId}` : sql`true`}
      and ${ask.after ? sql`(d.dead_at, d.event_id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by d.dead_at desc, d.event_id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const findDelivery = async (db: Reader, of: Key): Promise<DeliveryRow | null> =>
  (
    await sql<DeliveryRow>`
      select ${columns} from ${from}
      where d.subject_id = ${of.subjectId} and d.peer_id = ${of.peerId} and d.event_id = ${of.eventId}`.execute(db)
  ).rows[0] ?? null

export type Try = { attempt: number; at: Instant; fault: Fault; status: number | null; said: string; tookMs: number }
export const triesOf = async (db: Reader, of: Key): Promise<Try[]> =>
  (
    await sql<Try>`
      select attempt, at, fault, status, said, took_ms as "tookMs" from exchange.failure
      where subject_id = ${of.subjectId} and peer_id = ${of.peerId} and event_id = ${of.eventId} order by at desc, attempt desc`.execute(
      db,
    )
  ).rows

/** Something later about the same record has come to the peer: an earlier word has nothing to add. */
const overtaken = sql`exists (
  select 1 from exchange.delivery x
  where x.subject_id = d.subject_id and x.peer_id = d.peer_id and x.record_id = d.record_id and x.queue_n > d.queue_n
    and x.delivered_at is not null and x.outcome is distinct from 'refused' and x.kind <> 'message')`
export type DeadRow = Claimed & { overtaken: boolean }
/** The dead of a peer, or one of them, in the order in which they would go, as though they were claimed. */
export const deadOf = async (db: Reader, peerId: string, limit: number, one?: Key): Promise<DeadRow[]> => {
  const { rows } = await sql<DeadRow>`
    select d.subject_id as "subjectId", d.event_id as "eventId", d.record_id as "recordId", d.kind, d.attempts + 1 as attempts,
      d.alone, d.sent_at as since, 0 as before, d.queue_n as "queueN", false as "brokeOff",
      jsonb_build_object('version', d.version, 'shownFrom', d.shown_from, 'shownUntil', d.shown_until, 'disputed', d.disputed) as told,
      d.kind <> 'message' and ${overtaken} as overtaken
    from exchange.delivery d
    where d.peer_id = ${peerId} and d.dead_at is not null
      and ${one ? sql`d.subject_id = ${one.subjectId} and d.event_id = ${one.eventId}` : sql`d.given_up_at is null`}
    order by d.queue_n limit ${limit}`.execute(db)
  return rows
}

/** Sets out again, counted anew; what is overtaken is not needed any more. Answers how many of each. */
export const putBack = async (
  tx: Tx,
  peerId: string,
  at: Instant,
  one?: Key & { seen: number },
): Promise<{ again: number; nothing: number }> => {
  const which = one
    ? sql`d.subject_id = ${one.subjectId} and d.event_id = ${one.eventId} and d.attempts = ${one.seen}`
    : sql`d.given_up_at is null`
  const { rows } = await sql<{ nothing: boolean }>`
    with dead as (
      select d.subject_id, d.event_id, d.kind <> 'message' and ${overtaken} as nothing
      from exchange.delivery d where d.peer_id = ${peerId} and d.dead_at is not null and ${which}
    )
    update exchange.delivery d set dead_at = null, given_up_at = null, fault = '',
      outcome = case when dead.nothing then 'not_needed' end,
      next_attempt_at = case when dead.nothing then null else ${at}::timestamptz end,
      replayed_at = ${at}, attempts_before = d.attempts
    from dead where d.subject_id = dead.subject_id and d.peer_id = ${peerId} and d.event_id = dead.event_id and d.dead_at is not null
    returning dead.nothing`.execute(tx)
  const nothing = rows.filter((r) => r.nothing).length
  return { again: rows.length - nothing, nothing }
}
/** The line is tried at once: whoever sends again has a reason to think that it answers. */
export const wakeLine = async (tx: Tx, peerId: string): Promise<void> => {
  await sql`update exchange.line set rests_until = null where peer_id = ${peerId}`.execute(tx)
}
export const giveUp = async (
  tx: Tx,
  of: Key & { seen: number; by: string; reason: string; at: Instant },
): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.delivery')
    .set({ given_up_at: of.at, given_up_by: of.by, given_up_reason: of.reason })
    .where('subject_id', '=', of.subjectId)
    .where('peer_id', '=', of.peerId)
    .where('event_id', '=', of.eventId)
    .where('dead_at', 'is not', null)
    .where('given_up_at', 'is', null)
    .where('attempts', '=', of.seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

// ---- the map and the balance

export type EdgeRow = {
  peerId: string
  name: string
  kind: PeerKind
  way: Way
  direction: Direction
  state: PeerState
  contact: string
  channel: string
  ackWorkdays: number
  queued: number
  unanswered: number
  dead: number
  oldestAt: Instant | null
  oldestUnansweredAt: Instant | null
  failures: number
  fault: Fault | ''
  failedAt: Instant | null
  restsUntil: Instant | null
  lastAcknowledgedAt: Instant | null
  chasedWhat: Chased | null
  chasedTimes: number
  chasedAt: Instant | null
}
/** Each peer with what is open; counted up to `most`, read by the indexes of what is open alone. */
export const edgeRows = async (db: Reader, most: number, peerId?: string): Promise<EdgeRow[]> => {
  const { rows } = await sql<EdgeRow>`
    select p.id as "peerId", p.name, p.kind, p.way, p.direction, p.state, p.contact, p.channel, p.ack_workdays as "ackWorkdays",
      o.queued, o.unanswered, o."oldestAt", o."oldestUnansweredAt", x.dead,
      coalesce(l.failures, 0) as failures, coalesce(l.fault, '') as fault, l.failed_at as "failedAt", l.rests_until as "restsUntil",
      l.answered_at as "lastAcknowledgedAt", c.what as "chasedWhat", coalesce(c.times, 0) as "chasedTimes", c.told_at as "chasedAt"
    from exchange.peer p
    left join exchange.line l on l.peer_id = p.id
    left join lateral (
      select what, times, told_at from exchange.chase c where c.peer_id = p.id and c.answered_at is null
      order by told_at desc limit 1) c on true
    cross join lateral (
      select count(*) filter (where next_attempt_at is not null)::int as queued,
        count(*) filter (where next_attempt_at is null)::int as unanswered, min(sent_at) as "oldestAt",
        min(sent_at) filter (where next_attempt_at is null) as "oldestUnansweredAt"
      from (
        select d.next_attempt_at, d.sent_at from exchange.delivery d
        where d.peer_id = p.id and d.acked_at is null and d.outcome is null and d.dead_at is null
        order by d.sent_at limit ${most}
      ) d
    ) o
    cross join lateral (
      select count(*)::int as dead from exchange.delivery d
      where d.peer_id = p.id and d.dead_at is not null and d.given_up_at is null
    ) x
    where p.state <> 'onboarding' and ${peerId ? sql`p.id = ${peerId}` : sql`true`}
    order by p.name, p.id`.execute(db)
  return rows
}

export type BalanceRow = {
  day: LocalDate
  peerId: string
  peerName: string
  sent: number
  acknowledged: number
  refused: number
  pending: number
  dead: number
  notNeeded: number
}
/** Each delivery is in exactly one column: the table's own constraints see to that. */
export const balanceRows = async (
  db: Reader,
  ask: { peerId?: string | undefined; from: Instant; to: Instant; after: [string, string] | null; limit: number },
): Promise<BalanceRow[]> => {
  const { rows } = await sql<BalanceRow>`
    select b.*, p.name as "peerName" from (
      select (d.sent_at at time zone 'Asia/Shanghai')::date as day, d.peer_id as "peerId", count(*)::int as sent,
        count(*) filter (where d.acked_at is not null)::int as acknowledged,
        count(*) filter (where d.acked_at is not null and d.outcome = 'refused')::int as refused,
        count(*) filter (where d.acked_at is null and d.outcome is null and d.dead_at is null)::int as pending,
        count(*) filter (where d.dead_at is not null)::int as dead,
        count(*) filter (where d.outcome = 'not_needed')::int as "notNeeded"
      from exchange.delivery d
      where d.sent_at >= ${ask.from} and d.sent_at < ${ask.to} and ${ask.peerId ? sql`d.peer_id = ${ask.peerId}` : sql`true`}
      group by 1, 2
    ) b join exchange.peer p on p.id = b."peerId"
    where ${ask.after ? sql`(b.day < ${ask.after[0]}::date or (b.day = ${ask.after[0]}::date and b."peerId" > ${ask.after[1]}::uuid))` : sql`true`}
    order by b.day desc, b."peerId" limit ${ask.limit}`.execute(db)
  return rows
}

// ---- chasing

export type ChaseRow = {
  id: string
  peerId: string
  peerName: string
  contact: string
  what: Chased
  count: number
  oldest: LocalDate
  times: number
  byHand: boolean
  raisedAt: Instant
  toldAt: Instant
  answeredAt: Instant | null
}
const chaseColumns = sql`c.id, c.peer_id as "peerId", p.name as "peerName", p.contact, c.what, c.count, c.oldest, c.times,
  c.by_hand as "byHand", c.raised_at as "raisedAt", c.told_at as "toldAt", c.answered_at as "answeredAt"`
export const chaseRows = async (
  db: Reader,
  ask: { peerId?: string | undefined; after: [string, string] | null; limit: number },
): Promise<ChaseRow[]> => {
  const { rows } = await sql<ChaseRow>`
    select ${chaseColumns} from exchange.chase c join exchange.peer p on p.id = c.peer_id
    where ${ask.peerId ? sql`c.peer_id = ${ask.peerId}` : sql`true`}
      and ${ask.after ? sql`(c.raised_at, c.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by c.raised_at desc, c.id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const openChases = async (db: Reader, peerId?: string): Promise<ChaseRow[]> =>
  (
    await sql<ChaseRow>`
      select ${chaseColumns} from exchange.chase c join exchange.peer p on p.id = c.peer_id
      where c.answered_at is null and ${peerId ? sql`c.peer_id = ${peerId}` : sql`true`}`.execute(db)
  ).rows
export type NewChase = {
  id: string
  peerId: string
  what: Chased
  count: number
  oldest: LocalDate
  byHand: boolean
  at: Instant
  by: string
}
/** False when one of the same matter is open already. */
export const insertChase = async (tx: Tx, c: NewChase): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into exchange.chase (id, peer_id, what, count, oldest, by_hand, raised_at, raised_by, told_at)
    values (${c.id}, ${c.peerId}, ${c.what}, ${c.count}, ${c.oldest}, ${c.byHand}, ${c.at}, ${c.by}, ${c.at})
    on conflict (peer_id, what) where answered_at is null do nothing returning id`.execute(tx)
  return rows.length > 0
}
export const saveChase = async (
  tx: Tx,
  id: string,
  now: { count: number; oldest: LocalDate; toldAt?: Instant | undefined },
): Promise<void> => {
  await sql`
    update exchange.chase set count = ${now.count}, oldest = ${now.oldest},
      times = times + ${now.toldAt ? 1 : 0}, told_at = ${now.toldAt ? sql`${now.toldAt}::timestamptz` : sql`told_at`}
    where id = ${id} and answered_at is null`.execute(tx)
}
export const setChaseMessage = async (tx: Tx, id: string, messageId: string): Promise<void> => {
  await sql`update exchange.chase set message_id = ${messageId} where id = ${id}`.execute(tx)
}
export const peerToldAt = async (db: Reader, id: string): Promise<Instant | null> =>
  (await sql<{ at: Instant | null }>`select peer_told_at as at from exchange.chase where id = ${id}`.execute(db))
    .rows[0]?.at ?? null
export const setPeerTold = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`update exchange.chase set peer_told_at = ${at} where id = ${id}`.execute(tx)
}
export const endChase = async (tx: Tx, id: string, at: Instant): Promise<boolean> =>
  (
    await sql<{ id: string }>`
      update exchange.chase set answered_at = ${at} where id = ${id} and answered_at is null returning id`.execute(tx)
  ).rows.length > 0
