import { type RawBuilder, sql } from 'kysely'
import { Refused, refuse } from '../../kernel/decision.ts'
import type { RepairSystem } from '../../kernel/policy.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Actor } from '../../platform/context.ts'
import {
  DatabaseError,
  type Reader,
  type RowsStatement,
  type Tx,
  askRow,
  overRows,
  writeRow,
} from '../../platform/db/index.ts'
import { nextNumber as next } from '../../platform/number.ts'
import type { Letter } from './contract.ts'
import type { ItemFacts } from './rules.ts'
import type { ClockState } from './rules.clock.ts'
import { type ActAction, type ItemState, type Kind, OPEN_STATES, type WayIn } from './states.ts'

export type ApplicationRow = {
  subjectId: string
  id: string
  subjectName: string
  no: string | null
  kind: Kind
  wayIn: WayIn
  applicant: string
  windowAuthorityId: string | null
  contactName: string
  contactPhone: Uint8Array | null
  state: 'draft' | 'submitted'
  commitmentText: { text: Words; article: Words } | null
  commitmentAt: Instant | null
  /** The picture of a signature by hand. */
  signatureHash: string | null
  createdAt: Instant
  submittedAt: Instant | null
  version: number
}

export type StoredRoute = { receiver: Words; rule: string; instrument: Words; article: string; firstReview: boolean }
export type ItemRow = ItemFacts & {
  subjectId: string
  id: string
  applicationId: string
  recordId: string
  recordItem: string
  docNo: string
  recordAuthority: string
  recordDecidedOn: LocalDate
  authorityId: string
  authorityName: string
  reviewerId: string | null
  reviewerName: string | null
  division: string | null
  policyVersion: string
  route: StoredRoute
  statement: string
  declared: Record<string, boolean>
  dueOn: LocalDate | null
  dueProvisional: boolean
  version: number
  updatedAt: Instant
}
/** An item with what its application says of the case. */
export type CaseRow = ItemRow & {
  no: string | null
  wayIn: WayIn
  subjectName: string
  commitmentAt: Instant | null
  windowAuthorityId: string | null
}
/** With the bars on it and its record (a row of records.v_held): all that a move needs, in one statement. */
export type FullCase = CaseRow & { barredUntil: LocalDate | null; held: unknown }

export type ActRow = {
  subjectId: string
  id: string
  itemId: string
  action: ActAction
  from: ItemState
  to: ItemState
  at: Instant
  on: LocalDate
  actor: string
  by: 'applicant' | 'window' | 'authority' | 'platform'
  authorityId: string | null
  authorityName: string | null
  note: string
  basis: Record<string, unknown>
  letter: Letter | null
}

export type MaterialRow = {
  subjectId: string
  id: string
  applicationId: string
  kind: string
  hash: string
  name: string
  mediaType: string
  bytes: number
  uploadedAt: Instant
  kept: boolean
  validUntil: LocalDate | null
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value))

// ---- row scope: added here from the actor, never from what a caller sends

const never = sql<boolean>`false`
const either = (parts: RawBuilder<boolean>[]): RawBuilder<boolean> =>
  parts.length ? sql<boolean>`(${sql.join(parts, sql` or `)})` : never

/** Whose applications one may change: of the subjects one acts for, or taken in at one's own window. */
const applicantScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person') return never
  return either([
    ...(actor.roles.includes('enterprise') && actor.subjectIds.length
      ? [sql<boolean>`a.subject_id = any(${actor.subjectIds}::uuid[])`]
      : []),
    ...(actor.roles.includes('window_clerk') && actor.authorityId
      ? [sql<boolean>`a.window_authority_id = ${actor.authorityId}::uuid`]
      : []),
  ])
}

const concerned = (authorityId: string): RawBuilder<boolean> => sql<boolean>`a.state = 'submitted' and exists (
  select 1 from repair.item i where i.subject_id = a.subject_id and i.application_id = a.id
  and (i.authority_id = ${authorityId}::uuid or i.reviewer_id = ${authorityId}::uuid))`

/** Who may read an application: besides those, the authorities concerned and the credit office of the territory. */
const readerScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person') return never
  const inAuthority = actor.roles.some((r) => ['officer', 'head', 'credit_office'].includes(r))
  return either([
    applicantScope(actor),
    ...(inAuthority && actor.authorityId ? [concerned(actor.authorityId)] : []),
    ...(actor.roles.includes('credit_office') && actor.division
      ? [
          sql<boolean>`a.state = 'submitted' and exists (select 1 from repair.item i where i.subject_id = a.subject_id
          and i.application_id = a.id and i.division like ${`${territoryPrefix(actor.division)}%`})`,
        ]
      : []),
  ])
}

