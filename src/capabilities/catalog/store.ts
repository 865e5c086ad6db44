import { sql } from 'kysely'
import type { CatalogItem } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { type ProposalColumns, isoOf, proposalColumns, proposalPage, proposalStore } from '../../platform/proposals.ts'
import type { Fault } from './rules.ts'
import type { Origin, PreviewState } from './states.ts'

export type Preview = {
  state: PreviewState
  total: number
  checked: number
  failing: number
  faults: (Fault & { n: number })[]
  afterSubject: string | null
  afterRecord: string | null
  startedAt: string
  finishedAt: string | null
}
export type Proposal = ProposalColumns & {
  item: string
  origin: Origin
  definition: CatalogItem
  preview: Preview
}

const COLUMNS = sql`${proposalColumns}, p.item, p.origin, p.definition,
  json_build_object('state', v.state, 'total', v.total, 'checked', v.checked, 'failing', v.failing, 'faults', v.faults,
    'afterSubject', v.after_subject, 'afterRecord', v.after_record, 'startedAt', ${isoOf('v.started_at')},
    'finishedAt', ${isoOf('v.finished_at')}) as preview`
const FROM = sql`catalog.proposal p join catalog.preview v on v.proposal_id = p.id`

export const insertProposal = async (
  tx: Tx,
  p: Pick<
    Proposal,
    | 'id'
    | 'item'
    | 'origin'
    | 'definition'
    | 'sourceText'
    | 'reason'
    | 'effectiveFrom'
    | 'state'
    | 'createdAt'
    | 'createdBy'
    | 'createdName'
  >,
): Promise<void> => {
  await sql`
    insert into catalog.proposal (id, item, origin, definition, source_text, reason, effective_from, state, created_at, created_by, created_name)
    values (${p.id}, ${p.item}, ${p.origin}, ${json(p.definition)}::jsonb, ${p.sourceText}, ${p.reason}, ${p.effectiveFrom}::date,
      ${p.state}, ${p.createdAt}::timestamptz, ${p.createdBy}, ${p.createdName})`.execute(tx)
  await sql`insert into catalog.preview (proposal_id, state, started_at)
    values (${p.id}, 'waiting', ${p.createdAt}::timestamptz)`.execute(tx)
}

export const findProposal = async (db: Reader, id: string): Promise<Proposal | null> => {
  const { rows } = await sql<Proposal>`select ${COLUMNS} from ${FROM} where p.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export const listProposals = async (
  db: Reader,
  ask: {
    state?: string | undefined
    item?: string | undefined
    after: readonly [string, string] | null
    limit: number
  },
): Promise<Proposal[]> => {
  const { rows } = await sql<Proposal>`
    select ${COLUMNS} from ${FROM}
    where ${ask.item ? sql`p.item = ${ask.item}` : sql`true`} and ${proposalPage(ask)}`.execute(db)
  return rows
}

export const { saveMove, readCounter, raiseCounter } = proposalStore('catalog')

// ---- what is in force

export const approvedItems = async (
  db: Reader,
): Promise<{ id: string; definition: unknown; effectiveFrom: LocalDate }[]> => {
  const { rows } = await sql<{ id: string; definition: unknown; effectiveFrom: LocalDate }>`
    select id, definition, effective_from as "effectiveFrom" from catalog.proposal where state = 'approved'
    order by effective_from, id`.execute(db)
  return rows
}

// ---- the preview

export const restartPreview = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`delete from catalog.preview_row where proposal_id = ${id}`.execute(tx)
  await sql`
    update catalog.preview set state = 'waiting', total = 0, checked = 0, failing = 0, faults = '[]', after_subject = null,
      after_record = null, started_at = ${at}::timestamptz, finished_at = null, lease_until = null
    where proposal_id = ${id}`.execute(tx)
}

/** Takes up one that waits, or one that whoever was at it has left; null when there is none. */
export const claimPreview = async (tx: Tx, now: Instant, until: Instant): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    update catalog.preview set state = 'running', lease_until = ${until}::timestamptz
    where state <> 'done' and (lease_until is null or lease_until < ${now}::timestamptz) and proposal_id = (
      select proposal_id from catalog.preview
      where state <> 'done' and (lease_until is null or lease_until < ${now}::timestamptz) order by started_at limit 1)
    returning proposal_id as id`.execute(tx)
  return rows[0]?.id ?? null
}

export type Content = {
  subjectId: string
  id: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  fields: Record<string, unknown>
  innerFields: Record<string, unknown> | null
  secret: Buffer | null
}
const FIRST = '00000000-0000-0000-0000-000000000000'
/** What is held of an item, in the order of its key, a stretch at a time. */
export const contentAfter = async (
  db: Reader,
  ask: { item: string; subject: string | null; record: string | null; limit: number },
): Promise<Content[]> => {
  const { rows } = await sql<Content>`
    select subject_id as "subjectId", id, authority_name as "authorityName", doc_no as "docNo", decided_on as "decidedOn",
      fields, inner_fields as "innerFields", secret
    from records.v_content
    where item = ${ask.item} and (subject_id, id) > (${ask.subject ?? FIRST}::uuid, ${ask.record ?? FIRST}::uuid)
    order by subject_id, id limit ${ask.limit}`.execute(db)
  return rows
}
export const countHeld = async (db: Reader, item: string): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from records.v_content where item = ${item}`.execute(db)
  return rows[0]?.n ?? 0
}

export type StoredRow = {
  n: number
  subjectId: string
  recordId: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  problems: unknown
}
/**
 * One stretch done: counts, place and rows together, so that whoever goes on counts nothing twice. False when the lease it was
 * done under is gone: somebody began anew, or took it up after a long silence.
 */
export const saveStretch = async (
  tx: Tx,
  id: string,
  p: Omit<Preview, 'startedAt'> & { lease: Instant; leaseUntil: Instant | null },
  rows: readonly StoredRow[],
): Promise<boolean> => {
  const saved = await sql`
    update catalog.preview set state = ${p.state}, total = ${p.total}, checked = ${p.checked}, failing = ${p.failing},
      faults = ${json(p.faults)}::jsonb, after_subject = ${p.afterSubject}, after_record = ${p.afterRecord},
      finished_at = ${p.finishedAt}::timestamptz, lease_until = ${p.leaseUntil}::timestamptz
    where proposal_id = ${id} and lease_until = ${p.lease}::timestamptz returning proposal_id`.execute(tx)
  if (!saved.rows.length) return false
  if (rows.length)
    await sql`
      insert into catalog.preview_row (proposal_id, n, subject_id, record_id, authority_name, doc_no, decided_on, problems)
      select ${id}::uuid, r.n, r."subjectId", r."recordId", r."authorityName", r."docNo", r."decidedOn", r.problems
      from jsonb_to_recordset(${json(rows)}::jsonb) as r(n int, "subjectId" uuid, "recordId" uuid, "authorityName" text, "docNo" text,
        "decidedOn" date, problems jsonb)`.execute(tx)
  return true
}

export const listPreviewRows = async (
  db: Reader,
  ask: { id: string; field?: string | undefined; after: number; limit: number },
): Promise<StoredRow[]> => {
  const { rows } = await sql<StoredRow>`
    select n, subject_id as "subjectId", record_id as "recordId", authority_name as "authorityName", doc_no as "docNo",
      decided_on as "decidedOn", problems
    from catalog.preview_row
    where proposal_id = ${ask.id} and n > ${ask.after}
      and ${ask.field ? sql`problems @> ${json([{ field: ask.field }])}::jsonb` : sql`true`}
    order by n limit ${ask.limit}`.execute(db)
  return rows
}
