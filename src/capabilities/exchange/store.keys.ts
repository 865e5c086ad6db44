import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { PublicKey } from '../../platform/signatures.ts'
import { keyStateOf } from './rules.peers.ts'
import type { Algorithm } from './words.ts'

export type Generation = {
  algorithm: Algorithm
  generation: number
  keyId: string
  publicKey: PublicKey
  signsFrom: Instant
  signsUntil: Instant | null
  publishedUntil: Instant | null
}
export const generations = async (db: Reader): Promise<Generation[]> => {
  const { rows } = await sql<Generation>`
    select algorithm, generation, key_id as "keyId", public_key as "publicKey", signs_from as "signsFrom",
      signs_until as "signsUntil", published_until as "publishedUntil"
    from exchange.signing_key order by algorithm, generation`.execute(db)
  return rows
}
export const saveGeneration = async (tx: Tx, g: Generation): Promise<void> => {
  const until = { signs_until: g.signsUntil, published_until: g.publishedUntil }
  await tx
    .insertInto('exchange.signing_key')
    .values({
      algorithm: g.algorithm,
      generation: g.generation,
      key_id: g.keyId,
      public_key: JSON.stringify(g.publicKey),
      signs_from: g.signsFrom,
      ...until,
    })
    .onConflict((c) => c.columns(['algorithm', 'generation']).doUpdateSet({ signs_from: g.signsFrom, ...until }))
    .execute()
}

export type PeerKey = {
  id: string
  keyId: string
  algorithm: Algorithm
  publicKey: PublicKey
  validFrom: Instant
  validUntil: Instant | null
  revokedAt: Instant | null
  addedAt: Instant
}
const keyColumns = sql`id, key_id as "keyId", algorithm, public_key as "publicKey", valid_from as "validFrom",
  valid_until as "validUntil", revoked_at as "revokedAt", added_at as "addedAt"`
export const peerKeys = async (db: Reader, peerId: string): Promise<PeerKey[]> => {
  const { rows } = await sql<PeerKey>`
    select ${keyColumns} from exchange.peer_key where peer_id = ${peerId} order by added_at, id`.execute(db)
  return rows
}
/** Those that count now. */
export const usableKeys = async (db: Reader, peerId: string, now: Instant): Promise<PeerKey[]> =>
  (await peerKeys(db, peerId)).filter((k) => keyStateOf(k, now) === 'valid')
export const findPeerKey = async (db: Reader, peerId: string, keyId: string): Promise<PeerKey | null> => {
  const { rows } = await sql<PeerKey>`
    select ${keyColumns} from exchange.peer_key where peer_id = ${peerId} and key_id = ${keyId}`.execute(db)
  return rows[0] ?? null
}
export const insertPeerKey = async (tx: Tx, peerId: string, key: PeerKey): Promise<void> => {
  await tx
    .insertInto('exchange.peer_key')
    .values({
      id: key.id,
      peer_id: peerId,
      key_id: key.keyId,
      algorithm: key.algorithm,
      public_key: JSON.stringify(key.publicKey),
      valid_from: key.validFrom,
      valid_until: key.validUntil,
      revoked_at: key.revokedAt,
      added_at: key.addedAt,
    })
    .execute()
}
/** A new key has come: the ones before it are good until then and no longer. */
export const endPeerKeys = async (tx: Tx, peerId: string, until: Instant): Promise<void> => {
  await sql`
    update exchange.peer_key set valid_until = ${until}::timestamptz
    where peer_id = ${peerId} and revoked_at is null and (valid_until is null or valid_until > ${until}::timestamptz)`.execute(
    tx,
  )
}
export const revokePeerKey = async (tx: Tx, peerId: string, id: string, at: Instant): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer_key')
    .set({ revoked_at: at })
    .where('peer_id', '=', peerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

/** False when it was there already. */
export const takeNonce = async (tx: Tx, peerId: string, nonce: string, until: Instant): Promise<boolean> => {
  const { rows } = await sql`
    insert into exchange.nonce (peer_id, nonce, until) values (${peerId}, ${nonce}, ${until})
    on conflict do nothing returning 1 as one`.execute(tx)
  return rows.length > 0
}
export const forgetNonces = async (tx: Tx, before: Instant): Promise<void> => {
  await tx.deleteFrom('exchange.nonce').where('until', '<', before).execute()
}

/** Counts one more request of the minute that runs; a minute that is over, or lies ahead of a clock set back, begins anew. */
export const countRequest = async (
  tx: Tx,
  peerId: string,
  now: Instant,
  seconds: number,
): Promise<{ began: Instant; used: number }> => {
  const { rows } = await sql<{ began: Instant; used: number }>`
    insert into exchange.rate as r (peer_id, began, used) values (${peerId}, ${now}, 1)
    on conflict (peer_id) do update set
      began = case when r.began <= excluded.began and r.began > excluded.began - make_interval(secs => ${seconds})
        then r.began else excluded.began end,
      used = case when r.began <= excluded.began and r.began > excluded.began - make_interval(secs => ${seconds})
        then r.used + 1 else 1 end
    returning began, used`.execute(tx)
  return rows[0]!
}
