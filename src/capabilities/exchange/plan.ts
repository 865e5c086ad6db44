import { keyIn } from '../../kernel/page.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { type Place, START, deliveriesOf, nextHandings } from './handing.ts'
import * as queue from './store.push.ts'
import * as store from './store.ts'

/** So many wait for one peer at most; a peer that takes over a million records is handed them as it takes them. */
export const BACKLOG_MOST = 5000
/** In one step; in smaller ones where others would wait behind it. */
const EVENTS_AT_ONCE = 500
const FEW_EVENTS = 100

/** A peer that has fetched its feed as well holds a cursor with a mark behind the place. */
export const placeOf = (cursor: string | null): Place => {
  if (cursor === null) return [0, START]
  const [position, id] = keyIn(cursor, 'number', 'uuid', 'number') ?? keyIn(cursor, 'number', 'uuid') ?? [0, START]
  return [position, id]
}

/**
 * Puts the next events in a peer's scope on its queue: the deliveries and the cursor behind them in one transaction. Answers
 * how many, and whether there is more. What another process has planned meanwhile is left to it.
 */
export const planFor = async (
  ctx: Ctx,
  line: queue.Line,
  othersWork: boolean,
): Promise<{ planned: number; more: boolean }> => {
  const none = { planned: 0, more: false }
  const atOnce = othersWork ? FEW_EVENTS : EVENTS_AT_ONCE
  if (line.backlog >= BACKLOG_MOST) return none
  const peer = await store.findPeer(ctx.db.kysely, line.peerId)
  if (!peer) return none
  const { handed, next, more } = await nextHandings(ctx, peer, placeOf(line.cursor), atOnce)
  if (next === line.cursor) return none
  const at = ctx.clock.now()
  const planned = await inTx(ctx, async (tx) => {
    const held = await queue.lockLine(tx, peer.id)
    if (!held || held.cursor !== line.cursor) return 0
    await store.saveDeliveries(tx, peer, deliveriesOf(handed), { cursor: next, at, queued: true })
    return handed.length
  }).catch((error: unknown) => {
    if (error instanceof store.PeerChanged) return null
    throw error
  })
  // It has been changed: the next round asks again.
  if (planned === null) return { planned: 0, more: true }
  line.cursor = next
  line.backlog += planned
  return { planned, more }
}
