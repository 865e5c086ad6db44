import type { Signer } from '../exchange/index.ts'
import type { Signature } from './store.ts'

/** With the key that the feed is signed with, published at `/exchange/keys`. */
export const signSet = (signer: Signer, manifest: string): Signature => ({
  algorithm: signer.algorithm,
  keyId: signer.keyId,
  value: signer.sign(Buffer.from(manifest)).toString('base64url'),
})
