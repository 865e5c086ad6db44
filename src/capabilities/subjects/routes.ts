import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import { closeConflict, listConflicts, letAct, listActing, listLooks, searchSubjects, viewSubject } from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  searchSubjects: (ctx, input) => searchSubjects(ctx.db.kysely, input),
  getSubject: (ctx, { code }) => viewSubject(ctx, code),
  listConflicts: (ctx, input) => listConflicts(ctx, input),
  closeConflict: (ctx, input) => closeConflict(ctx, input),
  listActing: (ctx, input) => listActing(ctx, input),
  letAct: (ctx, input) => letAct(ctx, input),
  listLooks: (ctx, input) => listLooks(ctx, input),
}
