/**
 * The database goes away in the middle of an import: every connection is cut, the server is stopped and started, a running
 * query is ended. What was not committed never was; the import goes on from its last committed row.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../src/app.ts'
import { processNext } from '../../src/capabilities/collection/index.ts'
import type { Runtime } from '../../src/platform/context.ts'
import { embeddedFolder } from '../engines/embedded-folder.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import { FAULT_TIMEOUT_MS, SOAK, faultClock, handInMany, mustBalanceNow, mustBeWhole, standing } from './world.ts'

const CUTS = SOAK ? 30 : 4

const closers: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
})

const cutAll = async (url: string): Promise<void> => {
  const admin = new Client({ connectionString: url })
  admin.on('error', () => undefined)
  await admin.connect()
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await admin.end()
}

/** Works on until a moment after some chunk, where `fault` strikes; answers whether the import failed of it. */
const untilStruck = async (
  runtime: Runtime,
  id: string,
  chunks: number,
  fault: () => Promise<void>,
): Promise<boolean> => {
  let left = chunks
  let struck: Promise<void> | undefined
  const afterChunk = () => {
    // Not waited for: it strikes while the next chunk is being written.
    if (--left === 0) struck = sleep(Math.random() * 30).then(fault)
  }
  try {
    await processNext(runtime, { id, afterChunk })
    return false
  } catch {
    return true
  } finally {
    await struck
  }
}

const run = async (open: () => Promise<{ runtime: Runtime; faults: (() => Promise<void>)[] }>): Promise<void> => {
  const clock = faultClock()
  const { runtime, faults } = await open()
  const { id, expected } = await handInMany({ ...runtime, clock })
  let struck = 0
  for (let cut = 0; cut < CUTS; cut++) {
    const before = await standing(runtime, id)
    if (before.state === 'done') break
    if (await untilStruck({ ...runtime, clock }, id, 1 + (cut % 2), faults[cut % faults.length]!)) struck++
    // The lease of the run that broke off.
    clock.advance({ minutes: 2 })
    await mustBalanceNow(runtime, id)
    expect((await standing(runtime, id)).readTo).toBeGreaterThanOrEqual(before.readTo)
  }
  expect(struck).toBeGreaterThan(0)
  while ((await standing(runtime, id)).state !== 'done') {
    await processNext({ ...runtime, clock }, { id })
    clock.advance({ minutes: 2 })
  }
  await mustBeWhole({ ...runtime, clock }, id, expected)
  console.log(`broken off ${struck} times on ${runtime.db.engine} ${runtime.db.version}`)
}

describe('the database goes away in the middle of an import', () => {
  it(
    'connections cut, server killed and started again',
    () =>
      run(async () => {
        const server: PrivatePostgres = await startPrivatePostgres()
        closers.push(() => server.stop())
        const dataDir = mkdtempSync(join(tmpdir(), 'xinheng-cut-'))
        closers.push(() => rmSync(dataDir, { recursive: true, force: true }))
        const url = await server.createDatabase('cut')
        const runtime = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: dataDir, DATABASE_URL: url })
        closers.push(() => runtime.db.close())
        const restart = async () => {
          await server.kill9()
          await server.restart()
        }
        return { runtime, faults: [() => cutAll(url), restart] }
      }),
    FAULT_TIMEOUT_MS,
  )
  it(
    'the embedded engine ended and opened again',
    () =>
      run(async () => {
        const folder = await embeddedFolder()
        closers.push(() => folder.remove())
        const runtime = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: folder.dataDir })
        closers.push(() => runtime.db.close())
        return { runtime, faults: [() => runtime.db.cancelAll()] }
      }),
    FAULT_TIMEOUT_MS,
  )
})
