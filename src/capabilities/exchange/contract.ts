import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { CURSOR_MAX } from '../../kernel/page.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { keyRefusals } from './contract.keys.ts'
import { DIRECTIONS, FORMATS, HOLDER_STATES, OUTCOMES, PEER_KINDS, PEER_STATES, WAYS } from './words.ts'

const words = z.object({ zh: z.string(), en: z.string() })
const id = z.uuid()
const limit = z.coerce.number().int().min(1).max(5000).default(200)
const page = z.coerce.number().int().min(1).max(200).default(50)

export const refusals = {
  ...keyRefusals,
  NO_SUCH_PEER: { kind: 'not_found', zh: '没有这个共享对象。', en: 'There is no such peer.' },
  PEER_SUSPENDED: {
    kind: 'forbidden',
    zh: '对该对象的共享已暂停，请与信用办联系。',
    en: 'Sharing with this peer is suspended; please contact the credit office.',
  },
  NOT_A_PEER: {
    kind: 'forbidden',
    zh: '该接入凭证没有绑定共享对象，不能领取数据。请使用为共享对象签发的凭证。',
    en: 'This key is bound to no peer and cannot pull the feed. Use a key issued for a peer.',
  },
  NO_SUCH_RECORD: {
    kind: 'not_found',
    zh: '没有这条记录，或无权查看。',
    en: 'There is no such record, or it is not yours to see.',
  },
  PEER_STALE: {
    kind: 'conflict',
    zh: '该共享对象已被他人修改，请刷新后重试。',
    en: 'The peer was changed by someone else; reload and try again.',
  },
  UNKNOWN_ITEM: { kind: 'refused', zh: '目录中没有“{item}”这一项。', en: 'The catalog has no item “{item}”.' },
  UNKNOWN_CHANNEL: { kind: 'refused', zh: '没有“{channel}”这一公示渠道。', en: 'There is no channel “{channel}”.' },
} as const satisfies RefusalCatalogue

export const peerView = z.object({
  id,
  name: z.string(),
  kind: z.enum(PEER_KINDS),
  division: z.string(),
  items: z.array(z.string()),
  channel: z.string(),
  ackWorkdays: z.number(),
  takedownWorkdays: z.number(),
  legalBasis: words,
  contact: z.string(),
  code: z.string(),
  way: z.enum(WAYS),
  direction: z.enum(DIRECTIONS),
  format: z.enum(FORMATS),
  state: z.enum(PEER_STATES),
  version: z.number(),
  pulledAt: z.string().nullable(),
  sent: z.number(),
  acknowledged: z.number(),
  open: z.number(),
  late: z.number(),
})
export type PeerView = z.infer<typeof peerView>

const peerBody = z.object({
  name: z.string().trim().min(1).max(200),
  kind: z.enum(PEER_KINDS),
  division: z.string().regex(/^\d{6}$/),
  items: z.array(z.string()).min(1),
  channel: z.string(),
  ackWorkdays: z.number().int().min(1).max(60),
  legalBasis: words,
  contact: z.string().max(200).default(''),
})

/** What a peer was told of a record, at one time. */
const said = z.object({
  version: z.number(),
  shownFrom: z.string().nullable(),
  shownUntil: z.string().nullable(),
  /** An objection is pending about it (异议处理中). */
  disputed: z.boolean(),
  fields: z.record(z.string(), z.unknown()),
})
/** Which record an event is about: by these any platform finds its own copy. */
const about = z.object({
  recordId: id,
  item: z.string(),
  subjectCode: z.string().nullable(),
  subjectName: z.string(),
  authority: z.string(),
  documentNumber: z.string(),
  decidedOn: z.string(),
})
/** A CloudEvents 1.0 envelope. A withdrawal has no `after`: there is nothing more to show. */
const feedEvent = z.object({
  specversion: z.literal('1.0'),
  id,
  source: z.string(),
  type: z.enum(['record.publish', 'record.update', 'record.withdraw']),
  subject: z.string(),
  time: z.string(),
  datacontenttype: z.literal('application/json'),
  data: z.object({
    record: about,
    /** What this peer was told last; null where it was told nothing. */
    before: said.nullable(),
    after: said
      .extend({
        rule: z.string(),
        article: z.string(),
        /** Where it comes from (A4): only authorities' records are handed on. */
        badge: z.literal('authority_record'),
      })
      .nullable(),
    /** Of a withdrawal: why, and the last day on which it has to be down. */
    withdrawal: z.object({ reason: z.string().nullable(), takeDownBy: z.string() }).nullable(),
  }),
})
export type FeedEvent = z.infer<typeof feedEvent>

