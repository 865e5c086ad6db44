/** A collector mends a file: check first, hand in, read each row's verdict, mend the workbook, send it again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { openTable } from '../../src/capabilities/collection/files/open-table.ts'
import { toBuffer, writeWorkbook } from '../../src/capabilities/collection/files/workbook.ts'
import { endpoints as publicity } from '../../src/capabilities/publicity/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { picture } from './look.ts'
import { type Row, csv, makeRows } from './papers.ts'
import { type Person, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-collector-'))
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the workbook as a person would in a spreadsheet, changes cells, saves it. */
const mend = async (from: string, to: string, change: (row: Row) => Row): Promise<number> => {
  const cells: string[][] = []
  for await (const batch of await openTable({ path: from, name: 'returned.xlsx' })) {
    for (const row of batch) cells.push([...row.cells])
  }
  const [headings = [], ...rows] = cells
  const mended = rows.map((r) => {
    const row = change(Object.fromEntries(headings.map((h, i) => [h, r[i] ?? ''])))
    return headings.map((h) => row[h] ?? '')
  })
  const sheet = {
    name: '退回数据',
    widths: headings.map(() => 16),
    rows: [headings, ...mended].map((c) => ({ cells: c })),
  }
  writeFileSync(to, await toBuffer(writeWorkbook([sheet])))
  return rows.length
}

const drop = async (page: Page, name: string, text: string): Promise<void> => {
  const files = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/csv' }))
    return transfer
  })()`)
  await page.locator('.ant-upload-drag .ant-upload-btn').dispatchEvent('drop', { dataTransfer: files })
}

const numbers = async (page: Page): Promise<number[]> =>
  (await page.locator('.ant-statistic-content').allInnerTexts()).map((t) => Number(t.replaceAll(',', '')))

const WORDS = {
  zh: {
    penalties: '行政处罚',
    check: '先预检（不入库）',
    checked: /预检没有入库任何数据/,
    byHand: /^需自行修改/,
    asIs: '不采纳，按原文件上传',
    send: '上传',
    done: '处理完毕',
    workbook: '下载退回数据表',
    again: '修改后重新上传',
    reason: '原因：',
    mend: '如何修改：',
    value: '填写的值：',
  },
  en: {
    penalties: 'Administrative penalty',
    check: 'Preflight (nothing is taken in)',
    checked: /Nothing has been taken in/,
    byHand: /^To mend by hand/,
    asIs: 'Hand in without the proposals',
    send: 'Hand in',
    done: 'Processed',
    workbook: 'Download the workbook of returned rows',
    again: 'Send the mended workbook',
    reason: 'Reason:',
    mend: 'How to mend:',
    value: 'Value:',
  },
} as const

const COUNT = 1200
describe.each([
  { lang: 'zh', surface: 'desktop', word: '9' },
  { lang: 'en', surface: 'phone', word: '8' },
] as const)('a collector mends a file ($lang, $surface)', { timeout: 240_000 }, ({ lang, surface, word }) => {
  const w = WORDS[lang]
  let one: Person
  beforeAll(async () => {
    one = await sitDown(demo, browser, { login: 'safety-collector', surface, lang, path: '/app/submissions/new' })
  })
  afterAll(() => one?.leave())

  it('goes from a file with bad rows to a receipt that balances', async () => {
    const { page } = one
    const { headings, rows } = await makeRows(demo, COUNT, word)
    const [good, bad] = [rows[0]!, rows.slice(1, 4)]
    const code = bad[0]!.统一社会信用代码!
    bad[0]!.统一社会信用代码 = code.slice(0, 17)
    bad[1]!['罚款金额（万元）'] = ''
    bad[2]!.处罚决定日期 = '2027-01-20'

    await page.getByRole('radio', { name: w.penalties }).check()
    await drop(page, '十一月行政处罚.csv', csv(headings, rows))
    await page.getByText('十一月行政处罚.csv').waitFor()
    await one.press(w.check)
    await page.getByText(w.checked).waitFor()
    await one.sees('collector-1-check')
    // A code with a character missing can be told; an amount and a day cannot.
    expect(await page.getByText(w.reason).count()).toBe(1)
    await page.getByText(w.byHand).click()
    expect(await page.getByText(w.reason).count()).toBe(2)

    await one.press(w.asIs)
    await page.waitForURL(/\/app\/submissions\/[0-9a-f-]{36}$/)
    await page.getByRole('progressbar').waitFor()
    await picture(page, `journey-collector-2-progress-${lang}-${surface}`)
    await page.getByText(w.done, { exact: true }).waitFor({ timeout: 120_000 })
    await one.sees('collector-3-receipt')
    expect(await numbers(page)).toEqual([COUNT, COUNT - 3, 3, 0, 0])
    for (const said of [w.reason, w.mend]) expect(await page.getByText(said).count()).toBe(3)
    expect(await page.getByText(code.slice(0, 17), { exact: false }).count()).toBeGreaterThan(0)

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: w.workbook }).click()
    const [returned, mended] = [join(folder, `returned-${lang}.xlsx`), join(folder, `mended-${lang}.xlsx`)]
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.xlsx$/)
    await file.saveAs(returned)
    const sent = await mend(returned, mended, (row) => ({
      ...row,
      ...(row.统一社会信用代码 === code.slice(0, 17) ? { 统一社会信用代码: code } : {}),
      ...(row['罚款金额（万元）'] === '' ? { '罚款金额（万元）': '6' } : {}),
      ...(row.处罚决定日期 === '2027-01-20' ? { 处罚决定日期: '2026-11-18' } : {}),
    }))
    expect(sent).toBe(3)

    await one.press(w.again)
    await page.waitForURL(/\/app\/submissions\/new/)
    await page.locator('input[type=file]').setInputFiles(mended)
    await one.press(w.send)
    await page.waitForURL(/\/app\/submissions\/[0-9a-f-]{36}$/)
    await page.getByText(w.done, { exact: true }).waitFor({ timeout: 60_000 })
    await one.sees('collector-4-mended')
    expect(await numbers(page)).toEqual([3, 3, 0, 0, 0])

    // The first receipt is a receipt still; both balance to the row.
    const { rows: receipts } = await (await demo.as('safety-collector'))
      .client(collection)
      .listSubmissions({ limit: 2 })
    for (const r of receipts) expect(r.received).toBe(r.accepted + r.refused + r.pending + r.alreadyHeld)
    const explained = await demo.withKey('').client(publicity).explainSubject({ code: good.统一社会信用代码! })
    expect(explained.rows.map((r) => r.docNo)).toContain(good.行政处罚决定书文号)
    expect([...one.wrong, ...one.problems]).toEqual([])
  })
})
