import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { DatabaseError as ServerError } from 'pg'
import { CONNECTION_LOST, DatabaseError, QUERY_CANCELLED, stripped } from './fault.ts'
import type { DatabaseConfig } from './types.ts'

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
  | { kind: 'done'; bytes?: Uint8Array }
  | { kind: 'failed'; message: string; fields: Record<string, string | undefined> }

type Waiting = { resolve: (rows: number) => void; reject: (error: Error) => void }

/** The worker thread: started when first needed, ended to cancel a query, started again for the next. */
export class Thread {
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
    if (message.kind === 'data') return this.#give(message.bytes)
    this.#busy = false
    if (message.kind === 'done' && message.bytes) return this.#give(message.bytes)
    const waiting = this.#waiting
    this.#waiting = null
    if (message.kind === 'failed') {
      const error = Object.assign(new ServerError(message.message, 0, 'error'), message.fields)
      if (waiting) waiting.reject(error)
      else this.#lose(stripped(error) as Error)
      return
    }
    waiting?.resolve(message.kind === 'copied' ? message.rows : 0)
  }

  #give(bytes: Uint8Array): void {
    this.#socket?.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
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
export class Socket extends Duplex {
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
