import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import { chase } from './chase.ts'
import type { deskEndpoints } from './contract.desk.ts'
import * as desk from './service.desk.ts'

export const deskHandlers: Handlers<typeof deskEndpoints, Ctx> = {
  flows: desk.flows,
  deliveryBalance: desk.deliveryBalance,
  deliveries: desk.deliveries,
  deadLetters: desk.deadLetters,
  deadLetter: desk.deadLetter,
  replay: desk.replay,
  giveUp: desk.giveUp,
  previewReplay: desk.previewReplay,
  replayAll: desk.replayAll,
  chases: desk.chases,
  chase,
}
