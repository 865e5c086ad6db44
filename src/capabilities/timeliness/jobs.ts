import type { Job } from '../../platform/jobs.ts'
import { catchUp } from './service.count.ts'
import { lookThroughDue } from './service.findings.ts'

export const jobs: readonly Job[] = [
  { name: 'timeliness.count', every: 2_000, run: catchUp },
  { name: 'timeliness.find_missing', every: 60_000, run: lookThroughDue },
]
