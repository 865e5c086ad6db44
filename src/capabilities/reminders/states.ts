import type { Move } from '../../kernel/states.ts'

/** Open until the matter is mended; nobody closes a reminder by hand. */
export const REMINDER_STATES = ['open', 'answered'] as const
export type ReminderState = (typeof REMINDER_STATES)[number]
export const REMINDER_ACTIONS = ['answer'] as const
export type ReminderAction = (typeof REMINDER_ACTIONS)[number]

/** `system`: the matter is found mended. */
export const REMINDER_MOVES: readonly Move<ReminderState, ReminderAction, 'system'>[] = [
  { from: 'open', action: 'answer', by: ['system'], to: 'answered' },
]
