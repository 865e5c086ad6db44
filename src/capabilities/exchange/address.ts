import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'

export type NewAddressed = {
  peerId: string
  subjectId: string
  recordId?: string
  /** The type of the CloudEvent, such as `case.passed_on`. */
  type: string
  data: Record<string, unknown>
}

/**
 * A message to one peer that is no change of a record, in the transaction of what it tells of. It goes the peer's own way,
 * with the same attempts and acknowledgements as everything else. Returns the event's id.
 */
export const address = async (tx: Tx, ctx: Ctx, ask: NewAddressed): Promise<string> => {
  const id = newId()
  await store.insertAddressed(tx, { ...ask, id }, ctx.clock.now())
  return id
}
