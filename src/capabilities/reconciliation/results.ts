import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { keyOf, receivers } from './take.ts'
import type { ResultEvent } from './rules.wire.ts'
import type { Source } from './source.ts'
import { type SavedResult, noteResult } from './store.compare.ts'
import { authorityKeys } from './store.records.ts'
import * as store from './store.ts'
import type { ResultOutcome } from './words.ts'

/** What the way in says of a message; what was done about it stands with the result itself. */
type Answered = { eventId: string; outcome: ResultOutcome; note: string }
/** Takes messages of one peer in, each once, in the order given. */
export type Intake = (ctx: Ctx, ask: { peerId: string; events: readonly unknown[] }) => Promise<readonly Answered[]>

/** By itself each message is carried out in a transaction of its own; an installation that has an inbox takes them in through it. */
const direct: Intake = async (ctx, { peerId, events }) => {
  for (const { id, type, subject, time, data } of events as ResultEvent[]) {
    const message = { id, type, subject, time, data }
    await inTx({ ...ctx, origin: peerId }, (tx) =>
      receivers[0]!.receive(tx, { ...ctx, origin: peerId }, { peerId, message }),
    )
  }
  return []
}
let intake: Intake = direct
/** Told by the composition root: what is fetched goes the same way as what is pushed. */
export const setIntake = (next: Intake): void => {
  intake = next
}

/** A result as it is kept until it is carried out. */
export const savedOf = (e: ResultEvent, keyOfAuthority: (name: string) => string): SavedResult => {
  const { recordId: _, ...key } = keyOf(e.data, keyOfAuthority)
  return { eventId: e.id, type: e.type, ...key, on: e.data.on, message: e }
}

/** Results that are carried out: what waits is tried again each time, as what it waits for may have come. */
export const takeIn = async (ctx: Ctx, peerId: string, events: readonly unknown[]): Promise<void> => {
  const turnedAway = (await intake(ctx, { peerId, events })).filter((a) => a.outcome === 'refused')
  if (!turnedAway.length) return
  await inTx(ctx, async (tx) => {
    for (const { eventId, note } of turnedAway) {
      const held = await store.findResult(tx, peerId, eventId)
      // Turned away before anybody looked at what it says.
      if (held?.outcome === 'pending')
        await store.settleResult(tx, peerId, eventId, {
          outcome: 'refused',
          note: { zh: note, en: note },
          at: ctx.clock.now(),
        })
    }
  })
}

const PAGE = 500
const MOST_PAGES = 10_000
/** Fetches all results since the last place, keeps them, and carries out whatever waits. */
export const fetchResults = async (
  ctx: Ctx,
  peer: store.OtherSystem,
  source: Source,
  alive: () => Promise<void>,
): Promise<void> => {
  const keyOfAuthority = await authorityKeys(ctx.db.kysely)
  for (let n = 0; n < MOST_PAGES; n++) {
    const from = await store.findPlace(ctx.db.kysely, peer.id)
    const page = await source.results(from)
    // Kept before the place moves on, and before anything is done about them.
    await inTx(ctx, async (tx) => {
      for (const e of page.events) await noteResult(tx, peer.id, savedOf(e, keyOfAuthority), ctx.clock.now())
      await store.savePlace(tx, peer.id, page.next, ctx.clock.now())
    })
    await alive()
    if (!page.more || page.next === from) break
  }
  for (let after: readonly [string, string] | null = null; ; ) {
    const waiting = await store.waitingResults(ctx.db.kysely, peer.id, after, PAGE)
    const last = waiting.at(-1)
    if (!last) return
    await takeIn(
      ctx,
      peer.id,
      waiting.map((w) => w.message),
    )
    await alive()
    after = [last.receivedAt, last.eventId]
  }
}
