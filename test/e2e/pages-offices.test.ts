/** Every page that collectors, the window, the credit office and the administrators open. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { type Stop, click, companyCode, tour } from './tour.ts'

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
describe('every page, in both languages, on a desktop and a phone', { timeout: 4 * MINUTES }, () => {
  it('a collector', async () => {
    const one = (await demo.as('safety-collector')).client(collection)
    const { rows } = await one.listSubmissions({})
    const faulty = rows.find((r) => r.refused)!
    const stops: Stop[] = [
      { name: 'start', path: '/app/' },
      { name: 'submissions', path: '/app/submissions' },
      {
        name: 'new',
        path: '/app/submissions/new',
        act: (page) => page.locator('.ant-collapse-header').first().click(),
      },
      { name: 'receipt', path: `/app/submissions/${faulty.id}` },
      { name: 'receipt-accepted', path: `/app/submissions/${faulty.id}?verdict=accepted` },
      { name: 'receipt-pending', path: `/app/submissions/${faulty.id}?verdict=pending` },
      { name: 'catalog', path: '/app/catalog' },
      { name: 'catalog-item', path: '/app/catalog/enforcement' },
    ]
    expect(await tour({ demo, browser }, 'safety-collector', stops)).toEqual([])
  })

  it('the window and the credit office', async () => {
    const wrong = await tour({ demo, browser }, 'window', [
      { name: 'start', path: '/app/' },
      {
        name: 'window',
        path: '/app/window',
        act: async (page) => {
          await page.getByRole('textbox').fill(await companyCode(demo))
          await page.locator('button[type=submit]').click()
          await page.getByRole('heading', { name: '广州虚构云岫餐饮管理有限公司' }).waitFor()
        },
      },
      { name: 'applications', path: '/app/applications' },
      { name: 'certificates', path: '/app/certificates' },
    ])
    wrong.push(
      ...(await tour({ demo, browser }, 'credit-office', [
        { name: 'start', path: '/app/' },
        { name: 'queue', path: '/app/queue' },
        { name: 'submissions', path: '/app/submissions' },
        { name: 'certificates', path: '/app/certificates' },
        { name: 'conflicts', path: '/app/conflicts' },
        { name: 'peers', path: '/app/peers' },
        { name: 'peer-new', path: '/app/peers', act: click('button', /新增|Add/) },
        { name: 'authorities', path: '/app/authorities' },
      ])),
    )
    expect(wrong).toEqual([])
  })

  it('administrators and the auditor', async () => {
    const wrong = await tour({ demo, browser }, 'admin', [
      { name: 'start', path: '/app/' },
      { name: 'authorities', path: '/app/authorities' },
      { name: 'authority-new', path: '/app/authorities', act: click('button', /新增|Add/) },
      { name: 'mandates', path: '/app/mandates' },
      { name: 'people', path: '/app/people' },
      { name: 'person-new', path: '/app/people', act: click('button', /新增|开通|Add|Open/) },
    ])
    wrong.push(
      ...(await tour({ demo, browser }, 'security', [
        { name: 'start', path: '/app/' },
        { name: 'people', path: '/app/people' },
        { name: 'keys', path: '/app/keys' },
        { name: 'key-new', path: '/app/keys', act: click('button', /新建|Make/) },
        { name: 'audit', path: '/app/audit' },
      ])),
      ...(await tour({ demo, browser }, 'auditor', [{ name: 'audit', path: '/app/audit' }])),
    )
    expect(wrong).toEqual([])
  })
})
