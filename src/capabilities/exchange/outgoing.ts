import { Readable } from 'node:stream'
import type { CatalogItem } from '../../kernel/policy.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { catalogItemOn } from '../records/index.ts'
import { type ExchangeEvent, type Head, canonical, digestOf } from './formats.event.ts'
import { type Encoded, encode } from './formats.ts'
import { deliveriesOf, nextHandings } from './handing.ts'
import { signerOf } from './keys.ts'
import { BACKLOG_MOST, placeOf } from './plan.ts'
import { build } from './push.build.ts'
import { tellOver } from './resend.ts'
import { serviceOf } from './rules.ts'
import { batchName } from './rules.ways.ts'
import * as peers from './store.ts'
import * as store from './store.ways.ts'
import { LeaseLost, type WayRun } from './way-run.ts'
import type { Format } from './words.ts'

/**
 * What goes over to a peer by file or table, as batches with numbers that have no gaps. A batch is made in one transaction,
 * with its content, its deliveries and the cursor behind it, and only while the way is open; from then on it is written,
 * however often that takes, byte for byte the same.
 */

const MOST_EVENTS = 2000
/** No wait that is given is longer: whatever lies further off was written under another clock. */
const FAR_MS = 3_600_000
const later = (ctx: Ctx, ms: number): Instant => new Date(Date.parse(ctx.clock.now()) + ms).toISOString() as Instant
const LONGEST = 512 * 1024 * 1024

/** Names of the fields of all items that a peer takes. */
export const fieldNames = (ctx: Ctx, items: readonly string[]): ((key: string) => Words) => {
  const found = items.flatMap((code): CatalogItem[] => {
    const item = catalogItemOn(ctx.policy.catalog, code, today(ctx))
    return item ? [item] : []
  })
  const labels = new Map(found.flatMap((i) => i.fields.map((f) => [f.key, f.label] as const)))
  return (key) => labels.get(key) ?? { zh: key, en: key }
}

export const sourceOf = (ctx: Ctx): string => `xinheng/${ctx.config.jurisdiction}`
export type Manifest = {
  version: '1'
  batch: number
  file: string
  format: Format
  mediaType: string
  sha256: string
  bytes: number
  count: number
  /** As in the envelopes: of the events in canonical JSON. */
  digest: string
  firstEvent: string
  lastEvent: string
  source: string
  to: string
  createdAt: string
}

/** Signed over its canonical JSON without the signature. */
const signedManifest = async (ctx: Ctx, peer: peers.Peer, manifest: Manifest): Promise<string> => {
  const signer = await signerOf(ctx, peer.algorithm)
  const value = signer.sign(Buffer.from(canonical(manifest))).toString('base64')
  const signature = { keyId: signer.keyId, algorithm: signer.algorithm, value }
  return `${JSON.stringify({ ...manifest, signature }, null, 2)}\n`
}

/** What stands above the events of a batch. */
export const headOf = (ctx: Ctx, peer: peers.Peer, number: number, createdAt: string = ctx.clock.now()): Head => ({
  batch: number,
  source: sourceOf(ctx),
  to: peer.code || peer.name,
  createdAt,
})

/** Puts what is next in the feed on the peer's queue, whether its way is open or not. */
export const plan = async ({ ctx, peer, hold }: WayRun): Promise<void> => {
  for (let more = true; more && (await store.backlogOf(ctx.db.kysely, peer.id, BACKLOG_MOST)) < BACKLOG_MOST; ) {
    const cursor = (await peers.cursorOf(ctx.db.kysely, peer.id))?.cursor ?? null
    const { handed, next, more: further } = await nextHandings(ctx, peer, placeOf(cursor), MOST_EVENTS)
    if (next === cursor) return
    const at = ctx.clock.now()
    more = await inTx(ctx, async (tx) => {
      await hold(tx)
      await peers.saveDeliveries(tx, peer, deliveriesOf(handed), { cursor: next, at, queued: true })
      return further
    }).catch((error: unknown) => {
      // It has been changed: the next look asks again.
      if (error instanceof peers.PeerChanged) return false
      throw error
    })
  }
}

/**
 * The next batch, kept and numbered; null when there is nothing to tell. What it says is what is so now. `format` is what is
 * kept and, by file, written.
 */
