import { AsyncLocalStorage } from 'node:async_hooks'
import {
  AbortedTransactionError,
  CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { DatabaseError, stripped } from './fault.ts'
import type { Schema } from './schema.gen.ts'
import type { CopyChunks, Db, Tx } from './types.ts'

/** What differs between the engines once a client is connected. */
export type Engine = {
  copy(client: PoolClient, statement: string, lines: Buffer): Promise<number>
  /** Runs without a time limit, until the end of the transaction at most. */
  unlimited<T>(client: PoolClient, work: () => Promise<T>): Promise<T>
}

const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** One client of the pool while somebody holds it. */
export class Session implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #engine: Engine
  #broken = false

  constructor(client: PoolClient, engine: Engine) {
    this.#client = client
    this.#engine = engine
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { command, rowCount, rows } = await this.#client.query(query.sql, [...query.parameters])
      if (command === 'COMMIT' || command === 'ROLLBACK') return { rows: [{ command }] as R[] }
      return { rows: rows as R[], numAffectedRows: WRITES.has(command) ? BigInt(rowCount ?? 0) : undefined }
    } catch (error) {
      throw stripped(error)
    }
  }

  async prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
    try {
      return (await this.#client.query({ name, text, values: [...values] })).rows as R[]
    } catch (error) {
      throw stripped(error)
    }
  }

  async copy(statement: string, lines: Buffer): Promise<number> {
    try {
      return await this.#engine.copy(this.#client, statement, lines)
    } catch (error) {
      throw stripped(error)
    }
  }

  async script(text: string): Promise<void> {
    try {
      await this.#engine.unlimited(this.#client, () => this.#client.query(text))
    } catch (error) {
      throw stripped(error)
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.executeQuery(CompiledQuery.raw('rollback'))
    } catch {
      // The connection is gone and its transaction with it; what failed before is the error to tell.
      this.#broken = true
    }
  }

  release(): void {
    this.#client.release(this.#broken)
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('results are not streamed: page by key')
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
    if (this.#holding.getStore()?.open) {
      throw new DatabaseError(
        'ROOT_IN_TRANSACTION',
        'the root handle was used inside a transaction: use the tx at hand',
      )
    }
    const session = new Session(
      await this.#pool.connect().catch((e: unknown) => Promise.reject(stripped(e))),
      this.#engine,
    )
    const held = { open: true }
    try {
      return await this.#holding.run(held, consumer, session)
    } finally {
      held.open = false
      session.release()
    }
  }
}

const sessionOf = (connection: DatabaseConnection): Session => {
  if (connection instanceof Session) return connection
  throw new Error('this handle does not belong to a database opened here')
}

const begin = async (connection: DatabaseConnection, level: string | undefined) => {
  await connection.executeQuery(CompiledQuery.raw(level ? `begin isolation level ${level}` : 'begin'))
}

const driverOf = (pool: Pool, engine: Engine): Driver => ({
  init: async () => {},
  acquireConnection: async () => new Session(await pool.connect(), engine),
  beginTransaction: (connection, settings) => begin(connection, settings.isolationLevel),
  async commitTransaction(connection) {
    const { rows } = await connection.executeQuery<{ command?: string }>(CompiledQuery.raw('commit'))
    // An error that was swallowed inside the transaction turns its COMMIT into a ROLLBACK.
    if (rows[0]?.command === 'ROLLBACK') throw new AbortedTransactionError()
  },
  rollbackTransaction: (connection) => sessionOf(connection).rollback(),
  releaseConnection: async (connection) => sessionOf(connection).release(),
  destroy: async () => {},
})

export const kyselyOn = (pool: Pool, engine: Engine): Db => {
  const dialect = new PostgresDialect({ pool })
  const executor = new DefaultQueryExecutor(new PostgresQueryCompiler(), new PostgresAdapter(), new Guard(pool, engine))
  return new Kysely<Schema>({ config: { dialect }, driver: driverOf(pool, engine), executor, dialect })
}

const withSession = <T>(on: Db | Tx, work: (session: Session) => Promise<T>): Promise<T> =>
  on.getExecutor().provideConnection((connection) => work(sessionOf(connection)))

/** A hot query that the server plans once a connection; on a root handle or in a transaction. */
export const queryPrepared = <R>(on: Db | Tx, name: string, text: string, values: readonly unknown[]): Promise<R[]> =>
  withSession(on, (session) => session.prepared<R>(name, text, values))

export const execScript = (tx: Tx, text: string): Promise<void> => withSession(tx, (session) => session.script(text))

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const SLICE = 2 * 1024 * 1024
const NEWLINE = 10

/** Gathers chunks, which may be cut anywhere, into slices of whole lines. */
async function* slices(chunks: CopyChunks): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let text = ''
  let size = 0
  const flushText = () => {
    if (text) parts.push(Buffer.from(text))
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
    const whole = Buffer.concat(parts)
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
    sent = withSession(tx, (session) => session.copy(statement, slice))
    sent.catch(() => {}) // told by the await above or below
  }
  return rows + (await sent)
}
