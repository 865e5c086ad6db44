import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { eventsBetween, lockAlone } from '../../platform/follow.ts'

/**
 * The projection: what each record adds (entry), and the sums (tally). A record's new share is set against its old one, so
 * that whatever is counted twice, or again after a crash, adds nothing.
 */

/** Any number that all processes agree on: the lock of the one who counts. */
const COUNTING_LOCK = 7_716_013
export const lockCounting = (tx: Tx): Promise<void> => lockAlone(tx, COUNTING_LOCK)

export type Progress = { position: number; rules: string; at: Instant }
export const progressOf = async (db: Reader, name: string): Promise<Progress | null> =>
  (await sql<Progress>`select p.position, p.rules, p.at from timeliness.progress p where p.name = ${name}`.execute(db))
    .rows[0] ?? null
export const saveProgress = async (tx: Tx, name: string, p: Progress): Promise<void> => {
  await sql`
    insert into timeliness.progress (name, position, rules, at) values (${name}, ${p.position}, ${p.rules}, ${p.at})
    on conflict (name) do update set position = excluded.position, rules = excluded.rules, at = excluded.at`.execute(tx)
}

const WAITING_SHOWN = 1000
/** Changes of records that are committed and not yet counted; beyond a thousand it says a thousand. */
export const waitingChanges = async (db: Reader, after: number): Promise<number> =>
  (
    await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1
      from (
        select c.n from platform.commit c where c.position > ${after}
        union all
        select c.n from platform.commit c where c.position is null
      ) c join platform.event e on e.commit_n = c.n
      where e.record_id is not null limit ${WAITING_SHOWN}
    ) w`.execute(db)
  ).rows[0]?.n ?? 0

/**
 * What happens to how long a record is shown, and not to what was reported, when, or whether it stands: nothing is counted
 * otherwise by it.
 */
const ONLY_SHOWN = ['repaired', 'shielded', 'restored', 'revoked']

export type Key = { subjectId: string; recordId: string }
const keyColumns = sql`subject_id as "subjectId", record_id as "recordId"`
export const recordsOfCommits = async (db: Reader, after: number, to: number): Promise<Key[]> =>
  (
    await sql<Key>`
    select distinct e.subject_id as "subjectId", e.record_id as "recordId"
    from ${eventsBetween(after, to)} e
    where e.record_id is not null
      and not (e.kind in ('record.withdrawn', 'record.restored') and e.details->>'kind' = any(${ONLY_SHOWN}))`.execute(
      db,
    )
  ).rows

const keysOf = (keys: readonly Key[]) =>
  sql`unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.recordId)}::uuid[]) as k(subject_id, record_id)`
/** The business day in Asia/Shanghai, which has one offset all the year. */
const dayOfInstant = (column: string) => sql.raw(`((${column} at time zone 'UTC') + interval '8 hours')::date`)
const monthOf = (column: string) => sql.raw(`date_trunc('month', ${column})::date`)

export type Pair = { item: string; decidedOn: LocalDate }
/** Days of decision for which no term has been computed yet. */
export const pairsWithoutTerm = async (db: Reader, keys: readonly Key[] | 'all'): Promise<Pair[]> => {
  const from =
    keys === 'all'
      ? sql`records.v_reported r`
      : sql`${keysOf(keys)} join records.v_reported r on r.subject_id = k.subject_id and r.record_id = k.record_id`
  const { rows } = await sql<Pair>`
    select distinct r.item, r.decided_on as "decidedOn" from ${from}
    where not exists (select 1 from timeliness.due d where d.item = r.item and d.decided_on = r.decided_on)`.execute(db)
  return rows
}
export type DueRow = Pair & { dueOn: LocalDate | null; provisional: boolean }
export const saveDue = async (tx: Tx, rows: readonly DueRow[]): Promise<void> => {
  if (!rows.length) return
  await sql`
    insert into timeliness.due (item, decided_on, due_on, provisional)
    select a.item, a."decidedOn", a."dueOn", a.provisional
    from jsonb_to_recordset(${json(rows)}::jsonb) as a(item text, "decidedOn" date, "dueOn" date, provisional boolean)
    on conflict (item, decided_on) do update set due_on = excluded.due_on, provisional = excluded.provisional`.execute(
    tx,
  )
}
export const allDue = async (db: Reader): Promise<DueRow[]> =>
  (
    await sql<DueRow>`select d.item, d.decided_on as "decidedOn", d.due_on as "dueOn", d.provisional from timeliness.due d`.execute(
      db,
    )
  ).rows

/** The first day on which each authority has reported anything; a day that was set stays. Answers whose day has moved. */
export const saveStarts = async (tx: Tx, keys: readonly Key[] | 'all', at: Instant): Promise<string[]> => {
  const from =
    keys === 'all'
      ? sql`records.v_reported r`
      : sql`${keysOf(keys)} join records.v_reported r on r.subject_id = k.subject_id and r.record_id = k.record_id`
  const { rows } = await sql<{ id: string }>`
    with seen as (
      select r.authority_id, min(${dayOfInstant('r.recorded_at')}) as first_on from ${from} group by r.authority_id
    ), held as (
      select a.authority_id, a.begins_on from timeliness.authority a join seen s on s.authority_id = a.authority_id
    ), saved as (
      insert into timeliness.authority as a (authority_id, begins_on, begins_by, changed_at)
      select s.authority_id, s.first_on, 'first_report', ${at}::timestamptz from seen s
      on conflict (authority_id) do update set changed_at = excluded.changed_at,
        begins_on = case when a.begins_by = 'first_report' then least(a.begins_on, excluded.begins_on) else a.begins_on end
      returning a.authority_id, a.begins_on
    )
    select s.authority_id as id from saved s join held h on h.authority_id = s.authority_id where h.begins_on <> s.begins_on`.execute(
    tx,
  )
  return rows.map((r) => r.id)
}

/** Of when a term must have ended for the mark to count: the authority's own beginning, or a day for all. */
export type Before = { day: LocalDate | null; days: number }
const beforeDay = ({ day, days }: Before) =>
  day === null ? sql`a.begins_on - ${days}::int` : sql`${day}::date - ${days}::int`

/** The rule `classOf`, said to the database. */
const classified = (from: RawBuilder<unknown>, before: Before) => sql`
  select c.subject_id, c.record_id, c.authority_id, c.item, c.decided_on, c.reported_on, d.due_on, c.backfill as flagged,
    case
      when c.state = 'annulled' then 'annulled'
      when d.due_on is null then 'no_term'
      when c.reported_on <= d.due_on then 'on_time'
      when c.backfill and d.due_on < ${beforeDay(before)} then 'backfill'
      else 'late'
    end as class
  from (
    select r.subject_id, r.record_id, r.authority_id, r.item, r.decided_on, r.backfill, r.state,
      ${dayOfInstant('r.recorded_at')} as reported_on
    from ${from}
  ) c
  join timeliness.authority a on a.authority_id = c.authority_id
  left join timeliness.due d on d.item = c.item and d.decided_on = c.decided_on`

/** Sets what these records add now against what they added before. Answers how many have changed. */
export const countRecords = async (tx: Tx, keys: readonly Key[], before: Before): Promise<number> => {
  if (!keys.length) return 0
  const from = sql`${keysOf(keys)} join records.v_reported r on r.subject_id = k.subject_id and r.record_id = k.record_id`
  const cell = (of: string) =>
    sql`${sql.raw(`${of}.authority_id, ${of}.item`)}, ${monthOf(`${of}.decided_on`)} as decided_month, ${monthOf(`${of}.reported_on`)} as reported_month, ${sql.raw(`${of}.class`)}`
  const { rows } = await sql<{ n: number }>`
    with now as (${classified(from, before)}),
    changed as (
      select n.* from now n left join timeliness.entry e on e.subject_id = n.subject_id and e.record_id = n.record_id
      where (n.authority_id, n.item, n.decided_on, n.reported_on, n.due_on, n.flagged, n.class)
        is distinct from (e.authority_id, e.item, e.decided_on, e.reported_on, e.due_on, e.flagged, e.class)
    ),
    moved as (
      select x.authority_id, x.item, x.decided_month, x.reported_month, x.class, sum(x.by) as by
      from (
        select ${cell('c')}, 1 as by from changed c
        union all
        select ${cell('e')}, -1 as by
        from changed c join timeliness.entry e on e.subject_id = c.subject_id and e.record_id = c.record_id
      ) x group by 1, 2, 3, 4, 5 having sum(x.by) <> 0
    ),
    saved as (
      insert into timeliness.entry (subject_id, record_id, authority_id, item, decided_on, reported_on, due_on, flagged, class)
      select c.subject_id, c.record_id, c.authority_id, c.item, c.decided_on, c.reported_on, c.due_on, c.flagged, c.class from changed c
      on conflict (subject_id, record_id) do update set authority_id = excluded.authority_id, item = excluded.item,
        decided_on = excluded.decided_on, reported_on = excluded.reported_on, due_on = excluded.due_on,
        flagged = excluded.flagged, class = excluded.class
    ),
    counted as (
      insert into timeliness.tally as t (authority_id, item, decided_month, reported_month, class, n)
      select m.authority_id, m.item, m.decided_month, m.reported_month, m.class, m.by from moved m
      on conflict (authority_id, item, decided_month, reported_month, class) do update set n = t.n + excluded.n
    )
    select count(*)::int as n from changed`.execute(tx)
  return rows[0]?.n ?? 0
}

/** What of the findings has been reported since. */
export const closeFindings = async (tx: Tx, keys: readonly Key[], at: Instant): Promise<number> => {
  if (!keys.length) return 0
  const { rows } = await sql<{ id: string }>`
    update timeliness.finding f set state = 'reported', changed_at = ${at}::timestamptz, version = f.version + 1
    from ${keysOf(keys)} join records.v_reported r on r.subject_id = k.subject_id and r.record_id = k.record_id
    where f.authority_id = r.authority_id and f.item = r.item and f.doc_key = r.doc_key
      and f.state in ('open', 'explained')
    returning f.id`.execute(tx)
  return rows.length
}

const keysWhere = async (db: Reader, where: RawBuilder<unknown>, after: Key | null, limit: number): Promise<Key[]> =>
  (
    await sql<Key>`
    select ${keyColumns} from timeliness.entry e
    where ${where} and ${after ? sql`(e.subject_id, e.record_id) > (${after.subjectId}::uuid, ${after.recordId}::uuid)` : sql`true`}
    order by e.subject_id, e.record_id limit ${limit}`.execute(db)
  ).rows
/** Marked entries of these authorities: what a day of beginning decides about. */
export const markedEntries = (db: Reader, authorityIds: readonly string[], after: Key | null, limit: number) =>
  keysWhere(db, sql`e.flagged and e.authority_id = any(${[...authorityIds]}::uuid[])`, after, limit)
/** Entries whose term is no longer the one they were counted with, and all that are marked. */
export const entriesToCountAgain = (db: Reader, after: Key | null, limit: number) =>
  keysWhere(
    db,
    sql`(e.flagged or e.due_on is distinct from (
      select d.due_on from timeliness.due d where d.item = e.item and d.decided_on = e.decided_on))`,
    after,
    limit,
  )

/** Everything anew, set by set. Terms and beginnings are there already. */
export const rebuildEntries = async (tx: Tx, before: Before): Promise<void> => {
  await sql`delete from timeliness.tally`.execute(tx)
  await sql`delete from timeliness.entry`.execute(tx)
  await sql`
    insert into timeliness.entry (subject_id, record_id, authority_id, item, decided_on, reported_on, due_on, flagged, class)
    ${classified(sql`records.v_reported r`, before)}`.execute(tx)
  await sql`
    insert into timeliness.tally (authority_id, item, decided_month, reported_month, class, n)
    select e.authority_id, e.item, ${monthOf('e.decided_on')}, ${monthOf('e.reported_on')}, e.class, count(*)
    from timeliness.entry e group by 1, 2, 3, 4, 5`.execute(tx)
}

// ---- hand-ins

const INTAKE = 'submissions received accepted refused pending already_held'.split(' ')
/**
 * Hand-ins that are new since `since` (an id, which begins with its instant) and those that were still moving when last
 * looked at. Answers how many were new.
 */
export const countSubmissions = async (tx: Tx, since: string, limit: number): Promise<number> => {
  const added = sql.raw(INTAKE.map((c) => `${c} = t.${c} + excluded.${c}`).join(', '))
  const sums = sql.raw(INTAKE.map((c) => `sum(x.${c}) as ${c}`).join(', '))
  const fields = sql.raw('authority_id, item, month, received, accepted, refused, pending, already_held')
  const { rows } = await sql<{ n: number }>`
    with looked as (
      select s.id as submission_id, s.authority_id, s.item, ${monthOf(`((s.created_at at time zone 'UTC') + interval '8 hours')`)} as month,
        s.received, s.accepted, s.refused, s.pending, s.already_held,
        (s.state in ('done', 'refused') and s.pending = 0) as settled, s.fresh
      from (
        (select v.*, false as fresh from timeliness.intake i join collection.v_submission v on v.id = i.submission_id where not i.settled)
        union all
        (select v.*, true as fresh from collection.v_submission v
          where v.id > ${since}::uuid and not exists (select 1 from timeliness.intake i where i.submission_id = v.id)
          order by v.id limit ${limit})
      ) s
    ),
    moved as (
      select x.authority_id, x.item, x.month, ${sums}
      from (
        select ${fields}, 1 as submissions from looked
        union all
        select i.authority_id, i.item, i.month, -i.received, -i.accepted, -i.refused, -i.pending, -i.already_held, -1
        from looked l join timeliness.intake i on i.submission_id = l.submission_id
      ) x group by 1, 2, 3
    ),
    saved as (
      insert into timeliness.intake (submission_id, ${fields}, settled)
      select submission_id, ${fields}, settled from looked
      on conflict (submission_id) do update set received = excluded.received, accepted = excluded.accepted,
        refused = excluded.refused, pending = excluded.pending, already_held = excluded.already_held, settled = excluded.settled
    ),
    counted as (
      insert into timeliness.intake_tally as t (authority_id, item, month, ${sql.raw(INTAKE.join(', '))})
      select authority_id, item, month, ${sql.raw(INTAKE.join(', '))} from moved m
      where ${sql.raw(INTAKE.map((c) => `m.${c} <> 0`).join(' or '))}
      on conflict (authority_id, item, month) do update set ${added}
    )
    select (count(*) filter (where fresh))::int as n from looked`.execute(tx)
  return rows[0]?.n ?? 0
}
export const lastSubmission = async (db: Reader): Promise<string | null> =>
  (
    await sql<{
      id: string
    }>`select i.submission_id as id from timeliness.intake i order by i.submission_id desc limit 1`.execute(db)
  ).rows[0]?.id ?? null
export const forgetSubmissions = async (tx: Tx): Promise<void> => {
  await sql`delete from timeliness.intake_tally`.execute(tx)
  await sql`delete from timeliness.intake`.execute(tx)
}
