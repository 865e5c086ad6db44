import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { ANSWERS, CANDIDATE_ACTIONS, CANDIDATE_STATES, REPORT_ACTIONS, REPORT_STATES } from './states.ts'
import { GROUPINGS, PROOFS, RATING_REASONS, REPLY_STATES, WHATS } from './words.ts'
import { count, day, id, instant, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

const month = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .refine((m) => m >= '1900' && m < '2200')
  .meta({ zh: '月份', en: 'Month' })
const division = z
  .string()
  .regex(/^\d{6}$/)
  .meta({ zh: '行政区划', en: 'Division' })
const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const page = pageAsk({ usual: PAGE_LIMIT })
const flag = z.enum(['true', 'false']).transform((v) => v === 'true')

const share = z.object({ numerator: count, denominator: count, share: z.number().min(0).max(1).nullable() })
const figures = {
  counts: z.object(Object.fromEntries(WHATS.map((w) => [w, count])) as Record<(typeof WHATS)[number], typeof count>),
  late: count,
  abnormal: count,
  success: share,
  average: z.number().nullable(),
  averageAccept: z.number().nullable(),
  averageTotal: z.number().nullable(),
  longest: count.nullable(),
}
const times = {
  median: z.number().nullable(),
  nineInTen: count.nullable(),
  medianAccept: z.number().nullable(),
  medianTotal: z.number().nullable(),
}
/** What stands open now, whenever it came. */
const open = { open: count, overdue: count }
export const oversightFigures = z.object({ ...figures, ...times, ...open }).meta({ id: 'OversightFigures' })
export const figureRow = z
  .object({
    key: z.string(),
    label: words,
    authorityId: id.nullable(),
    division: z.string().nullable(),
    month: month.nullable(),
    item: z.string().nullable(),
    ...figures,
    ...times,
    /** Null where the grouping is by month: what is open is open now. */
    open: count.nullable(),
    overdue: count.nullable(),
  })
  .meta({ id: 'OversightRow' })
export type FigureRow = z.infer<typeof figureRow>
export const formulasView = z.object({
  success: z.array(z.enum(WHATS)),
  over: z.array(z.enum(WHATS)),
  abnormal: z.array(z.enum(WHATS)),
  instrument: words,
  article: z.string(),
  unsure: z.boolean(),
  note: words.nullable(),
})
export const figuresView = rows(figureRow).extend({
  from: month,
  to: month,
  formulas: formulasView,
  all: oversightFigures,
  /** Everything that had happened by then is in. */
  countedAt: instant,
})
export type FiguresView = z.infer<typeof figuresView>

export const entryView = z
  .object({
    subjectId: id,
    subjectName: z.string(),
    applicationId: id,
    itemId: id,
    no: z.string(),
    docNo: z.string(),
    what: z.enum(WHATS),
    on: day,
    authorityName: z.string(),
    item,
    itemName: words,
    workdays: count.nullable(),
    term: count.nullable(),
    lateBy: count.nullable(),
    total: count.nullable(),
    conditions: z.array(words),
  })
  .meta({ id: 'OversightEntry' })
export type EntryView = z.infer<typeof entryView>

export const openView = z
  .object({
    subjectId: id,
    subjectName: z.string(),
    applicationId: id,
    itemId: id,
    no: z.string(),
    docNo: z.string(),
    item,
    itemName: words,
    authorityName: z.string(),
    state: z.string(),
    submittedOn: day,
    /** Null while the applicant mends, or where no term runs. */
    dueOn: day.nullable(),
    overdueBy: count,
  })
  .meta({ id: 'OversightOpen' })
export type OpenView = z.infer<typeof openView>

export const refusalRow = z.object({
  /** Null: no condition was named. */
  condition: z.string().nullable(),
  system: z.string(),
  sentence: words,
  article: z.string(),
  instrument: words.nullable(),
  refused: count,
  notAccepted: count,
})
export type RefusalRow = z.infer<typeof refusalRow>

export const myRatingView = z.object({
  subjectId: id,
  itemId: id,
  subjectName: z.string(),
  no: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  state: z.string(),
  decidedOn: day.nullable(),
  rating: z
    .object({
      score: z.int().min(1).max(5),
      reasons: z.array(z.enum(RATING_REASONS)),
      remark: z.string(),
      ratedAt: instant,
      reply: z.string().nullable(),
      repliedAt: instant.nullable(),
    })
    .nullable(),
})
export type MyRatingView = z.infer<typeof myRatingView>

/** As the authority sees it: nothing in it leads to the applicant. */
export const ratingView = z
  .object({
    id,
    authorityName: z.string(),
    itemName: words,
    month,
    score: z.int().min(1).max(5),
    reasons: z.array(z.enum(RATING_REASONS)),
    remark: z.string(),
    reply: z.string().nullable(),
    repliedAt: instant.nullable(),
    replyDueOn: day.nullable(),
    replyState: z.enum(REPLY_STATES),
    mayReply: z.boolean(),
    version: z.int().min(1),
  })
  .meta({ id: 'OversightRating' })
export type RatingView = z.infer<typeof ratingView>

export const reportView = z
  .object({
    id,
    no: words.nullable(),
    title: words,
    division: z.string(),
    month,
    state: z.enum(REPORT_STATES),
    issuer: z.string(),
    digest: z.string(),
    asOf: instant,
    policyVersion: z.string(),
    publishedAt: instant.nullable(),
    actions: z.array(z.enum(REPORT_ACTIONS)),
    version: z.int().min(1),
  })
  .meta({ id: 'OversightReport' })
export type ReportView = z.infer<typeof reportView>

const listed = z.object({
  recordId: id,
  cause: words,
  docNo: z.string(),
  authorityName: z.string(),
  since: day,
})
export const candidateView = z
  .object({
    id,
    subjectId: id,
    name: z.string(),
    code: z.string().nullable(),
    division: z.string(),
    state: z.enum(CANDIDATE_STATES),
    /** The two conditions, and the entries that prove each. */
    proof: z.object({ kind: z.enum(PROOFS), says: words, entries: z.array(listed) }),
    outOfReach: z.object({ says: words, entries: z.array(listed) }),
    /** Both conditions hold today as well. */
    stillProven: z.boolean(),
    provenAt: instant,
    rule: z.object({ instrument: words, article: z.string(), unsure: z.boolean(), note: words.nullable() }).nullable(),
    registrarName: z.string().nullable(),
    handedAt: instant.nullable(),
    answer: z.enum(ANSWERS).nullable(),
    answerNote: z.string().nullable(),
    answerDocNo: z.string().nullable(),
    answeredAt: instant.nullable(),
    actions: z.array(z.enum(CANDIDATE_ACTIONS)),
    version: z.int().min(1),
  })
  .meta({ id: 'RevocationCandidate' })
export type CandidateView = z.infer<typeof candidateView>

const SEERS = { roles: ['officer', 'head', 'credit_office'] } as const
const OFFICE = { roles: ['credit_office'] } as const
const RATERS = { roles: ['enterprise', 'window_clerk'] } as const
const span = {
  from: month.optional(),
  to: month.optional(),
  authority: id.optional(),
  division: division.optional(),
  item: item.optional(),
}
const entryAsk = {
  ...span,
  what: z.enum(WHATS).optional(),
  /** Steps that exceeded their term. */
  late: flag.optional(),
  abnormal: flag.optional(),
  /** Of the condition that a refusal names; `none`: no condition. */
  condition: z.string().max(60).optional(),
}
const FORMATS = ['xlsx', 'csv'] as const
const format = z.enum(FORMATS).default('xlsx')
const byId = z.object({ id })
const TEXT_MAX = 1000

export const endpoints = defineEndpoints({
  oversightFigures: {
    method: 'GET',
    path: '/oversight/figures',
    summary: { zh: '信用修复监督统计', en: 'Oversight of repair: figures' },
    allowed: SEERS,
    query: z.object({ ...span, by: z.enum(GROUPINGS).default('authority'), ...page }),
    reply: figuresView,
  },
  oversightEntries: {
    method: 'GET',
    path: '/oversight/entries',
    summary: { zh: '信用修复监督统计明细', en: 'The rows behind a figure' },
    allowed: SEERS,
    query: z.object({ ...entryAsk, ...page }),
    reply: rows(entryView),
  },
  oversightOpen: {
    method: 'GET',
    path: '/oversight/open',
    summary: { zh: '在办和超期事项', en: 'Open and overdue items' },
    allowed: SEERS,
    query: z.object({
      authority: id.optional(),
      division: division.optional(),
      item: item.optional(),
      overdue: flag.optional(),
      ...page,
    }),
    reply: rows(openView),
  },
  oversightRefusals: {
    method: 'GET',
    path: '/oversight/refusals',
    summary: { zh: '驳回理由统计', en: 'Refusals by sentence' },
    allowed: SEERS,
    query: z.object(span),
    reply: z.object({ rows: z.array(refusalRow) }),
  },
  exportOversight: {
    method: 'GET',
    path: '/oversight/figures/file',
    summary: { zh: '导出监督统计', en: 'Figures as a file' },
    allowed: SEERS,
    query: z.object({ ...span, by: z.enum(GROUPINGS).default('authority'), format }),
    reply: 'file',
  },
  exportOversightEntries: {
    method: 'GET',
    path: '/oversight/entries/file',
    summary: { zh: '导出监督统计明细', en: 'The rows behind a figure as a file' },
    allowed: SEERS,
    query: z.object({ ...entryAsk, format }),
    reply: 'file',
  },

  listMyRatings: {
    method: 'GET',
    path: '/my/ratings',
    summary: { zh: '可评价的办结事项', en: 'Decided items to rate' },
    allowed: RATERS,
    /** A window clerk names the subject. */
    query: z.object({ subject: id.optional(), ...page }),
    reply: rows(myRatingView),
  },
  rateItem: {
    method: 'POST',
    path: '/my/ratings/:subject/:item',
    summary: { zh: '评价办结事项', en: 'Rate a decided item' },
    allowed: RATERS,
    params: z.object({ subject: id, item: id }),
    body: z.object({
      score: z.int().min(1).max(5),
      reasons: z.array(z.enum(RATING_REASONS)).max(RATING_REASONS.length).default([]),
      remark: z.string().trim().max(TEXT_MAX).default(''),
    }),
    reply: myRatingView,
    status: 201,
  },
  listRatings: {
    method: 'GET',
    path: '/ratings',
    summary: { zh: '服务评价', en: 'Ratings of the service' },
    allowed: SEERS,
    query: z.object({
      authority: id.optional(),
      score: z.coerce.number<string | number>().int().min(1).max(5).optional(),
      state: z.enum(['needed', 'overdue', 'replied']).optional(),
      ...page,
    }),
    reply: rows(ratingView).extend({
      count,
      /** Mean of the points; null where nobody has rated. */
      mean: z.number().nullable(),
      byScore: z.array(z.object({ score: z.int(), count })),
    }),
  },
  replyToRating: {
    method: 'POST',
    path: '/ratings/:id/reply',
    summary: { zh: '回复服务评价', en: 'Reply to a rating' },
    allowed: { roles: ['officer', 'head'] },
    params: byId,
    body: z.object({ seen, reply: z.string().trim().min(2).max(TEXT_MAX) }),
    reply: ratingView,
  },

  listRepairReports: {
    method: 'GET',
    path: '/oversight/reports',
    summary: { zh: '信用修复月报', en: 'Monthly reports on repair' },
    allowed: SEERS,
    query: z.object({ state: z.enum(REPORT_STATES).optional(), ...page }),
    reply: rows(reportView),
  },
  draftRepairReport: {
    method: 'POST',
    path: '/oversight/reports',
    summary: { zh: '拟制月报', en: 'Draft a monthly report' },
    allowed: OFFICE,
    body: z.object({ month }),
    reply: reportView,
    status: 201,
  },
  recomputeRepairReport: {
    method: 'POST',
    path: '/oversight/reports/:id/recompute',
    summary: { zh: '重新计算月报草稿', en: 'Compute a draft again' },
    allowed: OFFICE,
    params: byId,
    body: z.object({ seen }),
    reply: reportView,
  },
  publishRepairReport: {
    method: 'POST',
    path: '/oversight/reports/:id/publish',
    summary: { zh: '发布月报', en: 'Publish a monthly report' },
    allowed: OFFICE,
    params: byId,
    body: z.object({ seen }),
    reply: reportView,
  },
  verifyRepairReport: {
    method: 'GET',
    path: '/oversight/reports/:id/verify',
    summary: { zh: '复核月报数据', en: 'Compute a report again and compare' },
    allowed: SEERS,
    params: byId,
    reply: z.object({
      same: z.boolean(),
      digest: z.string(),
      again: z.string(),
      asOf: instant,
      differing: z.array(z.string()),
    }),
  },
  repairReportPaper: {
    method: 'GET',
    path: '/repair/reports/:id',
    summary: { zh: '信用修复月报正文', en: 'A monthly report as a document' },
    allowed: { anyone: true },
    params: z.object({ id: z.string() }),
    query: z.object({ lang: z.enum(['zh', 'en']).optional().catch(undefined) }),
    reply: 'html',
  },
  repairReportsPage: {
    method: 'GET',
    path: '/repair/reports',
    summary: { zh: '信用修复月报栏目', en: 'Published monthly reports' },
    allowed: { anyone: true },
    query: z.object({ after: z.string().optional(), lang: z.enum(['zh', 'en']).optional().catch(undefined) }),
    reply: 'html',
  },

  listCandidates: {
    method: 'GET',
    path: '/revocation-candidates',
    summary: { zh: '长期异常经营主体清单', en: 'Persistently abnormal enterprises' },
    allowed: SEERS,
    query: z.object({ state: z.enum(CANDIDATE_STATES).optional(), division: division.optional(), ...page }),
    reply: rows(candidateView).extend({
      byState: z.object(
        Object.fromEntries(CANDIDATE_STATES.map((s) => [s, count])) as Record<
          (typeof CANDIDATE_STATES)[number],
          typeof count
        >,
      ),
      rule: z
        .object({
          years: z.int(),
          standing: z.boolean(),
          instrument: words,
          article: z.string(),
          unsure: z.boolean(),
          note: words.nullable(),
        })
        .nullable(),
    }),
  },
  findCandidates: {
    method: 'POST',
    path: '/revocation-candidates',
    summary: { zh: '更新候选清单', en: 'Find candidates again' },
    allowed: OFFICE,
    body: z.object({}),
    reply: z.object({ found: count, dropped: count }),
  },
  handOverCandidate: {
    method: 'POST',
    path: '/revocation-candidates/:id/hand-over',
    summary: { zh: '移交登记机关', en: 'Hand to the registrar' },
    allowed: OFFICE,
    params: byId,
    body: z.object({ seen }),
    reply: candidateView,
  },
  answerCandidate: {
    method: 'POST',
    path: '/revocation-candidates/:id/answer',
    summary: { zh: '登记机关答复', en: 'Answer of the registrar' },
    allowed: { roles: ['officer', 'head'] },
    params: byId,
    body: z.object({
      seen,
      answer: z.enum(ANSWERS),
      docNo: z.string().trim().max(100).default(''),
      note: z.string().trim().max(TEXT_MAX).default(''),
    }),
    reply: candidateView,
  },
  exportCandidates: {
    method: 'GET',
    path: '/revocation-candidates/file',
    summary: { zh: '导出长期异常经营主体清单', en: 'Persistently abnormal enterprises as a file' },
    allowed: SEERS,
    query: z.object({ state: z.enum(CANDIDATE_STATES).optional(), division: division.optional(), format }),
    reply: 'file',
  },
})

export const refusals = {
  MONTHS_BACKWARDS: {
    kind: 'invalid',
    zh: '起始月份不能晚于截止月份。',
    en: 'The first month must not lie after the last.',
  },
  MONTHS_TOO_MANY: {
    kind: 'invalid',
    zh: '统计期间最长为{months}个月，请缩短。',
    en: 'A span holds at most {months} months; choose a shorter one.',
  },
  NO_SUCH_DECIDED_ITEM: {
    kind: 'not_found',
    zh: '没有这个办结事项，或者不由您的主体申请。',
    en: 'There is no such item, or it was not applied for by your subject.',
  },
  NOT_DECIDED_YET: {
    kind: 'refused',
    zh: '事项作出决定后方可评价；撤回或者终止的事项不评价。',
    en: 'An item can be rated once it is decided; what was withdrawn or lapsed is not rated.',
  },
  RATED_ALREADY: {
    kind: 'conflict',
    zh: '该事项已经评价过，每个办结事项只能评价一次。',
    en: 'This item has been rated; each decided item is rated once.',
  },
  RATING_CLOSED: {
    kind: 'refused',
    zh: '本地未开通服务评价。',
    en: 'Ratings of the service are not open here.',
  },
  REASON_MISSING: {
    kind: 'refused',
    zh: '不满意的评价请至少选择一项原因，便于改进。',
    en: 'Please choose at least one reason when you are not satisfied, so that it can be mended.',
  },
  REASON_NOT_FITTING: {
    kind: 'refused',
    zh: '所选原因与评分不符，请重新选择。',
    en: 'A chosen reason does not go with the points given.',
  },
  REPLIED_ALREADY: {
    kind: 'conflict',
    zh: '该评价已经回复。',
    en: 'This rating has been replied to.',
  },
  MONTH_STILL_RUNS: {
    kind: 'refused',
    zh: '{month}尚未结束，月末之后方可拟制月报。',
    en: 'The month {month} is not over; its report can be drafted from the first day after it.',
  },
  REPORT_EXISTS: {
    kind: 'conflict',
    zh: '该月的月报已经拟制，请在原稿上重新计算或者发布。',
    en: 'There is a report for this month already; compute that one again or publish it.',
  },
  NOTHING_TO_REPORT: {
    kind: 'refused',
    zh: '该月没有信用修复事项，不需要月报。',
    en: 'Nothing happened in this month, so there is nothing to report.',
  },
  NO_SUCH_REPORT: {
    kind: 'not_found',
    zh: '没有这份月报，或者尚未发布。',
    en: 'There is no such report, or it is not published.',
  },
  NO_REVOCATION_RULE: {
    kind: 'refused',
    zh: '本地没有规定长期异常经营主体的认定条件。',
    en: 'No rule on persistently abnormal enterprises is set here.',
  },
  NO_LONGER_PROVEN: {
    kind: 'refused',
    zh: '经重新核对，该企业已不同时具备两项条件，不能移交。',
    en: 'Checked again, the two conditions no longer both hold; it cannot be handed over.',
  },
  NO_REGISTRAR: {
    kind: 'refused',
    zh: '该企业登记地没有市场监督管理部门，请先维护单位信息。',
    en: 'There is no market supervision authority at the place of registration; enter it first.',
  },
  ANSWER_DOC_MISSING: {
    kind: 'refused',
    zh: '答复“已吊销营业执照”的，请填写决定书文号。',
    en: 'When the licence was revoked, give the number of the decision.',
  },
} as const satisfies RefusalCatalogue
