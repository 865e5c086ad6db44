import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { inbox } from './inbox.ts'
import { decideReceived, getReceived, listReceived, listReceivedDays } from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  inbox,
  listReceived,
  listReceivedDays,
  getReceived,
  decideReceived,
}
