import { Refused, type Refusal, mustNot } from '../../kernel/decision.ts'
import type { Seen } from '../../kernel/dropped-file.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { pushOn } from './rules.push.ts'
import * as peers from './store.ts'
import * as store from './store.ways.ts'

/** Another process has the way now: what was prepared is thrown away. */
export class LeaseLost extends Error {}

/** One look at one peer's folder or tables, by whoever holds its lease. */
export type WayRun = {
  ctx: Ctx
  peer: peers.Peer
  way: store.Way
  owner: string
  /** In each transaction of the look: nothing is made or taken by two. Gives the numbers as they stand. */
  hold: (tx: Tx) => Promise<{ lastBatch: number; lastRow: number }>
}
export type Looked = {
  seen: Record<string, Seen> | null
  /** What went wrong beside what went well. */
  problem: Refusal[] | null
  everySeconds: number
  /** There is more to do at once. */
  more: boolean
}
export type Look = (run: WayRun) => Promise<Looked>

const LEASE_MS = 60_000
const HOUR_MS = 3_600_000
const LONGEST_WAIT_MS = 5 * 60_000
const FIRST_WAIT_SECONDS = 15
const AT_ONCE = 4

const later = (ctx: Ctx, ms: number): Instant => new Date(Date.parse(ctx.clock.now()) + ms).toISOString() as Instant

const lookOnce = async (run: WayRun, look: Look): Promise<void> => {
  const { ctx, peer, way, owner } = run
  const beat = setInterval(() => void inTx(ctx, (tx) => run.hold(tx)).catch(() => undefined), LEASE_MS / 3)
  const end = (ask: Omit<Parameters<typeof store.releaseWay>[1], 'peerId' | 'owner'>) =>
    inTx(ctx, (tx) => store.releaseWay(tx, { peerId: peer.id, owner, ...ask }))
  try {
    const done = await look(run)
    await end({
      lookedAt: ctx.clock.now(),
      seen: done.seen,
      problem: done.problem,
      failures: 0,
      nextAt: done.more ? ctx.clock.now() : later(ctx, done.everySeconds * 1000),
    })
  } catch (error) {
    if (error instanceof LeaseLost) return
    const refusals = error instanceof Refused ? error.refusals : null
    if (!refusals) ctx.log.error({ err: error, peer: peer.id }, 'the way to a peer failed')
    const failures = way.failures + 1
    const wait = FIRST_WAIT_SECONDS * 1000 * 2 ** Math.min(failures - 1, 8)
    const nextAt = later(ctx, Math.min(LONGEST_WAIT_MS, wait))
    const at = ctx.clock.now()
    const oldest = later(ctx, -pushOn(ctx.policy, today(ctx)).deadAfterHours * HOUR_MS)
    await inTx(ctx, async (tx) => {
      await run.hold(tx)
      await store.failedLook(tx, { peerId: peer.id, at, nextAt, oldest })
    })
    await end({
      lookedAt: null,
      seen: null,
      problem: refusals ?? [{ code: 'WAY_FAULT' }],
      failures,
      nextAt,
    })
  } finally {
    clearInterval(beat)
  }
}

/** Looks once at every way that is due; another process may do the same at the same time. */
export const runEach = async (runtime: Runtime, lookOf: (peer: peers.Peer) => Look): Promise<void> => {
  const ctx = systemCtx(runtime, 'exchange.ways')
  await inTx(ctx, (tx) => store.beginWays(tx, ctx.clock.now()))
  const done: string[] = []
  const next = async (): Promise<void> => {
    for (;;) {
      const owner = newId()
      const peerId = await inTx(ctx, (tx) =>
        store.claimWay(tx, {
          owner,
          now: ctx.clock.now(),
          until: later(ctx, LEASE_MS),
          far: later(ctx, 2 * LEASE_MS),
          not: done,
        }),
      )
      if (!peerId) return
      done.push(peerId)
      const db = ctx.db.kysely
      const peer = (await peers.findPeer(db, peerId)) ?? mustNot('NO_SUCH_PEER')
      const way = (await store.findWay(db, peerId)) ?? mustNot('NO_SUCH_PEER')
      const hold = async (tx: Tx) =>
        (await store.holdWay(tx, { peerId, owner, until: later(ctx, LEASE_MS) })) ??
        ((): never => {
          throw new LeaseLost()
        })()
      await lookOnce({ ctx, peer, way, owner, hold }, lookOf(peer))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}
