import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as cases from './service.cases.ts'
import { codeFigureRows, codeFigures } from './service.figures.ts'
import * as tasks from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  codeFigures: (ctx) => codeFigures(ctx),
  codeFigureRows,
  listTasks: tasks.listTasks,
  getTask: tasks.getTask,
  openTask: tasks.openTask,
  answerTask: tasks.answerTask,
  attachProof: tasks.attachProof,
  taskProof: tasks.taskProof,
  acceptAnswer: tasks.acceptAnswer,
  sendBackAnswer: tasks.sendBackAnswer,
  withdrawTask: tasks.withdrawTask,
  listCases: cases.listCases,
  getCase: cases.getCase,
  listFileRecords: cases.listFileRecords,
  previewMerge: cases.previewMerge,
  proposeMerge: cases.proposeMerge,
  previewSplit: cases.previewSplit,
  proposeSplit: cases.proposeSplit,
  decideCase: cases.decideCase,
}
