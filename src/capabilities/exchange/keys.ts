import { mustNot } from '../../kernel/decision.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Ctx, Runtime } from '../../platform/context.ts'
import { inTx as dbTx } from '../../platform/db/index.ts'
import { lockAlone } from '../../platform/follow.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import {
  type FoundKey,
  type HttpRequest,
  type Signed,
  type Signer,
  signerFrom,
  verifyRequest,
} from '../../platform/signatures.ts'
import * as store from './store.keys.ts'
import type { Algorithm } from './words.ts'

/**
 * The keys with which we sign, in generations. Each is derived from the master key, so that a restored platform signs as
 * before and no table holds a secret; the table says when each signs and until when it is published. A new generation is
 * published first and signs later, and the one before stays published: whoever looks keys up once a day misses none.
 */

export { type Signer, signRequest, verifierOf } from '../../platform/signatures.ts'

const EPOCH = '1970-01-01T00:00:00.000Z' as Instant
const DAY = 86_400_000
/** How long a key stays published after it has signed for the last time. */
const PUBLISHED_AFTER_DAYS = 30
/** How old what other processes have changed may be. */
const FRESH_MS = 5000
/** Peers' clocks may be so far off ours, either way. */
export const SKEW_SECONDS = 300

const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant

/** Derived once: of SM2 it takes milliseconds. */
const derived = new WeakMap<object, Map<string, Signer>>()
export const signerAt = ({ secrets }: Pick<Runtime, 'secrets'>, algorithm: Algorithm, generation: number): Signer => {
  const held = derived.get(secrets) ?? new Map<string, Signer>()
  derived.set(secrets, held)
  const purpose = `feed/${algorithm}/${generation}`
  const signer = held.get(purpose) ?? signerFrom(algorithm, secrets.derive(purpose))
  held.set(purpose, signer)
  return signer
}

const firstGeneration = (runtime: Pick<Runtime, 'secrets'>, algorithm: Algorithm): store.Generation => {
  const { keyId, publicKey } = signerAt(runtime, algorithm, 1)
  return { algorithm, generation: 1, keyId, publicKey, signsFrom: EPOCH, signsUntil: null, publishedUntil: null }
}

const read = new WeakMap<object, { at: number; rows: Promise<store.Generation[]> }>()
/** Every generation of an algorithm; the first needs no row. */
export const generationsOf = async (
  runtime: Pick<Runtime, 'db' | 'secrets'>,
  algorithm: Algorithm,
): Promise<store.Generation[]> => {
  const held = read.get(runtime.db)
  const fresh = held && performance.now() - held.at < FRESH_MS
  const rows = fresh ? held.rows : store.generations(runtime.db.kysely)
  if (!fresh) {
    read.set(runtime.db, { at: performance.now(), rows })
    rows.catch(() => read.delete(runtime.db))
  }
  const own = (await rows).filter((g) => g.algorithm === algorithm)
  return own.length ? own : [firstGeneration(runtime, algorithm)]
}

/** Who signs now: `keyId`, and `sign(bytes)`. */
export const signerOf = async (
  ctx: Pick<Runtime, 'db' | 'secrets' | 'clock'>,
  algorithm: Algorithm,
): Promise<Signer> => {
  const now = Date.parse(ctx.clock.now())
  const generations = await generationsOf(ctx, algorithm)
  // The newest that has begun; a clock set back before all of them leaves the first.
  const signing = generations.findLast((g) => Date.parse(g.signsFrom) <= now) ?? generations[0]!
  return signerAt(ctx, algorithm, signing.generation)
}

/** What GET /exchange/keys gives: whoever verifies finds here what signs, what will sign, and what has signed lately. */
export const publishedKeys = async (ctx: Ctx, algorithm: Algorithm): Promise<Record<string, string>[]> => {
  const now = ctx.clock.now()
  return (await generationsOf(ctx, algorithm))
    .filter((g) => g.publishedUntil === null || g.publishedUntil > now)
    .map((g) => ({ ...g.publicKey, kid: g.keyId, alg: JWS_ALG[g.algorithm], use: 'sig' }))
}

/** RFC 8037; no name is registered for SM2 with SM3. */
const JWS_ALG: Record<Algorithm, string> = { ed25519: 'EdDSA', sm2: 'SM2-SM3' }

/** Any number that all processes agree on for this work. */
const ROTATING = 5_030_001
/** The next generation signs from `signsFrom`; until then the present one does. One change at a time is under way. */
export const rotateKey = async (ctx: Ctx, ask: { algorithm: Algorithm; signsFrom?: Instant }): Promise<void> => {
  const now = ctx.clock.now()
  const signsFrom = ask.signsFrom && ask.signsFrom > now ? ask.signsFrom : now
  await inTx(ctx, async (tx) => {
    await lockAlone(tx, ROTATING)
    const held = (await store.generations(tx)).filter((g) => g.algorithm === ask.algorithm)
    const last = held.at(-1) ?? firstGeneration(ctx, ask.algorithm)
    if (last.signsFrom > now) mustNot('ROTATION_UNDER_WAY', { from: last.signsFrom })
    const generation = last.generation + 1
    const { keyId, publicKey } = signerAt(ctx, ask.algorithm, generation)
    await store.saveGeneration(tx, {
      ...last,
      signsUntil: signsFrom,
      publishedUntil: later(signsFrom, PUBLISHED_AFTER_DAYS * DAY),
    })
    await store.saveGeneration(tx, {
      algorithm: ask.algorithm,
      generation,
      keyId,
      publicKey,
      signsFrom,
      signsUntil: null,
      publishedUntil: null,
    })
    recordAct(tx, ctx, {
      act: 'exchange.rotate_key',
      target: { kind: 'signing_key', id: keyId },
      details: { algorithm: ask.algorithm, generation, signsFrom },
    })
  })
  read.delete(ctx.db)
}

/** A key of a peer by its id, as it stands now. */
const findKeyOf =
  (ctx: Ctx, peerId: string) =>
  async (keyId: string): Promise<FoundKey> => {
    const now = ctx.clock.now()
    const key = await store.findPeerKey(ctx.db.kysely, peerId, keyId)
    if (!key || key.validFrom > now) return null
    if (key.revokedAt) return 'revoked'
    if (key.validUntil && key.validUntil <= now) return 'expired'
    return key
  }

/** A request that came from a peer is signed by one of its keys, over all that matters, now and for the first time; else it is refused by name. */
export const verifyPeerRequest = async (ctx: Ctx, peerId: string, request: HttpRequest): Promise<Signed> => {
  const now = ctx.clock.now()
  const result = await verifyRequest(request, {
    now,
    skewSeconds: SKEW_SECONDS,
    findKey: findKeyOf(ctx, peerId),
    takeNonce: (_, nonce) =>
      dbTx(ctx.db, async (tx) => store.takeNonce(tx, peerId, nonce, later(now, 2 * SKEW_SECONDS * 1000))),
  })
  return result.ok ? result : mustNot(result.fault, result.params)
}

/** The request that is being answered (see `Edge.message`). */
export const requireSigned = (ctx: Ctx, peerId: string): Promise<Signed> =>
  ctx.edge?.message ? verifyPeerRequest(ctx, peerId, ctx.edge.message) : mustNot('SIGNATURE_MISSING')

export const forgetNonces = async (ctx: Ctx): Promise<void> => {
  await dbTx(ctx.db, (tx) => store.forgetNonces(tx, ctx.clock.now()))
}
