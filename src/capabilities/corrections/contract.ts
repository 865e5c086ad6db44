import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { SUBJECT_KINDS } from '../subjects/contract.ts'
import { CASE_ACTIONS, CASE_KINDS, CASE_STATES, OUTCOMES, TASK_ACTIONS, TASK_KINDS, TASK_STATES } from './words.ts'
import { count, id, instant, pageAsk, seen, words } from '../../kernel/shapes.ts'

export { CASE_KINDS, CASE_STATES, OUTCOMES, TASK_KINDS, TASK_STATES }

const day = z.string().meta({ format: 'date' })
const note = z.string().trim().max(500)
const reason = z.string().trim().min(4).max(500)
const page = pageAsk({ most: 100, usual: PAGE_LIMIT })
const list = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })

// ---- figures (A2)

export const figureRow = z.object({
  /** Two characters of the category; null where nothing tells who registers. */
  registrar: words,
  division: z.string().nullable(),
  organisations: count,
  coded: count,
  /** Organisations without a unified code. */
  uncoded: count,
  /** Rows handed in with a code that fails GB 32100. */
  wrong: count,
  /** Open conflicts between codes and names. */
  duplicate: count,
  opened: count,
  corrected: count,
  /** Answered by the day they were due, of those that were due or answered. */
  due: count,
  inTime: count,
  overdue: count,
})
export type FigureRow = z.infer<typeof figureRow>
export const figuresView = z.object({
  rows: z.array(figureRow),
  goal: z.number().nullable(),
  unsure: words.nullable(),
})
export type FiguresView = z.infer<typeof figuresView>

/** One thing behind a figure. */
export const figureItem = z.object({
  id: z.string(),
  kind: z.enum(TASK_KINDS),
  name: z.string(),
  held: z.string(),
  offered: z.string(),
  authorityName: z.string(),
  division: z.string().nullable(),
  at: instant.nullable(),
  /** What a task could be opened about. */
  about: z.object({
    subjectId: id.nullable(),
    conflictId: id.nullable(),
    submissionId: id.nullable(),
    n: z.int().nullable(),
  }),
  taskId: id.nullable(),
})
export type FigureItem = z.infer<typeof figureItem>

// ---- tasks

const answer = z.object({
  outcome: z.enum(OUTCOMES),
  /** The right code, where a code was wrong or double. */
  code: z.string().trim().max(40).nullable().default(null),
  /** The name as registered under that code, where it differs from the one handed in. */
  name: z.string().trim().max(200).nullable().default(null),
  /** One code, two names: the name handed in is the present one, or an earlier one. */
  nameIs: z.enum(['present', 'former']).nullable().default(null),
  /** The day from which the name handed in held. */
  validFrom: z.iso.date().nullable().default(null),
  text: z.string().trim().min(4).max(1000),
})
export type Answer = z.infer<typeof answer>

const answered = z.object({
  outcome: z.enum(OUTCOMES),
  code: z.string().nullable(),
  name: z.string().nullable(),
  nameIs: z.enum(['present', 'former']).nullable(),
  validFrom: day.nullable(),
  text: z.string(),
  by: z.string(),
})

/** What accepting the answer does, in figures, before it is done. */
export const effectView = z.object({
  /** rename, former: names. keep: nothing changes. code: the code means this subject. merge: two files, to be brought together by two people. none. */
  does: z.enum(['rename', 'former', 'keep', 'code', 'alias', 'merge', 'none']),
  records: count,
  authorities: count,
  byAuthority: z.array(z.object({ name: z.string(), n: count })),
  pending: count,
})
export type EffectView = z.infer<typeof effectView>
export const actView = z.object({
  action: z.enum([...TASK_ACTIONS, ...CASE_ACTIONS, 'open', 'propose']),
  at: instant,
  by: z.string(),
  note: z.string(),
})
export const taskRow = z.object({
  id,
  no: z.string(),
  kind: z.enum(TASK_KINDS),
  name: z.string(),
  held: z.string(),
  offered: z.string(),
  division: z.string().nullable(),
  authorityName: z.string(),
  toOffice: z.boolean(),
  state: z.enum(TASK_STATES),
  overdue: z.boolean(),
  openedOn: day,
  dueOn: day,
  outcome: z.enum(OUTCOMES).nullable(),
  version: seen,
})
export type TaskRow = z.infer<typeof taskRow>
export const taskView = taskRow.extend({
  registrar: words.nullable(),
  subjectCode: z.string().nullable(),
  reason: z.string(),
  source: z.string(),
  term: z.object({
    workdays: z.number().nullable(),
    instrument: words,
    article: z.string(),
    unsure: words.nullable(),
    provisional: z.boolean(),
  }),
  /** The file that comes with the answer; attached before. */
  proof: z.object({ name: z.string() }).nullable(),
  answer: answered.nullable(),
  /** What accepting would do; once closed, what it did. */
  effect: effectView.nullable(),
  caseId: id.nullable(),
  acts: z.array(actView),
  actions: z.array(z.enum(TASK_ACTIONS)),
  /** Codes one typing mistake away, for a person to compare with the licence. */
  suggestions: z.array(z.string()),
})
export type TaskView = z.infer<typeof taskView>

