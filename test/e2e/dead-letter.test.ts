/**
 * A delivery could not be sent: the credit office sees it on the map of flows, reads why, sees what sending it again would do, has the
 * peer mend its receiver, sends it again, and sees it acknowledged.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deskEndpoints as desk } from '../../src/capabilities/exchange/contract.desk.ts'
import { endpoints as exchange } from '../../src/capabilities/exchange/contract.ts'
import { type Receiver, openReceiver } from '../push-receiver.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'
import { tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
let receiver: Receiver

beforeAll(async () => {
  ;[demo, browser, receiver] = await Promise.all([openDemo(), openBrowser(), openReceiver()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  await receiver?.close()
})

const JOURNEYS = [
  { lang: 'zh', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const
const WORDS = {
  zh: {
    flows: '共享流向',
    failed: /发送失败 \d+/,
    desk: '发送失败',
    see: /^查看原因：/,
    why: '为什么没有送达：连接不上对方的系统',
    tries: '历次发送',
    would: '按记录现在的情况，重新发送会提供记录当前的内容。',
    replay: '重新发送',
    under: /已重新列入发送/,
    deliveries: '查看送达情况',
    acknowledged: '已确认',
  },
  en: {
    flows: 'Flows',
    failed: /\d+ could not be sent/,
    desk: 'Dead letters',
    see: /^See why: /,
    why: "Why it did not get there: The peer's system cannot be reached",
    tries: 'Each attempt',
    would: 'As things are now, it would hand out the record as it is now.',
    replay: 'Send again',
    under: /It is under way again/,
    deliveries: 'See its deliveries',
    acknowledged: 'Acknowledged',
  },
} as const

describe.each(JOURNEYS)('a dead letter ($lang, $surface)', ({ lang, surface }) => {
  it('is understood and sent again', { timeout: 120_000 }, async () => {
    const w = WORDS[lang]
    const office = await sitDown(demo, browser, { login: 'credit-office', lang, surface, path: '/app/exchange' })
    const { page } = office
    await page.getByRole('heading', { name: w.flows, exact: true }).waitFor()
    await office.sees('dead-letter-1-flows')
    await page.getByRole('link', { name: w.failed }).first().click()
    await page.getByRole('heading', { name: w.desk, exact: true }).waitFor()
    await office.sees('dead-letter-2-desk')
    await page.getByRole('link', { name: w.see }).first().click()
    await page.getByText(w.why).waitFor()
    await page.getByRole('heading', { name: w.tries }).waitFor()
    await page.getByText(w.would).waitFor()
    await office.sees('dead-letter-3-why')

    // The peer, called by telephone, has its receiver running again at another address.
    const api = (await demo.as('credit-office')).client(exchange)
    const failed = (await (await demo.as('credit-office')).client(desk).deadLetters({})).rows[0]!
    const { version, name, kind, division, items, channel, ackWorkdays, legalBasis, contact } = await api.peer({
      id: failed.peerId,
    })
    const profile = { name, kind, division, items, channel, ackWorkdays, legalBasis, contact }
    await api.editPeer({ id: failed.peerId, ...profile, settings: { url: receiver.url }, seen: version })

    await page.getByRole('button', { name: w.replay, exact: true }).click()
    await page.getByText(w.under).waitFor()
    await office.sees('dead-letter-4-again')
    await page.getByRole('link', { name: w.deliveries }).click()
    await page.getByText(w.acknowledged, { exact: true }).first().waitFor()
    await office.sees('dead-letter-5-acknowledged')
    expect(receiver.pushed.at(-1)!.headers['signature-input']).toMatch(/^xinheng=/)
    expect([...office.wrong, ...office.problems]).toEqual([])
    await office.leave()
  })
})

describe('the pages of flows', () => {
  it('in both languages, on a desktop and a phone', { timeout: 120_000 }, async () => {
    const api = (await demo.as('auditor')).client(desk)
    const [letter] = (await api.deadLetters({})).rows
    expect(
      await tour({ demo, browser }, 'auditor', [
        { name: 'flows', path: '/app/exchange' },
        { name: 'dead', path: '/app/exchange/dead' },
        { name: 'dead-given-up', path: '/app/exchange/dead?state=given_up' },
        {
          name: 'dead-letter',
          path: `/app/exchange/dead/${letter!.peerId}/${letter!.subjectId}/${letter!.eventId}`,
        },
        { name: 'peer-deliveries', path: `/app/peers/${letter!.peerId}?view=deliveries` },
      ]),
    ).toEqual([])
  })
})
