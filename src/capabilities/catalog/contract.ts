import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { PROPOSAL_ACTIONS, PROPOSAL_STATES } from '../../kernel/proposals.ts'
import { ORIGINS, PREVIEW_STATES } from './states.ts'
import { count, day, id, pageAsk, words } from '../../kernel/shapes.ts'

const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const page = pageAsk({ usual: PAGE_LIMIT })

const law = z.object({ level: z.string(), levelName: words, instrument: words, article: z.string() })
const head = {
  code: item,
  name: words,
  class: z.string(),
  className: words,
  negative: z.boolean(),
  /** Where the catalog names the item; `legalBasis`: what allows to collect and use it. */
  basis: z.object({ instrument: words, article: z.string() }),
  legalBasis: z.array(law),
  /** By when it is reported, in words; the article or the custom behind it. */
  reporting: z.object({ words, article: z.string() }),
  sharing: z.object({ code: z.enum(['unconditional', 'conditional', 'none']), words }),
  publicity: z.object({ code: z.enum(['public', 'by_rule', 'none']), words }),
  /** Whose duty it is; `systems`: the systems of authorities that may have it, none = any. */
  responsible: z.object({ duty: words, systems: z.array(z.string()) }),
  validFrom: day,
  validTo: day.nullable(),
  fieldCount: count,
  unsure: z.boolean(),
  note: words.nullable(),
}
export const itemHeadView = z.object({
  ...head,
  /** How many authorities here have the duty. */
  reporters: count,
  /** The caller's own authority has it. */
  mine: z.boolean(),
  /** A later version has been approved and is in force from this day. */
  nextFrom: day.nullable(),
})
export type ItemHeadView = z.infer<typeof itemHeadView>

export const fieldView = z.object({
  key: z.string(),
  code: z.string(),
  label: words,
  type: words,
  required: words,
  open: words,
  maxLength: z.int().nullable(),
  choices: z.array(words),
  aliases: z.array(z.string()),
  identifies: z.boolean(),
  unsure: z.boolean(),
  note: words.nullable(),
})
export const itemView = z.object({
  ...head,
  fields: z.array(fieldView),
  /** What tells one record of the item from another, beside its subject and authority. */
  naturalKey: z.array(words),
  checks: z.array(words),
  versions: z.array(z.object({ validFrom: day, validTo: day.nullable(), source: z.string() })),
  reporters: z.array(
    z.object({
      id,
      name: z.string(),
      division: z.string(),
      /** Has the duty though its system is not among those responsible. */
      outside: z.boolean(),
    }),
  ),
})
export type ItemView = z.infer<typeof itemView>

const difference = z.object({ what: words, before: words.nullable(), after: words.nullable() })
export const differenceView = z.object({
  head: z.array(difference),
  fields: z.array(
    z.object({
      key: z.string(),
      code: z.string(),
      label: words,
      change: z.enum(['added', 'removed', 'changed']),
      details: z.array(difference),
    }),
  ),
})
export type DifferenceView = z.infer<typeof differenceView>

export const previewView = z.object({
  state: z.enum(PREVIEW_STATES),
  /** Records of the item that are held, and how many of them have been looked at. */
  total: count,
  checked: count,
  /** Held records that would not pass if they were handed in again under the new version, and do under the present one. */
  failing: count,
  faults: z.array(z.object({ field: z.string(), label: words, code: z.string(), reason: z.string(), n: count })),
  added: count,
  removed: count,
  changed: count,
  finishedAt: z.string().nullable(),
})
const person = z.object({ name: z.string(), at: z.string() })
export const proposalHeadView = z.object({
  id,
  item,
  itemName: words,
  origin: z.enum(ORIGINS),
  state: z.enum(PROPOSAL_STATES),
  effectiveFrom: day,
  /** Approved, and its day has come. */
  inForce: z.boolean(),
  reason: z.string(),
  created: person,
  proposed: person.nullable(),
  decided: person.extend({ decision: z.string() }).nullable(),
  failing: count,
  added: count,
  removed: count,
  changed: count,
  version: z.int().min(1),
})
export type ProposalHeadView = z.infer<typeof proposalHeadView>
export const proposalView = proposalHeadView.extend({
  preview: previewView,
  difference: differenceView,
  /** The version it would follow. */
  follows: day.nullable(),
  actions: z.array(z.enum(PROPOSAL_ACTIONS)),
  /** The caller drew it up or proposed it, so that another person must approve. */
  mine: z.boolean(),
})
export type ProposalView = z.infer<typeof proposalView>

