import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listKinds: (ctx) => service.listKinds(ctx),
  listMine: service.listMine,
  beginDeclaration: service.beginDeclaration,
  getDeclaration: service.getDeclaration,
  amendDeclaration: service.amendDeclaration,
  attachProofOfDeclaration: service.attachProof,
  proofOfDeclaration: service.proofOf,
  declare: service.declare,
  withdrawDeclaration: service.withdrawDeclaration,
  listToVerify: service.listToVerify,
  decideDeclaration: service.decideDeclaration,
  publicDeclared: service.publicDeclared,
}
