import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { eventsBetween } from '../../platform/follow.ts'
import type { What } from './words.ts'

/** What has been done since the last look, and the entries and sums that are kept of it. */

/** Any number that all processes agree on: one counts at a time. */
export const COUNTING_LOCK = 7_716_027

export type Progress = { position: number; at: Instant }
export const progressOf = async (db: Reader): Promise<Progress | null> =>
  (await sql<Progress>`select p.position, p.at from oversight.progress p`.execute(db)).rows[0] ?? null
export const saveProgress = async (tx: Tx, p: Progress): Promise<void> => {
  await sql`insert into oversight.progress (one, position, at) values (true, ${p.position}, ${p.at})
    on conflict (one) do update set position = excluded.position, at = excluded.at`.execute(tx)
}
export type ItemRow = {
  subjectId: string
  itemId: string
  recordId: string
  kind: 'repair' | 'shield'
  recordItem: string
  system: string
  authorityId: string
  authorityName: string
  reviewerId: string | null
  reviewerName: string | null
  division: string | null
  submittedOn: LocalDate
}
const itemColumns = sql`i.subject_id as "subjectId", i.id as "itemId", i.record_id as "recordId", i.kind, i.record_item as "recordItem",
  i.system, i.authority_id as "authorityId", i.authority_name as "authorityName", i.reviewer_id as "reviewerId",
  i.reviewer_name as "reviewerName", i.division, i.submitted_on as "submittedOn"`
/** Items whose record something has happened to in these commits. */
export const touchedItems = async (db: Reader, after: number, to: number): Promise<ItemRow[]> =>
  (
    await sql<ItemRow>`
    with touched as (
      select distinct e.subject_id, e.record_id
      from ${eventsBetween(after, to)} e
      where e.record_id is not null
        and (e.kind like 'repair.%' or e.kind in ('record.withdrawn', 'record.restored', 'record.updated'))
    )
    select ${itemColumns} from touched t join repair.v_item i on i.subject_id = t.subject_id and i.record_id = t.record_id`.execute(
      db,
    )
  ).rows
/** All, in the order of their keys: for the count from the rows. */
export const allItems = async (
  db: Reader,
  after: readonly [string, string] | null,
  limit: number,
): Promise<ItemRow[]> =>
  (
    await sql<ItemRow>`
    select ${itemColumns} from repair.v_item i
    where ${after ? sql`(i.subject_id, i.id) > (${after[0]}::uuid, ${after[1]}::uuid)` : sql`true`}
    order by i.subject_id, i.id limit ${limit}`.execute(db)
  ).rows

export type ActRow = {
  itemId: string
  id: string
  action: string
  from: string
  to: string
  at: Instant
  on: LocalDate
  conditions: string[]
  rules: string
}
/** `counted`: there is an entry of it. */
export const actsOf = async (
  db: Reader,
  items: readonly { subjectId: string; itemId: string }[],
): Promise<Map<string, (ActRow & { counted: boolean })[]>> => {
  const { rows } = await sql<ActRow & { counted: boolean }>`
    select a.item_id as "itemId", a.id, a.action, a.from_state as "from", a.to_state as "to", a.at, a.on_day as "on",
      coalesce(a.basis -> 'conditions', '[]') as conditions, coalesce(a.basis ->> 'version', '') as rules,
      exists (select 1 from oversight.entry e where e.subject_id = a.subject_id and e.act_id = a.id) as counted
    from unnest(${items.map((i) => i.subjectId)}::uuid[], ${items.map((i) => i.itemId)}::uuid[]) as k(subject_id, item_id)
    join repair.v_act a on a.subject_id = k.subject_id and a.item_id = k.item_id
    order by a.at, a.id`.execute(db)
  return Map.groupBy(rows, (r) => r.itemId)
}

export type EntryRow = {
  subjectId: string
  itemId: string
  recordId: string
  actId: string
  what: What
  at: Instant
  on: LocalDate
  month: LocalDate
  authorityId: string
  authorityName: string
  division: string
  recordItem: string
  system: string
  workdays: number | null
  total: number | null
  term: number | null
  lateBy: number | null
  conditions: string[]
  rules: string
}
/** Adds to the entries, and to the sums what was added. */
export const addEntries = async (tx: Tx, rows: readonly EntryRow[]): Promise<void> => {
  if (!rows.length) return
  await sql`
    with given as (
      select * from jsonb_to_recordset(${json(rows)}::jsonb) as r("subjectId" uuid, "itemId" uuid, "recordId" uuid, "actId" uuid,
        what text, at timestamptz, "on" date, month date, "authorityId" uuid, "authorityName" text, division text, "recordItem" text,
        system text, workdays int, total int, term int, "lateBy" int, conditions jsonb, rules text)
    ), added as (
      insert into oversight.entry (subject_id, act_id, item_id, record_id, what, at, on_day, month, authority_id, authority_name,
        division, record_item, system, workdays, total, term, late_by, conditions, rules)
      select g."subjectId", g."actId", g."itemId", g."recordId", g.what, g.at, g."on", g.month, g."authorityId", g."authorityName",
        g.division, g."recordItem", g.system, g.workdays, g.total, g.term, g."lateBy",
        array(select jsonb_array_elements_text(g.conditions)), g.rules
      from given g
      returning *
    )
    insert into oversight.tally (authority_id, month, record_item, system, what, authority_name, division, n, late, timed, workdays, longest, total)
    select ${tallyColumns} from added a group by a.authority_id, a.month, a.record_item, a.system, a.what
    on conflict (authority_id, month, record_item, system, what) do update set
      n = tally.n + excluded.n, late = tally.late + excluded.late, timed = tally.timed + excluded.timed,
      workdays = tally.workdays + excluded.workdays, longest = greatest(tally.longest, excluded.longest),
      total = tally.total + excluded.total, authority_name = excluded.authority_name, division = excluded.division`.execute(
    tx,
  )
}
const tallyColumns = sql`a.authority_id, a.month, a.record_item, a.system, a.what, max(a.authority_name), max(a.division),
  count(*)::int, (count(*) filter (where a.late_by > 0))::int, count(a.workdays)::int, coalesce(sum(a.workdays), 0)::int,
  coalesce(max(a.workdays), 0)::int, coalesce(sum(a.total), 0)::int`

export const forgetAll = async (tx: Tx): Promise<void> => {
  await sql`delete from oversight.entry`.execute(tx)
  await sql`delete from oversight.tally`.execute(tx)
}
