/**
 * An objection there and back: a company objects to a penalty, the authority corrects it and finds the records with the same
 * fault; then the same from the public site without signing in, and every page of the desk.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importFile } from '../../src/capabilities/collection/index.ts'
import { endpoints as objections } from '../../src/capabilities/objections/contract.ts'
import { catalogItemOn } from '../../src/capabilities/records/index.ts'
import { penaltyRow } from '../../src/demo/rows.ts'
import { authoritiesOf, codeOf, randomFrom, sceneOf, subjectsOf } from '../../src/demo/world.ts'
import { addDays, dayOf } from '../../src/kernel/time.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { picture } from './look.ts'
import { type Person, sitDown } from './people.ts'
import { type Stop, tour } from './tour.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-objection-'))
const proof = join(folder, 'decision.pdf')

/** The same as the demonstration's own: one seed. */
const SEED = 20_261_122
const scene = sceneOf('440100')
const subjects = subjectsOf(randomFrom(SEED), scene, 12)
const places = Object.fromEntries(
  authoritiesOf(scene).map((a, n) => [
    a.key,
    { id: '', name: a.name, code: codeOf('11', scene.division, 800_000 + n), word: a.word },
  ]),
)
const JOURNEYS = [
  { lang: 'zh', surface: 'desktop', login: 'company', mine: 0, n: 9101, wrong: '违反食品标识管理规定' },
  { lang: 'en', surface: 'phone', login: 'company-two', mine: 1, n: 9201, wrong: '违反食品添加剂使用规定' },
] as const
const RIGHT = '未按照规定公示食品经营许可信息'

/** Three companies penalised in one file, with the same wrong words in it. */
const handIn = async (mine: number, n: number, violation: string): Promise<string[]> => {
  const today = dayOf(demo.runtime.clock.now())
  const rows = [mine, 5, 8].map((at, i) =>
    penaltyRow(subjects[at]!, {
      kind: 'fine',
      n: n + i,
      decided: addDays(today, -5),
      today,
      places,
      authority: 'market',
      handedIn: today,
    }),
  )
  const fields = catalogItemOn(demo.runtime.policy.catalog, 'penalty', today)!.fields.filter((f) =>
    rows.some((r) => r.fields[f.key]),
  )
  const path = join(folder, `${n}.csv`)
  const lines = rows.map((r) => fields.map((f) => (f.key === 'violation' ? violation : (r.fields[f.key] ?? ''))))
  writeFileSync(path, [fields.map((f) => f.label.zh), ...lines].map((l) => l.join(',')).join('\r\n'))
  const authority = places['market']!.code
  const done = await importFile(systemCtx(demo.runtime, 'test'), { path, item: 'penalty', authority, wayIn: 'cli' })
  expect(JSON.stringify(done)).toContain('"accepted":3')
  return rows.map((r) => r.fields.doc_no!)
}

beforeAll(async () => {
  writeFileSync(proof, '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const WORDS = {
  zh: {
    object: '提出异议',
    ground: '异议情形',
    wrong: '信息内容错误',
    go: '填写异议',
    statement: '异议理由',
    wanted: '请求事项',
    upload: '上传材料',
    submit: '提交异议',
    verifying: '核查中',
    marked: '异议处理中',
    uphold: '异议成立',
    correct: '更正信息内容',
    field: '更正的项目',
    violation: '违法行为类型',
    becomes: '“违法行为类型”更正为',
    preview: '预览处理结果',
    same: '另有2条信息存在同样问题',
    answer: '答复（申请人看到的原文）',
    confirm: '确认：异议成立',
    siblings: '存在同样问题的信息',
    correctAll: '一并更正所选 2 条',
    reason: '理由',
    sure: '确认更正',
    corrected: /已更正2条信息/,
    applied: '异议成立，已处理',
    notUs: '这不是我们，或者信息有误',
    text: '情况说明',
    contact: '联系电话或者电子邮箱',
    send: '提交',
    received: '已收到您的反映',
    status: '查询反映的处理情况',
    lookUp: '查询',
    past: '日期',
    pastGo: '查看当日情况',
    asOf: /终了时本平台的公示情况，不是现在的公示情况/,
  },
  en: {
    object: 'Object to this record',
    ground: 'Ground',
    wrong: 'The content is wrong',
    go: 'Go on',
    statement: 'What is wrong',
    wanted: 'What you ask for',
    upload: 'Upload',
    submit: 'Submit',
    verifying: 'Being checked',
    marked: 'Under objection',
    uphold: 'Uphold',
    correct: 'Correct the content',
    field: 'Field to correct',
    violation: 'Kind of violation',
    becomes: '“Kind of violation” becomes',
    preview: 'Preview',
    same: '2 more records have the same fault',
    answer: 'The answer, as the applicant reads it',
    confirm: 'Confirm: Uphold',
    siblings: 'Records with the same fault',
    correctAll: 'Correct the 2 chosen',
    reason: 'Reasons',
    sure: 'Correct them',
    corrected: /2 records were corrected/,
    applied: 'Upheld and carried out',
    notUs: 'This is not us, or it is wrong',
    text: 'What is wrong',
    contact: 'Telephone or e-mail',
    send: 'Send',
    received: 'We have received your report',
    status: 'What became of a report',
    lookUp: 'Look up',
    past: 'Day',
    pastGo: 'Show that day',
    asOf: /It is not what is shown now/,
  },
} as const

const pick = async (page: Page, label: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: option }).first().click()
}

