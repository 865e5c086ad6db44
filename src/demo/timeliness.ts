import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { importFile } from '../capabilities/collection/index.ts'
import { catalogItemOn } from '../capabilities/records/index.ts'
import type { SampleDetail } from '../capabilities/timeliness/contract.ts'
import { api as timeliness, catchUp, lookThrough } from '../capabilities/timeliness/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import { inTx } from '../platform/outbox.ts'
import { type As, atHour } from './cases.ts'
import { type DemoRow, penaltyRow } from './rows.ts'
import type { DemoSubject } from './world.ts'

type Place = { id: string; name: string; code: string; word: string }
type Scene = { runtime: Runtime; as: As; subjects: DemoSubject[]; places: Record<string, Place>; today: LocalDate }
const { handlers } = timeliness

/** Before, the district tried the platform out with what it had: history, handed in as such. */
export const REGULAR_DAYS = 100

const csv = (rows: string[][]): string =>
  `${rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`

const FIRST = 501
const LAST = 515
/** Never reported; the last one stands on the authority's own list all the same. */
const GONE = new Set([505, 509, 510, LAST])
/** Handed in long after its term. */
const LATE_FROM = 511
const decidedOn = (today: LocalDate, n: number): LocalDate => addDays(today, -45 + (n - FIRST))

/** A run of one authority's numbers: most in time, four late, three missing in the middle. */
const handInRun = async ({ runtime, subjects, places, today }: Scene): Promise<string[][]> => {
  const rowOf = (n: number, handedIn: LocalDate): DemoRow =>
    penaltyRow(subjects[n]!, {
      kind: 'fine',
      n,
      decided: decidedOn(today, n),
      handedIn,
      today,
      places,
      authority: 'safety',
    })
  const numbers = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i)
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-demo-'))
  try {
    for (const [handedIn, part] of [
      [addDays(today, -34), numbers.filter((n) => !GONE.has(n) && n < LATE_FROM)],
      [addDays(today, -4), numbers.filter((n) => !GONE.has(n) && n >= LATE_FROM)],
    ] as const) {
      const rows = part.map((n) => rowOf(n, handedIn))
      const fields = catalogItemOn(runtime.policy.catalog, 'penalty', handedIn)!.fields.filter((f) =>
        rows.some((r) => r.fields[f.key]),
      )
      const path = join(folder, `${places.safety!.word}-行政处罚-${handedIn}.csv`)
      writeFileSync(
        path,
        csv([fields.map((f) => f.label.zh), ...rows.map((r) => fields.map((f) => r.fields[f.key] ?? ''))]),
      )
      await importFile(systemCtx(atHour(runtime, handedIn, 15), 'demonstration'), {
        path,
        item: 'penalty',
        authority: places.safety!.code,
        wayIn: 'seed',
      })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return numbers.map((n) => [rowOf(n, today).fields.doc_no!, decidedOn(today, n)])
}

const uploaded = async (ctx: Ctx, name: string, text: string) => {
  const file = await ctx.files.put(Readable.from([Buffer.from(text)]), Number.MAX_SAFE_INTEGER)
  await inTx(ctx, async (tx) => {
    await sql`insert into platform.file (hash, bytes, media_type, created_at)
      values (${file.hash}, ${file.bytes}, 'text/csv', ${ctx.clock.now()}) on conflict do nothing`.execute(tx)
  })
  return { ...file, name, mediaType: 'text/csv' }
}

/** The authority's own list, a draw from it, what was found, and the authority's answer. */
const checkOneList = async ({ as, places, today }: Scene, rows: string[][]): Promise<void> => {
  const office = as('credit-office', addDays(today, -2), 10)
  const text = csv([['行政处罚决定书文号', '处罚决定日期'], ...rows])
  const file = await uploaded(office, '应急管理局行政处罚决定清单.csv', text)
  const list = await handlers.uploadDecisionList(office, { authorityId: places.safety!.id, item: 'penalty', file })
  let sample: SampleDetail = await handlers.drawSample(office, { listId: list.id, size: 8, seed: `${today}-演示` })
  const gone = sample.rows.find((r) => !r.held)?.n
  sample = await handlers.markSampleRows(office, {
    id: sample.id,
    seen: sample.version,
    marks: sample.rows.map(({ n, held }) => {
      if (held) return { n, found: 'reported' as const, note: '' }
      return n === gone
        ? { n, found: 'neither' as const, note: '平台和单位门户网站均未查到' }
        : { n, found: 'published' as const, note: '单位门户网站已公示' }
    }),
  })
  sample = await handlers.closeSample(office, { id: sample.id, seen: sample.version })
  await handlers.answerSample(as('safety-head', addDays(today, -1), 10), {
    id: sample.id,
    seen: sample.version,
    answer: '经核实，所列案件已经结案，因系统录入疏漏未报送，将于三个工作日内补报。',
  })
}

/** Some come late, a run has gaps, one gap is explained, one spot check is closed and answered. */
export const playTimeliness = async (scene: Scene): Promise<void> => {
  const { runtime, as, places, today } = scene
  const rows = await handInRun(scene)
  await catchUp(systemCtx(atHour(runtime, today, 8), 'demonstration'))
  const began = as('credit-office', addDays(today, -REGULAR_DAYS), 10)
  const starts = await handlers.listReportingStarts(began, { limit: 100 })
  for (const start of starts.rows)
    await handlers.setReportingStart(began, {
      id: start.authorityId,
      seen: start.version,
      beginsOn: addDays(today, -REGULAR_DAYS),
      reason: '自该日起按规定时限报送，此前为试运行期间补录的历史数据。',
    })
  for (const start of starts.rows)
    await lookThrough(systemCtx(atHour(runtime, today, 6), 'demonstration'), start.authorityId)
  await checkOneList(scene, rows)
  const collector = as('safety-collector', addDays(today, -1), 15)
  const found = await handlers.listFindings(collector, {
    authorityId: places.safety!.id,
    state: 'open',
    kind: 'gap',
    limit: 50,
  })
  const [voided] = found.rows.filter((f) => f.docNo.includes('505'))
  if (voided)
    await handlers.explainFinding(collector, {
      id: voided.id,
      seen: voided.version,
      reason: '该文号因案件撤回未使用，已在文书登记簿注明。',
    })
}
