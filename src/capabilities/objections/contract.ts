import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { ANNUL_CAUSES, CHANNELS } from '../records/contract.ts'
import {
  ACTIONS,
  FINDING_KINDS,
  FINDING_STATES,
  NOTES,
  OBJECTION_STATES,
  OUTCOMES,
  REPORT_ACTIONS,
  REPORT_STATES,
  REVIEW_ACTIONS,
  REVIEW_KINDS,
  REVIEW_OUTCOMES,
  REVIEW_STATES,
  WAYS_IN,
} from './states.ts'
import { GROUNDS, STEPS } from './words.ts'
import { count, day, id, instant, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

export { refusals } from './contract.refusals.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const TEXT_MAX = 2000
const text = z.string().trim().max(TEXT_MAX)
const reason = z.string().trim().min(4).max(TEXT_MAX)
const contactName = z.string().trim().max(60)
const contactPhone = z.string().trim().max(60)
const page = pageAsk({ usual: PAGE_LIMIT })
/** Longest piece of evidence, in bytes: 20 MB. */
const EVIDENCE_LIMIT = 20 * 1024 * 1024
const MOST_SIBLINGS = 200

// ---- the guide: what may be objected to here, by which rule

export const termView = z.object({
  step: z.enum(STEPS),
  workdays: z.int().nullable(),
  instrument: words,
  article: z.string(),
})
export const guideView = z.object({
  /** Of the jurisdiction's pack, today. */
  grounds: z.array(
    z.object({
      ground: z.enum(GROUNDS),
      name: words,
      hint: words,
      about: z.enum(['record', 'repair_item']),
      instrument: words,
      article: z.string(),
    }),
  ),
  terms: z.array(termView),
  /** Whether a record is marked while an objection is pending. */
  marks: z.boolean(),
  ownMotion: z.boolean(),
})
export type GuideView = z.infer<typeof guideView>

// ---- one objection

/** The record that it is about, as it is now. */
export const aboutView = z.object({
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  /** On this platform's site today. */
  shown: z.boolean(),
  shownFrom: day.nullable(),
  shownUntil: day.nullable(),
  /** Taken back by its authority. */
  annulled: z.boolean(),
})
export const refusedView = z.object({
  itemId: id,
  applicationId: id,
  no: z.string(),
  state: z.enum(['not_accepted', 'refused']),
  decidedOn: day,
  deciderName: z.string(),
})
export const clockView = z.object({
  step: z.enum(STEPS),
  startedOn: day,
  workdays: z.int(),
  dueOn: day,
  provisional: z.boolean(),
  provisionalWhy: words.nullable(),
  overdue: z.boolean(),
  /** Working days left, negative when late. */
  left: z.int(),
  instrument: words,
  article: z.string(),
})
export type ClockView = z.infer<typeof clockView>
export const evidenceView = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  uploadedAt: instant,
  by: z.enum(['applicant', 'window', 'authority']),
  mayRemove: z.boolean(),
})
export const letterView = z.object({
  kind: z.enum(['receipt', 'extension', 'upheld', 'partly_upheld', 'rejected']),
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
  action: z.enum([...ACTIONS, ...NOTES]),
  from: z.enum(OBJECTION_STATES),
  to: z.enum(OBJECTION_STATES),
  at: instant,
  on: day,
  by: z.enum(['applicant', 'window', 'authority', 'office', 'platform']),
  authorityName: z.string().nullable(),
  note: z.string(),
  /** Which rule, of which version; what it was decided on. */
  basis: z.object({ rule: z.string(), version: z.string(), instrument: words, article: z.string() }).nullable(),
  letter: letterView.nullable(),
})
/** What became of the record: each field before and after, or what ends. */
export const changeView = z.object({ label: words, was: z.string(), becomes: z.string() })
export const effectView = z.object({
  does: z.enum(['correct', 'stop_showing', 'annul', 'reopen']),
  changes: z.array(changeView),
  /** On this platform's site. */
  shownUntil: z.object({ was: day.nullable(), becomes: day.nullable() }).nullable(),
  cause: z.enum(ANNUL_CAUSES).nullable(),
  on: day,
})
export type EffectView = z.infer<typeof effectView>

