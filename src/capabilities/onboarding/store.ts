import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { Step, StepOutcome } from './words.ts'

export type Proof = Record<string, unknown>
export type StepRow = { step: Step; outcome: StepOutcome; proof: Proof; doneBy: string; doneAt: Instant }

/** The newest of each step. */
export const stepsOf = async (db: Reader, peerId: string): Promise<StepRow[]> => {
  const { rows } = await sql<StepRow>`
    select distinct on (step) step, outcome, proof, done_by as "doneBy", done_at as "doneAt"
    from onboarding.step where peer_id = ${peerId} order by step, done_at desc, id desc`.execute(db)
  return rows
}
export const insertStep = async (tx: Tx, id: string, peerId: string, row: StepRow): Promise<void> => {
  await tx
    .insertInto('onboarding.step')
    .values({
      id,
      peer_id: peerId,
      step: row.step,
      outcome: row.outcome,
      proof: JSON.stringify(row.proof),
      done_by: row.doneBy,
      done_at: row.doneAt,
    })
    .execute()
}

export type RequestRow = {
  id: string
  at: Instant
  method: string
  path: string
  address: string
  status: number
  code: string
  detail: Words & { check?: string }
  requestId: string
}
export const insertRequest = async (tx: Tx, peerId: string, row: RequestRow): Promise<void> => {
  await tx
    .insertInto('onboarding.request')
    .values({
      id: row.id,
      peer_id: peerId,
      at: row.at,
      method: row.method,
      path: row.path,
      address: row.address,
      status: row.status,
      code: row.code,
      detail: JSON.stringify(row.detail),
      request_id: row.requestId,
    })
    .execute()
}
export const requestsOf = async (
  db: Reader,
  peerId: string,
  after: [string, string] | null,
  limit: number,
): Promise<RequestRow[]> => {
  const { rows } = await sql<RequestRow>`
    select id, at, method, path, address, status, code, detail, request_id as "requestId"
    from onboarding.request
    where peer_id = ${peerId} and ${after ? sql`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by at desc, id desc limit ${limit}`.execute(db)
  return rows
}
/** Codes of refusals since a time, with how often. */
export const refusalsSince = async (db: Reader, peerId: string, since: Instant): Promise<Map<string, number>> => {
  const { rows } = await sql<{ code: string; n: number }>`
    select code, count(*)::int as n from onboarding.request
    where peer_id = ${peerId} and at >= ${since} and code <> '' group by code`.execute(db)
  return new Map(rows.map((r) => [r.code, r.n]))
}
/** Stands as the method where the request was ours, to the peer's receiver. */
export const PUSHED = 'PUSH'
/** What came of our own pushes since a time: the last of each check. */
export const pushesSince = async (db: Reader, peerId: string, since: Instant): Promise<Map<string, boolean>> => {
  const { rows } = await sql<{ check: string; good: boolean }>`
    select detail->>'check' as "check", code = '' as good from onboarding.request
    where peer_id = ${peerId} and at >= ${since} and method = ${PUSHED} order by at, id`.execute(db)
  return new Map(rows.map((r) => [r.check, r.good]))
}
/** Keeps the newest of each peer. */
export const forgetRequests = async (tx: Tx, keep: number): Promise<void> => {
  await sql`
    delete from onboarding.request r using (
      select id, row_number() over (partition by peer_id order by at desc, id desc) as n from onboarding.request
    ) o where o.id = r.id and o.n > ${keep}`.execute(tx)
}

/** The first answer stands. */
export const saveAcknowledgements = async (
  tx: Tx,
  peerId: string,
  acks: readonly { eventId: string; outcome: 'applied' | 'already' | 'refused' }[],
  at: Instant,
): Promise<void> => {
  await tx
    .insertInto('onboarding.acknowledgement')
    .values(acks.map((a) => ({ peer_id: peerId, event_id: a.eventId, outcome: a.outcome, at })))
    .onConflict((c) => c.columns(['peer_id', 'event_id']).doNothing())
    .execute()
}
export const acknowledged = async (db: Reader, peerId: string): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom('onboarding.acknowledgement')
    .select(['event_id', 'outcome'])
    .where('peer_id', '=', peerId)
    .execute()
  return new Map(rows.map((r) => [r.event_id, r.outcome]))
}
