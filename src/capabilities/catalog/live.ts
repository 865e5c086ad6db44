import { createHash } from 'node:crypto'
import { withVersions } from '../../kernel/catalog.ts'
import type { CatalogItem, Policy } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Database } from '../../platform/db/index.ts'
import { catalogItem } from '../../platform/policy-schema.catalog.ts'
import * as store from './store.ts'

/**
 * The policy of a process: the pack as it was read at the start, and the approved versions of its items. It is the same
 * object until the stored counter says that something was approved or withdrawn; what is under way keeps the one it began with.
 */
type Live = { pack: Policy; policy: Policy; counter: string }
const lives = new WeakMap<Database, Live>()

/** Kept whole when it was drawn up; asked by the schema again, so that what later editions add has its default. */
const revive = (definition: unknown, from: LocalDate): CatalogItem => {
  const { kind: _, prefix: __, ...item } = catalogItem.parse({ ...(definition as object), kind: 'catalog' })
  return { ...(item as CatalogItem), validFrom: from, validTo: null, activation: 'in_force' }
}

const digestOf = (pack: Policy, ids: readonly string[]): string =>
  createHash('sha256')
    .update([pack.version, ...ids].join())
    .digest('hex')
    .slice(0, 12)

/** Reads the approved versions again if any were approved or withdrawn since. */
export const readVersions = async (db: Database): Promise<void> => {
  const live = lives.get(db)
  if (!live) return
  const counter = await store.readCounter(db.kysely)
  if (counter === live.counter) return
  const approved = await store.approvedItems(db.kysely)
  const items = approved.map((a) => revive(a.definition, a.effectiveFrom))
  live.policy = withVersions(
    live.pack,
    items,
    digestOf(
      live.pack,
      approved.map((a) => a.id),
    ),
  )
  live.counter = counter
}

/** Once for each process, when its database is open. Answers how to ask for the policy as it is now. */
export const followVersions = async (db: Database, pack: Policy): Promise<() => Policy> => {
  const live: Live = { pack, policy: pack, counter: '0' }
  lives.set(db, live)
  await readVersions(db)
  return () => live.policy
}
