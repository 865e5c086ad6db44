import type { FileReply } from '../../kernel/api.ts'
import { csvLine } from '../../kernel/csv.ts'
import type { Lang, Words } from '../../kernel/words.ts'
import { writeWorkbook } from '../collection/index.ts'

/** Tables that leave as a file: a workbook whose cells are text, or a CSV in which nothing reads as a formula. */

export type Format = 'xlsx' | 'csv'
type Rows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>
export type Sheet = { lang: Lang; format: Format; head: readonly string[]; rows: Rows }

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const WIDTH = 18
const WIDE = 40
/** What is long in these tables stands in the first columns and in the last. */
const widths = (columns: number): number[] =>
  Array.from({ length: columns }, (_, i) => (i === 0 || i === columns - 1 ? WIDE : WIDTH))

const lines = async function* ({ head, rows }: Sheet): AsyncGenerator<Uint8Array> {
  const line = (cells: readonly string[]) => Buffer.from(csvLine(cells))
  yield Buffer.from('\ufeff')
  yield line(head)
  for await (const cells of rows) yield line(cells)
}
const sheet = async function* ({ head, rows }: Sheet) {
  yield { cells: head, style: 'header' as const }
  for await (const cells of rows) yield { cells }
}

export const fileOf = (name: Words, made: Sheet): FileReply => {
  const { format, lang } = made
  const file = `${name[lang]}.${format}`
  if (format === 'csv') return { file: { name: file, mediaType: 'text/csv; charset=utf-8', body: lines(made) } }
  const body = writeWorkbook([
    {
      name: lang === 'zh' ? '数据' : 'Data',
      widths: widths(made.head.length),
      rows: sheet(made),
      freeze: { rows: 1, columns: 0 },
    },
  ])
  return { file: { name: file, mediaType: XLSX, body } }
}
