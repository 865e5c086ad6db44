/**
 * Certificates 证明与文书: the register of letters with their numbers within authority and year, their codes and receipts;
 * certificates of repair; receipts of propagation, which tell holder by holder what became of a withdrawal; and the page on which anyone verifies either. It promises that a number is given once and in the
 * order of the decisions, that a paper can be verified offline by its signature and online by its code, that a certificate
 * is withdrawn by itself, and that a page of verification tells what is true now and nothing of what is gone. It decides
 * nothing and writes no letter: what a letter says stays with whoever wrote it.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import * as receipts from './contract.receipts.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers, receiptHandlers } from './routes.ts'

/** Papers go with the application they are of. */
const follower: SubjectFollower = {
  tables: [
    { table: 'certificates.letter', key: ['id'] },
    { table: 'certificates.receipt', key: ['letter_id'] },
    {
      table: 'certificates.propagation_receipt',
      key: ['id'],
      record: 'record_id',
      words: { zh: '同步回执', en: 'Propagation receipts' },
    },
    { table: 'certificates.certificate', key: ['id'], words: { zh: '信用修复证明', en: 'Certificates of repair' } },
  ],
}

export const api = {
  name: 'certificates',
  endpoints: { ...endpoints, ...receipts.endpoints },
  refusals: { ...refusals, ...receipts.refusals },
  handlers: { ...handlers, ...receiptHandlers },
  jobs,
  follower,
}
