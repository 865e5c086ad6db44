import type { CalendarYear, Policy } from './policy.ts'
import { type LocalDate, addDays, weekdayOf, yearOf } from './time.ts'
import type { Words } from './words.ts'

/** Working days by the State Council's yearly notices. A year without a notice counts Monday to Friday, and says so. */
export type Calendar = ReadonlyMap<number, { holidays: ReadonlySet<LocalDate>; workdays: ReadonlySet<LocalDate> }>

/** `provisional`: some day counted lies in a year whose calendar is not loaded; compute again when it is. */
export type WorkdayResult = { day: LocalDate; provisional: boolean; reason?: Words; missingYear?: number }

export const calendarFrom = (years: readonly CalendarYear[]): Calendar =>
  new Map(
    years.map((y) => [y.year, { holidays: new Set(y.holidays.flatMap((h) => h.days)), workdays: new Set(y.workdays) }]),
  )

const known = new WeakMap<object, Calendar>()
export const calendarOf = (policy: Pick<Policy, 'calendar'>): Calendar => {
  const hit = known.get(policy.calendar) ?? calendarFrom(policy.calendar)
  known.set(policy.calendar, hit)
  return hit
}

export const hasYear = (calendar: Calendar, year: number): boolean => calendar.has(year)

const WEEKEND: readonly number[] = [0, 6]

const isWorkdayAt = (calendar: Calendar, day: LocalDate, weekday: number): boolean => {
  const year = calendar.get(yearOf(day))
  if (year?.workdays.has(day)) return true
  return !year?.holidays.has(day) && !WEEKEND.includes(weekday)
}
export const isWorkday = (calendar: Calendar, day: LocalDate): boolean => isWorkdayAt(calendar, day, weekdayOf(day))
const DAYS_OF_WEEK = 7

const provisional = (year: number): Pick<WorkdayResult, 'provisional' | 'reason' | 'missingYear'> => ({
  provisional: true,
  missingYear: year,
  reason: {
    zh: `${year}年节假日安排尚未载入，暂按周一至周五为工作日推算，载入后重新计算。`,
    en: `The holiday calendar for ${year} is not loaded; Monday to Friday are taken as working days for now, and the date is computed again once it is.`,
  },
})

const outcome = (day: LocalDate, missing: number | null): WorkdayResult =>
  missing === null ? { day, provisional: false } : { day, ...provisional(missing) }

/** Terms are few and begin on the same days: what was counted once by a calendar is kept with it. */
const KEPT = 5_000
const kept = new WeakMap<Calendar, Map<string, unknown>>()
const remembered = <T>(calendar: Calendar, key: string, count: () => T): T => {
  const held = kept.get(calendar) ?? new Map<string, unknown>()
  const known = held.get(key) as T | undefined
  if (known !== undefined) return known
  const made = count()
  if (held.size >= KEPT) held.clear()
  kept.set(calendar, held.set(key, made))
  return made
}

/** The n-th working day after `from`; the start day is not counted. n = 0 is the day itself. */
export const addWorkdays = (calendar: Calendar, from: LocalDate, n: number): WorkdayResult =>
  remembered(calendar, `${from} + ${n}`, () => counted(calendar, from, n))
const counted = (calendar: Calendar, from: LocalDate, n: number): WorkdayResult => {
  let [day, weekday] = [from, weekdayOf(from)]
  let missing: number | null = null
  for (let left = n; left > 0; ) {
    day = addDays(day, 1)
    weekday = (weekday + 1) % DAYS_OF_WEEK
    if (!hasYear(calendar, yearOf(day))) missing ??= yearOf(day)
    if (isWorkdayAt(calendar, day, weekday)) left -= 1
  }
  return outcome(day, missing)
}

type WorkdaysBetween = { workdays: number; provisional: boolean; reason?: Words; missingYear?: number }
/** Working days after `from` up to and including `to`; negative when `to` lies before `from`. */
export const workdaysBetween = (calendar: Calendar, from: LocalDate, to: LocalDate): WorkdaysBetween =>
  remembered(calendar, `${from} - ${to}`, () => between(calendar, from, to))
const between = (calendar: Calendar, from: LocalDate, to: LocalDate): WorkdaysBetween => {
  const [first, last, sign] = from <= to ? [from, to, 1] : [to, from, -1]
  let missing: number | null = null
  let workdays = 0
  let weekday = weekdayOf(first)
  for (let day = addDays(first, 1); day <= last; day = addDays(day, 1)) {
    weekday = (weekday + 1) % DAYS_OF_WEEK
    if (!hasYear(calendar, yearOf(day))) missing ??= yearOf(day)
    if (isWorkdayAt(calendar, day, weekday)) workdays += 1
  }
  const { day: _, ...rest } = outcome(last, missing)
  return { workdays: workdays === 0 ? 0 : sign * workdays, ...rest }
}
