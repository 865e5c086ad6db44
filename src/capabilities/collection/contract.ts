import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { ANNUL_CAUSES } from '../records/contract.ts'
import { ANNUL_OUTCOMES } from './words.annul.ts'
import { MEND_RULES } from './words.mends.ts'
import { CHECK_STATES, ROW_ACTIONS, SUBMISSION_STATES, VERDICTS, WAYS_IN } from './words.ts'
import { count, id, pageAsk, words } from '../../kernel/shapes.ts'

export { SUBMISSION_STATES, VERDICTS, WAYS_IN }

const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const page = pageAsk({ usual: PAGE_LIMIT })
const flag = z.enum(['yes', 'no']).default('no')

/** The most rows of one push through the API. */
export const PUSH_ROWS = 1000
const pushValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type PushValue = z.infer<typeof pushValue>
/** Keys are the catalog's field keys, the national codes or the headings; values are text, numbers or true/false. */
const pushed = z.record(z.string(), pushValue)
export type Pushed = z.infer<typeof pushed>

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

/** A value that would mend a row: what stands there, what it would become, and why. It takes a person to accept it. */
export const proposalView = z.object({
  /** The catalog's key, by which it is accepted. */
  key: z.string(),
  field: z.string(),
  was: z.string(),
  became: z.string(),
  rule: z.enum(MEND_RULES),
  why: z.string(),
})
export type ProposalView = z.infer<typeof proposalView>
/** What can be read in several ways is said, and nothing is proposed. */
export const doubtView = z.object({ field: z.string(), value: z.string(), why: z.string() })

/**
 * Which proposals are accepted: those named, with the value that was seen; or all but some. The platform makes the proposals
 * again and takes what was accepted and still stands, so that nothing enters as proposed that was not.
 */
export const acceptedMends = z.union([
  z.object({ only: z.array(z.tuple([z.int().min(1), z.string().max(60), z.string().max(4000)])).max(5000) }),
  z.object({ all: z.literal(true), except: z.array(z.tuple([z.int().min(1), z.string().max(60)])).max(5000) }),
])
export type AcceptedMends = z.infer<typeof acceptedMends>

/** Rows that are no data (totals, who filled it in, notes): passed over, and said. */
const asidesView = z.object({ count, first: z.array(z.object({ n: z.int(), text: z.string() })) })

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
  /** Totals, signatures and notes in the file, which are no data and were passed over. */
  asides: asidesView,
  /** Rows in the file; 0 until it has been read once. */
  totalRows: count,
  /** The number of the row after which the work was taken up again when whoever was at it had ended; null when it ran through. */
  continuedFrom: count.nullable(),
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

/** What became of rows that are answered at once. */
export const enteredView = z.object({
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
})
export type Entered = z.infer<typeof enteredView>

const condition = z.object({ field: z.string(), is: z.array(z.string()).optional(), filled: z.boolean().optional() })
/** Everything that the pure rules ask of an item, so that the form checks in the browser what the server will check. */
export const formView = z.object({
  item: z.object({
    code: item,
    name: words,
    system: z.string(),
    negative: z.boolean(),
    instrument: words,
    article: z.string(),
    sharing: z.string(),
    publicity: z.string(),
    naturalKey: z.array(z.string()),
    reporting: z.object({ workdays: z.number().nullable(), period: z.string().nullable(), starts: z.string() }),
    fields: z.array(
      z.object({
        key: z.string(),
        code: z.string(),
        label: words,
        aliases: z.array(z.string()),
        type: z.string(),
        maxLength: z.number().nullable(),
        required: z.union([z.enum(['always', 'never']), z.array(condition)]),
        absent: z.array(condition),
        choices: z.array(
          z.object({ code: z.string(), label: words, aliases: z.array(z.string()), means: z.string().nullable() }),
        ),
        secret: z.boolean(),
        public: z.boolean(),
        supplement: z.boolean(),
        note: words.nullable(),
      }),
    ),
    checks: z.array(z.object({ code: z.string(), fields: z.array(z.string()), words, mend: words })),
  }),
  today: z.string(),
  reporter: z.object({ id, code: z.string(), name: z.string(), division: z.string(), system: z.string() }),
  /** The credit office hands in on behalf of others: who may have decided is then known to the server alone. */
  onBehalf: z.boolean(),
  /** Authorities that the reporter may name as the one that decided; its own first. */
  deciders: z.array(z.object({ id, code: z.string(), name: z.string(), division: z.string(), system: z.string() })),
  categories: z.array(z.object({ code: z.string(), name: words, registrar: words, subjectKind: z.string() })),
  lists: z.array(z.object({ code: z.string(), recordSystem: z.string() })),
})
export type FormView = z.infer<typeof formView>

