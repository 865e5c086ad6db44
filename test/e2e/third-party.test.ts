/**
 * A third-party credit service that does not take down what was withdrawn is suspended and then cut off, each time by two
 * people, and reads on its feed why it is given nothing new and what it still has to take down.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as agreements } from '../../src/capabilities/agreements/contract.ts'
import { type FeedPage, endpoints as exchange } from '../../src/capabilities/exchange/contract.ts'
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

describe('a third party that is late', { timeout: 180_000 }, () => {
  it('is suspended and cut off by two people', async () => {
    const [party] = (await (await demo.as('credit-office')).client(agreements).listParties({})).rows
    const key = demo.withKey(demo.peerKeys.find((k) => k.name === party!.name)!.key)
    const notice = async () => {
      const types = new Set<string>()
      for (let after: string | undefined; ; ) {
        const page: FeedPage = await key.client(exchange).feed({ limit: 1000, ...(after ? { after } : {}) })
        for (const e of page.events) types.add(e.type)
        if (!page.more) return { code: page.notice?.code ?? null, types }
        after = page.next
      }
    }
    expect(party).toMatchObject({ suggested: true, proposal: { kind: 'suspend' } })

    const proposer = await sitDown(demo, browser, { login: 'credit-office', path: '/app/exchange/third-parties' })
    await proposer.page.getByText('暂停共享待审定').waitFor()
    await proposer.page.getByText('协议即将到期').waitFor()
    await proposer.sees('third-party-1-list')
    await proposer.page.getByRole('link', { name: `查看“${party!.name}”` }).click()
    const drawer = proposer.page.getByRole('dialog')
    await drawer.getByText('由提出人以外的人员审定。').waitFor()
    expect(await drawer.getByRole('button', { name: '同意', exact: true }).count()).toBe(0)
    await drawer.getByText('逾期未撤下').first().waitFor()
    await proposer.sees('third-party-2-proposer')

    const other = await sitDown(demo, browser, {
      login: 'credit-office-two',
      surface: 'phone',
      lang: 'en',
      path: `/app/exchange/third-parties?record=${party!.peerId}`,
    })
    await other.page.getByRole('button', { name: 'Approve' }).click()
    await other.page.getByText('it is only told what to take down', { exact: false }).waitFor()
    await other.sees('third-party-3-suspended')
    expect(await notice()).toEqual({ code: 'suspended', types: new Set(['record.withdraw']) })

    await other.page.getByRole('button', { name: 'Propose: Cut off' }).click()
    await other.page.getByRole('textbox', { name: /Reason/ }).fill('Still shows repaired penalties')
    await other.press('Send')
    await other.page.getByText('Still shows repaired penalties').waitFor()

    await proposer.page.reload()
    await drawer.getByRole('button', { name: '同意', exact: true }).click()
    await drawer.getByRole('button', { name: '提出恢复共享' }).waitFor()
    // The reason stands as it was written.
    await proposer.sees('third-party-4-cut-off', {
      known: [/Still shows repaired penalties/, /^(Still|shows|repaired|penalties)$/],
    })
    expect(await notice()).toMatchObject({ code: 'cut_off' })
    expect(await key.client(agreements).myAgreement({})).toMatchObject({ state: 'cut_off' })
    expect([...proposer.wrong, ...proposer.problems, ...other.wrong, ...other.problems]).toEqual([])
    await proposer.leave()
    await other.leave()
  })
})
