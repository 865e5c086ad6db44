/** A change of the catalog: previewed on what is held, proposed, approved by another person, and in the collector's form from its day. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTable } from '../../src/capabilities/collection/files/open-table.ts'
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
    draw: '拟定新版本',
    text: '文件内容',
    from: '施行日期',
    reason: '变更理由',
    preview: '预览影响',
    propose: '提请启用',
    approve: '批准启用',
    wrong: /第 \d+ 行/,
    summary: /新增1个字段，修改0个，删除0个；已归集的[\d,]+条信息中，有[\d,]+条不符合新版本/,
    second: '须由信用办另一人批准',
    waits: '待另一人批准',
    approved: '已批准',
    fields: /字段（\d+个）/,
    form: '下载空白标准表样（.xlsx）',
    penalty: '行政许可',
    versions: '版本启用',
  },
  en: {
    draw: 'Draw up a version',
    text: 'Text of the file',
    from: 'In force from',
    reason: 'Reason',
    preview: 'Preview',
    propose: 'Propose',
    approve: 'Approve',
    wrong: /Line \d+/,
    summary: /1 fields added, 0 changed, 0 removed; of [\d,]+ held records, [\d,]+ would fail/,
    second: 'another person of the credit office must approve',
    waits: 'Awaits approval',
    approved: 'Approved',
    fields: /Fields \(\d+\)/,
    form: 'Download the blank form (.xlsx)',
    penalty: 'Administrative licence',
    versions: 'New versions',
  },
} as const

const LABEL = { zh: '许可事项目录编码', en: 'Code of the matter' }
const FILE = readFileSync(new URL('../../policy/national/catalog/licence.yaml', import.meta.url), 'utf8')
const field = (type: string) =>
  `  - { code: XK_BC_SXBM, key: matter_code, label: { zh: ${LABEL.zh}, en: ${LABEL.en} }, aliases: [事项编码], type: ${type}, max_length: 64, required: always, public: true }`
const version = (type: string) => FILE.replace('\nchecks:\n', `\n${field(type)}\nchecks:\n`)

describe.each([
  { lang: 'zh', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const)('catalog change with preview ($lang, $surface)', { timeout: 240_000 }, ({ lang, surface }) => {
  const w = WORDS[lang]
  let demo: DemoPlatform
  let one: Person
  let two: Person
  beforeAll(async () => {
    demo = await openDemo()
    one = await sitDown(demo, browser, { login: 'credit-office', surface, lang, path: '/app/catalog/versions' })
    two = await sitDown(demo, browser, { login: 'credit-office-two', surface, lang, path: '/app/catalog/versions' })
  })
  afterAll(async () => {
    await one?.leave()
    await two?.leave()
    await demo?.close()
  })

  it('reads the catalog, and finds in the demonstration a version that waits', async () => {
    await one.go('/app/catalog')
    await one.page.getByRole('link', { name: w.penalty, exact: true }).waitFor()
    await one.sees('catalog-1-items')
    await one.page.getByRole('link', { name: w.penalty, exact: true }).click()
    await one.page.getByText(w.fields).waitFor()
    await one.sees('catalog-2-item')
    await one.go('/app/catalog/versions')
    await one.page.getByText(w.waits).first().waitFor()
    await one.sees('catalog-3-versions')
    expect(one.wrong).toEqual([])
  })

  it('is told by line what is wrong with a file, mends it, and sees what would change', async () => {
    const { page } = one
    await one.press(w.draw)
    await page.getByLabel(w.text).fill(version('essay'))
    await page.getByLabel(w.from).fill('2026-12-01')
    await page.getByLabel(w.reason).fill('按省级政务服务事项目录补充编码')
    await one.press(w.preview)
    await page.getByText(w.wrong).waitFor()
    await one.sees('catalog-4-wrong')
    await page.getByLabel(w.text).fill(version('text'))
    await one.press(w.preview)
    await page.waitForURL(/\/app\/catalog\/versions\/[0-9a-f-]{36}$/)
    await page.getByText(w.summary).waitFor()
    await one.sees('catalog-5-preview')
    // The figure opens to its rows.
    await page.getByRole('link', { name: new RegExp(LABEL[lang]) }).click()
    await page.waitForURL(/field=matter_code/)
    await page.locator('.xh-scroll tbody tr, .xh-cards li').first().waitFor()
    // A row under the pointer has another colour.
    await page.mouse.move(0, 0)
    await one.sees('catalog-6-records')
    expect(one.wrong).toEqual([])
  })

  it('takes another person to approve', async () => {
    await one.press(w.propose)
    await one.page.getByRole('dialog').getByRole('button', { name: w.propose }).click()
    await one.page.getByText(w.second).waitFor()
    expect(await one.page.getByRole('button', { name: w.approve }).count()).toBe(0)
    await one.sees('catalog-7-proposed')

    await two.go(new URL(one.page.url()).pathname)
    await two.press(w.approve)
    await two.sees('catalog-8-approve')
    await two.page.getByRole('dialog').getByRole('button', { name: w.approve }).click()
    await two.page.getByRole('heading', { level: 1 }).getByText(w.approved, { exact: true }).waitFor()
    await two.sees('catalog-9-approved')
    expect([...one.wrong, ...two.wrong]).toEqual([])
  })

  it('asks the collector for the new field from its day on, on the page and in the form', async () => {
    const collector = await sitDown(demo, browser, {
      login: 'market-collector',
      surface,
      lang,
      path: '/app/catalog/licence',
    })
    const { page } = collector
    const blank = async (): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: w.form }).click(),
      ])
      const words: string[] = []
      for await (const batch of await openTable({ path: await download.path(), name: 'form.xlsx' }))
        for (const row of batch) words.push(row.cells.join())
      return words.join('\n')
    }
    await page.getByText(w.fields).waitFor()
    const fields = page.locator('.xh-scroll, .xh-cards').first()
    expect(await fields.getByText(LABEL[lang]).count()).toBe(0)
    expect(await blank()).not.toContain(LABEL.zh)

    demo.clock.set('2026-12-01T01:00:00Z')
    await page.reload()
    // A week later the session has ended.
    const again = await sitDown(demo, browser, {
      login: 'market-collector',
      surface,
      lang,
      path: '/app/catalog/licence',
    })
    await again.page.locator('.xh-scroll, .xh-cards').first().getByText(LABEL[lang]).waitFor()
    await again.sees('catalog-10-collector')
    expect(again.wrong).toEqual([])
    const [download] = await Promise.all([
      again.page.waitForEvent('download'),
      again.page.getByRole('link', { name: w.form }).click(),
    ])
    const words: string[] = []
    for await (const batch of await openTable({ path: await download.path(), name: 'form.xlsx' }))
      for (const row of batch) words.push(row.cells.join())
    expect(words.join('\n')).toContain(LABEL.zh)
    await collector.leave()
    await again.leave()
  })
})