/** Whose items one may decide: own authority's; as the credit office those under first review there. */
const itemScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person' || !actor.authorityId) return never
  return either([
    ...(actor.roles.some((r) => r === 'officer' || r === 'head')
      ? [sql<boolean>`i.authority_id = ${actor.authorityId}::uuid`]
      : []),
    ...(actor.roles.some((r) => ['officer', 'head', 'credit_office'].includes(r))
      ? [sql<boolean>`i.reviewer_id = ${actor.authorityId}::uuid`]
      : []),
  ])
}

// ---- applications

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

// ---- items

const ITEM_COLUMNS = `
  i.subject_id as "subjectId", i.id, i.application_id as "applicationId", i.kind, i.record_id as "recordId",
  i.record_item as "recordItem", i.doc_no as "docNo", i.record_authority as "recordAuthority",
  i.record_decided_on as "recordDecidedOn", i.system, i.authority_id as "authorityId", i.authority_name as "authorityName",
  i.reviewer_id as "reviewerId", i.reviewer_name as "reviewerName", i.division, i.state, i.policy_version as "policyVersion",
  i.route, i.statement, i.declared, i.submitted_on as "submittedOn", i.accepted_on as "acceptedOn",
  i.decided_on as "decidedOn", i.due_on as "dueOn", i.due_provisional as "dueProvisional", i.clock, i.asked, i.proposal,
  i.extended, i.version, i.updated_at as "updatedAt"`
const CASE_COLUMNS = `${ITEM_COLUMNS}, a.no, a.way_in as "wayIn", a.subject_name as "subjectName", a.commitment_at as "commitmentAt", a.window_authority_id as "windowAuthorityId"`
const caseColumns = sql.raw(CASE_COLUMNS)
const joined = sql.raw(
  'from repair.item i join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id',
)

export const itemsOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<CaseRow[]> =>
  (
    await sql<CaseRow>`select ${caseColumns} ${joined}
    where i.subject_id = ${key.subjectId} and i.application_id = ${key.id} order by i.id`.execute(db)
  ).rows

export type ItemKey = { subject: string; item: string }

const FULL_COLUMNS = `${CASE_COLUMNS}, row_to_json(h) as held,
  (select max(b.valid_to) from repair.bar b where b.subject_id = i.subject_id
    and (b.record_id = i.record_id or (b.record_id is null and b.system = i.system))) as "barredUntil"`
const ACTS = `(select coalesce(json_agg(json_build_object('subjectId', t.subject_id, 'id', t.id, 'itemId', t.item_id, 'action', t.action,
      'from', t.from_state, 'to', t.to_state, 'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'on', t.on_day, 'actor', t.actor, 'by', t.by_kind, 'authorityId', t.authority_id, 'authorityName', t.authority_name,
      'note', t.note, 'basis', t.basis, 'letter', t.letter) order by t.at, t.id), '[]')
    from repair.act t where t.subject_id = i.subject_id and t.item_id = i.id) as acts`
const FROM_ITEM = 'repair.item i'
const WITH_CASE = `join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
  join records.v_held h on h."subjectId" = i.subject_id and h.id = i.record_id`

/** For the applicant's own moves. */
export const findOwnItem = async (db: Reader, actor: Actor, key: ItemKey): Promise<FullCase | null> =>
  (
    await sql<FullCase>`select ${sql.raw(FULL_COLUMNS)} from ${sql.raw(`${FROM_ITEM} ${WITH_CASE}`)}
    where i.subject_id = ${key.subject} and i.id = ${key.item} and ${applicantScope(actor)}`.execute(db)
  ).rows[0] ?? null

const ASKED_CASE = { subject_id: 'uuid', id: 'uuid', authority_id: 'uuid', decides: 'boolean', reviews: 'boolean' }
const CASE = (asked: string, columns = FULL_COLUMNS) => `select asked.n, ${columns} from ${asked} join ${FROM_ITEM}
    on i.subject_id = asked.subject_id and i.id = asked.id ${WITH_CASE}
  where i.state <> 'draft'
    and ((i.authority_id = asked.authority_id and asked.decides) or (i.reviewer_id = asked.authority_id and asked.reviews))`
