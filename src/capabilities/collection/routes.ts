import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { listRows } from './rows.ts'
import { pushRecords } from './service.push.ts'
import { decideRow, refusedWorkbook, template } from './service.returns.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  submitFile: service.submitFile,
  checkFile: service.checkFile,
  listSubmissions: service.listSubmissions,
  getSubmission: service.getSubmission,
  listRows,
  refusedWorkbook,
  decideRow,
  pushRecords,
  template,
  listMappings: service.listMappings,
  putMapping: service.putMapping,
  catalog: service.catalog,
}
