import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, authorityOf, hasRole, today } from '../../platform/context.ts'
import { type Authority, authorityById, listAuthorities } from '../access/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Words } from '../../kernel/words.ts'
import type { Scope } from './store.ts'

/** Whose figures the actor may see, with their names: the credit office its territory, an authority itself. */
export type Directory = { scope: Scope; byId: ReadonlyMap<string, Authority> }

const directory = (authorities: readonly Authority[], all = false): Directory => ({
  scope: all ? 'all' : { ids: authorities.map((a) => a.id) },
  byId: new Map(authorities.map((a) => [a.id, a])),
})

export const directoryOf = async (ctx: Ctx): Promise<Directory> => {
  const db = ctx.db.kysely
  const { actor } = ctx
  if (actor.kind === 'system') return directory(await listAuthorities(db), true)
  if (hasRole(actor, 'credit_office') && actor.kind === 'person')
    return directory(actor.division ? await listAuthorities(db, { territory: territoryPrefix(actor.division) }) : [])
  const own = authorityOf(actor)
  const authority = own ? await authorityById(db, own) : null
  return directory(authority ? [authority] : [])
}

/** One authority of those; another is as good as none. */
export const narrowed = (held: Directory, authorityId: string | undefined): Directory => {
  if (authorityId === undefined) return held
  const authority = held.byId.get(authorityId)
  return authority ? directory([authority]) : mustNot('NO_SUCH_AUTHORITY')
}

export const mustSee = (held: Directory, authorityId: string, refusal: string): Authority =>
  held.byId.get(authorityId) ?? mustNot(refusal)

export const itemName = (ctx: Ctx, item: string): Words =>
  catalogItemOn(ctx.policy.catalog, item, today(ctx))?.name ?? { zh: item, en: item }