// ---- files brought together or taken apart

export const clashView = z.object({
  fromId: id,
  intoId: id,
  item: z.string(),
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: day,
})
const subjectBrief = z.object({
  id,
  name: z.string(),
  code: z.string().nullable(),
  kind: z.enum(SUBJECT_KINDS),
  division: z.string().nullable(),
})
export const previewView = z.object({
  from: subjectBrief,
  into: subjectBrief.nullable(),
  records: z.array(z.object({ name: z.string(), n: count })),
  counts: z.array(z.object({ what: words, n: count })),
  codes: z.array(z.object({ kind: z.string(), code: z.string() })),
  names: z.array(z.string()),
  clashes: z.array(clashView),
  /** Why it cannot be done now. */
  inTheWay: z.array(z.object({ code: z.string(), message: words })),
  /** Of everything above: who decides must have seen the same. */
  digest: z.string(),
})
export type PreviewView = z.infer<typeof previewView>
const solved = z.array(z.object({ fromId: id, intoId: id, stands: z.enum(['from', 'into']) })).max(500)
export const mergeAsk = z.object({
  fromCode: z.string().trim().min(5).max(40),
  intoCode: z.string().trim().min(5).max(40),
  clashes: solved.default([]),
})
export const splitAsk = z.object({
  fromCode: z.string().trim().min(5).max(40),
  /** An organisation that is held already, or a new one under a code of its own. */
  intoCode: z.string().trim().max(40).optional(),
  newName: z.string().trim().max(200).optional(),
  newCode: z.string().trim().max(40).optional(),
  records: z.array(id).max(2000).default([]),
  codes: z.array(z.string().trim().max(40)).max(20).default([]),
  clashes: solved.default([]),
})
export const caseRow = z.object({
  id,
  no: z.string(),
  kind: z.enum(CASE_KINDS),
  state: z.enum(CASE_STATES),
  fromName: z.string(),
  fromCode: z.string().nullable(),
  intoName: z.string(),
  intoCode: z.string().nullable(),
  proposedBy: z.string(),
  proposedAt: instant,
  version: seen,
})
export type CaseRow = z.infer<typeof caseRow>
export const caseView = caseRow.extend({
  reason: z.string(),
  undoReason: z.string().nullable(),
  /** While it waits: what would move. Once done: what moved. */
  preview: previewView,
  chosen: z.object({ records: count, codes: z.array(z.string()), clashes: solved }),
  late: count,
  acts: z.array(actView),
  actions: z.array(z.enum(CASE_ACTIONS)),
})
export type CaseView = z.infer<typeof caseView>

export const fileRecord = z.object({
  id,
  itemName: words,
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: day,
})

const office = { roles: ['credit_office'] } as const
const asked = { roles: ['officer', 'head', 'credit_office'] } as const
const byId = z.object({ id })

