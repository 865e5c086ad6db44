import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PAGE_BYTES = 256 * 1024
/** Pages kept in memory; above it they go to a temporary file and come back through a small cache. */
const MEMORY_PAGES = 256
const CACHED_PAGES = 32
const PER_BLOCK = 65_536

/**
 * The shared strings of a workbook, by index, in bounded memory. Sheets refer to them nearly in order, so a few
 * cached pages serve almost every read.
 */
export class SharedStrings {
  length = 0
  private page = Buffer.allocUnsafe(PAGE_BYTES)
  private used = 0
  private readonly pages: (Buffer | null)[] = []
  /** Page number and place in it of each string, in blocks that never have to be copied to grow. */
  private readonly places: Float64Array[] = []
  private readonly cache = new Map<number, Buffer>()
  private file: { fd: number; path: string; starts: Map<number, { at: number; size: number }>; size: number } | null =
    null
  private lastIndex = -1
  private lastText = ''

  add(text: string): void {
    const size = Buffer.byteLength(text)
    if (this.used + size > this.page.length && this.used > 0) this.turn(size)
    else if (size > this.page.length) this.page = Buffer.allocUnsafe(size)
    const block = Math.floor(this.length / PER_BLOCK)
    const places = (this.places[block] ??= new Float64Array(PER_BLOCK))
    // Page × 2^26 + start: a page is far smaller than 64 MB.
    places[this.length % PER_BLOCK] = this.pages.length * 0x4000000 + this.used
    this.page.write(text, this.used)
    this.used += size
    this.length++
  }

  get(index: number): string | null {
    if (!(index >= 0 && index < this.length)) return null
    if (index === this.lastIndex) return this.lastText
    const place = this.placeOf(index)
    const number = Math.floor(place / 0x4000000)
    const start = place % 0x4000000
    const next = index + 1 < this.length ? this.placeOf(index + 1) : -1
    const bytes = number === this.pages.length ? this.page : this.pageAt(number)
    const end =
      next >= 0 && Math.floor(next / 0x4000000) === number
        ? next % 0x4000000
        : number === this.pages.length
          ? this.used
          : bytes.length
    this.lastIndex = index
    this.lastText = bytes.toString('utf8', start, end)
    return this.lastText
  }

  /** Some pages are on the disk, in a file that `close` removes. */
  get spilled(): boolean {
    return this.file !== null
  }

  close(): void {
    if (!this.file) return
    closeSync(this.file.fd)
    rmSync(this.file.path, { force: true })
    this.file = null
  }

  private placeOf(index: number): number {
    return (this.places[Math.floor(index / PER_BLOCK)] as Float64Array)[index % PER_BLOCK] as number
  }

  private turn(size: number): void {
    const full = this.page.subarray(0, this.used)
    if (this.pages.length < MEMORY_PAGES) this.pages.push(full)
    else {
      this.spill(this.pages.length, full)
      this.pages.push(null)
    }
    this.page = Buffer.allocUnsafe(Math.max(PAGE_BYTES, size))
    this.used = 0
  }

  private spill(number: number, bytes: Buffer): void {
    if (!this.file) {
      const path = join(tmpdir(), `xinheng-strings-${randomUUID()}`)
      this.file = { fd: openSync(path, 'wx+', 0o600), path, starts: new Map(), size: 0 }
    }
    writeSync(this.file.fd, bytes, 0, bytes.length, this.file.size)
    this.file.starts.set(number, { at: this.file.size, size: bytes.length })
    this.file.size += bytes.length
  }

  private pageAt(number: number): Buffer {
    const held = this.pages[number] ?? this.cache.get(number)
    if (held) return held
    const where = this.file?.starts.get(number)
    if (!this.file || !where) throw new Error('a page of shared strings is gone')
    const bytes = Buffer.allocUnsafe(where.size)
    readSync(this.file.fd, bytes, 0, where.size, where.at)
    if (this.cache.size >= CACHED_PAGES) this.cache.delete(this.cache.keys().next().value as number)
    this.cache.set(number, bytes)
    return bytes
  }
}
