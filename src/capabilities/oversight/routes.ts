import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import * as candidates from './candidates.ts'
import type { endpoints } from './contract.ts'
import * as ratings from './ratings.ts'
import * as report from './report.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  oversightFigures: service.oversightFigures,
  oversightEntries: service.oversightEntries,
  oversightOpen: service.oversightOpen,
  oversightRefusals: service.oversightRefusals,
  exportOversight: service.exportOversight,
  exportOversightEntries: service.exportOversightEntries,
  listMyRatings: ratings.listMyRatings,
  rateItem: ratings.rateItem,
  listRatings: ratings.listRatings,
  replyToRating: ratings.replyToRating,
  listRepairReports: report.listRepairReports,
  draftRepairReport: report.draftRepairReport,
  recomputeRepairReport: report.recomputeRepairReport,
  publishRepairReport: report.publishRepairReport,
  verifyRepairReport: report.verifyRepairReport,
  repairReportPaper: report.repairReportPaper,
  repairReportsPage: report.repairReportsPage,
  listCandidates: candidates.listCandidates,
  findCandidates: candidates.findCandidates,
  handOverCandidate: candidates.handOverCandidate,
  answerCandidate: candidates.answerCandidate,
  exportCandidates: candidates.exportCandidates,
}
