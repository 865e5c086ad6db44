import type { TableRow } from './table.ts'

/** A rectangle of merged cells, rows as the sheet counts them and columns from 0; the value stands in its first cell only. */
export type Merge = { fromRow: number; toRow: number; column: number }

const REFERENCE = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/
const columnOf = (letters: string): number => {
  let n = 0
  for (const c of letters) n = n * 26 + c.charCodeAt(0) - 64
  return n - 1
}
/** Ranges that reach over several rows; a merge within one row has its value where it belongs. */
export const mergeOf = (reference: string): Merge | null => {
  const hit = REFERENCE.exec(reference)
  if (!hit) return null
  const [, left = '', from = '', , to = ''] = hit
  return Number(to) > Number(from) ? { fromRow: Number(from), toRow: Number(to), column: columnOf(left) } : null
}

/** What a merged cell says holds for every row it reaches over. Rows come in order. */
export const fillMerged = (merges: readonly Merge[], from: number): ((row: TableRow) => TableRow) => {
  const waiting = merges.filter((m) => m.fromRow >= from).toSorted((a, b) => a.fromRow - b.fromRow)
  let next = 0
  let open: (Merge & { value: string })[] = []
  return (row) => {
    open = open.filter((m) => m.toRow >= row.n)
    for (let m = waiting[next]; m && m.fromRow <= row.n; m = waiting[++next]) {
      if (m.fromRow === row.n) open.push({ ...m, value: row.cells[m.column] ?? '' })
    }
    const filled = open.filter((m) => m.fromRow < row.n && m.value !== '' && (row.cells[m.column] ?? '') === '')
    if (!filled.length) return row
    const cells = [...row.cells]
    for (const m of filled) {
      while (cells.length <= m.column) cells.push('')
      cells[m.column] = m.value
    }
    return { ...row, cells }
  }
}
