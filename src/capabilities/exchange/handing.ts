import { setImmediate } from 'node:timers/promises'
import { encodeCursor } from '../../kernel/page.ts'
import { covers } from '../../kernel/territory.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { lastPosition } from '../../platform/follow.ts'
import { sequence } from '../../platform/outbox.ts'
import { type SharedWindow, isShown, sharedWindows } from '../records/index.ts'
import type { FeedEvent } from './contract.ts'
import { type Handing, handingOf, servedHanding, serviceOf } from './rules.ts'
import * as store from './store.ts'

/**
 * What a peer is handed next. Every way (pull, push, files, tables) asks here, so that all of them hand out the same: what
 * the record is now decides, nothing that is gone by now is handed out again, and whoever holds it is told to take it down.
 */

export const START = store.START
const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** A place in the total order: position, then event. */
export type Place = [number, string]
export type Handed = {
  event: store.FeedRow
  kind: Exclude<Handing, 'skip'>
  record: store.SharedRecord
  /** On the peer's channel. */
  window: SharedWindow | null
}
export type Handings = {
  handed: Handed[]
  /** The cursor behind the last event that was read. */
  next: string
  /** The same as a place. */
  place: Place
  more: boolean
}

const inScope = (peer: store.Peer, record: store.SharedRecord): boolean =>
  peer.items.includes(record.item) && covers(peer.division, record.division)

/** A reading of the log. `top`: its end, asked for before any event is read. `told`: what has been read of records and is not kept yet. */
type Reading = { top: number; told: Map<string, store.Told> }
const begin = async (ctx: Ctx): Promise<Reading> => {
  await sequence(ctx)
  return { top: await lastPosition(ctx.db.kysely), told: new Map() }
}

/** Handings after a place, at most `limit` events read. Natural persons are never handed on, whatever a window says. */
export const nextHandings = async (ctx: Ctx, peer: store.Peer, after: Place, limit: number): Promise<Handings> =>
  readOn(ctx, peer, after, limit, await begin(ctx))

const readOn = async (
  ctx: Ctx,
  peer: store.Peer,
  after: Place,
  limit: number,
  { top, told }: Reading,
): Promise<Handings> => {
  const rows = await store.readEvents(ctx.db, peer, after, limit + 1)
  // What has been placed since waits for another page: of a record that leaves the scope only that page tells whoever has it from this one.
  const placed = rows.filter((r) => r.position <= top)
  const events = placed.slice(0, limit)
  const handed = await handingsOf(ctx, peer, events, told)
  const full = placed.length > limit
  // A page that is not full moves the cursor up to the end, past what lies outside the scope.
  const last = events.at(-1)
  const read: Place = last ? [last.position, last.id] : after
  const place: Place = !full && top >= read[0] ? [top, END] : read
  return { handed, next: encodeCursor(place), place, more: full || placed.length < rows.length }
}

const PART = 1000
/** The first and the last: while the one is read, and the other written, nobody else has anything to do. */
const SMALL_PART = 250
/** The same in parts: while one is made ready, the database reads the next. */
export async function* handingsInParts(
  ctx: Ctx,
  peer: store.Peer,
  after: Place,
  limit: number,
): AsyncGenerator<Handings & { last: boolean }> {
  const begun = await begin(ctx)
  const read = (from: Place, most: number): Promise<Handings> => {
    const reading = readOn(ctx, peer, from, most, begun)
    // Awaited when its turn comes; whoever stops before that has an error of its own to tell of.
    reading.catch(() => undefined)
    return reading
  }
  let asked = Math.min(limit, SMALL_PART)
  let reading = read(after, asked)
  for (let left = limit - asked; ; left -= asked) {
    const part = await reading
    if (!part.more || left <= 0 || part.place[1] === END) return yield { ...part, last: true }
    asked = Math.min(PART, left > SMALL_PART ? left - SMALL_PART : left)
    reading = read(part.place, asked)
    // Out to the database before anybody works on this part.
    await setImmediate()
    yield { ...part, last: false }
  }
}

/** What the peer is told of these events, each as its record is now, in their order. What is nothing to tell any more is left out. */
export const handingsOf = async (
  ctx: Ctx,
  peer: store.Peer,
  events: readonly store.FeedRow[],
  heldNow = new Map<string, store.Told>(),
): Promise<Handed[]> => {
  const db = ctx.db.kysely
  const day = today(ctx)
  const windows = await sharedWindows(
    db,
    events.map((e) => e.record),
    peer.channel,
  )
  const service = serviceOf(peer, day)
  const handed: Handed[] = []
  for (const [i, event] of events.entries()) {
    const { record } = event
    if (!record) continue
    const window = windows[i] ?? null
    const person = record.subjectName === null || record.subjectKind === 'natural_person'
    const shown = !person && record.state === 'held' && inScope(peer, record) && isShown(window, day)
    const held = heldNow.get(event.record_id) ?? event.held
    const kind = servedHanding(handingOf(event.kind, shown, held !== null), service)
    if (kind === 'skip') continue
    const one: Handed = { event: held === event.held ? event : { ...event, held }, kind, record, window }
    if (kind !== 'withdraw') heldNow.set(event.record_id, toldNow(one))
    handed.push(one)
  }
  return handed
}

