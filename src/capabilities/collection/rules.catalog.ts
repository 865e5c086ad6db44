import type { CatalogItem, Policy } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'

const inForce = (item: CatalogItem, on: LocalDate): boolean =>
  item.validFrom <= on && (item.validTo === null || on <= item.validTo)

/** The items of the catalog on a day. */
export const itemsOn = (policy: Pick<Policy, 'catalog'>, on: LocalDate): CatalogItem[] =>
  policy.catalog.filter((c) => inForce(c, on))

/** One item as the catalog has it on a day; null when it has none. */
export const catalogOn = (policy: Pick<Policy, 'catalog'>, code: string, on: LocalDate): CatalogItem | null =>
  itemsOn(policy, on).find((c) => c.code === code) ?? null
