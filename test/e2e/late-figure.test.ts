/** The credit office sees that an authority reports late, follows the figure to its rows, and reminds it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importFile } from '../../src/capabilities/collection/index.ts'
import { endpoints as reminders } from '../../src/capabilities/reminders/contract.ts'
import { remindDue } from '../../src/capabilities/reminders/index.ts'
import { LEVELS } from '../../src/capabilities/reminders/words.ts'
import { endpoints as timeliness } from '../../src/capabilities/timeliness/contract.ts'
import { catchUp } from '../../src/capabilities/timeliness/index.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { csv, makeRows } from './papers.ts'
import { sitDown } from './people.ts'
import { type Stop, tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-late-'))
const DAYS_ON = 40
/** What was late before has been dealt with by then; a few decisions come in weeks after their term. */
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
  const { headings, rows } = await makeRows(demo, 3, '迟')
  demo.clock.advance({ days: DAYS_ON })
  await remindDue(demo.runtime)
  const path = join(folder, '迟报数据.csv')
  writeFileSync(path, csv(headings, rows))
  const authority = rows[0]!['处罚机关统一社会信用代码']!
  const ctx = systemCtx(demo.runtime, 'journey')
  await importFile(ctx, { path, item: 'penalty', authority, wayIn: 'cli' })
  await catchUp(ctx)
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const WORDS = {
  zh: {
    late: '迟报',
    remind: /^提醒“.*”：迟报$/,
    send: '发出提醒',
    sent: '提醒已发出',
    close: '关 闭',
    ledger: '报送台账',
    missing: '疑似漏报',
  },
  en: {
    late: 'Late',
    remind: /^Remind “.*”: Reported late$/,
    send: 'Send',
    sent: 'The reminder is on its way',
    close: 'Close',
    ledger: 'Ledger',
    missing: 'Missing',
  },
} as const

const WHO = '天河区应急管理局（演示）'
const MINUTES = 60_000
describe('the credit office follows a late figure', { timeout: 4 * MINUTES }, () => {
  for (const [lang, surface] of [
    ['zh', 'desktop'],
    ['en', 'phone'],
  ] as const) {
    it(`to its rows and reminds (${lang}, ${surface})`, async () => {
      const w = WORDS[lang]
      const one = await sitDown(demo, browser, { login: 'credit-office', surface, lang, path: '/app/timeliness' })
      const { page } = one
      const figure = page.getByRole('link', { name: new RegExp(`^${WHO} ${w.late} \\d+$`) })
      await figure.waitFor()
      await one.sees('late-overview')
      const n = Number(await figure.innerText())
      expect(n).toBeGreaterThan(0)
      await figure.click()

      // As many rows as the figure says, none of them in time.
      await page.waitForURL(/view=late/)
      const api = (await demo.as('credit-office')).client(timeliness)
      const authorityId = new URL(page.url()).searchParams.get('authority')?.replaceAll('"', '') as string
      let rows = 0
      for (let after: string | undefined; ; ) {
        const list = await api.listEntries({ authorityId, class: 'late', after, limit: 100 })
        rows += list.rows.length
        if (!list.next) break
        after = list.next
      }
      expect(rows).toBe(n)
      const remind = page.getByRole('button', { name: w.remind })
      await remind.waitFor()
      await one.sees('late-rows')

      await remind.click()
      await page.getByRole('button', { name: w.send, exact: true }).click()
      await page.getByText(w.sent).waitFor()
      await one.sees('late-reminded')
      const sent = (await demo.as('credit-office')).client(reminders)
      const { rows: reminded } = await sent.listReminders({ authorityId, what: 'late' })
      // The collectors first; whoever comes after goes a level higher, be it a person or the policy's own hour.
      const open = reminded.filter((r) => r.state === 'open' && r.authority.name === WHO)
      const mine = open.filter((r) => r.byHand).sort((a, b) => (a.raisedAt < b.raisedAt ? 1 : -1))[0]!
      const levels = LEVELS.slice(0, LEVELS.indexOf(mine.level) + 1)
      expect(open.map((r) => r.level).sort()).toEqual([...levels].sort())
      expect(one.wrong).toEqual([])
      expect(one.problems).toEqual([])
      await one.leave()
    })
  }

  it('and every page of it reads well, for the office and for an authority', async () => {
    const office = (await demo.as('credit-office')).client(timeliness)
    const { rows: samples } = await office.listSamples({})
    const safety = samples[0]!.authorityId
    const stops: Stop[] = [
      { name: 'timeliness', path: '/app/timeliness' },
      { name: 'timeliness-ledger', path: '/app/timeliness?view=ledger' },
      { name: 'timeliness-missing', path: `/app/timeliness?view=missing&authority=${safety}` },
      { name: 'timeliness-samples', path: '/app/timeliness?view=samples', known: [/行政处罚决定清单/] },
      {
        name: 'timeliness-sample',
        path: `/app/timeliness/samples/${samples[0]!.id}`,
        known: [/应急管理局行政处罚决定清单/, /\p{Script=Han}/u],
      },
      { name: 'timeliness-none', path: '/app/timeliness?view=ledger&from=2001-01&to=2001-02' },
    ]
    const wrong = await tour({ demo, browser }, 'credit-office', stops)
    wrong.push(
      ...(await tour({ demo, browser }, 'safety-collector', [
        { name: 'timeliness', path: '/app/timeliness' },
        { name: 'timeliness-missing', path: '/app/timeliness?view=missing' },
        { name: 'timeliness-samples', path: '/app/timeliness?view=samples', known: [/行政处罚决定清单/] },
      ])),
    )
    expect(wrong).toEqual([])
  })
})
