import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { ReminderState } from './states.ts'
import type { Level, Matter } from './words.ts'

/** Every statement on reminders.reminder. */
export type ReminderRow = {
  id: string
  authorityId: string
  authorityName: string
  division: string
  what: Matter
  ref: string
  level: Level
  state: ReminderState
  count: number
  oldest: LocalDate
  byHand: boolean
  messageId: string | null
  raisedAt: string
  raisedBy: string
  answeredAt: string | null
}
const columns = sql`id, authority_id as "authorityId", authority_name as "authorityName", division, what, ref, level, state,
  rows_open as count, oldest, by_hand as "byHand", message_id as "messageId", raised_at as "raisedAt", raised_by as "raisedBy",
  answered_at as "answeredAt"`

/** Row scope: the own authority; the credit office, its territory. */
const inScope = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind === 'system') return sql`true`
  if (actor.kind !== 'person') return sql`false`
  if (actor.roles.includes('credit_office') && actor.division)
    return sql`division like ${`${territoryPrefix(actor.division)}%`}`
  return actor.authorityId ? sql`authority_id = ${actor.authorityId}` : sql`false`
}

/** False when one of the same matter and level is open: whoever else says it at the same time waits for the first. */
export const insertReminder = async (tx: Tx, r: ReminderRow): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into reminders.reminder (id, authority_id, authority_name, division, what, ref, level, state, rows_open, oldest, by_hand,
      raised_at, raised_by)
    values (${r.id}, ${r.authorityId}, ${r.authorityName}, ${r.division}, ${r.what}, ${r.ref}, ${r.level}, 'open', ${r.count}, ${r.oldest},
      ${r.byHand}, ${r.raisedAt}, ${r.raisedBy})
    on conflict (authority_id, what, level) where state = 'open' do nothing returning id`.execute(tx)
  return rows.length > 0
}
export const setMessage = async (tx: Tx, id: string, messageId: string): Promise<void> => {
  await sql`update reminders.reminder set message_id = ${messageId} where id = ${id}`.execute(tx)
}
export const findOpen = async (
  db: Reader,
  of: { authorityId: string; what: Matter; level: Level },
): Promise<ReminderRow | null> =>
  (
    await sql<ReminderRow>`
      select ${columns} from reminders.reminder
      where authority_id = ${of.authorityId} and what = ${of.what} and level = ${of.level} and state = 'open'`.execute(
      db,
    )
  ).rows[0] ?? null
/** The open ones are few: an authority has at most one of a kind and level. */
export const listOpen = async (db: Reader): Promise<ReminderRow[]> =>
  (await sql<ReminderRow>`select ${columns} from reminders.reminder where state = 'open'`.execute(db)).rows
export const answer = async (tx: Tx, id: string, at: string): Promise<boolean> =>
  (
    await sql<{ id: string }>`
      update reminders.reminder set state = 'answered', answered_at = ${at}, version = version + 1
      where id = ${id} and state = 'open' returning id`.execute(tx)
  ).rows.length > 0
export const saveCount = async (
  tx: Tx,
  id: string,
  now: { count: number; oldest: LocalDate; ref: string },
): Promise<void> => {
  await sql`
    update reminders.reminder set rows_open = ${now.count}, oldest = ${now.oldest}, ref = ${now.ref}, version = version + 1
    where id = ${id} and state = 'open'`.execute(tx)
}

export const findReminder = async (db: Reader, actor: Actor, id: string): Promise<ReminderRow | null> =>
  (await sql<ReminderRow>`select ${columns} from reminders.reminder where id = ${id} and ${inScope(actor)}`.execute(db))
    .rows[0] ?? null
export type ReminderFilter = {
  state?: ReminderState | undefined
  what?: Matter | undefined
  level?: Level | undefined
  authorityId?: string | undefined
  after: string | null
  limit: number
}
export const reminderRows = async (db: Reader, actor: Actor, f: ReminderFilter): Promise<ReminderRow[]> => {
  const given = (value: string | undefined, filter: RawBuilder<unknown>) => (value === undefined ? sql`true` : filter)
  const { rows } = await sql<ReminderRow>`
    select ${columns} from reminders.reminder
    where ${inScope(actor)} and ${given(f.state, sql`state = ${f.state}`)} and ${given(f.what, sql`what = ${f.what}`)}
      and ${given(f.level, sql`level = ${f.level}`)} and ${given(f.authorityId, sql`authority_id = ${f.authorityId}`)}
      and ${f.after === null ? sql`true` : sql`id < ${f.after}::uuid`}
    order by id desc limit ${f.limit}`.execute(db)
  return rows
}
