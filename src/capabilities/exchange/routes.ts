import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  feed: service.feed,
  acknowledge: service.acknowledge,
  feedKeys: service.feedKeys,
  peers: service.peers,
  createPeer: service.createPeer,
  setPeerState: service.setPeerState,
  propagation: service.propagation,
}
