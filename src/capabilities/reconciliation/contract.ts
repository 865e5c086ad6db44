import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { DIFFERENCE_STATES, type DifferenceState } from './states.ts'
import { CAUSES, CLOSED_WAYS, KINDS, STATEMENT_STATES } from './words.ts'
import { count, day, id, pageAsk, words } from '../../kernel/shapes.ts'

const page = pageAsk()

/** What a person may do about a difference. */
export const DOINGS = ['resend', 'take_in', 'accept', 'settle'] as const
export type Doing = (typeof DOINGS)[number]
/** What a list of differences shows: those to be done, those that stand for a reason, those that came to their end. */
export const VIEWS = ['open', 'explained', 'closed'] as const
export type View = (typeof VIEWS)[number]
export const VIEW_STATES: Record<View, readonly DifferenceState[]> = {
  open: ['open', 'under_way'],
  explained: ['accepted', 'settled'],
  closed: ['closed'],
}

export const statementView = z
  .object({
    peerId: id,
    peerName: z.string(),
    day,
    state: z.enum(STATEMENT_STATES),
    attempts: count,
    /** Why it could not be carried out, in words. */
    fault: words.nullable(),
    retryAt: z.string().nullable(),
    madeUpBy: day.nullable(),
    finishedAt: z.string().nullable(),
    spanFrom: z.string().nullable(),
    spanTo: z.string().nullable(),
    /** sent = acknowledged + refused + pending + dead */
    sent: count,
    sentAcknowledged: count,
    sentRefused: count,
    sentPending: count,
    sentDead: count,
    /** received = applied + already + refused + pending */
    received: count,
    receivedApplied: count,
    receivedAlready: count,
    receivedRefused: count,
    receivedPending: count,
    /** shownHere = same + ruledHere + differingHere; shownThere = same + ruledThere + differingThere */
    shownHere: count,
    shownThere: count,
    same: count,
    sameOtherTerms: count,
    ruledHere: count,
    ruledThere: count,
    differingHere: count,
    differingThere: count,
    listedTwice: count,
    /** openBefore + found = closed + openAfter */
    openBefore: count,
    found: count,
    closed: count,
    openAfter: count,
    fileHash: z.string().nullable(),
    previousHash: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationStatement' })
export type StatementView = z.infer<typeof statementView>

const sideView = z.object({
  shown: z.boolean(),
  from: day.nullable(),
  until: day.nullable(),
  class: words,
  /** By which article of which order. */
  basis: words.nullable(),
  ended: words.nullable(),
})
export type SideView = z.infer<typeof sideView>
export const differenceView = z
  .object({
    id,
    peerId: id,
    peerName: z.string(),
    kind: z.enum(KINDS),
    cause: z.enum(CAUSES),
    state: z.enum(DIFFERENCE_STATES),
    item: z.object({ code: z.string(), name: words }),
    subjectId: id.nullable(),
    subjectCode: z.string(),
    subjectName: z.string(),
    authority: z.string(),
    docNo: z.string(),
    foundOn: day,
    seenOn: day,
    closedOn: day.nullable(),
    closedByWay: z.enum(CLOSED_WAYS).nullable(),
    reason: z.string(),
    actions: z.array(z.enum(DOINGS)),
    version: z.int(),
  })
  .meta({ id: 'ReconciliationDifference' })
export type DifferenceView = z.infer<typeof differenceView>
export const differenceWhole = differenceView
  .extend({
    recordId: id.nullable(),
    /** What each side shows, and what has to be shown there by its own rules. */
    sides: z.object({ here: sideView.nullable(), due: sideView.nullable(), there: sideView.nullable() }),
    versionHere: z.int().nullable(),
    versionThere: z.int().nullable(),
    contentSame: z.boolean().nullable(),
    /** What was sent last, and how far it came. */
    sent: z
      .object({
        at: z.string(),
        takeDown: z.boolean(),
        acknowledgedAt: z.string().nullable(),
        state: words,
        note: z.string(),
      })
      .nullable(),
    /** Their result that has not been carried out here. */
    result: z.object({ name: words, on: day, note: words.nullable() }).nullable(),
    acts: z.array(
      z.object({ n: z.int(), name: words, at: z.string(), by: words, reason: z.string(), note: words.nullable() }),
    ),
  })
  .meta({ id: 'ReconciliationDifferenceWhole' })
export type DifferenceWhole = z.infer<typeof differenceWhole>

export const refusals = {
  NO_SUCH_DIFFERENCE: {
    kind: 'not_found',
    zh: '没有这条差异，或者不在您的查看范围内。',
    en: 'There is no such difference, or it is not yours to see.',
  },
  NO_SUCH_STATEMENT: { kind: 'not_found', zh: '这一天没有对账单。', en: 'There is no statement of this day.' },
  NOT_RECONCILED: {
    kind: 'not_found',
    zh: '该共享对象不是正常使用中的公示系统，或者没有设置清单地址。',
    en: 'This peer is no publicity system in service, or its list has no address.',
  },
  DIFFERENCE_STALE: {
    kind: 'conflict',
    zh: '该差异的情况已有变化，请刷新后重试。',
    en: 'The difference has changed; reload and try again.',
  },
  NOT_NOW: {
    kind: 'conflict',
    zh: '该差异目前不能这样处理。',
    en: 'This cannot be done with the difference as it stands.',
  },
  DOES_NOT_FIT: {
    kind: 'refused',
    zh: '这种原因的差异不能这样处理。只有两部门规章规定不同的差异可以依规则认可。',
    en: 'This does not fit the cause. Only what the two orders rule differently can be accepted.',
  },
  NOTHING_TO_TAKE_IN: {
    kind: 'refused',
    zh: '公示系统没有提供该信息的处理结果。',
    en: 'The publicity system offers no result on this record.',
  },
  NOT_TAKEN_IN: {
    kind: 'refused',
    zh: '公示系统的结果未能在本平台处理：{why}',
    en: 'Their result could not be carried out here: {why}',
  },
  NOT_SENDABLE: {
    kind: 'refused',
    zh: '该信息不能由本平台主动发送：公示系统自行领取，或者没有可以发送的内容。',
    en: 'It cannot be sent from here: the publicity system fetches by itself, or there is nothing to send.',
  },
  ADDRESS_UNFIT: {
    kind: 'invalid',
    zh: '地址应当以 http:// 或者 https:// 开头，不含用户名、密码和参数。',
    en: 'An address begins with http:// or https:// and holds no user, password or parameters.',
  },
  REASON_MISSING: { kind: 'refused', zh: '请写明理由（2至500字）。', en: 'Give a reason of 2 to 500 characters.' },
  UNDER_WAY: {
    kind: 'conflict',
    zh: '对账正在进行，请稍后查看。',
    en: 'The comparison is under way; look again shortly.',
  },
} as const satisfies RefusalCatalogue

const readers = { roles: ['credit_office', 'auditor'] } as const
const offices = { roles: ['credit_office'] } as const

export const endpoints = defineEndpoints({
  reconciliation: {
    method: 'GET',
    path: '/exchange/reconciliation',
    summary: { zh: '与公示系统对账概况', en: 'The reconciliation at a glance' },
    allowed: readers,
    reply: z.object({
      /** Without an address a system is not compared. */
      systems: z.array(z.object({ id, name: z.string(), address: z.string().nullable() })),
      /** From which hour of each day, and on what basis. */
      hour: z.int(),
      basis: words,
      causes: z.array(z.object({ cause: z.enum(CAUSES), open: count, standing: count })),
    }),
  },
  listStatements: {
    method: 'GET',
    path: '/exchange/reconciliation/statements',
    summary: { zh: '每日对账单', en: 'Daily statements' },
    allowed: readers,
    query: z.object({ peerId: id.optional(), ...page }),
    reply: z.object({ rows: z.array(statementView), next: z.string().nullable() }),
  },
  getStatement: {
    method: 'GET',
    path: '/exchange/reconciliation/peers/:peerId/statements/:day',
    summary: { zh: '一日对账单', en: 'The statement of a day' },
    allowed: readers,
    params: z.object({ peerId: id, day }),
    reply: statementView,
  },
  statementFile: {
    method: 'GET',
    path: '/exchange/reconciliation/peers/:peerId/statements/:day/file',
    summary: { zh: '下载对账单', en: 'Download a statement' },
    allowed: readers,
    params: z.object({ peerId: id, day }),
    reply: 'file',
  },
  reconcileNow: {
    method: 'POST',
    path: '/exchange/reconciliation/peers/:peerId/run',
    summary: { zh: '立即对账', en: 'Reconcile now' },
    allowed: offices,
    params: z.object({ peerId: id }),
    reply: statementView,
  },
  setReconciliationAddress: {
    method: 'PUT',
    path: '/exchange/reconciliation/peers/:peerId/address',
    summary: { zh: '设置公示系统清单地址', en: "Set where the publicity system's list is found" },
    allowed: offices,
    params: z.object({ peerId: id }),
    body: z.object({ address: z.string().trim().max(500) }),
    reply: z.object({ id, name: z.string(), address: z.string().nullable() }),
  },
  listDifferences: {
    method: 'GET',
    path: '/exchange/reconciliation/differences',
    summary: { zh: '对账差异', en: 'Differences' },
    allowed: readers,
    query: z.object({
      view: z.enum(VIEWS).default('open'),
      peerId: id.optional(),
      kind: z.enum(KINDS).optional(),
      cause: z.enum(CAUSES).optional(),
      ...page,
    }),
    reply: z.object({ rows: z.array(differenceView), next: z.string().nullable() }),
  },
  getDifference: {
    method: 'GET',
    path: '/exchange/reconciliation/differences/:id',
    summary: { zh: '一条差异', en: 'One difference' },
    allowed: readers,
    params: z.object({ id }),
    reply: differenceWhole,
  },
  actOnDifference: {
    method: 'POST',
    path: '/exchange/reconciliation/differences/:id/acts',
    summary: { zh: '处理差异', en: 'Do something about a difference' },
    allowed: offices,
    params: z.object({ id }),
    body: z.object({ action: z.enum(DOINGS), reason: z.string().trim().max(500).default(''), seen: z.int() }),
    reply: differenceWhole,
  },
})
