import { mustNot } from '../../kernel/decision.ts'
import { encodeCursor, keyIn, readCursor } from '../../kernel/page.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Place, START, bodyPiecesOf, deliveriesOf, handingsInParts } from './handing.ts'
import { inService } from './gate.ts'
import { signerOf } from './keys.ts'
import { noticeTo } from './words.notice.ts'
import { type SignedPage, newPage } from './sign.ts'
import { messageEvent } from './push.build.ts'
import * as queue from './store.push.ts'
import * as store from './store.ts'

/**
 * A cursor that a peer keeps says besides its place when the commit at that place was made. After a backup has been put
 * back, places are given out anew: a cursor of the history that was lost is known by it, however far the new one has come.
 */
const cursorAt = async (ctx: Ctx, [position, id]: Place): Promise<string> => {
  const at = position > 0 ? await store.commitAt(ctx.db.kysely, position) : null
  return encodeCursor([position, id, at ? Date.parse(at) : 0])
}

/** Besides the changes of records. */
const MESSAGES_ON_A_PAGE = 100

/** The place in a peer's cursor. One that is of no history that stands here is refused with the last that is. */
const placeIn = async (ctx: Ctx, peer: store.Peer, after: string | undefined): Promise<Place> => {
  if (!after) return [0, START]
  const marked = keyIn(after, 'number', 'uuid', 'number')
  const [position, id] = marked ?? readCursor(after, 'number', 'uuid') ?? [0, START]
  if (position > 0) {
    const at = await store.commitAt(ctx.db.kysely, position)
    if (!at || (marked && marked[2] !== Date.parse(at))) {
      const last = await store.cursorOf(ctx.db.kysely, peer.id)
      mustNot('CURSOR_OF_LOST_HISTORY', { resume: last?.cursor ?? '', since: last?.at ?? '' })
    }
  }
  return [position, id]
}

/**
 * The next page of a peer's feed, signed. Each hand-over is a delivery. The same cursor gives the same events again; applying
 * them twice changes nothing (events carry the record's version).
 */
export const pullPage = async (ctx: Ctx, peer: store.Peer, ask: PageAsk): Promise<PulledPage> => {
  for (let now = peer, tries = 1; ; tries++) {
    try {
      return await onePage(ctx, now, ask)
    } catch (error) {
      if (!(error instanceof store.PeerChanged) || tries === TRIES) throw error
      now = inService((await store.findPeer(ctx.db.kysely, peer.id)) ?? mustNot('NO_SUCH_PEER'))
    }
  }
}
const TRIES = 5
type PageAsk = { after?: string | undefined; limit: number }
/** `next`: the cursor behind it, where there is more. */
export type PulledPage = SignedPage & { next: string | null }
const onePage = async (ctx: Ctx, peer: store.Peer, ask: PageAsk): Promise<PulledPage> => {
  let place = await placeIn(ctx, peer, ask.after)
  let more = false
  let events = 0
  const page = newPage()
  let open: store.NewDelivery[] = []
  let writing: Promise<void> = Promise.resolve()
  for await (const part of handingsInParts(ctx, peer, place, ask.limit)) {
    const deliveries = deliveriesOf(part.handed)
    const at = ctx.clock.now()
    events += deliveries.length
    place = part.place
    more = part.more
    page.add(await bodyPiecesOf(ctx, peer, part.handed))
    await writing
    if (part.last) open = deliveries
    else {
      // Kept while the next part is read. A page that breaks off after that was handed out as one that is lost on its way: asked for again, it is the same.
      writing = inTx(ctx, (tx) => store.saveDeliveries(tx, peer, deliveries, { at, queued: false, cursor: null }))
      // Awaited with the next part; where that cannot be read, its error is the one that is told.
      writing.catch(() => undefined)
    }
  }
  await writing
  const next = await cursorAt(ctx, place)
  const messages = await queue.openAddressed(ctx.db.kysely, peer.id, MESSAGES_ON_A_PAGE)
  const at = ctx.clock.now()
  // While the database writes, the page is signed here; it goes out when both are done.
  const saved = inTx(ctx, async (tx) => {
    await store.saveDeliveries(tx, peer, open, { at, queued: false, cursor: next })
    await queue.handOverMessages(tx, peer.id, messages, at)
    if (events) {
      recordAct(tx, ctx, {
        act: 'exchange.hand_over',
        target: { kind: 'peer', id: peer.id },
        details: { events },
      })
    }
  })
  page.add(messages.map((m) => [JSON.stringify(messageEvent(ctx, m))]))
  const notice = noticeTo(peer, today(ctx))
  const rest = { next, more, ...(notice ? { notice } : {}) }
  const signing = signerOf(ctx, peer.algorithm).then((signer) => page.signed(signer, at, rest))
  const [signed] = await Promise.all([signing, saved])
  return { ...signed, next: more ? next : null }
}
