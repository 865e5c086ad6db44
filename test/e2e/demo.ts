/**
 * A listening platform with the demonstration in it, for the journeys: real HTTP, the built pages, jobs on their timers; only
 * the clock is the test's. The demonstration is loaded once for the same sources and copied for each file of journeys.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createApp, openRuntime } from '../../src/app.ts'
import { type Demonstration, seedDemonstration } from '../../src/demo/index.ts'
import type { EndpointTable } from '../../src/kernel/api.ts'
import type { Runtime } from '../../src/platform/context.ts'
import { createClient, openTransport } from '../../web/src/app/client.ts'
import { type Caller, type TestClock, testClock } from '../harness.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Monday, 10:00 in Asia/Shanghai: the day after it is a working day too. */
export const NOW = '2026-11-23T02:00:00Z'

const filesUnder = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? filesUnder(join(dir, e.name)) : e.name.endsWith('.test.ts') ? [] : [join(dir, e.name)],
  )
const fingerprint = (): string => {
  const hash = createHash('sha256').update(NOW)
  for (const path of ['src', 'policy', 'migrations'].flatMap((d) => filesUnder(join(root, d))).toSorted()) {
    hash.update(path.slice(root.length)).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 16)
}

const settings = (dataDir: string) => ({ LOG_LEVEL: 'error', JURISDICTION: '440100', DATA_DIR: dataDir })
const STALE_MS = 240_000

/** Whoever is first loads it; the others wait for the finished folder to appear. */
const template = async (): Promise<string> => {
  const home = join(tmpdir(), `xinheng-demo-${process.getuid?.() ?? 'user'}`)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const ready = join(home, fingerprint())
  const lock = `${ready}.lock`
  while (!existsSync(ready)) {
    try {
      mkdirSync(lock)
    } catch {
      const since = existsSync(lock) ? statSync(lock).mtimeMs : Date.now()
      if (Date.now() - since > STALE_MS) rmSync(lock, { recursive: true, force: true })
      await sleep(300)
      continue
    }
    const aside = join(home, randomUUID())
    try {
      for (const old of readdirSync(home)) {
        if (/^[0-9a-f]{16}$/.test(old)) rmSync(join(home, old), { recursive: true, force: true })
      }
      const runtime = await openRuntime(settings(aside), { clock: testClock(NOW) })
      const seeded = await seedDemonstration(runtime, () => undefined)
      await runtime.db.close()
      writeFileSync(join(aside, 'demonstration.json'), JSON.stringify(seeded))
      renameSync(aside, ready)
    } finally {
      rmSync(aside, { recursive: true, force: true })
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return ready
}

export type DemoPlatform = Demonstration & {
  url: string
  runtime: Runtime
  clock: TestClock
  /** One who calls without a browser: signed in, or with a key. */
  as: (login: string) => Promise<Caller>
  withKey: (key: string) => Caller
  close: () => Promise<void>
}

export const openDemo = async (): Promise<DemoPlatform> => {
  if (!existsSync(join(root, 'web', 'dist', 'index.html'))) {
    throw new Error('The pages are not built, so there is nothing to journey through. Run: node tools/setup.mjs --web')
  }
  const dataDir = join(tmpdir(), `xinheng-journey-${randomUUID()}`)
  cpSync(await template(), dataDir, { recursive: true })
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  process.once('exit', remove)
  const seeded = JSON.parse(readFileSync(join(dataDir, 'demonstration.json'), 'utf8')) as Demonstration
  const clock = testClock(NOW)
  const runtime = await openRuntime(settings(dataDir), { clock })
  const app = await createApp(runtime, { checkReplies: true, jobs: true, web: true })
  const url = await app.server.listen({ port: 0, host: '127.0.0.1' })
  const caller = (key?: string): Caller => {
    const transport = openTransport({ base: url, ...(key ? { key } : { jar: true }) })
    return Object.assign(transport, {
      client: <T extends EndpointTable>(endpoints: T) => createClient(transport, endpoints),
    })
  }
  return {
    ...seeded,
    url,
    runtime,
    clock,
    as: async (login) => {
      const one = caller()
      await one.signIn(login, seeded.password)
      return one
    },
    withKey: caller,
    close: async () => {
      await app.close()
      await runtime.db.close()
      remove()
    },
  }
}
