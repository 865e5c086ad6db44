/**
 * Objections 异议: what subjects object to, what the public reports before login, what the finder corrects of its own motion and
 * what the daily self-check finds. It promises that an objection is passed on and answered within its terms, that the record
 * is marked while it is pending where the pack says so, that what is upheld is corrected on every channel in one transaction and
 * is kept from coming back by the next report, and that late ones go up. It never hides a record itself: it disposes through
 * the records' door and announces; who holds a copy is told by the exchange.
 *
 * Views for others:
 * - `objections.v_case`: every objection that was handed in, with its terms and how it ended
 * - `objections.v_letter`: every letter of an objection with its place in the case
 */
import { endpoints, refusals } from './contract.ts'
import { follower } from './follower.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { createReport, getReportStatus } from './service.reports.ts'

export const api = { name: 'objections', endpoints, refusals, handlers, jobs, follower }
