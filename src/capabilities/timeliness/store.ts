import { type RawBuilder, sql } from 'kysely'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx } from '../../platform/db/index.ts'
import type { MonthBasis } from './rules.ts'
import { COUNTED_SAMPLES, MISSING_STATES } from './states.ts'
import type { Class } from './words.ts'

/** Whose figures: every authority, or these. It comes from the actor, never from the caller. */
export type Scope = 'all' | { ids: readonly string[] }
export type Cell = { scope: Scope; item?: string | undefined }
/** Months, the last one included; their first days. */
export type Span = { from: LocalDate; to: LocalDate }

export const within = (scope: Scope, column: string) =>
  scope === 'all' ? sql`true` : sql`${sql.raw(column)} = any(${[...scope.ids]}::uuid[])`
export const ofItem = (item: string | undefined, column: string) =>
  item === undefined ? sql`true` : sql`${sql.raw(column)} = ${item}`
const inSpan = (span: Span, column: string) =>
  sql`${sql.raw(column)} >= ${span.from}::date and ${sql.raw(column)} <= ${span.to}::date`
/** Of days: to the end of the last month. */
export const inDays = (span: Span, column: string) =>
  sql`${sql.raw(column)} >= ${span.from}::date and ${sql.raw(column)} < ${span.to}::date + interval '1 month'`
export const listed = (values: readonly string[]) => sql.join(values.map((v) => sql.lit(v)))
const MONTH_COLUMN: Record<MonthBasis, string> = { decided_on: 'decided_month', reported_on: 'reported_month' }

/** A sum of one authority (month null) or of one month (authority null). */
export type Sum<K extends string> = { authorityId: string | null; month: LocalDate | null; name: K; n: number }
const SETS = sql.raw('grouping sets ((t.authority_id, t.name), (t.month, t.name))')
const SUM = sql.raw('t.authority_id as "authorityId", t.month, t.name, sum(t.n)::bigint as n')

export const classSums = async (db: Reader, ask: Cell & { span: Span; basis: MonthBasis }): Promise<Sum<Class>[]> => {
  const month = MONTH_COLUMN[ask.basis]
  const { rows } = await sql<Sum<Class>>`
    select ${SUM} from (
      select t.authority_id, ${sql.raw(`t.${month}`)} as month, t.class as name, t.n from timeliness.tally t
      where ${within(ask.scope, 't.authority_id')} and ${ofItem(ask.item, 't.item')} and ${inSpan(ask.span, `t.${month}`)}
    ) t group by ${SETS}`.execute(db)
  return rows
}

export const missingSums = async (
  db: Reader,
  ask: Cell & { span: Span },
): Promise<Sum<(typeof MISSING_STATES)[number]>[]> => {
  const { rows } = await sql<Sum<(typeof MISSING_STATES)[number]>>`
    select ${SUM} from (
      select t.authority_id, date_trunc('month', t.decided_on)::date as month, t.state as name, 1 as n from timeliness.finding t
      where t.state in (${listed(MISSING_STATES)}) and ${within(ask.scope, 't.authority_id')} and ${ofItem(ask.item, 't.item')}
        and ${inDays(ask.span, 't.decided_on')}
    ) t group by ${SETS}`.execute(db)
  return rows
}

export const sampleSums = async (
  db: Reader,
  ask: Cell & { span: Span },
): Promise<Sum<'reported' | 'published' | 'neither'>[]> => {
  const { rows } = await sql<Sum<'reported' | 'published' | 'neither'>>`
    select ${SUM} from (
      select s.authority_id, date_trunc('month', r.decided_on)::date as month, r.found as name, 1 as n
      from timeliness.sample s join timeliness.sample_row r on r.sample_id = s.id
      where s.state in (${listed(COUNTED_SAMPLES)}) and r.found is not null and ${within(ask.scope, 's.authority_id')}
        and ${ofItem(ask.item, 's.item')} and ${inDays(ask.span, 'r.decided_on')}
    ) t group by ${SETS}`.execute(db)
  return rows
}

export const INTAKE = ['submissions', 'received', 'accepted', 'refused', 'pending', 'already_held'] as const
export type IntakeSum = { authorityId: string | null; month: LocalDate | null } & Record<
  (typeof INTAKE)[number],
  number
