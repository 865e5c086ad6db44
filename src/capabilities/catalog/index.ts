/**
 * Catalog 信用信息目录: what may be collected, read and compared, and how a new version of an item comes into force. It owns
 * proposals, their previews on what is held, and the versions that were approved beside the pack. It promises that a version
 * is in force only after a preview and two people, from a day that all processes know before it comes, and that what was
 * checked by an earlier version stays as it was. It never changes a record and never changes the pack.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { followVersions } from './live.ts'
export { runPreviews } from './preview.ts'
export { act, drawUp, getProposal } from './service.ts'

/** The rows of a preview lead to the records they are about. */
const follower: SubjectFollower = {
  tables: [{ table: 'catalog.preview_row', key: ['proposal_id', 'n'], record: 'record_id' }],
}

export const api = { name: 'catalog', endpoints, refusals, handlers, jobs, follower }
