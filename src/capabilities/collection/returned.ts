import type { Ctx } from '../../platform/context.ts'
import { maskPersonId } from '../../kernel/mask.ts'
import { RETURNED_HEADINGS, headingKey } from './files/header.ts'
import { OURS, type Reading } from './open.ts'
import type { InputRow } from './rules.ts'
import * as store from './store.ts'

type Hidden = Record<number, string>
export const hiddenOf = (ctx: Ctx, row: Pick<store.KeptRow, 'secret'>): Hidden =>
  row.secret ? (JSON.parse(ctx.secrets.open(row.secret)) as Hidden) : {}

/** A returned row as it leaves: identifiers of persons masked. */
export const maskedCells = (ctx: Ctx, row: Pick<store.KeptRow, 'cells' | 'secret'>): string[] => {
  const hidden = hiddenOf(ctx, row)
  return row.cells.map((cell, i) => (hidden[i] === undefined ? cell : maskPersonId(hidden[i])))
}

/**
 * A returned workbook carries persons' numbers masked. When it comes back, a number that was left as it was stands for
 * the one that is held sealed, by the row's number in the submission that is mended.
 */
export const unmask = async (
  ctx: Ctx,
  corrects: string,
  reading: Pick<Reading, 'returned'>,
  chunk: InputRow[],
): Promise<InputRow[]> => {
  const numberOf = (row: InputRow): number => (reading.returned ? Number(row.cells[0]) : Number.NaN)
  const masked = chunk.filter((r) => Number.isSafeInteger(numberOf(r)) && r.cells.some((c) => c.includes('**')))
  if (!masked.length) return chunk
  const held = new Map((await store.rowsByNumber(ctx.db.kysely, corrects, masked.map(numberOf))).map((r) => [r.n, r]))
  return chunk.map((row) => {
    const kept = held.get(numberOf(row))
    if (!kept) return row
    const hidden = hiddenOf(ctx, kept)
    const cells = row.cells.map((cell, i) => {
      const plain = hidden[i - OURS]
      return plain !== undefined && cell === maskPersonId(plain) ? plain : cell
    })
    return { ...row, cells }
  })
}

/** A row with its cells and what is sealed, as the file had it. */
export const inputOf = (ctx: Ctx, row: store.KeptRow): InputRow => {
  const hidden = hiddenOf(ctx, row)
  return { n: row.n, cells: row.cells.map((cell, i) => hidden[i] ?? cell) }
}

/** The heading row without the columns that a returned workbook puts in front: kept rows have only the table's own. */
export const ownHeader = (header: store.KeptHeader): store.KeptHeader => {
  if (!RETURNED_HEADINGS.every((h, i) => headingKey(header.headings[i] ?? '') === headingKey(h))) return header
  return {
    headings: header.headings.slice(OURS),
    row: header.row,
    sources: header.sources.map(([key, s]) => [key, 'column' in s ? { column: s.column - OURS } : s]),
  }
}
