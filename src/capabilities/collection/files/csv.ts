import { isAscii, isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { detectEncoding, ENCODING_NAMES } from './encoding.ts'
import { FileRefused } from './refusals.ts'
import { type Encoding, isBlank, LIMITS, type Limits, type Table, type TableRow, withLongCells } from './table.ts'

const CHUNK_BYTES = 256 * 1024
const QUOTE = 34
const CR = 13

/**
 * RFC 4180 over decoded text that arrives in pieces. A record without quotes is one native split; only a record with
 * a quote is walked. A quote inside an unquoted cell is a character like any other (5" pipe).
 */
export class CsvParser {
  /** Rows seen so far, blank ones included. */
  row = 0
  private rest = ''
  private counting: { from: number; rows: number } | null = null
  private readonly separator: string
  private readonly newline: string
  private readonly limits: Limits

  constructor(separator: string, newline: string, limits: Limits = LIMITS) {
    this.separator = separator
    this.newline = newline
    this.limits = limits
  }

  push(piece: string): TableRow[] {
    return this.parse(this.rest + piece, false)
  }

  end(): TableRow[] {
    return this.parse(this.rest, true)
  }

  /** Rows from `from` on in a piece, or at the end: refused for all that `push` refuses, but their cells are not cut. */
  count(piece: string | null, from: number): number {
    this.counting = { from, rows: 0 }
    const cut = this.parse(this.rest + (piece ?? ''), piece === null)
    const plain = this.counting.rows
    this.counting = null
    return plain + cut.filter((r) => r.n >= from).length
  }

  /** The number of the row in which a piece that has not been pushed ends: for telling where an encoding breaks. */
  rowAfter(piece: string): number {
    this.push(piece)
    return this.row + 1
  }

  private parse(text: string, last: boolean): TableRow[] {
    const rows: TableRow[] = []
    let at = 0
    let quote = text.indexOf('"')
    while (at < text.length) {
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at)
      let end = text.indexOf(this.newline, at)
      if (end < 0) {
        if (!last) break
        end = text.length
      }
      if (quote >= 0 && quote < end) {
        const cells: string[] = []
        const next = this.quoted(text, at, last, cells)
        if (next < 0) break
        this.keep(rows, cells, next - at)
        at = next
      } else {
        const stop = end > at && text.charCodeAt(end - 1) === CR ? end - 1 : end
        if (this.counting && this.isPlain(text, at, stop)) {
          if (++this.row >= this.counting.from) this.counting.rows++
        } else this.keep(rows, text.slice(at, stop).split(this.separator), stop - at)
        at = end + 1
      }
    }
    this.rest = at < text.length ? text.slice(at) : ''
    if (this.rest.length > this.limits.record) this.tooLong()
    return rows
  }

  /** Surely not blank and not too wide: whatever is not sure is cut and looked at. */
  private isPlain(text: string, at: number, stop: number): boolean {
    const first = text.charCodeAt(at)
    if (first < 0x30 || (first > 0x7a && first < 0x4e00) || first > 0x9fff) return false
    if (first === this.separator.charCodeAt(0)) return false
    if (stop - at < this.limits.columns) return true
    let columns = 1
    for (let i = text.indexOf(this.separator, at); i >= 0 && i < stop; i = text.indexOf(this.separator, i + 1))
      columns++
    return columns <= this.limits.columns
  }

  /** Walks one record with quotes from `at`; answers where the next begins, or -1 when it is not all here yet. */
  private quoted(text: string, at: number, last: boolean, cells: string[]): number {
    const { separator, newline } = this
    let i = at
    for (;;) {
      let after: number
      if (text.charCodeAt(i) === QUOTE) {
        let close = text.indexOf('"', i + 1)
        let doubled = false
        while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
          doubled = true
          close = text.indexOf('"', close + 2)
        }
        if (close < 0) return last ? this.refuse('QUOTE_OPEN') : -1
        const cell = text.slice(i + 1, close)
        cells.push(doubled ? cell.replaceAll('""', '"') : cell)
        after = close + 1
        while (text[after] === ' ') after++
        if (text.charCodeAt(after) === CR && newline !== '\r') after++
        if (after >= text.length) return last ? text.length : -1
      } else {
        const stop = text.indexOf(separator, i)
        const end = text.indexOf(newline, i)
        if (end < 0 && !last && stop < 0) return -1
        const lineEnd = end < 0 ? text.length : end
        if (stop >= 0 && stop < lineEnd) after = stop
        else if (end < 0 && !last) return -1
        else after = lineEnd
        const cut = after === lineEnd && after > i && text.charCodeAt(after - 1) === CR ? after - 1 : after
        cells.push(text.slice(i, cut))
        if (after >= text.length) return text.length
      }
      if (text.startsWith(newline, after)) return after + 1
      if (!text.startsWith(separator, after)) return this.refuse('QUOTE_STRAY')
      i = after + 1
      if (i >= text.length) {
        if (!last) return -1
        cells.push('')
        return text.length
      }
    }
  }

  private keep(rows: TableRow[], cells: string[], length: number): void {
    this.row++
    if (cells.length > this.limits.columns) {
      const used = cells.findLastIndex((c) => c.trim() !== '') + 1
      if (used > this.limits.columns)
        throw new FileRefused('TOO_MANY_COLUMNS', { row: this.row, limit: this.limits.columns })
      cells.length = Math.max(used, 1)
    }
    if (isBlank(cells)) return
    const row = { n: this.row, cells }
    rows.push(length > this.limits.cell ? withLongCells(row, this.limits.cell) : row)
  }

  private refuse(code: 'QUOTE_OPEN' | 'QUOTE_STRAY'): never {
    throw new FileRefused(code, { row: this.row + 1 })
  }

  private tooLong(): never {
    const row = this.row + 1
    if (this.rest.split('"').length % 2 === 0) throw new FileRefused('QUOTE_OPEN', { row })
    const columns = this.rest.split(this.separator, this.limits.columns + 2).length
    if (columns > this.limits.columns + 1)
      throw new FileRefused('TOO_MANY_COLUMNS', { row, limit: this.limits.columns })
    throw new FileRefused('ROW_TOO_LONG', { row })
  }
}

