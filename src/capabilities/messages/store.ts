import { sql } from 'kysely'
import type { Words } from '../../kernel/words.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { DeliveryState } from './states.ts'
import type { DeliveryError, MessageChannel } from './words.ts'

/** Every statement on messages.*. */
export type MessageRow = {
  id: string
  key: string
  kind: string
  title: Words
  body: Words
  link: string | null
  aboutKind: string
  aboutId: string
  createdAt: string
  createdBy: string
}
export type DeliveryRow = {
  id: string
  messageId: string
  personId: string | null
  outsideName: string | null
  channel: MessageChannel
  state: DeliveryState
  attempts: number
  nextAt: string | null
  lastError: DeliveryError | null
  sentAt: string | null
  readAt: string | null
  createdAt: string
}

/** Null when the key has been posted already; whoever posts it at the same time waits for the first. */
export const insertMessage = async (tx: Tx, m: MessageRow): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    insert into messages.message (id, key, kind, title, body, link, about_kind, about_id, created_at, created_by)
    values (${m.id}, ${m.key}, ${m.kind}, ${json(m.title)}::jsonb, ${json(m.body)}::jsonb, ${m.link}, ${m.aboutKind}, ${m.aboutId},
      ${m.createdAt}, ${m.createdBy})
    on conflict (key) do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}
export const messageByKey = async (db: Reader, key: string): Promise<string | null> =>
  (await sql<{ id: string }>`select id from messages.message where key = ${key}`.execute(db)).rows[0]?.id ?? null

export type NewDelivery = Pick<
  DeliveryRow,
  'id' | 'messageId' | 'personId' | 'outsideName' | 'channel' | 'state' | 'nextAt' | 'createdAt'
> & { outsideAddress: Buffer | null }
export const insertDeliveries = async (tx: Tx, rows: readonly NewDelivery[]): Promise<void> => {
  if (!rows.length) return
  await sql`
    insert into messages.delivery (id, message_id, person_id, outside_name, outside_address, channel, state, next_at, created_at)
    select id, message_id, person_id, outside_name, decode(outside_address, 'base64'), channel, state, next_at, created_at
    from jsonb_to_recordset(${json(
      rows.map((r) => ({
        id: r.id,
        message_id: r.messageId,
        person_id: r.personId,
        outside_name: r.outsideName,
        outside_address: r.outsideAddress?.toString('base64') ?? null,
        channel: r.channel,
        state: r.state,
        next_at: r.nextAt,
        created_at: r.createdAt,
      })),
    )}::jsonb) as d(id uuid, message_id uuid, person_id uuid, outside_name text, outside_address text, channel text, state text, next_at timestamptz, created_at timestamptz)
  `.execute(tx)
}

// ---- the inbox

export type InboxRow = Pick<MessageRow, 'kind' | 'title' | 'body' | 'link'> & { id: string; at: string; read: boolean }
const inboxColumns = sql`d.id, m.kind, m.title, m.body, m.link, m.created_at as at, d.state = 'read' as read`
/** Row scope: the person's own. */
export const inboxRows = async (
  db: Reader,
  personId: string,
  ask: { state?: 'unread' | 'read' | undefined; after: string | null; limit: number },
): Promise<InboxRow[]> => {
  const { rows } = await sql<InboxRow>`
    select ${inboxColumns} from messages.delivery d join messages.message m on m.id = d.message_id
    where d.person_id = ${personId} and d.channel = 'inbox'
      and ${ask.state ? sql`d.state = ${ask.state}` : sql`true`}
      and ${ask.after ? sql`d.id < ${ask.after}::uuid` : sql`true`}
    order by d.id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const inboxRow = async (db: Reader, personId: string, id: string): Promise<InboxRow | null> =>
  (
    await sql<InboxRow>`
      select ${inboxColumns} from messages.delivery d join messages.message m on m.id = d.message_id
      where d.id = ${id} and d.person_id = ${personId} and d.channel = 'inbox'`.execute(db)
  ).rows[0] ?? null
export const countUnread = async (db: Reader, personId: string, most: number): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*)::int as n from (select 1 from messages.delivery where person_id = ${personId} and state = 'unread' limit ${most}) u`.execute(
      db,
    )
  ).rows[0]?.n ?? 0
