import { OVERDUE_MATTERS, REMINDER_LEVELS } from '../../kernel/closed-sets.ts'
import type { Words } from '../../kernel/words.ts'
import type { ReminderAction, ReminderState } from './states.ts'

/** What is not mended: rows that came back, reports that came late or not at all. */
export const MATTERS = OVERDUE_MATTERS
export type Matter = (typeof MATTERS)[number]
export const MATTER_WORDS: Record<Matter, Words> = {
  returned_rows: { zh: '退回数据未补正', en: 'Returned rows not mended' },
  late: { zh: '迟报', en: 'Reported late' },
  missing: { zh: '漏报', en: 'Not reported' },
}
/** How the authority itself reads it. */
export const MATTER_ASKS: Record<Matter, Words> = {
  returned_rows: {
    zh: '有 {count} 条数据退回后尚未补正，最早一条退回于{day}。请更正后重新报送。',
    en: '{count} rows were returned and are not mended; the oldest came back on {day}. Mend them and hand them in again.',
  },
  late: {
    zh: '近期有 {count} 条信息超过报送期限后才报送，最早一条的决定日期为{day}。请核查迟报原因，按期报送。',
    en: '{count} records came after their reporting term lately; the oldest was decided on {day}. Find out why and report in time.',
  },
  missing: {
    zh: '有 {count} 条信息疑似漏报，最早一条的决定日期为{day}。请核对后补报或者说明情况。',
    en: '{count} records seem not to have been reported; the oldest was decided on {day}. Check, and report or explain them.',
  },
}

export const LEVELS = REMINDER_LEVELS
export type Level = (typeof LEVELS)[number]
export const LEVEL_WORDS: Record<Level, Words> = {
  collector: { zh: '提醒信息采集员', en: 'To the collectors' },
  head: { zh: '提醒单位负责人', en: 'To the head' },
  circular: { zh: '列入当月通报', en: 'On the monthly circular' },
}

export const REMINDER_STATE_WORDS: Record<ReminderState, Words> = {
  open: { zh: '待处理', en: 'Open' },
  answered: { zh: '已处理', en: 'Answered' },
}
export const REMINDER_ACTION_WORDS: Record<ReminderAction, Words> = {
  answer: { zh: '提醒事项处理完毕', en: 'The matter is mended' },
}

export const TITLES: Record<Matter, Words> = {
  returned_rows: { zh: '退回提醒：{count} 条数据待补正', en: 'Reminder: {count} returned rows to mend' },
  late: { zh: '迟报提醒：{count} 条信息迟报', en: 'Reminder: {count} records late' },
  missing: { zh: '补报提醒：{count} 条信息疑似漏报', en: 'Reminder: {count} records to report' },
}
