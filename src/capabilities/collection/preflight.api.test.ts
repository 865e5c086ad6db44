import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { foundIn } from '../../../test/preflights.ts'
import {
  DISTRICT,
  DISTRICT_CODE,
  type PenaltyRow,
  cellsOf,
  csvOf,
  csvText,
  HEADINGS,
  nameOf,
  penalty,
  usccOf,
} from '../../../test/penalty-rows.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { authorityById, createAuthority } from '../access/index.ts'
import { type AcceptedMends, type CheckView, type SubmissionView, endpoints } from './contract.ts'
import { processNext } from './index.ts'
import { runImports } from './jobs.ts'
import { checkJob, checkNext } from './run.checks.ts'
import { registerFile } from './service.enter.ts'
import { submitFor } from './service.ts'
import { insertCheck } from './store.checks.ts'

const balances = (s: SubmissionView) => s.received === s.accepted + s.refused + s.pending + s.alreadyHeld
const range = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i)
/** The code with one character wrong, two neighbours swapped, one missing, one too many, or a letter for a digit. */
const wrong = (code: string, at: number) => code.slice(0, at) + (code[at] === '7' ? '4' : '7') + code.slice(at + 1)
const swapped = (code: string) => {
  const at = Array.from(code).findIndex((c, i) => i > 1 && c !== code[i + 1])
  return code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)
}

