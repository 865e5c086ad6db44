/** The credit office sees how peers are reached by file and by table, what went over, and sets the way of another one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/capabilities/exchange/contract.ts'
import type { Way } from '../../src/capabilities/exchange/words.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'
import { tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const one = async (way: Way): Promise<string> => {
  const client = (await demo.as('credit-office')).client(endpoints)
  for (let after: string | undefined; ; ) {
    const { rows, next } = await client.peers({ limit: 50, ...(after ? { after } : {}) })
    const found = rows.find((p) => p.way === way && p.state === 'active')
    if (found) return found.id
    if (!next) throw new Error(`no peer by ${way}`)
    after = next
  }
}

describe('the ways of files and tables', { timeout: 120_000 }, () => {
  it('stand on pages that anybody can read', async () => {
    const known = [/CloudEvents/, /ECONNREFUSED/]
    const stops = [
      // Why its folder is trusted is written by people.
      { name: 'way-file', path: `/app/peers/${await one('file')}?view=way`, known: [/对方系统暂不能签名.*/] },
      { name: 'way-table', path: `/app/peers/${await one('table')}?view=way`, known },
    ]
    expect(await tour({ demo, browser }, 'credit-office', stops)).toEqual([])
  })

  it('are tried, set and previewed without a developer', async () => {
    const at = { login: 'credit-office', path: `/app/peers/${await one('file')}?view=way` }
    const { page, press, leave, wrong, problems } = await sitDown(demo, browser, at)
    await page.getByText('xinheng-000001.csv').waitFor()
    await page.getByRole('button', { name: '发送内容预览' }).click()
    await page.getByRole('link', { name: /下载样例文件/ }).waitFor()
    await press('设置交换方式')
    await page.getByLabel('文件夹', { exact: true }).fill('演示/另一处')
    await press('测试')
    await page.getByText('文件夹 演示/另一处 可以读取和写入').waitFor()
    await press('保存')
    await page.getByText('演示/另一处/out').waitFor()
    await leave()
    expect([...wrong, ...problems]).toEqual([])
  })

  it('say who may hand in without a signature, and why (en, phone)', async () => {
    const path = `/app/peers/${await one('file')}?view=way`
    const { page, press, sees, leave, wrong, problems } = await sitDown(demo, browser, {
      login: 'credit-office',
      surface: 'phone',
      lang: 'en',
      path,
    })
    await page.getByText('no valid key is registered').waitFor()
    await press('Trust this folder without a signature')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Reason/).fill('Their system cannot sign before March; the share is on a leased line.')
    await dialog.getByRole('button', { name: 'Trust this folder without a signature' }).click()
    await page.getByText(/the share is on a leased line/).waitFor()
    await sees('way-unsigned', { known: [/演示/] })
    await press('Set the way')
    await page.getByLabel('Seconds between looks').fill('3')
    await sees('way-form', { known: [/演示/] })
    await press('Cancel')
    await press('Require a signature again')
    await dialog.getByLabel(/^Reason/).fill('A key is on its way.')
    await dialog.getByRole('button', { name: 'Require a signature again' }).click()
    await page.getByText('no valid key is registered').waitFor()
    await leave()
    expect([...wrong, ...problems]).toEqual([])
  })
})
