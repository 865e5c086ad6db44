/**
 * Repair results: the credit office sees the days and who is late; an authority confirms that a record is off its own page,
 * and the platform looks at the page that it named, once while it is not so and once when it is.
 */
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/capabilities/results/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
let portal: Server
let listed = ''
beforeAll(async () => {
  portal = createServer((_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    reply.end(`<title>行政处罚信息公示</title><h1>行政处罚信息公示栏</h1><p>本栏目每日更新，供社会查询。</p>${listed}`)
  })
  portal.listen(0, '127.0.0.1')
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  portal?.close()
})

describe('repair results on authorities’ own pages', { timeout: 180_000 }, () => {
  it('are confirmed, looked at, returned, and seen to be down', async () => {
    const page = `http://127.0.0.1:${(portal.address() as AddressInfo).port}/list.html`
    const [task] = (
      await (await demo.as('market-officer')).client(endpoints).listTakedowns({ view: 'open' })
    ).rows.filter((t) => t.state === 'open')
    listed = `<table><tr><td>${task!.subjectName}</td><td>${task!.docNo}</td></tr></table>`

    const office = await sitDown(demo, browser, { login: 'credit-office', path: '/app/exchange/results' })
    await office.page.getByText('当日没有修复结果。').first().waitFor()
    await office.sees('results-1-days')
    await office.page
      .getByRole('button', { name: /^查看.*的结果$/ })
      .first()
      .click()
    await office.press('重新生成并核对')
    await office.page.getByText('逐字节一致', { exact: false }).waitFor()
    await office.sees('results-2-day')
    await office.go('/app/exchange/results?view=authorities')
    await office.page.getByText('最早应于', { exact: false }).first().waitFor()
    await office.sees('results-3-authorities')

    const officer = await sitDown(demo, browser, {
      login: 'market-officer',
      surface: 'phone',
      lang: 'en',
      path: '/app/exchange/results',
    })
    const confirm = async () => {
      await officer.page.getByRole('checkbox', { name: `Choose ${task!.docNo}` }).check()
      await officer.press('Confirm 1 as taken down')
      await officer.page.getByRole('textbox', { name: 'Address of the page' }).fill(page)
      await officer.press('Send')
      await officer.page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    const lookAt = async (state: string) => {
      await officer.go(`/app/exchange/results?state=${state}`)
      await officer.page.getByRole('button', { name: `Open ${task!.docNo}` }).click()
    }
    /** At once where nobody has looked yet: the platform does so by itself as well. */
    const seen = async (what: string) => {
      const now = officer.page.getByRole('button', { name: 'Look now' })
      const said = officer.page.getByText(what)
      await now.or(said).first().waitFor()
      if (await now.isVisible()) await now.click()
      await said.waitFor()
    }
    await confirm()
    await lookAt('all')
    await seen('Document number and name are on the page')
    await officer.sees('results-4-returned')

    listed = ''
    await officer.go('/app/exchange/results')
    await confirm()
    await lookAt('all')
    await seen('Neither document number nor name is on the page')
    await officer.sees('results-5-verified')
    expect([...office.wrong, ...office.problems, ...officer.wrong, ...officer.problems]).toEqual([])
    await office.leave()
    await officer.leave()
  })
})
