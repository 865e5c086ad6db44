import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as cases from './service.cases.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  myRecords: service.myRecords,
  lookUpSubject: service.lookUpSubject,
  createApplication: service.createApplication,
  listApplications: service.listApplications,
  getApplication: service.getApplication,
  addItems: service.addItems,
  removeItem: service.removeItem,
  describeItem: service.describeItem,
  discardApplication: service.discardApplication,
  uploadMaterial: service.uploadMaterial,
  removeMaterial: service.removeMaterial,
  downloadMaterial: service.downloadMaterial,
  signCommitment: service.signCommitment,
  submitApplication: service.submitApplication,
  mendItem: cases.mendItem,
  withdrawItem: cases.withdrawItem,
  queue: cases.listQueue,
  getCase: cases.getCase,
  passItem: cases.passItem,
  returnItem: cases.returnItem,
  acceptItem: cases.acceptItem,
  askOnce: cases.askOnce,
  notAcceptItem: cases.notAcceptItem,
  grantItem: cases.grantItem,
  refuseItem: cases.refuseItem,
  extendItem: cases.extendItem,
  findForged: cases.findForged,
  revokeGrant: cases.revokeGrant,
  shieldItem: cases.shieldItem,
  completePlan: cases.completePlan,
  restoreItem: cases.restoreItem,
  confirmProposal: cases.confirmProposal,
  sendBackProposal: cases.sendBackProposal,
}
