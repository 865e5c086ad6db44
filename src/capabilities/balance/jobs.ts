import type { Job } from '../../platform/jobs.ts'
import { proveNightly } from './prove.ts'

export const jobs: readonly Job[] = [{ name: 'balance.prove', every: 5 * 60_000, run: proveNightly }]
