import { Readable } from 'node:stream'
import { Refused } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { type Instant, type LocalDate, addDays, dayOf, daysBetween, startOf } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { carryOut } from './actions.ts'
import { type Run, compareAll, loadList } from './compare.ts'
import { fetchResults, savedOf } from './results.ts'
import { EXPLAINED, byItself, isDue } from './rules.ts'
import { Failed, type Source, httpSource } from './source.ts'
import { statementFile } from './statement.ts'
import { noteResult } from './store.compare.ts'
import { type ExpectedRow, authorityKeys, expectedThere } from './store.records.ts'
import * as store from './store.ts'
import type { Cause } from './words.ts'

/**
 * One day with one publicity system: take in its results, load what it shows, compare, handle what can be handled by itself,
 * write the statement. What fails is named and tried again; each part may be done again without harm.
 */

type Exchange = { hour: number; retryMinutes: number; toleranceDays: number }
const exchangeOn = (ctx: Pick<Ctx, 'policy'>, on: LocalDate): Exchange => {
  const setting = settingOf(ctx.policy, 'publicity_exchange', on)
  if (!setting) throw new Error('the policy has no setting publicity_exchange')
  return setting.value as Exchange
}
const listOf = (ctx: Pick<Ctx, 'policy'>, key: string, on: LocalDate): readonly string[] =>
  (settingOf(ctx.policy, key, on)?.value ?? []) as readonly string[]

const LEASE_MS = 120_000
const plus = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant
/** Another process has taken the day over: this one's silence was too long. */
class LeaseLost extends Error {}

/** Most records that are asked about one by one in a run. */
const MOST_ASKED = 5_000
const PAGE = 200
const START = '00000000-0000-0000-0000-000000000000'

/** Gone there, and nobody told us why: the other side is asked about each, as its word may have been lost. */
const askAbout = async (run: Run, source: Source): Promise<void> => {
  const { ctx, peer } = run
  const small = settingOf(ctx.policy, 'publicity_small_fines', run.bounds.today)?.value === 'follow'
  const asks = (d: store.DifferenceRow): boolean =>
    d.kind === 'not_there' &&
    (d.cause === 'unknown' || (small && d.cause === 'expired_there' && d.sides.due?.class === 'minor'))
  const keyOfAuthority = await authorityKeys(ctx.db.kysely)
  let asked = 0
  for (let after = START; asked < MOST_ASKED; ) {
    const page = await store.openByPeer(ctx.db.kysely, peer.id, after, PAGE)
    const last = page.at(-1)
    if (!last) return
    for (const d of page.filter(asks).slice(0, MOST_ASKED - asked)) {
      asked += 1
      const event = await source.ask({
        item: d.item,
        subjectCode: d.subjectCode,
        authority: d.authority,
        documentNumber: d.docNo,
      })
      if (!event) continue
      await inTx(ctx, async (tx) => {
        await noteResult(tx, peer.id, savedOf(event, keyOfAuthority), ctx.clock.now())
        const result = { eventId: event.id, type: event.type, on: event.data.on }
        await store.setCause(tx, d.id, 'result_not_received', { ...d.proof, result })
      })
    }
    await run.alive()
    after = last.id
  }
}

const TRIES = 3
/** Whoever acts on it in the same moment comes first: it is looked at once more as it is then, and the others go on. */
const handleOne = async ({ ctx, peer, day, by }: Run, allowed: readonly string[], first: store.DifferenceRow) => {
  let d: store.DifferenceRow | null = first
  for (let tries = 1; d?.state === 'open'; tries++) {
    const standing = {
      cause: d.cause,
      hasResult: d.proof.result !== null,
      hasRecord: d.recordId !== null && peer.way !== 'pull',
    }
    const action = byItself(standing, allowed)
    if (!action) return
    try {
      await carryOut(ctx, { difference: d, action, by, reason: '', on: day, seen: d.version })
      return
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (tries === TRIES) return
    }
    d = await store.findDifference(ctx.db.kysely, d.id, null)
  }
}

/** What the policy lets the platform do by itself. */
const handle = async (run: Run, allowed: readonly string[]): Promise<void> => {
  const { ctx, peer, day, by } = run
  if (allowed.includes('recognise'))
    await inTx(ctx, (tx) =>
      store.acceptExplained(tx, {
        peerId: peer.id,
        causes: [...EXPLAINED] as Cause[],
        on: day,
        at: ctx.clock.now(),
        by,
      }),
    )
  for (let after = START; ; ) {
    const page = await store.openByPeer(ctx.db.kysely, peer.id, after, PAGE)
    const last = page.at(-1)
    if (!last) return
    for (const d of page) await handleOne(run, allowed, d)
    await run.alive()
    after = last.id
  }
}

