import type { Signer } from '../../platform/signatures.ts'
import { JWS_ALG } from './keys.ts'

export type SignedPage = { protected: string; payload: string; signature: string }

/** A page of the feed as a flattened JWS (RFC 7515): it can be kept and checked later, without the connection it came over. */
export const signPage = (signer: Signer, page: unknown): SignedPage => signText(signer, JSON.stringify(page))

/** The same for a page that is written out already. */
export const signText = (signer: Signer, text: string): SignedPage => {
  const header = { alg: JWS_ALG[signer.algorithm], kid: signer.keyId, typ: 'xinheng-feed+jws' }
  const protectedPart = Buffer.from(JSON.stringify(header)).toString('base64url')
  const payload = Buffer.from(text).toString('base64url')
  const signature = signer.sign(Buffer.from(`${protectedPart}.${payload}`, 'latin1')).toString('base64url')
  return { protected: protectedPart, payload, signature }
}
