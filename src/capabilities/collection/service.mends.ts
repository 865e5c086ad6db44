import { mustNot } from '../../kernel/decision.ts'
import { type Page, encodeCursor, readCursor } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorName, actorRef, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type AcceptedMends, type SubmissionView, acceptedMends } from './contract.ts'
import { dayOfSubmission, directoryOf, itemOf, rulesFor } from './open.ts'
import { inputOf, ownHeader } from './returned.ts'
import { type Checked, type InputRow, type RowRules, compileRow } from './rules.ts'
import type { Problem } from './rules.columns.ts'
import { type Doubt, type Proposal, type Proposer, mended, proposerOf } from './rules.proposals.ts'
import { mustFind } from './service.enter.ts'
import { settle } from './settle.ts'
import * as store from './store.ts'
import * as mends from './store.mends.ts'
import { doubtView, proposalView, submissionView } from './views.ts'
import { MEND_RULE_WORDS } from './words.mends.ts'

/** The row with what is proposed for it, and what the check says of it then. */
export type Mended = { proposals: Proposal[]; doubts: Doubt[]; input: InputRow; checked: Checked }
type Faulty = { input: InputRow; problems: readonly Problem[] }
type Take = (n: number, proposal: Proposal) => boolean
const ALL: Take = () => true
/** A value that is mended may bring out another fault that can be mended too: a code, and then the category beside it. */
const ROUNDS = 2

/** Finds out what would mend rows that the check refuses; in bulk, and only ever for refused rows: the check itself stays fast. */
export const mendRows = async (
  reader: Reader,
  by: { proposer: Proposer; check: (row: InputRow) => Checked },
  rows: readonly Faulty[],
  take: Take = ALL,
): Promise<Map<number, Mended>> => {
  const done = new Map<number, Mended>()
  let open = rows.map((r) => ({ ...r }))
  for (let round = 0; round < ROUNDS && open.length; round++) {
    const asked = open.map(({ input, problems }) => by.proposer.asks(input, problems))
    const register = await mends.registerOf(reader, {
      codes: [...new Set(asked.flatMap((a) => a.codes))],
      names: [...new Set(asked.flatMap((a) => a.names))],
    })
    const again: Faulty[] = []
    for (const { input, problems } of open) {
      const before = done.get(input.n)
      const known = new Set(before?.proposals.map((p) => p.field))
      const found = by.proposer.propose(input, problems, register)
      const fresh = found.proposals.filter((p) => !known.has(p.field) && take(input.n, p))
      const next = fresh.length ? mended(input, fresh) : input
      const checked = fresh.length ? by.check(next) : null
      done.set(input.n, {
        proposals: [...(before?.proposals ?? []), ...fresh],
        doubts: before ? before.doubts : found.doubts,
        input: next,
        checked: checked ?? before?.checked ?? { n: input.n, name: '', docNo: '', ok: false, problems: [...problems] },
      })
      if (checked && !checked.ok) again.push({ input: next, problems: checked.problems })
    }
    open = again
  }
  return done
}

/** What a person accepted, as a question about each proposal. */
export const takes = (accepted: AcceptedMends): Take => {
  if ('all' in accepted) {
    const except = new Set(accepted.except.map(([n, field]) => `${n}\t${field}`))
    return (n, p) => !except.has(`${n}\t${p.field}`)
  }
  const only = new Set(accepted.only.map(([n, field, became]) => `${n}\t${field}\t${became}`))
  return (n, p) => only.has(`${n}\t${p.field}\t${p.became}`)
}

/** The form field of an upload. */
export const readAccepted = (text: string | undefined): AcceptedMends | null => {
  if (!text?.trim()) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return mustNot('MENDING_INVALID')
  }
  const read = acceptedMends.safeParse(value)
  if (!read.success) return mustNot('MENDING_INVALID')
  return 'only' in read.data && !read.data.only.length ? null : read.data
}

// ---- rows that stand returned

type Standing = { s: store.Submission; item: CatalogItem; header: store.KeptHeader; rules: RowRules }
const standing = async (ctx: Ctx, reader: Reader, s: store.Submission): Promise<Standing> => {
  if (s.state !== 'done') mustNot('NOT_FINISHED')
  const header = ownHeader(s.header ?? mustNot('NO_REFUSED_ROWS'))
  const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt)) ?? mustNot('NO_SUCH_ITEM', { item: s.item })
  const directory = await directoryOf(reader)
  const reporter = directory.byId.get(s.authorityId) ?? mustNot('NO_AUTHORITY')
  const sources = new Map(header.sources)
  const rules = rulesFor(ctx, { item, reporter, directory, today: today(ctx), sources, width: header.headings.length })
  return { s, item, header, rules }
}

/** The rules of today and what is known today: what was refused then may be mended now. */
const mendsOf = async (ctx: Ctx, reader: Reader, of: Standing, rows: readonly store.KeptRow[], take: Take = ALL) => {
  const check = compileRow(of.rules)
  const inputs = rows.map((r) => inputOf(ctx, r))
  const faulty = inputs.map((input) => {
    const now = check(input)
    return { input, problems: now.ok ? [] : now.problems }
  })
  return mendRows(reader, { proposer: proposerOf(of.rules), check }, faulty, take)
}

