import type { StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorRef, authorityOf, hasRole, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { CatalogView, SubmissionView } from './contract.ts'
import { headerKey } from './files/header.ts'
import { readMapping } from './files/mapping.ts'
import { wakeImport } from './jobs.ts'
import type { KnownAuthority } from './rules.ts'
import { itemsOn } from './rules.catalog.ts'
import { draft, enter, mappingFrom, mustFind, mustItem, mustReport, ownAuthority } from './service.enter.ts'
import { readAccepted } from './service.mends.ts'
import * as store from './store.ts'
import { catalogItemView, submissionView } from './views.ts'
import type { WayIn } from './words.ts'

export type SubmitAsk = {
  item: string
  file: StoredFile
  mappingText?: string | undefined
  corrects?: string | undefined
  backfill: boolean
  wayIn: WayIn
  /** JSON of the proposals that were accepted. */
  mending?: string | undefined
}
/** Takes a file in for an authority: kept, and queued. The pipeline does the rest. */
export const submitFor = (ctx: Ctx, authority: KnownAuthority | null, ask: SubmitAsk): Promise<store.Submission> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const mapping = mappingFrom(ask.mappingText, item)
  const mending = readAccepted(ask.mending)
  return inTx(ctx, async (tx) => {
    if (ask.corrects) {
      const first = await store.findSubmission(tx, { authorityId: reporter.id }, ask.corrects)
      if (first?.item !== item.code) mustNot('CORRECTS_UNKNOWN')
    }
    const s = draft(ctx, { ...ask, item, authority: reporter, mapping, mending, corrects: ask.corrects ?? null })
    await enter(tx, ctx, s)
    return s
  })
}

export const submitFile = async (
  ctx: Ctx,
  ask: Omit<SubmitAsk, 'wayIn' | 'backfill'> & { backfill: 'yes' | 'no' },
): Promise<SubmissionView> => {
  const s = await submitFor(ctx, await ownAuthority(ctx), { ...ask, backfill: ask.backfill === 'yes', wayIn: 'web' })
  wakeImport(ctx)
  return submissionView(ctx, s)
}

export const listSubmissions = async (
  ctx: Ctx,
  ask: { state?: string | undefined; item?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<SubmissionView>> => {
  const rows = await store.listSubmissions(ctx.db.kysely, store.scopeOf(ctx.actor), {
    ...ask,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.createdAt, r.id])
  return { rows: page.rows.map((s) => submissionView(ctx, s)), next: page.next }
}

export const getSubmission = async (ctx: Ctx, ask: { id: string }): Promise<SubmissionView> =>
  submissionView(ctx, await mustFind(ctx, ask.id))

export const listMappings = async (ctx: Ctx) => {
  const id = authorityOf(ctx.actor)
  const rows = id ? await store.listMappings(ctx.db.kysely, id) : []
  return {
    rows: rows.map((r) => ({
      item: r.item,
      headerKey: r.headerKey,
      columns: r.mapping.columns,
      constants: r.mapping.constants,
      updatedAt: r.updatedAt,
    })),
    next: null,
  }
}
export const putMapping = async (ctx: Ctx, ask: { item: string; headings: string[]; mappingText: string }) => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  const mapping = readMapping(ask.mappingText, item.fields)
  return inTx(ctx, async (tx) => {
    const key = headerKey(ask.headings)
    await store.putMapping(tx, {
      authorityId: authority.id,
      item: item.code,
      headerKey: key,
      mapping,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
    })
    recordAct(tx, ctx, {
      act: 'collection.remember_mapping',
      target: { kind: 'authority', id: authority.id },
      details: { item: item.code },
    })
    return { item: item.code, columns: mapping.columns, constants: mapping.constants }
  })
}

export const catalog = async (ctx: Ctx): Promise<CatalogView> => {
  const authority = await ownAuthority(ctx)
  const may = (item: CatalogItem) =>
    authority !== null && (authority.isCreditOffice || authority.duties.includes(item.code))
  return {
    items: itemsOn(ctx.policy, today(ctx)).map((item) =>
      catalogItemView(item, hasRole(ctx.actor, 'collector', 'credit_office') && may(item)),
    ),
  }
}
