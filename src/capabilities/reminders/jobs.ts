import type { Job } from '../../platform/jobs.ts'
import { remindDue } from './service.ts'

export const jobs: readonly Job[] = [{ name: 'reminders.remind', every: 10 * 60_000, run: remindDue }]