export const previewRow = z.object({
  n: z.int().min(1),
  subjectId: id,
  recordId: id,
  /** Of a natural person, masked. */
  subjectName: z.string(),
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: day,
  problems: z.array(z.object({ field: z.string(), value: z.string(), reason: z.string(), mend: z.string() })),
})
export type PreviewRow = z.infer<typeof previewRow>

const office = { roles: ['credit_office'] } as const
const readers = { roles: ['credit_office', 'head', 'territory_admin', 'auditor'] } as const

export const endpoints = defineEndpoints({
  listItems: {
    method: 'GET',
    path: '/catalog/items',
    summary: { zh: '信用信息目录事项', en: 'Items of the catalog' },
    allowed: { anyone: true },
    query: z.object({ on: day.optional() }),
    reply: z.object({
      on: day,
      classes: z.array(z.object({ code: z.string(), name: words, items: z.array(itemHeadView) })),
    }),
  },
  getItem: {
    method: 'GET',
    path: '/catalog/items/:code',
    summary: { zh: '目录事项及其字段', en: 'An item with its fields' },
    allowed: { anyone: true },
    params: z.object({ code: item }),
    /** A day; the version in force on it. Absent: today's. */
    query: z.object({ on: day.optional() }),
    reply: itemView,
  },
  compareVersions: {
    method: 'GET',
    path: '/catalog/items/:code/difference',
    summary: { zh: '比较目录事项的两个版本', en: 'Compare two versions of an item' },
    allowed: { anyone: true },
    params: z.object({ code: item }),
    query: z.object({ before: day, after: day }),
    reply: differenceView,
  },
  listDrafts: {
    method: 'GET',
    path: '/catalog/drafts',
    summary: { zh: '规则包中待启用的版本', en: 'Versions in the pack that await activation' },
    allowed: office,
    reply: z.object({
      rows: z.array(z.object({ id: z.string(), item, itemName: words, validFrom: day, note: words.nullable() })),
      next: z.null(),
    }),
  },
  drawUp: {
    method: 'POST',
    path: '/catalog/proposals',
    limit: 1024 * 1024,
    summary: { zh: '拟定目录新版本并预览影响', en: 'Draw up a new version and preview it' },
    allowed: office,
    body: z.object({
      /** The file's text, or the id of a version that waits in the pack. */
      text: z.string().max(400_000).optional(),
      draft: z.string().max(200).optional(),
      effectiveFrom: day,
      reason: z.string().trim().min(1).max(500),
    }),
    reply: proposalView,
    status: 201,
  },
  listProposals: {
    method: 'GET',
    path: '/catalog/proposals',
    summary: { zh: '目录版本启用记录', en: 'Proposed versions' },
    allowed: readers,
    query: z.object({ ...page, state: z.enum(PROPOSAL_STATES).optional(), item: item.optional() }),
    reply: z.object({ rows: z.array(proposalHeadView), next: z.string().nullable() }),
  },
  getProposal: {
    method: 'GET',
    path: '/catalog/proposals/:id',
    summary: { zh: '目录版本的变化和影响', en: 'What a proposed version changes' },
    allowed: readers,
    params: z.object({ id }),
    reply: proposalView,
  },
  listPreviewRows: {
    method: 'GET',
    path: '/catalog/proposals/:id/records',
    summary: { zh: '不符合新版本的已归集信息', en: 'Held records that would fail' },
    allowed: office,
    params: z.object({ id }),
    query: z.object({ ...page, field: z.string().max(60).optional() }),
    reply: z.object({ rows: z.array(previewRow), next: z.string().nullable() }),
  },
  previewAgain: {
    method: 'POST',
    path: '/catalog/proposals/:id/preview',
    summary: { zh: '重新核对已归集信息', en: 'Check what is held again' },
    allowed: office,
    params: z.object({ id }),
    body: z.object({ seen: z.int().min(1) }),
    reply: proposalView,
  },
  act: {
    method: 'POST',
    path: '/catalog/proposals/:id/act',
    summary: { zh: '提请、批准、退回或撤回', en: 'Propose, approve, refuse or withdraw' },
    allowed: office,
    params: z.object({ id }),
    body: z.object({
      action: z.enum(PROPOSAL_ACTIONS),
      seen: z.int().min(1),
      reason: z.string().trim().max(500).default(''),
    }),
    reply: proposalView,
  },
})

