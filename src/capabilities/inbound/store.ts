import { sql } from 'kysely'
import type { Refusal } from '../../kernel/decision.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { type Reader, type Tx, inTx, json } from '../../platform/db/index.ts'
import type { IntakeWay, MessageState, Outcome, Verdict } from './words.ts'

export type Intake = {
  id: string
  peerId: string
  way: IntakeWay
  fileHash: string
  fileName: string
  receivedAt: Instant
  events: number
  repeated: number
  clashed: number
  refusal: Refusal | null
}
export const insertIntake = async (tx: Tx, i: Intake): Promise<void> => {
  await tx
    .insertInto('inbound.intake')
    .values({
      id: i.id,
      peer_id: i.peerId,
      way: i.way,
      file_hash: i.fileHash,
      file_name: i.fileName,
      received_at: i.receivedAt,
      events: i.events,
      repeated: i.repeated,
      clashed: i.clashed,
      refusal: i.refusal ? json(i.refusal) : null,
    })
    .execute()
}
export const keepFile = async (tx: Tx, f: { hash: string; bytes: number; mediaType: string }, at: Instant) => {
  await sql`insert into platform.file (hash, bytes, media_type, created_at)
    values (${f.hash}, ${f.bytes}, ${f.mediaType}, ${at}) on conflict (hash) do nothing`.execute(tx)
}

/** One sender's messages are carried out one after the other, whichever process does it. */
export const lockPeer = async (tx: Tx, peerId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${INBOUND_LOCKS}, hashtext(${peerId}))`.execute(tx)
}
const INBOUND_LOCKS = 7_716_032

export type NewMessage = {
  id: string
  peerId: string
  eventId: string
  intakeId: string
  n: number
  type: string
  thing: string
  at: Instant
  digest: string
  receivedAt: Instant
  day: LocalDate
  item: string
  name: string
  authority: string
  authorityKey: string
  docNo: string
  body: unknown
}
/** As it comes each message waits to be carried out; ids that are there already are left out of the answer. */
export const insertMessages = async (tx: Tx, rows: readonly NewMessage[]): Promise<Set<string>> => {
  const { rows: fresh } = await sql<{ event_id: string }>`
    insert into inbound.message (id, peer_id, event_id, intake_id, n, type, thing, at, digest, received_at, day, item, name,
      authority, authority_key, doc_no, body, state, code, next_try_at)
    select a.id, a."peerId", a."eventId", a."intakeId", a.n, a.type, a.thing, a.at, a.digest, a."receivedAt", a.day, a.item, a.name,
      a.authority, a."authorityKey", a."docNo", a.body, 'pending', 'waiting', a."receivedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a(id uuid, "peerId" uuid, "eventId" text, "intakeId" uuid, n int,
      type text, thing text, at timestamptz, digest text, "receivedAt" timestamptz, day date, item text, name text,
      authority text, "authorityKey" text, "docNo" text, body jsonb)
    on conflict (peer_id, event_id) do nothing
    returning event_id`.execute(tx)
  return new Set(fresh.map((r) => r.event_id))
}

export type Held = {
  id: string
  peerId: string
  eventId: string
  intakeId: string
  n: number
  type: string
  thing: string
  at: string
  digest: string
  receivedAt: string
  day: LocalDate
  body: unknown
  state: MessageState
  outcome: Outcome | null
  code: Verdict
  params: Record<string, unknown>
  problems: unknown[]
  authority: string
  authorityKey: string
  item: string
  attempts: number
  version: number
}
const heldColumns = sql`m.id, m.peer_id as "peerId", m.event_id as "eventId", m.intake_id as "intakeId", m.n, m.type, m.thing, m.at,
  m.digest, m.received_at as "receivedAt", m.day, m.body, m.state, m.outcome, m.code, m.params, m.problems, m.authority,
  m.authority_key as "authorityKey", m.item, m.attempts, m.version`

export const messagesByEvent = async (db: Reader, peerId: string, eventIds: readonly string[]): Promise<Held[]> => {
  if (!eventIds.length) return []
  const { rows } = await sql<Held>`
    select ${heldColumns} from inbound.message m
    where m.peer_id = ${peerId} and m.event_id = any(${[...eventIds]}::text[])`.execute(db)
  return rows
}
/** Those of these that still wait, in the order in which they came. */
export const waitingByIds = async (db: Reader, ids: readonly string[]): Promise<Held[]> => {
  const { rows } = await sql<Held>`
    select ${heldColumns} from inbound.message m
    where m.id = any(${[...ids]}::uuid[]) and m.state = 'pending' order by m.received_at, m.intake_id, m.n`.execute(db)
  return rows
}
export const findMessage = async (db: Reader, id: string): Promise<Held | null> => {
  const { rows } = await sql<Held>`select ${heldColumns} from inbound.message m where m.id = ${id}`.execute(db)
  return rows[0] ?? null
}
export const waitingWithdrawals = async (db: Reader, peerId: string, thing: string): Promise<Held[]> => {
  const { rows } = await sql<Held>`
    select ${heldColumns} from inbound.message m
    where m.peer_id = ${peerId} and m.thing = ${thing} and m.state = 'pending' and m.type = 'record.withdraw'
    order by m.at`.execute(db)
  return rows
}
/** Due to be tried again, oldest first, by peer. */
export const dueMessages = async (
  db: Reader,
  now: Instant,
  limit: number,
): Promise<{ id: string; peerId: string }[]> => {
  const { rows } = await sql<{ id: string; peerId: string }>`
    select m.id, m.peer_id as "peerId" from inbound.message m
    where m.state = 'pending' and m.next_try_at <= ${now}
    order by m.next_try_at, m.received_at, m.intake_id, m.n limit ${limit}`.execute(db)
  return rows
}

export type Decided = {
  id: string
  seen: number
  state: MessageState
  outcome: Outcome | null
  code: Verdict
  params: Record<string, unknown>
  problems: readonly unknown[]
  recordId: string | null
  nextTryAt: Instant | null
  at: Instant
  by: string
}
/** Only a message that waits gets a verdict, and only once. True when it was this one that gave it. */
export const decide = async (tx: Tx, d: Decided): Promise<boolean> => {
  const open = d.state === 'pending'
  const { numAffectedRows } = await sql`
    update inbound.message set state = ${d.state}, outcome = ${d.outcome}, code = ${d.code},
      params = ${JSON.stringify(d.params)}::jsonb, problems = ${JSON.stringify(d.problems)}::jsonb,
      record_id = coalesce(${d.recordId}::uuid, record_id),
      attempts = attempts + 1, next_try_at = ${d.nextTryAt},
      body = case when ${open} then body end,
      decided_at = case when ${open} then null else ${d.at}::timestamptz end,
      decided_by = case when ${open} then null else ${d.by} end,
      tell_at = case when ${open} then null else ${d.at}::timestamptz end,
      version = version + 1
    where id = ${d.id} and state = 'pending' and version = ${d.seen}`.execute(tx)
  return Number(numAffectedRows) === 1
}
export const tryNow = async (tx: Tx, ask: { id: string; seen: number; at: Instant }): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update inbound.message set next_try_at = ${ask.at}, version = version + 1
    where id = ${ask.id} and state = 'pending' and version = ${ask.seen}`.execute(tx)
  return Number(numAffectedRows) === 1
}
/** Whoever waits for these authorities is tried again. */
export const wakeAuthorities = async (tx: Tx, keys: readonly string[], at: Instant): Promise<void> => {
  await sql`update inbound.message set next_try_at = ${at}
    where authority_key = any(${[...keys]}::text[]) and state = 'pending' and code = 'unknown_authority'`.execute(tx)
}

