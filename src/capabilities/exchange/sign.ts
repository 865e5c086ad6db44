import type { Signer } from '../../platform/signatures.ts'
import { JWS_ALG } from './keys.ts'

export type SignedPage = { protected: string; payload: string; signature: string }

/** Room for what stands behind the payload: a signature is 64 bytes, or little more. */
const TAIL_MAX = 1024

/**
 * A page of the feed as a flattened JWS (RFC 7515): it can be kept and checked later, without the connection it came over. As
 * the bytes of its JSON: base64url has nothing to escape, and a page may be many megabytes. So it is written once: what is
 * signed, `protected.payload`, stands for that moment where the head of the JSON will end.
 */
export const signPage = async (signer: Signer, texts: readonly string[]): Promise<Buffer> => {
  const header = { alg: JWS_ALG[signer.algorithm], kid: signer.keyId, typ: 'xinheng-feed+jws' }
  const protectedPart = Buffer.from(JSON.stringify(header)).toString('base64url')
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0))
  let written = 0
  for (const text of texts) written += bytes.write(text, written)
  const payload = bytes.toString('base64url')

  const [head, signedHead] = [`{"protected":"${protectedPart}","payload":"`, `${protectedPart}.`]
  const end = head.length + payload.length
  const page = Buffer.allocUnsafe(end + TAIL_MAX)
  page.write(payload, head.length, 'latin1')
  page.write(signedHead, head.length - signedHead.length, 'latin1')
  const signature = await signer.signAside(page.subarray(head.length - signedHead.length, end))
  page.write(head, 0, 'latin1')
  const tail = page.write(`","signature":"${signature.toString('base64url')}"}`, end, 'latin1')
  return page.subarray(0, end + tail)
}

/** The page as those have it who ask inside this process. */
export const readPage = (bytes: Buffer): SignedPage => JSON.parse(bytes.toString('latin1')) as SignedPage
