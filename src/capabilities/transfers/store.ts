import { sql } from 'kysely'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { Letter } from '../repair/contract.ts'
import type { Kind } from '../repair/states.ts'
import type { TransferFile } from './contract.messages.ts'
import {
  FOLLOWED_OUTCOMES,
  OPEN_TRANSFERS,
  type StepKind,
  type TransferDirection,
  type TransferOutcome,
  type TransferState,
} from './words.ts'

/** Every statement on transfers.*, and of others only their views. */
export type TransferRow = {
  subjectId: string
  id: string
  ref: string
  direction: TransferDirection
  peerId: string
  itemId: string
  applicationId: string
  kind: Kind
  no: string
  recordItem: string
  docNo: string
  authorityId: string
  authorityName: string
  division: string | null
  state: TransferState
  outcome: TransferOutcome | null
  passedOnAt: Instant
  dueOn: LocalDate
  dueProvisional: boolean
  receivedAt: Instant | null
  stepDueOn: LocalDate | null
  closedAt: Instant | null
  reason: string
  withdrawalAt: Instant | null
  sent: number
  heard: number
  files: TransferFile[]
  parts: number
  partsSent: number
  version: number
}
const columns =
  sql.raw(`t.subject_id as "subjectId", t.id, t.ref, t.direction, t.peer_id as "peerId", t.item_id as "itemId",
  t.application_id as "applicationId", t.kind, t.no, t.record_item as "recordItem", t.doc_no as "docNo", t.authority_id as "authorityId",
  t.authority_name as "authorityName", t.division, t.state, t.outcome, t.passed_on_at as "passedOnAt", t.due_on as "dueOn",
  t.due_provisional as "dueProvisional", t.received_at as "receivedAt", t.step_due_on as "stepDueOn", t.closed_at as "closedAt",
  t.reason, t.withdrawal_at as "withdrawalAt", t.sent, t.heard, t.files, t.parts, t.parts_sent as "partsSent", t.version`)
const open = sql`t.state in (${sql.join([...OPEN_TRANSFERS])})`

export const insertTransfer = async (tx: Tx, t: TransferRow): Promise<void> => {
  await sql`
    insert into transfers.transfer (subject_id, id, ref, direction, peer_id, item_id, application_id, kind, no, record_item, doc_no,
      authority_id, authority_name, division, state, outcome, passed_on_at, due_on, due_provisional, received_at, step_due_on,
      sent, heard, files, parts, parts_sent)
    values (${t.subjectId}, ${t.id}, ${t.ref}, ${t.direction}, ${t.peerId}, ${t.itemId}, ${t.applicationId}, ${t.kind}, ${t.no},
      ${t.recordItem}, ${t.docNo}, ${t.authorityId}, ${t.authorityName}, ${t.division}, ${t.state}, ${t.outcome}, ${t.passedOnAt},
      ${t.dueOn}, ${t.dueProvisional}, ${t.receivedAt}, ${t.stepDueOn}, ${t.sent}, ${t.heard}, ${JSON.stringify(t.files)}::jsonb,
      ${t.parts}, ${t.partsSent})`.execute(tx)
}
/** False when it has changed since it was read. */
export const saveTransfer = async (tx: Tx, t: TransferRow): Promise<boolean> => {
  const done = await sql`
    update transfers.transfer set state = ${t.state}, outcome = ${t.outcome}, received_at = ${t.receivedAt},
      step_due_on = ${t.stepDueOn}, closed_at = ${t.closedAt}, reason = ${t.reason}, withdrawal_at = ${t.withdrawalAt},
      sent = ${t.sent}, heard = ${t.heard}, files = ${JSON.stringify(t.files)}::jsonb, parts = ${t.parts}, parts_sent = ${t.partsSent},
      version = version + 1
    where subject_id = ${t.subjectId} and id = ${t.id} and version = ${t.version}`.execute(tx)
  return done.numAffectedRows === 1n
}

export const getTransfer = async (db: Reader, key: { subject: string; id: string }): Promise<TransferRow | null> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where t.subject_id = ${key.subject} and t.id = ${key.id}`.execute(db)
  ).rows[0] ?? null
export const byRef = async (db: Reader, direction: TransferDirection, ref: string): Promise<TransferRow | null> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where t.direction = ${direction} and t.ref = ${ref}`.execute(db)
  ).rows[0] ?? null