export const listProposals = async (ctx: Ctx, ask: { id: string; after?: string | undefined; limit: number }) => {
  const reader = ctx.db.kysely
  const of = await standing(ctx, reader, await mustFind(ctx, ask.id))
  const [after] = readCursor(ask.after, 'integer') ?? [0]
  const rows = await store.listRows(reader, ask.id, { verdict: 'refused', after, limit: ask.limit })
  const found = await mendsOf(ctx, reader, of, rows)
  const last = rows.at(-1)
  return {
    rows: rows.flatMap((r) => {
      const m = found.get(r.n)
      if (!m || (!m.proposals.length && !m.doubts.length)) return []
      return [
        {
          n: r.n,
          name: r.name,
          proposals: m.proposals.map((p) => proposalView(p, ctx.lang)),
          doubts: m.doubts.map((d) => doubtView(d, ctx.lang)),
          mendable: m.proposals.length > 0 && m.checked.ok,
        },
      ]
    }),
    // Rows without a proposal are passed over: a page may hold few rows or none and still have a next.
    next: last && rows.length === ask.limit ? encodeCursor([last.n]) : null,
  }
}

/** Rows of one transaction, and transactions of one call: more are taken by calling again. */
const BATCH = 200
const BATCHES = 25

/** A person accepts what is proposed for returned rows: those that it mends go in, in the same submission, with what was there before. */
export const mendReturned = async (
  ctx: Ctx,
  ask: { id: string; accepted: AcceptedMends },
): Promise<{ mended: number; more: boolean; receipt: SubmissionView }> => {
  const named =
    'only' in ask.accepted ? [...new Set(ask.accepted.only.map(([n]) => n))].toSorted((a, b) => a - b) : null
  const take = takes(ask.accepted)
  let count = 0
  let after = 0
  let more = true
  for (let i = 0; i < BATCHES && more; i++) {
    const step = await inTx(ctx, async (tx) => {
      const of = await standing(ctx, tx, await mustFind(ctx, ask.id, tx))
      const rows = named
        ? (await store.rowsByNumber(tx, ask.id, named.slice(i * BATCH, (i + 1) * BATCH))).filter(
            (r) => r.verdict === 'refused',
          )
        : await store.listRows(tx, ask.id, { verdict: 'refused', after, limit: BATCH })
      const last = named ? (i + 1) * BATCH < named.length : rows.length === BATCH
      return { mended: await mendBatch(tx, ctx, of, rows, take), to: rows.at(-1)?.n ?? after, more: last }
    })
    count += step.mended
    after = step.to
    more = step.more
  }
  return { mended: count, more, receipt: submissionView(ctx, await mustFind(ctx, ask.id)) }
}

const mendBatch = async (
  tx: Tx,
  ctx: Ctx,
  of: Standing,
  rows: readonly store.KeptRow[],
  take: Take,
): Promise<number> => {
  const { s } = of
  const found = await mendsOf(ctx, tx, of, rows, take)
  const ready = rows.flatMap((row) => {
    const m = found.get(row.n)
    return m?.proposals.length && m.checked.ok ? [{ row, m }] : []
  })
  if (!ready.length) return 0
  const ask = { submission: s, item: of.item, header: of.header, skip: 0, standing: true }
  const { settled } = await settle(
    tx,
    ctx,
    ask,
    ready.map(({ m }) => ({ input: m.input, checked: m.checked })),
  )
  const at = ctx.clock.now()
  const by = actorRef(ctx.actor)
  const saved = await mends.resettle(tx, {
    submissionId: s.id,
    rows: settled.map((v, i) => ({ ...v, seen: ready[i]?.row.version ?? 0 })),
    at,
    by,
  })
  if (!saved) mustNot('STALE')
  const kept = ready.map(({ row, m }) => ({ n: row.n, proposals: m.proposals }))
  await mends.insertMends(tx, { submissionId: s.id, rows: kept, by, name: actorName(ctx.actor), at })
  actOfMending(tx, ctx, s.id, kept)
  return settled.filter((v) => v.verdict !== 'refused').length
}

const SAID = 50
/** Which fields of which rows, and by which rule; the values stand with the submission. */
export const actOfMending = (tx: Tx, ctx: Ctx, submissionId: string, rows: readonly mends.MendedRow[]): void =>
  recordAct(tx, ctx, {
    act: 'collection.accept_proposals',
    target: { kind: 'submission', id: submissionId },
    details: {
      rows: rows.length,
      values: rows.reduce((n, r) => n + r.proposals.length, 0),
      first: rows.slice(0, SAID).map((r) => [r.n, ...r.proposals.map((p) => `${p.field}:${p.rule}`)]),
    },
  })

export const listMends = async (
  ctx: Ctx,
  ask: { id: string; after?: string | undefined; limit: number },
): Promise<Page<ReturnType<typeof mendView>>> => {
  const s = await mustFind(ctx, ask.id)
  const after = readCursor(ask.after, 'integer', 'text') ?? [0, '']
  const rows = await mends.listMends(ctx.db.kysely, s.id, { after, limit: ask.limit + 1 })
  const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt))
  const last = rows[ask.limit - 1]
  return {
    rows: rows.slice(0, ask.limit).map((m) => mendView(ctx, item, m)),
    next: rows.length > ask.limit && last ? encodeCursor([last.n, last.field]) : null,
  }
}
const mendView = (ctx: Ctx, item: CatalogItem | null, m: mends.KeptMend) => ({
  n: m.n,
  key: m.field,
  field: item?.fields.find((f) => f.key === m.field)?.label[ctx.lang] ?? m.field,
  was: m.was,
  became: m.became,
  rule: m.rule,
  why: MEND_RULE_WORDS[m.rule][ctx.lang],
  acceptedBy: m.acceptedName,
  acceptedAt: m.acceptedAt,
})
