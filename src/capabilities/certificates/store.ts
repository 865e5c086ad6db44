import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { actsBetween } from '../../platform/follow.ts'
import { nextNumber as next } from '../../platform/number.ts'
import type { AnyLetter } from './contract.ts'
import type { LetterOf, ReceiptWay } from './states.ts'

/** Every statement on letters: the register, receipts, and how far the register has read. */
type LetterRow = {
  subjectId: string
  id: string
  of: LetterOf
  /** The repair item, the objection or the application; of the last two the case is the same. */
  itemId: string
  applicationId: string
  recordId: string
  recordItem: string
  docNo: string
  recordAuthority: string
  recordDecidedOn: LocalDate
  applicationNo: string | null
  subjectName: string
  itemState: string
  /** Whose number it carries; null: the platform itself. */
  authorityId: string | null
  deciderId: string | null
  reviewerId: string | null
  windowAuthorityId: string | null
  division: string | null
  at: Instant
  on: LocalDate
  letter: AnyLetter
}
export type Registered = LetterRow & {
  year: number
  n: number
  code: string
  receivedAt: Instant | null
  receivedWay: ReceiptWay | null
  receiptAuthorityId: string | null
}

const letterColumns = sql`
  v.subject_id as "subjectId", v.id, v.of_kind as "of", v.item_id as "itemId", v.application_id as "applicationId", v.record_id as "recordId",
  v.record_item as "recordItem", v.doc_no as "docNo", v.record_authority as "recordAuthority",
  v.record_decided_on as "recordDecidedOn", v.application_no as "applicationNo", v.subject_name as "subjectName",
  v.item_state as "itemState", v.authority_id as "authorityId", v.decider_id as "deciderId", v.reviewer_id as "reviewerId",
  v.window_authority_id as "windowAuthorityId", v.division, v.at, v.on_day as "on", v.letter`
const registeredColumns = sql`${letterColumns}, l.year, l.n, l.code, r.received_at as "receivedAt",
  r.way as "receivedWay", r.authority_id as "receiptAuthorityId"`
/** Every letter that was written, of whatever kind of case. */
const written = sql`(
  select 'repair_item' as of_kind, subject_id, id, item_id, application_id, record_id, record_item, doc_no, record_authority,
    record_decided_on, application_no, subject_name, item_state, authority_id, decider_id, reviewer_id, window_authority_id,
    division, action, at, on_day, letter from repair.v_letter
  union all
  select 'objection', subject_id, id, objection_id, objection_id, record_id, record_item, doc_no, record_authority,
    record_decided_on, no, subject_name, state, authority_id, finder_id, null, window_authority_id,
    division, action, at, on_day, letter from objections.v_letter
  union all
  select 'application', subject_id, id, application_id, application_id, null, null, no, null, null, no, subject_name, 'draft',
    authority_id, null, null, authority_id, null, 'window_notice', at, on_day, letter from repair.v_window_letter
)`
const registered = sql`${written} v
  join certificates.letter l on l.subject_id = v.subject_id and l.id = v.id
  left join certificates.receipt r on r.subject_id = v.subject_id and r.letter_id = v.id`

// ---- row scope: added here from the actor, never from what a caller sends

const either = (parts: RawBuilder<boolean>[]): RawBuilder<boolean> =>
  parts.length ? sql<boolean>`(${sql.join(parts, sql` or `)})` : sql<boolean>`false`

type Columns = { decider: string; reviewer: string; window: string }
const LETTERS: Columns = { decider: 'v.decider_id', reviewer: 'v.reviewer_id', window: 'v.window_authority_id' }
export const CERTIFICATES: Columns = {
  decider: 'v.decider_id',
  reviewer: 'v.reviewer_id',
  window: 'v.window_authority_id',
}
/** The subject; the window that took the case in; those who review and decide it; the credit office of the territory. */
export const inScope = (actor: Actor, c: Columns): RawBuilder<boolean> => {
  if (actor.kind === 'system') return sql<boolean>`true`
  if (actor.kind !== 'person') return sql<boolean>`false`
  const { roles, authorityId, division, subjectIds } = actor
  const works = roles.some((r) => r === 'officer' || r === 'head' || r === 'credit_office')
  return either([
    ...(roles.includes('enterprise') && subjectIds.length
      ? [sql<boolean>`v.subject_id = any(${[...subjectIds]}::uuid[])`]
      : []),
    ...(roles.includes('window_clerk') && authorityId
      ? [sql<boolean>`${sql.raw(c.window)} = ${authorityId}::uuid`]
      : []),
    ...(works && authorityId
      ? [
          sql<boolean>`${sql.raw(c.decider)} = ${authorityId}::uuid`,
          sql<boolean>`${sql.raw(c.reviewer)} = ${authorityId}::uuid`,
        ]
      : []),
    ...(roles.includes('credit_office') && division
      ? [sql<boolean>`v.division like ${`${territoryPrefix(division)}%`}`]
      : []),
  ])
}

