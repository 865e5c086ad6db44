/** A company applies for three kinds at once; both authorities grant; it is gone here at once, and every holder confirms. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as publicity } from '../../src/capabilities/publicity/contract.ts'
import { type RepairRecordView, endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { PROOF } from './papers.ts'
import { type Person, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-peers-'))
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const PEER = fileURLToPath(new URL('../peers/demo-peer.ts', import.meta.url))
/** The peer's own program pulls until there is no more, keeps, acknowledges, and ends. */
const peerPulls = (n: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const store = join(folder, `peer-${n}.jsonl`)
    const child = spawn(
      process.execPath,
      [PEER, '--url', demo.url, '--key', demo.peerKeys[n]!.key, '--store', store, '--once'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', (d: Buffer) => (said += d.toString()))
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`peer ${n}: ${said}`))))
  })

describe('an enterprise applies for three kinds in one application', { timeout: 240_000 }, () => {
  let company: Person
  let records: RepairRecordView[]
  let path: string
  const code = async () => {
    const html = await (await fetch(`${demo.url}/search?q=${encodeURIComponent('虚构云岫餐饮管理')}`)).text()
    return /href="\/s\/([0-9A-Z]{18})/.exec(html)![1]!
  }
  const publicly = async () => (await fetch(`${demo.url}/s/${await code()}`)).text()

  beforeAll(async () => {
    records = (await (await demo.as('company')).client(repair).myRecords({})).rows
    company = await sitDown(demo, browser, { login: 'company', path: '/app/my/records' })
  })
  afterAll(() => company?.leave())

  it('chooses, declares, proves once, signs and submits', async () => {
    const { page, press, sees } = company
    expect(records.map((r) => r.item).toSorted()).toEqual(['abnormal_list', 'penalty', 'penalty', 'serious_list'])
    await page.getByRole('heading', { name: records[0]!.docNo }).waitFor()
    for (const r of records) await page.getByRole('checkbox', { name: r.docNo }).check()
    await sees('repair-1-basket')
    await press('申请修复所选 4 条记录')
    await page.getByRole('heading', { name: '修复申请（未提交）' }).waitFor()
    path = new URL(page.url()).pathname

    for (const r of records) {
      const item = page.getByRole('region', { name: r.docNo })
      const boxes = item.getByRole('checkbox')
      for (let n = 0; n < (await boxes.count()); n++) await boxes.nth(n).check()
    }
    await press('提交申请')
    await page.getByRole('alert').first().waitFor()
    await sees('repair-2-not-yet')

    const uploads = page.getByRole('button', { name: /^上传：/ })
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), uploads.first().click()])
    await chooser.setFiles({ name: '缴款凭证.pdf', mimeType: 'application/pdf', buffer: PROOF })
    await page.getByRole('link', { name: /缴款凭证\.pdf/ }).waitFor()
    await page.getByRole('checkbox', { name: '本单位已阅读并同意上述承诺' }).check()
    await press('签署信用承诺书')
    await page.getByText(/^已于 .* 签署$/).waitFor()
    await sees('repair-3-ready')

    await page.getByRole('button', { name: '提交申请', exact: true }).dblclick()
    await page.getByRole('heading', { name: /^修复申请 440100-XF-/ }).waitFor()
    await sees('repair-4-submitted')
    expect(await page.getByText(/剩余 \d+ 个工作日/).count()).toBe(4)

    // Pressed twice, done once.
    const view = await (await demo.as('company')).client(repair).getApplication(idsOf(path))
    for (const item of view.items) expect(item.acts.filter((a) => a.action === 'submit')).toHaveLength(1)
    // The first try was refused, as it should be; the browser notes the status.
    const noise = company.problems.filter((p) => !p.includes('status of 422'))
    expect([...company.wrong, ...noise]).toEqual([])
    company.problems.length = 0
  })

  it('is accepted and granted by both authorities, and gone from the public page in the same second', async () => {
    const before = await publicly()
    const shown = records.filter((r) => before.includes(r.docNo))
    expect(shown.length).toBe(3)

    const officers = {
      market: await sitDown(demo, browser, { login: 'market-officer', path: '/app/queue' }),
      head: await sitDown(demo, browser, { login: 'market-head', path: '/app/queue' }),
      safety: await sitDown(demo, browser, { login: 'safety-officer', path: '/app/queue' }),
    }
    const decide = async (who: Person, r: RepairRecordView, action: string) => {
      await who.go('/app/queue')
      await who.page.getByRole('link', { name: r.docNo }).click()
      await who.press(action)
      const reply = who.page.waitForResponse((x) => x.request().method() === 'POST' && x.url().includes('/items/'))
      await who.press(`确认${action}`)
      expect((await reply).status()).toBe(200)
    }
    for (const r of records) {
      const market = r.authorityName.includes('市场监督')
      const officer = market ? officers.market : officers.safety
      await decide(officer, r, '受理')
      await officer.page.getByText('作出决定期限').first().waitFor()
      await officer.sees(`repair-5-accepted-${r.item}`, { axe: r.item === 'penalty' })
      await decide(officer, r, '准予修复')
      if (market) {
        await officer.page.getByText('经办人员提请：准予修复').waitFor()
        await decide(officers.head, r, '批准')
      }
      // The very next thing anybody asks.
      const after = await publicly()
      expect(after).not.toContain(r.docNo)
      const last = market ? officers.head : officer
      await last.page.getByRole('heading', { name: '准予修复' }).waitFor()
      await last.sees(`repair-6-granted-${r.item}`, { axe: r.item === 'penalty' })
    }
    const { rows } = await demo
      .withKey('')
      .client(publicity)
      .explainSubject({ code: await code() })
    for (const r of rows.filter((x) => records.some((mine) => mine.docNo === x.docNo))) {
      expect(r.channels.filter((c) => c.shown)).toEqual([])
    }
    for (const one of Object.values(officers)) {
      expect([...one.wrong, ...one.problems]).toEqual([])
      await one.leave()
    }
  })

  it('names every holder, and whoever is late', async () => {
    const { page, sees } = company
    const [first] = records.filter((r) => r.authorityName.includes('应急'))
    const table = page.getByRole('region', { name: first!.docNo })
    const state = (name: string) => table.getByRole('row', { name }).locator('.ant-tag')
    await page.reload()
    await table.getByText('待对方领取').first().waitFor()

    for (const n of [0, 1, 2, 3]) await peerPulls(n)
    await page.reload()
    for (const n of [0, 2, 3]) {
      await state(demo.peerKeys[n]!.name).filter({ hasText: '已确认撤下' }).waitFor()
    }
    await state('本平台公示网站').filter({ hasText: '已确认撤下' }).waitFor()
    await state(demo.peerKeys[4]!.name).filter({ hasText: '待对方领取' }).waitFor()
    await sees('repair-7-propagation')

    demo.clock.advance({ days: 8 })
    await company.leave()
    company = await sitDown(demo, browser, { login: 'company', path })
    const again = company.page.getByRole('region', { name: first!.docNo })
    const alert = again.getByRole('alert').filter({ hasText: '个单位逾期未确认' })
    const late = demo.peerKeys[4]!.name
    await alert.filter({ hasText: late }).waitFor()
    await company.sees('repair-8-late')

    await peerPulls(4)
    await again
      .getByRole('row', { name: late })
      .locator('.ant-tag')
      .filter({ hasText: '已确认撤下' })
      .waitFor({ timeout: 30_000 })
    // Those that answer nobody here are still named.
    await alert.waitFor()
    expect(await alert.textContent()).not.toContain(late)
    await company.sees('repair-9-confirmed')
    expect([...company.wrong, ...company.problems]).toEqual([])
  })
})

const idsOf = (path: string): { subject: string; id: string } => {
  const [subject = '', id = ''] = path.split('/').slice(-2)
  return { subject, id }
}
