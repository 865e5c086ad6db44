/**
 * Publicity 公示: the public face. It reads records and rules and derives what is shown on a day; it stores nothing of its
 * own but when a subject first opened a notice. It promises that a page holds only what is shown today, that it says why,
 * since when and until when in plain words, and that it works without JavaScript. It never shows a natural person, never
 * says what is no longer shown, and never records who read a public page.
 */
import type { Policy } from '../../kernel/policy.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Lang } from '../../kernel/words.ts'
import { endpoints, refusals } from './contract.ts'
import { errorPage } from './pages/plain.ts'
import { handlers } from './routes.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { siteOf } from './service.ts'

/** How an error looks to people, on a page of the site; for the HTTP edge. */
export const errorPageOf =
  (world: { policy: Policy; clock: Clock }) =>
  (problem: { status: number; detail?: string; requestId?: string }, lang: Lang): string =>
    errorPage(siteOf({ ...world, lang }), problem)

const follower: SubjectFollower = {
  tables: [{ table: 'publicity.notice_receipt', key: ['record_id', 'version'], record: 'record_id' }],
}

export const api = { name: 'publicity', endpoints, refusals, handlers, follower }
