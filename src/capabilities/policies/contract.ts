import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { CHANNELS, WINDOW_CLASSES } from '../records/contract.ts'
import { FIGURES } from '../../kernel/window-change.ts'
import { PROPOSAL_ACTIONS, PROPOSAL_STATES } from '../../kernel/proposals.ts'
import { CHANGE_KINDS, PASS_STATES } from './states.ts'
import { count, day, id, pageAsk, words } from '../../kernel/shapes.ts'

/** What a person gives in both languages. */
const said = z.object({ zh: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })
const rowId = z.string().min(1).max(200)
const page = pageAsk({ usual: PAGE_LIMIT })

// ---- the rules in force

export const GROUPS = ['credit_china', 'necips', 'tax', 'court', 'rating', 'routes', 'terms', 'settings'] as const
export type Group = (typeof GROUPS)[number]

const statement = z.object({ what: words, said: words })
export const ruleView = z.object({
  id: rowId,
  part: z.string(),
  partName: words,
  title: words,
  says: z.array(statement),
  validFrom: day,
  validTo: day.nullable(),
  instrument: words,
  article: z.string(),
  unsure: z.boolean(),
  note: words.nullable(),
  /** Whose row it is: of the nation, or of a jurisdiction. */
  origin: words,
  /** Another value may be proposed. */
  open: z.boolean(),
})
export type RuleView = z.infer<typeof ruleView>
const groupView = z.object({
  code: z.enum(GROUPS),
  name: words,
  /** Of a system's rules: what they are called, which version is in force, and how older records passed over to it. */
  title: words.nullable(),
  version: z.string().nullable(),
  validFrom: day.nullable(),
  transition: words.nullable(),
  /** A version that has been approved and is not in force yet. */
  nextFrom: day.nullable(),
  rows: count,
  unsure: count,
})
export const rulesView = z.object({
  on: day,
  /** Names everything that is in force, pack and changes together. */
  version: z.string(),
  groups: z.array(groupView),
  group: z.enum(GROUPS),
  rows: z.array(ruleView),
})
export type RulesView = z.infer<typeof rulesView>

const choice = z.object({ value: z.string(), words })
export const ruleDetail = ruleView.extend({
  /** As a document that can be edited and handed in; null where a change is drawn up in another way. */
  text: z.string().nullable(),
  /** The values among which a row that awaits confirmation may be switched; none: it is written out. */
  choices: z.array(choice),
  value: z.string().nullable(),
})
export type RuleDetail = z.infer<typeof ruleDetail>

export const sectorOptions = z.object({
  systems: z.array(choice),
  fields: z.array(choice),
  kinds: z.array(choice),
  classes: z.array(choice),
})

// ---- changes

const difference = z.object({
  id: rowId,
  change: z.enum(['added', 'removed', 'changed']),
  partName: words,
  title: words,
  instrument: words,
  article: z.string(),
  details: z.array(z.object({ what: words, before: words.nullable(), after: words.nullable() })),
})
export type DifferenceRow = z.infer<typeof difference>

