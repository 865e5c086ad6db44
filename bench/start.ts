/** From nothing running to /readyz, on an embedded database that holds 100,000 records; beside it, the bare engine's own start. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, reaches, taken } from './figure.ts'
import { embeddedImport } from './import-csv.ts'
import { startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3
const GOAL_S = 5
const LOOK_MS = 5

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const untilReady = async (dataDir: string): Promise<number> => {
  const port = await freePort()
  const began = performance.now()
  const server = startPlatform({ DATA_DIR: dataDir, DATABASE_URL: '', PORT: String(port) })
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (answer?.status === 200) break
    await sleep(LOOK_MS)
  }
  const seconds = (performance.now() - began) / 1000
  await (await server).stop()
  return seconds
}

/** A process that opens the same folder with the engine as it comes, and asks for one row. */
const BARE = `
  const { PGlite } = await import('@electric-sql/pglite')
  const db = await PGlite.create(process.argv[1])
  await db.query('select id from records.record limit 1')
  process.stdout.write('ready')
  process.stdin.once('end', () => db.close().then(() => process.exit(0))).resume()`
const bareStart = async (dataDir: string): Promise<number> => {
  const began = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', BARE, join(dataDir, 'database')], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const seconds = (performance.now() - began) / 1000
  const gone = once(child, 'exit')
  child.stdin.end()
  await gone
  return seconds
}

export const start = async (yard: Yard): Promise<Figure[]> => {
  const { dataDir, rows } = await embeddedImport(yard)
  const pair = await taken(
    ROUNDS,
    () => untilReady(dataDir),
    () => bareStart(dataDir),
  )
  return [
    reaches('start', 's', pair, { goal: GOAL_S, better: 'less', note: `${rows.toLocaleString('en')} records held` }),
  ]
}
