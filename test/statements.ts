/** What the database is asked: each statement as it is sent, and how many rows of a table it has to read for its answer. */
import { CompiledQuery, type KyselyPlugin, createQueryId } from 'kysely'
import type { Ctx } from '../src/platform/context.ts'
import type { Db } from '../src/platform/db/index.ts'

type Hook = { asked?: (text: string) => void; answered?: (text: string, rows: number) => Promise<void> | void }
/** The same context with somebody who sees every statement and may do something once it has been answered. */
export const watched = (ctx: Ctx, { asked, answered }: Hook): Ctx => {
  const texts = new WeakMap<object, string>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const text = ctx.db.kysely.getExecutor().compileQuery(node, queryId).sql
      texts.set(queryId, text)
      asked?.(text)
      return node
    },
    transformResult: async ({ result, queryId }) => {
      await answered?.(texts.get(queryId) ?? '', result.rows.length)
      return result
    },
  }
  return { ...ctx, db: { ...ctx.db, kysely: ctx.db.kysely.withPlugin(plugin) } }
}

type Plan = {
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Rows Removed by Join Filter'?: number
  Plans?: Plan[]
}
const readBy = (plan: Plan, table: string): number => {
  const own =
    plan['Relation Name'] === table
      ? ((plan['Actual Rows'] ?? 0) +
          (plan['Rows Removed by Filter'] ?? 0) +
          (plan['Rows Removed by Index Recheck'] ?? 0)) *
        (plan['Actual Loops'] ?? 1)
      : 0
  return own + (plan.Plans ?? []).reduce((sum, p) => sum + readBy(p, table), 0)
}
/** Rows of a table that the statements of some work read. */
export const rowsRead = async (db: Db, table: string, work: (db: Db) => Promise<unknown>): Promise<number> => {
  const sent: CompiledQuery[] = []
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      sent.push(db.getExecutor().compileQuery(node, createQueryId()))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await work(db.withPlugin(plugin))
  let read = 0
  for (const q of sent) {
    const explained = CompiledQuery.raw(`explain (analyze, format json) ${q.sql}`, [...q.parameters])
    const { rows } = await db.executeQuery<Record<'QUERY PLAN', { Plan: Plan }[] | string>>(explained)
    const found = rows[0]!['QUERY PLAN']
    const [whole] = (typeof found === 'string' ? JSON.parse(found) : found) as { Plan: Plan }[]
    read += readBy(whole!.Plan, table)
  }
  return read
}
