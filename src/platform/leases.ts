import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Tx } from './db/index.ts'

/** Rows that are work, with `leased_by` and `lease_until`: one process at a time is at each, until it gives it back or has not been heard of. */
export type Work = { table: string; key: string }
type Mine = { id: string; owner: string }

/** Takes the first row that is due and that nobody is at; null when there is none. In `due` and `order` the row is `w`. */
export const claimLease = async (
  tx: Tx,
  { table, key }: Work,
  ask: {
    owner: string
    now: string
    until: string
    /** A lease beyond it was written under another clock and holds nothing. */
    far?: string
    due: RawBuilder<SqlBool>
    order: RawBuilder<unknown>
    set?: RawBuilder<unknown>
  },
): Promise<string | null> => {
  const far = ask.far ? sql`or w.lease_until > ${ask.far}` : sql``
  const { rows } = await sql<{ id: string }>`
    update ${sql.table(table)} set leased_by = ${ask.owner}, lease_until = ${ask.until}${ask.set ? sql`, ${ask.set}` : sql``}
    where ${sql.ref(key)} = (
      select w.${sql.ref(key)} from ${sql.table(table)} w
      where ${ask.due} and (w.lease_until is null or w.lease_until < ${ask.now} ${far})
      order by ${ask.order} limit 1 for update of w skip locked
    )
    returning ${sql.ref(key)} as id`.execute(tx)
  return rows[0]?.id ?? null
}

const mine = ({ key }: Work, { id, owner }: Mine) => sql<SqlBool>`${sql.ref(key)} = ${id} and leased_by = ${owner}`

/** Locks the row until the transaction ends; false when another process has it now, or `also` does not hold any more. */
export const holdLease = async (
  tx: Tx,
  of: Work,
  ask: Mine & { until: string; also?: RawBuilder<SqlBool> },
): Promise<boolean> => {
  const done = await sql`
    update ${sql.table(of.table)} set lease_until = ${ask.until}
    where ${mine(of, ask)} and ${ask.also ?? sql<SqlBool>`true`}`.execute(tx)
  return done.numAffectedRows === 1n
}

/** Gives it back with what the work has come to; false, and nothing is written, when another process has it now. */
export const releaseLease = async (
  tx: Tx,
  of: Work,
  ask: Mine & { set: Readonly<Record<string, unknown>> },
): Promise<boolean> => {
  const set = Object.entries(ask.set).map(([column, value]) => sql`, ${sql.ref(column)} = ${value}`)
  const done = await sql`
    update ${sql.table(of.table)} set lease_until = null, leased_by = null${sql.join(set, sql``)} where ${mine(of, ask)}`.execute(
    tx,
  )
  return done.numAffectedRows === 1n
}
