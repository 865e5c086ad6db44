import { randomFillSync } from 'node:crypto'

const POOL = 8192
let pool = Buffer.alloc(0)
let used = 0

/** Random bytes from a pool that is never handed out twice: bulk writers ask for two ids a row. */
export const randomSlice = (bytes: number): Buffer => {
  if (used + bytes > pool.length) {
    pool = randomFillSync(Buffer.alloc(POOL))
    used = 0
  }
  used += bytes
  return pool.subarray(used - bytes, used)
}

/** UUID version 7, made in the application: `uuidv7()` is missing before PostgreSQL 18. Order means nothing across subjects. */
export const newId = (ms: number = Date.now()): string => {
  const b = randomSlice(16)
  b.writeUIntBE(ms, 0, 6)
  b[6] = (b[6]! & 0x0f) | 0x70
  b[8] = (b[8]! & 0x3f) | 0x80
  const hex = b.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
