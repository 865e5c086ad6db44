import { type SqlBool, sql } from 'kysely'
import type { Refusal } from '../../kernel/decision.ts'
import type { Seen } from '../../kernel/dropped-file.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type Actor, hasRole } from '../../platform/context.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { claimLease, holdLease, releaseLease } from '../../platform/leases.ts'
import type { GatewayKind, GatewayState, IntakeState, Marker } from './words.ts'

export type FolderPlace = { path: string; marker: Marker }
export type TablePlace = {
  host: string
  port: number
  database: string
  user: string
  schema: string
  table: string
}
export type Gateway = {
  id: string
  kind: GatewayKind
  name: string
  authorityId: string
  authorityName: string
  division: string
  item: string
  state: GatewayState
  backfill: boolean
  place: FolderPlace | TablePlace
  placeKey: string
  secret: Buffer | null
  pollSeconds: number
  seen: Record<string, Seen>
  waiting: number
  readAt: string | null
  takenAt: string | null
  problem: Refusal[] | null
  failures: number
  nextAt: string
  version: number
  createdAt: string
  createdBy: string
  endedAt: string | null
  endedBy: string | null
  endReason: string | null
}
export type FolderGateway = Gateway & { place: FolderPlace }
export type TableGateway = Gateway & { place: TablePlace }

/** One row of an exchange table and what is written back: its version when it was read, status and words. */
export type Answer = { seq: string; row: string; status: number; error: string | null }
export type Intake = {
  gatewayId: string
  id: string
  state: IntakeState
  key: string
  name: string
  hash: string | null
  firstSeq: string | null
  lastSeq: string | null
  rows: number | null
  submissionId: string | null
  submissionNo: string | null
  repeated: boolean
  problem: Refusal[] | null
  answers: Answer[] | null
  openRows: number
  takenAt: string
  answeredAt: string | null
}

/** Administrators, security, audit and the credit office see their territory; people of an authority their own. */
export type Scope = { territory: string } | { authorityId: string } | 'all' | 'none'
export const scopeOf = (actor: Actor): Scope => {
  if (actor.kind === 'system') return 'all'
  if (actor.kind !== 'person') return 'none'
  if (hasRole(actor, 'territory_admin', 'security_admin', 'credit_office', 'auditor') && actor.division)
    return { territory: territoryPrefix(actor.division) }
  return actor.authorityId ? { authorityId: actor.authorityId } : 'none'
}
const inScope = (scope: Scope) => {
  if (scope === 'none') return sql<SqlBool>`false`
  if (scope === 'all') return sql<SqlBool>`true`
  return 'territory' in scope
    ? sql<SqlBool>`division like ${`${scope.territory}%`}`
    : sql<SqlBool>`authority_id = ${scope.authorityId}`
}

const COLUMNS = [
  'id',
  'kind',
  'name',
  'authority_id as authorityId',
  'authority_name as authorityName',
  'division',
  'item',
  'state',
  'backfill',
  'place',
  'place_key as placeKey',
  'secret',
  'poll_seconds as pollSeconds',
  'seen',
  'waiting',
  'read_at as readAt',
  'taken_at as takenAt',
  'problem',
  'failures',
  'next_at as nextAt',
  'version',
  'created_at as createdAt',
  'created_by as createdBy',
  'ended_at as endedAt',
  'ended_by as endedBy',
  'end_reason as endReason',
] as const

export const insertGateway = async (tx: Tx, g: Gateway): Promise<boolean> => {
  const done = await tx
    .insertInto('gateways.gateway')
    .values({
      id: g.id,
      kind: g.kind,
      name: g.name,
      authority_id: g.authorityId,
      authority_name: g.authorityName,
      division: g.division,
      item: g.item,
      state: g.state,
      backfill: g.backfill,
      place: json(g.place),
      place_key: g.placeKey,
      secret: g.secret,
      poll_seconds: g.pollSeconds,
      next_at: g.nextAt,
      created_at: g.createdAt,
      created_by: g.createdBy,
    })
    .onConflict((c) => c.column('place_key').where('state', '<>', 'ended').doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows) === 1
}

export const findGateway = async (reader: Reader, scope: Scope, id: string): Promise<Gateway | null> =>
  ((await reader
    .selectFrom('gateways.gateway')
    .select(COLUMNS)
    .where('id', '=', id)
    .where(inScope(scope))
    .executeTakeFirst()) as Gateway | undefined) ?? null

export const gatewayAt = async (reader: Reader, placeKey: string): Promise<{ name: string } | null> =>
  (await reader
    .selectFrom('gateways.gateway')
    .select('name')
    .where('place_key', '=', placeKey)
    .where('state', '<>', 'ended')
    .executeTakeFirst()) ?? null
