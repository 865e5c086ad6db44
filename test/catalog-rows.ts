/** A row of any catalog item as a collector would fill it in: everything required, by the field's type, and nothing else. */
import type { CatalogField, CatalogItem, FieldCondition } from '../src/kernel/policy.ts'
import { codeFrom } from './harness.ts'

export type Row = Record<string, string>
export type Wish = { n: number; authority: { name: string; code: string }; set?: Row }

/** A number with a true check digit, of nobody. */
export const personIdOf = (n: number): string => {
  const first = `4401061990010${String(1000 + n).slice(-4)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = Array.from(first).reduce((s, c, i) => s + Number(c) * (weights[i] as number), 0)
  return `${first}${'10X98765432'[sum % 11]}`
}
export const usccOf = (n: number): string => codeFrom(`91440106MA5${String(700_000 + n)}`)

const BY_KEY: Record<string, (w: Wish, item: CatalogItem) => string> = {
  subject_name: (w, item) => (isOfPersons(item) ? `张某${w.n}` : `广州目录测试${w.n}有限公司`),
  subject_category: (_, item) => (isOfPersons(item) ? '自然人' : '法人及非法人组织'),
  uscc: (w) => usccOf(w.n),
  person_id_type: () => '身份证',
  person_id: (w) => personIdOf(w.n),
  authority_name: (w) => w.authority.name,
  doc_no: (w, item) => `${item.name.zh}〔2026〕${w.n}号`,
  decided_on: () => '2026-11-20',
  period: () => '2026年10月',
  period_end: () => '2026-10-31',
  account_no: (w) => `A${w.n}`,
  valid_from: () => '2026-11-20',
  valid_to: () => '长期',
}
const BY_TYPE: Partial<Record<CatalogField['type'], string>> = {
  date: '2026-11-20',
  money_wan: '1.5',
  code_uscc: '',
  flag: '是',
  number: '12',
  period: '2026年10月',
  code_tax: '440106000000123',
}
export const isOfPersons = (item: CatalogItem): boolean =>
  item.fields.find((f) => f.key === 'subject_category')?.choices.every((c) => c.code === 'natural_person') ?? false

const valueOf = (field: CatalogField, item: CatalogItem, wish: Wish): string =>
  BY_KEY[field.key]?.(wish, item) ??
  field.choices[0]?.label.zh ??
  BY_TYPE[field.type] ??
  `${field.label.zh}的内容`.slice(0, field.maxLength ?? 100)

const holds = (condition: FieldCondition, item: CatalogItem, row: Row): boolean => {
  const field = item.fields.find((f) => f.key === condition.field)
  const said = field ? (row[field.label.zh] ?? '') : ''
  if (condition.is) return field?.choices.some((c) => condition.is?.includes(c.code) && c.label.zh === said) ?? false
  return (said !== '') === condition.filled
}

/** Headed by the catalog's own labels. */
export const goodRow = (item: CatalogItem, wish: Wish): Row => {
  const row: Row = {}
  const ask = (key: string) => item.fields.find((f) => f.key === key)
  for (const f of item.fields)
    if (f.required === 'always' || ['uscc', 'authority_name'].includes(f.key))
      row[f.label.zh] = wish.set?.[f.key] ?? valueOf(f, item, wish)
  for (const [key, value] of Object.entries(wish.set ?? {})) row[ask(key)?.label.zh ?? key] = value
  for (const f of item.fields)
    if (Array.isArray(f.required) && f.required.some((c) => holds(c, item, row)))
      row[f.label.zh] ??= valueOf(f, item, wish)
  return row
}

export const csvOf = (rows: readonly Row[]): string => {
  const headings = [...new Set(rows.flatMap((r) => Object.keys(r)))]
  return [headings, ...rows.map((r) => headings.map((h) => r[h] ?? ''))]
    .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
    .join('\r\n')
}
