import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { receiverFile, receivers } from './receivers.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listGateways: service.listGateways,
  getGateway: service.getGateway,
  addFolder: service.addFolder,
  addTable: service.addTable,
  tryTable: service.tryTable,
  tryGateway: service.tryGateway,
  setConnection: service.setConnection,
  moveGateway: service.moveGateway,
  endGateway: service.endGateway,
  readGatewayNow: service.readGatewayNow,
  listIntakes: service.listIntakes,
  tableScript: service.scriptFor,
  receivers,
  receiverFile,
}
