import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy, SettingRule } from '../../kernel/policy.ts'
import { type LocalDate, addDays, addMonths, addPeriod, yearOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import {
  ACCEPTANCES,
  COMPLAINTS,
  DECISIONS,
  ENDINGS,
  PRAISE,
  type Proof,
  type RatingReason,
  REASON_UP_TO,
  type What,
} from './words.ts'

/** How oversight counts, when an item may be rated, and what proves a candidate for revocation. */

export const monthOf = (day: string): LocalDate => `${day.slice(0, 7)}-01` as LocalDate
export const nextMonth = (month: LocalDate): LocalDate => addMonths(month, 1)
export const lastDayOf = (month: LocalDate): LocalDate => addDays(nextMonth(month), -1)

// ---- figures

/** Of one move: how often, how often late, and the working days of the step (`timed` of them) and of the whole way. */
export type Tally = {
  what: What
  n: number
  late: number
  timed: number
  workdays: number
  longest: number
  total: number
}
export type Formulas = { success: What[]; over: What[]; abnormal: What[] }

/** The formulas in force on the last day of the span. */
export const formulasOn = (
  policy: Pick<Policy, 'settings'>,
  on: LocalDate,
): { row: SettingRule; value: Formulas } | null => {
  const row = settingOf(policy, 'repair_oversight', on)
  return row && { row, value: row.value as Formulas }
}

export type Figures = {
  counts: Record<What, number>
  late: number
  abnormal: number
  success: { numerator: number; denominator: number; share: number | null }
  /** Mean working days; null where nothing was timed. */
  average: number | null
  averageAccept: number | null
  averageTotal: number | null
  longest: number | null
}

/** Of the rows themselves: half took at most so long, nine in ten at most so long; null where nothing was timed. */
export type Times = {
  median: number | null
  nineInTen: number | null
  medianAccept: number | null
  medianTotal: number | null
}
export const NO_TIMES: Times = { median: null, nineInTen: null, medianAccept: null, medianTotal: null }

const TENTHS = 10
const mean = (sum: number, of: number): number | null => (of ? Math.round((sum * TENTHS) / of) / TENTHS : null)

export const figuresOf = (tallies: readonly Tally[], formulas: Formulas, whats: readonly What[]): Figures => {
  const sum = (of: readonly What[], take: (t: Tally) => number): number =>
    tallies.reduce((n, t) => (of.includes(t.what) ? n + take(t) : n), 0)
  const count = (of: readonly What[]) => sum(of, (t) => t.n)
  const denominator = count(formulas.over)
  const numerator = count(formulas.success)
  const timed = sum(DECISIONS, (t) => t.timed)
  return {
    counts: Object.fromEntries(whats.map((w) => [w, count([w])])) as Record<What, number>,
    late: sum(whats, (t) => t.late),
    abnormal: count(formulas.abnormal),
    success: { numerator, denominator, share: denominator ? numerator / denominator : null },
    average: mean(
      sum(DECISIONS, (t) => t.workdays),
      timed,
    ),
    averageAccept: mean(
      sum(ACCEPTANCES, (t) => t.workdays),
      sum(ACCEPTANCES, (t) => t.timed),
    ),
    averageTotal: mean(
      sum(ENDINGS, (t) => t.total),
      count(ENDINGS),
    ),
    longest: timed ? Math.max(0, ...tallies.map((t) => (DECISIONS.includes(t.what) ? t.longest : 0))) : null,
  }
}

// ---- ratings

/** Decided one way or the other: what the applicant withdrew or let lapse was not. */
export const RATED_STATES = [
  'granted',
  'refused',
  'not_accepted',
  'ended_forged',
  'revoked',
  'shielded',
  'plan_completed',
  'restored',
] as const

export type RatingRule = { atMost: number; workdays: number | null }
export const mayRate = (state: string): Decision<true> =>
  RATED_STATES.some((s) => s === state) ? allow(true) : refuse('NOT_DECIDED_YET')

export const ratingFits = (score: number, reasons: readonly RatingReason[]): Decision<true> => {
  if (score <= REASON_UP_TO && reasons.length === 0) return refuse('REASON_MISSING')
  const fitting = score <= REASON_UP_TO ? COMPLAINTS : score > REASON_UP_TO + 1 ? PRAISE : [...PRAISE, ...COMPLAINTS]
  return reasons.every((r) => fitting.includes(r)) ? allow(true) : refuse('REASON_NOT_FITTING')
}

export const needsReply = (rule: RatingRule | null, score: number): boolean => rule !== null && score <= rule.atMost
/** Null where no reply is owed, or no term is set for it. */
export const replyDue = (policy: Policy, rule: RatingRule | null, score: number, on: LocalDate): LocalDate | null =>
  rule?.workdays && needsReply(rule, score) ? addWorkdays(calendarOf(policy), on, rule.workdays).day : null

// ---- candidates for revocation

export type CandidateRule = { years: number; notReporting: string[]; outOfReach: string[]; standing: boolean }
/** An entry on the abnormal-operation list, as it is held. */
export type Listed = {
  recordId: string
  cause: string | null
  decidedOn: LocalDate
  docNo: string
  authorityName: string
  removedOn: LocalDate | null
  lastKind: string | null
  lastFrom: LocalDate | null
}
export type Proven = {
  proof: Proof
  /** The rule that was applied. */
  rule: CandidateRule
  notReporting: Listed[]
  outOfReach: Listed[]
}

const ENDED_BY = ['repaired', 'delisted', 'annulled', 'deregistered']
/** Whether the enterprise still stands on the list for it. */
export const stillListed = (entry: Listed, on: LocalDate): boolean =>
  entry.decidedOn <= on &&
  !(entry.removedOn !== null && entry.removedOn <= on) &&
  !(entry.lastKind !== null && ENDED_BY.includes(entry.lastKind) && entry.lastFrom !== null && entry.lastFrom <= on)

/** Only what proves: it is kept as it was proven. */
const plain = (e: Listed): Listed => ({
  recordId: e.recordId,
  cause: e.cause,
  decidedOn: e.decidedOn,
  docNo: e.docNo,
  authorityName: e.authorityName,
  removedOn: e.removedOn,
  lastKind: e.lastKind,
  lastFrom: e.lastFrom,
})

const consecutive = (years: readonly number[], many: number): boolean =>
  years.some((y) => Array.from({ length: many }, (_, i) => y + i).every((wanted) => years.includes(wanted)))

/** GZ24 二(八): years without annual report, not mended, and out of reach at the registered address. Null: not proven. */
export const provenBy = (entries: readonly Listed[], rule: CandidateRule, on: LocalDate): Proven | null => {
  const inForce = entries
    .filter((e) => stillListed(e, on))
    .toSorted((a, b) => (a.decidedOn < b.decidedOn ? -1 : 1))
    .map(plain)
  const of = (causes: readonly string[]) => inForce.filter((e) => e.cause !== null && causes.includes(e.cause))
  const notReporting = of(rule.notReporting)
  const outOfReach = of(rule.outOfReach)
  if (!outOfReach.length || !notReporting.length) return null
  const years = [...new Set(notReporting.map((e) => yearOf(e.decidedOn)))]
  if (consecutive(years, rule.years)) return { proof: 'consecutive_years', rule, notReporting, outOfReach }
  const stood = notReporting.filter((e) => addPeriod(e.decidedOn, `P${rule.years}Y`) <= on)
  return rule.standing && stood.length ? { proof: 'standing', rule, notReporting, outOfReach } : null
}
