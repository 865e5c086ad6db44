import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Actor } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { SubmissionState, WayIn } from '../collection/words.ts'
import type { Counted } from './rules.ts'
import type { Difference, Grouping, ProofVerdict } from './words.ts'

/** Every statement on balance.*, over the views that collection and records publish. */

/** Row scope: the own authority; the credit office, what was reported in its territory. */
const inScope = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind === 'system') return sql`true`
  if (actor.kind === 'person' && actor.roles.includes('credit_office') && actor.division)
    return sql`s.division like ${`${territoryPrefix(actor.division)}%`}`
  return actor.kind === 'person' && actor.authorityId ? sql`s.authority_id = ${actor.authorityId}` : sql`false`
}

/** A proof stands for what the receipt says now, or for nothing. */
const SAME = sql`p.accepted = s.accepted and p.refused = s.refused and p.pending = s.pending and p.already_held = s.already_held`
const FINISHED = sql`s.state in ('done', 'refused')`
const PROVED = sql`(p.verdict = 'holds' and ${SAME})`
const DIFFERS = sql`coalesce(p.verdict = 'differs', false)`
const OPEN = sql`(not coalesce(${PROVED}, false) and not ${DIFFERS})`

export type Span = {
  /** Instants: from the first day's beginning to the end of the last. */
  from: string
  before: string
  authorityId?: string | undefined
  item?: string | undefined
}
const inSpan = (actor: Actor, ask: Span): RawBuilder<unknown> => sql`
  ${inScope(actor)} and s.created_at >= ${ask.from} and s.created_at < ${ask.before}
  and ${ask.authorityId ? sql`s.authority_id = ${ask.authorityId}` : sql`true`}
  and ${ask.item ? sql`s.item = ${ask.item}` : sql`true`}`
const TABLES = sql`collection.v_submission s left join balance.proof p on p.submission_id = s.id`
const SUMS = sql`count(*)::int as submissions, coalesce(sum(s.received), 0)::float8 as received,
  coalesce(sum(s.accepted), 0)::float8 as accepted, coalesce(sum(s.refused), 0)::float8 as refused,
  coalesce(sum(s.pending), 0)::float8 as pending, coalesce(sum(s.already_held), 0)::float8 as "alreadyHeld",
  (count(*) filter (where ${FINISHED} and ${PROVED}))::int as proved,
  (count(*) filter (where ${DIFFERS}))::int as differing,
  (count(*) filter (where ${FINISHED} and ${OPEN}))::int as unproved`
export type Sums = Counted & { submissions: number; proved: number; differing: number; unproved: number }

export const totals = async (db: Reader, actor: Actor, span: Span): Promise<Sums> =>
  (await sql<Sums>`select ${SUMS} from ${TABLES} where ${inSpan(actor, span)}`.execute(db)).rows[0]!

export type GroupRow = Sums & {
  day: string | null
  authorityId: string | null
  authorityName: string | null
  item: string | null
}
const DAY = sql`((s.created_at at time zone 'UTC') + interval '8 hours')::date`
const GROUPS: Record<Grouping, { columns: RawBuilder<unknown>; by: RawBuilder<unknown>; order: RawBuilder<unknown> }> =
  {
    day: {
      columns: sql`${DAY} as day, null::uuid as "authorityId", null::text as "authorityName", null::text as item`,
      by: sql`${DAY}`,
      order: sql`g.day desc`,
    },
    authority: {
      columns: sql`null::date as day, s.authority_id as "authorityId", max(s.authority_name) as "authorityName", null::text as item`,
      by: sql`s.authority_id`,
      order: sql`g."authorityId"`,
    },
    item: {
      columns: sql`null::date as day, null::uuid as "authorityId", null::text as "authorityName", s.item`,
      by: sql`s.item`,
      order: sql`g.item`,
    },
  }
const PAST: Record<Grouping, (after: string) => RawBuilder<unknown>> = {
  day: (after) => sql`g.day < ${after}::date`,
  authority: (after) => sql`g."authorityId" > ${after}::uuid`,
  item: (after) => sql`g.item > ${after}`,
}
export const keyOf = (by: Grouping, r: GroupRow): string =>
  String(by === 'day' ? r.day : by === 'authority' ? r.authorityId : r.item)

export const groups = async (
  db: Reader,
  actor: Actor,
  ask: Span & { by: Grouping; after: string | null; limit: number },
): Promise<GroupRow[]> => {
  const { columns, by, order } = GROUPS[ask.by]
  const { rows } = await sql<GroupRow>`
    select * from (select ${columns}, ${SUMS} from ${TABLES} where ${inSpan(actor, ask)} group by ${by}) g
    where ${ask.after === null ? sql`true` : PAST[ask.by](ask.after)} order by ${order} limit ${ask.limit}`.execute(db)
  return rows
}

