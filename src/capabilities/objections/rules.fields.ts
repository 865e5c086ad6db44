import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import type { CatalogField, CatalogItem, PenaltyKind } from '../../kernel/policy.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import { isPersonIdShaped } from '../../kernel/codes.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { CorrectionAsk, correctableField } from './contract.ts'

/** Fields of a record that may be put right, and what the rules then know. */

type CorrectableField = (typeof correctableField)['_zod']['output']
type Given = Extract<CorrectionAsk, { does: 'correct' }>['fields'][string]
export type FieldValue = string | boolean | string[] | null

/** Whose record it is and who decided are not a matter of correction: such a record is taken back and reported anew. */
const FIXED = new Set([
  'subject_name',
  'subject_category',
  'person_id_type',
  'authority_name',
  'authority_code',
  'source_name',
  'source_code',
])
const TYPES = ['text', 'date', 'money_wan', 'choice', 'choices', 'flag', 'period', 'number'] as const
type Type = (typeof TYPES)[number]
const typeOf = (field: CatalogField): Type | null => TYPES.find((t) => t === field.type) ?? null

export const isCorrectable = (field: CatalogField): boolean =>
  !field.secret && typeOf(field) !== null && !FIXED.has(field.key)

const asSent = (value: unknown): string | string[] | null => {
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : null
}

export const correctableFields = (
  item: CatalogItem | null,
  fields: Record<string, unknown>,
  told: ReadonlyMap<string, string>,
): CorrectableField[] =>
  (item?.fields ?? []).filter(isCorrectable).map((f) => ({
    key: f.key,
    label: f.label,
    type: typeOf(f) as Type,
    value: told.get(f.key) ?? '',
    raw: asSent(fields[f.key]),
    choices: f.choices.map(({ code, label }) => ({ code, label })),
    required: f.required === 'always',
  }))

const WHY = {
  required: { zh: '不能为空。', en: 'it may not be empty.' },
  date: { zh: '应当是日期，如2026-04-01。', en: 'it has to be a day such as 2026-04-01.' },
  money: {
    zh: '应当是以万元计的数额，最多6位小数。',
    en: 'it has to be an amount in 10,000 yuan, with at most 6 decimals.',
  },
  choice: { zh: '应当是所列选项之一。', en: 'it has to be one of the choices.' },
  flag: { zh: '应当是“是”或者“否”。', en: 'it has to be yes or no.' },
  long: { zh: '超过了最大长度。', en: 'it is too long.' },
  person: { zh: '不能含有自然人证件号码。', en: 'it may not hold the number of a person’s document.' },
  list: { zh: '应当是单个内容。', en: 'it has to be a single value.' },
} satisfies Record<string, Words>

const MONEY = /^\d{1,9}(?:\.\d{1,6})?$/
const NUMBER = /^\d{1,15}(?:\.\d{1,6})?$/

const wrong = (field: CatalogField, value: Given, why: keyof typeof WHY) =>
  refuse('FIELD_VALUE_WRONG', {
    field: field.label,
    value: Array.isArray(value) ? value.join('、') : (value ?? ''),
    why: WHY[why],
  })

/** A value as the collector's rows hold it. */
const readValue = (field: CatalogField, given: Given): Decision<FieldValue> => {
  const empty = given === null || given.length === 0 || (typeof given === 'string' && given.trim() === '')
  if (empty) return field.required === 'always' ? wrong(field, given, 'required') : allow(null)
  const codes = new Set(field.choices.map((c) => c.code))
  if (field.type === 'choices') {
    const list = typeof given === 'string' ? [given] : given
    return list.every((c) => codes.has(c)) ? allow([...new Set(list)]) : wrong(field, given, 'choice')
  }
  if (typeof given !== 'string') return wrong(field, given, 'list')
  const text = given.trim()
  if (field.maxLength !== null && Array.from(text).length > field.maxLength) return wrong(field, given, 'long')
  if (field.type === 'choice') return codes.has(text) ? allow(text) : wrong(field, given, 'choice')
  if (field.type === 'date') return parseDay(text) ? allow(text) : wrong(field, given, 'date')
  if (field.type === 'money_wan')
    return MONEY.test(text)
      ? allow(text.replace(/\.(\d*?)0+$/, (_, d: string) => (d ? `.${d}` : '')))
      : wrong(field, given, 'money')
  if (field.type === 'number') return NUMBER.test(text) ? allow(text) : wrong(field, given, 'money')
  if (field.type === 'flag')
    return text === 'true' || text === 'false' ? allow(text === 'true') : wrong(field, given, 'flag')
  return isPersonIdShaped(text) ? wrong(field, given, 'person') : allow(text)
}

