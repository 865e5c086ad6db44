import type { CatalogItem } from '../../kernel/policy.ts'
import type { Refusal, RefusalCatalogue } from '../../kernel/decision.ts'
import { type Lang, type Words, fill, say } from '../../kernel/words.ts'
import { type Ctx, hasRole } from '../../platform/context.ts'
import {
  type CatalogView,
  type CheckRunView,
  type ProblemView,
  type ProposalView,
  type RowView,
  type SubmissionView,
  refusals,
} from './contract.ts'
import { fileRefusals } from './files/refusals.ts'
import { itemOf, dayOfSubmission } from './open.ts'
import type { Problem } from './rules.columns.ts'
import type { Doubt, Proposal } from './rules.proposals.ts'
import type { CheckRun } from './store.checks.ts'
import type { FileRefusal, KeptRow, Submission } from './store.ts'
import { DOUBT_WORDS, MEND_RULE_WORDS } from './words.mends.ts'
import { HINTS, PROBLEMS } from './words.problems.ts'

const CATALOGUE: RefusalCatalogue = { ...fileRefusals, ...refusals }
const sentence = ({ code, params }: Refusal, lang: Lang): string => {
  const meaning = CATALOGUE[code]
  if (!meaning) throw new Error(`no words for ${code}`)
  return fill(meaning[lang], params, lang)
}
const refusalView = (refusal: FileRefusal, lang: Lang): { code: string; message: string } => ({
  code: refusal.code,
  message: [refusal, ...(refusal.more ?? [])].map((r) => sentence(r, lang)).join(lang === 'zh' ? '' : ' '),
})

const nameless = (code: string): Words => ({ zh: code, en: code })
const progressOf = (s: Submission): number => {
  if (s.state === 'done') return 100
  return s.totalRows ? Math.min(99, Math.floor((s.received * 100) / s.totalRows)) : 0
}

export const checkRunView = (ctx: Ctx, c: CheckRun): CheckRunView => ({
  id: c.id,
  item: c.item,
  fileName: c.fileName,
  state: c.state,
  refusal: c.refusal ? refusalView(c.refusal, ctx.lang) : null,
  checkedRows: c.checkedRows,
  totalRows: c.totalRows,
  result: c.state === 'done' && c.found ? c.found.view : null,
  createdAt: c.createdAt,
  finishedAt: c.finishedAt,
})

export const submissionView = (ctx: Ctx, s: Submission): SubmissionView => ({
  id: s.id,
  no: s.no,
  item: s.item,
  itemName: itemOf(ctx, s.item, dayOfSubmission(s.createdAt))?.name ?? nameless(s.item),
  authority: { id: s.authorityId, name: s.authorityName },
  wayIn: s.wayIn,
  state: s.state,
  refusal: s.refusal ? refusalView(s.refusal, ctx.lang) : null,
  fileName: s.fileName,
  fileHash: s.fileHash,
  bytes: s.bytes,
  received: s.received,
  accepted: s.accepted,
  refused: s.refused,
  pending: s.pending,
  alreadyHeld: s.alreadyHeld,
  asides: s.header?.asides ?? { count: 0, first: [] },
  totalRows: s.state === 'done' ? s.received : s.totalRows,
  continuedFrom: s.continuedFrom,
  progress: progressOf(s),
  backfill: s.backfill,
  corrects: s.corrects,
  handedInBy: s.handedInBy,
  createdAt: s.createdAt,
  finishedAt: s.finishedAt,
  workbook: s.refused > 0,
})

type Speaks = { reason: Words; mend: Words }
const wordsOf = (item: CatalogItem | null, code: string): Speaks => {
  const own = (PROBLEMS as Record<string, Speaks>)[code]
  if (own) return own
  const check = item?.checks.find((c) => c.code === code)
  if (!check) throw new Error(`no words for the problem ${code}`)
  return { reason: check.words, mend: check.mend }
}

/** A stored problem in sentences. */
export const problemView = (item: CatalogItem | null, p: Problem, lang: Lang): ProblemView => {
  const { reason, mend } = wordsOf(item, p.code)
  const params = { label: p.label, value: p.value, hint: HINTS.none, ...p.params }
  return {
    code: p.code,
    field: p.label[lang],
    value: p.value,
    reason: say(reason, lang, params),
    mend: say(mend, lang, params).trim(),
  }
}

export const proposalView = (p: Proposal, lang: Lang): ProposalView => ({
  key: p.field,
  field: p.label[lang],
  was: p.was,
  became: p.became,
  rule: p.rule,
  why: MEND_RULE_WORDS[p.rule][lang],
})
export const doubtView = (d: Doubt, lang: Lang) => ({
  field: d.label[lang],
  value: d.value,
  why: say(DOUBT_WORDS[d.kind], lang, { value: d.value, readings: d.readings, n: d.n }),
})

export const rowView = (ctx: Ctx, item: CatalogItem | null, r: KeptRow): RowView => ({
  n: r.n,
  verdict: r.verdict,
  name: r.name,
  docNo: r.docNo,
  problems: r.problems.map((p) => problemView(item, p, ctx.lang)),
  subjectId: r.subjectId,
  recordId: r.recordId,
  decidedAt: r.decidedAt,
  mayDecide: r.verdict === 'pending' && hasRole(ctx.actor, 'collector', 'credit_office'),
  version: r.version,
})

export const catalogItemView = (item: CatalogItem, mayReport: boolean): CatalogView['items'][number] => ({
  code: item.code,
  name: item.name,
  negative: item.negative,
  basis: { instrument: item.instrument, article: item.article },
  reporting: { workdays: item.reporting.workdays, period: item.reporting.period, article: item.reporting.article },
  mayReport,
  fields: item.fields.map((f) => ({
    key: f.key,
    code: f.code,
    label: f.label,
    type: f.type,
    required: typeof f.required === 'string' ? f.required : 'sometimes',
    secret: f.secret,
    public: f.public,
    maxLength: f.maxLength,
    choices: f.choices.map((c) => ({ code: c.code, label: c.label })),
  })),
})
