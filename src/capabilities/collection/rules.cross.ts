import type { LocalDate } from '../../kernel/time.ts'

export type Cross = { today: LocalDate; at: (place: number) => unknown }
/** Does the row break this rule? `places` are the fields that the catalog names, in its order. */
export type CrossCheck = (row: Cross, places: readonly number[]) => boolean

const text = (v: unknown): string | null => (typeof v === 'string' && v !== '' ? v : null)
const day = (row: Cross, place: number | undefined): string | null => text(row.at(place ?? -1))
const kinds = (row: Cross, place: number | undefined): string[] => {
  const v = row.at(place ?? -1)
  return Array.isArray(v) ? (v as string[]) : []
}
const before: CrossCheck = (row, [first, second]) => {
  const [a, b] = [day(row, first), day(row, second)]
  return a !== null && b !== null && a < b
}
const amount = (row: Cross, place: number | undefined): string | null => text(row.at(place ?? -1))

/** The catalog names the rule, its fields and its words; here is what each rule asks. A test holds both against each other. */
export const CROSS_CHECKS: Readonly<Record<string, CrossCheck>> = {
  DECIDED_IN_FUTURE: (row, [decided]) => (day(row, decided) ?? '') > row.today,
  VALID_FROM_AFTER_TO: before,
  TERM_BEFORE_DECISION: before,
  REMOVED_BEFORE_LISTED: before,
  FINE_IS_ZERO: (row, [fine, kind]) => amount(row, fine) === '0' && kinds(row, kind).includes('fine'),
  AMOUNT_WITHOUT_FINE: (row, [fine, kind]) =>
    !['0', null].includes(amount(row, fine)) && kinds(row, kind).length > 0 && !kinds(row, kind).includes('fine'),
  AMOUNT_WITHOUT_CONFISCATION: (row, [confiscated, kind]) =>
    !['0', null].includes(amount(row, confiscated)) &&
    kinds(row, kind).length > 0 &&
    !kinds(row, kind).some((k) => k.startsWith('confiscate')),
  // The engine's day governs and is what is shown; the day that was reported is only noted.
  PUBLIC_UNTIL_NOT_MAXIMUM: () => false,
}
