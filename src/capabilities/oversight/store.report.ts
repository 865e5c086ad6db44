import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'
import { type Paper, paperStore } from '../../platform/papers.ts'
import type { Tally, Times } from './rules.ts'
import type { ReportState } from './states.ts'
import { type RefusalCount, times } from './store.ts'

// ---- a month as it stood at an instant, from the entries themselves

export type Of = { territory: string; month: LocalDate; asOf: Instant }
const inMonth = ({ territory, month, asOf }: Of): RawBuilder<unknown> =>
  sql`t.division like ${`${territory}%`} and t.month = ${month}::date and t.at <= ${asOf}::timestamptz
    and t.on_day between ${month}::date and (${month}::date + interval '1 month')::date`

export type AuthorityTallies = { authorityId: string; authorityName: string; division: string; tallies: Tally[] }
export const talliesOfMonth = async (db: Reader, of: Of): Promise<AuthorityTallies[]> => {
  const { rows } = await sql<Tally & Omit<AuthorityTallies, 'tallies'>>`
    select t.authority_id as "authorityId", max(t.authority_name) as "authorityName", max(t.division) as division, t.what, count(*)::int as n,
      (count(*) filter (where t.late_by > 0))::int as late, count(t.workdays)::int as timed, coalesce(sum(t.workdays), 0)::int as workdays,
      coalesce(max(t.workdays), 0)::int as longest, coalesce(sum(t.total), 0)::int as total
    from oversight.entry t where ${inMonth(of)} group by t.authority_id, t.what order by t.authority_id, t.what`.execute(
    db,
  )
  return [...Map.groupBy(rows, (r) => r.authorityId)].flatMap(([authorityId, all]) => {
    const first = all[0]
    const tallies = all.map(
      ({ what, n, late, timed, workdays, longest, total }): Tally => ({
        what,
        n,
        late,
        timed,
        workdays,
        longest,
        total,
      }),
    )
    return first ? [{ authorityId, authorityName: first.authorityName, division: first.division, tallies }] : []
  })
}
/** By authority, and over all (null). */
export const timesOfMonth = async (db: Reader, of: Of): Promise<(Times & { authorityId: string | null })[]> =>
  (
    await sql<Times & { authorityId: string | null }>`
    select t.authority_id as "authorityId", ${times} from oversight.entry t
    where ${inMonth(of)} group by grouping sets ((t.authority_id), ()) order by t.authority_id nulls last`.execute(db)
  ).rows
export const refusalsOfMonth = async (db: Reader, of: Of): Promise<RefusalCount[]> =>
  (
    await sql<RefusalCount>`
    select c.condition, t.system, max(t.rules) as rules, t.what, count(*)::int as n
    from oversight.entry t left join lateral unnest(t.conditions) as c(condition) on true
    where ${inMonth(of)} and t.what in ('refused', 'not_accepted')
    group by c.condition, t.system, t.what order by c.condition nulls last, t.system, t.what`.execute(db)
  ).rows
export const ratingsOfMonth = async (db: Reader, of: Of): Promise<{ score: number; count: number }[]> =>
  (
    await sql<{ score: number; count: number }>`
    select t.score, count(*)::int as count from oversight.rating t
    where t.division like ${`${of.territory}%`} and t.rated_on >= ${of.month}::date
      and t.rated_on < (${of.month}::date + interval '1 month')::date and t.rated_at <= ${of.asOf}::timestamptz
    group by t.score order by t.score`.execute(db)
  ).rows
/** Handed in by then and not ended by then. */
export const openAsOf = async (
  db: Reader,
  of: { territory: string; asOf: Instant },
  endings: readonly string[],
): Promise<number> =>
  (
    await sql<{ n: number }>`
    select count(*)::int as n from oversight.entry t
    where t.what = 'received' and t.division like ${`${of.territory}%`} and t.at <= ${of.asOf}::timestamptz
      and not exists (
        select 1 from oversight.entry e
        where e.item_id = t.item_id and e.at <= ${of.asOf}::timestamptz
          and (e.what = any(${[...endings]}::text[]) or (e.what = 'passed_on' and not exists (
            select 1 from oversight.entry b
            where b.item_id = e.item_id and b.what = 'came_back' and b.at > e.at and b.at <= ${of.asOf}::timestamptz
          )))
      )`.execute(db)
  ).rows[0]?.n ?? 0

// ---- the reports

export type Report<C> = Paper<C, Exclude<ReportState, 'draft'>>
export const reports = paperStore({ table: 'oversight.report', last: 'published' })

/** An office reads those of its territory; everyone else what is published. */
export const readable = (reads: { office: string } | 'published'): RawBuilder<unknown> =>
  reads === 'published'
    ? sql`t.state = 'published'`
    : sql`(t.division like ${`${reads.office}%`} or t.state = 'published')`
