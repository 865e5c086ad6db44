import { sql } from 'kysely'
import type { Reader } from '../../platform/db/index.ts'

/** The record that the other system speaks of: by its own id where it came from here, else by what both sides know it by. */
export const recordByKey = async (
  db: Reader,
  key: { recordId: string | null; item: string; subjectCode: string; authorityKey: string; docKey: string },
): Promise<{ subjectId: string; recordId: string } | null> => {
  const { rows } = await sql<{ subjectId: string; recordId: string; subjectCode: string | null }>`
    select d.subject_id as "subjectId", d.record_id as "recordId"
    from subjects.v_by_code c join records.v_displays d on d.subject_id = c.subject_id
    where c.code = ${key.subjectCode} and ((d.item = ${key.item} and d.authority_key = ${key.authorityKey} and d.doc_key = ${key.docKey})
      or d.record_id = ${key.recordId}::uuid)
    order by d.record_id = ${key.recordId}::uuid desc nulls last limit 1`.execute(db)
  return rows[0] ?? null
}
