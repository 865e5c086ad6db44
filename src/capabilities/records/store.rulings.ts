import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { PackedWindow } from './rules.ts'

/** As much of a record as rules look at, and what they made of it. What is not known of the facts is left out. */
export type RuledRow = {
  subjectId: string
  id: string
  item: string
  authorityId: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  facts: Partial<RecordFacts>
  windows: PackedWindow[]
  disposed: number
}
export type RecordKey = { subjectId: string; id: string }

const FIRST = '00000000-0000-0000-0000-000000000000'
const ofItems = (items: readonly string[] | null) => (items ? sql`r.item = any(${[...items]}::text[])` : sql`true`)

/** Records in the order of their key, a stretch at a time. */
export const ruledAfter = async (
  db: Reader,
  ask: { items: readonly string[] | null; after: RecordKey | null; limit: number },
): Promise<RuledRow[]> => {
  const { rows } = await sql<RuledRow>`
    select r.subject_id as "subjectId", r.id, r.item, r.authority_id as "authorityId", r.authority_name as "authorityName",
      r.doc_no as "docNo", r.decided_on as "decidedOn", r.facts, r.windows, r.disposed
    from records.record r
    where ${ofItems(ask.items)}
      and (r.subject_id, r.id) > (${ask.after?.subjectId ?? FIRST}::uuid, ${ask.after?.id ?? FIRST}::uuid)
    order by r.subject_id, r.id limit ${ask.limit}`.execute(db)
  return rows
}

export const countRuled = async (db: Reader, items: readonly string[] | null): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from records.record r where ${ofItems(items)}`.execute(db)
  return rows[0]?.n ?? 0
}

/** What it was stays as a version that nobody reported; what it says is as it was. */
export const saveRulings = async (
  tx: Tx,
  rows: readonly Record<string, unknown>[],
  by: { at: Instant; change: string },
): Promise<void> => {
  const changed = json(rows)
  await sql`
    insert into records.version (subject_id, record_id, version, fingerprint, fields, inner_fields, secret, facts, windows,
      submission_id, row_n, recorded_at, replaced_at, ruled_by)
    select r.subject_id, r.id, r.version, r.fingerprint, r.fields, r.inner_fields, r.secret, r.facts, r.windows,
      r.submission_id, r.row_n, r.recorded_at, ${by.at}::timestamptz, ${by.change}::uuid
    from jsonb_to_recordset(${changed}::jsonb) as a(subject_id uuid, id uuid)
    join records.record r on r.subject_id = a.subject_id and r.id = a.id`.execute(tx)
  await sql`
    update records.record r set version = r.version + 1, recorded_at = ${by.at}::timestamptz, windows = a.windows,
      class = a.class, basis = a.basis, earliest = a.earliest, shown_from = a.shown_from, shown_until = a.shown_until
    from jsonb_to_recordset(${changed}::jsonb) as a(subject_id uuid, id uuid, windows jsonb, class text, basis text,
      earliest date, shown_from date, shown_until date)
    where r.subject_id = a.subject_id and r.id = a.id`.execute(tx)
}