/** What came from a peer, once it is known to be the peer's own: `data` as its type says. */
export type Received = { id: string; type: string; subject: string; time: string; data: unknown }
/** Carries out what a peer sent, in the transaction that notes it; `pending` waits for something that has not come yet. */
export type Receiver = {
  types: readonly string[]
  receive: (
    tx: Tx,
    ctx: Ctx,
    ask: { peerId: string; message: Received },
  ) => Promise<{ outcome: (typeof OUTCOMES)[number] | 'pending'; note: Words }>
}

/** Flattened JWS (RFC 7515) whose payload is the base64url JSON of the page below, signed with Ed25519. */
const signedPage = z.object({ protected: z.string(), payload: z.string(), signature: z.string() })
export const feedPage = z.object({ events: z.array(feedEvent), next: z.string(), more: z.boolean() })
export type FeedPage = z.infer<typeof feedPage>

const instantOrNull = z.string().nullable()
export const holderView = z.object({
  peerId: id.nullable(),
  name: words,
  kind: z.enum(PEER_KINDS).nullable(),
  state: z.enum(HOLDER_STATES),
  heldSince: instantOrNull,
  sentAt: instantOrNull,
  acknowledgedAt: instantOrNull,
  dueOn: z.string().nullable(),
  note: z.string(),
})
export type HolderView = z.infer<typeof holderView>
/** Order 36 art. 3: what a repair brings about, each with its proof. */
export const EFFECT_PARTS = ['display', 'sharing', 'measures', 'evaluation'] as const
export const EFFECT_STATES = ['done', 'under_way', 'late', 'not_connected'] as const
export const effectView = z.object({
  part: z.enum(EFFECT_PARTS),
  /** not_connected: no capability here carries it out, so nothing is proven. */
  state: z.enum(EFFECT_STATES),
  at: instantOrNull,
  proof: words,
})
export type EffectView = z.infer<typeof effectView>
export const propagationView = z.object({
  recordId: id,
  withdrawnAt: instantOrNull,
  /** What took it down, in words. */
  reason: words.nullable(),
  holders: z.array(holderView),
  /** Empty while it has not been withdrawn. */
  effect: z.array(effectView),
  /** Nobody is asked for anything any more: every holder of a withdrawn record has acknowledged that it is down. */
  settled: z.boolean(),
})
export type PropagationView = z.infer<typeof propagationView>

export const endpoints = defineEndpoints({
  feed: {
    method: 'GET',
    path: '/exchange/feed',
    summary: { zh: '领取共享数据(签名，游标)', en: 'Pull the signed feed by cursor' },
    allowed: { scopes: ['feed'] },
    query: z.object({ after: z.string().max(400).optional(), limit }),
    reply: signedPage,
  },
  acknowledge: {
    method: 'POST',
    path: '/exchange/acknowledgements',
    summary: { zh: '确认已按要求处理', en: 'Acknowledge deliveries' },
    allowed: { scopes: ['feed'] },
    body: z.object({
      acknowledgements: z
        .array(z.object({ eventId: id, outcome: z.enum(OUTCOMES), note: z.string().max(500).default('') }))
        .min(1)
        .max(1000),
    }),
    reply: z.object({ recorded: z.number(), unknown: z.array(id) }),
  },
  feedKeys: {
    method: 'GET',
    path: '/exchange/keys',
    summary: { zh: '签名公钥', en: 'Public keys of the feed' },
    allowed: { anyone: true },
    reply: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
  },
  peers: {
    method: 'GET',
    path: '/exchange/peers',
    summary: { zh: '共享对象', en: 'Peers' },
    allowed: { roles: ['credit_office', 'auditor', 'security_admin'] },
    query: z.object({ after: z.string().max(CURSOR_MAX).optional(), limit: page }),
    reply: z.object({ rows: z.array(peerView), next: z.string().nullable() }),
  },
  createPeer: {
    method: 'POST',
    path: '/exchange/peers',
    summary: { zh: '新增共享对象', en: 'Add a peer' },
    allowed: { roles: ['credit_office'] },
    body: peerBody,
    reply: peerView,
    status: 201,
  },
  setPeerState: {
    method: 'POST',
    path: '/exchange/peers/:id/state',
    summary: { zh: '暂停或恢复共享', en: 'Suspend or resume a peer' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({ state: z.enum(PEER_STATES), reason: z.string().trim().min(2).max(500), seen: z.number().int() }),
    reply: peerView,
  },
  propagation: {
    method: 'GET',
    path: '/subjects/:subjectId/records/:recordId/propagation',
    summary: { zh: '修复结果同步情况', en: 'Who holds a record and who has taken it down' },
    allowed: { roles: ['enterprise', 'officer', 'head', 'window_clerk', 'credit_office', 'auditor'] },
    params: z.object({ subjectId: id, recordId: id }),
    reply: propagationView,
  },
})
