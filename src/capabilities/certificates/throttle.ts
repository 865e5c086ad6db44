import { mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'

/**
 * Nobody can guess a code of 80 bits; this keeps anyone from trying at the platform's expense. Kept in memory, by address
 * and minute: a miss weighs more than a hit.
 */
const WINDOW_MS = 60_000
const BUDGET = 60
const MISS = 5
const KEPT = 10_000

type Spent = { until: number; cost: number }
const spent = new WeakMap<object, Map<string, Spent>>()

export const throttled = async <T>(ctx: Ctx, look: () => Promise<T | null>): Promise<T | null> => {
  const address = ctx.edge?.address
  if (address === undefined) return look()
  const now = Date.parse(ctx.clock.now())
  const all = spent.get(ctx.db) ?? new Map<string, Spent>()
  spent.set(ctx.db, all)
  const held = all.get(address)
  const own: Spent =
    held && held.until > now && held.until - now <= WINDOW_MS ? held : { until: now + WINDOW_MS, cost: 0 }
  if (own.cost >= BUDGET) mustNot('THROTTLED', { seconds: Math.max(1, Math.ceil((own.until - now) / 1000)) })
  if (all.size >= KEPT && !held)
    for (const [key, { until }] of all) if (until <= now || all.size >= KEPT) all.delete(key)
  all.set(address, own)
  own.cost += 1
  const found = await look()
  if (found === null) own.cost += MISS - 1
  return found
}