const figure = z.object({ figure: z.enum(FIGURES), n: count })
const passView = z.object({
  state: z.enum(PASS_STATES),
  total: count,
  checked: count,
  figures: z.array(figure),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type PassView = z.infer<typeof passView>
const person = z.object({ name: z.string(), at: z.string() })
export const changeHeadView = z.object({
  id,
  kind: z.enum(CHANGE_KINDS),
  title: words,
  state: z.enum(PROPOSAL_STATES),
  effectiveFrom: day,
  /** Approved, and its day has come. */
  inForce: z.boolean(),
  reason: z.string(),
  created: person,
  proposed: person.nullable(),
  decided: person.extend({ decision: z.string() }).nullable(),
  preview: passView,
  application: passView.nullable(),
  rows: count,
  version: z.int().min(1),
})
export type ChangeHeadView = z.infer<typeof changeHeadView>
export const changeView = changeHeadView.extend({
  difference: z.array(difference),
  text: z.string().nullable(),
  /** How records that began before its day pass over to it, and why. */
  transition: z.object({ words, unsure: z.boolean(), note: words.nullable() }).nullable(),
  /** The rules have changed since it was drawn up; it is previewed again before anybody proposes or approves it. */
  outdated: z.boolean(),
  actions: z.array(z.enum(PROPOSAL_ACTIONS)),
  mine: z.boolean(),
})
export type ChangeView = z.infer<typeof changeView>

const side = z.object({
  class: z.enum(WINDOW_CLASSES),
  from: day.nullable(),
  earliest: day.nullable(),
  until: day.nullable(),
  repair: z.enum(['apply', 'automatic', 'fixed', 'none']),
  rule: z.string(),
  version: z.string(),
  article: z.string(),
})
export const previewRow = z.object({
  n: z.int().min(1),
  subjectId: id,
  recordId: id,
  /** Of a natural person, masked. */
  subjectName: z.string(),
  authorityName: z.string(),
  itemName: words,
  docNo: z.string(),
  decidedOn: day,
  figures: z.array(z.enum(FIGURES)),
  changes: z.array(z.object({ channel: z.enum(CHANNELS), before: side, after: side })),
})
export type PreviewRow = z.infer<typeof previewRow>

const office = { roles: ['credit_office'] } as const
const readers = { roles: ['credit_office', 'head', 'territory_admin', 'auditor'] } as const

const drawUpBody = z.object({
  effectiveFrom: day,
  reason: z.string().trim().min(1).max(500),
  ask: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('rows'), text: z.string().max(400_000) }),
    z.object({
      kind: z.literal('sector'),
      system: z.string().min(1).max(60),
      field: z.string().max(60).optional(),
      penaltyKinds: z.array(z.string().max(40)).max(20).default([]),
      fineYuanAtMost: z.number().positive().max(1e12).optional(),
      class: z.enum(['minor', 'general', 'serious']),
      instrument: said,
      article: z.string().trim().min(1).max(100),
    }),
    z.object({
      kind: z.literal('switch'),
      row: rowId,
      /** As the pack would write it: true, more_favourable, { enabled: true }. */
      value: z.string().min(1).max(20_000),
      instrument: said,
      article: z.string().trim().min(1).max(100),
    }),
  ]),
})
export type DrawUpAsk = z.infer<typeof drawUpBody>

export const endpoints = defineEndpoints({
  listRules: {
    method: 'GET',
    path: '/policies/rules',
    summary: { zh: '某日施行的规则', en: 'The rules in force on a day' },
    allowed: { anyone: true },
    query: z.object({
      on: day.optional(),
      group: z.enum(GROUPS).default('credit_china'),
      unsure: z.enum(['true', 'false']).optional(),
    }),
    reply: rulesView,
  },
  getRule: {
    method: 'GET',
    path: '/policies/rule',
    summary: { zh: '一行规则及其可改的内容', en: 'One row of the rules, and what may be changed in it' },
    allowed: readers,
    query: z.object({ id: rowId, on: day.optional() }),
    reply: ruleDetail,
  },
  sectorOptions: {
    method: 'GET',
    path: '/policies/sector-options',
    summary: { zh: '行业分类标准的可选项', en: 'What a sector’s classification may name' },
    allowed: readers,
    reply: sectorOptions,
  },
  drawUpChange: {
    method: 'POST',
    path: '/policies/proposals',
    limit: 1024 * 1024,
    summary: { zh: '拟定规则变更并预览影响', en: 'Draw up a change of the rules and preview it' },
    allowed: office,
    body: drawUpBody,
    reply: changeView,
    status: 201,
  },
  listChanges: {
    method: 'GET',
    path: '/policies/proposals',
    summary: { zh: '规则变更记录', en: 'Changes of the rules' },
    allowed: readers,
    query: z.object({ ...page, state: z.enum(PROPOSAL_STATES).optional() }),
    reply: z.object({ rows: z.array(changeHeadView), next: z.string().nullable() }),
  },
  getChange: {
    method: 'GET',
    path: '/policies/proposals/:id',
    summary: { zh: '规则变更的内容和影响', en: 'What a change of the rules does' },
    allowed: readers,
    params: z.object({ id }),
    reply: changeView,
  },
  listFigureRows: {
    method: 'GET',
    path: '/policies/proposals/:id/records',
    summary: { zh: '规则变更影响的信息', en: 'The records behind a figure' },
    allowed: office,
    params: z.object({ id }),
    query: z.object({
      ...page,
      figure: z.enum(FIGURES).default('changed'),
      authority: z.uuid().optional(),
      item: z.string().max(60).optional(),
    }),
    reply: z.object({ rows: z.array(previewRow), next: z.string().nullable() }),
  },
  listFigureCounts: {
    method: 'GET',
    path: '/policies/proposals/:id/counts',
    summary: { zh: '规则变更影响的单位和事项', en: 'A figure by authority and item' },
    allowed: readers,
    params: z.object({ id }),
    query: z.object({ ...page, figure: z.enum(FIGURES).default('changed') }),
    reply: z.object({
      rows: z.array(
        z.object({ authorityId: id, authorityName: z.string(), item: z.string(), itemName: words, n: count }),
      ),
      next: z.string().nullable(),
    }),
  },
  previewChange: {
    method: 'POST',
    path: '/policies/proposals/:id/preview',
    summary: { zh: '重新预览或者停止预览', en: 'Preview again, or stop a preview' },
    allowed: office,
    params: z.object({ id }),
    body: z.object({ seen: z.int().min(1), stop: z.boolean().default(false) }),
    reply: changeView,
  },
  actOnChange: {
    method: 'POST',
    path: '/policies/proposals/:id/act',
    summary: { zh: '提请、批准、退回或撤回规则变更', en: 'Propose, approve, refuse or withdraw a change' },
    allowed: office,
    params: z.object({ id }),
    body: z.object({
      action: z.enum(PROPOSAL_ACTIONS),
      seen: z.int().min(1),
      reason: z.string().trim().max(500).default(''),
    }),
    reply: changeView,
  },
})

