import { pageOf, readCursor } from '../../kernel/page.ts'
import type { Channel } from '../../kernel/policy.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { covers } from '../../kernel/territory.ts'
import type { Instant } from '../../kernel/time.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, hasRole, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findRecord, windowOn } from '../records/index.ts'
import { DISPOSITION_WORDS } from '../records/words.ts'
import type { FeedPage, HolderView, PeerView, PropagationView } from './contract.ts'
import { type Place, START, bodiesOf, deliveriesOf, dueOf, nextHandings } from './handing.ts'
import { publishedKeys, signerOf } from './keys.ts'
import { holderState, holdingOf, withdrawalOn } from './rules.ts'
import { effectOf } from './rules.effect.ts'
import { signPage } from './sign.ts'
import * as store from './store.ts'
import {
  type Algorithm,
  type Direction,
  type Format,
  OWN_SITE,
  type PeerKind,
  type PeerState,
  type Way,
} from './words.ts'

/** The channel that this platform's own public site is. */
const SITE_CHANNEL: Channel = 'credit_china'
const CHANNELS: readonly string[] = [SITE_CHANNEL, 'necips']

const peerOf = async (ctx: Ctx): Promise<store.Peer> => {
  if (ctx.actor.kind !== 'key' || !ctx.actor.peerId) return mustNot('NOT_A_PEER')
  const peer = (await store.findPeer(ctx.db.kysely, ctx.actor.peerId)) ?? mustNot('NO_SUCH_PEER')
  return peer.state === 'active' ? peer : mustNot('PEER_SUSPENDED')
}

/**
 * The next page of a peer's feed, signed. Each hand-over is a delivery. The same cursor gives the same events again; applying
 * them twice changes nothing (events carry the record's version).
 */
export const feed = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }) => {
  const peer = await peerOf(ctx)
  const after: Place = readCursor(ask.after, 'number', 'uuid') ?? [0, START]
  const { handed, next, more } = await nextHandings(ctx, peer, after, ask.limit)
  const page: FeedPage = { events: await bodiesOf(ctx, peer, handed), next, more }
  const at = ctx.clock.now()
  await inTx(ctx, async (tx) => {
    await store.saveDeliveries(tx, deliveriesOf(peer, handed, { at, queued: false }), peer.id, next, at)
    if (handed.length) {
      recordAct(tx, ctx, {
        act: 'exchange.hand_over',
        target: { kind: 'peer', id: peer.id },
        details: { events: handed.length },
      })
    }
  })
  return signPage(await signerOf(ctx, peer.algorithm), page)
}

export const acknowledge = async (ctx: Ctx, ask: { acknowledgements: store.Ack[] }) => {
  const peer = await peerOf(ctx)
  return inTx(ctx, async (tx) => {
    const known = new Set(await store.saveAcknowledgements(tx, peer.id, ask.acknowledgements, ctx.clock.now()))
    const unknown = ask.acknowledgements.flatMap((a) => (known.has(a.eventId) ? [] : [a.eventId]))
    recordAct(tx, ctx, {
      act: 'exchange.acknowledge',
      target: { kind: 'peer', id: peer.id },
      details: { recorded: known.size, unknown: unknown.length },
    })
    return { recorded: known.size, unknown }
  })
}

export const feedKeys = async (ctx: Ctx) => ({ keys: await publishedKeys(ctx) })

const viewOf = async (ctx: Ctx, row: store.PeerRow): Promise<PeerView> => {
  const owed = await store.openWithdrawals(ctx.db.kysely, row)
  return { ...row, late: owed.filter((at) => dueOf(ctx, at as Instant, row.ackWorkdays) < today(ctx)).length }
}
const peerView = async (ctx: Ctx, id: string): Promise<PeerView> => {
  const row = (await store.peerRow(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')
  return viewOf(ctx, row)
}

export const peers = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }) => {
  const after = readCursor(ask.after, 'text', 'uuid')
  const page = pageOf(await store.listPeers(ctx.db.kysely, after, ask.limit + 1), ask.limit, (p) => [p.name, p.id])
  return { rows: await Promise.all(page.rows.map((row) => viewOf(ctx, row))), next: page.next }
}

