import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { CONNECTION_LOST, DatabaseError, QUERY_CANCELLED, stripped } from './fault.ts'
import { type Lock, takeLock } from './lock.ts'
import { SESSION, types } from './parse.ts'
import { type Engine, copyRows, execScript, kyselyOn } from './session.ts'
import type { Database, DatabaseConfig } from './types.ts'

export type WorkerStart = { folder: string | null; fsyncs: SharedArrayBuffer; session: Record<string, string> }
export type ToWorker =
  | { kind: 'protocol'; bytes: Uint8Array }
  | { kind: 'copy'; statement: string; lines: Uint8Array }
  | { kind: 'reset' }
  | { kind: 'close' }
export type FromWorker =
  | { kind: 'ready'; version: string }
  | { kind: 'data'; bytes: Uint8Array }
  | { kind: 'copied'; rows: number }
  | { kind: 'done' }
  | { kind: 'failed'; message: string; fields: Record<string, string | undefined> }

const DEFAULT_TIMEOUT_MS = 60_000
const CHECKPOINT_EVERY_MS = 60_000
const VACUUM_EVERY_MS = 3_600_000
/** Less log than this since the last time, and a checkpoint or a vacuum is not worth the pause. */
const CHECKPOINT_BYTES = 8 * 1024 * 1024
const VACUUM_BYTES = 64 * 1024 * 1024

type Waiting = { resolve: (rows: number) => void; reject: (error: Error) => void }

/** The worker thread: started when first needed, ended to cancel a query, started again for the next. */
class Thread {
  readonly #start: WorkerStart
  readonly #limitMs: number
  readonly #log: NonNullable<DatabaseConfig['log']>
  readonly #timer: NodeJS.Timeout
  #worker: Worker | null = null
  #starting: Promise<void> | null = null
  #ending: Promise<unknown> = Promise.resolve()
  #socket: Socket | null = null
  #waiting: Waiting | null = null
  #busy = false
  #fresh = true
  limited = true
  version = ''

  constructor(start: WorkerStart, limitMs: number, log: NonNullable<DatabaseConfig['log']>) {
    this.#start = start
    this.#limitMs = limitMs
    this.#log = log
    this.#timer = setTimeout(() => this.#overrun(), limitMs || 1).unref()
  }

  /** A new connection of the driver: whatever an earlier one left open is undone. */
  async attach(socket: Socket): Promise<void> {
    await (this.#starting ??= this.#open())
    this.#socket = socket
    if (!this.#fresh) await this.#ask({ kind: 'reset' })
    this.#fresh = false
  }

  detach(socket: Socket): void {
    if (this.#socket === socket) this.#socket = null
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#post({ kind: 'protocol', bytes }, [bytes.buffer])
  }

  copy(statement: string, lines: Uint8Array): Promise<number> {
    return this.#ask({ kind: 'copy', statement, lines })
  }

  cancel(): void {
    if (this.#busy) this.#lose(new DatabaseError(QUERY_CANCELLED, 'the query was cancelled'))
  }

  async close(): Promise<void> {
    if (!this.#worker) return void (await this.#ending)
    const worker = this.#worker
    this.#socket = null
    await this.#ask({ kind: 'close' })
    this.#worker = null
    await worker.terminate()
  }

  async #open(): Promise<void> {
    await this.#ending
    const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: this.#start })
    this.#worker = worker
    this.#fresh = true
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error) => {
        if (this.#worker === worker) this.#lose(error)
        reject(error)
      }
      worker.once('error', failed)
      worker.once('exit', () => failed(new DatabaseError(CONNECTION_LOST, 'the embedded database stopped')))
      worker.on('message', (message: FromWorker) => {
        if (worker !== this.#worker) return
        if (message.kind === 'ready') {
          this.version = message.version
          resolve()
        } else if (message.kind === 'failed' && !this.#waiting && !this.#busy) {
          failed(new DatabaseError('CANNOT_OPEN', `the embedded database does not open: ${message.message}`))
        } else {
          this.#hear(message)
        }
      })
    })
  }

  #hear(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    if (message.kind === 'data') {
      this.#socket?.push(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength))
      return
    }
    this.#busy = false
    const waiting = this.#waiting
    this.#waiting = null
    if (message.kind === 'failed') {
      const error = Object.assign(new pg.DatabaseError(message.message, 0, 'error'), message.fields)
      if (waiting) waiting.reject(error)
      else this.#lose(stripped(error) as Error)
      return
    }
    waiting?.resolve(message.kind === 'copied' ? message.rows : 0)
  }

  #ask(message: ToWorker): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#post(message, [])
    })
  }

  #post(message: ToWorker, moved: ArrayBuffer[]): void {
    const worker = this.#worker
    if (!worker) return this.#lose(new DatabaseError(CONNECTION_LOST, 'the embedded database stopped'))
    this.#busy = true
    if (this.limited && this.#limitMs) this.#timer.refresh()
    worker.postMessage(message, moved)
  }

  /** The timer starts anew with every message and is never stopped: when it fires on a busy thread, time is up. */
  #overrun(): void {
    if (!this.#busy || !this.limited) return
    this.#log('query cancelled', { afterMs: this.#limitMs })
    this.#lose(new DatabaseError(QUERY_CANCELLED, 'the query was cancelled: it ran longer than allowed'))
  }

  /** Ends the thread. What was acknowledged is on disk; what was open is rolled back when the next thread opens the folder. */
  #lose(error: Error): void {
    const [worker, socket, waiting] = [this.#worker, this.#socket, this.#waiting]
    this.#worker = this.#starting = this.#socket = this.#waiting = null
    this.#busy = false
    if (worker) this.#ending = worker.terminate()
    waiting?.reject(error)
    socket?.destroy(error)
  }
}