const CASE_OPEN = overRows('repair.case', ASKED_CASE, (asked) => CASE(asked))
const CASE_HELD = overRows('repair.case_held', ASKED_CASE, (asked) => `${CASE(asked)} for update of h`)
const CASE_TOLD = overRows('repair.case_told', ASKED_CASE, (asked) => CASE(asked, `${FULL_COLUMNS}, ${ACTS}`))
const askCase = async <T extends FullCase>(
  db: Tx,
  of: RowsStatement,
  actor: Actor,
  key: ItemKey,
): Promise<T | null> => {
  if (actor.kind !== 'person' || !actor.authorityId) return null
  const decides = actor.roles.some((r) => r === 'officer' || r === 'head')
  const reviews = decides || actor.roles.includes('credit_office')
  return (await askRow<T>(db, of, [key.subject, key.item, actor.authorityId, decides, reviews]))[0] ?? null
}
/** For the authority's moves: one statement, planned once a connection. With `hold` the record is this transaction's own. */
export const findCase = (db: Tx, actor: Actor, key: ItemKey, hold: boolean): Promise<FullCase | null> =>
  askCase(db, hold ? CASE_HELD : CASE_OPEN, actor, key)
/** For the platform's own steps, which nobody takes: the case as its authority has it. */
export const findCaseOf = async (db: Tx, key: ItemKey, authorityId: string, hold = false): Promise<FullCase | null> =>
  (await askRow<FullCase>(db, hold ? CASE_HELD : CASE_OPEN, [key.subject, key.item, authorityId, true, false]))[0] ??
  null
/** For whoever reads it: with all that was done and written. */
export const findTold = (db: Tx, actor: Actor, key: ItemKey): Promise<(FullCase & { acts: ActRow[] }) | null> =>
  askCase(db, CASE_TOLD, actor, key)

export const openItemsOf = async (
  db: Reader,
  subjectId: string,
): Promise<{ recordId: string; id: string; applicationId: string; state: ItemState }[]> =>
  (
    await sql<{ recordId: string; id: string; applicationId: string; state: ItemState }>`
    select i.record_id as "recordId", i.id, i.application_id as "applicationId", i.state from repair.item i
    where i.subject_id = ${subjectId} and i.state in (${sql.join([...OPEN_STATES])})`.execute(db)
  ).rows

export type NewItem = Pick<
  ItemRow,
  | 'subjectId'
  | 'id'
  | 'applicationId'
  | 'kind'
  | 'recordId'
  | 'recordItem'
  | 'docNo'
  | 'recordAuthority'
  | 'recordDecidedOn'
  | 'system'
  | 'authorityId'
  | 'authorityName'
  | 'reviewerId'
  | 'reviewerName'
  | 'division'
  | 'policyVersion'
  | 'route'
  | 'updatedAt'
>
export const insertItem = async (tx: Tx, r: NewItem): Promise<void> => {
  await sql`
    insert into repair.item (subject_id, id, application_id, kind, record_id, record_item, doc_no, record_authority, record_decided_on,
      system, authority_id, authority_name, reviewer_id, reviewer_name, division, state, policy_version, route, updated_at)
    values (${r.subjectId}, ${r.id}, ${r.applicationId}, ${r.kind}, ${r.recordId}, ${r.recordItem}, ${r.docNo}, ${r.recordAuthority},
      ${r.recordDecidedOn}, ${r.system}, ${r.authorityId}, ${r.authorityName}, ${r.reviewerId}, ${r.reviewerName}, ${r.division},
      'draft', ${r.policyVersion}, ${text(r.route)}::jsonb, ${r.updatedAt})`.execute(tx)
}

export const deleteItem = async (tx: Tx, key: { subjectId: string; id: string; item: string }): Promise<boolean> => {
  const done = await sql`
    delete from repair.item where subject_id = ${key.subjectId} and application_id = ${key.id} and id = ${key.item} and state = 'draft'`.execute(
    tx,
  )
  return done.numAffectedRows === 1n
}

export const saveDeclared = async (
  tx: Tx,
  r: { subjectId: string; id: string; seen: number; declared: object; statement: string; at: Instant },
): Promise<boolean> => {
  const done = await sql`
    update repair.item set declared = ${text(r.declared)}::jsonb, statement = ${r.statement}, version = version + 1, updated_at = ${r.at}
    where subject_id = ${r.subjectId} and id = ${r.id} and version = ${r.seen} and state = 'draft'`.execute(tx)
  return done.numAffectedRows === 1n
}

