import { type SqlBool, sql } from 'kysely'
import type { Refusal } from '../../kernel/decision.ts'
import type { Seen } from '../../kernel/dropped-file.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { claimLease, holdLease, releaseLease } from '../../platform/leases.ts'
import { type Claimed, type Noted, note } from './store.push.ts'
import type { ParcelKind, ParcelState } from './words.ways.ts'

export type Way = {
  peerId: string
  lastBatch: number
  lastRow: number
  seen: Record<string, Seen>
  failures: number
  problem: Refusal[] | null
  lookedAt: string | null
  nextAt: string
}
const wayColumns = sql`w.peer_id as "peerId", w.last_batch::int as "lastBatch", w.last_row::int as "lastRow", w.seen, w.failures,
  w.problem, w.looked_at as "lookedAt", w.next_at as "nextAt"`
export const findWay = async (db: Reader, peerId: string): Promise<Way | null> => {
  const { rows } = await sql<Way>`select ${wayColumns} from exchange.way w where w.peer_id = ${peerId}`.execute(db)
  return rows[0] ?? null
}

/** What a peer's way needs and nobody may read. */
export const secretOf = async (db: Reader, peerId: string): Promise<Uint8Array | null> =>
  (await db.selectFrom('exchange.peer').select('secret').where('id', '=', peerId).executeTakeFirst())?.secret ?? null

export const peersWithFolders = async (db: Reader): Promise<{ id: string; name: string; folder: string }[]> => {
  const { rows } = await sql<{ id: string; name: string; folder: string }>`
    select id, name, settings->>'folder' as folder from exchange.peer
    where way = 'file' and settings->>'folder' is not null`.execute(db)
  return rows
}

/** The folder that a peer may use without signing, and why. */
export type Unsigned = { folder: string; reason: string; since: Instant; by: string }
export const unsignedOf = async (db: Reader, peerId: string): Promise<Unsigned | null> => {
  const { rows } = await sql<Unsigned>`
    select folder, reason, since, allowed_by as by from exchange.unsigned_folder where peer_id = ${peerId}`.execute(db)
  return rows[0] ?? null
}
export const allowUnsigned = async (tx: Tx, peerId: string, { folder, reason, since, by }: Unsigned): Promise<void> => {
  await tx
    .insertInto('exchange.unsigned_folder')
    .values({ peer_id: peerId, folder, reason, since, allowed_by: by })
    .execute()
}
/** True when there was something to end. */
export const endUnsigned = async (tx: Tx, peerId: string): Promise<boolean> => {
  const done = await tx.deleteFrom('exchange.unsigned_folder').where('peer_id', '=', peerId).executeTakeFirst()
  return Number(done.numDeletedRows) === 1
}

