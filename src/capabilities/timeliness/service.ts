import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { maskName } from '../../kernel/mask.ts'
import type { Page } from '../../kernel/page.ts'
import { type Instant, type LocalDate, addDays, addPeriod, daysBetween, parseDay, startOf } from '../../kernel/time.ts'
import { calendarOf, isWorkday } from '../../kernel/workdays.ts'
import { say } from '../../kernel/words.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { writeWorkbook } from '../collection/index.ts'
import { findRecords } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type {
  CountsView,
  EntryView,
  LedgerRow,
  OverdueRow,
  OverviewView,
  RateRow,
  RateView,
  StartView,
} from './contract.ts'
import { type Directory, directoryOf, itemName, mustSee, narrowed } from './directory.ts'
import {
  type Counts,
  firstOfMonth,
  formulaOf,
  goalOf,
  monthBasisOf,
  monthSpan,
  monthsBetween,
  overdueAfterOf,
  rateOf,
  workdaysLate,
} from './rules.ts'
import { countMarked, freshness } from './service.count.ts'
import * as store from './store.ts'
import { lockCounting } from './store.count.ts'
import { CLASS_WORDS, type Class, MEASURES } from './words.ts'

const MOST_MONTHS = 60
const WORST = 10
const EXPORT_LUMP = 1000

type Months = { from?: string | undefined; to?: string | undefined }
type CellAsk = { authorityId?: string | undefined; item?: string | undefined }
type PageAsk = { after?: string | undefined; limit: number }

export const spanOf = (ctx: Ctx, ask: Months): store.Span => {
  const span = monthSpan(ask, today(ctx))
  const months = monthsBetween(span.from, span.to)
  return months.length && months.length <= MOST_MONTHS ? span : mustNot('SPAN_TOO_LONG', { months: MOST_MONTHS })
}
const basisOf = (ctx: Ctx) => monthBasisOf(ctx.policy, today(ctx))
const monthText = (day: LocalDate): string => day.slice(0, 'YYYY-MM'.length)

// ---- sums

type Sums = { counts: Counts; intake: Record<(typeof store.INTAKE)[number], number> }
const nothing = (): Sums => ({
  counts: {},
  intake: { submissions: 0, received: 0, accepted: 0, refused: 0, pending: 0, already_held: 0 },
})
type Summed = { byAuthority: Map<string, Sums>; byMonth: Map<string, Sums> }

const summed = async (ctx: Ctx, held: Directory, span: store.Span, item: string | undefined): Promise<Summed> => {
  const db = ctx.db.kysely
  const ask = { scope: held.scope, item, span }
  const [classes, missing, samples, intake] = await Promise.all([
    store.classSums(db, { ...ask, basis: basisOf(ctx) }),
    store.missingSums(db, ask),
    store.sampleSums(db, ask),
    store.intakeSums(db, ask),
  ])
  const byAuthority = new Map<string, Sums>()
  const byMonth = new Map<string, Sums>()
  const at = (row: { authorityId: string | null; month: LocalDate | null }): Sums => {
    const [map, key] = row.authorityId === null ? [byMonth, monthText(row.month!)] : [byAuthority, row.authorityId]
    const sums = map.get(key) ?? nothing()
    map.set(key, sums)
    return sums
  }
  const add = (sums: Sums, name: keyof Counts, n: number): void => {
    sums.counts[name] = (sums.counts[name] ?? 0) + n
  }
  for (const row of classes) add(at(row), row.name, row.n)
  for (const row of missing) add(at(row), `missing_${row.name}`, row.n)
  for (const row of samples) {
    add(at(row), `sample_${row.name}`, row.n)
    add(at(row), 'sample_drawn', row.n)
  }
  for (const { authorityId, month, ...numbers } of intake) Object.assign(at({ authorityId, month }).intake, numbers)
  return { byAuthority, byMonth }
}

const totalOf = (all: Iterable<Sums>): Sums => {
  const total = nothing()
  for (const { counts, intake } of all) {
    for (const [name, n] of Object.entries(counts))
      total.counts[name as keyof Counts] = (total.counts[name as keyof Counts] ?? 0) + n
    for (const name of store.INTAKE) total.intake[name] += intake[name]
  }
  return total
}

