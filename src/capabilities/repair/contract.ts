import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { id, pageAsk, rows, seen } from '../../kernel/shapes.ts'
import {
  applicationRow,
  applicationView,
  caseView,
  declared,
  itemView,
  materialView,
  queueRow,
  recordView,
} from './contract.views.ts'
import { APPLICATION_STATES, ITEM_STATES, KINDS } from './states.ts'

export { refusals } from './contract.refusals.ts'
export * from './contract.views.ts'

const page = pageAsk({ usual: PAGE_LIMIT })
/** Most subjects have fewer records than this. */
const SUBJECT_MAX = 500
const wholeSubject = z.coerce.number<string | number>().int().min(1).max(SUBJECT_MAX).default(PAGE_LIMIT)
const TEXT_MAX = 2000
/** Longest material, in bytes: 20 MB. */
const MATERIAL_LIMIT = 20 * 1024 * 1024
const reason = z.string().trim().min(2).max(TEXT_MAX)
/** By which condition of its own sector's rules the authority decided, and where that stands. */
const ruled = z.object({ condition: reason, basis: z.string().trim().min(2).max(300) }).optional()
const note = z.string().trim().max(TEXT_MAX).default('')
/** Query flags arrive as text. */
const flag = z.enum(['true', 'false']).transform((v) => v === 'true')

