import type { Instant } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { inTurn, lockAlone, nextRun } from '../../platform/follow.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { briefsOf } from '../records/index.ts'
import { entriesOf } from './replay.ts'
import * as store from './store.follow.ts'

/** Follows what is done about items, and keeps one entry of each move that is counted. */

const COMMITS_AT_ONCE = 500
/** Few enough that decisions come to their turn in between. */
const ITEMS_AT_ONCE = 200

/** What is not counted yet. An item is replayed from its first act on, since its clocks run from there. */
const entriesFor = async (db: Reader, ctx: Ctx, items: readonly store.ItemRow[]): Promise<store.EntryRow[]> => {
  if (!items.length) return []
  const acts = await store.actsOf(db, items)
  const records = await briefsOf(
    db,
    items.map((i) => ({ subjectId: i.subjectId, id: i.recordId })),
  )
  return items.flatMap((item) => {
    const done = acts.get(item.itemId) ?? []
    const counted = new Set(done.filter((a) => a.counted).map((a) => a.id))
    if (counted.size === done.length) return []
    return entriesOf(item, done, records.get(item.recordId)?.facts ?? null, ctx.policy)
      .filter((e) => !counted.has(e.actId))
      .map((e) => ({ ...e, subjectId: item.subjectId, itemId: item.itemId, recordId: item.recordId }))
  })
}

const countItems = async (tx: Tx, ctx: Ctx, items: readonly store.ItemRow[]): Promise<void> => {
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE)
    await store.addEntries(tx, await entriesFor(tx, ctx, items.slice(from, from + ITEMS_AT_ONCE)))
}

/** One step through the commit log. False when there is nothing left. */
const countStep = (ctx: Ctx): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, store.COUNTING_LOCK)
    const at = ctx.clock.now()
    const from = (await store.progressOf(tx))?.position ?? 0
    const run = await nextRun(tx, from, COMMITS_AT_ONCE)
    if (run?.events) await countItems(tx, ctx, await store.touchedItems(tx, from, run.to))
    if (run) await store.saveProgress(tx, { position: run.to, at })
    return run?.more ?? false
  })

export const catchUp = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  while (await inTurn(ctx, () => countStep(ctx)));
}

const STEPS_FOR_A_READER = 5
/** For whoever looks: what is committed is counted, unless a great deal is waiting; then the job will, and it says up to when. */
export const fresh = async (ctx: Ctx): Promise<Instant> => {
  await sequence(ctx)
  for (let step = 0; step < STEPS_FOR_A_READER; step += 1) if (!(await countStep(ctx))) return ctx.clock.now()
  return (await store.progressOf(ctx.db.kysely))?.at ?? ctx.clock.now()
}

/** Everything anew from the acts: after a restore, or for the proof that the entries are those of the acts. */
export const rebuild = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  await inTx(ctx, async (tx) => {
    await lockAlone(tx, store.COUNTING_LOCK)
    await store.forgetAll(tx)
    for (let after: [string, string] | null = null; ; ) {
      const items: store.ItemRow[] = await store.allItems(tx, after, ITEMS_AT_ONCE)
      await countItems(tx, ctx, items)
      const last = items.at(-1)
      if (!last || items.length < ITEMS_AT_ONCE) return
      after = [last.subjectId, last.itemId]
    }
  })
}
