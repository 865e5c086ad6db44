import { type Decision, Refused, mustNot } from '../../kernel/decision.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { keyIdOf, readPublicKey } from '../../platform/signatures.ts'
import { CHANNELS } from '../records/contract.ts'
import type { OwnKeyView, PeerKeyView, PeerView } from './contract.peers.ts'
import { dueOf } from './handing.ts'
import { generationsOf, publishedKeys, rotateKey } from './keys.ts'
import { barredFaults, isNetwork } from './networks.ts'
import type { PeerDuty } from './rules.ts'
import { MAY_SET, connectionFaults, keyStateOf } from './rules.peers.ts'
import { followStanding } from './standing.ts'
import { followWay } from './reroute.ts'
import { followScope } from './rescope.ts'
import * as store from './store.ts'
import { type PeerRow, listPeers, peerRow } from './store.balance.ts'
import * as keys from './store.keys.ts'
import { savePeer } from './store.peers.ts'
import { openWithdrawals } from './store.owed.ts'
import { endUnsigned } from './store.ways.ts'
import {
  ALGORITHMS,
  ALGORITHM_WORDS,
  type Algorithm,
  type Direction,
  type Format,
  PEER_STATE_WORDS,
  type PeerKind,
  type PeerState,
  type Way,
} from './words.ts'

/** Peers: their profile, from where and how they come, and the keys that they and we sign with. */

const DAY = 86_400_000
const RATE_PER_MINUTE = 600

const viewOf = async (ctx: Ctx, row: PeerRow): Promise<PeerView> => {
  const owed = await openWithdrawals(ctx.db.kysely, row)
  return {
    ...row,
    servedUntil: row.servedUntil ?? null,
    duties: row.duties ?? [],
    late: owed.filter((at) => dueOf(ctx, at, row.ackWorkdays) < today(ctx)).length,
  }
}
export const peer = async (ctx: Ctx, { id }: { id: string }): Promise<PeerView> => {
  const row = (await peerRow(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')
  return viewOf(ctx, row)
}

export const peers = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }) => {
  const after = readCursor(ask.after, 'text', 'uuid')
  const page = pageOf(await listPeers(ctx.db.kysely, after, ask.limit + 1), ask.limit, (p) => [p.name, p.id])
  return { rows: await Promise.all(page.rows.map((row) => viewOf(ctx, row))), next: page.next }
}

type Profile = {
  name: string
  kind: PeerKind
  division: string
  items: string[]
  channel: string
  ackWorkdays: number
  legalBasis: { zh: string; en: string }
  contact: string
  mail?: string
}
type Connected = {
  code: string
  way: Way
  direction: Direction
  format: Format
  algorithm: Algorithm
  takedownWorkdays: number
  ratePerMinute: number
  addresses: string[]
  settings: Record<string, unknown>
}
type Given<T> = { [K in keyof T]?: T[K] | undefined }
export type NewPeer = Profile & Given<Connected> & { state?: PeerState }

const check = (ctx: Ctx, ask: Profile & Connected): Decision<null> => {
  const items = new Set(ctx.policy.catalog.map((c) => c.code))
  const refusals = [
    ...ask.items.filter((item) => !items.has(item)).map((item) => ({ code: 'UNKNOWN_ITEM', params: { item } })),
    ...(CHANNELS.some((c) => c === ask.channel) ? [] : [{ code: 'UNKNOWN_CHANNEL', params: { channel: ask.channel } }]),
    ...connectionFaults(ask, ctx.lang),
    ...barredFaults(ctx, ask.settings),
    ...ask.addresses.flatMap((network) => (isNetwork(network) ? [] : [{ code: 'NETWORK_UNFIT', params: { network } }])),
  ]
  return refusals.length ? { ok: false, refusals } : { ok: true, value: null }
}
const checked = <T extends Profile & Connected>(ctx: Ctx, ask: T): T => {
  const decision = check(ctx, ask)
  if (!decision.ok) throw new Refused(decision.refusals)
  return ask
}

const codeTaken = (error: unknown, code: string): unknown =>
  (error as { constraint?: string }).constraint === 'peer_code'
    ? new Refused([{ code: 'PEER_CODE_TAKEN', params: { code } }])
    : error

