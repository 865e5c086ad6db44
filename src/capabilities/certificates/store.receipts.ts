import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { eventsBetween } from '../../platform/follow.ts'
import type { ReceiptFacts } from './contract.receipts.ts'
import { CERTIFICATES, inScope } from './store.ts'
import type { ReceiptOutcome, ReceiptScope, ReceiptState } from './words.receipts.ts'

/** Every statement on receipts of propagation. */
export type ReceiptRow = {
  subjectId: string
  id: string
  scope: ReceiptScope
  recordId: string | null
  itemId: string | null
  applicationId: string | null
  applicationNo: string
  year: number
  n: number
  code: string
  withdrawnAt: Instant
  openedAt: Instant
  state: ReceiptState
  outcome: ReceiptOutcome | null
  facts: ReceiptFacts | null
  token: string | null
  finalAt: Instant | null
}
const columns = sql.raw(`r.subject_id as "subjectId", r.id, r.scope, r.record_id as "recordId", r.item_id as "itemId",
  r.application_id as "applicationId", r.application_no as "applicationNo", r.year, r.n, r.code, r.withdrawn_at as "withdrawnAt",
  r.opened_at as "openedAt", r.state, r.outcome, r.facts, r.token, r.final_at as "finalAt"`)

export type NewReceipt = Omit<ReceiptRow, 'state' | 'outcome' | 'facts' | 'token' | 'finalAt'>

export type Taken = {
  eventId: string
  subjectId: string
  recordId: string
  at: Instant
  itemId: string | null
  applicationId: string | null
  applicationNo: string | null
}
/** What took records down for good in the commits of (from, to]; what expired or follows a change of rules has no receipt. */
export const takenDown = async (db: Reader, from: number, to: number): Promise<Taken[]> =>
  (
    await sql<Taken>`
      select e.id as "eventId", e.subject_id as "subjectId", e.record_id as "recordId", e.at, i.id as "itemId",
        i.application_id as "applicationId", i.no as "applicationNo"
      from ${eventsBetween(from, to)} e
      -- Of each event by itself: joined as tables, every item that there is would be read each time.
      left join lateral (
        select v.id, v.application_id, v.no from repair.v_item v
        where v.subject_id = e.subject_id and v.id::text = e.details->>'case' limit 1) i on true
      where e.kind = 'record.withdrawn' and e.record_id is not null
        and e.details->>'kind' in ('repaired', 'annulled', 'delisted')
      order by e.position, e.id`.execute(db)
  ).rows

const NAME = 'receipts'
const LOCK = 7_716_035
export const lockReceipts = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
}
export const receiptsRead = async (db: Reader): Promise<number> =>
  (await sql<{ position: number }>`select position from certificates.progress where name = ${NAME}`.execute(db)).rows[0]
    ?.position ?? 0
export const saveReceiptsRead = async (tx: Tx, position: number): Promise<void> => {
  await sql`insert into certificates.progress (name, position) values (${NAME}, ${position})
    on conflict (name) do update set position = excluded.position`.execute(tx)
}

/** Of an application there is one, which grows with it. */
export const insertReceipts = async (tx: Tx, rows: readonly NewReceipt[]): Promise<void> => {
  if (!rows.length) return
  // As one parameter: a day of a court's list, or of a change of the rules, takes down more than one statement has parameters.
  await sql`
    insert into certificates.propagation_receipt (subject_id, id, scope, record_id, item_id, application_id, application_no, year, n,
      code, withdrawn_at, opened_at, state)
    select r."subjectId", r.id, r.scope, r."recordId", r."itemId", r."applicationId", r."applicationNo", r.year, r.n, r.code,
      r."withdrawnAt", r."openedAt", 'open'
    from jsonb_to_recordset(${json(rows)}::jsonb) as r("subjectId" uuid, id uuid, scope text, "recordId" uuid, "itemId" uuid,
      "applicationId" uuid, "applicationNo" text, year int, n int, code text, "withdrawnAt" timestamptz, "openedAt" timestamptz)
    on conflict (subject_id, application_id) where scope = 'application' do nothing`.execute(tx)
}
export const applicationsWithReceipt = async (db: Reader, ids: readonly string[]): Promise<Set<string>> => {
  if (!ids.length) return new Set()
  const { rows } = await sql<{ id: string }>`select application_id as id from certificates.propagation_receipt
    where scope = 'application' and application_id = any(${[...ids]}::uuid[])`.execute(db)
  return new Set(rows.map((r) => r.id))
}

export const openReceipts = async (db: Reader, limit: number): Promise<ReceiptRow[]> =>
  (
    await sql<ReceiptRow>`select ${columns} from certificates.propagation_receipt r where r.state = 'open'
      order by r.checked_at nulls first, r.id limit ${limit}`.execute(db)
  ).rows
