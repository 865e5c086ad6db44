/**
 * Previewing a change of the rules on a million records, on PostgreSQL: records as the real pipeline leaves them, of many days,
 * fines and kinds; a change that touches nearly all of them. From drawing it up to the last figure by authority and item. The
 * bare thing beside it reads the same columns of the same rows and looks at none of them.
 */
import { rmSync } from 'node:fs'
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { drawUpChange, getChange, runRulePreviews } from '../src/capabilities/policies/index.ts'
import { addDays } from '../src/kernel/time.ts'
import { systemCtx } from '../src/platform/context.ts'
import { type Figure, median, reaches, taken } from './figure.ts'
import { REPORTER, penaltyFile, prepare, todayHere } from './import-csv.ts'
import { importIn } from './processes.ts'
import type { Yard } from './yard.ts'

/** A trial may hold fewer. */
const RECORDS = Number(process.env['XINHENG_BENCH_PREVIEW'] ?? 1_000_000)
const ROUNDS = 3
const GOAL_S = 60
const STRETCH = 4_000

const rules = (months: number): string => `kind: overrides
regime: credit_china/ndrc-36
windows:
  - id: sector-general
    tier: sector
    when: { item: [penalty, abnormal_list, serious_list], sector_class: [general] }
    class: general
    shown: true
    repair: apply
    min: P1M
    max: P${months}M
    term_delays_repair: true
    article: 第十一条
    why: { zh: 试算：最短公示期1个月。, en: A trial of a shorter period. }
`

const BARE = `
  select r.subject_id, r.id, r.item, r.authority_id, r.authority_name, r.doc_no, r.decided_on, r.facts, r.windows, r.disposed
  from records.record r where (r.subject_id, r.id) > ($1::uuid, $2::uuid) order by r.subject_id, r.id limit ${STRETCH}`
const FIRST = '00000000-0000-0000-0000-000000000000'

const readAll = async (client: Client): Promise<number> => {
  const began = performance.now()
  let [subject, record] = [FIRST, FIRST]
  for (;;) {
    const { rows } = await client.query<{ subject_id: string; id: string }>(BARE, [subject, record])
    const last = rows.at(-1)
    if (!last || rows.length < STRETCH) return (performance.now() - began) / 1000
    ;[subject, record] = [last.subject_id, last.id]
  }
}

export const preview = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('preview')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('preview') }
  await prepare(env)
  const path = await penaltyFile(yard, { rows: RECORDS, subjects: RECORDS / 2, from: 1 })
  await importIn({ env, path, authority: REPORTER.code })
  rmSync(path)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum analyze records.record')
  const { rows } = await client.query<{ n: string }>('select count(distinct facts) as n from records.record')
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const changes: number[] = []
  let peak = 0
  const pair = await taken(
    ROUNDS,
    async (round) => {
      const began = performance.now()
      const { id } = await drawUpChange(ctx, {
        effectiveFrom: addDays(todayHere(), 1),
        reason: 'bench',
        ask: { kind: 'rows', text: rules(4 + round) },
      })
      await runRulePreviews(ctx)
      const seconds = (performance.now() - began) / 1000
      const done = await getChange(ctx, { id })
      if (done.preview.state !== 'done' || done.preview.checked !== RECORDS)
        throw new Error(`looked at ${done.preview.checked} of ${RECORDS}`)
      changes.push(done.preview.figures.find((f) => f.figure === 'changed')?.n ?? 0)
      peak = Math.max(peak, process.memoryUsage().rss)
      return seconds
    },
    () => readAll(client),
  )
  await runtime.db.close()
  await client.end()
  const note = `${RECORDS.toLocaleString('en')} records of ${Number(rows[0]?.n).toLocaleString('en')} distinct facts, ${median(changes).toLocaleString('en')} change; ${Math.round(peak / 1024 / 1024)} MB at most`
  return [reaches('preview', 's', pair, { goal: GOAL_S, better: 'less', note })]
}
