import type { Readable } from 'node:stream'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { type NumberStyle, numberText, styleOf } from './cell-format.ts'
import { type Merge, mergeOf } from './merges.ts'
import { FileRefused } from './refusals.ts'
import { PLAIN_COLUMNS, PlainRows } from './plain-rows.ts'
import { RowSpool } from './row-spool.ts'
import { SharedStrings } from './shared-strings.ts'
import {
  type CellFlag,
  isBlank,
  type Limits,
  type Table,
  type TableRow,
  type TableSource,
  withLongCells,
} from './table.ts'

const MB = 1024 * 1024
const MAX_ENTRIES = 10_000
/** XML that goes on this long without a tag is no sheet. */
const MAX_SILENCE = 4 * MB
const BATCH_ROWS = 1000
const PEEK_ROWS = 20

type Sheet = { name: string; path: string; hidden: boolean }
type Book = {
  zip: ZipFile
  entries: Map<string, Entry>
  sheets: Sheet[]
  date1904: boolean
  styles: NumberStyle[]
  strings: SharedStrings
  limits: Limits
}

type Handlers = {
  open?: (name: string, tag: SaxesTagPlain) => void
  text?: (text: string) => void
  close?: (name: string) => void
}

const damaged = (row = 0): FileRefused => new FileRefused('FILE_DAMAGED', { row })
const localName = (name: string): string => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/** One parser over a stream of XML. saxes knows no DTD: an entity that XML itself does not define is an error, never expanded. */
const xmlParser = (handlers: Handlers) => {
  let silence = 0
  const parser = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false })
  parser.on('error', () => {
    throw damaged()
  })
  parser.on('doctype', () => {
    throw damaged()
  })
  parser.on('opentag', (tag) => {
    silence = 0
    handlers.open?.(localName(tag.name), tag)
  })
  parser.on('text', (text) => handlers.text?.(text))
  parser.on('cdata', (text) => handlers.text?.(text))
  parser.on('closetag', (tag) => {
    silence = 0
    handlers.close?.(localName(tag.name))
  })
  return {
    write: (piece: string): void => {
      silence += piece.length
      parser.write(piece)
      if (silence > MAX_SILENCE + piece.length) throw damaged()
    },
    close: (): void => {
      parser.close()
    },
  }
}

const asRefusal = (error: unknown, row = 0): FileRefused => {
  if (error instanceof FileRefused) return error.code === 'FILE_DAMAGED' && row > 0 ? damaged(row) : error
  const text = error instanceof Error ? error.message : ''
  if (/end of central directory|truncated|unexpected EOF|unexpected end of file/i.test(text))
    return new FileRefused('FILE_TRUNCATED')
  if (/encrypted/i.test(text)) return new FileRefused('FILE_ENCRYPTED')
  return damaged(row)
}

const partText = async function* (book: Pick<Book, 'zip'>, entry: Entry): AsyncGenerator<string> {
  const stream: Readable = await book.zip.openReadStreamPromise(entry)
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(chunk[0] === 0xff ? 'utf-16le' : chunk[0] === 0xfe ? 'utf-16be' : 'utf-8', {
      fatal: true,
    })
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

const readPart = async (book: Pick<Book, 'zip' | 'entries'>, path: string, handlers: Handlers): Promise<boolean> => {
  const entry = book.entries.get(path.toLowerCase())
  if (!entry) return false
  const parser = xmlParser(handlers)
  for await (const text of partText(book, entry)) parser.write(text)
  parser.close()
  return true
}

/** Sizes are read from the directory before anything is unpacked, and yauzl holds the parts to what it says. */
const listEntries = async (zip: ZipFile, limits: Limits): Promise<Map<string, Entry>> => {
  const entries = new Map<string, Entry>()
  let unpacked = 0
  let packed = 0
  if (zip.entryCount > MAX_ENTRIES) throw new FileRefused('FILE_NOT_A_WORKBOOK')
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw new FileRefused('FILE_ENCRYPTED')
    entries.set(entry.fileName.toLowerCase(), entry)
    unpacked += entry.uncompressedSize
    packed += entry.compressedSize
  }
  const bomb = unpacked > limits.unpackedBytes || (unpacked > limits.ratioFromBytes && unpacked > packed * limits.ratio)
  if (bomb)
    throw new FileRefused('FILE_BOMB', {
      size: Math.ceil(unpacked / MB),
      limit: Math.floor(limits.unpackedBytes / MB),
      ratio: limits.ratio,
    })
  return entries
}

