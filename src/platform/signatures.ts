import { httpbis } from 'http-message-signatures'
import {
  Hash,
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { type InnerList, isInnerList, parseDictionary, serializeInnerList } from 'structured-headers'
import { sha256 } from './crypto.ts'

/**
 * Signatures behind one interface: Ed25519 (RFC 8032) and SM2 with SM3 (GB/T 32918), and with either of them the
 * signatures of HTTP messages (RFC 9421). Whose keys they are is the business of the exchange.
 */

export type Algorithm = 'ed25519' | 'sm2'
/** A public key as a JWK (RFC 7517). No registered curve name exists for SM2; here it is `SM2`. */
export type PublicKey = { kty: 'OKP'; crv: 'Ed25519'; x: string } | { kty: 'EC'; crv: 'SM2'; x: string; y: string }
export type Signer = {
  keyId: string
  algorithm: Algorithm
  publicKey: PublicKey
  /** 64 bytes: of SM2 r and s, one after the other. */
  sign: (bytes: Uint8Array) => Buffer
}
export type Verifier = { algorithm: Algorithm; verify: (bytes: Uint8Array, signature: Uint8Array) => boolean }

/** GB/T 32918 has every signer carry an id; GM/T 0009 gives the one to use where nothing else is agreed. */
const SM2_ID = '1234567812345678'
/** Order of the group of SM2's curve. */
const SM2_ORDER = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123')
/** PKCS #8 around a raw Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')
/** SubjectPublicKeyInfo around a raw key: of Ed25519, and of a point on SM2's curve that is not compressed. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex')
const SPKI_SM2 = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex')

const b64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const hexOf = (text: string): string => Buffer.from(text, 'base64url').toString('hex')

/** Stable for the key, whoever names it: the digest of what makes it, in the order of RFC 7638. */
export const keyIdOf = (key: PublicKey): string =>
  sha256(
    JSON.stringify(
      key.kty === 'OKP' ? { crv: key.crv, kty: key.kty, x: key.x } : { crv: key.crv, kty: key.kty, x: key.x, y: key.y },
    ),
  ).slice(0, 16)

const ed25519Signer = (seed: Uint8Array): Signer => {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' })
  const publicKey: PublicKey = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: String(createPublicKey(key).export({ format: 'jwk' }).x),
  }
  return {
    keyId: keyIdOf(publicKey),
    algorithm: 'ed25519',
    publicKey,
    sign: (bytes) => sign(null, bytes, key),
  }
}

/** A private key of SM2 lies between 1 and the order less two. */
const scalarOf = (seed: Uint8Array): string =>
  ((BigInt(`0x${Buffer.from(seed).toString('hex')}`) % (SM2_ORDER - 2n)) + 1n).toString(16).padStart(64, '0')
const sm2SignerOf = (secret: string): Signer => {
  const point = sm2.getPublicKeyFromPrivateKey(secret)
  const publicKey: PublicKey = {
    kty: 'EC',
    crv: 'SM2',
    x: b64url(point.slice(2, 66)),
    y: b64url(point.slice(66)),
  }
  const options = { hash: true, userId: SM2_ID, publicKey: point }
  return {
    keyId: keyIdOf(publicKey),
    algorithm: 'sm2',
    publicKey,
    sign: (bytes) => Buffer.from(sm2.doSignature(bytes, secret, options), 'hex'),
  }
}

/** A signer from 32 secret bytes; the same bytes give the same key. */
export const signerFrom = (algorithm: Algorithm, seed: Uint8Array): Signer =>
  algorithm === 'ed25519' ? ed25519Signer(seed) : sm2SignerOf(scalarOf(seed))

const ed25519Verifier = (publicKey: PublicKey): Verifier => {
  const key: KeyObject = createPublicKey({ key: { ...publicKey }, format: 'jwk' })
  return {
    algorithm: 'ed25519',
    verify: (bytes, signature) => signature.length === 64 && verify(null, bytes, key, signature),
  }
}

/** r and s as they are, or in the DER form that most libraries of GB/T 32918 give. */
const sm2Verifier = (publicKey: Extract<PublicKey, { kty: 'EC' }>): Verifier => {
  const point = sm2.precomputePublicKey(`04${hexOf(publicKey.x)}${hexOf(publicKey.y)}`)
  return {
    algorithm: 'sm2',
    verify: (bytes, signature) => {
      const der = signature.length !== 64
      if (der && signature[0] !== 0x30) return false
      try {
        const hex = Buffer.from(signature).toString('hex')
        return sm2.doVerifySignature(bytes, hex, point, { hash: true, userId: SM2_ID, der })
      } catch {
        return false
      }
    },
  }
}