export type SavedMove = Pick<
  ItemRow,
  | 'subjectId'
  | 'id'
  | 'state'
  | 'clock'
  | 'asked'
  | 'proposal'
  | 'extended'
  | 'submittedOn'
  | 'acceptedOn'
  | 'decidedOn'
  | 'dueOn'
  | 'dueProvisional'
>
/** An act belongs to a move that was made: where the version is no longer the one that was seen, the act has no item and fails. */
const SAVE_MOVE = overRows(
  'repair.move',
  {
    subject_id: 'uuid',
    id: 'uuid',
    version: 'int',
    state: 'text',
    clock: 'jsonb',
    asked: 'jsonb',
    proposal: 'jsonb',
    extended: 'boolean',
    submitted_on: 'date',
    accepted_on: 'date',
    decided_on: 'date',
    due_on: 'date',
    due_provisional: 'boolean',
    at: 'timestamptz',
    act_id: 'uuid',
    action: 'text',
    from_state: 'text',
    on_day: 'date',
    actor: 'text',
    by_kind: 'text',
    authority_id: 'uuid',
    authority_name: 'text',
    note: 'text',
    basis: 'jsonb',
    letter: 'jsonb',
  },
  (rows) => `
  with asked as materialized (select * from ${rows}),
  moved as (
    update repair.item i set state = asked.state, clock = asked.clock, asked = asked.asked, proposal = asked.proposal,
      extended = asked.extended, submitted_on = asked.submitted_on, accepted_on = asked.accepted_on, decided_on = asked.decided_on,
      due_on = asked.due_on, due_provisional = asked.due_provisional, updated_at = asked.at, version = i.version + 1
    from asked where i.subject_id = asked.subject_id and i.id = asked.id and i.version = asked.version returning i.id
  )
  insert into repair.act (subject_id, id, item_id, action, from_state, to_state, at, on_day, actor, by_kind, authority_id, authority_name, note, basis, letter)
  select asked.subject_id, asked.act_id, moved.id, asked.action, asked.from_state, asked.state, asked.at, asked.on_day, asked.actor,
    asked.by_kind, asked.authority_id, asked.authority_name, asked.note, asked.basis, asked.letter
  from asked left join moved on moved.id = asked.id`,
)
const NOT_NULL = '23502'
const lost = (error: unknown): unknown =>
  error instanceof DatabaseError && error.code === NOT_NULL && error.column === 'item_id'
    ? new Refused(refuse('STALE').refusals)
    : error

/** The move and its act in one statement. It is refused, at the latest with the commit, when somebody else was faster. */
export const saveMove = (tx: Tx, move: SavedMove, seen: number, act: ActRow): Promise<void> =>
  writeRow(
    tx,
    SAVE_MOVE,
    [
      move.subjectId,
      move.id,
      seen,
      move.state,
      text(move.clock),
      text(move.asked),
      text(move.proposal),
      move.extended,
      move.submittedOn,
      move.acceptedOn,
      move.decidedOn,
      move.dueOn,
      move.dueProvisional,
      act.at,
      act.id,
      act.action,
      act.from,
      act.on,
      act.actor,
      act.by,
      act.authorityId,
      act.authorityName,
      act.note,
      text(act.basis),
      text(act.letter),
    ],
    lost,
  )

/** Where a draft goes when it is handed in. */
export const saveRoute = async (tx: Tx, r: NewItem): Promise<void> => {
  await sql`
    update repair.item set system = ${r.system}, authority_id = ${r.authorityId}, authority_name = ${r.authorityName},
      reviewer_id = ${r.reviewerId}, reviewer_name = ${r.reviewerName}, division = ${r.division},
      policy_version = ${r.policyVersion}, route = ${text(r.route)}::jsonb
    where subject_id = ${r.subjectId} and id = ${r.id}`.execute(tx)
}

export const actsOf = async (db: Reader, subjectId: string, itemIds: readonly string[]): Promise<ActRow[]> => {
  if (!itemIds.length) return []
  const { rows } = await sql<ActRow>`
    select subject_id as "subjectId", id, item_id as "itemId", action, from_state as "from", to_state as "to", at, on_day as "on",
      actor, by_kind as "by", authority_id as "authorityId", authority_name as "authorityName", note, basis, letter
    from repair.act where subject_id = ${subjectId} and item_id = any(${itemIds}::uuid[]) order by at, id`.execute(db)
  return rows
}

// ---- the queue

export type QueueFilter = {
  view: 'open' | 'waiting' | 'done'
  state?: ItemState
  item?: string
  kind?: Kind
  no?: string
  overdue?: boolean
  awaitingHead?: boolean
  today: LocalDate
  after: [string, string] | null
  limit: number
}

