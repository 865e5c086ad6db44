import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import { type Reader, type Tx, inBulk, inOrder, json, queryPrepared } from '../../platform/db/index.ts'
import {
  type EffectsSaid,
  type FeedRow,
  type Peer,
  type ReadRow,
  type Told,
  WHO,
  feedRow,
  isOf,
  readPage,
} from './store.ts'
import type { DeliveryKind, Fault } from './words.push.ts'

/** The queue of the peers that we go to: who is due, what is sent, and what came of it. */

export type Line = {
  peerId: string
  cursor: string | null
  failures: number
  restsUntil: Instant | null
  /** Waiting to go, counted up to a limit. */
  backlog: number
  due: boolean
}
/** Every peer that is pushed to, and how its line stands. `far`: what lies beyond it was written under another clock. */
export const pushLines = (
  db: Reader,
  at: { now: Instant; far: Instant; most: number },
  peerId?: string,
): Promise<Line[]> =>
  queryPrepared<Line>(db, 'exchange.push_lines', PUSH_LINES, [at.now, at.far, at.most, peerId ?? null])
const PUSH_LINES = `
  select p.id as "peerId", c.cursor, coalesce(l.failures, 0) as failures, l.rests_until as "restsUntil", b.backlog, b.due
  from exchange.peer p
  left join exchange.cursor c on c.peer_id = p.id
  left join exchange.line l on l.peer_id = p.id
  cross join lateral (
    select count(*)::int as backlog,
      coalesce(bool_or(d.next_attempt_at <= $1::timestamptz or d.next_attempt_at > $2::timestamptz), false) as due
    from (
      select next_attempt_at from exchange.delivery
      where peer_id = p.id and next_attempt_at is not null order by queue_n limit $3
    ) d
  ) b
  where p.way = 'push' and p.state in ('active', 'suspended', 'cut_off') and p.direction in ('out', 'both')
    and ($4::uuid is null or p.id = $4::uuid)
  order by p.id`

/** Whoever plans for a peer or takes from its queue does so alone. Null: it is not pushed to any more. */
export const lockLine = async (
  tx: Tx,
  peerId: string,
): Promise<{ failures: number; restsUntil: Instant | null; cursor: string | null } | null> => {
  await sql`insert into exchange.line (peer_id) values (${peerId}) on conflict (peer_id) do nothing`.execute(tx)
  const { rows } = await sql<{ failures: number; restsUntil: Instant | null; cursor: string | null }>`
    select l.failures, l.rests_until as "restsUntil",
      (select c.cursor from exchange.cursor c where c.peer_id = l.peer_id) as cursor
    from exchange.line l where l.peer_id = ${peerId} and exists (
      select 1 from exchange.peer p
      where p.id = l.peer_id and p.way = 'push' and p.state in ('active', 'suspended', 'cut_off') and p.direction in ('out', 'both'))
    for update`.execute(tx)
  return rows[0] ?? null
}

export type Claimed = {
  subjectId: string
  eventId: string
  recordId: string | null
  kind: DeliveryKind
  told: Told
  attempts: number
  alone: boolean
  /** When it was put under way, or last sent again by a person; the attempts before that do not count any more. */
  since: Instant
  before: number
  queueN: number
  /** Somebody was at it and has not come back. */
  brokeOff: boolean
}
export type Claiming = {
  owner: string
  now: Instant
  far: Instant
  until: Instant
  most: number
  probe: boolean
  /** Else messages wait: the peer is only told what it has to take down. */
  full: boolean
}
/**
 * Takes what is due, oldest first, and counts the attempt: what dies on the way has still been tried. Nothing is taken while
 * an earlier one of its subject is unfinished and not due; what goes alone is taken alone. A probe is one, the least tried.
 * Whether an earlier one is unfinished is asked of each by itself, in a form that the index of the queue does not serve: it is found
 * by its subject, not by walking the queue from its beginning, or all deliveries while they seem to be few, for each that is taken.
 */
