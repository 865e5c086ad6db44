/**
 * A whole platform in the test's own process: real database, real HTTP, real sign-in; only the clock is the test's.
 *
 *   describeEngines('repair', (p) => {
 *     it('grants', async () => {
 *       const officer = await p().as('officer')
 *       const reply = await officer.client(endpoints).grantItem({ … })
 *       expect(await problemOf(officer.client(endpoints).grantItem({ … }))).toMatchObject({ code: 'STALE' })
 *     })
 *   })
 */
import { argon2Sync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type App, createApp, openRuntime } from '../src/app.ts'
import { createAuthority, createKey, createPerson } from '../src/capabilities/access/index.ts'
import type { EndpointTable } from '../src/kernel/api.ts'
import { usccCheckDigit } from '../src/kernel/codes.ts'
import type { Role, Scope } from '../src/kernel/roles.ts'
import { ROLES } from '../src/kernel/roles.ts'
import { type Clock, type Instant, instant } from '../src/kernel/time.ts'
import { type Ctx, type Runtime, systemCtx } from '../src/platform/context.ts'
import {
  ApiError,
  type Client,
  type ProblemReply,
  type Transport,
  type TransportOptions,
  createClient,
  openTransport,
} from '../web/src/app/client.ts'
import { embeddedFolder } from './engines/embedded-folder.ts'
import { startPrivatePostgres } from './engines/private-postgres.ts'
import { keepMoves, noteMoves } from './moves-made.ts'

