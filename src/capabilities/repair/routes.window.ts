import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints as calendarEndpoints } from './contract.calendar.ts'
import type { endpoints as factEndpoints } from './contract.facts.ts'
import type { endpoints as windowEndpoints } from './contract.window.ts'
import * as calendar from './service.calendar.ts'
import * as facts from './service.facts.ts'
import * as handOver from './service.handover.ts'
import * as library from './service.library.ts'
import * as window from './service.window.ts'

export const factHandlers: Handlers<typeof factEndpoints, Ctx> = {
  shareFacts: facts.shareFacts,
  listFacts: facts.listFacts,
  withdrawFact: facts.withdrawFact,
  listLibrary: library.listLibrary,
  reuseMaterial: library.reuseMaterial,
  keepMaterial: library.keepMaterial,
}

export const calendarHandlers: Handlers<typeof calendarEndpoints, Ctx> = {
  repairCalendar: calendar.repairCalendar,
  offerApplication: calendar.offerApplication,
  listFeeds: calendar.listFeeds,
  makeFeed: calendar.makeFeed,
  revokeFeed: calendar.revokeFeed,
  readFeed: calendar.readFeed,
}

export const windowHandlers: Handlers<typeof windowEndpoints, Ctx> = {
  startHandOver: handOver.startHandOver,
  getHandOver: handOver.getHandOver,
  endHandOver: handOver.endHandOver,
  checkForm: window.checkForm,
  giveWindowNotice: window.giveWindowNotice,
  takeIn: window.takeIn,
  getReceipt: window.getReceipt,
  downloadSignature: handOver.downloadSignature,
  openHandOver: handOver.openHandOver,
  viewOnPhone: handOver.viewOnPhone,
  uploadOnPhone: handOver.uploadOnPhone,
  confirmOnPhone: handOver.confirmOnPhone,
  signOnPhone: handOver.signOnPhone,
  giveBack: handOver.giveBack,
}
