import type { FileReply, HtmlReply } from '../../kernel/api.ts'
import { Refused, mustNot } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { dayOf, instant } from '../../kernel/time.ts'
import { type Lang, type Words, fill } from '../../kernel/words.ts'
import { calendarOf } from '../../kernel/workdays.ts'
import { addressOf } from '../../platform/address.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { type Reader, type Tx, inBulk, inTx as readTx } from '../../platform/db/index.ts'
import { inTurn, nextRun } from '../../platform/follow.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct, sequence } from '../../platform/outbox.ts'
import { type Block, paperPdf } from '../../platform/pdf.ts'
import { withdrawalsAt } from '../exchange/index.ts'
import { EFFECT_PART_WORDS, EFFECT_STATE_WORDS } from '../exchange/words.ts'
import { siteOf } from '../publicity/index.ts'
import { codeOf, grouped, readCode } from './codes.ts'
import type { PropagationReceiptView, ReceiptFacts, ReceiptPart } from './contract.receipts.ts'
import { receiptHtml } from './page.receipt.ts'
import { holdersOn, isAwaited, outcomeOf, receiptKeyword } from './rules.receipts.ts'
import { canonical, certificateSigner } from './sign.ts'
import { takeNumbers } from './store.ts'
import * as store from './store.receipts.ts'
import { throttled } from './throttle.ts'
import {
  HOLDER_MARK_WORDS,
  RECEIPT,
  RECEIPT_OUTCOME_WORDS,
  RECEIPT_STATE_WORDS,
  type ReceiptOutcome,
  type ReceiptState,
  effectTitle,
  receiptNumber,
} from './words.receipts.ts'

/**
 * Receipts of propagation 同步回执: opened by what took a record down, live while holders answer, and frozen with a signature
 * in the moment in which nothing can be expected any more.
 */

const COMMITS_AT_ONCE = 500
const seriesOf = (jurisdiction: string) => `receipt/${jurisdiction}`

const opened = async (tx: Parameters<typeof store.insertReceipts>[0], ctx: Ctx, taken: readonly store.Taken[]) => {
  const openedAt = ctx.clock.now()
  const year = Number(today(ctx).slice(0, 4))
  const base = { year, openedAt } as const
  const rows: Omit<store.NewReceipt, 'n' | 'code'>[] = taken.map((t) => ({
    ...base,
    subjectId: t.subjectId,
    id: newId(),
    scope: 'record',
    recordId: t.recordId,
    itemId: t.itemId,
    applicationId: t.applicationId,
    applicationNo: t.applicationNo ?? '',
    withdrawnAt: t.at,
  }))
  const held = await store.applicationsWithReceipt(
    tx,
    taken.flatMap((t) => t.applicationId ?? []),
  )
  for (const t of taken) {
    if (!t.applicationId || held.has(t.applicationId)) continue
    held.add(t.applicationId)
    rows.push({
      ...base,
      subjectId: t.subjectId,
      id: newId(),
      scope: 'application',
      recordId: null,
      itemId: null,
      applicationId: t.applicationId,
      applicationNo: t.applicationNo ?? '',
      withdrawnAt: t.at,
    })
  }
  const first = await takeNumbers(tx, seriesOf(ctx.config.jurisdiction), year, rows.length)
  await store.insertReceipts(
    tx,
    rows.map((r, i) => ({ ...r, n: first + i, code: codeOf(ctx.secrets, 'receipt', r.id) })),
  )
  return rows.length
}

/** A receipt for everything that was taken down so far, in the order in which it happened. */
export const openReceipts = async (ctx: Ctx): Promise<number> => {
  await sequence(ctx)
  let made = 0
  for (;;) {
    const more = await inTurn(ctx, () =>
      inTx(ctx, async (tx) => {
        await store.lockReceipts(tx)
        const from = await store.receiptsRead(tx)
        const run = await nextRun(tx, from, COMMITS_AT_ONCE)
        if (!run) return false
        const taken = await store.takenDown(tx, from, run.to)
        if (taken.length) made += await opened(tx, ctx, taken)
        await store.saveReceiptsRead(tx, run.to)
        return true
      }),
    )
    if (!more) return made
  }
}

// ---- what it says

const finalWorkdays = (ctx: Ctx): number =>
  (settingOf(ctx.policy, 'receipt_final_workdays', today(ctx))?.value as number | undefined) ?? 0

