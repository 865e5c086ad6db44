import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { DatabaseError, type Reader, type Tx } from '../../platform/db/index.ts'
import type { Figures } from './rules.ts'
import type { TalkState } from './states.ts'

export type Talk = {
  id: string
  peerId: string
  state: TalkState
  person: string
  capacity: string
  calledFor: LocalDate
  reason: string
  basis: { instrument: Words; article: string; rule: string; capacity: Words }
  figures: Figures
  calledAt: Instant
  calledBy: string
  heldOn: LocalDate | null
  minutes: string
  asks: string
  dueOn: LocalDate | null
  heldBy: string | null
  closedAt: Instant | null
  closedBy: string | null
  figuresAfter: Figures | null
  note: string
  version: number
}
const columns = sql`t.id, t.peer_id as "peerId", t.state, t.person, t.capacity, t.called_for as "calledFor", t.reason, t.basis,
  t.figures, t.called_at as "calledAt", t.called_by as "calledBy", t.held_on as "heldOn", t.minutes, t.asks, t.due_on as "dueOn",
  t.held_by as "heldBy", t.closed_at as "closedAt", t.closed_by as "closedBy", t.figures_after as "figuresAfter", t.note, t.version`
const open = sql`t.state in ('called', 'asked')`

/** The newest first. */
export const talksOf = async (
  db: Reader,
  peerIds: readonly string[],
  ask: { onlyOpen?: boolean } = {},
): Promise<Talk[]> =>
  (
    await sql<Talk>`select ${columns} from agreements.talk t
      where t.peer_id = any(${[...peerIds]}::uuid[]) and ${ask.onlyOpen ? open : sql`true`}
      order by t.called_at desc, t.id desc limit 500`.execute(db)
  ).rows
export const findTalk = async (db: Reader, id: string): Promise<Talk | null> =>
  (await sql<Talk>`select ${columns} from agreements.talk t where t.id = ${id}`.execute(db)).rows[0] ?? null
export const lockTalk = async (tx: Tx, id: string): Promise<Talk | null> =>
  (await sql<Talk>`select ${columns} from agreements.talk t where t.id = ${id} for update`.execute(tx)).rows[0] ?? null
/** Where the day for mending has passed and nothing has come of it yet. */
export const talksPast = async (db: Reader, today: LocalDate): Promise<Talk[]> =>
  (
    await sql<Talk>`select ${columns} from agreements.talk t where t.state = 'asked' and t.due_on < ${today}
      order by t.due_on, t.id limit 500`.execute(db)
  ).rows

/** False when another one about this party is open. */
export const insertTalk = async (tx: Tx, t: Talk): Promise<boolean> => {
  try {
    await sql`insert into agreements.talk (id, peer_id, state, person, capacity, called_for, reason, basis, figures, called_at, called_by)
      values (${t.id}, ${t.peerId}, ${t.state}, ${t.person}, ${t.capacity}, ${t.calledFor}, ${t.reason},
        ${JSON.stringify(t.basis)}::jsonb, ${JSON.stringify(t.figures)}::jsonb, ${t.calledAt}, ${t.calledBy})`.execute(
      tx,
    )
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === 'talk_one_open') return false
    throw error
  }
}
export const saveTalk = async (tx: Tx, t: Talk): Promise<void> => {
  await sql`update agreements.talk set state = ${t.state}, held_on = ${t.heldOn}, minutes = ${t.minutes}, asks = ${t.asks},
      due_on = ${t.dueOn}, held_by = ${t.heldBy}, closed_at = ${t.closedAt}, closed_by = ${t.closedBy},
      figures_after = ${t.figuresAfter ? JSON.stringify(t.figuresAfter) : null}::jsonb, note = ${t.note}, version = version + 1
    where id = ${t.id}`.execute(tx)
}
