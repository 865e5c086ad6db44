import { mustNot } from '../../kernel/decision.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { covers } from '../../kernel/territory.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById, listAuthorities } from '../access/index.ts'
import { passage } from '../repair/index.ts'
import type { TrackView, TransferView } from './contract.ts'
import { sendHome } from './in.ts'
import { passItemOn, sendWithdrawal } from './out.ts'
import { lateOf, wireOf } from './rules.ts'
import * as store from './store.ts'
import {
  OPEN_TRANSFERS,
  RETURN_REASONS,
  RETURN_REASON_WORDS,
  type TransferDirection,
  type TransferState,
} from './words.ts'

/** Where each case stands, for those who wait for it and those who watch over it. */

const OTHER: Words = { zh: '其他信用信息', en: 'Other credit information' }
const reasonOf = (code: string): Words | null => {
  const known = RETURN_REASONS.find((r) => r === code)
  return known ? RETURN_REASON_WORDS[known] : null
}
const isOpen = (state: TransferState): boolean => OPEN_TRANSFERS.some((s) => s === state)

const ofOffice = (ctx: Ctx, t: store.TransferRow): boolean =>
  hasRole(ctx.actor, 'credit_office') &&
  ctx.actor.kind === 'person' &&
  ctx.actor.division !== null &&
  covers(ctx.actor.division, t.division)
const mayReturn = (ctx: Ctx, t: store.TransferRow): boolean =>
  t.direction === 'in' &&
  t.state === 'received' &&
  (ofOffice(ctx, t) ||
    (hasRole(ctx.actor, 'officer', 'head') && ctx.actor.kind === 'person' && ctx.actor.authorityId === t.authorityId))
const mayAskBack = (ctx: Ctx, t: store.TransferRow): boolean =>
  t.direction === 'out' &&
  isOpen(t.state) &&
  t.state !== 'asked' &&
  t.withdrawalAt === null &&
  hasRole(ctx.actor, 'enterprise', 'window_clerk')

const views = async (ctx: Ctx, db: Reader, rows: readonly store.TransferRow[]): Promise<TransferView[]> => {
  const names = await store.peerNames(
    db,
    rows.map((t) => t.peerId),
  )
  const wires = await store.wiresOf(
    db,
    rows.map((t) => t.id),
  )
  const on = today(ctx)
  return rows.map((t) => {
    const wire = wires.get(t.id) ?? { dead: 0, open: 0, failed: 0, fault: '' }
    return {
      subjectId: t.subjectId,
      id: t.id,
      ref: t.ref,
      direction: t.direction,
      peerId: t.peerId,
      peerName: names.get(t.peerId) ?? '',
      itemId: t.itemId,
      applicationId: t.applicationId,
      kind: t.kind,
      no: t.no,
      itemName: ctx.policy.catalog.find((c) => c.code === t.recordItem)?.name ?? OTHER,
      docNo: t.docNo,
      authorityName: t.authorityName,
      state: t.state,
      outcome: t.outcome,
      passedOnAt: t.passedOnAt,
      dueOn: t.dueOn,
      receivedAt: t.receivedAt,
      stepDueOn: t.stepDueOn,
      closedAt: t.closedAt,
      late: lateOf(t, on),
      reason: reasonOf(t.reason),
      withdrawalAt: t.withdrawalAt,
      materials: t.files.length,
      wire: wireOf(wire),
      // What a wire says is for those who keep it.
      wireFault: hasRole(ctx.actor, 'credit_office', 'auditor') ? wire.fault : '',
      version: t.version,
      mayWithdraw: mayAskBack(ctx, t),
      mayReturn: mayReturn(ctx, t),
      mayPassOnAgain: t.direction === 'out' && t.state === 'returned' && hasRole(ctx.actor, 'credit_office'),
    }
  })
}
const track = async (ctx: Ctx, db: Reader, t: store.TransferRow): Promise<TrackView> => {
  const [view] = await views(ctx, db, [t])
  return { ...(view as TransferView), steps: await store.stepsOf(db, t) }
}

export const listTransfers = async (
  ctx: Ctx,
  ask: {
    direction?: TransferDirection | undefined
    state?: TransferState | undefined
    late?: boolean | undefined
    no?: string | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const db = ctx.db.kysely
  const after = readCursor(ask.after, 'instant', 'uuid')
  const on = today(ctx)
  const rows = await store.listTransfers(db, ctx.actor, { ...ask, today: on, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (t) => [t.passedOnAt, t.id])
  return {
    rows: await views(ctx, db, page.rows),
    next: page.next,
    counts: await store.countTransfers(db, ctx.actor, on),
  }
}

export const listTurnedAway = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }) => {
  const db = ctx.db.kysely
  const rows = await store.listTurnedAway(db, readCursor(ask.after, 'instant', 'uuid'), ask.limit + 1)
  const page = pageOf(rows, ask.limit, (r) => [r.at, r.id])
  const names = await store.peerNames(
    db,
    page.rows.map((r) => r.peerId),
  )
  return {
    rows: page.rows.map((r) => ({
      id: r.id,
      peerName: names.get(r.peerId) ?? '',
      no: r.no,
      decider: r.decider,
      docNo: r.docNo,
      reason: reasonOf(r.code) ?? OTHER,
      at: r.at,
    })),
    next: page.next,
  }
}

