import type { Job } from '../../platform/jobs.ts'
import { promptDaily } from './service.calendar.ts'
import { settleProvisional } from './service.cases.ts'
import { followUp, lapseWaiting } from './service.follow.ts'

const DAILY_MS = 24 * 60 * 60_000
const HOURLY_MS = 60 * 60_000

const FOLLOW_MS = 2_000

export const jobs: readonly Job[] = [
  { name: 'repair.follow_up', every: FOLLOW_MS, run: followUp },
  { name: 'repair.lapse_waiting', every: HOURLY_MS, run: lapseWaiting },
  { name: 'repair.settle_provisional', every: DAILY_MS, run: settleProvisional },
  { name: 'repair.prompt_subjects', every: HOURLY_MS, run: promptDaily },
]
