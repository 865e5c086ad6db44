import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { ROW_ACTIONS, SUBMISSION_STATES, VERDICTS, WAYS_IN } from './words.ts'

export { SUBMISSION_STATES, VERDICTS, WAYS_IN }

const words = z.object({ zh: z.string(), en: z.string() })
const id = z.uuid()
const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const count = z.int().min(0)
const page = {
  after: z.string().max(400).optional(),
  limit: z.coerce.number<string | number>().int().min(1).max(200).default(PAGE_LIMIT),
}
const flag = z.enum(['yes', 'no']).default('no')

/** The most rows of one push through the API. */
export const PUSH_ROWS = 1000

/** One thing wrong with a row: which field, what stood there, why it cannot be taken, how to mend it. */
export const problemView = z.object({
  code: z.string(),
  field: z.string(),
  /** Identifiers of persons are masked. */
  value: z.string(),
  reason: z.string(),
  mend: z.string(),
})
export type ProblemView = z.infer<typeof problemView>

export const submissionView = z.object({
  id,
  no: z.string(),
  item,
  itemName: words,
  authority: z.object({ id, name: z.string() }),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(SUBMISSION_STATES),
  /** Why the whole file was returned; null when it was not. */
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  fileName: z.string(),
  /** SHA-256 of the file as it came. */
  fileHash: z.string().nullable(),
  bytes: count,
  /** received = accepted + refused + pending + alreadyHeld, at every moment. */
  received: count,
  accepted: count,
  refused: count,
  pending: count,
  alreadyHeld: count,
  /** Part of the file that has been dealt with, 0 to 100. */
  progress: z.number().min(0).max(100),
  backfill: z.boolean(),
  /** The submission whose returned rows this one mends. */
  corrects: id.nullable(),
  handedInBy: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** There are returned rows: `GET /submissions/:id/refused.xlsx` gives the workbook to mend. */
  workbook: z.boolean(),
})
export type SubmissionView = z.infer<typeof submissionView>

export const rowView = z.object({
  /** Number of the row in the file, counted as the spreadsheet counts. */
  n: z.int().min(1),
  verdict: z.enum(VERDICTS),
  /** Name and document number as handed in; natural persons masked. */
  name: z.string(),
  docNo: z.string(),
  problems: z.array(problemView),
  subjectId: id.nullable(),
  recordId: id.nullable(),
  decidedAt: z.string().nullable(),
  /** A pending row that the caller may decide. */
  mayDecide: z.boolean(),
  version: z.int().min(1),
})
export type RowView = z.infer<typeof rowView>

/** How an authority's own table is read: catalog field ← heading of the table; catalog field ← the same value in every row. */
export const mappingView = z.object({
  item,
  columns: z.record(z.string(), z.string()),
  constants: z.record(z.string(), z.string()),
})

export const checkView = z.object({
  item,
  /** Heading by heading: which field it was read as; null = not read. */
  columns: z.array(z.object({ heading: z.string(), field: z.string().nullable() })),
  received: count,
  accepted: count,
  refused: count,
  /** The first rows with problems. */
  rows: z.array(z.object({ n: z.int(), name: z.string(), problems: z.array(problemView) })),
})
export type CheckView = z.infer<typeof checkView>

export const catalogView = z.object({
  items: z.array(
    z.object({
      code: item,
      name: words,
      negative: z.boolean(),
      basis: z.object({ instrument: words, article: z.string() }),
      reporting: z.object({ workdays: z.number().nullable(), period: z.string().nullable(), article: z.string() }),
      /** The caller's authority has the duty to report it. */
      mayReport: z.boolean(),
      fields: z.array(
        z.object({
          key: z.string(),
          code: z.string(),
          label: words,
          type: z.string(),
          required: z.enum(['always', 'sometimes', 'never']),
          secret: z.boolean(),
          public: z.boolean(),
          maxLength: z.number().nullable(),
          choices: z.array(z.object({ code: z.string(), label: words })),
        }),
      ),
    }),
  ),
})

export type CatalogView = z.infer<typeof catalogView>

const collectors = { roles: ['collector', 'head', 'credit_office'] } as const
const handIn = { roles: ['collector', 'credit_office'] } as const
const uploadFields = z.object({
  item,
  /** Text of a mapping file (YAML: `columns:`, `constants:`); absent: the one remembered for these headings, or none. */
  mappingText: z.string().max(100_000).optional(),
})

