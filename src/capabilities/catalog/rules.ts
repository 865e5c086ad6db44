import { fixedParts, differenceOf, itemOn, versionsOf } from '../../kernel/catalog.ts'
import { type Decision, allOf, allow, refuse } from '../../kernel/decision.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import type { ProposalRefusals } from '../../kernel/proposals.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'

/** The version that a new one would follow: the one in force on the day before. */
export const followed = (catalog: readonly CatalogItem[], code: string, from: LocalDate): CatalogItem | null =>
  itemOn(catalog, code, addDays(from, -1))

/**
 * Not before tomorrow: every process has read an approved version before its first day, so that none checks a row by
 * another version than its neighbour. And not before a version that is already known.
 */
const inTime = (catalog: readonly CatalogItem[], item: CatalogItem, today: LocalDate): Decision<null> => {
  if (item.validFrom <= today) return refuse('EFFECTIVE_TOO_SOON', { day: addDays(today, 1) })
  const latest = versionsOf(catalog, item.code).at(-1)
  return latest && latest.validFrom >= item.validFrom ? refuse('VERSION_CLASH', { day: latest.validFrom }) : allow(null)
}

/** May this become a version of its item? */
export const mayFollow = (
  catalog: readonly CatalogItem[],
  item: CatalogItem,
  today: LocalDate,
): Decision<CatalogItem> => {
  const before = followed(catalog, item.code, item.validFrom)
  if (!before) return refuse('NO_SUCH_CATALOG_ITEM', { item: item.code })
  const parts = fixedParts(before, item)
  const { head, fields } = differenceOf(before, item)
  return allOf(before, [
    inTime(catalog, item, today),
    parts.length ? refuse('ITEM_FIXED', { parts }) : allow(null),
    head.length || fields.length ? allow(null) : refuse('NOTHING_CHANGES'),
  ])
}

/** Why not, in the words of the catalog. */
export const PROPOSAL_REFUSALS: ProposalRefusals = {
  secondPerson: 'SECOND_PERSON',
  previewOpen: 'PREVIEW_UNFINISHED',
  reason: 'REASON_NEEDED',
  inForce: 'ALREADY_IN_FORCE',
  tooSoon: 'EFFECTIVE_TOO_SOON',
}

export type Fault = { field: string; code: string }
/** Faults under the new version that the present one does not have: what the change alone brings about. */
export const newFaults = <T extends Fault>(under: readonly Fault[], next: readonly T[]): T[] => {
  const known = new Set(under.map((f) => `${f.field}|${f.code}`))
  return next.filter((f) => !known.has(`${f.field}|${f.code}`))
}

/** Adds one record's faults to the counts; a fault counts once a record. */
export const addFaults = (counts: Map<string, number>, faults: readonly Fault[]): void => {
  for (const key of new Set(faults.map((f) => `${f.field}|${f.code}`))) counts.set(key, (counts.get(key) ?? 0) + 1)
}