/** Preparing a key costs more than using it once. */
const verifiers = new Map<string, Verifier>()
const VERIFIERS_HELD = 500

/** Throws on what is no key; {@link readPublicKey} lets none through. */
export const verifierOf = (publicKey: PublicKey, algorithm: Algorithm): Verifier => {
  if ((algorithm === 'sm2') !== (publicKey.kty === 'EC')) throw new Error(`this is no key of ${algorithm}`)
  const name = JSON.stringify(publicKey)
  const held = verifiers.get(name)
  if (held) return held
  const made = publicKey.kty === 'EC' ? sm2Verifier(publicKey) : ed25519Verifier(publicKey)
  if (verifiers.size >= VERIFIERS_HELD) verifiers.delete(verifiers.keys().next().value!)
  verifiers.set(name, made)
  return made
}

const ed25519Key = (raw: Buffer): PublicKey | null => {
  if (raw.length !== 32) return null
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' })
    return { kty: 'OKP', crv: 'Ed25519', x: String(key.export({ format: 'jwk' }).x) }
  } catch {
    return null
  }
}
const sm2Key = (raw: Buffer): PublicKey | null => {
  if (raw.length !== 65 || raw[0] !== 4) return null
  const hex = raw.toString('hex')
  try {
    if (!sm2.verifyPublicKey(hex)) return null
  } catch {
    return null
  }
  return { kty: 'EC', crv: 'SM2', x: b64url(hex.slice(2, 66)), y: b64url(hex.slice(66)) }
}

const rawOf = (text: string): Buffer | null => {
  const pem = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(text)?.[1]
  const hex = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1]
  if (!pem && hex && (hex.length === 64 || hex.length === 130)) return Buffer.from(hex, 'hex')
  const bytes = Buffer.from(pem ?? text, 'base64')
  for (const prefix of [SPKI_ED25519, SPKI_SM2]) {
    if (bytes.subarray(0, prefix.length).equals(prefix)) return bytes.subarray(prefix.length)
  }
  return pem ? null : bytes
}

const fromJwk = (algorithm: Algorithm, text: string): PublicKey | null => {
  let jwk: Record<string, unknown>
  try {
    jwk = JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
  const [x, y] = [jwk.x, jwk.y].map((v) => Buffer.from(typeof v === 'string' ? v : '', 'base64url'))
  // Somebody's private key must not lie about in a table of public ones.
  if ('d' in jwk || !x || !y) return null
  if (algorithm === 'ed25519') return jwk.crv === 'Ed25519' ? ed25519Key(x) : null
  return jwk.kty === 'EC' && jwk.crv === 'SM2' ? sm2Key(Buffer.concat([Buffer.from([4]), x, y])) : null
}

/** A public key as people have it: PEM, JWK, or the raw bytes in hex or base64. Null: it is none. */
export const readPublicKey = (algorithm: Algorithm, given: string): PublicKey | null => {
  const text = given.trim()
  if (text.startsWith('{')) return fromJwk(algorithm, text)
  const raw = rawOf(text)
  if (!raw) return null
  return algorithm === 'ed25519' ? ed25519Key(raw) : sm2Key(raw)
}

/** A private key as a JWK, for those who keep one in a file. */
export const privateJwk = (algorithm: Algorithm, seed: Uint8Array): Record<string, string> => {
  const d = algorithm === 'ed25519' ? Buffer.from(seed) : Buffer.from(scalarOf(seed), 'hex')
  return { ...signerFrom(algorithm, seed).publicKey, d: d.toString('base64url') }
}
/** A private key as PEM (Ed25519) or as a JWK. Null: it is none. */
export const readPrivateKey = (given: string): Signer | null => {
  try {
    if (!given.trim().startsWith('{')) {
      const { crv, d } = createPrivateKey(given).export({ format: 'jwk' })
      return crv === 'Ed25519' && d ? ed25519Signer(Buffer.from(d, 'base64url')) : null
    }
    const { crv, d } = JSON.parse(given) as { crv?: unknown; d?: unknown }
    const bytes = Buffer.from(typeof d === 'string' ? d : '', 'base64url')
    if (bytes.length !== 32) return null
    if (crv === 'Ed25519') return ed25519Signer(bytes)
    return crv === 'SM2' ? sm2SignerOf(bytes.toString('hex')) : null
  } catch {
    return null
  }
}

// ---- RFC 9421

export type HttpRequest = {
  method: string
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** As it came or goes, byte for byte; undefined where there is none. */
  body?: Uint8Array | string | undefined
}

const LABEL = 'xinheng'
/** What the registry of RFC 9421 calls them; SM2 is not in it. */
const ALG: Record<Algorithm, string> = { ed25519: 'ed25519', sm2: 'sm2-sm3' }
const ALWAYS = ['@method', '@target-uri'] as const
const DIGEST = 'content-digest'
const WITH_BODY = [DIGEST, 'content-type'] as const

/** RFC 9530; of what is written piece by piece, the SHA-256 of the pieces. */
export const contentDigest = (of: Uint8Array | string | Hash): string => {
  const hash = of instanceof Hash ? of : createHash('sha256').update(of)
  return `sha-256=:${hash.digest('base64')}:`
}

const hasBody = (request: HttpRequest): boolean => request.body !== undefined && request.body.length > 0
const headersOf = (request: HttpRequest): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(request.headers).flatMap(([name, v]) => (v === undefined ? [] : [[name, v]])))