/** To the end of the transaction nobody else changes it: what is heard of a case is never lost to what is sent about it. */
export const lockByRef = async (tx: Tx, direction: TransferDirection, ref: string): Promise<TransferRow | null> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where t.direction = ${direction} and t.ref = ${ref} for update`.execute(tx)
  ).rows[0] ?? null
export const ofItem = async (db: Reader, key: { subject: string; item: string }): Promise<TransferRow[]> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where t.subject_id = ${key.subject} and t.item_id = ${key.item} order by t.passed_on_at desc, t.id desc`.execute(
      db,
    )
  ).rows

/** What was passed on to us lies in the territory of whoever decides it; what we passed on lies elsewhere. */
const scope = (actor: Actor) =>
  actor.kind === 'person' && actor.roles.includes('credit_office') && actor.division && !actor.roles.includes('auditor')
    ? sql`(t.direction = 'out' or t.division like ${`${territoryPrefix(actor.division)}%`})`
    : sql`true`
const late = (today: LocalDate) =>
  sql`((t.state = 'sent' and t.due_on < ${today}) or (t.state in ('received', 'accepted') and t.step_due_on < ${today}))`

export const listTransfers = async (
  db: Reader,
  actor: Actor,
  f: {
    direction?: TransferDirection | undefined
    state?: TransferState | undefined
    late?: boolean | undefined
    no?: string | undefined
    today: LocalDate
    after: readonly [string, string] | null
    limit: number
  },
): Promise<TransferRow[]> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where ${scope(actor)}
        ${f.direction ? sql`and t.direction = ${f.direction}` : sql``}
        ${f.state ? sql`and t.state = ${f.state}` : sql``}
        ${f.late ? sql`and ${late(f.today)}` : sql``}
        ${f.no ? sql`and t.no = ${f.no}` : sql``}
        ${f.after ? sql`and (t.passed_on_at, t.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql``}
      order by t.passed_on_at desc, t.id desc limit ${f.limit}`.execute(db)
  ).rows
export const countTransfers = async (db: Reader, actor: Actor, today: LocalDate) => {
  const { rows } = await sql<{ out: number; in: number; late: number; returned: number }>`
    select count(*) filter (where t.direction = 'out' and ${open})::int as out,
      count(*) filter (where t.direction = 'in' and ${open})::int as in,
      count(*) filter (where ${late(today)})::int as late,
      count(*) filter (where t.direction = 'out' and t.state = 'returned')::int as returned
    from transfers.transfer t where ${scope(actor)}`.execute(db)
  return rows[0] ?? { out: 0, in: 0, late: 0, returned: 0 }
}

// ---- steps

export type StepRow = { id: string; kind: StepKind; at: Instant; note: string }
export const insertStep = async (
  tx: Tx,
  s: StepRow & { subjectId: string; transferId: string; eventId: string | null; actId: string | null },
): Promise<void> => {
  await sql`insert into transfers.step (subject_id, id, transfer_id, kind, at, note, event_id, act_id)
    values (${s.subjectId}, ${s.id}, ${s.transferId}, ${s.kind}, ${s.at}, ${s.note}, ${s.eventId}, ${s.actId})`.execute(
    tx,
  )
}
/** In the order in which they were heard of here: the clocks of two platforms may differ. Parts of materials are no news to people. */
export const stepsOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<StepRow[]> =>
  (
    await sql<StepRow>`select id, kind, at, note from transfers.step
      where subject_id = ${key.subjectId} and transfer_id = ${key.id} and kind <> 'material' order by id limit 200`.execute(
      db,
    )
  ).rows

export type WireRow = { dead: number; open: number; failed: number; parts: number; fault: string }
/** How the messages of some cases stand, by case. */
export const wiresOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, WireRow>> => {
  if (!ids.length) return new Map()
  const { rows } = await sql<WireRow & { id: string }>`
    select s.transfer_id as id, count(*) filter (where m.dead_at is not null and m.acked_at is null)::int as dead,
      count(*) filter (where m.acked_at is null)::int as open,
      count(*) filter (where m.acked_at is null and m.attempts > 0 and m.fault <> '')::int as failed,
      count(*) filter (where m.acked_at is null and s.kind = 'material')::int as parts,
      coalesce(max(m.fault) filter (where m.acked_at is null), '') as fault
    from transfers.step s join exchange.v_message m on m.subject_id = s.subject_id and m.event_id = s.event_id
    where s.transfer_id = any(${[...ids]}::uuid[]) group by s.transfer_id`.execute(db)
  return new Map(rows.map((r) => [r.id, r]))
}