const toldNow = ({ record, window }: Handed): store.Told => ({
  version: record.version,
  shownFrom: window?.from ?? null,
  shownUntil: window?.until ?? null,
  disputed: record.disputed,
})

/** The rows that say it was handed out. */
export const deliveriesOf = (handed: readonly Handed[]): store.NewDelivery[] =>
  handed.map((h) => {
    const told = toldNow(h)
    return {
      subject_id: h.event.subject_id,
      event_id: h.event.id,
      record_id: h.event.record_id,
      kind: h.kind,
      version: told.version,
      shown_from: told.shownFrom,
      shown_until: told.shownUntil,
      disputed: told.disputed,
    }
  })

/** The last day of a term in working days that begins with an instant. */
export const dueOf = (ctx: Ctx, at: Instant, workdays: number): LocalDate =>
  addWorkdays(calendarOf(ctx.policy), dayOf(at), workdays).day

/** Of other events the kind is what else became of the record. */
const saysWhy = (kind: string): boolean => kind === 'record.withdrawn' || kind === store.RESCOPED

const json = (value: unknown): string => JSON.stringify(value)
/** Days, instants and ids hold nothing that would have to be escaped. */
const plain = (value: string | null): string => (value === null ? 'null' : `"${value}"`)
const about = (r: store.SharedRecord): string =>
  `{"recordId":"${r.id}","item":${json(r.item)},"subjectCode":${json(r.subjectCode)},"subjectName":${json(r.subjectName ?? '')},` +
  `"authority":${json(r.authorityName)},"documentNumber":${json(r.docNo)},"decidedOn":"${r.decidedOn}"}`
const said = (told: store.Told): string =>
  `{"version":${told.version},"shownFrom":${plain(told.shownFrom)},"shownUntil":${plain(told.shownUntil)},` +
  `"disputed":${told.disputed},"fields":`

/**
 * The events themselves as JSON, as the published schema has them, each in the pieces that it is put together from. They are written
 * out by hand, since a takeover hands out a million, and fields pass through as they lie in the database: long texts that are joined
 * are copied once more before they are written.
 */
export const bodyPiecesOf = async (ctx: Ctx, peer: store.Peer, handed: readonly Handed[]): Promise<string[][]> => {
  const earlier = await store.saidBefore(
    ctx.db.kysely,
    handed.flatMap(({ event, record }) =>
      event.held?.version && event.held.version !== record.version
        ? [{ subjectId: event.subject_id, recordId: event.record_id, version: event.held.version }]
        : [],
    ),
  )
  const withdrawn = await store.standingWithdrawals(
    ctx.db.kysely,
    peer.channel,
    handed.flatMap((h) => (h.kind === 'withdraw' ? [h.record.id] : [])),
  )
  const source = json(`xinheng/${ctx.config.jurisdiction}`)
  return handed.map((one) => {
    const { event, kind, record, window } = one
    const standing = withdrawn.get(record.id)
    const before = event.held && { ...event.held, version: event.held.version ?? record.version }
    const shown = kind !== 'withdraw' && window?.from ? window : null
    const withdrawal: FeedEvent['data']['withdrawal'] =
      kind === 'withdraw'
        ? {
            // Told once more because of something else, it is the same withdrawal, with the same last day.
            reason: saysWhy(event.kind) ? event.reason : (standing?.reason ?? null),
            takeDownBy: dueOf(ctx, standing?.at ?? event.at, peer.takedownWorkdays),
            ...(peer.duties?.length ? { asks: peer.duties.map(({ part, basis }) => ({ part, basis })) } : {}),
          }
        : null
    const pieces: string[] = []
    let next =
      `{"specversion":"1.0","id":"${event.id}","source":${source},"type":"record.${kind}","subject":"${event.record_id}",` +
      `"time":"${event.at}","datacontenttype":"application/json","data":{"record":${about(record)},"before":`
    if (before) {
      pieces.push(next + said(before), earlier.get(`${record.id} ${before.version}`) ?? record.fields)
      next = '},"after":'
    } else next += 'null,"after":'
    if (shown) {
      pieces.push(next + said(toldNow(one)), record.fields)
      next = `,"rule":${json(shown.rule)},"article":${json(shown.article)},"badge":"authority_record"}`
    } else next += 'null'
    pieces.push(`${next},"withdrawal":${json(withdrawal)}${event.via ? `,"via":${json(event.via)}` : ''}}}`)
    return pieces
  })
}

/** The same, each in one piece. */
export const bodyTextsOf = async (ctx: Ctx, peer: store.Peer, handed: readonly Handed[]): Promise<string[]> =>
  (await bodyPiecesOf(ctx, peer, handed)).map((pieces) => pieces.join(''))

/** The same as objects, for those who write them in another form. */
export const bodiesOf = async (ctx: Ctx, peer: store.Peer, handed: readonly Handed[]): Promise<FeedEvent[]> =>
  (await bodyTextsOf(ctx, peer, handed)).map((text) => JSON.parse(text) as FeedEvent)
