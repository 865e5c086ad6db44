import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

/** How it came in. A report is what the public said before login; the other two have no applicant. */
export const WAYS_IN = ['online', 'window', 'report', 'own_motion', 'self_check'] as const
export type WayIn = (typeof WAYS_IN)[number]

/** Raised by the subject or for it; the others are found without it. */
export const isRaised = (way: WayIn): boolean => way === 'online' || way === 'window'

export const OBJECTION_STATES = [
  'draft',
  'submitted',
  'verifying',
  'upheld',
  'partly_upheld',
  'rejected',
  'applied',
  'withdrawn',
] as const
export type ObjectionState = (typeof OBJECTION_STATES)[number]

/** What was found; it stays when an upheld objection has been applied. */
export const OUTCOMES = ['upheld', 'partly_upheld', 'rejected', 'withdrawn'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const ACTIONS = ['submit', 'push', 'extend', 'uphold', 'uphold_partly', 'reject', 'apply', 'withdraw'] as const
export type Action = (typeof ACTIONS)[number]
/** What is written of an objection and moves nothing. */
export const NOTES = ['open', 'escalate', 'correct_siblings'] as const
export type ActAction = Action | (typeof NOTES)[number]

const APPLICANT = ['enterprise', 'window_clerk'] as const
const AUTHORITY = ['officer', 'head'] as const
const OFFICE = ['credit_office'] as const

/**
 * Order 36 art. 18: handed in, passed on to the finder within one working day, checked within seven. What is upheld about a
 * record is applied in the same transaction; what is upheld about a repair that was refused is applied when it is taken up again.
 */
export const OBJECTION_MOVES: readonly Move<ObjectionState, Action, Role>[] = [
  { from: 'draft', action: 'submit', by: APPLICANT, to: 'submitted' },
  { from: 'submitted', action: 'push', by: OFFICE, to: 'verifying' },
  { from: 'submitted', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'verifying', action: 'extend', by: AUTHORITY, to: 'verifying' },
  { from: 'verifying', action: 'uphold', by: AUTHORITY, to: 'upheld' },
  { from: 'verifying', action: 'uphold_partly', by: AUTHORITY, to: 'partly_upheld' },
  { from: 'verifying', action: 'reject', by: AUTHORITY, to: 'rejected' },
  { from: 'verifying', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'upheld', action: 'apply', by: AUTHORITY, to: 'applied' },
  { from: 'partly_upheld', action: 'apply', by: AUTHORITY, to: 'applied' },
]
/** Somebody owes a step; the record is marked, where the pack says so. */
export const PENDING_STATES = ['submitted', 'verifying'] as const satisfies readonly ObjectionState[]
export const isPending = (state: ObjectionState): boolean => PENDING_STATES.some((s) => s === state)

/** What anyone reports about a published record before login (这不是我们). */
export const REPORT_STATES = ['received', 'taken_up', 'dismissed'] as const
export type ReportState = (typeof REPORT_STATES)[number]
export const REPORT_ACTIONS = ['take_up', 'dismiss'] as const
export type ReportAction = (typeof REPORT_ACTIONS)[number]
export const REPORT_MOVES: readonly Move<ReportState, ReportAction, Role>[] = [
  { from: 'received', action: 'take_up', by: OFFICE, to: 'taken_up' },
  { from: 'received', action: 'dismiss', by: OFFICE, to: 'dismissed' },
]

/** What the daily self-check finds. `gone`: a later check found it no more. */
export const FINDING_KINDS = ['over_long', 'double_display', 'no_basis'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]
export const FINDING_STATES = ['open', 'taken_up', 'gone'] as const
export type FindingState = (typeof FINDING_STATES)[number]

/** A reconsideration or a lawsuit against the decision itself (Order 36 art. 19). */
export const REVIEW_KINDS = ['reconsideration', 'litigation'] as const
export type ReviewKind = (typeof REVIEW_KINDS)[number]
export const REVIEW_STATES = ['pending', 'ended', 'carried_out'] as const
export type ReviewState = (typeof REVIEW_STATES)[number]
export const REVIEW_OUTCOMES = ['upheld', 'set_aside', 'changed', 'withdrawn'] as const
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number]
export const REVIEW_ACTIONS = ['end', 'carry_out'] as const
export type ReviewAction = (typeof REVIEW_ACTIONS)[number]
const RESULT_REPORTERS = ['officer', 'head'] as const
/** What leaves the decision as it was needs nothing carried out: `end` of such a one is the last move. */
export const REVIEW_MOVES: readonly Move<ReviewState, ReviewAction, Role>[] = [
  { from: 'pending', action: 'end', by: RESULT_REPORTERS, to: 'ended' },
  { from: 'ended', action: 'carry_out', by: RESULT_REPORTERS, to: 'carried_out' },
]
