import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { PASSWORD, addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { endpoints } from './contract.ts'
import { createAuthority } from './index.ts'

/** AK20 三（一）: an administrator of a county sets up its authorities and collectors, and nothing beyond the county. */
describeEngines('county administrators', (p) => {
  const as = async (login: string) => (await p().as(login)).client(endpoints)
  let n = 0
  const ask = (division: string, change: object = {}) => ({
    code: codeFrom(`11${division}MB3C0${String(++n).padStart(4, '0')}`),
    name: `测试单位${n}`,
    division,
    system: 'general' as const,
    duties: ['penalty'],
    ...change,
  })
  let liwan: string
  beforeAll(async () => {
    await addPerson(p(), { login: 'tianhe-admin', role: 'territory_admin', division: '440106' })
    await addPerson(p(), { login: 'huangpu-admin', role: 'territory_admin', division: '440112' })
    liwan = (await createAuthority(p().ctx(), ask('440103', { name: '广州市荔湾区教育局' }))).id
  })

  it('sets up an authority with its duties and collector; one without a collector is flagged', async () => {
    const admin = await as('tianhe-admin')
    const made = await admin.createAuthority(
      ask('440106', { name: '广州市天河区教育局', duties: ['penalty', 'licence'] }),
    )
    expect(made).toMatchObject({ division: '440106', collectors: 0, lacksCollector: true })
    expect((await admin.listAuthorities({ lacking: 'true' })).rows.map((a) => a.id)).toContain(made.id)
    await admin.createPerson({
      login: 'edu-collector',
      name: '采集员',
      password: PASSWORD,
      role: 'collector',
      authorityId: made.id,
    })
    expect(await admin.getAuthority({ id: made.id })).toMatchObject({ collectors: 1, lacksCollector: false })
    expect((await admin.listAuthorities({ lacking: 'true' })).rows.map((a) => a.id)).not.toContain(made.id)
    // A suspended collector hands in nothing.
    const { rows } = await admin.listPeople({ q: 'edu-collector' })
    await admin.suspendPerson({ id: rows[0]!.id, seen: rows[0]!.version })
    expect((await admin.getAuthority({ id: made.id })).lacksCollector).toBe(true)
    // Without a duty there is nothing to hand in.
    expect(await admin.createAuthority(ask('440106', { duties: [] }))).toMatchObject({ lacksCollector: false })
    const { id, name, system, duties } = made
    const off = await admin.updateAuthority({
      id,
      name,
      system,
      duties,
      receivingChannel: null,
      active: false,
      seen: 1,
    })
    expect(off.lacksCollector).toBe(false)
  })

  it('stays inside: siblings, parents, and codes that only begin alike', async () => {
    const admin = await as('tianhe-admin')
    for (const division of ['440103', '440100', '440000', '440107', '440116', '510104'])
      expect((await problemOf(admin.createAuthority(ask(division)))).code, division).toBe('OUTSIDE_TERRITORY')
    for (const division of ['44010', '4401060', '440106%', '4401_6', '', '４４０１０６'])
      expect((await problemOf(admin.createAuthority(ask('440106', { division })))).code, division).toBe('BAD_INPUT')
    // Another county's id is as if it did not exist.
    const body = {
      name: '改名',
      system: 'general' as const,
      duties: [],
      receivingChannel: null,
      active: false,
      seen: 1,
    }
    for (const id of [liwan, p().world.authorities.creditOffice, p().world.authorities.traffic]) {
      expect((await problemOf(admin.getAuthority({ id }))).code).toBe('NOT_FOUND')
      expect((await problemOf(admin.updateAuthority({ id, ...body }))).code).toBe('NOT_FOUND')
      expect((await problemOf(admin.moveAuthority({ id, division: '440106', seen: 1 }))).code).toBe('NOT_FOUND')
      const person = { login: `x-${n++}`, name: '某', password: PASSWORD, role: 'collector' as const, authorityId: id }
      expect((await problemOf(admin.createPerson(person))).code).toBe('NOT_FOUND')
    }
    const { rows } = await admin.listAuthorities({ limit: 100 })
    expect(rows.every((a) => a.division === '440106')).toBe(true)
    // The city sees its counties.
    const city = await (await as('territory_admin')).listAuthorities({ limit: 100 })
    expect(new Set(city.rows.map((a) => a.division))).toEqual(new Set(['440100', '440103', '440106']))
    expect(await (await as('territory_admin')).createAuthority(ask('440103'))).toMatchObject({ division: '440103' })
  })

  it('moves an authority with its people, never over the border', async () => {
    const city = await as('territory_admin')
    const made = await city.createAuthority(ask('440106'))
    const collector = await city.createPerson({
      login: 'moving',
      name: '某',
      password: PASSWORD,
      role: 'collector',
      authorityId: made.id,
    })
    const tianhe = await as('tianhe-admin')
    expect((await problemOf(tianhe.moveAuthority({ id: made.id, division: '440103', seen: 1 }))).code).toBe(
      'OUTSIDE_TERRITORY',
    )
    expect((await problemOf(city.moveAuthority({ id: made.id, division: '440103', seen: 9 }))).code).toBe('STALE')
    expect((await problemOf(city.moveAuthority({ id: made.id, division: '440116', seen: 1 }))).code).toBe(
      'DIVISION_ABOLISHED',
    )
    expect(await city.moveAuthority({ id: made.id, division: '440103', seen: 1 })).toMatchObject({
      division: '440103',
      version: 2,
    })
    expect((await city.getPerson({ id: collector.id })).roles[0]).toMatchObject({ division: '440103' })
    expect((await problemOf(tianhe.getAuthority({ id: made.id }))).code).toBe('NOT_FOUND')
  })

  it('manages nobody who once worked here and now works elsewhere', async () => {
    const city = await as('territory_admin')
    const here = await city.createAuthority(ask('440106'))
    const one = await city.createPerson({
      login: 'gone',
      name: '某',
      password: PASSWORD,
      role: 'collector',
      authorityId: here.id,
    })
    await city.endRole({ id: one.id, roleId: one.roles[0]!.id })
    await city.grantRole({ id: one.id, role: 'collector', authorityId: liwan })
    const tianhe = await as('tianhe-admin')
    const seen = (await city.getPerson({ id: one.id })).version
    expect((await problemOf(tianhe.resetPassword({ id: one.id, seen }))).code).toBe('OUTSIDE_TERRITORY')
    expect((await problemOf(tianhe.suspendPerson({ id: one.id, seen }))).code).toBe('OUTSIDE_TERRITORY')
    expect((await problemOf(tianhe.grantRole({ id: one.id, role: 'collector', authorityId: here.id }))).code).toBe(
      'OUTSIDE_TERRITORY',
    )
  })

  it('keeps abolished divisions, marked, and begins nothing in them', async () => {
    const { rows } = await (await as('huangpu-admin')).listDivisions()
    expect(rows.find((d) => d.code === '440116')).toMatchObject({
      abolishedSince: '2014-02-12',
      successors: ['440112'],
    })
    expect(rows.find((d) => d.code === '440112')).toMatchObject({ abolishedSince: null, successors: [] })
    const city = await as('territory_admin')
    const refused = await problemOf(city.createAuthority(ask('440116')))
    expect(refused).toMatchObject({
      code: 'DIVISION_ABOLISHED',
      detail: '萝岗区已经撤销，请选择承接其行政区域的黄埔区。',
    })
    // A division that the list does not know is a hint, not a refusal.
    expect(await city.createAuthority(ask('440199'))).toMatchObject({ division: '440199' })
    // What was there before it was abolished belongs to the successor, who moves it.
    const old = await createAuthority(p().ctx(), ask('440112', { name: '原萝岗区某局' }))
    await sql`update access.authority set division = '440116' where id = ${old.id}`.execute(p().runtime.db.kysely)
    const huangpu = await as('huangpu-admin')
    expect((await huangpu.listAuthorities({})).rows).toMatchObject([{ id: old.id, division: '440116' }])
    expect(await huangpu.moveAuthority({ id: old.id, division: '440112', seen: 1 })).toMatchObject({
      division: '440112',
    })
  })

  it('says so where nobody has named a successor', async () => {
    const lost = { ...p().runtime.policy.divisions.find((d) => d.code === '440116')!, code: '440198', successors: [] }
    p().runtime.policy.divisions.push(lost)
    try {
      expect((await problemOf((await as('territory_admin')).createAuthority(ask('440198')))).code).toBe('DIVISION_GONE')
    } finally {
      p().runtime.policy.divisions.pop()
    }
  })
})
