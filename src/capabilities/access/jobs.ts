import type { Job } from '../../platform/jobs.ts'
import { forgetOld } from './service.session.ts'

export const jobs: readonly Job[] = [{ name: 'access.forget_old', every: 10 * 60_000, run: forgetOld }]
