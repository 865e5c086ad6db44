/**
 * Timeliness 报送及时性: by when each decision had to be reported, what came late, what is missing and what a spot check found
 * concealed; the reporting ledger and the credit office's overview. It promises that every figure is the number of the rows
 * it opens to, that a change of a record moves counts and never doubles them, and that a mark as backfill hides nothing that
 * fell due after the authority began to report. How rates are computed is policy. It never changes a record.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { dueOf } from './rules.ts'
export { overdueOf, ratesOf } from './service.ts'
export { catchUp, rebuild } from './service.count.ts'
export { lookThrough } from './service.findings.ts'

/** What is counted of a record is counted wherever the record lies: it goes with it. */
const follower: SubjectFollower = {
  tables: [
    { table: 'timeliness.entry', key: ['record_id'], record: 'record_id' },
    { table: 'timeliness.finding', key: ['id'], record: 'record_id' },
    { table: 'timeliness.list_row', key: ['list_id', 'n'], record: 'record_id' },
    { table: 'timeliness.sample_row', key: ['sample_id', 'n'], record: 'record_id' },
  ],
}

export const api = { name: 'timeliness', endpoints, refusals, handlers, jobs, follower }
