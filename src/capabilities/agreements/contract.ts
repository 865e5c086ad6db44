import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PEER_STATES } from '../exchange/words.ts'
import {
  AGREEMENT_ACTIONS,
  AGREEMENT_STATES,
  MEASURE_ACTIONS,
  MEASURE_KINDS,
  MEASURE_STATES,
  TALK_ACTIONS,
  TALK_ENDINGS,
  TALK_STATES,
} from './states.ts'
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

export const talkView = z
  .object({
    id,
    state: z.enum(TALK_STATES),
    person: z.string(),
    /** As what the person was summoned, as the policy names it. */
    capacity: words,
    calledFor: day,
    reason: z.string(),
    instrument: words,
    article: z.string(),
    figures: figuresView,
    calledAt: z.string(),
    calledBy: z.string(),
    heldOn: day.nullable(),
    heldBy: z.string().nullable(),
    minutes: z.string(),
    asks: z.string(),
    dueOn: day.nullable(),
    /** The day for mending has passed and nothing has come of it. */
    late: z.boolean(),
    closedAt: z.string().nullable(),
    closedBy: z.string().nullable(),
    figuresAfter: figuresView.nullable(),
    note: z.string(),
    actions: z.array(z.enum(TALK_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Talk' })
export type TalkView = z.infer<typeof talkView>
/** What is asked of a party now. */
const openTalk = talkView.pick({ state: true, calledFor: true, asks: true, dueOn: true, late: true })

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
    talk: openTalk.nullable(),
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
  talks: z.array(talkView),
  /** By when mending is usually asked for, counted from today; null where no rule says so. */
  mendBy: day.nullable(),
  /** Whom one may summon; null where nobody can be summoned now. */
  summons: z
    .object({
      capacities: z.array(z.object({ code: z.string(), name: words })),
      instrument: words,
      article: z.string(),
    })
    .nullable(),
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
    talk: openTalk.nullable(),
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
const TALK = '/third-parties/talks/:id'
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
  callTalk: {
    method: 'POST',
    path: `${PARTY}/talks`,
    summary: { zh: '通知约谈', en: 'Summon the person in charge of a late party' },
    allowed: OFFICE,
    params: ofPeer,
    body: z.object({ person: text(2, 60), capacity: z.string().max(60), calledFor: day, reason: text(4, 500) }),
    reply: talkView,
    status: 201,
  },
  holdTalk: {
    method: 'POST',
    path: `${TALK}/held`,
    summary: { zh: '登记约谈情况和整改要求', en: 'Enter what was said, what is asked and by which day' },
    allowed: OFFICE,
    params: one,
    body: z.object({ heldOn: day, minutes: text(4, 4000), asks: text(4, 2000), dueOn: day, seen }),
    reply: talkView,
  },
  closeTalk: {
    method: 'POST',
    path: `${TALK}/close`,
    summary: { zh: '登记整改结果或者取消约谈', en: 'Enter what came of it, or call it off' },
    allowed: OFFICE,
    params: one,
    body: z.object({ action: z.enum(TALK_ENDINGS), note: text(4, 1000), seen }),
    reply: talkView,
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
  NO_SUCH_TALK: { kind: 'not_found', zh: '没有这次约谈。', en: 'There is no such summons.' },
  TALK_OPEN: {
    kind: 'conflict',
    zh: '该机构已有尚未办结的约谈，请先登记结果或者取消。',
    en: 'A summons of this party is open; enter what came of it, or call it off first.',
  },
  TALK_NOT_DUE: {
    kind: 'refused',
    zh: '该机构没有逾期未撤下或者逾期撤下的信息，不能通知约谈。',
    en: 'This party has not been late with anything; there is nothing to summon it for.',
  },
  TALK_CAPACITY: {
    kind: 'refused',
    zh: '约谈对象应当是：{who}。',
    en: 'Those who may be summoned: {who}.',
  },
  TALK_CALLED_FOR: { kind: 'refused', zh: '约谈日期不能早于今天。', en: 'A summons is for today or a later day.' },
  TALK_DAYS: {
    kind: 'refused',
    zh: '约谈日期应当在通知之日至今天之间，整改期限不能早于约谈日期。',
    en: 'The talk lies between the summons and today, and mending is asked for no earlier than that.',
  },
  NOT_A_THIRD_PARTY: {
    kind: 'forbidden',
    zh: '该接入凭证不属于第三方信用服务机构。',
    en: 'This key belongs to no third-party credit service.',
  },
} as const satisfies RefusalCatalogue
