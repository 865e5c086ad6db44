import { CLASSES, CLASS_WORDS, itemOn, versionsOf } from '../../kernel/catalog.ts'
import { Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { findingWords } from '../../kernel/findings.ts'
import { maskName } from '../../kernel/mask.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type ProposalAction, changesWhatRuns, decideProposal } from '../../kernel/proposals.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import { type Ctx, actorName, actorRef, authorityOf, rolesOf, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { readItem } from '../../platform/policy-files.ts'
import { listAuthorities } from '../access/index.ts'
import { problemView } from '../collection/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { DifferenceView, ItemHeadView, ItemView, PreviewRow, ProposalHeadView, ProposalView } from './contract.ts'
import { readVersions } from './live.ts'
import { wakePreview } from './preview.ts'
import { PROPOSAL_REFUSALS, mayFollow } from './rules.ts'
import * as store from './store.ts'
import { differenceView, headOf, itemView, proposalHeadView, proposalView } from './views.ts'

const dayOr = (on: string | undefined, ctx: Ctx): LocalDate => (on ? parseDay(on) : null) ?? today(ctx)

const mustItem = (ctx: Ctx, code: string, on: LocalDate): CatalogItem =>
  itemOn(ctx.policy.catalog, code, on) ?? mustNot('NO_SUCH_CATALOG_ITEM', { item: code })

// ---- reading

export const listItems = async (ctx: Ctx, ask: { on?: string | undefined }) => {
  const on = dayOr(ask.on, ctx)
  const authorities = await listAuthorities(ctx.db.kysely, { active: true })
  const own = authorityOf(ctx.actor)
  const having = new Map<string, number>()
  for (const a of authorities) for (const d of a.duties) having.set(d, (having.get(d) ?? 0) + 1)
  const mine = new Set(authorities.find((a) => a.id === own)?.duties)
  const { catalog } = ctx.policy
  const heads = catalog
    .filter((c) => itemOn(catalog, c.code, on) === c)
    .map(
      (c): ItemHeadView => ({
        ...headOf(c),
        reporters: having.get(c.code) ?? 0,
        mine: mine.has(c.code),
        nextFrom: versionsOf(catalog, c.code).find((v) => v.validFrom > on)?.validFrom ?? null,
      }),
    )
  return {
    on,
    classes: CLASSES.flatMap((code) => {
      const items = heads.filter((h) => h.class === code)
      return items.length ? [{ code, name: CLASS_WORDS[code], items }] : []
    }),
  }
}

export const getItem = async (ctx: Ctx, ask: { code: string; on?: string | undefined }): Promise<ItemView> => {
  const item = mustItem(ctx, ask.code, dayOr(ask.on, ctx))
  const { systems } = item.responsible
  const authorities = await listAuthorities(ctx.db.kysely, { active: true })
  const reporters = authorities
    .filter((a) => a.duties.includes(item.code))
    .map(({ id, name, division, system }) => ({
      id,
      name,
      division,
      outside: systems.length > 0 && !systems.includes(system),
    }))
  return itemView(ctx.policy.catalog, item, reporters)
}

export const compareVersions = async (
  ctx: Ctx,
  ask: { code: string; before: string; after: string },
): Promise<DifferenceView> =>
  differenceView(mustItem(ctx, ask.code, dayOr(ask.before, ctx)), mustItem(ctx, ask.code, dayOr(ask.after, ctx)))

/** Drafts of the pack that are not yet among the versions. */
export const listDrafts = async (ctx: Ctx) => {
  const { catalog, catalogDrafts } = ctx.policy
  const known = new Set(catalog.map((c) => `${c.code}|${c.id}`))
  return {
    rows: catalogDrafts
      .filter(
        (d) => !known.has(`${d.code}|${d.id}`) && !catalog.some((c) => c.code === d.code && c.validFrom >= d.validFrom),
      )
      .map(({ id, code, name, validFrom, note }) => ({ id, item: code, itemName: name, validFrom, note })),
    next: null,
  }
}

// ---- drawing up

/** Everything that is wrong with a text, each with its line. */
const itemFrom = (ctx: Ctx, text: string): CatalogItem => {
  const { item, problems } = readItem(text, ctx.policy)
  if (item) return item
  throw new Refused(
    problems.slice(0, 50).map(({ line, path, message }) => ({
      code: 'ITEM_INVALID',
      params: { line, path: path ? { zh: `（${path}）`, en: ` (${path})` } : '', finding: findingWords(message) },
    })),
  )
}

type DrawUpAsk = { text?: string | undefined; draft?: string | undefined; effectiveFrom: string; reason: string }
const askedFor = (ctx: Ctx, { text, draft }: DrawUpAsk): CatalogItem => {
  if ((text === undefined) === (draft === undefined)) return mustNot('TEXT_OR_DRAFT')
  if (text !== undefined) return itemFrom(ctx, text)
  return ctx.policy.catalogDrafts.find((d) => d.id === draft) ?? mustNot('NO_SUCH_DRAFT', { draft })
}

/** Keeps a version as a draft and begins to look at what is held; nobody else is concerned yet. */
export const drawUp = async (ctx: Ctx, ask: DrawUpAsk): Promise<ProposalView> => {
  const from = parseDay(ask.effectiveFrom) ?? mustNot('BAD_INPUT')
  const item: CatalogItem = { ...askedFor(ctx, ask), validFrom: from, validTo: null, activation: 'in_force' }
  unwrap(mayFollow(ctx.policy.catalog, item, today(ctx)))
  const view = await inTx(ctx, async (tx) => {
    const id = newId()
    await store.insertProposal(tx, {
      id,
      item: item.code,
      origin: ask.text === undefined ? 'pack' : 'upload',
      definition: item,
      sourceText: ask.text ?? null,
      reason: ask.reason,
      effectiveFrom: from,
      state: 'draft',
      createdAt: ctx.clock.now(),
      createdBy: actorRef(ctx.actor),
      createdName: actorName(ctx.actor),
    })
    recordAct(tx, ctx, {
      act: 'catalog.draw_up',
      target: { kind: 'catalog_proposal', id },
      details: { item: item.code, effectiveFrom: from },
    })
    return proposalView(ctx, await mustFind(tx, id))
  })
  wakePreview(ctx)
  return view
}

const mustFind = async (db: Parameters<typeof store.findProposal>[0], id: string): Promise<store.Proposal> =>
  (await store.findProposal(db, id)) ?? mustNot('NO_SUCH_PROPOSAL')

export const previewAgain = async (ctx: Ctx, ask: { id: string; seen: number }): Promise<ProposalView> => {
  const view = await inTx(ctx, async (tx) => {
    const p = await mustFind(tx, ask.id)
    if (p.version !== ask.seen) mustNot('STALE')
    if (p.state !== 'draft' && p.state !== 'proposed') mustNot('NO_SUCH_MOVE', { from: p.state, action: 'preview' })
    await store.restartPreview(tx, p.id, ctx.clock.now())
    recordAct(tx, ctx, { act: 'catalog.preview', target: { kind: 'catalog_proposal', id: p.id } })
    return proposalView(ctx, await mustFind(tx, p.id))
  })
  wakePreview(ctx)
  return view
}

// ---- deciding

const ACTS: Record<ProposalAction, string> = {
  propose: 'catalog.propose',
  approve: 'catalog.approve',
  refuse: 'catalog.refuse',
  withdraw: 'catalog.withdraw',
}

export const act = async (
  ctx: Ctx,
  ask: { id: string; action: ProposalAction; seen: number; reason: string },
): Promise<ProposalView> => {
  const done = await inTx(ctx, async (tx) => {
    const p = await mustFind(tx, ask.id)
    if (p.version !== ask.seen) mustNot('STALE')
    const state = unwrap(
      decideProposal(
        { ...p, preview: p.preview.state },
        ask.action,
        { ref: actorRef(ctx.actor), roles: rolesOf(ctx.actor) },
        { reason: ask.reason, today: today(ctx) },
        PROPOSAL_REFUSALS,
      ),
    )
    if (changesWhatRuns(p.state, state)) await store.raiseCounter(tx)
    if (state === 'proposed' || state === 'approved')
      unwrap(mayFollow(await catalogNow(ctx, tx), p.definition, today(ctx)))
    const saved = await store.saveMove(tx, {
      id: p.id,
      seen: ask.seen,
      state,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
      name: actorName(ctx.actor),
      decision: ask.reason,
    })
    if (!saved) mustNot('STALE')
    recordAct(tx, ctx, {
      act: ACTS[ask.action],
      target: { kind: 'catalog_proposal', id: p.id },
      details: { item: p.item, effectiveFrom: p.effectiveFrom, failing: p.preview.failing },
    })
    return p.id
  })
  // This process need not wait for its turn to look.
  await readVersions(ctx.db)
  return proposalView(ctx, await mustFind(ctx.db.kysely, done))
}

/** The catalog as the transaction sees it: another approval may be newer than what this request began with. */
const catalogNow = async (ctx: Ctx, tx: Parameters<typeof store.approvedItems>[0]): Promise<readonly CatalogItem[]> => {
  const approved = await store.approvedItems(tx)
  const known = ctx.policy.catalog
  return [
    ...approved
      .map((a) => ({ ...(a.definition as CatalogItem), validFrom: a.effectiveFrom }))
      .filter((a) => !known.some((c) => c.code === a.code && c.validFrom === a.validFrom)),
    ...known,
  ]
}

// ---- proposals

export const listProposals = async (
  ctx: Ctx,
  ask: { state?: string | undefined; item?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ProposalHeadView>> => {
  const rows = await store.listProposals(ctx.db.kysely, {
    ...ask,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (p) => [p.createdAt, p.id])
  return { rows: page.rows.map((p) => proposalHeadView(ctx, p)), next: page.next }
}

export const getProposal = async (ctx: Ctx, ask: { id: string }): Promise<ProposalView> =>
  proposalView(ctx, await mustFind(ctx.db.kysely, ask.id))

type Kept = {
  field: string
  label: { zh: string; en: string }
  value: string
  code: string
  params?: Record<string, unknown>
}
export const listPreviewRows = async (
  ctx: Ctx,
  ask: { id: string; field?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<PreviewRow>> => {
  const p = await mustFind(ctx.db.kysely, ask.id)
  const [after] = readCursor(ask.after, 'integer') ?? [0]
  const rows = await store.listPreviewRows(ctx.db.kysely, { id: p.id, field: ask.field, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.n])
  const subjects = await subjectsById(ctx.db.kysely, [...new Set(page.rows.map((r) => r.subjectId))])
  return {
    rows: page.rows.map(({ problems, ...r }) => {
      const subject = subjects.get(r.subjectId)
      const name = subject?.name ?? ''
      return {
        ...r,
        subjectName: subject?.kind === 'natural_person' ? maskName(name) : name,
        problems: (problems as Kept[]).map((k) => {
          const { field, value, reason, mend } = problemView(p.definition, k, ctx.lang)
          return { field, value, reason, mend }
        }),
      }
    }),
    next: page.next,
  }
}
