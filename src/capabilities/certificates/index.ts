/**
 * Certificates 证明与文书: the register of letters with their numbers within authority and year, their codes and receipts;
 * certificates of repair; and the page on which anyone verifies either. It promises that a number is given once and in the
 * order of the decisions, that a paper can be verified offline by its signature and online by its code, that a certificate
 * is withdrawn by itself, and that a page of verification tells what is true now and nothing of what is gone. It decides
 * nothing and writes no letter: what a letter says stays with whoever wrote it.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

/** Papers go with the application they are of. */
const follower: SubjectFollower = {
  tables: [
    { table: 'certificates.letter', key: ['id'] },
    { table: 'certificates.receipt', key: ['letter_id'] },
    { table: 'certificates.certificate', key: ['id'], words: { zh: '信用修复证明', en: 'Certificates of repair' } },
  ],
}

export const api = { name: 'certificates', endpoints, refusals, handlers, jobs, follower }
