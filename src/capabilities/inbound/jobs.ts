import type { Ctx } from '../../platform/context.ts'
import { today } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import type { Job } from '../../platform/jobs.ts'
import { listAuthorities } from '../access/index.ts'
import { findPeer } from '../exchange/index.ts'
import { carryOut, endWithSource } from './carry.ts'
import * as store from './store.ts'
import { tellSenders } from './tell.ts'

const AT_ONCE = 500

/** Authorities that have been registered since: what waits for them goes on. */
const wakeRegistered = async (ctx: Ctx): Promise<void> => {
  const db = ctx.db.kysely
  const awaited = await store.awaitedAuthorities(db, AT_ONCE)
  if (!awaited.length) return
  const known = new Set((await listAuthorities(db)).map((a) => a.nameKey))
  const there = awaited.filter((key) => known.has(key))
  if (there.length) await inTx(ctx.db, (tx) => store.wakeAuthorities(tx, there, ctx.clock.now()))
}

const goOn = async (ctx: Ctx): Promise<void> => {
  const db = ctx.db.kysely
  await wakeRegistered(ctx)
  const due = await store.dueMessages(db, ctx.clock.now(), AT_ONCE)
  for (const [peerId, own] of Map.groupBy(due, (m) => m.peerId)) {
    const peer = await findPeer(db, peerId)
    if (peer)
      await carryOut(
        ctx,
        peer,
        own.map((m) => m.id),
      )
  }
  for (const ending of await store.endedThere(db, today(ctx), AT_ONCE)) {
    const peer = await findPeer(db, ending.peerId)
    if (peer) await endWithSource(ctx, peer, ending)
  }
}

export const jobs: readonly Job[] = [
  { name: 'inbound.go_on', every: 5000, run: goOn },
  { name: 'inbound.tell', every: 5000, run: tellSenders },
]
