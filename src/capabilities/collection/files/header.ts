import type { Refusal } from '../../../kernel/decision.ts'
import { firstOf, toHalfWidth } from '../../../kernel/text.ts'
import type { Words } from '../../../kernel/words.ts'
import { type FileRefusalCode, FileRefused } from './refusals.ts'
import type { TableRow } from './table.ts'

/** What of a catalog field its column is recognised by. */
export type HeaderField = { code: string; key: string; label: Words; aliases: readonly string[]; required?: unknown }

/** How a table that does not follow the standard form is read. Headings as in the table; fields by key, code or label. */
export type Mapping = {
  item: string | null
  sheet: string | null
  headerRow: number | null
  columns: Record<string, string>
  /** Field ← the same value in every row; `{许可编号}` is the value of that column or field of the same row. */
  constants: Record<string, string>
  ignore: string[]
}
export const NO_MAPPING: Mapping = {
  item: null,
  sheet: null,
  headerRow: null,
  columns: {},
  constants: {},
  ignore: [],
}

export type HeaderDoubt = {
  heading: string
  /** Two columns for one field; a heading that fits several fields; an amount in a unit that is not the standard's. */
  why: 'duplicate' | 'several_fields' | 'unit'
  fields: string[]
}

export type Header = {
  headerRow: number
  /** Number of the first row that may hold data. */
  dataFrom: number
  headings: string[]
  /** For each column of the table the field's key, or null when it is not read. */
  columns: (string | null)[]
  unknown: string[]
  /** Fields that are always required and come neither from a column nor as a constant. */
  missing: string[]
  ambiguous: HeaderDoubt[]
  /** Headings of the mapping that the table does not have. */
  absent: string[]
  /** The table is a workbook of returned rows, sent again: its leading columns are ours. */
  returned: boolean
}

/** The columns that we put before a returned row. */
export const RETURNED_HEADINGS = ['行号', '出错字段', '填写的值', '原因', '如何修改']
export const SCANNED_ROWS = 20

const DECORATION = /[*★☆●#※"'“”‘’:：]|\((?:必填|选填|必填项|选填项|必须|可选|可空|非必填|required|optional)\)/gi
const bracketed = /\(([^()]*)\)/g

const plain = (heading: string): string =>
  toHalfWidth(heading)
    .replace(/\s+/g, '')
    .replace(/[〔【[［{〖﹝]/g, '(')
    .replace(/[〕】\]］}〗﹞]/g, ')')
    .replace(DECORATION, '')
    .replace(/^\d{1,2}[.、)](?=\D)/, '')
    .toUpperCase()

/** The comparison key of a heading: widths, brackets, blanks, line breaks, stars and numbering do not count. */
export const headingKey = (heading: string): string => plain(heading).replace(/[(),，、;；/\\.·_-]/g, '')

/** The headings of a table as one key, by which a mapping is remembered. */
export const headerKey = (headings: readonly string[]): string =>
  headings
    .map(headingKey)
    .filter((k) => k !== '')
    .toSorted()
    .join('|')

type Match = { fields: string[]; unit: boolean }
const NO_MATCH: Match = { fields: [], unit: false }

/** A heading's bracketed remark may be dropped, unless it names a unit that is not the standard's 万元. */
const withoutRemark = (heading: string): { key: string; unit: boolean } => {
  const text = plain(heading)
  const unit = [...text.matchAll(bracketed)].some(
    ([, remark = '']) => /元|￥|¥|%|千|百万|亿|YUAN|RMB/.test(remark) && remark !== '万元',
  )
  return { key: headingKey(text.replace(bracketed, '')), unit }
}

const indexOf = (fields: readonly HeaderField[]): Map<string, Set<string>> => {
  const index = new Map<string, Set<string>>()
  const add = (name: string, key: string) => {
    const k = headingKey(name)
    if (k === '') return
    const held = index.get(k)
    if (held) held.add(key)
    else index.set(k, new Set([key]))
  }
  for (const f of fields) for (const name of [f.code, f.key, f.label.zh, f.label.en, ...f.aliases]) add(name, f.key)
  // A field's own code, key and label are its own, whatever else claims them as an alias.
  for (const f of fields) for (const name of [f.label.zh, f.key, f.code]) index.set(headingKey(name), new Set([f.key]))
  return index
}

