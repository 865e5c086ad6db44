import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints as receiptEndpoints } from './contract.receipts.ts'
import type { endpoints } from './contract.ts'
import * as letters from './service.letters.ts'
import * as receipts from './service.receipts.ts'
import * as service from './service.ts'
import * as verify from './service.verify.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listLetters: letters.listLetters,
  listObjectionLetters: letters.listObjectionLetters,
  listApplicationLetters: letters.listApplicationLetters,
  downloadLetter: letters.downloadLetter,
  receiveLetter: letters.receiveLetter,
  certificateOffer: service.certificateOffer,
  issueCertificate: service.issueCertificate,
  listCertificates: service.listCertificates,
  downloadCertificate: service.downloadCertificate,
  withdrawCertificate: service.withdrawCertificate,
  verifyCode: verify.verifyCode,
  verifyForm: verify.verifyForm,
  verifyPage: verify.verifyPage,
  certificateKeys: verify.certificateKeys,
}

export const receiptHandlers: Handlers<typeof receiptEndpoints, Ctx> = {
  listPropagationReceipts: receipts.listPropagationReceipts,
  publicReceipt: receipts.publicReceipt,
  publicReceiptPdf: receipts.publicReceiptPdf,
  receiptPage: receipts.receiptPage,
}
