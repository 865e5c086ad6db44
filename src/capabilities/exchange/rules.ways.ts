import { type Decision, type Refusal, allow, refuse } from '../../kernel/decision.ts'
import { type TableColumn, isIdentifier, quoted, sqlText } from '../../kernel/foreign-table.ts'
import type { Words } from '../../kernel/words.ts'
import type { EffectResult } from './words.ts'
import type { WayHealth } from './words.ways.ts'

// ---- settings of a way

export const OUT_TABLE = 'xh_out'
export const IN_TABLE = 'xh_in'
const EVERY_SECONDS = 15
const SOONEST = 5

export type FileSettings = { folder: string; everySeconds: number }
export type TableSettings = { schema: string; out: string; in: string; everySeconds: number }
type Settings = Record<string, unknown>
const textOf = (value: unknown, fallback = ''): string =>
  typeof value === 'string' && value.trim() ? value.trim() : fallback
const everyOf = (value: unknown): number => (typeof value === 'number' && value >= SOONEST ? value : EVERY_SECONDS)

const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}_.()（）-]{0,79}$/u
const DEEPEST = 4
/** Where a peer's folder lies below the root: plain names, nothing that leads up or out. */
export const readFileSettings = (settings: Settings): Decision<FileSettings> => {
  const folder = textOf(settings.folder).normalize('NFC')
  const parts = folder.split('/')
  return parts.length <= DEEPEST && parts.every((p) => SEGMENT.test(p) && !p.endsWith('.'))
    ? allow({ folder: parts.join('/'), everySeconds: everyOf(settings.everySeconds) })
    : refuse('EXCHANGE_FOLDER_INVALID', { folder: folder.slice(0, 200) })
}
export const readTableSettings = (settings: Settings): Decision<TableSettings> => {
  const found: TableSettings = {
    schema: textOf(settings.schema, 'public'),
    out: textOf(settings.out, OUT_TABLE),
    in: textOf(settings.in, IN_TABLE),
    everySeconds: everyOf(settings.everySeconds),
  }
  for (const name of [found.schema, found.out, found.in])
    if (!isIdentifier(name)) return refuse('TABLE_NAME_INVALID', { name: name.slice(0, 100) })
  return found.out === found.in ? refuse('TABLE_NAME_INVALID', { name: found.in }) : allow(found)
}

export const healthOf = (way: { set: boolean; lookedAt: string | null; failures: number }): WayHealth => {
  if (!way.set) return 'not_set'
  if (way.failures > 0) return 'failing'
  return way.lookedAt ? 'well' : 'new'
}

// ---- exchange tables

/** A column of ours: what it has to be, and whether the table can do without it. */
type Wanted = { name: string; type: string; fits: RegExp; needs: Words; optional?: true; note: string }
const TEXT = { type: 'text', fits: /^(text|character varying|character)/, needs: { zh: '文本（text）', en: 'text' } }
const BIG = { type: 'bigint', fits: /^bigint$/, needs: { zh: '整数（bigint）', en: 'bigint' } }
const SMALL = {
  type: 'smallint',
  fits: /^(smallint|integer|bigint)$/,
  needs: { zh: '整数（smallint）', en: 'a whole number (smallint)' },
}
const TIME = {
  type: 'timestamptz',
  fits: /^timestamp/,
  needs: { zh: '时间（timestamptz）', en: 'timestamptz' },
}
const DATE = { type: 'date', fits: /^(date|text|character varying)/, needs: { zh: '日期（date）', en: 'date' } }
const JSONB = { type: 'jsonb', fits: /^(jsonb|json|text)$/, needs: { zh: 'jsonb', en: 'jsonb' } }

