import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listRules: service.listRules,
  getRule: service.getRule,
  sectorOptions: service.sectorOptions,
  drawUpChange: service.drawUpChange,
  listChanges: service.listChanges,
  getChange: service.getChange,
  listFigureRows: service.listFigureRows,
  listFigureCounts: service.listFigureCounts,
  previewChange: service.previewChange,
  actOnChange: service.actOnChange,
}