export const endpoints = defineEndpoints({
  submitFile: {
    method: 'POST',
    path: '/submissions',
    summary: { zh: '上传归集文件', en: 'Hand in a file' },
    allowed: handIn,
    upload: true,
    body: uploadFields.extend({
      corrects: id.optional(),
      /** History that was never reported: marked as such and not counted as late. */
      backfill: flag,
    }),
    reply: submissionView,
    status: 202,
  },
  checkFile: {
    method: 'POST',
    path: '/submissions/check',
    summary: { zh: '校验文件，不入库', en: 'Check a file and keep nothing' },
    allowed: handIn,
    upload: true,
    body: uploadFields,
    reply: checkView,
    idempotent: false,
  },
  listSubmissions: {
    method: 'GET',
    path: '/submissions',
    summary: { zh: '报送台账', en: 'The reporting ledger' },
    allowed: collectors,
    query: z.object({ ...page, state: z.enum(SUBMISSION_STATES).optional(), item: item.optional() }),
    reply: z.object({ rows: z.array(submissionView), next: z.string().nullable() }),
  },
  getSubmission: {
    method: 'GET',
    path: '/submissions/:id',
    summary: { zh: '报送回执', en: 'The receipt of a submission' },
    allowed: { ...collectors, scopes: ['collect'] },
    params: z.object({ id }),
    reply: submissionView,
  },
  listRows: {
    method: 'GET',
    path: '/submissions/:id/rows',
    summary: { zh: '逐行处理结果', en: 'The verdict of each row' },
    allowed: { ...collectors, scopes: ['collect'] },
    params: z.object({ id }),
    query: z.object({ ...page, verdict: z.enum(VERDICTS).optional() }),
    reply: z.object({ rows: z.array(rowView), next: z.string().nullable() }),
  },
  refusedWorkbook: {
    method: 'GET',
    path: '/submissions/:id/refused.xlsx',
    summary: { zh: '退回数据表', en: 'The workbook of returned rows' },
    allowed: collectors,
    params: z.object({ id }),
    reply: 'file',
  },
  decideRow: {
    method: 'POST',
    path: '/submissions/:id/rows/:n/decision',
    summary: { zh: '核实待定数据', en: 'Decide a pending row' },
    allowed: handIn,
    params: z.object({ id, n: z.coerce.number<string | number>().int().min(1) }),
    body: z.object({ action: z.enum(ROW_ACTIONS), seen: z.int().min(1) }),
    reply: rowView,
  },
  pushRecords: {
    method: 'POST',
    limit: 16 * 1024 * 1024,
    path: '/records/:item',
    summary: { zh: '接口推送数据', en: 'Push records' },
    allowed: { scopes: ['collect'] },
    params: z.object({ item }),
    query: z.object({ backfill: flag }),
    /** Keys are the catalog's field keys or the national codes; values are text, numbers or true/false. */
    body: z.union([
      z.object({
        records: z
          .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
          .min(1)
          .max(PUSH_ROWS),
      }),
      z.object({ record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
    ]),
    reply: z.object({
      receipt: submissionView,
      rows: z.array(
        z.object({
          n: z.int(),
          verdict: z.enum(VERDICTS),
          subjectId: id.nullable(),
          recordId: id.nullable(),
          problems: z.array(problemView),
        }),
      ),
    }),
  },
  template: {
    method: 'GET',
    path: '/templates/:item.xlsx',
    summary: { zh: '标准表样', en: 'The blank standard form' },
    allowed: { anyone: true },
    params: z.object({ item }),
    reply: 'file',
  },
  listMappings: {
    method: 'GET',
    path: '/mappings',
    summary: { zh: '已记住的表头对应关系', en: 'How own tables are read' },
    allowed: handIn,
    reply: z.object({
      rows: z.array(mappingView.extend({ headerKey: z.string(), updatedAt: z.string() })),
      next: z.string().nullable(),
    }),
  },
  putMapping: {
    method: 'PUT',
    path: '/mapping',
    summary: { zh: '记住表头对应关系', en: 'Remember how an own table is read' },
    allowed: handIn,
    body: z.object({
      item,
      headings: z.array(z.string().max(500)).min(1).max(300),
      mappingText: z.string().max(100_000),
    }),
    reply: mappingView,
  },
  catalog: {
    method: 'GET',
    path: '/catalog',
    summary: { zh: '信用信息目录', en: 'The catalog' },
    allowed: { anyone: true },
    reply: catalogView,
  },
})

export const refusals = {
  NO_SUCH_SUBMISSION: {
    kind: 'not_found',
    zh: '没有这份报送，或不属于本单位。',
    en: 'There is no such submission, or it is not of your authority.',
  },
  NO_SUCH_ROW: {
    kind: 'not_found',
    zh: '这份报送中没有需要核实的第 {n} 行。',
    en: 'This submission has no row {n} to decide.',
  },
  NO_SUCH_ITEM: { kind: 'not_found', zh: '信用信息目录中没有“{item}”事项。', en: 'The catalog has no item “{item}”.' },
  NO_AUTHORITY: {
    kind: 'forbidden',
    zh: '当前账户不属于任何信源单位，不能报送。',
    en: 'This account belongs to no authority and cannot report.',
  },
  NO_SUCH_AUTHORITY: {
    kind: 'not_found',
    zh: '平台没有登记代码为 {code} 的单位。',
    en: 'No authority is registered under the code {code}.',
  },
  NOT_YOUR_DUTY: {
    kind: 'forbidden',
    zh: '“{authority}”的职责清单中没有“{item}”事项；按照“谁产生、谁上传”，请由产生该信息的单位报送。',
    en: '“{item}” is not among the duties of “{authority}”; the authority that produces the information reports it.',
  },
  NO_REFUSED_ROWS: { kind: 'not_found', zh: '这份报送没有退回的数据。', en: 'This submission has no returned rows.' },
  CORRECTS_UNKNOWN: {
    kind: 'refused',
    zh: '要更正的原报送不存在，或不是本单位同一事项的报送。',
    en: 'The submission to be corrected does not exist or is of another authority or item.',
  },
  ROW_NOT_ACCEPTABLE: {
    kind: 'refused',
    zh: '第 {n} 行按当前规则不能入库：{problems}',
    en: 'Row {n} cannot be accepted by the rules of today: {problems}',
  },
  UNKNOWN_FIELDS: {
    kind: 'invalid',
    zh: '“{item}”事项没有这些字段：{fields}。',
    en: '“{item}” has no such fields: {fields}.',
  },
} as const satisfies RefusalCatalogue
