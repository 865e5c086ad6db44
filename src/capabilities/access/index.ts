/**
 * Access 机构、用户与权限: authorities with territory and duties, people and their roles, mandates, keys for systems, sessions,
 * and the look at the audit. It promises that nothing of it is cached (what is revoked is revoked at the next request),
 * that every administrator stays within the own territory, and that administration, security and audit are three people.
 * It never shows a password or a key twice, and never stores either.
 *
 * View for others: `access.v_mandate`, who acts for a subject from when until when; people who are suspended are not in it.
 */
import type { Reader } from '../../platform/db/index.ts'
import { nameKey } from '../../kernel/text.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'
import { type Authority, type AuthorityFilter, authorityRows, findAuthorityRow } from './store.ts'

export const api = { name: 'access', endpoints, refusals, handlers, jobs }

export type { Authority }
export { actingFor } from './store.ts'
export { addressOf, changeContact, peopleWith, personNames } from './service.contacts.ts'
export { authenticate, guarded as underThrottle } from './service.session.ts'
export { createAuthority, createKey, createPerson, giveMandate, listMandates } from './service.ts'

/** By id, by unified code, or by name as people write it. */
export const findAuthority = (
  db: Reader,
  by: { id?: string; code?: string; name?: string },
): Promise<Authority | null> =>
  findAuthorityRow(db, { id: by.id, code: by.code, nameKey: by.name === undefined ? undefined : nameKey(by.name) })
export const authorityById = (db: Reader, id: string): Promise<Authority | null> => findAuthorityRow(db, { id })
export const listAuthorities = (
  db: Reader,
  { territory, ...filter }: Pick<AuthorityFilter, 'q' | 'system' | 'active'> & { territory?: string } = {},
): Promise<Authority[]> => authorityRows(db, territory === undefined ? filter : { ...filter, territory: [territory] })
