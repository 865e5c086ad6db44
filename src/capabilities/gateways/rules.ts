import { type Decision, type Refusal, allow, refuse } from '../../kernel/decision.ts'
import { type TableColumn, quoted, sqlText } from '../../kernel/foreign-table.ts'
import type { CatalogField, CatalogItem } from '../../kernel/policy.ts'
import type { GatewayHealth, GatewayState } from './words.ts'

// ---- folders

export const RESERVED = ['done', 'refused'] as const
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}_.()（）-]{0,79}$/u
const DEEPEST = 6

/** Where a folder lies below the platform's root for folders: plain names, nothing that leads up or out. */
export const folderPath = (text: string): Decision<string> => {
  const parts = text.trim().normalize('NFC').split('/')
  const good =
    parts.length <= DEEPEST && parts.every((p) => SEGMENT.test(p) && !RESERVED.some((r) => r === p.toLowerCase()))
  return good ? allow(parts.join('/')) : refuse('FOLDER_PATH_INVALID', { path: text.slice(0, 200) })
}
const KNOWN = /\.(xlsx|xls|csv|txt)$/i
export const isKnownType = (name: string): boolean => KNOWN.test(name)

// ---- exchange tables

/** The columns that are not the item's: order, status, and our answer. */
export const OURS = {
  seq: 'xh_seq',
  status: 'xh_status',
  error: 'xh_error',
  receipt: 'xh_receipt',
  answeredAt: 'xh_answered_at',
} as const

/** `errorLength`: what the error column holds; null where it is not limited. */
export type TablePlan = { columns: { column: string; key: string }[]; unread: string[]; errorLength: number | null }

const WHOLE = /^(smallint|integer|bigint)$/
const TEXT = /^(text|character varying|character)/
const lengthOf = (type: string): number | null => {
  const n = /\((\d+)\)$/.exec(type)?.[1]
  return n === undefined ? null : Number(n)
}
/** A receipt's number with room to spare. */
const RECEIPT_LENGTH = 32
/** The register of authorities knows these, so that a table need not have them. */
const KNOWN_HERE = new Set(['subject_category', 'source_name', 'source_code'])

const namesOf = (f: CatalogField): string[] => [f.code, f.key, f.label.zh, ...f.aliases].map((n) => n.toLowerCase())

/** Which column is which field; and everything that keeps the table from being read, all at once. */
export const readTable = (item: CatalogItem, columns: readonly TableColumn[]): Decision<TablePlan> => {
  const byName = new Map(columns.map((c) => [c.name, c]))
  const faults: Refusal[] = []
  const own = (name: string, good: (c: TableColumn) => boolean, needs: { zh: string; en: string }): void => {
    const column = byName.get(name)
    if (!column) faults.push({ code: 'COLUMN_MISSING', params: { column: name, needs } })
    else if (!good(column)) faults.push({ code: 'COLUMN_WRONG', params: { column: name, type: column.type, needs } })
  }
  own(OURS.seq, (c) => WHOLE.test(c.type) && c.notNull && c.unique, {
    zh: '不重复、不为空的整数（bigint 主键）',
    en: 'a whole number that is unique and not null (a bigint primary key)',
  })
  own(OURS.status, (c) => WHOLE.test(c.type) && c.notNull, {
    zh: '不为空的整数，默认值 0',
    en: 'a whole number, not null, default 0',
  })
  own(OURS.error, (c) => TEXT.test(c.type), { zh: '文本（text）', en: 'text' })
  own(OURS.receipt, (c) => TEXT.test(c.type) && (lengthOf(c.type) ?? RECEIPT_LENGTH) >= RECEIPT_LENGTH, {
    zh: `文本（text，或者不短于 ${RECEIPT_LENGTH} 个字符）`,
    en: `text, or at least ${RECEIPT_LENGTH} characters`,
  })
  own(OURS.answeredAt, (c) => c.type.startsWith('timestamp'), { zh: '时间（timestamptz）', en: 'timestamptz' })
  for (const name of [OURS.status, OURS.error, OURS.receipt, OURS.answeredAt]) {
    if (byName.get(name)?.mayUpdate === false) faults.push({ code: 'COLUMN_NOT_WRITABLE', params: { column: name } })
  }
  const fieldOf = new Map(item.fields.flatMap((f) => namesOf(f).map((name) => [name, f] as const)))
  for (const f of item.fields) fieldOf.set(f.code.toLowerCase(), f)
  const found: TablePlan['columns'] = []
  const unread: string[] = []
  const ours = new Set<string>(Object.values(OURS))
  for (const { name } of columns) {
    if (ours.has(name)) continue
    const field = fieldOf.get(name.toLowerCase())
    if (!field) unread.push(name)
    else if (found.some((p) => p.key === field.key))
      faults.push({ code: 'COLUMN_TWICE', params: { column: name, field: field.label } })
    else found.push({ column: name, key: field.key })
  }
  const has = (key: string) => found.some((p) => p.key === key)
  for (const f of item.fields) {
    const known = KNOWN_HERE.has(f.key)
    const either = f.key.startsWith('authority_') && (has('authority_name') || has('authority_code'))
    if (f.required === 'always' && !has(f.key) && !known && !either)
      faults.push({ code: 'FIELD_COLUMN_MISSING', params: { column: f.code.toLowerCase(), field: f.label } })
  }
  return faults.length
    ? { ok: false, refusals: faults }
    : allow({ columns: found, unread, errorLength: lengthOf(byName.get(OURS.error)?.type ?? '') })
}

