import { type Decision, allOf, allow, refuse } from '../../kernel/decision.ts'
import { routeRuleOf, settingOf, termOf } from '../../kernel/eligibility.ts'
import type { Policy, SettingRule, TermRule } from '../../kernel/policy.ts'
import { type LocalDate, later } from '../../kernel/time.ts'
import { type RecordFacts, type Window, dayWords } from '../../kernel/window.ts'
import { workdaysBetween, calendarOf } from '../../kernel/workdays.ts'
import type { CorrectionAsk } from './contract.ts'
import type { Level } from './rules.clock.ts'
import { type CorrectionKind, GROUNDS, GROUND_WORDS, type Ground } from './words.ts'

/** What may be objected to, by which rule, and what upholding may do (Order 36 art. 18). */

type Rules = Pick<Policy, 'settings'>
const valueOf = (policy: Rules, key: string, on: LocalDate): unknown => settingOf(policy, key, on)?.value ?? null

/** The grounds of the jurisdiction's pack on a day, in the order of the platform's list, and the row that names them. */
export const groundsHere = (policy: Rules, on: LocalDate): { grounds: Ground[]; row: SettingRule | null } => {
  const row = settingOf(policy, 'objection_kinds', on)
  const named = (row?.value ?? []) as string[]
  return { grounds: GROUNDS.filter((g) => named.includes(g)), row }
}
/** Whether records are marked while an objection is pending. No rule: they are, for the subject's protection. */
export const marksPending = (policy: Rules, on: LocalDate): boolean =>
  valueOf(policy, 'mark_pending_objection', on) !== false
export const ownMotionHere = (policy: Rules, on: LocalDate): boolean =>
  valueOf(policy, 'own_initiative_objection', on) === true
export const mostExtension = (policy: Rules, on: LocalDate): number =>
  (valueOf(policy, 'objection_extension', on) as { most: number } | null)?.most ?? 0
export const escalationLevels = (policy: Rules, on: LocalDate): readonly Level[] =>
  (valueOf(policy, 'objection_escalation', on) as Level[] | null) ?? []
export const reportRules = (policy: Rules, on: LocalDate): { perDay: number; workdays: number } | null =>
  valueOf(policy, 'objection_reports', on) as { perDay: number; workdays: number } | null

/** The rules of the system that governs the record, and of Order 36 where it says nothing. */
const HOME = 'credit_china'
export const verifyTerm = (policy: Policy, facts: RecordFacts | null, on: LocalDate): TermRule | null => {
  const system = facts ? routeRuleOf(facts, policy, on)?.routesTo : undefined
  const own = system ? termOf(policy, system, 'objection', on) : null
  return own?.workdays ? own : termOf(policy, HOME, 'objection', on)
}
export const pushTerm = (policy: Policy, on: LocalDate): TermRule | null => termOf(policy, HOME, 'push_objection', on)
/** Order 36 art. 19 with the Administrative Penalty Law art. 48: set aside or changed, and three working days. */
export const carryOutTerm = (policy: Policy, on: LocalDate): TermRule | null =>
  termOf(policy, HOME, 'withdraw_annulled', on)

// ---- may it be raised

export type Target = {
  /** What was decided about a repair; null for a record itself. */
  refused: 'not_accepted' | 'refused' | null
  shown: boolean
  annulled: boolean
}
/** Grounds that ask for an end of the display mean nothing of what is not shown. */
const OF_DISPLAY: readonly Ground[] = ['double_publicity', 'should_not_be_shown', 'shown_too_long']
const REFUSAL_OF: Partial<Record<Ground, Target['refused']>> = { not_accepted: 'not_accepted', not_granted: 'refused' }

export const mayRaise = (ground: Ground, target: Target, policy: Rules, on: LocalDate): Decision<Ground> => {
  const params = { ground: GROUND_WORDS[ground] }
  if (!groundsHere(policy, on).grounds.includes(ground)) return refuse('GROUND_NOT_HERE', params)
  if ((REFUSAL_OF[ground] ?? null) !== target.refused) return refuse('GROUND_MISFITS', params)
  if (target.annulled) return refuse('RECORD_TAKEN_BACK')
  if (OF_DISPLAY.includes(ground) && !target.shown) return refuse('NOT_SHOWN_NOW', params)
  return allow(ground)
}
export const groundsFor = (target: Target, policy: Rules, on: LocalDate): Ground[] =>
  GROUNDS.filter((g) => mayRaise(g, target, policy, on).ok)

