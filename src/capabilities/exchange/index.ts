/**
 * Exchange 共享交换: peers with their scope, the signed feed they pull, what each was handed and has acknowledged, and so who
 * holds a record and who has taken it down. It promises that a cursor misses nothing under concurrent writers, that what
 * is no longer shown is not handed out any more, and that every holder of a withdrawn record is told. It never changes a record.
 *
 * Views for others:
 * - `exchange.v_peer`: peers with their scope and where they are reached
 * - `exchange.v_peer_key`: their public keys, by which what they answer is known to be theirs
 * - `exchange.v_owed`: what a peer held when it was withdrawn, and when it acknowledged that it is down
 * - `exchange.v_handed`: what a peer was handed of a record, and what became of it
 * - `exchange.v_message`: messages to one peer with how each stands: attempts, delivery, acknowledgement, given up
 */
import { deskEndpoints, deskRefusals } from './contract.desk.ts'
import { endpoints, refusals } from './contract.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { jobs } from './jobs.ts'
import { deskHandlers } from './routes.desk.ts'
import { handlers } from './routes.ts'

export { type NewAddressed, address } from './address.ts'
export { peerChases } from './chase.ts'
export { sendAgain } from './resend.ts'
export { type Signer, requireSigned, signRequest, signerOf, verifyPeerRequest } from './keys.ts'
export { callingPeer, enterAsPeer, peerOf } from './gate.ts'
export { usableKeyIds } from './service.peers.ts'
export { type Sandbox, setSandbox } from './sandbox.ts'
export { feed, propagation, withdrawalsAt } from './service.ts'
export { readPage } from './sign.ts'
/** For those who take in what peers send. */
export { canonical } from './formats.event.ts'
export { decode, formatOf } from './formats.ts'
export { type Knows, peerKnows } from './holder.ts'
export { tokenOf } from './token.ts'
export { type Peer, findPeer } from './store.ts'
export { createPeer, movePeer } from './service.peers.ts'
export { type Standing, peerStanding, portalOf, saveVerified, setServedUntil, thirdParties } from './standing.ts'
export { serviceOf } from './rules.ts'
export { noticeTo } from './words.notice.ts'

export { type TakeIn, setTakeIn } from './incoming.ts'
export { pushDue } from './push.ts'
/** For those who try a push before there is anything to send. */
export { bodyFor } from './push.body.ts'
export { openConnections, post } from './push.request.ts'
export { readAnswers } from './rules.push.ts'
export { FAULT_WORDS } from './words.push.ts'
export { tellByWay } from './tell.ts'
export { runWays } from './run.ways.ts'
export { setWay } from './service.ways.ts'
/** For a peer that tries its files before it hands them over. */
export { checkAckFile } from './ack-check.ts'

/** Who holds a record is known wherever the record lies. */
const follower: SubjectFollower = {
  tables: [
    {
      table: 'exchange.delivery',
      key: ['peer_id', 'event_id'],
      record: 'record_id',
      words: { zh: '共享送达记录', en: 'Deliveries to peers' },
    },
    { table: 'exchange.effect', key: ['peer_id', 'event_id', 'part'], record: 'record_id' },
    {
      table: 'exchange.failure',
      key: ['peer_id', 'event_id', 'attempt', 'at'],
      words: { zh: '共享发送失败记录', en: 'Failed attempts of deliveries' },
    },
    {
      table: 'exchange.addressed',
      key: ['peer_id', 'event_id'],
      words: { zh: '专送报文', en: 'Messages to one peer' },
    },
  ],
}

export const api = {
  name: 'exchange',
  endpoints: { ...endpoints, ...deskEndpoints },
  refusals: { ...refusals, ...deskRefusals },
  handlers: { ...handlers, ...deskHandlers },
  jobs,
  follower,
}
