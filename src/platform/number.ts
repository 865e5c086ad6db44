import { sql } from 'kysely'
import type { LocalDate } from '../kernel/time.ts'
import type { Tx } from './db/index.ts'

/**
 * The next number of a series that a capability counts in a table of its own: the columns that name the series are its key,
 * `last` is the number given last. Its row is held to the end of the transaction, so that none is given twice and none is
 * lost. Of several at once it answers the first.
 */
export const nextNumber = async (
  tx: Tx,
  table: `${string}.number`,
  series: Readonly<Record<string, string | number>>,
  count = 1,
): Promise<number> => {
  const key = sql.join(Object.keys(series).map((column) => sql.ref(column)))
  const { rows } = await sql<{ last: number }>`
    insert into ${sql.table(table)} as held (${key}, last) values (${sql.join(Object.values(series))}, ${count}::int)
    on conflict (${key}) do update set last = held.last + excluded.last returning last`.execute(tx)
  return rows[0]!.last - count + 1
}

const PAD = 4
/** As it is written on paper: what it is, the day, and which of that day. */
export const numberOfDay = (prefix: string, on: LocalDate, n: number): string =>
  `${prefix}${on.replaceAll('-', '')}-${String(n).padStart(PAD, '0')}`
