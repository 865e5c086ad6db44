import { type Decision, allow, allOf, refuse } from '../../kernel/decision.ts'
import { inForce, settingOf } from '../../kernel/eligibility.ts'
import type { CatalogItem, Policy, SettingRule } from '../../kernel/policy.ts'
import { type LocalDate, type Period, addDays, addMonths, addPeriod } from '../../kernel/time.ts'
import { addWorkdays, calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import type { Words } from '../../kernel/words.ts'
import type { Class, Count, Measure } from './words.ts'

type Rules = Pick<Policy, 'terms' | 'catalog' | 'calendar' | 'settings'>

/** By when what is decided has to be reported, and where that is written. */
export type ReportingTerm = {
  workdays: number | null
  period: Period | null
  instrument: Words
  article: string
  source: string
}

const NATIONAL = 'national'
const STEP = 'report'
/** For information of which neither the catalog nor a rule says anything. */
const STEP_OF_THE_REST = 'report_rest'

const itemOn = (catalog: readonly CatalogItem[], item: string, on: LocalDate): CatalogItem | null => {
  const versions = catalog.filter((c) => c.code === item)
  return (
    versions.find((c) => inForce(c, on)) ?? versions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))[0] ?? null
  )
}

/** A place's own rule goes before the catalog, the catalog before the national rule for everything else. */
export const reportingTerm = (policy: Rules, item: string, decidedOn: LocalDate): ReportingTerm | null => {
  const rules = policy.terms.filter((t) => inForce(t, decidedOn))
  const names = (t: (typeof rules)[number]) => t.step === STEP && t.when.item?.includes(item)
  const local = rules.find((t) => t.origin !== NATIONAL && names(t))
  if (local) return local
  const entry = itemOn(policy.catalog, item, decidedOn)
  if (entry && (entry.reporting.workdays !== null || entry.reporting.period !== null))
    return { ...entry.reporting, instrument: entry.instrument, source: entry.source }
  return rules.find(names) ?? rules.find((t) => t.step === STEP_OF_THE_REST) ?? null
}

export type Due = { dueOn: LocalDate | null; provisional: boolean; reason?: Words }
/** The last day on which it is in time. The day of the decision is not counted; beyond the published calendar it is provisional. */
export const dueOf = (policy: Rules, item: string, decidedOn: LocalDate): Due => {
  const term = reportingTerm(policy, item, decidedOn)
  if (!term) return { dueOn: null, provisional: false }
  if (term.workdays === null)
    return { dueOn: term.period === null ? null : addPeriod(decidedOn, term.period), provisional: false }
  const { day, provisional, reason } = addWorkdays(calendarOf(policy), decidedOn, term.workdays)
  return { dueOn: day, provisional, ...(reason ? { reason } : {}) }
}

/** How many working days after its last day something was reported; 0 when in time. */
export const workdaysLate = (policy: Rules, dueOn: LocalDate | null, reportedOn: LocalDate): number =>
  dueOn === null || reportedOn <= dueOn ? 0 : workdaysBetween(calendarOf(policy), dueOn, reportedOn).workdays

// ---- what may be called backfill

export type BackfillLimit = { dueBefore: 'first_report' | LocalDate; days: number }
/** Before this day a term must have ended for the record to be history. */
export const backfillBefore = (limit: BackfillLimit, beginsOn: LocalDate): LocalDate =>
  addDays(limit.dueBefore === 'first_report' ? beginsOn : limit.dueBefore, -limit.days)

/** The mark alone does not make history of it: what fell due after the authority began to report is late. */
export const classOf = (
  record: { state: 'held' | 'annulled'; reportedOn: LocalDate; dueOn: LocalDate | null; flagged: boolean },
  before: LocalDate,
): Class => {
  if (record.state === 'annulled') return 'annulled'
  if (record.dueOn === null) return 'no_term'
  if (record.reportedOn <= record.dueOn) return 'on_time'
  return record.flagged && record.dueOn < before ? 'backfill' : 'late'
}

// ---- rates: named counts with + and - between them

