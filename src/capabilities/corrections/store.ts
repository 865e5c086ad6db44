import { sql } from 'kysely'
import type { SubjectKind } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { nextNumber as next, numberOfDay } from '../../platform/number.ts'
import type { Answer, EffectView } from './contract.ts'
import type { Outcome, TaskKind, TaskState } from './words.ts'

export type Task = {
  id: string
  no: string
  kind: TaskKind
  subjectId: string | null
  conflictId: string | null
  submissionId: string | null
  rowN: number | null
  name: string
  held: string
  offered: string
  division: string | null
  category: string | null
  authorityId: string
  authorityName: string
  toOffice: boolean
  state: TaskState
  reason: string
  openedOn: LocalDate
  dueOn: LocalDate
  dueProvisional: boolean
  term: {
    workdays: number | null
    instrument: { zh: string; en: string }
    article: string
    note: { zh: string; en: string } | null
  }
  openedAt: Instant
  openedBy: string
  proof: { hash: string; name: string; mediaType: string } | null
  answer: (Answer & { by: string }) | null
  answeredOn: LocalDate | null
  answeredAt: Instant | null
  answeredBy: string | null
  outcome: Outcome | null
  effect: (EffectView & { caseId?: string }) | null
  closedAt: Instant | null
  closedBy: string | null
  version: number
}
const COLUMNS =
  sql.raw(`t.id, t.no, t.kind, t.subject_id as "subjectId", t.conflict_id as "conflictId", t.submission_id as "submissionId",
  t.row_n as "rowN", t.name, t.held, t.offered, t.division, t.category, t.authority_id as "authorityId", t.authority_name as "authorityName",
  t.to_office as "toOffice", t.state, t.reason, t.opened_on as "openedOn", t.due_on as "dueOn", t.due_provisional as "dueProvisional", t.term,
  t.opened_at as "openedAt", t.opened_by as "openedBy", t.proof, t.answer, t.answered_on as "answeredOn", t.answered_at as "answeredAt",
  t.answered_by as "answeredBy", t.outcome, t.effect, t.closed_at as "closedAt", t.closed_by as "closedBy", t.version`)

/** Row scope: the authority that is asked; the credit office, what lies in its territory or was addressed to it. */
export type Scope = { authorityId: string } | { territory: string; authorityId: string | null } | 'all' | 'none'
const inScope = (scope: Scope) =>
  scope === 'all'
    ? sql`true`
    : scope === 'none'
      ? sql`false`
      : 'territory' in scope
        ? sql`(coalesce(t.division, '') like ${`${scope.territory}%`} or t.authority_id = ${scope.authorityId})`
        : sql`t.authority_id = ${scope.authorityId}`

export const findTask = async (db: Reader, scope: Scope, id: string): Promise<Task | null> =>
  (await sql<Task>`select ${COLUMNS} from corrections.task t where t.id = ${id} and ${inScope(scope)}`.execute(db))
    .rows[0] ?? null

/** Held until the end of the transaction: two people at once wait for each other. */
export const lockTask = async (tx: Tx, scope: Scope, id: string): Promise<Task | null> =>
  (
    await sql<Task>`select ${COLUMNS} from corrections.task t where t.id = ${id} and ${inScope(scope)} for update`.execute(
      tx,
    )
  ).rows[0] ?? null

export type View = 'open' | 'answered' | 'overdue' | 'closed'
const inView = (view: View, today: LocalDate) =>
  view === 'open'
    ? sql`t.state in ('open', 'returned')`
    : view === 'overdue'
      ? sql`t.state in ('open', 'returned') and t.due_on < ${today}`
      : view === 'answered'
        ? sql`t.state = 'answered'`
        : sql`t.state in ('closed', 'withdrawn')`

