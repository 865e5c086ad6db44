import { sql } from 'kysely'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { mustNot } from '../../kernel/decision.ts'
import { docKey } from '../../kernel/text.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import {
  DatabaseError,
  ONCE_MORE,
  type Db,
  type Reader,
  type Tx,
  type RowsStatement,
  askRow,
  json,
  overRows,
  queryPrepared,
  referredToNone,
  writeRow,
} from '../../platform/db/index.ts'
import type { DispositionRow, RecordRow, StandingRow, VersionRow } from './contract.ts'
import type { Basis, PackedWindow } from './rules.ts'
import { hydrate } from './basis.ts'
import { DISPUTED } from './marks.ts'

export type RawRecord = Omit<RecordRow, 'windows' | 'facts' | 'fields'> & {
  windows: PackedWindow[]
  facts: RecordFacts
  innerFields: Record<string, unknown> | null
  fingerprint: string
}

const COLUMNS = `r.subject_id as "subjectId", r.id, r.item, r.division, r.authority_id as "authorityId",
  r.authority_key as "authorityKey", r.authority_name as "authorityName", r.doc_no as "docNo", r.decided_on as "decidedOn",
  r.published_on as "publishedOn", r.recorded_at as "recordedAt", r.version, r.disposed, r.fingerprint, r.fields as "publicFields",
  r.inner_fields as "innerFields", r.facts, r.windows, r.class, r.earliest, r.shown_from as "shownFrom", r.shown_until as "shownUntil",
  r.submission_id as "submissionId", r.row_n as "rowN", r.backfill, r.state`
const columns = sql.raw(COLUMNS)

const BY_KEY = `select ${COLUMNS} from records.record r where r.subject_id = $1 and r.id = $2`
export const findRecord = async (db: Reader, subjectId: string, id: string): Promise<RecordRow | null> => {
  const rows = await queryPrepared<RawRecord>(db, 'records.by_key', BY_KEY, [subjectId, id])
  return (await hydrate(db, rows))[0] ?? null
}
export const getRecord = async (db: Reader, subjectId: string, id: string): Promise<RecordRow> =>
  (await findRecord(db, subjectId, id)) ?? mustNot('RECORD_NOT_FOUND')

/** Where the subject is not known: through the registry of ids. */
export const findRecordById = async (db: Reader, id: string): Promise<RecordRow | null> => {
  const { rows } = await sql<RawRecord>`select ${columns} from records.record r where r.id = ${id}`.execute(db)
  return (await hydrate(db, rows))[0] ?? null
}
export const getRecordById = async (db: Reader, id: string): Promise<RecordRow> =>
  (await findRecordById(db, id)) ?? mustNot('RECORD_NOT_FOUND')

/** Several at once, in no order; what is not held is left out. */
export const findRecords = async (
  db: Reader,
  keys: readonly { subjectId: string; id: string }[],
): Promise<RecordRow[]> => {
  if (!keys.length) return []
  const { rows } = await sql<RawRecord>`
    select ${columns}
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as a(subject_id, id)
    join records.record r on r.subject_id = a.subject_id and r.id = a.id`.execute(db)
  return hydrate(db, rows)
}

/** What a record is about and whose it is, for those who need no more of several; what is not known of the facts is left out. */
export type KeptBrief = {
  id: string
  authorityId: string
  authorityName: string
  docNo: string
  facts: Partial<RecordFacts>
}
export const keptBriefs = async (
  db: Reader,
  keys: readonly { subjectId: string; id: string }[],
): Promise<KeptBrief[]> => {
  const { rows } = await sql<KeptBrief>`
    select r.id, r.authority_id as "authorityId", r.authority_name as "authorityName", r.doc_no as "docNo", r.facts
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as a(subject_id, id)
    join records.record r on r.subject_id = a.subject_id and r.id = a.id`.execute(db)
  return rows
}

