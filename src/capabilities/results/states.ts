import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Words } from '../../kernel/words.ts'

/** What an authority takes off its own page: until somebody has looked and seen that it is down. */
export const TAKEDOWN_STATES = ['open', 'confirmed', 'not_shown', 'verified', 'returned', 'void'] as const
export type TakedownState = (typeof TAKEDOWN_STATES)[number]
export const TAKEDOWN_ACTIONS = ['confirm', 'declare', 'find_gone', 'find_there', 'void'] as const
export type TakedownAction = (typeof TAKEDOWN_ACTIONS)[number]
export const TAKEDOWN_ACTION_WORDS: Record<TakedownAction, Words> = {
  confirm: { zh: '确认已撤下', en: 'Confirm it is down' },
  declare: { zh: '未曾公示', en: 'Was never shown' },
  find_gone: { zh: '核对已撤下', en: 'Seen to be down' },
  find_there: { zh: '核对仍在公示', en: 'Still there' },
  void: { zh: '修复已撤销', en: 'Repair reversed' },
}

const OWN: readonly Role[] = ['collector', 'officer', 'head']
type By = Role | 'platform'
export const TAKEDOWN_MOVES: readonly Move<TakedownState, TakedownAction, By>[] = [
  { from: 'open', action: 'confirm', by: OWN, to: 'confirmed' },
  { from: 'open', action: 'declare', by: OWN, to: 'not_shown' },
  { from: 'open', action: 'void', by: ['platform'], to: 'void' },
  { from: 'returned', action: 'confirm', by: OWN, to: 'confirmed' },
  { from: 'returned', action: 'void', by: ['platform'], to: 'void' },
  // A wrong address is put right, and looked at again.
  { from: 'confirmed', action: 'confirm', by: OWN, to: 'confirmed' },
  { from: 'confirmed', action: 'find_gone', by: ['platform', 'credit_office'], to: 'verified' },
  { from: 'confirmed', action: 'find_there', by: ['platform', 'credit_office'], to: 'returned' },
  { from: 'confirmed', action: 'void', by: ['platform'], to: 'void' },
  { from: 'not_shown', action: 'confirm', by: OWN, to: 'confirmed' },
  { from: 'not_shown', action: 'find_there', by: ['credit_office'], to: 'returned' },
]
