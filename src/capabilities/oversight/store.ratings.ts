import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { type Scope, both, scoped, when } from './store.ts'
import type { RatingReason } from './words.ts'

export type Rated = {
  score: number
  reasons: RatingReason[]
  remark: string
  ratedAt: Instant
  reply: string | null
  repliedAt: Instant | null
}
export type DecidedRow = {
  subjectId: string
  itemId: string
  recordId: string
  subjectName: string
  no: string
  item: string
  docNo: string
  authorityId: string
  authorityName: string
  division: string | null
  state: string
  decidedOn: LocalDate | null
  updatedAt: Instant
} & { [K in keyof Rated]: Rated[K] | null }

/** Whose items: of subjects that one acts for, or of a subject that one's window took in. */
export type Applicant = { subjectIds: readonly string[] } | { subjectId: string; windowId: string }
const ofApplicant = (who: Applicant): RawBuilder<unknown> =>
  'subjectIds' in who
    ? sql`i.subject_id = any(${[...who.subjectIds]}::uuid[])`
    : sql`i.subject_id = ${who.subjectId}::uuid and i.window_authority_id = ${who.windowId}::uuid`
const decidedColumns = sql`i.subject_id as "subjectId", i.id as "itemId", i.record_id as "recordId", i.subject_name as "subjectName",
  coalesce(i.no, '') as no, i.record_item as item, i.doc_no as "docNo", i.authority_id as "authorityId", i.authority_name as "authorityName",
  i.division, i.state, i.decided_on as "decidedOn", i.updated_at as "updatedAt",
  r.score, r.reasons, r.remark, r.rated_at as "ratedAt", r.reply, r.replied_at as "repliedAt"`
const decided = sql`repair.v_item i left join oversight.rating r on r.subject_id = i.subject_id and r.item_id = i.id`

export const listDecided = async (
  db: Reader,
  who: Applicant,
  ask: { states: readonly string[]; after: readonly [string, string] | null; limit: number },
): Promise<DecidedRow[]> =>
  (
    await sql<DecidedRow>`
    select ${decidedColumns} from ${decided}
    where ${ofApplicant(who)} and i.state = any(${[...ask.states]}::text[])
      and ${ask.after ? sql`(i.updated_at, i.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by i.updated_at desc, i.id desc limit ${ask.limit}`.execute(db)
  ).rows
export const findDecided = async (db: Reader, who: Applicant, itemId: string): Promise<DecidedRow | null> =>
  (
    await sql<DecidedRow>`select ${decidedColumns} from ${decided} where ${ofApplicant(who)} and i.id = ${itemId}::uuid`.execute(
      db,
    )
  ).rows[0] ?? null

export type NewRating = {
  subjectId: string
  itemId: string
  id: string
  recordId: string
  recordItem: string
  authorityId: string
  authorityName: string
  division: string
  outcome: string
  score: number
  reasons: readonly RatingReason[]
  remark: string
  wayIn: 'online' | 'window'
  at: Instant
  on: LocalDate
  by: string
  replyDueOn: LocalDate | null
}
/** False: it has been rated. */
export const insertRating = async (tx: Tx, r: NewRating): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into oversight.rating (subject_id, item_id, id, record_id, record_item, authority_id, authority_name, division, outcome,
      score, reasons, remark, way_in, rated_at, rated_on, rated_by, reply_due_on)
    values (${r.subjectId}, ${r.itemId}, ${r.id}, ${r.recordId}, ${r.recordItem}, ${r.authorityId}, ${r.authorityName}, ${r.division},
      ${r.outcome}, ${r.score}, ${[...r.reasons]}, ${r.remark}, ${r.wayIn}, ${r.at}, ${r.on}, ${r.by}, ${r.replyDueOn})
    on conflict (subject_id, item_id) do nothing returning id`.execute(tx)
  return rows.length > 0
}

export type RatingRow = {
  id: string
  authorityId: string
  authorityName: string
  item: string
  score: number
  reasons: RatingReason[]
  remark: string
  ratedOn: LocalDate
  ratedBy: string
  wayIn: 'online' | 'window'
  reply: string | null
  repliedAt: Instant | null
  replyDueOn: LocalDate | null
  version: number
}
const columns = sql`t.id, t.authority_id as "authorityId", t.authority_name as "authorityName", t.record_item as item, t.score, t.reasons,
  t.remark, t.rated_on as "ratedOn", t.rated_by as "ratedBy", t.way_in as "wayIn", t.reply, t.replied_at as "repliedAt",
  t.reply_due_on as "replyDueOn", t.version`
const mine = (scope: Scope) => scoped(scope, sql`t.division`, sql`t.authority_id`)

export type RatingFilter = { authority?: string | undefined }
export const listRatings = async (
  db: Reader,
  scope: Scope,
  ask: RatingFilter & {
    score?: number | undefined
    state?: 'needed' | 'overdue' | 'replied' | undefined
    atMost: number
    on: LocalDate
    after: readonly [string, string] | null
    limit: number
  },
): Promise<RatingRow[]> => {
  const STATES = {
    needed: sql`t.reply is null and t.score <= ${ask.atMost}`,
    overdue: sql`t.reply is null and t.reply_due_on < ${ask.on}::date`,
    replied: sql`t.reply is not null`,
  }
  const { rows } = await sql<RatingRow>`
    select ${columns} from oversight.rating t
    where ${both([
      mine(scope),
      when(ask.authority, (id) => sql`t.authority_id = ${id}::uuid`),
      when(ask.score, (score) => sql`t.score = ${score}`),
      when(ask.state, (state) => STATES[state]),
      when(ask.after, (after) => sql`(t.rated_on, t.id) < (${after[0]}::date, ${after[1]}::uuid)`),
    ])}
    order by t.rated_on desc, t.id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const ratingsByScore = async (
  db: Reader,
  scope: Scope,
  f: RatingFilter,
): Promise<{ score: number; count: number }[]> =>
  (
    await sql<{ score: number; count: number }>`
    select t.score, count(*)::int as count from oversight.rating t
    where ${both([mine(scope), when(f.authority, (id) => sql`t.authority_id = ${id}::uuid`)])}
    group by t.score order by t.score`.execute(db)
  ).rows

export const findRating = async (db: Reader, scope: Scope, id: string): Promise<RatingRow | null> =>
  (
    await sql<RatingRow>`select ${columns} from oversight.rating t where t.id = ${id}::uuid and ${mine(scope)}`.execute(
      db,
    )
  ).rows[0] ?? null
export const saveReply = async (
  tx: Tx,
  r: { id: string; reply: string; at: Instant; by: string; seen: number },
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update oversight.rating set reply = ${r.reply}, replied_at = ${r.at}, replied_by = ${r.by}, version = version + 1
    where id = ${r.id} and version = ${r.seen} and reply is null returning id`.execute(tx)
  return rows.length > 0
}
