import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Words } from '../../kernel/words.ts'

/**
 * A difference is open until something is done; what was sent again or taken in is under way until the next comparison
 * proves it; one that the rules explain is accepted, one that a person closes is settled, and both stand as long as nothing about
 * them changes. Closed is what a comparison no longer finds.
 */
export const DIFFERENCE_STATES = ['open', 'under_way', 'accepted', 'settled', 'closed'] as const
export type DifferenceState = (typeof DIFFERENCE_STATES)[number]
export const DIFFERENCE_STATE_WORDS: Record<DifferenceState, Words> = {
  open: { zh: '待处理', en: 'Open' },
  under_way: { zh: '已处理，待核实', en: 'Done, to be proved' },
  accepted: { zh: '已认可', en: 'Accepted' },
  settled: { zh: '已办结', en: 'Settled' },
  closed: { zh: '已一致', en: 'Closed' },
}
export const ACTIONS = ['resend', 'take_in', 'accept', 'settle', 'find_again', 'vanish'] as const
export type Action = (typeof ACTIONS)[number]
export const ACTION_WORDS: Record<Action | 'find', Words> = {
  find: { zh: '比对发现', en: 'Found' },
  resend: { zh: '重新发送', en: 'Send again' },
  take_in: { zh: '接收结果', en: 'Take their result in' },
  accept: { zh: '依规则认可', en: 'Accept' },
  settle: { zh: '写明理由办结', en: 'Close with a reason' },
  find_again: { zh: '再次比对仍不一致', en: 'Found again' },
  vanish: { zh: '再次比对已一致', en: 'No longer found' },
}

const HANDS = ['credit_office', 'platform'] as const
/** `platform`: what the daily comparison does by itself. */
export const DIFFERENCE_MOVES: readonly Move<DifferenceState, Action, Role | 'platform'>[] = [
  { from: 'open', action: 'resend', by: HANDS, to: 'under_way' },
  { from: 'open', action: 'take_in', by: HANDS, to: 'under_way' },
  { from: 'open', action: 'accept', by: HANDS, to: 'accepted' },
  { from: 'open', action: 'settle', by: ['credit_office'], to: 'settled' },
  { from: 'under_way', action: 'settle', by: ['credit_office'], to: 'settled' },
  { from: 'under_way', action: 'find_again', by: ['platform'], to: 'open' },
  { from: 'accepted', action: 'find_again', by: ['platform'], to: 'open' },
  { from: 'settled', action: 'find_again', by: ['platform'], to: 'open' },
  { from: 'open', action: 'vanish', by: ['platform'], to: 'closed' },
  { from: 'under_way', action: 'vanish', by: ['platform'], to: 'closed' },
  { from: 'accepted', action: 'vanish', by: ['platform'], to: 'closed' },
  { from: 'settled', action: 'vanish', by: ['platform'], to: 'closed' },
]