// ---- reading

export const listLetters = async (
  db: Reader,
  actor: Actor,
  ask: { subject: string; of: LetterOf; item: string; after: readonly [string, string] | null; limit: number },
): Promise<Registered[]> =>
  (
    await sql<Registered>`select ${registeredColumns} from ${registered}
      where v.subject_id = ${ask.subject} and v.of_kind = ${ask.of} and v.item_id = ${ask.item} and ${inScope(actor, LETTERS)}
        and ${ask.after ? sql`(v.at, v.id) > (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
      order by v.at, v.id limit ${ask.limit}`.execute(db)
  ).rows

export const findLetter = async (db: Reader, actor: Actor, key: { subject: string; id: string }) =>
  (
    await sql<Registered>`select ${registeredColumns} from ${registered}
      where v.subject_id = ${key.subject} and v.id = ${key.id} and ${inScope(actor, LETTERS)}`.execute(db)
  ).rows[0] ?? null

export const letterByCode = async (db: Reader, code: string): Promise<Registered | null> => {
  const { rows } = await sql<{ subjectId: string; id: string }>`
    select subject_id as "subjectId", id from certificates.letter where code = ${code} limit 1`.execute(db)
  const [key] = rows
  if (!key) return null
  return (
    await sql<Registered>`select ${registeredColumns} from ${registered}
      where v.subject_id = ${key.subjectId} and v.id = ${key.id}`.execute(db)
  ).rows[0]!
}

/** The day of the last letter of an item: since when it stands where it stands. */
export const lastDayOf = async (db: Reader, key: { subjectId: string; itemId: string }): Promise<LocalDate | null> =>
  (
    await sql<{ on: LocalDate | null }>`select max(on_day) as "on" from ${written} v
      where subject_id = ${key.subjectId} and item_id = ${key.itemId}`.execute(db)
  ).rows[0]?.on ?? null

/** The grant of an item, when it has been registered: the letter that a certificate rests on. Whoever decided it is known. */
export type Grant = Registered & { deciderId: string }
export const grantOf = async (db: Reader, key: { subject: string; item: string }): Promise<Grant | null> =>
  (
    await sql<Grant>`select ${registeredColumns} from ${registered}
      where v.subject_id = ${key.subject} and v.of_kind = 'repair_item' and v.item_id = ${key.item} and v.action = 'grant'
      order by v.at desc, v.id desc limit 1`.execute(db)
  ).rows[0] ?? null

// ---- the register

const REGISTER = 'letters'
/** Any number that all processes agree on: one register writes at a time. */
const REGISTER_LOCK = 7_716_023

export const lastPosition = async (db: Reader): Promise<number> => {
  const { rows } = await sql<{ top: number | null }>`select max(position) as top from platform.commit`.execute(db)
  return rows[0]?.top ?? 0
}
export const positionOf = async (db: Reader): Promise<number> => {
  const { rows } = await sql<{ position: number }>`
    select position from certificates.progress where name = ${REGISTER}`.execute(db)
  return rows[0]?.position ?? 0
}
export const lockRegister = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${REGISTER_LOCK})`.execute(tx)
}
export const savePosition = async (tx: Tx, position: number): Promise<void> => {
  await sql`insert into certificates.progress (name, position) values (${REGISTER}, ${position})
    on conflict (name) do update set position = excluded.position`.execute(tx)
}

/** Of a letter what its entry needs. */
export type Written = Pick<LetterRow, 'subjectId' | 'id' | 'of' | 'itemId' | 'authorityId' | 'on'>
const writtenColumns = sql`
  v.subject_id as "subjectId", v.id, v.of_kind as "of", v.item_id as "itemId", v.authority_id as "authorityId", v.on_day as "on"`
const notEntered = sql`not exists (
  select 1 from certificates.letter l where l.subject_id = v.subject_id and l.id = v.id)`
/**
 * Letters written by the commits in (from, to] that are not in the register, in the order of the commits. Read commit by commit and
 * case by case: joined as tables, every letter that there is would be read each time.
 */
export const lettersWritten = async (db: Reader, from: number, to: number): Promise<Written[]> =>
  (
    await sql<Written>`
      select ${writtenColumns} from (
        select a.subject_id, a.target_kind, a.target_id::uuid as item_id, min(a.position) as position
        from ${actsBetween(from, to)} a
        where (a.target_kind = 'repair_item' and a.act like 'repair.%' or a.target_kind = 'objection' and a.act like 'objections.%'
            or a.target_kind = 'application' and a.act = 'repair.window_notice')
          and a.subject_id is not null
        group by a.subject_id, a.target_kind, a.target_id
      ) w
      cross join lateral (
        select * from ${written} x where x.subject_id = w.subject_id and x.of_kind = w.target_kind and x.item_id = w.item_id
        offset 0) v
      where ${notEntered}
      order by w.position, v.at, v.id`.execute(db)
  ).rows

/** The next `count` numbers of a series; answers the first of them. */
export const takeNumbers = (tx: Tx, series: string, year: number, count: number): Promise<number> =>
  next(tx, 'certificates.number', { series, year }, count)

export type NewLetter = Pick<LetterRow, 'subjectId' | 'id' | 'of' | 'itemId' | 'authorityId'> & {
  year: number
  n: number
  code: string
  issuedOn: LocalDate
  toldAt: Instant | null
}
export const insertLetters = async (tx: Tx, rows: readonly NewLetter[], at: Instant): Promise<void> => {
  if (!rows.length) return
  await sql`
    insert into certificates.letter (subject_id, id, of_kind, item_id, authority_id, year, n, code, issued_on, registered_at, told_at)
    select r."subjectId", r.id, r.of, r."itemId", r."authorityId", r.year, r.n, r.code, r."issuedOn", ${at}::timestamptz, r."toldAt"
    from jsonb_to_recordset(${json(rows)}::jsonb) as r("subjectId" uuid, id uuid, of text, "itemId" uuid, "authorityId" uuid,
      year int, n int, code text, "issuedOn" date, "toldAt" timestamptz)`.execute(tx)
}

export const lettersToTell = async (db: Reader, limit: number): Promise<Registered[]> =>
  // Letter by letter: joined as tables, every letter that there is would be read each time.
  (
    await sql<Registered>`
      select ${registeredColumns} from certificates.letter l
      cross join lateral (select * from ${written} w where w.subject_id = l.subject_id and w.id = l.id offset 0) v
      left join certificates.receipt r on r.subject_id = l.subject_id and r.letter_id = l.id
      where l.told_at is null order by l.registered_at, l.id limit ${limit}`.execute(db)
  ).rows
export const markTold = async (
  tx: Tx,
  letters: readonly { subjectId: string; id: string }[],
  at: Instant,
): Promise<void> => {
  await sql`update certificates.letter l set told_at = ${at}
    from unnest(${letters.map((l) => l.subjectId)}::uuid[], ${letters.map((l) => l.id)}::uuid[]) as k(subject_id, id)
    where l.subject_id = k.subject_id and l.id = k.id and l.told_at is null`.execute(tx)
}

// ---- receipts

/** Only the first counts. */
export const insertReceipt = async (
  tx: Tx,
  r: { subjectId: string; letterId: string; way: ReceiptWay; at: Instant; by: string; authorityId: string | null },
): Promise<boolean> => {
  const done = await sql`
    insert into certificates.receipt (subject_id, letter_id, way, received_at, received_by, authority_id)
    values (${r.subjectId}, ${r.letterId}, ${r.way}, ${r.at}, ${r.by}, ${r.authorityId})
    on conflict (subject_id, letter_id) do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}
export type ReceiptRow = { way: ReceiptWay; at: Instant; authorityId: string | null }
export const receiptOf = async (db: Reader, key: { subject: string; letter: string }): Promise<ReceiptRow | null> =>
  (
    await sql<ReceiptRow>`select way, received_at as at, authority_id as "authorityId" from certificates.receipt
      where subject_id = ${key.subject} and letter_id = ${key.letter}`.execute(db)
  ).rows[0] ?? null

/** Letters of one case that are not in the register yet. */
export const lettersMissing = async (
  db: Reader,
  key: { subject: string; of: LetterOf; item: string },
): Promise<Written[]> =>
  (
    await sql<Written>`
      select ${writtenColumns} from ${written} v
      where v.subject_id = ${key.subject} and v.of_kind = ${key.of} and v.item_id = ${key.item} and ${notEntered}
      order by v.at, v.id`.execute(db)
  ).rows
/** Of which case a letter is, registered or not. */
export const caseOfLetter = async (
  db: Reader,
  key: { subject: string; id: string },
): Promise<{ of: LetterOf; item: string } | null> =>
  (
    await sql<{ of: LetterOf; item: string }>`select v.of_kind as "of", v.item_id as item from ${written} v
      where v.subject_id = ${key.subject} and v.id = ${key.id}`.execute(db)
  ).rows[0] ?? null
