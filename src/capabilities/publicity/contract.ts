import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { CHANNELS, WINDOW_CLASSES } from '../records/contract.ts'
import { words } from '../../kernel/shapes.ts'

const date = z.string().meta({ format: 'date' })
const cursor = z.string().max(400).optional()
const limit = z.coerce.number<string | number>().int().min(1).max(100).default(50)
const lang = z.enum(['zh', 'en']).optional().catch(undefined)
const pageQuery = z.object({ lang })
const typed = z.string().max(10_000).default('')
/** As of a past day; what is no day gets a page that says so. */
const onDay = z.string().max(200).optional()

/** The columns of the public site, and the catalog item that each shows. */
export const COLUMNS = {
  licences: 'licence',
  penalties: 'penalty',
  abnormal: 'abnormal_list',
  serious: 'serious_list',
} as const
export type Column = keyof typeof COLUMNS
export const COLUMN_NAMES = ['licences', 'penalties', 'abnormal', 'serious'] as const satisfies readonly Column[]

export const explanationView = z.object({
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: date,
  channels: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      shown: z.boolean(),
      class: z.enum(WINDOW_CLASSES),
      from: date.nullable(),
      /** First day on which repair may be applied for. */
      earliest: date.nullable(),
      /** First day not shown any more. */
      until: date.nullable(),
      rule: z.string(),
      version: z.string(),
      instrument: words,
      article: z.string(),
      inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      sentences: z.array(words),
    }),
  ),
})
export type ExplanationView = z.infer<typeof explanationView>

export const noticeRow = z.object({
  subjectId: z.string(),
  recordId: z.string(),
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: date,
  issuedOn: date,
  version: z.number().int(),
  /** When somebody of the subject first opened this version of the notice. */
  openedAt: z.string().nullable(),
  /** The printable page. */
  href: z.string(),
})
export type NoticeRow = z.infer<typeof noticeRow>

export const shownView = z.object({
  subjectName: z.string(),
  subjectCode: z.string().nullable(),
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: date,
  shownFrom: date,
  shownUntil: date.nullable(),
  fields: z.record(z.string(), z.unknown()),
})

