/** What anybody may run into: no mouse, a session that ends in the middle of a form, an address that is not theirs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileChooser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { csv, makeRows } from './papers.ts'
import { fillSignIn, signIn, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-manners-'))
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Tab, until what has the focus answers to the name; a person without a mouse does no other. */
const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<string>(
      `(() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || e.labels?.[0]?.innerText || e.id || '' })()`,
    )
    if (at.trim().includes(name)) return
  }
  throw new Error(`the keyboard does not reach “${name}”`)
}

/** Enter opens the window in which a file is chosen; whoever sees none presses again. */
const chosen = async (page: Page): Promise<FileChooser> => {
  for (let n = 1; ; n++) {
    const opened = page.waitForEvent('filechooser', { timeout: 6_000 }).catch(() => null)
    await page.keyboard.press('Enter')
    const chooser = await opened
    if (chooser) return chooser
    if (n === 3) throw new Error('the keyboard does not open the choice of files')
  }
}

/** A draft of somebody who then opens its page. */
const begun = async () => {
  const mine = (await demo.as('company-two')).client(repair)
  const record = (await mine.myRecords({})).rows.find((r) => r.eligibility.governing && !r.underWay)!
  const draft = await mine.createApplication({ subject: record.subjectId, records: [record.recordId], kind: 'repair' })
  return { mine, draft, path: `/app/applications/${draft.subjectId}/${draft.id}` }
}

