import type { Tx } from '../../platform/db/index.ts'
import { type Peer, profileColumns } from './store.ts'

/** False when someone else changed it first. */
export const savePeer = async (tx: Tx, peer: Peer, seen: number): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer')
    .set({
      ...profileColumns(peer),
      version: seen + 1,
    })
    .where('id', '=', peer.id)
    .where('version', '=', seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}
