/**
 * A difference between this platform and the publicity system is found and closed. The publicity system is a process of its
 * own; every case of the demonstration is entered there with its facts, and it reads Order 107 for itself.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/capabilities/reconciliation/contract.ts'
import { type PublicitySystem, SOURCE, giveKey, startPublicitySystem } from '../publicity-world.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, NOW, openDemo } from './demo.ts'
import { sitDown } from './people.ts'
import { tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
let system: PublicitySystem
let peer: string
/** General penalties that both show for a long time yet. */
let lasting: string[]

type Row = {
  facts: Record<string, unknown>
  recordId: string
  version: number
  until: string | null
  [key: string]: unknown
}
/** What the deciding authorities have in their own casework, as far as it is shown there. */
const cases = async (): Promise<Row[]> =>
  (
    await sql<Row>`
      select d.item, s.uscc as "subjectCode", s.name as "subjectName", d.authority_name as authority, d.doc_no as "documentNumber",
        d.published_on as "publishedOn", d.record_id as "recordId", d.version, d.necips_until as until, r.facts
      from records.v_displays d join records.record r on r.subject_id = d.subject_id and r.id = d.record_id
      join subjects.v_by_code s on s.subject_id = d.subject_id and s.code = s.uscc and s.code_kind = 'uscc'
      where d.state = 'held' and d.system = 'market_supervision' and d.necips_end is null and d.necips_from <= '2026-11-23'`.execute(
      demo.runtime.db.kysely,
    )
  ).rows

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
  system = await startPublicitySystem({ platform: demo.url, now: NOW })
  const db = demo.runtime.db.kysely
  const found = await sql<{ id: string }>`select id from exchange.peer where kind = 'publicity_system'`.execute(db)
  peer = found.rows[0]!.id
  // The demonstration's peer fetches by itself; here it is one to which we go.
  await sql`update exchange.peer set way = 'push', direction = 'both', code = ${SOURCE},
    settings = ${JSON.stringify({ url: `${system.url}/inbox` })}::jsonb where id = ${peer}`.execute(db)
  await giveKey(demo, system, peer)
  const all = await cases()
  await system.order({
    do: 'enter',
    cases: all.map((row) => {
      const { facts: f, recordId: _, version: __, until, ...known } = row
      return {
        ...known,
        kinds: f['penaltyKinds'] ?? [],
        fine: typeof f['fineYuan'] === 'number' ? f['fineYuan'] / 10_000 : null,
        discretion: f['discretion'] ?? null,
        field: f['field'] ?? null,
        restrictedUntil: f['termEndsOn'] ?? null,
        ...(String(known['publishedOn']) < '2025-12-25' ? { keptUntil: until } : {}),
      }
    }),
  })
  lasting = all
    .filter((c) => c['item'] === 'penalty' && c.until !== null && c.until > '2027-01-01')
    .map((c) => String(c['documentNumber']))
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
  await demo?.close()
})

const JOURNEYS = [
  { lang: 'zh', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const
const NOW_BUTTON = { zh: '立即对账', en: 'Reconcile now' }
const OPEN_LEFT = { zh: /未结差异/, en: /differences open/ }

describe('reconciliation with the publicity system', { timeout: 120_000 }, () => {
  it('stands on pages that anybody can read', async () => {
    const { rows } = await (await demo.as('credit-office')).client(endpoints).listDifferences({ limit: 10 })
    expect(rows).toHaveLength(2)
    const stops = [
      { name: 'reconciliation', path: '/app/exchange/reconciliation' },
      { name: 'reconciliation-explained', path: '/app/exchange/reconciliation?state=explained' },
      { name: 'reconciliation-statements', path: '/app/exchange/reconciliation?view=statements' },
      { name: 'reconciliation-difference', path: `/app/exchange/reconciliation/${rows[0]!.id}` },
    ]
    expect(await tour({ demo, browser }, 'credit-office', stops)).toEqual([])
  })

  it.each(JOURNEYS)('finds a difference and closes it: $lang, $surface', async ({ lang, surface }) => {
    const zh = lang === 'zh'
    const at = { login: 'credit-office', path: '/app/exchange/reconciliation', lang, surface }
    const { page, press, go, sees, leave, wrong, problems } = await sitDown(demo, browser, at)
    if (zh) {
      await press('设置清单地址')
      await page.getByLabel(/^清单地址/).fill(system.url)
      await press('保存')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    const documentNumber = lasting[zh ? 3 : 4]!
    await system.order(zh ? { do: 'forget', documentNumber } : { do: 'shift', documentNumber, days: 31 })
    await press(NOW_BUTTON[lang])
    await page.getByText(OPEN_LEFT[lang]).waitFor()
    await sees('reconciliation-run')
    await page.getByRole('link', { name: documentNumber, exact: true }).click()
    await page
      .getByText(zh ? '对方清单中没有该信息。' : 'Shown there')
      .first()
      .waitFor()
    await sees('reconciliation-side-by-side')
    if (zh) {
      // Sent again, it is acknowledged within moments; the next comparison no longer finds it.
      await press('重新发送')
      await page.getByText('已处理，待核实').waitFor()
      await expect
        .poll(async () => (await system.order({ do: 'has', documentNumber })).shown, { timeout: 20_000 })
        .toBe(true)
      await go('/app/exchange/reconciliation')
      await press(NOW_BUTTON.zh)
      await page.getByText(OPEN_LEFT.zh).waitFor()
      await go('/app/exchange/reconciliation?state=closed')
      await page.getByRole('link', { name: documentNumber, exact: true }).click()
      await page.getByText('重新发送后一致').waitFor()
    } else {
      await press('Close with a reason')
      await page.getByLabel(/^Reason/).fill('Their last day is right; the authority corrects it tomorrow.')
      await page.getByRole('dialog').getByRole('button', { name: 'Close with a reason' }).click()
      await page.getByText('Closed by a person').waitFor()
      await go('/app/exchange/reconciliation')
      await press(NOW_BUTTON.en)
      await page.getByText(OPEN_LEFT.en).waitFor()
      await go('/app/exchange/reconciliation?state=explained')
      await page.getByText(documentNumber).first().waitFor()
    }
    await go('/app/exchange/reconciliation?view=statements')
    await page
      .getByRole('button', { name: /对账单$|^Open the statement/ })
      .first()
      .click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: zh ? '下载对账单' : 'Download' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/对账单.*\.csv$/)
    await leave()
    expect([...wrong, ...problems]).toEqual([])
  })
})
