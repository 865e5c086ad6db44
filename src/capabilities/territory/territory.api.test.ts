import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import type { SubjectAsk } from '../subjects/contract.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { announce, inTx } from '../../platform/outbox.ts'
import { createAuthority } from '../access/index.ts'
import { openTable } from '../collection/files/open-table.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoints } from './contract.ts'
import { followChanges } from './index.ts'

const uscc = (division: string, n: number) => codeFrom(`91${division}MA5${String(n).padStart(6, '0')}`)

describeEngines('territory', (p) => {
  const ids = new Map<string, string>()
  const tell = (subjectId: string) =>
    inTx(p().ctx(), (tx) => {
      announce(tx, p().ctx(), { kind: 'subject.told', subjectId })
      return Promise.resolve()
    })
  const make = async (ask: SubjectAsk) => {
    const [answer] = await inTx(p().ctx(), (tx) => resolveSubjects(tx, p().ctx(), [ask]))
    if (!answer?.ok) throw new Error('not made')
    ids.set(ask.name, answer.subjectId)
    await tell(answer.subjectId)
  }
  const change = async (name: string, set: ReturnType<typeof sql>) => {
    await sql`update subjects.subject set ${set} where id = ${ids.get(name)}`.execute(p().runtime.db.kysely)
    await tell(ids.get(name)!)
  }
  const as = async (login: string) => (await p().as(login)).client(endpoints)
  beforeAll(async () => {
    for (const [login, division] of [
      ['admin-tianhe', '440106'],
      ['admin-huangpu', '440112'],
      ['admin-city', '440100'],
    ] as const)
      await addPerson(p(), { login, role: 'territory_admin', division })
    await make({ kind: 'enterprise', name: '天河属地一有限公司', uscc: uscc('440106', 1) })
    await make({ kind: 'enterprise', name: '天河属地二有限公司', uscc: uscc('440106', 2) })
    await make({ kind: 'enterprise', name: '荔湾属地有限公司', uscc: uscc('440103', 3) })
    await make({ kind: 'enterprise', name: '萝岗属地有限公司', uscc: uscc('440116', 4) })
    await make({ kind: 'enterprise', name: '外省属地有限公司', uscc: uscc('510104', 5) })
    await make({ kind: 'natural_person', name: '王小二', personId: '11010519491231002X', division: '440106' })
    await followChanges(p().ctx())
  })

  it('tells each territory its own, by a cursor that misses nothing', async () => {
    const tianhe = await as('admin-tianhe')
    const first = await tianhe.listBasicChanges({ limit: 1 })
    expect(first.rows).toMatchObject([{ kind: 'new', name: '天河属地一有限公司', division: '440106', before: null }])
    const second = await tianhe.listBasicChanges({ limit: 10, after: first.next! })
    expect(second.rows.map((r) => r.name)).toEqual(['天河属地二有限公司'])
    expect(second.next).toBeNull()
    const city = await (await as('admin-city')).listBasicChanges({})
    expect(city.rows.map((r) => r.name)).toEqual([
      '天河属地一有限公司',
      '天河属地二有限公司',
      '荔湾属地有限公司',
      '萝岗属地有限公司',
    ])

    await change('天河属地一有限公司', sql`name = '天河更名有限公司', name_key = '天河更名有限公司'`)
    await change('天河属地二有限公司', sql`status = 'deregistered'`)
    await change('荔湾属地有限公司', sql`division = '440106'`)
    await followChanges(p().ctx())
    await followChanges(p().ctx())
    const later = await tianhe.listBasicChanges({ after: second.cursor! })
    expect(later.rows).toMatchObject([
      { kind: 'renamed', name: '天河更名有限公司', before: { name: '天河属地一有限公司' }, way: 'within' },
      { kind: 'status_changed', status: 'deregistered', before: { status: 'active' } },
      { kind: 'moved', name: '荔湾属地有限公司', before: { division: '440103' }, way: 'in' },
    ])
    // Whom it has left is told too.
    await change('荔湾属地有限公司', sql`division = '440103'`)
    await followChanges(p().ctx())
    const left = await tianhe.listBasicChanges({ after: later.cursor! })
    expect(left.rows).toMatchObject([{ kind: 'moved', way: 'out', division: '440103' }])
    const none = await tianhe.listBasicChanges({ after: left.cursor! })
    expect(none).toEqual({ rows: [], next: null, cursor: left.cursor })
    // Whoever looks sees the newest first.
    const top = await tianhe.listBasicChanges({ order: 'newest', limit: 4 })
    const below = await tianhe.listBasicChanges({ order: 'newest', limit: 4, after: top.next! })
    const positions = [...top.rows, ...below.rows].map((r) => r.position)
    expect(positions).toEqual(positions.toSorted((a, b) => b - a))
    expect(positions.length).toBe(6)
  })

  it('finds what lies in an abolished division under its successor, and marks it', async () => {
    const huangpu = await as('admin-huangpu')
    expect((await huangpu.listBasicChanges({})).rows.map((r) => r.name)).toEqual(['萝岗属地有限公司'])
    expect((await huangpu.listTerritorySubjects({})).rows).toEqual([
      {
        code: uscc('440116', 4),
        name: '萝岗属地有限公司',
        subjectKind: 'enterprise',
        division: '440116',
        status: 'active',
        abolished: true,
      },
    ])
  })

  it('lets nobody read beyond the own territory', async () => {
    const tianhe = await as('admin-tianhe')
    for (const division of ['440103', '440100', '440000', '440116', '510104', '440100'])
      expect((await problemOf(tianhe.listBasicChanges({ division }))).code, division).toBe('OUTSIDE_OWN_TERRITORY')
    for (const division of ['44010', '4401060', '4401%6', '44010_'])
      expect((await problemOf(tianhe.listBasicChanges({ division }))).code, division).toBe('BAD_INPUT')
    expect((await problemOf(tianhe.listTerritorySubjects({ division: '440103' }))).code).toBe('OUTSIDE_OWN_TERRITORY')
    expect((await problemOf(tianhe.listBasicChanges({ after: 'W10' }))).code).toBe('BAD_CURSOR')
    expect((await problemOf(tianhe.listTerritorySubjects({ after: 'W10' }))).code).toBe('BAD_CURSOR')
    const city = await as('admin-city')
    expect((await city.listTerritorySubjects({ division: '440103' })).rows.map((r) => r.name)).toEqual([
      '荔湾属地有限公司',
    ])
    const pages: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await city.listTerritorySubjects({ limit: 1, ...(after ? { after } : {}) })
      pages.push(...page.rows.map((r) => r.name))
      if (!page.next) break
      after = page.next
    }
    expect(pages.length).toBe(4)
  })

  it('gives a key the territory of its credit office, and others nothing', async () => {
    const office = await createAuthority(p().ctx(), {
      code: codeFrom('11440106MB2C00019'),
      name: '广州市天河区发展和改革局',
      division: '440106',
      system: 'general',
      isCreditOffice: true,
    })
    const key = await p().withKey({ scopes: ['read'], authorityId: office.id })
    const { rows } = await key.client(endpoints).listBasicChanges({})
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((r) => r.division === '440106' || r.before?.division === '440106')).toBe(true)
    const stranger = await p().withKey({ scopes: ['read'], authorityId: p().world.authorities.traffic })
    expect((await problemOf(stranger.client(endpoints).listBasicChanges({}))).code).toBe('KEY_HAS_NO_TERRITORY')
  })

  it('leaves as a workbook, and says who took it', async () => {
    const caller = await p().as('admin-tianhe')
    const reply = await caller.send('GET', '/api/v1/territory/changes.xlsx?from=2026-11-01&to=2026-11-30')
    expect(reply.status).toBe(200)
    const folder = mkdtempSync(join(tmpdir(), 'xinheng-territory-'))
    try {
      const path = join(folder, 'changes.xlsx')
      writeFileSync(path, Buffer.from(await reply.arrayBuffer()))
      const cells: string[][] = []
      for await (const batch of await openTable({ path, name: 'changes.xlsx' }))
        for (const r of batch) cells.push([...r.cells])
      expect(cells[0]).toContain('变更类型')
      expect(cells.slice(1).map((c) => c[2])).toEqual([
        '新增',
        '新增',
        '名称变更',
        '状态变更',
        '行政区划变更',
        '行政区划变更',
      ])
      expect(JSON.stringify(cells)).not.toMatch(/王小二|11010519491231002X|荔湾属地二|外省/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from platform.audit where act = 'territory.export'`.execute(p().runtime.db.kysely)
    expect(rows[0]!.n).toBe(1)
    expect((await caller.send('GET', '/api/v1/territory/changes.xlsx?from=2026-11-30&to=2026-11-01')).status).toBe(400)
    const sibling = await caller.send(
      'GET',
      '/api/v1/territory/changes.xlsx?from=2026-11-01&to=2026-11-30&division=440103',
    )
    expect(sibling.status).toBe(403)
  })
})