/** How an authority's own table is read: catalog field ← heading of the table; catalog field ← the same value in every row. */
export const mappingView = z.object({
  item,
  columns: z.record(z.string(), z.string()),
  constants: z.record(z.string(), z.string()),
})

/** What would become of a row that is not simply new: it is in the file twice, held already, or changes what is held. */
const foreseenRow = z.object({
  n: z.int(),
  name: z.string(),
  docNo: z.string(),
  verdict: z.enum(['already_held', 'changed', 'repeated']),
  /** The earlier row of this file with the same number. */
  repeats: z.int().nullable(),
  changes: z.array(z.object({ field: z.string(), was: z.string(), becomes: z.string() })),
})

/** A file read to its end, checked, compared with what is held, and not kept: received = accepted + refused + pending + alreadyHeld. */
export const checkView = z.object({
  item,
  /** Heading by heading: which field it was read as; null = not read. */
  columns: z.array(z.object({ heading: z.string(), field: z.string().nullable() })),
  received: count,
  accepted: count,
  refused: count,
  pending: count,
  alreadyHeld: count,
  /** Of the accepted: new versions of records that are held. */
  changed: count,
  /** Rows whose number stands in an earlier row of this file. */
  repeated: count,
  /** Of the refused: rows that would be accepted with what is proposed for them. */
  mendable: count,
  proposals: count,
  asides: asidesView,
  /** All rows with proposals are among `rows`; else they are accepted or left all together. */
  complete: z.boolean(),
  /** The first rows with problems, in the order of the file. */
  rows: z.array(
    z.object({
      n: z.int(),
      name: z.string(),
      verdict: z.enum(['refused', 'pending']),
      problems: z.array(problemView),
      proposals: z.array(proposalView),
      doubts: z.array(doubtView),
      /** With the proposals it would be accepted. */
      mendable: z.boolean(),
    }),
  ),
  /** The first rows that are in the file twice, held already, or change what is held. */
  others: z.array(foreseenRow),
})
export type CheckView = z.infer<typeof checkView>

