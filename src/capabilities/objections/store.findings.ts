import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { FindingKind, FindingState } from './states.ts'
import { inTerritory } from './store.ts'

/** What the self-check has found, once as long as it stands. */

export type Finding = {
  subjectId: string
  id: string
  kind: FindingKind
  state: FindingState
  recordId: string
  details: Record<string, unknown>
  division: string | null
  foundOn: LocalDate
  foundAt: Instant
  objectionId: string | null
  version: number
}
const columns =
  sql.raw(`f.subject_id as "subjectId", f.id, f.kind, f.state, f.record_id as "recordId", f.details, f.division,
  f.found_on as "foundOn", f.found_at as "foundAt", f.objection_id as "objectionId", f.version`)
const scope = (actor: Actor) =>
  actor.kind === 'person' && actor.roles.includes('credit_office')
    ? inTerritory(sql`f.division`, actor.division)
    : sql`false`

export type NewFinding = Pick<Finding, 'subjectId' | 'id' | 'kind' | 'recordId' | 'details' | 'division'>
/** Those not known yet are new; those known are seen again. Answers which are new. */
export const saveFindings = async (
  tx: Tx,
  rows: readonly NewFinding[],
  when: { on: LocalDate; at: Instant },
): Promise<Pick<Finding, 'kind' | 'division'>[]> => {
  if (!rows.length) return []
  const { rows: fresh } = await sql<{ kind: FindingKind; division: string | null; isNew: boolean }>`
    insert into objections.finding as f (subject_id, id, kind, state, record_id, details, division, found_on, found_at, seen_at)
    select a.subject_id, a.id, a.kind, 'open', a.record_id, a.details, a.division, ${when.on}::date, ${when.at}::timestamptz, ${when.at}::timestamptz
    from jsonb_to_recordset(${json(
      rows.map((r) => ({ ...r, subject_id: r.subjectId, record_id: r.recordId })),
    )}::jsonb) as a(subject_id uuid, id uuid, kind text, record_id uuid, details jsonb, division text)
    on conflict (subject_id, record_id, kind) where state <> 'gone' do update set seen_at = excluded.seen_at, details = excluded.details
    returning f.kind, f.division, (f.found_at = ${when.at}::timestamptz) as "isNew"`.execute(tx)
  return fresh.filter((f) => f.isNew)
}
export const closeUnseen = async (tx: Tx, at: Instant): Promise<number> => {
  const done = await sql`
    update objections.finding set state = 'gone', version = version + 1 where state <> 'gone' and seen_at < ${at}`.execute(
    tx,
  )
  return Number(done.numAffectedRows ?? 0)
}

export const lastCheck = async (db: Reader): Promise<{ on: LocalDate; at: Instant; records: number } | null> =>
  (
    await sql<{ on: LocalDate; at: Instant; records: number }>`
    select on_day as "on", at, records from objections.self_check order by on_day desc limit 1`.execute(db)
  ).rows[0] ?? null
/** False when today's is done, or another process does it. */
export const saveCheck = async (
  tx: Tx,
  c: { id: string; on: LocalDate; at: Instant; records: number; found: Record<string, number> },
): Promise<boolean> => {
  const done = await sql`
    insert into objections.self_check (id, on_day, at, records, found) values (${c.id}, ${c.on}, ${c.at}, ${c.records}, ${json(c.found)}::jsonb)
    on conflict (on_day) do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}

export const listFindings = async (
  db: Reader,
  actor: Actor,
  f: { kind?: FindingKind | undefined; state: FindingState; after: [string, string] | null; limit: number },
): Promise<Finding[]> =>
  (
    await sql<Finding>`select ${columns} from objections.finding f
    where ${scope(actor)} and f.state = ${f.state} ${f.kind ? sql`and f.kind = ${f.kind}` : sql``}
      and ${f.after ? sql`(f.found_at, f.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql`true`}
    order by f.found_at desc, f.id desc limit ${f.limit}`.execute(db)
  ).rows
export const countFindings = async (db: Reader, actor: Actor): Promise<{ kind: FindingKind; open: number }[]> =>
  (
    await sql<{ kind: FindingKind; open: number }>`
    select f.kind, count(*)::int as open from objections.finding f where ${scope(actor)} and f.state = 'open' group by f.kind`.execute(
      db,
    )
  ).rows
export const lockFinding = async (tx: Tx, actor: Actor, id: string): Promise<Finding | null> =>
  (
    await sql<Finding>`select ${columns} from objections.finding f where f.id = ${id} and ${scope(actor)} for update of f`.execute(
      tx,
    )
  ).rows[0] ?? null
export const takeUp = async (tx: Tx, f: Pick<Finding, 'subjectId' | 'id'>, objectionId: string): Promise<void> => {
  await sql`update objections.finding set state = 'taken_up', objection_id = ${objectionId}, version = version + 1
    where subject_id = ${f.subjectId} and id = ${f.id}`.execute(tx)
}
