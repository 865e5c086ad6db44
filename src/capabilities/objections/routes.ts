import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as cases from './service.cases.ts'
import * as findings from './service.findings.ts'
import { objectionMeasures } from './service.measures.ts'
import * as reports from './service.reports.ts'
import * as reviews from './service.reviews.ts'
import * as tombstones from './service.tombstones.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  objectionGuide: service.objectionGuide,
  listTargets: service.listTargets,
  createObjection: service.createObjection,
  editObjection: service.editObjection,
  discardObjection: service.discardObjection,
  attachEvidence: service.attachEvidence,
  removeEvidence: service.removeEvidence,
  downloadEvidence: service.downloadEvidence,
  submitObjection: service.submitObjection,
  withdrawObjection: service.withdrawObjection,
  listObjections: service.listObjections,
  getObjection: service.getObjection,
  objectionQueue: cases.objectionQueue,
  getObjectionCase: cases.getObjectionCase,
  pushObjection: cases.pushObjection,
  extendObjection: cases.extendObjection,
  previewCorrection: cases.previewCorrection,
  decideObjection: cases.decideObjection,
  applyObjection: cases.applyObjection,
  listSiblings: cases.listSiblings,
  correctSiblings: cases.correctSiblings,
  openOwnMotion: cases.openOwnMotion,
  createReport: reports.createReport,
  getReportStatus: reports.getReportStatus,
  listReports: reports.listReports,
  getReport: reports.getReport,
  takeUpReport: reports.takeUpReport,
  dismissReport: reports.dismissReport,
  listTombstones: tombstones.listTombstones,
  liftTombstone: tombstones.liftTombstone,
  listFindings: findings.listFindings,
  takeUpFinding: findings.takeUpFinding,
  objectionMeasures,
  listReviews: reviews.listReviews,
  registerReview: reviews.registerReview,
  endReview: reviews.endReview,
  carryOutReview: reviews.carryOutReview,
}
