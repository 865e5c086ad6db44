import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { chunksOf, dayOfSubmission, directoryOf, itemOf, openReading } from './open.ts'
import * as store from './store.ts'
import type { Verdict } from './words.ts'

/** What came, read again from the file that was kept: for whoever proves the balance. */

const BATCH = 2_000

/** The numbers of the rows in the raw file of a submission, ascending. Needs nothing but the file and how it was read. */
export const rawRowsOf = async function* (ctx: Ctx, id: string): AsyncGenerator<number[]> {
  const reader = ctx.db.kysely
  const s = (await store.findSubmission(reader, 'all', id)) ?? mustNot('NO_SUCH_SUBMISSION')
  if (!s.fileHash) return
  const path = ctx.files.pathOf(s.fileHash)
  // Rows that were answered at once are kept as one list; a table's heading stands in a row of its own.
  if (s.header?.row === 0) {
    const rows: unknown = JSON.parse(await readFile(path, 'utf8'))
    const count = Array.isArray(rows) ? rows.length : 0
    for (let at = 0; at < count; at += BATCH)
      yield Array.from({ length: Math.min(BATCH, count - at) }, (_, i) => at + i + 1)
    return
  }
  const directory = await directoryOf(reader)
  const reporter = directory.byId.get(s.authorityId)
  const day = dayOfSubmission(s.createdAt)
  const item = itemOf(ctx, s.item, day)
  if (!reporter || !item) return
  const reading = await openReading(ctx, {
    path,
    name: s.fileName,
    item,
    reporter,
    directory,
    today: day,
    mapping: s.mapping,
    remembered: () => Promise.resolve(null),
  })
  for await (const chunk of chunksOf(reading, 0, BATCH)) yield chunk.map((row) => row.n)
}

/** Rows that were kept because they were not simply accepted: number and verdict, ascending. */
export const keptVerdicts = async (
  reader: Reader,
  id: string,
  ask: { after: number; to?: number; limit: number },
): Promise<{ n: number; verdict: Verdict }[]> =>
  (
    await sql<{ n: number; verdict: Verdict }>`
      select n, verdict from collection.row where submission_id = ${id} and n > ${ask.after}
        and ${ask.to === undefined ? sql`true` : sql`n <= ${ask.to}`}
      order by n limit ${ask.limit}`.execute(reader)
  ).rows
