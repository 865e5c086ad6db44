/**
 * Repair 信用修复: applications with their items, each decided by its own authority within its own term, on the rules of the
 * day of the application. It promises that a basket goes in whole or not at all, that what is missing is asked for once,
 * that the clock stands still while the applicant mends, that each move has its act, its article and, where the law wants
 * one, its letter, and that what is granted ends on every channel in the same transaction. It never hides a record itself:
 * it disposes through the records' door and announces; who holds a copy is told by the exchange.
 */
import { endpoints, refusals } from './contract.ts'
import { follower } from './follower.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export const api = { name: 'repair', endpoints, refusals, handlers, jobs, follower }
