import { csvCell, csvLine } from '../../kernel/csv.ts'
import { maskPersonId } from '../../kernel/mask.ts'
import type { CatalogField, CatalogItem, ReceiverRule } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'

export type Sent = { key: string; name: string; field: CatalogField }

/** Who is sent an item on a day: those in force that take it, and that its sharing and publicity allow. */
export const receiversOf = (
  receivers: readonly ReceiverRule[],
  item: CatalogItem,
  on: LocalDate,
): { receiver: ReceiverRule; fields: Sent[] }[] =>
  receivers.flatMap((receiver) => {
    const inForce = receiver.validFrom <= on && (receiver.validTo === null || on <= receiver.validTo)
    const allowed = receiver.takes === 'published' ? item.publicity !== 'none' : item.sharing !== 'none'
    const fields = inForce && allowed ? fieldsFor(receiver, item) : []
    return fields.length ? [{ receiver, fields }] : []
  })

const fieldsFor = (receiver: ReceiverRule, item: CatalogItem): Sent[] => {
  const names = receiver.items.find((i) => i.item === item.code)?.names ?? receiver.others
  if (names === null) return []
  const goes = (f: CatalogField) => (receiver.takes === 'published' ? f.public && !f.secret : true)
  if (typeof names === 'string')
    return (
      item.fields
        // What our rules need beyond the national standard stays here.
        .filter((f) => goes(f) && !(names === 'codes' && f.supplement))
        .map((field) => ({ key: field.key, name: names === 'codes' ? field.code : field.key, field }))
    )
  return names.flatMap(({ key, name }) => {
    const field = item.fields.find((f) => f.key === key)
    return field && goes(field) ? [{ key, name, field }] : []
  })
}

type Values = Readonly<Record<string, unknown>>
const textOf = (v: unknown): string =>
  typeof v === 'string' ? v : typeof v === 'number' || typeof v === 'boolean' ? String(v) : ''

const valueFor = (receiver: ReceiverRule, { field }: Sent, raw: unknown): string => {
  if (raw === undefined || raw === null || raw === '') return ''
  const one = (v: unknown): string => {
    const text = textOf(v)
    if (field.secret) return maskPersonId(text)
    const choice = field.choices.find((c) => c.code === text || c.label.zh === text)
    if (choice) return receiver.choices === 'codes' ? choice.code : choice.label.zh
    if (field.type === 'date') return receiver.dates === 'slashes' ? text.replaceAll('-', '/') : text
    if (field.type === 'flag') return text === 'true' ? '是' : text === 'false' ? '否' : text
    return text
  }
  return Array.isArray(raw) ? raw.map(one).join(';') : one(raw)
}

/** One record as the receiver takes it, in the order of its fields. */
export const rowFor = (
  receiver: ReceiverRule,
  fields: readonly Sent[],
  values: Values,
): [name: string, value: string][] => fields.map((f) => [f.name, valueFor(receiver, f, values[f.key])])

// ---- the file

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export type FilePieces = {
  head: string
  row: (values: [string, string][], first: boolean) => string
  tail: string
  mediaType: string
}
/** The file is written piece by piece, however many rows it has. */
export const piecesOf = (
  receiver: Pick<ReceiverRule, 'format'>,
  fields: readonly Sent[],
  about: { item: string; sender: string; receiver: string; no: string },
): FilePieces => {
  if (receiver.format === 'csv') {
    return {
      head: `\ufeff${csvLine(fields.map((f) => f.name))}`,
      row: (values) => csvLine(values.map(([, v]) => v)),
      tail: '',
      mediaType: 'text/csv; charset=utf-8',
    }
  }
  if (receiver.format === 'json') {
    return {
      head: '[\n',
      row: (values, first) => `${first ? '' : ',\n'}  ${JSON.stringify(Object.fromEntries(values))}`,
      tail: '\n]\n',
      mediaType: 'application/json; charset=utf-8',
    }
  }
  return {
    head: `<?xml version="1.0" encoding="UTF-8"?>\n<ExchangeMessage>\n  <Header><sender>${escaped(about.sender)}</sender><receiver>${escaped(about.receiver)}</receiver><item>${escaped(about.item)}</item><sn>${escaped(about.no)}</sn></Header>\n  <Body>\n`,
    row: (values) =>
      `    <fields>\n${values.map(([name, v]) => `      <${name}>${escaped(v)}</${name}>\n`).join('')}    </fields>\n`,
    tail: '  </Body>\n</ExchangeMessage>\n',
    mediaType: 'application/xml; charset=utf-8',
  }
}

/** One row as a person may read it: what is shown before anything is sent. */
export const sampleOf = (receiver: Pick<ReceiverRule, 'format'>, row: [string, string][]): string => {
  const filled = row.filter(([, v]) => v !== '')
  if (receiver.format === 'json') return JSON.stringify(Object.fromEntries(filled), null, 2)
  if (receiver.format === 'xml')
    return `<fields>\n${filled.map(([name, v]) => `  <${name}>${escaped(v)}</${name}>`).join('\n')}\n</fields>`
  return `${row.map(([name]) => name).join(',')}\n${row.map(([, v]) => csvCell(v)).join(',')}`
}
