import type { Policy } from '../../kernel/policy.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import { type Calendar, addWorkdays, calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import type { Words } from '../../kernel/words.ts'
import type { ClockView } from './contract.ts'
import type { Step } from './words.ts'

/** Where a time limit is written. */
export type Basis = { rule: string; instrument: Words; article: string }

/** A term in working days and what has happened to it. The due day is worked out from this, never stored alone. */
export type ClockState = Basis & {
  step: Step
  startedOn: LocalDate
  workdays: number
  /** Working days added by an extension. */
  extra: number
  /** While the applicant mends: from the day of the notice to the day of the new submission, neither is counted. */
  stops: { from: LocalDate; to: LocalDate | null }[]
}

type Limit = { id: string; instrument: Words; article: string; workdays: number | null }

/** No rule, or a rule without working days, starts no clock. */
export const startClock = (step: Step, limit: Limit | null, on: LocalDate): ClockState | null =>
  limit?.workdays
    ? {
        step,
        startedOn: on,
        workdays: limit.workdays,
        extra: 0,
        stops: [],
        rule: limit.id,
        instrument: limit.instrument,
        article: limit.article,
      }
    : null

export const stopClock = (clock: ClockState | null, on: LocalDate): ClockState | null =>
  clock && { ...clock, stops: [...clock.stops, { from: on, to: null }] }

export const resumeClock = (clock: ClockState | null, on: LocalDate): ClockState | null =>
  clock && { ...clock, stops: clock.stops.map((s) => (s.to === null ? { ...s, to: on } : s)) }

export const extendClock = (clock: ClockState | null, workdays: number): ClockState | null =>
  clock && { ...clock, extra: clock.extra + workdays }

export type Due = { day: LocalDate | null; stopped: boolean; provisional: boolean; reason: Words | null }

/** The last day of the term; none while it stands still, unless it was already over when it stopped. */
export const dueOf = (clock: ClockState, calendar: Calendar): Due => {
  let from = clock.startedOn
  let left = clock.workdays + clock.extra
  for (const stop of clock.stops) {
    const lastCounted = addDays(stop.from, -1)
    const used = lastCounted > from ? workdaysBetween(calendar, from, lastCounted).workdays : 0
    if (used >= left) break
    if (stop.to === null) return { day: null, stopped: true, provisional: false, reason: null }
    left -= used
    from = stop.to
  }
  const due = addWorkdays(calendar, from, left)
  return { day: due.day, stopped: false, provisional: due.provisional, reason: due.reason ?? null }
}

/** What the queue is ordered by: no term at all comes last. */
export const NO_TERM = '9999-12-31' as LocalDate
export const dueColumns = (
  clock: ClockState | null,
  policy: Pick<Policy, 'calendar'>,
  before: LocalDate | null,
): { dueOn: LocalDate; dueProvisional: boolean } => {
  if (!clock) return { dueOn: NO_TERM, dueProvisional: false }
  const due = dueOf(clock, calendarOf(policy))
  return { dueOn: due.day ?? before ?? NO_TERM, dueProvisional: due.provisional }
}

export const clockView = (
  clock: ClockState | null,
  policy: Pick<Policy, 'calendar'>,
  today: LocalDate,
): ClockView | null => {
  if (!clock) return null
  const calendar = calendarOf(policy)
  const due = dueOf(clock, calendar)
  return {
    step: clock.step,
    startedOn: clock.startedOn,
    workdays: clock.workdays + clock.extra,
    dueOn: due.day,
    provisional: due.provisional,
    provisionalWhy: due.reason,
    stopped: due.stopped,
    overdue: due.day !== null && due.day < today,
    left: due.day === null ? null : workdaysBetween(calendar, today, due.day).workdays,
    instrument: clock.instrument,
    article: clock.article,
  }
}