export const claim = async (tx: Tx, peerId: string, c: Claiming): Promise<Claimed[]> => {
  await inOrder(tx)
  await inBulk(tx, { sweeping: false })
  const { rows } = await sql<Claimed>`
    with who as materialized (select ${peerId}::uuid as peer),
    due as materialized (
      select w.peer, d.* from who w cross join lateral (
        select d.subject_id, d.event_id, d.leased_by is not null as broke_off
        from exchange.delivery d
        where d.peer_id = w.peer and d.next_attempt_at is not null
          and (d.next_attempt_at <= ${c.now} or d.next_attempt_at > ${c.far})
          and (${c.full} or d.kind <> 'message')
          and (
            select true from exchange.delivery e
            where e.subject_id = d.subject_id and ${sql.raw(isOf('e', 'w.peer'))} and e.queue_n < d.queue_n
              and coalesce(e.next_attempt_at, 'infinity') < 'infinity'
              and (${c.full} or e.kind <> 'message')
              and (e.alone or d.alone or (e.next_attempt_at > ${c.now} and e.next_attempt_at <= ${c.far}))
            limit 1
          ) is null
        order by ${c.probe ? sql`d.attempts,` : sql``} d.queue_n limit ${c.probe ? 1 : c.most}
      ) d
    )
    update exchange.delivery d set attempts = d.attempts + 1, next_attempt_at = ${c.until}, leased_by = ${c.owner}
    from due where d.subject_id = due.subject_id and d.peer_id = due.peer and d.event_id = due.event_id
    returning d.subject_id as "subjectId", d.event_id as "eventId", d.record_id as "recordId", d.kind, d.attempts, d.alone,
      coalesce(d.replayed_at, d.sent_at) as since, d.attempts_before as before, d.queue_n as "queueN", due.broke_off as "brokeOff",
      jsonb_build_object('version', d.version, 'shownFrom', d.shown_from, 'shownUntil', d.shown_until, 'disputed', d.disputed) as told`.execute(
    tx,
  )
  return rows.toSorted((a, b) => a.queueN - b.queueN)
}

/** A probe is under way: nobody else probes until it is back. */
export const restLine = async (tx: Tx, peerId: string, until: Instant): Promise<void> => {
  await sql`update exchange.line set rests_until = ${until} where peer_id = ${peerId}`.execute(tx)
}

export const endProbe = async (tx: Tx, peerId: string, until: Instant): Promise<void> => {
  await sql`update exchange.line set rests_until = null where peer_id = ${peerId} and rests_until = ${until}`.execute(
    tx,
  )
}

/**
 * The events of deliveries with their records as they are now. What the peer was told last is what may have reached it by an
 * earlier delivery; one that is only leased has not been sent yet.
 */
const EVENTS = `
  with ${WHO},
  page as materialized (
    select 0::bigint as position, w.peer, e.id, e.kind, e.details->>'kind' as reason, e.details->'via' as via, e.at, e.subject_id, e.record_id,
      a.queue_n
    from who w
    cross join unnest($2::uuid[], $3::uuid[], $4::bigint[]) as a(subject_id, id, queue_n)
    join platform.event e on e.subject_id = a.subject_id and e.id = a.id
  )
  ${readPage('$5::text')}
  left join lateral (
    select jsonb_build_object('version', d.version, 'shownFrom', d.shown_from, 'shownUntil', d.shown_until, 'disputed', d.disputed) as held
    from exchange.delivery d
    where d.subject_id = p.subject_id and d.record_id = p.record_id and ${isOf('d', 'p.peer')}
      and d.kind in ('publish', 'update') and d.event_id <> p.id and coalesce(d.queue_n, 0) < p.queue_n
      and (d.delivered_at is not null or d.attempts > case when d.leased_by is null then 0 else 1 end)
      and d.outcome is distinct from 'refused'
    order by d.queue_n desc nulls last limit 1) h on true
  order by p.queue_n`
export const eventsOf = async (
  db: Reader,
  peer: Peer,
  of: readonly { subjectId: string; eventId: string; queueN: number }[],
): Promise<FeedRow[]> => {
  if (!of.length) return []
  const rows = await queryPrepared<ReadRow>(db, 'exchange.push_events', EVENTS, [
    peer.id,
    of.map((d) => d.subjectId),
    of.map((d) => d.eventId),
    of.map((d) => d.queueN),
    peer.channel,
  ])
  return rows.map(feedRow)
}

