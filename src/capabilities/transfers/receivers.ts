import type { z } from 'zod'
import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import type { Receiver } from '../exchange/contract.ts'
import {
  MATERIAL,
  PARTS_A_CASE,
  type PassedOn,
  type Supplement,
  TO_DECIDER,
  TO_ORIGIN,
  decided,
  material,
  passedOn,
  progress,
  returned,
  supplement,
  withdrawal,
} from './contract.messages.ts'
import * as inward from './in.ts'
import * as out from './out.ts'
import * as store from './store.ts'
import { NOTES } from './words.ts'

/**
 * What comes in is kept first, encrypted and under its number, and carried out afterwards, each case in the order in which its
 * messages were written: they may come twice, out of order, or before their materials.
 */

type Outcome = { outcome: 'applied' | 'already' | 'refused'; note: Words }
const said = (outcome: Outcome['outcome'], note: Words): Outcome => ({ outcome, note })

const TYPES: Record<string, z.ZodType<{ ref: string; n: number }>> = { ...TO_DECIDER, ...TO_ORIGIN }
const fromDecider = (type: string): boolean => type in TO_ORIGIN

export const receivers: readonly Receiver[] = [
  {
    types: Object.keys(TYPES),
    receive: async (tx, ctx, { peerId, message }) => {
      const parsed = TYPES[message.type]?.safeParse(message.data)
      if (!parsed?.success) return said('refused', NOTES.broken)
      const { ref, n } = parsed.data
      if (fromDecider(message.type)) {
        // Only the platform that a case was passed on to may say what became of it.
        const t = await store.byRef(tx, 'out', ref)
        if (t?.peerId !== peerId) return said('refused', NOTES.unknown)
      } else {
        if (!(await store.isPlatform(tx, peerId))) return said('refused', NOTES.noPlatform)
        const t = await store.byRef(tx, 'in', ref)
        if (t && t.peerId !== peerId) return said('refused', NOTES.unknown)
      }
      const sealed = ctx.secrets.seal(JSON.stringify(parsed.data))
      const row = { peerId, ref, n, type: message.type, message: sealed, receivedAt: ctx.clock.now() }
      const fresh = await store.insertArrival(tx, row)
      return said(fresh ? 'applied' : 'already', NOTES.took)
    },
  },
  {
    types: [MATERIAL],
    receive: async (tx, ctx, { peerId, message }) => {
      const parsed = material.safeParse(message.data)
      if (!parsed.success) return said('refused', NOTES.broken)
      const { ref, hash, part, body } = parsed.data
      if (!(await store.isPlatform(tx, peerId))) return said('refused', NOTES.noPlatform)
      if ((await store.partsOfCase(tx, { peerId, ref })) >= PARTS_A_CASE) return said('refused', NOTES.full)
      const row = { peerId, ref, hash, n: part, body: Buffer.from(body, 'base64'), at: ctx.clock.now() }
      return said((await store.insertPart(tx, row)) ? 'applied' : 'already', NOTES.took)
    },
  },
]

const AT_ONCE = 100
type Files = 'whole' | 'waits' | 'broken'

const carryOut = async (ctx: Ctx, a: store.ArrivalRow, data: unknown, files: Files): Promise<void> => {
  const as: Ctx = { ...ctx, origin: a.peerId }
  await inTx(as, async (tx) => {
    if (!(await store.settleArrival(tx, a, ctx.clock.now()))) return
    if (a.type === 'case.passed_on') {
      await inward.onPassedOn(tx, as, { peerId: a.peerId, message: passedOn.parse(data), broken: files === 'broken' })
      return
    }
    const t = await store.lockByRef(tx, fromDecider(a.type) ? 'out' : 'in', a.ref)
    // A case that was turned away has nothing more to be told.
    if (t?.peerId !== a.peerId) return
    if (a.type === 'case.progress') await out.onProgress(tx, as, t, progress.parse(data))
    else if (a.type === 'case.decided') await out.onDecided(tx, as, t, decided.parse(data))
    else if (a.type === 'case.returned') await out.onReturned(tx, as, t, returned.parse(data))
    else if (a.type === 'case.supplement')
      await inward.onSupplement(tx, as, t, supplement.parse(data), files === 'broken')
    else if (a.type === 'case.withdrawal') await inward.onWithdrawal(tx, as, t, withdrawal.parse(data))
  })
}

const KEPT_MS = 30 * 24 * 60 * 60_000
/** Parts that never became a file go after a month. */
export const forgetParts = (ctx: Ctx): Promise<void> =>
  inTx(ctx, (tx) =>
    store.deletePartsBefore(tx, new Date(Date.parse(ctx.clock.now()) - KEPT_MS).toISOString() as Instant),
  )

type Turn = 'done' | 'waits'
const takeTurn = async (ctx: Ctx, a: store.ArrivalRow): Promise<Turn> => {
  const data: unknown = JSON.parse(ctx.secrets.open(a.message))
  const announced = (data as Partial<PassedOn & Supplement>).materials ?? []
  const files = announced.length ? await inward.filesOf(ctx, a, announced) : 'whole'
  // What has not come in all the time for which parts are kept does not come any more.
  const over = Date.parse(ctx.clock.now()) - Date.parse(a.receivedAt) > KEPT_MS
  if (files === 'waits' && !over) return 'waits'
  await carryOut(ctx, a, data, files === 'waits' ? 'broken' : files)
  return 'done'
}

/**
 * Carries out what has come and whose turn it is; answers how many messages. One that cannot be carried out now, because its
 * materials are still on their way or because something is in the way, holds up no other case.
 */
export const carryOutArrivals = async (ctx: Ctx): Promise<number> => {
  let done = 0
  const held = new Set<string>()
  for (;;) {
    let now = 0
    let after: store.ArrivalPlace | null = null
    for (;;) {
      const page: store.ArrivalRow[] = await store.nextArrivals(ctx.db.kysely, after, AT_ONCE)
      for (const a of page) {
        const key = `${a.peerId} ${a.ref} ${a.n}`
        if (held.has(key)) continue
        try {
          if ((await takeTurn(ctx, a)) === 'done') now += 1
          else held.add(key)
        } catch (error) {
          held.add(key)
          ctx.log.error(
            { err: error, peer: a.peerId, ref: a.ref, n: a.n },
            'a message about a case was not carried out',
          )
        }
      }
      const last = page.at(-1)
      if (!last || page.length < AT_ONCE) break
      after = [last.receivedAt, last.peerId, last.ref]
    }
    if (!now) return done
    done += now
  }
}
