/**
 * Balance 数据平衡: received = accepted + refused + pending + already held, per submission, authority and day, and the proof of it. Each
 * night the raw files are read again, their rows counted and held against the records and the rows that were kept; what was proved
 * before is proved again within the days of the policy. A difference is named to the row and told to the credit office. It
 * changes nothing of what it looks at.
 */
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { prove } from './prove.ts'

export const api = { name: 'balance', endpoints, refusals, handlers, jobs }
