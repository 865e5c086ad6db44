/** An officer asks once for all that is missing; the applicant, on a phone and in English, brings it; a second asking is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveMandate } from '../../src/capabilities/access/index.ts'
import { endpoints as access } from '../../src/capabilities/access/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { problemOf } from '../harness.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { PROOF } from './papers.ts'
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

describe('all that is missing is asked for once', { timeout: 180_000 }, () => {
  it('goes from the notice to the acceptance', async () => {
    const desk = (await demo.as('market-officer')).client(repair)
    const row = (await desk.queue({ view: 'open' })).rows.find((r) => r.state === 'received')!
    const at = { subject: row.subjectId, item: row.itemId }
    const { person } = await (await demo.as('company-two')).client(access).getSession()
    await giveMandate(systemCtx(demo.runtime, 'test'), {
      subjectId: row.subjectId,
      personId: person!.id,
      kind: 'agent',
      validFrom: '2026-11-01',
    })

    const officer = await sitDown(demo, browser, { login: 'market-officer', path: '/app/queue' })
    await officer.page.getByRole('link', { name: row.docNo }).click()
    await officer.press('一次性告知补正')
    const wanted = officer.page.getByRole('group', { name: /勾选全部缺少的材料/ })
    await wanted.getByRole('checkbox').first().check()
    await wanted.getByRole('textbox').first().fill('营业执照复印件不清晰，请重新提供。')
    await wanted.getByRole('checkbox').nth(1).check()
    await wanted.getByRole('textbox').nth(1).fill('请补充缴清罚款的凭证。')
    await officer.sees('ask-1-asking')
    await officer.press('确认一次性告知补正')
    await officer.page.getByText('等待补正，办理时限暂停计算').first().waitFor()
    await officer.sees('ask-2-asked')

    const applicant = await sitDown(demo, browser, {
      login: 'company-two',
      surface: 'phone',
      lang: 'en',
      path: `/app/applications/${row.subjectId}/${row.applicationId}`,
    })
    await applicant.page.getByText('What is missing', { exact: true }).waitFor()
    await applicant.page.getByText('The clock stands still until the additions are in').waitFor()
    await applicant.page.getByText('请补充缴清罚款的凭证。').first().waitFor()
    await applicant.sees('ask-3-missing')
    await applicant.page.getByRole('button', { name: /^Read “One-time notice/ }).click()
    await applicant.page.getByRole('dialog').getByText('Basis').waitFor()
    await applicant.sees('ask-3-letter')
    await applicant.page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await applicant.page.getByRole('dialog').waitFor({ state: 'hidden' })
    const uploads = applicant.page.getByRole('button', { name: /^Upload: / })
    for (let n = 0; n < (await uploads.count()); n++) {
      const [chooser] = await Promise.all([applicant.page.waitForEvent('filechooser'), uploads.nth(n).click()])
      await chooser.setFiles({ name: `补正材料${n + 1}.pdf`, mimeType: 'application/pdf', buffer: PROOF })
      await applicant.page.getByRole('link', { name: new RegExp(`补正材料${n + 1}\\.pdf`) }).waitFor()
    }
    await applicant.press('Submit again')
    await applicant.page.getByText(/working days left|due today/).waitFor()
    await applicant.sees('ask-4-mended')

    await officer.page.reload()
    await officer.page.getByText('不得再次要求补正', { exact: false }).waitFor()
    expect(await officer.page.getByRole('button', { name: '一次性告知补正' }).count()).toBe(0)
    await officer.sees('ask-5-no-second-time')
    const { item, materialsNeeded } = await desk.getCase(at)
    const again = {
      ...at,
      seen: item.version,
      note: '',
      missing: [{ kind: materialsNeeded[0]!.code, text: '再补一份' }],
    }
    const refused = await problemOf(desk.askOnce(again))
    expect(refused.code).toBe('ASKED_ALREADY')
    expect(refused.detail).toMatch(/一次性告知/)

    await officer.press('受理')
    await officer.press('确认受理')
    await officer.page.getByText('作出决定期限').first().waitFor()
    await officer.sees('ask-6-accepted')
    expect([...officer.wrong, ...officer.problems, ...applicant.wrong, ...applicant.problems]).toEqual([])
    await officer.leave()
    await applicant.leave()
  })
})
