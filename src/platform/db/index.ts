/**
 * The database: one Kysely on two engines. PostgreSQL when a `databaseUrl` is given, else PostgreSQL inside the process
 * (PGlite in a worker thread) under `dataDir`, with real fsync, a lock of its own and a cancel for runaway queries.
 * Both engines go through the same driver, so values, errors and parameters are the same on both: `date`, `timestamptz`,
 * `numeric` and `uuid` arrive as strings, `bigint` as a number. Errors never carry row values. It promises that one
 * transaction never sees another's handle: the root handle inside a transaction fails at once. It knows no capability.
 */
import { openEmbedded } from './embedded.ts'
import { openPostgres } from './postgres.ts'
import type { Database, DatabaseConfig } from './types.ts'

export { arrayLiteral, copyLine, json } from './copy.ts'
export { DatabaseError, ONCE_MORE, foundNone, referredToNone } from './fault.ts'
export { DatabaseLocked } from './lock.ts'
export { inBulk, inOrder } from './plans.ts'
export { type RowsStatement, columnsOf, overRows, rowsFrom } from './rows.ts'
export { type LaterWrite, askRow, queryPrepared, writeLater, writeRow } from './session.ts'
export { inTx, inTxTogether } from './tx.ts'
export type { JsonColumn, JsonInput, Schema } from './schema.gen.ts'
export type { CopyChunks, CopyValue, Database, DatabaseConfig, Db, Reader, Tx } from './types.ts'

export const openDatabase = (config: DatabaseConfig): Promise<Database> =>
  config.databaseUrl ? openPostgres(config, config.databaseUrl) : openEmbedded(config)
