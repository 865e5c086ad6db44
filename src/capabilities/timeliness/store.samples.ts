import { sql } from 'kysely'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { Found, SampleState } from './states.ts'
import { type Scope, ofItem, within } from './store.ts'

export type List = {
  id: string
  authorityId: string
  item: string
  from: LocalDate
  to: LocalDate
  fileHash: string
  fileName: string
  rows: number
  held: number
  notDue: number
  missing: number
  uploadedAt: Instant
  byOffice: boolean
}
export type ListRow = { n: number; docNo: string; docKey: string; decidedOn: LocalDate }
export type HeldRow = ListRow & { subjectId: string | null; recordId: string | null }

const listColumns = sql`l.id, l.authority_id as "authorityId", l.item, l.from_on as "from", l.to_on as "to", l.file_hash as "fileHash",
  l.file_name as "fileName", l.rows, l.held, l.not_due as "notDue", l.missing, l.uploaded_at as "uploadedAt", l.by_office as "byOffice"`

/** Which of these numbers the authority has reported; a number that is held twice is one of them. */
export const heldOf = async (
  db: Reader,
  ask: { authorityId: string; item: string; docKeys: readonly string[] },
): Promise<Map<string, { subjectId: string; recordId: string }>> => {
  const { rows } = await sql<{ docKey: string; subjectId: string; recordId: string }>`
    select distinct on (r.doc_key) r.doc_key as "docKey", r.subject_id as "subjectId", r.record_id as "recordId"
    from records.v_reported r
    where r.authority_id = ${ask.authorityId} and r.item = ${ask.item}
      and r.doc_key = any(${[...ask.docKeys]}::text[])
    order by r.doc_key, r.record_id`.execute(db)
  return new Map(rows.map((r) => [r.docKey, r]))
}

export const insertList = async (
  tx: Tx,
  list: List & { uploadedBy: string },
  rows: readonly HeldRow[],
): Promise<void> => {
  await sql`
    insert into timeliness.list (id, authority_id, item, from_on, to_on, file_hash, file_name, rows, held, not_due, missing,
      uploaded_at, uploaded_by, by_office)
    values (${list.id}, ${list.authorityId}, ${list.item}, ${list.from}::date, ${list.to}::date, ${list.fileHash}, ${list.fileName},
      ${list.rows}, ${list.held}, ${list.notDue}, ${list.missing}, ${list.uploadedAt}::timestamptz, ${list.uploadedBy},
      ${list.byOffice})`.execute(tx)
  await sql`
    insert into timeliness.list_row (list_id, n, doc_no, doc_key, decided_on, subject_id, record_id)
    select ${list.id}::uuid, a.n, a."docNo", a."docKey", a."decidedOn", a."subjectId", a."recordId"
    from jsonb_to_recordset(${json(rows)}::jsonb) as a(n int, "docNo" text, "docKey" text, "decidedOn" date, "subjectId" uuid, "recordId" uuid)`.execute(
    tx,
  )
}
export const findList = async (db: Reader, id: string): Promise<List | null> =>
  (await sql<List>`select ${listColumns} from timeliness.list l where l.id = ${id}`.execute(db)).rows[0] ?? null
export const listRows = async (db: Reader, listId: string): Promise<HeldRow[]> =>
  (
    await sql<HeldRow>`
    select r.n, r.doc_no as "docNo", r.doc_key as "docKey", r.decided_on as "decidedOn", r.subject_id as "subjectId", r.record_id as "recordId"
    from timeliness.list_row r where r.list_id = ${listId} order by r.n`.execute(db)
  ).rows

const instantCursor = (after: string | undefined) => readCursor(after, 'instant', 'uuid')
type PageAsk = { scope: Scope; item?: string | undefined; after?: string | undefined; limit: number }
export const listPage = async (db: Reader, ask: PageAsk): Promise<Page<List>> => {
  const after = instantCursor(ask.after)
  const { rows } = await sql<List>`
    select ${listColumns} from timeliness.list l
    where ${within(ask.scope, 'l.authority_id')} and ${ofItem(ask.item, 'l.item')}
      and ${after ? sql`(l.uploaded_at, l.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by l.uploaded_at desc, l.id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.uploadedAt, r.id])
}

// ---- samples

export type Sample = {
  id: string
  authorityId: string
  item: string
  listId: string
  listName: string
  listHash: string
  seed: string
  size: number
  population: number
  state: SampleState
  marked: number
  neither: number
  answer: string
  outcome: string
  drawnAt: Instant
  version: number
}
export type SampleRow = {
  n: number
  listN: number
  docNo: string
  decidedOn: LocalDate
  subjectId: string | null
  recordId: string | null
  found: Found | null
  note: string
}

