import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  randomBytes,
  randomFillSync,
} from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Identifiers of persons are encrypted at rest (AES-256-GCM) and found by keyed digest (HMAC-SHA-256), so that neither
 * the database nor a backup of it reveals or lets one guess them.
 */
export type Secrets = {
  seal: (plain: string) => Buffer
  open: (sealed: Uint8Array) => string
  digest: (purpose: string, value: string) => string
  /** Raw key material for signing cookies and feeds, derived per purpose. */
  derive: (purpose: string) => Buffer
}

/** Stands in front of what is sealed. */
const VERSION = Buffer.from([1])
const IV = 12
const TAG = 16

const ivs = Buffer.alloc(IV * 512)
let used = ivs.length
/** Drawn for many seals at once, each handed out once: bulk intake seals every row. */
const nextIv = (): Buffer => {
  if (used === ivs.length) {
    randomFillSync(ivs)
    used = 0
  }
  used += IV
  return Buffer.from(ivs.subarray(used - IV, used))
}

/** Key objects, made once: taking a bare buffer as a key costs ten times what the cipher itself does. */
const keyring = (derive: (purpose: string) => Buffer) => {
  const keys = new Map<string, KeyObject>()
  return (purpose: string): KeyObject => {
    const known = keys.get(purpose)
    if (known) return known
    const key = createSecretKey(derive(purpose))
    keys.set(purpose, key)
    return key
  }
}

export const secretsFrom = (master: Buffer): Secrets => {
  const derive = (purpose: string) => createHmac('sha256', master).update(`xinheng/${purpose}`).digest()
  const keyFor = keyring(derive)
  const key = keyFor('seal/1')
  return {
    derive,
    digest: (purpose, value) =>
      createHmac('sha256', keyFor(`digest/${purpose}`))
        .update(value)
        .digest('base64url'),
    seal: (plain) => {
      const iv = nextIv()
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = cipher.update(plain, 'utf8')
      cipher.final()
      return Buffer.concat([VERSION, iv, cipher.getAuthTag(), body])
    },
    open: (sealed) => {
      const b = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, b.subarray(1, 1 + IV))
      decipher.setAuthTag(b.subarray(1 + IV, 1 + IV + TAG))
      return Buffer.concat([decipher.update(b.subarray(1 + IV + TAG)), decipher.final()]).toString('utf8')
    },
  }
}

/** The master key lies beside the data (mode 600) and is made on first start; a backup without it reveals no person. */
export const loadSecrets = (dataDir: string): Secrets => {
  const path = join(dataDir, 'keys', 'master.key')
  if (!existsSync(path)) {
    mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' })
  }
  const key = readFileSync(path)
  if (key.length !== 32) throw new Error(`the key file ${path} is damaged: 32 bytes expected, ${key.length} found`)
  return secretsFrom(key)
}

export const sha256 = (data: string | Uint8Array): string => hash('sha256', data)
export const newToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')