export const folderPlaces = async (reader: Reader): Promise<{ name: string; path: string }[]> => {
  const { rows } = await sql<{ name: string; path: string }>`
    select name, place ->> 'path' as path from gateways.gateway where kind = 'folder' and state <> 'ended'`.execute(
    reader,
  )
  return rows
}

export const listGateways = async (
  reader: Reader,
  scope: Scope,
  ask: { kind?: string | undefined; state?: string | undefined; after: [string, string] | null; limit: number },
): Promise<Gateway[]> => {
  let query = reader.selectFrom('gateways.gateway').select(COLUMNS).where(inScope(scope))
  if (ask.kind) query = query.where('kind', '=', ask.kind)
  query = ask.state ? query.where('state', '=', ask.state) : query.where('state', '<>', 'ended')
  if (ask.after) query = query.where(sql<SqlBool>`(name, id) > (${ask.after[0]}::text, ${ask.after[1]}::uuid)`)
  return (await query.orderBy('name').orderBy('id').limit(ask.limit).execute()) as Gateway[]
}

/** Version-checked; false when someone else was first. */
export const changeGateway = async (
  tx: Tx,
  ask: { id: string; seen: number; set: { state?: GatewayState; secret?: Buffer; place?: TablePlace; nextAt: string } },
): Promise<boolean> => {
  const { place, nextAt, ...set } = ask.set
  const done = await tx
    .updateTable('gateways.gateway')
    .set({ ...set, ...(place ? { place: json(place) } : {}), next_at: nextAt, failures: 0, version: sql`version + 1` })
    .where('id', '=', ask.id)
    .where('version', '=', ask.seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}
/** Version-checked; false when someone else was first. Whoever looks at it just now keeps nothing any more. */
export const endGateway = async (
  tx: Tx,
  ask: { id: string; seen: number; at: string; by: string; reason: string },
): Promise<boolean> => {
  const done = await tx
    .updateTable('gateways.gateway')
    .set({
      state: 'ended',
      ended_at: ask.at,
      ended_by: ask.by,
      end_reason: ask.reason,
      secret: null,
      problem: null,
      failures: 0,
      waiting: 0,
      seen: json({}),
      lease_until: null,
      leased_by: null,
      version: sql`version + 1`,
    })
    .where('id', '=', ask.id)
    .where('version', '=', ask.seen)
    .executeTakeFirst()
  if (Number(done.numUpdatedRows) !== 1) return false
  await tx
    .updateTable('gateways.intake')
    .set({ state: 'left', answers: null, open_rows: 0 })
    .where('gateway_id', '=', ask.id)
    .where('state', '=', 'taken')
    .execute()
  return true
}
export const dueNow = async (tx: Tx, id: string, at: string): Promise<void> => {
  await tx.updateTable('gateways.gateway').set({ next_at: at }).where('id', '=', id).execute()
}

// ---- the lease: two processes never take the same files or rows

const GATEWAYS = { table: 'gateways.gateway', key: 'id' }

export const claim = async (
  tx: Tx,
  ask: { owner: string; now: string; until: string; not: readonly string[] },
): Promise<Gateway | null> => {
  const id = await claimLease(tx, GATEWAYS, {
    ...ask,
    due: sql<SqlBool>`w.state = 'active' and w.next_at <= ${ask.now} and not (w.id = any(${[...ask.not]}::uuid[]))`,
    order: sql`w.next_at`,
  })
  return id ? findGateway(tx, 'all', id) : null
}
/** Locks the gateway's row until the transaction ends; false when the lease has gone to another, or it is not active any more. */
export const hold = (tx: Tx, ask: { id: string; owner: string; until: string }): Promise<boolean> =>
  holdLease(tx, GATEWAYS, { ...ask, also: sql<SqlBool>`state = 'active'` })
export const release = (
  tx: Tx,
  ask: {
    id: string
    owner: string
    readAt: string | null
    tookAt: string | null
    waiting: number | null
    seen: Record<string, Seen> | null
    problem: Refusal[] | null
    failures: number
    nextAt: string
  },
): Promise<boolean> =>
  releaseLease(tx, GATEWAYS, {
    ...ask,
    set: {
      ...(ask.readAt ? { read_at: ask.readAt } : {}),
      ...(ask.tookAt ? { taken_at: ask.tookAt } : {}),
      ...(ask.waiting === null ? {} : { waiting: ask.waiting }),
      ...(ask.seen ? { seen: json(ask.seen) } : {}),
      problem: ask.problem ? json(ask.problem) : null,
      failures: ask.failures,
      next_at: ask.nextAt,
    },
  })

// ---- what was taken

const INTAKE = [
  'gateway_id as gatewayId',
  'id',
  'state',
  'key',
  'name',
  'hash',
  'first_seq as firstSeq',
  'last_seq as lastSeq',
  'rows',
  'submission_id as submissionId',
  'submission_no as submissionNo',
  'repeated',
  'problem',
  'answers',
  'open_rows as openRows',
  'taken_at as takenAt',
  'answered_at as answeredAt',
] as const
export const insertIntake = async (tx: Tx, i: Intake): Promise<void> => {
  await tx
    .insertInto('gateways.intake')
    .values({
      gateway_id: i.gatewayId,
      id: i.id,
      state: i.state,
      key: i.key,
      name: i.name,
      hash: i.hash,
      first_seq: i.firstSeq,
      last_seq: i.lastSeq,
      rows: i.rows,
      submission_id: i.submissionId,
      submission_no: i.submissionNo,
      repeated: i.repeated,
      problem: i.problem ? json(i.problem) : null,
      answers: i.answers ? json(i.answers) : null,
      open_rows: i.openRows,
      taken_at: i.takenAt,
      answered_at: i.answeredAt,
    })
    .execute()
}

const intakes = (reader: Reader, gatewayId: string) =>
  reader.selectFrom('gateways.intake').select(INTAKE).where('gateway_id', '=', gatewayId)
export const outstanding = async (reader: Reader, gatewayId: string): Promise<Intake[]> =>
  (await intakes(reader, gatewayId).where('state', '=', 'taken').orderBy('id').execute()) as Intake[]
/** Those with rows that people have yet to decide, and were answered already. */
export const withOpenRows = async (reader: Reader, gatewayId: string): Promise<Intake[]> =>
  (await intakes(reader, gatewayId)
    .where('open_rows', '>', 0)
    .where('state', '=', 'answered')
    .orderBy('id')
    .limit(50)
    .execute()) as Intake[]
export const intakeByKey = async (reader: Reader, gatewayId: string, key: string): Promise<Intake | null> =>
  ((await intakes(reader, gatewayId).where('key', '=', key).orderBy('id', 'desc').executeTakeFirst()) as
    | Intake
    | undefined) ?? null
/** The same content, taken in before; the latest that has a submission of its own. */
export const intakeByHash = async (reader: Reader, gatewayId: string, hash: string): Promise<Intake | null> =>
  ((await intakes(reader, gatewayId)
    .where('hash', '=', hash)
    .where('submission_id', 'is not', null)
    .where('repeated', '=', false)
    .orderBy('id', 'desc')
    .executeTakeFirst()) as Intake | undefined) ?? null
export const unansweredOf = async (reader: Reader, ids: readonly string[]): Promise<Map<string, number>> => {
  const { rows } = await sql<{ id: string; n: number }>`
    select gateway_id as id, count(*)::int as n from gateways.intake
    where gateway_id = any(${ids}::uuid[]) and state = 'taken' group by gateway_id`.execute(reader)
  return new Map(rows.map((r) => [r.id, r.n]))
}
export const listIntakes = async (
  reader: Reader,
  gatewayId: string,
  ask: { after: string | null; limit: number },
): Promise<Intake[]> => {
  let query = intakes(reader, gatewayId)
  if (ask.after) query = query.where('id', '<', ask.after)
  return (await query.orderBy('id', 'desc').limit(ask.limit).execute()) as Intake[]
}
export const closeIntake = async (
  tx: Tx,
  ask: { gatewayId: string; id: string; state: IntakeState; at: string; problem?: Refusal[] | null; rows?: number },
): Promise<void> => {
  await tx
    .updateTable('gateways.intake')
    .set({
      state: ask.state,
      answered_at: ask.at,
      ...(ask.problem ? { problem: json(ask.problem) } : {}),
      ...(ask.rows === undefined ? {} : { rows: ask.rows }),
    })
    .where('gateway_id', '=', ask.gatewayId)
    .where('id', '=', ask.id)
    .execute()
}
export const setOpenRows = async (
  tx: Tx,
  ask: { gatewayId: string; id: string; openRows: number; answers: Answer[] },
): Promise<void> => {
  await tx
    .updateTable('gateways.intake')
    .set({ open_rows: ask.openRows, answers: json(ask.answers) })
    .where('gateway_id', '=', ask.gatewayId)
    .where('id', '=', ask.id)
    .execute()
}

/** For whoever watches over the platform. */
export const countByHealth = async (reader: Reader): Promise<{ health: string; n: number }[]> => {
  const { rows } = await sql<{ health: string; n: number }>`
    select case when state = 'paused' then 'paused' when failures > 0 then 'failing' when read_at is null then 'new' else 'well' end as health,
      count(*)::int as n
    from gateways.gateway where state <> 'ended' group by 1`.execute(reader)
  return rows
}
