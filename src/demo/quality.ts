import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importFile } from '../capabilities/collection/index.ts'
import { api as quality, countAnew, countChanges } from '../capabilities/quality/index.ts'
import { catalogItemOn } from '../capabilities/records/index.ts'
import { followChanges } from '../capabilities/territory/index.ts'
import { catchUp } from '../capabilities/timeliness/index.ts'
import { type LocalDate, addDays, addMonths, later } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { type As, atHour } from './cases.ts'
import { penaltyRow } from './rows.ts'
import type { DemoSubject } from './world.ts'

type Place = { id: string; name: string; code: string; word: string }
type Scene = {
  runtime: Runtime
  as: As
  subjects: DemoSubject[]
  places: Record<string, Place>
  division: string
  today: LocalDate
}

/** Two authorities that took little care this month: rows, and how many of them have a damaged code. */
const CARELESS = [
  { authority: 'city', first: 1201, rows: 40, damaged: 13 },
  { authority: 'culture', first: 1261, rows: 24, damaged: 17 },
] as const

const handInCarelessly = async ({ runtime, subjects, places, today }: Scene): Promise<void> => {
  const month = `${today.slice(0, 7)}-01` as LocalDate
  const handedIn = later(month, addDays(today, -2))
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-demo-'))
  try {
    for (const { authority, first, rows, damaged } of CARELESS) {
      const lines = Array.from({ length: rows }, (_, i) => {
        const n = first + i
        const decided = addDays(handedIn, -1 - (i % 5))
        const row = penaltyRow(subjects[n]!, { kind: 'fine', n, decided, handedIn, today, places, authority })
        const uscc = row.fields.uscc ?? ''
        return i < damaged ? { ...row.fields, uscc: i % 3 ? uscc.slice(0, 17) : `${uscc.slice(0, 17)}I` } : row.fields
      })
      const fields = catalogItemOn(runtime.policy.catalog, 'penalty', handedIn)!.fields.filter((f) =>
        lines.some((l) => l[f.key]),
      )
      const table = [fields.map((f) => f.label.zh), ...lines.map((l) => fields.map((f) => l[f.key] ?? ''))]
      const path = join(folder, `${places[authority]!.word}-行政处罚-${handedIn}.csv`)
      writeFileSync(path, table.map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n'))
      const ctx = systemCtx(atHour(runtime, handedIn, 15), 'demonstration')
      await importFile(ctx, { path, item: 'penalty', authority: places[authority]!.code, wayIn: 'seed' })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A circular is written on one of the first days after its month. */
const DAYS_AFTER = 2
/** Figures of all months, and the circular of the last one, issued; basic information is back in its territory. */
export const playQuality = async (scene: Scene): Promise<void> => {
  const { runtime, as, division, today } = scene
  await handInCarelessly(scene)
  const ctx = systemCtx(runtime, 'demonstration')
  await catchUp(ctx)
  await countChanges(ctx)
  await followChanges(ctx)
  const month = `${today.slice(0, 7)}-01` as LocalDate
  const last = addMonths(month, -1)
  if (!(await countAnew(ctx, division, last)).length) return
  const then = addDays(month, DAYS_AFTER)
  const office = as('credit-office', then < today ? then : today, 16)
  const drafted = await quality.handlers.draftCircular(office, { month: last.slice(0, 7) })
  await quality.handlers.issueCircular(office, { id: drafted.id, seen: drafted.version })
}