export const ENGINES = ['pglite', 'postgres'] as const
export type Engine = (typeof ENGINES)[number]
export const PASSWORD = 'xinheng-2026'
/** Of PASSWORD, at the least cost that Argon2 takes: what a real one costs is the matter of the tests of access. */
export const PASSWORD_HASH = ((cost: { memory: number; passes: number; parallelism: number }): string => {
  const nonce = Buffer.alloc(16, 1)
  const tag = argon2Sync('argon2id', { message: PASSWORD, nonce, tagLength: 32, ...cost })
  const b64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${b64(nonce)}$${b64(tag)}`
})({ memory: 8, passes: 1, parallelism: 1 })

export type TestClock = Clock & {
  set: (at: string) => void
  advance: (by: { days?: number; hours?: number; minutes?: number; seconds?: number }) => void
}
/** Runs on by itself from where it was set, so that rows of one test have an order. */
export const testClock = (from: string): TestClock => {
  let offset = Date.parse(instant(from)) - Date.now()
  return {
    now: () => new Date(Date.now() + offset).toISOString() as Instant,
    set: (at) => {
      offset = Date.parse(instant(at)) - Date.now()
    },
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    },
  }
}

/** One who calls: a transport with its own cookies or key. */
export type Caller = Transport & { client: <T extends EndpointTable>(endpoints: T) => Client<T> }

export type World = {
  /** Three authorities of the city and one of a district. */
  authorities: { creditOffice: string; market: string; traffic: string; district: string }
  /** One person a role; login = role, password = PASSWORD. */
  people: Record<Role, string>
}

export type Platform = {
  engine: Engine
  url: string
  runtime: Runtime
  app: App
  clock: TestClock
  world: World
  anonymous: (options?: Partial<TransportOptions>) => Caller
  /** Signed in through the real endpoint, anew each time. */
  as: (who: Role | (string & {}), password?: string) => Promise<Caller>
  withKey: (key: { scopes: readonly Scope[]; authorityId?: string; peerId?: string }) => Promise<Caller>
  /** For use cases called directly; the actor is the platform itself. */
  ctx: () => Ctx
  /** Every job once. */
  drain: () => Promise<void>
  close: () => Promise<void>
}
export type PlatformOptions = { engine?: Engine; now?: string; jurisdiction?: string; seedAccounts?: boolean }

/** A unified code with a true check digit. */
export const codeFrom = (first17: string): string => `${first17}${usccCheckDigit(first17)}`
const AUTHORITIES = {
  creditOffice: { name: '广州市发展和改革委员会', division: '440100', system: 'general', isCreditOffice: true },
  market: { name: '广州市市场监督管理局', division: '440100', system: 'market_supervision', isCreditOffice: false },
  traffic: { name: '广州市交通运输局', division: '440100', system: 'general', isCreditOffice: false },
  district: {
    name: '广州市天河区市场监督管理局',
    division: '440106',
    system: 'market_supervision',
    isCreditOffice: false,
  },
} as const
const WORKS_IN: Partial<Record<Role, keyof typeof AUTHORITIES>> = {
  collector: 'traffic',
  officer: 'market',
  head: 'market',
  window_clerk: 'creditOffice',
  credit_office: 'creditOffice',
}

const seed = async (ctx: Ctx): Promise<World> => {
  const authorities: Record<string, string> = {}
  for (const [key, a] of Object.entries(AUTHORITIES)) {
    const code = codeFrom(`11${a.division}00000000${Object.keys(authorities).length + 1}`)
    authorities[key] = (await createAuthority(ctx, { ...a, code })).id
  }
  const people: Partial<Record<Role, string>> = {}
  for (const role of ROLES) {
    const works = WORKS_IN[role]
    const place = works ? { authorityId: authorities[works] } : { division: '440100' }
    people[role] = (
      await createPerson(ctx, {
        login: role,
        name: role,
        passwordHash: PASSWORD_HASH,
        role,
        mustChange: false,
        ...place,
      })
    ).id
  }
  return { authorities: authorities as World['authorities'], people: people as World['people'] }
}

const closers = new Set<() => Promise<void>>()
const MIGRATED = 'migrated'
/** One PostgreSQL a test file, one database a platform. */
let postgres: ReturnType<typeof startPrivatePostgres> | undefined
let databases = 0

const place = async (engine: Engine): Promise<{ env: Record<string, string>; remove: () => void }> => {
  if (engine === 'pglite') {
    const folder = await embeddedFolder({ migrated: true })
    return { env: { DATA_DIR: folder.dataDir }, remove: () => folder.remove() }
  }
  const server = await (postgres ??= startPrivatePostgres({ migrated: MIGRATED }))
  const dataDir = mkdtempSync(join(tmpdir(), 'xinheng-data-'))
  const url = await server.createDatabase(`test_${++databases}`, MIGRATED)
  return {
    env: { DATA_DIR: dataDir, DATABASE_URL: url },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}
/** Ends the PostgreSQL that `startPlatform` started; `describeEngines` does so by itself. */
export const stopPostgres = async (): Promise<void> => {
  const running = await postgres
  postgres = undefined
  await running?.stop()
}

export const startPlatform = async (options: PlatformOptions = {}): Promise<Platform> => {
  const { engine = 'pglite', now = '2026-11-23T02:00:00Z', jurisdiction = '440100' } = options
  const { env, remove } = await place(engine)
  const clock = testClock(now)
  const runtime = await openRuntime({ LOG_LEVEL: 'error', JURISDICTION: jurisdiction, ...env }, { clock })
  const app = await createApp(runtime, { checkReplies: true, jobs: false, web: true })
  await noteMoves(app.server.server)
  const url = await app.server.listen({ port: 0, host: '127.0.0.1' })
  const ctx = () => systemCtx(runtime, 'test')
  const world = options.seedAccounts === false ? ({} as World) : await seed(ctx())
  const caller = (more: Partial<TransportOptions> = {}): Caller => {
    const transport = openTransport({ base: url, jar: true, ...more })
    return Object.assign(transport, {
      client: <T extends EndpointTable>(endpoints: T) => createClient(transport, endpoints),
    })
  }
  let open = true
  const close = async (): Promise<void> => {
    if (!open) return
    open = false
    closers.delete(close)
    keepMoves()
    await app.close()
    await runtime.db.close()
    remove()
  }
  closers.add(close)
  return {
    engine,
    url,
    runtime,
    app,
    clock,
    world,
    anonymous: caller,
    as: async (who, password = PASSWORD) => {
      const signed = caller()
      await signed.signIn(who, password)
      return signed
    },
    withKey: async (key) => {
      const made = await createKey(ctx(), { name: 'test', ...key })
      return caller({ key: made.secret, jar: false })
    },
    ctx,
    drain: () => app.jobs.drain(),
    close,
  }
}

/** The same tests on both engines, each with a platform of its own. An engine that cannot be had is a failure, never a skip. */
export const describeEngines = (
  name: string,
  body: (platform: () => Platform, engine: Engine) => void,
  options: Omit<PlatformOptions, 'engine'> = {},
): void => {
  for (const engine of ENGINES) {
    describe(`${name} on ${engine}`, () => {
      let platform: Platform | undefined
      beforeAll(async () => {
        platform = await startPlatform({ ...options, engine })
      })
      afterAll(async () => {
        if (platform) console.log(`${name}: ran on ${engine} ${platform.runtime.db.version}`)
        await platform?.close()
        for (const close of closers) await close()
        if (engine === 'postgres') await stopPostgres()
      })
      body(() => {
        if (!platform) throw new Error(`no ${engine} platform`)
        return platform
      }, engine)
    })
  }
}

/** The problem that a call is refused with; a call that succeeds fails the test. */
export const problemOf = async (call: Promise<unknown>): Promise<ProblemReply> => {
  let reply: unknown
  try {
    reply = await call
  } catch (error) {
    if (error instanceof ApiError) return error.problem
    throw error
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(reply)}`)
}

/** A further person, for tests that need two of a kind. */
export const addPerson = async (
  p: Platform,
  person: { login: string; role: Role; authorityId?: string; division?: string },
): Promise<string> =>
  (await createPerson(p.ctx(), { name: person.login, passwordHash: PASSWORD_HASH, mustChange: false, ...person })).id
