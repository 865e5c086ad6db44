import { normaliseCode } from '../../kernel/codes.ts'
import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import { nameKey } from '../../kernel/text.ts'
import type { CodeKind, ConflictKind, SubjectAsk } from './contract.ts'

export type Code = { kind: CodeKind; code: string }

/** Codes of an ask, the strongest first. A person has its digest and nothing else. */
export const codesOf = (ask: SubjectAsk, digest: (personId: string) => string): Code[] => {
  if (ask.kind === 'natural_person') {
    return ask.personId ? [{ kind: 'person_digest', code: digest(normaliseCode(ask.personId)) }] : []
  }
  const codes: Code[] = []
  if (ask.uscc) codes.push({ kind: 'uscc', code: normaliseCode(ask.uscc) })
  if (ask.organisationCode) codes.push({ kind: 'organisation', code: innerCode(ask.organisationCode) })
  if (ask.registrationNo) codes.push({ kind: 'registration', code: normaliseCode(ask.registrationNo) })
  return codes
}

const innerCode = (raw: string) => normaliseCode(raw).replaceAll('-', '')

/** The organisation code that a unified code carries inside. */
export const organisationInside = (uscc: string): string => uscc.slice(8, 17)

/** The division written in a unified code, for a subject whose registration says no other. */
export const divisionOf = (ask: SubjectAsk): string | null =>
  ask.division ?? (ask.uscc && /^\d{6}$/.test(ask.uscc.slice(2, 8)) ? ask.uscc.slice(2, 8) : null)

/** Names under which individual businesses without a name of their own are published; they say nothing. */
const GENERIC = new Set(['个体工商户', '个体户', '无字号', '无'])

/** Whether two subjects of one name are worth a question: names of persons and of small traders repeat by right. */
export const nameShouldBeUnique = (kind: SubjectKind, key: string): boolean =>
  kind !== 'natural_person' && kind !== 'individual_business' && !GENERIC.has(key)

export type Outcome = 'keep' | 'rename' | 'former'
export const closeConflict = (
  kind: ConflictKind,
  state: string,
  outcome: Outcome,
  validFrom: string | undefined,
): Decision<'kept' | 'renamed' | 'former'> => {
  if (state !== 'open') return refuse('CONFLICT_CLOSED')
  if (outcome === 'keep') return allow('kept')
  if (kind === 'one_name_two_codes') return refuse('NOT_FOR_CODES')
  if (!validFrom) return refuse('NAME_DAY_MISSING')
  return allow(outcome === 'rename' ? 'renamed' : 'former')
}

/** What a search box holds: a code, or a name to look for by its key. */
export type SearchFor = { by: 'code'; code: string } | { by: 'prefix' | 'bigrams' | 'trigrams'; key: string } | null

/** One character is a prefix, two need pairs, three and more triples; what is left empty finds nothing. */
export const searchFor = (q: string): SearchFor => {
  const code = normaliseCode(q)
  if (/^[0-9A-Z]{18}$|^\d{13}(\d\d)?$|^[0-9A-Z]{8}-?[0-9X]$/.test(code)) return { by: 'code', code }
  const key = nameKey(q)
  const length = Array.from(key).length
  if (length === 0) return null
  return { by: length === 1 ? 'prefix' : length === 2 ? 'bigrams' : 'trigrams', key }
}
