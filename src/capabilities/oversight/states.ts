import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

export const REPORT_STATES = ['draft', 'published'] as const
export type ReportState = (typeof REPORT_STATES)[number]
export const REPORT_ACTIONS = ['recompute', 'publish'] as const
export type ReportAction = (typeof REPORT_ACTIONS)[number]

/** What was published stands: a mistake in it is put right by the next one. */
export const REPORT_MOVES: readonly Move<ReportState, ReportAction, Role>[] = [
  { from: 'draft', action: 'recompute', by: ['credit_office'], to: 'draft' },
  { from: 'draft', action: 'publish', by: ['credit_office'], to: 'published' },
]

/** dropped: a condition has gone before it was handed over. */
export const CANDIDATE_STATES = ['candidate', 'handed_over', 'answered', 'dropped'] as const
export type CandidateState = (typeof CANDIDATE_STATES)[number]
export const CANDIDATE_ACTIONS = ['hand_over', 'answer'] as const
export type CandidateAction = (typeof CANDIDATE_ACTIONS)[number]

/** The credit office hands over; the market supervision authority of the place of registration answers. */
export const CANDIDATE_MOVES: readonly Move<CandidateState, CandidateAction, Role>[] = [
  { from: 'candidate', action: 'hand_over', by: ['credit_office'], to: 'handed_over' },
  { from: 'handed_over', action: 'answer', by: ['officer', 'head'], to: 'answered' },
]

export const ANSWERS = ['revoked', 'under_way', 'conditions_gone', 'not_revoked'] as const
export type Answer = (typeof ANSWERS)[number]
