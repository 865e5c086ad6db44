import { sql } from 'kysely'
import type { Reader } from '../../platform/db/index.ts'

/** Whether an objection is pending about a record: what was said last of it. Made for use in a list of columns. */
export const DISPUTED = `case when r.disposed > 0 then (
    select d.kind = 'disputed' from records.disposition d
    where d.subject_id = r.subject_id and d.record_id = r.id and d.kind in ('disputed', 'dispute_closed')
    order by d.n desc limit 1) end as disputed`

/** Which of these records carry the mark (异议处理中). Those that nothing has happened to need not be asked about. */
export const pendingMarks = async (
  db: Reader,
  records: readonly { subjectId: string; id: string; disposed: number }[],
): Promise<ReadonlySet<string>> => {
  const asked = records.filter((r) => r.disposed > 0)
  if (!asked.length) return new Set()
  const { rows } = await sql<{ id: string }>`
    select a.record_id as id
    from unnest(${asked.map((r) => r.subjectId)}::uuid[], ${asked.map((r) => r.id)}::uuid[]) as a(subject_id, record_id)
    where 'disputed' = (
      select d.kind from records.disposition d
      where d.subject_id = a.subject_id and d.record_id = a.record_id and d.kind in ('disputed', 'dispute_closed')
      order by d.n desc limit 1)`.execute(db)
  return new Set(rows.map((r) => r.id))
}
