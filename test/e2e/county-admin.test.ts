/**
 * The administrator of a county sets up an authority: its duties, its collector with a password that is shown once. The collector
 * signs in, chooses a password of their own, hands in a file and leaves with a receipt.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as access } from '../../src/capabilities/access/contract.ts'
import { codeFrom } from '../harness.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { csv, makeRows } from './papers.ts'
import { type Person, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-county-'))
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const WORDS = {
  zh: {
    add: '新增单位',
    code: '统一社会信用代码',
    name: '单位名称',
    penalties: '行政处罚',
    save: '保存',
    lacking: '缺信息采集员',
    addCollector: /^新增采集员：/,
    login: '登录名',
    person: '姓名',
    secret: '初始密码',
    kept: '已妥善保存，关闭',
    people: '1 人',
    password: '密码',
    signIn: '登录',
    forced: '首次登录或者密码重置后，应当先修改密码',
    current: '当前密码',
    next: '新密码',
    again: '再次输入新密码',
    keep: '保存新密码',
    send: '上传',
    done: '处理完毕',
    signOut: '退出',
  },
  en: {
    add: 'Add an authority',
    code: 'Unified social credit code',
    name: 'Name',
    penalties: 'Administrative penalty',
    save: 'Save',
    lacking: 'No collector',
    addCollector: /^Add a collector: /,
    login: 'Login',
    person: 'Name',
    secret: 'Initial password',
    kept: 'I have kept it; close',
    people: '1',
    password: 'Password',
    signIn: 'Sign in',
    forced: 'Choose your own password before you go on',
    current: 'Current password',
    next: 'New password',
    again: 'New password again',
    keep: 'Save the new password',
    send: 'Hand in',
    done: 'Processed',
    signOut: 'Sign out',
  },
} as const

const NEXT = 'county-journey-2026'
describe.each([
  { lang: 'zh', surface: 'desktop', n: 1 },
  { lang: 'en', surface: 'phone', n: 2 },
] as const)(
  'a county administrator sets up an authority ($lang, $surface)',
  { timeout: 240_000 },
  ({ lang, surface, n }) => {
    const w = WORDS[lang]
    const authority = { name: `天河区教育局（演示）`.replace('（', `${n}（`), code: codeFrom(`11440106MB9X0000${n}`) }
    const login = `education-${n}`
    let one: Person
    beforeAll(async () => {
      one = await sitDown(demo, browser, { login: 'admin', surface, lang, path: '/app/authorities' })
    })
    afterAll(() => one?.leave())

    it('from an authority without people to a receipt', async () => {
      const { page } = one
      await one.press(w.add)
      const form = page.getByRole('dialog')
      await form.getByLabel(w.code, { exact: true }).fill(authority.code)
      await form.getByLabel(w.name, { exact: true }).fill(authority.name)
      await form.getByRole('checkbox', { name: w.penalties, exact: true }).check()
      await one.sees('county-1-authority')
      await form.getByRole('button', { name: w.save }).click()
      await form.waitFor({ state: 'hidden' })

      // It is flagged until it has a collector.
      await page.getByPlaceholder(/按单位名称查找|Find by name/).fill(authority.name)
      await page.getByPlaceholder(/按单位名称查找|Find by name/).press('Enter')
      // The list that was there before stays until the new one has come.
      await expect.poll(() => page.getByRole('button', { name: w.addCollector }).count(), { timeout: 20_000 }).toBe(1)
      expect(await page.getByText(w.lacking, { exact: true }).count()).toBe(1)
      await one.sees('county-2-flagged')
      await page.getByRole('button', { name: w.addCollector }).click()
      const person = page.getByRole('dialog')
      await person.getByLabel(w.login, { exact: true }).fill(login)
      await person.getByLabel(w.person, { exact: true }).fill('采集员丁')
      await one.sees('county-3-collector')
      await person.getByRole('button', { name: w.save }).click()
      const secret = await page.getByRole('alert').locator('code').innerText()
      expect(secret).toMatch(/^[a-z]{6}-[a-z]{6}-\d{4}$/)
      await one.sees('county-4-secret', { known: [new RegExp(`^${login}$`)] })
      await one.press(w.kept)
      expect(await page.getByText(secret).count()).toBe(0)
      await page.getByText(w.people, { exact: true }).first().waitFor()
      expect(await page.getByText(w.lacking, { exact: true }).count()).toBe(0)

      // The collector, at another screen.
      const two = await sitDown(demo, browser, { surface, lang })
      try {
        await two.go('/app/submissions/new')
        await two.page.getByRole('textbox', { name: w.login }).fill(login)
        await two.page.getByLabel(w.password, { exact: true }).fill(secret)
        await two.press(w.signIn)
        await two.page.getByText(w.forced).waitFor()
        await two.sees('county-5-own-password')
        await two.page.getByLabel(w.current, { exact: true }).fill(secret)
        await two.page.getByLabel(w.next, { exact: true }).fill(NEXT)
        await two.page.getByLabel(w.again, { exact: true }).fill(NEXT)
        await two.press(w.keep)
        await two.page.getByText(w.forced).waitFor({ state: 'hidden' })

        const { headings, rows } = await makeRows(demo, 3, `${n}4`)
        const own = rows.map((r, i) => ({
          ...r,
          行政处罚决定书文号: `穗天教罚〔2026〕${n}${i}号`,
          处罚机关: authority.name,
          处罚机关统一社会信用代码: authority.code,
          数据来源单位: authority.name,
          数据来源单位统一社会信用代码: authority.code,
        }))
        const path = join(folder, `教育局行政处罚-${n}.csv`)
        writeFileSync(path, csv(headings, own))
        await two.page.getByRole('radio', { name: w.penalties, exact: true }).check()
        await two.page.locator('input[type=file]').setInputFiles(path)
        await two.page.getByText(`教育局行政处罚-${n}.csv`).waitFor()
        await two.press(w.send)
        await two.page.waitForURL(/\/app\/submissions\/[0-9a-f-]{36}$/)
        await two.page.getByText(w.done, { exact: true }).waitFor({ timeout: 60_000 })
        await two.sees('county-6-receipt')
        const numbers = (await two.page.locator('.ant-statistic-content').allInnerTexts()).map(Number)
        expect(numbers.slice(0, 3)).toEqual([3, 3, 0])

        // The first password is worth nothing any more.
        const again = await sitDown(demo, browser, { surface, lang })
        await again.go('/app/')
        await again.page.getByRole('textbox', { name: w.login }).fill(login)
        await again.page.getByLabel(w.password, { exact: true }).fill(secret)
        await again.press(w.signIn)
        await again.page.getByRole('alert').waitFor()
        await again.leave()
        expect([...two.wrong, ...two.problems]).toEqual([])
      } finally {
        await two.leave()
      }

      // Another county's authority is out of reach, whatever is put into the address.
      const office = await (await demo.as('admin')).client(access).listAuthorities({ q: authority.name })
      expect(office.rows[0]).toMatchObject({
        duties: ['penalty'],
        collectors: 1,
        lacksCollector: false,
        division: '440106',
      })
      expect([...one.wrong, ...one.problems]).toEqual([])
    })
  },
)
