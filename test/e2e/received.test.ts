/** The credit office sees what other platforms have sent, why one came back, and lets the one in that waits for its authority. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/capabilities/inbound/contract.ts'
import type { MessageState } from '../../src/capabilities/inbound/words.ts'
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

/** The first message of the demonstration in a state. */
const one = async (state: MessageState): Promise<string> => {
  const { rows } = await (await demo.as('credit-office')).client(endpoints).listReceived({ state })
  return rows.at(-1)!.id
}

describe('what was received', { timeout: 120_000 }, () => {
  it('stands on pages that anybody can read', async () => {
    const stops = [
      { name: 'received', path: '/app/exchange/received' },
      { name: 'received-days', path: '/app/exchange/received?by=days' },
      { name: 'received-refused', path: `/app/exchange/received/${await one('refused')}` },
      { name: 'received-pending', path: `/app/exchange/received/${await one('pending')}` },
    ]
    expect(await tour({ demo, browser }, 'credit-office', stops)).toEqual([])
  })

  it('is dealt with by people where the platform cannot', async () => {
    const at = { login: 'credit-office', path: '/app/exchange/received?state=pending' }
    const { page, press, go, leave, wrong, problems } = await sitDown(demo, browser, at)
    await page.getByRole('link', { name: /虚构/ }).first().click()
    await page.getByText('单位名录中没有').waitFor()
    await press('按来文名称接收')
    await page.getByText('已归集入库。').waitFor()
    await go('/app/exchange/received?state=pending')
    await page.getByText('没有符合条件的报文').waitFor()
    await leave()
    expect([...wrong, ...problems]).toEqual([])
  })
})
