import { expect, it } from 'vitest'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { newSubject } from '../../../test/repair-world.ts'
import { endpoints } from './contract.ts'

describeEngines('mandates by code', (p) => {
  it('are registered on the code that stands on the papers and give access at the next sign-in', async () => {
    const { code, name } = await newSubject(p())
    const admin = (await p().as('territory_admin')).client(endpoints)
    const made = await admin.letAct({
      personId: p().world.people.enterprise,
      code,
      kind: 'agent',
      validFrom: '2026-01-01',
    })
    expect(made).toMatchObject({ subjectName: name, subjectCode: code, kind: 'agent' })
    const listed = await admin.listActing({ personId: p().world.people.enterprise })
    expect(listed.rows.map((m) => m.id)).toContain(made.id)
    const company = (await p().as('enterprise')).client(endpoints)
    expect((await company.listLooks({ subjectId: made.subjectId })).rows).toEqual([])
  })
  it('are refused for a code that is not held, and for a last day before the first', async () => {
    const { code } = await newSubject(p())
    const admin = (await p().as('territory_admin')).client(endpoints)
    const ask = { personId: p().world.people.enterprise, kind: 'agent' as const, validFrom: '2026-05-01' }
    expect((await problemOf(admin.letAct({ ...ask, code: '91440106MA5ZZZZZZZ' }))).code).toBe('SUBJECT_NOT_FOUND')
    expect((await problemOf(admin.letAct({ ...ask, code, validTo: '2026-04-01' }))).status).toBe(400)
  })
  it('are not for a company to give to itself', async () => {
    const { code } = await newSubject(p())
    const company = (await p().as('enterprise')).client(endpoints)
    const ask = { personId: p().world.people.enterprise, code, kind: 'agent' as const, validFrom: '2026-05-01' }
    expect((await problemOf(company.letAct(ask))).status).toBe(403)
  })
})
