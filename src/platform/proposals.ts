import { sql } from 'kysely'
import type { ProposalState } from '../kernel/proposals.ts'
import type { Instant, LocalDate } from '../kernel/time.ts'
import type { Reader, Tx } from './db/index.ts'

/** The columns that every table of proposals has (kernel/proposals.ts), under the names that its views use. */
export type ProposalColumns = {
  id: string
  sourceText: string | null
  reason: string
  effectiveFrom: LocalDate
  state: ProposalState
  createdAt: string
  createdBy: string
  createdName: string
  proposedAt: string | null
  proposedBy: string | null
  proposedName: string | null
  decidedAt: string | null
  decidedBy: string | null
  decidedName: string | null
  decision: string | null
  version: number
}
/** An instant in JSON as it comes from a column. */
export const isoOf = (column: string) =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
/** Of the table that a query calls `p`. */
export const proposalColumns = sql`p.id, p.source_text as "sourceText", p.reason, p.effective_from as "effectiveFrom", p.state,
  ${isoOf('p.created_at')} as "createdAt", p.created_by as "createdBy", p.created_name as "createdName",
  ${isoOf('p.proposed_at')} as "proposedAt", p.proposed_by as "proposedBy", p.proposed_name as "proposedName",
  ${isoOf('p.decided_at')} as "decidedAt", p.decided_by as "decidedBy", p.decided_name as "decidedName", p.decision, p.version`

export type ProposalMove = {
  id: string
  seen: number
  state: ProposalState
  at: Instant
  by: string
  name: string
  decision: string | null
}

/**
 * What two people put in force, in a schema of its own: `proposal` with its moves, and `counter`, raised whenever what is
 * in force changes, by which every process sees that it has to read again.
 */
export const proposalStore = (schema: string) => {
  const [proposal, counter] = [sql.table(`${schema}.proposal`), sql.table(`${schema}.counter`)]
  return {
    /** Who proposes and who decides stand apart; false when somebody else was quicker. */
    saveMove: async (tx: Tx, m: ProposalMove): Promise<boolean> => {
      const who =
        m.state === 'proposed'
          ? sql`proposed_at = ${m.at}::timestamptz, proposed_by = ${m.by}, proposed_name = ${m.name}`
          : sql`decided_at = ${m.at}::timestamptz, decided_by = ${m.by}, decided_name = ${m.name}, decision = ${m.decision}`
      const { rows } = await sql`
        update ${proposal} set state = ${m.state}, ${who}, version = version + 1
        where id = ${m.id} and version = ${m.seen} returning id`.execute(tx)
      return rows.length > 0
    },
    readCounter: async (db: Reader): Promise<string> => {
      const { rows } = await sql<{ n: string }>`select n::text as n from ${counter}`.execute(db)
      return rows[0]?.n ?? '0'
    },
    /** Held until the end of the transaction: two decisions come one after the other. */
    raiseCounter: async (tx: Tx): Promise<void> => {
      await sql`update ${counter} set n = n + 1`.execute(tx)
    },
  }
}

/** The latest first, of one state or of all. Goes behind other conditions on `p`. */
export const proposalPage = (ask: {
  state?: string | undefined
  after: readonly [string, string] | null
  limit: number
}) => sql`
  ${ask.state ? sql`p.state = ${ask.state}` : sql`true`}
    and ${ask.after ? sql`(p.created_at, p.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
  order by p.created_at desc, p.id desc limit ${ask.limit}`
