import { Readable } from 'node:stream'
import type { StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { maskName } from '../../kernel/mask.ts'
import { nameKey } from '../../kernel/text.ts'
import { dayOf } from '../../kernel/time.ts'
import { type Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/crypto.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Peer, canonical } from '../exchange/index.ts'
import { carryOut } from './carry.ts'
import { type Acknowledgement, MOST_EVENTS } from './contract.ts'
import { type Parsed, parseMessage } from './rules.ts'
import * as store from './store.ts'
import { noteOf } from './views.ts'
import type { IntakeWay } from './words.ts'

/** Longest time that a sender is kept waiting; what is left is answered later. */
const LONGEST_MS = 20_000

const idOf = (event: unknown): string | null => {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : null
  return typeof id === 'string' && id !== '' && id.length <= 200 && id.isWellFormed() && !id.includes('\0') ? id : null
}
const textIn = (value: string, most: number): string => Array.from(value).slice(0, most).join('')

/** What we were told before is the sender's memory, and no part of what it says now. */
const digestOf = (event: unknown): string => {
  const { data, ...head } = event as Record<string, unknown>
  const said = typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data, before: undefined } : data
  return sha256(canonical({ ...head, data: said }))
}

/** Without a code it may be a natural person, whose name stands nowhere in full. */
const nameIn = (message: Parsed | null): string => {
  const { about, after } = message?.record ?? {}
  const name = about?.subjectName ?? ''
  const kind = after?.fields['subject_category']
  return about?.subjectCode && kind !== 'natural_person' && kind !== '自然人' ? name : maskName(name)
}

type Arrived = { eventId: string; digest: string; row: store.NewMessage }
const arrivedFrom = (ctx: Ctx, peer: Peer, intakeId: string, events: readonly unknown[]): Arrived[] => {
  const receivedAt = ctx.clock.now()
  return events.map((event, i) => {
    const eventId = idOf(event) ?? mustNot('EVENT_WITHOUT_ID', { n: i + 1 })
    const digest = digestOf(event)
    const read = parseMessage(event)
    const message = read.ok ? read.message : null
    const about = message?.record?.about
    const row: store.NewMessage = {
      // One after the other, so that a list has them in the order in which they came.
      id: newId(Date.now() + i),
      peerId: peer.id,
      eventId,
      intakeId,
      n: i + 1,
      type: message?.type ?? '',
      thing: message?.thing ?? '',
      at: message?.at ?? receivedAt,
      digest,
      receivedAt,
      day: dayOf(receivedAt),
      item: about?.item ?? '',
      name: textIn(nameIn(message), 200),
      authority: textIn(about?.authority ?? '', 200),
      authorityKey: nameKey(about?.authority ?? ''),
      docNo: textIn(about?.documentNumber ?? '', 200),
      body: event,
    }
    return { eventId, digest, row }
  })
}

export type Taken = { acknowledgements: Acknowledgement[]; pending: string[] }
const CLASHES = {
  zh: '该编号的报文此前已经收到，内容与本次不同；未作处理。请以新的报文编号发送。',
  en: 'A message of this id came before with another content; nothing was done. Send it under a new id.',
}

/**
 * Takes in what a peer sent, by whatever way: kept, counted, carried out once each, and answered. Sent again it is answered with
 * what became of it the first time. The file, if there is one, lies in the store already.
 */
export const takeIn = async (
  ctx: Ctx,
  peer: Peer,
  events: readonly unknown[],
  { file, way = 'push' }: { file?: StoredFile | undefined; way?: IntakeWay } = {},
): Promise<Taken> => {
  if (!events.length) mustNot('NO_EVENTS')
  if (events.length > MOST_EVENTS) mustNot('TOO_MANY_EVENTS', { most: MOST_EVENTS, found: events.length })
  const intakeId = newId()
  const arrived = arrivedFrom(ctx, peer, intakeId, events)
  const kept = file ?? (await keep(ctx, events))
  // The first of two with one id in one body counts; the other is held against it.
  const first = new Map(arrived.toReversed().map((a) => [a.eventId, a]))
  const fresh = await inTx(ctx, async (tx) => {
    const at = ctx.clock.now()
    await store.keepFile(tx, kept, at)
    const before = await store.messagesByEvent(tx, peer.id, [...first.keys()])
    const digests = new Map(before.map((m) => [m.eventId, m.digest]))
    const clashed = arrived.filter((a) => (digests.get(a.eventId) ?? first.get(a.eventId)!.digest) !== a.digest).length
    const rows = [...first.values()].filter((a) => !digests.has(a.eventId)).map((a) => a.row)
    await store.insertIntake(tx, {
      id: intakeId,
      peerId: peer.id,
      way,
      fileHash: kept.hash,
      fileName: kept.name,
      receivedAt: at,
      events: arrived.length,
      repeated: arrived.length - rows.length - clashed,
      clashed,
      refusal: null,
    })
    const inserted = await store.insertMessages(tx, rows)
    if (inserted.size) await store.count(tx, peer.id, dayOf(at), { received: inserted.size, pending: inserted.size })
    recordAct(tx, ctx, {
      act: 'inbound.take_in',
      target: { kind: 'peer', id: peer.id },
      details: {
        intake: intakeId,
        file: kept.hash,
        events: arrived.length,
        fresh: inserted.size,
        clashed,
      },
    })
    return arrived.filter((a) => first.get(a.eventId) === a && inserted.has(a.eventId))
  })
  await carryOut(
    ctx,
    peer,
    fresh.map((a) => a.row.id),
    performance.now() + LONGEST_MS,
  )
  const held = new Map(
    (await store.messagesByEvent(ctx.db.kysely, peer.id, [...first.keys()])).map((m) => [m.eventId, m]),
  )
  const isFresh = new Set(fresh.map((a) => a.eventId))
  const acknowledgements: Acknowledgement[] = []
  const pending: string[] = []
  const said = new Set<string>()
  for (const { eventId, digest } of arrived) {
    const m = held.get(eventId)!
    if (m.digest !== digest) acknowledgements.push({ eventId, outcome: 'refused', note: CLASHES[ctx.lang] })
    else if (said.has(eventId)) continue
    else if (m.outcome === null) pending.push(eventId)
    else {
      // Once more the same message: nothing is done again, and what was refused stays refused.
      const outcome = isFresh.has(eventId) || m.outcome === 'refused' ? m.outcome : 'already'
      acknowledgements.push({ eventId, outcome, note: noteOf(ctx, m) })
    }
    said.add(eventId)
  }
  if (acknowledgements.length)
    await store.markTold(
      ctx,
      [...held.values()].map((m) => m.id),
    )
  return { acknowledgements, pending }
}

const keep = async (ctx: Ctx, events: readonly unknown[]): Promise<StoredFile> => ({
  ...(await ctx.files.put(Readable.from([Buffer.from(JSON.stringify(events))]), Number.MAX_SAFE_INTEGER)),
  name: 'events.json',
  mediaType: 'application/cloudevents-batch+json',
})
