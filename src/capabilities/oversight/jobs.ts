import type { Job } from '../../platform/jobs.ts'
import { findDaily } from './candidates.ts'
import { catchUp } from './follow.ts'

export const jobs: readonly Job[] = [
  { name: 'oversight.count', every: 2_000, run: catchUp },
  { name: 'oversight.find_candidates', every: 3_600_000, run: findDaily },
]
