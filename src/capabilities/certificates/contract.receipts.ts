import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { effectView } from '../exchange/contract.ts'
import { PEER_KINDS } from '../exchange/words.ts'
import { HOLDER_MARKS, RECEIPT_OUTCOMES, RECEIPT_SCOPES, RECEIPT_STATES } from './words.receipts.ts'
import { id, pageAsk, words } from '../../kernel/shapes.ts'

const lang = z.enum(['zh', 'en']).optional().catch(undefined)
const page = pageAsk({ most: 100 })

export const receiptHolder = z.object({
  name: words,
  /** Null: this platform's own site. */
  kind: z.enum(PEER_KINDS).nullable(),
  mark: z.enum(HOLDER_MARKS),
  sentAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  takeDownBy: z.string().nullable(),
})
export type ReceiptHolder = z.infer<typeof receiptHolder>
export const receiptPart = z.object({
  n: z.int(),
  withdrawnAt: z.string(),
  holders: z.array(receiptHolder),
  /** What it brought about (Order 36 art. 3), each with its proof. Receipts that were final before this was kept have none. */
  effects: z.array(effectView).optional(),
})
export type ReceiptPart = z.infer<typeof receiptPart>

/** All that a receipt says: a case by its number, holders and times; nothing of the subject, nothing of the record. */
export const receiptFacts = z.object({
  code: z.string(),
  number: words,
  issuer: words,
  jurisdiction: z.string(),
  scope: z.enum(RECEIPT_SCOPES),
  applicationNo: z.string(),
  state: z.enum(RECEIPT_STATES),
  outcome: z.enum(RECEIPT_OUTCOMES).nullable(),
  finalAt: z.string().nullable(),
  parts: z.array(receiptPart),
})
export type ReceiptFacts = z.infer<typeof receiptFacts>

export const propagationReceiptView = z.object({
  subjectId: id,
  id,
  recordId: id.nullable(),
  applicationId: id.nullable(),
  openedAt: z.string(),
  done: z.int(),
  all: z.int(),
  facts: receiptFacts,
})
export type PropagationReceiptView = z.infer<typeof propagationReceiptView>

export const endpoints = defineEndpoints({
  listPropagationReceipts: {
    method: 'GET',
    path: '/propagation-receipts',
    summary: { zh: '同步回执列表', en: 'Propagation receipts' },
    allowed: { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office', 'auditor'] },
    query: z.object({
      ...page,
      subject: id.optional(),
      record: id.optional(),
      application: id.optional(),
      state: z.enum(RECEIPT_STATES).optional(),
      outcome: z.enum(RECEIPT_OUTCOMES).optional(),
    }),
    reply: z.object({ rows: z.array(propagationReceiptView), next: z.string().nullable() }),
  },
  publicReceipt: {
    method: 'GET',
    path: '/public/receipts/:code',
    summary: { zh: '查验同步回执', en: 'Verify a propagation receipt' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(1).max(60) }),
    reply: receiptFacts,
  },
  publicReceiptPdf: {
    method: 'GET',
    path: '/public/receipts/:code/pdf',
    summary: { zh: '下载同步回执（PDF）', en: 'A propagation receipt as PDF' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(1).max(60) }),
    query: z.object({ lang }),
    reply: 'file',
  },
  receiptPage: {
    method: 'GET',
    path: '/receipt/:code',
    summary: { zh: '同步回执查验页', en: 'What a propagation receipt says' },
    allowed: { anyone: true },
    params: z.object({ code: z.string() }),
    query: z.object({ lang }),
    reply: 'html',
  },
})

export const refusals = {
  NO_SUCH_RECEIPT: {
    kind: 'not_found',
    zh: '没有查到与该查验码对应的同步回执，请核对后重新输入。',
    en: 'No receipt of propagation has this code. Check it and try again.',
  },
} as const satisfies RefusalCatalogue
