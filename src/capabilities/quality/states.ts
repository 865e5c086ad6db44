import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

export const CIRCULAR_STATES = ['draft', 'issued'] as const
export type CircularState = (typeof CIRCULAR_STATES)[number]
export const CIRCULAR_ACTIONS = ['recompute', 'issue'] as const
export type CircularAction = (typeof CIRCULAR_ACTIONS)[number]

/** What was issued stands: a mistake in it is put right by the next one. */
export const CIRCULAR_MOVES: readonly Move<CircularState, CircularAction, Role>[] = [
  { from: 'draft', action: 'recompute', by: ['credit_office'], to: 'draft' },
  { from: 'draft', action: 'issue', by: ['credit_office'], to: 'issued' },
]
