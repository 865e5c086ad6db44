import { sql } from 'kysely'
import type { LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { IntakeWay, MessageState, Outcome, Verdict } from './words.ts'

/** What pages read; a filter that is not given lets everything through. */

export type Row = {
  id: string
  eventId: string
  peerId: string
  peerName: string
  way: IntakeWay
  fileHash: string
  type: string
  item: string
  name: string
  authority: string
  docNo: string
  state: MessageState
  outcome: Outcome | null
  code: Verdict
  params: Record<string, unknown>
  problems: unknown[]
  recordId: string | null
  attempts: number
  nextTryAt: string | null
  at: string
  receivedAt: string
  decidedAt: string | null
  toldAt: string | null
  version: number
}
const columns = sql`m.id, m.event_id as "eventId", m.peer_id as "peerId", p.name as "peerName", i.way, i.file_hash as "fileHash",
  m.type, m.item, m.name, m.authority, m.doc_no as "docNo", m.state, m.outcome, m.code, m.params, m.problems,
  m.record_id as "recordId", m.attempts, m.next_try_at as "nextTryAt", m.at, m.received_at as "receivedAt",
  m.decided_at as "decidedAt", m.told_at as "toldAt", m.version`
const from = sql`inbound.message m join exchange.v_peer p on p.id = m.peer_id join inbound.intake i on i.id = m.intake_id`

export const messageRow = async (db: Reader, id: string): Promise<Row | null> =>
  (await sql<Row>`select ${columns} from ${from} where m.id = ${id}`.execute(db)).rows[0] ?? null

export type MessagesAsk = {
  peerId?: string | undefined
  state?: MessageState | undefined
  item?: string | undefined
  after: [string, string] | null
  limit: number
}
export const listMessages = async (db: Reader, ask: MessagesAsk): Promise<Row[]> => {
  const { peerId, state, item, after, limit } = ask
  const filters = [
    peerId ? sql`m.peer_id = ${peerId}` : null,
    state ? sql`m.state = ${state}` : null,
    item ? sql`m.item = ${item}` : null,
    after ? sql`(m.received_at, m.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : null,
  ].filter((f) => f !== null)
  const { rows } = await sql<Row>`
    select ${columns} from ${from}
    where ${filters.length ? sql.join(filters, sql` and `) : sql`true`}
    order by m.received_at desc, m.id desc limit ${limit}`.execute(db)
  return rows
}

export type Day = {
  day: LocalDate
  peerId: string
  peerName: string
  received: number
  accepted: number
  refused: number
  pending: number
}
export const listDays = async (
  db: Reader,
  ask: { peerId?: string | undefined; after: [string, string] | null; limit: number },
): Promise<Day[]> => {
  const { rows } = await sql<Day>`
    select d.day, d.peer_id as "peerId", p.name as "peerName", d.received, d.accepted, d.refused, d.pending
    from inbound.day d join exchange.v_peer p on p.id = d.peer_id
    where ${ask.peerId ? sql`d.peer_id = ${ask.peerId}` : sql`true`}
      and ${ask.after ? sql`(d.day, d.peer_id) < (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by d.day desc, d.peer_id desc limit ${ask.limit}`.execute(db)
  return rows
}
