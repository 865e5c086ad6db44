import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { describeEngines } from '../../test/harness.ts'
import { sealAudit, verifyAudit } from './audit.ts'
import { systemCtx } from './context.ts'
import { lastPosition, nextRun } from './follow.ts'
import { inTx, recordAct, sequence } from './outbox.ts'

describeEngines('following the log', (p) => {
  const db = () => p().runtime.db.kysely
  /** A commit with so many events, in its place of the log. */
  const commitOf = (events: number) =>
    sql`
    with c as (
      insert into platform.commit (at, position) select now(), coalesce(max(position), 0) + 1 from platform.commit returning n
    )
    insert into platform.event (commit_n, subject_id, at, id, kind, channels, details)
    select c.n, gen_random_uuid(), now(), gen_random_uuid(), 'test.happened', '{}', '{}' from c, generate_series(1, ${events}::int)`.execute(
      db(),
    )
  const runsFrom = async (from: number, limit: number) => {
    const runs: [number, number, boolean][] = []
    for (let after = from; ; ) {
      const run = await nextRun(db(), after, limit)
      if (!run) return runs
      runs.push([run.to - from, run.events, run.more])
      after = run.to
    }
  }

  it('takes commits whole, up to as many events as are done at once, and one that holds more by itself', async () => {
    await sequence(p().runtime)
    const from = await lastPosition(db())
    for (const events of [1_500, 400, 300, 0, 2_500, 10, 1]) await commitOf(events)
    expect(await runsFrom(from, 500)).toEqual([
      [2, 1_900, true],
      [4, 300, true],
      [5, 2_500, true],
      [7, 11, false],
    ])
  })
  it('says that there may be more where it stops at a limit', async () => {
    const from = await lastPosition(db())
    for (const events of [1_000, 1_000, 3, 3, 3]) await commitOf(events)
    expect(await runsFrom(from, 500)).toEqual([
      [2, 2_000, true],
      [5, 9, false],
    ])
    expect((await runsFrom(from, 2)).map(([to]) => to)).toEqual([2, 4, 5])
  })

  it('seals every row of the audit once, however many commits there are', async () => {
    const ctx = systemCtx(p().runtime, 'test')
    const act = { act: 'test.done', target: { kind: 'test', id: '1' } }
    for (let n = 0; n < 450; n++)
      await inTx(ctx, async (tx) => {
        recordAct(tx, ctx, act)
        if (n % 3 === 0) recordAct(tx, ctx, act)
      })
    await sealAudit(p().runtime)
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from platform.audit`.execute(db())
    expect(await verifyAudit(db())).toMatchObject({ ok: true, rows: rows[0]!.n, unsealed: 0 })
    await sql`alter table platform.audit disable trigger all`.execute(db())
    await sql`update platform.audit set act = 'test.undone' where id = (select id from platform.audit order by commit_n desc, id limit 1)`.execute(
      db(),
    )
    expect((await verifyAudit(db())).bad?.why).toBe('changed')
  })
})
