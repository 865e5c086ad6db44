/**
 * Subjects 信用主体: one file per subject, found by its code, with its names over time. It promises that a code leads to one
 * subject for ever, that names are compared by their key, and that a difference is shown as a conflict and decided by
 * people. It never merges silently, never holds a person's number (a keyed digest only), and never finds persons by search.
 *
 * Views for others; no natural person is in them but in `v_conflict`:
 * - `subjects.v_by_code`, `subjects.v_by_name`: organisations by any code the public may know, and by the key of their present name
 * - `subjects.v_organisation`: organisations that stand for themselves, with the strongest code each has
 * - `subjects.v_basic`: basic information as it goes back to the territory; `merged` where the file went into another
 * - `subjects.v_conflict`: two names on one code, with the subject they are about
 */
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'

export {
  type Foreseen,
  findSubjectByPersonId,
  foreseeSubjects,
  mustActFor,
  recordLook,
  resolveSubjects,
  searchSubjects,
  openConflicts,
  declaredOf,
  settleConflict,
  waitingFor,
} from './service.ts'
export { findSubjectByCode, getSubject, insertSubjects, namesOf, subjectsById } from './store.ts'
/** For those who bring files together or take them apart (corrections). */
export * as files from './store.files.ts'
export { countRows, followers, moveRows, movedRecords, putBack, setFollowers, shiftRecords } from './followers.ts'

export const api = { name: 'subjects', endpoints, refusals, handlers }