type OnItem = { subject: string; item: string }
export const trackOfItem = async (ctx: Ctx, ask: OnItem) => {
  const db = ctx.db.kysely
  if (!(await store.itemSeen(db, ctx.actor, ask))) mustNot('NO_SUCH_TRANSFER')
  const tracks: TrackView[] = []
  for (const t of await store.ofItem(db, ask)) tracks.push(await track(ctx, db, t))
  return { tracks }
}

/** What is asked back has not come back: whoever decides says what became of it. */
export const askBack = (ctx: Ctx, ask: OnItem & { note: string; seen: number }): Promise<TrackView> =>
  inTx(ctx, async (tx) => {
    if (!(await store.itemSeen(tx, ctx.actor, ask))) mustNot('NO_SUCH_TRANSFER')
    const t = (await store.ofItem(tx, ask)).find((o) => o.direction === 'out') ?? mustNot('NO_SUCH_TRANSFER')
    if (t.withdrawalAt) mustNot('WITHDRAWAL_SENT')
    if (!mayAskBack(ctx, t)) mustNot('TRANSFER_OVER')
    if (t.version !== ask.seen) mustNot('STALE')
    const next = await sendWithdrawal(tx, ctx, t, ask.note)
    recordAct(tx, ctx, {
      act: 'transfers.ask_back',
      target: { kind: 'transfer', id: t.id },
      subjectId: t.subjectId,
      details: { item: t.itemId },
    })
    return track(ctx, tx, next)
  })

type OnTransfer = { subject: string; id: string; seen: number }
const inHand = async (tx: Reader, ask: OnTransfer): Promise<store.TransferRow> => {
  const t = (await store.getTransfer(tx, ask)) ?? mustNot('NO_SUCH_TRANSFER')
  return t.version === ask.seen ? t : mustNot('STALE')
}

export const returnTransfer = (ctx: Ctx, ask: OnTransfer & { reason: string }): Promise<TrackView> =>
  inTx(ctx, async (tx) => {
    const found = (await store.getTransfer(tx, ask)) ?? mustNot('NO_SUCH_TRANSFER')
    const own = ofOffice(ctx, found) || (ctx.actor.kind === 'person' && ctx.actor.authorityId === found.authorityId)
    if (found.direction !== 'in' || !own) mustNot('NO_SUCH_TRANSFER')
    const t = await inHand(tx, ask)
    if (!isOpen(t.state)) mustNot('TRANSFER_OVER')
    const key = { subject: t.subjectId, item: t.itemId, authorityId: t.authorityId, note: ask.reason }
    if (!mayReturn(ctx, t) || !(await passage.sendHome(tx, ctx, key))) mustNot('RETURN_TOO_LATE')
    const next = await sendHome(tx, ctx, t, ask.reason)
    recordAct(tx, ctx, {
      act: 'transfers.send_home',
      target: { kind: 'transfer', id: t.id },
      subjectId: t.subjectId,
      details: { item: t.itemId },
    })
    return track(ctx, tx, next)
  })

const mustBePlatform = async (db: Reader, peerId: string): Promise<void> => {
  if (!(await store.platforms(db)).some((p) => p.id === peerId)) mustNot('NOT_A_PLATFORM')
}

export const passOnAgain = (ctx: Ctx, ask: OnTransfer & { peerId: string }): Promise<TrackView> =>
  inTx(ctx, async (tx) => {
    const t = await inHand(tx, ask)
    if (t.direction !== 'out' || t.state !== 'returned') mustNot('TRANSFER_OVER')
    await mustBePlatform(tx, ask.peerId)
    const of = { subjectId: t.subjectId, itemId: t.itemId, authorityId: t.authorityId, peerId: ask.peerId }
    const next = (await passItemOn(tx, ctx, of)) ?? mustNot('TRANSFER_OVER')
    return track(ctx, tx, next)
  })

export const listSeats = async (ctx: Ctx) => {
  const db = ctx.db.kysely
  const rows: (store.SeatRow & { authorityName: string })[] = []
  for (const s of await store.listSeats(db))
    rows.push({ ...s, authorityName: (await authorityById(db, s.authorityId))?.name ?? '' })
  const authorities = (await listAuthorities(db, { active: true })).map(({ id, name }) => ({ id, name }))
  return { rows, platforms: (await store.platforms(db)).map(({ id, name }) => ({ id, name })), authorities }
}

/** Where an authority's cases are decided; null brings them back here. Cases under way stay where they are. */
export const setSeat = (
  ctx: Ctx,
  ask: { authority: string; peerId: string | null; seen: number },
): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    if (!(await authorityById(tx, ask.authority))) mustNot('NO_SUCH_TRANSFER')
    const held = await store.seatOf(tx, ask.authority)
    if ((held?.version ?? 0) !== ask.seen) mustNot('STALE')
    if (ask.peerId === null) await store.deleteSeat(tx, ask.authority)
    else {
      await mustBePlatform(tx, ask.peerId)
      await store.insertSeat(tx, {
        authorityId: ask.authority,
        peerId: ask.peerId,
        at: ctx.clock.now(),
        by: actorRef(ctx.actor),
        version: ask.seen + 1,
      })
    }
    recordAct(tx, ctx, {
      act: 'transfers.set_seat',
      target: { kind: 'authority', id: ask.authority },
      details: { peer: ask.peerId ?? 'here' },
    })
    return { ok: true as const }
  })