export type Counts = Partial<Record<Count, number>>
export type Formula = { numerator: string; denominator: string }
export type Rate = { numerator: number; denominator: number; share: number | null }

const valueOf = (expression: string, counts: Counts): number => {
  let sum = 0
  let sign = 1
  for (const word of expression.split(' ')) {
    if (word === '+' || word === '-') sign = word === '+' ? 1 : -1
    else sum += sign * (counts[word as Count] ?? 0)
  }
  return sum
}
/** Without anything to divide by there is no share, which is not the same as none late. */
export const rateOf = (formula: Formula, counts: Counts): Rate => {
  const [numerator, denominator] = [valueOf(formula.numerator, counts), valueOf(formula.denominator, counts)]
  return { numerator, denominator, share: denominator > 0 ? numerator / denominator : null }
}

// ---- settings

const must = (policy: Rules, key: string, on: LocalDate): SettingRule => {
  const rule = settingOf(policy, key, on)
  if (!rule) throw new Error(`the policy has no setting ${key} on ${on}`)
  return rule
}
const RATE_KEYS: Record<Measure, string> = { late: 'rate_late', missing: 'rate_missing', concealed: 'rate_concealed' }
export const formulaOf = (policy: Rules, measure: Measure, on: LocalDate): SettingRule & { value: Formula } =>
  must(policy, RATE_KEYS[measure], on) as SettingRule & { value: Formula }

type Goals = { lateShare: number; missedShare: number; hiddenShare: number }
const GOAL_KEYS = { late: 'lateShare', missing: 'missedShare', concealed: 'hiddenShare' } as const
export const goalOf = (policy: Rules, measure: Measure, on: LocalDate): number =>
  (must(policy, 'quality_goals', on).value as Goals)[GOAL_KEYS[measure]]

export type MonthBasis = 'decided_on' | 'reported_on'
export type GapBounds = {
  lookBack: Period
  longestGap: number
  leastShare: number
  leastHeld: number
  most: number
}
export type OverdueAfter = { returnedWorkdays: number; missingWorkdays: number; lateWithin: Period }
export const monthBasisOf = (policy: Rules, on: LocalDate) => must(policy, 'reporting_month', on).value as MonthBasis
export const backfillLimitOf = (policy: Rules, on: LocalDate) =>
  must(policy, 'backfill_limit', on).value as BackfillLimit
export const gapBoundsOf = (policy: Rules, on: LocalDate) => must(policy, 'gap_bounds', on).value as GapBounds
export const overdueAfterOf = (policy: Rules, on: LocalDate) => must(policy, 'overdue_after', on).value as OverdueAfter
const sampleBoundsOf = (policy: Rules, on: LocalDate) =>
  must(policy, 'sample_bounds', on).value as { least: number; most: number }

/** How many rows may be drawn from a list of so many. */
export const maySample = (policy: Rules, size: number, population: number, on: LocalDate): Decision<number> => {
  const { least, most } = sampleBoundsOf(policy, on)
  return allOf(size, [
    size >= least && size <= most ? allow(size) : refuse('SAMPLE_SIZE_OUT_OF_BOUNDS', { least, most }),
    size <= population ? allow(size) : refuse('SAMPLE_LARGER_THAN_LIST', { population }),
  ])
}

// ---- months

export const firstOfMonth = (day: LocalDate): LocalDate => `${day.slice(0, 'YYYY-MM'.length)}-01` as LocalDate
/** The first days of the months from one to another, both ends in it. */
export const monthsBetween = (from: LocalDate, to: LocalDate): LocalDate[] => {
  const months: LocalDate[] = []
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month)
  return months
}
/** A span of months, both ends in it; the last twelve by default. */
export const monthSpan = (
  ask: { from?: string | undefined; to?: string | undefined },
  today: LocalDate,
): { from: LocalDate; to: LocalDate } => {
  const to = ask.to ? (`${ask.to}-01` as LocalDate) : firstOfMonth(today)
  return { to, from: ask.from ? (`${ask.from}-01` as LocalDate) : addMonths(to, 1 - MONTHS_SHOWN) }
}
const MONTHS_SHOWN = 12
