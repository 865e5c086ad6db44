import { sql } from 'kysely'
import type { RepairSystem } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { text } from './store.rows.ts'

export type BarRow = { recordId: string | null; system: RepairSystem; validTo: LocalDate }
export const barsOf = async (db: Reader, subjectId: string): Promise<BarRow[]> =>
  (
    await sql<BarRow>`select record_id as "recordId", system, valid_to as "validTo" from repair.bar where subject_id = ${subjectId}`.execute(
      db,
    )
  ).rows

/** Records of a subject whose plan or settlement has been carried out behind their shield. */
export const completedPlans = async (db: Reader, subjectId: string): Promise<Set<string>> => {
  const { rows } = await sql<{ id: string }>`select record_id as id from repair.item
    where subject_id = ${subjectId} and kind = 'shield' and state = 'plan_completed'`.execute(db)
  return new Set(rows.map((r) => r.id))
}

export const insertBar = async (
  tx: Tx,
  b: BarRow & {
    subjectId: string
    id: string
    validFrom: LocalDate
    shownUntil: LocalDate | null
    reason: string
    basis: object
    at: Instant
  },
): Promise<void> => {
  await sql`
    insert into repair.bar (subject_id, id, record_id, system, valid_from, valid_to, shown_until, reason, basis, created_at)
    values (${b.subjectId}, ${b.id}, ${b.recordId}, ${b.system}, ${b.validFrom}, ${b.validTo}, ${b.shownUntil}, ${b.reason}, ${text(b.basis)}::jsonb, ${b.at})`.execute(
    tx,
  )
}
