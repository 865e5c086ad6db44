import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

/** A change of the rules on its way: drawn up and previewed, proposed, then approved by another person; or turned down, or taken back. */
export const CHANGE_STATES = ['draft', 'proposed', 'approved', 'refused', 'withdrawn'] as const
export type ChangeState = (typeof CHANGE_STATES)[number]

export const CHANGE_ACTIONS = ['propose', 'approve', 'refuse', 'withdraw'] as const
export type ChangeAction = (typeof CHANGE_ACTIONS)[number]

/** rows: rows of the pack in a text. sector: a sector's own classification. switch: another value of a row that awaits confirmation. */
export const CHANGE_KINDS = ['rows', 'sector', 'switch'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export const PASS_STATES = ['waiting', 'running', 'done', 'cancelled'] as const
export type PassState = (typeof PASS_STATES)[number]
export const PASS_PURPOSES = ['preview', 'application'] as const
export type PassPurpose = (typeof PASS_PURPOSES)[number]

/** That the second person is another one is asked by the rules: both have the same role. */
export const MOVES: readonly Move<ChangeState, ChangeAction, Role>[] = [
  { from: 'draft', action: 'propose', by: ['credit_office'], to: 'proposed' },
  { from: 'draft', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'proposed', action: 'approve', by: ['credit_office'], to: 'approved' },
  { from: 'proposed', action: 'refuse', by: ['credit_office'], to: 'refused' },
  { from: 'proposed', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'approved', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
]
