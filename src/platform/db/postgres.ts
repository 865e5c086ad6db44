import { Client, type ClientConfig, Pool, DatabaseError as ServerError } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { DatabaseError, codeOf, stripped } from './fault.ts'
import { SESSION, types } from './parse.ts'
import { type Engine, copyRows, execScript, gatherOn, kyselyOn } from './session.ts'
import { Gathered, Together } from './together.ts'
import type { Database, DatabaseConfig } from './types.ts'

const OLDEST = 150_000
const DEFAULT_POOL = 10
const DEFAULT_TIMEOUT_MS = 60_000
/** Shared transactions under way at once: one is computed while another is carried out. */
const LANES = 2
const CONNECT_TIMEOUT_MS = 10_000

const options = Object.entries(SESSION)
  .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
  .join(' ')

const engine: Engine = {
  copy: (client, statement, lines) =>
    new Promise((resolve, reject) => {
      const stream = client.query(copyFrom(`${statement} stdin`))
      stream.once('error', reject)
      stream.once('finish', () => resolve(stream.rowCount))
      stream.end(lines)
    }),
  async unlimited(client, work) {
    await client.query('set local statement_timeout = 0')
    return work()
  },
}

const LISTS = `select gin_clean_pending_list(c.oid) from pg_class c
  join pg_am a on a.oid = c.relam and a.amname = 'gin' join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'i' and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema') and pg_has_role(c.relowner, 'USAGE')`

const versionOf = async (pool: Pool): Promise<string> => {
  const { rows } = await pool.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
  )
  const { version = '', number = 0 } = rows[0] ?? {}
  if (number < OLDEST)
    throw new Error(
      `需要 PostgreSQL 15 或更高版本，现为 ${version} / PostgreSQL 15 or later is needed, this is ${version}`,
    )
  return version.split(' ')[0] ?? version
}

/** One line for whoever starts the platform; the url may hold a password, so only its host is told. */
const cannotConnect = (url: string, error: unknown): unknown => {
  const code = codeOf(error)
  if (error instanceof Error && !code) return stripped(error)
  const host = URL.canParse(url) ? new URL(url).host : 'DATABASE_URL'
  const why = error instanceof ServerError ? `${code} ${error.message}` : code
  return new DatabaseError(
    'CANNOT_CONNECT',
    `无法连接数据库 ${host}:${why} / cannot connect to the database at ${host}: ${why}`,
  )
}

export const openPostgres = async (config: DatabaseConfig, url: string): Promise<Database> => {
  const connection: ClientConfig = {
    connectionString: url,
    application_name: 'xinheng',
    types,
    options,
    keepAlive: true,
  }
  const pool = new Pool({
    ...connection,
    max: config.poolMax ?? DEFAULT_POOL,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: config.statementTimeoutMs ?? DEFAULT_TIMEOUT_MS,
  })
  const connected = new Set<number>()
  pool.on('connect', (client) => {
    const { processID } = client as unknown as { processID: number }
    connected.add(processID)
    client.on('end', () => connected.delete(processID))
    // Its query is rejected as well; without a listener the process would end.
    client.on('error', () => {})
  })
  pool.on('error', (error) => config.log?.('database connection lost', { error: stripped(error) }))

  const version = await versionOf(pool).catch(async (error: unknown) => {
    await pool.end()
    throw cannotConnect(url, error)
  })
  const { kysely, ground } = kyselyOn(pool, engine)
  const together = new Together(ground, LANES)
  const gathered = new Gathered(ground, LANES)
  gatherOn(kysely, (of, values) => gathered.ask(of, values))
  let sweeping: Promise<void> | null = null
  return {
    engine: 'postgres',
    version,
    kysely,
    together: (key, work, alone) => together.run(key, work, alone),
    copyRows: (tx, table, columns, chunks) =>
      tx
        ? copyRows(tx, table, columns, chunks)
        : kysely.transaction().execute((own) => copyRows(own, table, columns, chunks)),
    async maintain() {
      const client = await pool.connect()
      try {
        await client.query(`set statement_timeout = 0; ${LISTS}; analyze; reset statement_timeout`)
      } finally {
        client.release()
      }
    },
    sweep: () =>
      (sweeping ??= pool
        .query(LISTS)
        .then(() => undefined)
        .finally(() => (sweeping = null))),
    exec: execScript,
    async cancelAll() {
      const other = new Client(connection)
      other.on('error', () => {})
      await other.connect()
      try {
        await other.query('select pg_cancel_backend(pid) from unnest($1::int[]) pid', [[...connected]])
      } finally {
        await other.end()
      }
    },
    fsyncCalls: () => 0,
    close: () => pool.end(),
  }
}
