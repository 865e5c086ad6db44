import type { Job } from '../../platform/jobs.ts'
import { settleProvisional } from './service.cases.ts'

const DAILY_MS = 24 * 60 * 60_000

export const jobs: readonly Job[] = [{ name: 'repair.settle_provisional', every: DAILY_MS, run: settleProvisional }]
