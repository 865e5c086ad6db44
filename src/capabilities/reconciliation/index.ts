/**
 * Reconciliation 对账: once a day what the enterprise publicity system has decided is taken in (GZ24 二(四)), what it shows is
 * laid beside what is shown here and what its own rules give, and every difference gets its cause and its end. It promises that a
 * day's figures balance or the day is named as failed and made up, that a difference is never closed without a way or a reason, and that
 * what the two orders rule differently is told apart from a fault. It changes a record only by carrying out the other system's result.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'
import { receivers } from './take.ts'

export { type Intake, setIntake } from './results.ts'
export { expectedList, runWith } from './run.ts'
export { Failed, type Source } from './source.ts'

/** A difference is about a record wherever it lies. */
const follower: SubjectFollower = {
  tables: [
    {
      table: 'reconciliation.difference',
      key: ['id'],
      record: 'record_id',
      words: { zh: '与公示系统的差异', en: 'Differences from the publicity system' },
    },
  ],
}

export const api = { name: 'reconciliation', endpoints, refusals, handlers, jobs, follower, receivers }
