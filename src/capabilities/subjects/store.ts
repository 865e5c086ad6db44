import { sql } from 'kysely'
import type { SubjectKind } from '../../kernel/policy.ts'
import { bigramsOf } from '../../kernel/text.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import {
  type Database,
  type Db,
  type Reader,
  type Tx,
  arrayLiteral,
  copyLine,
  queryPrepared,
} from '../../platform/db/index.ts'
import type { ConflictKind, ConflictView, Subject, SubjectRow, SubjectStatus } from './contract.ts'
import type { Code, SearchFor } from './rules.ts'

/** `%` and `_` in what people type are characters like others. */
const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** Distinct neighbouring triples, cut as the database's own function cuts them. */
const trigramsOf = (key: string): string[] => {
  const points = Array.from(key)
  return [...new Set(points.slice(2).map((c, i) => `${points[i]}${points[i + 1]}${c}`))]
}

/** The first text after all that begin with this one, code point by code point. */
const afterPrefix = (prefix: string): string => {
  const points = Array.from(prefix)
  const last = (points.pop() as string).codePointAt(0) as number
  return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : Math.min(last + 1, 0x10ffff))
}

/**
 * The code that the public knows a subject by. A person's digest is no code; a legacy subject has its organisation code or
 * registration number.
 */
const publicCode = sql.raw(
  `coalesce(s.uscc, (select c.code from subjects.code c where c.subject_id = s.id and c.kind in ('organisation', 'registration') order by c.kind limit 1))`,
)
const subjectColumns = sql`s.id, s.kind, s.name, s.name_key as "nameKey", s.uscc, ${publicCode} as code, s.division, s.status, s.version, s.merged_into as "mergedInto"`

export const getSubject = async (db: Reader, id: string): Promise<Subject | null> =>
  (await sql<Subject>`select ${subjectColumns} from subjects.subject s where s.id = ${id}`.execute(db)).rows[0] ?? null

