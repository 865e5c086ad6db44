import { sql } from 'kysely'
import type { LocalDate, Instant } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { type Reader, type RowsStatement, type Tx, askRow, overRows } from '../../platform/db/index.ts'
import type { ClockState } from './rules.clock.ts'
import { type ItemState, OPEN_STATES } from './states.ts'
import { type ActRow, type CaseRow, type FullCase, type ItemRow, text } from './store.rows.ts'
import { applicantScope } from './store.scope.ts'

const ITEM_COLUMNS = `
  i.subject_id as "subjectId", i.id, i.application_id as "applicationId", i.kind, i.record_id as "recordId",
  i.record_item as "recordItem", i.doc_no as "docNo", i.record_authority as "recordAuthority",
  i.record_decided_on as "recordDecidedOn", i.system, i.authority_id as "authorityId", i.authority_name as "authorityName",
  i.reviewer_id as "reviewerId", i.reviewer_name as "reviewerName", i.division, i.state, i.policy_version as "policyVersion",
  i.route, i.statement, i.declared, i.submitted_on as "submittedOn", i.accepted_on as "acceptedOn",
  i.decided_on as "decidedOn", i.due_on as "dueOn", i.due_provisional as "dueProvisional", i.clock, i.asked, i.proposal,
  i.extended, i.version, i.updated_at as "updatedAt"`
const CASE_COLUMNS = `${ITEM_COLUMNS}, a.no, a.way_in as "wayIn", a.subject_name as "subjectName", a.commitment_at as "commitmentAt", a.window_authority_id as "windowAuthorityId"`
export const caseColumns = sql.raw(CASE_COLUMNS)
export const joined = sql.raw(
  'from repair.item i join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id',
)

export const itemsOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<CaseRow[]> =>
  (
    await sql<CaseRow>`select ${caseColumns} ${joined}
    where i.subject_id = ${key.subjectId} and i.application_id = ${key.id} order by i.id`.execute(db)
  ).rows

const EARLIER = 20
/** Other items about the same record that were handed in. */
export const itemsAbout = async (
  db: Reader,
  of: { subjectId: string; recordId: string; id: string },
): Promise<CaseRow[]> =>
  (
    await sql<CaseRow>`select ${caseColumns} ${joined}
    where i.subject_id = ${of.subjectId} and i.record_id = ${of.recordId} and i.id <> ${of.id} and i.state <> 'draft'
    order by i.submitted_on desc, i.id desc limit ${EARLIER}`.execute(db)
  ).rows

export type ItemKey = { subject: string; item: string }

const FULL_COLUMNS = `${CASE_COLUMNS}, row_to_json(h) as held,
  (select max(b.valid_to) from repair.bar b where b.subject_id = i.subject_id
    and (b.record_id = i.record_id or (b.record_id is null and b.system = i.system))) as "barredUntil",
  exists (select 1 from repair.item s where s.subject_id = i.subject_id and s.record_id = i.record_id
    and s.kind = 'shield' and s.state = 'plan_completed') as "planCompleted"`
const ACTS = `(select coalesce(json_agg(json_build_object('subjectId', t.subject_id, 'id', t.id, 'itemId', t.item_id, 'action', t.action,
      'from', t.from_state, 'to', t.to_state, 'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'on', t.on_day, 'actor', t.actor, 'by', t.by_kind, 'authorityId', t.authority_id, 'authorityName', t.authority_name,
      'note', t.note, 'basis', t.basis, 'letter', t.letter) order by t.at, t.id), '[]')
    from repair.act t where t.subject_id = i.subject_id and t.item_id = i.id) as acts`
const FROM_ITEM = 'repair.item i'
const WITH_RECORD = (
  view: string,
) => `join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
  join records.${view} h on h."subjectId" = i.subject_id and h.id = i.record_id`
const WITH_CASE = WITH_RECORD('v_standing')

/** For the applicant's own moves. */
export const findOwnItem = async (db: Reader, actor: Actor, key: ItemKey): Promise<FullCase | null> =>
  (
    await sql<FullCase>`select ${sql.raw(FULL_COLUMNS)} from ${sql.raw(`${FROM_ITEM} ${WITH_CASE}`)}
    where i.subject_id = ${key.subject} and i.id = ${key.item} and ${applicantScope(actor)}`.execute(db)
  ).rows[0] ?? null

const ASKED_CASE = { subject_id: 'uuid', id: 'uuid', authority_id: 'uuid', decides: 'boolean', reviews: 'boolean' }
const CASE = (
  asked: string,
  columns = FULL_COLUMNS,
  record = WITH_CASE,
) => `select asked.n, ${columns} from ${asked} join ${FROM_ITEM}
    on i.subject_id = asked.subject_id and i.id = asked.id ${record}
  where i.state <> 'draft'
    and ((i.authority_id = asked.authority_id and asked.decides) or (i.reviewer_id = asked.authority_id and asked.reviews))`
const CASE_OPEN = overRows('repair.case', ASKED_CASE, (asked) => CASE(asked))
const CASE_HELD = overRows('repair.case_held', ASKED_CASE, (asked) => CASE(asked), 'for update of h')
const CASE_TOLD = overRows('repair.case_told', ASKED_CASE, (asked) =>
  CASE(asked, `${FULL_COLUMNS}, ${ACTS}`, WITH_RECORD('v_held')),
)
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
/**
 * For the authority's moves: one statement, planned once a connection. With `hold` the record is this transaction's own; beside
 * others it is not locked, and the disposition is written only if the record is still as it was read.
 */
export const findCase = (db: Tx, actor: Actor, key: ItemKey, hold: boolean): Promise<FullCase | null> =>
  askCase(db, hold ? CASE_HELD : CASE_OPEN, actor, key)
/** For the platform's own steps, which nobody takes: the case as its authority has it. */
export const findCaseOf = async (db: Tx, key: ItemKey, authorityId: string, hold = false): Promise<FullCase | null> =>
  (await askRow<FullCase>(db, hold ? CASE_HELD : CASE_OPEN, [key.subject, key.item, authorityId, true, false]))[0] ??
  null
/** For whoever reads it: with all that was done and written, and what the record says. */
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

/** Where a draft goes when it is handed in. */
export const saveRoute = async (tx: Tx, r: NewItem): Promise<void> => {
  await sql`
    update repair.item set system = ${r.system}, authority_id = ${r.authorityId}, authority_name = ${r.authorityName},
      reviewer_id = ${r.reviewerId}, reviewer_name = ${r.reviewerName}, division = ${r.division},
      policy_version = ${r.policyVersion}, route = ${text(r.route)}::jsonb
    where subject_id = ${r.subjectId} and id = ${r.id}`.execute(tx)
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
