import { checkPersonId } from '../../kernel/codes.ts'
import type { SubjectKind, UsccCategory } from '../../kernel/policy.ts'
import type { SubjectAsk } from '../subjects/contract.ts'
import type { Places } from './rules.places.ts'
import type { RowBuffer } from './rules.row.ts'

const CATEGORY_OF: Partial<Record<SubjectKind, string>> = {
  natural_person: 'natural_person',
  individual_business: 'individual_business',
}
export const categoryOf = (kind: SubjectKind): string => CATEGORY_OF[kind] ?? 'organisation'

const hasLegacyCode = (row: RowBuffer, at: Places): boolean =>
  row.isFilled(at.registration) || row.isFilled(at.organisation)

/** The kind of a row's subject: what was written, held against what the first two characters of the code say. */
export const kindOf = (known: ReadonlyMap<string, UsccCategory>, at: Places, row: RowBuffer): SubjectKind => {
  const uscc = row.text(at.uscc)
  const registered = uscc ? known.get(uscc.slice(0, 2)) : undefined
  const ofCode = registered?.subjectKind
  const written = row.text(at.category)
  if (at.category >= 0 && written === null && !row.complained[at.category]) {
    if (ofCode) row.set(at.category, categoryOf(ofCode))
    else if (hasLegacyCode(row, at)) row.set(at.category, 'organisation')
  } else if (ofCode && written && written !== 'natural_person' && written !== categoryOf(ofCode)) {
    row.complain(at.category, 'category_not_code', { held: registered?.name })
  }
  if (written === 'natural_person' || written === 'individual_business') return written
  return ofCode ?? (row.isFilled(at.registration) ? 'enterprise' : 'other')
}

const RESIDENT_CARD = 'resident_id'

/** An organisation has some code by which it is known; a natural person has a document, whose number is answered. */
export const checkIdentity = (kind: SubjectKind, at: Places, row: RowBuffer): string | null => {
  if (kind !== 'natural_person') {
    const known = row.isFilled(at.uscc) || hasLegacyCode(row, at)
    if (!known && at.uscc >= 0 && !row.complained[at.uscc]) row.complain(at.uscc, 'no_subject_code')
    return null
  }
  const id = row.text(at.personId)
  if (id === null || (row.text(at.personIdType) ?? RESIDENT_CARD) !== RESIDENT_CARD) return id
  const check = checkPersonId(id)
  if (check.ok) return check.code
  row.complain(at.personId, 'person_id')
  return null
}

/** Who the row is about. The territory is the one of registration, which the codes carry. */
export const askOf = (
  kind: SubjectKind,
  personId: string | null,
  division: string,
  at: Places,
  row: RowBuffer,
): SubjectAsk => {
  const uscc = row.text(at.uscc)
  const registrationNo = row.text(at.registration)
  return {
    kind,
    name: row.text(at.name) ?? '',
    uscc,
    organisationCode: row.text(at.organisation),
    registrationNo,
    personId,
    division: uscc?.slice(2, 8) ?? (kind === 'natural_person' ? division : (registrationNo?.slice(0, 6) ?? division)),
  }
}
