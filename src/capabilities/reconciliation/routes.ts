import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  reconciliation: service.reconciliation,
  listStatements: service.listStatements,
  getStatement: service.getStatement,
  statementFile: service.statementFile,
  reconcileNow: service.reconcileNow,
  setReconciliationAddress: service.setReconciliationAddress,
  listDifferences: service.listDifferences,
  getDifference: service.getDifference,
  actOnDifference: service.actOnDifference,
}
