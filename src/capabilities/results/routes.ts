import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as sets from './service.ts'
import * as takedowns from './service.takedowns.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  resultDataSet: sets.resultDataSet,
  listSets: sets.listSets,
  getSet: sets.getSet,
  listResults: sets.listResults,
  downloadSet: sets.downloadSet,
  proveSet: sets.proveSet,
  listTakedowns: takedowns.listTakedowns,
  getTakedown: takedowns.getTakedown,
  confirmTakedowns: takedowns.confirmTakedowns,
  declareNotShown: takedowns.declareNotShown,
  lookNow: takedowns.lookNow,
  judgeTakedown: takedowns.judgeTakedown,
  listStandings: takedowns.listStandings,
  saveSite: takedowns.saveSite,
}