/** `id` null: all that are unread. Answers how many were marked. */
export const markRead = async (tx: Tx, personId: string, id: string | null, at: string): Promise<number> => {
  const { rows } = await sql<{ id: string }>`
    update messages.delivery set state = 'read', read_at = ${at}
    where person_id = ${personId} and state = 'unread' and ${id ? sql`id = ${id}` : sql`true`} returning id`.execute(tx)
  return rows.length
}

// ---- what has become of a message

const deliveryColumns = sql`d.id, d.message_id as "messageId", d.person_id as "personId", d.outside_name as "outsideName", d.channel, d.state, d.attempts,
  d.next_at as "nextAt", d.last_error as "lastError", d.sent_at as "sentAt", d.read_at as "readAt", d.created_at as "createdAt"`
export const deliveriesOfMessages = async (db: Reader, ids: readonly string[]): Promise<DeliveryRow[]> => {
  if (!ids.length) return []
  const { rows } = await sql<DeliveryRow>`
    select ${deliveryColumns} from messages.delivery d where d.message_id = any(${[...ids]}::uuid[]) order by d.channel, d.id`.execute(
    db,
  )
  return rows
}
export const messagesAbout = async (
  db: Reader,
  about: { kind: string; id: string },
): Promise<{ id: string; title: Words; createdAt: string }[]> =>
  (
    await sql<{ id: string; title: Words; createdAt: string }>`
      select id, title, created_at as "createdAt" from messages.message
      where about_kind = ${about.kind} and about_id = ${about.id} order by id`.execute(db)
  ).rows
export const messagesOn = async (
  db: Reader,
  kind: string,
  ids: readonly string[],
): Promise<{ id: string; aboutId: string }[]> =>
  ids.length
    ? (
        await sql<{ id: string; aboutId: string }>`
          select id, about_id as "aboutId" from messages.message
          where about_kind = ${kind} and about_id = any(${[...ids]}::text[]) order by id desc`.execute(db)
      ).rows
    : []
/** False when it is under way, sent, or not there. */
export const putBack = async (tx: Tx, id: string, messageId: string, at: string): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update messages.delivery set state = 'waiting', next_at = ${at}, attempts = 0, last_error = null, lease_until = null, leased_by = null
    where id = ${id} and message_id = ${messageId} and state in ('given_up', 'no_address', 'not_configured') returning id`.execute(
    tx,
  )
  return rows.length > 0
}

// ---- the dispatch

export type Claimed = DeliveryRow &
  Pick<MessageRow, 'kind' | 'title' | 'body' | 'link'> & { brokeOff: boolean; outsideAddress: Buffer | null }
/**
 * Takes one that is due and that nobody is at, and counts the attempt: what dies on the way has still been tried. A lease
 * that ran out means that somebody died at it.
 */
export const claimDue = async (
  tx: Tx,
  ask: { owner: string; now: string; until: string; channels: readonly MessageChannel[] },
): Promise<Claimed | null> => {
  const { rows } = await sql<Claimed>`
    with due as (
      select id, leased_by from messages.delivery
      where state in ('waiting', 'failed') and next_at <= ${ask.now} and (lease_until is null or lease_until <= ${ask.now})
        and channel = any(${[...ask.channels]}::text[])
      order by next_at, id limit 1 for update skip locked
    ), taken as (
      update messages.delivery d set lease_until = ${ask.until}, leased_by = ${ask.owner}, attempts = d.attempts + 1
      from due where d.id = due.id returning d.*, due.leased_by is not null as broke_off
    )
    select ${deliveryColumns}, d.broke_off as "brokeOff", d.outside_address as "outsideAddress", m.kind, m.title, m.body, m.link
    from taken d join messages.message m on m.id = d.message_id`.execute(tx)
  return rows[0] ?? null
}
/** False when the lease is another's by now. */
export const settle = async (
  tx: Tx,
  d: {
    id: string
    owner: string
    state: DeliveryState
    nextAt: string | null
    lastError: DeliveryError | null
    sentAt: string | null
  },
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update messages.delivery set state = ${d.state}, next_at = ${d.nextAt}, last_error = ${d.lastError ? json(d.lastError) : null}::jsonb,
      sent_at = ${d.sentAt}, lease_until = null, leased_by = null
    where id = ${d.id} and leased_by = ${d.owner} and state in ('waiting', 'failed') returning id`.execute(tx)
  return rows.length > 0
}
