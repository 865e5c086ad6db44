import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { CIRCULAR_ACTIONS, CIRCULAR_STATES } from './states.ts'
import { COLOURS, COUNTS, INDICATORS, MEND_KINDS } from './words.ts'
import { count, id, instant, pageAsk, words } from '../../kernel/shapes.ts'

const month = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .meta({ zh: '月份', en: 'Month' })
const page = pageAsk({ usual: PAGE_LIMIT })
const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)

/** numerator ÷ denominator; null where there is nothing to divide by. */
export const shareView = z
  .object({
    code: z.enum(INDICATORS),
    weight: z.number(),
    numerator: z.int(),
    denominator: count,
    share: z.number().min(0).max(1).nullable(),
  })
  .meta({ id: 'QualityShare' })

const scored = {
  received: count,
  score: z.number().min(0).max(100).nullable(),
  colour: z.enum(COLOURS).nullable(),
  shares: z.array(shareView),
}
export const figureView = z.object(scored).meta({ id: 'QualityFigure' })
export type FigureView = z.infer<typeof figureView>

export const standingView = z
  .object({
    authorityId: id,
    authorityName: z.string(),
    division: z.string(),
    /** Within the territory asked for; equal scores share it. */
    rank: z.int().min(1).nullable(),
    /** Score less that of the month before. */
    change: z.number().nullable(),
    ...scored,
  })
  .meta({ id: 'QualityStanding' })
export type StandingView = z.infer<typeof standingView>

export const scoringView = z.object({
  green: z.number(),
  yellow: z.number(),
  indicators: z.array(
    z.object({
      code: z.enum(INDICATORS),
      weight: z.number(),
      plus: z.array(z.enum(COUNTS)),
      minus: z.array(z.enum(COUNTS)),
      over: z.enum(COUNTS),
    }),
  ),
  basis: z.object({ instrument: words, article: z.string(), unsure: z.boolean(), note: words.nullable() }),
})
export type ScoringView = z.infer<typeof scoringView>

const trend = z.array(
  z.object({ month, score: z.number().nullable(), colour: z.enum(COLOURS).nullable(), received: count }),
)

export const overviewView = z.object({
  month,
  /** The figures cover what had happened by then. */
  countedAt: instant.nullable(),
  /** The month still runs. */
  running: z.boolean(),
  scoring: scoringView,
  territory: z.object({ division: z.string(), ...scored }),
  colours: z.object({ green: count, yellow: count, red: count, none: count }),
  districts: z.array(z.object({ division: z.string(), authorities: count, ...scored })),
  trend,
})
export type OverviewView = z.infer<typeof overviewView>

export const authorityQualityView = z.object({
  month,
  countedAt: instant.nullable(),
  running: z.boolean(),
  scoring: scoringView,
  standing: standingView,
  /** How many authorities of the territory have a score this month. */
  rankedAmong: count,
  counts: z.object(Object.fromEntries(COUNTS.map((c) => [c, count])) as Record<(typeof COUNTS)[number], typeof count>),
  district: figureView,
  trend,
})
export type AuthorityQualityView = z.infer<typeof authorityQualityView>

export const faultView = z
  .object({
    item,
    itemName: words,
    code: z.string(),
    field: z.string(),
    label: words,
    /** What the fault is, in one sentence without the values of a row. */
    says: words,
    rows: count,
    authorities: count,
  })
  .meta({ id: 'QualityFault' })
export type FaultView = z.infer<typeof faultView>

export const faultRowView = z.object({
  submissionId: id,
  submissionNo: z.string(),
  authorityName: z.string(),
  n: z.int(),
  docNo: z.string(),
  at: instant,
})

export const mendView = z.object({
  month,
  colour: z.enum(COLOURS).nullable(),
  score: z.number().nullable(),
  /** null: green already, or no mending of what stands open reaches the next colour. */
  plan: z
    .object({
      to: z.enum(COLOURS),
      scoreThen: z.number(),
      rows: count,
      take: z.object({ returned_row: count, pending_row: count, incomplete_record: count }),
      /** Of the returned rows: reported late when they come today, and reckoned as such. */
      late: count,
    })
    .nullable(),
  open: z.object({ returned_row: count, pending_row: count, incomplete_record: count }),
})
export type MendView = z.infer<typeof mendView>

export const mendRowView = z.object({
  kind: z.enum(MEND_KINDS),
  submissionId: id,
  submissionNo: z.string(),
  n: z.int(),
  item,
  itemName: words,
  docNo: z.string(),
  /** Fields that ought to be filled and are not. */
  missing: z.array(words),
  /** What is wrong with the row. */
  faults: z.array(words),
})
export type MendRowView = z.infer<typeof mendRowView>

const circularHead = {
  id,
  no: words.nullable(),
  title: words,
  division: z.string(),
  month,
  state: z.enum(CIRCULAR_STATES),
  issuer: z.string(),
  digest: z.string(),
  asOf: instant,
  policyVersion: z.string(),
  issuedAt: instant.nullable(),
  actions: z.array(z.enum(CIRCULAR_ACTIONS)),
  version: z.int().min(1),
}
export const circularView = z.object(circularHead).meta({ id: 'Circular' })
export type CircularView = z.infer<typeof circularView>

const everyone = { roles: ['collector', 'officer', 'head', 'credit_office'] } as const
const office = { roles: ['credit_office'] } as const
const byId = z.object({ id })
const faultAsk = { month, authorityId: id.optional() }