const countsView = ({ counts, intake }: Sums): CountsView => ({
  submissions: intake.submissions,
  received: intake.received,
  accepted: intake.accepted,
  refused: intake.refused,
  pending: intake.pending,
  alreadyHeld: intake.already_held,
  onTime: counts.on_time ?? 0,
  late: counts.late ?? 0,
  backfill: counts.backfill ?? 0,
  annulled: counts.annulled ?? 0,
  noTerm: counts.no_term ?? 0,
  missing: (counts.missing_open ?? 0) + (counts.missing_explained ?? 0),
  explained: counts.missing_explained ?? 0,
  drawn: counts.sample_drawn ?? 0,
  concealed: counts.sample_neither ?? 0,
})
const ratesView = (ctx: Ctx, counts: Counts): RateView[] => {
  const on = today(ctx)
  return MEASURES.map((measure) => {
    const rate = rateOf(formulaOf(ctx.policy, measure, on).value, counts)
    const goal = goalOf(ctx.policy, measure, on)
    return { measure, ...rate, goal, met: rate.share === null || rate.share <= goal }
  })
}

const numeratorsOf = (rates: readonly RateView[]): number => rates.reduce((n, r) => n + r.numerator, 0)

export const getTimeliness = async (ctx: Ctx, ask: Months & CellAsk): Promise<OverviewView> => {
  const span = spanOf(ctx, ask)
  const on = today(ctx)
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const [{ byAuthority, byMonth }, fresh] = await Promise.all([summed(ctx, held, span, ask.item), freshness(ctx)])
  const total = totalOf(byMonth.values())
  const authorities = [...byAuthority].flatMap(([id, sums]) => {
    const authority = held.byId.get(id)
    const rates = ratesView(ctx, sums.counts)
    return authority
      ? [{ authorityId: id, authorityName: authority.name, division: authority.division, rates, ...countsView(sums) }]
      : []
  })
  return {
    from: monthText(span.from),
    to: monthText(span.to),
    ...fresh,
    monthBasis: basisOf(ctx),
    formulas: MEASURES.map((measure) => {
      const { value, unsure, instrument, article, note, source } = formulaOf(ctx.policy, measure, on)
      return { measure, ...value, unsure, instrument, article, note, source }
    }),
    totals: countsView(total),
    rates: ratesView(ctx, total.counts),
    trend: monthsBetween(span.from, span.to).map((month) => {
      const sums = byMonth.get(monthText(month)) ?? nothing()
      return { month: monthText(month), ...countsView(sums), rates: ratesView(ctx, sums.counts) }
    }),
    worst: authorities
      .filter((a) => numeratorsOf(a.rates) > 0)
      .toSorted((a, b) => numeratorsOf(b.rates) - numeratorsOf(a.rates) || (a.authorityId < b.authorityId ? -1 : 1))
      .slice(0, WORST),
  }
}

// ---- for capabilities above

export type RatesAsk = { from: LocalDate; to: LocalDate; by: 'authority' | 'division'; authorityId?: string }
/** Each rate with what it is made of, of every authority or division in the actor's territory that has anything to count. */
export const ratesOf = async (ctx: Ctx, ask: RatesAsk): Promise<RateRow[]> => {
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const span = { from: firstOfMonth(ask.from), to: firstOfMonth(ask.to) }
  const { byAuthority } = await summed(ctx, held, span, undefined)
  const known = [...byAuthority].flatMap(([id, sums]) => {
    const authority = held.byId.get(id)
    return authority ? [{ id, authority, sums }] : []
  })
  const rows = (of: Pick<RateRow, 'authorityId' | 'authorityName' | 'division'>, counts: Counts): RateRow[] =>
    ratesView(ctx, counts).map(({ measure, numerator, denominator, share }) => ({
      ...of,
      measure,
      numerator,
      denominator,
      share,
    }))
  if (ask.by === 'authority')
    return known.flatMap(({ id, authority, sums }) =>
      rows({ authorityId: id, authorityName: authority.name, division: authority.division }, sums.counts),
    )
  return [...Map.groupBy(known, (k) => k.authority.division)].flatMap(([division, group]) =>
    rows({ authorityId: null, authorityName: '', division }, totalOf(group.map((g) => g.sums)).counts),
  )
}

