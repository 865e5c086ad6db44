import { AsyncLocalStorage } from 'node:async_hooks'
import {
  AbortedTransactionError,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryResult,
  Transaction,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { type Answer, BatchFailed, type Statement, sendBatch } from './batch.ts'
import { bytesOf } from '../utf8.ts'
import { DatabaseError, stripped } from './fault.ts'
import { type RowsStatement, statementAlone, statementOf } from './rows.ts'
import type { Schema } from './schema.gen.ts'
import type { CopyChunks, Db, Reader, Tx } from './types.ts'

/** What differs between the engines once a client is connected. */
export type Engine = {
  copy(client: PoolClient, statement: string, lines: Buffer): Promise<number>
  /** Runs without a time limit, until the end of the transaction at most. */
  unlimited<T>(client: PoolClient, work: () => Promise<T>): Promise<T>
}

const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** A write of the same name as that of another transaction, and how both become one statement. */
type Joinable = { name: string; part: unknown; join: (parts: readonly never[]) => Statement }
/** A write that nobody waits for. `lost` says what its failure means, when it means more than a fault. */
export type LaterWrite = (Statement | Joinable) & { lost?: (error: unknown) => unknown }
export const asStatement = (write: LaterWrite): Statement =>
  'join' in write ? write.join([write.part as never]) : write

/** What a transaction, or the root handle, asks the database through: a client of its own, or its place in a shared transaction. */
export abstract class Handle implements DatabaseConnection {
  abstract prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]>
  abstract askRow<R>(of: RowsStatement, values: readonly unknown[]): Promise<R[]>
  abstract later(write: LaterWrite): void
  abstract copy(statement: string, lines: Buffer): Promise<number>
  abstract script(text: string): Promise<void>
  abstract executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>>

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('results are not streamed: page by key')
  }
}
export const resultOf = <R>({ command, count, rows }: Answer): QueryResult<R> => ({
  rows: rows as R[],
  numAffectedRows: WRITES.has(command) ? BigInt(count) : undefined,
})

/**
 * One client of the pool while somebody holds it. What needs no answer yet (BEGIN, writes left for later) waits and travels
 * with the next statement or the COMMIT, in order, in one write: each round trip to the server is dear, most of all on a busy machine.
 */
export class Session extends Handle {
  readonly #client: PoolClient
  readonly #engine: Engine
  #waiting: LaterWrite[] = []
  #begun = false
  #broken = false

  constructor(client: PoolClient, engine: Engine) {
    super()
    this.#client = client
    this.#engine = engine
  }

