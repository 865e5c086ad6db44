import { type Decision, allOf, allow, refuse } from '../../kernel/decision.ts'
import type { Role } from '../../kernel/roles.ts'
import { covers } from '../../kernel/territory.ts'
import { AUTHORITY_ROLES } from './contract.ts'

/** Administrator, security administrator and auditor are three people (三员分立); each grants what the others may not. */
const GRANTED_BY: Record<Role, Role> = {
  collector: 'territory_admin',
  officer: 'territory_admin',
  head: 'territory_admin',
  window_clerk: 'territory_admin',
  credit_office: 'territory_admin',
  enterprise: 'territory_admin',
  territory_admin: 'security_admin',
  security_admin: 'security_admin',
  auditor: 'security_admin',
}
const ALONE: readonly Role[] = ['territory_admin', 'security_admin', 'auditor', 'enterprise']

export const liesIn = (division: string, territory: string): boolean => covers(territory, division)

export const mayGrant = (by: readonly Role[], role: Role): Decision<Role> =>
  by.includes(GRANTED_BY[role]) ? allow(role) : refuse('ROLE_NOT_YOURS_TO_GRANT')

export type RoleAsk = { role: Role; authorityId: string | null; division: string | null }

/** May this person hold this role beside the roles held now? */
export const mayHold = (held: readonly RoleAsk[], ask: RoleAsk): Decision<RoleAsk> => {
  const inAuthority = (AUTHORITY_ROLES as readonly Role[]).includes(ask.role)
  const same = held.some((h) => h.role === ask.role && h.authorityId === ask.authorityId && h.division === ask.division)
  const elsewhere = held.some(
    (h) => h.authorityId !== null && ask.authorityId !== null && h.authorityId !== ask.authorityId,
  )
  const mixes = held.some((h) => h.role !== ask.role && (ALONE.includes(h.role) || ALONE.includes(ask.role)))
  return allOf(ask, [
    inAuthority && ask.authorityId === null ? refuse('ROLE_NEEDS_AUTHORITY') : allow(null),
    !inAuthority && ask.division === null ? refuse('ROLE_NEEDS_DIVISION') : allow(null),
    same ? refuse('ROLE_HELD_ALREADY') : allow(null),
    elsewhere ? refuse('ONE_AUTHORITY_ONLY') : allow(null),
    mixes ? refuse('ROLES_DO_NOT_MIX') : allow(null),
  ])
}
