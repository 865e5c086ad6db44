import { type Ctx, today } from '../../platform/context.ts'
import type { Site } from './pages/layout.ts'

/** What every page of the site is made from. */
export const siteOf = (ctx: Pick<Ctx, 'lang' | 'policy' | 'clock'>): Site => ({
  lang: ctx.lang,
  today: today(ctx),
  policy: ctx.policy,
})
