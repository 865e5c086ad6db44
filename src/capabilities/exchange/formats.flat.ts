import type { Words } from '../../kernel/words.ts'
import type { ExchangeEvent } from './formats.event.ts'

/**
 * Events as rows of text. A column is a path into the event (`data.after.fields.docNo`); where every value of a column is a
 * number or a flag its heading says so (`data.after.version:number`). A cell is the text itself; an empty cell is a value that
 * is not there, or null where the schema of a record has nothing but null to say. Whatever plain text cannot hold is written
 * as `json:` and its JSON.
 */
export type Cell = string
export type Row = Map<string, Cell>
export type Flat = { columns: string[]; rows: Row[] }

const HEAD = ['id', 'type', 'source', 'subject', 'time'] as const
const JSON_MARK = 'json:'
const PART = /^[\p{L}\p{N}_-]{1,60}$/u
const UNSAFE = /^(__proto__|constructor|prototype)$/
const DEEPEST = 6

/** Where a record's message has null instead of nothing: a table leaves the cell empty. */
const NULLS: Record<string, readonly string[]> = {
  data: ['before', 'after', 'withdrawal'],
  'data.record': ['subjectCode'],
  'data.before': ['shownFrom', 'shownUntil'],
  'data.after': ['shownFrom', 'shownUntil'],
  'data.withdrawal': ['reason'],
}
const isAboutRecord = (type: string): boolean => type.startsWith('record.')
const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// oxlint-disable-next-line no-control-regex
const NOT_PLAIN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/
const asJson = (value: unknown): string =>
  JSON_MARK +
  JSON.stringify(value).replace(
    /[\u007f-\u009f\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
const isPlain = (text: string): boolean =>
  text !== '' && !text.startsWith(JSON_MARK) && text.isWellFormed() && !NOT_PLAIN.test(text)

type Leaf = { path: string; value: unknown }
const leavesOf = (value: unknown, path: string, about: boolean): Leaf[] => {
  const keys = isPlainObject(value) ? Object.keys(value) : []
  const open = keys.length > 0 && path.split('.').length < DEEPEST && keys.every((k) => PART.test(k) && !UNSAFE.test(k))
  if (!open || !isPlainObject(value)) return value === undefined ? [] : [{ path, value }]
  return keys.flatMap((k) =>
    about && value[k] === null && NULLS[path]?.includes(k) ? [] : leavesOf(value[k], `${path}.${k}`, about),
  )
}

export const flatten = (events: readonly ExchangeEvent[]): Flat => {
  const found = events.map((e) => leavesOf(e.data, 'data', isAboutRecord(e.type)))
  const types = new Map<string, Set<string>>()
  for (const { path, value } of found.flat()) {
    const set = types.get(path)
    if (set) set.add(typeof value)
    else types.set(path, new Set([typeof value]))
  }
  const kindOf = (path: string): 'number' | 'boolean' | 'text' => {
    const [only, ...more] = types.get(path) ?? []
    return more.length === 0 && (only === 'number' || only === 'boolean') ? only : 'text'
  }
  const headingOf = (path: string): string => (kindOf(path) === 'text' ? path : `${path}:${kindOf(path)}`)
  const rows = found.map((leaves, i) => {
    const event = events[i]!
    const row: Row = new Map(HEAD.map((k) => [k, isPlain(event[k]) ? event[k] : asJson(event[k])]))
    for (const { path, value } of leaves) {
      const plain = typeof value === 'string' ? isPlain(value) : kindOf(path) !== 'text'
      row.set(headingOf(path), plain ? String(value) : asJson(value))
    }
    return row
  })
  return { columns: [...HEAD, ...[...types.keys()].map(headingOf)], rows }
}

/** A cell that says less than it seems: `json:` without JSON, a number that is none. */
export class BadCell extends Error {}

const valueOf = (cell: Cell, kind: string | undefined): unknown => {
  if (cell.startsWith(JSON_MARK)) {
    try {
      return JSON.parse(cell.slice(JSON_MARK.length)) as unknown
    } catch {
      throw new BadCell(cell)
    }
  }
  if (kind === undefined) return cell
  const text = cell.trim()
  if (kind === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (kind === 'number' && text !== '' && Number.isFinite(Number(text))) return Number(text)
  throw new BadCell(cell)
}

type Into = Record<string, unknown>
const own = (into: Into, key: string): unknown => (Object.hasOwn(into, key) ? into[key] : undefined)
const put = (root: Into, parts: readonly string[], value: unknown): void => {
  let at = root
  for (const part of parts.slice(0, -1)) {
    const next = own(at, part)
    if (isPlainObject(next)) at = next
    else {
      const made: Into = {}
      Object.defineProperty(at, part, { value: made, enumerable: true, configurable: true, writable: true })
      at = made
    }
  }
  const last = parts.at(-1) ?? ''
  Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true })
}
const get = (root: Into, path: string): unknown =>
  path.split('.').reduce<unknown>((at, part) => (isPlainObject(at) ? own(at, part) : undefined), root)

/** True for a heading that is one of ours. */
export const isPath = (heading: string): boolean => {
  const [path = '', kind, ...more] = heading.split(':')
  if (more.length || (kind !== undefined && kind !== 'number' && kind !== 'boolean')) return false
  if (HEAD.some((k) => k === path)) return kind === undefined
  const parts = path.split('.')
  return parts[0] === 'data' && parts.length <= DEEPEST && parts.every((p) => PART.test(p) && !UNSAFE.test(p))
}
export const missingHeads = (headings: readonly string[]): string[] => HEAD.filter((k) => !headings.includes(k))

/** Back into an event; throws BadCell. */
export const unflatten = (row: Row): Record<string, unknown> => {
  const event: Into = { specversion: '1.0', datacontenttype: 'application/json' }
  for (const [heading, cell] of row) {
    if (cell === '') continue
    const [path = '', kind] = heading.split(':')
    put(event, path.split('.'), valueOf(cell, kind))
  }
  if (typeof event.type === 'string' && isAboutRecord(event.type)) {
    for (const [path, keys] of Object.entries(NULLS)) {
      const at = get(event, path)
      if (isPlainObject(at)) for (const key of keys) if (!Object.hasOwn(at, key)) at[key] = null
    }
  }
  return event
}

/** What people call the columns. */
const LABELS: Record<string, Words> = {
  id: { zh: '事件编号', en: 'Event' },
  type: { zh: '事件类型', en: 'Type' },
  source: { zh: '来源', en: 'Source' },
  subject: { zh: '记录标识', en: 'About' },
  time: { zh: '时间', en: 'Time' },
  'data.record.recordId': { zh: '记录编号', en: 'Record' },
  'data.record.item': { zh: '事项', en: 'Item' },
  'data.record.subjectCode': { zh: '统一社会信用代码', en: 'Unified code' },
  'data.record.subjectName': { zh: '主体名称', en: 'Subject' },
  'data.record.authority': { zh: '决定机关', en: 'Authority' },
  'data.record.documentNumber': { zh: '文书号', en: 'Document number' },
  'data.record.decidedOn': { zh: '决定日期', en: 'Decided on' },
  'data.withdrawal.reason': { zh: '停止公示原因', en: 'Why it is withdrawn' },
  'data.via': { zh: '经由平台', en: 'Came through' },
  'data.withdrawal.takeDownBy': { zh: '撤下期限', en: 'Take down by' },
}
const PARTS: Record<string, Words> = {
  version: { zh: '版本', en: 'version' },
  shownFrom: { zh: '公示起始日', en: 'shown from' },
  shownUntil: { zh: '公示截止日', en: 'shown until' },
  disputed: { zh: '异议处理中', en: 'objection pending' },
  rule: { zh: '规则', en: 'rule' },
  article: { zh: '条款', en: 'article' },
  badge: { zh: '数据来源标识', en: 'badge' },
}
/** `fieldOf` names the fields of the catalog. */
export const labelOf = (heading: string, fieldOf: (key: string) => Words): Words => {
  const path = heading.replace(/:(number|boolean)$/, '')
  const known = LABELS[path]
  if (known) return known
  const hit = /^data\.(before|after)\.(fields\.)?([^.]+)$/.exec(path)
  if (!hit) return { zh: path, en: path }
  const when = hit[1] === 'before' ? { zh: '变更前', en: 'Before' } : { zh: '变更后', en: 'After' }
  const key = hit[3] ?? ''
  const what = hit[2] ? fieldOf(key) : (PARTS[key] ?? { zh: key, en: key })
  return { zh: `${when.zh}·${what.zh}`, en: `${when.en}: ${what.en}` }
}