export const refusals = {
  NO_SUCH_CATALOG_ITEM: {
    kind: 'not_found',
    zh: '目录中没有“{item}”事项，或者它在这一天没有生效的版本。',
    en: 'The catalog has no item “{item}” in force on that day.',
  },
  NO_SUCH_PROPOSAL: { kind: 'not_found', zh: '没有这份启用申请。', en: 'There is no such proposal.' },
  NO_SUCH_DRAFT: {
    kind: 'not_found',
    zh: '规则包中没有待启用的版本“{draft}”。',
    en: 'The pack has no version “{draft}” that awaits activation.',
  },
  TEXT_OR_DRAFT: {
    kind: 'invalid',
    zh: '请上传目录文件，或者选择规则包中待启用的版本，二者取一。',
    en: 'Give either the text of a file or a version that waits in the pack.',
  },
  ITEM_INVALID: {
    kind: 'invalid',
    zh: '第 {line} 行{path}：{finding}。',
    en: 'Line {line}{path}: {finding}.',
  },
  ITEM_FIXED: {
    kind: 'refused',
    zh: '新版本不能改变{parts}；这类改变要随规则包发布。',
    en: 'A new version may not change {parts}; that takes a release of the pack.',
  },
  NOTHING_CHANGES: {
    kind: 'refused',
    zh: '与现行版本没有差别。',
    en: 'It does not differ from the version in force.',
  },
  EFFECTIVE_TOO_SOON: {
    kind: 'refused',
    zh: '新版本最早自 {day} 起施行，以便各单位和各进程事先获知。',
    en: 'A new version is in force from {day} at the earliest, so that everybody hears of it before.',
  },
  VERSION_CLASH: {
    kind: 'conflict',
    zh: '该事项已有自 {day} 起施行的版本；新版本应晚于它，或者先撤回它。',
    en: 'The item already has a version from {day}; a new one must come after it, or that one is withdrawn first.',
  },
  SECOND_PERSON: {
    kind: 'forbidden',
    zh: '拟定或者提请的人不能批准或者退回，请由信用办另一人办理。',
    en: 'Whoever drew it up or proposed it cannot decide on it; another person of the credit office does.',
  },
  PREVIEW_UNFINISHED: {
    kind: 'refused',
    zh: '对已归集信息的核对还没有完成，请稍后再办理。',
    en: 'The check of what is held is not finished yet.',
  },
  REASON_NEEDED: { kind: 'invalid', zh: '请填写理由。', en: 'Give a reason.' },
  ALREADY_IN_FORCE: {
    kind: 'refused',
    zh: '该版本已自 {day} 起施行，不能撤回；需要改变的，请拟定新的版本。',
    en: 'It has been in force since {day} and cannot be withdrawn; draw up another version.',
  },
} as const satisfies RefusalCatalogue