/** In which we hand over. What is optional is filled where the table has it. */
export const OUT_COLUMNS: readonly Wanted[] = [
  { name: 'row_number', ...BIG, note: '顺序号，由平台连续编号' },
  { name: 'event_id', ...TEXT, note: '事件编号，全局唯一' },
  { name: 'type', ...TEXT, note: '事件类型' },
  { name: 'source', ...TEXT, note: '来源' },
  { name: 'subject', ...TEXT, note: '记录标识' },
  { name: 'event_time', ...TIME, note: '事件时间' },
  { name: 'data', ...JSONB, note: '事件内容' },
  { name: 'item', ...TEXT, optional: true, note: '事项' },
  { name: 'subject_code', ...TEXT, optional: true, note: '统一社会信用代码' },
  { name: 'subject_name', ...TEXT, optional: true, note: '主体名称' },
  { name: 'document_number', ...TEXT, optional: true, note: '文书号' },
  { name: 'authority', ...TEXT, optional: true, note: '决定机关' },
  { name: 'decided_on', ...DATE, optional: true, note: '决定日期' },
  { name: 'shown_from', ...DATE, optional: true, note: '公示起始日' },
  { name: 'shown_until', ...DATE, optional: true, note: '公示截止日' },
  { name: 'take_down_by', ...DATE, optional: true, note: '撤下期限（停止公示时）' },
  { name: 'payload', ...TEXT, optional: true, note: '按约定格式的完整报文' },
  { name: 'status', ...SMALL, note: '处理结果，由接收方填写：0 待处理，1 已处理，2 此前已处理，3 退回' },
  { name: 'note', ...TEXT, note: '退回原因或者说明，由接收方填写' },
  { name: 'read_status', ...SMALL, note: '平台已读取的处理结果' },
  {
    name: 'measures',
    ...SMALL,
    optional: true,
    note: '惩戒措施的答复，撤下通知要求时由接收方填写：0 未答复，1 已解除，2 未因该信息实施',
  },
  {
    name: 'evaluation',
    ...SMALL,
    optional: true,
    note: '信用评价的答复，撤下通知要求时由接收方填写：0 未答复，1 已更新，2 未使用该信息',
  },
  { name: 'read_effects', ...SMALL, optional: true, note: '平台已读取的答复' },
]
/** All of them or none: without the last we would not know which we have read. */
export const EFFECT_COLUMNS = ['measures', 'evaluation', 'read_effects'] as const
/** Both answers in one number, beside which we note it once it is read; a cell without a value is no answer. */
export const SAID_EFFECTS = 'coalesce(measures, 0) * 10 + coalesce(evaluation, 0)'
export const EFFECTS_UNREAD = `${SAID_EFFECTS} <> coalesce(read_effects, 0)`
/** From which we take. */
export const IN_COLUMNS: readonly Wanted[] = [
  { name: 'row_number', ...BIG, note: '顺序号，自动生成，不得修改' },
  { name: 'event_id', ...TEXT, note: '事件编号，全局唯一，由对方写入' },
  { name: 'type', ...TEXT, note: '事件类型，如 record.publish、record.withdraw' },
  { name: 'source', ...TEXT, note: '来源，即对方的代码' },
  { name: 'subject', ...TEXT, note: '记录标识' },
  { name: 'event_time', ...TIME, note: '事件时间' },
  { name: 'data', ...JSONB, note: '事件内容' },
  { name: 'status', ...SMALL, note: '处理结果，由平台回写：0 新增，1 处理中，2 已处理，3 退回，4 此前已处理' },
  { name: 'note', ...TEXT, note: '退回原因或者说明，由平台回写' },
  { name: 'answered_at', ...TIME, note: '回写时间，由平台填写' },
]

