import type { HtmlReply } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { type Page, isUuid, keyIn, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { type LocalDate, addMonths } from '../../kernel/time.ts'
import { type Ctx, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type NewPaper, comparePaper, newPaper, paperDesk } from '../../platform/papers.ts'
import { authorityById } from '../access/index.ts'
import type { ReportView } from './contract.ts'
import { fresh } from './follow.ts'
import { type Content, monthWords, noOf, paperOf, reportsPageOf, titleOf } from './paper.ts'
import { figuresOf, formulasOn, lastDayOf, monthOf, nextMonth } from './rules.ts'
import { REPORT_MOVES } from './states.ts'
import * as store from './store.report.ts'
import { openCounts } from './store.ts'
import { ENDINGS, WHATS } from './words.ts'

/** The monthly report: computed from the entries as they stood at one instant, and to be computed again from there. */

type Held = store.Report<Content>

const readableBy = (ctx: Ctx) =>
  store.readable(
    ctx.actor.kind === 'person' && hasRole(ctx.actor, 'credit_office') && ctx.actor.division
      ? { office: territoryPrefix(ctx.actor.division) }
      : 'published',
  )
const officeDivision = (ctx: Ctx): string =>
  ctx.actor.kind === 'person' && ctx.actor.division ? ctx.actor.division : mustNot('FORBIDDEN')

const viewOf = (ctx: Ctx, r: Held): ReportView => ({
  id: r.id,
  no: noOf(r),
  title: titleOf(ctx.policy, r),
  division: r.division,
  month: r.month.slice(0, 7),
  state: r.state,
  issuer: r.issuer,
  digest: r.digest,
  asOf: r.asOf,
  policyVersion: r.policyVersion,
  publishedAt: r.issuedAt,
  actions: movesFrom(REPORT_MOVES, r.state, rolesOf(ctx.actor)),
  version: r.version,
})

/** Who was late on that day is kept as it was said, and so are the formulas. The rest is counted from the rows. */
type Said = Pick<Content, 'formulas' | 'overdue'>
const compute = async (
  ctx: Ctx,
  about: { division: string; month: LocalDate; asOf: Held['asOf'] },
  said: Said,
  timed: boolean,
): Promise<Content> => {
  const db = ctx.db.kysely
  const of = { territory: territoryPrefix(about.division), month: about.month, asOf: about.asOf }
  const before = await store.talliesOfMonth(db, { ...of, month: addMonths(about.month, -1) })
  return {
    ...said,
    open: await store.openAsOf(db, of, ENDINGS),
    rows: await store.talliesOfMonth(db, of),
    refusals: await store.refusalsOfMonth(db, of),
    ratings: await store.ratingsOfMonth(db, of),
    before: figuresOf(
      before.flatMap((b) => b.tallies),
      said.formulas,
      WHATS,
    ).success,
    ...(timed ? { times: await store.timesOfMonth(db, of) } : {}),
  }
}
const computeAgain = (ctx: Ctx, r: Held): Promise<Content> =>
  compute(ctx, r, { formulas: r.content.formulas, overdue: r.content.overdue }, r.content.times !== undefined)

const made = async (ctx: Ctx, month: LocalDate, id: string): Promise<NewPaper> => {
  const division = officeDivision(ctx)
  if (nextMonth(month) > today(ctx)) mustNot('MONTH_STILL_RUNS', { month: monthWords(month) })
  const formulas = formulasOn(ctx.policy, lastDayOf(month))?.value ?? mustNot('NOTHING_TO_REPORT')
  await fresh(ctx)
  const asOf = ctx.clock.now()
  const open = await openCounts(ctx.db.kysely, { territory: territoryPrefix(division) }, {}, today(ctx))
  const overdue = open.reduce((n, o) => n + o.overdue, 0)
  const content = await compute(ctx, { division, month, asOf }, { formulas, overdue }, true)
  if (!content.rows.length) mustNot('NOTHING_TO_REPORT')
  const office = authorityOf(ctx.actor)
  const issuer = office ? await authorityById(ctx.db.kysely, office) : null
  return newPaper(ctx, { id, division, month, issuer: issuer?.name ?? '', content, asOf })
}

const getHeld = async (ctx: Ctx, id: string, tx?: Tx): Promise<Held> =>
  (await store.reports.find<Content>(tx ?? ctx.db.kysely, readableBy(ctx), id)) ?? mustNot('NO_SUCH_REPORT')

const desk = paperDesk({
  store: store.reports,
  target: 'repair_report',
  acts: {
    draft: 'oversight.draft_report',
    recompute: 'oversight.recompute_report',
    issue: 'oversight.publish_report',
  },
  exists: 'REPORT_EXISTS',
  held: getHeld,
  mayChange: (ctx, held: Held, action) => {
    if (held.division !== officeDivision(ctx)) mustNot('NO_SUCH_REPORT')
    unwrap(step(REPORT_MOVES, held.state, action === 'issue' ? 'publish' : action, rolesOf(ctx.actor)))
  },
  write: made,
  view: viewOf,
})
export const draftRepairReport = (ctx: Ctx, ask: { month: string }): Promise<ReportView> =>
  desk.draft(ctx, monthOf(`${ask.month}-01`))
export const recomputeRepairReport = desk.recompute
export const publishRepairReport = desk.issue

export const listRepairReports = async (
  ctx: Ctx,
  ask: { state?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ReportView>> => {
  const rows = await store.reports.list<Content>(ctx.db.kysely, readableBy(ctx), {
    state: ask.state,
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.month, r.id])
  return { rows: page.rows.map((r) => viewOf(ctx, r)), next: page.next }
}

export const verifyRepairReport = async (ctx: Ctx, { id }: { id: string }) => {
  const held = await getHeld(ctx, id)
  return comparePaper(held, await computeAgain(ctx, held))
}

export const repairReportPaper = async (ctx: Ctx, { id }: { id: string }): Promise<HtmlReply> => {
  const held = isUuid(id) ? await getHeld(ctx, id) : mustNot('NO_SUCH_REPORT')
  return { html: paperOf(ctx, held, ctx.lang, ctx.edge?.nonce ?? null) }
}

const LISTED = 24
/** For everyone: what is published, the latest first. A broken key shows the first part. */
export const repairReportsPage = async (ctx: Ctx, ask: { after?: string | undefined }): Promise<HtmlReply> => {
  const after = ask.after && ask.after.length < 200 ? keyIn(ask.after, 'day', 'uuid') : null
  const rows = await store.reports.list<Content>(ctx.db.kysely, store.readable('published'), {
    after,
    limit: LISTED + 1,
  })
  const page = pageOf(rows, LISTED, (r) => [r.month, r.id])
  return { html: reportsPageOf(ctx, page.rows, page.next) }
}