export const issuerOf = (ctx: Ctx): Words => {
  const giving = settingOf(ctx.policy, 'repair_certificate', today(ctx))?.value as { issuer?: Words | null } | undefined
  return giving?.issuer ?? ctx.policy.jurisdiction.name
}

type Told = { part: ReceiptPart; shownAgain: boolean; awaited: boolean }
/** What came of the withdrawals that receipts of records are of, in their order. */
const told = async (db: Reader, ctx: Ctx, rows: readonly store.ReceiptRow[]): Promise<Told[]> => {
  const asPlatform: Ctx = { ...ctx, actor: { kind: 'system', name: 'certificates' } }
  const asks = rows.map((r) => ({ subjectId: r.subjectId, recordId: r.recordId ?? '', at: r.withdrawnAt }))
  const tables = await withdrawalsAt(db, asPlatform, asks)
  const calendar = calendarOf(ctx.policy)
  return rows.map((r, i) => {
    const part = { n: 1, withdrawnAt: r.withdrawnAt, holders: [] }
    const table = tables[i]
    // A record that went to another file or was taken back whole is on nobody's list any more.
    if (!table) return { part, shownAgain: true, awaited: false }
    const clock = { today: table.endedOn ?? today(ctx), calendar, finalWorkdays: finalWorkdays(ctx) }
    return {
      part: { ...part, holders: holdersOn(table.holders, clock), effects: table.effect },
      shownAgain: table.endedOn !== null,
      awaited: isAwaited(table.holders, clock),
    }
  })
}

type Draft = { facts: ReceiptFacts; outcome: ReceiptOutcome | null }
const ofRecord = ({ part, shownAgain, awaited }: Told): Pick<ReceiptFacts, 'parts' | 'outcome'> => ({
  parts: [part],
  outcome: shownAgain ? 'shown_again' : awaited ? null : outcomeOf([part]),
})

type Whole = { own: readonly store.ReceiptRow[]; underWay: boolean; now: ReadonlyMap<string, Told> }
/** Its records' own receipts, as they were closed or as they stand now. */
const ofApplication = ({ own, underWay, now }: Whole): Pick<ReceiptFacts, 'parts' | 'outcome'> => {
  const parts = own.flatMap((p, i) => {
    const part = p.facts?.parts[0] ?? now.get(p.id)?.part
    return part ? [{ ...part, n: i + 1 }] : []
  })
  const done = own.every((p) => p.state === 'final') && !underWay
  const standing = own.filter((p) => p.outcome !== 'shown_again')
  return { parts, outcome: !done ? null : standing.length ? outcomeOf(parts) : 'shown_again' }
}

/** Each as things stand, in their order; with an outcome when nothing more can be expected. */
const drafts = (ctx: Ctx, rows: readonly store.ReceiptRow[]): Promise<Draft[]> =>
  // Receipt by receipt through the indexes, however little the planner thinks there is to read.
  readTx(ctx.db, async (tx) => {
    await inBulk(tx, { sweeping: false })
    return draftsIn(tx, ctx, rows)
  })
const draftsIn = async (db: Tx, ctx: Ctx, rows: readonly store.ReceiptRow[]): Promise<Draft[]> => {
  const wholes = rows.filter((r) => r.scope === 'application')
  const own = await store.partsOf(db, wholes)
  const underWay = await store.underWay(db, wholes)
  const open = [
    ...rows.filter((r) => r.scope === 'record'),
    ...wholes.flatMap((w) => (own.get(w.id) ?? []).filter((p) => !p.facts)),
  ]
  const found = await told(db, ctx, open)
  const now = new Map(open.map((r, i) => [r.id, found[i]!]))
  const at = ctx.clock.now()
  return rows.map((r) => {
    const { parts, outcome } =
      r.scope === 'record'
        ? ofRecord(now.get(r.id)!)
        : ofApplication({ own: own.get(r.id) ?? [], underWay: underWay.has(r.id), now })
    return {
      outcome,
      facts: {
        code: grouped(r.code),
        number: receiptNumber(r.year, r.n),
        issuer: issuerOf(ctx),
        jurisdiction: ctx.config.jurisdiction,
        scope: r.scope,
        applicationNo: r.applicationNo,
        state: outcome ? 'final' : 'open',
        outcome,
        finalAt: outcome ? at : null,
        parts,
      },
    }
  })
}

