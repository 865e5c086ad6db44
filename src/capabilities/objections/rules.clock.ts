import type { Policy, TermRule } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { addWorkdays, calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import type { ClockView } from './contract.ts'
import type { Step } from './words.ts'

/** A term in working days. Its day is worked out from this and kept beside it for the queues, never instead of it. */
export type ClockState = {
  step: Step
  startedOn: LocalDate
  workdays: number
  /** Working days added by an announced extension. */
  extra: number
  rule: string
  instrument: Words
  article: string
}
type Calendar = Pick<Policy, 'calendar'>

export const startClock = (step: Step, term: TermRule | null, on: LocalDate): ClockState | null =>
  term?.workdays
    ? {
        step,
        startedOn: on,
        workdays: term.workdays,
        extra: 0,
        rule: term.id,
        instrument: term.instrument,
        article: term.article,
      }
    : null

export const extendClock = (clock: ClockState, workdays: number): ClockState => ({
  ...clock,
  extra: clock.extra + workdays,
})

export type Due = { dueOn: LocalDate | null; dueProvisional: boolean }
export const dueOf = (clock: ClockState | null, policy: Calendar): Due => {
  if (!clock) return { dueOn: null, dueProvisional: false }
  const due = addWorkdays(calendarOf(policy), clock.startedOn, clock.workdays + clock.extra)
  return { dueOn: due.day, dueProvisional: due.provisional }
}

/** The last working day of the term is still in time. */
export const isLate = (dueOn: LocalDate | null, on: LocalDate): boolean => dueOn !== null && on > dueOn

export const clockView = (clock: ClockState | null, policy: Calendar, today: LocalDate): ClockView | null => {
  if (!clock) return null
  const calendar = calendarOf(policy)
  const due = addWorkdays(calendar, clock.startedOn, clock.workdays + clock.extra)
  return {
    step: clock.step,
    startedOn: clock.startedOn,
    workdays: clock.workdays + clock.extra,
    dueOn: due.day,
    provisional: due.provisional,
    provisionalWhy: due.reason ?? null,
    overdue: isLate(due.day, today),
    left: workdaysBetween(calendar, today, due.day).workdays,
    instrument: clock.instrument,
    article: clock.article,
  }
}

/** What handling has taken: working days after the day it was handed in, up to and including the day of the decision. */
export const handlingDays = (policy: Calendar, from: LocalDate, to: LocalDate): number =>
  workdaysBetween(calendarOf(policy), from, to).workdays

export type Level = { level: 'head' | 'credit_office'; workdays: number }
/** The levels that have to know by today of something due on a day. */
export const levelsDue = (
  levels: readonly Level[],
  dueOn: LocalDate,
  today: LocalDate,
  policy: Calendar,
): readonly Level[] => {
  if (!isLate(dueOn, today)) return []
  const late = workdaysBetween(calendarOf(policy), dueOn, today).workdays
  // The first level hears once the day is over, a holiday after it included; each next waits its own days besides.
  let waited = 0
  return levels.filter((l) => {
    waited += l.workdays
    return late >= waited
  })
}
