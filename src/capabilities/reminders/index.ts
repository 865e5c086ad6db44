/**
 * Reminders 提醒: what an authority owes an answer to — returned rows, late and missing reports — and to whom this has been said: the
 * collectors, then the head, then the monthly circular. Days and ways are policy; the credit office may also remind by hand. It
 * promises that a matter is said once a level, and that a reminder closes by itself when what was open then is mended.
 * `reminders.v_circular` is what the circular reads.
 */
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { remindDue } from './service.ts'

export const api = { name: 'reminders', endpoints, refusals, handlers, jobs }