/** Freezes those of the rows that have come to their end, together. Answers how many. */
const settle = async (ctx: Ctx, rows: readonly store.ReceiptRow[]): Promise<number> => {
  const finals: store.Final[] = []
  const waiting: string[] = []
  const signer = certificateSigner(ctx.secrets)
  const drawn = await drafts(ctx, rows)
  for (const [i, { subjectId, id }] of rows.entries()) {
    const { facts, outcome } = drawn[i]!
    if (!outcome) waiting.push(id)
    else
      finals.push({
        subjectId,
        id,
        outcome,
        facts,
        token: await signer.signReceipt(facts),
        at: instant(facts.finalAt ?? ''),
      })
  }
  return inTx(ctx, async (tx) => {
    if (waiting.length) await store.markChecked(tx, waiting, ctx.clock.now())
    const done = finals.length ? await store.finish(tx, finals) : new Set()
    for (const { subjectId, id, outcome, facts } of finals)
      if (done.has(id))
        recordAct(tx, ctx, {
          act: 'certificates.close_receipt',
          target: { kind: 'propagation_receipt', id },
          subjectId,
          details: { outcome, laggards: facts.parts.flatMap((p) => p.holders).filter((h) => h.mark !== 'done').length },
        })
    return done.size
  })
}

const AT_ONCE = 300
/** The least recently looked at first; records before the applications that they are of. */
export const settleReceipts = async (ctx: Ctx): Promise<number> => {
  const open = await store.openReceipts(ctx.db.kysely, AT_ONCE)
  let final = 0
  for (const scope of ['record', 'application']) {
    const rows = open.filter((r) => r.scope === scope)
    if (rows.length) final += await settle(ctx, rows)
  }
  return final
}

/** What each says: those that are closed as they were, the others as things stand. */
const factsOf = async (ctx: Ctx, rows: readonly store.ReceiptRow[]): Promise<ReceiptFacts[]> => {
  const open = rows.filter((r) => !r.facts)
  const drawn = open.length ? await drafts(ctx, open) : []
  const now = new Map(open.map((r, i) => [r.id, drawn[i]!.facts]))
  return rows.map((r) => r.facts ?? { ...now.get(r.id)!, state: 'open', outcome: null, finalAt: null })
}
const factsOfOne = async (ctx: Ctx, r: store.ReceiptRow): Promise<ReceiptFacts> => (await factsOf(ctx, [r]))[0]!

const viewOf = (r: store.ReceiptRow, facts: ReceiptFacts): PropagationReceiptView => {
  const holders = facts.parts.flatMap((p) => p.holders)
  return {
    subjectId: r.subjectId,
    id: r.id,
    recordId: r.recordId,
    applicationId: r.applicationId,
    openedAt: r.openedAt,
    done: holders.filter((h) => h.mark === 'done').length,
    all: holders.length,
    facts,
  }
}

export const listPropagationReceipts = async (
  ctx: Ctx,
  ask: {
    subject?: string | undefined
    record?: string | undefined
    application?: string | undefined
    state?: ReceiptState | undefined
    outcome?: ReceiptOutcome | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.listReceipts(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.openedAt, r.id])
  const facts = await factsOf(ctx, page.rows)
  return { rows: page.rows.map((r, i) => viewOf(r, facts[i]!)), next: page.next }
}

// ---- anyone's look at one

export const receiptOfCode = async (ctx: Ctx, typed: string): Promise<store.ReceiptRow | null> => {
  const code = readCode(typed)
  return code ? store.receiptByCode(ctx.db.kysely, code) : null
}
const mustFind = async (ctx: Ctx, code: string): Promise<store.ReceiptRow> =>
  (await throttled(ctx, () => receiptOfCode(ctx, code))) ?? mustNot('NO_SUCH_RECEIPT')

export const publicReceipt = async (ctx: Ctx, { code }: { code: string }): Promise<ReceiptFacts> =>
  factsOfOne(ctx, await mustFind(ctx, code))

export const receiptPage = async (ctx: Ctx, { code }: { code: string }): Promise<HtmlReply> => {
  const headers = { 'cache-control': 'no-store' }
  const site = siteOf(ctx)
  try {
    const facts = await publicReceipt(ctx, { code })
    const view = { is: 'receipt', facts, at: ctx.clock.now(), finalWorkdays: finalWorkdays(ctx) } as const
    return { html: receiptHtml(site, view), headers }
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusals[0] : undefined
    if (refusal?.code === 'NO_SUCH_RECEIPT') return { html: receiptHtml(site, { is: 'unknown' }), status: 404, headers }
    if (refusal?.code !== 'THROTTLED') throw error
    const seconds = Number(refusal.params?.seconds ?? 1)
    return {
      html: receiptHtml(site, { is: 'busy', seconds }),
      status: 429,
      headers: { ...headers, 'retry-after': String(seconds) },
    }
  }
}

