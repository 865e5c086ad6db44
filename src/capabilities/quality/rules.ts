import { inForce, settingOf } from '../../kernel/eligibility.ts'
import type { CatalogField, CatalogItem, Policy, SettingRule } from '../../kernel/policy.ts'
import { type LocalDate, addDays, addMonths } from '../../kernel/time.ts'
import { COUNTS, type Colour, type Count, type Indicator, type MendKind } from './words.ts'

/** How quality is counted, scored and mended. Authorities are scored; persons never are (requirements H6). */

export type Counts = Record<Count, number>
export const NO_COUNTS: Counts = Object.fromEntries(COUNTS.map((c) => [c, 0])) as Counts
export const sumOf = (all: readonly Counts[]): Counts =>
  Object.fromEntries(COUNTS.map((c) => [c, all.reduce((n, counts) => n + counts[c], 0)])) as Counts

export type Formula = { code: Indicator; weight: number; plus: Count[]; minus: Count[]; over: Count }
export type Scoring = {
  leastRows: number
  green: number
  yellow: number
  indicators: Formula[]
  fields: { item: string; keys: string[] }[]
}
/** The scoring in force on the last day of a month. */
export const scoringOf = (
  policy: Pick<Policy, 'settings'>,
  month: LocalDate,
): { row: SettingRule; value: Scoring } | null => {
  const row = settingOf(policy, 'quality_score', lastDayOf(month))
  return row && { row, value: row.value as Scoring }
}

export const monthOf = (day: string): LocalDate => `${day.slice(0, 7)}-01` as LocalDate
export const nextMonth = (month: LocalDate): LocalDate => addMonths(month, 1)
export const lastDayOf = (month: LocalDate): LocalDate => addDays(nextMonth(month), -1)

/** Which fields of an item ought to be filled: those that the policy names, else all that any subject can have. */
export const expectedFields = (
  policy: Pick<Policy, 'catalog'>,
  scoring: Scoring,
  on: LocalDate,
): Record<string, string[]> =>
  Object.fromEntries(
    [...new Set(policy.catalog.map((c) => c.code))].map((code) => {
      const item =
        policy.catalog.find((c) => c.code === code && inForce(c, on)) ?? policy.catalog.find((c) => c.code === code)
      const named = scoring.fields.find((f) => f.item === code)?.keys
      return [code, item ? fieldsOf(item, named) : []]
    }),
  )
const fieldsOf = (item: CatalogItem, named: readonly string[] | undefined): string[] =>
  item.fields.filter((f) => !f.secret && (named ? named.includes(f.key) : anySubject(f))).map((f) => f.key)
const anySubject = (f: CatalogField): boolean =>
  !Array.isArray(f.required) && f.absent.length === 0 && !f.supplement && !f.type.startsWith('code_')

export type Share = { code: Indicator; weight: number; numerator: number; denominator: number; share: number | null }
const partsOf = (f: Formula, counts: Counts) => ({
  numerator: f.plus.reduce((n, c) => n + counts[c], 0) - f.minus.reduce((n, c) => n + counts[c], 0),
  denominator: counts[f.over],
})
export const sharesOf = (scoring: Scoring, counts: Counts): Share[] =>
  scoring.indicators.map((f) => {
    const { numerator, denominator } = partsOf(f, counts)
    return {
      code: f.code,
      weight: f.weight,
      numerator,
      denominator,
      share: denominator > 0 ? Math.min(1, Math.max(0, numerator / denominator)) : null,
    }
  })

const WHOLE = 100
/** What cannot be measured weighs nothing; the rest shares its weight. */
export const scoreOf = (scoring: Scoring, counts: Counts): number | null => {
  if (counts.received < scoring.leastRows) return null
  let sum = 0
  let weights = 0
  for (const { weight, share } of sharesOf(scoring, counts)) {
    if (share === null) continue
    sum += weight * share
    weights += weight
  }
  return weights > 0 ? (WHOLE * sum) / weights : null
}
export const colourOf = (scoring: Scoring, score: number | null): Colour | null => {
  if (score === null) return null
  return score >= scoring.green ? 'green' : score >= scoring.yellow ? 'yellow' : 'red'
}

/** Equal scores share a rank; who has no score has none. */
export const ranked = <T extends { score: number | null; authorityId: string }>(
  rows: readonly T[],
): (T & { rank: number | null })[] => {
  const sorted = rows.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1) || (a.authorityId < b.authorityId ? -1 : 1))
  let rank = 0
  let last: number | null = null
  return sorted.map((row, n) => {
    if (row.score === null) return { ...row, rank: null }
    if (row.score !== last) rank = n + 1
    last = row.score
    return { ...row, rank }
  })
}