/** A peer begins at the start of the feed: it is handed everything in its scope. In service unless another state is named. */
export const createPeer = async (ctx: Ctx, ask: NewPeer): Promise<PeerView> => {
  const id = newId()
  const row: store.Peer = checked(ctx, {
    name: ask.name,
    kind: ask.kind,
    division: ask.division,
    items: ask.items,
    channel: ask.channel,
    ackWorkdays: ask.ackWorkdays,
    legalBasis: ask.legalBasis,
    contact: ask.contact,
    mail: ask.mail ?? '',
    id,
    code: ask.code ?? '',
    takedownWorkdays: ask.takedownWorkdays ?? ask.ackWorkdays,
    way: ask.way ?? 'pull',
    direction: ask.direction ?? 'out',
    format: ask.format ?? 'cloudevents',
    algorithm: ask.algorithm ?? 'ed25519',
    settings: ask.settings ?? {},
    ratePerMinute: ask.ratePerMinute ?? RATE_PER_MINUTE,
    addresses: ask.addresses ?? [],
    state: ask.state ?? 'active',
    version: 1,
  })
  try {
    await inTx(ctx, async (tx) => {
      await store.insertPeer(tx, row, ctx.clock.now())
      recordAct(tx, ctx, {
        act: 'exchange.create_peer',
        target: { kind: 'peer', id },
        details: { kind: row.kind, channel: row.channel, way: row.way, state: row.state },
      })
    })
  } catch (error) {
    throw codeTaken(error, row.code)
  }
  return peer(ctx, { id })
}

/** What is not named stays as it is. The audit says which points changed, never to what: an address may name a person. */
export const editPeer = async (
  ctx: Ctx,
  ask: Profile & Given<Connected> & { id: string; seen: number },
): Promise<PeerView> => {
  const { id, seen, ...change } = ask
  try {
    await inTx(ctx, async (tx) => {
      const held = (await store.findPeer(tx, id)) ?? mustNot('NO_SUCH_PEER')
      const given = Object.fromEntries(Object.entries(change).filter(([, v]) => v !== undefined))
      const next = checked(ctx, { ...held, ...given } as store.Peer)
      // Whose standing takes two people stays so: nobody makes another kind of it first.
      if (next.kind !== held.kind && held.state !== 'onboarding') mustNot('PEER_KIND_FIXED')
      if (!(await savePeer(tx, next, seen))) mustNot('PEER_STALE')
      const changed = (Object.keys(given) as (keyof store.Peer)[]).filter(
        (k) => JSON.stringify(held[k]) !== JSON.stringify(next[k]),
      )
      await followScope(tx, ctx, held, next)
      await followWay(tx, ctx, held, next.way)
      recordAct(tx, ctx, { act: 'exchange.edit_peer', target: { kind: 'peer', id }, details: { changed } })
    })
  } catch (error) {
    throw codeTaken(error, ask.code ?? '')
  }
  return peer(ctx, { id })
}

/** For those who decide on it elsewhere: in the transaction of their decision. False when someone else changed it first. */
export const movePeer = async (
  tx: Tx,
  ctx: Ctx,
  ask: { id: string; state: PeerState; reason: string; seen: number },
): Promise<boolean> => {
  const before = await store.findPeer(tx, ask.id)
  if (!before || !(await store.savePeerState(tx, ask.id, ask.state, ask.seen))) return false
  await followStanding(tx, ctx, before)
  recordAct(tx, ctx, {
    act: 'exchange.set_peer_state',
    target: { kind: 'peer', id: ask.id },
    details: { state: ask.state, reason: ask.reason },
  })
  return true
}

export const setPeerState = async (
  ctx: Ctx,
  ask: { id: string; state: PeerState; reason: string; seen: number },
): Promise<PeerView> => {
  await inTx(ctx, async (tx) => {
    const held = (await store.findPeer(tx, ask.id)) ?? mustNot('NO_SUCH_PEER')
    if (held.version !== ask.seen) mustNot('PEER_STALE')
    // Of third-party credit services one proposes and another decides (Order 36 art. 24).
    if (held.kind === 'third_party' && held.state !== 'onboarding') mustNot('NEEDS_TWO_PEOPLE')
    if (!MAY_SET[held.state].includes(ask.state)) {
      const say = (state: PeerState) => PEER_STATE_WORDS[state][ctx.lang]
      mustNot('PEER_MOVE', { from: say(held.state), to: say(ask.state) })
    }
    if (!(await movePeer(tx, ctx, ask))) mustNot('PEER_STALE')
  })
  return peer(ctx, { id: ask.id })
}

/** Asked for from now on: of withdrawals that it was told before, nobody asked it. What stays keeps its day. */
export const setPeerDuties = async (
  ctx: Ctx,
  ask: { id: string; duties: Omit<PeerDuty, 'since'>[]; seen: number },
): Promise<PeerView> => {
  await inTx(ctx, async (tx) => {
    const held = (await store.findPeer(tx, ask.id)) ?? mustNot('NO_SUCH_PEER')
    const since = ctx.clock.now()
    const duties = ask.duties.map((d) => ({
      ...d,
      since: held.duties?.find((was) => was.part === d.part)?.since ?? since,
    }))
    if (!(await store.saveDuties(tx, ask, duties))) mustNot('PEER_STALE')
    recordAct(tx, ctx, {
      act: 'exchange.set_duties',
      target: { kind: 'peer', id: ask.id },
      details: { was: (held.duties ?? []).map((d) => d.part), becomes: duties.map((d) => d.part) },
    })
  })
  return peer(ctx, { id: ask.id })
}

