import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Database, type Reader, type Tx, copyLine, json } from '../../platform/db/index.ts'
import { FIGURES, type Figure, bitOf } from '../../kernel/window-change.ts'
import type { PassPurpose, PassState } from './states.ts'
import type { Pass } from './store.ts'

/** Passes over the records, and what a preview found. */

export const restartPreview = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`delete from policies.preview_row where proposal_id = ${id}`.execute(tx)
  await sql`delete from policies.preview_count where proposal_id = ${id}`.execute(tx)
  await sql`
    update policies.pass set state = 'waiting', total = 0, checked = 0, figures = '{}', after_subject = null, after_record = null,
      started_at = ${at}::timestamptz, finished_at = null, lease_until = null
    where proposal_id = ${id} and purpose = 'preview'`.execute(tx)
}
export const stopPreview = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql`
    update policies.pass set state = 'cancelled', lease_until = null
    where proposal_id = ${id} and purpose = 'preview' and state in ('waiting', 'running') returning proposal_id`.execute(
    tx,
  )
  return rows.length > 0
}

/** An approved change waits for its day; one that is taken back does nothing. */
export const planApplication = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`
    insert into policies.pass (proposal_id, purpose, state, started_at) values (${id}, 'application', 'waiting', ${at}::timestamptz)
    on conflict (proposal_id, purpose) do update set state = 'waiting', started_at = excluded.started_at`.execute(tx)
}
export const dropApplication = async (tx: Tx, id: string): Promise<void> => {
  await sql`delete from policies.pass where proposal_id = ${id} and purpose = 'application'`.execute(tx)
}

/** Takes up a preview that waits, or one that whoever was at it has left; null when there is none. */
export const claimPreview = async (tx: Tx, now: Instant, until: Instant): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    update policies.pass set state = 'running', lease_until = ${until}::timestamptz
    where purpose = 'preview' and state in ('waiting', 'running') and (lease_until is null or lease_until < ${now}::timestamptz)
      and proposal_id = (
        select proposal_id from policies.pass
        where purpose = 'preview' and state in ('waiting', 'running') and (lease_until is null or lease_until < ${now}::timestamptz)
        order by started_at limit 1)
    returning proposal_id as id`.execute(tx)
  return rows[0]?.id ?? null
}

/** The same for a change whose day has come; once more from the beginning on the day after it was first done. */
export const claimApplication = async (
  tx: Tx,
  ask: { now: Instant; until: Instant; today: LocalDate },
): Promise<string | null> => {
  const due = sql`a.purpose = 'application' and (
      (a.state in ('waiting', 'running') and (a.lease_until is null or a.lease_until < ${ask.now}::timestamptz))
      or (a.state = 'done' and a.again_on <= ${ask.today}::date))`
  const { rows } = await sql<{ id: string }>`
    with due as (
      select a.proposal_id, a.state from policies.pass a join policies.proposal p on p.id = a.proposal_id
      where ${due} and p.state = 'approved' and p.effective_from <= ${ask.today}::date
      order by p.effective_from limit 1
    )
    update policies.pass a set state = 'running', lease_until = ${ask.until}::timestamptz,
      again_on = case when due.state = 'done' then null else a.again_on end,
      finished_at = case when due.state = 'done' then null else a.finished_at end,
      checked = case when due.state = 'done' then 0 else a.checked end,
      after_subject = case when due.state = 'done' then null else a.after_subject end,
      after_record = case when due.state = 'done' then null else a.after_record end,
      figures = case when due.state = 'done' then a.figures || '{"again": 1}'::jsonb else a.figures end
    from due where a.proposal_id = due.proposal_id and ${due}
    returning a.proposal_id as id`.execute(tx)
  return rows[0]?.id ?? null
}

export type Progress = Omit<Pass, 'startedAt'> & {
  lease: Instant
  leaseUntil: Instant | null
  againOn: LocalDate | null
}
/**
 * Place and figures after one stretch. False when the lease it was done under is gone: somebody stopped it, began anew, or
 * took it up after a long silence.
 */
export const saveProgress = async (tx: Tx, id: string, purpose: PassPurpose, p: Progress): Promise<boolean> => {
  const state: PassState = p.state
  const { rows } = await sql`
    update policies.pass set state = ${state}, total = ${p.total}, checked = ${p.checked}, figures = ${json(p.figures)}::jsonb,
      after_subject = ${p.afterSubject}, after_record = ${p.afterRecord}, finished_at = ${p.finishedAt}::timestamptz,
      lease_until = ${p.leaseUntil}::timestamptz, again_on = ${p.againOn}::date
    where proposal_id = ${id} and purpose = ${purpose} and lease_until = ${p.lease}::timestamptz returning proposal_id`.execute(
    tx,
  )
  return rows.length > 0
}

/** Whether a pass is still in the hands of whoever took it up; nobody else takes it until the end of the transaction. */
export const holdLease = async (tx: Tx, id: string, purpose: PassPurpose, lease: Instant): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from policies.pass where proposal_id = ${id} and purpose = ${purpose} and lease_until = ${lease}::timestamptz
    for update`.execute(tx)
  return rows.length > 0
}