>
export const intakeSums = async (db: Reader, ask: Cell & { span: Span }): Promise<IntakeSum[]> => {
  const { rows } = await sql<IntakeSum>`
    select t.authority_id as "authorityId", t.month, ${sql.raw(INTAKE.map((c) => `sum(t.${c})::bigint as ${c}`).join(', '))}
    from timeliness.intake_tally t
    where ${within(ask.scope, 't.authority_id')} and ${ofItem(ask.item, 't.item')} and ${inSpan(ask.span, 't.month')}
    group by grouping sets ((t.authority_id), (t.month))`.execute(db)
  return rows
}

// ---- the ledger

export type LedgerSum = { authorityId: string; item: string; month: LocalDate } & Record<Class | 'missing', number>
export const dayCursor = (after: string | undefined) => readCursor(after, 'day', 'uuid')
const ledgerCursor = (after: string | undefined): RawBuilder<unknown> => {
  const key = readCursor(after, 'day', 'uuid', 'text')
  if (!key) return sql`true`
  const [month, authority, item] = key
  return sql`(l.month < ${month}::date or (l.month = ${month}::date and (l.authority_id, l.item) > (${authority}::uuid, ${item})))`
}

/** One line an authority, item and month, the latest month first. */
export const ledgerPage = async (
  db: Reader,
  ask: Cell & { span: Span; basis: MonthBasis; after?: string | undefined; limit: number },
): Promise<Page<LedgerSum>> => {
  const month = MONTH_COLUMN[ask.basis]
  const sums = sql.raw(
    ['on_time', 'late', 'backfill', 'annulled', 'no_term', 'missing']
      .map((c) => `coalesce(sum(t.n) filter (where t.name = '${c}'), 0)::bigint as ${c}`)
      .join(', '),
  )
  const { rows } = await sql<LedgerSum>`
    select l.authority_id as "authorityId", l.item, l.month, l.on_time, l.late, l.backfill, l.annulled, l.no_term, l.missing
    from (
      select t.authority_id, t.item, t.month, ${sums}
      from (
        select t.authority_id, t.item, ${sql.raw(`t.${month}`)} as month, t.class as name, t.n from timeliness.tally t
        where t.n <> 0 and ${within(ask.scope, 't.authority_id')} and ${ofItem(ask.item, 't.item')} and ${inSpan(ask.span, `t.${month}`)}
        union all
        select f.authority_id, f.item, date_trunc('month', f.decided_on)::date, 'missing', 1 from timeliness.finding f
        where f.state in (${listed(MISSING_STATES)}) and ${within(ask.scope, 'f.authority_id')} and ${ofItem(ask.item, 'f.item')}
          and ${inDays(ask.span, 'f.decided_on')}
      ) t group by t.authority_id, t.item, t.month
    ) l
    where ${ledgerCursor(ask.after)}
    order by l.month desc, l.authority_id, l.item limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.month, r.authorityId, r.item])
}

export type Entry = {
  subjectId: string
  recordId: string
  authorityId: string
  item: string
  decidedOn: LocalDate
  reportedOn: LocalDate
  dueOn: LocalDate | null
  provisional: boolean
  flagged: boolean
  class: Class
}
export const entryPage = async (
  db: Reader,
  ask: Cell & { class: Class; span: Span; basis: MonthBasis; after?: string | undefined; limit: number },
): Promise<Page<Entry>> => {
  const after = dayCursor(ask.after)
  const { rows } = await sql<Entry>`
    select e.subject_id as "subjectId", e.record_id as "recordId", e.authority_id as "authorityId", e.item,
      e.decided_on as "decidedOn", e.reported_on as "reportedOn", e.due_on as "dueOn", e.flagged, e.class,
      coalesce((select d.provisional from timeliness.due d where d.item = e.item and d.decided_on = e.decided_on), false) as provisional
    from timeliness.entry e
    where e.class = ${ask.class} and ${within(ask.scope, 'e.authority_id')} and ${ofItem(ask.item, 'e.item')}
      and ${inDays(ask.span, `e.${ask.basis}`)}
      and ${after ? sql`(e.decided_on, e.record_id) < (${after[0]}::date, ${after[1]}::uuid)` : sql`true`}
    order by e.decided_on desc, e.record_id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.decidedOn, r.recordId])
}

