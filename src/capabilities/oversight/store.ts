import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Actor, hasRole } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { Tally, Times } from './rules.ts'
import { ACCEPTANCES, DECISIONS, ENDINGS, type Grouping, type What } from './words.ts'

/** Row scope: the credit office sees its territory, whoever decides in an authority sees that authority. */
export type Scope = { territory: string } | { authorityId: string } | 'none'
export const scopeOf = (actor: Actor): Scope => {
  if (actor.kind === 'system') return { territory: '' }
  if (actor.kind !== 'person') return 'none'
  if (hasRole(actor, 'credit_office') && actor.division) return { territory: territoryPrefix(actor.division) }
  return actor.authorityId ? { authorityId: actor.authorityId } : 'none'
}
export const scoped = (
  scope: Scope,
  division: RawBuilder<unknown>,
  authority: RawBuilder<unknown>,
): RawBuilder<unknown> => {
  if (scope === 'none') return sql`false`
  return 'territory' in scope
    ? sql`${division} like ${`${scope.territory}%`}`
    : sql`${authority} = ${scope.authorityId}`
}
export const both = (conditions: readonly (RawBuilder<unknown> | null)[]): RawBuilder<unknown> =>
  sql.join(
    conditions.flatMap((c) => c ?? []),
    sql` and `,
  )
export const when = <T>(value: T | undefined | null, make: (value: T) => RawBuilder<unknown>) =>
  value === undefined || value === null ? null : make(value)

export type Filter = {
  /** First and last month, and the last day of the last. */
  from: LocalDate
  to: LocalDate
  until: LocalDate
} & Place
/** Whose, where and about what. */
type Place = { authority?: string | undefined; division?: string | undefined; item?: string | undefined }
/** `span`: the days of an entry, or the months of a sum. */
const filtered = (scope: Scope, f: Filter, span: RawBuilder<unknown>): RawBuilder<unknown> =>
  both([
    scoped(scope, sql`t.division`, sql`t.authority_id`),
    span,
    when(f.authority, (id) => sql`t.authority_id = ${id}::uuid`),
    when(f.division, (d) => sql`t.division like ${`${territoryPrefix(d)}%`}`),
    when(f.item, (item) => sql`t.record_item = ${item}`),
  ])
const inMonths = (f: Filter) => sql`t.month between ${f.from}::date and ${f.to}::date`
const onDays = (f: Filter) => sql`t.on_day between ${f.from}::date and ${f.until}::date`

const KEYS: Record<Grouping, RawBuilder<unknown>> = {
  authority: sql`t.authority_id::text`,
  division: sql`t.division`,
  month: sql`t.month::text`,
  item: sql`t.record_item`,
}
export type KeyedTally = Tally & { key: string; name: string; division: string }
/** Sums of a span by what they are asked for. */
export const talliesBy = async (db: Reader, scope: Scope, f: Filter, by: Grouping): Promise<KeyedTally[]> =>
  (
    await sql<KeyedTally>`
    select ${KEYS[by]} as key, max(t.authority_name) as name, max(t.division) as division, t.what, sum(t.n)::int as n,
      sum(t.late)::int as late, sum(t.timed)::int as timed, sum(t.workdays)::int as workdays, max(t.longest)::int as longest,
      sum(t.total)::int as total
    from oversight.tally t where ${filtered(scope, f, inMonths(f))} group by 1, t.what order by 1, t.what`.execute(db)
  ).rows

const among = (whats: readonly What[]) => sql`t.what = any(${[...whats]}::text[])`
const median = (of: RawBuilder<unknown>, whats: readonly What[]) =>
  sql`round((percentile_cont(0.5) within group (order by ${of}) filter (where ${among(whats)}))::numeric, 1)::float8`
/** Taken from the entries `t`: a median is no sum. */
export const times = sql`
  ${median(sql`t.workdays`, DECISIONS)} as median, ${median(sql`t.workdays`, ACCEPTANCES)} as "medianAccept",
  ${median(sql`t.total`, ENDINGS)} as "medianTotal",
  percentile_disc(0.9) within group (order by t.workdays) filter (where ${among(DECISIONS)}) as "nineInTen"`
/** Of the rows to which the figures open: by what they are asked for, and over all (key null). */
export const timesBy = async (
  db: Reader,
  scope: Scope,
  f: Filter,
  by: Grouping,
): Promise<(Times & { key: string | null })[]> =>
  (
    await sql<Times & { key: string | null }>`
    select ${KEYS[by]} as key, ${times} from oversight.entry t
    where ${filtered(scope, f, onDays(f))} group by grouping sets ((${KEYS[by]}), ())`.execute(db)
  ).rows

// ---- what stands open