const neededWords = (f: CatalogField): string =>
  f.required === 'always' ? '必填' : f.required === 'never' ? '选填' : '条件必填'
const choiceWords = (f: CatalogField): string =>
  f.choices.length ? `；可选值：${f.choices.map((c) => c.label.zh).join('、')}` : ''

/**
 * The table an authority makes in its own database. All fields are text on purpose: what is wrong with a row is told in its
 * error column and not by a refused insert in the middle of somebody's business.
 */
export const tableScript = (item: CatalogItem, place: { schema: string; table: string }): string => {
  const name = `${quoted(place.schema)}.${quoted(place.table)}`
  const index = quoted(`${place.table.slice(0, 50)}_xh_new`)
  const comment = (column: string, text: string) => `comment on column ${name}.${column} is ${sqlText(text)};`
  return [
    `-- ${item.name.zh}（${item.code}）交换表：业务字段由本单位写入，xh_ 开头的列由信用平台读取和回写。`,
    `create table ${name} (`,
    `  ${OURS.seq} bigint generated by default as identity primary key,`,
    ...item.fields.map((f) => `  ${quoted(f.code.toLowerCase())} text,`),
    `  ${OURS.status} smallint not null default 0 check (${OURS.status} between 0 and 4),`,
    `  ${OURS.error} text,`,
    `  ${OURS.receipt} text,`,
    `  ${OURS.answeredAt} timestamptz`,
    `);`,
    `create index ${index} on ${name} (${OURS.seq}) where ${OURS.status} = 0;`,
    `comment on table ${name} is ${sqlText(`${item.name.zh}交换表（信衡平台）`)};`,
    comment(OURS.seq, '顺序号，自动生成，不得修改'),
    comment(OURS.status, '状态：0 新增待读取，1 已读取待核实，2 已入库，3 退回，4 已有相同记录；改正后重报请改回 0'),
    comment(OURS.error, '退回原因和修改办法，由平台回写'),
    comment(OURS.receipt, '报送回执编号，由平台回写'),
    comment(OURS.answeredAt, '回写时间'),
    ...item.fields.map((f) =>
      comment(quoted(f.code.toLowerCase()), `${f.label.zh}（${neededWords(f)}${choiceWords(f)}）`),
    ),
    `-- 平台所用账户只需下列权限（账户名请自行替换）：`,
    `-- grant usage on schema ${quoted(place.schema)} to xinheng_reader;`,
    `-- grant select, update (${OURS.status}, ${OURS.error}, ${OURS.receipt}, ${OURS.answeredAt}) on ${name} to xinheng_reader;`,
    '',
  ].join('\n')
}

/** The status that a verdict is written back as. */
export const STATUS_OF = { pending: 1, accepted: 2, refused: 3, already_held: 4 } as const

// ---- how it goes

export const healthOf = (g: { state: GatewayState; failures: number; readAt: string | null }): GatewayHealth => {
  if (g.state !== 'active') return g.state
  if (g.failures > 0) return 'failing'
  return g.readAt ? 'well' : 'new'
}
