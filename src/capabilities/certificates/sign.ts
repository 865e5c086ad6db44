import { type KeyObject, createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { CompactSign, compactVerify, importJWK } from 'jose'
import { maskName } from '../../kernel/mask.ts'
import type { Secrets } from '../../platform/crypto.ts'
import type { ReceiptFacts } from './contract.receipts.ts'
import type { CertificateFacts } from './contract.ts'

/** PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')
const ALG = 'EdDSA'
/** Bytes for subject and document number together; what is longer is cut, and whole in the facts, which the token binds. */
const BRIEF_BYTES = 52
const SUBJECT_BYTES = 24
const DIGEST_BYTES = 12
const KEY_ID = 8

/**
 * What the QR code carries, in short keys so that it scans: code, subject, document number, day of the grant as a number,
 * and a digest of all the facts.
 */
export type TokenClaims = { c: string; s: string; d: string; g: number; h: string }
export type Jwk = { kty: string; crv: string; x: string; kid: string; alg: string; use: string }
/** Of a final receipt of propagation: its code, the day on which it was final, and the digest of all that it says. */
export type ReceiptClaims = { c: string; f: number; h: string; k: 'receipt' }
export type CertificateSigner = {
  jwk: Jwk
  sign: (facts: CertificateFacts) => Promise<string>
  signReceipt: (facts: ReceiptFacts) => Promise<string>
}

const DOTS = '…'
const brief = (text: string, most: number): string => {
  if (Buffer.byteLength(text) <= most) return text
  let out = ''
  for (const c of text) {
    if (Buffer.byteLength(out) + Buffer.byteLength(c) + Buffer.byteLength(DOTS) > most) break
    out += c
  }
  return out + DOTS
}

/** One way to write the facts, so that one digest belongs to them. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  )
export const factsDigest = (facts: CertificateFacts | ReceiptFacts): string =>
  createHash('sha256').update(canonical(facts)).digest().subarray(0, DIGEST_BYTES).toString('base64url')

/** The key is derived from the master key, as the feed's is: a restored platform signs as before. */
export const certificateSigner = (secrets: Pick<Secrets, 'derive'>): CertificateSigner => {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, secrets.derive('certificate/ed25519/1')]),
    format: 'der',
    type: 'pkcs8',
  })
  const x = String(createPublicKey(key).export({ format: 'jwk' }).x)
  const kid = createHash('sha256').update(x).digest('base64url').slice(0, KEY_ID)
  return {
    jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: ALG, use: 'sig' },
    sign: (facts) => {
      const subject = brief(facts.subject.code ?? maskName(facts.subject.name), SUBJECT_BYTES)
      const claims: TokenClaims = {
        c: facts.code.replaceAll('-', ''),
        s: subject,
        d: brief(facts.record.docNo, BRIEF_BYTES - Buffer.byteLength(subject)),
        g: Number(facts.decision.on.replaceAll('-', '')),
        h: factsDigest(facts),
      }
      return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg: ALG, kid }).sign(key)
    },
    signReceipt: (facts) => {
      const claims: ReceiptClaims = {
        c: facts.code.replaceAll('-', ''),
        f: Number((facts.finalAt ?? '').slice(0, 10).replaceAll('-', '')),
        h: factsDigest(facts),
        k: 'receipt',
      }
      return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg: ALG, kid }).sign(key)
    },
  }
}

export const looksLikeToken = (text: string): boolean => /^[\w-]{20,}\.[\w-]{20,}\.[\w-]{80,}$/.test(text)

/** What a token says, if one of the keys has signed it; null for anything else. */
export const readToken = async (token: string, keys: readonly Jwk[]): Promise<TokenClaims | null> => {
  try {
    const head = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid?: string }
    const jwk = keys.find((k) => k.kid === head.kid)
    if (!jwk) return null
    const { payload } = await compactVerify(token, await importJWK(jwk, ALG), { algorithms: [ALG] })
    return JSON.parse(Buffer.from(payload).toString()) as TokenClaims
  } catch {
    return null
  }
}
