import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processNext } from '../capabilities/collection/index.ts'
import { addFolder, addTable, runGateways } from '../capabilities/gateways/index.ts'
import { api as gateways } from '../capabilities/gateways/index.ts'
import { catalogItemOn } from '../capabilities/records/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { type As, atHour } from './cases.ts'
import { type DemoRow, penaltyRow } from './rows.ts'
import type { DemoSubject } from './world.ts'

type Place = { id: string; name: string; code: string; word: string }
type Scene = {
  runtime: Runtime
  as: As
  subjects: DemoSubject[]
  places: Record<string, Place>
  today: LocalDate
}

const csv = (rows: string[][]): string =>
  rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n')

/** One authority whose system drops files, with a file taken and one returned; one with an exchange table that is being set up. */
export const playGateways = async ({ runtime, as, subjects, places, today }: Scene): Promise<void> => {
  const on = addDays(today, -1)
  const { market, safety } = places as Record<'market' | 'safety', Place>
  const setUp = systemCtx(atHour(runtime, on, 9), 'demonstration')
  await addFolder(setUp, {
    name: '执法办案系统导出文件夹（演示）',
    authorityId: market.id,
    item: 'penalty',
    backfill: false,
    pollSeconds: 15,
    path: 'demonstration/market',
    marker: 'done',
  })
  const folder = join(runtime.config.foldersDir, 'demonstration', 'market')
  mkdirSync(folder, { recursive: true })
  const row = (n: number, change: Record<string, string> = {}): DemoRow => {
    const made = penaltyRow(subjects[n]!, {
      kind: 'fine',
      n: 91_000 + n,
      decided: addDays(today, -5),
      handedIn: on,
      today,
      places,
      authority: 'market',
      field: '广告',
    })
    return { ...made, fields: { ...made.fields, ...change } }
  }
  const rows = [row(60), row(61), row(62, { fine: '2000元' })]
  const catalog = catalogItemOn(runtime.policy.catalog, 'penalty', today)!
  const fields = catalog.fields.filter((f) => rows.some((r) => r.fields[f.key]))
  const table = [fields.map((f) => f.label.zh), ...rows.map((r) => fields.map((f) => r.fields[f.key] ?? ''))]
  const drop = (name: string, body: string): void => {
    writeFileSync(join(folder, name), body)
    writeFileSync(join(folder, `${name}.done`), '')
  }
  drop('行政处罚-本周.csv', csv(table))
  drop('办案说明.docx', '')
  await runGateways(atHour(runtime, on, 10))
  while (await processNext(atHour(runtime, on, 10)));
  await runGateways(atHour(runtime, on, 11))

  const prepared = await addTable(setUp, {
    name: '安全生产执法系统前置库（演示）',
    authorityId: safety.id,
    item: 'penalty',
    backfill: false,
    pollSeconds: 30,
    connection: 'postgres://xinheng_reader:demonstration@exchange.invalid:5432/enforcement',
    schema: 'public',
    table: 'xh_penalty',
  })
  await gateways.handlers.moveGateway(as('admin', on, 9), { id: prepared.id, action: 'pause', seen: prepared.version })
}
