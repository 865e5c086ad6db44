import type { Job } from '../../platform/jobs.ts'
import { watchAgreements } from './service.ts'

const TEN_MINUTES_MS = 600_000

export const jobs: readonly Job[] = [{ name: 'agreements.watch', every: TEN_MINUTES_MS, run: watchAgreements }]
