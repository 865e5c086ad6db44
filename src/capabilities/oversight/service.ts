import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type Page, encodeCursor, pageOf, readCursor } from '../../kernel/page.ts'
import { type LocalDate, addMonths } from '../../kernel/time.ts'
import { calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import type { EntryView, FigureRow, FiguresView, OpenView, RefusalRow } from './contract.ts'
import { type Format, fileOf } from './export.ts'
import { fresh } from './follow.ts'
import { monthWords } from './paper.ts'
import {
  type Figures,
  type Formulas,
  NO_TIMES,
  type Times,
  figuresOf,
  formulasOn,
  lastDayOf,
  monthOf,
} from './rules.ts'
import { sentenceOf } from './sentences.ts'
import * as store from './store.ts'
import { FIGURE_WORDS, GROUPING_WORDS, type Grouping, WHATS, WHAT_WORDS, type What } from './words.ts'

// ---- whose figures, and which months

export type SpanAsk = {
  from?: string | undefined
  to?: string | undefined
  authority?: string | undefined
  division?: string | undefined
  item?: string | undefined
}
const USUAL_MONTHS = 12
const MOST_MONTHS = 36
export const spanOf = (ctx: Ctx, ask: SpanAsk): store.Filter => {
  const to = ask.to === undefined ? monthOf(today(ctx)) : monthOf(`${ask.to}-01`)
  const from = ask.from === undefined ? addMonths(to, 1 - USUAL_MONTHS) : monthOf(`${ask.from}-01`)
  if (from > to) mustNot('MONTHS_BACKWARDS')
  if (addMonths(from, MOST_MONTHS) <= to) mustNot('MONTHS_TOO_MANY', { months: MOST_MONTHS })
  return { from, to, until: lastDayOf(to), authority: ask.authority, division: ask.division, item: ask.item }
}
/** An authority that is not the caller's own, or not in the office's territory, is as good as not there. */
export const scopeFor = async (ctx: Ctx, authority: string | undefined): Promise<store.Scope> => {
  const scope = store.scopeOf(ctx.actor)
  if (scope === 'none') return mustNot('FORBIDDEN')
  if (authority === undefined) return scope
  const found = await authorityById(ctx.db.kysely, authority)
  const mine =
    found && ('territory' in scope ? found.division.startsWith(scope.territory) : scope.authorityId === authority)
  return mine ? scope : mustNot('NOT_FOUND')
}

const UNNAMED: Words = { zh: '未列入目录的事项', en: 'An item outside the catalog' }
export const itemName = (policy: Policy, item: string): Words =>
  policy.catalog.findLast((c) => c.code === item)?.name ?? UNNAMED
const divisionName = (policy: Policy, code: string): Words =>
  policy.divisions.find((d) => d.code === code)?.name ?? { zh: code, en: code }
const said = (month: string): string => month.slice(0, 7)
const formulasFor = (ctx: Ctx, on: LocalDate) => formulasOn(ctx.policy, on) ?? mustNot('NOT_FOUND')

const labelOf = (ctx: Ctx, by: Grouping, t: Pick<store.KeyedTally, 'key' | 'name'>): Words => {
  if (by === 'authority') return { zh: t.name, en: t.name }
  if (by === 'division') return divisionName(ctx.policy, t.key)
  return by === 'month' ? monthWords(t.key as LocalDate) : itemName(ctx.policy, t.key)
}

const openSum = (rows: readonly store.OpenCount[]) => ({
  open: rows.reduce((n, r) => n + r.open, 0),
  overdue: rows.reduce((n, r) => n + r.overdue, 0),
})
const openKey: Partial<Record<Grouping, (o: store.OpenCount) => string>> = {
  authority: (o) => o.authorityId,
  division: (o) => o.division,
  item: (o) => o.item,
}

type Grouped = { rows: FigureRow[]; all: Figures & Times & { open: number; overdue: number }; formulas: Formulas }
/** All rows of a grouping; authorities and districts are some hundreds. */
const grouped = async (ctx: Ctx, scope: store.Scope, span: store.Filter, by: Grouping): Promise<Grouped> => {
  const db = ctx.db.kysely
  const formulas = formulasFor(ctx, lastDayOf(span.to)).value
  const tallies = await store.talliesBy(db, scope, span, by)
  const timed = new Map((await store.timesBy(db, scope, span, by)).map(({ key, ...t }) => [key, t]))
  const open = await store.openCounts(db, scope, span, today(ctx))
  const keyed = Map.groupBy(tallies, (t) => t.key)
  const keyOfOpen = openKey[by]
  const waiting = keyOfOpen ? Map.groupBy(open, keyOfOpen) : null
  const keys = [...new Set([...keyed.keys(), ...(waiting?.keys() ?? [])])]
  const rows = keys.map((key): FigureRow => {
    const of = keyed.get(key) ?? []
    const held = waiting?.get(key) ?? []
    const name = of[0]?.name ?? held[0]?.authorityName ?? ''
    return {
      key,
      label: labelOf(ctx, by, { key, name }),
      authorityId: by === 'authority' ? key : null,
      division: by === 'division' ? key : by === 'authority' ? (of[0]?.division ?? held[0]?.division ?? null) : null,
      month: by === 'month' ? said(key) : null,
      item: by === 'item' ? key : null,
      ...figuresOf(of, formulas, WHATS),
      ...(timed.get(key) ?? NO_TIMES),
      open: waiting ? openSum(held).open : null,
      overdue: waiting ? openSum(held).overdue : null,
    }
  })
  const order = by === 'month' ? -1 : 1
  return {
    rows: rows.toSorted((a, b) => (a.key < b.key ? -order : order)),
    all: { ...figuresOf(tallies, formulas, WHATS), ...(timed.get(null) ?? NO_TIMES), ...openSum(open) },
    formulas,
  }
}

export const oversightFigures = async (
  ctx: Ctx,
  ask: SpanAsk & { by: Grouping; after?: string | undefined; limit: number },
): Promise<FiguresView> => {
  const span = spanOf(ctx, ask)
  const scope = await scopeFor(ctx, ask.authority)
  const key = readCursor(ask.after, 'text')
  const countedAt = await fresh(ctx)
  const { rows, all } = await grouped(ctx, scope, span, ask.by)
  const from = key ? rows.findIndex((r) => r.key === key[0]) + 1 : 0
  if (key && from === 0) mustNot('BAD_CURSOR')
  const { row, value } = formulasFor(ctx, lastDayOf(span.to))
  return {
    ...pageOf(rows.slice(from, from + ask.limit + 1), ask.limit, (r) => [r.key]),
    from: said(span.from),
    to: said(span.to),
    formulas: { ...value, instrument: row.instrument, article: row.article, unsure: row.unsure, note: row.note },
    all,
    countedAt,
  }
}

// ---- the rows

export type EntryAsk = SpanAsk & {
  what?: What | undefined
  late?: boolean | undefined
  abnormal?: boolean | undefined
  condition?: string | undefined
}
const entryFilter = (ctx: Ctx, ask: EntryAsk): store.EntryFilter => {
  const span = spanOf(ctx, ask)
  const abnormal = ask.abnormal ? formulasFor(ctx, lastDayOf(span.to)).value.abnormal : null
  const refused: What[] | null = ask.condition === undefined ? null : ['refused', 'not_accepted']
  const asked = [ask.what ? [ask.what] : null, abnormal, refused].filter((w) => w !== null)
  const what = asked.length ? WHATS.filter((w) => asked.every((list) => list.includes(w))) : undefined
  return {
    ...span,
    ...(what ? { what } : {}),
    ...(ask.late === undefined ? {} : { late: ask.late }),
    ...(ask.condition === undefined ? {} : { condition: ask.condition === 'none' ? null : ask.condition }),
  }
}

const entryView = (ctx: Ctx, r: store.EntryRow): EntryView => {
  const { actId: _, conditions, rules, system, ...rest } = r
  return {
    ...rest,
    itemName: itemName(ctx.policy, r.item),
    conditions: conditions.map((c) => sentenceOf(ctx.policy, c, system, rules).words),
  }
}

export const oversightEntries = async (
  ctx: Ctx,
  ask: EntryAsk & { after?: string | undefined; limit: number },
): Promise<Page<EntryView>> => {
  const scope = await scopeFor(ctx, ask.authority)
  const filter = entryFilter(ctx, ask)
  const after = readCursor(ask.after, 'day', 'uuid')
  await fresh(ctx)
  const rows = await store.listEntries(ctx.db.kysely, scope, { ...filter, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.on, r.actId])
  return { rows: page.rows.map((r) => entryView(ctx, r)), next: page.next }
}

const NO_TERM = '9999-12-31'
const STOPPED = ['mending', 'returned']
export const oversightOpen = async (
  ctx: Ctx,
  ask: Omit<SpanAsk, 'from' | 'to'> & { overdue?: boolean | undefined; after?: string | undefined; limit: number },
): Promise<Page<OpenView>> => {
  const scope = await scopeFor(ctx, ask.authority)
  const on = today(ctx)
  const rows = await store.listOpen(ctx.db.kysely, scope, {
    ...ask,
    overdue: ask.overdue === true,
    on,
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const calendar = calendarOf(ctx.policy)
  const last = rows[ask.limit - 1]
  return {
    rows: rows.slice(0, ask.limit).map((r) => {
      const dueOn = r.dueOn === NO_TERM || STOPPED.includes(r.state) ? null : r.dueOn
      return {
        ...r,
        itemName: itemName(ctx.policy, r.item),
        dueOn,
        overdueBy: dueOn !== null && dueOn < on ? workdaysBetween(calendar, dueOn, on).workdays : 0,
      }
    }),
    next: rows.length > ask.limit && last ? encodeCursor([last.dueOn, last.itemId]) : null,
  }
}

export const refusalsFor = async (ctx: Ctx, scope: store.Scope, span: store.Filter): Promise<RefusalRow[]> => {
  const counted = await store.refusalsBy(ctx.db.kysely, scope, span)
  const many = (rows: readonly store.RefusalCount[], what: What) =>
    rows.reduce((n, r) => (r.what === what ? n + r.n : n), 0)
  return [...Map.groupBy(counted, (r) => `${r.condition ?? ''} ${r.condition === null ? '' : r.system}`).values()]
    .flatMap((rows): RefusalRow[] => {
      const first = rows[0]
      if (!first) return []
      const { condition, system, rules } = first
      const sentence = sentenceOf(ctx.policy, condition, system, rules)
      return [
        {
          condition,
          system: condition === null ? '' : system,
          sentence: sentence.words,
          article: sentence.article,
          instrument: sentence.instrument,
          refused: many(rows, 'refused'),
          notAccepted: many(rows, 'not_accepted'),
        },
      ]
    })
    .toSorted(
      (a, b) => b.refused + b.notAccepted - a.refused - a.notAccepted || (a.sentence.zh < b.sentence.zh ? -1 : 1),
    )
}
export const oversightRefusals = async (ctx: Ctx, ask: SpanAsk): Promise<{ rows: RefusalRow[] }> => {
  const scope = await scopeFor(ctx, ask.authority)
  const span = spanOf(ctx, ask)
  await fresh(ctx)
  return { rows: await refusalsFor(ctx, scope, span) }
}

// ---- files

const exported = (ctx: Ctx, what: string, details: Record<string, unknown>): Promise<void> =>
  inTx(ctx, (tx) => {
    recordAct(tx, ctx, { act: `oversight.export_${what}`, target: { kind: 'oversight', id: what }, details })
    return Promise.resolve()
  })

const COUNTED = [
  'received',
  'accepted',
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
  'lapsed',
  'forged',
  'revoked',
  'shielded',
  'restored',
] as const
const AFTER = ['open', 'overdue', 'late', 'abnormal'] as const
const MEANS = [
  'averageAccept',
  'medianAccept',
  'average',
  'median',
  'nineInTen',
  'longest',
  'averageTotal',
  'medianTotal',
] as const
const percent = (share: number | null): string => (share === null ? '' : `${(share * 100).toFixed(1)}%`)
const text = (n: number | null): string => (n === null ? '' : String(n))

export const exportOversight = async (
  ctx: Ctx,
  ask: SpanAsk & { by: Grouping; format: Format },
): Promise<FileReply> => {
  const span = spanOf(ctx, ask)
  const scope = await scopeFor(ctx, ask.authority)
  await fresh(ctx)
  const { rows, all } = await grouped(ctx, scope, span, ask.by)
  await exported(ctx, 'figures', { from: said(span.from), to: said(span.to), by: ask.by, rows: rows.length })
  const { lang } = ctx
  const cells = (label: string, f: Figures & Times & { open: number | null; overdue: number | null }): string[] => [
    label,
    ...COUNTED.map((w) => String(f.counts[w])),
    ...AFTER.map((k) => text(f[k])),
    percent(f.success.share),
    ...MEANS.map((k) => text(f[k])),
  ]
  const head = [
    GROUPING_WORDS[ask.by],
    ...COUNTED.map((w) => WHAT_WORDS[w]),
    ...[...AFTER, 'success' as const, ...MEANS].map((k) => FIGURE_WORDS[k]),
  ]
  const total = { zh: '合计', en: 'Total' }[lang]
  return fileOf(
    {
      zh: `信用修复监督统计-${said(span.from)}-${said(span.to)}`,
      en: `repair-oversight-${said(span.from)}-${said(span.to)}`,
    },
    {
      lang,
      format: ask.format,
      head: head.map((w) => w[lang]),
      rows: [...rows.map((r) => cells(r.label[lang], r)), cells(total, all)],
    },
  )
}

const EXPORT_PAGE = 1_000
const ENTRY_HEAD: Words[] = [
  { zh: '日期', en: 'Day' },
  { zh: '申请编号', en: 'Application' },
  { zh: '信用主体', en: 'Subject' },
  { zh: '信息类别', en: 'Kind of record' },
  { zh: '文书号', en: 'Document' },
  { zh: '单位', en: 'Authority' },
  { zh: '办理情况', en: 'What was done' },
  { zh: '用时（工作日）', en: 'Working days' },
  { zh: '时限（工作日）', en: 'Term (working days)' },
  { zh: '超期（工作日）', en: 'Late by (working days)' },
  { zh: '理由', en: 'Sentences' },
]
export const exportOversightEntries = async (ctx: Ctx, ask: EntryAsk & { format: Format }): Promise<FileReply> => {
  const scope = await scopeFor(ctx, ask.authority)
  const filter = entryFilter(ctx, ask)
  await fresh(ctx)
  await exported(ctx, 'entries', { from: said(filter.from), to: said(filter.to) })
  const { lang } = ctx
  const rows = async function* () {
    for (let after: [string, string] | null = null; ; ) {
      const batch: store.EntryRow[] = await store.listEntries(ctx.db.kysely, scope, {
        ...filter,
        after,
        limit: EXPORT_PAGE,
      })
      for (const r of batch.map((b) => entryView(ctx, b)))
        yield [
          r.on,
          r.no,
          r.subjectName,
          r.itemName[lang],
          r.docNo,
          r.authorityName,
          WHAT_WORDS[r.what][lang],
          text(r.workdays),
          text(r.term),
          text(r.lateBy),
          r.conditions.map((c) => c[lang]).join(lang === 'zh' ? '；' : '; '),
        ]
      const last = batch.at(-1)
      if (!last || batch.length < EXPORT_PAGE) return
      after = [last.on, last.actId]
    }
  }
  return fileOf(
    {
      zh: `信用修复监督明细-${said(filter.from)}-${said(filter.to)}`,
      en: `repair-oversight-rows-${said(filter.from)}-${said(filter.to)}`,
    },
    { lang, format: ask.format, head: ENTRY_HEAD.map((w) => w[lang]), rows: rows() },
  )
}
