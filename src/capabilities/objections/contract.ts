import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { count, day, id, instant, pageAsk, rows, seen } from '../../kernel/shapes.ts'
import {
  caseView,
  correctionAsk,
  findingView,
  guideView,
  measureRow,
  month,
  objectionRow,
  objectionView,
  previewView,
  reportReply,
  reportRow,
  reportStatus,
  reportView,
  reviewView,
  siblingView,
  targetView,
  tombstoneView,
} from './contract.views.ts'
import {
  FINDING_KINDS,
  FINDING_STATES,
  OBJECTION_STATES,
  REPORT_STATES,
  REVIEW_KINDS,
  REVIEW_OUTCOMES,
  REVIEW_STATES,
} from './states.ts'
import { GROUNDS } from './words.ts'

export { refusals } from './contract.refusals.ts'
export * from './contract.views.ts'

const TEXT_MAX = 2000
const text = z.string().trim().max(TEXT_MAX)
const reason = z.string().trim().min(4).max(TEXT_MAX)
const contactName = z.string().trim().max(60)
const contactPhone = z.string().trim().max(60)
const page = pageAsk({ usual: PAGE_LIMIT })
/** Longest piece of evidence, in bytes: 20 MB. */
const EVIDENCE_LIMIT = 20 * 1024 * 1024
const MOST_SIBLINGS = 200

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