const resolve = (target: string): string =>
  (target.startsWith('/') ? target.slice(1) : `xl/${target}`).replace(/(^|\/)\.\//g, '$1').replace(/[^/]+\/\.\.\//g, '')
const attribute = (tag: SaxesTagPlain, name: string): string | undefined => {
  const all = tag.attributes
  return all[name] ?? Object.entries(all).find(([key]) => localName(key) === name)?.[1]
}

const openZip = (path: string): Promise<ZipFile> => openPromise(path, { autoClose: false, validateEntrySizes: true })

const openBook = async (path: string, limits: Limits): Promise<Book> => {
  const zip = await openZip(path)
  const strings = new SharedStrings()
  try {
    const entries = await listEntries(zip, limits)
    const book: Book = { zip, entries, sheets: [], date1904: false, styles: [], strings, limits }
    const targets = new Map<string, string>()
    let stringsPath = 'xl/sharedStrings.xml'
    let stylesPath = 'xl/styles.xml'
    await readPart(book, 'xl/_rels/workbook.xml.rels', {
      open: (name, tag) => {
        if (name !== 'Relationship') return
        const target = resolve(tag.attributes['Target'] ?? '')
        const type = tag.attributes['Type'] ?? ''
        if (type.endsWith('/sharedStrings')) stringsPath = target
        else if (type.endsWith('/styles')) stylesPath = target
        else if (type.endsWith('/worksheet')) targets.set(tag.attributes['Id'] ?? '', target)
      },
    })
    const found = await readPart(book, 'xl/workbook.xml', {
      open: (name, tag) => {
        if (name === 'workbookPr') book.date1904 = /^(?:1|true)$/.test(attribute(tag, 'date1904') ?? '')
        if (name !== 'sheet') return
        const target = targets.get(attribute(tag, 'id') ?? '')
        if (target)
          book.sheets.push({
            name: attribute(tag, 'name') ?? '',
            path: target,
            hidden: /hidden/i.test(attribute(tag, 'state') ?? ''),
          })
      },
    })
    if (!found) throw new FileRefused('FILE_NOT_A_WORKBOOK')
    book.styles = await readStyles(book, stylesPath)
    await readStrings(book, stringsPath)
    return book
  } catch (error) {
    strings.close()
    zip.close()
    throw error
  }
}

const readStyles = async (book: Book, path: string): Promise<NumberStyle[]> => {
  const codes = new Map<number, string>()
  const styles: NumberStyle[] = []
  let inCells = false
  await readPart(book, path, {
    open: (name, tag) => {
      if (name === 'numFmt') codes.set(Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attribute(tag, 'numFmtId') ?? 0)
        styles.push(styleOf(id, codes.get(id)))
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

/** `_x000D_` stands for a character that XML cannot hold. */
const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

const readStrings = async (book: Book, path: string): Promise<void> => {
  let text = ''
  let inText = false
  let reading = 0
  await readPart(book, path, {
    open: (name) => {
      if (name === 'si') text = ''
      else if (name === 'rPh') reading++
      else if (name === 't') inText = reading === 0
    },
    text: (piece) => {
      // A cell holds 32,767 characters; the rest of a longer string only serves to be flagged.
      if (inText && text.length <= book.limits.cell) text += piece
    },
    close: (name) => {
      if (name === 't') inText = false
      else if (name === 'rPh') reading--
      else if (name === 'si') {
        if (book.strings.length >= book.limits.strings)
          throw new FileRefused('FILE_TOO_MANY_STRINGS', { limit: book.limits.strings })
        book.strings.add(unescapeText(text))
      }
    },
  })
}

/** Column index from a reference such as AB12, from 0; letters beyond any sheet still count as many. */
const columnOf = (ref: string): number => {
  let n = 0
  for (let i = 0; i < ref.length && i < 8; i++) {
    const c = ref.charCodeAt(i) & 0xdf
    if (c < 65 || c > 90) break
    n = n * 26 + c - 64
  }
  return n - 1
}

/** No text of XML holds it. */
const CUT = '\uffff'
/** A cell shares memory with all the XML around it; those of a row together take a fraction of that. */
const apart = (cells: string[]): string[] => {
  const own = cells.join(CUT).split(CUT)
  // `_xFFFF_` may have brought it in all the same.
  return own.length === cells.length ? own : cells
}

/** Told of rows that need no parser: of those a count has no use for the cells. */
type Plain = (n: number) => void

const readRows = async function* (
  book: Book,
  sheet: Sheet,
  merges?: Merge[],
  plain?: Plain,
): AsyncGenerator<TableRow[]> {
  const entry = book.entries.get(sheet.path.toLowerCase())
  if (!entry) return
  let rows: TableRow[] = []
  let n = 0
  let cells: string[] = []
  let flags: Record<number, CellFlag> | undefined
  let column = -1
  let type = ''
  let style = 0
  let value = ''
  let taking = false
  let hasFormula = false
  let phonetic = 0
  let inData = false

  const flag = (kind: CellFlag) => {
    flags = { ...flags, [column]: kind }
  }
  const put = (text: string) => {
    if (text === '') return
    if (column >= book.limits.columns) throw new FileRefused('TOO_MANY_COLUMNS', { row: n, limit: book.limits.columns })
    while (cells.length < column) cells.push('')
    cells[column] = text
  }
  const finishCell = () => {
    if (type === 's') {
      const text = book.strings.get(Number(value))
      if (text === null && value !== '') throw damaged(n)
      put(text ?? '')
    } else if (type === 'inlineStr' || type === 'str') put(unescapeText(value))
    else if (type === 'b') put(value === '1' || value === 'true' ? 'TRUE' : value === '' ? '' : 'FALSE')
    else if (type === 'e') {
      put(value)
      flag('error_value')
    } else if (type === 'd') put(value.replace(/T00:00:00(?:\.0+)?$/, '').replace('T', ' '))
    else if (value !== '') {
      const { text, flag: kind } = numberText(value.trim(), book.styles[style] ?? { kind: 'number' }, book.date1904)
      put(text)
      if (kind) flag(kind)
    }
    if (hasFormula && value === '' && type !== 'str') {
      while (cells.length <= column) cells.push('')
      flag('not_computed')
    }
  }
  const finishRow = () => {
    if (isBlank(cells) && !flags) return
    const own = apart(cells)
    rows.push(withLongCells(flags ? { n, cells: own, flags } : { n, cells: own }, book.limits.cell))
  }

  const parser = xmlParser({
    open: (name, tag) => {
      if (name === 'c' && inData) {
        const ref = tag.attributes['r']
        column = ref === undefined ? column + 1 : columnOf(ref)
        type = tag.attributes['t'] ?? ''
        style = Number(tag.attributes['s'] ?? 0)
        value = ''
        hasFormula = false
      } else if (name === 'v' || name === 't') taking = inData && phonetic === 0
      else if (name === 'f') hasFormula = true
      else if (name === 'row' && inData) {
        n = Number(tag.attributes['r'] ?? n + 1)
        if (!Number.isSafeInteger(n)) throw damaged()
        cells = []
        flags = undefined
        column = -1
      } else if (name === 'rPh') phonetic++
      else if (name === 'sheetData') inData = true
      else if (name === 'mergeCell' && merges && merges.length < MOST_MERGES) {
        const merge = mergeOf(tag.attributes['ref'] ?? '')
        if (merge) merges.push(merge)
      }
    },
    text: (piece) => {
      if (taking && value.length <= book.limits.cell) value += piece
    },
    close: (name) => {
      if (name === 'v' || name === 't') taking = false
      else if (name === 'c' && inData) finishCell()
      else if (name === 'row' && inData) finishRow()
      else if (name === 'rPh') phonetic--
      else if (name === 'sheetData') inData = false
    },
  })
  const skim = plain
    ? new PlainRows({
        strings: book.strings,
        parse: parser.write,
        row: (number) => {
          n = number
          plain(number)
        },
      })
    : null
  try {
    for await (const text of partText(book, entry)) {
      if (skim) skim.push(text)
      else parser.write(text)
      if (rows.length < BATCH_ROWS) continue
      yield rows
      rows = []
    }
    skim?.end()
    parser.close()
  } catch (error) {
    throw asRefusal(error, n)
  }
  if (rows.length > 0) yield rows
}

/** Where so many rows need the parser, they are parsed once and kept for the reading that follows. */
const ODD_SHARE = 0.2
const FEW_ROWS = 2000

/** A sheet that merges more than this is a picture, and is read as it stands. */
const MOST_MERGES = 20_000

const firstRows = async (book: Book, sheet: Sheet): Promise<TableRow[]> => {
  for await (const rows of readRows(book, sheet)) return rows.slice(0, PEEK_ROWS)
  return []
}

const chooseSheet = async (book: Book, source: TableSource): Promise<Sheet> => {
  const visible = book.sheets.filter((s) => !s.hidden)
  if (source.sheet !== undefined) {
    const named = visible.find((s) => s.name.trim() === source.sheet?.trim())
    if (!named) throw new FileRefused('FILE_SHEET_MISSING', { sheet: source.sheet, sheets: visible.map((s) => s.name) })
    return named
  }
  let withRows: Sheet | null = null
  for (const sheet of visible) {
    const rows = await firstRows(book, sheet)
    if (rows.length > 0 && (source.looksRight?.(rows) ?? true)) return sheet
    if (rows.length > 0) withRows ??= sheet
  }
  if (!withRows) throw new FileRefused('FILE_NO_ROWS')
  return withRows
}

const readAll = async function* (book: Book, sheet: Sheet, merges: Merge[], plain?: Plain): AsyncGenerator<TableRow[]> {
  merges.length = 0
  try {
    yield* readRows(book, sheet, merges, plain)
  } finally {
    book.strings.close()
    book.zip.close()
  }
}

/** Opens a workbook: the sheet is chosen now, so that a wrong file is refused here; rows stream in bounded memory. */
export const openXlsx = async (source: TableSource, limits: Limits): Promise<Table> => {
  try {
    const book = await openBook(source.path, limits)
    let sheet: Sheet
    try {
      sheet = await chooseSheet(book, source)
    } catch (error) {
      book.strings.close()
      throw error
    } finally {
      // Nothing stays open for a table that nobody reads; the strings are kept for the readings to come.
      book.zip.close()
    }
    let ready: Book | null = book
    const merges: Merge[] = []
    let spool: RowSpool | null = null
    const parsed = async function* (plain?: Plain): AsyncGenerator<TableRow[]> {
      const held = ready
      if (held?.strings.spilled) ready = null
      yield* readAll(
        held ? { ...held, zip: await openZip(source.path) } : await openBook(source.path, limits),
        sheet,
        merges,
        plain,
      )
    }
    /** Rows from a number on, most of them never parsed; null where too many are unlike the others. */
    const skimmed = async (from: number): Promise<number | null> => {
      if (!ready || ready.strings.spilled || limits.columns < PLAIN_COLUMNS) return null
      let rows = 0
      let odd = 0
      const batches = parsed((n) => {
        if (n >= from) rows++
      })
      for await (const batch of batches) {
        odd += batch.filter((r) => r.n >= from).length
        if (odd > rows * ODD_SHARE + FEW_ROWS) return null
      }
      return rows + odd
    }
    return {
      kind: 'xlsx',
      async count(from) {
        spool?.close()
        spool = null
        const counted = await skimmed(from)
        if (counted !== null) return counted
        const kept = new RowSpool()
        let keeping = true
        let rows = 0
        try {
          for await (const batch of parsed()) {
            keeping &&= kept.add(batch)
            rows += (batch[0]?.n ?? 0) >= from ? batch.length : batch.filter((r) => r.n >= from).length
          }
        } catch (error) {
          kept.close()
          throw error
        }
        if (keeping) spool = kept
        return rows
      },
      close() {
        spool?.close()
        spool = null
      },
      merges: () => merges,
      sheet: sheet.name,
      encoding: null,
      separator: null,
      async *[Symbol.asyncIterator]() {
        if (spool) yield* spool.batches()
        else yield* parsed()
      },
    }
  } catch (error) {
    throw asRefusal(error)
  }
}
