import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { toldView } from '../messages/contract.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { TAKEDOWN_ACTIONS, TAKEDOWN_STATES } from './states.ts'
import { FILE_FORMATS, LINE_KINDS, LOOK_OUTCOMES, LOOK_REASONS, SHARINGS } from './words.ts'
import { count, day, id, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

const page = pageAsk()
const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** The data set as it stands in the catalog, by the rule of the day. */
export const dataSetView = z
  .object({
    name: words,
    rule: z.string(),
    validFrom: day,
    instrument: words,
    article: z.string(),
    unsure: z.boolean(),
    note: words.nullable(),
    sharing: z.enum(SHARINGS),
    sharedWith: words,
    fields: z.array(z.object({ code: z.string(), label: words, meaning: words })),
    /** Within how many working days after a set is out its records are down, and by which rule. */
    takedown: z.object({ workdays: z.int(), instrument: words, article: z.string() }),
  })
  .meta({ id: 'ResultDataSet' })
export type DataSetView = z.infer<typeof dataSetView>

const standing = z.object({ asked: count, done: count, open: count, late: count })
export const daySetView = z
  .object({
    day,
    lines: count,
    /** Of the lines: corrections and reversals of earlier days. */
    amendments: count,
    /** SHA-256 of the set as JSON lines. */
    hash: digest,
    closedAt: z.string(),
    /** Of what authorities had to take off their own pages because of it. */
    takedown: standing,
  })
  .meta({ id: 'ResultDaySet' })
export type DaySetView = z.infer<typeof daySetView>

export const wholeSetView = daySetView.extend({
  /** The text that is signed, byte for byte: what the set is, its count, and the digest of each file. */
  manifest: z.string(),
  signature: z.object({ algorithm: z.string(), keyId: z.string(), value: z.string() }),
  files: z.array(z.object({ format: z.enum(FILE_FORMATS), sha256: digest, bytes: count })),
})
export type WholeSetView = z.infer<typeof wholeSetView>

export const lineView = z.object({
  id,
  kind: z.enum(LINE_KINDS),
  at: z.string(),
  /** By the codes of the data set's fields. */
  values: z.record(z.string(), z.string()),
})
export type LineView = z.infer<typeof lineView>

export const lookView = z.object({
  id,
  at: z.string(),
  outcome: z.enum(LOOK_OUTCOMES),
  reason: z.enum(LOOK_REASONS),
  page: z.string(),
  reached: z.string().nullable(),
  status: z.int().nullable(),
  hash: z.string().nullable(),
  bytes: z.int().nullable(),
  byPerson: z.boolean(),
})
export type LookView = z.infer<typeof lookView>

export const takedownView = z
  .object({
    subjectId: id,
    id,
    recordId: id,
    authority: z.object({ id, name: z.string() }),
    item: z.string(),
    docNo: z.string(),
    subjectName: z.string(),
    day,
    dueOn: day,
    provisional: z.boolean(),
    late: z.boolean(),
    state: z.enum(TAKEDOWN_STATES),
    page: z.string().nullable(),
    confirmedAt: z.string().nullable(),
    note: z.string(),
    outcome: z.enum(LOOK_OUTCOMES).nullable(),
    checkedAt: z.string().nullable(),
    /** The platform looks again by itself; null: a person has to. */
    nextLookAt: z.string().nullable(),
    actions: z.array(z.enum(TAKEDOWN_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Takedown' })
export type TakedownView = z.infer<typeof takedownView>

export const authorityStanding = standing.extend({
  authority: z.object({ id, name: z.string() }),
  confirmed: count,
  verified: count,
  returned: count,
  notShown: count,
  /** Last day of the term of the oldest that is open. */
  oldest: day.nullable(),
  /** Where it shows its decisions, and which peer that page is. */
  page: z.string(),
  peerId: id.nullable(),
  siteVersion: z.int(),
  /** Who was told that something is late, the latest first. */
  told: z.array(toldView),
})
export type AuthorityStanding = z.infer<typeof authorityStanding>

const OFFICIALS = ['collector', 'officer', 'head', 'credit_office', 'auditor'] as const
const READERS = { roles: OFFICIALS, scopes: ['read'] } as const
const OWN = { roles: ['collector', 'officer', 'head'] } as const
const SET = '/results/sets/:day'
const ONE = '/results/takedowns/:subject/:id'
const ofDay = z.object({ day })
const one = z.object({ subject: id, id })
const MOST_AT_ONCE = 200
const address = z.string().trim().max(2000)
const note = z.string().trim().max(500)

export const endpoints = defineEndpoints({
  resultDataSet: {
    method: 'GET',
    path: '/results/data-set',
    summary: { zh: '信用修复结果数据集的编目', en: 'The data set of repair results as catalogued' },
    allowed: { roles: [...OFFICIALS, 'territory_admin'], scopes: ['read'] },
    reply: dataSetView,
  },
  listSets: {
    method: 'GET',
    path: '/results/sets',
    summary: { zh: '每日信用修复结果', en: 'Daily sets of repair results' },
    allowed: READERS,
    query: z.object(page),
    reply: rows(daySetView),
  },
  getSet: {
    method: 'GET',
    path: SET,
    summary: { zh: '某日信用修复结果的清单和签名', en: 'Manifest and signature of one day' },
    allowed: READERS,
    params: ofDay,
    reply: wholeSetView,
  },
  listResults: {
    method: 'GET',
    path: `${SET}/lines`,
    summary: { zh: '某日信用修复结果的内容', en: 'Lines of one day' },
    allowed: READERS,
    params: ofDay,
    query: z.object(page),
    reply: rows(lineView),
  },
  downloadSet: {
    method: 'GET',
    path: `${SET}/file`,
    summary: { zh: '下载某日信用修复结果', en: 'A day as a file' },
    allowed: READERS,
    params: ofDay,
    query: z.object({ format: z.enum(FILE_FORMATS).default('csv') }),
    reply: 'file',
  },
  proveSet: {
    method: 'POST',
    path: `${SET}/proof`,
    summary: { zh: '重新生成某日结果并与发布时核对', en: 'Compute a day again and compare' },
    allowed: { roles: ['credit_office', 'auditor'] },
    params: ofDay,
    reply: z.object({
      same: z.boolean(),
      /** Every line rests on an event of the log that is still there as it was. */
      traced: z.boolean(),
      lines: count,
      files: z.array(z.object({ format: z.enum(FILE_FORMATS), published: digest, now: digest })),
    }),
  },
  listTakedowns: {
    method: 'GET',
    path: '/results/takedowns',
    summary: { zh: '应当在部门网站撤下的信息', en: 'What authorities take off their own pages' },
    allowed: { roles: OFFICIALS },
    query: z.object({
      ...page,
      view: z.enum(['open', 'late', 'to_look', 'done', 'all']).default('open'),
      authority: id.optional(),
      day: day.optional(),
    }),
    reply: rows(takedownView),
  },
  getTakedown: {
    method: 'GET',
    path: ONE,
    summary: { zh: '一条撤下要求及核对记录', en: 'One of them, with each look' },
    allowed: { roles: OFFICIALS },
    params: one,
    reply: takedownView.extend({ looks: z.array(lookView) }),
  },
  confirmTakedowns: {
    method: 'POST',
    path: '/results/takedowns/confirm',
    summary: { zh: '确认已在本单位网站撤下', en: 'Confirm that records are off the own page' },
    allowed: OWN,
    body: z.object({
      takedowns: z
        .array(z.object({ subjectId: id, id, seen, page: address.optional() }))
        .min(1)
        .max(MOST_AT_ONCE),
      /** Of those that name none of their own. */
      page: address.default(''),
      note: note.default(''),
    }),
    reply: z.object({ confirmed: count }),
  },
  declareNotShown: {
    method: 'POST',
    path: '/results/takedowns/not-shown',
    summary: { zh: '说明未曾在本单位网站公示', en: 'Say that records were never on the own page' },
    allowed: OWN,
    body: z.object({
      takedowns: z
        .array(z.object({ subjectId: id, id, seen }))
        .min(1)
        .max(MOST_AT_ONCE),
      note: z.string().trim().min(4).max(500),
    }),
    reply: z.object({ declared: count }),
  },
  lookNow: {
    method: 'POST',
    path: `${ONE}/look`,
    summary: { zh: '立即核对网页', en: 'Look at the page now' },
    allowed: { roles: ['collector', 'officer', 'head', 'credit_office'] },
    params: one,
    reply: takedownView.extend({ looks: z.array(lookView) }),
  },
  judgeTakedown: {
    method: 'POST',
    path: `${ONE}/judgement`,
    summary: { zh: '人工查看后登记结果', en: 'Record what a person saw' },
    allowed: { roles: ['credit_office'] },
    params: one,
    body: z.object({ outcome: z.enum(['gone', 'still_there']), note: z.string().trim().min(4).max(500), seen }),
    reply: takedownView.extend({ looks: z.array(lookView) }),
  },
  listStandings: {
    method: 'GET',
    path: '/results/authorities',
    summary: { zh: '各单位撤下情况', en: 'Where each authority stands' },
    allowed: { roles: OFFICIALS },
    reply: z.object({ rows: z.array(authorityStanding) }),
  },
  saveSite: {
    method: 'PUT',
    path: '/results/authorities/:authority/site',
    summary: { zh: '登记单位公示网页', en: 'Say where an authority shows its decisions' },
    allowed: { roles: ['head', 'collector', 'credit_office'] },
    params: z.object({ authority: id }),
    body: z.object({ page: address, peerId: id.nullable().optional(), seen: z.int().min(0) }),
    reply: z.object({ page: z.string(), peerId: id.nullable(), version: z.int() }),
  },
})

export const refusals = {
  NO_SUCH_SET: {
    kind: 'not_found',
    zh: '该日的信用修复结果尚未发布。',
    en: 'No set of repair results is out for this day.',
  },
  NO_SUCH_TAKEDOWN: {
    kind: 'not_found',
    zh: '没有这条撤下要求，或者您无权查看。',
    en: 'There is no such record to take down, or it is not yours to see.',
  },
  PAGE_NEEDED: {
    kind: 'refused',
    zh: '请填写“{doc}”原公示网页的地址，以便核对。',
    en: 'Give the address of the page on which {doc} stood, so that it can be looked at.',
  },
  PAGE_ADDRESS_WRONG: {
    kind: 'refused',
    zh: '网页地址应当以 http:// 或者 https:// 开头，不含用户名和密码：{page}',
    en: 'An address begins with http:// or https:// and holds no login: {page}',
  },
  PAGE_ADDRESS_NOT_ALLOWED: {
    kind: 'refused',
    zh: '该地址属于内部网络，平台不访问：{page}。需要访问政务外网的，请联系信用办登记网段。',
    en: 'The address lies in an internal network that the platform does not reach: {page}. Ask the credit office to name the network.',
  },
  NOT_YOUR_AUTHORITY: {
    kind: 'forbidden',
    zh: '只能登记本单位的公示网页；与共享对象的关联由信用办登记。',
    en: 'You may name the page of your own authority only; the credit office says which peer it is.',
  },
  NO_SUCH_PORTAL: {
    kind: 'not_found',
    zh: '没有这个共享对象，或者它不是部门门户网站。',
    en: 'There is no such peer, or it is no portal of an authority.',
  },
} as const satisfies RefusalCatalogue
