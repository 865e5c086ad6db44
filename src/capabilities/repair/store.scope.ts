import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Actor } from '../../platform/context.ts'

/** Row scope: added here from the actor, never from what a caller sends. `a` is the application, `i` the item. */

const never = sql<boolean>`false`
const either = (parts: RawBuilder<boolean>[]): RawBuilder<boolean> =>
  parts.length ? sql<boolean>`(${sql.join(parts, sql` or `)})` : never

/** Whose applications one may change: of the subjects one acts for, or taken in at one's own window. */
export const applicantScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person') return never
  return either([
    ...(actor.roles.includes('enterprise') && actor.subjectIds.length
      ? [sql<boolean>`a.subject_id = any(${actor.subjectIds}::uuid[])`]
      : []),
    ...(actor.roles.includes('window_clerk') && actor.authorityId
      ? [sql<boolean>`a.window_authority_id = ${actor.authorityId}::uuid`]
      : []),
  ])
}

const concerned = (authorityId: string): RawBuilder<boolean> => sql<boolean>`a.state = 'submitted' and exists (
  select 1 from repair.item i where i.subject_id = a.subject_id and i.application_id = a.id
  and (i.authority_id = ${authorityId}::uuid or i.reviewer_id = ${authorityId}::uuid))`

/** Who may read an application: besides those, the authorities concerned and the credit office of the territory. */
export const readerScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person') return never
  const inAuthority = actor.roles.some((r) => ['officer', 'head', 'credit_office'].includes(r))
  return either([
    applicantScope(actor),
    ...(inAuthority && actor.authorityId ? [concerned(actor.authorityId)] : []),
    ...(actor.roles.includes('credit_office') && actor.division
      ? [
          sql<boolean>`a.state = 'submitted' and exists (select 1 from repair.item i where i.subject_id = a.subject_id
          and i.application_id = a.id and i.division like ${`${territoryPrefix(actor.division)}%`})`,
        ]
      : []),
  ])
}

/** Whose items one may decide: own authority's; as the credit office those under first review there. */
export const itemScope = (actor: Actor): RawBuilder<boolean> => {
  if (actor.kind !== 'person' || !actor.authorityId) return never
  return either([
    ...(actor.roles.some((r) => r === 'officer' || r === 'head')
      ? [sql<boolean>`i.authority_id = ${actor.authorityId}::uuid`]
      : []),
    ...(actor.roles.some((r) => ['officer', 'head', 'credit_office'].includes(r))
      ? [sql<boolean>`i.reviewer_id = ${actor.authorityId}::uuid`]
      : []),
  ])
}
