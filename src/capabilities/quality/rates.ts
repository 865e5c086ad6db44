import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { ratesOf } from '../timeliness/index.ts'

export type Reported = { reported: number; late: number }

/** Of each authority: how many records the month counts as reported, and how many of them late; by the formula of timeliness. */
export const ratesIn = async (ctx: Ctx, month: LocalDate): Promise<Map<string, Reported>> =>
  new Map(
    (await ratesOf(ctx, { from: month, to: month, by: 'authority' })).flatMap((r) =>
      r.measure === 'late' && r.authorityId !== null
        ? [[r.authorityId, { reported: r.denominator, late: r.numerator }]]
        : [],
    ),
  )
