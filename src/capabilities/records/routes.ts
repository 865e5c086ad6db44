import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import { rawJson } from '../../platform/http.ts'
import type { endpoints } from './contract.ts'
import { annulRecord, reinstateRecord } from './annul.ts'
import { listAuthorityRecords, myFile, openFile, publicFileText, recordHistory } from './service.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  listPublicRecords: async (ctx, { code, after }) => rawJson(await publicFileText(ctx, code, after)),
  openFile: (ctx, input) => openFile(ctx, input),
  myFile: (ctx, { subjectId }) => myFile(ctx, subjectId),
  listAuthorityRecords: (ctx, input) => listAuthorityRecords(ctx, input),
  getRecordHistory: (ctx, { id }) => recordHistory(ctx, id),
  annulRecord: (ctx, input) => annulRecord(ctx, input),
  reinstateRecord: (ctx, input) => reinstateRecord(ctx, input),
}
