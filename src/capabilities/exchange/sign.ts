import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { sha256 } from '../../platform/crypto.ts'
import type { Secrets } from '../../platform/crypto.ts'

/** PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export type FeedSigner = {
  keyId: string
  jwk: Record<string, string>
  sign: (page: unknown) => { protected: string; payload: string; signature: string }
}

/** The feed's key is derived from the master key, so that a restored platform signs as before. */
export const feedSigner = (secrets: Pick<Secrets, 'derive'>): FeedSigner => {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, secrets.derive('feed/ed25519/1')]),
    format: 'der',
    type: 'pkcs8',
  })
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const keyId = sha256(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x })).slice(0, 16)
  const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: keyId, typ: 'xinheng-feed+jws' })).toString(
    'base64url',
  )
  return {
    keyId,
    jwk: { kty: String(jwk.kty), crv: String(jwk.crv), x: String(jwk.x), kid: keyId, alg: 'EdDSA', use: 'sig' },
    sign: (page) => {
      const payload = Buffer.from(JSON.stringify(page)).toString('base64url')
      const signature = sign(null, Buffer.from(`${header}.${payload}`), key).toString('base64url')
      return { protected: header, payload, signature }
    },
  }
}