/** Version-checked; false when someone else was first. `secret` stays where it is not given. */
export const saveWay = async (
  tx: Tx,
  ask: {
    id: string
    seen: number
    way: string
    format: string
    settings: Record<string, unknown>
    secret?: Uint8Array
  },
): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer')
    .set({
      way: ask.way,
      format: ask.format,
      settings: json(ask.settings),
      ...(ask.secret ? { secret: ask.secret } : {}),
      version: sql`version + 1`,
    })
    .where('id', '=', ask.id)
    .where('version', '=', ask.seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

// ---- the lease

/** Every active peer of these ways has its row. */
export const beginWays = async (tx: Tx, at: Instant): Promise<void> => {
  await sql`
    insert into exchange.way (peer_id, next_at)
    select p.id, ${at}::timestamptz from exchange.peer p
    where p.way in ('file', 'table') and p.state in ('active', 'suspended', 'cut_off')
      and not exists (select 1 from exchange.way w where w.peer_id = p.id)
    on conflict (peer_id) do nothing`.execute(tx)
}
const WAYS = { table: 'exchange.way', key: 'peer_id' }

/** `far`: what lies beyond it was written under another clock. */
export const claimWay = (
  tx: Tx,
  ask: { owner: string; now: Instant; until: Instant; far: Instant; not: readonly string[] },
): Promise<string | null> =>
  claimLease(tx, WAYS, {
    ...ask,
    due: sql<SqlBool>`exists (
        select 1 from exchange.peer p
        where p.id = w.peer_id and p.state in ('active', 'suspended', 'cut_off') and p.way in ('file', 'table'))
      and (w.next_at <= ${ask.now} or w.looked_at > ${ask.now} or w.next_at > ${ask.far}::timestamptz + interval '1 day')
      and not (w.peer_id = any(${[...ask.not]}::uuid[]))`,
    order: sql`w.next_at`,
  })
/** Locks the way until the transaction ends; null when another process has it now. */
export const holdWay = async (
  tx: Tx,
  ask: { peerId: string; owner: string; until: Instant },
): Promise<{ lastBatch: number; lastRow: number } | null> =>
  (await holdLease(tx, WAYS, { ...ask, id: ask.peerId })) ? findWay(tx, ask.peerId) : null
export const releaseWay = (
  tx: Tx,
  ask: {
    peerId: string
    owner: string
    lookedAt: Instant | null
    seen: Record<string, Seen> | null
    problem: Refusal[] | null
    failures: number
    nextAt: Instant
  },
): Promise<boolean> =>
  releaseLease(tx, WAYS, {
    id: ask.peerId,
    owner: ask.owner,
    set: {
      ...(ask.lookedAt ? { looked_at: ask.lookedAt } : {}),
      ...(ask.seen ? { seen: json(ask.seen) } : {}),
      problem: ask.problem ? json(ask.problem) : null,
      failures: ask.failures,
      next_at: ask.nextAt,
    },
  })
export const wayDueNow = async (tx: Tx, peerId: string, at: Instant): Promise<void> => {
  await sql`
    insert into exchange.way (peer_id, next_at) values (${peerId}, ${at})
    on conflict (peer_id) do update set next_at = ${at}, failures = 0`.execute(tx)
}
export const setNumbers = async (
  tx: Tx,
  ask: { peerId: string; lastBatch: number; lastRow: number },
): Promise<void> => {
  await tx
    .updateTable('exchange.way')
    .set({ last_batch: ask.lastBatch, last_row: ask.lastRow })
    .where('peer_id', '=', ask.peerId)
    .execute()
}

// ---- what went over

export type Parcel = {
  id: string
  peerId: string
  kind: ParcelKind
  state: ParcelState
  number: number | null
  name: string
  hash: string | null
  bytes: number | null
  events: number
  faulty: number
  firstEvent: string | null
  lastEvent: string | null
  firstRow: number | null
  manifest: string | null
  problem: Refusal[] | null
  madeAt: string
  doneAt: string | null
}
const parcelColumns = sql`p.id, p.peer_id as "peerId", p.kind, p.state, p.number::int as number, p.name, p.hash, p.bytes::int as bytes,
  p.events, p.faulty, p.first_event as "firstEvent", p.last_event as "lastEvent", p.first_row::int as "firstRow", p.manifest,
  p.problem, p.made_at as "madeAt", p.done_at as "doneAt"`

export const insertParcel = async (tx: Tx, p: Parcel): Promise<void> => {
  await tx
    .insertInto('exchange.parcel')
    .values({
      id: p.id,
      peer_id: p.peerId,
      kind: p.kind,
      state: p.state,
      number: p.number,
      name: p.name,
      hash: p.hash,
      bytes: p.bytes,
      events: p.events,
      faulty: p.faulty,
      first_event: p.firstEvent,
      last_event: p.lastEvent,
      first_row: p.firstRow,
      manifest: p.manifest,
      problem: p.problem ? json(p.problem) : null,
      made_at: p.madeAt,
      done_at: p.doneAt,
    })
    .execute()
}
export const endParcel = async (
  tx: Tx,
  ask: { id: string; state: ParcelState; at: Instant; faulty?: number; problem?: Refusal[] | null },
): Promise<void> => {
  await tx
    .updateTable('exchange.parcel')
    .set({
      state: ask.state,
      done_at: ask.at,
      ...(ask.faulty === undefined ? {} : { faulty: ask.faulty }),
      ...(ask.problem ? { problem: json(ask.problem) } : {}),
    })
    .where('id', '=', ask.id)
    .execute()
}
/** What was made and perhaps not written yet, oldest first. */
export const unwritten = async (db: Reader, peerId: string): Promise<Parcel[]> => {
  const { rows } = await sql<Parcel>`
    select ${parcelColumns} from exchange.parcel p
    where p.peer_id = ${peerId} and p.kind = 'outgoing' and p.state = 'made' order by p.number`.execute(db)
  return rows
}
/** They were not written: what was to go with them waits again. */
export const unmake = async (tx: Tx, peerId: string, parcels: readonly Parcel[]): Promise<void> => {
  await sql`
    update exchange.delivery set batch = null
    where peer_id = ${peerId} and next_attempt_at is not null and batch = any(${parcels.map((p) => p.number)}::bigint[])`.execute(
    tx,
  )
  await sql`delete from exchange.parcel where id = any(${parcels.map((p) => p.id)}::uuid[])`.execute(tx)
}
/** The same content came under the same name before. */
export const takenParcel = async (db: Reader, peerId: string, name: string, hash: string): Promise<Parcel | null> => {
  const { rows } = await sql<Parcel>`
    select ${parcelColumns} from exchange.parcel p
    where p.peer_id = ${peerId} and p.kind = 'incoming' and p.name = ${name} and p.hash = ${hash} and p.state in ('taken', 'answered')
    order by p.made_at desc limit 1`.execute(db)
  return rows[0] ?? null
}
export const findParcel = async (db: Reader, peerId: string, id: string): Promise<Parcel | null> => {
  const { rows } = await sql<Parcel>`
    select ${parcelColumns} from exchange.parcel p where p.peer_id = ${peerId} and p.id = ${id}`.execute(db)
  return rows[0] ?? null
}
export type ListedParcel = Parcel & { acknowledged: number }
export const listParcels = async (
  db: Reader,
  peerId: string,
  after: [string, string] | null,
  limit: number,
): Promise<ListedParcel[]> => {
  const { rows } = await sql<ListedParcel>`
    select ${parcelColumns}, (
      select count(*)::int from exchange.delivery d
      where p.kind = 'outgoing' and d.peer_id = p.peer_id and d.batch = p.number and d.acked_at is not null
    ) as acknowledged
    from exchange.parcel p
    where p.peer_id = ${peerId}
      and ${after ? sql`(p.made_at, p.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by p.made_at desc, p.id desc limit ${limit}`.execute(db)
  return rows
}
export const keepFile = async (tx: Tx, f: { hash: string; bytes: number; mediaType: string }, at: Instant) => {
  await sql`insert into platform.file (hash, bytes, media_type, created_at)
    values (${f.hash}, ${f.bytes}, ${f.mediaType}, ${at}) on conflict (hash) do nothing`.execute(tx)
}

// ---- deliveries

/** What waits for this peer, up to a limit. */
export const backlogOf = async (db: Reader, peerId: string, most: number): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1 from exchange.delivery where peer_id = ${peerId} and next_attempt_at is not null limit ${most}) w`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}
/** What is to go now, in the order of the queue; what already lies in a batch that is not written yet goes with that. */
export const dueDeliveries = async (
  db: Reader,
  peerId: string,
  /** `far`: what lies beyond it was written under another clock. `full`: else messages wait. */
  ask: { now: Instant; far: Instant; full: boolean; limit: number },
): Promise<Claimed[]> => {
  const { rows } = await sql<Claimed>`
    select d.subject_id as "subjectId", d.event_id as "eventId", d.record_id as "recordId", d.kind, d.attempts + 1 as attempts,
      d.alone, coalesce(d.replayed_at, d.sent_at) as since, d.attempts_before as before, coalesce(d.queue_n, 0) as "queueN",
      false as "brokeOff",
      jsonb_build_object('version', d.version, 'shownFrom', d.shown_from, 'shownUntil', d.shown_until, 'disputed', d.disputed) as told
    from exchange.delivery d
    where d.peer_id = ${peerId} and (d.next_attempt_at <= ${ask.now} or d.next_attempt_at > ${ask.far})
      and (${ask.full} or d.kind <> 'message')
      and not exists (
        select 1 from exchange.parcel p
        where p.peer_id = d.peer_id and p.kind = 'outgoing' and p.state = 'made' and p.number = d.batch)
    order by d.queue_n limit ${ask.limit}`.execute(db)
  return rows
}
/** What a batch says of each, and with which batch it goes; or that there is nothing to tell any more. */
export const noteDeliveries = async (
  tx: Tx,
  ask: { peerId: string; owner: string; noted: readonly Noted[]; batch: number | null; eventIds: readonly string[] },
): Promise<void> => {
  const all = [...new Set([...ask.noted.map((n) => n.eventId), ...ask.eventIds])]
  // The queue's own statement notes what is leased, with the attempt counted; what the peer has acknowledged meanwhile is done with.
  await sql`
    update exchange.delivery set leased_by = ${ask.owner}, attempts = attempts + 1
    where peer_id = ${ask.peerId} and event_id = any(${all}::uuid[]) and next_attempt_at is not null`.execute(tx)
  await note(tx, ask.peerId, ask.owner, ask.noted)
  await sql`
    update exchange.delivery set leased_by = null, batch = ${ask.batch}
    where peer_id = ${ask.peerId} and event_id = any(${[...ask.eventIds]}::uuid[]) and leased_by = ${ask.owner}`.execute(
    tx,
  )
}
/** The batch lies where the peer reads it. */
export const deliveredBatch = async (tx: Tx, peerId: string, batch: number, at: Instant): Promise<void> => {
  await sql`
    update exchange.delivery set delivered_at = coalesce(delivered_at, ${at}::timestamptz), fault = '', next_attempt_at = null
    where peer_id = ${peerId} and batch = ${batch}`.execute(tx)
}
/** The way was closed and nothing left: what was due goes with the next look, and is dead when it has waited too long. */
export const failedLook = async (
  tx: Tx,
  ask: { peerId: string; at: Instant; nextAt: Instant; oldest: Instant },
): Promise<void> => {
  await sql`
    update exchange.delivery d set fault = 'unreachable',
      dead_at = case when coalesce(d.replayed_at, d.sent_at) < ${ask.oldest} then ${ask.at}::timestamptz end,
      next_attempt_at = case when coalesce(d.replayed_at, d.sent_at) < ${ask.oldest} then null else ${ask.nextAt}::timestamptz end
    where d.peer_id = ${ask.peerId} and d.next_attempt_at <= ${ask.at}
      and not exists (
        select 1 from exchange.parcel p
        where p.peer_id = d.peer_id and p.kind = 'outgoing' and p.state = 'made' and p.number = d.batch)`.execute(tx)
}
