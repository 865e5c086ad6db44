import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listItems: service.listItems,
  getItem: service.getItem,
  compareVersions: service.compareVersions,
  listDrafts: service.listDrafts,
  drawUp: service.drawUp,
  listProposals: service.listProposals,
  getProposal: service.getProposal,
  listPreviewRows: service.listPreviewRows,
  previewAgain: service.previewAgain,
  act: service.act,
}