const dayCursor = (after: string | undefined) => readCursor(after, 'day', 'uuid')
const below = (after: [string, string] | null) =>
  after ? sql`(r.decided_on, r.id) < (${after[0]}::date, ${after[1]}::uuid)` : sql`true`
export const keyOf = (r: { decidedOn: string; id: string }): [string, string] => [r.decidedOn, r.id]

/** A subject's records, the latest decision first; with `shownOn` only those on this platform's site that day. */
export const listRecordsOfSubject = async (
  db: Reader,
  subjectId: string,
  ask: { shownOn?: LocalDate; item?: string; after?: string | undefined; limit?: number } = {},
): Promise<RecordRow[]> => {
  const { rows } = await sql<RawRecord>`
    select ${columns} from records.record r
    where r.subject_id = ${subjectId} and ${below(dayCursor(ask.after))}
      and ${ask.item ? sql`r.item = ${ask.item}` : sql`true`}
      and ${ask.shownOn ? sql`r.shown_from <= ${ask.shownOn} and (r.shown_until is null or r.shown_until > ${ask.shownOn})` : sql`true`}
    order by r.decided_on desc, r.id desc limit ${ask.limit ?? 500}`.execute(db)
  return hydrate(db, rows)
}

export type ShownRaw = Omit<RawRecord, 'innerFields'>
/** What is shown on a day on this platform's site, of one item, the latest decision first (双公示). */
export const shownPage = async (
  db: Reader,
  ask: { item: string; on: LocalDate; division?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ShownRaw>> => {
  const { rows } = await sql<ShownRaw>`
    select r.subject_id as "subjectId", r.id, r.item, r.authority_name as "authorityName", r.doc_no as "docNo",
      r.decided_on as "decidedOn", r.shown_from as "shownFrom", r.shown_until as "shownUntil", r.fields as "publicFields"
    from records.record r
    where r.item = ${ask.item} and r.shown_from is not null and r.shown_from <= ${ask.on}
      and (r.shown_until is null or r.shown_until > ${ask.on})
      and ${ask.division ? sql`r.division like ${`${territoryPrefix(ask.division).replace(/\D/g, '')}%`}` : sql`true`}
      and ${below(dayCursor(ask.after))}
    order by r.decided_on desc, r.id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, keyOf)
}

/** Row scope: the actor's authority. */
export const listOfAuthority = async (
  db: Reader,
  authorityId: string,
  ask: { item?: string | undefined; docNo?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<RecordRow>> => {
  const { rows } = await sql<RawRecord>`
    select ${columns} from records.record r
    where r.authority_id = ${authorityId} and ${ask.item ? sql`r.item = ${ask.item}` : sql`true`}
      and ${ask.docNo ? sql`r.doc_key = ${docKey(ask.docNo)}` : sql`true`}
      and ${below(dayCursor(ask.after))}
    order by r.decided_on desc, r.id desc limit ${ask.limit + 1}`.execute(db)
  const page = pageOf(rows, ask.limit, keyOf)
  return { rows: await hydrate(db, page.rows), next: page.next }
}

const dispositionColumns =
  sql.raw(`d.id, d.record_id as "recordId", d.kind, d.channel, d.effective_from as "effectiveFrom",
  d.recorded_at as "recordedAt", d.recorded_by as "recordedBy", d.reason, d.basis, d.restart, d.case_id as "caseId"`)

/** What happened to a record, in the order in which it was recorded. */
export const dispositionsOf = async (db: Reader, subjectId: string, recordId: string): Promise<DispositionRow[]> =>
  (
    await sql<DispositionRow>`
    select ${dispositionColumns} from records.disposition d
    where d.subject_id = ${subjectId} and d.record_id = ${recordId} order by d.n`.execute(db)
  ).rows

export const dispositionsOfMany = async (
  db: Reader,
  keys: readonly { subjectId: string; id: string }[],
): Promise<Map<string, DispositionRow[]>> => {
  const found = new Map<string, DispositionRow[]>()
  if (!keys.length) return found
  const { rows } = await sql<DispositionRow>`
    select ${dispositionColumns}
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as a(subject_id, record_id)
    join records.disposition d on d.subject_id = a.subject_id and d.record_id = a.record_id
    order by d.n`.execute(db)
  for (const d of rows) found.set(d.recordId, [...(found.get(d.recordId) ?? []), d])
  return found
}

/** What a record said before, oldest first. */
export const versionsOf = async (db: Reader, subjectId: string, recordId: string): Promise<VersionRow[]> =>
  (
    await sql<VersionRow>`
    select v.version, v.fields || coalesce(v.inner_fields, '{}') as fields, v.recorded_at as "recordedAt",
      v.replaced_at as "replacedAt", v.ruled_by is not null as "byRules", v.submission_id as "submissionId", v.row_n as "rowN"
    from records.version v where v.subject_id = ${subjectId} and v.record_id = ${recordId} order by v.version`.execute(
      db,
    )
  ).rows

/** For the balance: how many rows of a submission stand as records, and how many as versions since replaced. */
export const countsBySubmission = async (
  db: Reader,
  submissionIds: readonly string[],
): Promise<Map<string, { records: number; versions: number }>> => {
  const ids = [...submissionIds]
  const { rows } = await sql<{ id: string; records: number; versions: number }>`
    select a.id, (select count(*)::int from records.record r where r.submission_id = a.id) as records,
      (select count(*)::int from records.version v where v.submission_id = a.id and v.ruled_by is null) as versions
    from unnest(${ids}::uuid[]) as a(id)`.execute(db)
  return new Map(rows.map(({ id, records, versions }) => [id, { records, versions }]))
}

/** Which record each accepted row of a submission became, by row: as it stands, or as a version since replaced. */
export const listBySubmission = async (
  db: Reader,
  submissionId: string,
  ask: { after: number; limit: number },
): Promise<{ rowN: number; subjectId: string; recordId: string; docNo: string }[]> => {
  const { rows } = await sql<{ rowN: number; subjectId: string; recordId: string; docNo: string }>`
    select * from (
      select r.row_n as "rowN", r.subject_id as "subjectId", r.id as "recordId", r.doc_no as "docNo"
      from records.record r where r.submission_id = ${submissionId} and r.row_n > ${ask.after}
      union all
      select v.row_n, v.subject_id, v.record_id, r.doc_no
      from records.version v join records.record r on r.subject_id = v.subject_id and r.id = v.record_id
      where v.submission_id = ${submissionId} and v.row_n > ${ask.after} and v.ruled_by is null
    ) a order by a."rowN" limit ${ask.limit}`.execute(db)
  return rows
}

// ---- the bulk way in

export type NaturalKey = { subjectId: string; item: string; authorityKey: string; docKey: string }
export type HeldKey = NaturalKey & {
  id: string
  version: number
  fingerprint: string
  docNo: string
  state: 'held' | 'annulled'
}

/** Which natural keys are held: one query for a whole chunk. */
export const heldKeys = async (db: Reader, keys: readonly NaturalKey[]): Promise<HeldKey[]> => {
  if (!keys.length) return []
  const { rows } = await sql<HeldKey>`
    select r.subject_id as "subjectId", r.item, r.authority_key as "authorityKey", r.doc_key as "docKey", r.id, r.version, r.fingerprint, r.doc_no as "docNo", r.state
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.item)}::text[],
      ${keys.map((k) => k.authorityKey)}::text[], ${keys.map((k) => k.docKey)}::text[]) as a(subject_id, item, authority_key, doc_key)
    join records.record r on r.subject_id = a.subject_id and r.item = a.item and r.authority_key = a.authority_key and r.doc_key = a.doc_key`.execute(
    db,
  )
  return rows
}

/** What a subject has under a document number, whatever spelling, and whoever decided. */
export const findByDocument = async (
  db: Reader,
  ask: { subjectId: string; item: string; docKey: string },
): Promise<RecordRow[]> => {
  const { rows } = await sql<{ id: string }>`
    select r.id from records.record r
    where r.subject_id = ${ask.subjectId} and r.item = ${ask.item} and r.doc_key = ${ask.docKey} order by r.id`.execute(
    db,
  )
  return findRecords(
    db,
    rows.map((r) => ({ subjectId: ask.subjectId, id: r.id })),
  )
}

/** Records of an authority under document numbers: its own records are read once, however many numbers are asked for. */
export const byNumbers = async (
  db: Reader,
  ask: { authorityId: string; item: string; docKeys: readonly string[] },
): Promise<{ subjectId: string; id: string; docKey: string }[]> => {
  if (!ask.docKeys.length) return []
  const { rows } = await sql<{ subjectId: string; id: string; docKey: string }>`
    select r.subject_id as "subjectId", r.id, r.doc_key as "docKey" from records.record r
    where r.authority_id = ${ask.authorityId} and r.item = ${ask.item} and r.doc_key = any(${ask.docKeys}::text[])
    order by r.id`.execute(db)
  return rows
}

export const insertBasis = async (tx: Tx, rows: ReadonlyMap<string, Basis>): Promise<void> => {
  if (!rows.size) return
  const sorted = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into records.basis (id, body)
    select * from unnest(${sorted.map(([id]) => id)}::text[], ${sorted.map(([, body]) => json(body))}::jsonb[])
    on conflict (id) do nothing`.execute(tx)
}