export type Addressed = {
  subjectId: string
  eventId: string
  recordId: string | null
  type: string
  data: Record<string, unknown>
  at: Instant
}
export const addressedOf = async (
  db: Reader,
  peerId: string,
  of: readonly { subjectId: string; eventId: string }[],
): Promise<Addressed[]> => {
  if (!of.length) return []
  const { rows } = await sql<Addressed>`
    select a.subject_id as "subjectId", a.event_id as "eventId", d.record_id as "recordId", a.type, a.data, a.at
    from unnest(${of.map((d) => d.subjectId)}::uuid[], ${of.map((d) => d.eventId)}::uuid[]) as q(subject_id, event_id)
    join exchange.addressed a on a.subject_id = q.subject_id and a.peer_id = ${peerId} and a.event_id = q.event_id
    join exchange.delivery d on d.subject_id = a.subject_id and d.peer_id = a.peer_id and d.event_id = a.event_id
    order by d.queue_n`.execute(db)
  return rows
}
/** Messages to a peer that fetches by itself: on each page until it has acknowledged them. What a person has given up stays so. */
export const openAddressed = async (db: Reader, peerId: string, limit: number): Promise<Addressed[]> => {
  const { rows } = await sql<Addressed>`
    select a.subject_id as "subjectId", a.event_id as "eventId", d.record_id as "recordId", a.type, a.data, a.at
    from exchange.delivery d
    join exchange.addressed a on a.subject_id = d.subject_id and a.peer_id = d.peer_id and a.event_id = d.event_id
    where d.peer_id = ${peerId} and d.kind = 'message' and d.acked_at is null and d.outcome is null and d.given_up_at is null
    order by d.queue_n limit ${limit}`.execute(db)
  return rows
}
export const handOverMessages = async (
  tx: Tx,
  peerId: string,
  of: readonly { subjectId: string; eventId: string }[],
  at: Instant,
): Promise<void> => {
  if (!of.length) return
  await sql`
    with who as materialized (select ${peerId}::uuid as peer)
    update exchange.delivery d set delivered_at = coalesce(d.delivered_at, ${at}::timestamptz), next_attempt_at = null, dead_at = null
    from who w, unnest(${of.map((m) => m.subjectId)}::uuid[], ${of.map((m) => m.eventId)}::uuid[]) as q(subject_id, event_id)
    where d.subject_id = q.subject_id and d.peer_id = w.peer and d.event_id = q.event_id and d.acked_at is null
      and d.given_up_at is null`.execute(tx)
}

export type Noted = { subjectId: string; eventId: string } & (
  | { kind: DeliveryKind; told: Told }
  | { kind: 'not_needed' }
)
/** Before anything leaves: what it will say, and what need not go any more. */
export const note = async (tx: Tx, peerId: string, owner: string, rows: readonly Noted[]): Promise<void> => {
  if (!rows.length) return
  const flat = rows.map((r) => ({
    s: r.subjectId,
    e: r.eventId,
    k: r.kind,
    ...('told' in r ? { v: r.told.version, f: r.told.shownFrom, u: r.told.shownUntil, d: r.told.disputed } : {}),
  }))
  await sql`
    with who as materialized (select ${peerId}::uuid as peer)
    update exchange.delivery d set
      kind = case when n.k = 'not_needed' then d.kind else n.k end,
      version = case when n.k = 'not_needed' then d.version else n.v end,
      shown_from = case when n.k = 'not_needed' then d.shown_from else n.f end,
      shown_until = case when n.k = 'not_needed' then d.shown_until else n.u end,
      disputed = case when n.k = 'not_needed' then d.disputed else n.d end,
      outcome = case when n.k = 'not_needed' then 'not_needed' else d.outcome end,
      attempts = d.attempts - case when n.k = 'not_needed' then 1 else 0 end,
      fault = case when n.k = 'not_needed' then '' else d.fault end,
      next_attempt_at = case when n.k = 'not_needed' then null else d.next_attempt_at end,
      leased_by = case when n.k = 'not_needed' then null else d.leased_by end
    from who w, jsonb_to_recordset(${json(flat)}::jsonb) as n(s uuid, e uuid, k text, v integer, f date, u date, d boolean)
    where d.subject_id = n.s and d.peer_id = w.peer and d.event_id = n.e and d.leased_by = ${owner}`.execute(tx)
}

export type Result = { subjectId: string; eventId: string; attempt: number } & (
  | {
      became: 'acknowledged'
      outcome: 'applied' | 'already' | 'refused'
      note: string
      effects?: EffectsSaid | undefined
    }
  | { became: 'sent' | 'unsent' }
  | {
      became: 'failed'
      fault: Fault
      status: number | null
      said: string
      tookMs: number
      nextAt: Instant | null
      alone: boolean
    }
)
/**
 * One statement for whatever came back, one for what went wrong. What somebody else has taken over meanwhile is left alone. Each is
 * found by its subject, in a form that the index of what is open does not serve: that may be a million.
 */
