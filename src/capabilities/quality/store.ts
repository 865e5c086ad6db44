import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type Actor, hasRole } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { actsBetween } from '../../platform/follow.ts'
import { type Paper, paperStore } from '../../platform/papers.ts'
import type { Counts } from './rules.ts'
import type { CircularState } from './states.ts'

/** Row scope: the credit office sees its territory, whoever works in an authority sees that authority. */
export type Scope = { territory: string } | { authorityId: string } | 'none'
export const scopeOf = (actor: Actor): Scope => {
  if (actor.kind === 'system') return { territory: '' }
  if (actor.kind !== 'person') return 'none'
  if (hasRole(actor, 'credit_office') && actor.division) return { territory: territoryPrefix(actor.division) }
  return actor.authorityId ? { authorityId: actor.authorityId } : 'none'
}
const scoped = (scope: Scope, division: RawBuilder<unknown>, authority: RawBuilder<unknown>): RawBuilder<unknown> => {
  if (scope === 'none') return sql`false`
  return 'territory' in scope
    ? sql`${division} like ${`${scope.territory}%`}`
    : sql`${authority} = ${scope.authorityId}`
}

// ---- counting

/** A month as instants, and the instant at which the world is looked at. */
export type Span = { from: Instant; to: Instant; asOf: Instant }
/** `division`: a prefix; absent for one authority. */
export type Of = { authorityId: string } | { territory: string }

const ofWhom = (of: Of): RawBuilder<unknown> =>
  'authorityId' in of ? sql`s.authority_id = ${of.authorityId}` : sql`s.division like ${`${of.territory}%`}`

/**
 * The month's cohort, as it stood at an instant: `first` are the files handed in that mend no other file and hold no history;
 * `chain` what has been sent since to mend them; `later` what the authority has sent since in other ways (a push through the API
 * mends without saying so). `returned` are the rows of the cohort that were returned then, each with whether it stands mended.
 */
const cohort = (of: Of, { from, to, asOf }: Span): RawBuilder<unknown> => sql`
  first as (
    select s.id, s.no, s.authority_id, s.authority_name, s.division, s.item, s.received, s.refused, s.pending, s.already_held, s.created_at
    from collection.v_submission s
    where ${ofWhom(of)} and s.created_at >= ${from}::timestamptz and s.created_at < ${to}::timestamptz
      and s.corrects is null and not s.backfill and s.state = 'done' and s.finished_at <= ${asOf}::timestamptz
  ),
  chain as (
    select f.id as root, f.id from first f where f.refused > 0
    union
    select c.root, s.id from chain c join collection.v_submission s on s.corrects = c.id
    where s.state = 'done' and s.finished_at <= ${asOf}::timestamptz
  ),
  returned as (
    select r.submission_id, r.n, r.name, r.doc_no, f.authority_id, f.item, f.no, f.created_at,
      count(*) over (partition by r.submission_id, r.doc_no) as same_doc
    from first f join collection.v_row r on r.submission_id = f.id
    where f.refused > 0 and r.verdict = 'refused' and (r.decided_at is null or r.decided_at <= ${asOf}::timestamptz)
  ),
  in_chain as (
    select c.root, d.doc_no, d.fields ->> 'subject_name' as name
    from chain c join records.v_said d on d.submission_id = c.id
    where c.id <> c.root and d.said_from <= ${asOf}::timestamptz
    union all
    select c.root, r.doc_no, r.name from chain c join collection.v_row r on r.submission_id = c.id
    where c.id <> c.root and r.verdict in ('already_held', 'accepted') and (r.decided_at is null or r.decided_at <= ${asOf}::timestamptz)
  ),
  elsewhere as (
    select distinct s.authority_id, s.item, s.created_at, d.doc_no, d.fields ->> 'subject_name' as name
    from collection.v_submission s join records.v_said d on d.submission_id = s.id
    where exists (select 1 from returned r where r.authority_id = s.authority_id and r.item = s.item and r.doc_no = d.doc_no)
      and ${ofWhom(of)} and s.corrects is null and s.created_at >= ${from}::timestamptz
      and s.created_at < ${to}::timestamptz + interval '31 days' and d.said_from <= ${asOf}::timestamptz
  ),
  judged as (
    select r.*,
      exists (
        select 1 from in_chain g where g.root = r.submission_id
          and ((g.doc_no = r.doc_no and (g.name = r.name or r.same_doc = 1))
            or (g.name = r.name and not exists (select 1 from returned o where o.submission_id = r.submission_id and o.doc_no = g.doc_no)))
      ) or exists (
        select 1 from elsewhere e where e.authority_id = r.authority_id and e.item = r.item and e.doc_no = r.doc_no
          and e.name = r.name and e.created_at >= r.created_at
      ) as mended
    from returned r
  )`