// ---- seats and peers

export type SeatRow = {
  authorityId: string
  authorityName: string
  peerId: string
  peerName: string
  setAt: Instant
  version: number
}
export const listSeats = async (db: Reader): Promise<Omit<SeatRow, 'authorityName'>[]> =>
  (
    await sql<Omit<SeatRow, 'authorityName'>>`
      select s.authority_id as "authorityId", s.peer_id as "peerId", p.name as "peerName", s.set_at as "setAt", s.version
      from transfers.seat s join exchange.v_peer p on p.id = s.peer_id order by s.set_at desc limit 500`.execute(db)
  ).rows
export const seatOf = async (db: Reader, authorityId: string): Promise<{ peerId: string; version: number } | null> =>
  (
    await sql<{ peerId: string; version: number }>`select peer_id as "peerId", version from transfers.seat
      where authority_id = ${authorityId}`.execute(db)
  ).rows[0] ?? null
export const insertSeat = async (
  tx: Tx,
  s: { authorityId: string; peerId: string; at: Instant; by: string; version: number },
): Promise<void> => {
  await sql`insert into transfers.seat (authority_id, peer_id, set_at, set_by, version)
    values (${s.authorityId}, ${s.peerId}, ${s.at}, ${s.by}, ${s.version})
    on conflict (authority_id) do update set peer_id = excluded.peer_id, set_at = excluded.set_at, set_by = excluded.set_by,
      version = excluded.version`.execute(tx)
}
export const deleteSeat = async (tx: Tx, authorityId: string): Promise<void> => {
  await sql`delete from transfers.seat where authority_id = ${authorityId}`.execute(tx)
}
export type PlatformRow = { id: string; name: string; kind: string; state: string }
export const isPlatform = async (db: Reader, id: string): Promise<boolean> =>
  (
    await sql<{ id: string }>`select id from exchange.v_peer
      where id = ${id} and kind in ('upper_platform', 'lower_platform')`.execute(db)
  ).rows.length > 0
/** Platforms to which cases can be passed on. */
export const platforms = async (db: Reader): Promise<PlatformRow[]> =>
  (
    await sql<PlatformRow>`select id, name, kind, state from exchange.v_peer
      where kind in ('upper_platform', 'lower_platform') and state = 'active' order by name, id limit 500`.execute(db)
  ).rows
export const peerNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  if (!ids.length) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from exchange.v_peer where id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((r) => [r.id, r.name]))
}

// ---- what there is to do here

export type ToPass = { subjectId: string; itemId: string; authorityId: string; peerId: string }
/** Items that wait for an authority of another platform and were never passed on; what came from elsewhere goes nowhere else. */
export const toPassOn = async (db: Reader, limit: number): Promise<ToPass[]> =>
  (
    await sql<ToPass>`
      select i.subject_id as "subjectId", i.id as "itemId", i.authority_id as "authorityId", s.peer_id as "peerId"
      from transfers.seat s join repair.v_item i on i.authority_id = s.authority_id
      where i.state = 'received' and i.way_in <> 'transfer'
        and not exists (select 1 from transfers.transfer t where t.subject_id = i.subject_id and t.item_id = i.id)
      order by i.id limit ${limit}`.execute(db)
  ).rows

/** Cases under way elsewhere whose item here is no longer where the case left it: mended, withdrawn, lapsed. */
export const movedHere = async (db: Reader, limit: number): Promise<(TransferRow & { itemState: string })[]> =>
  (
    await sql<TransferRow & { itemState: string }>`select ${columns}, i.state as "itemState" from transfers.transfer t
      join repair.v_item i on i.subject_id = t.subject_id and i.id = t.item_id
      where t.direction = 'out' and ${open} and t.withdrawal_at is null
        and ((t.state = 'asked' and i.state <> 'mending') or i.state in ('withdrawn', 'lapsed'))
      order by t.id limit ${limit}`.execute(db)
  ).rows
/** Cases whose materials have not all been sent. */
export const withParts = async (db: Reader, limit: number): Promise<TransferRow[]> =>
  (
    await sql<TransferRow>`select ${columns} from transfers.transfer t
      where t.direction = 'out' and ${open} and t.parts_sent < t.parts
      order by t.id limit ${limit}`.execute(db)
  ).rows