/** Which of the columns are there; everything that keeps the table from being used, at once. `mayUpdate`: those that we write later. */
export const readColumns = (
  wanted: readonly Wanted[],
  columns: readonly TableColumn[],
  mayUpdate: readonly string[],
): Decision<string[]> => {
  const byName = new Map(columns.map((c) => [c.name, c]))
  const faults: Refusal[] = []
  const answers = EFFECT_COLUMNS.some((name) => byName.has(name))
  for (const { name, fits, needs, optional } of wanted) {
    const found = byName.get(name)
    const missed = !optional || (answers && EFFECT_COLUMNS.some((n) => n === name))
    if (!found && missed) faults.push({ code: 'COLUMN_MISSING', params: { column: name, needs } })
    else if (found && !fits.test(found.type))
      faults.push({ code: 'COLUMN_WRONG', params: { column: name, type: found.type, needs } })
  }
  const event = byName.get('event_id')
  const unique: Words = { zh: '不重复（unique）', en: 'unique' }
  if (event && !event.unique)
    faults.push({ code: 'COLUMN_WRONG', params: { column: 'event_id', type: event.type, needs: unique } })
  for (const column of mayUpdate)
    if (byName.get(column)?.mayUpdate === false) faults.push({ code: 'COLUMN_NOT_WRITABLE', params: { column } })
  return faults.length
    ? { ok: false, refusals: faults }
    : allow(wanted.map((w) => w.name).filter((name) => byName.has(name)))
}

const definition = (w: Wanted, identity: boolean): string => {
  if (w.name === 'row_number')
    return identity ? 'row_number bigint generated by default as identity primary key' : 'row_number bigint primary key'
  if (w.name === 'event_id') return 'event_id text not null unique'
  if (w.type === 'smallint') return `${w.name} smallint not null default 0`
  if (w.name === 'note' || w.name === 'answered_at' || w.optional) return `${w.name} ${w.type}`
  return `${w.name} ${w.type} not null`
}
const oneTable = (name: string, title: string, columns: readonly Wanted[], identity: boolean): string[] => [
  `create table ${name} (`,
  columns.map((w) => `  ${definition(w, identity)}`).join(',\n'),
  ');',
  `comment on table ${name} is ${sqlText(title)};`,
  ...columns.map((w) => `comment on column ${name}.${w.name} is ${sqlText(w.note)};`),
]
/** What a peer runs in its own database. */
export const wayScript = (at: TableSettings, direction: 'out' | 'in' | 'both'): string => {
  const out = `${quoted(at.schema)}.${quoted(at.out)}`
  const into = `${quoted(at.schema)}.${quoted(at.in)}`
  const lines: string[] = ['-- 信用信息交换表。平台账户 xinheng_exchange 请按实际名称替换。']
  const grants = [`-- grant usage on schema ${quoted(at.schema)} to xinheng_exchange;`]
  if (direction !== 'in') {
    lines.push(...oneTable(out, '平台提供的数据，接收方填写 status 和 note', OUT_COLUMNS, false))
    lines.push(`create index on ${out} (row_number) where status <> read_status;`)
    lines.push(`create index on ${out} (row_number) where ${EFFECTS_UNREAD};`)
    grants.push(`-- grant select, insert, update (read_status, read_effects) on ${out} to xinheng_exchange;`)
  }
  if (direction !== 'out') {
    lines.push(...oneTable(into, '对方送来的数据，平台回写 status、note 和 answered_at', IN_COLUMNS, true))
    lines.push(`create index on ${into} (row_number) where status = 0;`)
    grants.push(`-- grant select, update (status, note, answered_at) on ${into} to xinheng_exchange;`)
  }
  return [...lines, ...grants, ''].join('\n')
}

/** What the peer writes into `status` of what we handed over, and what we write into that of what it handed over. */
export const ACK_STATUS: Record<number, 'applied' | 'already' | 'refused'> = {
  1: 'applied',
  2: 'already',
  3: 'refused',
}
/** And what it writes about measures and evaluations. */
export const EFFECT_ANSWERS: Record<number, EffectResult> = { 1: 'done', 2: 'none' }
export const ANSWER_STATUS = { pending: 1, applied: 2, refused: 3, already: 4 } as const

// ---- files

/** Six digits read well in a list; a longer number still sorts after them for a long time. */
const DIGITS = 6
export const batchName = (number: number, extension: string): string =>
  `xinheng-${String(number).padStart(DIGITS, '0')}.${extension}`
export const manifestName = (number: number): string => batchName(number, 'manifest.json')
/** The number in a name of ours; null for any other name. */
export const numberIn = (name: string): number | null => {
  const digits = /^xinheng-(\d{6,9})\./.exec(name)?.[1]
  return digits ? Number(digits) : null
}
