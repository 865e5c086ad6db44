import type { Job } from '../../platform/jobs.ts'
import { tellProgress } from './in.ts'
import { passOnWaiting, sendMaterials } from './out.ts'
import { carryOutArrivals } from './receivers.ts'

const SOON_MS = 2000

export const jobs: readonly Job[] = [
  { name: 'transfers.carry_out', every: SOON_MS, run: carryOutArrivals },
  { name: 'transfers.pass_on', every: SOON_MS, run: passOnWaiting },
  { name: 'transfers.send_materials', every: SOON_MS, run: sendMaterials },
  { name: 'transfers.tell', every: SOON_MS, run: tellProgress },
]
