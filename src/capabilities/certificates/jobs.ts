import type { Job } from '../../platform/jobs.ts'
import { registerLetters, tellOfLetters } from './register.ts'
import { openReceipts, settleReceipts } from './service.receipts.ts'
import { withdrawEnded } from './service.ts'

const SOON_MS = 5000
const MINUTE_MS = 60_000

export const jobs: readonly Job[] = [
  { name: 'certificates.register_letters', every: SOON_MS, run: registerLetters },
  { name: 'certificates.tell_of_letters', every: SOON_MS, run: tellOfLetters },
  { name: 'certificates.withdraw_ended', every: MINUTE_MS, run: withdrawEnded },
  { name: 'certificates.open_receipts', every: SOON_MS, run: openReceipts },
  { name: 'certificates.settle_receipts', every: SOON_MS, run: settleReceipts },
]
