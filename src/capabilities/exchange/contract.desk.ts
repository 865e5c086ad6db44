import { toldView } from '../messages/contract.ts'
import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { DIRECTIONS, PEER_KINDS, PEER_STATES, WAYS } from './words.ts'
import { CHASED, DELIVERY_KINDS, DELIVERY_STATES, FAULTS, REPLAYS } from './words.push.ts'
import { day, id } from '../../kernel/shapes.ts'

/** How deliveries stand: the map of flows, the balance, and the desk for what could not be sent. */

const instant = z.string()
const page = z.coerce.number<string | number>().int().min(1).max(200).default(50)
const after = z.string().max(400).optional()

export const deskRefusals = {
  NO_SUCH_DEAD_LETTER: {
    kind: 'not_found',
    zh: '没有这条发送失败的送达，可能已经重新发送或者由对方确认。',
    en: 'There is no such dead letter; it may have been sent again or acknowledged meanwhile.',
  },
  DEAD_LETTER_STALE: {
    kind: 'conflict',
    zh: '这条送达的情况已有变化，请刷新后重试。',
    en: 'This delivery has moved on; reload and try again.',
  },
  NOTHING_LATE: {
    kind: 'refused',
    zh: '“{peer}”没有逾期事项，无需催办。',
    en: '“{peer}” is late with nothing.',
  },
} as const satisfies RefusalCatalogue

const delivery = {
  peerId: id,
  peerName: z.string(),
  subjectId: id,
  eventId: id,
  recordId: id.nullable(),
  kind: z.enum(DELIVERY_KINDS),
  state: z.enum(DELIVERY_STATES),
  /** Of whom and of which document; empty where it is about no record. */
  subjectName: z.string(),
  docNo: z.string(),
  authority: z.string(),
  queuedAt: instant,
  attempts: z.number(),
  nextAttemptAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  /** What the peer said with its acknowledgement. */
  note: z.string(),
  fault: z.enum(FAULTS).nullable(),
  deadAt: instant.nullable(),
}
export const deliveryView = z.object(delivery).meta({ id: 'ExchangeDelivery' })
export type DeliveryView = z.infer<typeof deliveryView>

const tryView = z.object({
  attempt: z.number(),
  at: instant,
  fault: z.enum(FAULTS),
  /** Of the answer, where there was one. */
  status: z.number().nullable(),
  said: z.string(),
  tookMs: z.number(),
})
export const deadLetterView = z
  .object({
    ...delivery,
    contact: z.string(),
    peerState: z.enum(PEER_STATES),
    tries: z.array(tryView),
    /** What sending it again would do now. */
    replay: z.enum(REPLAYS),
    givenUp: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable(),
    mayDecide: z.boolean(),
  })
  .meta({ id: 'DeadLetter' })
export type DeadLetterView = z.infer<typeof deadLetterView>

const count = z.number().int().min(0)
/** Counted up to a limit. */
const upTo = z.object({ count, more: z.boolean() })
export const edgeView = z
  .object({
    peerId: id,
    name: z.string(),
    kind: z.enum(PEER_KINDS),
    way: z.enum(WAYS),
    direction: z.enum(DIRECTIONS),
    state: z.enum(PEER_STATES),
    contact: z.string(),
    /** Waiting to go; there and not acknowledged; could not be sent. */
    queued: upTo,
    unanswered: upTo,
    dead: count,
    oldestAt: instant.nullable(),
    lateWithdrawals: count,
    lateSince: z.string().nullable(),
    /** It does not answer: since when, why, and when the next attempt is. */
    down: z.object({ fault: z.enum(FAULTS), since: instant, nextAt: instant.nullable() }).nullable(),
    lastAcknowledgedAt: instant.nullable(),
    chased: z.object({ what: z.enum(CHASED), times: count, at: instant }).nullable(),
  })
  .meta({ id: 'FlowEdge' })
export type EdgeView = z.infer<typeof edgeView>

const balanceView = z
  .object({
    day,
    peerId: id,
    peerName: z.string(),
    sent: count,
    acknowledged: count,
    /** Of the acknowledged: sent back. */
    refused: count,
    pending: count,
    dead: count,
    notNeeded: count,
  })
  .meta({ id: 'DeliveryBalance' })
