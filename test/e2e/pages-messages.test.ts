/** Messages, reminders and the balance, as those who open them see them; and a reminder on its way from a figure to whom it is for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { click, tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

/** Masked addresses, and what an enterprise calls its own certificates. */
const known = [/^demo$/, /^example$/, /\p{Script=Han}+（虚构）/u]

describe('every page, in both languages, on a desktop and a phone', { timeout: 240_000 }, () => {
  it('the credit office', async () => {
    const wrong = await tour({ demo, browser }, 'credit-office', [
      { name: 'messages', path: '/app/messages', known },
      { name: 'messages-unread', path: '/app/messages?state=unread', known },
      { name: 'reminders', path: '/app/messages?view=reminders' },
      { name: 'contact', path: '/app/messages?view=contact', known },
      { name: 'balance', path: '/app/balance' },
      { name: 'balance-authority', path: '/app/balance?by=authority' },
      {
        name: 'balance-proof',
        path: '/app/balance?view=submissions',
        act: click('button', /查看核验结果|See the proof/),
      },
      { name: 'balance-runs', path: '/app/balance?view=runs' },
    ])
    expect(wrong).toEqual([])
  })
  it('a collector and an enterprise', async () => {
    const wrong = await tour({ demo, browser }, 'market-collector', [
      { name: 'messages', path: '/app/messages' },
      { name: 'reminders', path: '/app/messages?view=reminders' },
      { name: 'balance', path: '/app/balance' },
      { name: 'balance-submissions', path: '/app/balance?view=submissions' },
    ])
    wrong.push(...(await tour({ demo, browser }, 'company', [{ name: 'messages', path: '/app/messages' }])))
    expect(wrong).toEqual([])
  })
  it('the administrator of an account', async () => {
    const wrong = await tour({ demo, browser }, 'admin', [
      { name: 'contact-of', path: '/app/people?q=market-collector', act: click('button', /采集员甲/), known },
    ])
    expect(wrong).toEqual([])
  })
})
