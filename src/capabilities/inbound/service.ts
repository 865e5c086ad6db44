import { mustNot, unwrap } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Peer, findPeer } from '../exchange/index.ts'
import { catalogItemOn, findRecordById } from '../records/index.ts'
import { refused, settle } from './answer.ts'
import { carryOut } from './carry.ts'
import type { ReceivedDay, ReceivedMessage, ReceivedView } from './contract.ts'
import { moves } from './states.ts'
import * as store from './store.ts'
import * as lists from './store.lists.ts'
import { mendOf, problemsOf, reasonOf } from './views.ts'
import { type Action, type MessageState, OTHER_TYPE, TYPE_WORDS } from './words.ts'

/** What people see of what came, and decide where the platform cannot. */

const viewOf = (ctx: Ctx, r: lists.Row): ReceivedView => ({
  id: r.id,
  eventId: r.eventId,
  peerId: r.peerId,
  peerName: r.peerName,
  way: r.way,
  type: r.type,
  typeName: TYPE_WORDS[r.type] ?? OTHER_TYPE,
  item: r.item,
  itemName: catalogItemOn(ctx.policy.catalog, r.item, today(ctx))?.name ?? null,
  name: r.name,
  authority: r.authority,
  docNo: r.docNo,
  state: r.state,
  outcome: r.outcome,
  reason: reasonOf(ctx, r),
  sentAt: r.at,
  receivedAt: r.receivedAt,
  decidedAt: r.decidedAt,
})

export type ListAsk = {
  peerId?: string | undefined
  state?: MessageState | undefined
  item?: string | undefined
  after?: string | undefined
  limit: number
}
export const listReceived = async (ctx: Ctx, ask: ListAsk): Promise<Page<ReceivedView>> => {
  const rows = await lists.listMessages(ctx.db.kysely, {
    ...ask,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.receivedAt, r.id])
  return { rows: page.rows.map((r) => viewOf(ctx, r)), next: page.next }
}

export const listReceivedDays = async (
  ctx: Ctx,
  ask: { peerId?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ReceivedDay>> => {
  const rows = await lists.listDays(ctx.db.kysely, {
    ...ask,
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  return pageOf(rows, ask.limit, (r) => [r.day, r.peerId])
}

const mayAdmit = (code: string): boolean => code === 'unknown_authority'
const whole = async (ctx: Ctx, id: string): Promise<ReceivedMessage> => {
  const r = (await lists.messageRow(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_MESSAGE')
  const record = r.recordId ? await findRecordById(ctx.db.kysely, r.recordId) : null
  return {
    ...viewOf(ctx, r),
    mend: mendOf(ctx, r),
    problems: problemsOf(ctx, r),
    fileHash: r.fileHash,
    attempts: r.attempts,
    nextTryAt: r.nextTryAt,
    toldAt: r.toldAt,
    recordId: record?.id ?? null,
    subjectId: record?.subjectId ?? null,
    actions: movesFrom(moves, r.state, rolesOf(ctx.actor)).filter((a) => a !== 'admit' || mayAdmit(r.code)),
    version: r.version,
  }
}
export const getReceived = (ctx: Ctx, { id }: { id: string }): Promise<ReceivedMessage> => whole(ctx, id)

export type DecideAsk = { id: string; action: Action; reason: string; seen: number }
/** People decide about a message that waits; carrying it out follows at once, by the same way as any other. */
export const decideReceived = async (ctx: Ctx, ask: DecideAsk): Promise<ReceivedMessage> => {
  const peer = await inTx(ctx, async (tx): Promise<Peer> => {
    const m = (await store.findMessage(tx, ask.id)) ?? mustNot('NO_SUCH_MESSAGE')
    unwrap(step(moves, m.state, ask.action, rolesOf(ctx.actor)))
    if (m.version !== ask.seen) mustNot('MESSAGE_STALE')
    if (ask.action === 'admit' && !mayAdmit(m.code)) mustNot('NOT_TO_ADMIT')
    const at = ctx.clock.now()
    if (ask.action === 'send_back') {
      if (ask.reason.length < 2) mustNot('REASON_NEEDED')
      if (!(await settle(tx, ctx, m, refused('by_hand', { reason: ask.reason })))) mustNot('MESSAGE_STALE')
    } else {
      if (ask.action === 'admit') {
        const by = actorRef(ctx.actor)
        await store.admit(tx, { nameKey: m.authorityKey, name: m.authority, at, by })
        await store.wakeAuthorities(tx, [m.authorityKey], at)
      }
      if (!(await store.tryNow(tx, { id: m.id, seen: m.version, at }))) mustNot('MESSAGE_STALE')
    }
    recordAct(tx, ctx, {
      act: 'inbound.decide',
      target: { kind: 'message', id: m.id },
      details: { action: ask.action, peer: m.peerId },
    })
    return (await findPeer(tx, m.peerId)) ?? mustNot('NO_SUCH_PEER')
  })
  if (ask.action !== 'send_back') await carryOut(ctx, peer, [ask.id])
  return whole(ctx, ask.id)
}
