import { sql } from 'kysely'
import { type Instant, type LocalDate, startOf } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { DatabaseError, type Reader, type Tx } from '../../platform/db/index.ts'
import type { Figures, OwedGroup } from './rules.ts'
import type { AgreementState, MeasureKind, MeasureState } from './states.ts'
import type { PeerState } from '../exchange/words.ts'

export type Agreement = {
  id: string
  peerId: string
  number: string
  purpose: string
  items: string[]
  updateWorkdays: number
  withdrawWorkdays: number
  validFrom: LocalDate
  validUntil: LocalDate
  contact: string
  state: AgreementState
  fileHash: string | null
  fileName: string | null
  mediaType: string | null
  bytes: number | null
  signedAt: Instant | null
  endedOn: LocalDate | null
  endReason: string
  version: number
}
const columns = sql`a.id, a.peer_id as "peerId", a.number, a.purpose, a.items, a.update_workdays as "updateWorkdays",
  a.withdraw_workdays as "withdrawWorkdays", a.valid_from as "validFrom", a.valid_until as "validUntil", a.contact, a.state,
  a.file_hash as "fileHash", a.file_name as "fileName", a.media_type as "mediaType", a.bytes, a.signed_at as "signedAt",
  a.ended_on as "endedOn", a.end_reason as "endReason", a.version`

export const agreementsOf = async (db: Reader, peerIds: readonly string[]): Promise<Agreement[]> =>
  (
    await sql<Agreement>`select ${columns} from agreements.agreement a where a.peer_id = any(${[...peerIds]}::uuid[])
      order by a.valid_from desc, a.id desc`.execute(db)
  ).rows
export const findAgreement = async (db: Reader, id: string): Promise<Agreement | null> =>
  (await sql<Agreement>`select ${columns} from agreements.agreement a where a.id = ${id}`.execute(db)).rows[0] ?? null
export const lockAgreement = async (tx: Tx, id: string): Promise<Agreement | null> =>
  (await sql<Agreement>`select ${columns} from agreements.agreement a where a.id = ${id} for update`.execute(tx))
    .rows[0] ?? null

export const insertAgreement = async (tx: Tx, a: Agreement, by: { at: Instant; actor: string }): Promise<void> => {
  await sql`insert into agreements.agreement (id, peer_id, number, purpose, items, update_workdays, withdraw_workdays, valid_from,
      valid_until, contact, state, drawn_at, drawn_by)
    values (${a.id}, ${a.peerId}, ${a.number}, ${a.purpose}, ${a.items}::text[], ${a.updateWorkdays}, ${a.withdrawWorkdays},
      ${a.validFrom}, ${a.validUntil}, ${a.contact}, ${a.state}, ${by.at}, ${by.actor})`.execute(tx)
}
export const saveSigned = async (
  tx: Tx,
  id: string,
  file: { hash: string; name: string; mediaType: string; bytes: number; at: Instant },
): Promise<void> => {
  await sql`update agreements.agreement set state = 'signed', file_hash = ${file.hash}, file_name = ${file.name},
      media_type = ${file.mediaType}, bytes = ${file.bytes}, signed_at = ${file.at}, version = version + 1
    where id = ${id}`.execute(tx)
}
export const saveEnded = async (
  tx: Tx,
  id: string,
  to: { state: AgreementState; on: LocalDate; reason: string },
): Promise<void> => {
  await sql`update agreements.agreement set state = ${to.state}, ended_on = ${to.on}, end_reason = ${to.reason},
      version = version + 1 where id = ${id}`.execute(tx)
}

