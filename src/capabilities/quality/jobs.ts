import type { Job } from '../../platform/jobs.ts'
import { countChanges } from './count.ts'

export const jobs: readonly Job[] = [{ name: 'quality.count', every: 30_000, run: countChanges }]
