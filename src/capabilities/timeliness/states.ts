import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Words } from '../../kernel/words.ts'

/** A decision that should have been reported and is not held. */
export const FINDING_STATES = ['open', 'explained', 'reported', 'dismissed'] as const
export type FindingState = (typeof FINDING_STATES)[number]
export const FINDING_ACTIONS = ['explain', 'dismiss', 'reopen'] as const
export type FindingAction = (typeof FINDING_ACTIONS)[number]

const AUTHORITY = ['collector', 'head'] as const
const OFFICE = ['credit_office'] as const

/** That it was reported after all is seen in the records and is nobody's move. */
export const FINDING_MOVES: readonly Move<FindingState, FindingAction, Role>[] = [
  { from: 'open', action: 'explain', by: AUTHORITY, to: 'explained' },
  { from: 'open', action: 'dismiss', by: OFFICE, to: 'dismissed' },
  { from: 'explained', action: 'dismiss', by: OFFICE, to: 'dismissed' },
  { from: 'explained', action: 'reopen', by: OFFICE, to: 'open' },
  { from: 'dismissed', action: 'reopen', by: OFFICE, to: 'open' },
]
/** Still missing: what an explanation is worth the credit office decides. */
export const MISSING_STATES = ['open', 'explained'] as const satisfies readonly FindingState[]

/** A draw from an authority's own list of decisions. */
export const SAMPLE_STATES = ['open', 'closed', 'answered', 'settled'] as const
export type SampleState = (typeof SAMPLE_STATES)[number]
export const SAMPLE_ACTIONS = ['close', 'answer', 'revise', 'settle'] as const
export type SampleAction = (typeof SAMPLE_ACTIONS)[number]

export const SAMPLE_MOVES: readonly Move<SampleState, SampleAction, Role>[] = [
  { from: 'open', action: 'close', by: OFFICE, to: 'closed' },
  { from: 'closed', action: 'answer', by: AUTHORITY, to: 'answered' },
  { from: 'closed', action: 'settle', by: OFFICE, to: 'settled' },
  { from: 'answered', action: 'revise', by: OFFICE, to: 'open' },
  { from: 'answered', action: 'settle', by: OFFICE, to: 'settled' },
]
/** Whose rows count in the concealed rate. */
export const COUNTED_SAMPLES = ['closed', 'answered', 'settled'] as const satisfies readonly SampleState[]

export const FOUND = ['reported', 'published', 'neither'] as const
export type Found = (typeof FOUND)[number]

export const FINDING_STATE_WORDS: Record<FindingState, Words> = {
  open: { zh: '待核实', en: 'Open' },
  explained: { zh: '已说明', en: 'Explained' },
  reported: { zh: '已补报', en: 'Reported since' },
  dismissed: { zh: '不计漏报', en: 'Dismissed' },
}
export const FINDING_ACTION_WORDS: Record<FindingAction, Words> = {
  explain: { zh: '说明情况', en: 'Explain' },
  dismiss: { zh: '认可，不计漏报', en: 'Dismiss' },
  reopen: { zh: '恢复核实', en: 'Reopen' },
}
export const SAMPLE_STATE_WORDS: Record<SampleState, Words> = {
  open: { zh: '核对中', en: 'Being checked' },
  closed: { zh: '已核对，待单位回复', en: 'Checked, awaiting the answer' },
  answered: { zh: '单位已回复', en: 'Answered' },
  settled: { zh: '已办结', en: 'Settled' },
}
export const SAMPLE_ACTION_WORDS: Record<SampleAction, Words> = {
  close: { zh: '完成核对', en: 'Close' },
  answer: { zh: '回复', en: 'Answer' },
  revise: { zh: '重新核对', en: 'Check again' },
  settle: { zh: '办结', en: 'Settle' },
}
export const FOUND_WORDS: Record<Found, Words> = {
  reported: { zh: '已报送', en: 'Reported' },
  published: { zh: '未报送但已公示', en: 'Published, not reported' },
  neither: { zh: '未报送未公示', en: 'Neither' },
}
