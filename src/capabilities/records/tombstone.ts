import { sql } from 'kysely'
import { mustNot } from '../../kernel/decision.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, actorRef } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

/**
 * What was removed or corrected upon an objection does not come back by the next report: a named person lets it in, with a
 * reason. Values are kept out field by field; a record that was taken back is kept out as a whole.
 */
export type Tombstone = {
  subjectId: string
  id: string
  recordId: string
  item: string
  authorityId: string
  authorityName: string
  division: string | null
  docNo: string
  keepsOut: Record<string, unknown> | null
  caseId: string
  caseNo: string
  reason: string
  at: Instant
  lifted: { at: Instant; by: string; reason: string } | null
}
export type NewTombstone = Omit<Tombstone, 'id' | 'at' | 'lifted'>

const columns =
  sql.raw(`t.subject_id as "subjectId", t.id, t.record_id as "recordId", t.item, t.authority_id as "authorityId",
  t.authority_name as "authorityName", t.division, t.doc_no as "docNo", t.keeps_out as "keepsOut", t.case_id as "caseId",
  t.case_no as "caseNo", t.reason, t.set_at as at, case when t.lifted_at is not null then jsonb_build_object('at', to_char(t.lifted_at at time
  zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', t.lifted_name, 'reason', t.lift_reason) end as lifted`)

export const setTombstone = async (tx: Tx, ctx: Ctx, t: NewTombstone): Promise<string> => {
  const id = newId()
  await sql`
    insert into records.tombstone (subject_id, id, record_id, item, authority_id, authority_name, division, doc_no, keeps_out, case_id,
      case_no, reason, set_at, set_by)
    values (${t.subjectId}, ${id}, ${t.recordId}, ${t.item}, ${t.authorityId}, ${t.authorityName}, ${t.division}, ${t.docNo},
      ${t.keepsOut ? json(t.keepsOut) : null}::jsonb, ${t.caseId}, ${t.caseNo}, ${t.reason}, ${ctx.clock.now()}, ${actorRef(ctx.actor)})`.execute(
    tx,
  )
  return id
}

type Key = { subjectId: string; id: string }
type Kept = { recordId: string; caseNo: string; keepsOut: Record<string, unknown> }
/** The values kept out of these records: one look for all of them. */
export const valuesKeptOut = async (db: Reader, keys: readonly Key[]): Promise<Map<string, Kept[]>> => {
  const found = new Map<string, Kept[]>()
  if (!keys.length) return found
  const { rows } = await sql<Kept>`
    select t.record_id as "recordId", t.case_no as "caseNo", t.keeps_out as "keepsOut"
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as a(subject_id, record_id)
    join records.tombstone t on t.subject_id = a.subject_id and t.record_id = a.record_id
    where t.lifted_at is null and t.keeps_out is not null
    order by t.id`.execute(db)
  for (const row of rows) found.set(row.recordId, [...(found.get(row.recordId) ?? []), row])
  return found
}

const plain = (value: unknown): string => JSON.stringify(value === undefined || value === '' ? null : value)
/** The first objection whose outcome these fields would undo, and the fields that would. */
export const undone = (
  kept: readonly Pick<Kept, 'caseNo' | 'keepsOut'>[],
  fields: Record<string, unknown>,
): { caseNo: string; keys: string[] } | null => {
  for (const { caseNo, keepsOut } of kept) {
    const keys = Object.keys(keepsOut).filter((key) => plain(fields[key]) === plain(keepsOut[key]))
    if (keys.length) return { caseNo, keys }
  }
  return null
}

/** The objection upon which a record was taken back as a whole and stays so. */
export const removedBy = async (db: Reader, subjectId: string, recordId: string): Promise<string | null> => {
  const { rows } = await sql<{ caseNo: string }>`
    select case_no as "caseNo" from records.tombstone
    where subject_id = ${subjectId} and record_id = ${recordId} and lifted_at is null and keeps_out is null limit 1`.execute(
    db,
  )
  return rows[0]?.caseNo ?? null
}

/** Row scope: the authority whose record it is; the credit office over its territory. */
export type TombstoneScope = { authorityId: string } | { territory: string }
const within = (scope: TombstoneScope) =>
  'authorityId' in scope
    ? sql`t.authority_id = ${scope.authorityId}`
    : sql`t.division like ${`${territoryPrefix(scope.territory).replace(/\D/g, '')}%`}`

export const listTombstones = async (
  db: Reader,
  scope: TombstoneScope,
  ask: { lifted: boolean; after: [string, string] | null; limit: number },
): Promise<Tombstone[]> =>
  (
    await sql<Tombstone>`
    select ${columns} from records.tombstone t
    where ${within(scope)} and t.lifted_at is ${ask.lifted ? sql`not null` : sql`null`}
      and ${ask.after ? sql`(t.set_at, t.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by t.set_at desc, t.id desc limit ${ask.limit}`.execute(db)
  ).rows

/** Locked: two people who let the same in at once are told apart. */
export const lockTombstone = async (tx: Tx, scope: TombstoneScope, id: string): Promise<Tombstone | null> =>
  (
    await sql<Tombstone>`select ${columns} from records.tombstone t where t.id = ${id} and ${within(scope)} for update of t`.execute(
      tx,
    )
  ).rows[0] ?? null

export const liftTombstone = async (
  tx: Tx,
  ctx: Ctx,
  of: Pick<Tombstone, 'subjectId' | 'id'>,
  reason: string,
): Promise<void> => {
  const by = ctx.actor.kind === 'person' ? ctx.actor.name : mustNot('FORBIDDEN')
  await sql`
    update records.tombstone set lifted_at = ${ctx.clock.now()}, lifted_by = ${actorRef(ctx.actor)}, lifted_name = ${by}, lift_reason = ${reason}
    where subject_id = ${of.subjectId} and id = ${of.id}`.execute(tx)
}

/** What somebody has since decided otherwise need not be kept out any more. */
export const liftOvertaken = async (
  tx: Tx,
  ctx: Ctx,
  of: { subjectId: string; recordId: string; fields: Record<string, unknown>; reason: string },
): Promise<void> => {
  const kept = await valuesKeptOut(tx, [{ subjectId: of.subjectId, id: of.recordId }])
  const overtaken = (kept.get(of.recordId) ?? []).filter((k) => undone([k], of.fields))
  for (const k of overtaken)
    await sql`
      update records.tombstone set lifted_at = ${ctx.clock.now()}, lifted_by = ${actorRef(ctx.actor)}, lifted_name = ${nameOf(ctx)},
        lift_reason = ${of.reason}
      where subject_id = ${of.subjectId} and record_id = ${of.recordId} and case_no = ${k.caseNo} and lifted_at is null
        and keeps_out is not null`.execute(tx)
}
const nameOf = (ctx: Ctx): string => (ctx.actor.kind === 'person' ? ctx.actor.name : actorRef(ctx.actor))
