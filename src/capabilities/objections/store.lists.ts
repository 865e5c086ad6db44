import { type RawBuilder, sql } from 'kysely'
import type { LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { ObjectionState } from './states.ts'
import { type Objection, columns, inTerritory, officialScope, readerScope, subjectScope } from './store.ts'
import type { Ground } from './words.ts'

/** Lists, queues, and the counts over them. */

export type ListFilter = {
  subject?: string | undefined
  state?: ObjectionState | undefined
  ground?: Ground | undefined
  no?: string | undefined
  after: [string, string] | null
  limit: number
}
export const listObjections = async (db: Reader, actor: Actor, f: ListFilter): Promise<Objection[]> =>
  (
    await sql<Objection>`select ${columns} from objections.objection o
    where ${actor.kind === 'person' && actor.roles.includes('credit_office') ? readerScope(actor) : subjectScope(actor)}
      ${f.subject ? sql`and o.subject_id = ${f.subject}` : sql``}
      ${f.state ? sql`and o.state = ${f.state}` : sql``}
      ${f.ground ? sql`and o.ground = ${f.ground}` : sql``}
      ${f.no ? sql`and o.no = ${f.no}` : sql``}
      ${f.after ? sql`and (o.created_at, o.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql``}
    order by o.created_at desc, o.id desc limit ${f.limit}`.execute(db)
  ).rows

export type QueueView = 'open' | 'overdue' | 'done' | 'all'
/** Who owes: the credit office until it is passed on, the finder after that. */
const owed = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind !== 'person') return sql`false`
  const finder = actor.roles.some((r) => r === 'officer' || r === 'head') ? actor.authorityId : null
  const mine = sql`(o.state in ('verifying', 'upheld', 'partly_upheld') and o.authority_id = ${finder}::uuid)`
  return actor.roles.includes('credit_office') ? sql`(o.state = 'submitted' or ${mine})` : mine
}
const NO_TERM = '9999-12-31'
const due = sql`coalesce(o.due_on, ${NO_TERM}::date)`
const late = (actor: Actor, today: LocalDate): RawBuilder<unknown> =>
  actor.kind === 'person' && actor.roles.includes('credit_office')
    ? sql`o.state in ('submitted', 'verifying') and o.due_on < ${today}::date`
    : sql`${owed(actor)} and o.state = 'verifying' and o.due_on < ${today}::date`
const DONE = sql`o.state in ('upheld', 'partly_upheld', 'rejected', 'applied', 'withdrawn')`

export const listQueue = async (
  db: Reader,
  actor: Actor,
  f: {
    view: QueueView
    ground?: Ground | undefined
    today: LocalDate
    after: [string, string] | null
    limit: number
  },
): Promise<Objection[]> => {
  const byDay = f.view === 'open' || f.view === 'overdue'
  const meant =
    f.view === 'open' ? owed(actor) : f.view === 'overdue' ? late(actor, f.today) : f.view === 'done' ? DONE : sql`true`
  const after = f.after
    ? byDay
      ? sql`and (${due}, o.id) > (${f.after[0]}::date, ${f.after[1]}::uuid)`
      : sql`and (o.updated_at, o.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)`
    : sql``
  const { rows } = await sql<Objection>`select ${columns} from objections.objection o
    where ${officialScope(actor)} and ${meant} ${f.ground ? sql`and o.ground = ${f.ground}` : sql``} ${after}
    order by ${byDay ? sql`${due}, o.id` : sql`o.updated_at desc, o.id desc`} limit ${f.limit}`.execute(db)
  return rows
}
export const countQueue = async (
  db: Reader,
  actor: Actor,
  today: LocalDate,
): Promise<{ open: number; overdue: number }> =>
  (
    await sql<{ open: number; overdue: number }>`
    select count(*) filter (where ${owed(actor)})::int as open, count(*) filter (where ${late(actor, today)})::int as overdue
    from objections.objection o
    where ${officialScope(actor)} and o.state in ('submitted', 'verifying', 'upheld', 'partly_upheld')`.execute(db)
  ).rows[0] ?? { open: 0, overdue: 0 }

// ---- for the jobs

const BATCH = 200
export type JobKey = { subjectId: string; id: string }
/** Handed in and not passed on yet. */
export const toPush = async (db: Reader): Promise<JobKey[]> =>
  (
    await sql<JobKey>`select subject_id as "subjectId", id from objections.objection where state = 'submitted' order by due_on, id limit ${BATCH}`.execute(
      db,
    )
  ).rows
export const lateOnes = async (db: Reader, today: LocalDate, levels: number): Promise<JobKey[]> =>
  (
    await sql<JobKey>`
    select subject_id as "subjectId", id from objections.objection
    where state in ('submitted', 'verifying') and due_on < ${today} and escalated < ${levels} order by due_on, id limit ${BATCH}`.execute(
      db,
    )
  ).rows
export const provisionalOnes = async (db: Reader): Promise<JobKey[]> =>
  (
    await sql<JobKey>`
    select subject_id as "subjectId", id from objections.objection
    where due_provisional and state in ('submitted', 'verifying') order by due_on, id limit ${BATCH}`.execute(db)
  ).rows
/** Upheld about a refusal whose record has been taken up again since. */
export const takenUpAgain = async (db: Reader): Promise<JobKey[]> =>
  (
    await sql<JobKey>`
    select o.subject_id as "subjectId", o.id from objections.objection o
    join repair.v_refused r on r.subject_id = o.subject_id and r.item_id = o.refused_item
    where o.state in ('upheld', 'partly_upheld') and r.again is not null order by o.id limit ${BATCH}`.execute(db)
  ).rows
/** Only the computed day: neither version nor state changes. */
export const saveDue = async (tx: Tx, o: Pick<Objection, 'subjectId' | 'id' | 'dueOn' | 'dueProvisional'>) => {
  await sql`update objections.objection set due_on = ${o.dueOn}, due_provisional = ${o.dueProvisional}
    where subject_id = ${o.subjectId} and id = ${o.id}`.execute(tx)
}

// ---- measures (E3)

export type MeasureRow = {
  authorityId: string | null
  authorityName: string
  division: string | null
  month: string | null
  received: number
  pending: number
  overdue: number
  decided: number
  upheld: number
  partlyUpheld: number
  rejected: number
  withdrawn: number
  ownMotion: number
  meanWorkdays: number | null
  inTime: number
}
const FIGURES = (today: LocalDate) => sql`
  count(*) filter (where o.way_in <> 'own_motion')::int as received,
  count(*) filter (where o.state in ('submitted', 'verifying'))::int as pending,
  count(*) filter (where o.state in ('submitted', 'verifying') and o.due_on < ${today}::date)::int as overdue,
  count(*) filter (where o.decided_on is not null and o.way_in <> 'own_motion')::int as decided,
  count(*) filter (where o.outcome = 'upheld' and o.way_in <> 'own_motion')::int as upheld,
  count(*) filter (where o.outcome = 'partly_upheld' and o.way_in <> 'own_motion')::int as "partlyUpheld",
  count(*) filter (where o.outcome = 'rejected' and o.way_in <> 'own_motion')::int as rejected,
  count(*) filter (where o.outcome = 'withdrawn')::int as withdrawn,
  count(*) filter (where o.way_in = 'own_motion' and o.outcome in ('upheld', 'partly_upheld'))::int as "ownMotion",
  round(avg(o.workdays) filter (where o.decided_on is not null and o.way_in <> 'own_motion'), 2)::float8 as "meanWorkdays",
  count(*) filter (where o.in_time and o.way_in <> 'own_motion')::int as "inTime"`
const GROUPS = {
  authority: sql`o.authority_id as "authorityId", max(o.authority_name) as "authorityName", max(o.division) as division, null as month`,
  division: sql`null as "authorityId", '' as "authorityName", o.division, null as month`,
  month: sql`null as "authorityId", '' as "authorityName", null as division, to_char(o.submitted_on, 'YYYY-MM') as month`,
  total: sql`null as "authorityId", '' as "authorityName", null as division, null as month`,
}
const BY = {
  authority: sql`group by o.authority_id order by received desc, max(o.authority_name)`,
  division: sql`group by o.division order by o.division`,
  month: sql`group by to_char(o.submitted_on, 'YYYY-MM') order by 4`,
  total: sql``,
}
export type MeasureScope = { authorityId: string } | { division: string | null } | 'all'
/** First day of the first month up to, and without, the first day after the last. */
export const measures = async (
  db: Reader,
  scope: MeasureScope,
  ask: { from: LocalDate; before: LocalDate; by: keyof typeof BY; today: LocalDate },
): Promise<MeasureRow[]> => {
  const within =
    scope === 'all'
      ? sql`true`
      : 'authorityId' in scope
        ? sql`o.authority_id = ${scope.authorityId}`
        : inTerritory(sql`o.division`, scope.division)
  const { rows } = await sql<MeasureRow>`select ${GROUPS[ask.by]}, ${FIGURES(ask.today)} from objections.objection o
    where o.state <> 'draft' and o.submitted_on >= ${ask.from} and o.submitted_on < ${ask.before} and ${within} ${BY[ask.by]}`.execute(
    db,
  )
  return rows
}
export const saveEscalated = async (tx: Tx, o: Pick<Objection, 'subjectId' | 'id'>, level: number): Promise<void> => {
  await sql`update objections.objection set escalated = ${level} where subject_id = ${o.subjectId} and id = ${o.id}`.execute(
    tx,
  )
}