/** What of the queue is whose: the decider's states, and the first reviewer's. */
const VIEWS = {
  open: sql<boolean>`((i.state in ('received', 'accepted') and mine.decides) or (i.state = 'first_review' and mine.reviews))`,
  waiting: sql<boolean>`((i.state in ('mending', 'passed_on') and mine.decides) or (i.state = 'returned' and mine.reviews))`,
  done: sql<boolean>`(i.state not in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on') and mine.decides)`,
}
const mine = (actor: Actor): RawBuilder<unknown> => {
  const authorityId = actor.kind === 'person' ? actor.authorityId : null
  const roles = actor.kind === 'person' ? actor.roles : []
  const decides = roles.some((r) => r === 'officer' || r === 'head')
  return sql`cross join lateral (select (i.authority_id = ${authorityId}::uuid and ${decides}::boolean) as decides,
    (i.reviewer_id is not null and i.reviewer_id = ${authorityId}::uuid) as reviews) mine`
}

export const listQueue = async (
  db: Reader,
  actor: Actor,
  f: QueueFilter,
): Promise<(CaseRow & { decides: boolean })[]> => {
  const done = f.view === 'done'
  const after = f.after
    ? done
      ? sql`and (i.updated_at, i.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)`
      : sql`and (i.due_on, i.id) > (${f.after[0]}::date, ${f.after[1]}::uuid)`
    : sql``
  const { rows } = await sql<CaseRow & { decides: boolean }>`
    select ${caseColumns}, mine.decides ${joined} ${mine(actor)}
    where ${itemScope(actor)} and ${VIEWS[f.view]}
      ${f.state ? sql`and i.state = ${f.state}` : sql``}
      ${f.item ? sql`and i.record_item = ${f.item}` : sql``}
      ${f.kind ? sql`and i.kind = ${f.kind}` : sql``}
      ${f.no ? sql`and a.no = ${f.no}` : sql``}
      ${f.overdue ? sql`and i.due_on < ${f.today}` : sql``}
      ${f.awaitingHead ? sql`and i.proposal is not null` : sql``}
      ${after}
    order by ${done ? sql`i.updated_at desc, i.id desc` : sql`i.due_on, i.id`} limit ${f.limit}`.execute(db)
  return rows
}

export const countQueue = async (
  db: Reader,
  actor: Actor,
  today: LocalDate,
): Promise<{ open: number; overdue: number; waiting: number; awaitingHead: number }> => {
  const { rows } = await sql<{ open: number; overdue: number; waiting: number; awaitingHead: number }>`
    select count(*) filter (where ${VIEWS.open})::int as open,
      count(*) filter (where ${VIEWS.open} and i.due_on < ${today})::int as overdue,
      count(*) filter (where ${VIEWS.waiting})::int as waiting,
      count(*) filter (where i.proposal is not null and mine.decides)::int as "awaitingHead"
    from repair.item i ${mine(actor)}
    where ${itemScope(actor)} and (i.state in ('first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on') or i.proposal is not null)`.execute(
    db,
  )
  return rows[0] ?? { open: 0, overdue: 0, waiting: 0, awaitingHead: 0 }
}

export type ProvisionalRow = { subjectId: string; id: string; clock: ClockState | null; dueOn: LocalDate | null }
export const listProvisional = async (db: Reader): Promise<ProvisionalRow[]> =>
  (
    await sql<ProvisionalRow>`
    select subject_id as "subjectId", id, clock, due_on as "dueOn" from repair.item where due_provisional order by due_on limit 1000`.execute(
      db,
    )
  ).rows

/** Only the computed day: neither version nor state changes. */
export const saveDue = async (
  tx: Tx,
  r: { subjectId: string; id: string; dueOn: LocalDate; dueProvisional: boolean },
): Promise<void> => {
  await sql`update repair.item set due_on = ${r.dueOn}, due_provisional = ${r.dueProvisional}
    where subject_id = ${r.subjectId} and id = ${r.id}`.execute(tx)
}

// ---- materials

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

// ---- bars

export type BarRow = { recordId: string | null; system: RepairSystem; validTo: LocalDate }
export const barsOf = async (db: Reader, subjectId: string): Promise<BarRow[]> =>
  (
    await sql<BarRow>`select record_id as "recordId", system, valid_to as "validTo" from repair.bar where subject_id = ${subjectId}`.execute(
      db,
    )
  ).rows

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
