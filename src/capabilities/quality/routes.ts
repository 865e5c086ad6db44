import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import * as circular from './circular.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  qualityOverview: service.qualityOverview,
  listStandings: service.listStandings,
  authorityQuality: service.authorityQuality,
  listFaults: service.listFaults,
  listFaultRows: service.listFaultRows,
  mendPlan: service.mendPlanOf,
  listMendRows: service.listMendRows,
  listCirculars: circular.listCirculars,
  getCircular: circular.getCircular,
  draftCircular: circular.draftCircular,
  recomputeCircular: circular.recomputeCircular,
  issueCircular: circular.issueCircular,
  verifyCircular: circular.verifyCircular,
  circularPaper: circular.circularPaper,
  circularFile: circular.circularFile,
}
