import { readDate } from '../../kernel/dates.ts'
import { mustNot } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type LocalDate, addMonths } from '../../kernel/time.ts'
import { type Ctx, hasRole, today } from '../../platform/context.ts'
import { authorityById } from '../access/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { dueOf } from '../timeliness/index.ts'
import type {
  AuthorityQualityView,
  FaultView,
  FigureView,
  MendRowView,
  MendView,
  OverviewView,
  ScoringView,
  StandingView,
} from './contract.ts'
import { keptMonths, spanOf } from './count.ts'
import {
  type Coming,
  type Counts,
  type MendPlan,
  NO_COUNTS,
  type Scoring,
  byGood,
  colourOf,
  expectedFields,
  lastDayOf,
  mendPlan,
  monthOf,
  ranked,
  scoreOf,
  scoringOf,
  sharesOf,
  sumOf,
} from './rules.ts'
import * as store from './store.ts'
import { MEND_KINDS, type MendKind } from './words.ts'
import { faultWords, fieldWords } from './words.faults.ts'

// ---- whose figures, and which month

const thisMonth = (ctx: Ctx): LocalDate => monthOf(today(ctx))
const monthAsked = (ctx: Ctx, month: string | undefined): LocalDate =>
  month === undefined ? thisMonth(ctx) : monthOf(`${month}-01`)
const said = (month: LocalDate): string => month.slice(0, 7)
const officeDivision = (ctx: Ctx): string =>
  ctx.actor.kind === 'person' && hasRole(ctx.actor, 'credit_office') && ctx.actor.division
    ? ctx.actor.division
    : mustNot('FORBIDDEN')

/** The authority, if it is the caller's own or lies in the territory of the credit office. */
const mustSee = async (ctx: Ctx, id: string) => {
  const scope = store.scopeOf(ctx.actor)
  const authority = await authorityById(ctx.db.kysely, id)
  if (!authority || scope === 'none') return mustNot('NOT_FOUND')
  const mine = 'territory' in scope ? authority.division.startsWith(scope.territory) : scope.authorityId === id
  return mine ? authority : mustNot('NOT_FOUND')
}
const mustScore = (ctx: Ctx, month: LocalDate) => scoringOf(ctx.policy, month) ?? mustNot('NOT_FOUND')

const figureOf = (scoring: Scoring, counts: Counts): FigureView => {
  const score = scoreOf(scoring, counts)
  return { received: counts.received, score, colour: colourOf(scoring, score), shares: sharesOf(scoring, counts) }
}
const scoringView = ({ row, value }: NonNullable<ReturnType<typeof scoringOf>>): ScoringView => ({
  green: value.green,
  yellow: value.yellow,
  indicators: value.indicators,
  basis: { instrument: row.instrument, article: row.article, unsure: row.unsure, note: row.note },
})

const TREND = 12
/** Each month by the scoring of its own day. */
const trendOf = (ctx: Ctx, figures: readonly store.Figure[], upTo: LocalDate) =>
  Array.from({ length: TREND }, (_, n) => addMonths(upTo, n + 1 - TREND)).map((month) => {
    const counts = sumOf(figures.filter((f) => f.month === month).map((f) => f.counts))
    const scoring = scoringOf(ctx.policy, month)?.value
    const score = scoring ? scoreOf(scoring, counts) : null
    return {
      month: said(month),
      score,
      colour: scoring ? colourOf(scoring, score) : null,
      received: counts.received,
    }
  })

const standingsOf = (scoring: Scoring, figures: readonly store.Figure[], month: LocalDate): StandingView[] => {
  const before = new Map(
    figures.flatMap((f) => (f.month === addMonths(month, -1) ? [[f.authorityId, scoreOf(scoring, f.counts)]] : [])),
  )
  const rows = figures
    .filter((f) => f.month === month)
    .map((f) => {
      const figure = figureOf(scoring, f.counts)
      const last = before.get(f.authorityId) ?? null
      const change = figure.score === null || last === null ? null : figure.score - last
      return { authorityId: f.authorityId, authorityName: f.authorityName, division: f.division, change, ...figure }
    })
  return ranked(rows)
}

export const qualityOverview = async (ctx: Ctx, ask: { month?: string | undefined }): Promise<OverviewView> => {
  const division = officeDivision(ctx)
  const month = monthAsked(ctx, ask.month)
  const scoring = mustScore(ctx, month)
  const reader = ctx.db.kysely
  const figures = await store.figuresOf(reader, territoryPrefix(division), addMonths(month, 1 - TREND), month)
  const now = figures.filter((f) => f.month === month)
  const standings = standingsOf(scoring.value, figures, month)
  const many = (colour: StandingView['colour']) => standings.filter((s) => s.colour === colour).length
  return {
    month: said(month),
    countedAt: (await store.progressOf(reader))?.at ?? null,
    running: month === thisMonth(ctx),
    scoring: scoringView(scoring),
    territory: { division, ...figureOf(scoring.value, sumOf(now.map((f) => f.counts))) },
    colours: { green: many('green'), yellow: many('yellow'), red: many('red'), none: many(null) },
    districts: [...Map.groupBy(now, (f) => f.division)]
      .map(([of, rows]) => ({
        division: of,
        authorities: rows.length,
        ...figureOf(scoring.value, sumOf(rows.map((f) => f.counts))),
      }))
      .toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1)),
    trend: trendOf(ctx, figures, month),
  }
}

