import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { type Platform, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { day } from '../../kernel/time.ts'
import { endpoints as access } from '../access/contract.ts'
import { importFile } from '../collection/index.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { catalogItemOn } from '../records/index.ts'
import { endpoints } from './contract.ts'
import { prove, proveNightly } from './prove.ts'

/** The fields of a licence that a table must have, by their keys. */
const FIELDS = {
  subject_name: '',
  subject_category: '法人及非法人组织',
  uscc: '',
  legal_representative: '虚构',
  document_name: '准予行政许可决定书',
  doc_no: '',
  licence_kind: '普通',
  content: '准予经营',
  decided_on: '2026-01-05',
  valid_from: '2026-01-05',
  valid_to: '2031-01-04',
  status: '有效',
  authority_name: '广州市交通运输局',
}
const licence = (n: number, over: { name?: string; code?: string } = {}): string =>
  Object.values({
    ...FIELDS,
    subject_name: over.name ?? `广州虚构平衡第${n}有限公司`,
    uscc: over.code ?? codeFrom(`91440106MADX${String(n).padStart(5, '0')}`),
    doc_no: `穗许字〔2026〕第${n}号`,
  }).join(',')

describeEngines('balance', (p) => {
  let code = ''
  let n = 0
  let headings = ''
  const handIn = async (rows: string[], name = `${++n}.csv`): Promise<string> => {
    const path = join(p().runtime.config.dataDir, name)
    writeFileSync(path, `${[headings, ...rows].join('\r\n')}\r\n`)
    const done = await importFile(p().ctx(), { path, item: 'licence', authority: code, wayIn: 'cli' })
    if (!('receipt' in done) || done.receipt.state !== 'done') throw new Error(JSON.stringify(done))
    return done.receipt.id
  }
  const db = () => p().runtime.db.kysely
  const proofOf = async (id: string, at: Platform = p()) =>
    (await at.as('credit_office')).client(endpoints).getProof({ id })
  /** A night later. */
  const night = async () => {
    p().clock.advance({ days: 1 })
    return prove(p().runtime)
  }

  beforeAll(async () => {
    const admin = (await p().as('territory_admin')).client(access)
    const traffic = await admin.getAuthority({ id: p().world.authorities.traffic })
    const { id, name, system, receivingChannel, active, version: seen } = traffic
    await admin.updateAuthority({ id, name, system, receivingChannel, active, duties: ['licence'], seen })
    code = traffic.code
    const item = catalogItemOn(p().runtime.policy.catalog, 'licence', day('2026-11-23'))
    headings = Object.keys(FIELDS)
      .map((key) => item?.fields.find((f) => f.key === key)?.label.zh)
      .join(',')
  })

  it('adds up per day, authority and item, and opens to the submissions', async () => {
    const good = Array.from({ length: 30 }, (_, i) => licence(i + 1))
    const id = await handIn([
      ...good,
      licence(1),
      licence(31, { code: '91440106MADX000001' }),
      licence(32, { name: '' }),
    ])
    const office = (await p().as('credit_office')).client(endpoints)
    const collector = (await p().as('collector')).client(endpoints)
    const officers = (await p().as('head')).client(endpoints)
    for (const by of ['day', 'authority', 'item'] as const) {
      const { rows, totals } = await office.listBalance({ by })
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({ received: 33, accepted: 30, refused: 2, pending: 0, alreadyHeld: 1, unproved: 1 })
      expect(totals).toMatchObject({ submissions: 1, received: 33, proved: 0 })
    }
    expect((await collector.listBalance({})).totals.received).toBe(33)
    expect((await officers.listBalance({})).totals.received).toBe(0)
    expect((await office.listBalanceSubmissions({ verdict: 'open' })).rows.map((s) => s.id)).toEqual([id])
    expect(await problemOf(office.listBalance({ from: '2026-11-20', to: '2026-11-01' }))).toMatchObject({
      code: 'SPAN_BACKWARDS',
    })
    expect(await problemOf(office.listBalance({ after: 'x' }))).toMatchObject({ code: 'BAD_CURSOR' })
    expect(await problemOf(office.getProof({ id }))).toMatchObject({ code: 'NOT_PROVED_YET' })
  })

  it('is proved against the raw files, incrementally', async () => {
    const first = await prove(p().runtime)
    expect(first).toMatchObject({ state: 'done', submissions: 1, rows: 33, differing: 0, lost: 0 })
    const office = (await p().as('credit_office')).client(endpoints)
    const [line] = (await office.listBalanceSubmissions({})).rows
    expect(line).toMatchObject({ proof: { verdict: 'holds', differences: 0 } })
    expect(await proofOf(line!.id)).toMatchObject({
      counted: { received: 33, accepted: 30, refused: 2, alreadyHeld: 1 },
    })
    expect((await office.listBalance({})).run).toMatchObject({ submissions: 1, rows: 33, differing: 0 })

    await handIn([licence(40), licence(41)])
    // A changed row makes a version: the first file's row is still found.
    await handIn([licence(2).replace('准予经营', '准予经营（变更）')])
    const second = await night()
    // Two new, and one of the one proved before: all within thirty days.
    expect(second).toMatchObject({ submissions: 3, rows: 36, differing: 0 })
    const later = (await p().as('credit_office')).client(endpoints)
    expect((await later.listRuns({})).rows).toHaveLength(2)
    expect((await later.listBalance({})).totals).toMatchObject({ proved: 3, differing: 0, unproved: 0 })
  })

  it('is carried out once a night, and by one process at a time', async () => {
    const before = (await (await p().as('credit_office')).client(endpoints).listRuns({})).rows.length
    await proveNightly(p().runtime)
    p().clock.advance({ days: 1 })
    await proveNightly(p().runtime)
    await proveNightly(p().runtime)
    expect((await (await p().as('credit_office')).client(endpoints).listRuns({})).rows).toHaveLength(before + 1)
    const both = await Promise.all([prove(p().runtime), prove(p().runtime)])
    expect(both.filter((r) => r === null).length).toBeLessThanOrEqual(1)
  })

  it('goes on where it broke off', async () => {
    for (let i = 0; i < 4; i++) await handIn([licence(100 + i)])
    let seen = 0
    const die = () => {
      if (++seen === 2) throw new Error('killed')
    }
    await expect(prove(p().runtime, { afterEach: die })).rejects.toThrow('killed')
    expect(await prove(p().runtime)).toBeNull()
    p().clock.advance({ minutes: 5 })
    const again: string[] = []
    const run = await prove(p().runtime, { afterEach: (id) => void again.push(id) })
    expect(run).toMatchObject({ state: 'done', submissions: 5 })
    expect(again).toHaveLength(3)
  })

  const tampered: [string, (id: string) => Promise<unknown>, string[], RegExp][] = [
    [
      'a record deleted',
      (id) => sql`delete from records.record where submission_id = ${id} and row_n = 3`.execute(db()),
      ['row_lost', 'count_differs'],
      /第 3 行在原始文件中/,
    ],
    [
      'a returned row deleted',
      (id) => sql`delete from collection.row where submission_id = ${id} and verdict = 'refused'`.execute(db()),
      ['row_lost', 'count_differs'],
      /第 4 行/,
    ],
    [
      'a row invented',
      (id) =>
        sql`insert into collection.row (submission_id, n, verdict, name, doc_no, cells) values (${id}, 99, 'refused', '', '', '[]')`.execute(
          db(),
        ),
      ['row_invented', 'count_differs'],
      /原始文件中没有这一行/,
    ],
    [
      'a counter changed',
      (id) =>
        sql`update collection.submission set accepted = accepted + 1, received = received + 1 where id = ${id}`.execute(
          db(),
        ),
      ['count_differs', 'count_differs'],
      /回执的接收为 4，重新计数为 3/,
    ],
    [
      'the file changed',
      async (id) => {
        const path = p().runtime.files.pathOf(await hashOf(id))
        writeFileSync(path, `${[headings, licence(1)].join('\r\n')}\r\n`)
      },
      ['file_changed', 'row_invented', 'row_invented', 'count_differs'],
      /与接收时不同/,
    ],
    [
      'the file removed',
      async (id) => rmSync(p().runtime.files.pathOf(await hashOf(id))),
      ['file_missing'],
      /原始文件不在了/,
    ],
    [
      'the file made unreadable',
      async (id) => writeFileSync(p().runtime.files.pathOf(await hashOf(id)), Buffer.from('%PDF-1.7')),
      ['file_changed', 'file_unreadable'],
      /无法按当时的方式读取/,
    ],
  ]
  const hashOf = async (id: string): Promise<string> =>
    (await sql<{ h: string }>`select file_hash as h from collection.submission where id = ${id}`.execute(db())).rows[0]!
      .h

  for (const [what, spoil, codes, words] of tampered) {
    it(`finds ${what}, names it and tells the credit office`, async () => {
      const base = 1000 + tampered.findIndex(([w]) => w === what) * 10
      const id = await handIn([licence(base + 1), licence(base + 2), licence(base + 3, { code: '91440106MADX000001' })])
      expect(await night()).toMatchObject({ differing: tampered.findIndex(([w]) => w === what) })
      await spoil(id)
      await prove(p().runtime, { all: true })
      const proof = await proofOf(id)
      expect(proof.verdict).toBe('differs')
      expect(proof.differences.map((d) => d.code).toSorted()).toEqual(
        expect.arrayContaining([...new Set(codes)].toSorted()),
      )
      expect(proof.differences.map((d) => d.words).join('')).toMatch(words)
      const office = await p().as('credit_office')
      expect(
        (await office.client(endpoints).listBalanceSubmissions({ verdict: 'differs' })).rows.map((s) => s.id),
      ).toContain(id)
      const [told] = (await office.client(messages).listInbox({})).rows
      expect(told).toMatchObject({ kind: 'balance', link: '/app/balance?view=submissions&verdict=differs' })
      expect(await problemOf((await p().as('head')).client(endpoints).getProof({ id }))).toMatchObject({ status: 404 })
    })
  }

  it('misses a submission that the audit knows', async () => {
    const id = await handIn([licence(5000)])
    await sql`delete from collection.submission where id = ${id}`.execute(db())
    expect(await night()).toMatchObject({ lost: 1 })
  })

  it('is exported with its totals, and a formula stays text', async () => {
    const caller = await p().as('credit_office')
    const file = await caller.send('GET', '/api/v1/balance.csv?by=authority')
    expect(file.headers.get('content-type')).toContain('text/csv')
    const text = await file.text()
    expect(text.split('\r\n')[0]).toContain('报送次数,接收,入库,退回,待核实,已有')
    expect(text).toContain('广州市交通运输局')
    expect(text.trimEnd().split('\r\n').at(-1)).toMatch(/^合计,/)
  })
})
