const MOST = 8_000

/**
 * What was made of the same parts before. The parts are looked up one after the other: a text put together of all of them would be
 * made anew, and read through twice, for each of a million rows.
 */
export class Known<T> {
  #first = new Map<unknown, unknown>()
  #held = 0

  get(parts: readonly unknown[], make: () => T): T {
    let level = this.#first
    const last = parts.length - 1
    for (let i = 0; i < last; i++) {
      let next = level.get(parts[i]) as Map<unknown, unknown> | undefined
      if (!next) level.set(parts[i], (next = new Map()))
      level = next
    }
    const known = level.get(parts[last]) as T | undefined
    if (known !== undefined) return known
    const made = make()
    level.set(parts[last], made)
    if (++this.#held >= MOST) {
      this.#first = new Map()
      this.#held = 0
    }
    return made
  }
}
