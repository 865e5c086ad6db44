import { type RawBuilder, sql } from 'kysely'
import type { SubjectKind } from '../../kernel/policy.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { eventsBetween, lockAlone } from '../../platform/follow.ts'
import type { BasicStatus, ChangeKind } from './words.ts'

/** What begins the division codes of a territory; row scope adds it to every question. */
export type Prefixes = readonly string[]
const within = (division: RawBuilder<unknown>, prefixes: Prefixes): RawBuilder<unknown> =>
  sql`${division} like any(${prefixes.map((p) => `${p}%`)}::text[])`

/** Any number that all processes agree on: the lock of the one who follows. */
const FOLLOWING_LOCK = 7_716_019
export const lockFollowing = (tx: Tx): Promise<void> => lockAlone(tx, FOLLOWING_LOCK)
export const followedTo = async (db: Reader): Promise<number> =>
  (await sql<{ position: number }>`select position from territory.followed where one`.execute(db)).rows[0]?.position ??
  0
export const saveFollowed = async (tx: Tx, position: number, at: Instant): Promise<void> => {
  await sql`insert into territory.followed (one, position, at) values (true, ${position}, ${at})
    on conflict (one) do update set position = excluded.position, at = excluded.at`.execute(tx)
}

/** What has changed since it was last told; compared with that, so that a second run over the same commits adds nothing. */
export const follow = async (tx: Tx, after: number, to: number): Promise<number> => {
  const { numAffectedRows } = await sql`
    with touched as (
      select e.subject_id, max(e.at) as at from ${eventsBetween(after, to)} e group by 1
    ),
    differing as (
      select b.*, t.at, k.subject_id is not null as held, k.code as code_before, k.name as name_before, k.division as division_before,
        k.status as status_before
      from touched t join subjects.v_basic b on b.subject_id = t.subject_id
      left join territory.known k on k.subject_id = t.subject_id
      where (k.subject_id is null and b.status <> 'merged')
        or (k.subject_id is not null and (k.code, k.name, k.division, k.status) is distinct from (b.code, b.name, b.division, b.status))
    ),
    told as (
      insert into territory.change (subject_id, kind, at, code, name, subject_kind, division, status, code_before, name_before, division_before, status_before)
      select d.subject_id,
        case when not d.held then 'new' when d.status = 'merged' then 'merged' when d.status <> d.status_before then 'status_changed'
          when d.division is distinct from d.division_before then 'moved' when d.name <> d.name_before then 'renamed' else 'recoded' end,
        d.at, d.code, d.name, d.kind, d.division, d.status, d.code_before, d.name_before, d.division_before, d.status_before
      from differing d order by d.at, d.subject_id
      returning position, subject_id
    )
    insert into territory.known (subject_id, code, name, kind, division, status, position)
    select d.subject_id, d.code, d.name, d.kind, d.division, d.status, m.position
    from differing d join told m on m.subject_id = d.subject_id
    on conflict (subject_id) do update set code = excluded.code, name = excluded.name, kind = excluded.kind,
      division = excluded.division, status = excluded.status, position = excluded.position`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export type ChangeRow = {
  position: number
  kind: ChangeKind
  at: Instant
  code: string | null
  name: string
  subjectKind: SubjectKind
  division: string | null
  status: BasicStatus
  codeBefore: string | null
  nameBefore: string | null
  divisionBefore: string | null
  statusBefore: BasicStatus | null
}
export type ChangeFilter = {
  prefixes: Prefixes
  kind?: ChangeKind | undefined
  from?: Instant
  before?: Instant
  /** Backwards: `after` is then the upper bound. */
  newest?: boolean
  after: number
  limit: number
}
export const listChanges = async (db: Reader, f: ChangeFilter): Promise<ChangeRow[]> =>
  (
    await sql<ChangeRow>`
    select c.position, c.kind, c.at, c.code, c.name, c.subject_kind as "subjectKind", c.division, c.status, c.code_before as "codeBefore",
      c.name_before as "nameBefore", c.division_before as "divisionBefore", c.status_before as "statusBefore"
    from territory.change c
    where ${f.newest ? sql`c.position < ${f.after}` : sql`c.position > ${f.after}`} and (${within(sql`c.division`, f.prefixes)} or ${within(sql`c.division_before`, f.prefixes)})
      and ${f.kind === undefined ? sql`true` : sql`c.kind = ${f.kind}`}
      and ${f.from === undefined ? sql`true` : sql`c.at >= ${f.from}::timestamptz`}
      and ${f.before === undefined ? sql`true` : sql`c.at < ${f.before}::timestamptz`}
    order by c.position ${f.newest ? sql`desc` : sql``} limit ${f.limit}`.execute(db)
  ).rows

export type KnownRow = {
  id: string
  code: string | null
  name: string
  subjectKind: SubjectKind
  division: string | null
  status: BasicStatus
}
export const listKnown = async (
  db: Reader,
  f: { prefixes: Prefixes; status?: BasicStatus | undefined; after: readonly [string, string] | null; limit: number },
): Promise<KnownRow[]> =>
  (
    await sql<KnownRow>`
    select k.subject_id as id, k.code, k.name, k.kind as "subjectKind", k.division, k.status from territory.known k
    where ${within(sql`k.division`, f.prefixes)} and ${f.status === undefined ? sql`k.status <> 'merged'` : sql`k.status = ${f.status}`}
      and ${f.after ? sql`(k.division, k.subject_id) > (${f.after[0]}, ${f.after[1]}::uuid)` : sql`true`}
    order by k.division, k.subject_id limit ${f.limit}`.execute(db)
  ).rows