export type NewPeer = {
  name: string
  kind: PeerKind
  division: string
  items: string[]
  channel: string
  ackWorkdays: number
  legalBasis: { zh: string; en: string }
  contact: string
  code?: string
  takedownWorkdays?: number
  way?: Way
  direction?: Direction
  format?: Format
  algorithm?: Algorithm
  settings?: Record<string, unknown>
  ratePerMinute?: number
  addresses?: string[]
  state?: PeerState
}
/** A peer begins at the start of the feed: it is handed everything in its scope. */
export const createPeer = async (ctx: Ctx, ask: NewPeer): Promise<PeerView> => {
  const items = new Set(ctx.policy.catalog.map((c) => c.code))
  for (const item of ask.items) if (!items.has(item)) mustNot('UNKNOWN_ITEM', { item })
  if (!CHANNELS.includes(ask.channel)) mustNot('UNKNOWN_CHANNEL', { channel: ask.channel })
  const id = newId()
  await inTx(ctx, async (tx) => {
    const peer: store.Peer = {
      ...ask,
      id,
      code: ask.code ?? '',
      takedownWorkdays: ask.takedownWorkdays ?? ask.ackWorkdays,
      way: ask.way ?? 'pull',
      direction: ask.direction ?? 'out',
      format: ask.format ?? 'cloudevents',
      algorithm: ask.algorithm ?? 'ed25519',
      settings: ask.settings ?? {},
      ratePerMinute: ask.ratePerMinute ?? 600,
      addresses: ask.addresses ?? [],
      state: ask.state ?? 'active',
      version: 1,
    }
    await store.insertPeer(tx, peer, ctx.clock.now())
    recordAct(tx, ctx, {
      act: 'exchange.create_peer',
      target: { kind: 'peer', id },
      details: { kind: ask.kind, channel: ask.channel },
    })
  })
  return peerView(ctx, id)
}

export const setPeerState = async (
  ctx: Ctx,
  ask: { id: string; state: PeerState; reason: string; seen: number },
): Promise<PeerView> => {
  await inTx(ctx, async (tx) => {
    if (!(await store.findPeer(tx, ask.id))) mustNot('NO_SUCH_PEER')
    if (!(await store.savePeerState(tx, ask.id, ask.state, ask.seen))) mustNot('PEER_STALE')
    recordAct(tx, ctx, {
      act: 'exchange.set_peer_state',
      target: { kind: 'peer', id: ask.id },
      details: { state: ask.state, reason: ask.reason },
    })
  })
  return peerView(ctx, ask.id)
}

/** Row scope: the subject itself, the authority that decided, the window, and the credit office of the territory. */
const maySee = (ctx: Ctx, record: { subjectId: string; authorityId: string; division: string | null }): boolean => {
  const { actor } = ctx
  if (actor.kind === 'system') return true
  if (actor.kind !== 'person') return false
  if (actor.subjectIds.includes(record.subjectId)) return true
  if (hasRole(actor, 'officer', 'head') && actor.authorityId === record.authorityId) return true
  if (hasRole(actor, 'window_clerk', 'auditor')) return true
  return (
    hasRole(actor, 'credit_office') &&
    actor.division !== null &&
    (record.division === null || covers(actor.division, record.division))
  )
}

/** Who holds a record, and since it was withdrawn: who has acknowledged, when, and who is late (D5). */
export const propagation = async (ctx: Ctx, ask: { subjectId: string; recordId: string }): Promise<PropagationView> => {
  const db = ctx.db.kysely
  const record = await findRecord(db, ask.subjectId, ask.recordId)
  if (!record || !maySee(ctx, record)) return mustNot('NO_SUCH_RECORD')
  const news = await store.newsOf(db, ask.subjectId, ask.recordId)
  const holders = (await store.holdersOf(db, ask.subjectId, ask.recordId)).flatMap((h): HolderView[] => {
    const withdrawal = withdrawalOn(news, h.channel)
    const holding = holdingOf(h.deliveries, withdrawal)
    if (!holding) return []
    const dueOn = withdrawal ? dueOf(ctx, withdrawal.at as Instant, h.ackWorkdays) : null
    return [
      {
        peerId: h.peerId,
        name: { zh: h.name, en: h.name },
        kind: h.kind,
        state: holderState(holding, withdrawal !== null, dueOn, today(ctx)),
        heldSince: holding.heldSince,
        sentAt: holding.withdrawSentAt,
        acknowledgedAt: holding.withdrawAckedAt,
        dueOn,
        note: holding.note,
      },
    ]
  })
  const onSite = withdrawalOn(news, SITE_CHANNEL)
  const own: HolderView = {
    peerId: null,
    name: OWN_SITE,
    kind: null,
    state: onSite ? 'acknowledged' : 'holding',
    heldSince: record.recordedAt,
    sentAt: onSite?.at ?? null,
    acknowledgedAt: onSite?.at ?? null,
    dueOn: null,
    note: '',
  }
  const reached = windowOn(record.windows, SITE_CHANNEL)
  const ownRows = reached && (reached.from !== null || reached.planned?.from) ? [own] : []
  const last = onSite ?? CHANNELS.map((c) => withdrawalOn(news, c)).find((w) => w !== null) ?? null
  // A change of the rules takes down as well; it is no disposition.
  const reason = last?.reason === 'rule_change' ? null : (last?.reason as DispositionKind | null | undefined)
  return {
    recordId: record.id,
    withdrawnAt: last?.at ?? null,
    reason: reason ? DISPOSITION_WORDS[reason] : null,
    holders: [...ownRows, ...holders],
    effect: effectOf(last?.at ?? null, [...ownRows, ...holders]),
    settled: holders.every((h) => h.state === 'acknowledged' || h.state === 'holding'),
  }
}