/** The held rows that are about to change, locked in one order. */
export const lockRecords = async (tx: Tx, keys: readonly { subjectId: string; id: string }[]): Promise<RawRecord[]> =>
  (
    await sql<RawRecord>`
    select ${columns}
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as a(subject_id, id)
    join records.record r on r.subject_id = a.subject_id and r.id = a.id
    order by r.subject_id, r.id for update of r`.execute(tx)
  ).rows

/** One row of a change, as JSON that the database reads back; `secret` in base64. */
export type ChangedRow = Record<string, unknown>

/** Keeps what was said, then says what is said now. */
export const replaceRecords = async (tx: Tx, rows: readonly ChangedRow[], at: Instant): Promise<void> => {
  const changed = json(rows)
  await sql`
    insert into records.version (subject_id, record_id, version, fingerprint, fields, inner_fields, secret, facts, windows,
      submission_id, row_n, recorded_at, replaced_at)
    select r.subject_id, r.id, r.version, r.fingerprint, r.fields, r.inner_fields, r.secret, r.facts, r.windows,
      r.submission_id, r.row_n, r.recorded_at, ${at}::timestamptz
    from jsonb_to_recordset(${changed}::jsonb) as a(subject_id uuid, id uuid)
    join records.record r on r.subject_id = a.subject_id and r.id = a.id`.execute(tx)
  await sql`
    update records.record r set version = a.version, fingerprint = a.fingerprint, division = a.division,
      authority_id = a.authority_id, authority_name = a.authority_name, doc_no = a.doc_no,
      decided_on = a.decided_on, published_on = a.published_on, recorded_at = ${at}::timestamptz,
      fields = a.fields, inner_fields = a.inner_fields, secret = decode(a.secret, 'base64'), facts = a.facts, windows = a.windows,
      class = a.class, basis = a.basis, earliest = a.earliest, shown_from = a.shown_from, shown_until = a.shown_until,
      submission_id = a.submission_id, row_n = a.row_n, backfill = a.backfill
    from jsonb_to_recordset(${changed}::jsonb) as a(subject_id uuid, id uuid, version int, fingerprint text, division text,
      authority_id uuid, authority_name text, doc_no text, decided_on date, published_on date,
      fields jsonb, inner_fields jsonb, secret text, facts jsonb, windows jsonb, class text, basis text, earliest date,
      shown_from date, shown_until date, submission_id uuid, row_n int, backfill boolean)
    where r.subject_id = a.subject_id and r.id = a.id`.execute(tx)
}

