import type { Instant } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTurn, lastPosition, nextRun } from '../../platform/follow.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { backfillLimitOf, dueOf } from './rules.ts'
import * as store from './store.count.ts'

const RECORDS = 'records'
const COMMITS_AT_ONCE = 100
const KEYS_AT_ONCE = 20_000
const SUBMISSIONS_AT_ONCE = 5_000
/** A transaction that began earlier may commit later: so far back the hand-ins are looked over again. */
const OVERLAP_MS = 15 * 60_000

const beforeOf = (ctx: Ctx): store.Before => {
  const { dueBefore, days } = backfillLimitOf(ctx.policy, today(ctx))
  return { day: dueBefore === 'first_report' ? null : dueBefore, days }
}
const withDue = (ctx: Ctx, pairs: readonly store.Pair[]): store.DueRow[] =>
  pairs.map((p) => {
    const { dueOn, provisional } = dueOf(ctx.policy, p.item, p.decidedOn)
    return { ...p, dueOn, provisional }
  })

/** In lumps, each after the last key of the one before. */
const eachLump = async (
  list: (after: store.Key | null, limit: number) => Promise<store.Key[]>,
  work: (keys: store.Key[]) => Promise<unknown>,
): Promise<void> => {
  for (let after: store.Key | null = null; ; ) {
    const keys = await list(after, KEYS_AT_ONCE)
    if (keys.length) await work(keys)
    if (keys.length < KEYS_AT_ONCE) return
    after = keys.at(-1) as store.Key
  }
}

const countKeys = async (tx: Tx, ctx: Ctx, keys: readonly store.Key[]): Promise<void> => {
  if (!keys.length) return
  const at = ctx.clock.now()
  await store.saveDue(tx, withDue(ctx, await store.pairsWithoutTerm(tx, keys)))
  const moved = await store.saveStarts(tx, keys, at)
  await store.countRecords(tx, keys, beforeOf(ctx))
  await countMarked(tx, ctx, moved)
  await store.closeFindings(tx, keys, at)
}
/** What a day of beginning decides about, when that day has moved. */
export const countMarked = async (tx: Tx, ctx: Ctx, authorityIds: readonly string[]): Promise<void> => {
  if (!authorityIds.length) return
  await eachLump(
    (after, limit) => store.markedEntries(tx, authorityIds, after, limit),
    (keys) => store.countRecords(tx, keys, beforeOf(ctx)),
  )
}

/** New rules, or a calendar that was published since: terms are computed again and what they decide is counted again. */
const countUnderNewRules = async (tx: Tx, ctx: Ctx): Promise<void> => {
  const held = await store.allDue(tx)
  const now = withDue(ctx, held)
  await store.saveDue(
    tx,
    now.filter((d, i) => d.dueOn !== held[i]?.dueOn || d.provisional !== held[i]?.provisional),
  )
  await eachLump(
    (after, limit) => store.entriesToCountAgain(tx, after, limit),
    (keys) => store.countRecords(tx, keys, beforeOf(ctx)),
  )
}

/** One step through the commit log. False when there is nothing left. */
const countStep = (ctx: Ctx): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await store.lockCounting(tx)
    const at = ctx.clock.now()
    const rules = ctx.policy.version
    const held = await store.progressOf(tx, RECORDS)
    if (held && held.rules !== rules) await countUnderNewRules(tx, ctx)
    const from = held?.position ?? 0
    const run = await nextRun(tx, from, COMMITS_AT_ONCE)
    const to = run?.to ?? from
    if (run?.events) await countKeys(tx, ctx, await store.recordsOfCommits(tx, from, to))
    if (to !== from || held?.rules !== rules) await store.saveProgress(tx, RECORDS, { position: to, rules, at })
    return run !== null
  })

const submissionsSince = (last: string | null): string => {
  const ms = last === null ? 0 : Math.max(0, Number.parseInt(last.replaceAll('-', '').slice(0, 12), 16) - OVERLAP_MS)
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
const countSubmissionsStep = (ctx: Ctx): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await store.lockCounting(tx)
    const since = submissionsSince(await store.lastSubmission(tx))
    return (await store.countSubmissions(tx, since, SUBMISSIONS_AT_ONCE)) >= SUBMISSIONS_AT_ONCE
  })

/** Counts what has been committed since it was last here. At any moment it may be broken off and begun again. */
export const catchUp = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  while (await inTurn(ctx, () => countStep(ctx)));
  while (await countSubmissionsStep(ctx));
}

/** Everything anew from the rows: after a restore, or when the figures are in doubt. */
export const rebuild = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  await inTx(ctx, async (tx) => {
    await store.lockCounting(tx)
    // Read first: what is committed meanwhile is counted again from the log and adds nothing.
    const position = await lastPosition(tx)
    await store.saveDue(tx, withDue(ctx, await store.pairsWithoutTerm(tx, 'all')))
    await store.saveDue(tx, withDue(ctx, await store.allDue(tx)))
    await store.saveStarts(tx, 'all', ctx.clock.now())
    await store.rebuildEntries(tx, beforeOf(ctx))
    await store.forgetSubmissions(tx)
    await store.saveProgress(tx, RECORDS, { position, rules: ctx.policy.version, at: ctx.clock.now() })
  })
  await catchUp(ctx)
}

/** How fresh the figures are. */
export const freshness = async (ctx: Ctx): Promise<{ countedTo: Instant | null; waiting: number }> => {
  const db = ctx.db.kysely
  const held = await store.progressOf(db, RECORDS)
  const waiting = await store.waitingChanges(db, held?.position ?? 0)
  return { countedTo: waiting === 0 ? ctx.clock.now() : (held?.at ?? null), waiting }
}
