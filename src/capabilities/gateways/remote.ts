import { type Connection, type TableColumn, quoted } from '../../kernel/foreign-table.ts'
import { type Place, isBadText, nameOf, openForeign } from '../../platform/foreign-postgres.ts'
import { OURS, type TablePlan } from './rules.ts'
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
/** `values` is null where the row cannot be read in UTF-8. */
export type RemoteRow = { seq: string; row: string; values: Record<string, string> | null }

/** One more than a cell may hold: longer ones are seen to be too long without being fetched whole. */
const CELL = 32_768
const MOST_COUNTED = 100_000

export const openRemote = async (at: Connection): Promise<Remote> => {
  const { ask, columns, close, version } = await openForeign(at, 'xinheng-gateway')

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
    version,
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
    close,
  }
}
