import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy, SettingRule } from '../../kernel/policy.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import { type LocalDate, addPeriod } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Badge } from '../subjects/contract.ts'
import type { DeclarationState } from './words.ts'

export type DeclarationKind = {
  code: string
  name: Words
  /** The duty that verifies it; null: the credit office. */
  verifier: string | null
  public: boolean
  validity: 'required' | 'optional'
}
type Settings = Pick<Policy, 'settings'>

export const isOpenOn = (policy: Settings, on: LocalDate): boolean =>
  settingOf(policy, 'self_declared_information', on)?.value === true
export const kindsOn = (policy: Settings, on: LocalDate): DeclarationKind[] =>
  (settingOf(policy, 'declaration_kinds', on)?.value ?? []) as DeclarationKind[]
export const commitmentOn = (policy: Settings, on: LocalDate): SettingRule | null =>
  settingOf(policy, 'declaration_commitment', on)
export const consequenceOn = (policy: Settings, on: LocalDate): SettingRule | null =>
  settingOf(policy, 'declaration_false_consequence', on)

/** Day by day: what was verified and is past its validity is shown no more and counts no more. */
export const isExpired = (d: { validTo: LocalDate | null }, on: LocalDate): boolean =>
  d.validTo !== null && on > d.validTo

export const badgeOf = (state: DeclarationState): Badge | null =>
  state === 'verified' ? 'declared_verified' : state === 'declared' ? 'declared' : null

/** Only verified information counts; what has run out does not. */
export const counts = (d: { state: DeclarationState; validTo: LocalDate | null }, on: LocalDate): boolean =>
  d.state === 'verified' && !isExpired(d, on)

/** What anyone may see: organisations' only, of kinds that may be public, verified, or marked where the policy lets it be. */
export const isPublic = (
  d: { state: DeclarationState; validTo: LocalDate | null; kind: string },
  policy: Settings,
  on: LocalDate,
): boolean => {
  const kind = kindsOn(policy, on).find((k) => k.code === d.kind)
  if (!kind?.public || isExpired(d, on)) return false
  if (d.state === 'verified') return true
  return d.state === 'declared' && settingOf(policy, 'declaration_unverified_public', on)?.value === 'marked'
}

export type Said = {
  kind: string
  title: string
  issuer: string
  documentNo: string
  issuedOn: LocalDate
  validTo: LocalDate | null
}
/** What has to stand before it may be signed. */
export const mayDeclare = (
  d: Said & { fileHash: string | null },
  policy: Settings,
  on: LocalDate,
  falseOn: LocalDate | null,
): Decision<DeclarationKind> => {
  const kind = kindsOn(policy, on).find((k) => k.code === d.kind)
  if (!isOpenOn(policy, on)) return refuse('DECLARING_CLOSED')
  if (!kind) return refuse('NO_SUCH_KIND')
  const bar = settingOf(policy, 'declaration_false_bar', on)?.value
  const until = falseOn !== null && typeof bar === 'string' ? addPeriod(falseOn, bar) : null
  if (until !== null && on < until) return refuse('BARRED_AS_FALSE', { until })
  if (d.issuedOn > on) return refuse('ISSUED_IN_FUTURE')
  if (kind.validity === 'required' && d.validTo === null) return refuse('VALIDITY_MISSING')
  if (d.validTo !== null && d.validTo < d.issuedOn) return refuse('VALIDITY_BEFORE_ISSUE')
  if (isExpired(d, on)) return refuse('ALREADY_EXPIRED')
  return d.fileHash ? allow(kind) : refuse('PROOF_MISSING')
}
type Place = { division: string; duties: readonly string[]; isCreditOffice: boolean }
const nearest = <A extends Place>(those: readonly A[], division: string | null): A | null =>
  those
    .filter((a) => covers(a.division, division))
    .toSorted((a, b) => territoryPrefix(b.division).length - territoryPrefix(a.division).length)[0] ?? null
/** Who carries the duty, nearest to where the subject is; else the credit office. */
export const verifierOf = <A extends Place>(
  authorities: readonly A[],
  kind: DeclarationKind,
  division: string | null,
): A | null => {
  const offices = authorities.filter((a) => a.isCreditOffice)
  const able = kind.verifier ? authorities.filter((a) => a.duties.includes(kind.verifier as string)) : []
  return nearest(able, division) ?? nearest(offices, division) ?? offices[0] ?? null
}
