import type { Job } from '../../platform/jobs.ts'
import { tellProgress } from './in.ts'
import { passOnWaiting, sendMaterials } from './out.ts'
import { carryOutArrivals, forgetParts } from './receivers.ts'

const SOON_MS = 2000
const DAILY_MS = 24 * 60 * 60_000

export const jobs: readonly Job[] = [
  { name: 'transfers.carry_out', every: SOON_MS, run: carryOutArrivals },
  { name: 'transfers.pass_on', every: SOON_MS, run: passOnWaiting },
  { name: 'transfers.send_materials', every: SOON_MS, run: sendMaterials },
  { name: 'transfers.tell', every: SOON_MS, run: tellProgress },
  { name: 'transfers.forget_parts', every: DAILY_MS, run: forgetParts },
]