describeEngines('preflight', (p, engine) => {
  let own: string
  let liwan: string
  beforeAll(async () => {
    own = (
      await createAuthority(p().ctx(), {
        code: DISTRICT_CODE,
        name: DISTRICT,
        division: '440103',
        system: 'general',
        duties: ['penalty', 'licence'],
      })
    ).id
    liwan = await addPerson(p(), { login: 'liwan', role: 'collector', authorityId: own })
  })
  const collector = async () => (await p().as('liwan')).client(endpoints)
  const file = (rows: PenaltyRow[], name = 'penalties.csv') => ({ name, body: csvOf(rows) })
  const check = async (rows: PenaltyRow[]) => foundIn(await p().as('liwan'), { item: 'penalty', file: file(rows) })
  const send = async (rows: PenaltyRow[], accepted?: AcceptedMends) => {
    const client = await collector()
    const mending = accepted ? { mending: JSON.stringify(accepted) } : {}
    const s = await client.submitFile({ item: 'penalty', file: file(rows), ...mending })
    await runImports(p().runtime)
    return client.getSubmission({ id: s.id })
  }
  const proposed = (view: CheckView, n: number) => {
    const row = view.rows.find((r) => r.n === n)
    return Object.fromEntries((row?.proposals ?? []).map((x) => [x.key, [x.became, x.rule]]))
  }
  const acceptAll = (view: CheckView): AcceptedMends => ({
    only: view.rows.flatMap((r) => r.proposals.map((x): [number, string, string] => [r.n, x.key, x.became])),
  })

  it('proposes what can be known, says what cannot, and keeps nothing', async () => {
    await send(range(1, 12).map((n) => penalty(n)))
    const again = (n: number, change: PenaltyRow) =>
      penalty(n, { 行政处罚决定书文号: `穗荔综罚〔2026〕再${n}号`, ...change })
    const [code1, code2, code3, code4] = [1, 2, 3, 4].map(usccOf) as [string, string, string, string]
    const before = (await (await collector()).listSubmissions({})).rows.length
    const view = await check([
      again(1, { 统一社会信用代码: wrong(code1, 12) }),
      again(2, { 统一社会信用代码: swapped(code2) }),
      again(3, { 统一社会信用代码: code3.slice(0, 10) + code3.slice(11) }),
      again(4, { 统一社会信用代码: `${code4.slice(0, 11)}${code4[10]}${code4.slice(11)}` }),
      again(5, { 统一社会信用代码: usccOf(5).replace('0', 'O') }),
      again(700, { 统一社会信用代码: usccOf(700).replace('0', 'O') }),
      again(6, { 统一社会信用代码: '' }),
      again(7, { 处罚决定日期: '5-Mar-26' }),
      again(8, { 处罚决定日期: '46086' }),
      again(9, { 处罚决定日期: '03/04/2026' }),
      again(10, { 处罚决定日期: '13/04/2026', '罚款金额(万元)': '2000元' }),
      again(11, { 处罚类别: '罚款；责令停产歇业' }),
      again(12, { 处罚机关统一社会信用代码: '', 处罚机关: '荔湾区城市管理和综合执法局' }),
      again(1, { 行政处罚决定书文号: '穗荔综罚〔2026〕215-218号' }),
      again(2, { 行政相对人类别: '个体工商户' }),
    ])
    const rows = [...Array(15).keys()].map((i) => proposed(view, i + 2))
    const decided = (became: string, rule: string) => ({ decided_on: [became, rule] })
    expect(rows[0]).toEqual({ uscc: [code1, 'code_one_character'] })
    expect(rows[1]).toEqual({ uscc: [code2, 'code_one_character'] })
    expect(rows[2]).toEqual({ uscc: [code3, 'code_one_character'] })
    expect(rows[3]).toEqual({ uscc: [code4, 'code_one_character'] })
    expect(rows[4]).toEqual({ uscc: [usccOf(5), 'code_look_alike'] })
    expect(rows[5]).toEqual({ uscc: [usccOf(700), 'code_look_alike'] })
    expect(rows[6]).toEqual({ uscc: [usccOf(6), 'code_of_name'] })
    expect(rows[7]).toEqual(decided('2026-03-05', 'date_spelling'))
    expect(rows[8]).toEqual(decided('2026-03-05', 'date_serial'))
    expect(rows[9]).toEqual({})
    expect(view.rows.find((r) => r.n === 11)?.doubts[0]?.why).toContain('2026-03-04、2026-04-03')
    expect(rows[10]).toEqual({ ...decided('2026-04-13', 'date_spelling'), fine: ['0.2', 'amount_unit'] })
    expect(rows[11]).toEqual({ penalty_kinds: ['罚款;责令停产停业', 'choice_near'] })
    expect(rows[12]).toEqual({ authority_name: [DISTRICT, 'authority_name'] })
    expect(rows[13]).toEqual({})
    expect(view.rows.find((r) => r.n === 15)?.doubts[0]?.why).toContain('4 份决定')
    expect(rows[14]).toEqual({ subject_category: ['法人及非法人组织', 'category_of_code'] })
    expect(view).toMatchObject({ received: 15, accepted: 0, refused: 15, mendable: 13, complete: true })
    expect((await (await collector()).listSubmissions({})).rows).toHaveLength(before)
  })

  it('never proposes what the register contradicts or cannot tell', async () => {
    await send(range(20, 3).map((n) => penalty(n)))
    const view = await check([
      // One character away from a code that another name holds.
      penalty(20, { 行政相对人名称: '广州荔湾别家有限公司', 统一社会信用代码: wrong(usccOf(20), 12) }),
      // No register entry at all: which of several repairs, only the certificate tells.
      penalty(9001, { 统一社会信用代码: wrong(usccOf(9001), 12) }),
      penalty(21, { 罚款金额: '', '罚款金额(万元)': '2000' } as PenaltyRow),
      penalty(22, { 统一社会信用代码: '11010519491231002X' }),
      penalty(22, { 处罚类别: '罚金' }),
    ])
    expect(view.rows.map((r) => r.proposals)).toEqual([[], [], [], []])
    expect(view.rows.map((r) => r.n)).toEqual([2, 3, 5, 6])
    expect(JSON.stringify(view)).not.toContain('19491231002X')
  })

  it('tells what is held, what would change and what stands in the file twice', async () => {
    await send([penalty(30), penalty(31), penalty(32)])
    const rows = [
      penalty(30, { 行政处罚决定书文号: '穗荔综罚【2026】第 ３０ 号' }),
      penalty(31, { 行政处罚决定书文号: '穗荔综罚[2026]31号', '罚款金额(万元)': '0.5' }),
      penalty(33),
      penalty(33, { 行政处罚决定书文号: '穗荔综罚（2026）33' }),
      penalty(33, { '罚款金额(万元)': '0.3' }),
      penalty(34, { 统一社会信用代码: usccOf(32), 行政相对人名称: '广州荔湾另名有限公司' }),
    ]
    const view = await check(rows)
    expect(view.others.map((o) => [o.n, o.verdict, o.repeats])).toEqual([
      [2, 'already_held', null],
      [3, 'changed', null],
      [5, 'repeated', 4],
      [6, 'repeated', 5],
    ])
    expect(view.others[1]?.changes).toContainEqual({ field: '罚款金额', was: '0.2万元', becomes: '0.5万元' })
    expect(view).toMatchObject({
      received: 6,
      accepted: 3,
      changed: 2,
      repeated: 2,
      pending: 1,
      alreadyHeld: 2,
      refused: 0,
    })
    expect(view.rows[0]).toMatchObject({ verdict: 'pending', problems: [{ code: 'one_code_two_names' }] })
    expect(view.rows[0]?.problems[0]?.reason).toContain(nameOf(32))
  })

  it('what was accepted is taken in the run, kept with the submission and in the audit; the file stays as it came', async () => {
    await send(range(40, 4).map((n) => penalty(n)))
    const rows = range(40, 4).map((n) =>
      penalty(n, { 行政处罚决定书文号: `穗荔综罚〔2026〕改${n}号`, 统一社会信用代码: wrong(usccOf(n), 11) }),
    )
    const view = await check(rows)
    expect(view.mendable).toBe(4)
    const all = acceptAll(view)
    const only = 'only' in all ? all.only : []
    // One is left out, and one was tampered with on its way: neither is taken.
    const some = {
      only: only
        .slice(0, 3)
        .map(([n, key, became], i): [number, string, string] => [n, key, i === 2 ? usccOf(99) : became]),
    }
    const s = await send(rows, some)
    expect(s).toMatchObject({ received: 4, accepted: 2, refused: 2 })
    expect(balances(s)).toBe(true)
    const client = await collector()
    const { rows: kept } = await client.listMends({ id: s.id })
    expect(kept.map((m) => [m.n, m.key, m.was, m.became, m.rule, m.acceptedBy])).toEqual(
      [0, 1].map((i) => [i + 2, 'uscc', wrong(usccOf(40 + i), 11), usccOf(40 + i), 'code_one_character', 'liwan']),
    )
    expect((await client.listMends({ id: s.id, limit: 1 })).next).not.toBeNull()
    const acts = await sql<{ act: string }>`
      select act from platform.audit where target_id = ${s.id} and act = 'collection.accept_proposals'`.execute(
      p().runtime.db.kysely,
    )
    expect(acts.rows).toHaveLength(1)
    expect(s.fileHash).toBe((await send(rows)).fileHash)
    const rest = await send(rows, { all: true, except: [[5, 'uscc']] })
    expect(rest).toMatchObject({ accepted: 1, alreadyHeld: 2, refused: 1 })
  })

  it('MENDING_INVALID: proposals that cannot be read are said at once', async () => {
    const client = await collector()
    for (const mending of ['{', '{"only":[[0,"uscc","x"]]}', '{"every":true}']) {
      const refused = await problemOf(client.submitFile({ item: 'penalty', file: file([penalty(1)]), mending }))
      expect(refused).toMatchObject({ code: 'MENDING_INVALID', status: 400 })
    }
  })

  it('returned rows are mended where they stand, once, however many press the button', async () => {
    await send(range(50, 5).map((n) => penalty(n)))
    const bad = range(50, 5).map((n) =>
      penalty(n, {
        行政处罚决定书文号: `穗荔综罚〔2026〕后${n}号`,
        统一社会信用代码: wrong(usccOf(n), 13),
        处罚决定日期: '2026年11月5',
      }),
    )
    const s = await send([...bad, penalty(50, { 行政处罚决定书文号: '穗荔综罚〔2026〕后60号', 处罚决定日期: '' })])
    expect(s).toMatchObject({ received: 6, accepted: 0, refused: 6 })
    const client = await collector()
    const { rows } = await client.listProposals({ id: s.id })
    expect(rows.map((r) => [r.n, r.mendable])).toEqual(range(2, 5).map((n) => [n, true]))
    const first = rows[0]?.proposals.map((x): [number, string, string] => [2, x.key, x.became]) ?? []
    expect(await client.mendRows({ id: s.id, accepted: { only: first.slice(0, 1) } })).toMatchObject({ mended: 0 })
    expect(await client.mendRows({ id: s.id, accepted: { only: first } })).toMatchObject({ mended: 1, more: false })
    const both = await Promise.allSettled(
      [1, 2].map(() => client.mendRows({ id: s.id, accepted: { all: true, except: [] } })),
    )
    const done = both.flatMap((b) => (b.status === 'fulfilled' ? [b.value.mended] : []))
    expect(done.reduce((a, b) => a + b, 0)).toBe(4)
    const after = await client.getSubmission({ id: s.id })
    expect(after).toMatchObject({ received: 6, accepted: 5, refused: 1 })
    expect(balances(after)).toBe(true)
    expect((await client.listMends({ id: s.id })).rows).toHaveLength(10)
    const held = await sql<{ n: number }>`
      select count(*)::int as n from records.record where submission_id = ${s.id}`.execute(p().runtime.db.kysely)
    expect(held.rows[0]?.n).toBe(5)
    const shown = await client.listRows({ id: s.id })
    expect(shown.rows.map((r) => [r.n, r.verdict])).toEqual([
      ...range(2, 5).map((n) => [n, 'accepted']),
      [7, 'refused'],
    ])
    expect(shown.rows[0]?.recordId).not.toBeNull()
  })

  it('NOT_FINISHED while it runs; a run that died goes on and says from where, with what was accepted', async () => {
    const size = engine === 'postgres' ? 2000 : 1000
    const rows = range(10_000, size * 2).map((n) => penalty(n, n % 400 === 0 ? { 处罚决定日期: '5-Nov-26' } : {}))
    const mendable = rows.filter((r) => r['处罚决定日期'] === '5-Nov-26').length
    const ctx = p().ctx()
    const stored = {
      ...(await ctx.files.put(Readable.from([csvOf(rows)]), 1e9)),
      name: 'big.csv',
      mediaType: 'text/csv',
    }
    await inTx(ctx, (tx) => registerFile(tx, ctx, stored))
    const ask = { item: 'penalty', file: stored, backfill: false, wayIn: 'web' as const }
    const mending = JSON.stringify({ all: true, except: [] })
    const s = await submitFor(ctx, await authorityById(ctx.db.kysely, own), { ...ask, mending })
    const client = await collector()
    const dies = { id: s.id, afterChunk: () => Promise.reject(new Error('killed')) }
    await expect(processNext(p().runtime, dies)).rejects.toThrow('killed')
    const accepted = { all: true as const, except: [] }
    expect(await problemOf(client.mendRows({ id: s.id, accepted }))).toMatchObject({
      code: 'NOT_FINISHED',
      status: 409,
    })
    p().clock.advance({ minutes: 2 })
    await processNext(p().runtime, { id: s.id })
    const done = await client.getSubmission({ id: s.id })
    expect(done).toMatchObject({
      state: 'done',
      received: size * 2,
      accepted: size * 2,
      totalRows: size * 2,
      continuedFrom: size + 1,
    })
    const kept = await sql<{ n: number }>`
      select count(*)::int as n from collection.mend where submission_id = ${s.id}`.execute(p().runtime.db.kysely)
    expect(kept.rows[0]?.n).toBe(mendable)
  }, 60_000)

  describe('a preflight on its way', () => {
    const rows = [
      ...range(3000, 1100).map((n) => penalty(n, n % 400 === 0 ? { 处罚决定日期: '5-Nov-26' } : {})),
      // Of a row before the end of the first process, of one after it, and of one that the register disagrees with.
      penalty(3001, { '罚款金额(万元)': '0.7' }),
      penalty(3900),
      penalty(2900, { 行政相对人名称: '广州荔湾别名有限公司' }),
      penalty(2900),
    ]
    const begun = async (): Promise<string> => {
      const ctx = p().ctx()
      const stored = await ctx.files.put(Readable.from([csvOf(rows)]), 1e9)
      const run = {
        id: newId(),
        authorityId: own,
        item: 'penalty',
        fileHash: stored.hash,
        fileName: 'big.csv',
        mapping: null,
        lang: 'zh' as const,
        state: 'waiting' as const,
        readTo: 0,
        totalRows: 0,
        checkedRows: 0,
        found: null,
        refusal: null,
        createdAt: ctx.clock.now(),
        createdBy: liwan,
        finishedAt: null,
      }
      await inTx(ctx, async (tx) => {
        await registerFile(tx, ctx, { ...stored, name: 'big.csv', mediaType: 'text/csv' })
        await insertCheck(tx, run)
      })
      return run.id
    }
    const killed = { savedEvery: 500, afterSave: () => Promise.reject(new Error('killed')) }

    it('tells how far it is, goes on where it stopped, and finds what one that ran through finds', async () => {
      await send([penalty(2900)])
      const client = await collector()
      const id = await begun()
      await expect(checkNext(p().runtime, killed)).rejects.toThrow('killed')
      expect(await client.getCheck({ id })).toMatchObject({
        state: 'running',
        checkedRows: 500,
        totalRows: rows.length,
        result: null,
      })
      expect(await checkNext(p().runtime)).toBe(false)
      p().clock.advance({ minutes: 2 })
      await expect(checkNext(p().runtime, killed)).rejects.toThrow('killed')
      expect(await client.getCheck({ id })).toMatchObject({ checkedRows: 1000 })
      p().clock.advance({ minutes: 2 })
      expect(await checkNext(p().runtime)).toBe(true)
      const { result, state } = await client.getCheck({ id })
      expect(state).toBe('done')
      expect(result).toMatchObject({ received: rows.length, repeated: 2, pending: 1 })
      expect(result).toEqual(await check(rows))
    })

    it('is cancelled, seen by nobody else, and forgotten after a day', async () => {
      const client = await collector()
      const id = await begun()
      await checkNext(p().runtime, {
        savedEvery: 500,
        afterSave: () => client.cancelCheck({ id }).then(() => undefined),
      })
      expect(await client.getCheck({ id })).toMatchObject({ state: 'cancelled', result: null })
      const other = (await p().as('credit_office')).client(endpoints)
      for (const ask of [() => other.getCheck({ id }), () => other.cancelCheck({ id })])
        expect(await problemOf(ask())).toMatchObject({ code: 'NO_SUCH_CHECK', status: 404 })
      p().clock.advance({ hours: 25 })
      await checkJob.run(p().ctx())
      const again = await collector()
      expect(await problemOf(again.getCheck({ id }))).toMatchObject({ code: 'NO_SUCH_CHECK' })
    })
  })

  it('a mended row that waits for people is accepted with what was proposed', async () => {
    await send([penalty(70)])
    const rows = [
      penalty(70, {
        行政处罚决定书文号: '穗荔综罚〔2026〕待70号',
        行政相对人名称: '广州荔湾新名有限公司',
        处罚决定日期: '5-Nov-26',
      }),
    ]
    const s = await send(rows, acceptAll(await check(rows)))
    expect(s).toMatchObject({ pending: 1, refused: 0 })
    const client = await collector()
    expect(await client.decideRow({ id: s.id, n: 2, action: 'accept', seen: 1 })).toMatchObject({ verdict: 'accepted' })
    const held = await sql<{ on: string }>`
      select decided_on as on from records.record where submission_id = ${s.id}`.execute(p().runtime.db.kysely)
    expect(held.rows).toEqual([{ on: '2026-11-05' }])
  })

  it('a range comes back as as many rows; a workbook returned twice keeps its shape', async () => {
    const client = await collector()
    const s = await send([
      penalty(80, { 行政处罚决定书文号: '穗荔综罚〔2026〕801-803号' }),
      penalty(80, { 行政处罚决定书文号: '穗荔综罚〔2026〕806号', 处罚决定日期: '' }),
    ])
    expect(s).toMatchObject({ received: 2, refused: 2 })
    const rowsOf = async (id: string) => {
      const bytes = new Uint8Array(await (await client.refusedWorkbook({ id })).body.arrayBuffer())
      const sent = await client.submitFile({ item: 'penalty', corrects: id, file: { name: 'again.xlsx', body: bytes } })
      await runImports(p().runtime)
      return client.getSubmission({ id: sent.id })
    }
    const second = await rowsOf(s.id)
    expect(second).toMatchObject({ received: 4, accepted: 3, refused: 1 })
    const { rows } = await client.listRows({ id: second.id, verdict: 'accepted' })
    expect(rows.map((r) => r.docNo)).toEqual([801, 802, 803].map((n) => `穗荔综罚〔2026〕${n}号`))
    const third = await rowsOf(second.id)
    expect(third).toMatchObject({ state: 'done', received: 1, refused: 1 })
    const { rows: left } = await client.listRows({ id: third.id })
    expect(left[0]?.problems.map((x) => x.code)).toEqual(['required'])
    const { rows: none } = await client.listProposals({ id: third.id })
    expect(none).toEqual([])
  })

  it('a file of many faulty rows is answered in bounded size', async () => {
    const view = await check(range(20_000, 800).map((n) => penalty(n, { 处罚决定日期: '5-Nov-26' })))
    expect(view).toMatchObject({ refused: 800, mendable: 800, proposals: 800, complete: false })
    expect(view.rows).toHaveLength(500)
    const csv = csvText([[...HEADINGS], ...range(0, 3).map((n) => cellsOf(penalty(n)))])
    expect(csv.split('\r\n')).toHaveLength(4)
  })
})
