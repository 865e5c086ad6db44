import type { Job } from '../../platform/jobs.ts'
import { runGateways } from './run.ts'

export const jobs: readonly Job[] = [{ name: 'gateways.read', every: 3000, run: runGateways }]
