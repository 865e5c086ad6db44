/** Three kinds at the window, with the papers from the applicant's phone; and an enterprise that takes what it is offered. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as facts } from '../../src/capabilities/repair/contract.facts.ts'
import { endpoints as messages } from '../../src/capabilities/messages/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { picture } from './look.ts'
import { PROOF } from './papers.ts'
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

const codeOf = async (name: string): Promise<string> => {
  const html = await (await fetch(`${demo.url}/search?q=${encodeURIComponent(name)}`)).text()
  return /href="\/s\/([0-9A-Z]{18})/.exec(html)![1]!
}

describe('an application of three kinds at the window', { timeout: 240_000 }, () => {
  let clerk: Person
  let phone: Person
  let path: string
  let lacking: number
  afterAll(async () => {
    await clerk?.leave()
    await phone?.leave()
  })

  it('is begun for whoever comes, with what authorities shared filled in', async () => {
    const code = await codeOf('虚构云岫餐饮管理')
    const mine = (await (await demo.as('company')).client(repair).myRecords({})).rows
    const safety = mine.find((r) => r.authorityName.includes('应急'))!
    const officer = (await demo.as('safety-officer')).client(facts)
    const on = '2026-11-16'
    const said = await officer.shareFacts({
      facts: [
        { code, docNo: safety.docNo, fact: 'dutiesPerformed', on, reference: '缴款凭证0001' },
        { code, docNo: safety.docNo, fact: 'corrected', on },
      ],
    })
    expect(said.rows.map((r) => r.verdict)).toEqual(['taken', 'taken'])

    clerk = await sitDown(demo, browser, { login: 'window', path: '/app/window' })
    const { page, press, sees } = clerk
    // A person is looked for by the identity number, which goes as such and never as a code.
    await page.getByText('自然人', { exact: true }).click()
    await page.getByRole('textbox', { name: '证件号码' }).fill('11010519491231002X')
    const asked = page.waitForRequest((r) => r.url().endsWith('/repair/lookup'))
    await press('查找')
    expect((await asked).postDataJSON()).toEqual({ personId: '11010519491231002X' })
    await page.getByText('没有查到这个信用主体').waitFor()
    clerk.problems.length = 0
    await page.getByText('单位或者个体工商户', { exact: true }).click()
    await page.getByRole('textbox', { name: '统一社会信用代码' }).fill(code)
    await press('查找')
    for (const r of mine) await page.getByRole('checkbox', { name: r.docNo }).check()
    await page
      .getByText(/已由.*应急管理局.*共享，无需提交/)
      .first()
      .waitFor()
    await sees('window-1-basket')
    await press('申请修复所选 4 条记录')
    await page.getByRole('heading', { name: '转申请人手机办理' }).waitFor()
    path = new URL(page.url()).pathname
    const shared = page.getByRole('region', { name: safety.docNo })
    await shared.getByText('已经掌握的情况（无需再填）').waitFor()
    expect(await shared.getByRole('checkbox').count()).toBe(0)
    lacking = Number(/\d+/.exec(await page.getByText(/^尚缺 \d+ 项$/).innerText())![0])
    await sees('window-2-desk')
  })

  it('goes to the phone and back: photographed, signed by hand, seen at the window', async () => {
    const { page, press, sees } = clerk
    await press('出示二维码')
    const code = page.getByRole('img', { name: '转手机办理的二维码' })
    await code.waitFor()
    await page.getByText('等待申请人扫码').waitFor()
    await sees('window-3-code')
    const address = (await code.getAttribute('data-address'))!
    expect(new URL(address).pathname).toBe('/app/hand')

    const at = address.slice(new URL(address).origin.length)
    phone = await sitDown(demo, browser, { surface: 'phone' })
    await phone.go(at)
    await phone.sees('window-4-phone-begin')
    await phone.press('开始办理')
    await phone.page.getByRole('heading', { name: '证明材料' }).waitFor()
    expect(new URL(phone.page.url()).hash).toBe('')
    await page.getByText('申请人正在手机上办理').waitFor()

    const upload = phone.page.getByRole('button', { name: /^拍照或者选择文件：.*证明/ }).first()
    const [chooser] = await Promise.all([phone.page.waitForEvent('filechooser'), upload.click()])
    await chooser.setFiles({ name: '缴款凭证.pdf', mimeType: 'application/pdf', buffer: PROOF })
    await phone.page.getByText(/缴款凭证\.pdf/).waitFor()
    await page.getByRole('link', { name: /缴款凭证\.pdf/ }).waitFor()

    const pad = phone.page.getByRole('img', { name: '手写签名区' })
    await pad.scrollIntoViewIfNeeded()
    const box = (await pad.boundingBox())!
    await phone.page.mouse.move(box.x + 40, box.y + 40)
    await phone.page.mouse.down()
    for (const [x, y] of [
      [90, 80],
      [140, 40],
      [190, 90],
      [250, 50],
    ] as const)
      await phone.page.mouse.move(box.x + x, box.y + y, { steps: 4 })
    await phone.page.mouse.up()
    await phone.sees('window-5-phone-sign')
    await phone.press('提交签名')
    await phone.page.getByText(/^已于 .* 签署$/).waitFor()
    await phone.press('办完，交回窗口')
    await phone.page.getByText('已交回窗口，可以关闭本页。').waitFor()
    await phone.sees('window-6-phone-done')
    await page.getByText('申请人已办完交回').waitFor()
    await page.getByRole('link', { name: '手写签名' }).waitFor()
    // The signature came from the phone; the clerk has touched nothing.
    await page.getByText(`尚缺 ${lacking - 1} 项`).waitFor()

    // The same link on another phone opens nothing.
    const other = await sitDown(demo, browser, { surface: 'phone', lang: 'en' })
    await other.go(at)
    await other.press('Begin')
    await other.page.getByRole('alert').filter({ hasText: 'This hand-over has ended' }).waitFor()
    await other.sees('window-7-phone-refused')
    await other.leave()
    expect([...phone.wrong, ...phone.problems]).toEqual([])
  })

  it('is checked, taken in, and followed without an account by number and code', async () => {
    const { page, press, sees } = clerk
    const app = await (await demo.as('company')).client(repair).getApplication(idsOf(path))
    for (const item of app.items) {
      const boxes = page.getByRole('region', { name: item.docNo }).getByRole('checkbox')
      for (let n = 0; n < (await boxes.count()); n++) await boxes.nth(n).check()
    }
    await page.getByText('材料齐全，符合形式要求，可以收件。').waitFor()
    await sees('window-8-complete')
    await press('收件并打印回执')
    await page.getByRole('heading', { name: '信用修复申请收件回执' }).waitFor()
    await page.getByText(/440100-XF-/).waitFor()
    await sees('window-9-receipt')
    const no = /440100-XF-\d{8}-\d{4}/.exec(await page.locator('main').innerText())![0]
    const code = /查询码\s*[：:]?\s*([2-9A-Z]{8})/.exec(await page.locator('main').innerText())![1]!

    // A page without JavaScript can be pictured; what it says and how it is laid out is looked at with it.
    for (const javaScript of [false, true]) {
      const visitor = await sitDown(demo, browser, { surface: 'phone', javaScript })
      await visitor.go('/progress')
      await visitor.page.getByRole('textbox', { name: '回执编号' }).fill(no)
      await visitor.page.getByRole('textbox', { name: '查询码' }).fill(code.toLowerCase())
      await visitor.press('查询')
      await visitor.page.getByText('待受理').first().waitFor()
      expect(await visitor.page.locator('article').count()).toBe(4)
      if (javaScript) await visitor.sees('window-10-progress')
      else await picture(visitor.page, 'journey-window-10-progress-plain')
      expect([...visitor.wrong, ...visitor.problems]).toEqual([])
      await visitor.leave()
    }
    expect([...clerk.wrong, ...clerk.problems]).toEqual([])
  })
})

describe('an enterprise that is offered its application, on a phone in English', { timeout: 240_000 }, () => {
  let company: Person
  let own: DemoPlatform
  beforeAll(async () => {
    own = await openDemo()
  })
  afterAll(async () => {
    await company?.leave()
    await own?.close()
  })

  it('sees every record by its day, subscribes, and begins with one press', async () => {
    company = await sitDown(own, browser, {
      login: 'company',
      surface: 'phone',
      lang: 'en',
      path: '/app/my/calendar',
    })
    const { page, press, sees } = company
    await page.getByRole('heading', { name: 'When can I repair' }).waitFor()
    await page.getByRole('heading', { name: 'Subscribe in a calendar' }).first().waitFor()
    await sees('calendar-1-days')
    await page.getByRole('button', { name: 'Make the address' }).first().click()
    const address = await page.getByRole('textbox', { name: 'Calendar address' }).first().inputValue()
    const ics = await (await fetch(address)).text()
    expect(ics).toContain('BEGIN:VEVENT')
    await sees('calendar-2-address')
    await press('Take it back')
    await page.getByRole('tooltip').getByRole('button', { name: 'Yes' }).click()
    await page.getByRole('button', { name: 'Make the address' }).first().waitFor()
    expect((await fetch(address)).status).toBe(404)
    expect([...company.wrong, ...company.problems]).toEqual([])
    const inbox = (await (await own.as('company')).client(messages).listInbox({})).rows
    expect(inbox.filter((m) => m.kind === 'repair')).toMatchObject([{ title: { en: '4 records may be repaired now' } }])
  })

  it('takes what it is offered', async () => {
    const { page, press, sees } = company
    await page.getByText('4 records can be repaired now').waitFor()
    await press('Begin the application')
    await page.getByRole('heading', { name: 'Application (not submitted)' }).waitFor()
    await sees('calendar-3-offered')
    expect(company.wrong).toEqual([])
    await company.go('/app/my/calendar')
    await page.getByRole('heading', { name: 'Under way' }).waitFor()
    expect(await page.getByRole('link', { name: 'Open the application' }).count()).toBe(4)
  })
})

const idsOf = (path: string) => {
  const [, subject, id] = /applications\/([^/]+)\/([^/]+)/.exec(path)!
  return { subject: subject!, id: id! }
}
