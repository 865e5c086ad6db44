import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

/** What an application asks for: repair, or a temporary shield while a reorganisation plan is carried out. */
export const KINDS = ['repair', 'shield'] as const
export type Kind = (typeof KINDS)[number]

/** transfer: passed on to us by another platform, where the applicant applied. */
export const WAYS_IN = ['online', 'window', 'transfer'] as const
export type WayIn = (typeof WAYS_IN)[number]

/** An application is a draft or handed in; that it is closed follows from its items. */
export const APPLICATION_STATES = ['draft', 'submitted', 'closed'] as const
export type ApplicationState = (typeof APPLICATION_STATES)[number]

export const ITEM_STATES = [
  'draft',
  'first_review',
  'returned',
  'received',
  'mending',
  'accepted',
  'passed_on',
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
  'lapsed',
  'ended_forged',
  'sent_home',
  'revoked',
  'shielded',
  'plan_completed',
  'restored',
] as const
export type ItemState = (typeof ITEM_STATES)[number]

export const ACTIONS = [
  'submit',
  'submit_to_review',
  'pass',
  'return',
  'accept',
  'accept_at_window',
  'ask_once',
  'mend',
  'not_accept',
  'grant',
  'refuse',
  'extend',
  'forged',
  'revoke',
  'withdraw',
  'lapse',
  'shield',
  'plan_completed',
  'restore',
  'take_up',
  'pass_on',
  'come_back',
  'ask_there',
  'grant_there',
  'refuse_there',
  'not_accept_there',
  'forged_there',
  'withdraw_there',
  'lapse_there',
  'revoke_there',
  'shield_there',
  'plan_completed_there',
  'restore_there',
  'send_home',
] as const
export type Action = (typeof ACTIONS)[number]
/** What is done about a proposal; it moves nothing by itself. */
export const PROPOSAL_ACTIONS = ['propose', 'confirm', 'send_back'] as const
export type ActAction = Action | (typeof PROPOSAL_ACTIONS)[number]

const APPLICANT = ['enterprise', 'window_clerk'] as const
const AUTHORITY = ['officer', 'head'] as const
const REVIEWER = ['credit_office', 'officer', 'head'] as const
type ItemMove = Move<ItemState, Action, Role | 'platform'>

/**
 * Items that another platform decides (异地, D12). What is done there is carried out here by the platform alone, so that
 * nobody decides twice; there, the same case came in by transfer and its applicant speaks through the platform.
 */
const PLATFORM = ['platform'] as const
const AWAY_MOVES: readonly ItemMove[] = [
  { from: 'received', action: 'pass_on', by: PLATFORM, to: 'passed_on' },
  { from: 'passed_on', action: 'come_back', by: PLATFORM, to: 'received' },
  { from: 'passed_on', action: 'ask_there', by: PLATFORM, to: 'mending' },
  { from: 'passed_on', action: 'not_accept_there', by: PLATFORM, to: 'not_accepted' },
  { from: 'passed_on', action: 'forged_there', by: PLATFORM, to: 'ended_forged' },
  { from: 'passed_on', action: 'withdraw_there', by: PLATFORM, to: 'withdrawn' },
  { from: 'passed_on', action: 'lapse_there', by: PLATFORM, to: 'lapsed' },
  { from: 'received', action: 'send_home', by: PLATFORM, to: 'sent_home' },
  { from: 'mending', action: 'mend', by: PLATFORM, to: 'received' },
  { from: 'received', action: 'withdraw', by: PLATFORM, to: 'withdrawn' },
  { from: 'mending', action: 'withdraw', by: PLATFORM, to: 'withdrawn' },
]
const REPAIR_AWAY_MOVES: readonly ItemMove[] = [
  ...AWAY_MOVES,
  { from: 'passed_on', action: 'grant_there', by: PLATFORM, to: 'granted' },
  { from: 'passed_on', action: 'refuse_there', by: PLATFORM, to: 'refused' },
  { from: 'granted', action: 'revoke_there', by: PLATFORM, to: 'revoked' },
  { from: 'accepted', action: 'withdraw', by: PLATFORM, to: 'withdrawn' },
]
const SHIELD_AWAY_MOVES: readonly ItemMove[] = [
  ...AWAY_MOVES,
  { from: 'passed_on', action: 'shield_there', by: PLATFORM, to: 'shielded' },
  { from: 'shielded', action: 'plan_completed_there', by: PLATFORM, to: 'plan_completed' },
  { from: 'shielded', action: 'restore_there', by: PLATFORM, to: 'restored' },
  { from: 'plan_completed', action: 'restore_there', by: PLATFORM, to: 'restored' },
]