/** The last day that lies so many working days back. */
const workdaysBack = (ctx: Ctx, n: number): LocalDate => {
  let day = today(ctx)
  for (let left = n; left > 0; ) {
    day = addDays(day, -1)
    if (isWorkday(calendarOf(ctx.policy), day)) left -= 1
  }
  return day
}
/** Before this instant: of so many working days ago or longer; none means at once. */
const untouchedSince = (ctx: Ctx, workdays: number): Instant => startOf(addDays(workdaysBack(ctx, workdays), 1))
/** What authorities in the actor's territory owe an answer to, by the terms of the policy. */
export const overdueOf = async (ctx: Ctx): Promise<OverdueRow[]> => {
  const db = ctx.db.kysely
  const { returnedWorkdays, missingWorkdays, lateWithin } = overdueAfterOf(ctx.policy, today(ctx))
  const { scope } = await directoryOf(ctx)
  const back = addDays(today(ctx), -daysBetween(today(ctx), addPeriod(today(ctx), lateWithin)))
  const rows = async (what: OverdueRow['what'], found: Promise<store.Overdue[]>): Promise<OverdueRow[]> =>
    (await found).map((row) => ({ what, ...row }))
  return [
    ...(await rows('returned_rows', store.returnedRows(db, scope, untouchedSince(ctx, returnedWorkdays)))),
    ...(await rows('late', store.lateBetween(db, scope, back, today(ctx)))),
    ...(await rows('missing', store.missingSince(db, scope, untouchedSince(ctx, missingWorkdays)))),
  ]
}

// ---- the ledger and its rows

const ledgerRow = (ctx: Ctx, held: Directory, row: store.LedgerSum): LedgerRow => {
  const authority = held.byId.get(row.authorityId)
  return {
    authorityId: row.authorityId,
    authorityName: authority?.name ?? '',
    division: authority?.division ?? '',
    item: row.item,
    itemName: itemName(ctx, row.item),
    month: monthText(row.month),
    due: row.on_time + row.late + row.missing,
    onTime: row.on_time,
    late: row.late,
    missing: row.missing,
    backfill: row.backfill,
    annulled: row.annulled,
    noTerm: row.no_term,
  }
}
export const listLedger = async (ctx: Ctx, ask: Months & CellAsk & PageAsk): Promise<Page<LedgerRow>> => {
  const span = spanOf(ctx, ask)
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const page = await store.ledgerPage(ctx.db.kysely, { ...ask, scope: held.scope, span, basis: basisOf(ctx) })
  return { rows: page.rows.map((row) => ledgerRow(ctx, held, row)), next: page.next }
}

const COLUMNS = [
  { zh: '月份', en: 'Month' },
  { zh: '单位', en: 'Authority' },
  { zh: '区划', en: 'Division' },
  { zh: '信息类别', en: 'Item' },
  { zh: '应报', en: 'Due' },
  CLASS_WORDS.on_time,
  CLASS_WORDS.late,
  { zh: '疑似漏报', en: 'Missing' },
  CLASS_WORDS.backfill,
  CLASS_WORDS.annulled,
  CLASS_WORDS.no_term,
]
const TITLE = { zh: '报送台账', en: 'Reporting ledger' }
const WIDTHS = [10, 36, 10, 20, 10, 10, 10, 10, 10, 10, 12]
export const exportLedger = async (ctx: Ctx, ask: Months & CellAsk): Promise<FileReply> => {
  const span = spanOf(ctx, ask)
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const rows = async function* () {
    yield { cells: COLUMNS.map((c) => say(c, ctx.lang)), style: 'header' as const }
    for (let after: string | undefined; ; ) {
      const page: Page<store.LedgerSum> = await store.ledgerPage(ctx.db.kysely, {
        item: ask.item,
        scope: held.scope,
        span,
        basis: basisOf(ctx),
        after,
        limit: EXPORT_LUMP,
      })
      for (const sum of page.rows) {
        const r = ledgerRow(ctx, held, sum)
        const numbers = [r.due, r.onTime, r.late, r.missing, r.backfill, r.annulled, r.noTerm]
        yield { cells: [r.month, r.authorityName, r.division, say(r.itemName, ctx.lang), ...numbers.map(String)] }
      }
      if (!page.next) return
      after = page.next
    }
  }
  const name = `${say(TITLE, ctx.lang)}-${monthText(span.from)}-${monthText(span.to)}.xlsx`
  return {
    file: {
      name,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: writeWorkbook([
        { name: say(TITLE, ctx.lang), widths: WIDTHS, freeze: { rows: 1, columns: 2 }, rows: rows() },
      ]),
    },
  }
}