// ---- dispositions

export type Locked = RawRecord & { dispositions: DispositionRow[] }
export type RawStanding = Omit<StandingRow, 'windows' | 'facts'> & {
  windows: PackedWindow[]
  facts: Partial<RecordFacts>
  dispositions: DispositionRow[]
}

/**
 * A row of records.v_held or records.v_standing. Whoever waited for its lock sees the row as it is now but the dispositions as they
 * were when it began to wait; the row's own count tells, and then they are read again.
 */
const readWith = async <R extends RawStanding>(db: Reader, row: R): Promise<R> => {
  // There is no list of none.
  const seen = (row as { dispositions: DispositionRow[] | null }).dispositions ?? []
  return { ...row, dispositions: seen.length === row.disposed ? seen : await dispositionsOf(db, row.subjectId, row.id) }
}
export const readHeld = (db: Reader, held: unknown): Promise<Locked> => readWith(db, held as Locked)
export const readStanding = (db: Reader, row: unknown): Promise<RawStanding> => readWith(db, row as RawStanding)

const LOCK = `select row_to_json(h) as held from records.v_held h where h."subjectId" = $1 and h.id = $2 for update of h`
/** The record, locked, with what has happened to it: one query. */
export const lockRecord = async (tx: Tx, subjectId: string, id: string): Promise<Locked | null> => {
  const rows = await queryPrepared<{ held: unknown }>(tx, 'records.lock', LOCK, [subjectId, id])
  return rows[0] ? readHeld(tx, rows[0].held) : null
}

