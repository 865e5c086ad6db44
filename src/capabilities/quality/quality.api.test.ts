import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { createAuthority } from '../access/index.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { endpoints } from './contract.ts'
import { catchUp } from '../timeliness/index.ts'
import { countAnew, countChanges } from './index.ts'

const DISTRICT = '广州市荔湾区城市管理和综合执法局'
const HEALTH = '广州市荔湾区卫生健康局'
const uscc = (n: number) => codeFrom(`91440103MA5${String(n).padStart(6, '0')}`)
type Row = Record<string, string>
/** All fields that the policy expects are filled. */
const row = (n: number, change: Row = {}): Row => ({
  行政相对人名称: `广州荔湾质量${n}有限公司`,
  行政相对人类别: '法人及非法人组织',
  统一社会信用代码: uscc(n),
  法定代表人: '张三丰',
  行政处罚决定书文号: `穗荔质罚〔2026〕${n}号`,
  违法行为类型: '占道经营',
  违法事实: '占用城市道路经营。',
  处罚依据: '《广州市市容环境卫生管理规定》第二十条',
  处罚类别: '罚款',
  处罚内容: '罚款2000元',
  '罚款金额(万元)': '0.2',
  处罚决定日期: '2026-11-20',
  处罚机关: DISTRICT,
  ...change,
})
const csv = (rows: Row[]) => {
  const headings = Object.keys(rows[0]!)
  return new TextEncoder().encode(
    [headings, ...rows.map((r) => headings.map((h) => r[h] ?? ''))]
      .map((cells) => cells.map((c) => `"${c}"`).join(','))
      .join('\r\n'),
  )
}
const complete = (r: Row): Row => ({
  ...r,
  处罚机关统一社会信用代码: codeFrom('11440103MB2C00011'),
  数据来源单位: DISTRICT,
  数据来源单位统一社会信用代码: codeFrom('11440103MB2C00011'),
  所属领域: '食品',
  适用程序: '普通程序',
})
const range = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i)
const short = (n: number) => row(n, { 统一社会信用代码: uscc(n).slice(0, 17) })

