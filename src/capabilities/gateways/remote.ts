import { Client, DatabaseError } from 'pg'
import { Refused, type Refusal, refuse } from '../../kernel/decision.ts'
import { DatabaseError as OwnDatabaseError } from '../../platform/db/index.ts'
import { type Connection, OURS, type TableColumn, type TablePlan, quoted } from './rules.ts'
import type { Answer } from './store.ts'

/**
 * The authority's own PostgreSQL. We are a guest there: short statements with time limits, no locks held while we work, and
 * an update only of our own columns and only of the row as we read it (its `xmin`), so that what the authority changes
 * meanwhile is read again and never overwritten.
 */
export type Remote = {
  version: string
  columns: (place: Place) => Promise<TableColumn[]>
  waiting: (place: Place) => Promise<number>
  read: (place: Place, plan: TablePlan, limit: number) => Promise<RemoteRow[]>
  answer: (place: Place, plan: TablePlan, told: Told) => Promise<void>
  /** Rows that had waited for people and were decided; only where the receipt is still ours. */
  answerDecided: (place: Place, plan: TablePlan, told: Told) => Promise<void>
  /** Any of these rows stands as new in the very version that was answered. */
  stillNew: (place: Place, answers: readonly Answer[]) => Promise<boolean>
  close: () => Promise<void>
}
export type Told = { receipt: string; answers: readonly Answer[] }
export type Place = { schema: string; table: string }
/** `values` is null where the row cannot be read in UTF-8. */
export type RemoteRow = { seq: string; row: string; values: Record<string, string> | null }

const CONNECT_MS = 10_000
const STATEMENT_MS = 30_000
const SETTINGS = [
  '-c timezone=Asia/Shanghai',
  '-c datestyle=ISO,YMD',
  '-c client_encoding=UTF8',
  '-c lock_timeout=5s',
  '-c idle_in_transaction_session_timeout=60s',
].join(' ')
/** One more than a cell may hold: longer ones are seen to be too long without being fetched whole. */
const CELL = 32_768
const MOST_COUNTED = 100_000

const nameOf = ({ schema, table }: Place) => `${quoted(schema)}.${quoted(table)}`

/** Data that cannot be turned into UTF-8: a matter of one row, not of the connection. */
const isBadText = (error: unknown): boolean => error instanceof DatabaseError && (error.code ?? '').startsWith('22')

/** What the driver says, as a person who can mend it should hear it. */
export const remoteRefusal = (error: unknown, at: Connection, place?: Place): Refusal[] | null => {
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

export const openRemote = async (at: Connection): Promise<Remote> => {
  const client = new Client({
    host: at.host,
    port: at.port,
    database: at.database,
    user: at.user,
    password: at.password,
    ssl: at.ssl === 'disable' ? false : { rejectUnauthorized: at.ssl === 'verify-full' },
    application_name: 'xinheng-gateway',
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

  const listed = (plan: TablePlan) =>
    plan.columns.map(({ column }, i) => `left(${quoted(column)}::text, ${CELL}) as c${i}`).join(', ')
  type Cells = Record<string, string | null>
  const valuesOf = (plan: TablePlan, cells: Cells): Record<string, string> =>
    Object.fromEntries(plan.columns.map(({ key }, i) => [key, cells[`c${i}`] ?? '']))

  /** By status and in order of the sequence: a row that is committed late with a low number is not passed over. */
  const head = (place: Place, limit: number) =>
    ask<{ seq: string; row: string }>(
      `select ${OURS.seq} as seq, xmin::text as row from ${nameOf(place)} where ${OURS.status} = 0 order by ${OURS.seq} limit ${limit}`,
    )
  const read = async (place: Place, plan: TablePlan, limit: number): Promise<RemoteRow[]> => {
    const from = `${nameOf(place)} where ${OURS.status} = 0`
    try {
      const rows = await ask<Cells & { seq: string; row: string }>(
        `select ${OURS.seq} as seq, xmin::text as row, ${listed(plan)} from ${from} order by ${OURS.seq} limit ${limit}`,
      )
      return rows.map((r) => ({ seq: r.seq, row: r.row, values: valuesOf(plan, r) }))
    } catch (error) {
      if (!isBadText(error)) throw error
    }
    const rows: RemoteRow[] = []
    for (const { seq, row } of await head(place, limit)) {
      const one = await ask<Cells>(
        `select ${listed(plan)} from ${nameOf(place)} where ${OURS.seq} = $1::text::bigint and xmin::text = $2`,
        [seq, row],
      ).catch((error: unknown) => {
        if (isBadText(error)) return null
        throw error
      })
      if (one === null) rows.push({ seq, row, values: null })
      else if (one[0]) rows.push({ seq, row, values: valuesOf(plan, one[0]) })
    }
    return rows
  }

  const write = (place: Place, { errorLength }: TablePlan, { receipt, answers }: Told, only: string) =>
    ask(
      `update ${nameOf(place)} t set ${OURS.status} = v.status, ${OURS.error} = ${errorLength === null ? 'v.error' : `left(v.error, ${errorLength})`}, ${OURS.receipt} = $1, ${OURS.answeredAt} = now()
      from unnest($2::text[], $3::text[], $4::int[], $5::text[]) as v(seq, row, status, error)
      where t.${OURS.seq} = v.seq::bigint and ${only}`,
      [
        receipt,
        answers.map((a) => a.seq),
        answers.map((a) => a.row),
        answers.map((a) => a.status),
        answers.map((a) => a.error),
      ],
    ).then(() => undefined)

  return {
    version: (await ask<{ server_version: string }>('show server_version'))[0]?.server_version ?? '',
    columns,
    waiting: async (place) =>
      Number(
        (
          await ask<{ n: string }>(
            `select count(*) as n from (select 1 from ${nameOf(place)} where ${OURS.status} = 0 limit ${MOST_COUNTED}) w`,
          )
        )[0]?.n ?? 0,
      ),
    read,
    answer: (place, plan, told) => write(place, plan, told, `t.xmin::text = v.row and t.${OURS.status} = 0`),
    answerDecided: (place, plan, told) => write(place, plan, told, `t.${OURS.status} = 1 and t.${OURS.receipt} = $1`),
    stillNew: async (place, answers) =>
      (
        await ask(
          `select 1 as one from ${nameOf(place)} t join unnest($1::text[], $2::text[]) as v(seq, row) on t.${OURS.seq} = v.seq::bigint
          where t.xmin::text = v.row and t.${OURS.status} = 0 limit 1`,
          [answers.map((a) => a.seq), answers.map((a) => a.row)],
        )
      ).length > 0,
    close: () => client.end().catch(() => undefined),
  }
}