/** A preflight on its way, for whoever asked for it; it is forgotten a day after its end. */
export const checkRunView = z.object({
  id,
  item,
  fileName: z.string(),
  state: z.enum(CHECK_STATES),
  /** Why the whole file cannot be taken. */
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  checkedRows: count,
  /** 0 until the file has been read once. */
  totalRows: count,
  /** Once it is done. */
  result: checkView.nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type CheckRunView = z.infer<typeof checkRunView>

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
      /** JSON of the accepted proposals of the preflight: {"only": [[row, key, value], …]} or {"all": true, "except": [[row, key], …]}. */
      mending: z.string().max(900_000).optional(),
    }),
    reply: submissionView,
    status: 202,
  },
  checkFile: {
    method: 'POST',
    path: '/submissions/checks',
    summary: { zh: '预检文件，不入库', en: 'Preflight a file; nothing of it is taken in' },
    allowed: handIn,
    upload: true,
    body: uploadFields,
    reply: checkRunView,
    status: 202,
  },
  getCheck: {
    method: 'GET',
    path: '/submissions/checks/:id',
    summary: { zh: '预检进度和结果', en: 'How a preflight goes, and what it found' },
    allowed: handIn,
    params: z.object({ id }),
    reply: checkRunView,
  },
  cancelCheck: {
    method: 'POST',
    path: '/submissions/checks/:id/cancel',
    summary: { zh: '取消预检', en: 'Cancel a preflight' },
    allowed: handIn,
    params: z.object({ id }),
    reply: checkRunView,
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
  listProposals: {
    method: 'GET',
    path: '/submissions/:id/proposals',
    summary: { zh: '退回数据的修改建议', en: 'What would mend the returned rows' },
    allowed: handIn,
    params: z.object({ id }),
    query: z.object({ ...page }),
    reply: z.object({
      rows: z.array(
        z.object({
          n: z.int(),
          name: z.string(),
          proposals: z.array(proposalView),
          doubts: z.array(doubtView),
          mendable: z.boolean(),
        }),
      ),
      next: z.string().nullable(),
    }),
  },
  mendRows: {
    method: 'POST',
    path: '/submissions/:id/mends',
    summary: { zh: '采纳修改建议，重新入库', en: 'Accept proposals for returned rows' },
    allowed: handIn,
    params: z.object({ id }),
    body: z.object({ accepted: acceptedMends }),
    reply: z.object({
      /** Rows that are no longer returned. */
      mended: count,
      /** There are more rows to go through than one call takes: call again. */
      more: z.boolean(),
      receipt: submissionView,
    }),
  },
  listMends: {
    method: 'GET',
    path: '/submissions/:id/mends',
    summary: { zh: '已采纳的修改', en: 'What was accepted as proposed' },
    allowed: { ...collectors, scopes: ['collect'] },
    params: z.object({ id }),
    query: z.object({ ...page }),
    reply: z.object({
      rows: z.array(
        proposalView
          .omit({ why: true })
          .extend({ n: z.int(), why: z.string(), acceptedBy: z.string(), acceptedAt: z.string() }),
      ),
      next: z.string().nullable(),
    }),
  },
  annulNumbers: {
    method: 'POST',
    path: '/annulments',
    summary: { zh: '按清单撤销本单位信息', en: 'Annul own records by a list of numbers' },
    allowed: { roles: ['collector', 'officer', 'head'] },
    upload: true,
    body: z.object({
      item,
      /** For rows that state none themselves. */
      cause: z.enum(ANNUL_CAUSES).default('other'),
      reason: z.string().trim().max(500).optional(),
    }),
    reply: z.object({
      received: count,
      annulled: count,
      rows: z.array(
        z.object({ n: z.int(), docNo: z.string(), outcome: z.enum(ANNUL_OUTCOMES), recordId: id.nullable() }),
      ),
    }),
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
    /** A batch, or one record. */
    body: z.object({ records: z.array(pushed).min(1).max(PUSH_ROWS).optional(), record: pushed.optional() }),
    reply: enteredView,
  },
  form: {
    method: 'GET',
    path: '/forms/:item',
    summary: { zh: '在线填报表单', en: 'The online form of an item' },
    allowed: handIn,
    params: z.object({ item }),
    reply: formView,
  },
  submitForm: {
    method: 'POST',
    path: '/forms/:item',
    summary: { zh: '在线填报一条信息', en: 'Hand in one record by the form' },
    allowed: handIn,
    params: z.object({ item }),
    body: z.object({
      record: z.record(z.string(), z.string().max(32_767)),
      backfill: flag,
      /** The submission whose returned record this one mends. */
      corrects: id.optional(),
    }),
    reply: enteredView,
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
  NO_SUCH_CHECK: {
    kind: 'not_found',
    zh: '没有这次预检，或者结果已经清除，请重新预检。',
    en: 'There is no such preflight, or what it found is forgotten by now. Begin it again.',
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
  ANNUL_LIST_TOO_LONG: {
    kind: 'refused',
    zh: '一份撤销清单最多 {most} 行，请分成几份上传。',
    en: 'A list of numbers to annul has at most {most} rows; hand it in in parts.',
  },
  MENDING_INVALID: {
    kind: 'invalid',
    zh: '采纳的修改建议格式不正确，请重新预检。',
    en: 'The accepted proposals cannot be read; run the preflight again.',
  },
  NOT_FINISHED: {
    kind: 'conflict',
    zh: '这份报送还在处理，请在处理完毕后再采纳修改建议。',
    en: 'The submission is still being worked on; accept proposals when it is done.',
  },
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
  RECORDS_OR_RECORD: {
    kind: 'invalid',
    zh: '请求正文应为 {"records": […]}（1 至 {most} 条）或者 {"record": {…}}，二者取其一。',
    en: 'The body is {"records": […]} with 1 to {most} records, or {"record": {…}}; one of the two.',
  },
  FIELD_TWICE: {
    kind: 'invalid',
    zh: '第 {n} 条中“{field}”以不同的名称出现了两次，请只保留一个。',
    en: 'Record {n} gives “{field}” twice under different names; keep one.',
  },
  UNKNOWN_FIELDS: {
    kind: 'invalid',
    zh: '“{item}”事项没有这些字段：{fields}。',
    en: '“{item}” has no such fields: {fields}.',
  },
} as const satisfies RefusalCatalogue