/** Records that came in with the cohort, as they read at the instant, and how many of the expected fields they fill. */
const filling = (asOf: Instant, expected: Record<string, readonly string[]>): RawBuilder<unknown> => sql`
  wanted as (
    select w.key as item, jsonb_array_length(w.value) as n, array(select jsonb_array_elements_text(w.value)) as keys
    from jsonb_each(${json(expected)}::jsonb) w
  ),
  came as (
    select f.authority_id, f.id as submission_id, f.no, b.row_n, b.item, b.doc_no, w.n as expected, w.keys,
      case when b.said_until is null or b.said_until > ${asOf}::timestamptz then coalesce(b.inner_fields, '{}') || b.fields
        else (select coalesce(c.inner_fields, '{}') || c.fields from records.v_said c
          where c.subject_id = b.subject_id and c.record_id = b.record_id and c.said_from <= ${asOf}::timestamptz
            and (c.said_until is null or c.said_until > ${asOf}::timestamptz) order by c.version desc limit 1) end as content
    from first f join records.v_said b on b.submission_id = f.id and b.version = 1
    join wanted w on w.item = b.item
    where b.said_from <= ${asOf}::timestamptz
  ),
  filled as (
    select c.*, case when c.content ?& c.keys then c.expected
      else (select count(*) from unnest(c.keys) k where c.content ? k) end as filled from came c
  )`

export type Counted = {
  authorityId: string
  authorityName: string
  division: string
  counts: Omit<Counts, 'reported' | 'late'>
}
/** Set-based: all authorities of a territory, or one, for one month, as things stood at an instant. */
export const countAll = async (
  db: Reader,
  of: Of,
  span: Span,
  expected: Record<string, readonly string[]>,
): Promise<Counted[]> => {
  const { rows } = await sql<Counted>`
    with recursive ${cohort(of, span)}, ${filling(span.asOf, expected)},
    decided as (
      select f.authority_id, r.verdict, count(*) as n from first f join collection.v_row r on r.submission_id = f.id
      where r.decided_at > ${span.asOf}::timestamptz group by 1, 2
    ),
    -- A row that completes or corrects a record held already is no first hand-in.
    again as (
      select f.authority_id, count(*) as n from first f join records.v_said d on d.submission_id = f.id and d.version > 1
      where d.said_from <= ${span.asOf}::timestamptz group by 1
    ),
    -- Summed where it is read: what is asked of twice would be laid down whole, with the content of every record.
    full_of as (select c.authority_id, sum(c.filled) as filled, sum(c.expected) as expected from filled c group by 1),
    sums as (
      select authority_id, max(authority_name) as name, max(division) as division, sum(received) as received, sum(refused) as refused,
        sum(pending) as pending, sum(already_held) as already_held
      from first group by 1
    )
    select s.authority_id as "authorityId", s.name as "authorityName", s.division,
      jsonb_build_object(
        'received', s.received - coalesce((select a.n from again a where a.authority_id = s.authority_id), 0),
        'refused', s.refused - coalesce((select sum(d.n) from decided d where d.authority_id = s.authority_id and d.verdict = 'refused'), 0),
        'pending', s.pending + coalesce((select sum(d.n) from decided d where d.authority_id = s.authority_id), 0),
        'already_held', s.already_held - coalesce((select sum(d.n) from decided d where d.authority_id = s.authority_id and d.verdict = 'already_held'), 0),
        'mended', (select count(*) from judged j where j.authority_id = s.authority_id and j.mended),
        'filled', coalesce((select c.filled from full_of c where c.authority_id = s.authority_id), 0),
        'expected', coalesce((select c.expected from full_of c where c.authority_id = s.authority_id), 0)
      ) as counts
    from sums s order by s.authority_id`.execute(db)
  return rows
}

// ---- what stands open

export type OpenRow = {
  kind: 'returned_row' | 'pending_row' | 'incomplete_record'
  submissionId: string
  submissionNo: string
  n: number
  item: string
  docNo: string
  /** The day of the decision as the returned row wrote it. */
  decidedText: string | null
  /** Keys of the fields that are missing, of a record. */
  missing: string[]
  problems: { code: string; field: string; label: { zh: string; en: string } }[]
  /** How many rows of the same kind stand open in the same file: whole files are mended first. */
  beside: number
}
/** Of each kind: more than these nobody mends at one sitting; the plan is made of them. */
export const MOST_OPEN = 5_000

