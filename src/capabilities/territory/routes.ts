import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { exportBasicChanges, listBasicChanges, listTerritorySubjects } from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = { listBasicChanges, exportBasicChanges, listTerritorySubjects }