export const endpoints = defineEndpoints({
  codeFigures: {
    method: 'GET',
    path: '/code-figures',
    summary: { zh: '统一代码覆盖率和重错码统计', en: 'Coverage, wrong and duplicate codes' },
    allowed: { roles: ['credit_office', 'auditor'] },
    reply: figuresView,
  },
  codeFigureRows: {
    method: 'GET',
    path: '/code-figures/rows',
    summary: { zh: '重错码统计明细', en: 'The rows behind a figure' },
    allowed: { roles: ['credit_office', 'auditor'] },
    query: z.object({
      column: z.enum(['uncoded', 'wrong', 'duplicate']),
      registrar: z.string().max(60).optional(),
      division: z.string().max(6).optional(),
      ...page,
    }),
    reply: list(figureItem),
  },
  listTasks: {
    method: 'GET',
    path: '/code-tasks',
    summary: { zh: '重错码核实任务清单', en: 'Code correction tasks' },
    allowed: asked,
    query: z.object({ view: z.enum(['open', 'answered', 'overdue', 'closed']).default('open'), ...page }),
    reply: list(taskRow).extend({ counts: z.object({ open: count, answered: count, overdue: count }) }),
  },
  getTask: {
    method: 'GET',
    path: '/code-tasks/:id',
    summary: { zh: '重错码核实任务', en: 'A code correction task' },
    allowed: asked,
    params: byId,
    reply: taskView,
  },
  openTask: {
    method: 'POST',
    path: '/code-tasks',
    summary: { zh: '发起重错码核实', en: 'Ask the registering authority about a code' },
    allowed: office,
    body: z.object({
      subjectId: id.nullable().default(null),
      conflictId: id.nullable().default(null),
      submissionId: id.nullable().default(null),
      n: z.int().min(1).nullable().default(null),
      reason: note.default(''),
    }),
    reply: taskView,
    status: 201,
  },
  answerTask: {
    method: 'POST',
    path: '/code-tasks/:id/answer',
    summary: { zh: '答复重错码核实', en: 'Answer a task' },
    allowed: asked,
    params: byId,
    body: answer.extend({ seen }),
    reply: taskView,
  },
  attachProof: {
    method: 'POST',
    path: '/code-tasks/:id/proof',
    summary: { zh: '上传核实证明材料', en: 'Upload the proof of an answer' },
    allowed: asked,
    upload: true,
    params: byId,
    reply: taskView,
  },
  taskProof: {
    method: 'GET',
    path: '/code-tasks/:id/proof',
    summary: { zh: '下载核实证明材料', en: 'The proof of an answer' },
    allowed: asked,
    params: byId,
    reply: 'file',
  },
  acceptAnswer: {
    method: 'POST',
    path: '/code-tasks/:id/accept',
    summary: { zh: '确认答复并更正', en: 'Accept the answer and put things right' },
    allowed: office,
    params: byId,
    body: z.object({ seen, note: note.default('') }),
    reply: taskView,
  },
  sendBackAnswer: {
    method: 'POST',
    path: '/code-tasks/:id/send-back',
    summary: { zh: '退回重新核实', en: 'Send an answer back' },
    allowed: office,
    params: byId,
    body: z.object({ seen, note: reason }),
    reply: taskView,
  },
  withdrawTask: {
    method: 'POST',
    path: '/code-tasks/:id/withdraw',
    summary: { zh: '撤回核实任务', en: 'Withdraw a task' },
    allowed: office,
    params: byId,
    body: z.object({ seen, note: reason }),
    reply: taskView,
  },
  listCases: {
    method: 'GET',
    path: '/file-cases',
    summary: { zh: '档案合并与拆分事项', en: 'Files brought together or taken apart' },
    allowed: { roles: ['credit_office', 'auditor'] },
    query: z.object({ state: z.enum(CASE_STATES).optional(), ...page }),
    reply: list(caseRow),
  },
  getCase: {
    method: 'GET',
    path: '/file-cases/:id',
    summary: { zh: '档案合并或拆分事项', en: 'A case of files brought together or taken apart' },
    allowed: { roles: ['credit_office', 'auditor'] },
    params: byId,
    reply: caseView,
  },
  listFileRecords: {
    method: 'GET',
    path: '/file-cases/records',
    summary: { zh: '可供拆分的信息', en: 'Records that could be split off' },
    allowed: office,
    query: z.object({ code: z.string().trim().min(5).max(40) }),
    reply: z.object({
      subject: subjectBrief,
      codes: z.array(z.object({ kind: z.string(), code: z.string() })),
      rows: z.array(fileRecord),
    }),
  },
  previewMerge: {
    method: 'POST',
    path: '/file-cases/merge/preview',
    summary: { zh: '预览合并档案', en: 'What bringing two files together would move' },
    allowed: office,
    body: mergeAsk,
    reply: previewView,
    idempotent: false,
  },
  proposeMerge: {
    method: 'POST',
    path: '/file-cases/merge',
    summary: { zh: '提出合并档案', en: 'Propose to bring two files together' },
    allowed: office,
    body: mergeAsk.extend({ reason, digest: z.string().min(1).max(100) }),
    reply: caseView,
    status: 201,
  },
  previewSplit: {
    method: 'POST',
    path: '/file-cases/split/preview',
    summary: { zh: '预览拆分档案', en: 'What taking a file apart would move' },
    allowed: office,
    body: splitAsk,
    reply: previewView,
    idempotent: false,
  },
  proposeSplit: {
    method: 'POST',
    path: '/file-cases/split',
    summary: { zh: '提出拆分档案', en: 'Propose to take a file apart' },
    allowed: office,
    body: splitAsk.extend({ reason, digest: z.string().min(1).max(100) }),
    reply: caseView,
    status: 201,
  },
  decideCase: {
    method: 'POST',
    path: '/file-cases/:id/decision',
    summary: { zh: '复核档案合并或拆分', en: 'Decide about a case' },
    allowed: office,
    params: byId,
    body: z.object({
      seen,
      action: z.enum(CASE_ACTIONS),
      digest: z.string().max(100).optional(),
      note: note.default(''),
    }),
    reply: caseView,
  },
})