class Headings {
  private readonly index: Map<string, Set<string>>
  private readonly loose: Map<string, Set<string>>
  private readonly mapped = new Map<string, string>()
  private readonly ignored: Set<string>

  constructor(fields: readonly HeaderField[], mapping: Mapping) {
    this.index = indexOf(fields)
    this.loose = new Map()
    for (const f of fields) {
      for (const name of [f.label.zh, ...f.aliases]) {
        const { key } = withoutRemark(name)
        if (key !== '') this.loose.set(key, (this.loose.get(key) ?? new Set()).add(f.key))
      }
    }
    for (const [heading, name] of Object.entries(mapping.columns)) {
      const field = this.fieldNamed(name)
      if (field !== null) this.mapped.set(headingKey(heading), field)
    }
    this.ignored = new Set(mapping.ignore.map(headingKey))
  }

  /** A field by key, code, label or alias; null when there is none or more than one. */
  fieldNamed(name: string): string | null {
    const found = this.index.get(headingKey(name))
    return found?.size === 1 ? ([...found][0] as string) : null
  }

  isIgnored(heading: string): boolean {
    return this.ignored.has(headingKey(heading))
  }

  match(heading: string): Match {
    const key = headingKey(heading)
    if (key === '' || this.ignored.has(key)) return NO_MATCH
    const mapped = this.mapped.get(key)
    if (mapped !== undefined) return { fields: [mapped], unit: false }
    const exact = this.index.get(key)
    if (exact) return { fields: [...exact], unit: false }
    const { key: bare, unit } = withoutRemark(heading)
    const loose = this.index.get(bare) ?? this.loose.get(bare)
    return loose ? { fields: [...loose], unit } : NO_MATCH
  }
}

/** One heading a column; a blank takes what stands above it, a part takes its group's name before it (merged headings). */
const headingsAt = (rows: readonly TableRow[], at: number, known: Headings): string[] => {
  const own = (rows[at] as TableRow).cells
  const above = [rows[at - 1], rows[at - 2]].filter((r) => r !== undefined)
  const width = Math.max(own.length, ...above.map((r) => r.cells.length))
  const groups: string[] = []
  for (let c = 0; c < width; c++)
    groups[c] = above[0]?.cells[c]?.trim() || (own[c]?.trim() ? (groups[c - 1] ?? '') : '')
  return Array.from({ length: width }, (_, c) => {
    const text = own[c]?.trim() ?? ''
    if (text === '') {
      const over = above.map((r) => r.cells[c]?.trim() ?? '').find((t) => t !== '') ?? ''
      return known.match(over).fields.length > 0 ? over : ''
    }
    if (known.match(text).fields.length > 0) return text
    const whole = `${groups[c] ?? ''}${text}`
    return known.match(whole).fields.length > 0 ? whole : text
  })
}

const recognised = (headings: readonly string[], known: Headings): number =>
  headings.filter((h) => known.match(h).fields.length > 0 || (h !== '' && known.isIgnored(h))).length

const isReturned = (headings: readonly string[]): boolean =>
  RETURNED_HEADINGS.every((h, i) => headingKey(headings[i] ?? '') === headingKey(h))

/** Reads the columns off one row of headings. */
const describe = (headings: string[], known: Headings, fields: readonly HeaderField[], mapping: Mapping) => {
  const returned = isReturned(headings)
  const columns: (string | null)[] = []
  const ambiguous: HeaderDoubt[] = []
  const unknown: string[] = []
  const taken = new Map<string, number>()
  headings.forEach((heading, c) => {
    columns[c] = null
    if ((returned && c < RETURNED_HEADINGS.length) || headingKey(heading) === '' || known.isIgnored(heading)) return
    const { fields: found, unit } = known.match(heading)
    const [field] = found
    if (field === undefined) unknown.push(heading)
    else if (unit) ambiguous.push({ heading, why: 'unit', fields: found })
    else if (found.length > 1) ambiguous.push({ heading, why: 'several_fields', fields: found })
    else if (taken.has(field)) ambiguous.push({ heading, why: 'duplicate', fields: [field] })
    else {
      columns[c] = field
      taken.set(field, c)
    }
  })
  const given = new Set(Object.keys(mapping.constants).map((name) => known.fieldNamed(name)))
  const missing = fields
    .filter((f) => f.required === 'always' && !taken.has(f.key) && !given.has(f.key))
    .map((f) => f.key)
  const present = new Set(headings.map(headingKey))
  const absent = Object.keys(mapping.columns).filter((h) => !present.has(headingKey(h)))
  return { columns, unknown, missing, ambiguous, absent, returned }
}

