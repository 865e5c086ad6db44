import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type LocalDate, addDays, startOf } from '../../kernel/time.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import { isUuid } from '../../kernel/page.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { personNames } from '../access/index.ts'
import { deliveriesOn } from '../messages/index.ts'
import { findRecords } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { BalanceView, ChaseView, DeadLetterView, DeliveryView, EdgeView } from './contract.desk.ts'
import { dueOf } from './handing.ts'
import { build } from './push.build.ts'
import { stateOf } from './rules.push.ts'
import * as desk from './store.desk.ts'
import * as store from './store.ts'
import { openWithdrawals } from './store.owed.ts'
import type { DeliveryState, Replay } from './words.push.ts'

/** Counts of what is open are exact up to here. */
const COUNTED = 10_000
/** The balance looks back so far when nothing is asked for. */
const DAYS = 14
/** A preview of everything looks at so many. */
const PREVIEWED = 1000

type Key = { peerId: string; subjectId: string; eventId: string }

const NATURAL = { zh: '自然人', en: 'a natural person' }
const viewsOf = async (ctx: Ctx, rows: readonly desk.DeliveryRow[]): Promise<DeliveryView[]> => {
  const db = ctx.db.kysely
  const subjects = await subjectsById(
    db,
    rows.map((r) => r.subjectId),
  )
  const asked = rows.flatMap((r) => (r.recordId ? [{ subjectId: r.subjectId, id: r.recordId }] : []))
  const records = new Map((await findRecords(db, asked)).map((r) => [r.id, r]))
  return rows.map((r) => {
    const subject = subjects.get(r.subjectId)
    const record = r.recordId ? records.get(r.recordId) : undefined
    return {
      peerId: r.peerId,
      peerName: r.peerName,
      subjectId: r.subjectId,
      eventId: r.eventId,
      recordId: r.recordId,
      kind: r.kind,
      state: stateOf(r),
      subjectName: subject?.kind === 'natural_person' ? NATURAL[ctx.lang] : (subject?.name ?? ''),
      docNo: record?.docNo ?? '',
      authority: record?.authorityName ?? '',
      queuedAt: r.sentAt,
      attempts: r.attempts,
      nextAttemptAt: r.nextAttemptAt,
      deliveredAt: r.deliveredAt,
      acknowledgedAt: r.ackedAt,
      note: r.note,
      fault: r.fault || null,
      deadAt: r.deadAt,
    }
  })
}
const mustFindPeer = async (ctx: Ctx, id: string): Promise<store.Peer> =>
  (await store.findPeer(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')

export const deliveries = async (
  ctx: Ctx,
  ask: { id: string; state?: DeliveryState | undefined; after?: string | undefined; limit: number },
): Promise<Page<DeliveryView>> => {
  await mustFindPeer(ctx, ask.id)
  const after = readCursor(ask.after, 'uuid')
  const rows = await desk.deliveryRows(ctx.db.kysely, { peerId: ask.id, state: ask.state, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.eventId])
  return { rows: await viewsOf(ctx, page.rows), next: page.next }
}

// ---- what could not be sent

export const deadLetters = async (
  ctx: Ctx,
  ask: { peer?: string | undefined; state: 'dead' | 'given_up'; after?: string | undefined; limit: number },
): Promise<Page<DeliveryView>> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const filter = { peerId: ask.peer, givenUp: ask.state === 'given_up', after, limit: ask.limit + 1 }
  const page = pageOf(await desk.deadRows(ctx.db.kysely, filter), ask.limit, (r) => [r.deadAt!, r.eventId])
  return { rows: await viewsOf(ctx, page.rows), next: page.next }
}

/** What each would do if it went now; the peer is told the same then, unless the record changes once more. */
const replaysOf = async (ctx: Ctx, peer: store.Peer, rows: readonly desk.DeadRow[]): Promise<Map<string, Replay>> => {
  const fresh = rows.filter((r) => !r.overtaken)
  const { send, noted, anew } = await build(ctx, peer, fresh)
  const over = new Set(anew.map((r) => r.recordId))
  const kinds = new Map(noted.map((n) => [n.eventId, n.kind]))
  const found = new Map<string, Replay>(rows.map((r) => [r.eventId, 'nothing']))
  // It does not go itself: the peer is told by another word that the record is down.
  for (const r of fresh) if (r.recordId !== null && over.has(r.recordId)) found.set(r.eventId, 'withdraw')
  for (const d of send) {
    const kind = kinds.get(d.eventId) ?? d.kind
    found.set(d.eventId, kind === 'not_needed' ? 'nothing' : kind)
  }
  return found
}

const mustFindDead = async (ctx: Ctx, of: Key): Promise<desk.DeliveryRow> => {
  const row = await desk.findDelivery(ctx.db.kysely, of)
  return row?.deadAt ? row : mustNot('NO_SUCH_DEAD_LETTER')
}
export const deadLetter = async (ctx: Ctx, of: Key): Promise<DeadLetterView> => {
  const db = ctx.db.kysely
  const row = await mustFindDead(ctx, of)
  const peer = await mustFindPeer(ctx, of.peerId)
  const [view] = await viewsOf(ctx, [row])
  const replays = await replaysOf(ctx, peer, await desk.deadOf(db, peer.id, 1, of))
  const names = await personNames(db, isUuid(row.givenUpBy) ? [row.givenUpBy] : [])
  return {
    ...view!,
    contact: row.contact,
    peerState: row.peerState,
    tries: await desk.triesOf(db, of),
    replay: replays.get(row.eventId) ?? 'nothing',
    givenUp: row.givenUpAt
      ? { at: row.givenUpAt, by: names.get(row.givenUpBy) ?? '', reason: row.givenUpReason }
      : null,
    mayDecide: hasRole(ctx.actor, 'credit_office'),
  }
}

export const replay = async (ctx: Ctx, ask: Key & { seen: number }): Promise<DeliveryView> => {
  const row = await mustFindDead(ctx, ask)
  await inTx(ctx, async (tx) => {
    const { again, nothing } = await desk.putBack(tx, row.peerId, ctx.clock.now(), ask)
    if (again + nothing === 0) mustNot('DEAD_LETTER_STALE')
    await desk.wakeLine(tx, row.peerId)
    recordAct(tx, ctx, {
      act: 'exchange.replay',
      target: { kind: 'peer', id: row.peerId },
      subjectId: row.subjectId,
      details: { eventId: row.eventId, kind: row.kind, attempts: row.attempts, again },
    })
  })
  const now = (await desk.findDelivery(ctx.db.kysely, ask)) ?? mustNot('NO_SUCH_DEAD_LETTER')
  return (await viewsOf(ctx, [now]))[0]!
}

export const previewReplay = async (ctx: Ctx, { id }: { id: string }) => {
  const peer = await mustFindPeer(ctx, id)
  const rows = await desk.deadOf(ctx.db.kysely, id, PREVIEWED + 1)
  const counts: Record<Replay, number> = { publish: 0, update: 0, withdraw: 0, message: 0, nothing: 0 }
  for (const kind of (await replaysOf(ctx, peer, rows.slice(0, PREVIEWED))).values()) counts[kind]++
  return { ...counts, more: rows.length > PREVIEWED }
}
export const replayAll = async (ctx: Ctx, { id }: { id: string }) => {
  await mustFindPeer(ctx, id)
  return inTx(ctx, async (tx) => {
    const done = await desk.putBack(tx, id, ctx.clock.now())
    await desk.wakeLine(tx, id)
    recordAct(tx, ctx, { act: 'exchange.replay', target: { kind: 'peer', id }, details: done })
    return done
  })
}

export const giveUp = async (ctx: Ctx, ask: Key & { seen: number; reason: string }): Promise<DeadLetterView> => {
  const row = await mustFindDead(ctx, ask)
  await inTx(ctx, async (tx) => {
    if (!(await desk.giveUp(tx, { ...ask, by: actorRef(ctx.actor), at: ctx.clock.now() }))) mustNot('DEAD_LETTER_STALE')
    recordAct(tx, ctx, {
      act: 'exchange.give_up',
      target: { kind: 'peer', id: row.peerId },
      subjectId: row.subjectId,
      details: { eventId: row.eventId, kind: row.kind, reason: ask.reason },
    })
  })
  return deadLetter(ctx, ask)
}

// ---- the map and the balance

/** Withdrawals that a peer has not confirmed in its term: how many, and since which day. */
export const lateWithdrawals = async (
  ctx: Ctx,
  peer: { id: string; ackWorkdays: number },
): Promise<{ count: number; since: LocalDate | null }> => {
  const due = (await openWithdrawals(ctx.db.kysely, peer)).map((at) => dueOf(ctx, at, peer.ackWorkdays))
  const late = due.filter((on) => on < today(ctx)).toSorted()
  return { count: late.length, since: late[0] ?? null }
}

export const flows = async (ctx: Ctx): Promise<{ edges: EdgeView[]; at: string }> => {
  const rows = await desk.edgeRows(ctx.db.kysely, COUNTED)
  const edges = await Promise.all(
    rows.map(async (r): Promise<EdgeView> => {
      const late = await lateWithdrawals(ctx, { ...r, id: r.peerId })
      const more = r.queued + r.unanswered >= COUNTED
      return {
        peerId: r.peerId,
        name: r.name,
        kind: r.kind,
        way: r.way,
        direction: r.direction,
        state: r.state,
        contact: r.contact,
        queued: { count: r.queued, more: more && r.queued > 0 },
        unanswered: { count: r.unanswered, more: more && r.unanswered > 0 },
        dead: r.dead,
        oldestAt: r.oldestAt,
        lateWithdrawals: late.count,
        lateSince: late.since,
        down:
          r.failures > 0 && r.fault && r.failedAt ? { fault: r.fault, since: r.failedAt, nextAt: r.restsUntil } : null,
        lastAcknowledgedAt: r.lastAcknowledgedAt,
        chased: r.chasedWhat && r.chasedAt ? { what: r.chasedWhat, times: r.chasedTimes, at: r.chasedAt } : null,
      }
    }),
  )
  return { edges, at: ctx.clock.now() }
}

export const deliveryBalance = async (
  ctx: Ctx,
  ask: {
    peer?: string | undefined
    from?: string | undefined
    to?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<BalanceView>> => {
  const after = readCursor(ask.after, 'day', 'uuid')
  const to = (ask.to as LocalDate | undefined) ?? today(ctx)
  const from = (ask.from as LocalDate | undefined) ?? addDays(to, 1 - DAYS)
  const rows = await desk.balanceRows(ctx.db.kysely, {
    peerId: ask.peer,
    from: startOf(from),
    to: startOf(addDays(to, 1)),
    after,
    limit: ask.limit + 1,
  })
  return pageOf(rows, ask.limit, (r) => [r.day, r.peerId])
}

export const chases = async (
  ctx: Ctx,
  ask: { peer?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ChaseView>> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await desk.chaseRows(ctx.db.kysely, { peerId: ask.peer, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.raisedAt, r.id])
  const told = await deliveriesOn(
    ctx,
    ctx.db.kysely,
    'chase',
    page.rows.map((r) => r.id),
  )
  return {
    ...page,
    rows: page.rows.map((r) => ({
      ...r,
      told: told.get(r.id) ?? [],
    })),
  }
}