  async #send(...more: readonly Statement[]): Promise<Answer> {
    return (await this.send(more)).at(-1)!
  }

  /** All that waits and these, in one write; the answers are those of all of them. */
  async send(more: readonly Statement[]): Promise<readonly Answer[]> {
    const all: LaterWrite[] = [...this.#waiting, ...more]
    this.#waiting = []
    this.#begun = true
    try {
      return await sendBatch(this.#client, all.map(asStatement))
    } catch (failure) {
      if (!(failure instanceof BatchFailed)) throw stripped(failure)
      const error = stripped(failure.error)
      throw all[failure.at]?.lost?.(error) ?? error
    }
  }

  /** Whatever does not travel as a statement comes after what waits. */
  async #caughtUp(): Promise<void> {
    if (this.#waiting.length) await this.#send()
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return resultOf(await this.#send({ text: query.sql, values: query.parameters }))
  }

  async prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
    return (await this.#send({ name, text, values })).rows as R[]
  }

  async askRow<R>(of: RowsStatement, values: readonly unknown[]): Promise<R[]> {
    return (await this.#send(statementAlone(of, values))).rows as R[]
  }

  later(write: LaterWrite): void {
    this.#waiting.push(write)
  }

  async copy(statement: string, lines: Buffer): Promise<number> {
    await this.#caughtUp()
    try {
      return await this.#engine.copy(this.#client, statement, lines)
    } catch (error) {
      throw stripped(error)
    }
  }

  async script(text: string): Promise<void> {
    await this.#caughtUp()
    try {
      await this.#engine.unlimited(this.#client, () => this.#client.query(text))
    } catch (error) {
      throw stripped(error)
    }
  }

  begin(level: string | undefined): void {
    const text = level ? `begin isolation level ${level}` : 'begin'
    this.#waiting = [{ name: text, text, values: [] }]
    this.#begun = false
  }

  async commit(): Promise<void> {
    // Nothing was asked of the database: there is nothing to end.
    if (!this.#begun && this.#waiting.length === 1) return this.#forget()
    const { command } = await this.#send({ name: 'commit', text: 'commit', values: [] })
    // An error that was swallowed inside the transaction turns its COMMIT into a ROLLBACK.
    if (command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  async rollback(): Promise<void> {
    this.#forget()
    if (!this.#begun) return
    try {
      await this.#client.query('rollback')
    } catch {
      // The connection is gone and its transaction with it; what failed before is the error to tell.
      this.#broken = true
    }
  }

  #forget(): void {
    this.#waiting = []
  }

  release(): void {
    this.#client.release(this.#broken)
  }
}

/**
 * Hands out sessions, in the order they were asked for. Whoever holds one and asks the root handle for another would wait for
 * itself on the embedded engine, and write outside its transaction on the other: refused at once on both.
 */
class Guard implements ConnectionProvider {
  readonly #pool: Pool
  readonly #engine: Engine
  readonly #holding = new AsyncLocalStorage<{ open: boolean }>()

  constructor(pool: Pool, engine: Engine) {
    this.#pool = pool
    this.#engine = engine
  }

  async provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    this.mustBeFree()
    const session = await this.take()
    try {
      return await this.holding(() => consumer(session))
    } finally {
      session.release()
    }
  }

  mustBeFree(): void {
    if (!this.#holding.getStore()?.open) return
    throw new DatabaseError('ROOT_IN_TRANSACTION', 'the root handle was used inside a transaction: use the tx at hand')
  }

  async take(): Promise<Session> {
    return new Session(await this.#pool.connect().catch((e: unknown) => Promise.reject(stripped(e))), this.#engine)
  }

  /** While `work` runs, it has a transaction of its own and no use for the root handle. */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    const held = { open: true }
    try {
      return await this.#holding.run(held, work)
    } finally {
      held.open = false
    }
  }
}

const handleOf = (connection: DatabaseConnection): Handle => {
  if (connection instanceof Handle) return connection
  throw new Error('this handle does not belong to a database opened here')
}

const sessionOf = (connection: DatabaseConnection): Session => {
  if (connection instanceof Session) return connection
  throw new Error('a transaction begins on a client of its own')
}

const driverOf = (pool: Pool, engine: Engine): Driver => ({
  init: async () => {},
  acquireConnection: async () => new Session(await pool.connect(), engine),
  beginTransaction: async (connection, settings) => sessionOf(connection).begin(settings.isolationLevel),
  commitTransaction: (connection) => sessionOf(connection).commit(),
  rollbackTransaction: (connection) => sessionOf(connection).rollback(),
  releaseConnection: async (connection) => sessionOf(connection).release(),
  destroy: async () => {},
})

/** What those need who hand out sessions themselves. */
export type Ground = {
  mustBeFree: () => void
  take: () => Promise<Session>
  holding: <T>(work: () => Promise<T>) => Promise<T>
  txOn: (handle: Handle) => Tx
}

export const kyselyOn = (pool: Pool, engine: Engine): { kysely: Db; ground: Ground } => {
  const dialect = new PostgresDialect({ pool })
  const guard = new Guard(pool, engine)
  const executor = new DefaultQueryExecutor(new PostgresQueryCompiler(), new PostgresAdapter(), guard)
  const parts = { config: { dialect }, driver: driverOf(pool, engine), dialect }
  return {
    kysely: new Kysely<Schema>({ ...parts, executor }),
    ground: {
      mustBeFree: () => guard.mustBeFree(),
      take: () => guard.take(),
      holding: (work) => guard.holding(work),
      txOn: (handle) =>
        new Transaction<Schema>({
          ...parts,
          executor: executor.withConnectionProvider({ provideConnection: (consumer) => consumer(handle) }),
        }),
    },
  }
}

const withHandle = <T>(on: Pick<Reader, 'getExecutor'>, work: (handle: Handle) => Promise<T>): Promise<T> =>
  on.getExecutor().provideConnection((connection) => work(handleOf(connection)))

/** A hot query that the server plans once a connection; on a root handle or in a transaction. */
export const queryPrepared = <R>(on: Reader, name: string, text: string, values: readonly unknown[]): Promise<R[]> =>
  withHandle(on, (handle) => handle.prepared<R>(name, text, values))

/** Questions to a root handle, which go together where several are asked at once. */
type Asks = <R>(of: RowsStatement, values: readonly unknown[]) => Promise<R[]>
const gathering = new WeakMap<object, Asks>()
export const gatherOn = (root: Db, asks: Asks): void => void gathering.set(root, asks)

/**
 * A hot query by one row of parameters: it goes with those that are asked beside it in one statement, by transactions that
 * travel together or of the root handle.
 */
export const askRow = <R>(on: Reader, of: RowsStatement, values: readonly unknown[]): Promise<R[]> =>
  gathering.get(on)?.<R>(of, values) ?? withHandle(on, (handle) => handle.askRow<R>(of, values))

/**
 * A write whose answer nobody waits for: it travels with the next statement of the transaction, or with its COMMIT. Where it
 * fails, that statement or the COMMIT fails, and nothing is written.
 */
export const writeLater = (tx: Tx, write: LaterWrite): Promise<void> =>
  withHandle(tx, async (handle) => handle.later(write))

/** The same by one row of parameters, which goes with those of the transactions beside it in one statement. */
export const writeRow = (
  tx: Tx,
  of: RowsStatement,
  values: readonly unknown[],
  lost?: (error: unknown) => unknown,
): Promise<void> =>
  writeLater(tx, {
    name: of.name,
    part: values,
    join: (rows: readonly (readonly unknown[])[]) => statementOf(of, rows),
    ...(lost ? { lost } : {}),
  })

export const execScript = (tx: Tx, text: string): Promise<void> => withHandle(tx, (handle) => handle.script(text))

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const SLICE = 2 * 1024 * 1024
const NEWLINE = 10

/** Gathers chunks, which may be cut anywhere, into slices of whole lines. */
async function* slices(chunks: CopyChunks): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let text = ''
  let size = 0
  const flushText = () => {
    if (text) parts.push(bytesOf(text))
    text = ''
  }
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') {
      text += chunk
    } else {
      flushText()
      parts.push(chunk)
    }
    size += chunk.length
    if (size < SLICE) continue
    flushText()
    const [only] = parts
    const whole = only instanceof Buffer && parts.length === 1 ? only : Buffer.concat(parts)
    const end = whole.lastIndexOf(NEWLINE) + 1
    if (end) yield whole.subarray(0, end)
    const rest = whole.subarray(end)
    parts = rest.length ? [rest] : []
    size = rest.length
  }
  flushText()
  const last = Buffer.concat(parts)
  if (last.length) yield last
}

/**
 * COPY … FROM, slice by slice, one on its way while the next is gathered: memory stays bounded whatever the source, and the
 * time limit of a statement holds for a slice. The source may use the same tx between slices.
 */
export const copyRows = async (
  tx: Tx,
  table: string,
  columns: readonly string[],
  chunks: CopyChunks,
): Promise<number> => {
  const statement = `copy ${table.split('.').map(quoted).join('.')} (${columns.map(quoted).join(', ')}) from`
  let rows = 0
  let sent: Promise<number> = Promise.resolve(0)
  for await (const slice of slices(chunks)) {
    rows += await sent
    sent = withHandle(tx, (handle) => handle.copy(statement, slice))
    sent.catch(() => {}) // told by the await above or below
  }
  return rows + (await sent)
}