export const subjectsById = async (db: Reader, ids: readonly string[]): Promise<Map<string, Subject>> => {
  if (!ids.length) return new Map()
  const { rows } = await sql<Subject>`
    select ${subjectColumns} from subjects.subject s where s.id = any(${arrayText([...new Set(ids)])}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map((r) => [r.id, r]))
}

/** By what an organisation is registered under. Persons are never found here. */
export const findSubjectByCode = async (db: Reader, code: string): Promise<Subject | null> => {
  const { rows } = await sql<{ subjectId: string }>`
    select subject_id as "subjectId" from subjects.code
    where kind in ('uscc', 'organisation', 'registration', 'alias') and code = ${code.replaceAll('-', '')}
    order by case kind when 'uscc' then 0 when 'registration' then 1 when 'organisation' then 2 else 3 end limit 1`.execute(
    db,
  )
  return rows[0] ? getSubject(db, rows[0].subjectId) : null
}

export const findSubjectByDigest = async (db: Reader, digest: string): Promise<Subject | null> => {
  const { rows } = await sql<{ subjectId: string }>`
    select subject_id as "subjectId" from subjects.code where kind = 'person_digest' and code = ${digest}`.execute(db)
  return rows[0] ? getSubject(db, rows[0].subjectId) : null
}

export type NameRow = { name: string; validFrom: LocalDate; source: string }
export const namesOf = async (db: Reader, subjectId: string): Promise<NameRow[]> =>
  (
    await sql<NameRow>`
    select name, valid_from as "validFrom", source from subjects.name where subject_id = ${subjectId} order by valid_from, id`.execute(
      db,
    )
  ).rows

// ---- resolving in bulk

/** Long lists go to the database as one text: ids and codes hold nothing to be escaped, and names are looked at. */
const PLAIN = /^[^"\\{},\s]+$/
const arrayText = (values: readonly string[]): string => {
  let plain = true
  for (const v of values) if (!PLAIN.test(v) || v.toUpperCase() === 'NULL') plain = false
  return plain ? `{${values.join(',')}}` : arrayLiteral(values)
}

export type CodeHit = { kind: Code['kind']; code: string; subjectId: string }

/** Code → subject, for many codes in one query; an organisation code also finds the unified code around it. */
export const lookUpCodes = async (db: Reader, codes: readonly Code[]): Promise<CodeHit[]> => {
  if (!codes.length) return []
  const { rows } = await sql<CodeHit>`
    select c.kind, c.code, c.subject_id as "subjectId"
    from unnest(${arrayText(codes.map((c) => c.kind))}::text[], ${arrayText(codes.map((c) => c.code))}::text[]) as a(kind, code)
    join subjects.code c on c.kind = a.kind and c.code = a.code`.execute(db)
  return rows
}

/** Unified codes whose inner organisation code is one of these. */
export const lookUpInner = async (
  db: Reader,
  organisationCodes: readonly string[],
): Promise<{ inner: string; subjectId: string }[]> => {
  if (!organisationCodes.length) return []
  const { rows } = await sql<{ inner: string; subjectId: string }>`
    select substr(c.code, 9, 9) as inner, c.subject_id as "subjectId" from subjects.code c
    where c.kind = 'uscc' and substr(c.code, 9, 9) = any(${organisationCodes}::text[])`.execute(db)
  return rows
}

export type HeldSubject = {
  id: string
  kind: SubjectKind
  name: string
  nameKey: string
  uscc: string | null
  division: string | null
  status: SubjectStatus
}
export const heldSubjects = async (db: Reader, ids: readonly string[]): Promise<HeldSubject[]> => {
  if (!ids.length) return []
  const { rows } = await sql<HeldSubject>`
    select s.id, s.kind, s.name, s.name_key as "nameKey", s.uscc, s.division, s.status
    from subjects.subject s where s.id = any(${arrayText(ids)}::uuid[])`.execute(db)
  return rows
}

/** Former names and decided conflicts of subjects whose present name is not the one offered. */
export const otherNames = async (
  db: Reader,
  pairs: readonly { subjectId: string; nameKey: string }[],
): Promise<{ subjectId: string; nameKey: string; as: 'name' | 'kept' }[]> => {
  if (!pairs.length) return []
  const { rows } = await sql<{ subjectId: string; nameKey: string; as: 'name' | 'kept' }>`
    with a as (select * from unnest(${pairs.map((p) => p.subjectId)}::uuid[], ${pairs.map((p) => p.nameKey)}::text[]) as a(subject_id, name_key))
    select n.subject_id as "subjectId", n.name_key as "nameKey", 'name' as as
    from a join subjects.name n on n.subject_id = a.subject_id and n.name_key = a.name_key
    union all
    select c.subject_id, c.offered_key, 'kept'
    from a join subjects.conflict c on c.subject_id = a.subject_id and c.kind = 'one_code_two_names' and c.offered_key = a.name_key
    where c.state = 'kept'`.execute(db)
  return rows
}

/**
 * Claims codes for subjects about to be made; answers which claims won. Sorted, so that two at once do not deadlock. As a
 * rule all win, and then nothing needs to come back.
 */
export const claimCodes = async (
  tx: Tx,
  claims: readonly { kind: string; code: string; subjectId: string }[],
): Promise<(claim: { kind: string; code: string }) => boolean> => {
  if (!claims.length) return () => false
  const sorted = claims.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.kind < b.kind ? -1 : 1))
  const ids = arrayText(sorted.map((c) => c.subjectId))
  const { numAffectedRows } = await sql`
    insert into subjects.code (kind, code, subject_id)
    select * from unnest(${arrayText(sorted.map((c) => c.kind))}::text[], ${arrayText(sorted.map((c) => c.code))}::text[], ${ids}::uuid[])
    on conflict (kind, code) do nothing`.execute(tx)
  if (Number(numAffectedRows) === claims.length) return () => true
  const { rows } = await sql<{ kind: string; code: string }>`
    select c.kind, c.code from unnest(${arrayText(sorted.map((c) => c.kind))}::text[], ${arrayText(sorted.map((c) => c.code))}::text[], ${ids}::uuid[])
      as a(kind, code, subject_id)
    join subjects.code c on c.kind = a.kind and c.code = a.code and c.subject_id = a.subject_id`.execute(tx)
  const won = new Set(rows.map((r) => `${r.kind} ${r.code}`))
  return (claim) => won.has(`${claim.kind} ${claim.code}`)
}

export type NewSubject = HeldSubject
const SUBJECT_COLUMNS = ['id', 'kind', 'name', 'name_key', 'uscc', 'division', 'created_at', 'updated_at']
/** The name they come with stands on their own row; `subjects.name` begins with a second one. */
export const insertSubjects = async (tx: Tx, db: Database, rows: readonly NewSubject[], at: Instant): Promise<void> => {
  if (!rows.length) return
  const lines = rows.map((r) => copyLine([r.id, r.kind, r.name, r.nameKey, r.uscc, r.division, at, at]))
  await db.copyRows(tx, 'subjects.subject', SUBJECT_COLUMNS, [lines.join('')])
}

/** A legacy subject that turns out to have a unified code. */
export const attachUscc = async (tx: Tx, subjectId: string, uscc: string, at: Instant): Promise<void> => {
  await sql`
    update subjects.subject set uscc = ${uscc}, version = version + 1, updated_at = ${at}
    where id = ${subjectId} and uscc is null`.execute(tx)
}

export type SameName = { id: string; nameKey: string; code: string | null }
export const sameNames = async (db: Reader, keys: readonly string[]): Promise<SameName[]> => {
  if (!keys.length) return []
  const { rows } = await sql<SameName>`
    select s.id, s.name_key as "nameKey", ${publicCode} as code
    from subjects.subject s where s.name_key = any(${arrayText(keys)}::text[]) and s.kind not in ('natural_person', 'individual_business')
      and s.merged_into is null`.execute(db)
  return rows
}

// ---- conflicts

export type NewConflict = {
  subjectId: string
  id: string
  kind: ConflictKind
  held: string
  offered: string
  offeredKey: string
  source: string
}
/** Answers those that are new; a difference that is already on the list, open or decided, is not asked again. */
export const insertConflicts = async (tx: Tx, rows: readonly NewConflict[], at: Instant): Promise<NewConflict[]> => {
  if (!rows.length) return []
  const sorted = rows.toSorted((a, b) => (a.subjectId + a.offeredKey < b.subjectId + b.offeredKey ? -1 : 1))
  const done = await sql<{ id: string }>`
    insert into subjects.conflict (subject_id, id, kind, held, offered, offered_key, source, state, found_at)
    select a.subject_id, a.id, a.kind, a.held, a.offered, a.offered_key, a.source, 'open', ${at}::timestamptz
    from unnest(${sorted.map((r) => r.subjectId)}::uuid[], ${sorted.map((r) => r.id)}::uuid[], ${sorted.map((r) => r.kind)}::text[],
      ${sorted.map((r) => r.held)}::text[], ${sorted.map((r) => r.offered)}::text[], ${sorted.map((r) => r.offeredKey)}::text[],
      ${sorted.map((r) => r.source)}::text[]) as a(subject_id, id, kind, held, offered, offered_key, source)
    on conflict (subject_id, kind, offered_key) do nothing
    returning id`.execute(tx)
  const ids = new Set(done.rows.map((r) => r.id))
  return rows.filter((r) => ids.has(r.id))
}

const conflictColumns = sql`c.id, c.subject_id as "subjectId", ${publicCode} as code, s.kind as "subjectKind", c.kind, c.held, c.offered, c.source, c.state,
  c.found_at as "foundAt", c.closed_at as "closedAt"`

/** Row scope: the territory of the credit office, as a prefix of the division; an empty one sees all. */
export const listConflicts = async (
  db: Reader,
  ask: { state: string; territory: string; after: [string, string] | null; limit: number },
): Promise<ConflictView[]> =>
  (
    await sql<ConflictView>`
    select ${conflictColumns} from subjects.conflict c join subjects.subject s on s.id = c.subject_id
    where c.state = ${ask.state} and coalesce(s.division, '') like ${`${likeText(ask.territory)}%`}
      and ${ask.after ? sql`(c.found_at, c.id) > (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by c.found_at, c.id limit ${ask.limit}`.execute(db)
  ).rows

export const findConflict = async (
  db: Reader,
  subjectId: string,
  id: string,
  territory: string,
): Promise<(ConflictView & { offeredKey: string }) | null> =>
  (
    await sql<ConflictView & { offeredKey: string }>`
    select ${conflictColumns}, c.offered_key as "offeredKey" from subjects.conflict c join subjects.subject s on s.id = c.subject_id
    where c.subject_id = ${subjectId} and c.id = ${id} and coalesce(s.division, '') like ${`${likeText(territory)}%`}`.execute(
      db,
    )
  ).rows[0] ?? null

/** false when somebody else has closed it meanwhile. */
export const saveConflictState = async (
  tx: Tx,
  subjectId: string,
  id: string,
  state: string,
  at: Instant,
  by: string,
): Promise<boolean> => {
  const done = await sql`
    update subjects.conflict set state = ${state}, closed_at = ${at}, closed_by = ${by}
    where subject_id = ${subjectId} and id = ${id} and state = 'open'`.execute(tx)
  return Number(done.numAffectedRows ?? 0) === 1
}

/** Before a second name comes: the first one, held since the subject was made. */
export const keepFirstName = async (tx: Tx, subjectId: string, id: string): Promise<void> => {
  const { rows } = await sql<{ name: string; nameKey: string; createdAt: Instant }>`
    select s.name, s.name_key as "nameKey", s.created_at as "createdAt" from subjects.subject s
    where s.id = ${subjectId} and not exists (select 1 from subjects.name n where n.subject_id = s.id)
    for update of s`.execute(tx)
  const first = rows[0]
  if (!first) return
  const { name, nameKey: key, createdAt } = first
  await insertName(tx, { subjectId, id, name, nameKey: key, validFrom: dayOf(createdAt), source: 'collection' })
}

export const insertName = async (
  tx: Tx,
  row: { subjectId: string; id: string; name: string; nameKey: string; validFrom: string; source: string },
): Promise<void> => {
  await sql`
    insert into subjects.name (subject_id, id, name, name_key, valid_from, source)
    values (${row.subjectId}, ${row.id}, ${row.name}, ${row.nameKey}, ${row.validFrom}, ${row.source})`.execute(tx)
}

export const renameSubject = async (
  tx: Tx,
  subjectId: string,
  name: string,
  key: string,
  at: Instant,
): Promise<void> => {
  await sql`
    update subjects.subject set name = ${name}, name_key = ${key}, version = version + 1, updated_at = ${at}
    where id = ${subjectId}`.execute(tx)
}

// ---- looks

export type NewLook = {
  subjectId: string
  id: string
  actor: string
  authorityId: string | null
  purpose: string
}
export const insertLook = async (tx: Tx, look: NewLook, at: Instant): Promise<void> => {
  await sql`
    insert into subjects.look (subject_id, at, id, actor, authority_id, purpose)
    values (${look.subjectId}, ${at}, ${look.id}, ${look.actor}, ${look.authorityId}, ${look.purpose})`.execute(tx)
}
export const listLooks = async (
  db: Reader,
  subjectId: string,
  after: [string, string] | null,
  limit: number,
): Promise<{ id: string; at: string; authorityId: string | null; purpose: string }[]> =>
  (
    await sql<{ id: string; at: string; authorityId: string | null; purpose: string }>`
    select id, at, authority_id as "authorityId", purpose from subjects.look
    where subject_id = ${subjectId} and ${after ? sql`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by at desc, id desc limit ${limit}`.execute(db)
  ).rows

// ---- search

/** rank 0 begins with what was asked (the exact name first of all), rank 1 holds it further in; by name within. */
export type SearchKey = { rank: number; key: string; id: string }
type Hit = SubjectRow & SearchKey

const COLUMNS = `s.id, coalesce(s.uscc, (select c.code from subjects.code c where c.subject_id = s.id and c.kind in ('organisation', 'registration') order by c.kind limit 1)) as code,
  s.kind, s.name, s.division, s.status, s.name_key as key`
/** How many hits further in are ranked: of a pair that half of all names hold, nobody reads more. */
const RANKED = 1000

/**
 * What is asked for, out of the planner's sight: it would plan anew for every name, for longer than the search takes, because
 * a plan for one name always looks a little better than the plan for all.
 */
const LOW = '(select $1::text)'
const HIGH = '(select $2::text)'
const RANK = '(select $3::int)'
const CURSOR = '((select $4::text), (select $5::uuid))'
const LIMIT = '(select $6::int)'
const WITHIN = '(select $7::text)'
const GRAMS = '(select $8::text[])'

const BEGINS = `
  select 0 as rank, ${COLUMNS} from subjects.subject s
  where s.name_key >= ${LOW} and s.name_key < ${HIGH} and s.kind <> 'natural_person' and s.merged_into is null
    and (${RANK} is null or (${RANK} = 0 and (s.name_key, s.id) > ${CURSOR}))
  order by s.name_key, s.id limit ${LIMIT}`
/**
 * The index narrows by pairs or triples and the LIKE decides, so that no false hit of the index is shown. When enough names
 * begin with what was asked, it is not looked at.
 */
const both = (grams: string) => `
  with begins as materialized (${BEGINS}), further as (
    select 1 as rank, ${COLUMNS} from (
      select * from subjects.subject s
      where (select count(*) from begins) < ${LIMIT}
        and ${grams}(s.name_key) @> ${GRAMS} and s.name_key like ${WITHIN} and s.kind <> 'natural_person' and s.merged_into is null
        and not (s.name_key >= ${LOW} and s.name_key < ${HIGH})
      limit ${RANKED}
    ) s
    where ${RANK} is null or ${RANK} = 0 or (s.name_key, s.id) > ${CURSOR}
    order by s.name_key, s.id limit ${LIMIT}
  )
  select * from begins union all select * from further order by rank, key, id limit ${LIMIT}`
const STATEMENTS = { prefix: BEGINS, bigrams: both('subjects.bigrams'), trigrams: both('subjects.trigrams') }

/** Prepared once a connection; prefixes as a range, which an index serves whatever the plan. */
export const searchByName = async (
  db: Db | Tx,
  wanted: Exclude<SearchFor, null | { by: 'code' }>,
  after: SearchKey | null,
  limit: number,
): Promise<Hit[]> => {
  const values = [
    wanted.key,
    afterPrefix(wanted.key),
    after?.rank ?? null,
    after?.key ?? null,
    after?.id ?? null,
    limit,
  ]
  const grams =
    wanted.by === 'bigrams' ? bigramsOf(wanted.key) : wanted.by === 'trigrams' ? trigramsOf(wanted.key) : null
  return queryPrepared<Hit>(
    db,
    `subjects.search_${wanted.by}`,
    STATEMENTS[wanted.by],
    grams ? [...values, `%${likeText(wanted.key)}%`, grams] : values,
  )
}
