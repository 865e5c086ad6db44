import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listInbox: service.listInbox,
  countUnread: service.countUnread,
  readMessage: service.readMessage,
  readAllMessages: service.readAllMessages,
}
