/**
 * Repair 信用修复: applications with their items, each decided by its own authority within its own term, on the rules of the
 * day of the application. It promises that a basket goes in whole or not at all, that what is missing is asked for once,
 * that the clock stands still while the applicant mends, that each move has its act, its article and, where the law wants
 * one, its letter, and that what is granted ends on every channel in the same transaction. It never hides a record itself:
 * it disposes through the records' door and announces; who holds a copy is told by the exchange.
 *
 * Views for others:
 * - `repair.v_item`, `repair.v_act`: items that were handed in, with their terms, and what was done about each
 * - `repair.v_letter`: every letter of a case with its place in the case
 * - `repair.v_window_letter`: the one notices that windows gave, of applications not yet handed in
 * - `repair.v_told`: the same acts with their letters and where the item stands, for whoever tells it elsewhere
 * - `repair.v_refused`: refusals that may be objected to, and whether the record has been taken up again since
 */
import * as calendar from './contract.calendar.ts'
import * as consequences from './contract.consequences.ts'
import * as facts from './contract.facts.ts'
import * as base from './contract.ts'
import * as window from './contract.window.ts'
import { follower } from './follower.ts'
import { jobs } from './jobs.ts'
import { consequenceHandlers, handlers } from './routes.ts'
import { calendarHandlers, factHandlers, windowHandlers } from './routes.window.ts'

export type { RoutingRow } from './contract.consequences.ts'
export { routingTable } from './rules.routing.ts'
export { type ClockState, dueOf, extendClock, resumeClock, startClock, stopClock } from './rules.clock.ts'

/** Items that another platform decides, on both sides. */
export * as passage from './service.passage.ts'
export type { ProgressView } from './contract.window.ts'
export { progressOf } from './service.window.ts'

export const api = {
  name: 'repair',
  endpoints: {
    ...base.endpoints,
    ...consequences.endpoints,
    ...facts.endpoints,
    ...calendar.endpoints,
    ...window.endpoints,
  },
  refusals: { ...base.refusals, ...consequences.refusals, ...facts.refusals, ...calendar.refusals, ...window.refusals },
  handlers: { ...handlers, ...consequenceHandlers, ...factHandlers, ...calendarHandlers, ...windowHandlers },
  jobs,
  follower,
}
