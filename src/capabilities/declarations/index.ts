/**
 * Declarations 自主申报: what a subject says of itself, signed, and verified by an authority or not. It promises that nothing of
 * it is mixed with authorities' records, that it never leaves without its badge, that only what is verified and valid today
 * counts, and that whatever is changed has to be signed and verified again. It never shows what a natural person declared.
 *
 * View for others: `declarations.v_verified`, what was verified, with its validity: the only ones that count in reports and evaluation.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'
import { declared } from './service.ts'

const follower: SubjectFollower = {
  tables: [
    { table: 'declarations.declaration', key: ['id'], words: { zh: '自主申报信息', en: 'Declarations' } },
    { table: 'declarations.act', key: ['declaration_id', 'id'] },
  ],
  declared,
}

export const api = { name: 'declarations', endpoints, refusals, handlers, follower }
