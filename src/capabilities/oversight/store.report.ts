import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { Tally } from './rules.ts'
import type { ReportState } from './states.ts'
import type { RefusalCount } from './store.ts'

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
        where e.item_id = t.item_id and e.what = any(${[...endings]}::text[]) and e.at <= ${of.asOf}::timestamptz
      )`.execute(db)
  ).rows[0]?.n ?? 0

// ---- the reports

export type Report<C> = {
  id: string
  division: string
  month: LocalDate
  state: ReportState
  year: number | null
  number: number | null
  issuer: string
  content: C
  digest: string
  asOf: Instant
  commitPosition: number
  policyVersion: string
  createdAt: Instant
  publishedAt: Instant | null
  version: number
}
/** An office reads those of its territory; everyone else what is published. */
export type Reads = { office: string } | 'published'
const readable = (reads: Reads): RawBuilder<unknown> =>
  reads === 'published'
    ? sql`t.state = 'published'`
    : sql`(t.division like ${`${reads.office}%`} or t.state = 'published')`
const columns = sql`t.id, t.division, t.month, t.state, t.year, t.number, t.issuer, t.content, t.digest, t.as_of as "asOf",
  t.commit_position as "commitPosition", t.policy_version as "policyVersion", t.created_at as "createdAt",
  t.published_at as "publishedAt", t.version`

export const findReport = async <C>(db: Reader, reads: Reads, id: string): Promise<Report<C> | null> =>
  (
    await sql<
      Report<C>
    >`select ${columns} from oversight.report t where t.id = ${id}::uuid and ${readable(reads)}`.execute(db)
  ).rows[0] ?? null
export const listReports = async <C>(
  db: Reader,
  reads: Reads,
  ask: { state?: string | undefined; after: readonly [string, string] | null; limit: number },
): Promise<Report<C>[]> =>
  (
    await sql<Report<C>>`
    select ${columns} from oversight.report t
    where ${readable(reads)} and ${ask.state === undefined ? sql`true` : sql`t.state = ${ask.state}`}
      and ${ask.after ? sql`(t.month, t.id) < (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by t.month desc, t.id desc limit ${ask.limit}`.execute(db)
  ).rows

export type NewReport = Omit<Report<unknown>, 'year' | 'number' | 'publishedAt' | 'version' | 'state'>
export const insertReport = async (tx: Tx, r: NewReport, by: string): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into oversight.report (id, division, month, state, issuer, content, digest, as_of, commit_position, policy_version, created_at, created_by)
    values (${r.id}, ${r.division}, ${r.month}, 'draft', ${r.issuer}, ${json(r.content)}, ${r.digest}, ${r.asOf}, ${r.commitPosition},
      ${r.policyVersion}, ${r.createdAt}, ${by})
    on conflict (division, month) do nothing returning id`.execute(tx)
  return rows.length > 0
}
export const saveDraft = async (tx: Tx, r: NewReport, seen: number): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update oversight.report set content = ${json(r.content)}, digest = ${r.digest}, as_of = ${r.asOf}, commit_position = ${r.commitPosition},
      policy_version = ${r.policyVersion}, issuer = ${r.issuer}, version = version + 1
    where id = ${r.id} and version = ${seen} and state = 'draft' returning id`.execute(tx)
  return rows.length > 0
}
/** The numbers of a year run without a gap: whoever publishes at the same time waits for the lock of the territory. */
export const publish = async (
  tx: Tx,
  r: { id: string; division: string; year: number; at: Instant; by: string; seen: number },
): Promise<boolean> => {
  await sql`select pg_advisory_xact_lock(hashtext(${`oversight.report ${r.division} ${r.year}`}))`.execute(tx)
  const { rows } = await sql<{ id: string }>`
    update oversight.report set state = 'published', year = ${r.year}, published_at = ${r.at}, published_by = ${r.by}, version = version + 1,
      number = 1 + coalesce((select max(o.number) from oversight.report o where o.division = ${r.division} and o.year = ${r.year}), 0)
    where id = ${r.id} and version = ${r.seen} and state = 'draft' returning id`.execute(tx)
  return rows.length > 0
}
