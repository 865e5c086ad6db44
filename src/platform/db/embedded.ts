import { join } from 'node:path'
import { Pool } from 'pg'
import { Socket, Thread } from './embedded-thread.ts'
import { Upkeep } from './embedded-upkeep.ts'
import { stripped } from './fault.ts'
import { type Lock, takeLock } from './lock.ts'
import { SESSION, types } from './parse.ts'
import { type Engine, copyRows, execScript, gatherOn, kyselyOn } from './session.ts'
import { Gathered, Together } from './together.ts'
import type { Database, DatabaseConfig } from './types.ts'

const DEFAULT_TIMEOUT_MS = 60_000

export const openEmbedded = async (config: DatabaseConfig): Promise<Database> => {
  const log = config.log ?? (() => {})
  const inMemory = config.dataDir === ':memory:'
  const folder = inMemory ? null : join(config.dataDir, 'database')
  const fsyncs = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const thread = new Thread({ folder, fsyncs, session: SESSION }, config.statementTimeoutMs ?? DEFAULT_TIMEOUT_MS, log)
  const lock: Lock | null = folder
    ? await takeLock(`${folder}.lock`, () => {
        log('the lock of the data folder was taken by another process', { folder })
        thread.cancel()
      })
    : null
  const pool = new Pool({ max: 1, idleTimeoutMillis: 0, types, user: 'postgres', stream: () => new Socket(thread) })
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', (error) => log('database connection lost', { error: stripped(error) }))

  const engine: Engine = {
    copy: (_client, statement, lines) => thread.copy(statement, lines),
    async unlimited(_client, work) {
      thread.limited = false
      try {
        return await work()
      } finally {
        thread.limited = true
      }
    },
  }
  const upkeep = new Upkeep(pool, thread, config)
  const close = async () => {
    await upkeep.stop()
    await pool.end()
    await thread.close()
    lock?.release()
  }
  await upkeep.run('select 1').catch(async (error: unknown) => {
    await close().catch(() => {})
    throw error
  })
  const { kysely, ground } = kyselyOn(pool, engine)
  const together = new Together(ground, 1)
  const gathered = new Gathered(ground, 1)
  gatherOn(kysely, (of, values) => gathered.ask(of, values))
  return {
    engine: 'pglite',
    version: thread.version,
    kysely,
    together: (key, work, alone) => together.run(key, work, alone),
    copyRows: (tx, table, columns, chunks) =>
      tx
        ? copyRows(tx, table, columns, chunks)
        : kysely.transaction().execute((own) => copyRows(own, table, columns, chunks)),
    maintain: () => upkeep.all(),
    sweep: async () => {},
    exec: execScript,
    cancelAll: async () => thread.cancel(),
    fsyncCalls: () => Atomics.load(new Int32Array(fsyncs), 0),
    close,
  }
}