export const refusals = {
  NO_SUCH_RULE: { kind: 'not_found', zh: '没有施行中的规则“{rule}”。', en: 'No rule called “{rule}” is in force.' },
  NO_SUCH_CHANGE: { kind: 'not_found', zh: '没有这项规则变更。', en: 'There is no such change of the rules.' },
  RULES_INVALID: { kind: 'invalid', zh: '第 {line} 行{path}：{finding}。', en: 'Line {line}{path}: {finding}.' },
  RULE_SETTLED: {
    kind: 'refused',
    zh: '“{rule}”没有待确认的内容；需要改变的，请拟定规则文件。',
    en: '“{rule}” does not await confirmation; draw up a text of its row instead.',
  },
  RULES_UNCHANGED: {
    kind: 'refused',
    zh: '与施行中的规则没有差别。',
    en: 'It does not differ from the rules in force.',
  },
  NO_SECTOR_RULE: {
    kind: 'refused',
    zh: '该日施行的规则没有行业分类（第36号令第十一条）的条款，不能据此分类。',
    en: 'The rules in force on that day have no row for a sector’s own classification.',
  },
  RULES_TOO_SOON: {
    kind: 'refused',
    zh: '规则变更最早自 {day} 起施行，以便各单位和各进程事先获知。',
    en: 'A change is in force from {day} at the earliest, so that everybody hears of it before.',
  },
  RULES_CLASH: {
    kind: 'conflict',
    zh: '已有自 {day} 起施行的规则变更；新的变更应晚于它，或者先撤回它。',
    en: 'A change from {day} has been approved already; this one must come after it, or that one is withdrawn first.',
  },
  RULES_OUTDATED: {
    kind: 'conflict',
    zh: '拟定以后规则又有变化，预览已经过时；请重新预览后再办理。',
    en: 'The rules have changed since this was drawn up; preview it again first.',
  },
  RULES_SECOND_PERSON: {
    kind: 'forbidden',
    zh: '拟定或者提请的人不能批准或者退回，请由信用办另一人办理。',
    en: 'Whoever drew it up or proposed it cannot decide on it; another person of the credit office does.',
  },
  RULES_PREVIEW_OPEN: {
    kind: 'refused',
    zh: '对已归集信息的预览还没有完成，请稍后再办理。',
    en: 'The preview of what is held is not finished yet.',
  },
  RULES_REASON: { kind: 'invalid', zh: '请填写理由。', en: 'Give a reason.' },
  RULES_IN_FORCE: {
    kind: 'refused',
    zh: '该变更已自 {day} 起施行，不能撤回；需要改变的，请拟定新的变更。',
    en: 'It has been in force since {day} and cannot be withdrawn; draw up another change.',
  },
} as const satisfies RefusalCatalogue
