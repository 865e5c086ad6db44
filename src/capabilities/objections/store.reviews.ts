import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { DatabaseError, type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { Effect } from './effects.ts'
import type { ClockState } from './rules.clock.ts'
import type { ReviewKind, ReviewOutcome, ReviewState } from './states.ts'
import { type Key, inTerritory, uuids } from './store.ts'

/** Reconsiderations and lawsuits against decisions (Order 36 art. 19). */

export type Review = {
  subjectId: string
  id: string
  recordId: string
  subjectName: string
  recordItem: string
  docNo: string
  authorityId: string
  authorityName: string
  division: string | null
  kind: ReviewKind
  body: string
  caseNo: string
  filedOn: LocalDate
  suspended: boolean
  state: ReviewState
  outcome: ReviewOutcome | null
  endedOn: LocalDate | null
  note: string
  clock: ClockState | null
  dueOn: LocalDate | null
  dueProvisional: boolean
  escalated: number
  effect: Effect | null
  carriedOn: LocalDate | null
  createdAt: Instant
  version: number
}
const columns = sql.raw(`v.subject_id as "subjectId", v.id, v.record_id as "recordId", v.subject_name as "subjectName",
  v.record_item as "recordItem", v.doc_no as "docNo", v.authority_id as "authorityId", v.authority_name as "authorityName", v.division,
  v.kind, v.body, v.case_no as "caseNo", v.filed_on as "filedOn", v.suspended, v.state, v.outcome, v.ended_on as "endedOn", v.note,
  v.clock, v.due_on as "dueOn", v.due_provisional as "dueProvisional", v.escalated, v.effect, v.carried_on as "carriedOn",
  v.created_at as "createdAt", v.version`)

/** The subject's own people, the authority that decided, and the credit office over its territory. */
const scope = (actor: Actor) => {
  if (actor.kind === 'system') return sql`true`
  if (actor.kind !== 'person') return sql`false`
  const own = actor.roles.includes('enterprise') ? sql`v.subject_id = any(${uuids(actor.subjectIds)})` : sql`false`
  const finder =
    actor.roles.some((r) => r === 'officer' || r === 'head') && actor.authorityId
      ? sql`v.authority_id = ${actor.authorityId}`
      : sql`false`
  const office = actor.roles.some((r) => r === 'credit_office' || r === 'window_clerk')
    ? inTerritory(sql`v.division`, actor.division)
    : sql`false`
  return sql`(${own} or ${finder} or ${office})`
}

const ONE_PENDING = 'review_pending'
/** False where one is pending about the record already. */
export const insertReview = async (tx: Tx, r: Review, by: string): Promise<boolean> => {
  try {
    await sql`
      insert into objections.review (subject_id, id, record_id, subject_name, record_item, doc_no, authority_id, authority_name, division,
        kind, body, case_no, filed_on, suspended, state, note, created_at, created_by, updated_at)
      values (${r.subjectId}, ${r.id}, ${r.recordId}, ${r.subjectName}, ${r.recordItem}, ${r.docNo}, ${r.authorityId}, ${r.authorityName},
        ${r.division}, ${r.kind}, ${r.body}, ${r.caseNo}, ${r.filedOn}, ${r.suspended}, ${r.state}, ${r.note}, ${r.createdAt}, ${by},
        ${r.createdAt})`.execute(tx)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === ONE_PENDING) return false
    throw error
  }
}
export const lockReview = async (tx: Tx, actor: Actor, key: Key): Promise<Review | null> =>
  (
    await sql<Review>`select ${columns} from objections.review v
    where v.subject_id = ${key.subject} and v.id = ${key.id} and ${scope(actor)} for update of v`.execute(tx)
  ).rows[0] ?? null
export const saveReview = async (tx: Tx, r: Review, at: Instant): Promise<void> => {
  await sql`
    update objections.review set state = ${r.state}, outcome = ${r.outcome}, ended_on = ${r.endedOn}, note = ${r.note},
      clock = ${r.clock ? json(r.clock) : null}::jsonb, due_on = ${r.dueOn}, due_provisional = ${r.dueProvisional},
      escalated = ${r.escalated}, effect = ${r.effect ? json(r.effect) : null}::jsonb, carried_on = ${r.carriedOn},
      updated_at = ${at}, version = ${r.version}
    where subject_id = ${r.subjectId} and id = ${r.id}`.execute(tx)
}
export const listReviews = async (
  db: Reader,
  actor: Actor,
  f: { subject?: string | undefined; state?: ReviewState | undefined; after: [string, string] | null; limit: number },
): Promise<Review[]> =>
  (
    await sql<Review>`select ${columns} from objections.review v
    where ${scope(actor)} ${f.subject ? sql`and v.subject_id = ${f.subject}` : sql``} ${f.state ? sql`and v.state = ${f.state}` : sql``}
      and ${f.after ? sql`(v.created_at, v.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql`true`}
    order by v.created_at desc, v.id desc limit ${f.limit}`.execute(db)
  ).rows
export const lateReviews = async (
  db: Reader,
  today: LocalDate,
  levels: number,
): Promise<{ subjectId: string; id: string }[]> =>
  (
    await sql<{ subjectId: string; id: string }>`
    select subject_id as "subjectId", id from objections.review
    where state = 'ended' and due_on < ${today} and escalated < ${levels} order by due_on, id limit 200`.execute(db)
  ).rows
