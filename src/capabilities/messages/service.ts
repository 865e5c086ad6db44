import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { step } from '../../kernel/states.ts'
import { say } from '../../kernel/words.ts'
import { type Ctx, actorRef, hasRole } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { peopleWith, personNames } from '../access/index.ts'
import type { DeliveryView, InboxView, NewMessage, ToldView } from './contract.ts'
import { hasWay } from './send.ts'
import { DELIVERY_MOVES } from './states.ts'
import * as store from './store.ts'
import { DELIVERY_ERRORS } from './words.ts'

const UNREAD_COUNTED = 100

const mustLeadInside = (link: string | null): void => {
  if (link !== null && !/^\/app\/[^\s\\]*$/.test(link))
    throw new Error(`a message links into the workbench, not to ${link}`)
}

type Receiver = Pick<store.NewDelivery, 'personId' | 'outsideName' | 'outsideAddress'>
const receiversOf = async (tx: Tx, ctx: Ctx, to: NewMessage['to']): Promise<Receiver[]> => {
  if ('outside' in to)
    return [{ personId: null, outsideName: to.outside.name, outsideAddress: ctx.secrets.seal(to.outside.mail) }]
  const people = 'personIds' in to ? to.personIds : await peopleWith(tx, to)
  return [...new Set(people)].map((personId) => ({ personId, outsideName: null, outsideAddress: null }))
}

/** Says something to people, in the caller's transaction: it is said when that commits. Answers the message's id. */
export const post = async (tx: Tx, ctx: Ctx, message: NewMessage): Promise<string> => {
  mustLeadInside(message.link)
  const to = await receiversOf(tx, ctx, message.to)
  const at = ctx.clock.now()
  const id = newId()
  const fresh = await store.insertMessage(tx, {
    id,
    key: message.key,
    kind: message.kind,
    title: message.title,
    body: message.body,
    link: message.link,
    aboutKind: message.about.kind,
    aboutId: message.about.id,
    createdAt: at,
    createdBy: actorRef(ctx.actor),
  })
  if (fresh === null) return (await store.messageByKey(tx, message.key)) ?? mustNot('STALE')
  const deliveries = to.flatMap((receiver) =>
    [...new Set(message.by)]
      .filter((c) => receiver.personId !== null || c === 'email')
      .map((channel): store.NewDelivery => {
        const out = channel !== 'inbox' && hasWay(ctx, channel)
        const state = channel === 'inbox' ? 'unread' : out ? 'waiting' : 'not_configured'
        // The inbox goes by the id, which goes by the platform's clock.
        return {
          id: newId(Date.parse(at)),
          messageId: id,
          ...receiver,
          channel,
          state,
          nextAt: out ? at : null,
          createdAt: at,
        }
      }),
  )
  await store.insertDeliveries(tx, deliveries)
  recordAct(tx, ctx, {
    act: 'messages.post',
    target: { kind: 'message', id },
    details: { kind: message.kind, about: message.about, deliveries: deliveries.length },
  })
  return id
}

// ---- the inbox

const reader = (ctx: Ctx): string => (ctx.actor.kind === 'person' ? ctx.actor.personId : mustNot('FORBIDDEN'))

export const listInbox = async (
  ctx: Ctx,
  ask: { state?: 'unread' | 'read' | undefined; after?: string | undefined; limit: number },
): Promise<Page<InboxView>> => {
  const [after] = readCursor(ask.after, 'uuid') ?? [null]
  const rows = await store.inboxRows(ctx.db.kysely, reader(ctx), { state: ask.state, after, limit: ask.limit + 1 })
  return pageOf(rows, ask.limit, (m) => [m.id])
}
export const countUnread = async (ctx: Ctx) => ({
  count: await store.countUnread(ctx.db.kysely, reader(ctx), UNREAD_COUNTED),
})
/** Read once is read; a second time changes nothing. */
export const readMessage = (ctx: Ctx, { id }: { id: string }): Promise<InboxView> =>
  inTx(ctx, async (tx) => {
    await store.markRead(tx, reader(ctx), id, ctx.clock.now())
    return (await store.inboxRow(tx, reader(ctx), id)) ?? mustNot('NO_SUCH_MESSAGE')
  })