describe.each(JOURNEYS)('an objection is upheld ($lang, $surface)', { timeout: 240_000 }, (j) => {
  const { lang, surface } = j
  const w = WORDS[lang]
  const people: Person[] = []
  const sit = async (login: string | undefined, path: string, javaScript = true): Promise<Person> => {
    const one = await sitDown(demo, browser, { ...(login ? { login } : {}), surface, lang, path, javaScript })
    people.push(one)
    return one
  }
  afterAll(() => Promise.all(people.map((p) => p.leave())))
  const fine = () => expect(people.flatMap((p) => [...p.wrong, ...p.problems])).toEqual([])
  const code = subjects[j.mine]!.code
  /** Without JavaScript nothing can be looked through, only pictured; the tour below looks at the same pages. */
  const shot = (who: Person, name: string) => picture(who.page, `journey-${name}-${lang}-${surface}`)

  it('by the company, from its own record, and all with the same fault are put right', async () => {
    const [doc] = await handIn(j.mine, j.n, j.wrong)
    const company = await sit(j.login, '/app/my/records')
    const card = company.page.locator('.ant-card').filter({ hasText: doc! })
    await card.getByRole('link', { name: w.object }).click()
    await company.page.getByText(doc!).first().waitFor()
    await pick(company.page, w.ground, w.wrong)
    await company.sees('objection-1-ground')
    await company.press(w.go)
    await company.page.getByLabel(w.statement).fill('处罚决定书载明的违法行为类型与公示的不一致，请核对决定书原件。')
    await company.page.getByLabel(w.wanted).fill(`更正为：${RIGHT}`)
    await company.page.locator('input[type=file]').setInputFiles(proof)
    await company.page.getByRole('link', { name: /decision\.pdf/ }).waitFor()
    await company.sees('objection-2-draft')
    await company.press(w.submit)
    await company.page.getByText(w.verifying, { exact: true }).first().waitFor()
    await company.sees('objection-3-submitted')

    const anyone = await sit(undefined, '/', false)
    await anyone.go(`/s/${code}?lang=${lang}`)
    await anyone.page.getByText(w.marked).first().waitFor()
    await shot(anyone, 'objection-4-marked')

    const officer = await sit('market-officer', '/app/objections')
    await officer.page.getByRole('link', { name: doc! }).first().waitFor()
    await officer.sees('objection-5-queue')
    await officer.page.getByRole('link', { name: doc! }).first().click()
    await officer.page.getByRole('link', { name: /decision\.pdf/ }).waitFor()
    await officer.press(w.uphold)
    await officer.page.getByRole('radio', { name: w.correct }).check()
    await pick(officer.page, w.field, w.violation)
    await officer.page.getByLabel(w.becomes).fill(RIGHT)
    await officer.press(w.preview)
    await officer.page.getByText(w.same).waitFor()
    await officer.page
      .getByLabel(w.answer)
      .fill('经核对处罚决定书，公示的违法行为类型确有错误，现按照决定书更正，由此带来的不便敬请谅解。')
    await officer.sees('objection-6-decide')
    await officer.page.getByRole('button', { name: w.confirm }).dblclick()
    await officer.page.getByText(w.applied).first().waitFor()
    await officer.page.getByRole('heading', { name: w.siblings }).waitFor()
    await officer.sees('objection-7-siblings')
    await officer.press(w.correctAll)
    await officer.page.getByRole('dialog').getByLabel(w.reason).fill('同一批次录入错误，一并更正。')
    await officer.page.getByRole('dialog').getByRole('button', { name: w.sure, exact: true }).click()
    await officer.page.getByText(w.corrected).waitFor()
    await officer.sees('objection-8-corrected')

    await company.go('/app/objections')
    await company.page.getByRole('link', { name: doc! }).first().click()
    await company.page.getByText(w.applied, { exact: true }).first().waitFor()
    await company.page.getByText('现按照决定书更正').first().waitFor()
    await company.sees('objection-9-result')
    for (const at of [j.mine, 5, 8]) {
      const shown = await (await fetch(`${demo.url}/s/${subjects[at]!.code}?lang=zh`)).text()
      expect(shown).not.toContain(j.wrong)
      expect(shown).toContain(RIGHT)
    }
    fine()
  })

  it('is said before signing in, without JavaScript, and a past day is shown', async () => {
    const [doc] = await handIn(j.mine, j.n + 50, `${j.wrong}（二）`)
    const anyone = await sit(undefined, '/', false)
    const { page } = anyone
    await anyone.go(`/s/${code}?lang=${lang}`)
    await page.getByRole('link', { name: `${w.notUs} ${doc}` }).click()
    await shot(anyone, 'objection-10-not-us')
    await page.getByLabel(w.text, { exact: true }).fill('这家公司不是我们，决定书上的代码不是我们的。')
    await page.getByLabel(w.contact, { exact: true }).fill('13800000000')
    await page.getByRole('button', { name: w.send, exact: true }).click()
    await page.getByRole('heading', { name: w.received }).waitFor()
    const told = await page.locator('dl.facts dd').allTextContents()
    await shot(anyone, 'objection-11-received')
    await page.getByRole('link', { name: w.status }).click()
    await page.locator('#no').fill(told[0]!)
    await page.locator('#token').fill(told[1]!)
    await page.getByRole('button', { name: w.lookUp, exact: true }).click()
    await page.getByRole('heading', { name: told[0]! }).waitFor()
    await shot(anyone, 'objection-12-status')

    await anyone.go(`/s/${code}?lang=${lang}`)
    await page.getByLabel(w.past, { exact: true }).fill(addDays(dayOf(demo.runtime.clock.now()), -30))
    await page.getByRole('button', { name: w.pastGo }).click()
    await page.getByText(w.asOf).waitFor()
    await shot(anyone, 'past-1-subject')
    await page.locator('article.record a').first().click()
    await page.getByText(w.asOf).waitFor()
    await shot(anyone, 'past-2-record')
    await anyone.go(`/s/${code}?lang=${lang}&on=2099-01-01`)
    await shot(anyone, 'past-3-future')
    expect(people.flatMap((p) => p.wrong)).toEqual([])
  })
})

