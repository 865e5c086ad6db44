import type { CatalogItem } from '../../kernel/policy.ts'
import type { RowBuffer } from './rules.row.ts'

/**
 * Where the fields stand that the checks know by their meaning. The catalog names fields freely; these keys are what the
 * spine of a record rests on: who, by whom, which document, when, and what the publicity rules ask. -1: not in this item.
 */
const KEYS = {
  name: 'subject_name',
  category: 'subject_category',
  uscc: 'uscc',
  registration: 'registration_no',
  organisation: 'organisation_code',
  personIdType: 'person_id_type',
  personId: 'person_id',
  docNo: 'doc_no',
  authorityName: 'authority_name',
  authorityCode: 'authority_code',
  sourceName: 'source_name',
  sourceCode: 'source_code',
  penaltyKinds: 'penalty_kinds',
  fine: 'fine',
  procedure: 'procedure',
  discretion: 'discretion',
  field: 'field',
  fineTier: 'fine_tier',
  sectorClass: 'sector_class',
  minorPublished: 'minor_published',
  termEndsOn: 'term_ends_on',
  publicUntil: 'public_until',
  list: 'list',
  listCause: 'list_cause',
  repeatOffender: 'repeat_offender',
  result: 'result',
} as const
export type Places = Record<keyof typeof KEYS | 'decidedOn', number>

/**
 * What identifies a record beside its subject and its authority, as the one text that the records know it by: the number
 * of its document, or what the catalog names instead, such as a period or an account. Choices stand with their words.
 */
export const documentOf = (item: CatalogItem, at: Places): ((row: RowBuffer) => string) => {
  const keys = item.naturalKey.filter((key) => key !== AUTHORITY && key !== SUBJECT_NAME)
  if (keys.length === 0 || (keys.length === 1 && keys[0] === KEYS.docNo)) return (row) => row.written(at.docNo)
  const parts = keys.map((key) => {
    const place = item.fields.findIndex((f) => f.key === key)
    const words = new Map((item.fields[place]?.choices ?? []).map((c) => [c.code, c.label.zh]))
    return (row: RowBuffer): string => {
      const value = key === KEYS.uscc ? codeOf(row, at) : row.written(place)
      return words.get(value) ?? value
    }
  })
  return (row) => parts.map((part) => part(row)).join('/')
}
const AUTHORITY = KEYS.authorityCode
const SUBJECT_NAME = KEYS.name
/** The unified code, or the older one by which the subject is known. */
const codeOf = (row: RowBuffer, at: Places): string =>
  [at.uscc, at.registration, at.organisation].map((i) => row.written(i)).find((code) => code !== '') ?? ''

/** What was found: the field that says so by its name, or by what its choices mean. */
const resultOf = (item: CatalogItem): number => {
  const named = item.fields.findIndex((f) => f.key === KEYS.result)
  return named >= 0 ? named : item.fields.findIndex((f) => f.choices.some((c) => c.means === 'negative'))
}

export const placesOf = (item: CatalogItem): Places => {
  const place = (key: string): number => item.fields.findIndex((f) => f.key === key)
  const found = Object.fromEntries(Object.entries(KEYS).map(([role, key]) => [role, place(key)]))
  return { ...found, decidedOn: place(item.reporting.starts), result: resultOf(item) } as Places
}
