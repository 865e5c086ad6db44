/**
 * Transfers 异地转办: repair items whose authority decides on another platform. It promises that a case is on one platform at
 * a time, that it comes in whole or goes back with the reason, that what is decided there is carried out here with the letter
 * that was written there, and that both sides see where it stands, who is late and what has not arrived. It decides nothing
 * itself, and of a natural person neither number nor whole name travels.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { receivers } from './receivers.ts'
import { handlers } from './routes.ts'

export { setSeat } from './service.ts'

/** A case goes with the file that it is about. */
const follower: SubjectFollower = {
  tables: [
    { table: 'transfers.transfer', key: ['id'], words: { zh: '异地转办', en: 'Cases on another platform' } },
    { table: 'transfers.step', key: ['id'] },
  ],
}

export const api = { name: 'transfers', endpoints, refusals, handlers, jobs, follower, receivers }
