import type { Job } from '../../platform/jobs.ts'
import { gatherStrayed } from './service.cases.ts'
import { openFromConflicts } from './service.ts'

export const jobs: readonly Job[] = [
  { name: 'corrections.open_tasks', every: 30_000, run: openFromConflicts },
  { name: 'corrections.gather', every: 60_000, run: gatherStrayed },
]