const MINUTES = 60_000
describe('every page of objections, in both languages, on a desktop and a phone', { timeout: 5 * MINUTES }, () => {
  it('an enterprise, the window and the authority', async () => {
    const one = (await demo.as('company')).client(objections)
    const { rows } = await one.listObjections({})
    const stops: Stop[] = [
      { name: 'objections', path: '/app/objections' },
      { name: 'objection-new', path: '/app/objections/new' },
      { name: 'objection-reviews', path: '/app/objections/reviews' },
      ...rows
        .slice(0, 3)
        .map((r) => ({ name: `objection-${r.state}`, path: `/app/objections/${r.subjectId}/${r.id}` })),
    ]
    const wrong = await tour({ demo, browser }, 'company', stops)
    wrong.push(...(await tour({ demo, browser }, 'window', [{ name: 'objections', path: '/app/objections' }])))
    const officer = (await demo.as('market-officer')).client(objections)
    const all = await officer.objectionQueue({ view: 'all' })
    const states = [...new Map(all.rows.map((r) => [r.state, r])).values()]
    wrong.push(
      ...(await tour({ demo, browser }, 'market-officer', [
        { name: 'objections', path: '/app/objections' },
        { name: 'objections-overdue', path: '/app/objections?view=overdue' },
        { name: 'objections-done', path: '/app/objections?view=done' },
        ...states.map((r) => ({
          name: `objection-case-${r.state}`,
          path: `/app/objections/cases/${r.subjectId}/${r.id}`,
        })),
        { name: 'tombstones', path: '/app/objections/tombstones' },
        { name: 'reviews', path: '/app/objections/reviews' },
        { name: 'not-theirs', path: '/app/objections/reports', refused: true },
      ])),
    )
    expect(wrong).toEqual([])
  })

  it('the public pages', async () => {
    const code = subjects[0]!.code
    const day = addDays(dayOf(demo.runtime.clock.now()), -30)
    const html = await (await fetch(`${demo.url}/s/${code}?on=${day}`)).text()
    const record = /href="(\/r\/[^"?]+)/.exec(html)?.[1]
    const wrong = await tour({ demo, browser }, null, [
      { name: 'past-subject', path: `/s/${code}?on=${day}` },
      { name: 'past-record', path: `${record}?on=${day}` },
      { name: 'past-bad', path: `/s/${code}?on=2026-02-30`, status: 400 },
      { name: 'past-future', path: `/s/${code}?on=2099-01-01`, status: 422 },
      { name: 'past-not-shown', path: `${record}?on=2020-01-01`, status: 404 },
      { name: 'not-us', path: `${record}/not-us` },
      { name: 'report-status', path: '/objections/reports' },
    ])
    wrong.push(...(await tour({ demo, browser }, 'company', [{ name: 'past-subject', path: `/s/${code}?on=${day}` }])))
    expect(wrong).toEqual([])
  })

  it('the credit office', async () => {
    const office = (await demo.as('credit-office')).client(objections)
    const { rows } = await office.listReports({})
    const wrong = await tour({ demo, browser }, 'credit-office', [
      { name: 'objections', path: '/app/objections?view=all' },
      { name: 'reports', path: '/app/objections/reports' },
      ...rows.slice(0, 1).map((r) => ({ name: 'report', path: `/app/objections/reports/${r.id}` })),
      { name: 'findings', path: '/app/objections/findings' },
      { name: 'tombstones', path: '/app/objections/tombstones' },
      { name: 'measures', path: '/app/objections/measures' },
      { name: 'measures-month', path: '/app/objections/measures?by=month' },
    ])
    wrong.push(
      ...(await tour({ demo, browser }, 'market-head', [{ name: 'measures', path: '/app/objections/measures' }])),
    )
    expect(wrong).toEqual([])
  })
})
