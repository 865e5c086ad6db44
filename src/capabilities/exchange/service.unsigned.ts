import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, actorRef } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { WayView } from './contract.ways.ts'
import { readFileSettings } from './rules.ways.ts'
import * as peers from './store.ts'
import { usableKeys } from './store.keys.ts'
import * as store from './store.ways.ts'
import { way } from './service.ways.ts'

/**
 * A folder that is trusted without a signature: whoever may write there speaks as the peer. So the credit office says so for
 * this folder, with a reason, and never beside a key.
 */
export const setUnsigned = async (
  ctx: Ctx,
  ask: { id: string; allowed: boolean; reason: string; seen: number },
): Promise<WayView> => {
  const { id, allowed, reason, seen } = ask
  const at = ctx.clock.now()
  await inTx(ctx, async (tx) => {
    const peer = (await peers.findPeer(tx, id)) ?? mustNot('NO_SUCH_PEER')
    const file = peer.way === 'file' ? readFileSettings(peer.settings) : null
    const { folder } = file?.ok ? file.value : mustNot('NO_FOLDER_TO_TRUST')
    if (allowed && (await usableKeys(tx, id, at)).length) mustNot('FOLDER_IS_SIGNED')
    if (!(await peers.touchPeer(tx, id, seen))) mustNot('PEER_STALE')
    await store.endUnsigned(tx, id)
    if (allowed) await store.allowUnsigned(tx, id, { folder, reason, since: at, by: actorRef(ctx.actor) })
    recordAct(tx, ctx, {
      act: allowed ? 'exchange.allow_unsigned_folder' : 'exchange.require_signed_folder',
      target: { kind: 'peer', id },
      details: { folder, reason },
    })
  })
  return way(ctx, { id })
}
