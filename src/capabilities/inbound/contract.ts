import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { OUTCOMES } from '../exchange/words.ts'
import { ACTIONS, INTAKE_WAYS, MESSAGE_STATES } from './words.ts'
import { id, words } from '../../kernel/shapes.ts'

export const MOST_EVENTS = 1000
export const MOST_BYTES = 16 * 1024 * 1024

export const refusals = {
  INBOX_CLOSED: {
    kind: 'forbidden',
    zh: '与该共享对象未约定从对方接收数据。',
    en: 'Nothing is taken from this peer: the agreement is one way.',
  },
  BODY_UNREADABLE: {
    kind: 'invalid',
    zh: '报文正文不是完整的 JSON。请求已留存，未作处理。',
    en: 'The body is no whole JSON. The request is kept, and nothing of it was carried out.',
  },
  MEDIA_TYPE_UNKNOWN: {
    kind: 'unsupported',
    zh: '不接收“{type}”类型的报文。',
    en: 'Bodies of the type “{type}” are not taken.',
  },
  NO_EVENTS: { kind: 'invalid', zh: '报文中没有事件。', en: 'The body holds no event.' },
  TOO_MANY_EVENTS: {
    kind: 'too_large',
    zh: '一次最多发送{most}条事件，本次为{found}条。请分批发送。',
    en: 'At most {most} events at once; these are {found}. Send them in several batches.',
  },
  EVENT_WITHOUT_ID: {
    kind: 'invalid',
    zh: '第{n}条事件没有可用的编号，无法回执，整批未作处理。',
    en: 'Event {n} has no usable id and could not be answered; nothing of the batch was carried out.',
  },
  NO_SUCH_MESSAGE: { kind: 'not_found', zh: '没有这条报文，或无权查看。', en: 'There is no such message.' },
  MESSAGE_STALE: {
    kind: 'conflict',
    zh: '该报文的处理情况已有变化，请刷新后重试。',
    en: 'The message has moved on; reload and try again.',
  },
  REASON_NEEDED: {
    kind: 'invalid',
    zh: '退回须写明理由，对方据此更正。',
    en: 'Say why it is sent back: the sender mends by it.',
  },
  NOT_TO_ADMIT: {
    kind: 'refused',
    zh: '只有因单位名录中没有认定单位而待处理的报文，可以按来文名称接收。',
    en: 'Only a message that waits for its authority can be let in under the name given.',
  },
} as const satisfies RefusalCatalogue

const problem = z.object({ field: z.string(), value: z.string(), reason: z.string(), mend: z.string() })
export const receivedView = z
  .object({
    id,
    eventId: z.string(),
    peerId: id,
    peerName: z.string(),
    way: z.enum(INTAKE_WAYS),
    type: z.string(),
    typeName: words,
    item: z.string(),
    itemName: words.nullable(),
    name: z.string(),
    authority: z.string(),
    docNo: z.string(),
    state: z.enum(MESSAGE_STATES),
    outcome: z.enum(OUTCOMES).nullable(),
    /** Why, in plain words. */
    reason: z.string(),
    sentAt: z.string(),
    receivedAt: z.string(),
    decidedAt: z.string().nullable(),
  })
  .meta({ id: 'ReceivedMessage' })
export type ReceivedView = z.infer<typeof receivedView>

export const receivedMessage = receivedView
  .extend({
    /** What has to be done now, and by whom. */
    mend: z.string(),
    problems: z.array(problem),
    fileHash: z.string(),
    attempts: z.number(),
    nextTryAt: z.string().nullable(),
    toldAt: z.string().nullable(),
    recordId: id.nullable(),
    subjectId: id.nullable(),
    actions: z.array(z.enum(ACTIONS)),
    version: z.number(),
  })
  .meta({ id: 'ReceivedMessageWhole' })
export type ReceivedMessage = z.infer<typeof receivedMessage>

/** received = accepted + refused + pending, of each peer and day. */
export const receivedDay = z.object({
  day: z.string(),
  peerId: id,
  peerName: z.string(),
  received: z.number(),
  accepted: z.number(),
  refused: z.number(),
  pending: z.number(),
})
export type ReceivedDay = z.infer<typeof receivedDay>

export type Acknowledgement = { eventId: string; outcome: (typeof OUTCOMES)[number]; note: string }

const READERS = ['credit_office', 'auditor', 'security_admin'] as const
const cursor = z.string().max(400).optional()
const limit = z.coerce.number<string | number>().int().min(1).max(200).default(PAGE_LIMIT)

export const endpoints = defineEndpoints({
  inbox: {
    method: 'POST',
    path: '/exchange/inbox',
    summary: { zh: '接收共享对象推送的事件', en: 'Take in events that a peer pushes' },
    allowed: { scopes: ['feed'] },
    upload: true,
    limit: MOST_BYTES,
    // Each message is carried out once whoever sends it again, so no key is needed.
    idempotent: false,
    /** 202 where nothing is decided yet. What is pending is acknowledged later. */
    reply: z.object({
      acknowledgements: z.array(
        z.object({ eventId: z.string(), outcome: z.enum([...OUTCOMES, 'pending']), note: z.string() }),
      ),
    }),
  },
  listReceived: {
    method: 'GET',
    path: '/exchange/received',
    summary: { zh: '接收情况', en: 'Messages received' },
    allowed: { roles: READERS },
    query: z.object({
      peerId: id.optional(),
      state: z.enum(MESSAGE_STATES).optional(),
      item: z.string().max(60).optional(),
      after: cursor,
      limit,
    }),
    reply: z.object({ rows: z.array(receivedView), next: z.string().nullable() }),
  },
  listReceivedDays: {
    method: 'GET',
    path: '/exchange/received/days',
    summary: { zh: '接收平衡表', en: 'Balance of what was received, by peer and day' },
    allowed: { roles: READERS },
    query: z.object({ peerId: id.optional(), after: cursor, limit }),
    reply: z.object({ rows: z.array(receivedDay), next: z.string().nullable() }),
  },
  getReceived: {
    method: 'GET',
    path: '/exchange/received/:id',
    summary: { zh: '报文处理情况', en: 'One message and what became of it' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    reply: receivedMessage,
  },
  decideReceived: {
    method: 'POST',
    path: '/exchange/received/:id/decision',
    summary: { zh: '处理待办报文', en: 'Decide about a message that waits' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({
      action: z.enum(ACTIONS),
      /** Asked for when it is sent back: the sender reads it. */
      reason: z.string().trim().max(500).default(''),
      seen: z.number().int(),
    }),
    reply: receivedMessage,
  },
})
