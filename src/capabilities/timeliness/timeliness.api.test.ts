import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { annul, correct, newCompany, report } from '../../../test/timeliness-world.ts'
import type { Client } from '../../../web/src/app/client.ts'
import { day } from '../../kernel/time.ts'
import { createAuthority } from '../access/index.ts'
import { openTable } from '../collection/index.ts'
import { endpoints } from './contract.ts'
import { catchUp, overdueOf, ratesOf } from './index.ts'
import { FINDING_MOVES, SAMPLE_MOVES } from './states.ts'

type Api = Client<typeof endpoints>
const NOBODY = '01980000-0000-7000-8000-000000000000'
const file = (rows: string[], name = '决定清单.csv') => ({ name, body: new TextEncoder().encode(rows.join('\n')) })
const HEAD = '行政处罚决定书文号,处罚决定日期'

describeEngines('timeliness', (p) => {
  let office: Api
  let county: Api
  let collector: Api
  let head: Api
  const at = (instant: string) => p().clock.set(instant)
  const of = () => p().world.authorities
  const actsOn = async (target: string) =>
    (
      await sql<{
        act: string
      }>`select a.act from platform.audit a where a.target_id = ${target} order by a.at`.execute(p().runtime.db.kysely)
    ).rows.map((r) => r.act)

  beforeAll(async () => {
    const countyOffice = await createAuthority(p().ctx(), {
      name: '广州市天河区发展和改革局',
      code: codeFrom('11440106000000099'),
      division: '440106',
      system: 'general',
      isCreditOffice: true,
    })
    await addPerson(p(), { login: 'county-office', role: 'credit_office', authorityId: countyOffice.id })
    await addPerson(p(), { login: 'market-collector', role: 'collector', authorityId: of().market })
    // Market reports from March on: some in time, two late, one called backfill that is and one that is not; a run with gaps.
    const company = await newCompany(p())
    const reported = async (when: string, n: number, decidedOn: string, backfill = false) => {
      at(when)
      const docNo = `穗市监罚〔2026〕${n}号`
      return report(p(), { subjectId: company, authorityId: of().market, docNo, decidedOn, backfill })
    }
    await reported('2026-03-02T02:00:00Z', 1, '2026-01-15', true)
    for (const [n, decided] of [
      [2, '2026-05-11'],
      [3, '2026-05-12'],
      [5, '2026-05-13'],
      [6, '2026-05-14'],
      [9, '2026-05-15'],
    ] as const)
      await reported('2026-05-20T15:59:00Z', n, decided)
    await reported('2026-05-20T16:00:00Z', 10, '2026-05-11')
    await reported('2026-06-20T02:00:00Z', 11, '2026-05-18', true)
    const wrong = await reported('2026-05-22T02:00:00Z', 12, '2026-05-18')
    await annul(p(), wrong)
    at('2026-06-01T02:00:00Z')
    await report(p(), { authorityId: of().district, docNo: '穗天市监罚〔2026〕1号', decidedOn: '2026-05-11' })
    at('2026-11-23T02:00:00Z')
    await catchUp(p().ctx())
    office = (await p().as('credit_office')).client(endpoints)
    county = (await p().as('county-office')).client(endpoints)
    collector = (await p().as('market-collector')).client(endpoints)
    head = (await p().as('head')).client(endpoints)
  })
  const may = { from: '2026-01', to: '2026-06' }

  it('counts who reported what and how late, and opens each figure to its rows', async () => {
    const view = await office.getTimeliness(may)
    expect(view.totals).toMatchObject({ onTime: 5, late: 3, backfill: 1, annulled: 1, noTerm: 0 })
    expect(view.rates.find((r) => r.measure === 'late')).toMatchObject({
      numerator: 3,
      denominator: 8,
      share: 3 / 8,
      met: false,
    })
    expect(view.trend.find((t) => t.month === '2026-05')).toMatchObject({ onTime: 5, late: 3 })
    expect(view.worst.map((w) => [w.authorityName, w.late])).toEqual([
      ['广州市市场监督管理局', 2],
      ['广州市天河区市场监督管理局', 1],
    ])
    expect(view.waiting).toBe(0)
    expect(view.formulas.find((f) => f.measure === 'missing')).toMatchObject({ unsure: true })

    const ledger = await office.listLedger({ ...may, authorityId: of().market })
    expect(
      ledger.rows.map(({ month, due, onTime, late, backfill, annulled }) => ({
        month,
        due,
        onTime,
        late,
        backfill,
        annulled,
      })),
    ).toEqual([
      { month: '2026-05', due: 7, onTime: 5, late: 2, backfill: 0, annulled: 1 },
      { month: '2026-01', due: 0, onTime: 0, late: 0, backfill: 1, annulled: 0 },
    ])
    const late = await office.listEntries({ ...may, authorityId: of().market, class: 'late' })
    expect(late.rows.map((r) => [r.docNo, r.dueOn, r.reportedOn, r.workdaysLate, r.flagged])).toEqual([
      ['穗市监罚〔2026〕11号', '2026-05-27', '2026-06-20', 16, true],
      ['穗市监罚〔2026〕10号', '2026-05-20', '2026-05-21', 1, false],
    ])
    const first = await office.listEntries({ ...may, authorityId: of().market, class: 'on_time', limit: 2 })
    const second = await office.listEntries({
      ...may,
      authorityId: of().market,
      class: 'on_time',
      limit: 3,
      after: first.next!,
    })
    expect([...first.rows, ...second.rows].map((r) => r.docNo)).toHaveLength(5)
    expect(second.next).toBeNull()
    expect((await problemOf(office.listEntries({ ...may, class: 'on_time' }))).code).toBe('AUTHORITY_NEEDED')
    expect((await office.listEntries({ ...may, class: 'late' })).rows).toHaveLength(3)
  })

  it('pages the ledger by key and exports the same lines', async () => {
    const first = await office.listLedger({ ...may, limit: 1 })
    const rest = await office.listLedger({ ...may, limit: 50, after: first.next! })
    expect([...first.rows, ...rest.rows]).toEqual((await office.listLedger(may)).rows)
    const { body, name } = await office.exportLedger(may)
    expect(name).toBe('报送台账-2026-01-2026-06.xlsx')
    const { hash } = await p().runtime.files.put(Readable.from([Buffer.from(await body.arrayBuffer())]), 1_000_000)
    const table = await openTable({ path: p().runtime.files.pathOf(hash), name: 'ledger.xlsx' })
    const lines: string[][] = []
    for await (const batch of table) for (const row of batch) lines.push([...row.cells])
    expect(lines).toHaveLength(4)
    expect(lines[0]?.slice(0, 7)).toEqual(['月份', '单位', '区划', '信息类别', '应报', '按时报送', '迟报'])
    expect((await problemOf(office.listLedger({ ...may, after: 'e30' }))).code).toBe('BAD_CURSOR')
    expect((await problemOf(office.listLedger({ from: '2026-06', to: '2026-01' }))).code).toBe('SPAN_TOO_LONG')
    expect((await problemOf(office.listLedger({ from: '1990-01', to: '2026-01' }))).code).toBe('SPAN_TOO_LONG')
  })

  it('shows an authority its own, a county its county, and nobody else’s', async () => {
    expect((await county.getTimeliness(may)).totals).toMatchObject({ onTime: 0, late: 1 })
    expect((await head.getTimeliness(may)).totals).toMatchObject({ onTime: 5, late: 2 })
    expect((await collector.listLedger(may)).rows.every((r) => r.authorityId === of().market)).toBe(true)
    expect((await problemOf(head.listEntries({ ...may, authorityId: of().district, class: 'late' }))).code).toBe(
      'NO_SUCH_AUTHORITY',
    )
    expect((await problemOf(county.getTimeliness({ ...may, authorityId: of().market }))).code).toBe('NO_SUCH_AUTHORITY')
    expect((await problemOf(county.findMissing({ id: of().market }))).code).toBe('NO_SUCH_AUTHORITY')
  })

  it('gives capabilities above the rates by authority and by division, and what is overdue', async () => {
    const span = { from: day('2026-01-01'), to: day('2026-06-30') }
    const rates = await ratesOf(p().ctx(), { ...span, by: 'authority' })
    expect(rates.find((r) => r.authorityId === of().district && r.measure === 'late')).toMatchObject({
      numerator: 1,
      denominator: 1,
      share: 1,
    })
    const divisions = await ratesOf(p().ctx(), { ...span, by: 'division' })
    expect(divisions.find((r) => r.division === '440100' && r.measure === 'late')).toMatchObject({
      authorityId: null,
      numerator: 2,
      denominator: 7,
    })
    expect(await overdueOf(p().ctx())).toEqual([])
  })

  it('finds what is missing in a run, once, and what is done about it', async () => {
    expect(await office.findMissing({ id: of().market })).toEqual({ found: 3, reported: 0 })
    expect(await office.findMissing({ id: of().market })).toEqual({ found: 0, reported: 0 })
    const found = (await office.listFindings({ ...may, state: 'open' })).rows
    expect(found.map((f) => f.docNo).sort()).toEqual([
      '穗市监罚〔2026〕4号',
      '穗市监罚〔2026〕7号',
      '穗市监罚〔2026〕8号',
    ])
    const [four] = found.filter((f) => f.docNo.endsWith('4号'))
    const [seven] = found.filter((f) => f.docNo.endsWith('7号'))
    expect(four).toMatchObject({
      kind: 'gap',
      heldBefore: '穗市监罚〔2026〕3号',
      heldAfter: '穗市监罚〔2026〕5号',
      actions: ['dismiss'],
    })
    expect((await office.getTimeliness(may)).rates.find((r) => r.measure === 'missing')).toMatchObject({
      numerator: 3,
      denominator: 11,
    })

    // Every move of the table, by whom it names and by nobody else.
    const ask = { id: four!.id, reason: '该文号已作废，未使用。' }
    expect((await problemOf(office.reopenFinding({ ...ask, seen: 1 }))).code).toBe('NO_SUCH_MOVE')
    expect((await problemOf(collector.explainFinding({ ...ask, seen: 9 }))).code).toBe('STALE')
    const explained = await collector.explainFinding({ ...ask, seen: 1 })
    expect(explained).toMatchObject({ state: 'explained', explanation: ask.reason, version: 2, actions: [] })
    expect((await office.getTimeliness(may)).totals).toMatchObject({ missing: 3, explained: 1 })
    expect(await office.reopenFinding({ ...ask, seen: 2 })).toMatchObject({ state: 'open' })
    await head.explainFinding({ ...ask, seen: 3 })
    expect(await office.dismissFinding({ ...ask, seen: 4 })).toMatchObject({ state: 'dismissed' })
    expect((await office.getTimeliness(may)).totals).toMatchObject({ missing: 2, explained: 0 })
    expect(await office.reopenFinding({ ...ask, seen: 5 })).toMatchObject({ state: 'open' })
    expect(await office.dismissFinding({ ...ask, seen: 6 })).toMatchObject({ state: 'dismissed' })
    expect(FINDING_MOVES).toHaveLength(5)
    expect((await actsOn(four!.id))[0]).toBe('timeliness.explain_finding')
    expect((await problemOf(county.dismissFinding({ ...ask, seen: 7 }))).code).toBe('NO_SUCH_FINDING')
    expect((await problemOf(office.dismissFinding({ ...ask, id: NOBODY, seen: 1 }))).code).toBe('NO_SUCH_FINDING')

    // Dismissed, it is not found again; reported after all, it closes by itself, late as it is.
    expect(await office.findMissing({ id: of().market })).toEqual({ found: 0, reported: 0 })
    await report(p(), { authorityId: of().market, docNo: '穗市监罚(2026)第7号', decidedOn: '2026-05-14' })
    await catchUp(p().ctx())
    expect((await office.listFindings({ ...may, state: 'reported' })).rows.map((f) => f.id)).toEqual([seven!.id])
    expect((await office.getTimeliness(may)).totals).toMatchObject({ missing: 1, late: 4 })
    // And within a range.
    await report(p(), { authorityId: of().market, docNo: '穗市监罚〔2026〕8-9号', decidedOn: '2026-05-15' })
    expect(await office.findMissing({ id: of().market })).toEqual({ found: 0, reported: 1 })
  })

  it('finds the licence that only its penalty names', async () => {
    const subjectId = await newCompany(p())
    const named = (n: number, text: string) =>
      report(p(), {
        subjectId,
        authorityId: of().traffic,
        docNo: `穗交罚〔2026〕${n}号`,
        decidedOn: '2026-05-12',
        fields: { licence_affected: text },
      })
    await named(71, '道路运输经营许可证 440106000071')
    await named(72, '道路运输经营许可证')
    await report(p(), {
      subjectId,
      authorityId: of().traffic,
      item: 'licence',
      docNo: '穗交许〔2025〕9号',
      decidedOn: '2026-04-01',
      fields: { licence_no: '440106000073' },
    })
    await named(73, '道路运输经营许可证 440106000073')
    await catchUp(p().ctx())
    expect(await office.findMissing({ id: of().traffic })).toEqual({ found: 1, reported: 0 })
    expect((await office.listFindings({ ...may, kind: 'named_licence' })).rows).toMatchObject([
      { docNo: '440106000071', item: 'licence', heldAfter: '穗交罚〔2026〕71号' },
    ])
    await report(p(), {
      subjectId,
      authorityId: of().traffic,
      item: 'licence',
      docNo: '穗交许〔2025〕8号',
      decidedOn: '2026-04-01',
      fields: { licence_no: '440106000071' },
    })
    expect(await office.findMissing({ id: of().traffic })).toEqual({ found: 0, reported: 1 })
  })

  it('compares an authority’s own list, draws from it and checks what was drawn', async () => {
    const rows = [20, 21, 22, 23, 24].map((n) => `穗天市监罚〔2026〕${n}号,2026-06-0${n - 19}`)
    const upload = () =>
      office.uploadDecisionList({
        authorityId: of().district,
        item: 'penalty',
        file: file([
          '天河区决定清单',
          HEAD,
          '穗天市监罚〔2026〕第1号,2026-05-11',
          ...rows,
          '穗天市监罚〔2026〕99号,2026-11-20',
        ]),
      })
    const list = await upload()
    expect(list).toMatchObject({
      rows: 7,
      held: 1,
      notDue: 1,
      missing: 5,
      from: '2026-05-11',
      to: '2026-11-20',
      byOffice: true,
    })
    expect((await county.listDecisionLists({})).rows).toHaveLength(1)
    expect((await head.listDecisionLists({})).rows).toEqual([])
    expect((await office.listFindings({ ...may, authorityId: of().district, kind: 'list' })).rows).toHaveLength(5)

    const ask = { listId: list.id, size: 3, seed: 'guangzhou-2026' }
    expect((await problemOf(office.drawSample({ ...ask, size: 8 }))).code).toBe('SAMPLE_LARGER_THAN_LIST')
    expect((await problemOf(office.drawSample({ ...ask, size: 501 }))).code).toBe('SAMPLE_SIZE_OUT_OF_BOUNDS')
    expect((await problemOf(office.drawSample({ ...ask, listId: NOBODY }))).code).toBe('NO_SUCH_LIST')
    const sample = await office.drawSample({ ...ask, size: 7 })
    expect(sample.rows.map((r) => r.docNo).slice(0, 3)).toEqual((await office.drawSample(ask)).rows.map((r) => r.docNo))
    expect((await office.drawSample({ listId: list.id, size: 1 })).seed).toMatch(/^[0-9a-f]{16}$/)

    // An authority learns of it when it is closed.
    await addPerson(p(), { login: 'district-head', role: 'head', authorityId: of().district })
    const district = (await p().as('district-head')).client(endpoints)
    expect((await problemOf(district.getSample({ id: sample.id }))).code).toBe('NO_SUCH_SAMPLE')
    expect((await problemOf(head.getSample({ id: sample.id }))).code).toBe('NO_SUCH_SAMPLE')
    expect((await district.listSamples({})).rows).toEqual([])

    const { id } = sample
    expect((await problemOf(office.closeSample({ id, seen: 1 }))).code).toBe('SAMPLE_NOT_MARKED')
    const mark = (n: number, found: 'reported' | 'published' | 'neither', note = '') => ({ n, found, note })
    expect((await problemOf(office.markSampleRows({ id, seen: 1, marks: [mark(99, 'neither')] }))).code).toBe(
      'SAMPLE_ROW_UNKNOWN',
    )
    const held = sample.rows.find((r) => r.held)!
    const open = sample.rows.filter((r) => !r.held)
    expect((await problemOf(office.markSampleRows({ id, seen: 1, marks: [mark(held.n, 'neither')] }))).code).toBe(
      'SAMPLE_NOTE_NEEDED',
    )
    const marks = [
      mark(held.n, 'reported'),
      mark(open[0]!.n, 'published', '单位门户网站已公示'),
      ...open.slice(1).map((r) => mark(r.n, 'neither')),
    ]
    const marked = await office.markSampleRows({ id, seen: 1, marks })
    expect(marked).toMatchObject({ marked: 7, neither: 5, version: 2 })
    expect((await office.getTimeliness({})).totals.drawn).toBe(0)
    expect((await problemOf(office.closeSample({ id, seen: 1 }))).code).toBe('STALE')
    expect((await problemOf(office.settleSample({ id, seen: 2, outcome: '情况属实' }))).code).toBe('NO_SUCH_MOVE')
    expect(await office.closeSample({ id, seen: 2 })).toMatchObject({ state: 'closed', actions: ['settle'] })
    const rates = (await office.getTimeliness({})).rates.find((r) => r.measure === 'concealed')
    expect(rates).toMatchObject({ numerator: 5, denominator: 7 })
    expect((await problemOf(office.markSampleRows({ id, seen: 3, marks: [mark(1, 'neither')] }))).code).toBe(
      'NO_SUCH_MOVE',
    )

    expect((await district.listSamples({})).rows).toMatchObject([
      { id, state: 'closed', neither: 5, actions: ['answer'] },
    ])
    expect(await district.answerSample({ id, seen: 3, answer: '其中一件已移送公安机关。' })).toMatchObject({
      state: 'answered',
    })
    expect(await office.reviseSample({ id, seen: 4, outcome: '请重新核对第一件。' })).toMatchObject({ state: 'open' })
    await office.closeSample({ id, seen: 5 })
    await district.answerSample({ id, seen: 6, answer: '已全部补报。' })
    expect(await office.settleSample({ id, seen: 7, outcome: '情况属实，限期补报。' })).toMatchObject({
      state: 'settled',
      actions: [],
    })
    const other = (await office.listSamples({ state: 'open' })).rows.find((s) => s.size === 1)!
    const { rows: drawn } = await office.getSample({ id: other.id })
    await office.markSampleRows({
      id: other.id,
      seen: 1,
      marks: [{ ...mark(1, drawn[0]!.held ? 'reported' : 'neither') }],
    })
    await office.closeSample({ id: other.id, seen: 2 })
    expect(await office.settleSample({ id: other.id, seen: 3, outcome: '无需回复。' })).toMatchObject({
      state: 'settled',
    })
    expect(SAMPLE_MOVES).toHaveLength(5)
    expect(await actsOn(id)).toContain('timeliness.settle_sample')
    expect((await problemOf(office.settleSample({ id: NOBODY, seen: 1, outcome: '无此抽查。' }))).code).toBe(
      'NO_SUCH_SAMPLE',
    )
  })

  it('refuses a list that cannot be compared, with the row', async () => {
    const upload = (rows: string[], item = 'penalty') => collector.uploadDecisionList({ item, file: file(rows) })
    expect((await problemOf(upload(['穗市监罚〔2026〕1号']))).code).toBe('HEADER_NOT_FOUND')
    expect((await problemOf(upload(['行政处罚决定书文号,备注', '穗市监罚〔2026〕1号,无']))).code).toBe(
      'LIST_COLUMNS_MISSING',
    )
    expect(await problemOf(upload([HEAD, '穗市监罚〔2026〕1号,昨天']))).toMatchObject({
      code: 'LIST_ROW_BAD',
      detail: expect.stringContaining('第 2 行'),
    })
    expect((await problemOf(upload([HEAD, '穗市监罚〔2026〕1号,2027-01-01']))).code).toBe('LIST_ROW_BAD')
    expect((await problemOf(upload([HEAD]))).code).toBe('LIST_EMPTY')
    expect(
      (
        await problemOf(
          upload([HEAD, ...Array.from({ length: 50_001 }, (_, i) => `穗市监罚〔2026〕${i}号,2026-05-11`)]),
        )
      ).code,
    ).toBe('LIST_TOO_LONG')
    expect((await problemOf(upload([HEAD, '穗市监罚〔2026〕1号,2026-05-11'], 'nothing'))).code).toBe(
      'UNKNOWN_LIST_ITEM',
    )
    expect((await problemOf(office.uploadDecisionList({ item: 'penalty', file: file([HEAD]) }))).code).toBe(
      'AUTHORITY_NEEDED',
    )
    expect(await upload([HEAD, '穗市监罚〔2026〕2号,2026-05-11'])).toMatchObject({ rows: 1, held: 1, byOffice: false })
  })

  it('sets since when an authority reports, and counts again what that decides', async () => {
    const start = (await office.listReportingStarts({})).rows.find((s) => s.authorityId === of().market)!
    expect(start).toMatchObject({ beginsOn: '2026-03-02', beginsBy: 'first_report', version: 1 })
    const ask = { id: of().market, seen: 1, beginsOn: '2026-06-01', reason: '六月起接入平台。' }
    expect((await problemOf(office.setReportingStart({ ...ask, beginsOn: '2027-01-01' }))).code).toBe('START_IN_FUTURE')
    expect((await problemOf(county.setReportingStart(ask))).code).toBe('NO_SUCH_AUTHORITY')
    expect((await problemOf(office.setReportingStart({ ...ask, id: of().creditOffice }))).code).toBe('NO_SUCH_START')
    const before = (await head.getTimeliness(may)).totals
    expect(await office.setReportingStart(ask)).toMatchObject({ beginsBy: 'set', version: 2 })
    const after = (await head.getTimeliness(may)).totals
    expect([after.late, after.backfill]).toEqual([before.late - 1, before.backfill + 1])
    expect((await problemOf(office.setReportingStart(ask))).code).toBe('STALE')
  })

  it('keeps the first day of a record that is corrected later', async () => {
    at('2026-07-06T02:00:00Z')
    const held = await report(p(), {
      authorityId: of().creditOffice,
      docNo: '穗发改罚〔2026〕1号',
      decidedOn: '2026-07-01',
    })
    at('2026-09-01T02:00:00Z')
    await correct(p(), held, {})
    at('2026-11-23T02:00:00Z')
    await catchUp(p().ctx())
    const july = { from: '2026-07', to: '2026-07', authorityId: of().creditOffice }
    expect((await office.listEntries({ ...july, class: 'on_time' })).rows).toMatchObject([{ reportedOn: '2026-07-06' }])
  })
})