// ---- the balance

export type Moves = { received?: number; accepted?: number; refused?: number; pending?: number }
export const count = async (tx: Tx, peerId: string, day: LocalDate, by: Moves): Promise<void> => {
  const { received = 0, accepted = 0, refused = 0, pending = 0 } = by
  // An upsert's new row is checked even where it is not the one that stays: so it is updated first.
  const { numAffectedRows } = await sql`
    update inbound.day set received = received + ${received}::int, accepted = accepted + ${accepted}::int,
      refused = refused + ${refused}::int, pending = pending + ${pending}::int
    where peer_id = ${peerId} and day = ${day}`.execute(tx)
  if (Number(numAffectedRows)) return
  await sql`insert into inbound.day (peer_id, day, received, accepted, refused, pending)
    values (${peerId}, ${day}, ${received}, ${accepted}, ${refused}, ${pending})`.execute(tx)
}

// ---- what a peer has told of a thing

export type Told = {
  thing: string
  lastAt: string
  recordId: string | null
  source: boolean
  withdrawn: boolean
  reason: string | null
}
const toldColumns = sql`t.thing, t.last_at as "lastAt", t.record_id as "recordId", t.source, t.withdrawn, t.reason`
export const toldOf = async (db: Reader, peerId: string, things: readonly string[]): Promise<Map<string, Told>> => {
  const { rows } = await sql<Told>`
    select ${toldColumns} from inbound.told t where t.peer_id = ${peerId} and t.thing = any(${[...things]}::text[])`.execute(
    db,
  )
  return new Map(rows.map((r) => [r.thing, r]))
}
export const saveTold = async (tx: Tx, peerId: string, t: Told & { shownUntil: LocalDate | null }): Promise<void> => {
  await sql`
    insert into inbound.told (peer_id, thing, last_at, record_id, source, withdrawn, reason, shown_until)
    values (${peerId}, ${t.thing}, ${t.lastAt}, ${t.recordId}, ${t.source}, ${t.withdrawn}, ${t.reason}, ${t.shownUntil})
    on conflict (peer_id, thing) do update set last_at = greatest(inbound.told.last_at, excluded.last_at),
      record_id = coalesce(excluded.record_id, inbound.told.record_id), source = inbound.told.source or excluded.source,
      withdrawn = excluded.withdrawn, reason = excluded.reason, shown_until = excluded.shown_until`.execute(tx)
}
/** Which of these records came first from which peer. */
export const sourcesOf = async (db: Reader, recordIds: readonly string[]): Promise<Map<string, string>> => {
  if (!recordIds.length) return new Map()
  const { rows } = await sql<{ record_id: string; peer_id: string }>`
    select record_id, peer_id from inbound.told where source and record_id = any(${[...recordIds]}::uuid[])`.execute(db)
  return new Map(rows.map((r) => [r.record_id, r.peer_id]))
}
export type Ending = { peerId: string; thing: string; recordId: string }
/** Records whose time is over at their source. */
export const endedThere = async (db: Reader, today: LocalDate, limit: number): Promise<Ending[]> => {
  const { rows } = await sql<Ending>`
    select t.peer_id as "peerId", t.thing, t.record_id as "recordId" from inbound.told t
    where t.source and not t.withdrawn and t.shown_until <= ${today} and t.record_id is not null
    order by t.shown_until, t.thing limit ${limit}`.execute(db)
  return rows
}
export const markEnded = async (tx: Tx, e: Ending): Promise<void> => {
  await sql`update inbound.told set shown_until = null where peer_id = ${e.peerId} and thing = ${e.thing}`.execute(tx)
}