// ---- overdue

export type Overdue = { authorityId: string; count: number; oldest: LocalDate; ref: string }
const FIRST = (id: string, by: string) => sql.raw(`(array_agg(${id} order by ${by}, ${id}))[1]`)
/** Rows that came back and of which no mended file has come since. */
export const returnedRows = async (db: Reader, scope: Scope, before: Instant): Promise<Overdue[]> =>
  (
    await sql<Overdue>`
    select s.authority_id as "authorityId", sum(s.refused)::int as count, min((s.created_at at time zone 'UTC' + interval '8 hours')::date) as oldest,
      ${FIRST('s.id', 's.created_at')} as ref
    from collection.v_submission s
    where s.refused > 0 and s.state = 'done' and s.created_at < ${before}::timestamptz and ${within(scope, 's.authority_id')}
      and not exists (select 1 from collection.v_submission c where c.corrects = s.id)
    group by s.authority_id`.execute(db)
  ).rows
export const lateBetween = async (db: Reader, scope: Scope, since: LocalDate, to: LocalDate): Promise<Overdue[]> =>
  (
    await sql<Overdue>`
    select e.authority_id as "authorityId", count(*)::int as count, min(e.decided_on) as oldest,
      ${FIRST('e.record_id', 'e.decided_on')} as ref
    from timeliness.entry e
    where e.class = 'late' and e.reported_on between ${since}::date and ${to}::date and ${within(scope, 'e.authority_id')}
    group by e.authority_id`.execute(db)
  ).rows
export const missingSince = async (db: Reader, scope: Scope, foundBefore: Instant): Promise<Overdue[]> =>
  (
    await sql<Overdue>`
    select f.authority_id as "authorityId", count(*)::int as count, min(f.decided_on) as oldest,
      ${FIRST('f.id', 'f.decided_on')} as ref
    from timeliness.finding f
    where f.state = 'open' and f.found_at < ${foundBefore}::timestamptz and ${within(scope, 'f.authority_id')}
    group by f.authority_id`.execute(db)
  ).rows

// ---- since when an authority reports

export type Start = {
  authorityId: string
  beginsOn: LocalDate
  beginsBy: 'first_report' | 'set'
  reason: string
  version: number
}
const startColumns = sql`a.authority_id as "authorityId", a.begins_on as "beginsOn", a.begins_by as "beginsBy", a.reason, a.version`
export const startPage = async (
  db: Reader,
  ask: { scope: Scope; after?: string | undefined; limit: number },
): Promise<Page<Start>> => {
  const after = dayCursor(ask.after)
  const { rows } = await sql<Start>`
    select ${startColumns} from timeliness.authority a
    where ${within(ask.scope, 'a.authority_id')}
      and ${after ? sql`(a.begins_on, a.authority_id) < (${after[0]}::date, ${after[1]}::uuid)` : sql`true`}
    order by a.begins_on desc, a.authority_id desc limit ${ask.limit + 1}`.execute(db)
  return pageOf(rows, ask.limit, (r) => [r.beginsOn, r.authorityId])
}
export const findStart = async (db: Reader, authorityId: string): Promise<Start | null> =>
  (
    await sql<Start>`select ${startColumns} from timeliness.authority a where a.authority_id = ${authorityId}`.execute(
      db,
    )
  ).rows[0] ?? null
export const saveStart = async (
  tx: Tx,
  start: { authorityId: string; beginsOn: LocalDate; reason: string; by: string; at: Instant },
  seen: number,
): Promise<boolean> => {
  const { rows } = await sql<{ version: number }>`
    update timeliness.authority a set begins_on = ${start.beginsOn}::date, begins_by = 'set', reason = ${start.reason},
      set_by = ${start.by}, set_at = ${start.at}::timestamptz, version = a.version + 1
    where a.authority_id = ${start.authorityId} and a.version = ${seen} returning a.version`.execute(tx)
  return rows.length > 0
}
