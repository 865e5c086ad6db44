import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { foundIn, preflighted } from '../../../test/preflights.ts'
import { inTx } from '../../platform/outbox.ts'
import { authorityById, createAuthority } from '../access/index.ts'
import { RETURNED_HEADINGS } from './files/header.ts'
import { openTable } from './files/open-table.ts'
import { endpoints, type SubmissionView } from './contract.ts'
import { importFile, processNext } from './index.ts'
import { registerFile } from './service.enter.ts'
import { submitFor } from './service.ts'

const HEADINGS = [
  '行政相对人名称',
  '行政相对人类别',
  '统一社会信用代码',
  '法定代表人',
  '证件类型',
  '证件号码',
  '行政处罚决定书文号',
  '违法行为类型',
  '违法事实',
  '处罚依据',
  '处罚类别',
  '处罚内容',
  '罚款金额(万元)',
  '处罚决定日期',
  '处罚机关',
]
const DISTRICT = '广州市荔湾区城市管理和综合执法局'
const OTHER = '广州市荔湾区卫生健康局'
const uscc = (n: number) => codeFrom(`91440103MA5${String(n).padStart(6, '0')}`)

type Row = Partial<Record<(typeof HEADINGS)[number], string>>
const row = (n: number, change: Row = {}): Row => ({
  行政相对人名称: `广州荔湾测试${n}有限公司`,
  行政相对人类别: '法人及非法人组织',
  统一社会信用代码: uscc(n),
  法定代表人: '张三丰',
  行政处罚决定书文号: `穗荔综罚〔2026〕${n}号`,
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
const csv = (rows: Row[], headings = HEADINGS) =>
  new TextEncoder().encode(
    [headings, ...rows.map((r) => headings.map((h) => r[h] ?? ''))]
      .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
      .join('\r\n'),
  )
const balances = (s: SubmissionView) => s.received === s.accepted + s.refused + s.pending + s.alreadyHeld
const range = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i)

describeEngines('collection', (p, engine) => {
  let folder: string
  const codes = { own: codeFrom('11440103MB2C00011'), other: codeFrom('11440103MB2C00012') }
  let own: string
  let other: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xinheng-collection-'))
    const make = async (code: string, name: string) =>
      (
        await createAuthority(p().ctx(), {
          code,
          name,
          division: '440103',
          system: 'general',
          duties: ['penalty', 'licence'],
        })
      ).id
    own = await make(codes.own, DISTRICT)
    other = await make(codes.other, OTHER)
    await addPerson(p(), { login: 'liwan', role: 'collector', authorityId: own })
    await addPerson(p(), { login: 'liwan-health', role: 'collector', authorityId: other })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const collector = async (login = 'liwan') => (await p().as(login)).client(endpoints)
  const send = async (rows: Row[], more: { corrects?: string; name?: string; bytes?: Uint8Array } = {}) => {
    const client = await collector()
    const { corrects } = more
    const s = await client.submitFile({
      item: 'penalty',
      ...(corrects ? { corrects } : {}),
      file: { name: more.name ?? 'penalties.csv', body: more.bytes ?? csv(rows) },
    })
    await p().drain()
    return client.getSubmission({ id: s.id })
  }
  /** Handed in without waking the pipeline: the test says who works on it. */
  const waiting = async (bytes: Uint8Array) => {
    const ctx = p().ctx()
    const file = { ...(await ctx.files.put(Readable.from([bytes]), 1e9)), name: 'waiting.csv', mediaType: 'text/csv' }
    await inTx(ctx, (tx) => registerFile(tx, ctx, file))
    return (
      await submitFor(ctx, await authorityById(ctx.db.kysely, own), {
        item: 'penalty',
        file,
        backfill: false,
        wayIn: 'web',
      })
    ).id
  }
  const readBack = async (body: Blob, name: string) => {
    const path = join(folder, name)
    writeFileSync(path, new Uint8Array(await body.arrayBuffer()))
    const rows: string[][] = []
    for await (const batch of await openTable({ path, name })) rows.push(...batch.map((r) => r.cells))
    return rows
  }
  const recordsOf = async (p_: Platform, ids: string[]) =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from records.record where submission_id = any(${ids}::uuid[])`.execute(
        p_.runtime.db.kysely,
      )
    ).rows[0]?.n

  it('each row has its verdict, the receipt balances, the returned workbook is mended and sent again', async () => {
    const first = await send([
      row(1),
      row(2, { 统一社会信用代码: uscc(2).slice(0, 17) }),
      row(3, { '罚款金额(万元)': '2000元', 处罚决定日期: '20261301' }),
      row(4),
    ])
    expect(first).toMatchObject({
      state: 'done',
      received: 4,
      accepted: 2,
      refused: 2,
      pending: 0,
      alreadyHeld: 0,
      progress: 100,
      workbook: true,
      authority: { name: DISTRICT },
    })
    const client = await collector()
    const { rows } = await client.listRows({ id: first.id })
    expect(rows.map((r) => [r.n, r.verdict])).toEqual([
      [2, 'accepted'],
      [3, 'refused'],
      [4, 'refused'],
      [5, 'accepted'],
    ])
    expect(rows[1]?.problems[0]).toMatchObject({
      code: 'uscc_length',
      field: '统一社会信用代码',
      value: uscc(2).slice(0, 17),
    })
    expect(rows[1]?.problems[0]?.reason).toContain('17 位')
    expect(rows[2]?.problems.map((x) => x.code)).toEqual(['money_in_yuan', 'not_a_date'])
    expect(rows[2]?.problems[0]?.mend).toContain('0.2')
    expect((await client.listRows({ id: first.id, verdict: 'refused', limit: 1 })).next).not.toBeNull()

    const workbook = await client.refusedWorkbook({ id: first.id })
    const [heading = [], ...returned] = await readBack(workbook.body, 'returned.xlsx')
    expect(heading).toEqual([...RETURNED_HEADINGS, ...HEADINGS])
    const at = (name: string) => heading.indexOf(name)
    ;(returned[0] as string[])[at('统一社会信用代码')] = uscc(2)
    ;(returned[1] as string[])[at('罚款金额(万元)')] = '0.2'
    ;(returned[1] as string[])[at('处罚决定日期')] = '2026-11-19'
    const mended = new TextEncoder().encode(
      [heading, ...returned].map((r) => heading.map((_, i) => `"${r[i] ?? ''}"`).join(',')).join('\n'),
    )
    const second = await send([], { corrects: first.id, bytes: mended, name: 'mended.csv' })
    expect(second).toMatchObject({ state: 'done', received: 2, accepted: 2, refused: 0, corrects: first.id })
    expect([balances(first), balances(second)]).toEqual([true, true])
  })

  it('the same file again changes nothing', async () => {
    const rows = range(20, 5).map((n) => row(n))
    const [a, b] = [await send(rows), await send(rows)]
    expect(a).toMatchObject({ accepted: 5, alreadyHeld: 0 })
    expect(b).toMatchObject({ accepted: 0, alreadyHeld: 5, fileHash: a.fileHash })
    expect(await recordsOf(p(), [a.id, b.id])).toBe(5)
  })

  it('two submissions of one file at the same time hold every row once', async () => {
    const client = await collector()
    const bytes = csv(range(40, 30).map((n) => row(n)))
    const [a, b] = [{ id: await waiting(bytes) }, { id: await waiting(bytes) }]
    await Promise.all([processNext(p().runtime, a), processNext(p().runtime, b)])
    const [x, y] = [await client.getSubmission({ id: a.id }), await client.getSubmission({ id: b.id })]
    expect([x.state, y.state, x.accepted + y.accepted, x.alreadyHeld + y.alreadyHeld]).toEqual(['done', 'done', 30, 30])
    expect(await recordsOf(p(), [a.id, b.id])).toBe(30)
  })

  it('a run that dies between chunks goes on where it stopped, and nothing is doubled', async () => {
    const size = engine === 'postgres' ? 2000 : 1000
    const total = size * 2 + 7
    const bytes = csv(range(10_000, total).map((n) => row(n, n % 500 === 0 ? { 处罚决定日期: '' } : {})))
    const client = await collector()
    const s = { id: await waiting(bytes) }
    const dies = { ...s, afterChunk: () => Promise.reject(new Error('killed')) }
    await expect(processNext(p().runtime, dies)).rejects.toThrow('killed')
    const middle = await client.getSubmission(s)
    expect(middle).toMatchObject({ state: 'running', received: size })
    expect(balances(middle)).toBe(true)
    expect(await processNext(p().runtime, s)).toBeNull()
    p().clock.advance({ minutes: 2 })
    expect(await processNext(p().runtime, s)).toBe(s.id)
    const done = await client.getSubmission({ id: s.id })
    expect(done).toMatchObject({ state: 'done', received: total, alreadyHeld: 0 })
    expect(balances(done)).toBe(true)
    expect(await recordsOf(p(), [s.id])).toBe(done.accepted)
    expect(done.refused).toBe(range(10_000, total).filter((n) => n % 500 === 0).length)
    let seen = 0
    for (let after: string | undefined; ; ) {
      const page = await client.listRows({ id: s.id, limit: 200, ...(after ? { after } : {}) })
      seen += page.rows.length
      if (!page.next) break
      after = page.next
    }
    expect(seen).toBe(total)
  }, 60_000)

  it('ROW_NOT_ACCEPTABLE: a waiting row is checked again by the rules of the day on which it is accepted', async () => {
    await send([row(70)])
    const s = await send([row(71, { 统一社会信用代码: uscc(70), 行政相对人名称: '广州荔湾待核有限公司' })])
    expect(s.pending).toBe(1)
    const duties = (list: string[]) =>
      sql`update access.authority set duties = ${list} where id = ${own}`.execute(p().runtime.db.kysely)
    await duties(['licence'])
    try {
      const client = await collector()
      const refused = await problemOf(client.decideRow({ id: s.id, n: 2, action: 'accept', seen: 1 }))
      expect(refused).toMatchObject({ code: 'ROW_NOT_ACCEPTABLE' })
      expect((await client.getSubmission({ id: s.id })).pending).toBe(1)
    } finally {
      await duties(['penalty', 'licence'])
    }
  })

  it('one code with two names waits for people; accepting and returning move the balance', async () => {
    await send([row(60)])
    const s = await send([
      row(61, { 统一社会信用代码: uscc(60), 行政相对人名称: '广州荔湾改名有限公司' }),
      row(62, { 统一社会信用代码: uscc(60), 行政相对人名称: '广州荔湾误写有限公司' }),
    ])
    expect(s).toMatchObject({ received: 2, pending: 2, accepted: 0 })
    const client = await collector()
    const { rows } = await client.listRows({ id: s.id, verdict: 'pending' })
    expect(rows[0]).toMatchObject({
      verdict: 'pending',
      mayDecide: true,
      version: 1,
      problems: [{ code: 'one_code_two_names' }],
    })
    expect(rows[0]?.problems[0]?.reason).toContain('广州荔湾测试60有限公司')
    const decided = await Promise.allSettled([
      client.decideRow({ id: s.id, n: 2, action: 'accept', seen: 1 }),
      client.decideRow({ id: s.id, n: 2, action: 'refuse', seen: 1 }),
    ])
    expect(decided.filter((d) => d.status === 'fulfilled')).toHaveLength(1)
    expect(await problemOf(client.decideRow({ id: s.id, n: 2, action: 'accept', seen: 1 }))).toMatchObject({
      code: 'STALE',
      status: 409,
    })
    await client.decideRow({ id: s.id, n: 3, action: 'refuse', seen: 1 })
    const after = await client.getSubmission({ id: s.id })
    expect([balances(after), after.pending]).toEqual([true, 0])
    expect(after.refused).toBeGreaterThanOrEqual(1)
    const accepted = await send([row(63, { 统一社会信用代码: uscc(60), 行政相对人名称: '广州荔湾又改名有限公司' })])
    const view = await client.decideRow({ id: accepted.id, n: 2, action: 'accept', seen: 1 })
    expect(view).toMatchObject({ verdict: 'accepted', mayDecide: false })
    expect(view.recordId).not.toBeNull()
    expect((await client.listRows({ id: accepted.id })).rows).toHaveLength(1)
    expect(await problemOf(client.decideRow({ id: s.id, n: 99, action: 'accept', seen: 1 }))).toMatchObject({
      code: 'NO_SUCH_ROW',
    })
  })

  it('persons’ numbers leave masked, and a masked number that comes back is the one that is held', async () => {
    const person = '11010519491231002X'
    const natural = row(70, {
      行政相对人名称: '李四',
      行政相对人类别: '自然人',
      统一社会信用代码: '',
      法定代表人: '',
      证件类型: '身份证',
      证件号码: person,
      违法事实: '',
    })
    const s = await send([natural, row(71, { 统一社会信用代码: person })])
    expect(s.refused).toBe(2)
    const client = await collector()
    const { rows } = await client.listRows({ id: s.id })
    expect(JSON.stringify(rows)).not.toContain('19491231')
    expect(rows[0]?.name).toBe('李*')
    const kept = await sql<{
      text: string
    }>`select r::text as text from collection.row r where submission_id = ${s.id}`.execute(p().runtime.db.kysely)
    expect(kept.rows.map((r) => r.text).join()).not.toContain(person)
    const [heading = [], ...returned] = await readBack((await client.refusedWorkbook({ id: s.id })).body, 'person.xlsx')
    expect(JSON.stringify(returned)).not.toContain(person)
    const mine = (returned[0] as string[]).slice()
    expect(mine[heading.indexOf('证件号码')]).toBe('110105********002X')
    mine[heading.indexOf('违法事实')] = '占用城市道路经营。'
    const bytes = new TextEncoder().encode(
      [heading, mine].map((r) => heading.map((_, i) => `"${r[i] ?? ''}"`).join(',')).join('\n'),
    )
    expect(await send([], { bytes, corrects: s.id })).toMatchObject({ accepted: 1, refused: 0 })
    expect(await send([], { bytes })).toMatchObject({ accepted: 0, refused: 1 })
  })

  it('a wrong file is returned as a whole, with words, and nothing of it is held', async () => {
    const pdf = await send([], { bytes: new TextEncoder().encode('%PDF-1.7 …'), name: 'decision.csv' })
    expect(pdf).toMatchObject({ state: 'refused', received: 0, refusal: { code: 'FILE_KIND_WRONG' } })
    expect(pdf.refusal?.message).toContain('PDF')
    const headless = await send([], { bytes: csv([row(80)], ['行政相对人名称', '统一社会信用代码', '处罚决定日期']) })
    expect(headless.refusal).toMatchObject({ code: 'HEADER_MISSING' })
    expect(headless.refusal?.message).toContain('违法事实')
    const good = csv(range(9000, 1500).map((n) => row(n)))
    const torn = new Uint8Array([...good, ...new TextEncoder().encode('\r\n"'), 0xff, 0xfe, 0xff])
    const broken = await send([], { bytes: torn })
    expect(broken).toMatchObject({ state: 'refused', received: 0 })
    expect(await recordsOf(p(), [broken.id])).toBe(0)
    const english = await p().as('liwan')
    english.lang = 'en'
    expect((await english.client(endpoints).getSubmission({ id: pdf.id })).refusal?.message).toMatch(
      /^This file is a PDF/,
    )
  })

  it('others do not see it; the credit office of the territory does', async () => {
    const s = await send([row(90)])
    const stranger = await collector('liwan-health')
    const calls = [
      stranger.getSubmission({ id: s.id }),
      stranger.listRows({ id: s.id }),
      stranger.refusedWorkbook({ id: s.id }),
      stranger.decideRow({ id: s.id, n: 2, action: 'accept', seen: 1 }),
    ]
    for (const problem of await Promise.all(calls.map((call) => problemOf(call)))) {
      expect(problem).toMatchObject({ code: 'NO_SUCH_SUBMISSION', status: 404 })
    }
    expect((await stranger.listSubmissions({})).rows).toEqual([])
    const office = (await p().as('credit_office')).client(endpoints)
    expect(await office.getSubmission({ id: s.id })).toMatchObject({ id: s.id })
    expect((await office.listSubmissions({ item: 'penalty', limit: 1 })).next).not.toBeNull()
    expect(
      await problemOf(
        stranger.submitFile({ item: 'penalty', corrects: s.id, file: { name: 'x.csv', body: csv([row(91)]) } }),
      ),
    ).toMatchObject({ code: 'CORRECTS_UNKNOWN' })
    expect(await problemOf(office.listSubmissions({ after: 'nonsense' }))).toMatchObject({ code: 'BAD_CURSOR' })
    expect(await problemOf((await collector()).refusedWorkbook({ id: s.id }))).toMatchObject({
      code: 'NO_REFUSED_ROWS',
    })
  })

  it('only who has the duty reports, and only its own', async () => {
    const client = await collector()
    expect(
      await problemOf(client.submitFile({ item: 'abnormal_list', file: { name: 'x.csv', body: csv([row(92)]) } })),
    ).toMatchObject({ code: 'NOT_YOUR_DUTY', status: 403 })
    expect(
      await problemOf(client.submitFile({ item: 'no_such', file: { name: 'x.csv', body: csv([row(92)]) } })),
    ).toMatchObject({ code: 'NO_SUCH_ITEM' })
    const s = await send([row(92, { 处罚机关: OTHER })])
    expect((await client.listRows({ id: s.id })).rows[0]?.problems[0]?.code).toBe('authority_not_yours')
  })

  it('a system pushes: the same checks, the same receipt, once for a key', async () => {
    const key = (await p().withKey({ scopes: ['collect'], authorityId: own })).client(endpoints)
    const record = (n: number, change: Record<string, string | number> = {}) => ({
      CF_XDR_MC: `广州荔湾推送${n}有限公司`,
      subject_category: '法人及非法人组织',
      uscc: uscc(n),
      legal_representative: '王五',
      CF_WSH: `穗荔综罚〔2026〕推${n}号`,
      violation: '占道经营',
      facts: '占道。',
      basis: '规定',
      penalty_kinds: '罚款',
      content: '罚款',
      fine: 0.2,
      decided_on: '2026-11-20',
      authority_code: codes.own,
      authority_name: DISTRICT,
      ...change,
    })
    const ask = { item: 'penalty', records: [record(200), record(201, { uscc: '1' })] }
    const first = await key.pushRecords(ask, { idempotencyKey: 'push-1' })
    expect(first.receipt).toMatchObject({ state: 'done', wayIn: 'api', received: 2, accepted: 1, refused: 1 })
    expect(first.rows.map((r) => r.verdict)).toEqual(['accepted', 'refused'])
    expect(first.rows[1]?.problems[0]).toMatchObject({ field: '统一社会信用代码' })
    const again = await key.pushRecords(ask, { idempotencyKey: 'push-1' })
    expect(again).toEqual(first)
    expect((await key.pushRecords(ask)).receipt).toMatchObject({ accepted: 0, alreadyHeld: 1, refused: 1 })
    expect((await key.pushRecords({ item: 'penalty', record: record(202) })).receipt.accepted).toBe(1)
    expect(await key.getSubmission({ id: first.receipt.id })).toEqual(first.receipt)
    expect(await problemOf(key.pushRecords({ item: 'penalty', record: { 处罚日: 'x' } }))).toMatchObject({
      code: 'UNKNOWN_FIELDS',
    })
    const homeless = (await p().withKey({ scopes: ['collect'] })).client(endpoints)
    expect(await problemOf(homeless.pushRecords({ item: 'penalty', record: record(203) }))).toMatchObject({
      code: 'NO_AUTHORITY',
    })
  })

  it('checks without keeping, remembers how a table is read, gives the form and the catalog', async () => {
    const client = await collector()
    const headings = HEADINGS.map((h) => (h === '处罚机关' ? '办案单位' : h === '行政处罚决定书文号' ? '案卷' : h))
    const mine = [row(300)].map((r) => ({ ...r, 办案单位: DISTRICT, 案卷: '穗荔综罚〔2026〕300号' }))
    const file = { name: 'own.csv', body: csv(mine, headings) }
    expect(await preflighted(await p().as('liwan'), { item: 'penalty', file })).toMatchObject({
      state: 'refused',
      refusal: { code: 'HEADER_MISSING' },
      result: null,
    })
    const mappingText = 'columns:\n  办案单位: 处罚机关\n  案卷: CF_WSH\n'
    const check = await foundIn(await p().as('liwan'), { item: 'penalty', file, mappingText })
    expect(check).toMatchObject({ received: 1, accepted: 1, refused: 0 })
    expect(check.columns.find((c) => c.heading === '办案单位')?.field).toBe('authority_name')
    expect((await client.listSubmissions({})).rows.some((s) => s.fileName === 'own.csv')).toBe(false)
    expect(
      await problemOf(client.putMapping({ item: 'penalty', headings, mappingText: 'columns:\n  案卷: 无此字段' })),
    ).toMatchObject({ code: 'MAPPING_INVALID' })
    await client.putMapping({ item: 'penalty', headings, mappingText })
    expect((await client.listMappings()).rows).toHaveLength(1)
    expect(await send([], { bytes: file.body, name: 'own.csv' })).toMatchObject({ state: 'done', accepted: 1 })
    const form = await client.template({ item: 'licence' })
    expect((await readBack(form.body, 'form.xlsx')).flat()).toContain('*行政相对人名称')
    const { items } = await client.catalog()
    expect(items.map((i) => [i.code, i.mayReport])).toEqual(
      expect.arrayContaining([
        ['penalty', true],
        ['abnormal_list', false],
      ]),
    )
  })

  describe('published files', () => {
    const data = (name: string) => new URL(`../../../../shared/data/${name}`, import.meta.url).pathname
    const mapping = (name: string) =>
      readFileSync(new URL(`../../../examples/${name}.mapping.yaml`, import.meta.url), 'utf8')
    const credit = codeFrom('11440100000000001')

    it('of 135 licences two come back for their damaged codes', async () => {
      const ask = {
        path: data('cosmetics-licences-135.csv'),
        item: 'licence',
        authority: credit,
        mappingText: mapping('cosmetics-licences'),
        wayIn: 'cli' as const,
      }
      const dry = await importFile(p().ctx(), { ...ask, dryRun: true })
      expect('check' in dry && dry.check).toMatchObject({ received: 135, accepted: 133, refused: 2 })
      const errorsPath = join(folder, 'errors.xlsx')
      const done = await importFile(p().ctx(), { ...ask, errorsPath })
      expect('receipt' in done && done.receipt).toMatchObject({
        received: 135,
        accepted: 133,
        refused: 2,
        pending: 0,
        alreadyHeld: 0,
      })
      const returned = await openTable({ path: errorsPath, name: 'errors.xlsx' })
      const rows: string[][] = []
      for await (const batch of returned) rows.push(...batch.map((r) => r.cells))
      expect(
        rows
          .slice(1)
          .map((r) => r[2])
          .toSorted((a = '', b = '') => a.localeCompare(b)),
      ).toEqual(['445221000020057', '914413226178669XB'])
      const again = await importFile(p().ctx(), ask)
      expect('receipt' in again && again.receipt).toMatchObject({ accepted: 0, alreadyHeld: 133, refused: 2 })
    })

    it('the published list balances, and subjects without a unified code are known by their numbers', async () => {
      const done = await importFile(p().ctx(), {
        path: data('published-list-500.xlsx'),
        item: 'serious_list',
        authority: credit,
        mappingText: mapping('published-list'),
        wayIn: 'cli',
      })
      if (!('receipt' in done)) throw new Error('no receipt')
      expect(done.receipt).toMatchObject({ state: 'done', received: 500, pending: 0 })
      expect(balances(done.receipt)).toBe(true)
      expect(done.receipt.accepted).toBeGreaterThan(50)
    })

    it('an unknown authority is said', async () => {
      await expect(
        importFile(p().ctx(), {
          path: data('cosmetics-licences-135.csv'),
          item: 'licence',
          authority: codeFrom('11440103MB2C00099'),
          wayIn: 'cli',
        }),
      ).rejects.toMatchObject({ refusals: [{ code: 'NO_SUCH_AUTHORITY' }] })
    })
  })
})
