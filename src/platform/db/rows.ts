import type { Statement } from './batch.ts'
import { arrayLiteral } from './copy.ts'

/**
 * A statement over rows of parameters, which come as one array a column: alone it has one row, and those of several transactions
 * that travel together have as many, for the price of one start of the executor. Every answer carries the `n` of its row.
 */
export type RowsStatement = {
  name: string
  text: string
  columns: Columns
  /** What is added where it is asked alone: whoever travels with others writes only what is still as it was read. */
  alone?: string
}
type Columns = Readonly<Record<string, string>>

/**
 * The first array stands in a query of its own, which hides its length from the planner: a plan made for one row would always
 * look cheaper than the kept one for some, and be made anew each time.
 */
const unnested = (types: readonly string[], from: number): string =>
  `unnest(${types.map((type, i) => (i ? arrayOf(type, i + from) : `(select ${arrayOf(type, from)})`)).join(', ')})`

/**
 * JSON texts travel one behind the other, set apart by a character that none of them can hold: in an array's own form each of their
 * many quotes is escaped here and read back there, letter by letter.
 */
const APART = '\u001f'
const arrayOf = (type: string, at: number): string =>
  type === 'jsonb' ? `string_to_array($${at}::text, chr(${APART.charCodeAt(0)}), '')::jsonb[]` : `$${at}::${type}[]`
const namesOf = (columns: Columns): string => Object.keys(columns).join(', ')

/** `text` gets the rows as a table called `asked`, with its columns and `n`. A list in a row travels as text. */
export const overRows = (
  name: string,
  columns: Columns,
  text: (asked: string) => string,
  alone?: string,
): RowsStatement => ({
  name,
  columns,
  text: text(`${unnested(['int', ...Object.values(columns)], 1)} as asked(n, ${namesOf(columns)})`),
  ...(alone ? { alone } : {}),
})

/** The same for rows of a part of a statement whose parameters begin elsewhere, without `n`. */
export const rowsFrom = (columns: Columns, from: number, as: string): string =>
  `${unnested(Object.values(columns), from)} as ${as}(${namesOf(columns)})`

/** What never holds a quote, a comma or a brace. */
const PLAIN = new Set(['int', 'boolean', 'uuid', 'date', 'timestamptz'])
type Row = readonly unknown[]
const plainArray = (rows: readonly Row[], at: number): string => {
  let text = '{'
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![at]
    text += `${i ? ',' : ''}${value === null || value === undefined ? 'NULL' : (value as string)}`
  }
  return `${text}}`
}

/** One array a column, written out as the server reads it. */
export const columnsOf = (columns: Columns, rows: readonly Row[]): string[] =>
  Object.values(columns).map((type, at) => {
    if (PLAIN.has(type)) return plainArray(rows, at)
    const texts = rows.map((row) => row[at] as string | null)
    return type === 'jsonb' ? texts.map((text) => text ?? '').join(APART) : arrayLiteral(texts)
  })

const counts: string[] = []
const countsTo = (n: number): string => (counts[n] ??= `{${Array.from({ length: n }, (_, i) => i).join(',')}}`)
export const statementOf = (of: RowsStatement, rows: readonly Row[]): Statement => ({
  name: of.name,
  text: of.text,
  values: [countsTo(rows.length), ...columnsOf(of.columns, rows)],
})
/** The same for a transaction of its own. */
export const statementAlone = (of: RowsStatement, row: Row): Statement => {
  const statement = statementOf(of, [row])
  return of.alone ? { ...statement, name: `${of.name}.alone`, text: `${of.text} ${of.alone}` } : statement
}
