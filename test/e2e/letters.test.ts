/**
 * Letters and certificates: the officer grants, the subject opens the letter and the officer sees that it is delivered; a holder
 * is late, so a certificate is issued and anyone verifies it, without JavaScript; it is withdrawn by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveMandate } from '../../src/capabilities/access/index.ts'
import { endpoints as access } from '../../src/capabilities/access/contract.ts'
import { endpoints as certificates } from '../../src/capabilities/certificates/contract.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { pdfWords } from '../pdf-text.ts'
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

describe('letters that can be verified', { timeout: 180_000 }, () => {
  it('goes from the decision to the proof of delivery', async () => {
    const desk = (await demo.as('market-officer')).client(repair)
    const row = (await desk.queue({ view: 'open' })).rows.find((r) => r.state === 'accepted')!
    const { person } = await (await demo.as('company-two')).client(access).getSession()
    await giveMandate(systemCtx(demo.runtime, 'test'), {
      subjectId: row.subjectId,
      personId: person!.id,
      kind: 'agent',
      validFrom: '2026-11-01',
    })
    const officer = await sitDown(demo, browser, {
      login: 'market-officer',
      path: `/app/queue/${row.subjectId}/${row.itemId}`,
    })
    const letters = officer.page.locator('.ant-card').filter({ hasText: '文书与送达' })
    await letters.getByText('信修〔2026〕第').first().waitFor()
    await officer.sees('letters-1-officer')

    const subject = await sitDown(demo, browser, {
      login: 'company-two',
      surface: 'phone',
      lang: 'en',
      path: `/app/applications/${row.subjectId}/${row.applicationId}`,
    })
    await subject.page.getByText('Not opened yet').first().waitFor()
    await subject.page
      .getByRole('button', { name: /^Read “Notice of acceptance/ })
      .first()
      .click()
    await subject.page.getByRole('dialog').getByText('Basis').waitFor()
    await subject.page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await subject.page.getByRole('dialog').waitFor({ state: 'hidden' })
    await subject.page.getByText(/^opened by the subject, /).waitFor()
    await subject.sees('letters-2-subject')
    const [download] = await Promise.all([
      subject.page.waitForEvent('download'),
      subject.page
        .getByRole('link', { name: /^Download PDF: Notice of acceptance/ })
        .first()
        .click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^Notice of acceptance .*\.pdf$/)

    await officer.page.reload()
    await letters.getByText('信用主体已查阅', { exact: false }).waitFor()
    await officer.sees('letters-3-delivered')
    expect([...officer.wrong, ...officer.problems, ...subject.wrong, ...subject.problems]).toEqual([])
    await officer.leave()
    await subject.leave()
  })

  it('goes from a certificate to its verification, and to its end', async () => {
    const clerkApi = (await demo.as('window')).client(certificates)
    const [row] = (await clerkApi.listCertificates({ state: 'valid' })).rows
    const clerk = await sitDown(demo, browser, { login: 'window', path: '/app/certificates' })
    await clerk.page.getByText(row!.number.zh).first().waitFor()
    await clerk.sees('letters-4-certificates')
    await clerk.go(`/app/applications/${row!.subjectId}/${row!.applicationId}`)
    await clerk.page.getByText(row!.number.zh).first().waitFor()
    await clerk.sees('letters-5-application')
    const file = await clerkApi.downloadCertificate({ subject: row!.subjectId, id: row!.id })
    expect(pdfWords(new Uint8Array(await file.body.arrayBuffer()))).toContain(row!.number.zh)

    const anyone = await sitDown(demo, browser, { surface: 'phone', lang: 'en', javaScript: false })
    await anyone.go('/verify?lang=en')
    await anyone.sees('letters-6-verify', { axe: false })
    await anyone.page.getByRole('textbox', { name: 'Verification code' }).fill(row!.code.toLowerCase())
    await anyone.press('Verify')
    await anyone.page.getByText('Genuine and in force').waitFor()
    await anyone.page.getByText(row!.facts.subject.name).first().waitFor()

    const looks = await sitDown(demo, browser, {})
    await looks.go(`/verify/${row!.code.replaceAll('-', '')}?lang=zh`)
    await looks.page.getByText('真实有效').waitFor()
    await looks.sees('letters-7-verified')
    await clerkApi.withdrawCertificate({ subject: row!.subjectId, id: row!.id, seen: row!.version })
    await looks.page.reload()
    await looks.page.getByText('不再有效', { exact: false }).waitFor()
    expect(await looks.page.getByText(row!.facts.record.docNo).count()).toBe(0)
    await looks.sees('letters-8-withdrawn')
    await looks.go('/verify/0000000000000000?lang=zh')
    await looks.page.getByText('没有查到', { exact: false }).first().waitFor()
    await looks.sees('letters-9-unknown')
    expect([...clerk.wrong, ...clerk.problems, ...anyone.wrong, ...looks.wrong]).toEqual([])
    await clerk.leave()
    await anyone.leave()
    await looks.leave()
  })
})