const finish = async (run: Run, compared: Awaited<ReturnType<typeof compareAll>>): Promise<void> => {
  const { ctx, peer, day } = run
  const before = await store.statementBefore(ctx.db.kysely, peer.id, day)
  const spanTo = ctx.clock.now()
  const spanFrom = (before?.spanTo ?? peer.since) as Instant
  // Counted and written down in one transaction; the file is made between, from what was counted.
  const figures = await inTx(ctx, async (tx) => {
    const sent = await store.sentIn(tx, peer.id, spanFrom, spanTo)
    const received = await store.countReceived(tx, peer.id, day)
    const moves = await store.countMoves(tx, peer.id, day)
    return { ...compared, ...sent, ...received, ...moves, openBefore: before?.openAfter ?? 0 }
  })
  const text = statementFile(ctx, { peer, day, figures, spanFrom, spanTo, previousHash: before?.fileHash ?? null })
  const { hash } = await ctx.files.put(Readable.from(text), Number.MAX_SAFE_INTEGER)
  await inTx(ctx, async (tx) => {
    const mine = await store.finishDay(tx, {
      peerId: peer.id,
      day,
      run: run.id,
      figures,
      spanFrom,
      spanTo,
      fileHash: hash,
      previousHash: before?.fileHash ?? null,
    })
    if (!mine) throw new LeaseLost()
    const madeUp = await store.makeUp(tx, peer.id, day)
    recordAct(tx, ctx, {
      act: 'reconciliation.state',
      target: { kind: 'peer', id: peer.id },
      details: { day, file: hash, same: figures.same, open: figures.openAfter, madeUp },
    })
  })
}

export type RunAsk = {
  peer: store.OtherSystem
  source: Source
  by: string
  /** A person wants it now: a day that is done is done anew, and nobody waits for the next try. */
  again: boolean
}
/** Null where another process is at it, or it is not time yet. */
export const runDay = async (ctx: Ctx, { peer, source, by, again }: RunAsk): Promise<'done' | 'failed' | null> => {
  const day = today(ctx)
  const id = newId()
  const exchange = exchangeOn(ctx, day)
  const lease = () => plus(ctx.clock.now(), LEASE_MS)
  const taken = await inTx(ctx, async (tx) => {
    const last = await store.lastDay(tx, peer.id)
    const first = last ? addDays(last, 1) : day
    const missed = Array.from({ length: Math.max(0, daysBetween(first, day)) }, (_, n) => addDays(first, n))
    await store.missDays(tx, peer.id, missed)
    return store.takeDay(tx, { peerId: peer.id, day, run: id, now: ctx.clock.now(), until: lease(), by, again })
  })
  if (!taken) return null
  const run: Run = {
    ctx,
    peer,
    id,
    day,
    by,
    bounds: { today: day, toleranceDays: exchange.toleranceDays },
    scope: listOf(ctx, 'publicity_scope', day),
    alive: async () => {
      if (!(await inTx(ctx, (tx) => store.keepLease(tx, peer.id, day, id, lease())))) throw new LeaseLost()
    },
  }
  try {
    await fetchResults(ctx, peer, source, run.alive)
    const listedTwice = await loadList(run, source)
    const compared = { ...(await compareAll(run)), listedTwice }
    await inTx(ctx, (tx) => store.closeVanished(tx, { peerId: peer.id, run: id, on: day, at: ctx.clock.now(), by }))
    await askAbout(run, source)
    await handle(run, listOf(ctx, 'reconciliation_closes', day))
    await finish(run, compared)
    return 'done'
  } catch (error) {
    if (error instanceof LeaseLost) return null
    const failed = error instanceof Failed ? error : new Failed('broken_off')
    if (!(error instanceof Failed)) ctx.log.error({ err: error, peer: peer.id, day }, 'a reconciliation broke off')
    const retryAt = plus(ctx.clock.now(), exchange.retryMinutes * 60_000)
    await inTx(ctx, (tx) =>
      store.failDay(tx, { peerId: peer.id, day, run: id, fault: failed.fault, detail: failed.detail, retryAt }),
    )
    return 'failed'
  }
}

/** By whom the daily work is done, in words that stay. */
export const BY_ITSELF = 'platform'

/** Once a day for each publicity system, from the hour that the policy sets; what failed is tried again. */
export const runDaily = async (ctx: Ctx): Promise<void> => {
  const day = dayOf(ctx.clock.now())
  if (!isDue(ctx.clock.now(), startOf(day), exchangeOn(ctx, day).hour)) return
  for (const peer of await store.otherSystems(ctx.db.kysely))
    await runDay(ctx, { peer, source: httpSource(ctx, peer), by: BY_ITSELF, again: false })
}

/** For the demonstration: the same day with a source of its own. */
export const runWith = async (runtime: Runtime, peerId: string, source: Source): Promise<'done' | 'failed' | null> => {
  const [peer] = await store.otherSystems(runtime.db.kysely, peerId)
  return peer ? runDay(systemCtx(runtime, 'reconciliation.daily'), { peer, source, by: BY_ITSELF, again: true }) : null
}
/** What a publicity system without a fault would list on a day. */
export const expectedList = async (runtime: Runtime, peerId: string, day: LocalDate): Promise<ExpectedRow[]> => {
  const [peer] = await store.otherSystems(runtime.db.kysely, peerId)
  if (!peer) return []
  const ask = { division: peer.division, items: peer.items, scope: listOf(runtime, 'publicity_scope', day), day }
  const all: ExpectedRow[] = []
  for (let after = START; ; ) {
    const page = await expectedThere(runtime.db.kysely, { ...ask, after, limit: 5_000 })
    const last = page.at(-1)
    if (!last) return all
    all.push(...page)
    after = last.recordId
  }
}
