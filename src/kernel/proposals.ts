import { type Decision, allOf, allow, refuse } from './decision.ts'
import type { Role } from './roles.ts'
import { type Move, movesFrom, step } from './states.ts'
import { type LocalDate, addDays } from './time.ts'
import type { Words } from './words.ts'

/**
 * What is in force from a day on because two people of the credit office said so: a version of the catalog, a change of the
 * rules. Drawn up and previewed on what is held, proposed, then approved by another person; or turned down, or taken back.
 */

export const PROPOSAL_STATES = ['draft', 'proposed', 'approved', 'refused', 'withdrawn'] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]
export const PROPOSAL_STATE_WORDS: Record<ProposalState, Words> = {
  draft: { zh: '预览中', en: 'In preview' },
  proposed: { zh: '待另一人批准', en: 'Awaits approval' },
  approved: { zh: '已批准', en: 'Approved' },
  refused: { zh: '未批准', en: 'Refused' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}

export const PROPOSAL_ACTIONS = ['propose', 'approve', 'refuse', 'withdraw'] as const
export type ProposalAction = (typeof PROPOSAL_ACTIONS)[number]
export const PROPOSAL_ACTION_WORDS: Record<ProposalAction, Words> = {
  propose: { zh: '提请启用', en: 'Propose' },
  approve: { zh: '批准启用', en: 'Approve' },
  refuse: { zh: '不予批准', en: 'Refuse' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
}

/** That the second person is another one is asked by the rules: both have the same role. */
export const PROPOSAL_MOVES: readonly Move<ProposalState, ProposalAction, Role>[] = [
  { from: 'draft', action: 'propose', by: ['credit_office'], to: 'proposed' },
  { from: 'draft', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'proposed', action: 'approve', by: ['credit_office'], to: 'approved' },
  { from: 'proposed', action: 'refuse', by: ['credit_office'], to: 'refused' },
  { from: 'proposed', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
  { from: 'approved', action: 'withdraw', by: ['credit_office'], to: 'withdrawn' },
]

/** A proposal as far as the rules look at it; people by their stable reference. */
export type Proposed = {
  state: ProposalState
  effectiveFrom: LocalDate
  createdBy: string
  proposedBy: string | null
  /** Nobody says yes to what has not been looked at: `done`, or how far it is. */
  preview: string
}
export type Asker = { ref: string; roles: readonly Role[] }
/** The codes under which a capability says why not, in its own words. */
export type ProposalRefusals = Record<'secondPerson' | 'previewOpen' | 'reason' | 'inForce' | 'tooSoon', string>

const isForward = (action: ProposalAction): boolean => action === 'propose' || action === 'approve'
const isAnothers = (action: ProposalAction): boolean => action === 'approve' || action === 'refuse'
const isOwn = (p: Proposed, asker: Asker): boolean => asker.ref === p.createdBy || asker.ref === p.proposedBy
const runs = (p: Proposed, today: LocalDate): boolean => p.state === 'approved' && p.effectiveFrom <= today

/**
 * The next state, or every reason why not. In force from tomorrow at the earliest, so that every process has read it before
 * its first day. `forward` are the capability's own conditions for going on.
 */
export const decideProposal = (
  p: Proposed,
  action: ProposalAction,
  asker: Asker,
  ask: { reason: string; today: LocalDate },
  refusals: ProposalRefusals,
  forward: readonly Decision<unknown>[] = [],
): Decision<ProposalState> => {
  const next = step(PROPOSAL_MOVES, p.state, action, asker.roles)
  if (!next.ok) return next
  const conditions: Decision<unknown>[] = [
    isAnothers(action) && isOwn(p, asker) ? refuse(refusals.secondPerson) : allow(null),
    action === 'refuse' && ask.reason === '' ? refuse(refusals.reason) : allow(null),
    runs(p, ask.today) ? refuse(refusals.inForce, { day: p.effectiveFrom }) : allow(null),
  ]
  if (isForward(action)) {
    conditions.push(...forward)
    if (p.preview !== 'done') conditions.push(refuse(refusals.previewOpen))
    if (p.effectiveFrom <= ask.today) conditions.push(refuse(refusals.tooSoon, { day: addDays(ask.today, 1) }))
  }
  return allOf(next.value, conditions)
}

/** What the caller may do now; the buttons. */
export const proposalActions = (p: Proposed, asker: Asker, today: LocalDate): ProposalAction[] =>
  movesFrom(PROPOSAL_MOVES, p.state, asker.roles).filter(
    (action) => !(isAnothers(action) && isOwn(p, asker)) && !runs(p, today),
  )

/** Whether what is in force, or will be, changes with this move. */
export const changesWhatRuns = (from: ProposalState, to: ProposalState): boolean =>
  from === 'approved' || to === 'approved'