describeEngines('quality', (p) => {
  let own: string
  let health: string
  beforeAll(async () => {
    const make = async (code: string, name: string) =>
      (await createAuthority(p().ctx(), { code, name, division: '440103', system: 'general', duties: ['penalty'] })).id
    own = await make(codeFrom('11440103MB2C00011'), DISTRICT)
    health = await make(codeFrom('11440103MB2C00012'), HEALTH)
    await addPerson(p(), { login: 'liwan', role: 'collector', authorityId: own })
    await addPerson(p(), { login: 'liwan-health', role: 'collector', authorityId: health })
  })
  const at = async (login: string) => (await p().as(login)).client(endpoints)
  const count = async () => {
    await catchUp(p().ctx())
    await countChanges(p().ctx())
  }
  const send = async (rows: Row[], more: { login?: string; corrects?: string } = {}) => {
    const { login = 'liwan', corrects } = more
    const client = (await p().as(login)).client(collection)
    const file = { name: 'penalties.csv', body: csv(rows) }
    const s = await client.submitFile({ item: 'penalty', ...(corrects ? { corrects } : {}), file })
    for (;;) {
      const now = await client.getSubmission({ id: s.id })
      if (now.state === 'done') {
        await count()
        return now
      }
      await sleep(20)
    }
  }

  it('counts a month, with numerator and denominator, and the kept figures are those of the rows', async () => {
    const s = await send([...range(1, 14).map((n) => row(n)), ...range(15, 6).map(short)])
    expect(s).toMatchObject({ received: 20, accepted: 14, refused: 6 })
    await send([row(101, { 处罚机关: HEALTH }), row(102, { 处罚机关: HEALTH })], { login: 'liwan-health' })
    const q = await (await at('liwan')).authorityQuality({ id: own })
    expect(q).toMatchObject({ month: '2026-11', running: true, rankedAmong: 2 })
    expect(q.counts).toMatchObject({ received: 20, refused: 6, mended: 0, pending: 0, already_held: 0 })
    const of = Object.fromEntries(q.standing.shares.map((s) => [s.code, s]))
    expect(of.validity).toMatchObject({ numerator: 14, denominator: 20, share: 0.7 })
    expect(of.uniqueness).toMatchObject({ numerator: 20, denominator: 20, share: 1 })
    expect(of.completeness!.denominator).toBe(14 * 15)
    expect(q.standing).toMatchObject({ colour: 'yellow', rank: 2 })
    for (const kept of await countAnew(p().ctx(), '440100', '2026-11-01' as never)) {
      const { rows } = await sql<{
        counts: unknown
      }>`select counts from quality.figure where authority_id = ${kept.authorityId} and month = '2026-11-01'`.execute(
        p().runtime.db.kysely,
      )
      expect(rows[0]!.counts).toEqual(kept.counts)
    }
  })

  it('opens the faults to their rows', async () => {
    const client = await at('liwan')
    const { rows } = await client.listFaults({ month: '2026-11' })
    expect(rows[0]).toMatchObject({ code: 'uscc_length', field: 'uscc', rows: 6, authorities: 1 })
    const first = await client.listFaultRows({
      month: '2026-11',
      item: 'penalty',
      code: 'uscc_length',
      field: 'uscc',
      limit: 4,
    })
    const second = await client.listFaultRows({
      month: '2026-11',
      item: 'penalty',
      code: 'uscc_length',
      field: 'uscc',
      limit: 4,
      after: first.next!,
    })
    expect([...first.rows, ...second.rows].map((r) => r.docNo)).toEqual(
      range(15, 6).map((n) => `穗荔质罚〔2026〕${n}号`),
    )
    expect(second.next).toBeNull()
    expect(
      (await problemOf(client.listFaultRows({ month: '2026-11', item: 'penalty', code: 'x', field: 'y', after: 'zz' })))
        .code,
    ).toBe('BAD_CURSOR')
  })

  it('says which rows to mend for the next colour, and mending them moves it', async () => {
    const client = await at('liwan')
    const plan = await client.mendPlan({ id: own, month: '2026-11' })
    expect(plan).toMatchObject({ colour: 'yellow', plan: { to: 'green' } })
    const { rows } = await client.listMendRows({ id: own, month: '2026-11', limit: 100 })
    expect(rows.length).toBe(plan.plan!.rows)
    const returned = rows.filter((r) => r.kind === 'returned_row')
    const incomplete = rows.filter((r) => r.kind === 'incomplete_record')
    expect(incomplete.length + returned.length).toBe(rows.length)
    expect(returned.every((r) => r.faults.length > 0 && incomplete.every((i) => i.missing.length > 0))).toBe(true)
    const numberOf = (docNo: string) => Number(/〕(\d+)号/.exec(docNo)![1])
    // All but the last of them is not enough; with the last one the colour moves.
    const all = rows.map((r) => ({
      kind: r.kind,
      of: r.submissionId,
      row: r.kind === 'returned_row' ? row(numberOf(r.docNo)) : complete(row(numberOf(r.docNo))),
    }))
    const last = all.pop()!
    for (const [kind, some] of Map.groupBy(all, (o) => o.kind)) {
      await send(
        some.map((o) => o.row),
        kind === 'returned_row' ? { corrects: some[0]!.of } : {},
      )
    }
    expect((await client.authorityQuality({ id: own, month: '2026-11' })).standing.colour).toBe('yellow')
    await send([last.row], last.kind === 'returned_row' ? { corrects: last.of } : {})
    const now = await client.authorityQuality({ id: own, month: '2026-11' })
    expect(now.standing.colour).toBe('green')
    expect(now.standing.score).toBeCloseTo(plan.plan!.scoreThen, 6)
  })

  it('keeps each in its scope', async () => {
    const other = await at('liwan-health')
    for (const call of [
      () => other.authorityQuality({ id: own }),
      () => other.mendPlan({ id: own, month: '2026-11' }),
      () => other.listMendRows({ id: own, month: '2026-11' }),
      () => other.listFaults({ month: '2026-11', authorityId: own }),
      async () => (await at('credit_office')).authorityQuality({ id: '00000000-0000-7000-8000-000000000000' }),
    ])
      expect((await problemOf(call())).code).toBe('NOT_FOUND')
    expect((await other.listFaults({ month: '2026-11' })).rows).toEqual([])
    const mine = await other.authorityQuality({ id: health })
    expect(mine.standing.authorityId).toBe(health)
    const office = await at('credit_office')
    const overview = await office.qualityOverview({ month: '2026-11' })
    expect(overview.districts.map((d) => d.division)).toEqual(['440103'])
    const { rows, next } = await office.listStandings({ month: '2026-11', limit: 1 })
    const more = await office.listStandings({ month: '2026-11', limit: 1, after: next! })
    expect([...rows, ...more.rows].map((r) => r.rank)).toEqual([1, 2])
    expect(more.next).toBeNull()
    // A district's own credit office sees its district alone.
    await createAuthority(p().ctx(), {
      code: codeFrom('11440106MB2C00019'),
      name: '广州市天河区发展和改革局',
      division: '440106',
      system: 'general',
      isCreditOffice: true,
    }).then((a) => addPerson(p(), { login: 'tianhe-office', role: 'credit_office', authorityId: a.id }))
    const tianhe = await at('tianhe-office')
    expect((await tianhe.listStandings({ month: '2026-11' })).rows).toEqual([])
    expect((await problemOf(tianhe.authorityQuality({ id: own }))).code).toBe('NOT_FOUND')
    expect((await problemOf(office.listStandings({ month: '2026-11', after: 'W10' }))).code).toBe('BAD_CURSOR')
  })

  it('issues a circular that comes out the same when it is computed again', async () => {
    const office = await at('credit_office')
    expect((await problemOf(office.draftCircular({ month: '2026-11' }))).code).toBe('MONTH_NOT_OVER')
    await send([row(301), row(302), short(303)])
    p().clock.set('2026-12-05T02:00:00Z')
    const again = await at('credit_office')
    expect((await problemOf(again.draftCircular({ month: '2026-10' }))).code).toBe('NO_FIGURES')
    const drafted = await again.draftCircular({ month: '2026-11' })
    expect(drafted).toMatchObject({ state: 'draft', no: null, actions: ['recompute', 'issue'] })
    expect((await problemOf(again.draftCircular({ month: '2026-11' }))).code).toBe('CIRCULAR_EXISTS')
    // Drafts are the credit office's own.
    expect((await (await at('liwan')).listCirculars({})).rows).toEqual([])
    expect((await problemOf((await at('liwan')).getCircular({ id: drafted.id }))).code).toBe('NOT_FOUND')
    const computed = await again.recomputeCircular({ id: drafted.id, seen: drafted.version })
    expect(computed.digest).toBe(drafted.digest)
    expect((await problemOf(again.issueCircular({ id: drafted.id, seen: drafted.version }))).code).toBe('STALE')
    const issued = await again.issueCircular({ id: drafted.id, seen: computed.version })
    expect(issued).toMatchObject({ state: 'issued', no: { zh: '信用归集通报〔2026〕1号' }, actions: [] })
    expect((await problemOf(again.issueCircular({ id: drafted.id, seen: issued.version }))).code).toBe('NO_SUCH_MOVE')
    expect((await problemOf(again.recomputeCircular({ id: drafted.id, seen: issued.version }))).code).toBe(
      'NO_SUCH_MOVE',
    )

    const before = await (await p().as('liwan')).send('GET', `/circulars/${issued.id}/paper`)
    const paper = await before.text()
    expect(before.status).toBe(200)
    for (const text of [
      '关于2026年11月公共信用信息归集质量情况的通报',
      '信用归集通报〔2026〕1号',
      DISTRICT,
      issued.digest,
      '广州市发展和改革委员会',
    ])
      expect(paper).toContain(text)
    // No person stands in it: neither a subject's name nor a representative's.
    for (const text of ['张三丰', '广州荔湾质量']) expect(paper).not.toContain(text)

    // What comes later, late records of that month, mended rows and completed records, changes nothing.
    await send([row(401, { 处罚决定日期: '2026-11-02' }), short(402)])
    await send([...range(15, 6).map((n) => complete(row(n))), row(303)], {
      corrects: (await (await p().as('liwan')).client(collection).listSubmissions({ limit: 100 })).rows.find(
        (r) => r.received === 3,
      )!.id,
    })
    await send([complete(row(1)), complete(row(2))])
    const live = await (await at('liwan')).authorityQuality({ id: own, month: '2026-11' })
    expect(live.counts.mended + live.counts.filled).toBeGreaterThan(0)
    const verdict = await (await at('liwan')).verifyCircular({ id: issued.id })
    expect(verdict).toMatchObject({ same: true, digest: issued.digest, again: issued.digest, differing: [] })
    const after = await (await p().as('liwan')).send('GET', `/circulars/${issued.id}/paper`)
    expect((await after.text()).replaceAll(/nonce="[^"]*"/g, '')).toBe(paper.replaceAll(/nonce="[^"]*"/g, ''))
    // Tampering with a row shows.
    await sql`update quality.circular set content = jsonb_set(content, '{rows,0,counts,refused}', '0') where id = ${issued.id}`.execute(
      p().runtime.db.kysely,
    )
    const tampered = await (await at('liwan')).verifyCircular({ id: issued.id })
    expect(tampered.differing.length).toBeGreaterThan(0)
    const file = await (await p().as('liwan')).send('GET', `/api/v1/circulars/${issued.id}/file?lang=en`)
    expect(await file.text()).toContain('Circular on the quality of public credit information reported in 2026-11')
    const list = await (await at('liwan')).listCirculars({})
    expect(list.rows.map((c) => c.id)).toEqual([issued.id])
    expect((await problemOf((await at('liwan')).listCirculars({ after: 'zz' }))).code).toBe('BAD_CURSOR')
  })
})
