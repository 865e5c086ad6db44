import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { nextNumber as next } from '../../platform/number.ts'
import { type Kind, OPEN_STATES, type WayIn } from './states.ts'
import { type ApplicationRow, text } from './store.rows.ts'
import { applicantScope, readerScope } from './store.scope.ts'

const applicationColumns = sql`
  a.subject_id as "subjectId", a.id, a.subject_name as "subjectName", a.no, a.kind, a.way_in as "wayIn", a.applicant,
  a.window_authority_id as "windowAuthorityId", a.contact_name as "contactName", a.contact_phone_secret as "contactPhone",
  a.state, a.commitment_text as "commitmentText", a.commitment_at as "commitmentAt",
  a.signature_hash as "signatureHash", a.created_at as "createdAt",
  a.submitted_at as "submittedAt", a.version`

export type Whose = 'applicant' | 'reader'

export const findApplication = async (
  db: Reader,
  actor: Actor,
  key: { subject: string; id: string },
  whose: Whose,
): Promise<ApplicationRow | null> => {
  const scope = whose === 'applicant' ? applicantScope(actor) : readerScope(actor)
  const { rows } = await sql<ApplicationRow>`
    select ${applicationColumns} from repair.application a
    where a.subject_id = ${key.subject} and a.id = ${key.id} and ${scope}`.execute(db)
  return rows[0] ?? null
}

/** Without a scope: for the phone that a window handed it to, and the receipt that opens it. */
export const getByKey = async (db: Reader, key: { subject: string; id: string }): Promise<ApplicationRow | null> =>
  (
    await sql<ApplicationRow>`
    select ${applicationColumns} from repair.application a where a.subject_id = ${key.subject} and a.id = ${key.id}`.execute(
      db,
    )
  ).rows[0] ?? null
/** Without a scope: for the platform's own steps about one of its items. */
export const applicationOfItem = async (
  db: Reader,
  key: { subject: string; item: string },
): Promise<ApplicationRow | null> =>
  (
    await sql<ApplicationRow>`select ${applicationColumns} from repair.application a
    join repair.item i on i.subject_id = a.subject_id and i.application_id = a.id
    where i.subject_id = ${key.subject} and i.id = ${key.item}`.execute(db)
  ).rows[0] ?? null
export const findByNo = async (db: Reader, no: string): Promise<ApplicationRow | null> =>
  (await sql<ApplicationRow>`select ${applicationColumns} from repair.application a where a.no = ${no}`.execute(db))
    .rows[0] ?? null

export const insertApplication = async (tx: Tx, row: ApplicationRow): Promise<void> => {
  await sql`
    insert into repair.application (subject_id, id, subject_name, kind, way_in, applicant, window_authority_id, contact_name, contact_phone_secret, state, created_at)
    values (${row.subjectId}, ${row.id}, ${row.subjectName}, ${row.kind}, ${row.wayIn}, ${row.applicant}, ${row.windowAuthorityId},
      ${row.contactName}, ${row.contactPhone}, ${row.state}, ${row.createdAt})`.execute(tx)
}

/** Version-checked; false when someone else was faster. */
export const touchApplication = async (
  tx: Tx,
  key: { subjectId: string; id: string; version: number },
): Promise<boolean> => {
  const done = await sql`
    update repair.application set version = version + 1
    where subject_id = ${key.subjectId} and id = ${key.id} and version = ${key.version} and state = 'draft'`.execute(tx)
  return done.numAffectedRows === 1n
}

export const saveCommitment = async (
  tx: Tx,
  row: Pick<ApplicationRow, 'subjectId' | 'id' | 'version' | 'commitmentText'>,
  signed: { at: Instant; by: string; signature?: string | null },
): Promise<boolean> => {
  const done = await sql`
    update repair.application set commitment_text = ${text(row.commitmentText)}::jsonb, commitment_at = ${signed.at}, commitment_by = ${signed.by},
      signature_hash = ${signed.signature ?? null}, version = version + 1
    where subject_id = ${row.subjectId} and id = ${row.id} and version = ${row.version} and state = 'draft'`.execute(tx)
  return done.numAffectedRows === 1n
}