/** One at a time about a party: agreements and measures change what it is handed. */
export const lockParty = async (tx: Tx, peerId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(7716035, hashtext(${peerId}))`.execute(tx)
}
// ---- what is owed

type GroupRow = OwedGroup & { peerId: string }
/** Since a day, and everything that is still open however old it is. */
export const owedGroups = async (db: Reader, peerIds: readonly string[], since: LocalDate): Promise<GroupRow[]> =>
  (
    await sql<GroupRow>`
      select o.peer_id as "peerId", (o.announced_at at time zone 'Asia/Shanghai')::date as "announcedOn",
        (o.acked_at at time zone 'Asia/Shanghai')::date as "ackedOn", count(*)::int as n
      from unnest(${[...peerIds]}::uuid[]) as asked(peer_id)
      cross join lateral (
        select v.* from exchange.v_owed v where v.peer_id = asked.peer_id and v.announced_at >= ${startOf(since)}
        union all
        select v.* from exchange.v_owed v
        where v.peer_id = asked.peer_id and v.announced_at < ${startOf(since)} and v.open and v.acked_at is null
      ) o
      group by 1, 2, 3`.execute(db)
  ).rows

export type OwedRow = {
  subjectId: string
  recordId: string
  announcedAt: Instant
  ackedAt: Instant | null
}
export const listOwed = async (
  db: Reader,
  peerId: string,
  ask: { open: boolean; after: readonly [string, string] | null; limit: number },
): Promise<OwedRow[]> =>
  (
    await sql<OwedRow>`
      select o.subject_id as "subjectId", o.record_id as "recordId", o.announced_at as "announcedAt", o.acked_at as "ackedAt"
      from exchange.v_owed o
      where o.peer_id = ${peerId} and ${ask.open ? sql`o.open and o.acked_at is null` : sql`true`}
        and ${ask.after ? sql`(o.announced_at, o.record_id) > (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
      order by o.announced_at, o.record_id limit ${ask.limit}`.execute(db)
  ).rows

// ---- measures

export type Measure = {
  id: string
  peerId: string
  kind: MeasureKind
  state: MeasureState
  reason: string
  basis: { instrument: Words; article: string; rule: string }
  figures: Figures
  peerState: PeerState
  proposedAt: Instant
  proposedBy: string
  decidedAt: Instant | null
  decidedBy: string | null
  note: string
  version: number
}
const measureColumns = sql`m.id, m.peer_id as "peerId", m.kind, m.state, m.reason, m.basis, m.figures, m.peer_state as "peerState",
  m.proposed_at as "proposedAt", m.proposed_by as "proposedBy", m.decided_at as "decidedAt", m.decided_by as "decidedBy",
  m.decision_note as note, m.version`
/** The newest first. */
export const measuresOf = async (
  db: Reader,
  peerIds: readonly string[],
  state: MeasureState | null = null,
): Promise<Measure[]> =>
  (
    await sql<Measure>`select ${measureColumns} from agreements.measure m
      where m.peer_id = any(${[...peerIds]}::uuid[]) and ${state ? sql`m.state = ${state}` : sql`true`}
      order by m.proposed_at desc, m.id desc limit 200`.execute(db)
  ).rows
export const lockMeasure = async (tx: Tx, id: string): Promise<Measure | null> =>
  (await sql<Measure>`select ${measureColumns} from agreements.measure m where m.id = ${id} for update`.execute(tx))
    .rows[0] ?? null
export const findMeasure = async (db: Reader, id: string): Promise<Measure | null> =>
  (await sql<Measure>`select ${measureColumns} from agreements.measure m where m.id = ${id}`.execute(db)).rows[0] ??
  null
/** False when another proposal about this party is open. */
export const insertMeasure = async (tx: Tx, m: Measure): Promise<boolean> => {
  try {
    await sql`insert into agreements.measure (id, peer_id, kind, state, reason, basis, figures, peer_state, proposed_at, proposed_by)
      values (${m.id}, ${m.peerId}, ${m.kind}, ${m.state}, ${m.reason}, ${JSON.stringify(m.basis)}::jsonb,
        ${JSON.stringify(m.figures)}::jsonb, ${m.peerState}, ${m.proposedAt}, ${m.proposedBy})`.execute(tx)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === 'measure_one_open') return false
    throw error
  }
}
export const saveDecided = async (
  tx: Tx,
  id: string,
  to: { state: MeasureState; at: Instant; by: string; note: string },
): Promise<void> => {
  await sql`update agreements.measure set state = ${to.state}, decided_at = ${to.at}, decided_by = ${to.by},
      decision_note = ${to.note}, version = version + 1 where id = ${id}`.execute(tx)
}
