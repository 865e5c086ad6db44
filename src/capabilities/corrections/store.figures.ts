import { sql } from 'kysely'
import type { SubjectKind } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { TaskKind } from './words.ts'

/** Figures over organisations, returned rows, conflicts and tasks; each a group that opens to its rows. */

export type Group = {
  category: string | null
  codeKind: string | null
  kind: SubjectKind | null
  division: string | null
}
export type OrganisationGroup = Group & { all: number; coded: number }
const within = (column: string, territory: string) => sql`coalesce(${sql.raw(column)}, '') like ${`${territory}%`}`

export const organisationGroups = async (db: Reader, territory: string): Promise<OrganisationGroup[]> =>
  (
    await sql<OrganisationGroup>`
    select substr(o.uscc, 1, 2) as category, o.code_kind as "codeKind", o.kind, o.division, count(*)::int as "all",
      count(o.uscc)::int as coded
    from subjects.v_organisation o where ${within('o.division', territory)}
    group by 1, 2, 3, 4`.execute(db)
  ).rows

export type WrongGroup = { category: string; division: string; n: number }
export const wrongGroups = async (db: Reader, territory: string): Promise<WrongGroup[]> =>
  (
    await sql<WrongGroup>`
    select substr(coalesce(w.code, ''), 1, 2) as category, w.division, count(*)::int as n
    from collection.v_wrong_code w where ${within('w.division', territory)} group by 1, 2`.execute(db)
  ).rows

export type ConflictGroup = Group & { n: number }
export const conflictGroups = async (db: Reader, territory: string): Promise<ConflictGroup[]> =>
  (
    await sql<ConflictGroup>`
    select substr(c.uscc, 1, 2) as category, null as "codeKind", c.subject_kind as kind, c.division, count(*)::int as n
    from subjects.v_conflict c
    where c.state = 'open' and c.subject_kind <> 'natural_person' and ${within('c.division', territory)} group by 1, 3, 4`.execute(
      db,
    )
  ).rows

export type TaskGroup = {
  category: string | null
  division: string | null
  opened: number
  corrected: number
  due: number
  inTime: number
  overdue: number
}
export const taskGroups = async (db: Reader, territory: string, today: LocalDate): Promise<TaskGroup[]> =>
  (
    await sql<TaskGroup>`
    select t.category, t.division, count(*) filter (where t.state <> 'withdrawn')::int as opened,
      count(*) filter (where t.outcome = 'corrected')::int as corrected,
      count(*) filter (where t.state <> 'withdrawn' and (t.answered_on is not null or t.due_on < ${today}))::int as due,
      count(*) filter (where t.state <> 'withdrawn' and t.answered_on is not null and not t.ever_late)::int as "inTime",
      count(*) filter (where t.state in ('open', 'returned') and t.due_on < ${today})::int as overdue
    from corrections.v_task t where ${within('t.division', territory)} group by 1, 2`.execute(db)
  ).rows

export type Behind = {
  id: string
  kind: TaskKind
  name: string
  held: string
  offered: string
  authorityName: string
  division: string | null
  at: Instant | null
  subjectId: string | null
  conflictId: string | null
  submissionId: string | null
  n: number | null
  taskId: string | null
}
/** Which groups a registrar's figure is made of: category prefixes, and kinds where no code tells. */
export type Filter = {
  categories: readonly string[] | null
  /** What is left when no category is known. */
  notIn: readonly string[] | null
  kinds: readonly string[] | null
  division: string | null
  territory: string
}
const placed = (column: string, f: Filter) =>
  sql`${within(column, f.territory)} and ${f.division === null ? sql`true` : sql`coalesce(${sql.raw(column)}, '') = ${f.division}`}`
const prefixed = (column: string, f: Filter) =>
  f.categories
    ? sql`substr(${sql.raw(column)}, 1, 2) = any(${[...f.categories]}::text[])`
    : f.notIn
      ? sql`coalesce(substr(${sql.raw(column)}, 1, 2), '') <> all(${[...f.notIn]}::text[])`
      : sql`true`

export const uncodedRows = async (db: Reader, f: Filter, after: string | null, limit: number): Promise<Behind[]> =>
  (
    await sql<Behind>`
    select o.id, 'legacy_code' as kind, o.name,
      coalesce((select min(v.code) from subjects.v_by_code v where v.subject_id = o.id), '') as held, '' as offered,
      '' as "authorityName", o.division, null as at, o.id as "subjectId", null as "conflictId", null as "submissionId", null as n,
      (select t.id from corrections.task t where t.subject_id = o.id and t.kind = 'legacy_code' and t.state in ('open', 'answered', 'returned')
        limit 1) as "taskId"
    from subjects.v_organisation o
    where o.uscc is null and ${placed('o.division', f)}
      and ${f.kinds ? sql`coalesce(o.code_kind, '') || ' ' || o.kind = any(${[...f.kinds]}::text[])` : sql`true`}
      and ${after ? sql`o.id > ${after}::uuid` : sql`true`}
    order by o.id limit ${limit}`.execute(db)
  ).rows

export const wrongRows = async (
  db: Reader,
  f: Filter,
  after: [string, number] | null,
  limit: number,
): Promise<Behind[]> =>
  (
    await sql<Behind>`
    select w.submission_id::text || ':' || w.n as id, 'wrong_code' as kind, w.name, coalesce(w.code, '') as held, '' as offered,
      w.authority_name as "authorityName", w.division, w.at, null as "subjectId", null as "conflictId",
      w.submission_id as "submissionId", w.n,
      (select t.id from corrections.task t where t.submission_id = w.submission_id and t.row_n = w.n and t.state <> 'withdrawn') as "taskId"
    from collection.v_wrong_code w
    where ${placed('w.division', f)} and ${prefixed(`coalesce(w.code, '')`, f)}
      and ${after ? sql`(w.submission_id, w.n) > (${after[0]}::uuid, ${after[1]}::int)` : sql`true`}
    order by w.submission_id, w.n limit ${limit}`.execute(db)
  ).rows

export const conflictRows = async (db: Reader, f: Filter, after: string | null, limit: number): Promise<Behind[]> =>
  (
    await sql<Behind>`
    select c.id, c.kind, c.name, c.held, c.offered, '' as "authorityName", c.division, c.found_at as at, c.subject_id as "subjectId",
      c.id as "conflictId", null as "submissionId", null as n,
      (select t.id from corrections.task t where t.conflict_id = c.id) as "taskId"
    from subjects.v_conflict c
    where c.state = 'open' and c.subject_kind <> 'natural_person' and ${placed('c.division', f)}
      and ${
        f.kinds
          ? sql`((c.uscc is not null and ${prefixed('c.uscc', f)}) or (c.uscc is null and ' ' || c.subject_kind = any(${[...f.kinds]}::text[])))`
          : sql`true`
      }
      and ${after ? sql`c.id > ${after}::uuid` : sql`true`}
    order by c.id limit ${limit}`.execute(db)
  ).rows