export type SubmissionRow = Counted & {
  id: string
  no: string
  authorityId: string
  authorityName: string
  division: string
  item: string
  wayIn: WayIn
  state: SubmissionState
  fileHash: string | null
  createdAt: string
  provedAt: string | null
  verdict: ProofVerdict | null
  differences: number | null
  same: boolean | null
}
const submissionColumns = sql`s.id, s.no, s.authority_id as "authorityId", s.authority_name as "authorityName", s.division, s.item,
  s.way_in as "wayIn", s.state, s.file_hash as "fileHash", s.created_at as "createdAt", s.received, s.accepted, s.refused, s.pending,
  s.already_held as "alreadyHeld", p.proved_at as "provedAt", p.verdict, p.difference_count as differences, ${SAME} as same`
const STANDS: Record<ProofVerdict | 'open', RawBuilder<unknown>> = {
  holds: PROVED,
  differs: DIFFERS,
  open: sql`(${FINISHED} and ${OPEN})`,
}
export const submissionRows = async (
  db: Reader,
  actor: Actor,
  ask: Span & { verdict?: ProofVerdict | 'open' | undefined; after: readonly [string, string] | null; limit: number },
): Promise<SubmissionRow[]> => {
  const { rows } = await sql<SubmissionRow>`
    select ${submissionColumns} from ${TABLES} where ${inSpan(actor, ask)}
      and ${ask.verdict ? STANDS[ask.verdict] : sql`true`}
      and ${ask.after ? sql`(s.created_at, s.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by s.created_at desc, s.id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const findSubmission = async (db: Reader, id: string): Promise<SubmissionRow | null> =>
  (await sql<SubmissionRow>`select ${submissionColumns} from ${TABLES} where s.id = ${id}`.execute(db)).rows[0] ?? null

// ---- the proof

export type ProofRow = {
  submissionId: string
  no: string
  runId: string
  provedAt: string
  verdict: ProofVerdict
  counted: Counted
  differenceCount: number
  differences: Difference[]
}
export const findProof = async (db: Reader, actor: Actor, id: string): Promise<ProofRow | null> => {
  const { rows } = await sql<Omit<ProofRow, 'counted'> & Counted>`
    select p.submission_id as "submissionId", s.no, p.run_id as "runId", p.proved_at as "provedAt", p.verdict, p.raw_rows as received,
      p.accepted, p.refused, p.pending, p.already_held as "alreadyHeld", p.difference_count as "differenceCount", p.differences
    from balance.proof p join collection.v_submission s on s.id = p.submission_id
    where p.submission_id = ${id} and ${inScope(actor)}`.execute(db)
  const [row] = rows
  if (!row) return null
  const { received, accepted, refused, pending, alreadyHeld, ...rest } = row
  return { ...rest, counted: { received, accepted, refused, pending, alreadyHeld } }
}
export const saveProof = async (tx: Tx, p: Omit<ProofRow, 'no'>): Promise<void> => {
  const { counted } = p
  await sql`
    insert into balance.proof as held (submission_id, run_id, proved_at, verdict, raw_rows, accepted, refused, pending, already_held,
      difference_count, differences)
    values (${p.submissionId}, ${p.runId}, ${p.provedAt}, ${p.verdict}, ${counted.received}, ${counted.accepted}, ${counted.refused},
      ${counted.pending}, ${counted.alreadyHeld}, ${p.differenceCount}, ${json(p.differences)}::jsonb)
    on conflict (submission_id) do update set run_id = excluded.run_id, proved_at = excluded.proved_at, verdict = excluded.verdict,
      raw_rows = excluded.raw_rows, accepted = excluded.accepted, refused = excluded.refused, pending = excluded.pending,
      already_held = excluded.already_held, difference_count = excluded.difference_count, differences = excluded.differences`.execute(
    tx,
  )
}

/** Which rows of a submission stand as records, between two numbers. */
export const enteredRows = async (
  db: Reader,
  submissionId: string,
  ask: { after: number; to?: number; limit: number },
): Promise<number[]> => {
  const { rows } = await sql<{ n: number }>`
    select row_n as n from records.v_entered
    where submission_id = ${submissionId} and row_n > ${ask.after} and ${ask.to === undefined ? sql`true` : sql`row_n <= ${ask.to}`}
    order by row_n limit ${ask.limit}`.execute(db)
  return rows.map((r) => r.n)
}

/** Never proved, changed since, or found different before: the next after `after` that this run has not looked at. */
export const nextFresh = async (
  db: Reader,
  runId: string,
  ask: { after: string; limit: number },
): Promise<SubmissionRow[]> => {
  const { rows } = await sql<SubmissionRow>`
    select ${submissionColumns} from ${TABLES}
    where s.id > ${ask.after}::uuid and ${FINISHED} and p.run_id is distinct from ${runId}::uuid and not coalesce(${PROVED}, false)
    order by s.id limit ${ask.limit}`.execute(db)
  return rows
}
/** Those whose proof is the oldest. */
export const nextAgain = async (db: Reader, runId: string, limit: number): Promise<SubmissionRow[]> => {
  const { rows } = await sql<SubmissionRow>`
    select ${submissionColumns} from balance.proof p join collection.v_submission s on s.id = p.submission_id
    where p.run_id <> ${runId} and ${FINISHED} order by p.proved_at, p.submission_id limit ${limit}`.execute(db)
  return rows
}
export const countProofs = async (db: Reader): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from balance.proof`.execute(db)).rows[0]?.n ?? 0

/** Handed in, says the audit, which nobody can change unseen; and not there. */
export const countLost = async (db: Reader): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*)::int as n from (
        select a.target_id from platform.audit a
        where a.target_kind = 'submission' and a.act = 'collection.submit'
        union select p.submission_id::text from balance.proof p
      ) known
      where not exists (select 1 from collection.v_submission s where s.id::text = known.target_id)`.execute(db)
  ).rows[0]?.n ?? 0

// ---- runs

export type RunRow = {
  id: string
  state: 'running' | 'done'
  startedAt: string
  finishedAt: string | null
  leaseUntil: string
  againQuota: number
  againDone: number
  submissions: number
  rows: number
  differing: number
  lost: number
}
const runColumns = sql`id, state, started_at as "startedAt", finished_at as "finishedAt", lease_until as "leaseUntil",
  again_quota as "againQuota", again_done as "againDone", submissions, row_count as rows, differing, lost`
export const lastRun = async (db: Reader, state?: 'running' | 'done'): Promise<RunRow | null> =>
  (
    await sql<RunRow>`
      select ${runColumns} from balance.run where ${state ? sql`state = ${state}` : sql`true`}
      order by started_at desc, id desc limit 1`.execute(db)
  ).rows[0] ?? null
export const runRows = async (
  db: Reader,
  ask: { after: readonly [string, string] | null; limit: number },
): Promise<RunRow[]> =>
  (
    await sql<RunRow>`
      select ${runColumns} from balance.run
      where ${ask.after ? sql`(started_at, id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
      order by started_at desc, id desc limit ${ask.limit}`.execute(db)
  ).rows

type Lease = { owner: string; until: string }
/** Null when another process has one open. */
export const insertRun = async (
  tx: Tx,
  r: { id: string; by: string; at: string; againQuota: number } & Lease,
): Promise<RunRow | null> =>
  (
    await sql<RunRow>`
      insert into balance.run (id, asked_by, state, started_at, lease_until, leased_by, again_quota)
      values (${r.id}, ${r.by}, 'running', ${r.at}, ${r.until}, ${r.owner}, ${r.againQuota})
      on conflict (state) where state = 'running' do nothing returning ${runColumns}`.execute(tx)
  ).rows[0] ?? null
/** Of one whose process has not been heard of. */
export const takeOver = async (tx: Tx, ask: { now: string } & Lease): Promise<RunRow | null> =>
  (
    await sql<RunRow>`
      update balance.run set leased_by = ${ask.owner}, lease_until = ${ask.until}
      where state = 'running' and lease_until < ${ask.now} returning ${runColumns}`.execute(tx)
  ).rows[0] ?? null
export const keepLease = async (tx: Tx, id: string, lease: Lease): Promise<boolean> =>
  (
    await sql<{ id: string }>`
      update balance.run set lease_until = ${lease.until} where id = ${id} and leased_by = ${lease.owner} and state = 'running' returning id`.execute(
      tx,
    )
  ).rows.length > 0
/** False when another process has taken the run over. */
export const advance = async (
  tx: Tx,
  id: string,
  lease: Lease,
  by: { rows: number; differs: boolean; again: boolean },
): Promise<boolean> =>
  (
    await sql<{ id: string }>`
      update balance.run set submissions = submissions + 1, row_count = row_count + ${by.rows}::bigint,
        differing = differing + ${by.differs ? 1 : 0}::int, again_done = again_done + ${by.again ? 1 : 0}::int, lease_until = ${lease.until}
      where id = ${id} and leased_by = ${lease.owner} and state = 'running' returning id`.execute(tx)
  ).rows.length > 0
export const finishRun = async (
  tx: Tx,
  id: string,
  owner: string,
  by: { at: string; lost: number },
): Promise<RunRow | null> =>
  (
    await sql<RunRow>`
      update balance.run set state = 'done', finished_at = ${by.at}, lost = ${by.lost}
      where id = ${id} and leased_by = ${owner} and state = 'running' returning ${runColumns}`.execute(tx)
  ).rows[0] ?? null

/** Where this run found differences. */
export const differingOf = async (db: Reader, runId: string): Promise<{ division: string }[]> =>
  (
    await sql<{ division: string }>`
      select s.division from balance.proof p join collection.v_submission s on s.id = p.submission_id
      where p.run_id = ${runId} and p.verdict = 'differs'`.execute(db)
  ).rows
