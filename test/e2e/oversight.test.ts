/** Oversight of repair, page by page: the credit office, an authority, an applicant, and whoever reads the guide and the reports. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/capabilities/oversight/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { signIn } from './people.ts'
import { tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const MINUTES = 60_000
describe('oversight of repair', { timeout: 4 * MINUTES }, () => {
  it('every page of the credit office, in both languages, on a desktop and a phone', async () => {
    const wrong = await tour({ demo, browser }, 'credit-office', [
      { name: 'oversight', path: '/app/oversight' },
      { name: 'oversight-month', path: '/app/oversight?by=month' },
      { name: 'oversight-entries', path: '/app/oversight?view=entries&act=refused' },
      { name: 'oversight-open', path: '/app/oversight?view=open' },
      { name: 'oversight-refusals', path: '/app/oversight?view=refusals' },
      { name: 'oversight-ratings', path: '/app/oversight?view=ratings' },
      { name: 'oversight-reports', path: '/app/oversight?view=reports' },
      { name: 'oversight-candidates', path: '/app/oversight?view=candidates' },
    ])
    expect(wrong).toEqual([])
  })
  it('an authority, an applicant, and the public', async () => {
    const office = (await demo.as('credit-office')).client(endpoints)
    const report = (await office.listRepairReports({ state: 'published' })).rows[0]!
    const wrong = await tour({ demo, browser }, 'market-head', [
      { name: 'oversight-own', path: '/app/oversight' },
      { name: 'oversight-own-ratings', path: '/app/oversight?view=ratings' },
    ])
    wrong.push(...(await tour({ demo, browser }, 'company', [{ name: 'my-ratings', path: '/app/my/ratings' }])))
    wrong.push(
      ...(await tour({ demo, browser }, null, [
        { name: 'guide', path: '/repair' },
        { name: 'guide-penalty', path: '/repair?item=penalty&subject=enterprise&system=general' },
        { name: 'guide-abnormal', path: '/repair?item=abnormal_list&subject=enterprise&system=market_supervision' },
        { name: 'repair-reports', path: '/repair/reports' },
        { name: 'repair-report', path: `/repair/reports/${report.id}`, known: [/^SHA-256$/] },
      ])),
    )
    expect(wrong).toEqual([])
  })

  it.each([
    ['zh', 'desktop'],
    ['en', 'phone'],
  ] as const)('a figure opens to its rows, and a candidate is handed over (%s, %s)', async (lang, screen) => {
    const { page, context, problems } = await browser.open(screen)
    try {
      await signIn(page, demo, 'credit-office')
      await context.addCookies([{ name: 'lang', value: lang, url: demo.url }])
      await page.goto(`${demo.url}/app/oversight`)
      await page
        .getByRole('link', { name: lang === 'zh' ? /^不予修复 \d/ : /^Refused \d/ })
        .first()
        .click()
      await page.waitForURL(/view=entries/)
      await page
        .getByText(lang === 'zh' ? '不予修复' : 'Refused')
        .nth(1)
        .waitFor()
      await page.goto(`${demo.url}/app/oversight?view=candidates&state=candidate`)
      await page
        .getByRole('button', { name: lang === 'zh' ? '移交登记机关' : 'Hand to the registrar' })
        .first()
        .click()
      await page.getByRole('button', { name: lang === 'zh' ? /确\s?定/ : 'Yes' }).click()
      await expect
        .poll(
          async () => (await (await demo.as('credit-office')).client(endpoints).listCandidates({})).byState.handed_over,
        )
        .toBe(lang === 'zh' ? 1 : 2)
      expect(problems).toEqual([])
    } finally {
      await context.close()
    }
  })
})
