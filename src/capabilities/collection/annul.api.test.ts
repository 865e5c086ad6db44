import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { foundIn } from '../../../test/preflights.ts'
import {
  DISTRICT,
  DISTRICT_CODE,
  HEADINGS,
  type PenaltyRow,
  csvOf,
  csvText,
  penalty,
  usccOf,
} from '../../../test/penalty-rows.ts'
import { createAuthority } from '../access/index.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import { endpoints } from './contract.ts'
import { runImports } from './jobs.ts'

describeEngines('annulling by a list', (p) => {
  beforeAll(async () => {
    const duties = ['penalty', 'licence']
    const place = { division: '440103', system: 'general' as const, duties }
    const { id } = await createAuthority(p().ctx(), { code: DISTRICT_CODE, name: DISTRICT, ...place })
    await addPerson(p(), { login: 'liwan', role: 'collector', authorityId: id })
  })
  const who = async (login = 'liwan') => p().as(login)
  const collector = async () => (await who()).client(endpoints)
  const send = async (rows: PenaltyRow[]) => {
    const client = await collector()
    const s = await client.submitFile({ item: 'penalty', file: { name: 'a.csv', body: csvOf(rows) } })
    await runImports(p().runtime)
    return client.getSubmission({ id: s.id })
  }
  const list = (rows: string[][]) => ({ name: 'list.csv', body: new TextEncoder().encode(csvText(rows)) })

  it('answers every row, ends every window, tells those who hold it, and keeps the record with its reason', async () => {
    const same = { 行政处罚决定书文号: '穗荔综罚〔2026〕同号' }
    await send([penalty(1), penalty(2), penalty(3), penalty(4, same), penalty(5, same)])
    const client = await collector()
    const done = await client.annulNumbers({
      item: 'penalty',
      reason: '经行政复议撤销',
      cause: 'set_aside',
      file: list([
        ['撤销清单'],
        ['序号', '决定书文号', '统一社会信用代码', '撤销事由', '撤销说明'],
        ['1', '穗荔综罚【2026】第 1 号', '', '', ''],
        ['2', '穗荔综罚〔2026〕2号', usccOf(2), '重复报送', '与其他文号重复'],
        ['3', '穗荔综罚〔2026〕99号', '', '', ''],
        ['4', '穗荔综罚〔2026〕同号', '', '', ''],
        ['5', '穗荔综罚〔2026〕同号', usccOf(4), '', ''],
        ['6', '穗荔综罚〔2026〕1号', '', '', ''],
        ['7', '穗荔综罚〔2026〕3号', '', '没有这种事由', ''],
        ['8', '', usccOf(3), '', ''],
        ['9', '穗荔综罚〔2026〕3号', usccOf(2), '', ''],
      ]),
    })
    expect(done.rows.map((r) => r.outcome)).toEqual([
      'annulled',
      'annulled',
      'not_found',
      'several',
      'annulled',
      'already_annulled',
      'no_reason',
      'no_number',
      'not_found',
    ])
    expect(done).toMatchObject({ received: 9, annulled: 3 })
    const states = await sql<{ doc: string; state: string; until: string | null; from: string | null }>`
      select doc_no as doc, state, shown_until as until, shown_from as from from records.record order by doc_no, subject_id`.execute(
      p().runtime.db.kysely,
    )
    expect(states.rows.filter((r) => r.state === 'annulled')).toHaveLength(3)
    for (const r of states.rows.filter((x) => x.state === 'annulled'))
      expect(r.from === null || r.until !== null).toBe(true)
    const events = await sql<{ n: number }>`
      select count(*)::int as n from platform.event where kind = 'record.withdrawn'`.execute(p().runtime.db.kysely)
    expect(events.rows[0]?.n).toBe(3)
    const reasons = await sql<{ reason: string; cause: string }>`
      select reason, basis ->> 'cause' as cause from records.disposition where kind = 'annulled' order by reason`.execute(
      p().runtime.db.kysely,
    )
    expect(reasons.rows.map((r) => r.cause).toSorted()).toEqual(['reported_twice', 'set_aside', 'set_aside'])
    const acts = await sql<{ act: string; n: number }>`
      select act, count(*)::int as n from platform.audit where act in ('records.annul', 'collection.annul_list') group by act order by act`.execute(
      p().runtime.db.kysely,
    )
    expect(acts.rows).toEqual([
      { act: 'collection.annul_list', n: 1 },
      { act: 'records.annul', n: 3 },
    ])
  })

  it('a number that was annulled does not come back by a report, and does by reinstatement', async () => {
    await send([penalty(10)])
    const mine = (await who()).client(recordEndpoints)
    const found = (await mine.listAuthorityRecords({ docNo: '穗荔综罚[2026]第10号' })).rows
    expect(found).toHaveLength(1)
    const id = found[0]?.id ?? ''
    await mine.annulRecord({ id, seen: 1, cause: 'wrong_subject', reason: '主体有误，应为另一公司' })
    const again = await send([penalty(10), penalty(10, { 处罚内容: '罚款3000元' })])
    expect(again).toMatchObject({ received: 2, refused: 2 })
    const client = await collector()
    const { rows } = await client.listRows({ id: again.id })
    expect(rows.map((r) => r.problems.map((x) => x.code))).toEqual([['annulled_before'], ['annulled_before']])
    const file = { name: 'a.csv', body: csvOf([penalty(10)]) }
    expect(await foundIn(await who(), { item: 'penalty', file })).toMatchObject({ refused: 1, accepted: 0 })
    await mine.reinstateRecord({ id, seen: 1, reason: '经核对主体无误' })
    expect(await send([penalty(10), penalty(10, { 处罚内容: '罚款3000元' })])).toMatchObject({
      accepted: 1,
      alreadyHeld: 1,
    })
    const history = await mine.getRecordHistory({ id })
    expect(history).toMatchObject({ mayAnnul: true, mayReinstate: false, record: { version: 2, state: 'held' } })
    expect(history.versions[0]?.changes).toEqual([{ label: '处罚内容', was: '罚款2000元', becomes: '罚款3000元' }])
    expect(history.dispositions.map((d) => d.kind)).toEqual(['annulled', 'reinstated'])
    expect(await problemOf(mine.reinstateRecord({ id, seen: 2, reason: '再次恢复' }))).toMatchObject({
      code: 'NOT_ANNULLED',
    })
  })

  it('ANNUL_LIST_TOO_LONG, a list without the column, an authority that is not its own', async () => {
    const client = await collector()
    const long = list([['决定书文号', '撤销说明'], ...Array.from({ length: 1001 }, (_, i) => [`第${i}号`, '说明文字'])])
    expect(await problemOf(client.annulNumbers({ item: 'penalty', file: long }))).toMatchObject({
      code: 'ANNUL_LIST_TOO_LONG',
      status: 422,
    })
    const headless = list([
      ['甲', '乙'],
      ['1', '2'],
    ])
    expect(await problemOf(client.annulNumbers({ item: 'penalty', file: headless }))).toMatchObject({
      code: 'HEADER_NOT_FOUND',
    })
    const other = (await who('collector')).client(endpoints)
    const refused = await problemOf(other.annulNumbers({ item: 'penalty', file: list([[...HEADINGS]]) }))
    expect(refused.status).toBeGreaterThanOrEqual(400)
  })
})
