import type { Merge } from './merges.ts'

/** A table as a person sees it, whatever the file was: rows of text with the numbers that the person sees. */

/** What a reader knows of a cell beyond its text; validation says it in words, nothing is guessed. */
export type CellFlag =
  /** A number of more than 15 digits: the spreadsheet has replaced the last ones by zeros. */
  | 'digits_lost'
  /** #N/A, #REF! and the like. */
  | 'error_value'
  /** A formula that was never computed, so there is no value. */
  | 'not_computed'
  /** Longer than a cell may be; the text is cut at the limit. */
  | 'too_long'
  /** A plain whole number in the range of dates (1954–2119) that no date format marks. */
  | 'maybe_serial'

export type TableRow = {
  /** Row number as seen in the file or sheet, from 1; blank rows count. */
  n: number
  cells: string[]
  /** By column index, when there is something to say. */
  flags?: Record<number, CellFlag>
}

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

export type Limits = {
  columns: number
  /** Characters in one cell; what a spreadsheet holds. */
  cell: number
  /** Characters in one record before it cannot be one. */
  record: number
  unpackedBytes: number
  /** Unpacked to packed size, looked at only above `ratioFromBytes`. */
  ratio: number
  ratioFromBytes: number
  strings: number
}

const MB = 1024 * 1024
export const LIMITS: Limits = {
  columns: 512,
  cell: 32_767,
  record: 4 * MB,
  unpackedBytes: 4096 * MB,
  ratio: 200,
  ratioFromBytes: 64 * MB,
  strings: 12_000_000,
}

/** Rows in batches; blank rows are left out but counted. Cells may share memory with their batch: copy what you keep long. */
export type Table = AsyncIterable<TableRow[]> & {
  kind: 'csv' | 'xlsx'
  sheet: string | null
  encoding: Encoding | null
  separator: string | null
  /** How many rows there are from a row number on, read to the end; where that is cheaper than reading them, or serves to read them again. */
  count?: (from: number) => Promise<number>
  /** Lets go of what a count has kept for the reading that follows. */
  close?: () => void
  /** Cells merged over several rows: a sheet says so at its end, so they are known when it has been read once. */
  merges?: () => readonly Merge[]
}

export type TableSource = {
  path: string
  /** The name the person gave it; only used where bytes do not decide. */
  name: string
  limits?: Partial<Limits>
  /** A sheet by name; else the first visible one whose first rows look right, else the first visible with rows. */
  sheet?: string
  looksRight?: (firstRows: TableRow[]) => boolean
}

export const isBlank = (cells: readonly string[]): boolean => {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false
  return true
}

/** Cuts cells beyond the limit and flags them; rows of ordinary length cost one comparison. */
export const withLongCells = (row: TableRow, limit: number): TableRow => {
  for (let i = 0; i < row.cells.length; i++) {
    const cell = row.cells[i] as string
    if (cell.length <= limit) continue
    row.cells[i] = cell.slice(0, limit)
    row.flags = { ...row.flags, [i]: 'too_long' }
  }
  return row
}