export const readAllMessages = (ctx: Ctx): Promise<{ read: number }> =>
  inTx(ctx, async (tx) => ({ read: await store.markRead(tx, reader(ctx), null, ctx.clock.now()) }))

// ---- what has become of a message, for the capabilities that posted it

const viewsOf = async (
  ctx: Ctx,
  db: Reader,
  rows: readonly store.DeliveryRow[],
): Promise<Map<string, DeliveryView[]>> => {
  const names = await personNames(db, [...new Set(rows.flatMap((r) => r.personId ?? []))])
  const mayAgain = hasRole(ctx.actor, 'credit_office')
  const views = new Map<string, DeliveryView[]>()
  for (const r of rows) {
    const view: DeliveryView = {
      id: r.id,
      personName: r.personId === null ? (r.outsideName ?? '') : (names.get(r.personId) ?? ''),
      channel: r.channel,
      state: r.state,
      attempts: r.attempts,
      lastError: r.lastError ? say(DELIVERY_ERRORS[r.lastError.code], ctx.lang, { status: r.lastError.status }) : null,
      nextAt: r.state === 'waiting' || r.state === 'failed' ? r.nextAt : null,
      sentAt: r.sentAt,
      readAt: r.readAt,
      mayAgain: mayAgain && step(DELIVERY_MOVES, r.state, 'again', ['credit_office']).ok,
    }
    views.set(r.messageId, [...(views.get(r.messageId) ?? []), view])
  }
  return views
}
/** By message; the caller has seen to it that the actor may know. */
export const deliveriesOf = async (
  ctx: Ctx,
  db: Reader,
  messageIds: readonly string[],
): Promise<Map<string, DeliveryView[]>> => viewsOf(ctx, db, await store.deliveriesOfMessages(db, messageIds))
export const deliveriesAbout = async (
  reader: Reader,
  about: { kind: string; id: string },
): Promise<store.DeliveryRow[]> => {
  const found = await store.messagesAbout(reader, about)
  return store.deliveriesOfMessages(
    reader,
    found.map((m) => m.id),
  )
}
const toldOf = ({ id: _id, mayAgain: _mayAgain, nextAt: _nextAt, ...told }: DeliveryView): ToldView => told
/** The same of many matters of one kind at once, by matter; the newest message first. */
export const deliveriesOn = async (
  ctx: Ctx,
  db: Reader,
  kind: string,
  ids: readonly string[],
): Promise<Map<string, ToldView[]>> => {
  const found = await store.messagesOn(db, kind, ids)
  const views = await deliveriesOf(
    ctx,
    db,
    found.map((m) => m.id),
  )
  return new Map(
    [...Map.groupBy(found, (m) => m.aboutId)].map(([id, own]) => [
      id,
      own.flatMap((m) => (views.get(m.id) ?? []).map(toldOf)),
    ]),
  )
}
/** A delivery that did not go out sets out once more. */
export const sendAgain = async (tx: Tx, ctx: Ctx, ask: { messageId: string; deliveryId: string }): Promise<void> => {
  const held = (await store.deliveriesOfMessages(tx, [ask.messageId])).find((d) => d.id === ask.deliveryId)
  if (!held) return mustNot('NO_SUCH_DELIVERY')
  const next = step(DELIVERY_MOVES, held.state, 'again', ['credit_office'])
  if (!next.ok || !(await store.putBack(tx, held.id, ask.messageId, ctx.clock.now()))) mustNot('STALE')
  recordAct(tx, ctx, { act: 'messages.send_again', target: { kind: 'delivery', id: held.id } })
}
