import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'
import * as talks from './service.talks.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listParties: service.listParties,
  getParty: service.getParty,
  listOwed: service.listOwed,
  drawAgreement: service.drawAgreement,
  signAgreement: service.signAgreement,
  downloadAgreement: service.downloadAgreement,
  endAgreement: service.endAgreement,
  proposeMeasure: service.proposeMeasure,
  decideMeasure: service.decideMeasure,
  callTalk: talks.callTalk,
  holdTalk: talks.holdTalk,
  closeTalk: talks.closeTalk,
  myAgreement: service.myAgreement,
}
