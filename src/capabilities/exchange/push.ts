import { setTimeout as sleep } from 'node:timers/promises'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct, sequence } from '../../platform/outbox.ts'
import { outwardOf } from '../../platform/outward.ts'
import { wake } from '../../platform/wake.ts'
import { lastPosition } from '../../platform/follow.ts'
import { signRequest, signerOf } from './keys.ts'
import { bodyFor } from './push.body.ts'
import { type Outgoing, build } from './push.build.ts'
import { BACKLOG_MOST, placeOf, planFor } from './plan.ts'
import { type Connections, type NoReply, type Reply, openConnections, post } from './push.request.ts'
import { tellOver } from './resend.ts'
import {
  type PushRule,
  afterFailure,
  faultOfStatus,
  intoRequests,
  isOfTheLine,
  isReached,
  leaseMs,
  longestWaitMs,
  pushOn,
  readAnswers,
  restUntil,
  retryAfterMs,
  saidIn,
} from './rules.push.ts'
import { serviceOf } from './rules.ts'
import * as queue from './store.push.ts'
import * as store from './store.ts'
import { tokenOf } from './token.ts'
import type { Fault } from './words.push.ts'

/**
 * Going to the peers. Each peer has a line of its own with a few requests at a time; one that hangs holds up nobody else. What is
 * due is claimed in one transaction, sent outside of any, and written down in another; a lease that runs out, or the start of
 * the process, gives back what somebody died at, and it goes once more under the same numbers. Of one subject nothing
 * overtakes. Two processes share the work: claims of one peer exclude each other.
 */

/** Blocks are claimed for so many rounds of requests; the next while the last one is sent. */
const ROUNDS = 2
const ROUNDS_IN_HAND = ROUNDS + 1
const OWN = 'exchange.push'
/** A peer for whom more than this waits takes over, or comes back after long. */
const TAKES_OVER = 1000
/** A peer that takes over lets the others go first for so long at most. */
const LONGEST_PAUSE_MS = 500
/** Others are at work while one of their requests is no longer ago than this. */
const LATELY_MS = 1000

/** Beside others, whoever takes over works a third of the time at most. */
const REST_TIMES = 2
const restAfter = (began: number): Promise<void> =>
  sleep(Math.min(REST_TIMES * (performance.now() - began), LONGEST_PAUSE_MS))

type Parcel = { rows: Outgoing[]; leaseEnds: number }
type Peer = { peer: store.Peer; url: string; access: string | null }

const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant

/** The requests to one peer from this process. */
class Line {
  readonly #owner: string
  readonly #stopping: AbortSignal
  #peer: Peer | null = null
  #connections: Connections | null = null
  #ready: Parcel[] = []
  #lanes = new Set<Promise<void>>()
  #claiming: Promise<boolean> | null = null
  /** The last block was as large as was asked for. */
  #moreIsDue = false
  #results: queue.Result[] = []
  #writing: Promise<void> | null = null
  /** How many it has ever taken from the queue. */
  claimed = 0
  /** It did not answer; what is left of the block goes back. */
  #down = false
  /** It takes over what others have long had: beside others it has one request at a time, and never more than a third of the time. */
  takesOver = false
  #lastStart = Number.NEGATIVE_INFINITY
  readonly othersWork: () => boolean