describe('manners', { timeout: 120_000 }, () => {
  it('speaks the language that the browser prefers, what comes from the server too, until another is chosen', async () => {
    const { page, context } = await browser.open('desktop', { lang: 'en' })
    const said = async () => [
      await page.getByRole('heading', { level: 1 }).innerText(),
      await page.locator('html').getAttribute('lang'),
      // A date of a record comes from the server in words.
      /\d{4}年\d{1,2}月/.test(await page.locator('main').innerText()),
    ]
    await signIn(page, demo, 'company', '/app/my/records')
    await page
      .getByText(/\d{1,2} [A-Z][a-z]+ \d{4}/)
      .first()
      .waitFor()
    expect(await said()).toEqual(['My records', 'en', false])
    await page.goto(`${demo.url}/app/my/records?lang=zh`)
    await page
      .getByText(/\d{4}年\d{1,2}月/)
      .first()
      .waitFor()
    await page.goto(`${demo.url}/app/my/records`)
    await page
      .getByText(/\d{4}年\d{1,2}月/)
      .first()
      .waitFor()
    expect(await said()).toEqual(['我的信用记录', 'zh-CN', true])
    await context.close()
  })

  it('signs in and hands in a file with the keyboard alone', async () => {
    const one = await sitDown(demo, browser, {})
    const { page } = one
    await one.go('/app/submissions/new')
    await page.getByRole('heading', { name: '登录' }).waitFor()
    await tabTo(page, '登录名')
    await page.keyboard.type('safety-collector')
    await page.keyboard.press('Tab')
    await page.keyboard.type(demo.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '上传报送文件' }).waitFor()

    const { headings, rows } = await makeRows(demo, 2, '7')
    const path = join(folder, '十二月行政处罚.csv')
    writeFileSync(path, csv(headings, rows))
    // The choice of items is one stop; the arrows move within it.
    await tabTo(page, '行政')
    const penalties = page.getByRole('radio', { name: '行政处罚', exact: true })
    for (let n = 0; n < 10 && !(await penalties.isChecked()); n++) await page.keyboard.press('ArrowRight')
    expect(await penalties.isChecked()).toBe(true)
    await tabTo(page, '点击选择文件')
    await (await chosen(page)).setFiles(path)
    await page.getByText('十二月行政处罚.csv').waitFor()
    await tabTo(page, '先预检')
    await page.keyboard.press('Enter')
    await page.getByText('全部可以入库，未发现问题。').waitFor()
    await one.sees('manners-1-keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^报送回执 / }).waitFor()
    await page.getByText('处理完毕', { exact: true }).waitFor()
    await page.getByText('接收 2 = 入库 2 + 退回 0 + 待核实 0 + 已有相同记录 0，逐行相符。').waitFor()
    expect(one.wrong).toEqual([])
    await one.leave()
  })

  it('brings back whoever was signed out in the middle of a form, with what they had written', async () => {
    const { draft, path } = await begun()
    const one = await sitDown(demo, browser, { login: 'company-two', path })
    const { page } = one
    await page.getByLabel('情况说明（选填）').fill('罚款已于决定当日缴清，整改报告见附件。')

    demo.clock.advance({ minutes: 31 })
    await one.press('保存')
    await page.getByText('登录已过期。', { exact: false }).waitFor()
    await one.sees('manners-2-expired')
    await fillSignIn(page, demo, 'company-two')
    await page.getByRole('button', { name: '退出' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(path)
    expect(await page.getByLabel('情况说明（选填）').inputValue()).toBe('罚款已于决定当日缴清，整改报告见附件。')
    await one.press('保存')
    await page.getByText('已保存').first().waitFor()
    await one.sees('manners-3-back')
    const kept = await (await demo.as('company-two'))
      .client(repair)
      .getApplication({ subject: draft.subjectId, id: draft.id })
    expect(kept.items[0]!.statement).toBe('罚款已于决定当日缴清，整改报告见附件。')
    expect(one.wrong).toEqual([])
    await one.leave()
  })

  it('shows what somebody else has changed meanwhile, and keeps what was typed', async () => {
    const { mine, draft, path } = await begun()
    const one = await sitDown(demo, browser, { login: 'company-two', path, surface: 'phone' })
    const { page } = one
    await page.getByLabel('情况说明（选填）').fill('罚款已缴清。')
    const [item] = draft.items
    const key = { subject: draft.subjectId, id: draft.id, item: item!.id, seen: item!.version }
    await mine.describeItem({ ...key, declared: {}, statement: '同事先写的说明。' })
    await one.press('保存')
    await page.getByText('该内容已被他人修改', { exact: false }).waitFor()
    await one.sees('manners-5-stale')
    await one.press('刷新为最新内容')
    await page.getByText('该内容已被他人修改', { exact: false }).waitFor({ state: 'hidden' })
    expect(await page.getByLabel('情况说明（选填）').inputValue()).toBe('罚款已缴清。')
    await one.press('保存')
    await page.getByText('已保存').first().waitFor()
    const kept = await mine.getApplication({ subject: draft.subjectId, id: draft.id })
    expect(kept.items[0]!.statement).toBe('罚款已缴清。')
    expect(one.wrong).toEqual([])
    await one.leave()
  })

  it('refuses in words whatever belongs to somebody else', async () => {
    const theirs = (await (await demo.as('window')).client(repair).listApplications({})).rows[0]!
    const receipt = (await (await demo.as('safety-collector')).client(collection).listSubmissions({})).rows[0]!
    const queue = (await (await demo.as('safety-officer')).client(repair).queue({ view: 'open' })).rows[0]!
    const visits = [
      { login: 'company', path: `/app/applications/${theirs.subjectId}/${theirs.id}` },
      { login: 'market-collector', path: `/app/submissions/${receipt.id}` },
      { login: 'market-officer', path: `/app/queue/${queue.subjectId}/${queue.itemId}` },
      { login: 'market-collector', path: '/app/people' },
    ]
    for (const [n, visit] of visits.entries()) {
      const one = await sitDown(demo, browser, visit)
      const alert = one.page.getByRole('alert').first()
      await alert.waitFor()
      expect(await alert.innerText()).toMatch(/没有|无权|不能|权限/)
      await one.sees(`manners-4-refused-${n}`)
      expect(one.wrong).toEqual([])
      await one.leave()
    }
  })
})
