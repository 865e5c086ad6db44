/**
 * Oversight 修复监督: how repair is done, authority by authority: numbers, refusals by sentence, times, endings, ratings by the
 * applicants, the monthly report, and enterprises that should be put before the registrar for revocation. It promises that every
 * figure opens to its rows and equals them, that a published report comes out the same when it is computed again, that an
 * authority learns what was said of it and not by whom, and that a candidate is proven entry by entry. It decides no case.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { catchUp, rebuild } from './follow.ts'

const follower: SubjectFollower = {
  tables: [
    { table: 'oversight.entry', key: ['act_id'], record: 'record_id' },
    { table: 'oversight.rating', key: ['item_id'], record: 'record_id' },
  ],
}

export const api = { name: 'oversight', endpoints, refusals, handlers, jobs, follower }
