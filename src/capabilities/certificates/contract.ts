import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { deliveryView } from '../messages/contract.ts'
import { letterView as objectionLetter } from '../objections/contract.ts'
import { letterView as repairLetter } from '../repair/contract.ts'
import { CERTIFICATE_STATES, ENDED_BY, RECEIPT_WAYS, SHOWN_PARTS, TRUTHS } from './states.ts'
import { day, id, pageAsk, rows, seen, words } from '../../kernel/shapes.ts'

const lang = z.enum(['zh', 'en']).optional().catch(undefined)
const page = pageAsk({ most: 100, usual: PAGE_LIMIT })

export const receiptView = z.object({
  way: z.enum(RECEIPT_WAYS),
  at: z.string(),
  /** The window that handed it over; null for what the subject opened itself. */
  authorityName: z.string().nullable(),
})
/** What a letter says stays with whoever wrote it; here it is one paper like another. */
const anyLetter = z.union([repairLetter, objectionLetter])
export type AnyLetter = z.infer<typeof anyLetter>
export const registeredLetter = z.object({
  subjectId: id,
  id,
  /** The repair item, the objection or the application. */
  itemId: id,
  /** 文号, within the authority and the year. */
  number: words,
  code: z.string(),
  letter: anyLetter,
  receipt: receiptView.nullable(),
  /** What became of the notice that it is there; for the authority. */
  deliveries: z.array(deliveryView),
  /** The one who asks may record that it was handed over at the window. */
  mayHandOver: z.boolean(),
})
export type RegisteredLetter = z.infer<typeof registeredLetter>

/** All that a certificate says. Signed as a digest in its token. */
export const certificateFacts = z.object({
  code: z.string(),
  number: words,
  issuer: words,
  issuedOn: day,
  jurisdiction: z.string(),
  subject: z.object({ name: z.string(), code: z.string().nullable() }),
  record: z.object({ docNo: z.string(), authority: z.string(), decidedOn: day }),
  decision: z.object({ number: words, authority: z.string(), on: day, basis: z.array(words) }),
  /** What the subject asked to have shown as well. */
  shown: z.array(z.object({ label: words, value: words })),
  thirdParty: z.string(),
})
export type CertificateFacts = z.infer<typeof certificateFacts>

export const certificateView = z.object({
  subjectId: id,
  id,
  itemId: id,
  applicationId: id,
  recordId: id,
  number: words,
  code: z.string(),
  facts: certificateFacts,
  shows: z.array(z.enum(SHOWN_PARTS)),
  state: z.enum(CERTIFICATE_STATES),
  endedBy: z.enum(ENDED_BY).nullable(),
  endedAt: z.string().nullable(),
  issuedAt: z.string(),
  version: z.int(),
  mayWithdraw: z.boolean(),
})
export type CertificateView = z.infer<typeof certificateView>

export const offerView = z.object({
  /** Why none can be given now; null when one can. */
  refusal: z.object({ code: z.string(), text: words }).nullable(),
  /** Holders that have not confirmed. */
  open: z.int(),
  issuer: words.nullable(),
})

export const verdictView = z.object({
  what: z.enum(['letter', 'certificate', 'receipt']),
  code: z.string(),
  truth: z.enum(TRUTHS),
  /** What is true of it now, in one sentence. */
  sentence: words,
  /** Nothing of what it says is repeated once it holds no more. */
  title: words,
  number: words,
  issuer: words,
  on: day,
  facts: z.array(z.object({ label: words, value: words })),
  /** The instant of the answer. */
  at: z.string(),
})
export type Verdict = z.infer<typeof verdictView>