// ---- what a preview found

export type FoundRow = {
  n: number
  subjectId: string
  recordId: string
  authorityId: string
  authorityName: string
  item: string
  docNo: string
  decidedOn: LocalDate
  figures: number
  changes: unknown
}
const ROW_COLUMNS =
  'proposal_id n subject_id record_id authority_id authority_name item doc_no decided_on figures changes'
export const addRows = async (db: Database, tx: Tx, id: string, rows: readonly FoundRow[]): Promise<void> => {
  if (!rows.length) return
  const lines = rows.map((r) =>
    copyLine([
      id,
      r.n,
      r.subjectId,
      r.recordId,
      r.authorityId,
      r.authorityName,
      r.item,
      r.docNo,
      r.decidedOn,
      r.figures,
      JSON.stringify(r.changes),
    ]),
  )
  await db.copyRows(tx, 'policies.preview_row', ROW_COLUMNS.split(' '), [lines.join('')])
}

/** Each figure by authority and item, from the rows. */
export const countRows = async (tx: Tx, id: string): Promise<void> => {
  const bits = FIGURES.map(bitOf)
  await sql`delete from policies.preview_count where proposal_id = ${id}`.execute(tx)
  await sql`
    insert into policies.preview_count (proposal_id, authority_id, authority_name, item, figure, n)
    select r.proposal_id, r.authority_id, max(r.authority_name), r.item, f.figure, count(*)::int
    from policies.preview_row r
    join unnest(${[...FIGURES]}::text[], ${bits}::int[]) as f(figure, bit) on (r.figures & f.bit) <> 0
    where r.proposal_id = ${id}
    group by r.proposal_id, r.authority_id, r.item, f.figure`.execute(tx)
}

export const listRows = async (
  db: Reader,
  ask: {
    id: string
    figure: Figure
    authority?: string | undefined
    item?: string | undefined
    after: number
    limit: number
  },
): Promise<FoundRow[]> => {
  const { rows } = await sql<FoundRow>`
    select n, subject_id as "subjectId", record_id as "recordId", authority_id as "authorityId",
      authority_name as "authorityName", item, doc_no as "docNo", decided_on as "decidedOn", figures, changes
    from policies.preview_row
    where proposal_id = ${ask.id} and n > ${ask.after} and (figures & ${bitOf(ask.figure)}::int) <> 0
      and ${ask.authority ? sql`authority_id = ${ask.authority}::uuid` : sql`true`}
      and ${ask.item ? sql`item = ${ask.item}` : sql`true`}
    order by n limit ${ask.limit}`.execute(db)
  return rows
}

export type CountRow = { authorityId: string; authorityName: string; item: string; n: number }
export const listCounts = async (
  db: Reader,
  ask: { id: string; figure: Figure; after: readonly [number, string, string] | null; limit: number },
): Promise<CountRow[]> => {
  const { rows } = await sql<CountRow>`
    select authority_id as "authorityId", authority_name as "authorityName", item, n from policies.preview_count
    where proposal_id = ${ask.id} and figure = ${ask.figure}
      and ${
        ask.after
          ? sql`(n < ${ask.after[0]} or (n = ${ask.after[0]} and (authority_id, item) > (${ask.after[1]}::uuid, ${ask.after[2]})))`
          : sql`true`
      }
    order by n desc, authority_id, item limit ${ask.limit}`.execute(db)
  return rows
}
