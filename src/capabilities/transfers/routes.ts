import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listTransfers: service.listTransfers,
  listTurnedAway: service.listTurnedAway,
  trackOfItem: service.trackOfItem,
  askBack: service.askBack,
  returnTransfer: service.returnTransfer,
  passOnAgain: service.passOnAgain,
  listSeats: service.listSeats,
  setSeat: service.setSeat,
}
