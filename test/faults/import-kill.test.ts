/**
 * The server is killed with SIGKILL at random moments of an import, again and again, and now and then the database server with
 * it. Each start goes on where the last one stopped; at the end every row is there once and the raw file proves it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../src/app.ts'
import { createKey, findAuthority } from '../../src/capabilities/access/index.ts'
import { endpoints } from '../../src/capabilities/collection/contract.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { createClient, openTransport } from '../../web/src/app/client.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import {
  FAULT_TIMEOUT_MS,
  SOAK,
  faultClock,
  handInMany,
  minutesOn,
  mustBalanceNow,
  mustBeWhole,
  standing,
} from './world.ts'

const ROUNDS = SOAK ? 40 : 4

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

const closers: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
})

const run = async (engine: 'pglite' | 'postgres'): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'xinheng-import-kill-'))
  closers.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const server: PrivatePostgres | null = engine === 'postgres' ? await startPrivatePostgres() : null
  if (server) closers.push(() => server.stop())
  const env: Record<string, string> = {
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    ...(server ? { DATABASE_URL: await server.createDatabase('kill') } : {}),
  }
  const first = await openRuntime(env, { clock: faultClock() })
  const { id, expected } = await handInMany(first)
  const authority = await findAuthority(first.db.kysely, { name: '虚构故障测试单位' })
  const { secret } = await createKey(systemCtx(first, 'test'), {
    name: 't',
    authorityId: authority!.id,
    scopes: ['collect'],
  })
  await first.db.close()
  const api = createClient(openTransport({ base: `http://127.0.0.1:${env.PORT}`, key: secret }), endpoints)
  const received = () =>
    api.getSubmission({ id }).then(
      (s) => (s.state === 'done' ? Number.POSITIVE_INFINITY : s.received),
      () => -1,
    )

  const places: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // Each life begins after the lease of the one before.
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/server.ts'], {
      env: { ...process.env, NODE_ENV: 'test', XINHENG_NOW: minutesOn(5 * (round + 1)), ...env },
      stdio: 'ignore',
    })
    const before = places.at(-1) ?? 0
    let now = -1
    for (let i = 0; i < 2400 && now <= before; i++) {
      if (child.exitCode !== null) throw new Error(`the server ended by itself with ${child.exitCode}`)
      await sleep(25)
      now = await received()
    }
    await sleep(Math.random() * 250)
    child.kill('SIGKILL')
    if (server && round % 3 === 2) {
      await server.kill9()
      await server.restart()
    }
    await gone(child)
    expect(now).toBeGreaterThan(before)
    places.push(now)
    const between = await openRuntime(env, { clock: faultClock() })
    await mustBalanceNow(between, id)
    const { state } = await standing(between, id)
    await between.db.close()
    if (state === 'done') break
  }

  const last = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/server.ts'], {
    env: { ...process.env, NODE_ENV: 'test', XINHENG_NOW: minutesOn(5 * (ROUNDS + 2)), ...env },
    stdio: 'ignore',
  })
  for (let i = 0; i < FAULT_TIMEOUT_MS / 100 && Number.isFinite(await received()); i++) await sleep(100)
  last.kill('SIGTERM')
  await gone(last)
  const end = await openRuntime(env, { clock: faultClock() })
  closers.push(() => end.db.close())
  await mustBeWhole(end, id, expected)
  console.log(
    `killed ${places.length} times on ${end.db.engine} ${end.db.version}, at rows ${places.join(', ')} of ${expected.received}`,
  )
}

describe('kill -9 in the middle of an import', () => {
  it('goes on where it stopped on the embedded database', () => run('pglite'), FAULT_TIMEOUT_MS)
  it('goes on where it stopped on PostgreSQL', () => run('postgres'), FAULT_TIMEOUT_MS)
})