export const openRows = async (
  db: Reader,
  authorityId: string,
  span: Span,
  expected: Record<string, readonly string[]>,
): Promise<OpenRow[]> => {
  const problems = sql`(select coalesce(jsonb_agg(jsonb_build_object('code', p ->> 'code', 'field', p ->> 'field', 'label', p -> 'label')), '[]')
    from jsonb_array_elements(r.problems) p)`
  const { rows } = await sql<OpenRow>`
    with recursive ${cohort({ authorityId }, span)}, ${filling(span.asOf, expected)},
    standing as (
      select 'returned_row' as kind, j.submission_id, j.no, j.n, j.item, j.doc_no, '[]'::jsonb as missing, ${problems} as problems, r.decided_text
      from judged j join collection.v_row r on r.submission_id = j.submission_id and r.n = j.n where not j.mended
      union all
      select 'pending_row', f.id, f.no, r.n, f.item, r.doc_no, '[]', ${problems}, null
      from first f join collection.v_row r on r.submission_id = f.id where f.pending > 0 and r.verdict = 'pending'
      union all
      select 'incomplete_record', c.submission_id, c.no, c.row_n, c.item, c.doc_no,
        (select jsonb_agg(k) from unnest(c.keys) k where not c.content ? k), '[]', null
      from filled c where c.filled < c.expected
    ),
    numbered as (
      select s.*, count(*) over (partition by kind, submission_id)::int as beside,
        row_number() over (partition by kind order by jsonb_array_length(missing) desc, submission_id, n) as turn
      from standing s
    )
    select kind, submission_id as "submissionId", no as "submissionNo", n, item, doc_no as "docNo", missing, problems,
      decided_text as "decidedText", beside
    from numbered where turn <= ${MOST_OPEN} order by kind, beside desc, submission_id, n`.execute(db)
  return rows
}

// ---- faults

export type FaultRow = { item: string; code: string; field: string; rows: number; authorities: number }
export const FAULTS = 10
export const topFaults = async (
  db: Reader,
  scope: Scope,
  span: Pick<Span, 'from' | 'to'>,
  asOf: Instant | null = null,
): Promise<FaultRow[]> =>
  (
    await sql<FaultRow>`
    select p.item, p.code, p.field, count(distinct (p.submission_id, p.n))::int as rows, count(distinct p.authority_id)::int as authorities
    from collection.v_refused_problem p
    where p.at >= ${span.from}::timestamptz and p.at < ${span.to}::timestamptz and not p.backfill
      and ${scoped(scope, sql`p.division`, sql`p.authority_id`)}
      ${
        asOf === null
          ? sql``
          : sql`and exists (select 1 from collection.v_submission s where s.id = p.submission_id and s.state = 'done' and s.finished_at <= ${asOf}::timestamptz)
            and exists (select 1 from collection.v_row r where r.submission_id = p.submission_id and r.n = p.n and (r.decided_at is null or r.decided_at <= ${asOf}::timestamptz))`
      }
    group by p.item, p.code, p.field order by rows desc, p.item, p.code, p.field limit ${FAULTS}`.execute(db)
  ).rows

export type FaultAt = {
  submissionId: string
  submissionNo: string
  authorityName: string
  n: number
  docNo: string
  at: Instant
}
export const faultRows = async (
  db: Reader,
  scope: Scope,
  ask: {
    span: Pick<Span, 'from' | 'to'>
    item: string
    code: string
    field: string
    after: readonly [string, number] | null
    limit: number
  },
): Promise<FaultAt[]> =>
  (
    await sql<FaultAt>`
    select distinct p.submission_id as "submissionId", s.no as "submissionNo", s.authority_name as "authorityName", p.n, r.doc_no as "docNo", p.at
    from collection.v_refused_problem p
    join collection.v_submission s on s.id = p.submission_id
    join collection.v_row r on r.submission_id = p.submission_id and r.n = p.n
    where p.at >= ${ask.span.from}::timestamptz and p.at < ${ask.span.to}::timestamptz and not p.backfill
      and p.item = ${ask.item} and p.code = ${ask.code} and p.field = ${ask.field}
      and ${scoped(scope, sql`p.division`, sql`p.authority_id`)}
      and ${ask.after ? sql`(p.submission_id, p.n) > (${ask.after[0]}::uuid, ${ask.after[1]}::int)` : sql`true`}
    order by p.submission_id, p.n limit ${ask.limit}`.execute(db)
  ).rows

// ---- the kept figures

export type Figure = { authorityId: string; authorityName: string; division: string; month: LocalDate; counts: Counts }
const figureColumns = sql`f.authority_id as "authorityId", f.authority_name as "authorityName", f.division, f.month, f.counts`

