import type { HtmlReply } from '../../kernel/api.ts'
import { Refused } from '../../kernel/decision.ts'
import { dayOf, type Instant } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { progressOf } from '../repair/index.ts'
import { progressPage } from './pages/progress.ts'
import { siteOf } from './site.ts'

const NOT_FOUND = 404
const asks = (ctx: Ctx, no: string) => ({ no, csrf: ctx.edge?.csrf ?? null })

export const askProgress = async (ctx: Ctx, input: { no?: string | undefined }): Promise<HtmlReply> => ({
  html: progressPage(siteOf(ctx), asks(ctx, input.no ?? ''), null),
})

/** Number and code come in the body: what opens a case stands in no address and no log. */
export const showProgress = async (ctx: Ctx, input: { no: string; code: string }): Promise<HtmlReply> => {
  try {
    const view = await progressOf(ctx, input)
    const told = { ...view, submittedAt: dayOf(view.submittedAt as Instant) }
    return { html: progressPage(siteOf(ctx), asks(ctx, input.no), told) }
  } catch (error) {
    if (!(error instanceof Refused) || error.refusals[0]?.code !== 'NO_SUCH_RECEIPT') throw error
    return { html: progressPage(siteOf(ctx), { ...asks(ctx, input.no), wrong: true }, null), status: NOT_FOUND }
  }
}