export type BalanceView = z.infer<typeof balanceView>

const chaseView = z
  .object({
    id,
    peerId: id,
    peerName: z.string(),
    contact: z.string(),
    what: z.enum(CHASED),
    count,
    oldest: z.string(),
    times: count,
    byHand: z.boolean(),
    raisedAt: instant,
    toldAt: instant,
    answeredAt: instant.nullable(),
    /** Who was told, in which way, and what became of it. */
    told: z.array(toldView),
  })
  .meta({ id: 'Chase' })
export type ChaseView = z.infer<typeof chaseView>

const READERS = ['credit_office', 'auditor', 'security_admin'] as const
const letter = z.object({ peerId: id, subjectId: id, eventId: id })
const LETTER = '/exchange/dead/:peerId/:subjectId/:eventId'
const replays = z.object({
  publish: count,
  update: count,
  withdraw: count,
  message: count,
  nothing: count,
  more: z.boolean(),
})

export const deskEndpoints = defineEndpoints({
  flows: {
    method: 'GET',
    path: '/exchange/flows',
    summary: { zh: '共享流向', en: 'Map of flows' },
    allowed: { roles: READERS },
    reply: z.object({ edges: z.array(edgeView), at: instant }),
  },
  deliveryBalance: {
    method: 'GET',
    path: '/exchange/balance',
    summary: { zh: '送达平衡表', en: 'Balance of deliveries by peer and day' },
    allowed: { roles: READERS },
    query: z.object({ peer: id.optional(), from: day.optional(), to: day.optional(), after, limit: page }),
    reply: z.object({ rows: z.array(balanceView), next: z.string().nullable() }),
  },
  deliveries: {
    method: 'GET',
    path: '/exchange/peers/:id/deliveries',
    summary: { zh: '对某一对象的送达', en: 'Deliveries to a peer' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    query: z.object({ state: z.enum(DELIVERY_STATES).optional(), after, limit: page }),
    reply: z.object({ rows: z.array(deliveryView), next: z.string().nullable() }),
  },
  deadLetters: {
    method: 'GET',
    path: '/exchange/dead',
    summary: { zh: '发送失败的送达', en: 'Dead letters' },
    allowed: { roles: READERS },
    query: z.object({ peer: id.optional(), state: z.enum(['dead', 'given_up']).default('dead'), after, limit: page }),
    reply: z.object({ rows: z.array(deliveryView), next: z.string().nullable() }),
  },
  deadLetter: {
    method: 'GET',
    path: LETTER,
    summary: { zh: '一条发送失败的送达', en: 'One dead letter, and why' },
    allowed: { roles: READERS },
    params: letter,
    reply: deadLetterView,
  },
  replay: {
    method: 'POST',
    path: `${LETTER}/replay`,
    summary: { zh: '重新发送', en: 'Send a dead letter again' },
    allowed: { roles: ['credit_office'] },
    params: letter,
    body: z.object({ seen: count }),
    reply: deliveryView,
  },
  giveUp: {
    method: 'POST',
    path: `${LETTER}/give-up`,
    summary: { zh: '不再发送', en: 'Give a dead letter up' },
    allowed: { roles: ['credit_office'] },
    params: letter,
    body: z.object({ seen: count, reason: z.string().trim().min(2).max(500) }),
    reply: deadLetterView,
  },
  previewReplay: {
    method: 'GET',
    path: '/exchange/peers/:id/replay',
    summary: { zh: '全部重新发送的预览', en: 'What sending all again would do' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    reply: replays,
  },
  replayAll: {
    method: 'POST',
    path: '/exchange/peers/:id/replay',
    summary: { zh: '全部重新发送', en: 'Send all dead letters of a peer again' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    reply: z.object({ again: count, nothing: count }),
  },
  chases: {
    method: 'GET',
    path: '/exchange/chases',
    summary: { zh: '催办记录', en: 'Who was chased' },
    allowed: { roles: READERS },
    query: z.object({ peer: id.optional(), after, limit: page }),
    reply: z.object({ rows: z.array(chaseView), next: z.string().nullable() }),
  },
  chase: {
    method: 'POST',
    path: '/exchange/peers/:id/chase',
    summary: { zh: '催办', en: 'Chase a peer' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    reply: z.object({ raised: count }),
  },
})
