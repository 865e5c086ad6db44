import type { Tx } from '../../platform/db/index.ts'
import type { Peer } from './store.ts'

/** False when someone else changed it first. */
export const savePeer = async (tx: Tx, peer: Peer, seen: number): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer')
    .set({
      name: peer.name,
      kind: peer.kind,
      division: peer.division,
      items: peer.items,
      channel: peer.channel,
      ack_workdays: peer.ackWorkdays,
      takedown_workdays: peer.takedownWorkdays,
      legal_basis: JSON.stringify(peer.legalBasis),
      contact: peer.contact,
      code: peer.code,
      way: peer.way,
      direction: peer.direction,
      format: peer.format,
      algorithm: peer.algorithm,
      settings: JSON.stringify(peer.settings),
      rate_per_minute: peer.ratePerMinute,
      addresses: peer.addresses,
      version: seen + 1,
    })
    .where('id', '=', peer.id)
    .where('version', '=', seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}
