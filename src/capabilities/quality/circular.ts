import type { FileReply, HtmlReply } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type Instant, type LocalDate, addMonths } from '../../kernel/time.ts'
import type { Lang } from '../../kernel/words.ts'
import { type Ctx, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type NewPaper, comparePaper, newPaper, paperDesk } from '../../platform/papers.ts'
import { authorityById } from '../access/index.ts'
import type { CircularView } from './contract.ts'
import { recount, spanOf } from './count.ts'
import { type Content, noOf, paperOf, titleOf } from './paper.ts'
import { ratesIn } from './rates.ts'
import { NO_COUNTS, expectedFields, monthOf, nextMonth, scoreOf, scoringOf } from './rules.ts'
import { CIRCULAR_MOVES } from './states.ts'
import * as store from './store.ts'

/** The monthly circular: computed from the rows as they stood at one instant, and to be computed again from there. */

type Held = store.Circular<Content>
const readsOf = async (ctx: Ctx): Promise<store.Reads> => {
  const { actor } = ctx
  if (actor.kind !== 'person') return mustNot('FORBIDDEN')
  if (hasRole(actor, 'credit_office') && actor.division) return { office: territoryPrefix(actor.division) }
  const own = actor.authorityId ? await authorityById(ctx.db.kysely, actor.authorityId) : null
  return own ? { authorityAt: own.division } : mustNot('FORBIDDEN')
}
const officeDivision = (ctx: Ctx): string =>
  ctx.actor.kind === 'person' && ctx.actor.division ? ctx.actor.division : mustNot('FORBIDDEN')

const viewOf = (ctx: Ctx, c: Held): CircularView => ({
  id: c.id,
  no: noOf(c),
  title: titleOf(c),
  division: c.division,
  month: c.month.slice(0, 7),
  state: c.state,
  issuer: c.issuer,
  digest: c.digest,
  asOf: c.asOf,
  policyVersion: c.policyVersion,
  issuedAt: c.issuedAt,
  actions: movesFrom(CIRCULAR_MOVES, c.state, rolesOf(ctx.actor)),
  version: c.version,
})

/** What other capabilities said on that day is kept as it was said; everything else is counted from the rows. */
const frozen = async (ctx: Ctx, territory: string, month: LocalDate, asOf: Instant) => {
  const scoring = scoringOf(ctx.policy, month)?.value ?? mustNot('NO_FIGURES')
  const before = await store.figuresOf(ctx.db.kysely, territory, addMonths(month, -1), addMonths(month, -1))
  return {
    scoring,
    expected: expectedFields(ctx.policy, scoring, month),
    rates: Object.fromEntries(await ratesIn(ctx, month)),
    before: Object.fromEntries(before.map((f) => [f.authorityId, scoreOf(scoring, f.counts)])),
    named: await store.namedInCircular(ctx.db.kysely, territory, asOf),
  }
}
const compute = async (
  ctx: Ctx,
  about: { division: string; month: LocalDate; asOf: Instant },
  said: Awaited<ReturnType<typeof frozen>>,
): Promise<Content> => {
  const territory = territoryPrefix(about.division)
  const counted = await recount(ctx, { territory }, about.month, about.asOf, said.expected)
  return {
    scoring: said.scoring,
    expected: said.expected,
    rows: counted.map((c) => {
      const rate = said.rates[c.authorityId]
      return {
        ...c,
        counts: { ...NO_COUNTS, ...c.counts, reported: rate?.reported ?? 0, late: rate?.late ?? 0 },
        before: said.before[c.authorityId] ?? null,
      }
    }),
    faults: await store.topFaults(ctx.db.kysely, { territory }, spanOf(about.month, about.asOf), about.asOf),
    named: said.named,
  }
}
/** The same again from the rows, with what was taken over from others as it was then. */
const computeAgain = (ctx: Ctx, c: Held): Promise<Content> => {
  const { scoring, expected, named, rows } = c.content
  return compute(ctx, c, {
    scoring,
    expected: { ...expected },
    named: [...named],
    rates: Object.fromEntries(rows.map((r) => [r.authorityId, { reported: r.counts.reported, late: r.counts.late }])),
    before: Object.fromEntries(rows.map((r) => [r.authorityId, r.before])),
  })
}

const made = async (ctx: Ctx, month: LocalDate, id: string): Promise<NewPaper> => {
  const division = officeDivision(ctx)
  if (nextMonth(month) > today(ctx))
    mustNot('MONTH_NOT_OVER', {
      month: { zh: `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`, en: month.slice(0, 7) },
    })
  const asOf = ctx.clock.now()
  const said = await frozen(ctx, territoryPrefix(division), month, asOf)
  const content = await compute(ctx, { division, month, asOf }, said)
  if (!content.rows.length) mustNot('NO_FIGURES')
  const office = authorityOf(ctx.actor)
  const issuer = office ? await authorityById(ctx.db.kysely, office) : null
  return newPaper(ctx, { id, division, month, issuer: issuer?.name ?? '', content, asOf })
}

const getHeld = async (ctx: Ctx, id: string, tx?: Tx): Promise<Held> =>
  (await store.circulars.find<Content>(tx ?? ctx.db.kysely, store.readable(await readsOf(ctx)), id)) ??
  mustNot('NOT_FOUND')

const desk = paperDesk({
  store: store.circulars,
  target: 'circular',
  acts: { draft: 'quality.draft_circular', recompute: 'quality.recompute_circular', issue: 'quality.issue_circular' },
  exists: 'CIRCULAR_EXISTS',
  held: getHeld,
  mayChange: (ctx, held: Held, action) => {
    unwrap(step(CIRCULAR_MOVES, held.state, action, rolesOf(ctx.actor)))
    if (held.division !== officeDivision(ctx)) mustNot('NOT_FOUND')
  },
  write: made,
  view: viewOf,
})
export const draftCircular = (ctx: Ctx, ask: { month: string }): Promise<CircularView> =>
  desk.draft(ctx, monthOf(`${ask.month}-01`))
export const recomputeCircular = desk.recompute
export const issueCircular = desk.issue

export const listCirculars = async (
  ctx: Ctx,
  ask: { state?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<CircularView>> => {
  const after = readCursor(ask.after, 'day', 'uuid')
  if (after && monthOf(after[0] as LocalDate) !== after[0]) mustNot('BAD_CURSOR')
  const rows = await store.circulars.list<Content>(ctx.db.kysely, store.readable(await readsOf(ctx)), {
    state: ask.state,
    after,
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (c) => [c.month, c.id])
  return { rows: page.rows.map((c) => viewOf(ctx, c)), next: page.next }
}
export const getCircular = async (ctx: Ctx, { id }: { id: string }): Promise<CircularView> =>
  viewOf(ctx, await getHeld(ctx, id))

export const verifyCircular = async (ctx: Ctx, { id }: { id: string }) => {
  const held = await getHeld(ctx, id)
  return comparePaper(held, await computeAgain(ctx, held))
}

export const circularPaper = async (ctx: Ctx, { id }: { id: string }): Promise<HtmlReply> => ({
  html: paperOf(ctx, await getHeld(ctx, id), ctx.lang, ctx.edge?.nonce ?? null),
})
export const circularFile = async (ctx: Ctx, ask: { id: string; lang: Lang }): Promise<FileReply> => {
  const held = await getHeld(ctx, ask.id)
  return {
    file: {
      name: `${titleOf(held)[ask.lang]}.html`,
      mediaType: 'text/html; charset=utf-8',
      body: Buffer.from(paperOf(ctx, held, ask.lang, null)),
    },
  }
}
