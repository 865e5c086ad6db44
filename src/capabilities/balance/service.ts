import { csvLine } from '../../kernel/csv.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type LocalDate, addDays, startOf } from '../../kernel/time.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { VERDICT_WORDS, type Verdict } from '../collection/words.ts'
import type { LineView, ProofView, RunView, SubmissionLine } from './contract.ts'
import * as store from './store.ts'
import {
  COUNT_WORDS,
  DIFFERENCES,
  type Difference,
  GROUPING_WORDS,
  type Grouping,
  PROOF_VERDICT_WORDS,
  type ProofVerdict,
} from './words.ts'

const SPAN_DAYS = 30
const EXPORT_PAGE = 200

type SpanAsk = {
  from?: string | undefined
  to?: string | undefined
  authorityId?: string | undefined
  item?: string | undefined
}
const spanOf = (ctx: Ctx, ask: SpanAsk) => {
  const to = (ask.to ?? today(ctx)) as LocalDate
  const from = (ask.from ?? addDays(to, 1 - SPAN_DAYS)) as LocalDate
  if (from > to) mustNot('SPAN_BACKWARDS')
  const span = { from: startOf(from), before: startOf(addDays(to, 1)), authorityId: ask.authorityId, item: ask.item }
  return { from, to, span }
}

const nameOf = (ctx: Ctx, item: string): Words =>
  ctx.policy.catalog.find((c) => c.code === item)?.name ?? { zh: item, en: item }
const lineView = (ctx: Ctx, { day, authorityId, authorityName, item, ...sums }: store.GroupRow): LineView => ({
  day,
  authority: authorityId ? { id: authorityId, name: authorityName ?? '' } : null,
  item: item ? { code: item, name: nameOf(ctx, item) } : null,
  ...sums,
})
const runView = ({ id, state, startedAt, finishedAt, submissions, rows, differing, lost }: store.RunRow): RunView => ({
  id,
  state,
  startedAt,
  finishedAt,
  submissions,
  rows,
  differing,
  lost,
})

const KEYS = { day: 'day', authority: 'uuid', item: 'text' } as const satisfies Record<Grouping, string>
export const listBalance = async (
  ctx: Ctx,
  ask: SpanAsk & { by: Grouping; after?: string | undefined; limit: number },
) => {
  const { from, to, span } = spanOf(ctx, ask)
  const [after] = readCursor(ask.after, KEYS[ask.by]) ?? [null]
  const db = ctx.db.kysely
  const rows = await store.groups(db, ctx.actor, { ...span, by: ask.by, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [store.keyOf(ask.by, r)])
  const run = await store.lastRun(db, 'done')
  return {
    from,
    to,
    rows: page.rows.map((r) => lineView(ctx, r)),
    next: page.next,
    totals: await store.totals(db, ctx.actor, span),
    run: run && runView(run),
  }
}

export const listBalanceSubmissions = async (
  ctx: Ctx,
  ask: SpanAsk & { verdict?: ProofVerdict | 'open' | undefined; after?: string | undefined; limit: number },
): Promise<Page<SubmissionLine>> => {
  const { span } = spanOf(ctx, ask)
  const rows = await store.submissionRows(ctx.db.kysely, ctx.actor, {
    ...span,
    verdict: ask.verdict,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.createdAt, r.id])
  return {
    rows: page.rows.map((r) => ({
      id: r.id,
      no: r.no,
      authority: { id: r.authorityId, name: r.authorityName },
      item: { code: r.item, name: nameOf(ctx, r.item) },
      wayIn: r.wayIn,
      state: r.state,
      createdAt: r.createdAt,
      received: r.received,
      accepted: r.accepted,
      refused: r.refused,
      pending: r.pending,
      alreadyHeld: r.alreadyHeld,
      proof:
        r.verdict && r.provedAt && (r.same || r.verdict === 'differs')
          ? { at: r.provedAt, verdict: r.verdict, differences: r.differences ?? 0 }
          : null,
    })),
    next: page.next,
  }
}

const differenceWords = (ctx: Ctx, { code, n, params }: Difference): string => {
  const { name, verdict, ...rest } = params ?? {}
  return say(DIFFERENCES[code], ctx.lang, {
    n,
    ...rest,
    ...(name ? { name: COUNT_WORDS[name as keyof typeof COUNT_WORDS] } : {}),
    ...(verdict ? { verdict: VERDICT_WORDS[verdict as Verdict] } : {}),
  })
}
export const getProof = async (ctx: Ctx, { id }: { id: string }): Promise<ProofView> => {
  const proof = (await store.findProof(ctx.db.kysely, ctx.actor, id)) ?? mustNot('NOT_PROVED_YET')
  const { runId: _, provedAt, differences, ...rest } = proof
  return {
    ...rest,
    at: provedAt,
    differences: differences.map((d) => ({ code: d.code, n: d.n ?? null, words: differenceWords(ctx, d) })),
  }
}

export const listRuns = async (
  ctx: Ctx,
  ask: { after?: string | undefined; limit: number },
): Promise<Page<RunView>> => {
  const rows = await store.runRows(ctx.db.kysely, {
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.startedAt, r.id])
  return { rows: page.rows.map(runView), next: page.next }
}

// ---- the export

const HEAD: Record<'submissions' | keyof typeof COUNT_WORDS, Words> = {
  submissions: { zh: '报送次数', en: 'Submissions' },
  received: { zh: '接收', en: 'Received' },
  accepted: { zh: '入库', en: 'Accepted' },
  refused: { zh: '退回', en: 'Returned' },
  pending: { zh: '待核实', en: 'Pending' },
  alreadyHeld: { zh: '已有', en: 'Already held' },
}
const TOTAL: Words = { zh: '合计', en: 'Total' }

export const exportBalance = async (ctx: Ctx, ask: SpanAsk & { by: Grouping }) => {
  const { from, to, span } = spanOf(ctx, ask)
  const db = ctx.db.kysely
  const numbers = (s: store.Sums): number[] => [
    ...(Object.keys(HEAD) as (keyof typeof HEAD)[]).map((k) => s[k]),
    s.proved,
    s.differing,
    s.unproved,
  ]
  const labelOf = (r: store.GroupRow): string =>
    ask.by === 'day'
      ? (r.day ?? '')
      : ask.by === 'authority'
        ? (r.authorityName ?? '')
        : nameOf(ctx, r.item ?? '')[ctx.lang]
  const line = (cells: readonly (string | number)[]) => Buffer.from(csvLine(cells))
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('\ufeff')
    const states = [PROOF_VERDICT_WORDS.holds, PROOF_VERDICT_WORDS.differs, PROOF_VERDICT_WORDS.open]
    yield line([GROUPING_WORDS[ask.by], ...Object.values(HEAD), ...states].map((w) => w[ctx.lang]))
    for (let after: string | null = null; ; ) {
      const rows: store.GroupRow[] = await store.groups(db, ctx.actor, {
        ...span,
        by: ask.by,
        after,
        limit: EXPORT_PAGE,
      })
      for (const r of rows) yield line([labelOf(r), ...numbers(r)])
      const last = rows.at(-1)
      if (rows.length < EXPORT_PAGE || !last) break
      after = store.keyOf(ask.by, last)
    }
    yield line([TOTAL[ctx.lang], ...numbers(await store.totals(db, ctx.actor, span))])
  }
  const name = ctx.lang === 'zh' ? `数据平衡-${from}-${to}.csv` : `balance-${from}-${to}.csv`
  return { file: { name, mediaType: 'text/csv; charset=utf-8', body: body() } }
}