const APPLICANT = { roles: ['enterprise', 'window_clerk'] } as const
const OFFICER = { roles: ['officer', 'head'] } as const
const REVIEWER = { roles: ['credit_office', 'officer', 'head'] } as const
const HEAD = { roles: ['head'] } as const
const READERS = { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'] } as const

const ofApplication = z.object({ subject: id, id })
const ofItem = z.object({ subject: id, item: id })
const ITEM = '/repair/items/:subject/:item'
const missing = z
  .array(z.object({ kind: z.string().max(60), text: z.string().trim().max(TEXT_MAX).default('') }))
  .min(1)
  .max(30)

export const endpoints = defineEndpoints({
  myRecords: {
    method: 'GET',
    path: '/my/records',
    summary: { zh: '我的信用记录与修复指引', en: 'Records of my subject and how each can be repaired' },
    allowed: APPLICANT,
    /** Without `subject`: the subjects the caller holds a mandate for. A window clerk names the subject. */
    query: z.object({ ...page, limit: wholeSubject, subject: id.optional() }),
    reply: rows(recordView),
  },
  lookUpSubject: {
    method: 'POST',
    path: '/repair/lookup',
    summary: { zh: '窗口查找申请主体', en: 'Find the applicant at the window' },
    allowed: { roles: ['window_clerk'] },
    /** In the body: identifiers of persons are never in an address. Exactly one of the two. */
    body: z.union([
      z.strictObject({ code: z.string().trim().min(6).max(40) }),
      z.strictObject({ personId: z.string().trim().min(6).max(40) }),
    ]),
    reply: z.object({ subjectId: id, name: z.string(), kind: z.string(), status: z.string() }),
    idempotent: false,
  },
  createApplication: {
    method: 'POST',
    path: '/applications',
    summary: { zh: '新建修复申请', en: 'Begin an application' },
    allowed: APPLICANT,
    body: z.object({
      subject: id,
      kind: z.enum(KINDS).default('repair'),
      records: z.array(id).max(100).default([]),
      contactName: z.string().trim().max(60).default(''),
      contactPhone: z.string().trim().max(30).default(''),
    }),
    reply: applicationView,
    status: 201,
  },
  listApplications: {
    method: 'GET',
    path: '/applications',
    summary: { zh: '修复申请列表', en: 'Applications' },
    allowed: { roles: ['enterprise', 'window_clerk', 'credit_office'] },
    query: z.object({
      ...page,
      subject: id.optional(),
      state: z.enum(APPLICATION_STATES).optional(),
      kind: z.enum(KINDS).optional(),
      no: z.string().trim().max(40).optional(),
    }),
    reply: rows(applicationRow),
  },
  getApplication: {
    method: 'GET',
    path: '/applications/:subject/:id',
    summary: { zh: '修复申请详情', en: 'One application' },
    allowed: READERS,
    params: ofApplication,
    reply: applicationView,
  },
  addItems: {
    method: 'POST',
    path: '/applications/:subject/:id/items',
    summary: { zh: '向申请添加记录', en: 'Put records into the basket' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ records: z.array(id).min(1).max(100) }),
    reply: applicationView,
  },
  removeItem: {
    method: 'DELETE',
    path: '/applications/:subject/:id/items/:item',
    summary: { zh: '从申请移除记录', en: 'Take a record out of the basket' },
    allowed: APPLICANT,
    params: ofApplication.extend({ item: id }),
    reply: applicationView,
  },
  describeItem: {
    method: 'POST',
    path: '/applications/:subject/:id/items/:item',
    summary: { zh: '填写履行与整改情况', en: 'Declare what has been done about a record' },
    allowed: APPLICANT,
    params: ofApplication.extend({ item: id }),
    body: z.object({ declared, statement: note, seen }),
    reply: applicationView,
  },
  discardApplication: {
    method: 'DELETE',
    path: '/applications/:subject/:id',
    summary: { zh: '删除未提交的申请', en: 'Discard a draft' },
    allowed: APPLICANT,
    params: ofApplication,
    reply: z.object({ ok: z.literal(true) }),
  },
  uploadMaterial: {
    method: 'POST',
    path: '/applications/:subject/:id/materials',
    summary: { zh: '上传证明材料', en: 'Upload material' },
    allowed: APPLICANT,
    params: ofApplication,
    upload: true,
    limit: MATERIAL_LIMIT,
    body: z.object({ kind: z.string().trim().min(1).max(60) }),
    reply: materialView,
    status: 201,
  },
  removeMaterial: {
    method: 'DELETE',
    path: '/applications/:subject/:id/materials/:material',
    summary: { zh: '移除证明材料', en: 'Remove material' },
    allowed: APPLICANT,
    params: ofApplication.extend({ material: id }),
    reply: applicationView,
  },
  downloadMaterial: {
    method: 'GET',
    path: '/applications/:subject/:id/materials/:material',
    summary: { zh: '下载证明材料', en: 'Download material' },
    allowed: READERS,
    params: ofApplication.extend({ material: id }),
    reply: 'file',
  },
  signCommitment: {
    method: 'POST',
    path: '/applications/:subject/:id/commitment',
    summary: { zh: '签署信用承诺书', en: 'Sign the commitment' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ agreed: z.literal(true), seen }),
    reply: applicationView,
  },
  submitApplication: {
    method: 'POST',
    path: '/applications/:subject/:id/submit',
    summary: { zh: '提交申请', en: 'Submit' },
    allowed: APPLICANT,
    params: ofApplication,
    body: z.object({ seen }),
    reply: applicationView,
  },
  mendItem: {
    method: 'POST',
    path: `${ITEM}/mend`,
    summary: { zh: '补正后重新提交', en: 'Submit again with additions' },
    allowed: APPLICANT,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  withdrawItem: {
    method: 'POST',
    path: `${ITEM}/withdraw`,
    summary: { zh: '撤回一项申请', en: 'Withdraw an item' },
    allowed: APPLICANT,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  lapseItem: {
    method: 'POST',
    path: `${ITEM}/lapse`,
    summary: { zh: '终止办理', en: 'Let an item lapse' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  queue: {
    method: 'GET',
    path: '/repair/queue',
    summary: { zh: '待办修复事项', en: 'Items to decide, by deadline' },
    allowed: REVIEWER,
    query: z.object({
      ...page,
      /** open: an authority owes a step; waiting: the applicant does; done: ended. */
      view: z.enum(['open', 'waiting', 'done']).default('open'),
      state: z.enum(ITEM_STATES).optional(),
      item: z.string().max(60).optional(),
      kind: z.enum(KINDS).optional(),
      no: z.string().trim().max(40).optional(),
      overdue: flag.optional(),
      awaitingHead: flag.optional(),
    }),
    reply: rows(queueRow).extend({
      /** Of the whole queue of the authority, not of the page. */
      counts: z.object({ open: z.int(), overdue: z.int(), waiting: z.int(), awaitingHead: z.int() }),
    }),
  },
  getCase: {
    method: 'GET',
    path: ITEM,
    summary: { zh: '修复事项详情', en: 'One item with its evidence' },
    allowed: REVIEWER,
    params: ofItem,
    reply: caseView,
  },
  passItem: {
    method: 'POST',
    path: `${ITEM}/pass`,
    summary: { zh: '初审通过', en: 'Pass the first review' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  returnItem: {
    method: 'POST',
    path: `${ITEM}/return`,
    summary: { zh: '初审退回补正', en: 'Return from the first review' },
    allowed: REVIEWER,
    params: ofItem,
    body: z.object({ seen, missing, note }),
    reply: itemView,
  },
  acceptItem: {
    method: 'POST',
    path: `${ITEM}/accept`,
    summary: { zh: '受理', en: 'Accept' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  askOnce: {
    method: 'POST',
    path: `${ITEM}/ask`,
    summary: { zh: '一次性告知补正', en: 'Ask once for all that is missing' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, missing, note }),
    reply: itemView,
  },
  notAcceptItem: {
    method: 'POST',
    path: `${ITEM}/not-accept`,
    summary: { zh: '不予受理', en: 'Do not accept' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason, ruled, conditions: z.array(z.string().max(60)).max(20).default([]) }),
    reply: itemView,
  },
  grantItem: {
    method: 'POST',
    path: `${ITEM}/grant`,
    summary: { zh: '准予修复', en: 'Grant' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note, ruled }),
    reply: itemView,
  },
  refuseItem: {
    method: 'POST',
    path: `${ITEM}/refuse`,
    summary: { zh: '不予修复', en: 'Refuse' },
    allowed: OFFICER,
    params: ofItem,
    /** `conditions`: codes of the conditions that fail, from the case's list. */
    body: z.object({ seen, reason, ruled, conditions: z.array(z.string().max(60)).min(1).max(20) }),
    reply: itemView,
  },
  extendItem: {
    method: 'POST',
    path: `${ITEM}/extend`,
    summary: { zh: '延长办理期限', en: 'Extend the term' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  findForged: {
    method: 'POST',
    path: `${ITEM}/forged`,
    summary: { zh: '认定虚假材料', en: 'Find false material' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  revokeGrant: {
    method: 'POST',
    path: `${ITEM}/revoke`,
    summary: { zh: '撤销修复决定', en: 'Revoke a grant' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  shieldItem: {
    method: 'POST',
    path: `${ITEM}/shield`,
    summary: { zh: '临时屏蔽', en: 'Shield temporarily' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  completePlan: {
    method: 'POST',
    path: `${ITEM}/plan-completed`,
    summary: { zh: '登记计划执行完毕', en: 'Record that the plan is completed' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  restoreItem: {
    method: 'POST',
    path: `${ITEM}/restore`,
    summary: { zh: '恢复公示', en: 'Restore publication' },
    allowed: OFFICER,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
  confirmProposal: {
    method: 'POST',
    path: `${ITEM}/confirm`,
    summary: { zh: '负责人批准', en: 'Approve what the officer proposed' },
    allowed: HEAD,
    params: ofItem,
    body: z.object({ seen, note }),
    reply: itemView,
  },
  sendBackProposal: {
    method: 'POST',
    path: `${ITEM}/send-back`,
    summary: { zh: '负责人退回', en: 'Send the proposal back' },
    allowed: HEAD,
    params: ofItem,
    body: z.object({ seen, reason }),
    reply: itemView,
  },
})
