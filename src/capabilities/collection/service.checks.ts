import type { StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, actorRef } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import type { CheckRunView } from './contract.ts'
import { wakeCheck } from './run.checks.ts'
import { mappingFrom, mustItem, mustReport, ownAuthority } from './service.enter.ts'
import * as store from './store.checks.ts'
import { checkRunView } from './views.ts'

/** Begins a preflight: the file is read and checked to its end beside this call, and nothing of it is taken in. */
export const checkFile = async (
  ctx: Ctx,
  ask: { item: string; file: StoredFile; mappingText?: string | undefined },
): Promise<CheckRunView> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(await ownAuthority(ctx), item)
  const run: store.CheckRun = {
    id: newId(),
    authorityId: reporter.id,
    item: item.code,
    fileHash: ask.file.hash,
    fileName: ask.file.name,
    mapping: mappingFrom(ask.mappingText, item),
    lang: ctx.lang,
    state: 'waiting',
    readTo: 0,
    totalRows: 0,
    checkedRows: 0,
    found: null,
    refusal: null,
    createdAt: ctx.clock.now(),
    createdBy: actorRef(ctx.actor),
    finishedAt: null,
  }
  await inTx(ctx, (tx) => store.insertCheck(tx, run))
  wakeCheck(ctx)
  return checkRunView(ctx, run)
}

const mustFind = async (ctx: Ctx, id: string): Promise<store.CheckRun> =>
  (await store.findCheck(ctx.db.kysely, id, actorRef(ctx.actor))) ?? mustNot('NO_SUCH_CHECK')

export const getCheck = async (ctx: Ctx, ask: { id: string }): Promise<CheckRunView> =>
  checkRunView(ctx, await mustFind(ctx, ask.id))

/** One that has ended stays as it is. */
export const cancelCheck = async (ctx: Ctx, ask: { id: string }): Promise<CheckRunView> => {
  const { id } = await mustFind(ctx, ask.id)
  await inTx(ctx, (tx) => store.cancelCheck(tx, { id, by: actorRef(ctx.actor), at: ctx.clock.now() }))
  return getCheck(ctx, { id })
}
