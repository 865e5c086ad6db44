import { hash } from 'node:crypto'
import { type FieldPlan, saidOf } from './rules.ts'

/** The bytes of rows on their way to COPY: each character of a row is turned into bytes once. */

/** A line of COPY from its fifth column on: where it lies among the bytes of its batch. */
export type Line = { page: Buffer; from: number; to: number }

const FIRST_PAGE = 16 * 1024
const PAGE = 1024 * 1024
/** UTF-8 takes at most three bytes for a character of JavaScript. */
export const MOST_BYTES = 3

/** Whatever a batch of rows has written; given back when the batch is stored. */
export class Pages {
  readonly #free: Buffer[]
  readonly #mine: Buffer[] = []
  #page: Buffer = Buffer.alloc(0)
  #used = 0

  constructor(free: Buffer[]) {
    this.#free = free
  }

  /** A page with room for that many bytes from `at` on. */
  open(room: number): Buffer {
    if (this.#page.length - this.#used < room) this.#turn(room)
    return this.#page
  }

  get at(): number {
    return this.#used
  }

  close(to: number): Line {
    const line = { page: this.#page, from: this.#used, to }
    this.#used = to
    return line
  }

  #turn(room: number): void {
    const size = this.#mine.length ? PAGE : FIRST_PAGE
    const kept = room <= PAGE ? this.#free.pop() : undefined
    this.#page = kept ?? Buffer.allocUnsafeSlow(Math.max(size, room))
    this.#used = 0
    this.#mine.push(this.#page)
  }

  giveBack(): void {
    for (const page of this.#mine) if (page.length === PAGE) this.#free.push(page)
    this.#mine.length = 0
    this.#page = Buffer.alloc(0)
  }
}

const COMMA = 0x2c
const TAB = 0x09
const BRACES = [0x7b, 0x7d] as const
const NULL = Buffer.from('\\N')

/** JSON text escapes what else COPY would trip over, so only its backslashes double. */
export const jsonCell = (text: string): string => (text.includes('\\') ? text.replaceAll('\\', '\\\\') : text)

/** Neighbouring fields that go the same way. `masked`: what the public is shown of the one before. */
type Run = { open: boolean; from: number; to: number; slashed: boolean; masked: string | null }

/**
 * The fields of one row after the other: all of them in one order for the fingerprint, and out of the same bytes those that may be
 * published and those laid over them.
 */
export class FieldBytes {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_PAGE)
  #used = 0
  #runs: Run[] = []
  #masked = 0

  /** `before` and `behind` go into the fingerprint and nowhere else. */
  lay(fields: Record<string, unknown>, plan: FieldPlan['fields'], before: string, behind: string): void {
    this.#used = this.#masked = 0
    this.#runs = []
    this.#put(`${before}{`)
    let text = ''
    let open = true
    let slashed = false
    let comma = ''
    const end = (): void => {
      if (text !== '') this.#run(text, open, slashed)
      text = ''
      slashed = false
    }
    for (const field of plan) {
      const said = saidOf(field, fields[field.key])
      if (said === null) continue
      const whole = said.open === said.all
      if (whole !== open) end()
      open = whole
      text += comma + said.all
      comma = ','
      slashed ||= said.slashed
      if (whole || said.open === null) continue
      end()
      this.#masked += said.open.length
      this.#runs.push({ open: true, from: 0, to: 0, slashed: false, masked: said.open })
    }
    end()
    this.#put(`}${behind}`)
  }

  fingerprint(): string {
    return hash('sha256', this.#bytes.subarray(0, this.#used), 'base64url')
  }

  /** More than `write` takes. */
  get room(): number {
    return 2 * (this.#used + this.#masked * MOST_BYTES)
  }

  /** Two cells with the tab between them: what may be published, and what is laid over it, NULL where there is nothing. */
  write(page: Buffer, at: number): number {
    let end = this.#side(page, at, true)
    page[end++] = TAB
    return this.#runs.some((r) => !r.open) ? this.#side(page, end, false) : end + NULL.copy(page, end)
  }

  #side(page: Buffer, at: number, open: boolean): number {
    let end = at
    page[end++] = BRACES[0]
    let first = true
    for (const run of this.#runs) {
      if (run.open !== open) continue
      if (run.masked !== null) end += page.write((first ? '' : ',') + jsonCell(run.masked), end)
      else {
        const from = first && this.#bytes[run.from] === COMMA ? run.from + 1 : run.from
        end += run.slashed
          ? page.write(jsonCell(this.#bytes.toString('utf8', from, run.to)), end)
          : this.#bytes.copy(page, end, from, run.to)
      }
      first = false
    }
    page[end++] = BRACES[1]
    return end
  }

  #run(text: string, open: boolean, slashed: boolean): void {
    const from = this.#used
    this.#put(text)
    this.#runs.push({ open, from, to: this.#used, slashed, masked: null })
  }

  #put(text: string): void {
    const room = text.length * MOST_BYTES
    if (this.#bytes.length - this.#used < room) {
      const more = Buffer.allocUnsafeSlow(2 * (this.#used + room))
      this.#bytes.copy(more, 0, 0, this.#used)
      this.#bytes = more
    }
    this.#used += this.#bytes.write(text, this.#used)
  }
}
