/**
 * Which keys of a file have come before, in bounded memory: 53 bits of each key and the row it stood in, 16 bytes a slot. Two
 * different keys of a million meet with a chance of one in ten thousand; a preflight may be that wrong about one row.
 */
const FIRST = 1 << 12
const LARGEST = 1 << 23
const FILLED = 0.6

/** 53 bits of a text, never zero. */
const hashOf = (text: string): number => {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0) + 1
}

export class SeenKeys {
  #keys = new Float64Array(FIRST)
  #rows = new Int32Array(FIRST)
  #says = new Uint32Array(FIRST)
  #used = 0

  /** The last row with this key and whether it said the same, or null for the first. Beyond some five million keys it remembers no more. */
  put(key: string, says: string, n: number): { n: number; same: boolean } | null {
    const hash = hashOf(key)
    const content = hashOf(says) >>> 0
    const at = this.#slot(this.#keys, hash)
    const before = this.#keys[at] === hash ? { n: this.#rows[at] as number, same: this.#says[at] === content } : null
    if (!before) {
      if (this.#used >= this.#keys.length * FILLED && this.#keys.length >= LARGEST) return null
      this.#used++
    }
    this.#keys[at] = hash
    this.#rows[at] = n
    this.#says[at] = content
    if (this.#used > this.#keys.length * FILLED && this.#keys.length < LARGEST) this.#grow()
    return before
  }

  #slot(keys: Float64Array, hash: number): number {
    const mask = keys.length - 1
    let at = hash % keys.length
    while (keys[at] !== 0 && keys[at] !== hash) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const size = this.#keys.length * 2
    const [keys, rows, says] = [new Float64Array(size), new Int32Array(size), new Uint32Array(size)]
    for (let i = 0; i < this.#keys.length; i++) {
      const hash = this.#keys[i] as number
      if (hash === 0) continue
      const at = this.#slot(keys, hash)
      keys[at] = hash
      rows[at] = this.#rows[i] as number
      says[at] = this.#says[i] as number
    }
    this.#keys = keys
    this.#rows = rows
    this.#says = says
  }
}