// ---- what to mend

/** What a returned row does to the month's timeliness when it comes now: the month does not count it, it is in time, or it is late. */
export type Coming = 'elsewhere' | 'in_time' | 'late'
const BEST_FIRST: readonly Coming[] = ['in_time', 'elsewhere', 'late']

/** What stands to be mended: rows that were returned, rows that wait, and the missing fields of each incomplete record. */
export type Mendable = { returned: readonly Coming[]; pending: number; incomplete: readonly number[] }
export type MendPlan = {
  to: Colour
  scoreNow: number
  scoreThen: number
  take: Record<MendKind, number>
  rows: number
}
export type Mended = { returned: readonly Coming[]; pending: number; fields: number }

export const after = (counts: Counts, done: Mended): Counts => {
  const come = (how: Coming) => done.returned.filter((c) => c === how).length
  return {
    ...counts,
    mended: counts.mended + done.returned.length,
    pending: counts.pending - done.pending,
    filled: counts.filled + done.fields,
    reported: counts.reported + come('in_time') + come('late'),
    late: counts.late + come('late'),
  }
}
/** Of returned rows those go first that do most good; each kind adds the same to everything but timeliness. */
export const byGood = <T>(rows: readonly T[], coming: (row: T) => Coming): T[] =>
  rows.toSorted((a, b) => BEST_FIRST.indexOf(coming(a)) - BEST_FIRST.indexOf(coming(b)))

/** The next better colour and the score it takes. */
const nextColour = (scoring: Scoring, colour: Colour): { to: Colour; least: number } | null =>
  colour === 'green'
    ? null
    : colour === 'yellow'
      ? { to: 'green', least: scoring.green }
      : { to: 'yellow', least: scoring.yellow }

const smallest = (from: number, upTo: number, holds: (n: number) => boolean): number | null => {
  if (!holds(upTo)) return null
  let [low, high] = [from, upTo]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The fewest rows that lead to the next colour. Waiting rows and incomplete records add to the score one by one, so those that
 * add most come first; for each number of returned rows as many of them are taken as it needs, and the smallest sum is the
 * answer. null: green already, or no mending of these rows reaches it.
 */
export const mendPlan = (scoring: Scoring, counts: Counts, open: Mendable): MendPlan | null => {
  const scoreNow = scoreOf(scoring, counts)
  const colour = colourOf(scoring, scoreNow)
  const goal = colour && nextColour(scoring, colour)
  if (!goal || scoreNow === null) return null
  const returned = byGood(open.returned, (c) => c)
  const gain = (done: { pending: number; fields: number }) =>
    (scoreOf(scoring, after(counts, { returned: [], ...done })) ?? 0) - scoreNow
  const [ofPending, ofField] = [gain({ pending: 1, fields: 0 }), gain({ pending: 0, fields: 1 })]
  const best = [
    ...Array.from({ length: open.pending }, () => ({ pending: 1, fields: 0, gain: ofPending })),
    ...open.incomplete.map((fields) => ({ pending: 0, fields, gain: fields * ofField })),
  ].toSorted((a, b) => b.gain - a.gain)
  const sums = [{ pending: 0, fields: 0 }]
  for (const one of best) {
    const last = sums.at(-1) as { pending: number; fields: number }
    sums.push({ pending: last.pending + one.pending, fields: last.fields + one.fields })
  }
  const scoreAt = (rows: Coming[], others: number): number =>
    scoreOf(scoring, after(counts, { returned: rows, ...(sums[others] as { pending: number; fields: number }) })) ?? 0
  let found: { rows: Coming[]; others: number } | null = null
  for (let n = 0; n <= returned.length; n++) {
    if (found && n >= found.rows.length + found.others) break
    const rows = returned.slice(0, n)
    const others = smallest(0, best.length, (m) => scoreAt(rows, m) >= goal.least)
    if (others === null) continue
    if (!found || n + others < found.rows.length + found.others) found = { rows, others }
  }
  if (!found) return null
  const { pending } = sums[found.others] as { pending: number }
  return {
    to: goal.to,
    scoreNow,
    scoreThen: scoreAt(found.rows, found.others),
    take: { returned_row: found.rows.length, pending_row: pending, incomplete_record: found.others - pending },
    rows: found.rows.length + found.others,
  }
}