export type ToTell = {
  transfer: TransferRow
  act: { id: string; action: string; at: Instant; note: string; letter: Letter | null }
  item: { dueOn: LocalDate | null; asked: { received?: { missing: { kind: string; name: Words; text: string }[] } } }
}
/** What was done about cases that were passed on to us and has not been told yet, in the order in which it was done. */
export const toTell = async (db: Reader, tells: readonly string[], limit: number): Promise<ToTell[]> => {
  const { rows } = await sql<TransferRow & { act: ToTell['act']; item: ToTell['item'] }>`
    select ${columns},
      jsonb_build_object('id', a.id, 'action', a.action, 'note', a.note, 'letter', a.letter,
        'at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as act,
      jsonb_build_object('dueOn', a.due_on, 'asked', a.asked) as item
    from transfers.transfer t join repair.v_told a on a.subject_id = t.subject_id and a.item_id = t.item_id
    where t.direction = 'in' and (${open} or t.outcome in (${sql.join([...FOLLOWED_OUTCOMES])})) and a.action = any(${[...tells]}::text[])
      and not exists (select 1 from transfers.step s where s.subject_id = t.subject_id and s.act_id = a.id)
    order by a.at, a.id limit ${limit}`.execute(db)
  return rows.map(({ act, item, ...transfer }) => ({ transfer, act, item }))
}

// ---- what came

export type ArrivalRow = {
  peerId: string
  ref: string
  n: number
  type: string
  message: Uint8Array
  receivedAt: Instant
}
/** False when it is here already. */
export const insertArrival = async (tx: Tx, a: ArrivalRow): Promise<boolean> => {
  const done = await sql`insert into transfers.arrival (peer_id, ref, n, type, message, received_at)
    values (${a.peerId}, ${a.ref}, ${a.n}, ${a.type}, ${a.message}, ${a.receivedAt}) on conflict do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}
/** When it came, from whom, and about which case. */
export type ArrivalPlace = readonly [Instant, string, string]
/** The next message of each case whose turn has come, those that came first before the others. */
export const nextArrivals = async (db: Reader, after: ArrivalPlace | null, limit: number): Promise<ArrivalRow[]> =>
  (
    await sql<ArrivalRow>`
      select a.peer_id as "peerId", a.ref, a.n, a.type, a.message, a.received_at as "receivedAt" from transfers.arrival a
      where a.settled_at is null and not exists (
        select 1 from transfers.arrival b
        where b.peer_id = a.peer_id and b.ref = a.ref and b.settled_at is null and b.n < a.n
      ) and (a.n = 1 or exists (
        select 1 from transfers.arrival c
        where c.peer_id = a.peer_id and c.ref = a.ref and c.n = a.n - 1 and c.settled_at is not null
      ))
        and ${after ? sql`(a.received_at, a.peer_id, a.ref) > (${after[0]}::timestamptz, ${after[1]}::uuid, ${after[2]}::uuid)` : sql`true`}
      order by a.received_at, a.peer_id, a.ref limit ${limit}`.execute(db)
  ).rows
/** Nobody needs the message any more once it has been carried out. False when it was, by someone else. */
export const settleArrival = async (
  tx: Tx,
  a: Pick<ArrivalRow, 'peerId' | 'ref' | 'n'>,
  at: Instant,
): Promise<boolean> => {
  const done = await sql`update transfers.arrival set settled_at = ${at}, message = null
    where peer_id = ${a.peerId} and ref = ${a.ref} and n = ${a.n} and settled_at is null`.execute(tx)
  return done.numAffectedRows === 1n
}

export const insertPart = async (
  tx: Tx,
  p: { peerId: string; ref: string; hash: string; n: number; body: Uint8Array; at: Instant },
): Promise<boolean> => {
  const done = await sql`insert into transfers.part (peer_id, ref, hash, n, body, received_at)
    values (${p.peerId}, ${p.ref}, ${p.hash}, ${p.n}, ${p.body}, ${p.at}) on conflict do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}
/** Parts of all the materials of a case: a peer fills no store. */
export const partsOfCase = async (db: Reader, of: { peerId: string; ref: string }): Promise<number> =>
  (
    await sql<{ n: number }>`select count(*)::int as n from transfers.part
      where peer_id = ${of.peerId} and ref = ${of.ref}`.execute(db)
  ).rows[0]?.n ?? 0