const SEPARATORS = [',', '\t', ';', '|']

/** The separator that cuts most lines into the same number of cells; of equals, the one that cuts more. */
export const detectSeparator = (sample: string): string => {
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/)
    // Where every cell is quoted, nothing but separators is left of a line, and a tab is one.
    .filter((l) => l.replaceAll(' ', '') !== '')
    .slice(0, 50)
  const scored = SEPARATORS.map((separator) => {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const n = line.split(separator).length - 1
      if (n > 0) counts.set(n, (counts.get(n) ?? 0) + 1)
    }
    const [cuts, agreeing] = [...counts].toSorted(([a, x], [b, y]) => y - x || b - a)[0] ?? [0, 0]
    return { separator, score: agreeing * (1 + Math.log2(1 + cuts)) }
  })
  return scored.reduce((best, s) => (s.score > best.score ? s : best)).separator
}

const detectNewline = (sample: string): string => (!sample.includes('\n') && sample.includes('\r') ? '\r' : '\n')

const CHINESE_PAIR = /[\u4e00-\u9fff]{2}/

/**
 * Where in a stretch of GBK a line of UTF-8 begins, or -1. UTF-8 Chinese decodes as GBK without an error, into
 * nonsense; Chinese in GBK is next to never valid UTF-8 of Chinese.
 */
const utf8LineIn = (bytes: Buffer): number => {
  for (let at = bytes.indexOf(10) + 1; at > 0; ) {
    const end = bytes.indexOf(10, at)
    if (end < 0) return -1
    const line = bytes.subarray(at, end)
    if (!isAscii(line) && isUtf8(line) && CHINESE_PAIR.test(line.toString('utf8'))) return at
    at = end + 1
  }
  return -1
}

/** What can be read of a stretch before its first byte that breaks the encoding; its start may be half a character. */
const goodPart = (bytes: Buffer, encoding: Encoding): string => {
  const strict = (part: Uint8Array): string | null => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(part)
    } catch {
      return null
    }
  }
  if (encoding.startsWith('utf-16')) return new TextDecoder(encoding).decode(bytes).split('\ufffd')[0] as string
  let good = ''
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at)
    const line = bytes.subarray(at, newline < 0 ? bytes.length : newline + 1)
    const text =
      at === 0 ? [0, 1, 2, 3].map((skip) => strict(line.subarray(skip))).find((t) => t !== null) : strict(line)
    if (typeof text !== 'string') break
    good += text
    at += line.length
  }
  return good
}

const readText = async function* (
  file: FileHandle,
  encoding: Encoding,
  broken: (good: string) => never,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const buffer = Buffer.alloc(CHUNK_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, at)
    const bytes = buffer.subarray(0, bytesRead)
    const foreign = encoding === 'gb18030' ? utf8LineIn(bytes) : -1
    if (foreign >= 0) broken(goodPart(bytes.subarray(0, foreign), encoding))
    let text: string
    try {
      text = bytesRead > 0 ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      broken(goodPart(bytes, encoding))
    }
    yield at === 0 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    if (bytesRead === 0) return
    at += bytesRead
  }
}

const firstText = async (file: FileHandle, encoding: Encoding): Promise<string> => {
  const buffer = Buffer.alloc(CHUNK_BYTES / 4)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  return new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead))
}

/** Opens a text table: encoding and separator are found, rows stream in bounded memory. */
export const openCsv = async (path: string, limits: Limits): Promise<Table> => {
  const file = await open(path)
  let encoding: Encoding
  let head: string
  try {
    encoding = await detectEncoding(file)
    head = await firstText(file, encoding)
  } finally {
    await file.close()
  }
  const declared = /^\ufeff?sep=(.)\r?\n/i.exec(head)?.[1]
  const separator = declared ?? detectSeparator(head)
  const newline = detectNewline(head)
  const withParser = async function* <T>(take: (parser: CsvParser, text: string | null) => T): AsyncGenerator<T> {
    const again = await open(path)
    try {
      const parser = new CsvParser(separator, newline, limits)
      const broken = (good: string): never => {
        throw new FileRefused('ENCODING_BROKEN', { row: parser.rowAfter(good), encoding: ENCODING_NAMES[encoding] })
      }
      for await (const text of readText(again, encoding, broken)) yield take(parser, text)
      yield take(parser, null)
    } finally {
      await again.close()
    }
  }
  return {
    kind: 'csv',
    sheet: null,
    encoding,
    separator,
    async count(from) {
      let n = 0
      for await (const some of withParser((parser, text) => parser.count(text, from))) n += some
      return n
    },
    async *[Symbol.asyncIterator]() {
      for await (const rows of withParser((parser, text) => (text === null ? parser.end() : parser.push(text)))) {
        const first = rows[0]
        if (declared && first?.n === 1 && /^sep=$/i.test(first.cells[0] ?? '')) rows.shift()
        if (rows.length > 0) yield rows
      }
    },
  }
}