export const endpoints = defineEndpoints({
  qualityOverview: {
    method: 'GET',
    path: '/quality/overview',
    summary: { zh: '归集质量总览', en: 'Quality of what is reported: overview' },
    allowed: office,
    query: z.object({ month: month.optional() }),
    reply: overviewView,
  },
  listStandings: {
    method: 'GET',
    path: '/quality/authorities',
    summary: { zh: '单位质量排名', en: 'Standing of authorities' },
    allowed: office,
    query: z.object({
      month,
      division: z
        .string()
        .regex(/^\d{6}$/)
        .optional(),
      colour: z.enum(COLOURS).optional(),
      ...page,
    }),
    reply: z.object({ rows: z.array(standingView), next: z.string().nullable() }),
  },
  authorityQuality: {
    method: 'GET',
    path: '/quality/authorities/:id',
    summary: { zh: '单位归集质量', en: 'Quality of an authority' },
    allowed: everyone,
    params: byId,
    query: z.object({ month: month.optional() }),
    reply: authorityQualityView,
  },
  listFaults: {
    method: 'GET',
    path: '/quality/faults',
    summary: { zh: '常见差错（前十项）', en: 'The ten most frequent faults' },
    allowed: everyone,
    query: z.object(faultAsk),
    reply: z.object({ rows: z.array(faultView) }),
  },
  listFaultRows: {
    method: 'GET',
    path: '/quality/faults/rows',
    summary: { zh: '差错所在行', en: 'The rows with a fault' },
    allowed: everyone,
    query: z.object({ ...faultAsk, item, code: z.string().max(60), field: z.string().max(60), ...page }),
    reply: z.object({ rows: z.array(faultRowView), next: z.string().nullable() }),
  },
  mendPlan: {
    method: 'GET',
    path: '/quality/authorities/:id/mend',
    summary: { zh: '升级所需更正的行数', en: 'What to mend for the next colour' },
    allowed: everyone,
    params: byId,
    query: z.object({ month }),
    reply: mendView,
  },
  listMendRows: {
    method: 'GET',
    path: '/quality/authorities/:id/mend/rows',
    summary: { zh: '升级所需更正的各行', en: 'The rows to mend for the next colour' },
    allowed: everyone,
    params: byId,
    query: z.object({ month, ...page }),
    reply: z.object({ rows: z.array(mendRowView), next: z.string().nullable() }),
  },

  listCirculars: {
    method: 'GET',
    path: '/circulars',
    summary: { zh: '通报列表', en: 'Circulars' },
    allowed: everyone,
    query: z.object({ state: z.enum(CIRCULAR_STATES).optional(), ...page }),
    reply: z.object({ rows: z.array(circularView), next: z.string().nullable() }),
  },
  getCircular: {
    method: 'GET',
    path: '/circulars/:id',
    summary: { zh: '查看通报', en: 'A circular' },
    allowed: everyone,
    params: byId,
    reply: circularView,
  },
  draftCircular: {
    method: 'POST',
    path: '/circulars',
    summary: { zh: '拟制通报', en: 'Draft a circular' },
    allowed: office,
    body: z.object({ month }),
    reply: circularView,
    status: 201,
  },
  recomputeCircular: {
    method: 'POST',
    path: '/circulars/:id/recompute',
    summary: { zh: '重新计算通报草稿', en: 'Compute a draft again' },
    allowed: office,
    params: byId,
    body: z.object({ seen: z.int().min(1) }),
    reply: circularView,
  },
  issueCircular: {
    method: 'POST',
    path: '/circulars/:id/issue',
    summary: { zh: '印发通报', en: 'Issue a circular' },
    allowed: office,
    params: byId,
    body: z.object({ seen: z.int().min(1) }),
    reply: circularView,
  },
  verifyCircular: {
    method: 'GET',
    path: '/circulars/:id/verify',
    summary: { zh: '复核通报数据', en: 'Compute a circular again and compare' },
    allowed: everyone,
    params: byId,
    reply: z.object({
      same: z.boolean(),
      digest: z.string(),
      again: z.string(),
      asOf: instant,
      /** Authorities whose figures come out otherwise. */
      differing: z.array(z.string()),
    }),
  },
  circularPaper: {
    method: 'GET',
    path: '/circulars/:id/paper',
    summary: { zh: '通报正文', en: 'A circular as a document' },
    allowed: everyone,
    params: byId,
    reply: 'html',
  },
  circularFile: {
    method: 'GET',
    path: '/circulars/:id/file',
    summary: { zh: '下载通报', en: 'A circular as a file' },
    allowed: everyone,
    params: byId,
    query: z.object({ lang: z.enum(['zh', 'en']).default('zh') }),
    reply: 'file',
  },
})

export const refusals = {
  MONTH_NOT_OVER: {
    kind: 'refused',
    zh: '{month}尚未结束，月末之后方可拟制通报。',
    en: 'The month {month} is not over; its circular can be drafted from the first day after it.',
  },
  CIRCULAR_EXISTS: {
    kind: 'conflict',
    zh: '该月的通报已经拟制，请在原稿上重新计算或者印发。',
    en: 'There is a circular for this month already; compute that one again or issue it.',
  },
  NO_FIGURES: {
    kind: 'refused',
    zh: '该月没有单位报送数据，不需要通报。',
    en: 'No authority reported anything in this month, so there is nothing to circulate.',
  },
} as const satisfies RefusalCatalogue