export const markChecked = async (tx: Tx, ids: readonly string[], at: Instant): Promise<void> => {
  await sql`update certificates.propagation_receipt set checked_at = ${at}
    where id = any(${[...ids]}::uuid[]) and state = 'open'`.execute(tx)
}
/** Once and for ever. */
export type Final = Pick<ReceiptRow, 'subjectId' | 'id'> & {
  outcome: ReceiptOutcome
  facts: ReceiptFacts
  token: string
  at: Instant
}
/** Answers the ids of those that were still open. Each is found by its own key: their state would lead through all that are open. */
export const finish = async (tx: Tx, finals: readonly Final[]): Promise<Set<string>> => {
  const { rows } = await sql<{ id: string }>`
    update certificates.propagation_receipt r
    set state = 'final', outcome = f.outcome, facts = f.facts, token = f.token, final_at = f.at
    from jsonb_to_recordset(${json(finals)}::jsonb) as f("subjectId" uuid, id uuid, outcome text, facts jsonb, token text, at timestamptz)
    where r.subject_id = f."subjectId" and r.id = f.id and (r.state = 'open') is true
    returning r.id`.execute(tx)
  return new Set(rows.map((r) => r.id))
}

export const receiptByCode = async (db: Reader, code: string): Promise<ReceiptRow | null> =>
  (
    await sql<ReceiptRow>`select ${columns} from certificates.propagation_receipt r where r.code = ${code} limit 1`.execute(
      db,
    )
  ).rows[0] ?? null
type Wholes = readonly Pick<ReceiptRow, 'subjectId' | 'id' | 'applicationId'>[]
/** Receipts of applications as a table `w`. */
const wholesAs = (of: Wholes) => {
  const column = (key: keyof Wholes[number]) => of.map((w) => w[key])
  return sql`unnest(${column('id')}::uuid[], ${column('subjectId')}::uuid[], ${column('applicationId')}::uuid[])
    as w(id, subject_id, application_id)`
}
/** Of each application its records that were taken down, in the order in which it happened; by the application's receipt. */
export const partsOf = async (db: Reader, of: Wholes): Promise<Map<string, ReceiptRow[]>> => {
  if (!of.length) return new Map()
  const { rows } = await sql<ReceiptRow & { whole: string }>`select w.id as whole, ${columns} from ${wholesAs(of)}
      join certificates.propagation_receipt r on r.subject_id = w.subject_id and r.application_id = w.application_id
        and r.scope = 'record'
      order by r.opened_at, r.id`.execute(db)
  return Map.groupBy(rows, (r) => r.whole)
}
/** Receipts of those applications of which anything may still be granted. */
export const underWay = async (db: Reader, of: Wholes): Promise<Set<string>> => {
  if (!of.length) return new Set()
  const { rows } = await sql<{ id: string }>`select distinct w.id from ${wholesAs(of)}
      join repair.v_item i on i.subject_id = w.subject_id and i.application_id = w.application_id
        and i.state in ('first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on')`.execute(db)
  return new Set(rows.map((r) => r.id))
}

export const listReceipts = async (
  db: Reader,
  actor: Actor,
  f: {
    subject?: string | undefined
    record?: string | undefined
    application?: string | undefined
    state?: ReceiptState | undefined
    outcome?: ReceiptOutcome | undefined
    after: readonly [string, string] | null
    limit: number
  },
): Promise<ReceiptRow[]> => {
  const all = actor.kind === 'person' && actor.roles.includes('auditor')
  // What is withdrawn without a case belongs to its subject, and to the office that watches over the exchange.
  const uncased =
    actor.kind === 'person' && actor.roles.includes('credit_office')
      ? sql`or r.item_id is null`
      : actor.kind === 'person' && actor.roles.includes('enterprise') && actor.subjectIds.length
        ? sql`or r.subject_id = any(${[...actor.subjectIds]}::uuid[])`
        : sql``
  const { rows } = await sql<ReceiptRow>`select ${columns} from certificates.propagation_receipt r
    where (${
      all
        ? sql`true`
        : sql`exists (
        select 1 from (select i.subject_id, i.division, i.authority_id as decider_id, i.reviewer_id, i.window_authority_id, i.id,
          i.application_id from repair.v_item i) v
        where v.subject_id = r.subject_id and v.application_id = r.application_id and ${inScope(actor, CASES)}
      ) ${uncased}`
    })
      ${f.subject ? sql`and r.subject_id = ${f.subject}` : sql``}
      ${f.record ? sql`and r.record_id = ${f.record}` : sql``}
      ${f.application ? sql`and r.application_id = ${f.application}` : sql``}
      ${f.state ? sql`and r.state = ${f.state}` : sql``}
      ${f.outcome ? sql`and r.outcome = ${f.outcome}` : sql``}
      ${f.after ? sql`and (r.opened_at, r.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql``}
    order by r.opened_at desc, r.id desc limit ${f.limit}`.execute(db)
  return rows
}
const CASES: typeof CERTIFICATES = CERTIFICATES