export const makeBatch = async (
  run: WayRun,
  ask: { format: Format; rows: boolean },
): Promise<{ parcel: store.Parcel; more: boolean } | null> => {
  const { ctx, peer, hold, owner } = run
  const db = ctx.db.kysely
  const due = await store.dueDeliveries(db, peer.id, {
    now: ctx.clock.now(),
    far: later(ctx, FAR_MS),
    full: serviceOf(peer, today(ctx)) === 'full',
    limit: MOST_EVENTS,
  })
  if (!due.length) return null
  const { send, noted, anew } = await build(ctx, peer, due)
  const events = send.map((d) => JSON.parse(d.text) as ExchangeEvent)
  const at = ctx.clock.now()
  const [first, last] = [events[0], events.at(-1)]
  const more = due.length === MOST_EVENTS
  if (!first || !last) {
    await inTx(ctx, async (tx) => {
      await hold(tx)
      await store.noteDeliveries(tx, { peerId: peer.id, owner, noted, batch: null, eventIds: [] })
      tellOver(tx, ctx, peer.id, anew)
    })
    return more ? makeBatch(run, ask) : null
  }
  const numbers = (await store.findWay(db, peer.id)) ?? run.way
  const number = numbers.lastBatch + 1
  const head = headOf(ctx, peer, number)
  const { body, mediaType, extension }: Encoded = await encode(ask.format, events, head, fieldNames(ctx, peer.items))
  const { hash, bytes } = await ctx.files.put(Readable.from([body]), LONGEST)
  const name = ask.rows ? `${numbers.lastRow + 1}-${numbers.lastRow + events.length}` : batchName(number, extension)
  const manifest: Manifest = {
    version: '1',
    ...head,
    file: name,
    format: ask.format,
    mediaType,
    sha256: hash,
    bytes,
    count: events.length,
    digest: digestOf(events),
    firstEvent: first.id,
    lastEvent: last.id,
  }
  const parcel: store.Parcel = {
    id: newId(),
    peerId: peer.id,
    kind: 'outgoing',
    state: 'made',
    number,
    name,
    hash,
    bytes,
    events: events.length,
    faulty: 0,
    firstEvent: first.id,
    lastEvent: last.id,
    firstRow: ask.rows ? numbers.lastRow + 1 : null,
    manifest: ask.rows ? null : await signedManifest(ctx, peer, manifest),
    problem: null,
    madeAt: at,
    doneAt: null,
  }
  await inTx(ctx, async (tx) => {
    const held = await hold(tx)
    if (held.lastBatch !== numbers.lastBatch || held.lastRow !== numbers.lastRow) throw new LeaseLost()
    await store.keepFile(tx, { hash, bytes, mediaType }, at)
    await store.insertParcel(tx, parcel)
    const eventIds = send.map((d) => d.eventId)
    await store.noteDeliveries(tx, { peerId: peer.id, owner, noted, batch: number, eventIds })
    tellOver(tx, ctx, peer.id, anew)
    await store.setNumbers(tx, {
      peerId: peer.id,
      lastBatch: number,
      lastRow: numbers.lastRow + (ask.rows ? events.length : 0),
    })
    recordAct(tx, ctx, {
      act: 'exchange.hand_over',
      target: { kind: 'peer', id: peer.id },
      details: { events: events.length, batch: number },
    })
  })
  return { parcel, more }
}

/**
 * Batches that stand and are not written yet. Whoever is given nothing any more but what it has to take down is not given what was
 * put together for it before that (Order 36 art. 24): such batches are taken apart, and what it has to hear of them goes anew.
 */
export const standingBatches = async ({ ctx, peer, hold }: WayRun): Promise<store.Parcel[]> => {
  const parcels = await store.unwritten(ctx.db.kysely, peer.id)
  const [first] = parcels
  if (!first || serviceOf(peer, today(ctx)) === 'full') return parcels
  await inTx(ctx, async (tx) => {
    const held = await hold(tx)
    await store.unmake(tx, peer.id, parcels)
    await store.setNumbers(tx, {
      peerId: peer.id,
      lastBatch: (first.number ?? 1) - 1,
      lastRow: first.firstRow === null ? held.lastRow : first.firstRow - 1,
    })
    recordAct(tx, ctx, {
      act: 'exchange.unmake_batches',
      target: { kind: 'peer', id: peer.id },
      details: { from: first.number, batches: parcels.length },
    })
  })
  return []
}

/** Numbers that a peer has already are not given out again, though a backup of ours that was put back knows nothing of them. */
export const goOnBehind = ({ ctx, peer, hold }: WayRun, there: { batch?: number; row?: number }): Promise<void> =>
  inTx(ctx, async (tx) => {
    const held = await hold(tx)
    const [lastBatch, lastRow] = [Math.max(held.lastBatch, there.batch ?? 0), Math.max(held.lastRow, there.row ?? 0)]
    if (lastBatch > held.lastBatch || lastRow > held.lastRow)
      await store.setNumbers(tx, { peerId: peer.id, lastBatch, lastRow })
  })

/** It lies where the peer reads it. */
export const written = ({ ctx, peer, hold }: WayRun, parcel: store.Parcel): Promise<void> =>
  inTx(ctx, async (tx) => {
    await hold(tx)
    await store.deliveredBatch(tx, peer.id, parcel.number ?? 0, ctx.clock.now())
    await store.endParcel(tx, { id: parcel.id, state: 'written', at: ctx.clock.now() })
  })

export const readKept = async (ctx: Ctx, hash: string): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of ctx.files.read(hash)) parts.push(part)
  return Buffer.concat(parts)
}
