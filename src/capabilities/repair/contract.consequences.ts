import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { SYSTEMS, clockView } from './contract.ts'
import { ITEM_STATES } from './states.ts'
import { DUTY_KINDS, DUTY_STATES, LINK_KINDS } from './words.ts'
import { day, id, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

/** 办理分工, batches, and what follows from a decision for other records: links, steps that are owed, deregistration. */

const page = pageAsk({ usual: PAGE_LIMIT })
const TEXT_MAX = 2000
const BATCH_MAX = 100
const reason = z.string().trim().min(2).max(TEXT_MAX)
const note = z.string().trim().max(TEXT_MAX).default('')

/** 办理分工: one row of the routing table, for one kind of record. */
export const routingRow = z.object({
  id: z.string(),
  item: z.string(),
  itemName: words,
  /** None named: all. */
  subjectKinds: z.array(z.string()),
  recordSystems: z.array(z.string()),
  recordSystemsNot: z.array(z.string()),
  levels: z.array(z.enum(['province', 'city', 'county'])),
  system: z.enum(SYSTEMS),
  /** Who receives first. */
  receiver: words,
  decider: z.enum(['finder', 'registry_authority', 'lister']),
  /** Whether the common window takes it in; null where no rule of the place says. */
  atWindow: z.boolean().nullable(),
  steps: z.array(
    z.object({
      step: z.string(),
      starts: z.string().nullable(),
      workdays: z.int().nullable(),
      days: z.int().nullable(),
      extend: z.object({ workdays: z.int().nullable(), on: words }).nullable(),
      instrument: words.nullable(),
      article: z.string().nullable(),
      unsure: z.boolean(),
      note: words.nullable(),
    }),
  ),
  /** A row of this place; otherwise the national one. */
  local: z.boolean(),
  validFrom: day,
  validTo: day.nullable(),
  instrument: words,
  article: z.string(),
  unsure: z.boolean(),
  note: words.nullable(),
})
export type RoutingRow = z.infer<typeof routingRow>
export const routingTableView = z.object({ jurisdiction: words, on: day, rows: z.array(routingRow) })
export type RoutingTable = z.infer<typeof routingTableView>

export const BATCH_ACTIONS = [
  'pass',
  'accept',
  'not_accept',
  'grant',
  'refuse',
  'extend',
  'lapse',
  'confirm',
  'send_back',
] as const
export type BatchAction = (typeof BATCH_ACTIONS)[number]
export const batchOutcome = z.object({
  subject: id,
  item: id,
  ok: z.boolean(),
  state: z.enum(ITEM_STATES).nullable(),
  version: z.int().nullable(),
  /** It waits for the head now. */
  proposed: z.boolean(),
  refusals: z.array(z.object({ code: z.string(), text: words })),
})
export type BatchOutcome = z.infer<typeof batchOutcome>

const linkedRecord = z.object({ recordId: id, docNo: z.string(), item: z.string(), itemName: words })
export const linkView = z.object({
  id,
  kind: z.enum(LINK_KINDS),
  follows: linkedRecord,
  leads: linkedRecord,
  reason: z.string(),
  linkedAt: z.string(),
})
export type LinkView = z.infer<typeof linkView>

/** A step that the authority owes after a decision. */
export const dutyView = z.object({
  subjectId: id,
  id,
  kind: z.enum(DUTY_KINDS),
  itemId: id,
  subjectName: z.string(),
  no: z.string().nullable(),
  docNo: z.string(),
  /** Where it goes. */
  to: words,
  clock: clockView.nullable(),
  dueOn: day,
  state: z.enum(DUTY_STATES),
  doneOn: day.nullable(),
  late: z.boolean(),
  proof: z.string(),
  version: z.int(),
})
export type DutyView = z.infer<typeof dutyView>

const OFFICER = { roles: ['officer', 'head'] } as const
const REVIEWER = { roles: ['credit_office', 'officer', 'head'] } as const

export const endpoints = defineEndpoints({
  decideBatch: {
    method: 'POST',
    path: '/repair/batch',
    summary: { zh: '批量办理', en: 'The same action on several items, each with its own outcome' },
    allowed: REVIEWER,
    body: z.object({
      action: z.enum(BATCH_ACTIONS),
      items: z
        .array(z.object({ subject: id, item: id, seen }))
        .min(1)
        .max(BATCH_MAX)
        .refine(
          (items) => new Set(items.map((i) => i.item)).size === items.length,
          '同一事项只能出现一次 / each item once',
        ),
      note,
      reason: reason.optional(),
      conditions: z.array(z.string().max(60)).max(20).optional(),
    }),
    reply: z.object({ done: z.int(), refused: z.int(), outcomes: z.array(batchOutcome) }),
  },
  listLinks: {
    method: 'GET',
    path: '/repair/records/:subject/:record/links',
    summary: { zh: '关联信息', en: 'Records that follow this one, and that it follows' },
    allowed: OFFICER,
    params: z.object({ subject: id, record: id }),
    reply: z.object({
      rows: z.array(linkView),
      /** Other records of the subject that this one may be linked with. */
      candidates: z.array(
        z.object({ recordId: id, kind: z.enum(LINK_KINDS), itemName: words, docNo: z.string(), leads: z.boolean() }),
      ),
    }),
  },
  linkRecords: {
    method: 'POST',
    path: '/repair/links',
    summary: { zh: '登记关联信息', en: 'Record that one record follows another' },
    allowed: OFFICER,
    body: z.object({ subject: id, kind: z.enum(LINK_KINDS), follows: id, leads: id, reason }),
    reply: linkView,
    status: 201,
  },
  listDuties: {
    method: 'GET',
    path: '/repair/duties',
    summary: { zh: '决定后的推送事项', en: 'Steps owed after a decision, by deadline' },
    allowed: OFFICER,
    query: z.object({ ...page, state: z.enum(DUTY_STATES).default('open') }),
    reply: rows(dutyView),
  },
  dutyDone: {
    method: 'POST',
    path: '/repair/duties/:subject/:duty/done',
    summary: { zh: '登记已推送', en: 'Record that the step is done' },
    allowed: OFFICER,
    params: z.object({ subject: id, duty: id }),
    body: z.object({ seen, proof: reason }),
    reply: z.object({ ok: z.literal(true) }),
  },
  deregister: {
    method: 'POST',
    path: '/repair/deregistrations',
    summary: { zh: '登记主体注销', en: 'Record that a subject is deregistered' },
    allowed: OFFICER,
    body: z.object({ code: z.string().trim().min(6).max(40), on: day, reference: reason }),
    reply: z.object({ subjectId: id, name: z.string(), stopped: z.int() }),
  },
  keepShown: {
    method: 'POST',
    path: '/repair/records/:subject/:record/keep',
    summary: {
      zh: '最长公示期届满未履行义务的继续公示',
      en: 'Keep a record shown at its longest period, by the sector’s rule',
    },
    allowed: OFFICER,
    params: z.object({ subject: id, record: id }),
    body: z.object({ reason }),
    reply: z.object({ ok: z.literal(true) }),
  },
  mayKeepShown: {
    method: 'GET',
    path: '/repair/records/:subject/:record/keep',
    summary: {
      zh: '查询能否在最长公示期届满后继续公示',
      en: 'Whether a record may be kept shown beyond its longest period, and by which rule',
    },
    allowed: OFFICER,
    params: z.object({ subject: id, record: id }),
    reply: z.object({
      /** None: no sector's rule is loaded for it, it is not shown with an end, or that end is not near enough. */
      basis: z.object({ instrument: words, article: z.string(), until: day }).nullable(),
    }),
  },
  routingTable: {
    method: 'GET',
    path: '/public/repair/routes',
    summary: { zh: '信用修复办理分工', en: 'Who receives and who decides repair, with steps and terms' },
    allowed: { anyone: true },
    /** As of a day; today when none is given. */
    query: z.object({ on: day.optional() }),
    reply: routingTableView,
  },
})

export const refusals = {
  LINK_KIND: {
    kind: 'refused',
    zh: '这两条信息不能这样关联：行政处罚可以关联据以列入的严重违法失信名单，抽查检查结果可以关联据其作出的处罚或者列入决定，且须属于同一系统。',
    en: 'These two cannot be linked so: a penalty follows the list entry that rests on it, a spot-check result follows what it led to, within one system.',
  },
  LINKED_ALREADY: { kind: 'conflict', zh: '这两条信息已经关联。', en: 'These two records are linked already.' },
  NO_SUCH_DUTY: {
    kind: 'not_found',
    zh: '没有这项推送事项，或者不由本单位办理。',
    en: 'There is no such step, or it is not your authority’s.',
  },
  DUTY_DONE: { kind: 'conflict', zh: '该推送事项已经登记完成。', en: 'The step is recorded as done already.' },
  NOT_THE_REGISTRY: {
    kind: 'forbidden',
    zh: '主体注销由其登记地（住所地）市场监督管理部门登记。',
    en: 'Deregistration is recorded by the market supervision authority of the place of registration.',
  },
  DEREGISTERED_ALREADY: { kind: 'conflict', zh: '该主体已经登记为注销。', en: 'The subject is deregistered already.' },
  DAY_IN_FUTURE: { kind: 'refused', zh: '日期{day}晚于今天。', en: 'The day {day} lies in the future.' },
  SECTOR_SETS_NO_RULE: {
    kind: 'refused',
    zh: '没有载入该行业主管部门的规定，最长公示期届满即停止公示，不能延续公示。',
    en: 'No rule of this sector is loaded: the record stops at its longest period and cannot be kept shown.',
  },
  NOT_YET_AT_MAXIMUM: {
    kind: 'refused',
    zh: '该信息公示至{until}，距最长公示期届满尚早，届满前方可决定继续公示。',
    en: 'It is shown up to {until}: whether it stays shown beyond that is decided when the longest period is about to end.',
  },
} as const satisfies RefusalCatalogue