  constructor(owner: string, stopping: AbortSignal, othersWork: () => boolean) {
    this.#owner = owner
    this.#stopping = stopping
    this.othersWork = othersWork
  }
  #lanesOf(rule: PushRule): number {
    return this.takesOver && this.othersWork() ? 1 : rule.requestsAtOnce
  }

  get idle(): boolean {
    return this.#lanes.size === 0
  }
  get workedLately(): boolean {
    return !this.idle || performance.now() - this.#lastStart < LATELY_MS
  }
  async settled(): Promise<void> {
    while (this.#lanes.size) await Promise.all(this.#lanes)
  }
  close(): void {
    this.#connections?.close()
    this.#connections = null
  }

  /** One more request at a time, up to the rule's number. */
  start(ctx: Ctx, peerId: string): void {
    const rule = pushOn(ctx.policy, today(ctx))
    if (this.#lanes.size >= this.#lanesOf(rule) || this.#stopping.aborted) return
    if (this.#lanes.size === 0) this.#down = false
    this.#lastStart = performance.now()
    const lane: Promise<void> = this.#run(ctx, peerId, rule)
      .catch((error: unknown) => {
        if (!this.#stopping.aborted) ctx.log.error({ err: error, peer: peerId }, 'pushing to a peer failed')
      })
      .finally(() => this.#lanes.delete(lane))
    this.#lanes.add(lane)
  }

  async #run(ctx: Ctx, peerId: string, rule: PushRule): Promise<void> {
    for (;;) {
      const began = performance.now()
      const parcel = await this.#next(ctx, peerId, rule)
      if (!parcel) break
      if (this.#ready.length) this.start(ctx, peerId)
      this.#claimAhead(ctx, peerId, rule)
      await this.#send(ctx, rule, parcel)
      if (this.takesOver && this.othersWork()) await restAfter(began)
    }
    // Whoever waits for it has been told of its failure.
    await this.#claiming?.catch(() => undefined)
    if (this.#down || this.#stopping.aborted) this.#putBack()
    await this.#write(ctx, peerId)
  }

  /** So that nobody has to wait for the next block; where others wait, or the last was all that was due, there is none to come. */
  #claimAhead(ctx: Ctx, peerId: string, rule: PushRule): void {
    if (this.#claiming || !this.#moreIsDue || this.#ready.length >= rule.requestsAtOnce) return
    if (this.#down || this.#stopping.aborted || (this.takesOver && this.othersWork())) return
    this.#startClaim(ctx, peerId, rule).catch(() => undefined)
  }
  #startClaim(ctx: Ctx, peerId: string, rule: PushRule): Promise<boolean> {
    return (this.#claiming ??= this.#claim(ctx, peerId, rule).finally(() => (this.#claiming = null)))
  }

  async #next(ctx: Ctx, peerId: string, rule: PushRule): Promise<Parcel | null> {
    if (this.#down || this.#stopping.aborted) return this.#putBack()
    while (!this.#ready.length && !this.#down) {
      if (!(await this.#startClaim(ctx, peerId, rule))) break
    }
    return this.#down || this.#stopping.aborted ? this.#putBack() : (this.#ready.shift() ?? null)
  }
  #putBack(): null {
    for (const { rows } of this.#ready.splice(0)) this.#results.push(...rows.map((d) => unsent(d)))
    return null
  }

  /** False when there is nothing to take. What is taken may all turn out not to be needed any more. */
  async #claim(ctx: Ctx, peerId: string, rule: PushRule): Promise<boolean> {
    // What is back is written first: it may let others of its subject go.
    await this.#write(ctx, peerId)
    const now = ctx.clock.now()
    const far = later(now, longestWaitMs(rule))
    const until = later(now, leaseMs(rule, ROUNDS_IN_HAND * rule.requestsAtOnce))
    const peer = await store.findPeer(ctx.db.kysely, peerId)
    if (!peer) return false
    const full = serviceOf(peer, today(ctx)) === 'full'
    const most = ROUNDS * this.#lanesOf(rule) * rule.batch
    const claimed = await inTx(ctx, async (tx) => {
      const line = await queue.lockLine(tx, peerId)
      if (!line || (line.restsUntil && line.restsUntil > now && line.restsUntil <= far)) return []
      const probe = line.failures > 0
      const rows = await queue.claim(tx, peerId, { owner: this.#owner, now, far, until, most, probe, full })
      if (probe && rows.length) await queue.restLine(tx, peerId, until)
      const broken = rows.filter((d) => d.brokeOff)
      await queue.saveFailures(
        tx,
        peerId,
        broken.map((d) => ({ ...d, attempt: d.attempts - 1, fault: 'broke_off', status: null, said: '', tookMs: 0 })),
        now,
      )
      return rows
    })
    this.#moreIsDue = claimed.length === most
    if (!claimed.length) return false
    this.claimed += claimed.length
    const { url } = peer.settings
    this.#peer = { peer, url: typeof url === 'string' ? url : '', access: await tokenOf(ctx, peerId) }
    const { send, noted, anew } = await build(ctx, peer, claimed)
    if (noted.length)
      await inTx(ctx, async (tx) => {
        await queue.note(tx, peerId, this.#owner, noted)
        tellOver(tx, ctx, peerId, anew)
      })
    const leaseEnds = Date.parse(until)
    for (const rows of intoRequests(send, rule.batch)) this.#ready.push({ rows, leaseEnds })
    // A probe that need not go has told nothing about the line: the next one may.
    if (!send.length) await inTx(ctx, (tx) => queue.endProbe(tx, peerId, until))
    return true
  }

  async #send(ctx: Ctx, rule: PushRule, { rows, leaseEnds }: Parcel): Promise<void> {
    const { peer, url, access } = this.#peer!
    const timeoutMs = rule.timeoutSeconds * 1000
    if (Date.parse(ctx.clock.now()) + timeoutMs > leaseEnds) {
      this.#results.push(...rows.map((d) => unsent(d)))
      return
    }
    const began = performance.now()
    const reply = url ? await this.#ask(ctx, rule, { peer, url, access }, rows) : ({ fault: 'no_address' } as const)
    const tookMs = Math.round(performance.now() - began)
    const results =
      this.#stopping.aborted && 'fault' in reply
        ? rows.map((d) => unsent(d))
        : this.#read(ctx, rule, rows, reply, tookMs)
    this.#results.push(...results)
    const failed = results.find((r) => r.became === 'failed' && isOfTheLine(r.fault))
    if (failed?.became === 'failed') await this.#fail(ctx, rule, peer.id, failed.fault, retryAfter(ctx, rule, reply))
    // Others' requests are under way meanwhile; whoever comes first writes for all that are back.
    void this.#write(ctx, peer.id).catch((error: unknown) => {
      // What is not written down goes once more when its lease has run out.
      if (!this.#stopping.aborted)
        ctx.log.warn({ err: error, peer: peer.id }, 'what came back from a peer was not written down')
    })
  }

  async #ask(ctx: Ctx, rule: PushRule, { peer, url, access }: Peer, rows: Outgoing[]): Promise<Reply | NoReply> {
    const { mediaType, body } = await bodyFor(
      ctx,
      peer,
      rows.map((d) => d.text),
    )
    const headers = signRequest(
      await signerOf(ctx, peer.algorithm),
      { method: 'POST', url, headers: { 'content-type': mediaType }, body },
      { created: ctx.clock.now() },
    )
    this.#connections ??= openConnections(rule.requestsAtOnce, outwardOf(ctx))
    return post(
      {
        url,
        headers: access ? { ...headers, authorization: `Bearer ${access}` } : headers,
        body,
        timeoutMs: rule.timeoutSeconds * 1000,
        signal: this.#stopping,
      },
      this.#connections,
    )
  }

  #read(ctx: Ctx, rule: PushRule, rows: readonly Outgoing[], reply: Reply | NoReply, tookMs: number): queue.Result[] {
    const now = ctx.clock.now()
    const wait = retryAfter(ctx, rule, reply)
    const fails = (d: Outgoing, fault: Fault): queue.Result => {
      const together = rows.length > 1
      const next = afterFailure(
        rule,
        now,
        fault,
        { attempts: d.attempts - d.before, since: d.since, together, retryAfterMs: wait },
        Math.random(),
      )
      const [status, said] =
        'status' in reply ? [reply.status, saidIn(reply.text, reply.headers['content-type'] ?? '')] : [null, '']
      return {
        ...keyOf(d),
        became: 'failed',
        fault,
        status,
        said: status !== null && status >= 300 ? said : '',
        tookMs,
        nextAt: next.nextAt,
        alone: isReached(fault),
      }
    }
    if ('fault' in reply) return rows.map((d) => fails(d, reply.fault))
    if (reply.status === 202) return rows.map((d) => ({ ...keyOf(d), became: 'sent' }))
    if (reply.status !== 200) return rows.map((d) => fails(d, faultOfStatus(reply.status)))
    const answers = readAnswers(reply.text)
    if (!answers) return rows.map((d) => fails(d, 'unreadable'))
    const byEvent = new Map(answers.map((a) => [a.eventId, a]))
    return rows.map((d): queue.Result => {
      const answer = byEvent.get(d.eventId)
      if (!answer) return fails(d, 'not_answered')
      const { outcome, note, effects } = answer
      return outcome === 'pending'
        ? { ...keyOf(d), became: 'sent' }
        : { ...keyOf(d), became: 'acknowledged', outcome, note, effects }
    })
  }

  async #fail(ctx: Ctx, rule: PushRule, peerId: string, fault: Fault, waitMs: number | null): Promise<void> {
    if (this.#down) return
    this.#down = true
    const at = ctx.clock.now()
    const failures = await inTx(ctx, async (tx) => {
      const line = await queue.lockLine(tx, peerId)
      const failures = (line?.failures ?? 0) + 1
      const until = restUntil(rule, at, failures, waitMs, Math.random())
      await queue.lineFails(tx, peerId, { fault, failures, until, at })
      return failures
    })
    // Said once when it begins; how it stands is on the map of flows.
    if (failures === 1) ctx.log.warn({ peer: peerId, fault }, 'a peer does not take what it is sent')
  }

  /** Everything that is back, in one transaction; one at a time. */
  async #write(ctx: Ctx, peerId: string): Promise<void> {
    while (this.#results.length || this.#writing) {
      await (this.#writing ??= this.#writeAll(ctx, peerId).finally(() => (this.#writing = null)))
    }
  }
  async #writeAll(ctx: Ctx, peerId: string): Promise<void> {
    const results = this.#results.splice(0)
    if (!results.length) return
    const at = ctx.clock.now()
    const reached = results.filter((r) => r.became === 'acknowledged' || r.became === 'sent').length
    const failed = results.flatMap((r) => (r.became === 'failed' ? [r] : []))
    const dead = failed.filter((r) => r.nextAt === null).length
    await inTx(ctx, async (tx) => {
      await queue.settle(tx, peerId, this.#owner, results, at)
      await queue.saveFailures(tx, peerId, failed, at)
      const answered = results.filter((r) => r.became === 'acknowledged')
      await store.saveEffects(tx, peerId, answered, at)
      // A peer that answers at all, even to turn something away, is there.
      if (!this.#down && results.some((r) => r.became !== 'unsent')) await queue.lineAnswers(tx, peerId, at)
      const act = { target: { kind: 'peer', id: peerId } }
      if (reached) recordAct(tx, ctx, { ...act, act: 'exchange.hand_over', details: { events: reached } })
      if (dead) recordAct(tx, ctx, { ...act, act: 'exchange.dead_letter', details: { events: dead } })
    })
  }
}

const keyOf = (d: Outgoing) => ({ subjectId: d.subjectId, eventId: d.eventId, attempt: d.attempts })
const unsent = (d: Outgoing): queue.Result => ({ ...keyOf(d), became: 'unsent' })
const retryAfter = (ctx: Ctx, rule: PushRule, reply: Reply | NoReply): number | null =>
  'status' in reply ? retryAfterMs(rule, reply.headers['retry-after'], ctx.clock.now()) : null

// ---- all lines of this process

type Pusher = {
  /** Plans what is new and starts whoever has something due: every peer, or one. */
  round: (ctx: Ctx, only?: string) => Promise<void>
  /** Until nothing is to do any more. */
  settled: (ctx: Ctx, only?: string) => Promise<void>
  /** Somebody is pushed to. */
  pushes: () => boolean
  stop: () => Promise<void>
}

const openPusher = (runtime: Runtime): Pusher => {
  const owner = newId()
  const stopping = new AbortController()
  const lines = new Map<string, Line>()
  const takingOver = new Map<string, Promise<void>>()
  let planned = 0
  let fresh = runtime.db.engine === 'pglite'
  const lineOf = (peerId: string): Line => {
    const held = lines.get(peerId)
    if (held) return held
    const othersWork = () => [...lines].some(([id, line]) => id !== peerId && !line.takesOver && line.workedLately)
    const line = new Line(owner, stopping.signal, othersWork)
    lines.set(peerId, line)
    return line
  }
  const takeUp = async (ctx: Ctx): Promise<void> => {
    if (fresh) await inTx(ctx, (tx) => queue.forgetLeases(tx, owner, ctx.clock.now()))
    fresh = false
  }
  const dropLines = (still: ReadonlySet<string>): void => {
    for (const [id, line] of lines) {
      if (!line.idle || still.has(id)) continue
      line.close()
      lines.delete(id)
    }
  }
  const round = async (ctx: Ctx, only?: string): Promise<void> => {
    await takeUp(ctx)
    const now = ctx.clock.now()
    const far = later(now, longestWaitMs(pushOn(ctx.policy, today(ctx))))
    const peers = await queue.pushLines(ctx.db.kysely, { now, far, most: BACKLOG_MOST }, only)
    if (!only) dropLines(new Set(peers.map((p) => p.peerId)))
    if (!peers.length || stopping.signal.aborted) return
    await sequence(ctx)
    const top = await lastPosition(ctx.db.kysely)
    /** Answers whether there is more of the log for it. */
    const goOn = async (peer: queue.Line): Promise<boolean> => {
      const line = lineOf(peer.peerId)
      const behind = peer.cursor === null || placeOf(peer.cursor)[0] < top
      const few = line.takesOver && line.othersWork()
      const plan = behind ? await planFor(ctx, peer, few) : { planned: 0, more: false }
      planned += plan.planned
      line.takesOver = plan.more || peer.backlog > TAKES_OVER
      const rests = peer.restsUntil !== null && peer.restsUntil > now && peer.restsUntil <= far
      if ((peer.due || plan.planned) && !rests) line.start(ctx, peer.peerId)
      return plan.more
    }
    for (const peer of peers) {
      const line = lineOf(peer.peerId)
      if (line.takesOver && !only) takeOver(peer.peerId, line, () => goOn(peer))
      else if (await goOn(peer)) wake(ctx.db)
    }
  }
  /** Step by step until its queue is full, beside the rounds: nobody waits for it. */
  const takeOver = (peerId: string, line: Line, step: () => Promise<boolean>): void => {
    if (takingOver.has(peerId)) return
    const work = async (): Promise<void> => {
      for (let more = true; more && !stopping.signal.aborted; ) {
        const began = performance.now()
        more = await step()
        if (line.othersWork() && !stopping.signal.aborted) await restAfter(began)
      }
    }
    const done = work()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) runtime.log.error({ err: error, peer: peerId }, 'a takeover failed')
      })
      .finally(() => takingOver.delete(peerId))
    takingOver.set(peerId, done)
  }
  const settled = async (): Promise<void> => {
    await Promise.all(takingOver.values())
    await Promise.all([...lines.values()].map((line) => line.settled()))
  }
  const done = (): number => [...lines.values()].reduce((sum, line) => sum + line.claimed, planned)
  return {
    round,
    pushes: () => lines.size > 0,
    settled: async (ctx, only) => {
      for (let before = -1; before !== done() && !stopping.signal.aborted; ) {
        before = done()
        await settled()
        await round(ctx, only)
        await settled()
      }
    },
    stop: async () => {
      stopping.abort()
      await settled()
      for (const line of lines.values()) line.close()
    },
  }
}

/** One to a database in a process. */
const pushers = new WeakMap<object, Pusher>()
const pusherOf = (runtime: Runtime): Pusher => {
  const held = pushers.get(runtime.db) ?? openPusher(runtime)
  pushers.set(runtime.db, held)
  return held
}

/** Whether the last round found anybody to push to; a new peer is found by the next. */
export const isPushing = (runtime: Runtime): boolean => pushers.get(runtime.db)?.pushes() ?? false
export const pushRound = (ctx: Ctx): Promise<void> => pusherOf(ctx).round(ctx)
/** Until nothing is due any more. */
export const pushSettled = (ctx: Ctx): Promise<void> => pusherOf(ctx).settled(ctx)
export const stopPushing = async (runtime: Runtime): Promise<void> => {
  await pushers.get(runtime.db)?.stop()
  pushers.delete(runtime.db)
}
/** All that is due now, and back: of every peer, or of one. */
export const pushDue = (runtime: Runtime, only?: string): Promise<void> =>
  pusherOf(runtime).settled(systemCtx(runtime, OWN), only)