export const REPAIR_MOVES: readonly ItemMove[] = [
  { from: 'draft', action: 'submit', by: APPLICANT, to: 'received' },
  { from: 'draft', action: 'submit_to_review', by: APPLICANT, to: 'first_review' },
  { from: 'first_review', action: 'pass', by: REVIEWER, to: 'received' },
  { from: 'first_review', action: 'return', by: REVIEWER, to: 'returned' },
  { from: 'first_review', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'first_review', action: 'lapse', by: REVIEWER, to: 'lapsed' },
  { from: 'returned', action: 'mend', by: APPLICANT, to: 'first_review' },
  { from: 'returned', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'returned', action: 'lapse', by: REVIEWER, to: 'lapsed' },
  { from: 'received', action: 'accept', by: AUTHORITY, to: 'accepted' },
  // Where the jurisdiction lets the window accept for the authorities (Sichuan (2024) No. 269, 二（四）).
  { from: 'received', action: 'accept_at_window', by: ['window_clerk'], to: 'accepted' },
  { from: 'received', action: 'ask_once', by: AUTHORITY, to: 'mending' },
  { from: 'received', action: 'not_accept', by: AUTHORITY, to: 'not_accepted' },
  { from: 'received', action: 'forged', by: AUTHORITY, to: 'ended_forged' },
  { from: 'received', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'received', action: 'lapse', by: AUTHORITY, to: 'lapsed' },
  { from: 'mending', action: 'mend', by: APPLICANT, to: 'received' },
  { from: 'mending', action: 'forged', by: AUTHORITY, to: 'ended_forged' },
  { from: 'mending', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'mending', action: 'lapse', by: AUTHORITY, to: 'lapsed' },
  { from: 'accepted', action: 'grant', by: AUTHORITY, to: 'granted' },
  { from: 'accepted', action: 'refuse', by: AUTHORITY, to: 'refused' },
  { from: 'accepted', action: 'extend', by: AUTHORITY, to: 'accepted' },
  { from: 'accepted', action: 'forged', by: AUTHORITY, to: 'ended_forged' },
  { from: 'accepted', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'accepted', action: 'lapse', by: AUTHORITY, to: 'lapsed' },
  { from: 'granted', action: 'revoke', by: AUTHORITY, to: 'revoked' },
  // An objection to the refusal was upheld (Order 36 art. 18): the same application is dealt with again.
  { from: 'not_accepted', action: 'take_up', by: PLATFORM, to: 'received' },
  { from: 'refused', action: 'take_up', by: PLATFORM, to: 'received' },
  ...REPAIR_AWAY_MOVES,
]

/** Order 36 art. 20, Order 107 art. 22: shielded from the application, without an acceptance of its own. */
export const SHIELD_MOVES: readonly ItemMove[] = [
  { from: 'draft', action: 'submit', by: APPLICANT, to: 'received' },
  { from: 'received', action: 'shield', by: AUTHORITY, to: 'shielded' },
  { from: 'received', action: 'ask_once', by: AUTHORITY, to: 'mending' },
  { from: 'received', action: 'not_accept', by: AUTHORITY, to: 'not_accepted' },
  { from: 'received', action: 'forged', by: AUTHORITY, to: 'ended_forged' },
  { from: 'received', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'received', action: 'lapse', by: AUTHORITY, to: 'lapsed' },
  { from: 'mending', action: 'mend', by: APPLICANT, to: 'received' },
  { from: 'mending', action: 'forged', by: AUTHORITY, to: 'ended_forged' },
  { from: 'mending', action: 'withdraw', by: APPLICANT, to: 'withdrawn' },
  { from: 'mending', action: 'lapse', by: AUTHORITY, to: 'lapsed' },
  { from: 'shielded', action: 'plan_completed', by: AUTHORITY, to: 'plan_completed' },
  { from: 'shielded', action: 'restore', by: AUTHORITY, to: 'restored' },
  { from: 'plan_completed', action: 'restore', by: AUTHORITY, to: 'restored' },
  ...SHIELD_AWAY_MOVES,
]

export const movesOf = (kind: Kind): readonly ItemMove[] => (kind === 'repair' ? REPAIR_MOVES : SHIELD_MOVES)

/** States in which a record is under way: a second basket may not hold it. */
export const OPEN_STATES = [
  'draft',
  'first_review',
  'returned',
  'received',
  'mending',
  'accepted',
  'passed_on',
] as const
export const isOpen = (state: ItemState): boolean => OPEN_STATES.some((s) => s === state)
/** States in which the applicant owes the next step; the clock stands still. */
export const APPLICANT_STATES = ['returned', 'mending'] as const
/** Materials may be added while the basket is a draft or an item waits for the applicant. */
export const takesMaterial = (states: readonly ItemState[]): boolean =>
  states.some((s) => s === 'draft' || APPLICANT_STATES.some((a) => a === s))
