import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { OVERDUE_MATTERS } from '../../kernel/closed-sets.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { FINDING_ACTIONS, FINDING_STATES, FOUND, SAMPLE_ACTIONS, SAMPLE_STATES } from './states.ts'
import { BEGINS_BY, CLASSES, FINDING_KINDS, MEASURES, type Measure } from './words.ts'
import { instant, pageAsk, words } from '../../kernel/shapes.ts'

// ---- for capabilities above

/** One rate of one authority or division over a span of months. */
export type RateRow = {
  authorityId: string | null
  authorityName: string
  division: string
  measure: Measure
  numerator: number
  denominator: number
  share: number | null
}
/** What an authority owes an answer to; `ref` is what the oldest of it is: a submission, a record, a finding. */
export type OverdueRow = {
  authorityId: string
  what: (typeof OVERDUE_MATTERS)[number]
  count: number
  oldest: LocalDate
  ref: string
}

const date = z.string().meta({ format: 'date' })
const month = z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/)
const count = z.number().int()
const seen = z.number().int().min(1)
const text = z.string().trim()
const page = pageAsk({ most: 100 })
const span = { from: month.optional(), to: month.optional() }
const cell = { authorityId: z.uuid().optional(), item: z.string().max(40).optional() }

export const rateView = z.object({
  measure: z.enum(MEASURES),
  numerator: count,
  denominator: count,
  share: z.number().nullable(),
  goal: z.number(),
  met: z.boolean(),
})
export type RateView = z.infer<typeof rateView>
const formulaView = z.object({
  measure: z.enum(MEASURES),
  numerator: z.string(),
  denominator: z.string(),
  unsure: z.boolean(),
  instrument: words,
  article: z.string(),
  note: words.nullable(),
  source: z.string(),
})

const countsView = z.object({
  submissions: count,
  received: count,
  accepted: count,
  refused: count,
  pending: count,
  alreadyHeld: count,
  onTime: count,
  late: count,
  backfill: count,
  annulled: count,
  noTerm: count,
  missing: count,
  explained: count,
  drawn: count,
  concealed: count,
})
export type CountsView = z.infer<typeof countsView>
export const overviewView = z.object({
  from: month,
  to: month,
  /** The figures hold for everything that was committed up to then; `waiting` changes of records are still to be counted. */
  countedTo: instant.nullable(),
  waiting: count,
  monthBasis: z.enum(['decided_on', 'reported_on']),
  formulas: z.array(formulaView),
  totals: countsView,
  rates: z.array(rateView),
  trend: z.array(countsView.extend({ month, rates: z.array(rateView) })),
  worst: z.array(
    countsView.extend({
      authorityId: z.string(),
      authorityName: z.string(),
      division: z.string(),
      rates: z.array(rateView),
    }),
  ),
})
export type OverviewView = z.infer<typeof overviewView>

export const ledgerRow = z.object({
  authorityId: z.string(),
  authorityName: z.string(),
  division: z.string(),
  item: z.string(),
  itemName: words,
  month,
  due: count,
  onTime: count,
  late: count,
  missing: count,
  backfill: count,
  annulled: count,
  noTerm: count,
})
export type LedgerRow = z.infer<typeof ledgerRow>

export const entryView = z.object({
  subjectId: z.string(),
  recordId: z.string(),
  authorityId: z.string(),
  authorityName: z.string(),
  item: z.string(),
  itemName: words,
  subjectName: z.string(),
  docNo: z.string(),
  decidedOn: date,
  dueOn: date.nullable(),
  /** The calendar of some year it reaches into is not published yet. */
  provisional: z.boolean(),
  reportedOn: date,
  workdaysLate: count,
  class: z.enum(CLASSES),
  /** Marked as backfill when it was handed in, whether or not it counts as such. */
  flagged: z.boolean(),
})
export type EntryView = z.infer<typeof entryView>

export const findingView = z.object({
  id: z.string(),
  authorityId: z.string(),
  authorityName: z.string(),
  item: z.string(),
  itemName: words,
  kind: z.enum(FINDING_KINDS),
  docNo: z.string(),
  decidedOn: date,
  dueOn: date,
  heldBefore: z.string().nullable(),
  heldAfter: z.string().nullable(),
  state: z.enum(FINDING_STATES),
  explanation: z.string(),
  decision: z.string(),
  foundAt: instant,
  version: z.number().int(),
  actions: z.array(z.enum(FINDING_ACTIONS)),
})
export type FindingView = z.infer<typeof findingView>

