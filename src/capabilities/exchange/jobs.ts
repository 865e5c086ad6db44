import type { Job } from '../../platform/jobs.ts'
import { chaseDue } from './chase.ts'
import { forgetNonces } from './keys.ts'
import { followOwed } from './owed.ts'
import { isPushing, pushRound, pushSettled, stopPushing } from './push.ts'
import { wayJobs } from './run.ways.ts'

export const jobs: readonly Job[] = [
  // Commits of this process wake it at once; its own time is for those of others and for what is tried again.
  {
    name: 'exchange.push',
    every: 400,
    onCommit: isPushing,
    run: pushRound,
    settled: pushSettled,
    stop: stopPushing,
  },
  { name: 'exchange.chase', every: 600_000, run: chaseDue },
  { name: 'exchange.follow_owed', every: 15_000, run: followOwed },
  { name: 'exchange.forget_nonces', every: 600_000, run: forgetNonces },
  ...wayJobs,
]
