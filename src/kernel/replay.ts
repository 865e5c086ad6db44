import { type Instant, type LocalDate, addDays, startOf } from './time.ts'
import { type Disposition, type Window, foldWindows } from './window.ts'

/**
 * What was shown on a past day. Two dates count: a disposition may take effect on a day before it was recorded, and the
 * site could not act on what it did not know. A day is therefore replayed from what had been recorded by its end, never from
 * what is known now.
 */

/** The first instant after a day: what was recorded before it was known on that day. */
export const endOfDay = (day: LocalDate): Instant => startOf(addDays(day, 1))

/** What a record said, from when until when; null = it says so still. */
export type Told = { recordedAt: Instant; replacedAt: Instant | null }

/** What a record said at the end of a day; null when it was not held yet. */
export const toldOn = <T extends Told>(states: readonly T[], day: LocalDate): T | null => {
  const end = Date.parse(endOfDay(day))
  return (
    states.find((s) => Date.parse(s.recordedAt) < end && (s.replacedAt === null || Date.parse(s.replacedAt) >= end)) ??
    null
  )
}

/** The dispositions that had been recorded by the end of a day. */
export const knownOn = <T extends Pick<Disposition, 'recordedAt'>>(dispositions: readonly T[], day: LocalDate): T[] => {
  const end = Date.parse(endOfDay(day))
  return dispositions.filter((d) => Date.parse(d.recordedAt) < end)
}

/** The windows as they stood at the end of a day, out of those of any later moment: what the rules gave is kept in them. */
export const windowsAsOf = (
  windows: readonly Window[],
  dispositions: readonly Disposition[],
  day: LocalDate,
): Window[] => foldWindows(windows, knownOn(dispositions, day))
