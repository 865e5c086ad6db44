/** Anyone searches and reads, in both languages, without JavaScript. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Surface, TestBrowser } from './browser.ts'
import { openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { picture } from './look.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const NAME = '广州虚构云岫餐饮管理有限公司'
const WORDS = {
  zh: {
    search: '查询',
    field: '企业名称或者统一社会信用代码',
    adverse: '失信信息',
    why: '为什么公示',
    until: /公示至2027年\d+月\d+日/,
    repair: /自2026年\d+月\d+日起可以申请信用修复/,
    details: '查看完整内容和规则说明',
    rule: '适用规则',
    article: '条款',
    none: '没有查询到相符的信用主体。',
  },
  en: {
    search: 'Search',
    field: 'Company name or unified social credit code',
    adverse: 'Adverse information',
    why: 'Why it is shown',
    until: /[Ss]hown through \d+ \w+ 2027/,
    repair: /Repair may be applied for since \d+ \w+ 2026/,
    details: 'Full content and rules',
    rule: 'Rules applied',
    article: 'Article',
    none: 'No subject was found.',
  },
} as const

describe.each([
  { lang: 'zh', surface: 'desktop' },
  { lang: 'zh', surface: 'phone' },
  { lang: 'en', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const)('the public site without JavaScript ($lang, $surface)', { timeout: 60_000 }, ({ lang, surface }) => {
  it('leads from a name to what is shown, why, until when, and from when it can be repaired', async () => {
    const w = WORDS[lang]
    const { page, context, problems } = await browser.open(surface as Surface, { lang, javaScript: false })
    const shot = (n: string) => picture(page, `journey-public-${n}-${lang}-${surface}`)
    await page.goto(`${demo.url}/${lang === 'en' ? '?lang=en' : ''}`)
    await shot('1-home')
    await page.getByLabel(w.field).fill('云岫餐饮')
    await page.getByRole('button', { name: w.search, exact: true }).click()
    await shot('2-found')
    await page.getByRole('link', { name: NAME }).click()
    await page.getByRole('heading', { name: NAME }).waitFor()
    await page.getByRole('heading', { name: w.adverse }).waitFor()
    await page.getByText(w.why).first().waitFor()
    await page.getByText(w.until).first().waitFor()
    await page.getByText(w.repair).first().waitFor()
    await shot('3-subject')
    await page.getByRole('link', { name: w.details }).first().click()
    await page.getByText(w.rule, { exact: true }).first().waitFor()
    await page.getByText(w.article, { exact: true }).first().waitFor()
    await shot('4-record')
    await page.goto(`${demo.url}/search?q=${encodeURIComponent('没有这一家')}`)
    await page.getByText(w.none).first().waitFor()
    expect(problems).toEqual([])
    await context.close()
  })
})