const signatureBase = (request: HttpRequest, params: InnerList): Buffer => {
  const message = { method: request.method, url: request.url, headers: headersOf(request) }
  const base = httpbis.createSignatureBase({ fields: params[0].map(([name]) => `"${String(name)}"`) }, message)
  return Buffer.from(httpbis.formatSignatureBase([...base, ['"@signature-params"', [serializeInnerList(params)]]]))
}

/** The two headers that sign a message over some of its headers and parts. */
const signatureOver = (
  signer: Signer,
  message: HttpRequest,
  covered: readonly string[],
  { created, nonce }: { created: string; nonce?: string },
): Record<string, string> => {
  const params: InnerList = [
    covered.map((name) => [name, new Map()]),
    new Map<string, string | number>([
      ['created', Math.floor(Date.parse(created) / 1000)],
      ['keyid', signer.keyId],
      ['alg', ALG[signer.algorithm]],
      ...(nonce === undefined ? [] : [['nonce', nonce] as const]),
    ]),
  ]
  const signature = signer.sign(signatureBase(message, params))
  return {
    'signature-input': `${LABEL}=${serializeInnerList(params)}`,
    signature: `${LABEL}=:${signature.toString('base64')}:`,
  }
}

/**
 * The headers of an answer that is to be kept and checked later: signed over its digest alone, they prove what was said together with
 * its bytes, without the request and the connection it came over.
 */
export const signContent = (signer: Signer, digest: string, of: { created: string }): Record<string, string> => {
  const headers = { [DIGEST]: digest }
  return { ...headers, ...signatureOver(signer, { method: '', url: '', headers }, [DIGEST], of) }
}

/** The headers of a signed request: those given, and `content-digest`, `signature-input`, `signature`. */
export const signRequest = (
  signer: Signer,
  request: HttpRequest,
  { created, nonce = randomBytes(16).toString('base64url') }: { created: string; nonce?: string },
): Record<string, string> => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, v]) => (v === undefined ? [] : [[name.toLowerCase(), String(v)]])),
  )
  if (hasBody(request)) headers[DIGEST] = contentDigest(request.body!)
  const covered = [...ALWAYS, ...(hasBody(request) ? WITH_BODY : [])]
  return { ...headers, ...signatureOver(signer, { ...request, headers }, covered, { created, nonce }) }
}

export const SIGNATURE_FAULTS = [
  'SIGNATURE_MISSING',
  'SIGNATURE_UNREADABLE',
  'SIGNATURE_INCOMPLETE',
  'DIGEST_WRONG',
  'SIGNATURE_OLD',
  'SIGNATURE_AHEAD',
  'KEY_UNKNOWN',
  'KEY_EXPIRED',
  'KEY_REVOKED',
  'SIGNATURE_WRONG',
  'SIGNATURE_REPLAYED',
] as const
export type SignatureFault = (typeof SIGNATURE_FAULTS)[number]
/** What stands in the way, with what the words for it need. */
export type Unsigned = { ok: false; fault: SignatureFault; params: Record<string, string | number> }
export type Signed = { ok: true; keyId: string; algorithm: Algorithm; created: number; nonce: string | null }

/** A key by its id: usable, or why not. */
export type FoundKey = { publicKey: PublicKey; algorithm: Algorithm } | 'expired' | 'revoked' | null
export type VerifyRules = {
  now: string
  /** How far `created` may lie from our clock, either way. */
  skewSeconds: number
  findKey: (keyId: string) => Promise<FoundKey>
  /** Keeps a nonce and says whether it was new; asked only of signatures that are right. Absent: none is asked for. */
  takeNonce?: (keyId: string, nonce: string) => Promise<boolean>
  /** Components that have to be covered; by default the method, the address and, where there is one, the body. */
  required?: readonly string[]
}

const fault = (name: SignatureFault, params: Unsigned['params'] = {}): Unsigned => ({ ok: false, fault: name, params })
const headerOf = (request: HttpRequest, name: string): string | undefined => {
  const hit = Object.entries(request.headers).find(([n]) => n.toLowerCase() === name)?.[1]
  return Array.isArray(hit) ? hit.join(', ') : hit
}