export const listTasks = async (
  db: Reader,
  scope: Scope,
  ask: { view: View; today: LocalDate; after: [string, string] | null; limit: number },
): Promise<Task[]> =>
  (
    await sql<Task>`
    select ${COLUMNS} from corrections.task t
    where ${inScope(scope)} and ${inView(ask.view, ask.today)}
      and ${ask.after ? sql`(t.due_on, t.id) > (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by t.due_on, t.id limit ${ask.limit}`.execute(db)
  ).rows

export const countTasks = async (db: Reader, scope: Scope, today: LocalDate) => {
  const { rows } = await sql<{ open: number; answered: number; overdue: number }>`
    select count(*) filter (where ${inView('open', today)})::int as open,
      count(*) filter (where ${inView('answered', today)})::int as answered,
      count(*) filter (where ${inView('overdue', today)})::int as overdue
    from corrections.task t where ${inScope(scope)}`.execute(db)
  return rows[0] ?? { open: 0, answered: 0, overdue: 0 }
}

export const nextNumber = async (tx: Tx, kind: 'task' | 'case', on: LocalDate): Promise<string> => {
  const n = await next(tx, 'corrections.number', { kind, on_day: on })
  return numberOfDay(kind === 'task' ? 'CC' : 'FC', on, n)
}

export type NewTask = Omit<
  Task,
  | 'proof'
  | 'answer'
  | 'answeredOn'
  | 'answeredAt'
  | 'answeredBy'
  | 'outcome'
  | 'effect'
  | 'closedAt'
  | 'closedBy'
  | 'version'
  | 'state'
>
/** false when the same thing has a task already. */
export const insertTask = async (tx: Tx, t: NewTask): Promise<boolean> => {
  const done = await sql`
    insert into corrections.task (id, no, kind, subject_id, conflict_id, submission_id, row_n, name, held, offered, division, category,
      authority_id, authority_name, to_office, state, reason, opened_on, due_on, due_provisional, term, opened_at, opened_by)
    values (${t.id}, ${t.no}, ${t.kind}, ${t.subjectId}, ${t.conflictId}, ${t.submissionId}, ${t.rowN}, ${t.name}, ${t.held}, ${t.offered},
      ${t.division}, ${t.category}, ${t.authorityId}, ${t.authorityName}, ${t.toOffice}, 'open', ${t.reason}, ${t.openedOn}, ${t.dueOn},
      ${t.dueProvisional}, ${json(t.term)}::jsonb, ${t.openedAt}, ${t.openedBy})
    on conflict do nothing`.execute(tx)
  return Number(done.numAffectedRows ?? 0) === 1
}

export const taskAbout = async (
  db: Reader,
  about: { conflictId: string | null; submissionId: string | null; n: number | null; subjectId: string | null },
): Promise<{ id: string; no: string } | null> =>
  (
    await sql<{ id: string; no: string }>`
    select t.id, t.no from corrections.task t where ${
      about.conflictId
        ? sql`t.conflict_id = ${about.conflictId} and t.state <> 'withdrawn'`
        : about.submissionId
          ? sql`t.submission_id = ${about.submissionId} and t.row_n = ${about.n} and t.state <> 'withdrawn'`
          : sql`t.subject_id = ${about.subjectId} and t.kind = 'legacy_code' and t.state in ('open', 'answered', 'returned')`
    }`.execute(db)
  ).rows[0] ?? null

export const saveProof = async (tx: Tx, id: string, proof: NonNullable<Task['proof']>): Promise<void> => {
  await sql`update corrections.task set proof = ${json(proof)}::jsonb where id = ${id}`.execute(tx)
}

export type TaskChange = {
  id: string
  seen: number
  state: TaskState
  dueOn?: LocalDate
  dueProvisional?: boolean
  term?: Task['term']
  answer?: { said: Task['answer']; on: LocalDate; at: Instant; by: string }
  closed?: { outcome: Outcome | null; effect: Task['effect']; at: Instant; by: string }
}
/** false when it is not what the caller saw. */
export const saveTask = async (tx: Tx, c: TaskChange): Promise<boolean> => {
  const { answer: a, closed: z } = c
  const done = await sql`
    update corrections.task set state = ${c.state}, version = version + 1
      ${c.dueOn ? sql`, due_on = ${c.dueOn}, due_provisional = ${c.dueProvisional ?? false}, term = ${json(c.term ?? null)}::jsonb` : sql``}
      ${a ? sql`, answer = ${json(a.said)}::jsonb, answered_on = ${a.on}, answered_at = ${a.at}, answered_by = ${a.by}, ever_late = ever_late or due_on < ${a.on}` : sql``}
      ${z ? sql`, outcome = ${z.outcome}, effect = ${z.effect ? json(z.effect) : null}::jsonb, closed_at = ${z.at}, closed_by = ${z.by}` : sql``}
    where id = ${c.id} and version = ${c.seen}`.execute(tx)
  return Number(done.numAffectedRows ?? 0) === 1
}

// ---- what was done

export type Act = {
  aboutId: string
  id: string
  action: string
  from: string | null
  to: string
  at: Instant
  actor: string
  actorName: string
  authorityId: string | null
  note: string
}
export const insertAct = async (tx: Tx, a: Act): Promise<void> => {
  await sql`
    insert into corrections.act (about_id, id, action, from_state, to_state, at, actor, actor_name, authority_id, note)
    values (${a.aboutId}, ${a.id}, ${a.action}, ${a.from}, ${a.to}, ${a.at}, ${a.actor}, ${a.actorName}, ${a.authorityId}, ${a.note})`.execute(
    tx,
  )
}
export const actsOf = async (db: Reader, aboutId: string): Promise<Act[]> =>
  (
    await sql<Act>`
    select about_id as "aboutId", id, action, from_state as "from", to_state as "to", at, actor, actor_name as "actorName",
      authority_id as "authorityId", note
    from corrections.act where about_id = ${aboutId} order by at, id`.execute(db)
  ).rows

// ---- what could be asked about (views of others)

export type OpenConflict = {
  subjectId: string
  id: string
  kind: 'one_code_two_names' | 'one_name_two_codes'
  held: string
  offered: string
  offeredKey: string
  state: 'open' | 'kept' | 'renamed' | 'former'
  source: string
  subjectKind: SubjectKind
  name: string
  uscc: string | null
  division: string | null
}
const CONFLICT =
  sql.raw(`c.subject_id as "subjectId", c.id, c.kind, c.held, c.offered, c.offered_key as "offeredKey", c.state, c.source,
  c.subject_kind as "subjectKind", c.name, c.uscc, c.division`)
export const conflictById = async (db: Reader, id: string): Promise<OpenConflict | null> =>
  (await sql<OpenConflict>`select ${CONFLICT} from subjects.v_conflict c where c.id = ${id}`.execute(db)).rows[0] ??
  null
/** Of organisations, open, and not yet asked about. */
export const conflictsToAsk = async (db: Reader, until: Instant, limit: number): Promise<OpenConflict[]> =>
  (
    await sql<OpenConflict>`
    select ${CONFLICT} from subjects.v_conflict c
    where c.state = 'open' and c.subject_kind <> 'natural_person' and c.found_at <= ${until}
      and not exists (select 1 from corrections.task t where t.conflict_id = c.id)
    order by c.found_at, c.id limit ${limit}`.execute(db)
  ).rows

export type WrongRow = {
  submissionId: string
  n: number
  submissionNo: string
  authorityId: string
  authorityName: string
  division: string
  name: string
  code: string
}
const WRONG =
  sql.raw(`w.submission_id as "submissionId", w.n, w.submission_no as "submissionNo", w.authority_id as "authorityId",
  w.authority_name as "authorityName", w.division, w.name, coalesce(w.code, '') as code`)
export const wrongRow = async (db: Reader, submissionId: string, n: number): Promise<WrongRow | null> =>
  (
    await sql<WrongRow>`select ${WRONG} from collection.v_wrong_code w where w.submission_id = ${submissionId} and w.n = ${n} limit 1`.execute(
      db,
    )
  ).rows[0] ?? null
/** Everyone who has handed the same wrong code in and still has the row back. */
export const rowsWithCode = async (db: Reader, code: string): Promise<WrongRow[]> =>
  (
    await sql<WrongRow>`select ${WRONG} from collection.v_wrong_code w where w.code = ${code} order by w.submission_id, w.n limit 500`.execute(
      db,
    )
  ).rows

export type Organisation = {
  id: string
  kind: SubjectKind
  name: string
  uscc: string | null
  division: string | null
  codeKind: string | null
  code: string | null
}
export const organisation = async (db: Reader, id: string): Promise<Organisation | null> =>
  (
    await sql<Organisation>`
    select o.id, o.kind, o.name, o.uscc, o.division, o.code_kind as "codeKind",
      (select min(v.code) from subjects.v_by_code v where v.subject_id = o.id) as code
    from subjects.v_organisation o where o.id = ${id}`.execute(db)
  ).rows[0] ?? null