/**
 * Finds the row of headings among the first rows (titles may stand above it), and what each column is. Null when no
 * row has at least two known headings (one, for a table of one or two columns).
 */
export const findHeader = (
  rows: readonly TableRow[],
  fields: readonly HeaderField[],
  mapping: Mapping = NO_MAPPING,
): Header | null => {
  const known = new Headings(fields, mapping)
  const scanned = rows.slice(0, SCANNED_ROWS)
  let best = -1
  let bestScore = 0
  scanned.forEach((row, at) => {
    if (mapping.headerRow !== null && row.n !== mapping.headerRow) return
    const headings = headingsAt(scanned, at, known)
    const own = recognised(
      headings.map((h, c) => (row.cells[c]?.trim() ? h : '')),
      known,
    )
    // What a row takes from above counts less than what stands in it, and nothing for a row of data.
    const score = own === 0 ? 0 : own + 0.9 * (recognised(headings, known) - own)
    const needed = mapping.headerRow !== null || row.cells.filter((c) => c.trim() !== '').length <= 2 ? 1 : 2
    if (score >= needed && score > bestScore) {
      best = at
      bestScore = score
    }
  })
  const row = scanned[best]
  if (!row) return null
  const headings = headingsAt(scanned, best, known)
  // Standard forms carry the codes in a second row of headings.
  let last = best
  for (let next = scanned[last + 1]; next && recognised(next.cells, known) * 2 > bestScore; next = scanned[last + 1])
    last++
  return {
    headerRow: row.n,
    dataFrom: (scanned[last] as TableRow).n + 1,
    headings,
    ...describe(headings, known, fields, mapping),
  }
}

/** As `findHeader`, refused with what the file begins with. */
export const mustFindHeader = (
  rows: readonly TableRow[],
  fields: readonly HeaderField[],
  mapping: Mapping = NO_MAPPING,
): Header => {
  const header = findHeader(rows, fields, mapping)
  if (header) return header
  const seen = (rows[0]?.cells ?? [])
    .filter((c) => c.trim() !== '')
    .slice(0, 6)
    .map((c) => firstOf(c.trim(), 20))
  throw new FileRefused('HEADER_NOT_FOUND', { scanned: mapping.headerRow ?? SCANNED_ROWS, seen })
}

const doubt = (code: FileRefusalCode, params: Record<string, unknown>): Refusal => ({ code, params })

/** Why a header cannot be worked with, all at once: required columns missing, columns doubled, units that differ. */
export const headerRefusals = (header: Header, fields: readonly HeaderField[]): Refusal[] => {
  const label = (key: string): Words => fields.find((f) => f.key === key)?.label ?? { zh: key, en: key }
  const of = (why: HeaderDoubt['why']) => header.ambiguous.filter((a) => a.why === why)
  return [
    ...(header.missing.length > 0
      ? [doubt('HEADER_MISSING', { row: header.headerRow, fields: header.missing.map(label) })]
      : []),
    ...of('duplicate').map((a) =>
      doubt('HEADER_DUPLICATE', { heading: a.heading, field: label(a.fields[0] as string) }),
    ),
    ...of('several_fields').map((a) => doubt('HEADER_AMBIGUOUS', { heading: a.heading, fields: a.fields.map(label) })),
    ...of('unit').map((a) => doubt('HEADER_UNIT', { heading: a.heading, field: label(a.fields[0] as string) })),
  ]
}
