import { randomFillSync } from 'node:crypto'

/** Random bytes are drawn for many ids at once: a call for each costs more than all the rest. */
const pool = Buffer.alloc(16 * 512)
let at = pool.length

/** UUID version 7, made in the application: `uuidv7()` is missing before PostgreSQL 18. Order means nothing across subjects. */
export const newId = (ms: number = Date.now()): string => {
  if (at === pool.length) {
    randomFillSync(pool)
    at = 0
  }
  const b = pool.subarray(at, (at += 16))
  b.writeUIntBE(ms, 0, 6)
  b[6] = (b[6]! & 0x0f) | 0x70
  b[8] = (b[8]! & 0x3f) | 0x80
  const hex = b.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