// ---- as a paper

const BEIJING = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
const timeWords = (at: string | null): string => (at ? BEIJING.format(new Date(at)) : RECEIPT.none.zh)

const tableOf = (part: ReceiptPart, lang: Lang): Block => ({
  kind: 'table',
  widths: [5, 3, 3, 3, 3],
  head: [RECEIPT.holder, RECEIPT.mark, RECEIPT.sentAt, RECEIPT.ackedAt, RECEIPT.verifiedAt].map((w) => w[lang]),
  rows: part.holders.map((h) => [
    h.name[lang],
    HOLDER_MARK_WORDS[h.mark][lang],
    timeWords(h.sentAt),
    timeWords(h.acknowledgedAt),
    timeWords(h.verifiedAt),
  ]),
})

const effectsOf = (part: ReceiptPart, lang: Lang): Block => ({
  kind: 'table',
  widths: [4, 3, 9, 3],
  head: [RECEIPT.effectPart, RECEIPT.effectState, RECEIPT.effectProof, RECEIPT.effectAt].map((w) => w[lang]),
  rows: (part.effects ?? []).map((e) => [
    EFFECT_PART_WORDS[e.part][lang],
    EFFECT_STATE_WORDS[e.state][lang],
    e.proof[lang],
    timeWords(e.at),
  ]),
})

/** A final receipt gives the same bytes for ever; one that is not final says so. */
export const publicReceiptPdf = async (
  ctx: Ctx,
  ask: { code: string; lang?: Lang | undefined },
): Promise<FileReply> => {
  const r = await mustFind(ctx, ask.code)
  const facts = await factsOfOne(ctx, r)
  const lang = ask.lang ?? ctx.lang
  const say = (words: Words, params: Record<string, unknown> = {}) => fill(words[lang], params, lang)
  const text = (words: Words, params?: Record<string, unknown>): Block => ({ kind: 'text', text: say(words, params) })
  const many = facts.parts.length > 1
  const at = timeWords(r.withdrawnAt)
  const blocks: Block[] = [
    facts.applicationNo ? text(RECEIPT.opening, { no: facts.applicationNo, at }) : text(RECEIPT.openingPlain, { at }),
    ...facts.parts.flatMap((part): Block[] => [
      ...(many ? [text(RECEIPT.part, { n: part.n, at: timeWords(part.withdrawnAt) })] : []),
      part.holders.length ? tableOf(part, lang) : text(RECEIPT.onlyHere),
      ...(part.effects?.length ? [text(effectTitle(facts)), effectsOf(part, lang)] : []),
    ]),
    {
      kind: 'facts',
      rows: [
        [RECEIPT.state[lang], (facts.outcome ? RECEIPT_OUTCOME_WORDS[facts.outcome] : RECEIPT_STATE_WORDS.open)[lang]],
        ...(facts.finalAt ? [[RECEIPT.finalAt[lang], timeWords(facts.finalAt)] as const] : []),
      ],
    },
    {
      kind: 'note',
      text: facts.finalAt ? say(RECEIPT.finalRule, { days: finalWorkdays(ctx) }) : say(RECEIPT.openRule),
    },
  ]
  const body = await paperPdf({
    lang,
    issuer: facts.issuer[lang],
    number: facts.number[lang],
    title: RECEIPT.title[lang],
    addressee: null,
    blocks,
    signedBy: facts.issuer[lang],
    on: dayOf(facts.finalAt ? instant(facts.finalAt) : ctx.clock.now()),
    check: {
      qr: addressOf(ctx, `/receipt/${r.code}`),
      alt: RECEIPT.alt[lang],
      lines: [say(RECEIPT.codeLine, { code: facts.code }), RECEIPT.scan[lang]],
    },
    ...(r.token ? { keyword: receiptKeyword(r.token, Buffer.from(canonical(facts)).toString('base64url')) } : {}),
  })
  return {
    file: { name: `${RECEIPT.title[lang]} ${facts.number[lang]}.pdf`, mediaType: 'application/pdf', body },
  }
}
