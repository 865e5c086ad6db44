import { mustNot } from '../../kernel/decision.ts'
import { type Instant, dayOf } from '../../kernel/time.ts'
import {
  type Authenticate,
  type SignedIn,
  hashPassword,
  newSessionToken,
  readApiKey,
  sameText,
  sessionHash,
  verifyPassword,
} from '../../platform/auth.ts'
import type { Actor, Ctx, Runtime } from '../../platform/context.ts'
import { inTx as dbTx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { SessionView } from './contract.ts'
import * as store from './store.ts'

const MINUTE = 60_000
const IDLE_MS = 30 * MINUTE
const ABSOLUTE_MS = 12 * 60 * MINUTE
/** How old the "last seen" of a session or key may grow before it is written again. */
const TOUCH_MS = MINUTE
const FORGET_MS = 60 * MINUTE
/** Failures before a block. An address may stand for a whole office behind one gateway. */
const FAILURES = { login: 5, address: 20 }
const FIRST_BLOCK_MS = 30_000
const LONGEST_BLOCK_MS = 60 * MINUTE

const shift = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant

type Guard = { key: string; limit: number }
const guardsOf = (ctx: Ctx, login: string): { login: Guard; address: Guard } => ({
  login: { key: ctx.secrets.digest('attempt', `login:${login}`), limit: FAILURES.login },
  address: { key: ctx.secrets.digest('attempt', `address:${ctx.edge?.address ?? ''}`), limit: FAILURES.address },
})

const mustNotBeBlocked = async (ctx: Ctx, guards: readonly Guard[]): Promise<void> => {
  const now = Date.parse(ctx.clock.now())
  const held = await store.attemptsOf(
    ctx.db.kysely,
    guards.map((g) => g.key),
  )
  const until = Math.max(0, ...held.map((a) => (a.blockedUntil ? Date.parse(a.blockedUntil) : 0)))
  if (until > now) mustNot('THROTTLED', { seconds: Math.ceil((until - now) / 1000) })
}

/** Counted before the password is looked at; the block grows with every failure after the limit. */
const count = (ctx: Ctx, guards: readonly Guard[]): Promise<void> =>
  dbTx(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    for (const guard of guards) {
      const failures = await store.countAttempt(tx, guard.key, now, shift(now, -FORGET_MS))
      if (failures < guard.limit) continue
      const block = Math.min(FIRST_BLOCK_MS * 2 ** (failures - guard.limit), LONGEST_BLOCK_MS)
      await store.blockAttempt(tx, guard.key, shift(now, block))
    }
  })

/** Runs a check of a secret under the throttle: of a password, or of whatever `login` names. Success forgives what was counted. */
export const guarded = async (ctx: Ctx, login: string, check: () => Promise<boolean>): Promise<boolean> => {
  const guards = guardsOf(ctx, login)
  const both = [guards.login, guards.address]
  await mustNotBeBlocked(ctx, both)
  await count(ctx, both)
  const right = await check()
  if (right) await dbTx(ctx.db, (tx) => store.forgiveAttempt(tx, guards.login.key, guards.address.key))
  return right
}

/** What an unknown login is checked against, so that it takes as long as a known one. */
let nobody: Promise<string> | undefined
const hashOfNobody = () => (nobody ??= hashPassword(newSessionToken()))

const startSession = (
  ctx: Ctx,
  personId: string,
  before?: (tx: Parameters<Parameters<typeof inTx>[1]>[0]) => Promise<void>,
) => {
  const token = newSessionToken()
  const hash = sessionHash(token)
  return inTx(ctx, async (tx) => {
    await before?.(tx)
    const at = ctx.clock.now()
    await store.insertSession(tx, { hash, personId, at, expiresAt: shift(at, ABSOLUTE_MS) })
    return { token, hash }
  })
}

export const signIn = async (ctx: Ctx, ask: { login: string; password: string }): Promise<SessionView> => {
  const held = await store.findCredentials(ctx.db.kysely, ask.login)
  const encoded = held?.passwordHash ?? (await hashOfNobody())
  const right = await guarded(
    ctx,
    ask.login,
    async () => (await verifyPassword(ask.password, encoded)) && held !== null,
  )
  if (!right || !held) {
    await inTx(ctx, async (tx) => {
      const target = held
        ? { kind: 'person', id: held.id }
        : { kind: 'login', id: ctx.secrets.digest('attempt', `login:${ask.login}`) }
      recordAct(tx, ctx, { act: 'access.sign_in_failed', target })
    })
    return mustNot('WRONG_CREDENTIALS')
  }
  if (held.state === 'suspended') mustNot('ACCOUNT_SUSPENDED')
  const old = ctx.actor.kind === 'person' ? ctx.actor.sessionHash : null
  const { token, hash } = await startSession(ctx, held.id, async (tx) => {
    if (old) await store.deleteSession(tx, old)
    const signed: Ctx = {
      ...ctx,
      actor: {
        kind: 'person',
        personId: held.id,
        sessionHash: '',
        name: held.name,
        roles: [],
        authorityId: null,
        division: null,
        subjectIds: [],
      },
    }
    recordAct(tx, signed, { act: 'access.sign_in', target: { kind: 'person', id: held.id } })
  })
  const csrf = ctx.edge?.setSession(token) ?? null
  const signed = await findSignedIn(ctx, hash)
  return viewOf(ctx, signed, csrf)
}