// ---- keys

const keyView = (key: keys.PeerKey, now: Instant): PeerKeyView => ({
  id: key.id,
  keyId: key.keyId,
  algorithm: key.algorithm,
  state: keyStateOf(key, now),
  validFrom: key.validFrom,
  validUntil: key.validUntil,
  revokedAt: key.revokedAt,
  addedAt: key.addedAt,
})

export const peerKeys = async (ctx: Ctx, { id }: { id: string }) => {
  if (!(await store.findPeer(ctx.db.kysely, id))) mustNot('NO_SUCH_PEER')
  const now = ctx.clock.now()
  return { rows: (await keys.peerKeys(ctx.db.kysely, id)).map((key) => keyView(key, now)) }
}

export const usableKeyIds = async (ctx: Ctx, peerId: string): Promise<string[]> =>
  (await keys.usableKeys(ctx.db.kysely, peerId, ctx.clock.now())).map((key) => key.keyId)

/** The new key is good at once; those before it stay good for the overlap, so that nothing signed meanwhile is refused. */
export const addPeerKey = async (
  ctx: Ctx,
  ask: { id: string; algorithm: Algorithm; publicKey: string; overlapDays: number },
): Promise<PeerKeyView> => {
  const publicKey =
    readPublicKey(ask.algorithm, ask.publicKey) ??
    mustNot('PUBLIC_KEY_UNFIT', { algorithm: ALGORITHM_WORDS[ask.algorithm][ctx.lang] })
  const keyId = keyIdOf(publicKey)
  const now = ctx.clock.now()
  const key: keys.PeerKey = {
    id: newId(),
    keyId,
    algorithm: ask.algorithm,
    publicKey,
    validFrom: now,
    validUntil: null,
    revokedAt: null,
    addedAt: now,
  }
  await inTx(ctx, async (tx) => {
    if (!(await store.findPeer(tx, ask.id))) mustNot('NO_SUCH_PEER')
    if (await keys.findPeerKey(tx, ask.id, keyId)) mustNot('PUBLIC_KEY_HELD', { keyId })
    await keys.endPeerKeys(tx, ask.id, new Date(Date.parse(now) + ask.overlapDays * DAY).toISOString() as Instant)
    await keys.insertPeerKey(tx, ask.id, key)
    // Whoever can sign does.
    const signsNow = await endUnsigned(tx, ask.id)
    recordAct(tx, ctx, {
      act: 'exchange.add_peer_key',
      target: { kind: 'peer', id: ask.id },
      details: { keyId, algorithm: ask.algorithm, overlapDays: ask.overlapDays, endsUnsignedFolder: signsNow },
    })
  })
  return keyView(key, now)
}

/** From this moment: what it signed and what comes later is refused. */
export const revokePeerKey = async (
  ctx: Ctx,
  ask: { id: string; keyId: string; reason: string },
): Promise<PeerKeyView> => {
  const now = ctx.clock.now()
  return inTx(ctx, async (tx) => {
    if (!(await keys.revokePeerKey(tx, ask.id, ask.keyId, now))) mustNot('NO_SUCH_PEER_KEY')
    const key = (await keys.peerKeys(tx, ask.id)).find((k) => k.id === ask.keyId) ?? mustNot('NO_SUCH_PEER_KEY')
    recordAct(tx, ctx, {
      act: 'exchange.revoke_peer_key',
      target: { kind: 'peer', id: ask.id },
      details: { keyId: key.keyId, reason: ask.reason },
    })
    return keyView(key, now)
  })
}

export const feedKeys = async (ctx: Ctx, ask: { algorithm: Algorithm }) => ({
  keys: await publishedKeys(ctx, ask.algorithm),
})

export const ownKeys = async (ctx: Ctx): Promise<{ rows: OwnKeyView[] }> => {
  const now = ctx.clock.now()
  const all = await Promise.all(ALGORITHMS.map((algorithm) => generationsOf(ctx, algorithm)))
  return {
    rows: all.flat().map((g) => ({
      algorithm: g.algorithm,
      generation: g.generation,
      keyId: g.keyId,
      state: keyStateOf({ validFrom: g.signsFrom, validUntil: g.signsUntil, revokedAt: null }, now),
      signsFrom: g.generation === 1 ? null : g.signsFrom,
      signsUntil: g.signsUntil,
      publishedUntil: g.publishedUntil,
    })),
  }
}

export const rotateOwnKey = async (ctx: Ctx, ask: { algorithm: Algorithm; afterDays: number }) => {
  const from = new Date(Date.parse(ctx.clock.now()) + ask.afterDays * DAY).toISOString() as Instant
  await rotateKey(ctx, { algorithm: ask.algorithm, signsFrom: from })
  return ownKeys(ctx)
}
