import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { applicationView } from './contract.ts'
import { APPLICATION_STATES, ITEM_STATES, KINDS, WAYS_IN } from './states.ts'
import { day, id, seen, words } from '../../kernel/shapes.ts'

/** The comprehensive window: paper and phone, the form check, one notice of all that is missing, the receipt, the query. */

const MATERIAL_LIMIT = 20 * 1024 * 1024
const SIGNATURE_LIMIT = 512 * 1024
const NOTE_MAX = 2000

export const HAND_OVER_STATES = ['waiting', 'opened', 'returned', 'recalled', 'expired'] as const
export type HandOverState = (typeof HAND_OVER_STATES)[number]
export const HAND_OVER_ENDS = ['applicant', 'clerk', 'replaced', 'submitted'] as const

export const handOverView = z.object({
  id,
  state: z.enum(HAND_OVER_STATES),
  madeAt: z.string(),
  expiresAt: z.string(),
  openedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})
export type HandOverView = z.infer<typeof handOverView>

/** What the applicant sees on the phone: the names of things, never an identifier of a person or a subject. */
export const phoneView = z.object({
  subjectName: z.string(),
  expiresAt: z.string(),
  version: z.int(),
  items: z.array(z.object({ itemName: words, docNo: z.string(), authorityName: z.string() })),
  needed: z.array(
    z.object({
      code: z.string(),
      name: words,
      required: z.boolean(),
      present: z.boolean(),
      sharedBy: z.array(z.string()),
    }),
  ),
  materials: z.array(z.object({ kind: z.string(), kindName: words, name: z.string() })),
  commitment: z.object({ text: words, article: words, signedAt: z.string().nullable(), byHand: z.boolean() }),
})
export type PhoneView = z.infer<typeof phoneView>

export const missingLine = z.object({ code: z.string(), docNo: z.string().nullable(), text: words })
export type MissingLine = z.infer<typeof missingLine>

export const windowNoticeView = z.object({
  no: z.string(),
  on: day,
  addressee: z.string(),
  authorityName: z.string(),
  missing: z.array(missingLine),
  note: z.string(),
})
export type WindowNoticeView = z.infer<typeof windowNoticeView>

export const formCheckView = z.object({
  complete: z.boolean(),
  missing: z.array(missingLine),
  /** The one notice, once it has been given. */
  notice: windowNoticeView.nullable(),
  /** The window itself accepts, where the jurisdiction says so; else the application goes to the deciding authorities. */
  accepts: z.object({ article: words }).nullable(),
})
export type FormCheckView = z.infer<typeof formCheckView>

export const receiptView = z.object({
  no: z.string(),
  /** With the number it opens the query of progress, for people without an account. */
  code: z.string(),
  subjectName: z.string(),
  wayIn: z.enum(WAYS_IN),
  windowName: z.string().nullable(),
  submittedAt: z.string(),
  items: z.array(z.object({ itemName: words, docNo: z.string(), deciderName: z.string(), dueOn: day.nullable() })),
  materials: z.array(z.object({ kindName: words, name: z.string() })),
})
export type ReceiptView = z.infer<typeof receiptView>

/** For whoever has the receipt: where each item stands, and what is asked of the applicant. No name of anyone. */
export const progressView = z.object({
  no: z.string(),
  kind: z.enum(KINDS),
  state: z.enum(APPLICATION_STATES),
  submittedAt: z.string(),
  items: z.array(
    z.object({
      itemName: words,
      docNo: z.string(),
      deciderName: z.string(),
      state: z.enum(ITEM_STATES),
      dueOn: day.nullable(),
      decidedOn: day.nullable(),
      /** What happens now and whose turn it is. */
      next: words,
      missing: z.array(words),
    }),
  ),
})
export type ProgressView = z.infer<typeof progressView>

const CLERK = { roles: ['window_clerk'] } as const
const ANYONE = { anyone: true } as const
const ofApplication = z.object({ subject: id, id })
/** The secret of a link or a phone travels in the body, never in an address. */
const secret = z.string().min(20).max(200)
const WINDOW = '/window/applications/:subject/:id'

