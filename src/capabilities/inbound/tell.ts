import type { Instant } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { mustBeCallable, outwardOf } from '../../platform/outward.ts'
import { type Peer, findPeer, signRequest, signerOf, tellByWay, tokenOf } from '../exchange/index.ts'
import type { Acknowledgement } from './contract.ts'
import { nextTry } from './rules.ts'
import * as store from './store.ts'
import { noteOf } from './views.ts'

/** What was decided after the sender had gone: told to it where it takes acknowledgements. Others learn it when they send again. */

const AT_ONCE = 500
const TIMEOUT_MS = 10_000

const addressOf = (peer: Peer): string | null => {
  const url = peer.settings['ackUrl']
  return typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null
}

const send = async (ctx: Ctx, peer: Peer, url: string, acknowledgements: Acknowledgement[]): Promise<boolean> => {
  const body = JSON.stringify({ acknowledgements })
  const token = await tokenOf(ctx, peer.id)
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const signer = await signerOf(ctx, peer.algorithm)
  const signed = signRequest(signer, { method: 'POST', url, headers, body }, { created: ctx.clock.now() })
  try {
    await mustBeCallable(url, outwardOf(ctx))
    const reply = await fetch(url, {
      method: 'POST',
      headers: signed,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await reply.body?.cancel()
    return reply.ok
  } catch (error) {
    ctx.log.warn({ err: error, peer: peer.id }, 'acknowledgements did not arrive')
    return false
  }
}

const tellOne = async (ctx: Ctx, peer: Peer): Promise<void> => {
  const now: Instant = ctx.clock.now()
  const rows = await store.untoldOf(ctx.db.kysely, peer.id, now, AT_ONCE)
  const ids = rows.map((r) => r.id)
  const told = rows.map((r) => ({ eventId: r.eventId, outcome: r.outcome, note: noteOf(ctx, r) }))
  const url = addressOf(peer)
  const byWay = await tellByWay(ctx, peer, told)
  if (byWay === null && !url) return store.tellLater(ctx, ids, null)
  if (byWay ?? (url !== null && (await send(ctx, peer, url, told)))) return store.markTold(ctx, ids)
  await store.tellLater(ctx, ids, nextTry(ctx.policy, now, rows[0]?.tells ?? 0))
}

export const tellSenders = async (ctx: Ctx): Promise<void> => {
  for (const peerId of await store.untoldPeers(ctx.db.kysely, ctx.clock.now())) {
    const peer = await findPeer(ctx.db.kysely, peerId)
    if (!peer) continue
    try {
      await tellOne(ctx, peer)
    } catch (error) {
      // A folder that cannot be written, a table that is gone: the others are told all the same.
      ctx.log.warn({ err: error, peer: peer.id }, 'a sender could not be told')
    }
  }
}