/** What never became whole. */
export const deletePartsBefore = async (tx: Tx, at: Instant): Promise<void> => {
  await sql`delete from transfers.part where received_at < ${at}`.execute(tx)
}
export const countParts = async (db: Reader, of: { peerId: string; ref: string; hash: string }): Promise<number> =>
  (
    await sql<{ n: number }>`select count(*)::int as n from transfers.part
      where peer_id = ${of.peerId} and ref = ${of.ref} and hash = ${of.hash}`.execute(db)
  ).rows[0]?.n ?? 0
export const partOf = async (
  db: Reader,
  of: { peerId: string; ref: string; hash: string; n: number },
): Promise<Uint8Array | null> =>
  (
    await sql<{ body: Uint8Array }>`select body from transfers.part
      where peer_id = ${of.peerId} and ref = ${of.ref} and hash = ${of.hash} and n = ${of.n}`.execute(db)
  ).rows[0]?.body ?? null
export const deleteParts = async (tx: Tx, of: { peerId: string; ref: string }): Promise<void> => {
  await sql`delete from transfers.part where peer_id = ${of.peerId} and ref = ${of.ref}`.execute(tx)
}

/** The record that a case is about, by what both platforms know of it. */
export const findNamed = async (
  db: Reader,
  of: { item: string; authorityId: string; docNo: string; decidedOn: LocalDate; subjectId: string | null },
): Promise<{ subjectId: string; recordId: string } | null> => {
  const { rows } = await sql<{ subjectId: string; recordId: string }>`
    select r.subject_id as "subjectId", r.record_id as "recordId" from records.v_reported r
    where r.authority_id = ${of.authorityId} and r.decided_on = ${of.decidedOn} and r.item = ${of.item} and r.doc_no = ${of.docNo}
      and r.state = 'held' ${of.subjectId ? sql`and r.subject_id = ${of.subjectId}` : sql``} limit 2`.execute(db)
  // Two that answer to the same description are none.
  return rows.length === 1 ? rows[0]! : null
}

// ---- what was turned away

export type TurnedAwayRow = {
  id: string
  peerId: string
  ref: string
  no: string
  decider: string
  docNo: string
  code: string
  at: Instant
}
export const insertTurnedAway = async (tx: Tx, r: TurnedAwayRow): Promise<void> => {
  await sql`insert into transfers.turned_away (id, peer_id, ref, no, decider, doc_no, code, at)
    values (${r.id}, ${r.peerId}, ${r.ref}, ${r.no}, ${r.decider}, ${r.docNo}, ${r.code}, ${r.at})`.execute(tx)
}
export const listTurnedAway = async (
  db: Reader,
  after: readonly [string, string] | null,
  limit: number,
): Promise<TurnedAwayRow[]> =>
  (
    await sql<TurnedAwayRow>`select id, peer_id as "peerId", ref, no, decider, doc_no as "docNo", code, at
      from transfers.turned_away
      ${after ? sql`where (at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by at desc, id desc limit ${limit}`.execute(db)
  ).rows

/** Who may look at the track of an item: the subject, its window, the authorities that review and decide it. */
export const itemSeen = async (db: Reader, actor: Actor, key: { subject: string; item: string }): Promise<boolean> => {
  if (actor.kind !== 'person') return false
  const { roles, subjectIds, authorityId, division } = actor
  const { rows } = await sql<{
    window: string | null
    authority: string
    reviewer: string | null
    division: string | null
    away: boolean
  }>`
    select division, exists (select 1 from transfers.transfer t where t.subject_id = v.subject_id and t.item_id = v.id
        and t.direction = 'out') as away, window_authority_id as "window", authority_id as authority, reviewer_id as reviewer from repair.v_item v
    where v.subject_id = ${key.subject} and v.id = ${key.item}`.execute(db)
  const [item] = rows
  if (!item) return false
  if (roles.includes('auditor')) return true
  // What was passed on lies elsewhere; it is the office's that passed it on.
  if (roles.includes('credit_office') && (item.away || (division !== null && covers(division, item.division))))
    return true
  if (roles.includes('enterprise') && subjectIds.includes(key.subject)) return true
  if (authorityId === null) return false
  if (roles.includes('window_clerk') && item.window === authorityId) return true
  const works = roles.includes('officer') || roles.includes('head')
  return works && (item.authority === authorityId || item.reviewer === authorityId)
}
