/**
 * Exchange 共享交换: peers with their scope, the signed feed they pull, what each was handed and has acknowledged, and so who
 * holds a record and who has taken it down. It promises that a cursor misses nothing under concurrent writers, that what
 * is no longer shown is not handed out any more, and that every holder of a withdrawn record is told. It never changes a record.
 */
import { endpoints, refusals } from './contract.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { handlers } from './routes.ts'

export { type NewAddressed, address } from './address.ts'
export { type Signer, requireSigned, signRequest, signerOf, verifierOf } from './keys.ts'
export { createPeer, propagation } from './service.ts'

/** Who holds a record is known wherever the record lies. */
const follower: SubjectFollower = {
  tables: [
    {
      table: 'exchange.delivery',
      key: ['peer_id', 'event_id'],
      record: 'record_id',
      words: { zh: '共享送达记录', en: 'Deliveries to peers' },
    },
    {
      table: 'exchange.addressed',
      key: ['peer_id', 'event_id'],
      words: { zh: '专送报文', en: 'Messages to one peer' },
    },
  ],
}

export const api = { name: 'exchange', endpoints, refusals, handlers, follower }
