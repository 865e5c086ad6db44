import type { Signer } from '../../platform/signatures.ts'
import { JWS_ALG } from './keys.ts'

export type SignedPage = { protected: string; payload: string; signature: string }

/**
 * A page of the feed as a flattened JWS (RFC 7515): it can be kept and checked later, without the connection it came over. As
 * the bytes of its JSON: base64url has nothing to escape, and a page may be many megabytes.
 */
export const signPage = async (signer: Signer, text: string): Promise<Buffer> => {
  const header = { alg: JWS_ALG[signer.algorithm], kid: signer.keyId, typ: 'xinheng-feed+jws' }
  const protectedPart = Buffer.from(JSON.stringify(header)).toString('base64url')
  const payload = Buffer.from(Buffer.from(text).toString('base64url'), 'latin1')
  const signature = await signer.signAside(Buffer.concat([Buffer.from(`${protectedPart}.`), payload]))
  return Buffer.concat([
    Buffer.from(`{"protected":"${protectedPart}","payload":"`),
    payload,
    Buffer.from(`","signature":"${signature.toString('base64url')}"}`),
  ])
}

/** The page as those have it who ask inside this process. */
export const readPage = (bytes: Buffer): SignedPage => JSON.parse(bytes.toString('latin1')) as SignedPage
