/**
 * Territory 属地: basic information of organisations goes back to the territory they belong to (属地回推). It follows the log of commits and
 * keeps, in one order for all readers, what is new, renamed, moved, deregistered. It promises that a cursor misses nothing, that
 * nobody reads beyond the own territory, that what lies in an abolished division is found under its successor, and that no
 * natural person is ever in it. It never changes a subject.
 */
import type { Job } from '../../platform/jobs.ts'
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'
import { followChanges } from './service.ts'

export { followChanges } from './service.ts'

const jobs: readonly Job[] = [{ name: 'territory.follow', every: 10_000, run: followChanges }]
export const api = { name: 'territory', endpoints, refusals, handlers, jobs }