export const objectionRow = z.object({
  subjectId: id,
  id,
  no: z.string().nullable(),
  subjectName: z.string(),
  ground: z.enum(GROUNDS),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(OBJECTION_STATES),
  outcome: z.enum(OUTCOMES).nullable(),
  itemName: words,
  docNo: z.string(),
  /** Who has to answer. */
  authorityName: z.string(),
  createdAt: instant,
  submittedOn: day.nullable(),
  decidedOn: day.nullable(),
  clock: clockView.nullable(),
  extended: z.boolean(),
  version: seen,
})
export type ObjectionRow = z.infer<typeof objectionRow>
export const objectionView = objectionRow.extend({
  about: aboutView,
  refused: refusedView.nullable(),
  statement: z.string(),
  /** What the objector asks for. */
  wanted: z.string(),
  contactName: z.string(),
  /** The record carries the mark “异议处理中”. */
  marked: z.boolean(),
  pushedOn: day.nullable(),
  /** The announced extension. */
  extension: z.object({ on: day, workdays: z.int(), reason: z.string() }).nullable(),
  /** In plain words, once decided. */
  answer: z.string().nullable(),
  effect: effectView.nullable(),
  /** From the day it was handed in to the decision. */
  workdays: z.int().nullable(),
  evidence: z.array(evidenceView),
  acts: z.array(actView),
  actions: z.array(z.enum(ACTIONS)),
  mayEdit: z.boolean(),
  mayAttach: z.boolean(),
})
export type ObjectionView = z.infer<typeof objectionView>

// ---- the decider's screen

/** A field of the record that the decider may correct: what it says, and how a right value is written. */
export const correctableField = z.object({
  key: z.string(),
  label: words,
  type: z.enum(['text', 'date', 'money_wan', 'choice', 'choices', 'flag', 'period', 'number']),
  value: z.string(),
  /** As it is sent in `fields`: codes of choices, YYYY-MM-DD. */
  raw: z.union([z.string(), z.array(z.string())]).nullable(),
  choices: z.array(z.object({ code: z.string(), label: words })),
  required: z.boolean(),
})
/** Records that show the same twice as this one. */
export const twinView = z.object({
  recordId: id,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  shown: z.boolean(),
})
export const caseView = z.object({
  objection: objectionView,
  /** Opened once the phone number is needed; officials only. */
  contactPhone: z.string(),
  subject: z.object({ id, name: z.string(), kind: z.string(), code: z.string().nullable(), status: z.string() }),
  recordVersion: seen,
  /** Why it is shown and until when, as the subject reads it. */
  sentences: z.array(words),
  fields: z.array(correctableField),
  twins: z.array(twinView),
  /** Other objections about the same record. */
  others: z.array(
    z.object({ id, no: z.string().nullable(), ground: z.enum(GROUNDS), state: z.enum(OBJECTION_STATES) }),
  ),
  /** What an uphold of this ground may do. */
  corrections: z.array(z.enum(['correct', 'stop_showing', 'annul', 'reopen'])),
})
export type CaseView = z.infer<typeof caseView>

/** What an upheld objection does. `correct`: only the fields that change; null empties one. */
export const correctionAsk = z.discriminatedUnion('does', [
  z.strictObject({
    does: z.literal('correct'),
    fields: z.record(
      z.string().max(60),
      z.union([z.string().max(4000), z.array(z.string().max(60)).max(50), z.null()]),
    ),
  }),
  /** The first day on which it is not shown any more, on one channel or on all. */
  z.strictObject({ does: z.literal('stop_showing'), from: day, channel: z.enum(CHANNELS).nullable().default(null) }),
  z.strictObject({ does: z.literal('annul'), cause: z.enum(ANNUL_CAUSES) }),
  z.strictObject({ does: z.literal('reopen') }),
])
export type CorrectionAsk = z.infer<typeof correctionAsk>

/** A record with the same fault. */
export const siblingView = z.object({
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  docNo: z.string(),
  decidedOn: day,
  authorityName: z.string(),
  /** Came with the same submission. */
  sameSubmission: z.boolean(),
  /** What it has in common with the one that was put right. */
  why: words,
  version: seen,
})
export type SiblingView = z.infer<typeof siblingView>
export const previewView = z.object({ effect: effectView, siblings: z.array(siblingView) })
export type PreviewView = z.infer<typeof previewView>

// ---- before login

