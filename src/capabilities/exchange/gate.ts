import { mustNot } from '../../kernel/decision.ts'
import type { Ctx, Runtime } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import { isListed } from './networks.ts'
import * as store from './store.ts'
import { countRequest } from './store.keys.ts'

const WINDOW_SECONDS = 60

/**
 * Before any endpoint that a peer's key calls: it comes from its networks and keeps to its rate. The count lies in the
 * database, so that it holds however many processes answer. The headers are those of the IETF draft "RateLimit header fields".
 */
export const enterAsPeer = async (
  runtime: Runtime,
  { peerId, address }: { peerId: string; address: string },
  setHeaders: (headers: Record<string, string>) => void,
): Promise<void> => {
  const peer = await store.findPeer(runtime.db.kysely, peerId)
  if (!peer) return
  if (!isListed(peer.addresses, address)) mustNot('NETWORK_NOT_LISTED', { address })
  const now = runtime.clock.now()
  const limit = peer.ratePerMinute
  const { began, used } = await inTx(runtime.db, (tx) => countRequest(tx, peerId, now, WINDOW_SECONDS))
  const seconds = Math.max(1, Math.ceil((Date.parse(began) - Date.parse(now)) / 1000 + WINDOW_SECONDS))
  setHeaders({
    'ratelimit-policy': `"peer";q=${limit};w=${WINDOW_SECONDS}`,
    ratelimit: `"peer";r=${Math.max(0, limit - used)};t=${seconds}`,
  })
  if (used > limit) mustNot('RATE_EXCEEDED', { limit, seconds })
}

/** Whoever draws the feed and acknowledges: one that is suspended or cut off too, for what it holds it has to take down. */
export const drawingPeer = async (ctx: Ctx): Promise<store.Peer> => {
  if (ctx.actor.kind !== 'key' || !ctx.actor.peerId) return mustNot('NOT_A_PEER')
  return (await store.findPeer(ctx.db.kysely, ctx.actor.peerId)) ?? mustNot('NO_SUCH_PEER')
}
/** The peer whose key calls, in service or still being connected; everyone else is told why not. */
export const callingPeer = async (ctx: Ctx): Promise<store.Peer> => {
  const peer = await drawingPeer(ctx)
  if (peer.state === 'suspended') return mustNot('PEER_SUSPENDED')
  return peer.state === 'cut_off' ? mustNot('PEER_CUT_OFF') : peer
}
export const inService = (peer: store.Peer): store.Peer =>
  peer.state === 'onboarding' ? mustNot('PEER_ONBOARDING') : peer
/** The peer whose key calls, in service: only such a one is given or gives real data. */
export const peerOf = async (ctx: Ctx): Promise<store.Peer> => inService(await callingPeer(ctx))
