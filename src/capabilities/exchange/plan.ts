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
  // The peer or its place has been changed meanwhile: whoever asks again asks from there.
  const again = { planned: 0, more: true }
  const atOnce = othersWork ? FEW_EVENTS : EVENTS_AT_ONCE
  if (line.backlog >= BACKLOG_MOST) return none
  const peer = await store.findPeer(ctx.db.kysely, line.peerId)
  if (!peer) return none
  // As it is now: since the lines were read, what was under way for this peer may have moved it.
  const cursor = (await store.cursorOf(ctx.db.kysely, peer.id))?.cursor ?? null
  const { handed, next, more } = await nextHandings(ctx, peer, placeOf(cursor), atOnce)
  if (next === cursor) return none
  const at = ctx.clock.now()
  const done = await inTx(ctx, async (tx) => {
    const held = await queue.lockLine(tx, peer.id)
    if (!held) return none
    if (held.cursor !== cursor) return again
    await store.saveDeliveries(tx, peer, deliveriesOf(handed), { cursor: next, at, queued: true })
    return { planned: handed.length, more }
  }).catch((error: unknown) => {
    if (error instanceof store.PeerChanged) return again
    throw error
  })
  line.backlog += done.planned
  return done
}