export const figuresOf = async (db: Reader, territory: string, from: LocalDate, to: LocalDate): Promise<Figure[]> =>
  (
    await sql<Figure>`
    select ${figureColumns} from quality.figure f
    where f.month between ${from}::date and ${to}::date and f.division like ${`${territory}%`} order by f.month, f.authority_id`.execute(
      db,
    )
  ).rows
export const figuresOfAuthority = async (db: Reader, id: string, from: LocalDate, to: LocalDate): Promise<Figure[]> =>
  (
    await sql<Figure>`
    select ${figureColumns} from quality.figure f
    where f.authority_id = ${id} and f.month between ${from}::date and ${to}::date order by f.month`.execute(db)
  ).rows
export const putFigures = async (tx: Tx, rows: readonly Figure[], at: Instant): Promise<void> => {
  if (!rows.length) return
  await sql`
    insert into quality.figure (authority_id, month, authority_name, division, counts, counted_at)
    select a."authorityId", a.month, a."authorityName", a.division, a.counts, ${at}::timestamptz
    from jsonb_to_recordset(${json(rows)}::jsonb) as a("authorityId" uuid, month date, "authorityName" text, division text, counts jsonb)
    on conflict (authority_id, month) do update set authority_name = excluded.authority_name, division = excluded.division,
      counts = excluded.counts, counted_at = excluded.counted_at`.execute(tx)
}

export type Progress = { position: number; at: Instant }
export const progressOf = async (db: Reader): Promise<Progress | null> =>
  (await sql<Progress>`select position, at from quality.counted where one`.execute(db)).rows[0] ?? null
export const putProgress = async (tx: Tx, position: number, at: Instant): Promise<void> => {
  await sql`insert into quality.counted (one, position, at) values (true, ${position}, ${at})
    on conflict (one) do update set position = excluded.position, at = excluded.at`.execute(tx)
}

/** Months to count again: of the files that changed since a place in the log, of what they mend, of the records they replaced. */
export const touched = async (
  db: Reader,
  since: number,
  upTo: number,
): Promise<{ authorityId: string; at: Instant }[]> =>
  (
    await sql<{ authorityId: string; at: Instant }>`
    with recursive changed as (
      select distinct a.target_id::uuid as id from ${actsBetween(since, upTo)} a
      where a.target_kind = 'submission'
    ),
    roots as (
      select s.id, s.corrects from changed c join collection.v_submission s on s.id = c.id
      union
      select s.id, s.corrects from roots r join collection.v_submission s on s.id = r.corrects
    ),
    replaced as (
      select distinct b.submission_id as id from changed c
      join records.v_said d on d.submission_id = c.id and d.version > 1
      join records.v_said b on b.subject_id = d.subject_id and b.record_id = d.record_id and b.version = 1
    ),
    all_of as (select id from roots union select id from replaced)
    select distinct s.authority_id as "authorityId", date_trunc('month', s.created_at at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' as at
    from all_of x join collection.v_submission s on s.id = x.id
    union
    -- What is pushed mends rows of the month before without saying so.
    select distinct s.authority_id, date_trunc('month', s.created_at at time zone 'Asia/Shanghai' - interval '1 month') at time zone 'Asia/Shanghai'
    from changed c join collection.v_submission s on s.id = c.id`.execute(db)
  ).rows

// ---- circulars

export type Circular<C> = Paper<C, Exclude<CircularState, 'draft'>>
export const circulars = paperStore({ table: 'quality.circular', last: 'issued' })

/** Drafts are the credit office's own; what was issued is read by the authorities of its territory. `division` is the reader's. */
export type Reads = { office: string } | { authorityAt: string }
export const readable = (reads: Reads): RawBuilder<unknown> =>
  'office' in reads
    ? sql`t.division like ${`${reads.office}%`}`
    : sql`t.state = 'issued' and ${reads.authorityAt} like regexp_replace(t.division, '(00)+$', '') || '%'`

export type Named = { authorityId: string; authorityName: string; what: string; rows: number; oldest: LocalDate }
/** What the reminders have brought to the circular and stood open at the instant. */
export const namedInCircular = async (db: Reader, territory: string, asOf: Instant): Promise<Named[]> =>
  (
    await sql<Named>`
    select v.authority_id as "authorityId", v.authority_name as "authorityName", v.what, v.rows_open as rows, v.oldest
    from reminders.v_circular v
    where v.division like ${`${territory}%`} and v.raised_at <= ${asOf}::timestamptz
      and (v.answered_at is null or v.answered_at > ${asOf}::timestamptz)
    order by v.authority_name, v.what, v.id`.execute(db)
  ).rows