export const refusals = {
  NO_SUCH_TASK: {
    kind: 'not_found',
    zh: '没有这项核实任务，或者不由本单位办理。',
    en: 'There is no such task, or it is not yours.',
  },
  NOTHING_TO_ASK: {
    kind: 'not_found',
    zh: '没有查询到需要核实的代码或者名称。',
    en: 'There is nothing to ask about there.',
  },
  TASK_EXISTS: {
    kind: 'conflict',
    zh: '该事项已有核实任务（编号{no}），不需要重复发起。',
    en: 'There is a task about it already (no. {no}).',
  },
  NO_ADDRESSEE: {
    kind: 'refused',
    zh: '平台上没有登记管理部门，也没有信用办可以受理，请先登记单位。',
    en: 'Neither the registering authority nor a credit office is on the platform.',
  },
  NOT_FOR_PERSONS: {
    kind: 'refused',
    zh: '自然人的证件和姓名不通过核实任务处理。',
    en: 'Documents and names of natural persons are not dealt with by tasks.',
  },
  ANSWER_NEEDS_CODE: {
    kind: 'refused',
    zh: '答复为“有误，已更正”的，应当填写正确的统一社会信用代码。',
    en: 'A correction needs the right unified code.',
  },
  ANSWER_NEEDS_NAME: {
    kind: 'refused',
    zh: '答复为“有误，已更正”的，应当说明报送的名称是现用名称还是曾用名，并填写启用日期。',
    en: 'A correction says whether the name handed in is the present or a former one, and from which day.',
  },
  ANSWER_CODE_WRONG: {
    kind: 'refused',
    zh: '“{code}”不符合统一社会信用代码编码规则（GB 32100-2015），请核对证照。',
    en: '“{code}” is no unified social credit code (GB 32100-2015).',
  },
  ANSWER_CODE_OTHER: {
    kind: 'refused',
    zh: '正确的代码应当是“{held}”或者“{offered}”之一；两者都不正确的，请选择“无法核实”并说明情况。',
    en: 'The right code is one of “{held}” and “{offered}”; if neither is, say that it cannot be told, and why.',
  },
  PROOF_TYPE: {
    kind: 'refused',
    zh: '“{file}”不是 PDF、JPG、PNG 文件。',
    en: '“{file}” is not a PDF, JPG or PNG file.',
  },
  NO_PROOF: { kind: 'not_found', zh: '该答复没有证明材料。', en: 'The answer has no proof.' },
  SAME_PERSON: {
    kind: 'forbidden',
    zh: '该步骤应当由另一名工作人员办理，不能由同一人提出并确认。',
    en: 'The second step belongs to another person.',
  },
  NO_SUCH_CASE: { kind: 'not_found', zh: '没有这项档案合并或者拆分事项。', en: 'There is no such case.' },
  SAME_SUBJECT: {
    kind: 'refused',
    zh: '两个代码属于同一信用主体，不需要合并。',
    en: 'Both codes belong to one subject already.',
  },
  ALREADY_MERGED: {
    kind: 'refused',
    zh: '其中一份档案已经合并，请以现存档案办理。',
    en: 'One of the files has been brought together with another already.',
  },
  KINDS_DIFFER: {
    kind: 'refused',
    zh: '自然人与组织的档案不能合并。',
    en: 'A person and an organisation are never one.',
  },
  CASE_OPEN: {
    kind: 'conflict',
    zh: '该档案已有待复核的事项（编号{no}）。',
    en: 'A case about this file waits already (no. {no}).',
  },
  PREVIEW_CHANGED: {
    kind: 'conflict',
    zh: '档案内容在此期间有变化，请重新查看将要变动的内容后再办理。',
    en: 'What would move has changed in the meantime; look at it again.',
  },
  CLASHES_UNSOLVED: {
    kind: 'refused',
    zh: '两份档案中有{n}条相同的决定，请逐条选择以哪一条为准。',
    en: '{n} decisions stand on both files; say for each which one stands.',
  },
  NOTHING_CHOSEN: { kind: 'refused', zh: '请选择要移出的信息或者代码。', en: 'Choose the records or codes that go.' },
  CODE_NOT_THERE: { kind: 'refused', zh: '代码“{code}”不在该档案中。', en: 'The code “{code}” is not on this file.' },
  NEW_SUBJECT_UNCLEAR: {
    kind: 'refused',
    zh: '移入新档案的，应当填写名称和有效代码；移入现有档案的，应当填写其代码。',
    en: 'A new file needs a name and a valid code; an existing one its code.',
  },
  CODE_TAKEN: {
    kind: 'refused',
    zh: '代码“{code}”已经属于另一信用主体。',
    en: 'The code “{code}” belongs to another subject.',
  },
  LATER_CASE: {
    kind: 'refused',
    zh: '此后又有涉及该档案的事项（编号{no}）生效，请先还原后一事项。',
    en: 'A later case (no. {no}) has changed these files; undo that one first.',
  },
} as const satisfies RefusalCatalogue