export const listStandings = async (
  ctx: Ctx,
  ask: {
    month: string
    division?: string | undefined
    colour?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<StandingView>> => {
  const division = officeDivision(ctx)
  const month = monthAsked(ctx, ask.month)
  const scoring = mustScore(ctx, month)
  const figures = await store.figuresOf(ctx.db.kysely, territoryPrefix(division), addMonths(month, -1), month)
  const key = readCursor(ask.after, 'uuid')
  const all = standingsOf(scoring.value, figures, month).filter(
    (s) =>
      (ask.division === undefined || s.division.startsWith(territoryPrefix(ask.division))) &&
      (ask.colour === undefined || s.colour === ask.colour),
  )
  const from = key ? all.findIndex((s) => s.authorityId === key[0]) + 1 : 0
  if (key && from === 0) mustNot('BAD_CURSOR')
  return pageOf(all.slice(from, from + ask.limit + 1), ask.limit, (s) => [s.authorityId])
}

export const authorityQuality = async (
  ctx: Ctx,
  ask: { id: string; month?: string | undefined },
): Promise<AuthorityQualityView> => {
  const authority = await mustSee(ctx, ask.id)
  const month = monthAsked(ctx, ask.month)
  const scoring = mustScore(ctx, month)
  const reader = ctx.db.kysely
  const own = await store.figuresOfAuthority(reader, authority.id, addMonths(month, 1 - TREND), month)
  const counts = own.find((f) => f.month === month)?.counts ?? NO_COUNTS
  // An authority is ranked among all of the platform's own territory; of the others it learns the number, not the names.
  const territory = hasRole(ctx.actor, 'credit_office')
    ? territoryPrefix(officeDivision(ctx))
    : territoryPrefix(ctx.config.jurisdiction)
  const around = await store.figuresOf(reader, territory, addMonths(month, -1), month)
  const standings = standingsOf(scoring.value, around, month)
  const district = around.filter((f) => f.month === month && f.division === authority.division)
  return {
    month: said(month),
    countedAt: (await store.progressOf(reader))?.at ?? null,
    running: month === thisMonth(ctx),
    scoring: scoringView(scoring),
    standing: standings.find((s) => s.authorityId === authority.id) ?? {
      authorityId: authority.id,
      authorityName: authority.name,
      division: authority.division,
      rank: null,
      change: null,
      ...figureOf(scoring.value, counts),
    },
    rankedAmong: standings.filter((s) => s.rank !== null).length,
    counts,
    district: figureOf(scoring.value, sumOf(district.map((f) => f.counts))),
    trend: trendOf(ctx, own, month),
  }
}

// ---- faults

const itemOn = (ctx: Ctx, code: string, month: LocalDate): CatalogItem | null =>
  catalogItemOn(ctx.policy.catalog, code, lastDayOf(month))
const UNNAMED = { zh: '未列入目录的事项', en: 'An item outside the catalog' }

/** The scope of a question about faults: one authority, if it may be seen, else all that the caller may see. */
const faultScope = async (ctx: Ctx, authorityId: string | undefined): Promise<store.Scope> => {
  if (authorityId === undefined) return store.scopeOf(ctx.actor)
  return { authorityId: (await mustSee(ctx, authorityId)).id }
}
export const listFaults = async (
  ctx: Ctx,
  ask: { month: string; authorityId?: string | undefined },
): Promise<{ rows: FaultView[] }> => {
  const month = monthAsked(ctx, ask.month)
  const scope = await faultScope(ctx, ask.authorityId)
  const rows = await store.topFaults(ctx.db.kysely, scope, spanOf(month, ctx.clock.now()))
  return {
    rows: rows.map((r) => {
      const item = itemOn(ctx, r.item, month)
      return { ...r, itemName: item?.name ?? UNNAMED, label: fieldWords(item, r.field), says: faultWords(item, r.code) }
    }),
  }
}

export const listFaultRows = async (
  ctx: Ctx,
  ask: {
    month: string
    authorityId?: string | undefined
    item: string
    code: string
    field: string
    after?: string | undefined
    limit: number
  },
): Promise<Page<store.FaultAt>> => {
  const after = readCursor(ask.after, 'uuid', 'integer')
  const rows = await store.faultRows(ctx.db.kysely, await faultScope(ctx, ask.authorityId), {
    ...ask,
    span: spanOf(monthAsked(ctx, ask.month), ctx.clock.now()),
    after,
    limit: ask.limit + 1,
  })
  return pageOf(rows, ask.limit, (r) => [r.submissionId, r.n])
}

// ---- what to mend

type Mending = {
  month: LocalDate
  counts: Counts
  plan: MendPlan | null
  rows: (store.OpenRow & { coming: Coming })[]
  scoring: Scoring
}
/** Mended today: does the month count it, and is it in time? Where the day of the decision cannot be read, the worst is assumed. */
const comingOf = (ctx: Ctx, month: LocalDate, row: store.OpenRow): Coming => {
  if (row.kind !== 'returned_row') return 'elsewhere'
  const day = today(ctx)
  const decidedOn = row.decidedText === null ? null : readDate(row.decidedText)
  const byDecision = settingOf(ctx.policy, 'reporting_month', day)?.value !== 'reported_on'
  if (!decidedOn || decidedOn > day) return 'late'
  if (monthOf(byDecision ? decidedOn : day) !== month) return 'elsewhere'
  const { dueOn } = dueOf(ctx.policy, row.item, decidedOn)
  return dueOn === null ? 'elsewhere' : day <= dueOn ? 'in_time' : 'late'
}
const mendingOf = async (ctx: Ctx, ask: { id: string; month: string }): Promise<Mending> => {
  const authority = await mustSee(ctx, ask.id)
  const month = monthAsked(ctx, ask.month)
  const { value: scoring } = mustScore(ctx, month)
  const reader = ctx.db.kysely
  const [figure] = await store.figuresOfAuthority(reader, authority.id, month, month)
  const counts = figure?.counts ?? NO_COUNTS
  const open = keptMonths(ctx).includes(month)
    ? await store.openRows(
        reader,
        authority.id,
        spanOf(month, ctx.clock.now()),
        expectedFields(ctx.policy, scoring, month),
      )
    : []
  const rows = open.map((r) => ({ ...r, coming: comingOf(ctx, month, r) }))
  const of = (kind: MendKind) => rows.filter((r) => r.kind === kind)
  const plan = mendPlan(scoring, counts, {
    returned: of('returned_row').map((r) => r.coming),
    pending: of('pending_row').length,
    incomplete: of('incomplete_record').map((r) => r.missing.length),
  })
  return { month, counts, plan, rows, scoring }
}
export const mendPlanOf = async (ctx: Ctx, ask: { id: string; month: string }): Promise<MendView> => {
  const mending = await mendingOf(ctx, ask)
  const { month, counts, plan, rows, scoring } = mending
  const score = scoreOf(scoring, counts)
  const many = (kind: MendKind) => rows.filter((r) => r.kind === kind).length
  return {
    month: said(month),
    score,
    colour: colourOf(scoring, score),
    plan: plan && {
      to: plan.to,
      scoreThen: plan.scoreThen,
      rows: plan.rows,
      take: plan.take,
      late: chosen(mending).filter((r) => r.coming === 'late').length,
    },
    open: {
      returned_row: many('returned_row'),
      pending_row: many('pending_row'),
      incomplete_record: many('incomplete_record'),
    },
  }
}

/** The rows of the plan: those that still come in time and whole files first, and of the records those that lack most. */
const chosen = ({ plan, rows }: Mending): Mending['rows'] =>
  MEND_KINDS.flatMap((kind) => {
    const of = rows.filter((r) => r.kind === kind)
    const by =
      kind === 'incomplete_record'
        ? of.toSorted((a, b) => b.missing.length - a.missing.length)
        : byGood(of, (r) => r.coming)
    return by.slice(0, plan?.take[kind] ?? 0)
  })
export const listMendRows = async (
  ctx: Ctx,
  ask: { id: string; month: string; after?: string | undefined; limit: number },
): Promise<Page<MendRowView>> => {
  const mending = await mendingOf(ctx, ask)
  const all = chosen(mending)
  const key = readCursor(ask.after, 'text', 'uuid', 'integer')
  const at = key ? all.findIndex((r) => r.kind === key[0] && r.submissionId === key[1] && r.n === key[2]) : -1
  if (key && at < 0) mustNot('BAD_CURSOR')
  const rows = all.slice(at + 1, at + 2 + ask.limit).map((r): MendRowView => {
    const item = itemOn(ctx, r.item, mending.month)
    return {
      kind: r.kind,
      submissionId: r.submissionId,
      submissionNo: r.submissionNo,
      n: r.n,
      item: r.item,
      itemName: item?.name ?? UNNAMED,
      docNo: r.docNo,
      missing: r.missing.map((field) => fieldWords(item, field)),
      faults: r.problems.map((p) => {
        const [label, says] = [fieldWords(item, p.field), faultWords(item, p.code)]
        return { zh: `${label.zh}：${says.zh}`, en: `${label.en}: ${says.en}` }
      }),
    }
  })
  return pageOf(rows, ask.limit, (r) => [r.kind, r.submissionId, r.n])
}