export type Folded = {
  windows: PackedWindow[]
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
  earliest: LocalDate | null
  state: string
}

const DISPOSE = overRows(
  'records.dispose',
  {
    subject_id: 'uuid',
    record_id: 'uuid',
    id: 'uuid',
    version: 'int',
    disposed: 'int',
    kind: 'text',
    channel: 'text',
    effective_from: 'date',
    recorded_at: 'timestamptz',
    recorded_by: 'text',
    reason: 'text',
    basis: 'jsonb',
    restart: 'jsonb',
    case_id: 'uuid',
    windows: 'jsonb',
    shown_from: 'date',
    shown_until: 'date',
    earliest: 'date',
    state: 'text',
  },
  (rows) => `
  with asked as materialized (select * from ${rows}),
  shown as (
    update records.record r set windows = asked.windows, shown_from = asked.shown_from, shown_until = asked.shown_until,
      earliest = asked.earliest, state = asked.state, disposed = asked.disposed
    from asked
    where r.subject_id = asked.subject_id and r.id = asked.record_id and r.version = asked.version and r.disposed = asked.disposed - 1
    returning r.id
  )
  insert into records.disposition (subject_id, record_id, id, n, kind, channel, effective_from, recorded_at, recorded_by, reason, basis, restart, case_id)
  select a.subject_id, shown.id, a.id, a.disposed, a.kind, a.channel, a.effective_from, a.recorded_at, a.recorded_by, a.reason, a.basis,
    a.restart, a.case_id
  from asked a left join shown on shown.id = a.record_id`,
)
const changed = (error: unknown): unknown =>
  referredToNone(error, 'record_id') ? new DatabaseError(ONCE_MORE, 'the record has changed since it was read') : error

/**
 * The disposition and the projection, in one statement. Where the record is no longer as it was read, the disposition has
 * no record and fails, and the work is done once more; a record that was locked cannot have changed.
 */
export const saveDisposition = (
  tx: Tx,
  d: DispositionRow,
  of: { subjectId: string; version: number },
  folded: Folded,
  n: number,
): Promise<void> =>
  writeRow(
    tx,
    DISPOSE,
    [
      of.subjectId,
      d.recordId,
      d.id,
      of.version,
      n,
      d.kind,
      d.channel,
      d.effectiveFrom,
      d.recordedAt,
      d.recordedBy,
      d.reason,
      json(d.basis),
      d.restart ? json(d.restart) : null,
      d.caseId,
      json(folded.windows),
      folded.shownFrom,
      folded.shownUntil,
      folded.earliest,
      folded.state,
    ],
    changed,
  )

