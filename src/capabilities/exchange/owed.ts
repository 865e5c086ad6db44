import type { Instant } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { lockAlone, nextRun } from '../../platform/follow.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { foldMade } from './store.balance.ts'
import * as store from './store.owed.ts'

/** What keeps the peers' list cheap: withdrawals are followed for those who were handed the record, counts brought together. */

const COMMITS_AT_ONCE = 2000
/** A page that was made before a withdrawal may be noted as handed over after it; that long at most. Until then the log itself is read. */
const SETTLED_AFTER_MS = 10 * 60_000
/** Looked at in one run. */
const LOOKED_AT = 5000

/** One step through the log. False when there is nothing left that is old enough. */
const followStep = (ctx: Ctx): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    const after = await store.progressOf(tx)
    const run = await nextRun(tx, after, COMMITS_AT_ONCE)
    if (!run) return false
    const at = new Date(Date.parse(ctx.clock.now()) - SETTLED_AFTER_MS).toISOString() as Instant
    const to = await store.lastBefore(tx, { after, to: run.to, at })
    if (to <= after) return false
    if (run.events) await store.noteOwed(tx, { after, to })
    await store.saveProgress(tx, to)
    return run.more && to === run.to
  })

export const followOwed = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  while (await followStep(ctx));
  await inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    await store.closeOwed(tx, LOOKED_AT)
    await foldMade(tx)
  })
}
