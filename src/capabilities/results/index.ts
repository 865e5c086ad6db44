/**
 * Results 修复结果数据集: the daily set of repair results that authorities take and act on, and what they do about it on their
 * own pages. It promises that a day once closed comes out the same byte for byte, that what changed afterwards stands in a
 * later day, that every day has a set and an empty one says so, and that "it is down" is what somebody saw, with proof. It
 * reaches no network that the rules do not name, and holds no natural person.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { closeDays } from './follow.ts'
export { chaseLate, lookAtPages } from './service.takedowns.ts'

const follower: SubjectFollower = {
  tables: [
    { table: 'results.entry', key: ['event_id'], record: 'record_id', words: { zh: '修复结果', en: 'Repair results' } },
    { table: 'results.takedown', key: ['id'], record: 'record_id' },
    { table: 'results.look', key: ['id'] },
  ],
}

export const api = { name: 'results', endpoints, refusals, handlers, jobs, follower }