const same = (a: unknown, b: unknown): boolean => {
  const plain = (v: unknown) => JSON.stringify(v === undefined || v === '' ? null : v)
  return plain(a) === plain(b)
}

/** What is said anew and right; every field that is wrong is told at once. */
export const readCorrection = (
  item: CatalogItem | null,
  held: Record<string, unknown>,
  given: Record<string, Given>,
): Decision<Record<string, FieldValue>> => {
  const changed: Record<string, FieldValue> = {}
  const refusals = Object.entries(given).flatMap(([key, value]) => {
    const field = item?.fields.find((f) => f.key === key)
    if (!field || !isCorrectable(field)) {
      const name = field?.label ?? key
      return refuse('FIELD_NOT_CORRECTABLE', { field: name }).refusals
    }
    const read = readValue(field, value)
    if (!read.ok) return read.refusals
    if (!same(held[key], read.value)) changed[key] = read.value
    return []
  })
  if (refusals.length) return { ok: false, refusals }
  return Object.keys(changed).length ? allow(changed) : refuse('NOTHING_CHANGES')
}

const WAN = 10_000
const text = (v: FieldValue | undefined): string | null => (typeof v === 'string' ? v : null)
const flag = (v: FieldValue | undefined): boolean | null => (typeof v === 'boolean' ? v : null)

/** The field that holds the day from which reporting, and so the record's own day, is reckoned. */
export const decidedKey = (item: CatalogItem | null): string => item?.reporting.starts ?? 'decided_on'

/** What the publicity rules know once the fields say something else; what was not touched stays as it was known. */
export const factsAfter = (
  facts: RecordFacts,
  changed: Record<string, FieldValue>,
  item: CatalogItem | null,
  lists: readonly { code: string; recordSystem: string }[],
): RecordFacts => {
  const means = (code: string): PenaltyKind => {
    const choice = item?.fields.find((f) => f.key === 'penalty_kinds')?.choices.find((c) => c.code === code)
    return (choice?.means ?? choice?.code ?? 'other') as PenaltyKind
  }
  const kinds = (v: FieldValue): PenaltyKind[] => (Array.isArray(v) ? v : v ? [String(v)] : []).map(means)
  const read: Record<string, (v: FieldValue) => Partial<RecordFacts>> = {
    [decidedKey(item)]: (v) => (text(v) ? { decidedOn: text(v) as LocalDate } : {}),
    procedure: (v) => ({ procedure: text(v) as RecordFacts['procedure'] }),
    penalty_kinds: (v) => ({ penaltyKinds: kinds(v) }),
    fine: (v) => ({ fineYuan: text(v) === null ? null : Math.round(Number(v) * WAN * 100) / 100 }),
    discretion: (v) => ({ discretion: text(v) as RecordFacts['discretion'] }),
    field: (v) => ({ field: text(v) }),
    fine_tier: (v) => ({ fineTier: text(v) as RecordFacts['fineTier'] }),
    sector_class: (v) => ({ sectorClass: text(v) as RecordFacts['sectorClass'] }),
    minor_published: (v) => ({ minorPublished: flag(v) }),
    term_ends_on: (v) => ({ termEndsOn: text(v) as LocalDate | null }),
    list: (v) => {
      const system = lists.find((l) => l.code === text(v))?.recordSystem
      return { list: text(v), ...(system ? { system } : {}) }
    },
    list_cause: (v) => ({ listCause: text(v) }),
    repeat_offender: (v) => ({ repeatOffender: flag(v) }),
  }
  return Object.entries(changed).reduce((now, [key, v]) => ({ ...now, ...read[key]?.(v) }), facts)
}
