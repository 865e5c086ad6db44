/**
 * Publicity 公示: the public face. It reads records and rules and derives what is shown on a day; it stores nothing of its
 * own but when a subject first opened a notice. It promises that a page holds only what is shown today, that it says why,
 * since when and until when in plain words, and that it works without JavaScript. It never shows a natural person, never
 * tells the public what is no longer shown, and never records who read a public page. What is said before login goes to objections.
 */
import type { Html } from '../../kernel/html.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Lang } from '../../kernel/words.ts'
import { endpoints, refusals } from './contract.ts'
import { errorPage } from './pages/plain.ts'
import { handlers } from './routes.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { type Place, crumbs, layout, to } from './pages/layout.ts'
import { siteOf } from './site.ts'

/** For pages of the site that a capability above adds. */
export { type Site, crumbs, layout, to } from './pages/layout.ts'
export { siteOf }

/** How an error looks to people, on a page of the site; for the HTTP edge. */
export const errorPageOf =
  (world: { policy: Policy; clock: Clock }) =>
  (problem: { status: number; detail?: string; requestId?: string }, lang: Lang): string =>
    errorPage(siteOf({ ...world, lang }), problem)

type PageParts = { to: (path: string, query?: Record<string, string>) => string; crumbs: (here: string) => Html }
/** A page of the public site that a capability above fills. */
export const publicPage = (
  ctx: Parameters<typeof siteOf>[0],
  place: Place,
  body: (parts: PageParts) => Html,
): string => {
  const site = siteOf(ctx)
  const parts: PageParts = {
    to: (path, query) => to(site.lang, path, query),
    crumbs: (here) => crumbs(site.lang, here),
  }
  return layout(site, place, body(parts))
}

const follower: SubjectFollower = {
  tables: [{ table: 'publicity.notice_receipt', key: ['record_id', 'version'], record: 'record_id' }],
}

export const api = { name: 'publicity', endpoints, refusals, handlers, follower }
