/** False material is found by two people; a company in reorganisation is shielded, and shown again when the plan fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { PROOF } from './papers.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

describe('endings of repair', { timeout: 180_000 }, () => {
  it('finds forged material by two people, and enters it for three years', async () => {
    const desk = (await demo.as('safety-officer')).client(repair)
    const row = (await desk.queue({ view: 'open' })).rows.find((r) => r.state === 'accepted' && !r.proposal)!
    const view = await desk.getCase({ subject: row.subjectId, item: row.itemId })

    const officer = await sitDown(demo, browser, { login: 'safety-officer', path: '/app/queue' })
    await officer.page.getByText('选择', { exact: true }).first().waitFor()
    await officer.sees('forged-1-queue')
    await officer.page.getByRole('link', { name: row.docNo }).click()
    await officer.press('认定虚假材料')
    await officer.page.getByText('本操作须由两人办理', { exact: false }).waitFor()
    await officer.page.getByRole('textbox', { name: '理由' }).fill('缴款凭证经向银行核实系伪造。')
    await officer.sees('forged-2-proposing')
    await officer.press('确认认定虚假材料')
    await officer.page.getByText('经办人员提请：认定虚假材料').waitFor()
    await officer.sees('forged-3-proposed')

    const head = await sitDown(demo, browser, {
      login: 'safety-head',
      surface: 'phone',
      lang: 'en',
      path: `/app/queue/${row.subjectId}/${row.itemId}`,
    })
    await head.page.getByText(/The officer proposes/).waitFor()
    await head.sees('forged-4-awaits')
    await head.press('Approve')
    await head.press('Confirm: Approve')
    await head.page.getByText('Ended for false material').first().waitFor()
    await head.sees('forged-5-ended')

    const anyone = await sitDown(demo, browser, {})
    await anyone.go(`/s/${view.subject.code}?lang=zh`)
    await anyone.page.getByText('信用修复失信记录').first().waitFor()
    await anyone.sees('forged-6-shown')
    expect([...officer.wrong, ...officer.problems, ...head.wrong, ...head.problems, ...anyone.wrong]).toEqual([])
    for (const person of [officer, head, anyone]) await person.leave()
  })

  it('decides several items at once, each with its own outcome', async () => {
    const officer = await sitDown(demo, browser, { login: 'safety-officer', path: '/app/queue' })
    const desk = (await demo.as('safety-officer')).client(repair)
    const rows = (await desk.queue({ view: 'open' })).rows.filter((r) => r.state === 'received' && !r.proposal)
    expect(rows.length).toBeGreaterThan(0)
    for (const r of rows.slice(0, 2)) await officer.page.getByRole('checkbox', { name: `选择${r.docNo}` }).check()
    await officer.press('受理')
    await officer.sees('batch-1-chosen')
    await officer.press(`对 ${Math.min(rows.length, 2)} 项受理`)
    await officer.page.getByText(/办成 \d 项，未办成 0 项/).waitFor()
    await officer.sees('batch-2-done')
    expect([...officer.wrong, ...officer.problems]).toEqual([])
    await officer.leave()
  })

  it('shields during a reorganisation and shows again when the plan fails', async () => {
    const mine = (await demo.as('company-two')).client(repair)
    const desk = (await demo.as('market-officer')).client(repair)
    const records = (await mine.myRecords({ limit: 50 })).rows
    const record = records.find(
      (r) => !r.underWay && r.route?.authorityName?.includes('市场监督') && r.windows.some((w) => w.shown),
    )!
    const company = await sitDown(demo, browser, {
      login: 'company-two',
      surface: 'phone',
      lang: 'en',
      path: '/app/my/records',
    })
    await company.page
      .getByRole('checkbox', { name: new RegExp(record.docNo.replaceAll(/[()（）[\]]/g, '.')) })
      .first()
      .check()
    // Whoever acts for several companies has a basket for each.
    await company.page
      .getByRole('region', { name: record.subjectName })
      .getByRole('button', { name: 'Ask for a shield in reorganisation' })
      .click()
    await company.page
      .getByRole('button', { name: /^Upload: / })
      .first()
      .waitFor()
    const [chooser] = await Promise.all([
      company.page.waitForEvent('filechooser'),
      company.page
        .getByRole('button', { name: /^Upload: / })
        .first()
        .click(),
    ])
    await chooser.setFiles({ name: '法院裁定.pdf', mimeType: 'application/pdf', buffer: PROOF })
    await company.page.getByRole('link', { name: /法院裁定\.pdf/ }).waitFor()
    await company.sees('shield-1-basket')
    // A shield rests on the ruling alone: no condition of repair is asked for, and nothing is signed.
    expect(await company.page.getByRole('checkbox', { name: /duties|commitment/ }).count()).toBe(0)
    await company.page.getByText(/there is nothing to sign/).waitFor()
    // Handing in is walked by the journeys of the basket; here it goes by the same call.
    const app = (await mine.listApplications({ kind: 'shield', state: 'draft' })).rows[0]!
    const key = { subject: app.subjectId, id: app.id }
    const sent = await mine.submitApplication({ ...key, seen: (await mine.getApplication(key)).version })
    const item = sent.items[0]!
    expect(item).toMatchObject({ state: 'received', clock: { step: 'shield', workdays: 7 } })

    const officer = await sitDown(demo, browser, {
      login: 'market-officer',
      path: `/app/queue/${item.subjectId}/${item.id}`,
    })
    await officer.press('临时屏蔽')
    await officer.press('确认临时屏蔽')
    await officer.page.getByText('修复效力').first().waitFor()
    await officer.page.getByText('无需办理').first().waitFor()
    await officer.sees('shield-2-shielded')
    expect(
      (await mine.myRecords({ limit: 50 })).rows
        .find((r) => r.recordId === record.recordId)!
        .windows.every((w) => !w.shown),
    ).toBe(true)
    await company.go(`/app/applications/${item.subjectId}/${item.applicationId}`)
    await company.page.getByText('Temporarily shielded').first().waitFor()
    await company.sees('shield-3-seen')

    await officer.press('恢复公示')
    await officer.page.getByRole('textbox', { name: '理由' }).fill('人民法院裁定终止重整计划的执行。')
    await officer.press('确认恢复公示')
    await officer.page.getByText('已恢复公示').first().waitFor()
    await officer.sees('shield-4-restored')
    await company.page.reload()
    await company.page.getByText('Publication restored').first().waitFor()
    await company.sees('shield-5-restored')
    const back = (await mine.myRecords({ limit: 50 })).rows.find((r) => r.recordId === record.recordId)!
    expect(back.windows.some((w) => w.shown)).toBe(true)
    expect(await desk.getCase({ subject: item.subjectId, item: item.id })).toMatchObject({
      item: { state: 'restored' },
    })
    expect([...company.wrong, ...company.problems, ...officer.wrong, ...officer.problems]).toEqual([])
    await company.leave()
    await officer.leave()
  })

  it('owes the push to another province, and tells everyone who handles what', async () => {
    const officer = await sitDown(demo, browser, { login: 'market-officer', path: '/app/queue/duties' })
    await officer.page.getByText('四川省').first().waitFor()
    await officer.sees('duties-1-open')
    await officer.press('登记已推送')
    await officer.page.getByRole('textbox', { name: /推送回执或者文号/ }).fill('全国平台推送回执2026-1107')
    await officer.press('确认登记')
    await officer.page.getByText('没有需要推送的修复决定。').waitFor()
    await officer.page.getByText('已推送', { exact: true }).click()
    await officer.page.getByText('全国平台推送回执2026-1107', { exact: false }).waitFor()
    await officer.sees('duties-2-done')
    for (const [lang, surface] of [
      ['zh', 'desktop'],
      ['en', 'phone'],
    ] as const) {
      const anyone = await sitDown(demo, browser, { lang, surface })
      await anyone.go(`/routes?lang=${lang}`)
      await anyone.page.getByRole('heading', { level: 1 }).waitFor()
      await anyone.sees(`routes-${lang}`)
      expect(anyone.wrong).toEqual([])
      await anyone.leave()
    }
    const abroad = await sitDown(demo, browser, {
      login: 'market-officer',
      lang: 'en',
      surface: 'phone',
      path: '/app/queue/duties',
    })
    await abroad.page.getByText('No decision needs to be passed on.').waitFor()
    await abroad.sees('duties-3-phone')
    await abroad.go('/app/queue')
    await abroad.page.getByRole('checkbox').first().check()
    await abroad.page.getByText('Several at once', { exact: false }).waitFor()
    await abroad.sees('batch-3-phone')
    expect([...officer.wrong, ...officer.problems, ...abroad.wrong, ...abroad.problems]).toEqual([])
    await officer.leave()
    await abroad.leave()
  })
})
