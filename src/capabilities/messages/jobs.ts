import type { Job } from '../../platform/jobs.ts'
import { dispatchDue } from './dispatch.ts'

export const jobs: readonly Job[] = [{ name: 'messages.dispatch', every: 5_000, run: (ctx) => dispatchDue(ctx) }]
