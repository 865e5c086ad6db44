import type { Job } from '../../platform/jobs.ts'
import { watchAgreements } from './service.ts'
import { watchTalks } from './service.talks.ts'

const TEN_MINUTES_MS = 600_000

export const jobs: readonly Job[] = [
  { name: 'agreements.watch', every: TEN_MINUTES_MS, run: watchAgreements },
  { name: 'agreements.watch_talks', every: TEN_MINUTES_MS, run: watchTalks },
]
