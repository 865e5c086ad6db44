/**
 * Inbound 接收: what upper and lower platforms and vertical systems send (逆向推送). It promises that what came is kept as it came,
 * that each message of a peer is carried out once and answered whenever it is sent again, that received = accepted +
 * refused + pending at every commit, that an older message never undoes a newer one, and that nobody changes a record of
 * somebody else. What it takes in passes on by the feed of whoever's territory it belongs to, and never back to where it came from.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'
import { wakeConflict } from './store.ts'

export { setReceivers } from './carry.ts'
export { takeIn } from './take.ts'

/** A name has been decided: what waits for it goes on. */
const follower: SubjectFollower = {
  tables: [],
  settle: (tx, ctx, ask) => wakeConflict(tx, ask.nameKey, ctx.clock.now()),
}

export const api = { name: 'inbound', endpoints, refusals, handlers, jobs, follower }