const OPEN = sql`i.state in ('received', 'accepted', 'mending')`
const REVIEWED = sql`i.state in ('first_review', 'returned')`
/** Each with the authority whose turn it is or that waits; two halves, each with an index of its own. */
const openItems = (scope: Scope, f: Place): RawBuilder<unknown> => {
  const half = (state: RawBuilder<unknown>, authority: RawBuilder<unknown>, name: RawBuilder<unknown>) => sql`
    select i.subject_id, i.id, i.application_id, i.no, i.subject_name, i.doc_no, i.record_item, i.state, i.submitted_on, i.due_on,
      i.division, ${authority} as authority_id, ${name} as authority_name
    from repair.v_item i
    where ${both([
      state,
      scoped(scope, sql`i.division`, authority),
      when(f.authority, (id) => sql`${authority} = ${id}::uuid`),
      when(f.division, (d) => sql`i.division like ${`${territoryPrefix(d)}%`}`),
      when(f.item, (item) => sql`i.record_item = ${item}`),
    ])}`
  return sql`(${half(OPEN, sql`i.authority_id`, sql`i.authority_name`)} union all ${half(REVIEWED, sql`i.reviewer_id`, sql`i.reviewer_name`)})`
}
/** While the applicant mends, the clock stands still. */
const overdueOn = (on: LocalDate): RawBuilder<unknown> =>
  sql`(o.due_on < ${on}::date and o.state in ('received', 'accepted', 'first_review'))`

export type OpenCount = {
  authorityId: string
  authorityName: string
  division: string
  item: string
  open: number
  overdue: number
}
export const openCounts = async (db: Reader, scope: Scope, f: Place, on: LocalDate): Promise<OpenCount[]> =>
  (
    await sql<OpenCount>`
    select o.authority_id as "authorityId", max(o.authority_name) as "authorityName", max(coalesce(o.division, '')) as division,
      o.record_item as item, count(*)::int as open, (count(*) filter (where ${overdueOn(on)}))::int as overdue
    from ${openItems(scope, f)} o group by o.authority_id, o.record_item`.execute(db)
  ).rows

export type OpenRow = {
  subjectId: string
  subjectName: string
  applicationId: string
  itemId: string
  no: string
  docNo: string
  item: string
  authorityName: string
  state: string
  submittedOn: LocalDate
  dueOn: LocalDate
}
export const listOpen = async (
  db: Reader,
  scope: Scope,
  f: Place & {
    overdue: boolean
    on: LocalDate
    after: readonly [string, string] | null
    limit: number
  },
): Promise<OpenRow[]> =>
  (
    await sql<OpenRow>`
    select o.subject_id as "subjectId", o.subject_name as "subjectName", o.application_id as "applicationId", o.id as "itemId",
      coalesce(o.no, '') as no, o.doc_no as "docNo", o.record_item as item, o.authority_name as "authorityName", o.state,
      o.submitted_on as "submittedOn", coalesce(o.due_on, '9999-12-31'::date) as "dueOn"
    from ${openItems(scope, f)} o
    where ${both([
      f.overdue ? overdueOn(f.on) : sql`true`,
      f.after
        ? sql`(coalesce(o.due_on, '9999-12-31'::date), o.id) > (${f.after[0]}::date, ${f.after[1]}::uuid)`
        : sql`true`,
    ])}
    order by coalesce(o.due_on, '9999-12-31'::date), o.id limit ${f.limit}`.execute(db)
  ).rows

// ---- the rows behind a figure

export type EntryFilter = Filter & {
  what?: readonly What[] | undefined
  late?: boolean | undefined
  /** null: none was named. */
  condition?: string | null | undefined
}
export type EntryRow = {
  subjectId: string
  subjectName: string
  applicationId: string
  itemId: string
  actId: string
  no: string
  docNo: string
  what: What
  on: LocalDate
  authorityName: string
  item: string
  system: string
  workdays: number | null
  term: number | null
  lateBy: number | null
  total: number | null
  conditions: string[]
  rules: string
}
export const listEntries = async (
  db: Reader,
  scope: Scope,
  f: EntryFilter & { after: readonly [string, string] | null; limit: number },
): Promise<EntryRow[]> =>
  (
    await sql<EntryRow>`
    with page as (
      select * from oversight.entry t
      where ${both([
        filtered(scope, f, onDays(f)),
        when(f.what, (what) => sql`t.what = any(${[...what]}::text[])`),
        f.late ? sql`t.late_by > 0` : null,
        f.condition === null ? sql`t.conditions = '{}'` : null,
        when(f.condition, (code) => sql`${code} = any(t.conditions)`),
        f.after ? sql`(t.on_day, t.act_id) < (${f.after[0]}::date, ${f.after[1]}::uuid)` : null,
      ])}
      order by t.on_day desc, t.act_id desc limit ${f.limit}
    )
    select t.subject_id as "subjectId", i.subject_name as "subjectName", i.application_id as "applicationId", t.item_id as "itemId",
      t.act_id as "actId", coalesce(i.no, '') as no, i.doc_no as "docNo", t.what, t.on_day as "on", t.authority_name as "authorityName",
      t.record_item as item, t.system, t.workdays, t.term, t.late_by as "lateBy", t.total, t.conditions, t.rules
    from page t join repair.v_item i on i.subject_id = t.subject_id and i.id = t.item_id
    order by t.on_day desc, t.act_id desc`.execute(db)
  ).rows

export type RefusalCount = { condition: string | null; system: string; rules: string; what: What; n: number }
export const refusalsBy = async (db: Reader, scope: Scope, f: Filter): Promise<RefusalCount[]> =>
  (
    await sql<RefusalCount>`
    select c.condition, t.system, max(t.rules) as rules, t.what, count(*)::int as n
    from oversight.entry t
    left join lateral unnest(t.conditions) as c(condition) on true
    where ${filtered(scope, f, onDays(f))} and t.what in ('refused', 'not_accepted')
    group by c.condition, t.system, t.what order by c.condition, t.system, t.what`.execute(db)
  ).rows
