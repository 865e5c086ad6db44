import { territoryPrefix } from '../../kernel/territory.ts'
import { type Instant, type LocalDate, addMonths, startOf } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import { lastPosition } from '../../platform/follow.ts'
import { sequence } from '../../platform/outbox.ts'
import { ratesIn } from './rates.ts'
import { type Counts, NO_COUNTS, expectedFields, monthOf, nextMonth, scoringOf } from './rules.ts'
import * as store from './store.ts'

/** From the rows to the kept figures: what has changed since the last time is counted again, and nothing else. */

const MONTHS_KEPT = 13
export const spanOf = (month: LocalDate, asOf: Instant): store.Span => ({
  from: startOf(month),
  to: startOf(nextMonth(month)),
  asOf,
})
export const keptMonths = (ctx: Ctx): LocalDate[] => {
  const last = monthOf(today(ctx))
  return Array.from({ length: MONTHS_KEPT }, (_, n) => addMonths(last, n + 1 - MONTHS_KEPT))
}

/** Counts of a month from the rows themselves, as they stood at an instant; without the tally of timeliness. */
export const recount = async (
  ctx: Ctx,
  of: store.Of,
  month: LocalDate,
  asOf: Instant,
  expected?: Record<string, readonly string[]>,
): Promise<store.Counted[]> => {
  const scoring = scoringOf(ctx.policy, month)
  if (!scoring) return []
  const fields = expected ?? expectedFields(ctx.policy, scoring.value, month)
  return store.countAll(ctx.db.kysely, of, spanOf(month, asOf), fields)
}

const sameCounts = (a: Counts, b: Counts): boolean => JSON.stringify(a) === JSON.stringify({ ...a, ...b })

/** Goes through the months of changed files, then takes over the tally of timeliness. */
export const countChanges = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  const reader = ctx.db.kysely
  const progress = await store.progressOf(reader)
  const position = await lastPosition(reader)
  const at = ctx.clock.now()
  const months = keptMonths(ctx)
  const changed =
    position > (progress?.position ?? 0) ? await store.touched(reader, progress?.position ?? 0, position) : []
  const byMonth = Map.groupBy(changed, (c) => monthOf(dayIn(c.at)))
  for (const month of months) {
    const authorities = byMonth.get(month)
    if (!authorities) continue
    const kept = new Map((await store.figuresOf(reader, '', month, month)).map((f) => [f.authorityId, f.counts]))
    for (const { authorityId } of authorities) {
      const counted = await recount(ctx, { authorityId }, month, at)
      const figures = counted.map((c) => {
        const held = kept.get(c.authorityId) ?? NO_COUNTS
        return { ...c, month, counts: { ...NO_COUNTS, ...c.counts, reported: held.reported, late: held.late } }
      })
      await inTx(ctx.db, (tx) => store.putFigures(tx, figures, at))
    }
  }
  await takeRates(ctx, months, at)
  await inTx(ctx.db, (tx) => store.putProgress(tx, position, at))
}

const dayIn = (at: Instant): string => new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 10)
const SHANGHAI_MS = 8 * 3_600_000

/** The tally of timeliness has its own pace, so it is taken over each time; only what differs is written. */
const takeRates = async (ctx: Ctx, months: readonly LocalDate[], at: Instant): Promise<void> => {
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return
  const figures = await store.figuresOf(ctx.db.kysely, '', first, last)
  for (const [month, rows] of Map.groupBy(figures, (f) => f.month)) {
    const rates = await ratesIn(ctx, month)
    const differing = rows.flatMap((row) => {
      const counts = { ...row.counts, ...(rates.get(row.authorityId) ?? { reported: 0, late: 0 }) }
      return sameCounts(row.counts, counts) ? [] : [{ ...row, counts }]
    })
    if (differing.length) await inTx(ctx.db, (tx) => store.putFigures(tx, differing, at))
  }
}

/** Everything anew, for the proof that the kept figures are those of the rows. */
export const countAnew = async (ctx: Ctx, division: string, month: LocalDate): Promise<store.Figure[]> => {
  const rates = await ratesIn(ctx, month)
  const counted = await recount(ctx, { territory: territoryPrefix(division) }, month, ctx.clock.now())
  return counted.map((c) => ({
    ...c,
    month,
    counts: { ...NO_COUNTS, ...c.counts, ...(rates.get(c.authorityId) ?? { reported: 0, late: 0 }) },
  }))
}
