import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PEER_STATES } from '../exchange/words.ts'
import { AGREEMENT_ACTIONS, AGREEMENT_STATES, MEASURE_ACTIONS, MEASURE_KINDS, MEASURE_STATES } from './states.ts'
import { FOOTINGS, OWED_STATES } from './words.ts'
import { count, day, id, pageAsk, seen, words } from '../../kernel/shapes.ts'

const page = pageAsk()

export const figuresView = z.object({
  owed: count,
  inTime: count,
  doneLate: count,
  waiting: count,
  late: count,
  share: z.number().nullable(),
  oldest: day.nullable(),
  oldestWorkdays: count,
})

export const agreementView = z
  .object({
    id,
    peerId: id,
    number: z.string(),
    purpose: z.string(),
    items: z.array(z.string()),
    updateWorkdays: z.int(),
    withdrawWorkdays: z.int(),
    validFrom: day,
    /** First day on which it holds no more. */
    validUntil: day,
    contact: z.string(),
    state: z.enum(AGREEMENT_STATES),
    file: z.object({ name: z.string(), sha256: z.string(), bytes: z.number() }).nullable(),
    signedAt: z.string().nullable(),
    endedOn: day.nullable(),
    endReason: z.string(),
    actions: z.array(z.enum(AGREEMENT_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Agreement' })
export type AgreementView = z.infer<typeof agreementView>

export const measureView = z
  .object({
    id,
    kind: z.enum(MEASURE_KINDS),
    state: z.enum(MEASURE_STATES),
    reason: z.string(),
    instrument: words,
    article: z.string(),
    figures: figuresView,
    /** What the peer was when it was proposed. */
    peerState: z.enum(PEER_STATES),
    proposedAt: z.string(),
    proposedBy: z.string(),
    decidedAt: z.string().nullable(),
    decidedBy: z.string().nullable(),
    note: z.string(),
    actions: z.array(z.enum(MEASURE_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Measure' })
export type MeasureView = z.infer<typeof measureView>

export const partyView = z
  .object({
    peerId: id,
    name: z.string(),
    state: z.enum(PEER_STATES),
    items: z.array(z.string()),
    footing: z.enum(FOOTINGS),
    /** First day from which nothing new is handed to it. */
    servedUntil: day,
    /** Only what it has to take down is handed to it now. */
    withheld: z.boolean(),
    ackWorkdays: z.int(),
    figures: figuresView,
    /** Late enough that a measure is suggested. */
    suggested: z.boolean(),
    proposal: measureView.nullable(),
  })
  .meta({ id: 'ThirdParty' })
export type PartyView = z.infer<typeof partyView>

export const wholePartyView = partyView.extend({
  agreements: z.array(agreementView),
  measures: z.array(measureView),
  /** What may be proposed now, and by which rule. */
  possible: z.array(z.enum(MEASURE_KINDS)),
  instrument: words,
  article: z.string(),
  lateness: z.object({ withinDays: z.int(), share: z.number(), oldestWorkdays: z.int() }),
})
export type WholePartyView = z.infer<typeof wholePartyView>

export const owedView = z.object({
  subjectId: id,
  recordId: id,
  documentNumber: z.string(),
  subjectName: z.string(),
  announcedAt: z.string(),
  dueOn: day,
  ackedAt: z.string().nullable(),
  state: z.enum(OWED_STATES),
})
export type OwedView = z.infer<typeof owedView>

/** What a third party reads of itself. */
export const mineView = z
  .object({
    name: z.string(),
    state: z.enum(PEER_STATES),
    /** null where it is served in full. */
    notice: words.nullable(),
    servedUntil: day,
    agreement: agreementView.omit({ actions: true, file: true, version: true, endReason: true }).nullable(),
    ackWorkdays: z.int(),
    figures: figuresView,
  })
  .meta({ id: 'MyAgreement' })

const READERS = { roles: ['credit_office', 'auditor'] } as const
const OFFICE = { roles: ['credit_office'] } as const
const PARTY = '/third-parties/:peer'
const ofPeer = z.object({ peer: id })
const ONE = '/agreements/:id'
const one = z.object({ id })
/** Longest signed paper, in bytes: 20 MB. */
const FILE_LIMIT = 20 * 1024 * 1024
const text = (least: number, most: number) => z.string().trim().min(least).max(most)
const workdays = z.int().min(1).max(60)

export const endpoints = defineEndpoints({
  listParties: {
    method: 'GET',
    path: '/third-parties',
    summary: { zh: '第三方信用服务机构及更新情况', en: 'Third-party credit services and how late they are' },
    allowed: READERS,
    reply: z.object({ rows: z.array(partyView) }),
  },
  getParty: {
    method: 'GET',
    path: PARTY,
    summary: { zh: '一个第三方信用服务机构', en: 'One third-party credit service' },
    allowed: READERS,
    params: ofPeer,
    reply: wholePartyView,
  },
  listOwed: {
    method: 'GET',
    path: `${PARTY}/owed`,
    summary: { zh: '应当撤下的信息', en: 'What it has to take down' },
    allowed: READERS,
    params: ofPeer,
    query: z.object({ ...page, view: z.enum(['open', 'all']).default('open') }),
    reply: z.object({ rows: z.array(owedView), next: z.string().nullable() }),
  },
  drawAgreement: {
    method: 'POST',
    path: `${PARTY}/agreements`,
    summary: { zh: '登记信息共享协议', en: 'Enter an agreement' },
    allowed: OFFICE,
    params: ofPeer,
    body: z.object({
      number: text(1, 100),
      purpose: text(4, 1000),
      items: z.array(z.string().max(60)).min(1).max(60),
      updateWorkdays: workdays,
      withdrawWorkdays: workdays,
      validFrom: day,
      /** Last day on which it holds. */
      validTo: day,
      contact: z.string().trim().max(200).default(''),
    }),
    reply: agreementView,
    status: 201,
  },
  signAgreement: {
    method: 'POST',
    path: `${ONE}/file`,
    summary: { zh: '上传签署件', en: 'Upload the signed paper' },
    allowed: OFFICE,
    params: one,
    upload: true,
    limit: FILE_LIMIT,
    reply: agreementView,
  },
  downloadAgreement: {
    method: 'GET',
    path: `${ONE}/file`,
    summary: { zh: '下载签署件', en: 'The signed paper' },
    allowed: READERS,
    params: one,
    reply: 'file',
  },
  endAgreement: {
    method: 'POST',
    path: `${ONE}/end`,
    summary: { zh: '提前终止或者作废协议', en: 'End an agreement early, or drop a draft' },
    allowed: OFFICE,
    params: one,
    body: z.object({ reason: text(4, 500), seen }),
    reply: agreementView,
  },
  proposeMeasure: {
    method: 'POST',
    path: `${PARTY}/measures`,
    summary: { zh: '提出暂停、取消或者恢复共享', en: 'Propose to suspend, cut off or reinstate' },
    allowed: OFFICE,
    params: ofPeer,
    body: z.object({ kind: z.enum(MEASURE_KINDS), reason: text(4, 500) }),
    reply: measureView,
    status: 201,
  },
  decideMeasure: {
    method: 'POST',
    path: '/third-parties/measures/:id/decision',
    summary: { zh: '审定或者撤回', en: 'Decide on a proposal, or withdraw it' },
    allowed: OFFICE,
    params: one,
    body: z.object({ action: z.enum(MEASURE_ACTIONS), note: z.string().trim().max(500).default(''), seen }),
    reply: measureView,
  },
  myAgreement: {
    method: 'GET',
    path: '/exchange/agreement',
    summary: { zh: '第三方机构查询本单位协议和更新情况', en: 'A third party reads its agreement and its lateness' },
    allowed: { scopes: ['feed'] },
    reply: mineView,
  },
})

export const refusals = {
  NO_SUCH_PARTY: {
    kind: 'not_found',
    zh: '没有这个第三方信用服务机构。',
    en: 'There is no such third-party credit service.',
  },
  NO_SUCH_AGREEMENT: { kind: 'not_found', zh: '没有这份协议。', en: 'There is no such agreement.' },
  NO_SUCH_MEASURE: { kind: 'not_found', zh: '没有这项提议。', en: 'There is no such proposal.' },
  AGREEMENT_NO_FILE: {
    kind: 'not_found',
    zh: '这份协议还没有签署件。',
    en: 'The signed paper of this agreement is not there yet.',
  },
  AGREEMENT_DAYS: {
    kind: 'refused',
    zh: '协议的截止日期应当不早于起始日期，且不早于今天。',
    en: 'An agreement ends no earlier than it begins, and not before today.',
  },
  AGREEMENT_ITEMS: {
    kind: 'refused',
    zh: '协议的事项超出该机构的共享范围：{items}',
    en: 'The agreement names items that are not shared with this party: {items}',
  },
  AGREEMENT_OVERLAPS: {
    kind: 'conflict',
    zh: '与已签署的协议{number}的有效期重叠，请先终止原协议或者调整日期。',
    en: 'Agreement {number} holds within these days; end it first, or choose other days.',
  },
  AGREEMENT_FILE_TYPE: {
    kind: 'refused',
    zh: '“{file}”不是可以接收的文件，请上传 PDF 或者图片。',
    en: '“{file}” cannot be taken; upload a PDF or a picture.',
  },
  MEASURE_OPEN: {
    kind: 'conflict',
    zh: '该机构已有待审定的提议，请先审定或者撤回。',
    en: 'A proposal about this party is open; decide on it or withdraw it first.',
  },
  MEASURE_NOT_POSSIBLE: {
    kind: 'refused',
    zh: '该机构目前的状态不能{kind}。',
    en: 'This is not possible in its present state: {kind}.',
  },
  SAME_PERSON: {
    kind: 'forbidden',
    zh: '提出和审定应当由不同人员办理。',
    en: 'Whoever proposed may not decide; somebody else does.',
  },
  NOT_PROPOSER: { kind: 'forbidden', zh: '只有提出人可以撤回。', en: 'Only whoever proposed may withdraw it.' },
  NOT_A_THIRD_PARTY: {
    kind: 'forbidden',
    zh: '该接入凭证不属于第三方信用服务机构。',
    en: 'This key belongs to no third-party credit service.',
  },
} as const satisfies RefusalCatalogue