/** AuthenticationOk and ReadyForQuery (idle): the answer to a startup message, which the engine itself does not need. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])
const HEADER = 5
/** Query, Sync, Flush: after these the client waits for an answer. */
const ENDS_A_BATCH = new Set([0x51, 0x53, 0x48])

/** What `pg` takes for a socket. It holds messages back until a batch is whole, because each batch is one call of the engine. */
class Socket extends Duplex {
  readonly #thread: Thread
  #greeted = false
  #held: Buffer[] = []

  constructor(thread: Thread) {
    super()
    this.#thread = thread
  }

  connect(): void {
    this.#thread.attach(this).then(
      () => this.emit('connect'),
      (error: Error) => this.destroy(error),
    )
  }
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
  override _read(): void {}

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.#held.push(chunk)
    if (!this.#greeted) {
      this.#greeted = true
      this.#held = []
      this.push(WELCOME)
    } else if (this.#isWhole()) {
      const bytes = new Uint8Array(this.#held.reduce((sum, b) => sum + b.length, 0))
      let at = 0
      for (const part of this.#held) {
        bytes.set(part, at)
        at += part.length
      }
      this.#held = []
      this.#thread.send(bytes)
    }
    done()
  }

  override _final(done: () => void): void {
    this.#thread.detach(this)
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#thread.detach(this)
    done(error)
  }

  #isWhole(): boolean {
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    this.#held = [all]
    let at = 0
    let type = 0
    while (at + HEADER <= all.length) {
      type = all[at]!
      at += 1 + all.readUInt32BE(at + 1)
    }
    return at === all.length && ENDS_A_BATCH.has(type)
  }
}

type Table = { name: string }
const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') order by 1`

/** Checkpoint and vacuum: the embedded engine has no background processes, so its log and dead rows are ours to clear. */
class Upkeep {
  readonly #pool: pg.Pool
  readonly #thread: Thread
  readonly #log: NonNullable<DatabaseConfig['log']>
  readonly #timers: NodeJS.Timeout[] = []
  #checkpointed = 0
  #vacuumed = 0
  #running = false

  constructor(pool: pg.Pool, thread: Thread, config: DatabaseConfig) {
    this.#pool = pool
    this.#thread = thread
    this.#log = config.log ?? (() => {})
    this.#every(config.checkpointEveryMs ?? CHECKPOINT_EVERY_MS, async () => {
      if ((await this.#written()) - this.#checkpointed >= CHECKPOINT_BYTES) await this.checkpoint()
    })
    this.#every(config.vacuumEveryMs ?? VACUUM_EVERY_MS, async () => {
      if ((await this.#written()) - this.#vacuumed >= VACUUM_BYTES) await this.vacuum()
    })
  }

  async checkpoint(): Promise<void> {
    await this.run('checkpoint')
    this.#checkpointed = await this.#written()
  }

  /** One table at a time, so that others get their turn in between. */
  async vacuum(): Promise<void> {
    for (const { name } of await this.run<Table>(TABLES)) {
      // A table may have gone since the list was made.
      await this.run(`vacuum (analyze) ${name}`).catch((error: unknown) => {
        if (!(error instanceof DatabaseError) || error.code !== '42P01') throw error
      })
    }
    this.#vacuumed = await this.#written()
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  async run<R extends pg.QueryResultRow>(statement: string): Promise<R[]> {
    const client = await this.#pool.connect()
    this.#thread.limited = false
    try {
      return (await client.query<R>(statement)).rows
    } catch (error) {
      throw stripped(error)
    } finally {
      this.#thread.limited = true
      client.release()
    }
  }

  async #written(): Promise<number> {
    const rows = await this.run<{ bytes: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
    )
    return Number(rows[0]?.bytes ?? 0)
  }

  #every(ms: number, work: () => Promise<void>): void {
    if (!ms) return
    const tick = async () => {
      if (this.#running) return
      this.#running = true
      try {
        await work()
      } catch (error) {
        this.#log('database upkeep failed', { error })
      } finally {
        this.#running = false
      }
    }
    this.#timers.push(setInterval(() => void tick(), ms).unref())
  }
}

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
  const pool = new pg.Pool({ max: 1, idleTimeoutMillis: 0, types, user: 'postgres', stream: () => new Socket(thread) })
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
    upkeep.stop()
    await pool.end()
    await thread.close()
    lock?.release()
  }
  await upkeep.run('select 1').catch(async (error: unknown) => {
    await close().catch(() => {})
    throw error
  })
  const kysely = kyselyOn(pool, engine)
  return {
    engine: 'pglite',
    version: thread.version,
    kysely,
    copyRows: (tx, table, columns, chunks) =>
      tx
        ? copyRows(tx, table, columns, chunks)
        : kysely.transaction().execute((own) => copyRows(own, table, columns, chunks)),
    async maintain() {
      await upkeep.vacuum()
      await upkeep.checkpoint()
    },
    exec: execScript,
    cancelAll: async () => thread.cancel(),
    fsyncCalls: () => Atomics.load(new Int32Array(fsyncs), 0),
    close,
  }
}