export const listView = z.object({
  id: z.string(),
  authorityId: z.string(),
  authorityName: z.string(),
  item: z.string(),
  itemName: words,
  from: date,
  to: date,
  fileName: z.string(),
  fileHash: z.string(),
  rows: count,
  held: count,
  notDue: count,
  missing: count,
  uploadedAt: instant,
  byOffice: z.boolean(),
})
export type ListView = z.infer<typeof listView>

const sampleRow = z.object({
  n: count,
  /** Its row in the list's file. */
  listN: count,
  docNo: z.string(),
  decidedOn: date,
  /** A record of this number is held. */
  held: z.boolean(),
  found: z.enum(FOUND).nullable(),
  note: z.string(),
})
export const sampleView = z.object({
  id: z.string(),
  authorityId: z.string(),
  authorityName: z.string(),
  item: z.string(),
  itemName: words,
  listId: z.string(),
  listName: z.string(),
  listHash: z.string(),
  seed: z.string(),
  size: count,
  population: count,
  state: z.enum(SAMPLE_STATES),
  marked: count,
  neither: count,
  answer: z.string(),
  outcome: z.string(),
  drawnAt: instant,
  version: z.number().int(),
  actions: z.array(z.enum(SAMPLE_ACTIONS)),
})
export type SampleView = z.infer<typeof sampleView>
export const sampleDetail = sampleView.extend({ rows: z.array(sampleRow) })
export type SampleDetail = z.infer<typeof sampleDetail>

const startView = z.object({
  authorityId: z.string(),
  authorityName: z.string(),
  division: z.string(),
  beginsOn: date,
  beginsBy: z.enum(BEGINS_BY),
  reason: z.string(),
  version: z.number().int(),
})
export type StartView = z.infer<typeof startView>

const id = z.object({ id: z.uuid() })
const OFFICE = ['credit_office'] as const
const AUTHORITY = ['collector', 'head'] as const
const BOTH = ['collector', 'head', 'credit_office'] as const

