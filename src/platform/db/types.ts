import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.gen.ts'

export type Db = Kysely<Schema>
export type Tx = Transaction<Schema>
/** What a read needs: the root handle or a transaction. Writes take a Tx, so a write outside of one does not compile. */
export type Reader = Pick<
  Db,
  'selectFrom' | 'selectNoFrom' | 'with' | 'withRecursive' | 'fn' | 'dynamic' | 'getExecutor'
>

export type CopyValue = string | number | boolean | null | undefined | Uint8Array | object
export type CopyChunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

export type DatabaseConfig = {
  /** postgres://…; absent means the embedded engine. */
  databaseUrl?: string
  /** The embedded database lives in `database/` below; ':memory:' keeps nothing. */
  dataDir: string
  log?: (message: string, fields: Record<string, unknown>) => void
  /** Connections to PostgreSQL; the embedded engine has one. */
  poolMax?: number
  /** A query that runs longer is ended with QUERY_CANCELLED. 0 means no limit. */
  statementTimeoutMs?: number
  /** Embedded only: how often to look whether a checkpoint or a vacuum is due. 0 means never. */
  checkpointEveryMs?: number
  vacuumEveryMs?: number
}

export type Database = {
  engine: 'pglite' | 'postgres'
  /** The server's version, such as '15.18'. */
  version: string
  kysely: Db
  /**
   * A use case about one subject (`key`), which asks little and writes at its end, in one transaction with others that arrive
   * while the database is busy. `alone` is the same in a transaction of its own.
   */
  together<T>(key: string, work: (tx: Tx) => Promise<T>, alone: () => Promise<T>): Promise<T>
  /** COPY in text format: chunks of lines made by `copyLine`. Without a tx it is one transaction of its own. */
  copyRows(tx: Tx | null, table: string, columns: readonly string[], chunks: CopyChunks): Promise<number>
  /** After imports: ANALYZE, and on the embedded engine CHECKPOINT and VACUUM. Not inside a transaction. */
  maintain(): Promise<void>
  /**
   * Beside a bulk writer: what it has left on the lists of indexes of words (`inBulk`) goes where it belongs, so that searches do
   * not read through it. One at a time; nothing to do on the embedded engine, whose one connection is the writer's.
   */
  sweep(): Promise<void>
  /** Several statements in one text, without parameters, without a time limit: migrations. */
  exec(tx: Tx, script: string): Promise<void>
  /** Ends what runs now; whoever waits for it is refused with QUERY_CANCELLED. */
  cancelAll(): Promise<void>
  /** How often the embedded engine has called fsync; 0 on PostgreSQL, which does so out of sight. */
  fsyncCalls(): number
  close(): Promise<void>
}
