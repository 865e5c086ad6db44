import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

/** A version on its way: drawn up and previewed, proposed, then approved by another person; or turned down, or taken back. */
export const PROPOSAL_STATES = ['draft', 'proposed', 'approved', 'refused', 'withdrawn'] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

export const PROPOSAL_ACTIONS = ['propose', 'approve', 'refuse', 'withdraw'] as const
export type ProposalAction = (typeof PROPOSAL_ACTIONS)[number]

export const PREVIEW_STATES = ['waiting', 'running', 'done'] as const
export type PreviewState = (typeof PREVIEW_STATES)[number]

export const ORIGINS = ['pack', 'upload'] as const
export type Origin = (typeof ORIGINS)[number]

/** That the second person is another one is asked by the rules: both have the same role. */
export const MOVES: readonly Move<ProposalState, ProposalAction, Role>[] = [
  { from: 'draft', action: 'propose', by: ['credit_office'], to: 'proposed' },
  { from: 'draft', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'proposed', action: 'approve', by: ['credit_office'], to: 'approved' },
  { from: 'proposed', action: 'refuse', by: ['credit_office'], to: 'refused' },
  { from: 'proposed', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'approved', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
]
