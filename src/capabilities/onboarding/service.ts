import { mustNot } from '../../kernel/decision.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { addressOf } from '../../platform/address.ts'
import { type Ctx, type Runtime, actorRef } from '../../platform/context.ts'
import { sha256 } from '../../platform/crypto.ts'
import { inTx as dbTx } from '../../platform/db/index.ts'
import type { PeerRequest } from '../../platform/http.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import {
  type Peer,
  callingPeer,
  canonical,
  findPeer,
  movePeer,
  requireSigned,
  usableKeyIds,
} from '../exchange/index.ts'
import type { OnboardingView, Report, StepView } from './contract.ts'
import { doubtsOf, missingIn, proofWords, stepStates } from './rules.ts'
import { EVENTS, WITHDRAWN, sandboxEvents } from './sandbox.ts'
import * as store from './store.ts'
import { STEPS, STEP_WORDS, type Step, type StepOutcome } from './words.ts'

/** Requests of a peer that are kept for whoever looks for what is wrong. */
const KEPT = 300

const peerOr = async (ctx: Ctx, id: string): Promise<Peer> =>
  (await findPeer(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')

/** What the first step confirms: when it changes, the step is done anew. */
const profileDigest = (peer: Peer): string => {
  const { id: _, state: __, version: ___, servedUntil: ____, ...profile } = peer
  return sha256(canonical(profile))
}

const sandboxOf = async (ctx: Ctx, peer: Peer) => {
  const answers = await store.acknowledged(ctx.db.kysely, peer.id)
  const taken = (id: string) => answers.has(id) && answers.get(id) !== 'refused'
  const down = sandboxEvents(ctx, peer).filter((e) => e.type === 'record.withdraw' && taken(e.id)).length
  return { events: EVENTS, acknowledged: [...answers.keys()].filter(taken).length, withdrawals: WITHDRAWN, down }
}

const statesOf = async (ctx: Ctx, peer: Peer, rows: readonly store.StepRow[]) =>
  stepStates(
    rows,
    peer.state === 'onboarding'
      ? { profileDigest: profileDigest(peer), keyIds: await usableKeyIds(ctx, peer.id) }
      : null,
  )

const viewOf = async (ctx: Ctx, peer: Peer): Promise<OnboardingView> => {
  const rows = await store.stepsOf(ctx.db.kysely, peer.id)
  const states = await statesOf(ctx, peer, rows)
  const steps = STEPS.map((step, i): StepView => {
    const row = rows.find((r) => r.step === step)
    const before = STEPS.slice(0, i).every((s) => states[s] === 'passed')
    return {
      step,
      state: states[step],
      at: row?.doneAt ?? null,
      by: row ? (row.proof.by as StepView['by']) : null,
      proof: row ? proofWords(row) : [],
      ready: peer.state === 'onboarding' && states[step] !== 'passed' && (step === 'profile' || before),
    }
  })
  return {
    peerId: peer.id,
    state: peer.state,
    version: peer.version,
    legalBasis: peer.legalBasis,
    steps,
    sandbox: await sandboxOf(ctx, peer),
    address: addressOf(ctx, '/api/v1'),
  }
}

export const onboarding = async (ctx: Ctx, { id }: { id: string }) => viewOf(ctx, await peerOr(ctx, id))

const keep = async (
  ctx: Ctx,
  peer: Peer,
  { step, outcome, proof }: { step: Step; outcome: StepOutcome; proof: store.Proof },
  also: (tx: Parameters<Parameters<typeof inTx>[1]>[0]) => Promise<void> = async () => {},
): Promise<void> =>
  inTx(ctx, async (tx) => {
    await store.insertStep(tx, newId(), peer.id, {
      step,
      outcome,
      proof,
      doneBy: actorRef(ctx.actor),
      doneAt: ctx.clock.now(),
    })
    await also(tx)
    recordAct(tx, ctx, {
      act: 'onboarding.step',
      target: { kind: 'peer', id: peer.id },
      details: { step, outcome },
    })
  })

/** What the credit office confirms with its own eyes. */
export const takeStep = async (
  ctx: Ctx,
  ask: { id: string; step: 'profile' | 'sandbox' | 'service'; note: string; basisChecked: boolean; seen: number },
): Promise<OnboardingView> => {
  const peer = await peerOr(ctx, ask.id)
  if (peer.version !== ask.seen) mustNot('PEER_STALE')
  if (peer.state !== 'onboarding') mustNot('PEER_NOT_ONBOARDING')
  const states = await statesOf(ctx, peer, await store.stepsOf(ctx.db.kysely, peer.id))
  const open = STEPS.slice(0, STEPS.indexOf(ask.step)).filter((s) => states[s] !== 'passed')
  const list = (names: string[]) => names.join(ctx.lang === 'zh' ? '、' : ', ')
  if (open.length) mustNot('STEP_TOO_EARLY', { open: list(open.map((s) => STEP_WORDS[s][ctx.lang])) })
  const by = { by: 'credit_office', note: ask.note }
  if (ask.step === 'profile') {
    const missing = missingIn(peer)
    if (missing.length) mustNot('PROFILE_INCOMPLETE', { missing: list(missing.map((w) => w[ctx.lang])) })
    await keep(ctx, peer, { step: 'profile', outcome: 'passed', proof: { ...by, digest: profileDigest(peer) } })
  } else if (ask.step === 'sandbox') {
    const seen = await sandboxOf(ctx, peer)
    if (seen.acknowledged < seen.events) mustNot('SANDBOX_OPEN', { all: seen.events, done: seen.acknowledged })
    await keep(ctx, peer, { step: 'sandbox', outcome: 'passed', proof: { ...by, ...seen } })
  } else {
    if (!ask.basisChecked) mustNot('BASIS_NOT_CHECKED')
    const proof = { ...by, legalBasis: peer.legalBasis }
    await keep(ctx, peer, { step: 'service', outcome: 'passed', proof }, async (tx) => {
      const reason = STEP_WORDS.service.zh
      if (!(await movePeer(tx, ctx, { id: peer.id, state: 'active', reason, seen: ask.seen }))) mustNot('PEER_STALE')
    })
  }
  return viewOf(ctx, await peerOr(ctx, peer.id))
}

/** A rightly signed request proves that the peer holds the key that is registered for it. */
export const checkSignature = async (ctx: Ctx) => {
  const peer = await callingPeer(ctx)
  const { keyId, algorithm } = await requireSigned(ctx, peer.id)
  if (peer.state === 'onboarding') {
    const held = (await store.stepsOf(ctx.db.kysely, peer.id)).find((s) => s.step === 'keys')
    if (held?.proof.keyId !== keyId)
      await keep(ctx, peer, { step: 'keys', outcome: 'passed', proof: { by: 'platform', keyId, algorithm } })
  }
  const { url } = peer.settings
  return {
    peer: peer.name,
    state: peer.state,
    keyId,
    algorithm,
    now: ctx.clock.now(),
    receiver: typeof url === 'string' && url ? url : null,
  }
}

/**
 * The peer's own report counts only with its signature on it and where the platform's own log says the same. The text, its
 * signature and what was found here are kept: anyone can check them again with the peer's public key.
 */
export const reportConformance = async (ctx: Ctx, ask: Report) => {
  const peer = await callingPeer(ctx)
  if (peer.state !== 'onboarding') mustNot('PEER_NOT_ONBOARDING')
  const { keyId } = await requireSigned(ctx, peer.id)
  const seen = {
    refusals: await store.refusalsSince(ctx.db.kysely, peer.id, ask.ranAt as Instant),
    pushed: await store.pushesSince(ctx.db.kysely, peer.id, ask.ranAt as Instant),
    sandbox: await sandboxOf(ctx, peer),
  }
  const doubts = doubtsOf({ pushes: peer.way === 'push' }, ask, seen)
  const outcome = doubts.length ? 'failed' : 'passed'
  const { headers, body = '' } = ctx.edge!.message
  await keep(ctx, peer, {
    step: 'conformance',
    outcome,
    proof: {
      by: 'peer',
      keyId,
      report: ask,
      doubts,
      signed: {
        bodyHash: sha256(body),
        'signature-input': headers['signature-input'],
        signature: headers.signature,
        'content-digest': headers['content-digest'],
      },
    },
  })
  return { outcome, doubts } satisfies { outcome: StepOutcome; doubts: Words[] }
}

// ---- diagnostics

/** Everything of a peer that is being connected; of others what failed. */
export const noteRequest = async (runtime: Runtime, seen: PeerRequest): Promise<void> => {
  if (seen.status < 400 && (await findPeer(runtime.db.kysely, seen.peerId))?.state !== 'onboarding') return
  const { peerId, ...row } = seen
  const at = runtime.clock.now()
  await dbTx(runtime.db, (tx) =>
    store.insertRequest(tx, peerId, { ...row, path: row.path.slice(0, 500), id: newId(), at }),
  )
}

export const peerRequests = async (ctx: Ctx, ask: { id: string; after?: string | undefined; limit: number }) => {
  await peerOr(ctx, ask.id)
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.requestsOf(ctx.db.kysely, ask.id, after, ask.limit + 1)
  const page = pageOf(rows, ask.limit, (r) => [r.at, r.id])
  return {
    rows: page.rows.map((r) => ({
      ...r,
      detail: { zh: r.detail.zh, en: r.detail.en },
      method: r.method === store.PUSHED ? 'POST' : r.method,
      direction: r.method === store.PUSHED ? ('to_peer' as const) : ('from_peer' as const),
    })),
    next: page.next,
  }
}

export const forgetRequests = async (ctx: Ctx): Promise<void> => {
  await dbTx(ctx.db, (tx) => store.forgetRequests(tx, KEPT))
}
