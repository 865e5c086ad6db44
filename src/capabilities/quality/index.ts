/**
 * Quality 归集质量: how complete, valid, unique and timely each authority reports, month by month, and the circular that says so. It
 * promises that every figure has its numerator and denominator and opens to its rows, that formulas, weights and thresholds are
 * policy data, that "mend these rows and you move up" comes true, and that an issued circular comes out the same when it is computed
 * again. It scores authorities and never persons, and it never changes a row.
 */
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { countAnew, countChanges } from './count.ts'

export const api = { name: 'quality', endpoints, refusals, handlers, jobs }
