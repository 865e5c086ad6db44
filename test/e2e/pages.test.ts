/** Every page of the workbench and of the public site, in both languages and on both screens. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { endpoints as publicity } from '../../src/capabilities/publicity/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { look } from './look.ts'
import { signIn } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

type Stop = {
  name: string
  path: string
  then?: (page: Page) => Promise<void>
  status?: number
  /** The page opens and says that what it asked for was refused. */
  refused?: boolean
  known?: RegExp[]
}
const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

/** Goes through the pages as one person; gives everything that is wrong with them. */
const tour = async (login: string | null, stops: Stop[]): Promise<string[]> => {
  const { page, context, problems } = await browser.open('desktop')
  const wrong: string[] = []
  try {
    if (login) await signIn(page, demo, login)
    for (const lang of ['zh', 'en'] as const) {
      await context.addCookies([{ name: 'lang', value: lang, url: demo.url }])
      for (const stop of stops) {
        const name = `${login ?? 'public'}-${stop.name}-${lang}`
        const [first, second] = lang === 'zh' ? [DESKTOP, PHONE] : [PHONE, DESKTOP]
        const options = { lang, known: stop.known ?? [] }
        await page.setViewportSize(first)
        const from = problems.length
        const reply = await page.goto(`${demo.url}${stop.path}`)
        await stop.then?.(page)
        wrong.push(...(await look(page, `${name}-${first.width}`, options)))
        await page.setViewportSize(second)
        wrong.push(...(await look(page, `${name}-${second.width}`, { ...options, axe: false })))
        const expected = stop.status ?? 200
        if (reply?.status() !== expected) wrong.push(`${name}: answered ${reply?.status()}`)
        const said = stop.refused ? 403 : expected
        const noise = problems.slice(from).filter((p) => said === 200 || !p.includes(`status of ${said}`))
        wrong.push(...noise.map((p) => `${name}: ${p}`))
      }
    }
  } finally {
    await context.close()
  }
  return wrong
}

const click = (role: 'button' | 'link' | 'tab', name: RegExp | string) => async (page: Page) => {
  await page.getByRole(role, { name }).first().click()
}

const MINUTES = 60_000
describe('every page, in both languages, on a desktop and a phone', { timeout: 4 * MINUTES }, () => {
  it('public site', async () => {
    const { code, rows } = await demo
      .withKey('')
      .client(publicity)
      .explainSubject({ code: await companyCode() })
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
    expect(await tour(null, stops)).toEqual([])
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
    expect(await tour('company-two', stops)).toEqual([])
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
        then: async (page) => {
          await page.locator('input[id$=code]').fill(await companyCode())
          await page.locator('input[id$=purpose]').fill('办理行政许可时核查信用状况')
          await page.locator('button[type=submit]').click()
          await page.getByRole('heading', { name: '广州虚构云岫餐饮管理有限公司' }).waitFor()
        },
      },
    ]
    expect(await tour('market-officer', stops)).toEqual([])
  })

  it('a collector', async () => {
    const one = (await demo.as('safety-collector')).client(collection)
    const { rows } = await one.listSubmissions({})
    const faulty = rows.find((r) => r.refused)!
    const stops: Stop[] = [
      { name: 'start', path: '/app/' },
      { name: 'submissions', path: '/app/submissions' },
      { name: 'new', path: '/app/submissions/new', then: (page) => page.locator('.ant-collapse-header').click() },
      { name: 'receipt', path: `/app/submissions/${faulty.id}` },
      { name: 'receipt-accepted', path: `/app/submissions/${faulty.id}?verdict=accepted` },
      { name: 'receipt-pending', path: `/app/submissions/${faulty.id}?verdict=pending` },
      {
        name: 'catalog',
        path: '/app/catalog',
        then: async (page) => {
          await page.locator('.ant-collapse-header').nth(1).click()
        },
        known: [/^[A-Z]+$/],
      },
    ]
    expect(await tour('safety-collector', stops)).toEqual([])
  })

  it('the window and the credit office', async () => {
    const wrong = await tour('window', [
      { name: 'start', path: '/app/' },
      {
        name: 'window',
        path: '/app/window',
        then: async (page) => {
          await page.getByRole('textbox').fill(await companyCode())
          await page.locator('button[type=submit]').click()
          await page.getByRole('heading', { name: '广州虚构云岫餐饮管理有限公司' }).waitFor()
        },
      },
      { name: 'applications', path: '/app/applications' },
      { name: 'mandates', path: '/app/mandates' },
    ])
    wrong.push(
      ...(await tour('credit-office', [
        { name: 'start', path: '/app/' },
        { name: 'queue', path: '/app/queue' },
        { name: 'submissions', path: '/app/submissions' },
        { name: 'conflicts', path: '/app/conflicts' },
        { name: 'peers', path: '/app/peers' },
        { name: 'peer-new', path: '/app/peers', then: click('button', /新增|Add/) },
        { name: 'authorities', path: '/app/authorities' },
      ])),
    )
    expect(wrong).toEqual([])
  })

  it('administrators and the auditor', async () => {
    const wrong = await tour('admin', [
      { name: 'start', path: '/app/' },
      { name: 'authorities', path: '/app/authorities' },
      { name: 'authority-new', path: '/app/authorities', then: click('button', /新增|Add/) },
      { name: 'people', path: '/app/people' },
      { name: 'person-new', path: '/app/people', then: click('button', /新增|开通|Add|Open/) },
    ])
    wrong.push(
      ...(await tour('security', [
        { name: 'start', path: '/app/' },
        { name: 'people', path: '/app/people' },
        { name: 'keys', path: '/app/keys' },
        { name: 'key-new', path: '/app/keys', then: click('button', /新增|签发|Add|Issue/) },
        { name: 'audit', path: '/app/audit' },
      ])),
      ...(await tour('auditor', [{ name: 'audit', path: '/app/audit' }])),
    )
    expect(wrong).toEqual([])
  })
})

const companyCode = async (): Promise<string> => {
  const html = await (await fetch(`${demo.url}/search?q=${encodeURIComponent('虚构云岫餐饮管理')}`)).text()
  const found = /href="\/s\/([0-9A-Z]{18})/.exec(html)?.[1]
  if (!found) throw new Error('the company of the demonstration is not found')
  return found
}
