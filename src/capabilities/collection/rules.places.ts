import type { CatalogItem } from '../../kernel/policy.ts'

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
} as const
export type Places = Record<keyof typeof KEYS | 'decidedOn', number>

export const placesOf = (item: CatalogItem): Places => {
  const place = (key: string): number => item.fields.findIndex((f) => f.key === key)
  const found = Object.fromEntries(Object.entries(KEYS).map(([role, key]) => [role, place(key)]))
  return { ...found, decidedOn: place(item.reporting.starts) } as Places
}