export const saveProjection = async (tx: Tx, subjectId: string, id: string, folded: Folded): Promise<void> => {
  await sql`
    update records.record set windows = ${json(folded.windows)}, shown_from = ${folded.shownFrom}, shown_until = ${folded.shownUntil},
      earliest = ${folded.earliest}, state = ${folded.state}
    where subject_id = ${subjectId} and id = ${id}`.execute(tx)
}

// ---- the public answer by code

export type PublicRaw = {
  code: string
  name: string
  kind: string
  division: string | null
  status: string
  id: string | null
  item: string
  authorityName: string
  docNo: string
  decidedOn: string
  version: number
  class: string
  basis: string | null
  shownFrom: string
  shownUntil: string | null
  earliest: string | null
  fields: string
  disputed: boolean | null
}

const PUBLIC_HEAD = 'v.code, v.name, v.kind, v.division, v.status'
const PUBLIC_COLUMNS = `r.id, r.item, r.authority_name as "authorityName", r.doc_no as "docNo", r.decided_on as "decidedOn", r.version, r.class, r.basis,
  r.shown_from as "shownFrom", r.shown_until as "shownUntil", r.earliest, r.fields::text as fields, ${DISPUTED}`
const SHOWN = 'r.shown_from <= $2::date and (r.shown_until is null or r.shown_until > $2::date)'

/** Few subjects have more records than this; those of the others are read at once and put in order here. */
export const FEW_RECORDS = 50
export const fewOf = (name: string, head: string, columns: string): RowsStatement =>
  overRows(
    name,
    { code: 'text', on_day: 'date' },
    (asked) => `
  select asked.n, f.* from ${asked} cross join lateral (
    select ${head}, ${columns} from subjects.v_by_code v
    left join records.record r on r.subject_id = v.subject_id
      and r.shown_from <= asked.on_day and (r.shown_until is null or r.shown_until > asked.on_day)
    where v.code = asked.code limit ${FEW_RECORDS + 1}) f`,
  )

/** The order of every list of records: the latest decision first. A day and an id compare as the text they are. */
export const latestFirst = (a: { decidedOn: string; id: string | null }, b: typeof a): number =>
  a.decidedOn === b.decidedOn ? ((a.id ?? '') < (b.id ?? '') ? 1 : -1) : a.decidedOn < b.decidedOn ? 1 : -1

/** One prepared query: the subject by its code and what is shown about it, the fields as text that is passed on as it is. */
const PUBLIC_FEW = fewOf('records.public_few', PUBLIC_HEAD, PUBLIC_COLUMNS)
const PUBLIC = `
  select ${PUBLIC_HEAD}, r.*
  from subjects.v_by_code v
  left join lateral (
    select ${PUBLIC_COLUMNS} from records.record r
    where r.subject_id = v.subject_id and ${SHOWN} and ($3::date is null or (r.decided_on, r.id) < ($3::date, $4::uuid))
    order by r.decided_on desc, r.id desc limit $5
  ) r on true
  where v.code = $1`

export const publicRows = async (
  db: Db | Tx,
  code: string,
  on: LocalDate,
  after: string | undefined,
  limit: number,
): Promise<PublicRaw[]> => {
  const key = dayCursor(after)
  if (!key) {
    const few = await askRow<PublicRaw>(db, PUBLIC_FEW, [code, on])
    if (few.length <= FEW_RECORDS) return few.length > 1 ? few.toSorted(latestFirst) : few
  }
  return queryPrepared<PublicRaw>(db, 'records.public', PUBLIC, [code, on, key?.[0] ?? null, key?.[1] ?? null, limit])
}
