import { createHash } from 'node:crypto'
import { csvLine } from '../../kernel/csv.ts'
import { writeWorkbook } from '../collection/index.ts'
import type { ResultField } from './rules.ts'
import type { Entry, FileDigest } from './store.ts'
import { FILE_FORMATS, type FileFormat, LINE_KIND_WORDS } from './words.ts'

/** The files of a day, from its lines and the fields as they stood in the catalog: the same lines give the same bytes. */

export type Column = { code: string; key: ResultField; label: string }
export const MEDIA_TYPES: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json_lines: 'application/x-ndjson',
}
export const EXTENSIONS: Record<FileFormat, string> = { csv: 'csv', xlsx: 'xlsx', json_lines: 'jsonl' }

const WIDTH = 24
/** What people read; programs read the same words by the codes of the fields. */
export const cellOf = (entry: Entry, key: ResultField): string =>
  key === 'result' ? LINE_KIND_WORDS[entry.kind].zh : entry.line[key]
export const valuesOf = (entry: Entry, columns: readonly Column[]): Record<string, string> =>
  Object.fromEntries(columns.map((c) => [c.code, cellOf(entry, c.key)]))

const csv = function* (entries: readonly Entry[], columns: readonly Column[]): Generator<Buffer> {
  yield Buffer.from(`\ufeff${csvLine(columns.map((c) => c.label))}`)
  for (const e of entries) yield Buffer.from(csvLine(columns.map((c) => cellOf(e, c.key))))
}
const jsonLines = function* (entries: readonly Entry[], columns: readonly Column[]): Generator<Buffer> {
  for (const e of entries) yield Buffer.from(`${JSON.stringify(valuesOf(e, columns))}\n`)
}
const sheetRows = function* (entries: readonly Entry[], columns: readonly Column[]) {
  yield { cells: columns.map((c) => c.label), style: 'header' as const }
  for (const e of entries) yield { cells: columns.map((c) => cellOf(e, c.key)) }
}

export const bodyOf = (
  format: FileFormat,
  entries: readonly Entry[],
  columns: readonly Column[],
): Iterable<Uint8Array> | AsyncIterable<Uint8Array> => {
  if (format === 'csv') return csv(entries, columns)
  if (format === 'json_lines') return jsonLines(entries, columns)
  return writeWorkbook([
    {
      name: '信用修复结果',
      widths: columns.map(() => WIDTH),
      rows: sheetRows(entries, columns),
      freeze: { rows: 1, columns: 0 },
    },
  ])
}
export const streamed = async function* (
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* body
}

export const digestsOf = (entries: readonly Entry[], columns: readonly Column[]): Promise<FileDigest[]> =>
  Promise.all(
    FILE_FORMATS.map(async (format): Promise<FileDigest> => {
      const hash = createHash('sha256')
      let bytes = 0
      for await (const chunk of bodyOf(format, entries, columns)) {
        hash.update(chunk)
        bytes += chunk.length
      }
      return { format, sha256: hash.digest('hex'), bytes }
    }),
  )
