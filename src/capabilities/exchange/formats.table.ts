import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { csvLine } from '../../kernel/csv.ts'
import { type Decision, type Refusal, Refused, allow, refuse } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import { openTable, writeWorkbook } from '../collection/index.ts'
import { type Decoded, type ExchangeEvent, readEvents } from './formats.event.ts'
import { BadCell, type Row, flatten, isPath, labelOf, missingHeads, unflatten } from './formats.flat.ts'

const MOST_FAULTS = 20
type Line = { n: number; cells: readonly string[] }

/** A heading that goes on in further columns: `data.x`, `data.x#2`, `data.x#3`. */
const FOLLOWS = /^(.+)#(\d{1,3})$/

/** Lines under a line of headings; where something is wrong it is told by line and column. */
const eventsFrom = (lines: readonly Line[]): Decision<Decoded> => {
  const [first, second] = lines
  // A workbook has the names that people use above the headings.
  const top = [first, second].find((line) => line?.cells.includes('id') && line.cells.includes('type'))
  if (!top) return lines.length ? refuse('BATCH_PART_MISSING', { part: 'id, type, source, subject, time' }) : none
  const headings = top.cells.map((c) => c.trim())
  const missing = missingHeads(headings)
  if (missing.length) return refuse('BATCH_PART_MISSING', { part: missing.join(', ') })
  const unknown = headings.find((h) => h !== '' && !isPath(FOLLOWS.exec(h)?.[1] ?? h))
  if (unknown !== undefined) return refuse('BATCH_COLUMN_UNKNOWN', { column: unknown.slice(0, 100) })
  const twice = headings.find((h, i) => h !== '' && headings.indexOf(h) !== i)
  if (twice !== undefined) return refuse('BATCH_COLUMN_TWICE', { column: twice })
  const found: unknown[] = []
  const places: number[] = []
  const faults: Refusal[] = []
  for (const { n, cells } of lines) {
    if (n <= top.n || cells.every((c) => c === '')) continue
    const row: Row = new Map()
    let at = ''
    for (const [i, heading] of headings.entries()) {
      if (heading === '') continue
      at = FOLLOWS.exec(heading)?.[1] ?? heading
      const text = cells[i] ?? ''
      row.set(at, (at === heading ? '' : (row.get(at) ?? '')) + text)
    }
    try {
      found.push(unflatten(row))
      places.push(n)
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      faults.push({ code: 'EVENT_NOT_VALID', params: { n, field: columnOf(row, error) } })
      if (faults.length >= MOST_FAULTS) break
    }
  }
  if (faults.length) return { ok: false, refusals: faults }
  const events = readEvents(found, (n) => places[n - 1] ?? n)
  return events.ok ? allow({ events: events.value, head: null }) : events
}
const none: Decision<Decoded> = allow({ events: [], head: null })
const columnOf = (row: Row, bad: BadCell): string => [...row].find(([, cell]) => cell === bad.message)?.[0] ?? ''

// ---- CSV

/** As kernel/csv has it: what a spreadsheet would compute carries an apostrophe, which is taken off again here. */
const GUARDED = /^'+(?:[\s\u200b\u2060]*[=+\-@＝＋－＠]|[\t\r\n])/
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/
const guarded = (cell: string): string => (GUARDED.test(cell) ? `'${cell}` : cell)
const unguarded = (cell: string): string =>
  GUARDED.test(cell) && !PLAIN_NUMBER.test(cell.slice(1)) ? cell.slice(1) : cell

const MARK = '\ufeff'
export const encodeCsv = (events: readonly ExchangeEvent[]): Uint8Array => {
  const { columns, rows } = flatten(events)
  const lines = rows.map((row) => csvLine(columns.map((c) => guarded(row.get(c) ?? ''))))
  return new TextEncoder().encode(MARK + csvLine(columns) + lines.join(''))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })
/** UTF-8, else what a Chinese spreadsheet writes when it is not told otherwise. */
const textIn = (bytes: Uint8Array): Decision<string> => {
  for (const decoder of [utf8, gb18030]) {
    try {
      return allow(decoder.decode(bytes))
    } catch {
      // The next one, or the refusal below.
    }
  }
  return refuse('BATCH_NOT_UTF8')
}

export const decodeCsv = (bytes: Uint8Array): Decision<Decoded> => {
  const text = textIn(bytes)
  if (!text.ok) return text
  try {
    const lines = parse(text.value, { relax_column_count: true, skip_empty_lines: false, info: true }) as unknown as {
      record: string[]
      info: { lines: number }
    }[]
    return eventsFrom(lines.map(({ record }, i) => ({ n: i + 1, cells: record.map(unguarded) })))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return refuse('BATCH_NOT_READABLE', { line: Number(error.lines ?? 1) })
  }
}

// ---- XLSX

/** A cell of a sheet holds 32,767 characters; longer text goes on in the next column, never cut inside a character. */
const LONGEST = 32_000
const pieces = (text: string): string[] => {
  const all: string[] = []
  let at = 0
  while (at < text.length) {
    let end = Math.min(at + LONGEST, text.length)
    const code = text.charCodeAt(end - 1)
    if (end < text.length && code >= 0xd800 && code <= 0xdbff) end--
    all.push(text.slice(at, end))
    at = end
  }
  return all.length ? all : ['']
}
const WIDE = 24
const MOST_COLUMNS = 4096

export const encodeXlsx = async (
  events: readonly ExchangeEvent[],
  fieldOf: (key: string) => Words,
): Promise<Uint8Array> => {
  const { columns, rows } = flatten(events)
  const widest = new Map(columns.map((c) => [c, Math.max(1, ...rows.map((r) => pieces(r.get(c) ?? '').length))]))
  const headings = columns.flatMap((c) =>
    Array.from({ length: widest.get(c) ?? 1 }, (_, i) => (i ? `${c}#${i + 1}` : c)),
  )
  const sheet = {
    name: '共享数据',
    widths: headings.map(() => WIDE),
    freeze: { rows: 2, columns: 0 },
    rows: [
      { cells: headings.map((h) => labelOf(FOLLOWS.exec(h)?.[1] ?? h, fieldOf).zh), style: 'header' as const },
      { cells: headings, style: 'note' as const },
      ...rows.map((row) => ({
        cells: columns.flatMap((c) => {
          const parts = pieces(row.get(c) ?? '')
          return [...parts, ...Array.from({ length: (widest.get(c) ?? 1) - parts.length }, () => '')]
        }),
      })),
    ],
  }
  const parts: Uint8Array[] = []
  for await (const part of writeWorkbook([sheet])) parts.push(part)
  return Buffer.concat(parts)
}

export const decodeXlsx = async (bytes: Uint8Array): Promise<Decision<Decoded>> => {
  const folder = await mkdtemp(join(tmpdir(), 'xinheng-exchange-'))
  try {
    const path = join(folder, 'batch.xlsx')
    await writeFile(path, bytes, { mode: 0o600 })
    const table = await openTable({ path, name: 'batch.xlsx', limits: { columns: MOST_COLUMNS } })
    const lines: Line[] = []
    for await (const rows of table) for (const { n, cells } of rows) lines.push({ n, cells: [...cells] })
    return eventsFrom(lines)
  } catch (error) {
    // What a file of the wrong kind, a damaged or an encrypted one is refused for.
    if (error instanceof Refused) return { ok: false, refusals: error.refusals }
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
