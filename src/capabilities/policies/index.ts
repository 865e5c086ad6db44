/**
 * Policies 规则变更: the rules in force, and how others come into force: rows of the pack, a sector's own classification, or
 * another value of a row that awaits confirmation. It owns proposals, what they would do to what is held, and the changes that
 * were approved beside the pack. It promises that a change is in force only after a preview and two people, from a day that
 * all processes know before it comes; that nothing in it works before that day; and that what each record was before stays.
 * It writes no record itself: windows are rewritten by their owner, with news to whoever they reached.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { followRules } from './live.ts'
export { runRulePreviews } from './passes.ts'
export { actOnChange, drawUpChange, getChange } from './service.ts'

/** The rows of a preview lead to the records they are about. */
const follower: SubjectFollower = {
  tables: [{ table: 'policies.preview_row', key: ['proposal_id', 'n'], record: 'record_id' }],
}

export const api = { name: 'policies', endpoints, refusals, handlers, jobs, follower }
