import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Action, MessageState } from './words.ts'

const office = ['credit_office'] as const

/** What people may do about a message that waits; everything else the platform does by itself. */
export const moves: readonly Move<MessageState, Action, Role>[] = [
  { from: 'pending', action: 'try_again', by: office, to: 'pending' },
  { from: 'pending', action: 'admit', by: office, to: 'accepted' },
  { from: 'pending', action: 'send_back', by: office, to: 'refused' },
]