export const signOut = async (ctx: Ctx): Promise<SessionView> => {
  const { actor } = ctx
  if (actor.kind === 'person') {
    await inTx(ctx, async (tx) => {
      await store.deleteSession(tx, actor.sessionHash)
      recordAct(tx, ctx, { act: 'access.sign_out', target: { kind: 'person', id: actor.personId } })
    })
  }
  ctx.edge?.setSession(null)
  return { person: null, csrf: null }
}

export const changePassword = async (ctx: Ctx, ask: { current: string; next: string }): Promise<SessionView> => {
  const { actor } = ctx
  if (actor.kind !== 'person') return mustNot('UNAUTHENTICATED')
  const held = (await store.credentialsOf(ctx.db.kysely, actor.personId)) ?? mustNot('UNAUTHENTICATED')
  if (!(await guarded(ctx, `change:${held.id}`, () => verifyPassword(ask.current, held.passwordHash))))
    mustNot('WRONG_CREDENTIALS')
  if (ask.current === ask.next) mustNot('PASSWORD_UNCHANGED')
  const hash = await hashPassword(ask.next)
  const started = await startSession(ctx, held.id, async (tx) => {
    await store.savePassword(tx, { id: held.id, hash, mustChange: false, seen: null })
    await store.deleteSessionsOf(tx, held.id)
    recordAct(tx, ctx, { act: 'access.change_password', target: { kind: 'person', id: held.id } })
  })
  const csrf = ctx.edge?.setSession(started.token) ?? null
  return viewOf(ctx, await findSignedIn(ctx, started.hash), csrf)
}

export const getSession = async (ctx: Ctx): Promise<SessionView> => {
  const { actor } = ctx
  if (actor.kind !== 'person') return { person: null, csrf: null }
  return viewOf(ctx, await findSignedIn(ctx, actor.sessionHash), ctx.edge?.csrf ?? null)
}

const viewOf = async (ctx: Ctx, signed: SignedIn | null, csrf: string | null): Promise<SessionView> => {
  if (!signed) return { person: null, csrf: null }
  const { personId, name, roles, authorityId, division, subjectIds } = signed.actor
  const authority = authorityId ? await store.findAuthorityRow(ctx.db.kysely, { id: authorityId }) : null
  return {
    person: {
      id: personId,
      name,
      roles: [...roles],
      authorityId,
      authorityName: authority?.name ?? null,
      division,
      subjectIds: [...subjectIds],
      mustChange: signed.mustChange,
    },
    csrf,
  }
}

const findSignedIn = async (runtime: Runtime, hash: string): Promise<SignedIn | null> => {
  const now = runtime.clock.now()
  const row = await store.findSession(runtime.db.kysely, hash, {
    now,
    idleSince: shift(now, -IDLE_MS),
    day: dayOf(now),
  })
  if (!row) return null
  if (Date.parse(now) - Date.parse(row.seenAt) > TOUCH_MS)
    await dbTx(runtime.db, (tx) => store.touchSession(tx, hash, now))
  return {
    actor: {
      kind: 'person',
      personId: row.personId,
      sessionHash: hash,
      name: row.name,
      roles: [...new Set(row.roles.map((r) => r.role))],
      authorityId: row.roles.find((r) => r.authorityId !== null)?.authorityId ?? null,
      division: row.roles.find((r) => r.division !== null)?.division ?? null,
      subjectIds: row.subjectIds,
    },
    mustChange: row.mustChange,
  }
}

const findKeyActor = async (runtime: Runtime, text: string): Promise<Extract<Actor, { kind: 'key' }> | null> => {
  const given = readApiKey(text)
  if (!given) return null
  const now = runtime.clock.now()
  const key = await store.findLiveKey(runtime.db.kysely, given.prefix, now)
  if (!key || !sameText(key.secretHash, given.secretHash)) return null
  if (!key.lastUsedAt || Date.parse(now) - Date.parse(key.lastUsedAt) > TOUCH_MS)
    await dbTx(runtime.db, (tx) => store.touchKey(tx, key.id, now))
  return {
    kind: 'key',
    keyId: key.id,
    name: key.name,
    authorityId: key.authorityId,
    peerId: key.peerId,
    scopes: key.scopes,
  }
}

/** Nothing is cached: what was revoked, ended or suspended is so at the next request. */
export const authenticate: Authenticate = { session: findSignedIn, key: findKeyActor }

export const forgetOld = (ctx: Ctx): Promise<void> =>
  dbTx(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await store.deleteOldSessions(tx, now)
    await store.deleteOldAttempts(tx, shift(now, -2 * FORGET_MS))
  })