export const settle = async (
  tx: Tx,
  peerId: string,
  owner: string,
  results: readonly Result[],
  at: Instant,
): Promise<void> => {
  const flat = results.map((r) => ({
    s: r.subjectId,
    e: r.eventId,
    n: r.attempt,
    b: r.became,
    o: r.became === 'acknowledged' ? r.outcome : null,
    note: r.became === 'acknowledged' ? r.note : '',
    f: r.became === 'failed' ? r.fault : '',
    next: r.became === 'failed' ? r.nextAt : r.became === 'unsent' ? at : null,
    alone: r.became === 'failed' && r.alone,
  }))
  await inBulk(tx, { sweeping: false })
  await sql`
    with who as materialized (select ${peerId}::uuid as peer)
    update exchange.delivery d set
      delivered_at = case when r.b in ('acknowledged', 'sent') then coalesce(d.delivered_at, ${at}::timestamptz) else d.delivered_at end,
      acked_at = case when r.b = 'acknowledged' then ${at}::timestamptz else d.acked_at end,
      outcome = coalesce(r.o, d.outcome),
      note = case when r.b = 'acknowledged' then r.note else d.note end,
      attempts = d.attempts - case when r.b = 'unsent' then 1 else 0 end,
      next_attempt_at = r.next,
      dead_at = case when r.b = 'failed' and r.next is null then ${at}::timestamptz end,
      fault = case when r.b = 'unsent' then d.fault else r.f end,
      alone = d.alone or r.alone,
      leased_by = null
    from who w, jsonb_to_recordset(${json(flat)}::jsonb)
      as r(s uuid, e uuid, n integer, b text, o text, note text, f text, next timestamptz, alone boolean)
    where d.subject_id = r.s and ${sql.raw(isOf('d', 'w.peer'))} and d.event_id = r.e
      and (d.acked_at is null) is true and d.outcome is null and d.attempts = r.n and d.leased_by = ${owner}`.execute(
    tx,
  )
}
export type Failed = {
  subjectId: string
  eventId: string
  attempt: number
  fault: Fault
  status: number | null
  said: string
  tookMs: number
}
export const saveFailures = async (tx: Tx, peerId: string, rows: readonly Failed[], at: Instant): Promise<void> => {
  if (!rows.length) return
  await tx
    .insertInto('exchange.failure')
    .values(
      rows.map((f) => ({
        subject_id: f.subjectId,
        peer_id: peerId,
        event_id: f.eventId,
        attempt: f.attempt,
        at,
        fault: f.fault,
        status: f.status,
        said: f.said,
        took_ms: f.tookMs,
      })),
    )
    .onConflict((c) => c.doNothing())
    .execute()
}

/** It answers. Where it did not for a while, whatever waited for that goes now. */
export const lineAnswers = async (tx: Tx, peerId: string, at: Instant): Promise<void> => {
  const { rows } = await sql<{ was: number }>`
    update exchange.line l set failures = 0, rests_until = null, fault = '', answered_at = ${at}
    from (select failures as was from exchange.line where peer_id = ${peerId}) o
    where l.peer_id = ${peerId} returning o.was`.execute(tx)
  if ((rows[0]?.was ?? 0) <= 1) return
  await sql`
    update exchange.delivery set next_attempt_at = ${at}
    where peer_id = ${peerId} and next_attempt_at > ${at} and leased_by is null
      and fault in ('no_address', 'unreachable', 'not_trusted', 'timeout', 'cut_short', 'redirected', 'not_authorized', 'not_found', 'too_many', 'busy', 'broke_off')`.execute(
    tx,
  )
}
export const lineFails = async (
  tx: Tx,
  peerId: string,
  of: { fault: Fault; failures: number; until: Instant; at: Instant },
): Promise<void> => {
  await sql`
    update exchange.line set failures = ${of.failures}, fault = ${of.fault}, failed_at = ${of.at}, rests_until = ${of.until}
    where peer_id = ${peerId}`.execute(tx)
}

/** The embedded database has one process: whoever was at something is gone. */
export const forgetLeases = async (tx: Tx, owner: string, at: Instant): Promise<void> => {
  await sql`
    update exchange.delivery set next_attempt_at = ${at} where next_attempt_at is not null and leased_by <> ${owner}`.execute(
    tx,
  )
}
