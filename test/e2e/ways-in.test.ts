/** The ways in beside the upload: a collector fills in the form; an administrator sets up what fetches for itself and sees how it goes. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { endpoints as gateways } from '../../src/capabilities/gateways/contract.ts'
import { codeFrom } from '../harness.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { type Person, sitDown } from './people.ts'
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

const MADE = '办案系统导出（演示）'
const FORMATS = [/^(CSV|JSON|XML)$/]

const WORDS = {
  zh: {
    send: '提交',
    faults: /还有 \d+ 处需要修改/,
    accepted: '已入库',
    held: '平台已有相同记录，未重复入库',
    another: '再填一条',
    receipt: /查看报送回执/,
    signIn: '登录',
    subject: '行政相对人名称',
  },
  en: {
    send: 'Hand in',
    faults: /\d+ things to mend/,
    accepted: 'Accepted',
    held: 'The same record is already held; nothing was doubled',
    another: 'Fill in another',
    receipt: /See receipt/,
    signIn: 'Sign in',
    subject: 'Name of the subject',
  },
} as const

const fill = async ({ page }: Person, values: Record<string, string>): Promise<void> => {
  for (const [key, value] of Object.entries(values)) await page.locator(`#f-${key}`).fill(value)
}
const choose = async ({ page }: Person, key: string, label: string): Promise<void> => {
  await page.locator(`#f-${key}`).click()
  await page.locator(`.ant-select-item-option[title="${label}"]`).click()
  await page.keyboard.press('Escape')
}

describe('the online form', { timeout: 240_000 }, () => {
  for (const [lang, surface] of [
    ['zh', 'desktop'],
    ['en', 'phone'],
  ] as const) {
    it(`a collector fills in one record, in ${lang} on a ${surface}`, async () => {
      const t = WORDS[lang]
      const n = lang === 'zh' ? 1 : 2
      const one = await sitDown(demo, browser, { login: 'safety-collector', lang, surface })
      const record = {
        subject_name: `广州虚构填报${n}有限公司`,
        uscc: codeFrom(`91440106MADX7000${n}`),
        legal_representative: '虚构人',
        doc_no: `穗示应急罚〔2026〕7000${n}号`,
        violation: '未按规定培训从业人员',
        facts: '从业人员未经安全生产教育和培训即上岗作业。',
        basis: '《中华人民共和国安全生产法》第九十七条',
        content: '罚款5000元',
        decided_on: '2026-11-20',
      }
      try {
        await one.go('/app/submissions/form?item=penalty')
        await one.press(t.send)
        await one.page.getByText(t.faults).waitFor()
        await one.sees('form-faults', { known: FORMATS })
        await fill(one, record)
        await choose(one, 'penalty_kinds', lang === 'zh' ? '罚款' : 'Fine')
        await one.page.locator('#f-fine').fill('5000元')
        await one.page.locator('#f-content').click()
        await one.page.getByText('0.5').first().waitFor()
        await one.sees('form-mend', { known: FORMATS })
        // The session ends while the collector is still writing: nothing of it is lost.
        await one.context.clearCookies({ name: 'xh_session' })
        await one.page.locator('#f-fine').fill('0.5')
        await one.press(t.send)
        await one.page.getByRole('button', { name: t.signIn, exact: true }).waitFor()
        await one.page.getByRole('textbox', { name: /^(登录名|Login)$/ }).fill('safety-collector')
        await one.page.getByLabel(/^(密码|Password)$/).fill(demo.password)
        await one.page.getByRole('button', { name: t.signIn, exact: true }).click()
        await one.page.locator('#f-subject_name').waitFor()
        expect(await one.page.locator('#f-subject_name').inputValue()).toBe(record.subject_name)
        await one.page.getByRole('button', { name: t.send, exact: true }).dblclick()
        await one.page.getByText(t.accepted, { exact: true }).waitFor()
        await one.sees('form-done', { known: FORMATS })
        await one.page.getByRole('link', { name: t.receipt }).click()
        await one.page.waitForURL(/submissions\/[0-9a-f-]{36}/)
        const caller = await demo.as('safety-collector')
        const { rows } = await caller.client(collection).listSubmissions({})
        expect(rows.filter((s) => s.wayIn === 'form' && s.accepted === 1)).toHaveLength(n)
        expect(one.wrong).toEqual([])
      } finally {
        await one.leave()
      }
    })
  }
})

const ADMIN = {
  zh: {
    add: '新增接收文件夹',
    save: '保存并启用',
    health: '等待首次读取',
    well: '运行正常',
    pause: '暂停',
    paused: '已暂停',
    end: '终止接入',
    why: '单位业务系统已停用',
    ended: '接收记录和回执保留',
    endedOn: /已于.*终止/,
  },
  en: {
    add: 'Add a folder',
    save: 'Save and begin',
    health: 'Not read yet',
    well: 'Running well',
    pause: 'Pause',
    paused: 'Paused',
    end: 'End',
    why: 'Its system was shut down',
    ended: 'its receipts are kept',
    endedOn: /^Ended .* by /,
  },
} as const

describe('what fetches for itself', { timeout: 240_000 }, () => {
  for (const [lang, surface] of [
    ['zh', 'desktop'],
    ['en', 'phone'],
  ] as const) {
    it(`an administrator sets up a folder and sees it read, in ${lang} on a ${surface}`, async () => {
      const t = ADMIN[lang]
      const one = await sitDown(demo, browser, { login: 'admin', lang, surface })
      const path = `journey/${lang}`
      try {
        await one.go('/app/gateways')
        await one.press(t.add)
        await one.page.locator('#gateway_name').fill(MADE)
        await one.page.locator('#gateway_authorityId').fill('应急')
        await one.page.locator('.ant-select-item-option').filter({ hasText: '应急管理局' }).first().click()
        await one.page.locator('#gateway_item').click()
        await one.page
          .locator(`.ant-select-item-option[title="${lang === 'zh' ? '行政处罚' : 'Administrative penalty'}"]`)
          .click()
        await one.page.locator('#gateway_path').fill('../outside')
        await one.press(t.save)
        await one.page.getByText(/\.\./).last().waitFor()
        await one.page.locator('#gateway_path').fill(path)
        await one.press(t.save)
        await one.page.getByRole('heading', { level: 1, name: MADE }).waitFor()
        await one.page.getByText(t.well).waitFor()
        await one.sees('gateway-new', { known: [/^journey\//] })
        await one.press(t.pause)
        await one.page.getByText(t.paused).first().waitFor()
        await one.press(t.end)
        await one.page.getByText(t.ended).waitFor()
        await one.page.locator('#gateway-end-reason').fill(t.why)
        await one.page.locator('.ant-modal .ant-btn-dangerous').click()
        await one.page.getByText(t.endedOn).waitFor()
        await one.sees('gateway-ended', { known: [/^journey\//] })
        await one.go('/app/gateways?view=ended')
        await one.page.getByRole('link', { name: MADE }).first().waitFor()
        expect(one.wrong).toEqual([])
      } finally {
        await one.leave()
      }
    })
  }

  it('every page, in both languages, on a desktop and a phone', async () => {
    const { rows } = await (await demo.as('admin')).client(gateways).listGateways({})
    // The journeys above have added theirs.
    const of = (kind: string) => rows.find((g) => g.kind === kind && g.name !== MADE)!.id
    const known = [/^[\w.]+$/, /^demonstration\//, /exchange\.invalid/, /^\d{8}-[0-9A-F]{10}$/, /\.docx/]
    const pages = [
      { name: 'gateways', path: '/app/gateways', known },
      { name: 'gateway-folder', path: `/app/gateways/${of('folder')}`, known },
      { name: 'gateway-table', path: `/app/gateways/${of('table')}`, known },
    ]
    const adding = (index: number, name: string) => ({
      name,
      path: '/app/gateways',
      known,
      act: async (page: Page) => {
        await page
          .locator('.ant-btn')
          .filter({ hasText: /新增|Add/ })
          .nth(index)
          .click()
        await page.locator('.ant-drawer-open .ant-form').waitFor()
      },
    })
    const wrong = await tour({ demo, browser }, 'admin', [...pages, adding(0, 'folder-add'), adding(1, 'table-add')])
    wrong.push(...(await tour({ demo, browser }, 'credit-office', pages)))
    wrong.push(
      ...(await tour({ demo, browser }, 'market-collector', [
        pages[0]!,
        pages[1]!,
        {
          name: 'form-receivers',
          path: '/app/submissions/form?item=licence',
          known: [...known, ...FORMATS],
          act: async (page) => {
            await page.locator('.ant-collapse-header').first().click()
          },
        },
      ])),
    )
    expect(wrong).toEqual([])
  })
})
