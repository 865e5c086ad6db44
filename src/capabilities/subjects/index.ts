/**
 * Subjects 信用主体: one file per subject, found by its code, with its names over time. It promises that a code leads to one
 * subject for ever, that names are compared by their key, and that a difference is shown as a conflict and decided by
 * people. It never merges silently, never holds a person's number (a keyed digest only), and never finds persons by search.
 */
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'

export {
  findSubjectByPersonId,
  mustActFor,
  recordLook,
  resolveSubjects,
  searchSubjects,
  openConflicts,
} from './service.ts'
export { findSubjectByCode, getSubject, subjectsById } from './store.ts'

export const api = { name: 'subjects', endpoints, refusals, handlers }