export const endpoints = defineEndpoints({
  getTimeliness: {
    method: 'GET',
    path: '/timeliness/overview',
    summary: { zh: '报送情况总览', en: 'Overview of reporting' },
    allowed: { roles: BOTH },
    query: z.object({ ...span, ...cell }),
    reply: overviewView,
  },
  listLedger: {
    method: 'GET',
    path: '/timeliness/ledger',
    summary: { zh: '报送台账', en: 'The reporting ledger' },
    allowed: { roles: BOTH },
    query: z.object({ ...span, ...cell, ...page }),
    reply: z.object({ rows: z.array(ledgerRow), next: z.string().nullable() }),
  },
  exportLedger: {
    method: 'GET',
    path: '/timeliness/ledger.xlsx',
    summary: { zh: '导出报送台账', en: 'The reporting ledger as a workbook' },
    allowed: { roles: BOTH },
    query: z.object({ ...span, ...cell }),
    reply: 'file',
  },
  listEntries: {
    method: 'GET',
    path: '/timeliness/records',
    summary: { zh: '台账数字所对应的信息', en: 'The records behind a figure of the ledger' },
    allowed: { roles: BOTH },
    query: z.object({ ...span, ...cell, class: z.enum(CLASSES), ...page }),
    reply: z.object({ rows: z.array(entryView), next: z.string().nullable() }),
  },
  listFindings: {
    method: 'GET',
    path: '/timeliness/findings',
    summary: { zh: '疑似漏报清单', en: 'Decisions that seem to be missing' },
    allowed: { roles: BOTH },
    query: z.object({
      ...span,
      ...cell,
      state: z.enum(FINDING_STATES).optional(),
      kind: z.enum(FINDING_KINDS).optional(),
      ...page,
    }),
    reply: z.object({ rows: z.array(findingView), next: z.string().nullable() }),
  },
  findMissing: {
    method: 'POST',
    path: '/timeliness/authorities/:id/find-missing',
    summary: { zh: '立即排查一个单位的漏报', en: 'Look for missing reports of an authority now' },
    allowed: { roles: OFFICE },
    params: id,
    reply: z.object({ found: count, reported: count }),
  },
  explainFinding: {
    method: 'POST',
    path: '/timeliness/findings/:id/explain',
    summary: { zh: '单位说明疑似漏报的情况', en: 'The authority explains a missing decision' },
    allowed: { roles: AUTHORITY },
    params: id,
    body: z.object({ seen, reason: text.min(4).max(500) }),
    reply: findingView,
  },
  dismissFinding: {
    method: 'POST',
    path: '/timeliness/findings/:id/dismiss',
    summary: { zh: '信用办认可说明，不计漏报', en: 'The credit office dismisses a finding' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen, reason: text.min(4).max(500) }),
    reply: findingView,
  },
  reopenFinding: {
    method: 'POST',
    path: '/timeliness/findings/:id/reopen',
    summary: { zh: '信用办恢复核实', en: 'The credit office reopens a finding' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen, reason: text.min(4).max(500) }),
    reply: findingView,
  },
  uploadDecisionList: {
    method: 'POST',
    path: '/timeliness/lists',
    summary: { zh: '上传单位的决定清单并比对', en: 'Upload an authority’s own list of decisions and compare it' },
    allowed: { roles: BOTH },
    upload: true,
    body: z.object({
      /** The credit office says whose list it is; an authority uploads its own. */
      authorityId: z.uuid().optional(),
      item: z.string().min(1).max(40),
    }),
    reply: listView,
    status: 201,
  },
  listDecisionLists: {
    method: 'GET',
    path: '/timeliness/lists',
    summary: { zh: '已上传的决定清单', en: 'Lists of decisions that were uploaded' },
    allowed: { roles: BOTH },
    query: z.object({ ...cell, ...page }),
    reply: z.object({ rows: z.array(listView), next: z.string().nullable() }),
  },
  drawSample: {
    method: 'POST',
    path: '/timeliness/samples',
    summary: { zh: '从决定清单中抽取样本', en: 'Draw a sample from a list of decisions' },
    allowed: { roles: OFFICE },
    body: z.object({
      listId: z.uuid(),
      size: z.number().int().min(1).max(100_000),
      /** Left out, the platform makes one. With the list it gives the same rows again. */
      seed: z.string().trim().min(4).max(100).optional(),
    }),
    reply: sampleDetail,
    status: 201,
  },
  listSamples: {
    method: 'GET',
    path: '/timeliness/samples',
    summary: { zh: '瞒报抽查', en: 'Spot checks for concealment' },
    allowed: { roles: BOTH },
    query: z.object({ ...cell, state: z.enum(SAMPLE_STATES).optional(), ...page }),
    reply: z.object({ rows: z.array(sampleView), next: z.string().nullable() }),
  },
  getSample: {
    method: 'GET',
    path: '/timeliness/samples/:id',
    summary: { zh: '查看一次抽查', en: 'One spot check with its rows' },
    allowed: { roles: BOTH },
    params: id,
    reply: sampleDetail,
  },
  markSampleRows: {
    method: 'POST',
    path: '/timeliness/samples/:id/marks',
    summary: { zh: '记录抽查结果', en: 'Mark what was found' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({
      seen,
      marks: z
        .array(z.object({ n: z.number().int().min(1), found: z.enum(FOUND), note: text.max(500).default('') }))
        .min(1)
        .max(500),
    }),
    reply: sampleDetail,
  },
  closeSample: {
    method: 'POST',
    path: '/timeliness/samples/:id/close',
    summary: { zh: '完成核对并告知单位', en: 'Close the check; the authority sees the result' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen }),
    reply: sampleDetail,
  },
  answerSample: {
    method: 'POST',
    path: '/timeliness/samples/:id/answer',
    summary: { zh: '单位回复抽查结果', en: 'The authority answers' },
    allowed: { roles: AUTHORITY },
    params: id,
    body: z.object({ seen, answer: text.min(4).max(1000) }),
    reply: sampleDetail,
  },
  reviseSample: {
    method: 'POST',
    path: '/timeliness/samples/:id/revise',
    summary: { zh: '根据回复重新核对', en: 'Check again after the answer' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen, outcome: text.min(4).max(1000) }),
    reply: sampleDetail,
  },
  settleSample: {
    method: 'POST',
    path: '/timeliness/samples/:id/settle',
    summary: { zh: '办结抽查', en: 'Settle the check' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen, outcome: text.min(4).max(1000) }),
    reply: sampleDetail,
  },
  listReportingStarts: {
    method: 'GET',
    path: '/timeliness/starts',
    summary: { zh: '各单位开始报送的日期', en: 'Since when each authority reports' },
    allowed: { roles: BOTH },
    query: z.object({ ...page }),
    reply: z.object({ rows: z.array(startView), next: z.string().nullable() }),
  },
  setReportingStart: {
    method: 'PUT',
    path: '/timeliness/starts/:id',
    summary: { zh: '核定单位开始报送的日期', en: 'Set since when an authority reports' },
    allowed: { roles: OFFICE },
    params: id,
    body: z.object({ seen, beginsOn: date, reason: text.min(4).max(500) }),
    reply: startView,
  },
})

