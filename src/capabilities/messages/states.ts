import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'

/**
 * One delivery. In the inbox: unread, read. By e-mail and text message: waiting, sent; failed and tried again; given up
 * after the policy's limit; and what never set out, because the platform or the person has no such way.
 */
export const DELIVERY_STATES = [
  'unread',
  'read',
  'waiting',
  'failed',
  'sent',
  'given_up',
  'no_address',
  'not_configured',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]
export const DELIVERY_ACTIONS = ['read', 'send', 'fail', 'give_up', 'find_no_address', 'find_no_way', 'again'] as const
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number]
/** `reader`: the person whom it is for. `system`: the dispatch. */
export type Mover = 'reader' | 'system' | Extract<Role, 'credit_office'>

const outward = (from: 'waiting' | 'failed'): readonly Move<DeliveryState, DeliveryAction, Mover>[] => [
  { from, action: 'send', by: ['system'], to: 'sent' },
  { from, action: 'fail', by: ['system'], to: 'failed' },
  { from, action: 'give_up', by: ['system'], to: 'given_up' },
  { from, action: 'find_no_address', by: ['system'], to: 'no_address' },
  { from, action: 'find_no_way', by: ['system'], to: 'not_configured' },
]

export const DELIVERY_MOVES: readonly Move<DeliveryState, DeliveryAction, Mover>[] = [
  { from: 'unread', action: 'read', by: ['reader'], to: 'read' },
  ...outward('waiting'),
  ...outward('failed'),
  { from: 'given_up', action: 'again', by: ['credit_office'], to: 'waiting' },
  { from: 'no_address', action: 'again', by: ['credit_office'], to: 'waiting' },
  { from: 'not_configured', action: 'again', by: ['credit_office'], to: 'waiting' },
]
