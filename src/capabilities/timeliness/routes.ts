import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as findings from './service.findings.ts'
import * as samples from './service.samples.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  getTimeliness: service.getTimeliness,
  listLedger: service.listLedger,
  exportLedger: service.exportLedger,
  listEntries: service.listEntries,
  listFindings: findings.listFindings,
  findMissing: findings.findMissing,
  explainFinding: findings.explainFinding,
  dismissFinding: findings.dismissFinding,
  reopenFinding: findings.reopenFinding,
  uploadDecisionList: samples.uploadDecisionList,
  listDecisionLists: samples.listDecisionLists,
  drawSample: samples.drawSample,
  listSamples: samples.listSamples,
  getSample: samples.getSample,
  markSampleRows: samples.markSampleRows,
  closeSample: samples.closeSample,
  answerSample: samples.answerSample,
  reviseSample: samples.reviseSample,
  settleSample: samples.settleSample,
  listReportingStarts: service.listReportingStarts,
  setReportingStart: service.setReportingStart,
}
