import type { Handlers } from '../../kernel/api.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { today } from '../../platform/context.ts'
import type { endpoints as more } from './contract.consequences.ts'
import type { endpoints } from './contract.ts'
import { routingTable } from './rules.routing.ts'
import { decideBatch } from './service.batch.ts'
import * as consequences from './service.consequences.ts'
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
  lapseItem: cases.lapseItem,
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

export const consequenceHandlers: Handlers<typeof more, Ctx> = {
  routingTable: async (ctx, { on }) => routingTable(ctx.policy, (on as LocalDate | undefined) ?? today(ctx)),
  decideBatch,
  listLinks: consequences.linksOfRecord,
  linkRecords: consequences.linkRecords,
  listDuties: consequences.listDuties,
  dutyDone: consequences.dutyDone,
  deregister: (ctx, ask) => consequences.deregister(ctx, { ...ask, on: ask.on as LocalDate }),
  keepShown: consequences.keepShown,
  mayKeepShown: consequences.mayKeepShown,
}
