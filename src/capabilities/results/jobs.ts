import type { Job } from '../../platform/jobs.ts'
import { closeDays } from './follow.ts'
import { chaseLate, chasePortals, lookAtPages } from './service.takedowns.ts'

const MINUTE_MS = 60_000

export const jobs: readonly Job[] = [
  { name: 'results.close_days', every: MINUTE_MS, run: closeDays },
  { name: 'results.look_at_pages', every: MINUTE_MS, run: lookAtPages },
  { name: 'results.chase_late', every: 10 * MINUTE_MS, run: chaseLate },
  { name: 'results.chase_portals', every: 10 * MINUTE_MS, run: chasePortals },
]
