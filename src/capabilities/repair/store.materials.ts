import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { MaterialRow } from './store.rows.ts'

const materialColumns =
  sql.raw(`m.subject_id as "subjectId", m.id, m.application_id as "applicationId", m.kind, m.file_hash as "hash",
  m.file_name as "name", m.media_type as "mediaType", m.bytes, m.uploaded_at as "uploadedAt", m.kept, m.valid_until as "validUntil"`)

export const materialsOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<MaterialRow[]> =>
  (
    await sql<MaterialRow>`select ${materialColumns} from repair.material m
    where m.subject_id = ${key.subjectId} and m.application_id = ${key.id} and m.removed_at is null order by m.id`.execute(
      db,
    )
  ).rows

export const insertMaterial = async (tx: Tx, m: MaterialRow, by: string): Promise<void> => {
  await sql`
    insert into repair.material (subject_id, id, application_id, kind, file_hash, file_name, media_type, bytes, uploaded_at, uploaded_by, kept, valid_until)
    values (${m.subjectId}, ${m.id}, ${m.applicationId}, ${m.kind}, ${m.hash}, ${m.name}, ${m.mediaType}, ${m.bytes}, ${m.uploadedAt}, ${by}, ${m.kept}, ${m.validUntil})`.execute(
    tx,
  )
}

export const removeMaterial = async (
  tx: Tx,
  key: { subjectId: string; id: string; material: string },
  at: Instant,
): Promise<boolean> => {
  const done = await sql`
    update repair.material set removed_at = ${at}
    where subject_id = ${key.subjectId} and application_id = ${key.id} and id = ${key.material} and removed_at is null`.execute(
    tx,
  )
  return done.numAffectedRows === 1n
}
