import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { listRows } from './rows.ts'
import { annulFile } from './service.annul.ts'
import { form } from './service.form.ts'
import { pushRecords, submitForm } from './service.push.ts'
import { listMends, listProposals, mendReturned } from './service.mends.ts'
import { cancelCheck, checkFile, getCheck } from './service.checks.ts'
import { decideRow, refusedWorkbook, template } from './service.returns.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  submitFile: service.submitFile,
  checkFile,
  getCheck,
  cancelCheck,
  listSubmissions: service.listSubmissions,
  getSubmission: service.getSubmission,
  listRows,
  annulNumbers: annulFile,
  listProposals,
  mendRows: mendReturned,
  listMends,
  refusedWorkbook,
  decideRow,
  pushRecords,
  form,
  submitForm,
  template,
  listMappings: service.listMappings,
  putMapping: service.putMapping,
  catalog: service.catalog,
}
