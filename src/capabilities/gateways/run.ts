import { Refused, type Refusal } from '../../kernel/decision.ts'
import type { Seen } from '../../kernel/dropped-file.ts'
import { type Ctx, type Runtime, systemCtx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { runFolder } from './folder.ts'
import * as store from './store.ts'
import { runTable } from './table.ts'

const LEASE_MS = 60_000
const LONGEST_WAIT_MS = 5 * 60_000
/** So long after something was taken its answer is looked for. */
const SOON_MS = 2000

/** Another process has the lease now, or it was paused: what was prepared is thrown away. */
export class LeaseLost extends Error {}

/** One look at one gateway, by whoever holds its lease. */
export type Run = {
  ctx: Ctx
  gateway: store.Gateway
  owner: string
  /** In the transaction that takes something in: nothing is taken by two. */
  hold: (tx: Tx) => Promise<void>
}
export type Looked = {
  waiting: number
  took: boolean
  /** Something was taken and still has to be answered. */
  unanswered: boolean
  seen: Record<string, Seen> | null
  /** What went wrong beside what went well. */
  problem: Refusal[] | null
}

const later = (ctx: Ctx, ms: number): string => new Date(Date.parse(ctx.clock.now()) + ms).toISOString()

const refusalsOf = (error: unknown): Refusal[] | null => (error instanceof Refused ? error.refusals : null)

const look = async (run: Run): Promise<void> => {
  const { ctx, gateway, owner } = run
  const beat = setInterval(
    () =>
      void inTx(ctx, (tx) => store.hold(tx, { id: gateway.id, owner, until: later(ctx, LEASE_MS) })).catch(
        () => undefined,
      ),
    LEASE_MS / 3,
  )
  const end = (ask: Omit<Parameters<typeof store.release>[1], 'id' | 'owner'>) =>
    inTx(ctx, (tx) => store.release(tx, { id: gateway.id, owner, ...ask }))
  try {
    const done = gateway.kind === 'folder' ? await runFolder(run) : await runTable(run)
    const now = ctx.clock.now()
    await end({
      readAt: now,
      tookAt: done.took ? now : null,
      waiting: done.waiting,
      seen: done.seen,
      problem: done.problem,
      failures: 0,
      nextAt: later(ctx, done.unanswered ? Math.min(SOON_MS, gateway.pollSeconds * 1000) : gateway.pollSeconds * 1000),
    })
  } catch (error) {
    if (error instanceof LeaseLost) return
    const refusals = refusalsOf(error)
    if (!refusals) ctx.log.error({ err: error, gateway: gateway.id }, 'a gateway could not be read')
    const failures = gateway.failures + 1
    await end({
      readAt: null,
      tookAt: null,
      waiting: null,
      seen: null,
      problem: refusals ?? [{ code: 'GATEWAY_FAULT' }],
      failures,
      nextAt: later(ctx, Math.min(LONGEST_WAIT_MS, gateway.pollSeconds * 1000 * 2 ** Math.min(failures - 1, 8))),
    })
  } finally {
    clearInterval(beat)
  }
}

/** One that waits for a host that does not answer holds up few others. */
const AT_ONCE = 4

/** Looks once at every gateway that is due; another process may do the same at the same time. */
export const runGateways = async (runtime: Runtime): Promise<void> => {
  const ctx = systemCtx(runtime, 'gateways')
  const done: string[] = []
  const next = async (): Promise<void> => {
    for (;;) {
      const owner = newId()
      const gateway = await inTx(ctx, (tx) =>
        store.claim(tx, { owner, now: ctx.clock.now(), until: later(ctx, LEASE_MS), not: done }),
      )
      if (!gateway) return
      done.push(gateway.id)
      const hold = async (tx: Tx): Promise<void> => {
        if (!(await store.hold(tx, { id: gateway.id, owner, until: later(ctx, LEASE_MS) }))) throw new LeaseLost()
      }
      await look({ ctx, gateway, owner, hold })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}
