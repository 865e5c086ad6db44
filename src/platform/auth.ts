import { type KeyObject, argon2, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Actor, Runtime } from './context.ts'
import { newToken, sha256 } from './crypto.ts'

/** The mechanics of signing in. Who exists and what they may do is the business of the access capability. */

const derive = promisify(argon2)
/** Argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/
const b64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** One string in PHC form, so that the cost may rise later without a migration. */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: password.normalize('NFKC'), nonce, ...COST })
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(nonce)}$${b64(tag)}`
}

export const verifyPassword = async (password: string, encoded: string): Promise<boolean> => {
  const hit = PHC.exec(encoded)
  if (!hit) return false
  const [memory, passes, parallelism] = [Number(hit[1]), Number(hit[2]), Number(hit[3])]
  const tag = Buffer.from(hit[5]!, 'base64')
  const nonce = Buffer.from(hit[4]!, 'base64')
  const message = password.normalize('NFKC')
  const made = await derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength: tag.length })
  return timingSafeEqual(made, tag)
}

export const SESSION_COOKIE = 'xh_session'
export const sessionHash = (token: string): string => sha256(token)
export const newSessionToken = (): string => newToken(32)
/** Bound to the session and needs no storage: whoever cannot read the platform's pages cannot know it. */
export const csrfOf = (runtime: Pick<Runtime, 'secrets'>, sessionToken: string): string =>
  createHmac('sha256', csrfKey(runtime)).update(sessionToken).digest('base64url')

/** Key objects: a bare buffer costs more than the digest each time. */
const csrfKeys = new WeakMap<object, KeyObject>()
const csrfKey = ({ secrets }: Pick<Runtime, 'secrets'>): KeyObject => {
  let key = csrfKeys.get(secrets)
  if (!key) csrfKeys.set(secrets, (key = createSecretKey(secrets.derive('csrf/1'))))
  return key
}

export const sameText = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

/** `xh_<prefix>_<secret>`: the prefix finds the row, the secret (256 random bits, so a plain hash is enough) proves it. */
export const newApiKey = (): { key: string; prefix: string; secretHash: string } => {
  const prefix = randomBytes(5).toString('hex')
  const secret = randomBytes(32).toString('hex')
  return { key: `xh_${prefix}_${secret}`, prefix, secretHash: sha256(secret) }
}
export const readApiKey = (text: string): { prefix: string; secretHash: string } | null => {
  const hit = /^xh_([0-9a-f]{10})_([0-9a-f]{64})$/.exec(text)
  return hit ? { prefix: hit[1]!, secretHash: sha256(hit[2]!) } : null
}

export type SignedIn = { actor: Extract<Actor, { kind: 'person' }>; mustChange: boolean }
/** Given to the edge by the access capability. */
export type Authenticate = {
  session: (runtime: Runtime, tokenHash: string) => Promise<SignedIn | null>
  key: (runtime: Runtime, key: string) => Promise<Extract<Actor, { kind: 'key' }> | null>
}

/** One cookie out of the header, without parsing the others. */
export const cookieIn = (header: string | undefined, name: string): string | undefined => {
  if (!header) return undefined
  let from = 0
  for (;;) {
    const at = header.indexOf(`${name}=`, from)
    if (at < 0) return undefined
    const before = at === 0 ? ';' : header[at - 1]
    if (before === ';' || before === ' ') {
      const end = header.indexOf(';', at)
      return header.slice(at + name.length + 1, end < 0 ? undefined : end).trim()
    }
    from = at + 1
  }
}
export const sessionCookie = (token: string | null, https: boolean): string =>
  `${SESSION_COOKIE}=${token ?? ''}; Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}${token ? '' : '; Max-Age=0'}`
