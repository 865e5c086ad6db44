/** A collector mends a file before it is handed in, mends what was left afterwards, and annuls a record by its number. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { csv, makeRows } from './papers.ts'
import { type Person, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const WORDS = {
  zh: {
    penalties: '行政处罚',
    check: '先预检（不入库）',
    checked: /预检没有入库任何数据。4 行将被退回，其中 2 行/,
    byHand: /^需自行修改/,
    mendable: /^有修改建议/,
    doubt: /可以读作/,
    code: '统一社会信用代码',
    accept: '采纳 1 处建议并上传',
    done: '处理完毕',
    log: '已采纳的修改',
    mend: '采纳本页建议',
    mended: '已有 1 行按建议修改后入库。',
    find: '按文书号查找',
    open: '更正与撤销',
    annul: '撤销该信息',
    reason: '理由说明',
    confirm: '确认撤销',
    annulled: /^撤销（全部渠道/,
    back: '恢复该信息',
  },
  en: {
    penalties: 'Administrative penalty',
    check: 'Preflight (nothing is taken in)',
    checked: /Nothing has been taken in. 4 rows would be returned; 2 of them/,
    byHand: /^To mend by hand/,
    mendable: /^With proposals/,
    doubt: /may be read as/,
    code: 'Unified social credit code',
    accept: 'Accept what is proposed (1) and hand in',
    done: 'Processed',
    log: 'Accepted as proposed',
    mend: 'Accept those on this page',
    mended: 'Rows mended and taken in: 1.',
    find: 'Find by document number',
    open: 'Versions and annulment',
    annul: 'Annul this record',
    reason: 'Reason',
    confirm: 'Annul',
    annulled: /^Annulled \(every channel/,
    back: 'Reinstate this record',
  },
} as const

describe.each([
  { lang: 'zh', surface: 'desktop', word: '7' },
  { lang: 'en', surface: 'phone', word: '6' },
] as const)('preflight and mend ($lang, $surface)', { timeout: 240_000 }, ({ lang, surface, word }) => {
  const w = WORDS[lang]
  let one: Person
  beforeAll(async () => {
    one = await sitDown(demo, browser, { login: 'safety-collector', surface, lang, path: '/app/submissions/new' })
  })
  afterAll(() => one?.leave())

  const numbers = async () =>
    (await one.page.locator('.ant-statistic-content').allInnerTexts()).map((t) => Number(t.replaceAll(',', '')))

  it('sees what would come back, accepts what is proposed, and every change is on the receipt', async () => {
    const { page } = one
    const { headings, rows } = await makeRows(demo, 6, word)
    const code = rows[1]!.统一社会信用代码!
    rows[1]!.统一社会信用代码 = code.slice(0, 17)
    rows[2]!.处罚决定日期 = '18-Nov-26'
    rows[3]!.处罚决定日期 = '03/04/2026'
    rows[4]!.行政处罚决定书文号 = `穗天应急罚〔2026〕${word}41-${word}43号`
    await page.getByRole('radio', { name: w.penalties }).check()
    await page.locator('input[type=file]').setInputFiles({
      name: '预检.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(csv(headings, rows)),
    })
    await one.press(w.check)
    await page.getByText(w.checked).waitFor()
    await one.sees('preflight-1-found')
    expect(await page.getByText(code, { exact: true }).count()).toBe(1)
    await page.getByText(w.byHand).click()
    await page.getByText(w.doubt).waitFor()
    await one.sees('preflight-2-by-hand')
    await page.getByText(w.mendable).click()
    // The date is left out now, to be mended on the receipt.
    await page.getByRole('checkbox').nth(-1).uncheck()
    await one.press(w.accept)

    await page.waitForURL(/\/app\/submissions\/[0-9a-f-]{36}$/)
    await page.getByText(w.done, { exact: true }).waitFor({ timeout: 60_000 })
    await page.getByRole('heading', { name: w.log }).waitFor()
    expect(await numbers()).toEqual([6, 3, 3, 0, 0])
    await one.sees('preflight-3-receipt')
    await one.press(w.mend)
    await page.getByText(w.mended).waitFor()
    await one.sees('preflight-4-mended')
    expect(await numbers()).toEqual([6, 4, 2, 0, 0])

    const id = page.url().split('/').at(-1)!
    const { rows: kept } = await (await demo.as('safety-collector')).client(collection).listMends({ id })
    expect(kept.map((m) => [m.n, m.was, m.became])).toEqual([
      [3, code.slice(0, 17), code],
      [4, '18-Nov-26', '2026-11-18'],
    ])
  })

  it('finds the record by its number in another spelling and annuls it, with the reason', async () => {
    const { page } = one
    await one.go('/app/submissions/records')
    await page.getByLabel(w.find).fill(`穗天应急罚【2026】第${word}1号`)
    await page.getByLabel(w.find).press('Enter')
    await page.waitForURL(/[?&]q=/)
    await page.getByText(`穗天应急罚〔2026〕${word}1号`).first().waitFor()
    await one.sees('preflight-5-own-records')
    await page.getByRole('button', { name: w.open }).first().click()
    await one.press(w.annul)
    await page.getByLabel(w.reason).fill('经行政复议，原处罚决定被撤销。')
    await one.sees('preflight-6-annul')
    await one.press(w.confirm)
    await page.getByText(w.annulled).waitFor()
    await page.getByRole('button', { name: w.back }).waitFor()
    await one.sees('preflight-7-annulled')
    expect([...one.wrong, ...one.problems]).toEqual([])
  })
})