export const listEntries = async (
  ctx: Ctx,
  ask: Months & CellAsk & PageAsk & { class: Class },
): Promise<Page<EntryView>> => {
  const span = spanOf(ctx, ask)
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  // Those are most of all there is, and no list of them across authorities has an order that an index gives.
  if (ask.class === 'on_time' && held.byId.size !== 1) mustNot('AUTHORITY_NEEDED')
  const db = ctx.db.kysely
  const page = await store.entryPage(db, { ...ask, scope: held.scope, span, basis: basisOf(ctx) })
  const keys = page.rows.map((r) => ({ subjectId: r.subjectId, id: r.recordId }))
  const [records, subjects] = await Promise.all([
    findRecords(db, keys),
    subjectsById(
      db,
      keys.map((k) => k.subjectId),
    ),
  ])
  const recordOf = new Map(records.map((r) => [r.id, r]))
  return {
    rows: page.rows.map((row) => {
      const subject = subjects.get(row.subjectId)
      const name = subject?.name ?? ''
      return {
        ...row,
        authorityName: held.byId.get(row.authorityId)?.name ?? '',
        itemName: itemName(ctx, row.item),
        subjectName: subject?.kind === 'natural_person' ? maskName(name) : name,
        docNo: recordOf.get(row.recordId)?.docNo ?? '',
        workdaysLate: workdaysLate(ctx.policy, row.dueOn, row.reportedOn),
      }
    }),
    next: page.next,
  }
}

// ---- since when an authority reports

const startView = (held: Directory, start: store.Start): StartView => {
  const authority = held.byId.get(start.authorityId)
  return { ...start, authorityName: authority?.name ?? '', division: authority?.division ?? '' }
}
export const listReportingStarts = async (ctx: Ctx, ask: PageAsk): Promise<Page<StartView>> => {
  const held = await directoryOf(ctx)
  const page = await store.startPage(ctx.db.kysely, { ...ask, scope: held.scope })
  return { rows: page.rows.map((s) => startView(held, s)), next: page.next }
}
/** What may be called backfill rests on this day: it is set with a reason, and what it decides is counted again at once. */
export const setReportingStart = async (
  ctx: Ctx,
  ask: { id: string; seen: number; beginsOn: string; reason: string },
): Promise<StartView> => {
  const held = await directoryOf(ctx)
  mustSee(held, ask.id, 'NO_SUCH_AUTHORITY')
  const beginsOn = parseDay(ask.beginsOn) ?? mustNot('BAD_INPUT')
  if (beginsOn > today(ctx)) mustNot('START_IN_FUTURE')
  return inTx(ctx, async (tx) => {
    await lockCounting(tx)
    const start = (await store.findStart(tx, ask.id)) ?? mustNot('NO_SUCH_START')
    const change = { authorityId: ask.id, beginsOn, reason: ask.reason, by: actorRef(ctx.actor), at: ctx.clock.now() }
    if (!(await store.saveStart(tx, change, ask.seen))) mustNot('STALE', { version: start.version })
    await countMarked(tx, ctx, [ask.id])
    recordAct(tx, ctx, {
      act: 'timeliness.set_start',
      target: { kind: 'authority', id: ask.id },
      details: { from: start.beginsOn, to: beginsOn },
    })
    return startView(held, { ...start, beginsOn, beginsBy: 'set', reason: ask.reason, version: start.version + 1 })
  })
}