export const reportReply = z.object({
  no: z.string(),
  /** With the number it opens what became of it; shown once. */
  token: z.string(),
  receivedOn: day,
})
export const reportStatus = z.object({
  no: z.string(),
  state: z.enum(REPORT_STATES),
  next: words,
  /** Of the objection it became. */
  objectionState: z.enum(OBJECTION_STATES).nullable(),
  answer: z.string().nullable(),
  receivedOn: day,
})
export const reportRow = z.object({
  id,
  no: z.string(),
  state: z.enum(REPORT_STATES),
  receivedAt: instant,
  dueOn: day,
  overdue: z.boolean(),
  subjectName: z.string(),
  docNo: z.string(),
  itemName: words,
  authorityName: z.string(),
  version: seen,
})
export type ReportRow = z.infer<typeof reportRow>
export const reportView = reportRow.extend({
  subjectId: id,
  recordId: id,
  text: z.string(),
  contactName: z.string(),
  contact: z.string(),
  answer: z.string().nullable(),
  objectionId: id.nullable(),
  actions: z.array(z.enum(REPORT_ACTIONS)),
})
export type ReportView = z.infer<typeof reportView>

// ---- what may not come back

export const tombstoneView = z.object({
  id,
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  /** The objection that removed it. */
  objectionNo: z.string(),
  reason: z.string(),
  /** What is kept out; empty: the whole record under this number. */
  fields: z.array(z.object({ label: words, value: z.string() })),
  at: instant,
  lifted: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable(),
  mayLift: z.boolean(),
})
export type TombstoneView = z.infer<typeof tombstoneView>

// ---- self-check and measures

export const findingView = z.object({
  id,
  kind: z.enum(FINDING_KINDS),
  state: z.enum(FINDING_STATES),
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  shownFrom: day.nullable(),
  shownUntil: day.nullable(),
  /** What is not as it should be. */
  why: words,
  foundOn: day,
  objectionId: id.nullable(),
  version: seen,
})
export type FindingView = z.infer<typeof findingView>
export const measureRow = z.object({
  authorityId: id.nullable(),
  authorityName: z.string(),
  division: z.string().nullable(),
  month: month.nullable(),
  received: count,
  pending: count,
  overdue: count,
  decided: count,
  upheld: count,
  partlyUpheld: count,
  rejected: count,
  withdrawn: count,
  ownMotion: count,
  /** Mean working days from the day it was handed in to the decision; null with none decided. */
  meanWorkdays: z.number().nullable(),
  /** Of those decided. */
  inTime: count,
})
export type MeasureRow = z.infer<typeof measureRow>

// ---- reconsideration and litigation (Order 36 art. 19)

export const reviewView = z.object({
  subjectId: id,
  id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  kind: z.enum(REVIEW_KINDS),
  body: z.string(),
  caseNo: z.string(),
  filedOn: day,
  /** The reviewing body or the court has stopped the execution: not shown until it ends. */
  suspended: z.boolean(),
  state: z.enum(REVIEW_STATES),
  outcome: z.enum(REVIEW_OUTCOMES).nullable(),
  endedOn: day.nullable(),
  clock: clockView.nullable(),
  version: seen,
  actions: z.array(z.enum(REVIEW_ACTIONS)),
})
export type ReviewView = z.infer<typeof reviewView>

export const targetView = z.object({
  about: aboutView,
  subjectId: id,
  refused: refusedView.nullable(),
  /** Which may be raised about it here. */
  grounds: z.array(z.enum(GROUNDS)),
  /** Pending already. */
  pending: z.array(z.object({ id, no: z.string().nullable(), ground: z.enum(GROUNDS) })),
})
export type TargetView = z.infer<typeof targetView>