const dictionary = (text: string) => {
  try {
    return parseDictionary(text)
  } catch {
    return null
  }
}

/** Under our own label, else the only one there is. */
const readSignature = (request: HttpRequest): { params: InnerList; signature: Buffer } | Unsigned => {
  const [input, given] = [headerOf(request, 'signature-input'), headerOf(request, 'signature')]
  if (input === undefined || given === undefined) return fault('SIGNATURE_MISSING')
  const [inputs, signatures] = [dictionary(input), dictionary(given)]
  if (!inputs || !signatures) return fault('SIGNATURE_UNREADABLE')
  const label = inputs.has(LABEL) ? LABEL : inputs.size === 1 ? [...inputs.keys()][0]! : null
  const params = label === null ? undefined : inputs.get(label)
  const value = label === null ? undefined : signatures.get(label)?.[0]
  if (!params || !isInnerList(params) || !(value instanceof ArrayBuffer)) return fault('SIGNATURE_UNREADABLE')
  const names = params[0].map(([name]) => name)
  const plain = params[0].every(([name, own]) => typeof name === 'string' && own.size === 0)
  if (!plain || new Set(names).size < names.length) return fault('SIGNATURE_UNREADABLE')
  return { params, signature: Buffer.from(value) }
}

/** RFC 9530: each digest that we know has to fit, and one of them has to be there. */
const digestFits = (request: HttpRequest): boolean => {
  const given = dictionary(headerOf(request, DIGEST) ?? '')
  const known = [...(given ?? [])].filter(([name]) => name === 'sha-256' || name === 'sha-512')
  return (
    known.length > 0 &&
    known.every(([name, [value]]) => {
      const made = createHash(name.replace('-', '')).update(request.body!).digest()
      return (
        value instanceof ArrayBuffer && value.byteLength === made.length && timingSafeEqual(Buffer.from(value), made)
      )
    })
  )
}

const checkSignature = (
  request: HttpRequest,
  { params, signature }: { params: InnerList; signature: Buffer },
  key: { publicKey: PublicKey; algorithm: Algorithm },
): boolean => {
  try {
    return verifierOf(key.publicKey, key.algorithm).verify(signatureBase(request, params), signature)
  } catch {
    // A component is covered that the request does not have.
    return false
  }
}

/** Whether a request is signed by a key that may sign, over all that matters, now, and for the first time. */
export const verifyRequest = async (request: HttpRequest, rules: VerifyRules): Promise<Signed | Unsigned> => {
  const read = readSignature(request)
  if ('ok' in read) return read
  const covered = new Set(read.params[0].map(([name]) => name))
  const needed = rules.required ?? [...ALWAYS, ...(hasBody(request) ? WITH_BODY : [])]
  const missing = needed.filter((name) => !covered.has(name))
  const [created, expires, keyId, alg, nonce] = ['created', 'expires', 'keyid', 'alg', 'nonce'].map((n) =>
    read.params[1].get(n),
  )
  if (typeof created !== 'number') missing.push('created')
  if (typeof keyId !== 'string') missing.push('keyid')
  if (rules.takeNonce && (typeof nonce !== 'string' || nonce.length < 8 || nonce.length > 200)) missing.push('nonce')
  if (missing.length || typeof created !== 'number' || typeof keyId !== 'string')
    return fault('SIGNATURE_INCOMPLETE', { missing: missing.join(' ') })
  if (covered.has(DIGEST) && (!hasBody(request) || !digestFits(request))) return fault('DIGEST_WRONG')

  const now = Date.parse(rules.now) / 1000
  const off = { seconds: Math.round(Math.abs(now - created)), allowed: rules.skewSeconds }
  if (created < now - rules.skewSeconds || (typeof expires === 'number' && expires < now))
    return fault('SIGNATURE_OLD', off)
  if (created > now + rules.skewSeconds) return fault('SIGNATURE_AHEAD', off)

  const key = await rules.findKey(keyId)
  if (key === null) return fault('KEY_UNKNOWN', { keyId })
  if (key === 'expired') return fault('KEY_EXPIRED', { keyId })
  if (key === 'revoked') return fault('KEY_REVOKED', { keyId })
  if (alg !== undefined && alg !== ALG[key.algorithm]) return fault('SIGNATURE_WRONG', { keyId })
  if (!checkSignature(request, read, key)) return fault('SIGNATURE_WRONG', { keyId })
  if (rules.takeNonce && !(await rules.takeNonce(keyId, String(nonce)))) return fault('SIGNATURE_REPLAYED', { keyId })
  return { ok: true, keyId, algorithm: key.algorithm, created, nonce: typeof nonce === 'string' ? nonce : null }
}
