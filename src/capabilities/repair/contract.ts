import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { refusals as subjectRefusals } from '../subjects/contract.ts'
import { ACTIONS, APPLICATION_STATES, ITEM_STATES, KINDS, PROPOSAL_ACTIONS, WAYS_IN } from './states.ts'
import { STEPS } from './words.ts'
import { day, id, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

const page = pageAsk({ usual: PAGE_LIMIT })
/** Most subjects have fewer records than this. */
const SUBJECT_MAX = 500
const wholeSubject = z.coerce.number<string | number>().int().min(1).max(SUBJECT_MAX).default(PAGE_LIMIT)
const TEXT_MAX = 2000
/** Longest material, in bytes: 20 MB. */
const MATERIAL_LIMIT = 20 * 1024 * 1024
const reason = z.string().trim().min(2).max(TEXT_MAX)
const note = z.string().trim().max(TEXT_MAX).default('')
/** Query flags arrive as text. */
const flag = z.enum(['true', 'false']).transform((v) => v === 'true')

export const SYSTEMS = ['credit_china', 'necips', 'tax', 'court'] as const
const CHANNELS = ['credit_china', 'necips'] as const
export const KNOWN_FACTS = [
  'dutiesPerformed',
  'corrected',
  'commitmentSigned',
  'sameKindReoffended',
  'heavierPenaltyAgain',
  'securityRisk',
  'annualReportFiled',
  'informationPublished',
  'nameChangeRegistered',
  'addressRestored',
  'taxesPaid',
] as const
/** What is declared or shared; the signature answers for `commitmentSigned`, the authority for `securityRisk`. */
export const sharedFact = z.enum(KNOWN_FACTS).exclude(['commitmentSigned', 'securityRisk'])
export type SharedFact = z.infer<typeof sharedFact>
export const declared = z.partialRecord(sharedFact, z.boolean())
/** A system with a key said it, or a person of the authority. */
export const FACT_VIAS = ['system', 'person'] as const
export type FactVia = (typeof FACT_VIAS)[number]
/** What an authority shared, and so is not asked of the applicant. */
export const sharedView = z.object({
  fact: sharedFact,
  value: z.boolean(),
  on: day,
  authorityName: z.string(),
  via: z.enum(FACT_VIAS),
  reference: z.string(),
})
export type SharedView = z.infer<typeof sharedView>

/** A condition that is not met (`met: false`) or still to be shown (`met: null`). */
export const reasonView = z.object({
  code: z.string(),
  text: words,
  met: z.literal(false).nullable(),
  /** First day on which time alone meets it; null when only conduct does, or nothing. */
  firstDay: day.nullable(),
  /** The fact that the applicant may declare; null when there is nothing to declare. */
  known: z.enum(KNOWN_FACTS).nullable(),
  /** The answer that meets it. */
  wanted: z.boolean().nullable(),
  article: z.string(),
})
export type ReasonView = z.infer<typeof reasonView>

export const eligibilityView = z.object({
  may: z.boolean(),
  /** The last of the first days, when time alone stands in the way; null when it may be applied for today, or never. */
  firstDay: day.nullable(),
  reasons: z.array(reasonView),
  open: z.array(reasonView),
  governing: z
    .object({ system: z.enum(SYSTEMS), version: z.string(), instrument: words, article: z.string() })
    .nullable(),
})
export type EligibilityView = z.infer<typeof eligibilityView>

export const materialRuleView = z.object({
  code: z.string(),
  name: words,
  required: z.enum(['always', 'unless_shared', 'bankruptcy', 'on_request']),
  instrument: words,
  article: z.string(),
  /** Who shared all that it would prove: it need not be handed in. */
  sharedBy: z.string().nullable(),
})
export const windowView = z.object({
  channel: z.enum(CHANNELS),
  class: z.enum(['minor', 'general', 'serious', 'listed', 'none']),
  shown: z.boolean(),
  from: day.nullable(),
  earliest: day.nullable(),
  /** First day not shown any more; null with `from` = no maximum. */
  until: day.nullable(),
  repair: z.enum(['apply', 'automatic', 'fixed', 'none']),
  endedBy: z.enum(['expiry', 'repaired', 'annulled', 'shielded', 'deregistered', 'delisted', 'withheld']).nullable(),
  why: words,
  instrument: words,
  article: z.string(),
})
export const recordView = z.object({
  subjectId: id,
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  publishedOn: day,
  version: z.int(),
  windows: z.array(windowView),
  /** Which system governs its repair, who receives and who decides. */
  route: z
    .object({
      system: z.enum(SYSTEMS),
      receiver: words,
      authorityName: z.string().nullable(),
      firstReview: z.boolean(),
      instrument: words,
      article: z.string(),
    })
    .nullable(),
  eligibility: eligibilityView,
  /** Filled in already. */
  shared: z.array(sharedView),
  materials: z.array(materialRuleView),
  /** Already in a basket or under way. */
  underWay: z.object({ applicationId: id, itemId: id, state: z.enum(ITEM_STATES) }).nullable(),
})
export type RepairRecordView = z.infer<typeof recordView>

/** A letter writes itself; its date, number and articles stand in it in both languages. */
export const letterView = z.object({
  kind: z.enum([
    'acceptance',
    'one_time_notice',
    'not_accepted',
    'granted',
    'refused',
    'extension',
    'forged',
    'revoked',
    'shielded',
    'plan_completed',
    'restored',
    'passed',
    'lapsed',
  ]),
  title: words,
  no: z.string(),
  addressee: z.string(),
  paragraphs: z.array(words),
  basis: z.array(words),
  signedBy: z.string(),
  on: day,
})
export type Letter = z.infer<typeof letterView>

export const actView = z.object({
  id,
  action: z.enum([...ACTIONS, ...PROPOSAL_ACTIONS]),
  from: z.enum(ITEM_STATES),
  to: z.enum(ITEM_STATES),
  at: z.string(),
  on: day,
  /** applicant: the subject itself; window: a clerk for it; authority: the unit named. */
  by: z.enum(['applicant', 'window', 'authority', 'platform']),
  authorityName: z.string().nullable(),
  note: z.string(),
  letter: letterView.nullable(),
})
export type ActView = z.infer<typeof actView>

export const clockView = z.object({
  step: z.enum(STEPS),
  startedOn: day,
  workdays: z.int(),
  /** Null while the clock stands still. */
  dueOn: day.nullable(),
  provisional: z.boolean(),
  provisionalWhy: words.nullable(),
  stopped: z.boolean(),
  overdue: z.boolean(),
  /** Working days left, negative when late; null while it stands still. */
  left: z.int().nullable(),
  instrument: words,
  article: z.string(),
})
export type ClockView = z.infer<typeof clockView>

export const proposalView = z.object({
  action: z.enum(ACTIONS),
  note: z.string(),
  at: z.string(),
  /** Why the head decides. */
  article: words,
})

export const missingView = z.object({ kind: z.string(), name: words, text: z.string() })
export const itemView = z.object({
  id,
  subjectId: id,
  applicationId: id,
  kind: z.enum(KINDS),
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  decidedOnRecord: day,
  authorityName: z.string(),
  /** Who decides this item. */
  deciderName: z.string(),
  reviewerName: z.string().nullable(),
  system: z.enum(SYSTEMS),
  state: z.enum(ITEM_STATES),
  version: z.int(),
  statement: z.string(),
  declared,
  /** Drafts only: what authorities shared, filled in already. */
  shared: z.array(sharedView),
  submittedOn: day.nullable(),
  acceptedOn: day.nullable(),
  decidedOn: day.nullable(),
  clock: clockView.nullable(),
  extended: z.boolean(),
  policyVersion: z.string(),
  /** What the notice asked for, while the item waits for the applicant. */
  missing: z.array(missingView),
  /** Drafts only: whether it may be handed in today. */
  eligibility: eligibilityView.nullable(),
  proposal: proposalView.nullable(),
  /** All that was done and written; in the reply to a move, what that move has added. */
  acts: z.array(actView),
  /** What the one who asks may do now. */
  actions: z.array(z.enum([...ACTIONS, ...PROPOSAL_ACTIONS])),
})
export type ItemView = z.infer<typeof itemView>

export const materialView = z.object({
  id,
  kind: z.string(),
  kindName: words,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  uploadedAt: z.string(),
  mayRemove: z.boolean(),
  /** With consent: offered again in the next application. */
  kept: z.boolean(),
  validUntil: day.nullable(),
})
export type MaterialView = z.infer<typeof materialView>

export const applicationView = z.object({
  id,
  subjectId: id,
  subjectName: z.string(),
  kind: z.enum(KINDS),
  no: z.string().nullable(),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(APPLICATION_STATES),
  version: z.int(),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  contactName: z.string(),
  commitment: z.object({
    text: words,
    signedAt: z.string().nullable(),
    article: words,
    /** A picture of the signature is held. */
    byHand: z.boolean(),
  }),
  items: z.array(itemView),
  materials: z.array(materialView),
  materialsNeeded: z.array(materialRuleView.extend({ present: z.boolean() })),
  /** The basket or its material may be changed by the one who asks. */
  mayEdit: z.boolean(),
  mayUpload: z.boolean(),
})
export type ApplicationView = z.infer<typeof applicationView>

export const applicationRow = z.object({
  id,
  subjectId: id,
  subjectName: z.string(),
  kind: z.enum(KINDS),
  no: z.string().nullable(),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(APPLICATION_STATES),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  items: z.int(),
  open: z.int(),
  granted: z.int(),
  /** The next day on which an authority owes a step. */
  dueOn: day.nullable(),
})
export type ApplicationRow = z.infer<typeof applicationRow>

export const queueRow = z.object({
  subjectId: id,
  subjectName: z.string(),
  applicationId: id,
  no: z.string(),
  itemId: id,
  kind: z.enum(KINDS),
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  state: z.enum(ITEM_STATES),
  submittedOn: day,
  clock: clockView.nullable(),
  extended: z.boolean(),
  proposal: proposalView.nullable(),
  version: z.int(),
  /** What the one who asks may do now. */
  actions: z.array(z.enum([...ACTIONS, ...PROPOSAL_ACTIONS])),
  /** My authority decides it, or makes the first review. */
  as: z.enum(['decider', 'reviewer']),
})
export type QueueRow = z.infer<typeof queueRow>

/** One screen for the officer: record, evidence, history, rule and what may be done. */
export const caseView = z.object({
  item: itemView,
  application: z.object({
    id,
    no: z.string().nullable(),
    kind: z.enum(KINDS),
    wayIn: z.enum(WAYS_IN),
    submittedAt: z.string().nullable(),
    contactName: z.string(),
    contactPhone: z.string(),
    commitment: z.object({ text: words, signedAt: z.string().nullable() }),
    /** Other items of the same application, wherever they are decided. */
    others: z.array(
      z.object({ id, itemName: words, docNo: z.string(), deciderName: z.string(), state: z.enum(ITEM_STATES) }),
    ),
  }),
  subject: z.object({ id, name: z.string(), kind: z.string(), code: z.string().nullable(), status: z.string() }),
  record: recordView,
  fields: z.array(z.object({ key: z.string(), label: words, value: z.string() })),
  materials: z.array(materialView),
  materialsNeeded: z.array(materialRuleView.extend({ present: z.boolean() })),
  /** Conditions that a refusal may rest on. */
  conditions: z.array(
    z.object({
      code: z.string(),
      /** The sentence when it fails, as it would stand in a refusal. */
      text: words,
      /** What must hold; null when only the failing is worth a sentence. */
      holds: words.nullable(),
      article: z.string(),
      met: z.boolean().nullable(),
      /** A refusal may rest on it: what the platform reckons to hold cannot be said to fail. */
      mayFail: z.boolean(),
      /** First day on which time alone meets it. */
      firstDay: day.nullable(),
    }),
  ),
  /** From which day it lapses (null: no term), and whether the record is gone by now. */
  lapse: z.object({ day: day.nullable(), moot: z.boolean() }),
  /** Actions that two different people take together. */
  twoPeople: z.array(z.object({ action: z.enum(ACTIONS), article: words })),
  /** Actions that go to the head first when an officer takes them, with the article that says so. */
  headDecides: z.array(z.object({ action: z.enum(ACTIONS), article: words })),
})
export type CaseView = z.infer<typeof caseView>

const APPLICANT = { roles: ['enterprise', 'window_clerk'] } as const
const OFFICER = { roles: ['officer', 'head'] } as const
const REVIEWER = { roles: ['credit_office', 'officer', 'head'] } as const
const HEAD = { roles: ['head'] } as const
const READERS = { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'] } as const

const ofApplication = z.object({ subject: id, id })
const ofItem = z.object({ subject: id, item: id })
const ITEM = '/repair/items/:subject/:item'
const missing = z
  .array(z.object({ kind: z.string().max(60), text: z.string().trim().max(TEXT_MAX).default('') }))
  .min(1)
  .max(30)

export const endpoints = defineEndpoints({
  myRecords: {
    method: 'GET',
    path: '/my/records',
    summary: { zh: '我的信用记录与修复指引', en: 'Records of my subject and how each can be repaired' },
    allowed: APPLICANT,
    /** Without `subject`: the subjects the caller holds a mandate for. A window clerk names the subject. */
    query: z.object({ ...page, limit: wholeSubject, subject: id.optional() }),
    reply: rows(recordView),
  },
  lookUpSubject: {
    method: 'POST',
    path: '/repair/lookup',
    summary: { zh: '窗口查找申请主体', en: 'Find the applicant at the window' },
    allowed: { roles: ['window_clerk'] },
    /** In the body: identifiers of persons are never in an address. Exactly one of the two. */
    body: z.union([
      z.strictObject({ code: z.string().trim().min(6).max(40) }),
      z.strictObject({ personId: z.string().trim().min(6).max(40) }),
    ]),
    reply: z.object({ subjectId: id, name: z.string(), kind: z.string(), status: z.string() }),
    idempotent: false,
  },
  createApplication: {
    method: 'POST',
    path: '/applications',
    summary: { zh: '新建修复申请', en: 'Begin an application' },
    allowed: APPLICANT,
    body: z.object({
      subject: id,
      kind: z.enum(KINDS).default('repair'),
      records: z.array(id).max(100).default([]),
      contactName: z.string().trim().max(60).default(''),
      contactPhone: z.string().trim().max(30).default(''),
    }),
    reply: applicationView,
    status: 201,
  },
  listApplications: {
    method: 'GET',
    path: '/applications',
    summary: { zh: '修复申请列表', en: 'Applications' },
    allowed: { roles: ['enterprise', 'window_clerk', 'credit_office'] },
    query: z.object({
      ...page,
      subject: id.optional(),
      state: z.enum(APPLICATION_STATES).optional(),
      kind: z.enum(KINDS).optional(),
      no: z.string().trim().max(40).optional(),
    }),
    reply: rows(applicationRow),
  },
  getApplication: {
    method: 'GET',
    path: '/applications/:subject/:id',
    summary: { zh: '修复申请详情', en: 'One application' },
    allowed: READERS,
    params: ofApplication,
    reply: applicationView,
  },
  addItems: {
    method: 'POST',
    path: '/applications/:subject/:id/items',
    summary: { zh: '向申请添加记录', en: 'Put records into the basket' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ records: z.array(id).min(1).max(100) }),
    reply: applicationView,
  },
  removeItem: {
    method: 'DELETE',
    path: '/applications/:subject/:id/items/:item',
    summary: { zh: '从申请移除记录', en: 'Take a record out of the basket' },
    allowed: APPLICANT,
    params: ofApplication.extend({ item: id }),
    reply: applicationView,
  },
  describeItem: {
    method: 'POST',
    path: '/applications/:subject/:id/items/:item',
    summary: { zh: '填写履行与整改情况', en: 'Declare what has been done about a record' },
    allowed: APPLICANT,
    params: ofApplication.extend({ item: id }),
    body: z.object({ declared, statement: note, seen }),
    reply: applicationView,
  },
  discardApplication: {
    method: 'DELETE',
    path: '/applications/:subject/:id',
    summary: { zh: '删除未提交的申请', en: 'Discard a draft' },
    allowed: APPLICANT,
    params: ofApplication,
    reply: z.object({ ok: z.literal(true) }),
  },
  uploadMaterial: {
    method: 'POST',
    path: '/applications/:subject/:id/materials',
    summary: { zh: '上传证明材料', en: 'Upload material' },
    allowed: APPLICANT,
    params: ofApplication,
    upload: true,
    limit: MATERIAL_LIMIT,
    body: z.object({ kind: z.string().trim().min(1).max(60) }),
    reply: materialView,
    status: 201,
  },
  removeMaterial: {
    method: 'DELETE',
    path: '/applications/:subject/:id/materials/:material',
    summary: { zh: '移除证明材料', en: 'Remove material' },
    allowed: APPLICANT,
    params: ofApplication.extend({ material: id }),
    reply: applicationView,
  },
  downloadMaterial: {
    method: 'GET',
    path: '/applications/:subject/:id/materials/:material',
    summary: { zh: '下载证明材料', en: 'Download material' },
    allowed: READERS,
    params: ofApplication.extend({ material: id }),
    reply: 'file',
  },
  signCommitment: {
    method: 'POST',
    path: '/applications/:subject/:id/commitment',
    summary: { zh: '签署信用承诺书', en: 'Sign the commitment' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ agreed: z.literal(true), seen }),
    reply: applicationView,
  },
  submitApplication: {
    method: 'POST',
    path: '/applications/:subject/:id/submit',
    summary: { zh: '提交申请', en: 'Submit' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ seen }),
    reply: applicationView,
  },
  mendItem: {
    method: 'POST',
    path: `${ITEM}/mend`,
    summary: { zh: '补正后重新提交', en: 'Submit again with additions' },
    allowed: APPLICANT,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  withdrawItem: {
    method: 'POST',
    path: `${ITEM}/withdraw`,
    summary: { zh: '撤回一项申请', en: 'Withdraw an item' },
    allowed: APPLICANT,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  lapseItem: {
    method: 'POST',
    path: `${ITEM}/lapse`,
    summary: { zh: '终止办理', en: 'Let an item lapse' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  queue: {
    method: 'GET',
    path: '/repair/queue',
    summary: { zh: '待办修复事项', en: 'Items to decide, by deadline' },
    allowed: REVIEWER,
    query: z.object({
      ...page,
      /** open: an authority owes a step; waiting: the applicant does; done: ended. */
      view: z.enum(['open', 'waiting', 'done']).default('open'),
      state: z.enum(ITEM_STATES).optional(),
      item: z.string().max(60).optional(),
      kind: z.enum(KINDS).optional(),
      no: z.string().trim().max(40).optional(),
      overdue: flag.optional(),
      awaitingHead: flag.optional(),
    }),
    reply: rows(queueRow).extend({
      /** Of the whole queue of the authority, not of the page. */
      counts: z.object({ open: z.int(), overdue: z.int(), waiting: z.int(), awaitingHead: z.int() }),
    }),
  },
  getCase: {
    method: 'GET',
    path: ITEM,
    summary: { zh: '修复事项详情', en: 'One item with its evidence' },
    allowed: REVIEWER,
    params: ofItem,
    reply: caseView,
  },
  passItem: {
    method: 'POST',
    path: `${ITEM}/pass`,
    summary: { zh: '初审通过', en: 'Pass the first review' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  returnItem: {
    method: 'POST',
    path: `${ITEM}/return`,
    summary: { zh: '初审退回补正', en: 'Return from the first review' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, missing, note }),
    reply: itemView,
  },
  acceptItem: {
    method: 'POST',
    path: `${ITEM}/accept`,
    summary: { zh: '受理', en: 'Accept' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  askOnce: {
    method: 'POST',
    path: `${ITEM}/ask`,
    summary: { zh: '一次性告知补正', en: 'Ask once for all that is missing' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, missing, note }),
    reply: itemView,
  },
  notAcceptItem: {
    method: 'POST',
    path: `${ITEM}/not-accept`,
    summary: { zh: '不予受理', en: 'Do not accept' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason, conditions: z.array(z.string().max(60)).max(20).default([]) }),
    reply: itemView,
  },
  grantItem: {
    method: 'POST',
    path: `${ITEM}/grant`,
    summary: { zh: '准予修复', en: 'Grant' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  refuseItem: {
    method: 'POST',
    path: `${ITEM}/refuse`,
    summary: { zh: '不予修复', en: 'Refuse' },
    allowed: OFFICER,
    params: ofItem,
    /** `conditions`: codes of the conditions that fail, from the case's list. */
    body: z.object({ seen, reason, conditions: z.array(z.string().max(60)).min(1).max(20) }),
    reply: itemView,
  },
  extendItem: {
    method: 'POST',
    path: `${ITEM}/extend`,
    summary: { zh: '延长办理期限', en: 'Extend the term' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  findForged: {
    method: 'POST',
    path: `${ITEM}/forged`,
    summary: { zh: '认定虚假材料', en: 'Find false material' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  revokeGrant: {
    method: 'POST',
    path: `${ITEM}/revoke`,
    summary: { zh: '撤销修复决定', en: 'Revoke a grant' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  shieldItem: {
    method: 'POST',
    path: `${ITEM}/shield`,
    summary: { zh: '临时屏蔽', en: 'Shield temporarily' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  completePlan: {
    method: 'POST',
    path: `${ITEM}/plan-completed`,
    summary: { zh: '登记计划执行完毕', en: 'Record that the plan is completed' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  restoreItem: {
    method: 'POST',
    path: `${ITEM}/restore`,
    summary: { zh: '恢复公示', en: 'Restore publication' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  confirmProposal: {
    method: 'POST',
    path: `${ITEM}/confirm`,
    summary: { zh: '负责人批准', en: 'Approve what the officer proposed' },
    allowed: HEAD,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  sendBackProposal: {
    method: 'POST',
    path: `${ITEM}/send-back`,
    summary: { zh: '负责人退回', en: 'Send the proposal back' },
    allowed: HEAD,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
})

export const refusals = {
  NOT_YOUR_SUBJECT: subjectRefusals.NOT_YOUR_SUBJECT,
  NO_SUCH_APPLICATION: {
    kind: 'not_found',
    zh: '没有这件申请，或者您无权查看。',
    en: 'There is no such application, or it is not yours to see.',
  },
  NO_SUCH_REPAIR_ITEM: {
    kind: 'not_found',
    zh: '没有这个修复事项，或者不由本单位办理。',
    en: 'There is no such item, or it is not for your authority to decide.',
  },
  NO_SUCH_MATERIAL: { kind: 'not_found', zh: '没有这份材料。', en: 'There is no such material.' },
  NO_SUCH_APPLICANT: {
    kind: 'not_found',
    zh: '没有查到这个信用主体，请核对代码后重试。',
    en: 'No such subject was found. Check the code and try again.',
  },
  NOT_A_DRAFT: {
    kind: 'conflict',
    zh: '申请已经提交，不能再修改。如需补充，请等待一次性告知；如不再申请，可以撤回。',
    en: 'The application has been submitted and cannot be changed. Wait for the notice to add material, or withdraw.',
  },
  BASKET_EMPTY: {
    kind: 'refused',
    zh: '申请中没有任何记录，请至少选择一条记录。',
    en: 'The basket is empty. Choose at least one record.',
  },
  RECORD_UNKNOWN: {
    kind: 'refused',
    zh: '所选记录不属于该主体，请从“我的信用记录”中选择。',
    en: 'A chosen record is not of this subject. Choose from its records.',
  },
  RECORD_NOT_ADVERSE: {
    kind: 'refused',
    zh: '“{doc}”不是失信信息，无需修复。',
    en: '“{doc}” is not adverse information; there is nothing to repair.',
  },
  RECORD_UNDER_WAY: {
    kind: 'conflict',
    zh: '“{doc}”已在另一件申请中办理，请勿重复申请。',
    en: '“{doc}” is already in another application. Do not apply twice.',
  },
  NOT_YET: {
    kind: 'refused',
    zh: '“{doc}”暂不能申请：{reason}（{article}）',
    en: '“{doc}” cannot be applied for now: {reason} ({article})',
  },
  NOT_SHOWN: {
    kind: 'refused',
    zh: '“{doc}”目前未公示，无需屏蔽。',
    en: '“{doc}” is not shown at present; there is nothing to shield.',
  },
  MUST_DECLARE: {
    kind: 'refused',
    zh: '“{doc}”尚需勾选声明：{reason}（{article}）',
    en: '“{doc}” still needs a declaration: {reason} ({article})',
  },
  NO_ROUTE: {
    kind: 'refused',
    zh: '“{doc}”暂无受理单位，请咨询综合窗口或者认定单位“{authority}”。',
    en: 'No authority is set to receive “{doc}”. Ask the window or the deciding authority “{authority}”.',
  },
  NO_RULES: {
    kind: 'refused',
    zh: '“{doc}”的修复不由本平台规则调整，请向“{receiver}”申请。',
    en: 'Repair of “{doc}” is not governed here. Apply to “{receiver}”.',
  },
  COMMITMENT_UNSIGNED: {
    kind: 'refused',
    zh: '请先签署信用承诺书（{article}）。',
    en: 'Sign the commitment first ({article}).',
  },
  COMMITMENT_SIGNED: {
    kind: 'conflict',
    zh: '信用承诺书已经签署，无需重复签署。',
    en: 'The commitment is signed already.',
  },
  MATERIAL_MISSING: {
    kind: 'refused',
    zh: '缺少材料：{name}（{article}）。',
    en: 'Material is missing: {name} ({article}).',
  },
  MATERIAL_KIND_UNKNOWN: {
    kind: 'refused',
    zh: '没有“{kind}”这类材料，请从材料清单中选择。',
    en: 'There is no such kind of material. Choose one from the list.',
  },
  MATERIAL_TYPE: {
    kind: 'refused',
    zh: '文件“{file}”不是可以识别的 PDF、JPG、PNG 或 DOCX 文件，请转换后上传。',
    en: '“{file}” is not a PDF, JPG, PNG or DOCX file. Convert it and upload again.',
  },
  MATERIAL_LOCKED: {
    kind: 'conflict',
    zh: '申请正在办理，现在不能增减材料；如需补正，认定单位会一次性告知。',
    en: 'The application is being handled and material cannot be changed now. If something is missing you will get one notice.',
  },
  ASKED_ALREADY: {
    kind: 'refused',
    zh: '补正材料应当一次性告知，本事项已于 {day} 告知过，不得再次要求补正（{article}）。请受理，或者作出不予受理决定并说明理由。',
    en: 'Missing material is to be asked for once and all together; that was done on {day} ({article}). Accept, or do not accept with reasons.',
  },
  EXTENDED_ALREADY: {
    kind: 'refused',
    zh: '办理期限已延长过一次，不能再次延长（{article}）。',
    en: 'The term has been extended once and cannot be extended again ({article}).',
  },
  EXTENSION_UNKNOWN: {
    kind: 'refused',
    zh: '适用的规则没有规定可以延长办理期限。',
    en: 'The rule that applies provides for no extension.',
  },
  EXTENSION_LATE: {
    kind: 'refused',
    zh: '办理期限已于 {day} 届满，届满后不能延长。请尽快作出决定。',
    en: 'The term ended on {day}; it cannot be extended afterwards. Please decide.',
  },
  CONDITION_UNKNOWN: {
    kind: 'refused',
    zh: '所选的不符合条件项不适用于本事项，请从条件清单中选择。',
    en: 'A chosen condition does not apply to this item. Choose from its list.',
  },
  CONDITION_HOLDS: {
    kind: 'refused',
    zh: '所选条件经平台核算已经满足，不能作为不予修复的理由：{holds}（{article}）',
    en: 'By the platform’s own reckoning this condition is met and cannot be a ground of refusal: {holds} ({article})',
  },
  NOT_LAPSED_YET: {
    kind: 'refused',
    zh: '补正期限尚未届满，{day}起方可终止办理。',
    en: 'The term for additions is running; the item may lapse from {day}.',
  },
  NEVER_LAPSES: {
    kind: 'refused',
    zh: '适用的规则没有规定补正期限，记录也仍在公示，不能终止办理。',
    en: 'The rules set no term for additions and the record is still shown; the item cannot lapse.',
  },
  SAME_PERSON: {
    kind: 'forbidden',
    zh: '提出和确认不得为同一人，请由另一位负责人确认（{article}）。',
    en: 'Whoever proposed it cannot confirm it; another head does ({article}).',
  },
  AWAITS_HEAD: {
    kind: 'conflict',
    zh: '本事项已提请负责人审批，请等待审批结果。',
    en: 'A proposal on this item awaits the head of the authority.',
  },
  NOTHING_PROPOSED: {
    kind: 'conflict',
    zh: '本事项没有待审批的提请。',
    en: 'There is no proposal on this item to approve.',
  },
  NO_LONGER_REPAIRABLE: {
    kind: 'refused',
    zh: '现在不能准予修复：{reason}（{article}）',
    en: 'It cannot be granted now: {reason} ({article})',
  },
  REPAIR_UNDER_WAY: {
    kind: 'refused',
    zh: '修复申请（编号{no}）正在办理，涉及{doc}，办结后方可调整档案。',
    en: 'A repair application (no. {no}) about {doc} is under way; the file stays as it is until it is decided.',
  },
  RECORD_IN_APPLICATION: {
    kind: 'refused',
    zh: '{doc}已列入修复申请（编号{no}），不能单独移出本档案。',
    en: '{doc} stands in repair application no. {no} and cannot leave this file by itself.',
  },
} as const satisfies RefusalCatalogue
