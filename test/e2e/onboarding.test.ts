/** A peer is connected by its conformance kit, which it runs by itself, and taken into service by the credit office. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as access } from '../../src/capabilities/access/contract.ts'
import { endpoints as exchange } from '../../src/capabilities/exchange/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'
import { tour } from './tour.ts'

const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'xinheng-onboarding-'))
let demo: DemoPlatform
let browser: TestBrowser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
  // The kit is a program of its own and goes by the machine's clock.
  demo.clock.set(new Date().toISOString())
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What developers call it in any language: methods, addresses, ids of keys, names of algorithms. */
const TERMS = [/^(CloudEvents|Ed25519|SM[23]|IP|POST|GET|[a-z0-9-]+)$/]

type Ran = { exit: number; out: string }
const xinheng = (...args: string[]): Promise<Ran> =>
  new Promise((done) => {
    const all = ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts'), ...args]
    execFile(process.execPath, all, { cwd: ROOT, timeout: 60_000 }, (error, out, err) => {
      done({ exit: error ? Number(error.code ?? 99) : 0, out: out + err })
    })
  })
const kit = (key: string, file: string, lang: string) =>
  xinheng('peer', 'test', '--url', demo.url, '--key', key, '--signing-key', file, '--lang', lang)
const makeKey = async (name: string) => {
  const file = join(folder, name)
  const { out } = await xinheng('peer', 'key', '--out', file, '--json')
  return { file, publicKey: JSON.stringify((JSON.parse(out) as { publicKey: object }).publicKey) }
}
const keyFor = async (peerId: string) => {
  const safe = (await demo.as('security')).client(access)
  return (await safe.createKey({ name: '对接系统', peerId, scopes: ['feed'] })).secret
}

describe('a peer is connected by its conformance kit', { timeout: 240_000 }, () => {
  let connected = ''
  it('from the form to service (zh, desktop)', async () => {
    const { file, publicKey } = await makeKey('zh.json')
    const one = await sitDown(demo, browser, { login: 'credit-office', path: '/app/peers' })
    const { page } = one
    await one.press('新增共享对象')
    await page.getByLabel('名称').fill('佛山市公共信用平台')
    await page.getByLabel('类型').click()
    await page.getByTitle('下级信用平台').click()
    await page.getByLabel('行政处罚', { exact: true }).check()
    await page.getByLabel('共享依据（中文）').fill('《失信行为信用修复管理办法》第二十三条')
    await page.getByLabel('共享依据（英文）').fill('Measures on Credit Repair, Article 23')
    await page.getByLabel('联系人及电话（选填）').fill('李工 0757-12345678')
    await one.sees('onboarding-form', { known: TERMS })
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.waitForURL(/view=/)
    await page.getByRole('heading', { name: '接入步骤' }).waitFor()
    connected = /peers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    await one.press('确认资料齐全')

    await page.getByRole('link', { name: '密钥', exact: true }).click()
    await one.press('登记公钥')
    await page.getByLabel('公钥', { exact: true }).fill(publicKey)
    await page.getByRole('dialog').getByRole('button', { name: '登记公钥' }).click()
    await page.getByText('有效', { exact: true }).waitFor()
    await one.sees('onboarding-key', { known: TERMS })
    await page.getByRole('link', { name: '接入', exact: true }).click()

    const ran = await kit(await keyFor(connected), file, 'zh')
    expect(ran.out).toContain('对接测试通过')
    expect(ran.exit).toBe(0)
    await page.getByRole('button', { name: '确认沙箱核对无误' }).waitFor()
    await one.sees('onboarding-passed', { known: TERMS })
    await one.press('确认沙箱核对无误')
    await page.getByText(/已核对共享依据/).click()
    await one.press(/^启\s?用$/)
    await page.getByText('已启用，正在交换正式数据。').waitFor()
    await one.sees('onboarding-done', { known: TERMS })
    expect(one.wrong).toEqual([])
    expect(one.problems).toEqual([])
    await one.leave()
  })

  it('what goes wrong is said in plain words (en, phone)', async () => {
    const office = (await demo.as('credit-office')).client(exchange)
    const peer = await office.createPeer({
      name: '中山市公共信用平台',
      kind: 'lower_platform',
      division: '440100',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: { zh: '《失信行为信用修复管理办法》第二十三条', en: 'Measures on Credit Repair, Article 23' },
      contact: '0760-12345678',
    })
    const [right, other] = [await makeKey('right.json'), await makeKey('other.json')]
    await office.addPeerKey({ id: peer.id, algorithm: 'ed25519', publicKey: right.publicKey, overlapDays: 0 })
    const key = await keyFor(peer.id)
    const path = `/app/peers/${peer.id}`
    const one = await sitDown(demo, browser, { login: 'credit-office', surface: 'phone', lang: 'en', path })
    await one.press('The profile is complete')
    const refused = await kit(key, other.file, 'en')
    expect(refused.exit).toBe(2)
    expect(refused.out).toContain('KEY_UNKNOWN')
    await one.page
      .getByText(/No public key named/)
      .first()
      .waitFor()
    const known = [/中山市公共信用平台/]
    await one.sees('onboarding-refused', { known })
    expect((await kit(key, right.file, 'en')).exit).toBe(0)
    await one.page.getByRole('button', { name: 'The sandbox is in order' }).waitFor()
    await one.sees('onboarding-passed', { known })
    expect(one.wrong).toEqual([])
    expect(one.problems).toEqual([])
    await one.leave()
  })

  it('and every page of it reads well', async () => {
    const known = [...TERMS, /\p{Script=Han}+/u]
    const wrong = await tour({ demo, browser }, 'security', [
      { name: 'peer-profile', path: `/app/peers/${connected}?view=profile`, known },
      { name: 'peer-onboarding', path: `/app/peers/${connected}?view=onboarding`, known },
      { name: 'peer-keys', path: `/app/peers/${connected}?view=keys`, known },
      { name: 'own-keys', path: '/app/exchange/own-keys', known: TERMS },
    ])
    expect(wrong).toEqual([])
  })
})
