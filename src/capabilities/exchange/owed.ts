import type { Instant } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTurn, lockAlone, nextRun } from '../../platform/follow.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { foldMade } from './store.balance.ts'
import * as store from './store.owed.ts'

/** What keeps the peers' list cheap: withdrawals are followed for those who were handed the record, counts brought together. */

const COMMITS_AT_ONCE = 2000
/** A page that was made before a withdrawal may be noted as handed over after it; that long at most. */
const SETTLED_AFTER_MS = 10 * 60_000
/** Looked at in one run. */
const LOOKED_AT = 2000

/** One step through the log. False when there is nothing left. */
const followStep = (ctx: Ctx, reading: store.Reading): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    const after = await store.progressOf(tx, reading)
    const run = await nextRun(tx, after, COMMITS_AT_ONCE)
    if (!run) return false
    const to = reading === 'owed' ? run.to : await settledUpTo(tx, ctx, { after, to: run.to })
    if (to <= after) return false
    if (run.events) await store.noteOwed(tx, { after, to })
    await store.saveProgress(tx, reading, to)
    return run.more && to === run.to
  })
/** Never past what has been read the first time. */
const settledUpTo = async (tx: Tx, ctx: Ctx, ask: { after: number; to: number }): Promise<number> => {
  const at = new Date(Date.parse(ctx.clock.now()) - SETTLED_AFTER_MS).toISOString() as Instant
  const to = Math.min(ask.to, await store.progressOf(tx, 'owed'))
  return store.lastBefore(tx, { after: ask.after, to, at })
}

export const followOwed = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  for (const reading of ['owed', 'owed_again'] as const) while (await inTurn(ctx, () => followStep(ctx, reading)));
  await inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    await store.closeOwed(tx, LOOKED_AT)
    await foldMade(tx)
  })
}
