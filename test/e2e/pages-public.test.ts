/** Every page that anyone, an enterprise or an officer opens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as publicity } from '../../src/capabilities/publicity/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { type Stop, companyCode, tour } from './tour.ts'

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
  it('public site', async () => {
    const { code, rows } = await demo
      .withKey('')
      .client(publicity)
      .explainSubject({ code: await companyCode(demo) })
    expect(rows.length).toBeGreaterThan(3)
    const page = await fetch(`${demo.url}/s/${code}`)
    const links = [...(await page.text()).matchAll(/href="(\/r\/[^"?]+)/g)].map((m) => m[1]!)
    const stops: Stop[] = [
      { name: 'home', path: '/' },
      { name: 'search', path: '/search?q=云岫' },
      { name: 'search-empty', path: '/search' },
      { name: 'search-none', path: '/search?q=没有这一家公司' },
      { name: 'search-person', path: '/search?q=11010519491231002X', status: 422 },
      { name: 'subject', path: `/s/${code}` },
      ...[...new Set(links)].map((path, n) => ({ name: `record-${n}`, path })),
      ...['licences', 'penalties', 'abnormal', 'serious'].map((c) => ({ name: `list-${c}`, path: `/lists/${c}` })),
      ...['repair', 'objections', 'policy', 'about'].map((p) => ({ name: p, path: `/${p}` })),
      { name: 'nowhere', path: '/nothing-here', status: 404 },
    ]
    expect(await tour({ demo, browser }, null, stops)).toEqual([])
  })

  it('an enterprise', async () => {
    const one = (await demo.as('company-two')).client(repair)
    const { rows } = await one.myRecords({})
    const [first] = rows.filter((r) => r.eligibility.governing)
    const draft = await one.createApplication({ subject: first!.subjectId, records: [first!.recordId], kind: 'repair' })
    const stops: Stop[] = [
      { name: 'start', path: '/app/' },
      { name: 'records', path: '/app/my/records' },
      { name: 'looks', path: '/app/my/looks' },
      { name: 'applications', path: '/app/applications' },
      { name: 'draft', path: `/app/applications/${draft.subjectId}/${draft.id}` },
      { name: 'notice', path: `/my/notices/${first!.subjectId}/${first!.recordId}` },
      { name: 'password', path: '/app/password' },
      { name: 'nowhere', path: '/app/nowhere' },
      { name: 'not-mine', path: '/app/queue', refused: true },
    ]
    expect(await tour({ demo, browser }, 'company-two', stops)).toEqual([])
  })

  it('an officer', async () => {
    const one = (await demo.as('market-officer')).client(repair)
    const done = await one.queue({ view: 'done' })
    const of = (state: string) => done.rows.find((r) => r.state === state)
    const open = await one.queue({ view: 'open' })
    const cases = [open.rows[0], of('granted'), of('refused'), of('revoked')].filter((r) => r !== undefined)
    const stops: Stop[] = [
      { name: 'start', path: '/app/' },
      { name: 'queue', path: '/app/queue' },
      { name: 'waiting', path: '/app/queue?view=waiting' },
      { name: 'done', path: '/app/queue?view=done' },
      ...cases.map((r) => ({ name: `case-${r.state}`, path: `/app/queue/${r.subjectId}/${r.itemId}` })),
      {
        name: 'file',
        path: '/app/subjects',
        act: async (page) => {
          await page.locator('input[id$=code]').fill(await companyCode(demo))
          await page.locator('input[id$=purpose]').fill('办理行政许可时核查信用状况')
          await page.locator('button[type=submit]').click()
          await page.getByRole('heading', { name: '广州虚构云岫餐饮管理有限公司' }).waitFor()
        },
      },
    ]
    expect(await tour({ demo, browser }, 'market-officer', stops)).toEqual([])
  })
})
