import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { keyRefusals } from './contract.keys.ts'
import { peerEndpoints, peerRefusals } from './contract.peers.ts'
import { wayEndpoints, wayRefusals } from './contract.ways.ts'
import {
  ASKED_STATES,
  DUTIES,
  EFFECT_BY,
  EFFECT_RESULTS,
  HOLDER_STATES,
  OUTCOMES,
  PEER_KINDS,
  PEER_STATES,
} from './words.ts'
import { NOTICES } from './words.notice.ts'
import { id, words } from '../../kernel/shapes.ts'

const limit = z.coerce.number().int().min(1).max(5000).default(200)

export const refusals = {
  ...keyRefusals,
  ...peerRefusals,
  ...wayRefusals,
  CURSOR_OF_LOST_HISTORY: {
    kind: 'conflict',
    zh: '本平台已从备份恢复，该游标指向的记录不再存在。请从“resume”给出的游标重新领取；此后（since 起）领取过而不再收到的信息，请撤下。',
    en: 'This platform has been restored from a backup, and your cursor points beyond what stands here. Pull again from the cursor in “resume”, and take down what you received since the time in “since” and are not handed again.',
  },
  EFFECT_NOT_ASKED: {
    kind: 'refused',
    zh: '该单位没有被要求就这条信息办理此事项：未向其送达撤下通知，或者其资料中没有登记这一职责。',
    en: 'It was not asked for this about the record: it has not been told to take it down, or its profile names no such duty.',
  },
  EFFECT_CONFIRMED: {
    kind: 'conflict',
    zh: '该单位已经答复，不能重复登记。',
    en: 'It has answered already.',
  },
  NO_SUCH_RECORD: {
    kind: 'not_found',
    zh: '没有这条记录，或无权查看。',
    en: 'There is no such record, or it is not yours to see.',
  },
} as const satisfies RefusalCatalogue

export type { OwnKeyView, PeerKeyView, PeerView } from './contract.peers.ts'

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
    withdrawal: z
      .object({
        reason: z.string().nullable(),
        takeDownBy: z.string(),
        /** What this peer is asked for beside taking down, and why; only where its profile says so. */
        asks: z.array(z.object({ part: z.enum(DUTIES), basis: words })).optional(),
      })
      .nullable(),
    /** Of what other platforms have told: through which it has come. Whoever passes it on adds the one that it has it from. */
    via: z.array(z.string()).optional(),
  }),
})
export type FeedEvent = z.infer<typeof feedEvent>
/** A message to this peer alone. It stands on every page that it fetches until it has acknowledged it. */
const messageEvent = feedEvent.extend({
  type: z.string().regex(/^(?!record\.)[a-z][a-z0-9_.]*$/),
  data: z.record(z.string(), z.unknown()),
})

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

/** Signed by the headers it comes with: `signature` (RFC 9421) over `content-digest` (RFC 9530). */
export const feedPage = z.object({
  events: z.array(z.union([feedEvent, messageEvent])),
  next: z.string(),
  more: z.boolean(),
  /** Why this peer is given nothing but what it has to take down. */
  notice: words.extend({ code: z.enum(NOTICES) }).optional(),
})
export type FeedPage = z.infer<typeof feedPage>
export const isRecordEvent = (e: FeedPage['events'][number]): e is FeedEvent => e.type.startsWith('record.')

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
  /** The last day on which it has to be down. */
  takeDownBy: z.string().nullable(),
  /** When somebody looked and saw that it is down. */
  verifiedAt: instantOrNull,
  /** When the message was given up after many attempts. */
  deadAt: instantOrNull,
  /** Of a peer: whether it is still served. */
  peerState: z.enum(PEER_STATES).nullable(),
  note: z.string(),
  /** What it is asked for beside taking down, and what it said to that. */
  asked: z.array(
    z.object({
      part: z.enum(DUTIES),
      state: z.enum(ASKED_STATES),
      at: instantOrNull,
      by: z.enum(EFFECT_BY).nullable(),
      note: z.string(),
    }),
  ),
})
export type HolderView = z.infer<typeof holderView>
/** Order 36 art. 3: what a repair brings about, each with its proof. */
export const EFFECT_PARTS = ['display', 'sharing', 'measures', 'evaluation'] as const
export const EFFECT_STATES = ['done', 'under_way', 'late', 'nobody'] as const
export const effectView = z.object({
  part: z.enum(EFFECT_PARTS),
  /** nobody: none of those who held the record has to do it. */
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

/** Upon a withdrawal that asks for it. */
const effectsSaid = z.strictObject({
  measures: z.enum(EFFECT_RESULTS).optional(),
  evaluation: z.enum(EFFECT_RESULTS).optional(),
})

export const endpoints = defineEndpoints({
  feed: {
    method: 'GET',
    path: '/exchange/feed',
    summary: { zh: '领取共享数据(签名，游标)', en: 'Pull the signed feed by cursor' },
    allowed: { scopes: ['feed'] },
    query: z.object({ after: z.string().max(400).optional(), limit }),
    reply: feedPage,
  },
  acknowledge: {
    method: 'POST',
    path: '/exchange/acknowledgements',
    summary: { zh: '确认已按要求处理', en: 'Acknowledge deliveries' },
    allowed: { scopes: ['feed'] },
    body: z.object({
      acknowledgements: z
        .array(
          z.object({
            eventId: id,
            outcome: z.enum(OUTCOMES),
            note: z.string().max(500).default(''),
            /** Of a withdrawal: what was done about measures and evaluations. May come later than the acknowledgement itself. */
            effects: effectsSaid.optional(),
          }),
        )
        .min(1)
        .max(1000),
    }),
    reply: z.object({ recorded: z.number(), unknown: z.array(id) }),
  },
  ...peerEndpoints,
  ...wayEndpoints,
  propagation: {
    method: 'GET',
    path: '/subjects/:subjectId/records/:recordId/propagation',
    summary: { zh: '修复结果同步情况', en: 'Who holds a record and who has taken it down' },
    allowed: { roles: ['enterprise', 'officer', 'head', 'window_clerk', 'credit_office', 'auditor'] },
    params: z.object({ subjectId: id, recordId: id }),
    reply: propagationView,
  },
  confirmEffect: {
    method: 'POST',
    path: '/exchange/peers/:id/effects',
    summary: {
      zh: '登记惩戒措施解除、信用评价更新的答复',
      en: 'Register what a peer did about measures and evaluations',
    },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({
      subjectId: id,
      recordId: id,
      part: z.enum(DUTIES),
      result: z.enum(EFFECT_RESULTS),
      /** How the peer said so: the number of its letter, who rang. */
      note: z.string().trim().min(4).max(500),
    }),
    reply: propagationView,
  },
})
