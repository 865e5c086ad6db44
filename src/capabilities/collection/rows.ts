import { mustNot } from '../../kernel/decision.ts'
import { type Page, encodeCursor, readCursor } from '../../kernel/page.ts'
import type { Ctx } from '../../platform/context.ts'
import { listBySubmission } from '../records/index.ts'
import { maskName } from '../../kernel/mask.ts'
import { subjectsById } from '../subjects/index.ts'
import type { RowView } from './contract.ts'
import { dayOfSubmission, itemOf } from './open.ts'
import * as store from './store.ts'
import { rowView } from './views.ts'
import type { Verdict } from './words.ts'

/** Accepted rows are found on their records; they are not kept twice. */
const acceptedRows = async (ctx: Ctx, submissionId: string, after: number, limit: number): Promise<RowView[]> => {
  const records = await listBySubmission(ctx.db.kysely, submissionId, { after, limit })
  const subjects = await subjectsById(ctx.db.kysely, [...new Set(records.map((r) => r.subjectId))])
  return records.map((r) => {
    const subject = subjects.get(r.subjectId)
    const name = subject?.name ?? ''
    return {
      n: r.rowN,
      verdict: 'accepted',
      name: subject?.kind === 'natural_person' ? maskName(name) : name,
      docNo: r.docNo,
      problems: [],
      subjectId: r.subjectId,
      recordId: r.recordId,
      decidedAt: null,
      mayDecide: false,
      version: 1,
    }
  })
}

/** Row by row in the order of the file; each row stands once, whichever table holds it. */
export const listRows = async (
  ctx: Ctx,
  ask: { id: string; verdict?: Verdict | undefined; after?: string | undefined; limit: number },
): Promise<Page<RowView>> => {
  const s =
    (await store.findSubmission(ctx.db.kysely, store.scopeOf(ctx.actor), ask.id)) ?? mustNot('NO_SUCH_SUBMISSION')
  const [after] = readCursor(ask.after, 'integer') ?? [0]
  const limit = ask.limit + 1
  const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt))
  const kept =
    ask.verdict === 'accepted' ? [] : await store.listRows(ctx.db.kysely, s.id, { verdict: ask.verdict, after, limit })
  const decided =
    ask.verdict === 'accepted' ? await store.listRows(ctx.db.kysely, s.id, { verdict: 'accepted', after, limit }) : []
  const accepted =
    ask.verdict === undefined || ask.verdict === 'accepted' ? await acceptedRows(ctx, s.id, after, limit) : []
  const byNumber = new Map(accepted.map((r) => [r.n, r]))
  for (const r of [...kept, ...decided]) byNumber.set(r.n, rowView(ctx, item, r))
  const rows = [...byNumber.values()].toSorted((a, b) => a.n - b.n).slice(0, limit)
  const last = rows[ask.limit - 1]
  return rows.length > ask.limit && last
    ? { rows: rows.slice(0, ask.limit), next: encodeCursor([last.n]) }
    : { rows, next: null }
}