export const endpoints = defineEndpoints({
  homePage: {
    method: 'GET',
    path: '/',
    summary: { zh: '公示网站首页', en: 'Home of the public site' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  searchPage: {
    method: 'GET',
    path: '/search',
    summary: { zh: '查询页', en: 'Search page' },
    allowed: { anyone: true },
    query: z.object({ q: z.string().default(''), after: z.string().optional(), lang }),
    reply: 'html',
  },
  subjectPage: {
    method: 'GET',
    path: '/s/:code',
    summary: { zh: '信用主体公示页', en: 'What is shown about a subject' },
    allowed: { anyone: true },
    params: z.object({ code: z.string() }),
    query: z.object({ licences: z.string().optional(), adverse: z.string().optional(), on: onDay, lang }),
    reply: 'html',
  },
  recordPage: {
    method: 'GET',
    path: '/r/:code/:record',
    summary: { zh: '信息详情与规则说明', en: 'One record, in full and explained' },
    allowed: { anyone: true },
    params: z.object({ code: z.string(), record: z.string() }),
    query: z.object({ on: onDay, lang }),
    reply: 'html',
  },
  reportFormPage: {
    method: 'GET',
    path: '/r/:code/:record/not-us',
    summary: { zh: '“这不是我们”反映页', en: 'This is not us: the form' },
    allowed: { anyone: true },
    params: z.object({ code: z.string(), record: z.string() }),
    query: pageQuery,
    reply: 'html',
  },
  sendReportPage: {
    method: 'POST',
    path: '/r/:code/:record/not-us',
    summary: { zh: '提交“这不是我们”', en: 'This is not us: sent' },
    allowed: { anyone: true },
    params: z.object({ code: z.string(), record: z.string() }),
    /** As typed; what is wrong with it is said on the page, with what was typed still there. */
    body: z.object({ lang, text: typed, contactName: typed, contact: typed, form: typed }),
    reply: 'html',
  },
  reportStatusPage: {
    method: 'GET',
    path: '/objections/reports',
    summary: { zh: '反映处理情况查询页', en: 'What became of a report: the form' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  askReportStatusPage: {
    method: 'POST',
    path: '/objections/reports',
    summary: { zh: '查询反映处理情况', en: 'What became of a report' },
    allowed: { anyone: true },
    body: z.object({ lang, no: typed, token: typed }),
    reply: 'html',
  },
  listPage: {
    method: 'GET',
    path: '/lists/:column',
    summary: { zh: '公示栏目', en: 'A column: what is shown now' },
    allowed: { anyone: true },
    params: z.object({ column: z.string() }),
    query: z.object({ after: z.string().optional(), division: z.string().optional(), lang }),
    reply: 'html',
  },
  repairPage: {
    method: 'GET',
    path: '/repair',
    summary: { zh: '信用修复指引', en: 'Repair guide' },
    allowed: { anyone: true },
    /** Whatever the rules do not know shows the choices. */
    query: z.object({
      item: z.string().max(60).optional().catch(undefined),
      subject: z.string().max(60).optional().catch(undefined),
      system: z.string().max(60).optional().catch(undefined),
      on: z.string().max(10).optional().catch(undefined),
      lang,
    }),
    reply: 'html',
  },
  routesPage: {
    method: 'GET',
    path: '/routes',
    summary: { zh: '信用修复办理分工页', en: 'Who receives and who decides repair, for the public' },
    allowed: { anyone: true },
    query: z.object({ on: z.string().max(20).optional().catch(undefined), lang }),
    reply: 'html',
  },
  progressPage: {
    method: 'GET',
    path: '/progress',
    summary: { zh: '办理进度查询', en: 'Ask for the progress of an application' },
    allowed: { anyone: true },
    query: z.object({ no: z.string().max(40).optional() }),
    reply: 'html',
  },
  progressResult: {
    method: 'POST',
    path: '/progress',
    summary: { zh: '凭回执编号和查询码查询办理进度', en: 'The progress, by number and code of the receipt' },
    allowed: { anyone: true },
    body: z.object({ no: z.string().trim().min(1).max(40), code: z.string().trim().min(1).max(20) }),
    reply: 'html',
  },
  objectionsPage: {
    method: 'GET',
    path: '/objections',
    summary: { zh: '异议处理说明', en: 'How to object' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  policyPage: {
    method: 'GET',
    path: '/policy',
    summary: { zh: '政策法规', en: 'Law and rules in force' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  catalogPage: {
    method: 'GET',
    path: '/catalog',
    summary: { zh: '公共信用信息目录页', en: 'The catalog, for the public' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  aboutPage: {
    method: 'GET',
    path: '/about',
    summary: { zh: '关于本平台', en: 'About' },
    allowed: { anyone: true },
    query: pageQuery,
    reply: 'html',
  },
  noticePage: {
    method: 'GET',
    path: '/my/notices/:subjectId/:recordId',
    summary: { zh: '公示与信用修复告知书', en: 'Notice of publicity and repair, to print' },
    allowed: { roles: ['enterprise'] },
    params: z.object({ subjectId: z.uuid(), recordId: z.uuid() }),
    query: pageQuery,
    reply: 'html',
  },
  styleSheet: {
    method: 'GET',
    path: '/site.css',
    summary: { zh: '公示网站样式', en: 'Style sheet of the public site' },
    allowed: { anyone: true },
    query: z.object({ v: z.string().optional() }),
    reply: 'html',
  },
  favicon: {
    method: 'GET',
    path: '/favicon.svg',
    summary: { zh: '网站图标', en: 'Icon' },
    allowed: { anyone: true },
    reply: 'html',
  },
  robots: {
    method: 'GET',
    path: '/robots.txt',
    summary: { zh: '搜索引擎规则', en: 'Rules for crawlers' },
    allowed: { anyone: true },
    reply: 'html',
  },
  explainSubject: {
    method: 'GET',
    path: '/public/subjects/:code/explain',
    summary: { zh: '公示规则说明', en: 'Why each record is shown, since when, until when' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(5).max(40) }),
    query: z.object({ on: z.iso.date().optional() }),
    reply: z.object({ code: z.string(), name: z.string(), on: date, rows: z.array(explanationView) }),
  },
  listShownRecords: {
    method: 'GET',
    path: '/public/lists/:column',
    summary: { zh: '公示栏目数据', en: 'A column as data' },
    allowed: { anyone: true },
    params: z.object({ column: z.enum(COLUMN_NAMES) }),
    query: z.object({ after: cursor, limit, division: z.string().max(20).optional() }),
    reply: z.object({ rows: z.array(shownView), next: z.string().nullable() }),
  },
  downloadNotice: {
    method: 'GET',
    path: '/notices/:subjectId/:recordId/pdf',
    summary: { zh: '下载公示与信用修复告知书（PDF）', en: 'The notice of publicity and repair as PDF' },
    /** The subject; the deciding authority, which delivers it together with its decision. */
    allowed: { roles: ['enterprise', 'officer', 'head'] },
    params: z.object({ subjectId: z.uuid(), recordId: z.uuid() }),
    query: pageQuery,
    reply: 'file',
  },
  listNotices: {
    method: 'GET',
    path: '/notices',
    summary: { zh: '本主体的公示与信用修复告知书', en: 'Notices to a subject I act for' },
    allowed: { roles: ['enterprise'] },
    query: z.object({ subjectId: z.uuid(), after: cursor, limit }),
    reply: z.object({ rows: z.array(noticeRow), next: z.string().nullable() }),
  },
})

export const refusals = {
  NOTHING_SHOWN: {
    kind: 'not_found',
    zh: '没有查询到该信用主体，或者该信息已停止公示。',
    en: 'No such subject, or the information is no longer shown.',
  },
  PERSONS_NOT_SHOWN: {
    kind: 'refused',
    zh: '本平台不提供自然人信息查询。',
    en: 'Natural persons cannot be looked up here.',
  },
  NO_NOTICE: {
    kind: 'not_found',
    zh: '没有该信息的告知书：告知书只针对失信信息制发。',
    en: 'There is no such notice: notices are issued for adverse information only.',
  },
  LIST_CURSOR: { kind: 'invalid', zh: '翻页参数无效，请从第一页重新查询。', en: 'The page cursor is not valid.' },
} satisfies RefusalCatalogue
