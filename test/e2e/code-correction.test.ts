/** A code correction task there and back: the credit office asks, the registering authority answers, what was shown is done. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as corrections } from '../../src/capabilities/corrections/contract.ts'
import { endpoints as subjects } from '../../src/capabilities/subjects/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { type Person, sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const proof = join(tmpdir(), `xinheng-proof-${process.pid}.pdf`)
beforeAll(async () => {
  writeFileSync(proof, '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const WORDS = {
  zh: {
    tasks: '重错码核实任务',
    corrected: '有误，已更正',
    present: '现用名称',
    former: '曾用名',
    from: '该名称的启用日期',
    text: '核实情况',
    said: '经核对登记档案，已于该日办理名称变更登记。',
    upload: '上传材料',
    send: '提交答复',
    answered: '已答复，待确认',
    effect: '确认后的影响',
    accept: '确认并更正',
    sendBack: '退回重新核实',
    reason: '理由',
    back: '请附登记档案页。',
    returned: '已退回重新核实',
    done: '已产生的影响',
    figures: '统一代码覆盖率和重错码',
    files: '档案合并与拆分',
    approve: '复核通过',
    undo: '申请还原',
    agreeUndo: '同意还原',
    note: '说明',
    inEffect: '已生效',
    undone: '已还原',
    declarations: '信用信息自主申报',
    verify: '核验通过',
  },
  en: {
    tasks: 'Code correction tasks',
    corrected: 'Wrong, and corrected',
    present: 'the present one',
    former: 'a former one',
    from: 'Day from which it held',
    text: 'What was found',
    said: '经核对登记档案，已于该日办理名称变更登记。',
    upload: 'Upload',
    send: 'Send the answer',
    answered: 'Answered, to be accepted',
    effect: 'What accepting does',
    accept: 'Accept and put right',
    sendBack: 'Send back',
    reason: 'Reason',
    back: '请附登记档案页。',
    returned: 'Sent back',
    done: 'What it did',
    figures: 'Coverage, wrong and duplicate codes',
    files: 'Merge and split of files',
    approve: 'Approved',
    undo: 'Undoing proposed',
    agreeUndo: 'Undone',
    note: 'Note',
    inEffect: 'In effect',
    undone: 'Undone',
    declarations: 'Declarations',
    verify: 'Verified',
  },
} as const

describe.each([
  { lang: 'zh', surface: 'desktop' },
  { lang: 'en', surface: 'phone' },
] as const)('a code is corrected ($lang, $surface)', { timeout: 240_000 }, ({ lang, surface }) => {
  const w = WORDS[lang]
  const people: Person[] = []
  const sit = async (login: string, path: string): Promise<Person> => {
    const one = await sitDown(demo, browser, { login, surface, lang, path })
    people.push(one)
    return one
  }
  afterAll(() => Promise.all(people.map((p) => p.leave())))
  const fine = () => expect(people.flatMap((p) => [...p.wrong, ...p.problems])).toEqual([])
  const open = async () => {
    const { rows } = await (await demo.as('credit-office')).client(corrections).listTasks({ view: 'open' })
    return rows.filter((t) => t.kind === 'one_code_two_names')
  }

  it('goes to the registrar, comes back with its proof, is sent back once, and is done', async () => {
    // The Chinese journey takes the overdue one, the English one what is left.
    const [task] = (await open()).toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
    if (!task) throw new Error('the demonstration has no open task')
    const officer = await sit('market-officer', '/app/codes/tasks')
    await officer.page.getByRole('heading', { name: w.tasks, level: 1 }).waitFor()
    await officer.sees('codes-1-tasks')
    await officer.page.getByRole('link', { name: task.name }).first().click()
    await officer.page.getByRole('radio', { name: w.corrected }).check()
    await officer.page.getByRole('radio', { name: w.present }).check()
    await officer.page.getByLabel(w.from).fill('2026-09-01')
    await officer.page.getByLabel(w.text).fill(w.said)
    await officer.page.locator('input[type=file]').setInputFiles(proof)
    await officer.page.getByRole('link', { name: /\.pdf$/ }).waitFor()
    await officer.sees('codes-2-answer')
    await officer.press(w.send)
    await officer.page.getByText(w.answered).first().waitFor()

    const office = await sit('credit-office', `/app/codes/tasks/${task.id}`)
    await office.page.getByText(w.effect).waitFor()
    await office.sees('codes-3-effect')
    await office.press(w.sendBack)
    await office.page.getByRole('dialog').getByLabel(w.reason).fill(w.back)
    await office.page.getByRole('dialog').getByRole('button', { name: w.sendBack, exact: true }).click()
    await office.page.getByText(w.returned).first().waitFor()

    await officer.go(`/app/codes/tasks/${task.id}`)
    await officer.page.getByRole('radio', { name: w.corrected }).check()
    await officer.page.getByRole('radio', { name: w.present }).check()
    await officer.page.getByLabel(w.from).fill('2026-09-01')
    await officer.page.getByLabel(w.text).fill(w.said)
    await officer.press(w.send)
    await officer.page.getByText(w.answered).first().waitFor()

    await office.go(`/app/codes/tasks/${task.id}`)
    await office.press(w.accept)
    const sure = office.page.getByRole('dialog').getByRole('button', { name: w.accept, exact: true })
    await sure.dblclick()
    await office.page.getByText(w.done).waitFor()
    await office.sees('codes-4-done')
    const shown = await demo.withKey('').client(subjects).searchSubjects({ q: task.offered })
    expect(shown.rows.map((r) => r.name)).toContain(task.offered)
    await office.go('/app/codes')
    await office.page.getByRole('heading', { name: w.figures, level: 1 }).waitFor()
    await office.sees('codes-5-figures')
    await office.go('/app/codes?view=duplicate')
    await office.page.getByRole('heading', { level: 2 }).first().waitFor()
    await office.sees('codes-6-rows')
    fine()
  })

  it('brings two files together by two people, and takes it back by two', async () => {
    const state = lang === 'zh' ? 'proposed' : 'undone'
    const { rows } = await (await demo.as('credit-office')).client(corrections).listCases({})
    const k = rows.find((r) => r.state === state)
    if (!k) throw new Error('the demonstration has no case')
    const first = await sit('credit-office', '/app/codes/files')
    await first.page.getByRole('heading', { name: w.files, level: 1 }).waitFor()
    await first.sees('codes-7-files')
    await first.go('/app/codes/files/new')
    await first.sees('codes-8-new')
    await first.go(`/app/codes/files/${k.id}`)
    await first.sees('codes-9-case')
    if (lang === 'en') return fine()
    const second = await sit('credit-office-two', `/app/codes/files/${k.id}`)
    const act = async (who: Person, button: string, after: string) => {
      await who.go(`/app/codes/files/${k.id}`)
      await who.press(button)
      await who.page.getByRole('dialog').getByLabel(w.note).fill('演示还原')
      await who.page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click()
      await who.page.getByText(after, { exact: true }).first().waitFor()
    }
    await act(second, w.approve, w.inEffect)
    await second.sees('codes-10-done')
    await act(first, w.undo, '申请还原，待复核')
    await act(second, w.agreeUndo, w.undone)
    await second.sees('codes-11-undone')
    fine()
  })

  it('shows what a company declared, with its badge, to whoever verifies', async () => {
    const company = await sit('company', '/app/declarations')
    await company.page.getByRole('heading', { name: w.declarations, level: 1 }).waitFor()
    await company.sees('declarations-1-mine')
    await company.page.getByRole('link', { name: /守合同重信用/ }).click()
    await company.page.getByRole('heading', { level: 2 }).first().waitFor()
    await company.sees('declarations-2-one')
    const office = await sit('credit-office', '/app/declarations')
    await office.page.getByRole('heading', { name: w.declarations, level: 1 }).waitFor()
    await office.sees('declarations-3-queue')
    if (lang === 'zh') {
      await office.page.getByRole('link', { name: /食品安全管理体系/ }).click()
      await office.press(w.verify)
      await office.page.getByRole('dialog').getByRole('button', { name: w.verify, exact: true }).click()
      await office.page.getByText('自主申报，已核验').first().waitFor()
      await office.sees('declarations-4-verified')
    }
    fine()
  })
})