// ---- authorities let in by name

export const admittedKeys = async (db: Reader, keys: readonly string[]): Promise<Set<string>> => {
  if (!keys.length) return new Set()
  const { rows } = await sql<{ name_key: string }>`
    select name_key from inbound.authority where name_key = any(${[...keys]}::text[])`.execute(db)
  return new Set(rows.map((r) => r.name_key))
}
export const admit = async (tx: Tx, a: { nameKey: string; name: string; at: Instant; by: string }): Promise<void> => {
  await sql`insert into inbound.authority (name_key, name, admitted_at, admitted_by)
    values (${a.nameKey}, ${a.name}, ${a.at}, ${a.by}) on conflict (name_key) do nothing`.execute(tx)
}
/** Authorities that messages wait for. */
export const awaitedAuthorities = async (db: Reader, limit: number): Promise<string[]> => {
  const { rows } = await sql<{ authority_key: string }>`
    select distinct m.authority_key from inbound.message m
    where m.state = 'pending' and m.code = 'unknown_authority' limit ${limit}`.execute(db)
  return rows.map((r) => r.authority_key)
}

// ---- telling the sender

/** Each of these has been answered now. */
export const markTold = async (ctx: Ctx, ids: readonly string[]): Promise<void> => {
  if (!ids.length) return
  await inTx(ctx.db, async (tx) => {
    await sql`update inbound.message set told_at = ${ctx.clock.now()}, tell_at = null
      where id = any(${[...ids]}::uuid[]) and told_at is null and state <> 'pending'`.execute(tx)
  })
}
export type Untold = { id: string; eventId: string; outcome: Outcome; tells: number } & Pick<
  Held,
  'code' | 'params' | 'item' | 'problems'
>
/** Decided since the sender was last answered, oldest first, with the peers that are to be told. */
export const untoldPeers = async (db: Reader, now: Instant): Promise<string[]> => {
  const { rows } = await sql<{ peer_id: string }>`
    select distinct peer_id from inbound.message where told_at is null and tell_at <= ${now}`.execute(db)
  return rows.map((r) => r.peer_id)
}
export const untoldOf = async (db: Reader, peerId: string, now: Instant, limit: number): Promise<Untold[]> => {
  const { rows } = await sql<Untold>`
    select m.id, m.event_id as "eventId", m.outcome, m.tells, m.code, m.params, m.item, m.problems from inbound.message m
    where m.peer_id = ${peerId} and m.told_at is null and m.tell_at <= ${now}
    order by m.tell_at, m.id limit ${limit}`.execute(db)
  return rows
}
/** Not reached, or nothing to reach: later, or (null) not by ourselves. */
export const tellLater = async (ctx: Ctx, ids: readonly string[], at: Instant | null): Promise<void> => {
  await inTx(ctx.db, async (tx) => {
    await sql`update inbound.message set tell_at = ${at}, tells = tells + 1
      where id = any(${[...ids]}::uuid[]) and told_at is null`.execute(tx)
  })
}

/** Whoever waits for a decision about this name is tried again. */
export const wakeConflict = async (tx: Tx, key: string, at: Instant): Promise<number> => {
  const { numAffectedRows } = await sql`update inbound.message set next_try_at = ${at}
    where state = 'pending' and code = 'name_conflict' and params ->> 'key' = ${key}`.execute(tx)
  return Number(numAffectedRows)
}
