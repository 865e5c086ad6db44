import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { tryPush } from './pushing.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  onboarding: service.onboarding,
  takeStep: service.takeStep,
  peerRequests: service.peerRequests,
  checkSignature: service.checkSignature,
  tryPush,
  reportConformance: service.reportConformance,
}
