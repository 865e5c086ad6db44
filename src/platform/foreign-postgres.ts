import { Client, DatabaseError } from 'pg'
import { Refused, type Refusal, refuse } from '../kernel/decision.ts'
import { type Connection, type TableColumn, quoted } from '../kernel/foreign-table.ts'
import { DatabaseError as OwnDatabaseError } from './db/index.ts'

/** Somebody else's PostgreSQL. We are a guest there: short statements with time limits, and no locks held while we work. */
export type Place = { schema: string; table: string }
export type Foreign = {
  version: string
  ask: <T>(text: string, values?: unknown[]) => Promise<T[]>
  columns: (place: Place) => Promise<TableColumn[]>
  close: () => Promise<void>
}

const CONNECT_MS = 10_000
const STATEMENT_MS = 30_000
const SETTINGS = [
  '-c timezone=Asia/Shanghai',
  '-c datestyle=ISO,YMD',
  '-c client_encoding=UTF8',
  '-c lock_timeout=5s',
  '-c idle_in_transaction_session_timeout=60s',
].join(' ')
export const nameOf = ({ schema, table }: Place) => `${quoted(schema)}.${quoted(table)}`

/** Data that cannot be turned into UTF-8, or into what is asked of it: a matter of one row, not of the connection. */
export const isBadText = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code ?? '').startsWith('22')

/** What the driver says, as a person who can mend it should hear it. */
export const foreignRefusal = (error: unknown, at: Connection, place?: Place): Refusal[] | null => {
  if (error instanceof Refused) return error.refusals
  if (error instanceof OwnDatabaseError) return null
  const table = place ? `${place.schema}.${place.table}` : ''
  const { host, user, database } = at
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const as = (name: string, params: Record<string, unknown> = {}) => refuse(name, { host, ...params }).refusals
  if (error instanceof DatabaseError) {
    if (code === '28P01' || code === '28000') return as('SIGN_IN_REFUSED', { user })
    if (code === '3D000') return as('DATABASE_MISSING', { database })
    if (code === '42P01' || code === '3F000') return as('TABLE_MISSING', { table })
    if (code === '42501') return as('TABLE_NO_RIGHT', { table })
    if (code === '57014' || code === '55P03') return as('TABLE_BUSY', { table })
    if (code.startsWith('57P') || code.startsWith('08')) return as('CONNECTION_LOST')
    if (code === '53300') return as('NO_CONNECTION', { why: code })
    return as('TABLE_FAULT', { why: code || error.message.slice(0, 100) })
  }
  if (!(error instanceof Error)) return null
  if (/^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN)$/.test(code))
    return as('NO_CONNECTION', { why: code })
  if (/timeout/i.test(error.message)) return as(place ? 'TABLE_BUSY' : 'NO_CONNECTION', { why: 'ETIMEDOUT', table })
  if (/^(ECONNRESET|EPIPE)$/.test(code) || /^(Connection terminated|Client (has|was))/.test(error.message))
    return as('CONNECTION_LOST')
  if (/^The server does not support SSL|self.signed|certificate|SCRAM|password/i.test(error.message))
    return as('NO_CONNECTION', { why: error.message.slice(0, 120) })
  return null
}

/** Every value comes as text. `name` is how we are called in its list of connections. */
export const openForeign = async (at: Connection, name: string): Promise<Foreign> => {
  const client = new Client({
    host: at.host,
    port: at.port,
    database: at.database,
    user: at.user,
    password: at.password,
    ssl: at.ssl === 'disable' ? false : { rejectUnauthorized: at.ssl === 'verify-full' },
    application_name: name,
    options: SETTINGS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + CONNECT_MS,
    types: { getTypeParser: () => (text: string) => text },
  })
  // Its query is rejected as well; without a listener the process would end.
  client.on('error', () => undefined)
  await client.connect()
  const ask = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await client.query(text, values)).rows as T[]

  const columns = (place: Place): Promise<TableColumn[]> =>
    ask<Record<'name' | 'type' | 'notNull' | 'mayUpdate' | 'unique', string>>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
        has_column_privilege(c.oid, a.attnum, 'UPDATE') as "mayUpdate",
        exists (select 1 from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisunique
          and i.indkey::text = a.attnum::text and i.indpred is null) as "unique"
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p') order by a.attnum`,
      [place.schema, place.table],
    ).then((rows) =>
      rows.map((r) => ({
        name: r.name,
        type: r.type,
        notNull: r.notNull === 't',
        mayUpdate: r.mayUpdate === 't',
        unique: r.unique === 't',
      })),
    )

  return {
    version: (await ask<{ server_version: string }>('show server_version'))[0]?.server_version ?? '',
    ask,
    columns,
    close: () => client.end().catch(() => undefined),
  }
}
