import { sql } from 'kysely'
import { type Page, pageOf } from '../../kernel/page.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { type FindingState, MISSING_STATES } from './states.ts'
import { type Scope, type Span, dayCursor, inDays, listed, ofItem, within } from './store.ts'
import type { FindingKind } from './words.ts'

export type Finding = {
  id: string
  authorityId: string
  item: string
  kind: FindingKind
  docNo: string
  docKey: string
  decidedOn: LocalDate
  dueOn: LocalDate
  heldBefore: string | null
  heldAfter: string | null
  subjectId: string | null
  recordId: string | null
  listId: string | null
  state: FindingState
  explanation: string
  decision: string
  foundAt: Instant
  version: number
}
const columns = sql`f.id, f.authority_id as "authorityId", f.item, f.kind, f.doc_no as "docNo", f.doc_key as "docKey",
  f.decided_on as "decidedOn", f.due_on as "dueOn", f.held_before as "heldBefore", f.held_after as "heldAfter",
  f.subject_id as "subjectId", f.record_id as "recordId", f.list_id as "listId", f.state, f.explanation, f.decision,
  f.found_at as "foundAt", f.version`

export const findingPage = async (
  db: Reader,
  ask: {
    scope: Scope
    span: Span
    item?: string | undefined
    state?: FindingState | undefined
    kind?: FindingKind | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<Finding>> => {
  const after = dayCursor(ask.after)
  const { rows } = await sql<Finding>`
    select ${columns} from timeliness.finding f
    where ${within(ask.scope, 'f.authority_id')} and ${ofItem(ask.item, 'f.item')} and ${inDays(ask.span, 'f.decided_on')}
      and ${ask.state ? sql`f.state = ${ask.state}` : sql`true`} and ${ask.kind ? sql`f.kind = ${ask.kind}` : sql`true`}
      and ${after ? sql`(f.decided_on, f.id) < (${after[0]}::date, ${after[1]}::uuid)` : sql`true`}
    order by f.decided_on desc, f.id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.decidedOn, r.id])
}
export const findFinding = async (db: Reader, id: string): Promise<Finding | null> =>
  (await sql<Finding>`select ${columns} from timeliness.finding f where f.id = ${id}`.execute(db)).rows[0] ?? null

export type FindingMove = { state: FindingState; explanation: string; decision: string; at: Instant }
export const saveFinding = async (tx: Tx, id: string, to: FindingMove, seen: number): Promise<boolean> =>
  (
    await sql<{ id: string }>`
    update timeliness.finding f set state = ${to.state}, explanation = ${to.explanation}, decision = ${to.decision},
      changed_at = ${to.at}::timestamptz, version = f.version + 1
    where f.id = ${id} and f.version = ${seen} returning f.id`.execute(tx)
  ).rows.length > 0

export type NewFinding = Omit<Finding, 'state' | 'explanation' | 'decision' | 'foundAt' | 'version'>
/** A decision is found once: what is known of it already stays as it stands. Answers how many are new. */
export const insertFindings = async (tx: Tx, rows: readonly NewFinding[], at: Instant): Promise<number> => {
  if (!rows.length) return 0
  const { rows: made } = await sql<{ id: string }>`
    insert into timeliness.finding (id, authority_id, item, kind, doc_no, doc_key, decided_on, due_on, held_before, held_after,
      subject_id, record_id, list_id, state, found_at, changed_at)
    select a.id, a."authorityId", a.item, a.kind, a."docNo", a."docKey", a."decidedOn", a."dueOn", a."heldBefore", a."heldAfter",
      a."subjectId", a."recordId", a."listId", 'open', ${at}::timestamptz, ${at}::timestamptz
    from jsonb_to_recordset(${json(rows)}::jsonb) as a(id uuid, "authorityId" uuid, item text, kind text, "docNo" text, "docKey" text,
      "decidedOn" date, "dueOn" date, "heldBefore" text, "heldAfter" text, "subjectId" uuid, "recordId" uuid, "listId" uuid)
    on conflict on constraint finding_once do nothing
    returning id`.execute(tx)
  return made.length
}

/** What is still missing of an authority. */
export const missingOf = async (db: Reader, authorityId: string): Promise<Finding[]> =>
  (
    await sql<Finding>`
    select ${columns} from timeliness.finding f
    where f.authority_id = ${authorityId} and f.state in (${listed(MISSING_STATES)})`.execute(db)
  ).rows
export const markReported = async (tx: Tx, ids: readonly string[], at: Instant): Promise<number> =>
  (
    await sql<{ id: string }>`
    update timeliness.finding f set state = 'reported', changed_at = ${at}::timestamptz, version = f.version + 1
    where f.id = any(${[...ids]}::uuid[]) and f.state in (${listed(MISSING_STATES)}) returning f.id`.execute(tx)
  ).rows.length

// ---- what is looked through

export type HeldDecision = { recordId: string; item: string; docNo: string; docKey: string; decidedOn: LocalDate }
/** What an authority has reported since a day, in lumps. What was annulled since was reported all the same. */
export const heldDecisions = async (
  db: Reader,
  ask: {
    authorityId: string
    since: LocalDate
    after: { decidedOn: LocalDate; recordId: string } | null
    limit: number
  },
): Promise<HeldDecision[]> =>
  (
    await sql<HeldDecision>`
    select r.record_id as "recordId", r.item, r.doc_no as "docNo", r.doc_key as "docKey", r.decided_on as "decidedOn"
    from records.v_reported r
    where r.authority_id = ${ask.authorityId} and r.decided_on >= ${ask.since}::date
      and ${ask.after ? sql`(r.decided_on, r.record_id) < (${ask.after.decidedOn}::date, ${ask.after.recordId}::uuid)` : sql`true`}
    order by r.decided_on desc, r.record_id desc limit ${ask.limit}`.execute(db)
  ).rows

export type LicenceAffected = {
  subjectId: string
  recordId: string
  docNo: string
  decidedOn: LocalDate
  named: string
}
export const licencesAffected = async (db: Reader, authorityId: string, since: LocalDate): Promise<LicenceAffected[]> =>
  (
    await sql<LicenceAffected>`
    select l.subject_id as "subjectId", l.record_id as "recordId", l.doc_no as "docNo", l.decided_on as "decidedOn", l.named
    from records.v_licence_affected l where l.authority_id = ${authorityId} and l.decided_on >= ${since}::date`.execute(
      db,
    )
  ).rows

/** Authorities of whom something has come in since they were last looked through, or who were last looked through before. */
export const authoritiesToScan = async (db: Reader, before: Instant, limit: number): Promise<string[]> =>
  (
    await sql<{ id: string }>`
    select a.authority_id as id from timeliness.authority a
    where a.scanned_at is null or a.scanned_at < ${before}::timestamptz
    order by a.scanned_at nulls first, a.authority_id limit ${limit}`.execute(db)
  ).rows.map((r) => r.id)
export const saveScan = async (tx: Tx, authorityId: string, at: Instant): Promise<void> => {
  await sql`update timeliness.authority set scanned_at = ${at}::timestamptz where authority_id = ${authorityId}`.execute(
    tx,
  )
}
