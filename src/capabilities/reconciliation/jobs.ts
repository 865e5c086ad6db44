import type { Job } from '../../platform/jobs.ts'
import { runDaily } from './run.ts'

export const jobs: readonly Job[] = [{ name: 'reconciliation.daily', every: 60_000, run: runDaily }]
