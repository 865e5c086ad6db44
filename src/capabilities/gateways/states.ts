import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { GatewayAction, GatewayState } from './words.ts'

const keepers = ['territory_admin', 'security_admin'] as const

export const moves: readonly Move<GatewayState, GatewayAction, Role>[] = [
  { from: 'active', action: 'pause', by: keepers, to: 'paused' },
  { from: 'paused', action: 'resume', by: keepers, to: 'active' },
  { from: 'active', action: 'end', by: keepers, to: 'ended' },
  { from: 'paused', action: 'end', by: keepers, to: 'ended' },
]
