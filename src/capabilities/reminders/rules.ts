import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import type { MessageChannel } from '../messages/words.ts'
import { LEVELS, type Level, type Matter } from './words.ts'

export type LevelRule = { what: Matter; level: Level; workdays: number; by: MessageChannel[] }
export const levelsOn = (policy: Pick<Policy, 'settings'>, on: LocalDate): LevelRule[] => {
  const setting = settingOf(policy, 'reminder_levels', on)
  if (!setting) throw new Error('the policy has no setting reminder_levels')
  return setting.value as LevelRule[]
}
/** A jurisdiction may keep its reminders of returned rows to hands alone. */
export const isAutomatic = (policy: Pick<Policy, 'settings'>, what: Matter, on: LocalDate): boolean =>
  what !== 'returned_rows' || settingOf(policy, 'return_reminder', on)?.value !== false

export type Open = { level: Level; raisedAt: string }
/**
 * Who is to be reminded next of a matter, when nobody has mended it: the first level from the day of its oldest row, each
 * next so many working days after the one before was told. Null when it is not time yet, or nobody is left to tell.
 */
export const levelDue = (
  policy: Pick<Policy, 'calendar'>,
  rules: readonly LevelRule[],
  matter: { what: Matter; oldest: LocalDate },
  open: readonly Open[],
  today: LocalDate,
): LevelRule | null => {
  let since: LocalDate = matter.oldest
  for (const level of LEVELS) {
    const rule = rules.find((r) => r.what === matter.what && r.level === level)
    if (!rule) continue
    const told = open.find((o) => o.level === level)
    if (told) since = dayOf(told.raisedAt as Instant)
    else return addWorkdays(calendarOf(policy), since, rule.workdays).day <= today ? rule : null
  }
  return null
}

/** Mended: nothing is left of what was open when it was said. What came since is a matter of its own. */
export const isAnswered = (raisedAt: string, matter: { oldest: LocalDate } | undefined): boolean =>
  matter === undefined || matter.oldest > dayOf(raisedAt as Instant)
