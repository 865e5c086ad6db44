/** Pages of quality, territory, codes and declarations, as the credit office, an authority and an enterprise open them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as corrections } from '../../src/capabilities/corrections/contract.ts'
import { endpoints as declarations } from '../../src/capabilities/declarations/contract.ts'
import { endpoints as quality } from '../../src/capabilities/quality/contract.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
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

const MINUTES = 60_000
describe('pages of quality, territory, codes and declarations', { timeout: 5 * MINUTES }, () => {
  it('the credit office', async () => {
    const office = await demo.as('credit-office')
    const [task] = (await office.client(corrections).listTasks({})).rows
    const [fileCase] = (await office.client(corrections).listCases({})).rows
    const [declared] = (await office.client(declarations).listToVerify({})).rows
    const { month } = await office.client(quality).qualityOverview({})
    const [authority] = (await office.client(quality).listStandings({ month })).rows
    expect(
      await tour({ demo, browser }, 'credit-office', [
        { name: 'quality', path: '/app/quality' },
        { name: 'quality-faults', path: '/app/quality?view=faults' },
        { name: 'quality-circulars', path: '/app/quality?view=circulars' },
        { name: 'quality-authority', path: `/app/quality/${authority!.authorityId}` },
        { name: 'territory', path: '/app/territory' },
        { name: 'codes', path: '/app/codes' },
        { name: 'code-tasks', path: '/app/codes/tasks' },
        { name: 'code-task', path: `/app/codes/tasks/${task!.id}` },
        { name: 'files', path: '/app/codes/files' },
        { name: 'file-new', path: '/app/codes/files/new' },
        { name: 'file-case', path: `/app/codes/files/${fileCase!.id}` },
        { name: 'declarations', path: '/app/declarations' },
        { name: 'declaration', path: `/app/declarations/${declared!.subjectId}/${declared!.id}` },
      ]),
    ).toEqual([])
  })

  it('an authority, and an enterprise', async () => {
    const wrong = await tour({ demo, browser }, 'market-collector', [
      { name: 'quality', path: '/app/quality' },
      { name: 'own-records', path: '/app/submissions/records' },
    ])
    wrong.push(
      ...(await tour({ demo, browser }, 'market-officer', [{ name: 'code-tasks', path: '/app/codes/tasks' }])),
      ...(await tour({ demo, browser }, 'company', [{ name: 'declarations', path: '/app/declarations' }])),
    )
    expect(wrong).toEqual([])
  })
})