const APPLICANT = { roles: ['enterprise', 'window_clerk'] } as const
const AUTHORITY = { roles: ['officer', 'head'] } as const
const OFFICE = { roles: ['credit_office'] } as const
const READERS = { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'] } as const
const OFFICIALS = { roles: ['officer', 'head', 'credit_office'] } as const

const one = z.object({ subject: id, id })
const ONE = '/objections/:subject/:id'

export const endpoints = defineEndpoints({
  objectionGuide: {
    method: 'GET',
    path: '/objections/guide',
    summary: { zh: '异议情形和办理时限', en: 'Grounds of objection and terms' },
    allowed: { anyone: true },
    reply: guideView,
  },
  listTargets: {
    method: 'GET',
    path: '/my/objection-targets',
    summary: { zh: '可以提出异议的信息和决定', en: 'Records and refusals that may be objected to' },
    allowed: APPLICANT,
    /** Records first, latest decision first; the refusals come with the first page. */
    query: z.object({ ...page, subject: id }),
    reply: rows(targetView),
  },
  createObjection: {
    method: 'POST',
    path: '/objections',
    summary: { zh: '新建异议', en: 'Begin an objection' },
    allowed: APPLICANT,
    /** About a record, or about a refused repair item (then `refusedItem`; the record is its own). */
    body: z.object({
      subject: id,
      record: id.optional(),
      refusedItem: id.optional(),
      ground: z.enum(GROUNDS),
      statement: text.default(''),
      wanted: text.default(''),
      contactName: contactName.default(''),
      contactPhone: contactPhone.default(''),
    }),
    reply: objectionView,
    status: 201,
  },
  editObjection: {
    method: 'POST',
    path: ONE,
    summary: { zh: '修改未提交的异议', en: 'Change a draft' },
    allowed: APPLICANT,
    params: one,
    body: z.object({
      seen,
      ground: z.enum(GROUNDS),
      statement: text,
      wanted: text.default(''),
      contactName,
      contactPhone: contactPhone.optional(),
    }),
    reply: objectionView,
  },
  discardObjection: {
    method: 'DELETE',
    path: ONE,
    summary: { zh: '删除未提交的异议', en: 'Discard a draft' },
    allowed: APPLICANT,
    params: one,
    reply: z.object({ ok: z.literal(true) }),
  },
  attachEvidence: {
    method: 'POST',
    path: `${ONE}/evidence`,
    summary: { zh: '上传异议证据材料', en: 'Attach evidence' },
    allowed: { roles: ['enterprise', 'window_clerk', 'officer', 'head'] },
    params: one,
    upload: true,
    limit: EVIDENCE_LIMIT,
    reply: objectionView,
  },
  removeEvidence: {
    method: 'DELETE',
    path: `${ONE}/evidence/:evidence`,
    summary: { zh: '删除未提交的证据材料', en: 'Take evidence out of a draft' },
    allowed: APPLICANT,
    params: one.extend({ evidence: id }),
    reply: objectionView,
  },
  downloadEvidence: {
    method: 'GET',
    path: `${ONE}/evidence/:evidence`,
    summary: { zh: '下载异议证据材料', en: 'Download evidence' },
    allowed: READERS,
    params: one.extend({ evidence: id }),
    reply: 'file',
  },
  submitObjection: {
    method: 'POST',
    path: `${ONE}/submit`,
    summary: { zh: '提交异议', en: 'Submit an objection' },
    allowed: APPLICANT,
    params: one,
    body: z.object({ seen }),
    reply: objectionView,
  },
  withdrawObjection: {
    method: 'POST',
    path: `${ONE}/withdraw`,
    summary: { zh: '撤回异议', en: 'Withdraw an objection' },
    allowed: APPLICANT,
    params: one,
    body: z.object({ seen, note: text.default('') }),
    reply: objectionView,
  },
  listObjections: {
    method: 'GET',
    path: '/objections',
    summary: { zh: '异议列表', en: 'Objections' },
    allowed: { roles: ['enterprise', 'window_clerk', 'credit_office'] },
    query: z.object({
      ...page,
      subject: id.optional(),
      state: z.enum(OBJECTION_STATES).optional(),
      ground: z.enum(GROUNDS).optional(),
      no: z.string().trim().max(40).optional(),
    }),
    reply: rows(objectionRow),
  },
  getObjection: {
    method: 'GET',
    path: ONE,
    summary: { zh: '异议详情', en: 'One objection' },
    allowed: READERS,
    params: one,
    reply: objectionView,
  },
  objectionQueue: {
    method: 'GET',
    path: '/objections/queue',
    summary: { zh: '异议待办队列', en: 'Objections to be dealt with, by their day' },
    allowed: OFFICIALS,
    /** open: I owe a step. overdue: and it is late. done: decided. all: everything of my authority or territory. */
    query: z.object({
      ...page,
      view: z.enum(['open', 'overdue', 'done', 'all']).default('open'),
      ground: z.enum(GROUNDS).optional(),
    }),
    reply: rows(objectionRow).extend({ counts: z.object({ open: count, overdue: count }) }),
  },
  getObjectionCase: {
    method: 'GET',
    path: '/objections/cases/:subject/:id',
    summary: { zh: '异议核查：信息、证据和经过', en: 'The case: record, evidence and history' },
    allowed: OFFICIALS,
    params: one,
    reply: caseView,
  },
  pushObjection: {
    method: 'POST',
    path: `${ONE}/push`,
    summary: { zh: '推送认定单位', en: 'Pass an objection on' },
    allowed: OFFICE,
    params: one,
    /** Without `authority`: the one that found it. */
    body: z.object({ seen, authority: id.optional() }),
    reply: objectionView,
  },
  extendObjection: {
    method: 'POST',
    path: `${ONE}/extend`,
    summary: { zh: '延长核查期限并提前告知申请人', en: 'Extend the term and tell the applicant beforehand' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({ seen, workdays: z.int().min(1).max(60), reason }),
    reply: objectionView,
  },
  previewCorrection: {
    method: 'POST',
    path: `${ONE}/preview`,
    summary: { zh: '预览更正结果和同类信息', en: 'What upholding would change, and records with the same fault' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({ correction: correctionAsk }),
    reply: previewView,
    idempotent: false,
  },
  decideObjection: {
    method: 'POST',
    path: `${ONE}/decide`,
    summary: { zh: '作出异议处理决定', en: 'Decide an objection' },
    allowed: AUTHORITY,
    params: one,
    /** upheld, partly_upheld: with a correction. `answer`: the reasons in plain words, as the applicant reads them. */
    body: z.object({
      seen,
      outcome: z.enum(['upheld', 'partly_upheld', 'rejected']),
      answer: z.string().trim().min(10).max(TEXT_MAX),
      correction: correctionAsk.nullable().default(null),
    }),
    reply: objectionView,
  },
  applyObjection: {
    method: 'POST',
    path: `${ONE}/apply`,
    summary: { zh: '确认修复事项已重新办理', en: 'Confirm that the repair has been taken up again' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({ seen, note: text.default('') }),
    reply: objectionView,
  },
  listSiblings: {
    method: 'GET',
    path: `${ONE}/siblings`,
    summary: { zh: '存在同样问题的信息', en: 'Records with the same fault' },
    allowed: AUTHORITY,
    params: one,
    reply: z.object({ rows: z.array(siblingView) }),
  },
  correctSiblings: {
    method: 'POST',
    path: `${ONE}/siblings`,
    summary: { zh: '一并更正同类信息（主动异议）', en: 'Correct records with the same fault' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({
      records: z
        .array(z.object({ subject: id, record: id, seen }))
        .min(1)
        .max(MOST_SIBLINGS),
      reason,
    }),
    reply: z.object({ corrected: z.array(z.object({ subjectId: id, recordId: id, objectionId: id, no: z.string() })) }),
  },
  openOwnMotion: {
    method: 'POST',
    path: '/objections/own-motion',
    summary: { zh: '认定单位主动异议', en: 'The finder corrects of its own motion' },
    allowed: AUTHORITY,
    /** Opens the case; it is then decided like any other. */
    body: z.object({ record: id, ground: z.enum(GROUNDS), reason }),
    reply: objectionView,
    status: 201,
  },
  createReport: {
    method: 'POST',
    path: '/public/objection-reports',
    summary: { zh: '公众反映“这不是我们”', en: 'Report that a published record is not ours' },
    allowed: { anyone: true },
    body: z.object({
      record: id,
      text: z.string().trim().min(4).max(TEXT_MAX),
      contactName: contactName.default(''),
      /** Telephone or e-mail; kept encrypted. */
      contact: z.string().trim().min(5).max(100),
    }),
    reply: reportReply,
    status: 201,
  },
  getReportStatus: {
    method: 'POST',
    path: '/public/objection-reports/status',
    summary: { zh: '查询反映事项的处理情况', en: 'What became of a report' },
    allowed: { anyone: true },
    body: z.object({ no: z.string().trim().max(40), token: z.string().trim().max(100) }),
    reply: reportStatus,
    idempotent: false,
  },
  listReports: {
    method: 'GET',
    path: '/objection-reports',
    summary: { zh: '公众反映列表', en: 'Reports of the public' },
    allowed: OFFICE,
    query: z.object({ ...page, state: z.enum(REPORT_STATES).default('received') }),
    reply: rows(reportRow).extend({ counts: z.object({ received: count, overdue: count }) }),
  },
  getReport: {
    method: 'GET',
    path: '/objection-reports/:id',
    summary: { zh: '公众反映详情', en: 'One report' },
    allowed: OFFICE,
    params: z.object({ id }),
    reply: reportView,
  },
  takeUpReport: {
    method: 'POST',
    path: '/objection-reports/:id/take-up',
    summary: { zh: '将反映转为异议办理', en: 'Take a report up as an objection' },
    allowed: OFFICE,
    params: z.object({ id }),
    body: z.object({ seen, ground: z.enum(GROUNDS), note: text.default('') }),
    reply: reportView,
  },
  dismissReport: {
    method: 'POST',
    path: '/objection-reports/:id/dismiss',
    summary: { zh: '不作为异议办理', en: 'Dismiss a report' },
    allowed: OFFICE,
    params: z.object({ id }),
    body: z.object({ seen, answer: reason }),
    reply: reportView,
  },
  listTombstones: {
    method: 'GET',
    path: '/objections/tombstones',
    summary: { zh: '因异议撤回或者更正、不得再次报送的信息', en: 'What may not be reported again' },
    allowed: { roles: ['collector', 'officer', 'head', 'credit_office'] },
    query: z.object({ ...page, state: z.enum(['standing', 'lifted']).default('standing') }),
    reply: rows(tombstoneView),
  },
  liftTombstone: {
    method: 'POST',
    path: '/objections/tombstones/:id/lift',
    summary: { zh: '允许再次报送', en: 'Let it be reported again' },
    allowed: { roles: ['head'] },
    params: z.object({ id }),
    body: z.object({ reason }),
    reply: tombstoneView,
  },
  listFindings: {
    method: 'GET',
    path: '/objections/findings',
    summary: { zh: '公示自查发现的问题', en: 'What the self-check found' },
    allowed: OFFICE,
    query: z.object({
      ...page,
      kind: z.enum(FINDING_KINDS).optional(),
      state: z.enum(FINDING_STATES).default('open'),
    }),
    reply: rows(findingView).extend({
      counts: z.array(z.object({ kind: z.enum(FINDING_KINDS), open: count })),
      /** When the last check ran, and over how many records. */
      checked: z.object({ at: instant, records: count }).nullable(),
    }),
  },
  takeUpFinding: {
    method: 'POST',
    path: '/objections/findings/:id/take-up',
    summary: { zh: '将自查问题转认定单位核查', en: 'Pass a finding on to the finder' },
    allowed: OFFICE,
    params: z.object({ id }),
    body: z.object({ seen, note: text.default('') }),
    reply: findingView,
  },
  objectionMeasures: {
    method: 'GET',
    path: '/objections/measures',
    summary: { zh: '异议处理统计', en: 'Measures of objections' },
    allowed: { roles: ['credit_office', 'auditor', 'head'] },
    /** Months counted by the day of submission, both included. */
    query: z.object({ from: month, to: month, by: z.enum(['authority', 'division', 'month']).default('authority') }),
    reply: z.object({ rows: z.array(measureRow), total: measureRow }),
  },
  listReviews: {
    method: 'GET',
    path: '/objections/reviews',
    summary: { zh: '行政复议和行政诉讼登记', en: 'Reconsiderations and lawsuits about decisions' },
    allowed: READERS,
    query: z.object({ ...page, subject: id.optional(), state: z.enum(REVIEW_STATES).optional() }),
    reply: rows(reviewView),
  },
  registerReview: {
    method: 'POST',
    path: '/objections/reviews',
    summary: { zh: '登记行政复议或者行政诉讼', en: 'Register a reconsideration or a lawsuit' },
    allowed: AUTHORITY,
    body: z.object({
      record: id,
      kind: z.enum(REVIEW_KINDS),
      body: z.string().trim().min(2).max(200),
      caseNo: z.string().trim().min(2).max(100),
      filedOn: day,
      /** The body or the court found that the execution is to be stopped. */
      suspended: z.boolean().default(false),
    }),
    reply: reviewView,
    status: 201,
  },
  endReview: {
    method: 'POST',
    path: '/objections/reviews/:subject/:id/end',
    summary: { zh: '登记复议或者诉讼结果', en: 'Register how it ended' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({ seen, outcome: z.enum(REVIEW_OUTCOMES), endedOn: day, note: text.default('') }),
    reply: reviewView,
  },
  carryOutReview: {
    method: 'POST',
    path: '/objections/reviews/:subject/:id/carry-out',
    summary: { zh: '依复议或者诉讼结果撤销、修改信息', en: 'Withdraw or change the record as it ended' },
    allowed: AUTHORITY,
    params: one,
    body: z.object({ seen, correction: correctionAsk, reason }),
    reply: reviewView,
  },
})