const ITEM = '/repair/items/:subject/:item'
const ofItem = z.object({ subject: id, item: id })
const ofPaper = z.object({ subject: id, id })
const READERS = { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'] } as const
const APPLICANT = { roles: ['enterprise', 'window_clerk'] } as const

export const endpoints = defineEndpoints({
  listLetters: {
    method: 'GET',
    path: `${ITEM}/letters`,
    summary: { zh: '一个修复事项的文书及送达情况', en: 'Letters of an item, and whether they reached the subject' },
    allowed: READERS,
    params: ofItem,
    query: z.object(page),
    reply: rows(registeredLetter),
  },
  listObjectionLetters: {
    method: 'GET',
    path: '/objections/:subject/:objection/letters',
    summary: { zh: '一件异议的文书及送达情况', en: 'Letters of an objection, and whether they reached the subject' },
    allowed: READERS,
    params: z.object({ subject: id, objection: id }),
    query: z.object(page),
    reply: rows(registeredLetter),
  },
  listApplicationLetters: {
    method: 'GET',
    path: '/applications/:subject/:id/letters',
    summary: { zh: '窗口就一件申请出具的告知书', en: 'The window’s notice on an application' },
    allowed: READERS,
    params: ofPaper,
    query: z.object(page),
    reply: rows(registeredLetter),
  },
  downloadLetter: {
    method: 'GET',
    path: '/letters/:subject/:id/pdf',
    summary: { zh: '下载文书（PDF）', en: 'A letter as PDF' },
    allowed: READERS,
    params: ofPaper,
    query: z.object({ lang }),
    reply: 'file',
  },
  receiveLetter: {
    method: 'POST',
    path: '/letters/:subject/:id/receipt',
    summary: { zh: '签收文书（本主体查阅，或者窗口当面送达）', en: 'Record that a letter reached its subject' },
    allowed: APPLICANT,
    params: ofPaper,
    reply: receiptView,
  },
  certificateOffer: {
    method: 'GET',
    path: `${ITEM}/certificate-offer`,
    summary: { zh: '能否开具信用修复证明', en: 'Whether a certificate of repair can be given now' },
    allowed: APPLICANT,
    params: ofItem,
    reply: offerView,
  },
  issueCertificate: {
    method: 'POST',
    path: `${ITEM}/certificates`,
    summary: { zh: '开具信用修复证明', en: 'Issue a certificate of repair' },
    allowed: APPLICANT,
    params: ofItem,
    body: z.object({
      shows: z.array(z.enum(SHOWN_PARTS)).max(SHOWN_PARTS.length).default([]),
      /** A third party that is not among the holders and still shows the record. */
      thirdParty: z.string().trim().max(100).default(''),
    }),
    reply: certificateView,
    status: 201,
  },
  listCertificates: {
    method: 'GET',
    path: '/certificates',
    summary: { zh: '信用修复证明列表', en: 'Certificates of repair' },
    allowed: READERS,
    query: z.object({
      ...page,
      subject: id.optional(),
      item: id.optional(),
      state: z.enum(CERTIFICATE_STATES).optional(),
    }),
    reply: rows(certificateView),
  },
  downloadCertificate: {
    method: 'GET',
    path: '/certificates/:subject/:id/pdf',
    summary: { zh: '下载信用修复证明（PDF）', en: 'A certificate as PDF' },
    allowed: APPLICANT,
    params: ofPaper,
    query: z.object({ lang }),
    reply: 'file',
  },
  withdrawCertificate: {
    method: 'POST',
    path: '/certificates/:subject/:id/withdraw',
    summary: { zh: '收回信用修复证明', en: 'Withdraw a certificate' },
    allowed: APPLICANT,
    params: ofPaper,
    body: z.object({ seen }),
    reply: certificateView,
  },
  verifyCode: {
    method: 'GET',
    path: '/public/verify/:code',
    summary: { zh: '查验文书或者证明', en: 'Verify a letter or a certificate' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(1).max(480) }),
    reply: verdictView,
  },
  verifyForm: {
    method: 'GET',
    path: '/verify',
    summary: { zh: '文书查验页', en: 'Verify a paper' },
    allowed: { anyone: true },
    query: z.object({ code: z.string().max(500).optional(), lang }),
    reply: 'html',
  },
  verifyPage: {
    method: 'GET',
    path: '/verify/:code',
    summary: { zh: '文书查验结果页', en: 'What is true of a paper' },
    allowed: { anyone: true },
    params: z.object({ code: z.string() }),
    query: z.object({ lang }),
    reply: 'html',
  },
  certificateKeys: {
    method: 'GET',
    path: '/.well-known/xinheng-keys.json',
    summary: { zh: '信用修复证明的签名公钥', en: 'Public keys of certificates (JWK set)' },
    allowed: { anyone: true },
    reply: 'html',
  },
})

export const refusals = {
  NO_SUCH_LETTER: {
    kind: 'not_found',
    zh: '没有这份文书，或者您无权查看。',
    en: 'There is no such letter, or it is not yours to see.',
  },
  NO_SUCH_CERTIFICATE: {
    kind: 'not_found',
    zh: '没有这份信用修复证明，或者您无权查看。',
    en: 'There is no such certificate, or it is not yours to see.',
  },
  NO_SUCH_PAPER: {
    kind: 'not_found',
    zh: '没有查到与该查验码对应的文书。请核对后重新输入；仍查不到的，该文书不是本平台出具的。',
    en: 'No paper has this code. Check it and try again; if it is still not found, the paper is not from this platform.',
  },
  CERTIFICATES_NOT_GIVEN: {
    kind: 'refused',
    zh: '本地区未规定开具信用修复证明，请出示准予信用修复决定书。',
    en: 'No certificates of repair are given here; show the decision that granted the repair.',
  },
  NOT_GRANTED: {
    kind: 'refused',
    zh: '本事项没有有效的准予修复决定，不能开具信用修复证明。',
    en: 'There is no grant in force on this item, so no certificate can be given.',
  },
  NOTHING_OUTSTANDING: {
    kind: 'refused',
    zh: '全部持有单位均已更新，无需证明。如有其他网站或者单位仍未更新，请填写其名称。',
    en: 'Every holder has updated and nothing is left to certify. If someone else still shows the record, name them.',
  },
  CERTIFICATE_ENDED: {
    kind: 'conflict',
    zh: '该信用修复证明已经失效，不能再下载。',
    en: 'This certificate holds no more and cannot be downloaded.',
  },
  CERTIFIED_ALREADY: {
    kind: 'conflict',
    zh: '本事项已有一份有效的信用修复证明，请直接下载；如需更改，请先收回。',
    en: 'There is a certificate in force on this item. Download it, or withdraw it first to change it.',
  },
} as const satisfies RefusalCatalogue
