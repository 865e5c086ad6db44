import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'

/** Only the first opening of each version counts. */
export const insertReceipt = async (
  tx: Tx,
  row: { subjectId: string; recordId: string; version: number; at: Instant; by: string },
): Promise<boolean> => {
  const done = await tx
    .insertInto('publicity.notice_receipt')
    .values({
      subject_id: row.subjectId,
      record_id: row.recordId,
      version: row.version,
      opened_at: row.at,
      opened_by: row.by,
    })
    .onConflict((c) => c.columns(['subject_id', 'record_id', 'version']).doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0
}

export const receiptsOf = async (
  db: Reader,
  subjectId: string,
  recordIds: readonly string[],
): Promise<{ recordId: string; version: number; openedAt: string }[]> => {
  if (!recordIds.length) return []
  return db
    .selectFrom('publicity.notice_receipt')
    .select(['record_id as recordId', 'version', 'opened_at as openedAt'])
    .where('subject_id', '=', subjectId)
    .where('record_id', 'in', [...recordIds])
    .execute()
}