/** A changed basket makes a signed letter stale when another system's text comes in. */
export const clearCommitment = async (tx: Tx, key: { subjectId: string; id: string }): Promise<void> => {
  await sql`
    update repair.application set commitment_text = null, commitment_at = null, commitment_by = null, signature_hash = null
    where subject_id = ${key.subjectId} and id = ${key.id} and state = 'draft'`.execute(tx)
}

export const saveSubmission = async (
  tx: Tx,
  row: Pick<ApplicationRow, 'subjectId' | 'id' | 'version'>,
  given: { no: string; at: Instant },
): Promise<boolean> => {
  const done = await sql`
    update repair.application set state = 'submitted', no = ${given.no}, submitted_at = ${given.at}, version = version + 1
    where subject_id = ${row.subjectId} and id = ${row.id} and version = ${row.version} and state = 'draft'`.execute(tx)
  return done.numAffectedRows === 1n
}

export const deleteDraft = async (tx: Tx, key: { subjectId: string; id: string }): Promise<void> => {
  await sql`delete from repair.item where subject_id = ${key.subjectId} and application_id = ${key.id} and state = 'draft'`.execute(
    tx,
  )
  await sql`delete from repair.material where subject_id = ${key.subjectId} and application_id = ${key.id}`.execute(tx)
  await sql`delete from repair.application where subject_id = ${key.subjectId} and id = ${key.id} and state = 'draft'`.execute(
    tx,
  )
}

/** The day's next number within the jurisdiction. */
export const nextNumber = (tx: Tx, jurisdiction: string, on: LocalDate): Promise<number> =>
  next(tx, 'repair.number', { jurisdiction, on_day: on })

export type ApplicationListRow = {
  id: string
  subjectId: string
  subjectName: string
  kind: Kind
  no: string | null
  wayIn: WayIn
  state: 'draft' | 'submitted' | 'closed'
  createdAt: Instant
  submittedAt: Instant | null
  items: number
  open: number
  granted: number
  dueOn: LocalDate | null
}
export type ApplicationFilter = {
  subject?: string
  state?: 'draft' | 'submitted' | 'closed'
  kind?: Kind
  no?: string
  after: [string, string] | null
  limit: number
}

const running = sql`i.state in (${sql.join([...OPEN_STATES, 'shielded'])})`

export const listApplications = async (
  db: Reader,
  actor: Actor,
  f: ApplicationFilter,
): Promise<ApplicationListRow[]> => {
  const stateIs = sql`case when a.state = 'draft' then 'draft' when c.open > 0 then 'submitted' else 'closed' end`
  const { rows } = await sql<ApplicationListRow>`
    select a.id, a.subject_id as "subjectId", a.subject_name as "subjectName", a.kind, a.no, a.way_in as "wayIn",
      ${stateIs} as state, a.created_at as "createdAt", a.submitted_at as "submittedAt",
      c.items, c.open, c.granted, c.due as "dueOn"
    from repair.application a
    cross join lateral (
      select count(*)::int as items, count(*) filter (where ${running})::int as open,
        count(*) filter (where i.state = 'granted')::int as granted,
        min(i.due_on) filter (where i.state in ('first_review', 'received', 'accepted') and i.due_on < '9999-12-31') as due
      from repair.item i where i.subject_id = a.subject_id and i.application_id = a.id
    ) c
    where ${readerScope(actor)}
      ${f.subject ? sql`and a.subject_id = ${f.subject}` : sql``}
      ${f.kind ? sql`and a.kind = ${f.kind}` : sql``}
      ${f.no ? sql`and a.no = ${f.no}` : sql``}
      ${f.state ? sql`and ${stateIs} = ${f.state}` : sql``}
      ${f.after ? sql`and (a.created_at, a.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql``}
    order by a.created_at desc, a.id desc limit ${f.limit}`.execute(db)
  return rows
}