export const endpoints = defineEndpoints({
  startHandOver: {
    method: 'POST',
    path: `${WINDOW}/hand-over`,
    summary: { zh: '转申请人手机办理', en: 'Hand over to the applicant’s phone' },
    allowed: CLERK,
    params: ofApplication,
    /** `token` is told once, for the QR code. */
    reply: z.object({ handOver: handOverView, token: z.string() }),
    status: 201,
    idempotent: false,
  },
  getHandOver: {
    method: 'GET',
    path: `${WINDOW}/hand-over`,
    summary: { zh: '转手机办理的情况', en: 'How the hand-over stands' },
    allowed: CLERK,
    params: ofApplication,
    reply: z.object({ handOver: handOverView.nullable() }),
  },
  endHandOver: {
    method: 'POST',
    path: `${WINDOW}/hand-over/end`,
    summary: { zh: '结束转手机办理', en: 'End the hand-over' },
    allowed: CLERK,
    params: ofApplication,
    reply: z.object({ handOver: handOverView.nullable() }),
  },
  checkForm: {
    method: 'GET',
    path: `${WINDOW}/check`,
    summary: { zh: '形式审查', en: 'Check the form' },
    allowed: CLERK,
    params: ofApplication,
    reply: formCheckView,
  },
  giveWindowNotice: {
    method: 'POST',
    path: `${WINDOW}/notice`,
    summary: { zh: '出具一次性告知书', en: 'Give the one notice of all that is missing' },
    allowed: CLERK,
    params: ofApplication,
    body: z.object({ note: z.string().trim().max(NOTE_MAX).default('') }),
    reply: formCheckView,
  },
  takeIn: {
    method: 'POST',
    path: `${WINDOW}/take-in`,
    summary: { zh: '收件并转各认定单位', en: 'Take in and pass on to each authority' },
    allowed: CLERK,
    params: ofApplication,
    body: z.object({ seen }),
    reply: applicationView,
  },
  getReceipt: {
    method: 'GET',
    path: '/applications/:subject/:id/receipt',
    summary: { zh: '收件回执', en: 'The receipt' },
    allowed: { roles: ['enterprise', 'window_clerk'] },
    params: ofApplication,
    reply: receiptView,
  },
  downloadSignature: {
    method: 'GET',
    path: '/applications/:subject/:id/signature',
    summary: { zh: '手写签名', en: 'The signature by hand' },
    allowed: { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'] },
    params: ofApplication,
    reply: 'file',
  },
  openHandOver: {
    method: 'POST',
    path: '/hand-over/open',
    summary: { zh: '在手机上打开转办链接', en: 'Open the link on the phone' },
    allowed: ANYONE,
    body: z.object({ token: secret }),
    /** `phone` is told once: only this phone goes on. */
    reply: z.object({ phone: z.string(), view: phoneView }),
    idempotent: false,
  },
  viewOnPhone: {
    method: 'POST',
    path: '/hand-over/view',
    summary: { zh: '手机办理：查看', en: 'On the phone: see' },
    allowed: ANYONE,
    body: z.object({ phone: secret }),
    reply: phoneView,
    idempotent: false,
  },
  uploadOnPhone: {
    method: 'POST',
    path: '/hand-over/materials',
    summary: { zh: '手机办理：拍照上传材料', en: 'On the phone: upload material' },
    allowed: ANYONE,
    upload: true,
    limit: MATERIAL_LIMIT,
    body: z.object({ phone: secret, kind: z.string().trim().min(1).max(60) }),
    reply: phoneView,
    status: 201,
    idempotent: false,
  },
  confirmOnPhone: {
    method: 'POST',
    path: '/hand-over/commitment',
    summary: { zh: '手机办理：确认信用承诺书', en: 'On the phone: confirm the commitment' },
    allowed: ANYONE,
    body: z.object({ phone: secret, agreed: z.literal(true), seen }),
    reply: phoneView,
    idempotent: false,
  },
  signOnPhone: {
    method: 'POST',
    path: '/hand-over/signature',
    summary: { zh: '手机办理：手写签署信用承诺书', en: 'On the phone: sign the commitment by hand' },
    allowed: ANYONE,
    upload: true,
    limit: SIGNATURE_LIMIT,
    body: z.object({ phone: secret, seen: z.coerce.number<string | number>().int().min(1) }),
    reply: phoneView,
    idempotent: false,
  },
  giveBack: {
    method: 'POST',
    path: '/hand-over/end',
    summary: { zh: '手机办理：交回窗口', en: 'On the phone: hand back to the window' },
    allowed: ANYONE,
    body: z.object({ phone: secret }),
    reply: z.object({ ok: z.literal(true) }),
    idempotent: false,
  },
})

export const refusals = {
  HAND_OVER_UNKNOWN: {
    kind: 'not_found',
    zh: '这个链接无效，请让窗口人员重新出示二维码。',
    en: 'This link is not valid. Ask the clerk to show a new code.',
  },
  HAND_OVER_USED: {
    kind: 'conflict',
    zh: '这个链接已在另一部手机上打开，每个链接只能使用一次。请让窗口人员重新出示二维码。',
    en: 'This link has been opened on another phone; each works once. Ask the clerk to show a new code.',
  },
  HAND_OVER_EXPIRED: {
    kind: 'refused',
    zh: '这个链接已超过有效时间，请让窗口人员重新出示二维码。',
    en: 'This link has run out. Ask the clerk to show a new code.',
  },
  HAND_OVER_ENDED: {
    kind: 'refused',
    zh: '本次手机办理已经结束，请到窗口继续办理。',
    en: 'This hand-over has ended. Please go on at the window.',
  },
  SIGNATURE_TYPE: {
    kind: 'refused',
    zh: '没有收到可以识别的签名图像，请重新签名。',
    en: 'No signature could be read. Sign again.',
  },
  NO_SIGNATURE: {
    kind: 'not_found',
    zh: '这件申请没有手写签名。',
    en: 'This application has no signature by hand.',
  },
  NOTHING_MISSING: {
    kind: 'refused',
    zh: '材料齐全，无需出具一次性告知书，请收件。',
    en: 'Nothing is missing; there is no notice to give. Take the application in.',
  },
  WINDOW_NOTICE_GIVEN: {
    kind: 'conflict',
    zh: '已于{day}出具一次性告知书（编号{no}），不得再次要求补正。',
    en: 'The one notice (no. {no}) was given on {day}; additions may not be asked for again.',
  },
  NO_RECEIPT_YET: {
    kind: 'refused',
    zh: '申请尚未提交，没有回执。',
    en: 'The application has not been submitted; there is no receipt yet.',
  },
  NO_SUCH_RECEIPT: {
    kind: 'not_found',
    zh: '回执编号或者查询码不正确，请核对回执后重试。',
    en: 'The receipt number or the code is not right. Check the receipt and try again.',
  },
  WINDOW_MAY_NOT_ACCEPT: {
    kind: 'refused',
    zh: '本地规定由认定单位受理，窗口不作受理决定。',
    en: 'Here the deciding authority accepts, not the window.',
  },
} as const satisfies RefusalCatalogue