export const refusals = {
  NO_SUCH_AUTHORITY: { kind: 'not_found', zh: '未查询到该单位。', en: 'There is no such authority.' },
  NO_SUCH_FINDING: { kind: 'not_found', zh: '未查询到该条疑似漏报。', en: 'There is no such finding.' },
  NO_SUCH_LIST: { kind: 'not_found', zh: '未查询到该决定清单。', en: 'There is no such list.' },
  NO_SUCH_SAMPLE: { kind: 'not_found', zh: '未查询到该次抽查。', en: 'There is no such spot check.' },
  NO_SUCH_START: {
    kind: 'not_found',
    zh: '该单位尚未报送过信息。',
    en: 'The authority has not reported anything yet.',
  },
  AUTHORITY_NEEDED: {
    kind: 'invalid',
    zh: '请先选择单位。',
    en: 'Choose an authority first.',
  },
  SPAN_TOO_LONG: {
    kind: 'invalid',
    zh: '起止月份有误：起始月份不得晚于截止月份，跨度不得超过 {months} 个月。',
    en: 'The months are not right: from may not lie after to, and the span may be {months} months at most.',
  },
  UNKNOWN_LIST_ITEM: { kind: 'invalid', zh: '归集目录中没有此类信息。', en: 'The catalog has no such item.' },
  LIST_COLUMNS_MISSING: {
    kind: 'refused',
    zh: '清单中没有找到“{columns}”列，请核对表头。',
    en: 'The list has no column “{columns}”; check the heading row.',
  },
  LIST_ROW_BAD: {
    kind: 'refused',
    zh: '清单第 {row} 行的文书号或者决定日期有误，请修改后重新上传。',
    en: 'Row {row} of the list has no decision number or no valid day; mend it and upload again.',
  },
  LIST_EMPTY: { kind: 'refused', zh: '清单中没有决定信息。', en: 'The list holds no decisions.' },
  LIST_TOO_LONG: {
    kind: 'refused',
    zh: '清单超过 {most} 行，请按月份拆分后上传。',
    en: 'The list has more than {most} rows; split it by month.',
  },
  SAMPLE_SIZE_OUT_OF_BOUNDS: {
    kind: 'refused',
    zh: '每次抽取 {least} 至 {most} 条。',
    en: 'A draw takes {least} to {most} rows.',
  },
  SAMPLE_LARGER_THAN_LIST: {
    kind: 'refused',
    zh: '清单共 {population} 条，抽取条数不得超过清单条数。',
    en: 'The list has {population} rows; a draw may not be larger.',
  },
  SAMPLE_NOT_MARKED: {
    kind: 'refused',
    zh: '还有 {left} 条未记录结果，全部记录后方可完成核对。',
    en: '{left} rows are not marked yet; mark all of them first.',
  },
  SAMPLE_ROW_UNKNOWN: { kind: 'invalid', zh: '抽查中没有第 {n} 条。', en: 'The check has no row {n}.' },
  SAMPLE_NOTE_NEEDED: {
    kind: 'refused',
    zh: '第 {n} 条与平台所载不一致，请写明核对依据。',
    en: 'Row {n} differs from what the platform holds; write what it was checked against.',
  },
  START_IN_FUTURE: { kind: 'refused', zh: '开始报送的日期不得晚于今天。', en: 'The day may not lie in the future.' },
} satisfies RefusalCatalogue
