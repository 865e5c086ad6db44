/** A change of the rules: begun from a row, previewed on what is held, approved by a second person, and done on its day. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { type Person, sitDown } from './people.ts'

let browser: TestBrowser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const WORDS = {
  zh: {
    group: '待确认',
    unsure: /仅看待确认的/,
    waits: '待另一人批准',
    change: /拟定变更：较大数额罚款属于一般失信信息/,
    text: '规则文件',
    from: '施行日期',
    reason: '变更理由',
    preview: '预览影响',
    wrong: /第 \d+ 行/,
    changed: /[1-9][\d,]*条信息的公示期或者类别发生变化/,
    stops: /[1-9][\d,]*条于施行当日停止公示/,
    longest: /最长公示期：由“1年”改为“6个月”/,
    propose: '提请启用',
    approve: '批准启用',
    second: '须由信用办另一人批准',
    approved: '已批准',
    inForce: '已施行',
    done: /已核对[\d,]+条信息，完成重新计算/,
    version: '2026年12月1日起的版本',
  },
  en: {
    group: 'Unconfirmed',
    unsure: /Only what awaits confirmation/,
    waits: 'Awaits approval',
    change: /Propose a change: A fine of large amount is general/,
    text: 'Text of the rules',
    from: 'In force from',
    reason: 'Reason',
    preview: 'Preview',
    wrong: /Line \d+/,
    changed: /[1-9][\d,]* windows change/,
    stops: /[1-9][\d,]* stop being shown on its first day/,
    longest: /Longest period: from “1 year” to “6 months”/,
    propose: 'Propose',
    approve: 'Approve',
    second: 'another person of the credit office must approve',
    approved: 'Approved',
    inForce: 'In force',
    done: /records looked at; windows are as the rules have them/,
    version: 'the version from 1 December 2026',
  },
} as const

describe.each([
  { lang: 'zh', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const)('rule change with preview ($lang, $surface)', { timeout: 300_000 }, ({ lang, surface }) => {
  const w = WORDS[lang]
  let demo: DemoPlatform
  let one: Person
  let two: Person
  beforeAll(async () => {
    demo = await openDemo()
    one = await sitDown(demo, browser, { login: 'credit-office', surface, lang, path: '/app/policies' })
    two = await sitDown(demo, browser, { login: 'credit-office-two', surface, lang, path: '/app/policies' })
  })
  afterAll(async () => {
    await one?.leave()
    await two?.leave()
    await demo?.close()
  })

  it('reads the rules in force and what is open in them, and finds a change that waits', async () => {
    const { page } = one
    await page.locator('.xh-scroll tbody tr, .xh-cards li').first().waitFor()
    await one.sees('rules-1-in-force')
    await page.getByLabel(w.unsure).check()
    await page.waitForURL(/state=unsure/)
    await page.getByText(w.group, { exact: true }).first().waitFor()
    await one.sees('rules-2-unsure')
    await one.go('/app/policies/changes')
    await page.getByText(w.waits).first().waitFor()
    await one.sees('rules-3-changes')
    expect(one.wrong).toEqual([])
  })

  it('begins from a row, is told by line what is wrong, and sees what would change', async () => {
    const { page } = one
    await one.go('/app/policies')
    await page.getByRole('button', { name: w.change }).click()
    const text = page.getByRole('textbox', { name: w.text })
    await text.waitFor()
    const row = await text.inputValue()
    expect(row).toContain('general-large-fine')
    await text.fill(row.replace('P1Y', 'P6X'))
    await page.getByLabel(w.from).fill('2026-12-01')
    await page.getByLabel(w.reason).fill('落实修订后的最长公示期')
    await one.press(w.preview)
    await page.getByText(w.wrong).waitFor()
    await one.sees('rules-4-wrong')
    await text.fill(row.replace('P1Y', 'P6M'))
    await one.press(w.preview)
    await page.waitForURL(/\/app\/policies\/changes\/[0-9a-f-]{36}$/)
    await page.getByText(w.changed).waitFor()
    await page.getByText(w.longest).waitFor()
    await one.sees('rules-5-preview')
    // A figure opens to its records.
    await page.getByText(w.stops).click()
    await page.waitForURL(/field=stops/)
    await page.getByText(w.version).first().waitFor()
    await page.mouse.move(0, 0)
    await one.sees('rules-6-records')
    expect(one.wrong).toEqual([])
  })

  it('takes another person to approve', async () => {
    await one.press(w.propose)
    await one.page.getByRole('dialog').getByRole('button', { name: w.propose }).click()
    await one.page.getByText(w.second).waitFor()
    expect(await one.page.getByRole('button', { name: w.approve }).count()).toBe(0)
    await two.go(new URL(one.page.url()).pathname)
    await two.press(w.approve)
    await two.sees('rules-7-approve')
    await two.page.getByRole('dialog').getByRole('button', { name: w.approve }).click()
    await two.page.getByRole('heading', { level: 1 }).getByText(w.approved, { exact: true }).waitFor()
    expect([...one.wrong, ...two.wrong]).toEqual([])
  })

  it('is done on its day: windows are rewritten and the rules in force name the new version', async () => {
    const path = new URL(two.page.url()).pathname
    demo.clock.set('2026-12-01T01:00:00Z')
    // A week later the session has ended.
    const later = await sitDown(demo, browser, { login: 'credit-office', surface, lang, path })
    const { page } = later
    await page.getByRole('heading', { level: 1 }).getByText(w.inForce, { exact: true }).waitFor()
    await expect
      .poll(
        async () => {
          await page.reload()
          return page
            .getByText(w.done)
            .waitFor({ timeout: 4_000 })
            .then(
              () => true,
              () => false,
            )
        },
        { timeout: 90_000 },
      )
      .toBe(true)
    await later.sees('rules-8-done')
    await later.go('/app/policies')
    await page.getByText(w.version, { exact: true }).first().waitFor()
    await later.sees('rules-9-new-version')
    expect(later.wrong).toEqual([])
    await later.leave()
  })
})