const sampleColumns = sql`s.id, s.authority_id as "authorityId", s.item, s.list_id as "listId", l.file_name as "listName",
  l.file_hash as "listHash", s.seed, s.size, s.population, s.state, c.marked, c.neither, s.answer, s.outcome,
  s.drawn_at as "drawnAt", s.version`
const sampleFrom = sql`timeliness.sample s join timeliness.list l on l.id = s.list_id
  cross join lateral (
    select count(r.found)::int as marked, (count(*) filter (where r.found = 'neither'))::int as neither
    from timeliness.sample_row r where r.sample_id = s.id
  ) c`

export const samplePage = async (
  db: Reader,
  ask: PageAsk & { state?: SampleState | undefined; states?: readonly SampleState[] },
): Promise<Page<Sample>> => {
  const after = instantCursor(ask.after)
  const { rows } = await sql<Sample>`
    select ${sampleColumns} from ${sampleFrom}
    where ${within(ask.scope, 's.authority_id')} and ${ofItem(ask.item, 's.item')}
      and ${ask.state ? sql`s.state = ${ask.state}` : sql`true`}
      and ${ask.states ? sql`s.state = any(${[...ask.states]}::text[])` : sql`true`}
      and ${after ? sql`(s.drawn_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by s.drawn_at desc, s.id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.drawnAt, r.id])
}
export const findSample = async (db: Reader, id: string): Promise<Sample | null> =>
  (await sql<Sample>`select ${sampleColumns} from ${sampleFrom} where s.id = ${id}`.execute(db)).rows[0] ?? null
export const sampleRows = async (db: Reader, id: string): Promise<SampleRow[]> =>
  (
    await sql<SampleRow>`
    select r.n, r.list_n as "listN", r.doc_no as "docNo", r.decided_on as "decidedOn", r.subject_id as "subjectId",
      r.record_id as "recordId", r.found, r.note
    from timeliness.sample_row r where r.sample_id = ${id} order by r.n`.execute(db)
  ).rows

export const insertSample = async (
  tx: Tx,
  s: Pick<Sample, 'id' | 'authorityId' | 'item' | 'listId' | 'seed' | 'size' | 'population' | 'drawnAt'> & {
    drawnBy: string
  },
  rows: readonly Omit<SampleRow, 'found' | 'note'>[],
): Promise<void> => {
  await sql`
    insert into timeliness.sample (id, authority_id, item, list_id, seed, size, population, state, drawn_at, drawn_by)
    values (${s.id}, ${s.authorityId}, ${s.item}, ${s.listId}, ${s.seed}, ${s.size}, ${s.population}, 'open',
      ${s.drawnAt}::timestamptz, ${s.drawnBy})`.execute(tx)
  await sql`
    insert into timeliness.sample_row (sample_id, n, list_n, doc_no, decided_on, subject_id, record_id)
    select ${s.id}::uuid, a.n, a."listN", a."docNo", a."decidedOn", a."subjectId", a."recordId"
    from jsonb_to_recordset(${json(rows)}::jsonb) as a(n int, "listN" int, "docNo" text, "decidedOn" date, "subjectId" uuid, "recordId" uuid)`.execute(
    tx,
  )
}
export type Mark = { n: number; found: Found; note: string }
export const saveMarks = async (tx: Tx, id: string, marks: readonly Mark[], by: string, at: Instant): Promise<void> => {
  await sql`
    update timeliness.sample_row r set found = a.found, note = a.note, marked_at = ${at}::timestamptz, marked_by = ${by}
    from jsonb_to_recordset(${json(marks)}::jsonb) as a(n int, found text, note text)
    where r.sample_id = ${id} and r.n = a.n`.execute(tx)
}
export const saveSample = async (
  tx: Tx,
  id: string,
  to: { state: SampleState; answer: string; outcome: string; closedAt: Instant | null },
  seen: number,
): Promise<boolean> =>
  (
    await sql<{ id: string }>`
    update timeliness.sample s set state = ${to.state}, answer = ${to.answer}, outcome = ${to.outcome},
      closed_at = coalesce(${to.closedAt}::timestamptz, s.closed_at), version = s.version + 1
    where s.id = ${id} and s.version = ${seen} returning s.id`.execute(tx)
  ).rows.length > 0
