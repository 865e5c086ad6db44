import type { StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, decodeCursor, pageOf } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorRef, authorityOf, hasRole, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { CatalogView, CheckView, SubmissionView } from './contract.ts'
import { type Mapping, headerKey } from './files/header.ts'
import { readMapping } from './files/mapping.ts'
import { wakeImport } from './jobs.ts'
import { chunksOf, directoryOf, openReading } from './open.ts'
import type { InputRow, KnownAuthority } from './rules.ts'
import { itemsOn } from './rules.catalog.ts'
import { draft, enter, mustFind, mustItem, mustReport, ownAuthority } from './service.enter.ts'
import * as store from './store.ts'
import { catalogItemView, problemView, submissionView } from './views.ts'
import type { WayIn } from './words.ts'

const mappingFrom = (text: string | undefined, item: CatalogItem): Mapping | null =>
  text?.trim() ? readMapping(text, item.fields) : null

export type SubmitAsk = {
  item: string
  file: StoredFile
  mappingText?: string | undefined
  corrects?: string | undefined
  backfill: boolean
  wayIn: WayIn
}
/** Takes a file in for an authority: kept, and queued. The pipeline does the rest. */
export const submitFor = (ctx: Ctx, authority: KnownAuthority | null, ask: SubmitAsk): Promise<store.Submission> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const mapping = mappingFrom(ask.mappingText, item)
  return inTx(ctx, async (tx) => {
    if (ask.corrects) {
      const first = await store.findSubmission(tx, { authorityId: reporter.id }, ask.corrects)
      if (first?.item !== item.code) mustNot('CORRECTS_UNKNOWN')
    }
    const s = draft(ctx, { ...ask, item, authority: reporter, mapping, corrects: ask.corrects ?? null })
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

const SHOWN_ROWS = 50
/** Reads and checks the whole file and keeps nothing. Whether a subject's name agrees with its file is only known on the real run. */
export const checkFor = async (
  ctx: Ctx,
  authority: KnownAuthority | null,
  ask: {
    item: string
    file: Pick<StoredFile, 'hash' | 'name'>
    mappingText?: string | undefined
    onRefused?: (input: InputRow, view: CheckView['rows'][number]) => void
  },
): Promise<CheckView & { header: store.KeptHeader }> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const reader = ctx.db.kysely
  const reading = await openReading(ctx, {
    path: ctx.files.pathOf(ask.file.hash),
    name: ask.file.name,
    item,
    reporter,
    directory: await directoryOf(reader),
    today: today(ctx),
    mapping: mappingFrom(ask.mappingText, item),
    remembered: (keys) => store.findMapping(reader, { authorityId: reporter.id, item: item.code, keys }),
  })
  const view: CheckView = { item: item.code, columns: reading.columns, received: 0, accepted: 0, refused: 0, rows: [] }
  for await (const chunk of chunksOf(reading, 0, 500)) {
    for (const row of chunk) {
      const checked = reading.check(row)
      view.received++
      if (checked.ok) view.accepted++
      else {
        view.refused++
        const shown = {
          n: row.n,
          name: checked.name,
          problems: checked.problems.map((p) => problemView(item, p, ctx.lang)),
        }
        if (view.rows.length < SHOWN_ROWS) view.rows.push(shown)
        ask.onRefused?.(row, shown)
      }
    }
  }
  return { ...view, header: reading.header }
}
export const checkFile = async (
  ctx: Ctx,
  ask: { item: string; file: StoredFile; mappingText?: string | undefined },
): Promise<CheckView> => {
  const { header: _, ...view } = await checkFor(ctx, await ownAuthority(ctx), ask)
  return view
}

const cursor = (after: string | undefined): (string | number | null)[] | null =>
  after ? (decodeCursor(after) ?? mustNot('BAD_CURSOR')) : null

export const listSubmissions = async (
  ctx: Ctx,
  ask: { state?: string | undefined; item?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<SubmissionView>> => {
  const key = cursor(ask.after)
  const [at, id] = key ?? []
  if (
    key &&
    (typeof at !== 'string' || typeof id !== 'string' || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id))
  )
    mustNot('BAD_CURSOR')
  const after: [string, string] | null = key ? [String(at), String(id)] : null
  const rows = await store.listSubmissions(ctx.db.kysely, store.scopeOf(ctx.actor), {
    ...ask,
    after,
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
