import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { CaseAction, CaseState, TaskAction, TaskState } from './words.ts'

const ASKED = ['officer', 'head', 'credit_office'] as const
const OFFICE = ['credit_office'] as const

/** Overdue is no state: it is today after the day by which an answer is due. */
export const TASK_MOVES: readonly Move<TaskState, TaskAction, Role>[] = [
  { from: 'open', action: 'answer', by: ASKED, to: 'answered' },
  { from: 'open', action: 'withdraw', by: OFFICE, to: 'withdrawn' },
  { from: 'answered', action: 'accept', by: OFFICE, to: 'closed' },
  { from: 'answered', action: 'send_back', by: OFFICE, to: 'returned' },
  { from: 'returned', action: 'answer', by: ASKED, to: 'answered' },
  { from: 'returned', action: 'withdraw', by: OFFICE, to: 'withdrawn' },
]
/** In these the registering authority owes an answer. */
export const OWED_STATES: readonly TaskState[] = ['open', 'returned']

/** Two people for each change of files, and two again to take it back (rules.ts names who may not be the second). */
export const CASE_MOVES: readonly Move<CaseState, CaseAction, Role>[] = [
  { from: 'proposed', action: 'approve', by: OFFICE, to: 'done' },
  { from: 'proposed', action: 'reject', by: OFFICE, to: 'rejected' },
  { from: 'proposed', action: 'withdraw', by: OFFICE, to: 'withdrawn' },
  { from: 'done', action: 'propose_undo', by: OFFICE, to: 'undo_proposed' },
  { from: 'undo_proposed', action: 'approve_undo', by: OFFICE, to: 'undone' },
  { from: 'undo_proposed', action: 'reject_undo', by: OFFICE, to: 'done' },
]