export const mayHandIn = (statement: string, least: number): Decision<true> =>
  Array.from(statement.trim()).length < least ? refuse('STATEMENT_MISSING', { least }) : allow(true)

// ---- what upholding may do

const CORRECTIONS: Record<Ground, readonly CorrectionKind[]> = {
  wrong_content: ['correct', 'annul'],
  omission: ['correct', 'annul'],
  double_publicity: ['annul', 'stop_showing'],
  should_not_be_shown: ['stop_showing', 'annul', 'correct'],
  shown_too_long: ['stop_showing', 'correct', 'annul'],
  wrong_period: ['correct', 'stop_showing', 'annul'],
  not_accepted: ['reopen'],
  not_granted: ['reopen'],
}
export const correctionsFor = (ground: Ground): readonly CorrectionKind[] => CORRECTIONS[ground]

type Verdict = 'upheld' | 'partly_upheld' | 'rejected'
export const mayDecide = (ground: Ground, outcome: Verdict, correction: CorrectionAsk | null): Decision<true> => {
  if (outcome === 'rejected') return correction ? refuse('CORRECTION_NEEDLESS') : allow(true)
  if (!correction) return refuse('CORRECTION_MISSING')
  return correctionsFor(ground).includes(correction.does)
    ? allow(true)
    : refuse('CORRECTION_MISFITS', { ground: GROUND_WORDS[ground] })
}

/** The two grounds that argue about the length only, not about the record: the shortest period holds for them. */
const OF_LENGTH: readonly Ground[] = ['shown_too_long', 'wrong_period']
const latest = (days: readonly (LocalDate | null)[]): LocalDate | null =>
  days.reduce((a, b) => (a === null ? b : b === null ? a : later(a, b)), null)
/** From which day the display ends. It can neither be lengthened nor, over its length alone, be cut below its minimum (C2). */
export const mayStop = (
  ground: Ground,
  windows: readonly Window[],
  ask: { from: LocalDate; channel: Window['channel'] | null },
  today: LocalDate,
): Decision<LocalDate> => {
  const from = later(ask.from, today)
  const meant = windows.filter((w) => (ask.channel === null || w.channel === ask.channel) && w.from !== null)
  const shown = meant.filter((w) => w.until === null || w.until > today)
  const until = shown.some((w) => w.until === null) ? null : latest(shown.map((w) => w.until))
  const checks: Decision<unknown>[] = []
  if (!shown.length || (until !== null && from >= until))
    checks.push(refuse('STOP_DAY_WRONG', { until: until ? dayWords(until) : dayWords(today) }))
  const minimum = latest(shown.map((w) => w.earliest))
  if (OF_LENGTH.includes(ground) && minimum && from < minimum)
    checks.push(refuse('STOP_TOO_EARLY', { day: dayWords(minimum) }))
  return allOf(from, checks)
}

export type Extension = { clock: { extra: number }; dueOn: LocalDate | null; article: string }
/** Once, announced before the term is over, and no longer than the pack allows. */
export const mayExtend = (of: Extension, workdays: number, most: number, today: LocalDate): Decision<true> => {
  if (of.clock.extra > 0) return refuse('EXTENDED_BEFORE')
  if (of.dueOn !== null && today > of.dueOn)
    return refuse('EXTENSION_TOO_LATE', { day: dayWords(of.dueOn), article: of.article })
  return workdays > most ? refuse('EXTENSION_TOO_LONG', { most }) : allow(true)
}

/** In time: decided no later than the day that was due, as it stood with its extension. */
export const decidedInTime = (dueOn: LocalDate | null, on: LocalDate, policy: Pick<Policy, 'calendar'>): boolean =>
  dueOn === null || on <= dueOn || workdaysBetween(calendarOf(policy), dueOn, on).workdays <= 0
