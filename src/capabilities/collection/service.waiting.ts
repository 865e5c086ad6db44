import { sql } from 'kysely'
import { Refused } from '../../kernel/decision.ts'
import { nameKey } from '../../kernel/text.ts'
import { type Ctx, actorRef } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { recordAct } from '../../platform/outbox.ts'
import type { SubjectFollower, WaitingRow } from '../subjects/contract.ts'
import { dayOfSubmission, itemOf } from './open.ts'
import { acceptRow, handProblem } from './service.returns.ts'
import * as store from './store.ts'

/** Rows that wait because their name is not the one held: people have decided, and each gets its verdict at once. */

type Waiting = WaitingRow & { name: string }
const waitingRows = async (db: Reader, subjectId: string, key: string): Promise<Waiting[]> => {
  const { rows } = await sql<Waiting>`
    select w.submission_id as "submissionId", w.n, w.authority_id as "authorityId", w.authority_name as "authorityName", w.name
    from collection.v_waiting w where w.subject_id = ${subjectId} order by w.submission_id, w.n`.execute(db)
  return rows.filter((r) => nameKey(r.name) === key)
}

const settleOne = async (tx: Tx, ctx: Ctx, waiting: Waiting, accept: boolean): Promise<boolean> => {
  const s = await store.findSubmission(tx, 'all', waiting.submissionId)
  const [row] = s ? await store.rowsByNumber(tx, s.id, [waiting.n]) : []
  const item = s && itemOf(ctx, s.item, dayOfSubmission(s.createdAt))
  if (!s || !row || !item || row.verdict !== 'pending') return false
  let outcome: Awaited<ReturnType<typeof acceptRow>> = null
  try {
    outcome = accept ? await acceptRow(tx, ctx, s, item, row) : null
  } catch (error) {
    // By the rules of today it cannot be taken: it goes back to its collector like any other.
    if (!(error instanceof Refused)) throw error
  }
  const verdict = outcome?.verdict ?? 'refused'
  const saved = await store.saveDecision(tx, {
    submissionId: s.id,
    n: row.n,
    seen: row.version,
    verdict,
    problems: outcome ? [] : [...row.problems, handProblem(item)],
    subjectId: row.subjectId,
    recordId: outcome?.recordId ?? null,
    at: ctx.clock.now(),
    by: actorRef(ctx.actor),
  })
  if (!saved) return false
  await store.moveCounts(tx, s.id, verdict)
  recordAct(tx, ctx, {
    act: 'collection.settle_row',
    target: { kind: 'submission', id: s.id },
    ...(row.subjectId ? { subjectId: row.subjectId } : {}),
    details: { n: row.n, verdict },
  })
  return true
}

export const follower: SubjectFollower = {
  tables: [
    {
      table: 'collection.row',
      key: ['submission_id', 'n'],
      record: 'record_id',
      words: { zh: '报送行', en: 'Rows of submissions' },
    },
  ],
  waiting: (db, ask) => waitingRows(db, ask.subjectId, ask.nameKey),
  settle: async (tx, ctx, ask) => {
    let n = 0
    for (const row of await waitingRows(tx, ask.subjectId, ask.nameKey))
      if (await settleOne(tx, ctx, row, ask.accept)) n++
    return n
  },
}
