import { encodeCursor } from '../../kernel/page.ts'
import type { Channel } from '../../kernel/policy.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { lastPosition } from '../../platform/follow.ts'
import { sequence } from '../../platform/outbox.ts'
import { findRecords, pendingMarks, shownOn, windowOn } from '../records/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { subjectsById } from '../subjects/index.ts'
import type { FeedEvent } from './contract.ts'
import { type Handing, handingOf } from './rules.ts'
import * as store from './store.ts'

/**
 * What a peer is handed next. Every way (pull, push, files, tables) asks here, so that all of them hand out the same: what
 * the record is now decides, nothing that is gone by now is handed out again, and whoever holds it is told to take it down.
 */

export const START = '00000000-0000-0000-0000-000000000000'
const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** A place in the total order: position, then event. */
export type Place = [number, string]
export type Handed = {
  event: store.FeedRow
  kind: Exclude<Handing, 'skip'>
  record: RecordRow | undefined
  disputed: boolean
}
export type Handings = {
  handed: Handed[]
  /** The cursor behind the last event that was read. */
  next: string
  more: boolean
}

/** Handings after a place, at most `limit` events read. Natural persons are never handed on, whatever a window says. */
export const nextHandings = async (ctx: Ctx, peer: store.Peer, after: Place, limit: number): Promise<Handings> => {
  await sequence(ctx)
  const db = ctx.db.kysely
  // Asked for before the events are read: a page that is not full moves the cursor up to here, past what lies outside the scope.
  const top = await lastPosition(db)
  const rows = await store.readEvents(db, peer, after, limit + 1)
  const events = rows.slice(0, limit)
  const handed = await handingsOf(ctx, peer, events)
  const more = rows.length > limit
  const last = events.at(-1)
  const read: Place = last ? [last.position, last.id] : after
  return { handed, next: encodeCursor(!more && top >= read[0] ? [top, END] : read), more }
}

/** What the peer is told of these events, each as its record is now, in their order. What is nothing to tell any more is left out. */
export const handingsOf = async (ctx: Ctx, peer: store.Peer, events: readonly store.FeedRow[]): Promise<Handed[]> => {
  const db = ctx.db.kysely
  const day = today(ctx)
  const asked = events.map((e) => ({ subjectId: e.subject_id, id: e.record_id }))
  const records = new Map((await findRecords(db, asked)).map((r) => [r.id, r]))
  const marks = await pendingMarks(db, [...records.values()])
  const subjects = await subjectsById(
    db,
    events.map((e) => e.subject_id),
  )
  const heldNow = new Map<string, store.Told>()
  const handed: Handed[] = []
  for (const event of events) {
    const record = records.get(event.record_id)
    const person =
      subjects.get(event.subject_id)?.kind === 'natural_person' || record?.facts.subjectKind === 'natural_person'
    const shown = !person && record?.state === 'held' && shownOn(record, peer.channel as Channel, day)
    const held = heldNow.get(event.record_id) ?? event.held
    const kind = handingOf(event.kind, shown, held !== null)
    if (kind === 'skip') continue
    const one: Handed = { event: { ...event, held }, kind, record, disputed: marks.has(event.record_id) }
    if (kind !== 'withdraw') heldNow.set(event.record_id, toldNow(peer, one))
    handed.push(one)
  }
  return handed
}

const toldNow = (peer: store.Peer, { record, disputed }: Handed): store.Told => {
  const window = record ? windowOn(record.windows, peer.channel as Channel) : null
  return {
    version: record?.version ?? null,
    shownFrom: window?.from ?? null,
    shownUntil: window?.until ?? null,
    disputed,
  }
}

/** The rows that say it was handed out. `queued`: for ways in which we go to the peer, and it is not there yet. */
export const deliveriesOf = (
  peer: store.Peer,
  handed: readonly Handed[],
  { at, queued }: { at: Instant; queued: boolean },
): store.NewDelivery[] =>
  handed.map((h) => {
    const told = toldNow(peer, h)
    return {
      subject_id: h.event.subject_id,
      peer_id: peer.id,
      event_id: h.event.id,
      record_id: h.event.record_id,
      kind: h.kind,
      version: told.version,
      shown_from: told.shownFrom,
      shown_until: told.shownUntil,
      disputed: told.disputed,
      sent_at: at,
      delivered_at: queued ? null : at,
      next_attempt_at: queued ? at : null,
    }
  })

/** The last day of a term in working days that begins with an instant. */
export const dueOf = (ctx: Ctx, at: Instant, workdays: number): LocalDate =>
  addWorkdays(calendarOf(ctx.policy), dayOf(at), workdays).day

/** The events themselves, as the published schema has them. */
export const bodiesOf = async (ctx: Ctx, peer: store.Peer, handed: readonly Handed[]): Promise<FeedEvent[]> => {
  const db = ctx.db.kysely
  const subjects = await subjectsById(
    db,
    handed.map((h) => h.event.subject_id),
  )
  const earlier = await store.saidBefore(
    db,
    handed.flatMap(({ event, record }) =>
      event.held?.version && event.held.version !== record?.version
        ? [{ subjectId: event.subject_id, recordId: event.record_id, version: event.held.version }]
        : [],
    ),
  )
  return handed.flatMap(({ event, kind, record, disputed }): FeedEvent[] => {
    if (!record) return []
    const subject = subjects.get(event.subject_id)
    const window = windowOn(record.windows, peer.channel as Channel)
    const { held } = event
    return [
      {
        specversion: '1.0',
        id: event.id,
        source: `xinheng/${ctx.config.jurisdiction}`,
        type: `record.${kind}`,
        subject: event.record_id,
        time: event.at,
        datacontenttype: 'application/json',
        data: {
          record: {
            recordId: record.id,
            item: record.item,
            subjectCode: subject?.code ?? null,
            subjectName: subject?.name ?? '',
            authority: record.authorityName,
            documentNumber: record.docNo,
            decidedOn: record.decidedOn,
          },
          before: held
            ? {
                version: held.version ?? record.version,
                shownFrom: held.shownFrom,
                shownUntil: held.shownUntil,
                disputed: held.disputed,
                fields: earlier.get(`${record.id} ${held.version}`) ?? record.publicFields,
              }
            : null,
          after:
            kind === 'withdraw' || !window?.from
              ? null
              : {
                  version: record.version,
                  shownFrom: window.from,
                  shownUntil: window.until,
                  disputed,
                  fields: record.publicFields,
                  rule: window.rule,
                  article: window.article,
                  badge: 'authority_record',
                },
          withdrawal:
            kind === 'withdraw'
              ? { reason: event.reason, takeDownBy: dueOf(ctx, event.at, peer.takedownWorkdays) }
              : null,
        },
      },
    ]
  })
}
