import { catalogOn } from './rules.catalog.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { firstOf, tidy } from '../../kernel/text.ts'
import { dayOf, type LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { listAuthorities } from '../access/index.ts'
import {
  type Header,
  type Mapping,
  NO_MAPPING,
  RETURNED_HEADINGS,
  findHeader,
  headerKey,
  headerRefusals,
  mustFindHeader,
} from './files/header.ts'
import { type AsideColumns, asidesOf } from './files/asides.ts'
import { type Merge, fillMerged } from './files/merges.ts'
import { openTable } from './files/open-table.ts'
import { FileRefused } from './files/refusals.ts'
import type { Table, TableRow } from './files/table.ts'
import {
  type Checked,
  type Directory,
  type InputRow,
  type KnownAuthority,
  type RowRules,
  type Source,
  compileRow,
} from './rules.ts'
import { placesOf } from './rules.places.ts'
import { type Proposer, proposerOf } from './rules.proposals.ts'
import type { KeptHeader } from './store.ts'

/** A table on its way through the checks: where its data begins, how it is read, and the check of a row. */
export type Reading = {
  item: CatalogItem
  table: Table
  header: KeptHeader
  dataFrom: number
  mapping: Mapping | null
  /** The key under which the way of reading it is remembered. */
  headerKey: string
  /** A workbook of returned rows: the number of the row in the submission that it mends stands in front. */
  returned: boolean
  columns: { heading: string; field: string | null }[]
  check: (row: InputRow) => Checked
  /** What would mend a refused row. */
  proposer: Proposer
  /** Totals, signatures, notes and headings once more: rows that are no data. */
  isAside: (cells: readonly string[]) => boolean
  /** Merged cells, once the table has been read to its end. */
  merges: readonly Merge[] | null
  /** Rows that were passed over, and the first of them. */
  asides: Asides
}
export type Asides = { count: number; first: { n: number; text: string }[] }

export const directoryOf = async (
  reader: Reader,
): Promise<Directory & { byId: ReadonlyMap<string, KnownAuthority> }> => {
  const all = await listAuthorities(reader)
  return {
    byCode: new Map(all.map((a) => [a.code, a])),
    byName: new Map(all.map((a) => [a.nameKey, a])),
    byId: new Map(all.map((a) => [a.id, a])),
  }
}

export const rulesFor = (
  ctx: Ctx,
  ask: {
    item: CatalogItem
    reporter: KnownAuthority
    directory: Directory
    today: LocalDate
    sources: ReadonlyMap<string, Source>
    width: number
  },
): RowRules => ({ ...ask, categories: ctx.policy.usccCategories, lists: ctx.policy.lists })

/** What the platform knows itself need not stand in the table: who reports, the code of a registered authority, the category that a code tells. */
const headerFields = (item: CatalogItem) => {
  const at = placesOf(item)
  const known = new Set([at.category, at.authorityCode, at.sourceName, at.sourceCode])
  return item.fields.map((f, i) => (known.has(i) ? { ...f, required: 'never' } : f))
}

const COPY = /^\{(.+)\}$/
/** For each field its column or its constant. A constant `{许可编号}` takes the value of that column or field of the same row. */
const sourcesOf = (item: CatalogItem, header: Header, mapping: Mapping | null): Map<string, Source> => {
  const sources = new Map<string, Source>()
  header.columns.forEach((key, column) => {
    if (key) sources.set(key, { column })
  })
  const fieldOf = new Map(item.fields.flatMap((f) => [f.key, f.code, f.label.zh].map((name) => [name, f.key] as const)))
  for (const [name, value] of Object.entries(mapping?.constants ?? {})) {
    const key = fieldOf.get(name) ?? name
    const copy = COPY.exec(value)?.[1]
    const same = copy === undefined ? undefined : (sources.get(fieldOf.get(copy) ?? '') ?? columnNamed(header, copy))
    if (copy !== undefined && !same) {
      throw new FileRefused('MAPPING_INVALID', {
        line: 1,
        problem: { zh: `表中没有“${copy}”这一列`, en: `the table has no column “${copy}”` },
      })
    }
    if (!sources.has(key)) sources.set(key, same ?? { constant: value })
  }
  return sources
}
const columnNamed = (header: Header, heading: string): Source | undefined => {
  const column = header.headings.indexOf(heading)
  return column < 0 ? undefined : { column }
}

const FIRST_ROWS = 30
export const firstRowsOf = async (table: Table): Promise<TableRow[]> => {
  const rows: TableRow[] = []
  for await (const batch of table) {
    rows.push(...batch.slice(0, FIRST_ROWS - rows.length))
    if (rows.length >= FIRST_ROWS) break
  }
  return rows
}

export type OpenAsk = {
  path: string
  name: string
  item: CatalogItem
  reporter: KnownAuthority
  directory: Directory
  today: LocalDate
  /** As it was handed in; null: the one remembered for these headings, if any. */
  mapping: Mapping | null
  remembered: (keys: string[]) => Promise<Mapping | null>
}

/** Opens a table and finds out how it is read. Whatever is wrong with the whole file is refused here, all at once. */
export const openReading = async (ctx: Ctx, ask: OpenAsk): Promise<Reading> => {
  const { item } = ask
  const fields = headerFields(item)
  let mapping = ask.mapping
  const open = (m: Mapping | null) =>
    openTable({
      path: ask.path,
      name: ask.name,
      ...(m?.sheet ? { sheet: m.sheet } : {}),
      looksRight: (rows) => findHeader(rows, fields, m ?? NO_MAPPING) !== null,
    })
  let table = await open(mapping)
  let rows = await firstRowsOf(table)
  if (!mapping) {
    mapping = await ask.remembered(rows.map((r) => headerKey(r.cells)).filter((k) => k !== ''))
    if (mapping?.sheet) {
      table = await open(mapping)
      rows = await firstRowsOf(table)
    }
  }
  const header = mustFindHeader(rows, fields, mapping ?? NO_MAPPING)
  const faults = headerRefusals(header, fields)
  const [first, ...more] = faults
  if (first) throw new FileRefused(first.code as FileRefused['code'], first.params, more)
  const sources = sourcesOf(item, header, mapping)
  const written = rows.find((r) => r.n === header.headerRow)?.cells ?? header.headings
  const width = Math.max(header.headings.length, written.length)
  const rules = rulesFor(ctx, { ...ask, sources, width })
  return {
    item,
    table,
    header: { headings: header.headings, row: header.headerRow, sources: [...sources] },
    dataFrom: header.dataFrom,
    mapping,
    headerKey: headerKey(written),
    returned: header.returned,
    columns: header.headings.map((heading, i) => ({ heading, field: header.columns[i] ?? null })),
    check: compileRow(rules),
    proposer: proposerOf(rules),
    isAside: asidesOf(asideColumns(item, header)),
    merges: table.merges ? null : [],
    asides: { count: 0, first: [] },
  }
}

const asideColumns = (item: CatalogItem, header: Header): AsideColumns => {
  const at = placesOf(item)
  const read = header.columns.flatMap((key, column) => (key === null ? [] : [column]))
  const keyFields = [at.uscc, at.registration, at.organisation, at.personId, at.docNo, at.decidedOn]
  const keys = new Set(keyFields.flatMap((place) => (place < 0 ? [] : [item.fields[place]?.key])))
  return { headings: header.headings, read, keys: read.filter((c) => keys.has(header.columns[c] ?? undefined)) }
}

const FIRST_ASIDES = 20
const ASIDE_MAX = 40
const noteAside = (asides: Asides, { n, cells }: TableRow): void => {
  asides.count++
  const text = firstOf(tidy(cells.find((c) => c.trim() !== '') ?? ''), ASIDE_MAX)
  if (asides.first.length < FIRST_ASIDES) asides.first.push({ n, text })
}

/** A sheet tells its merged cells at its end: who has not read it so far reads it once. */
const learnMerges = async (reading: Pick<Reading, 'table' | 'merges'>): Promise<readonly Merge[]> => {
  if (reading.merges) return reading.merges
  for await (const _ of reading.table);
  reading.merges = [...(reading.table.merges?.() ?? [])]
  return reading.merges
}

/** Rows of data in chunks that are bounded in rows and in text. */
export const chunksOf = async function* (
  reading: Pick<Reading, 'table' | 'dataFrom' | 'isAside' | 'merges' | 'asides'>,
  after: number,
  size: number,
): AsyncGenerator<InputRow[]> {
  let chunk: InputRow[] = []
  let weight = 0
  const { dataFrom, isAside, asides } = reading
  const merges = await learnMerges(reading)
  const filled = merges.length ? fillMerged(merges, dataFrom) : null
  asides.count = asides.first.length = 0
  for await (const batch of reading.table) {
    for (const raw of batch) {
      if (raw.n < dataFrom) continue
      const row = filled ? filled(raw) : raw
      if (isAside(row.cells)) {
        noteAside(asides, row)
        continue
      }
      if (row.n <= after) continue
      chunk.push(row)
      weight += weightOf(row)
      if (chunk.length >= size || weight > CHUNK_CHARS) {
        yield chunk
        chunk = []
        weight = 0
      }
    }
  }
  if (chunk.length) yield chunk
}
const CHUNK_CHARS = 6_000_000
const weightOf = (row: InputRow): number => {
  let n = 0
  for (const cell of row.cells) n += cell.length
  return n
}

/** Reads the file to its end before anything of it is kept, so that a file that breaks off leaves nothing behind. */
export const countRows = async (reading: Reading): Promise<number> => {
  const { table, dataFrom } = reading
  const n = table.count ? await table.count(dataFrom) : await countedOneByOne(table, dataFrom)
  reading.merges ??= [...(table.merges?.() ?? [])]
  if (n === 0) throw new FileRefused('FILE_NO_ROWS')
  return n
}
const countedOneByOne = async (table: Table, from: number): Promise<number> => {
  let n = 0
  for await (const batch of table) {
    const [first] = batch
    if (first) n += first.n >= from ? batch.length : batch.filter((r) => r.n >= from).length
  }
  return n
}

export const dayOfSubmission = (createdAt: string): LocalDate => dayOf(createdAt as Parameters<typeof dayOf>[0])
export const itemOf = (ctx: Ctx, code: string, on: LocalDate): CatalogItem | null => catalogOn(ctx.policy, code, on)
/** Columns that we put before the rows of a returned workbook. */
export const OURS = RETURNED_HEADINGS.length
