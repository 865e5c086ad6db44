import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { createAuthority } from '../access/index.ts'
import { type Pushed, endpoints } from './contract.ts'
import { type Typed, formCheck, presenceOf, problemWords } from './rules.form.ts'

const NAME = '广州市荔湾区园林局'
const uscc = (n: number) => codeFrom(`91440103MA6${String(n).padStart(6, '0')}`)
const penalty = (n: number, change: Record<string, string> = {}): Record<string, string> => ({
  subject_name: `广州荔湾园林测试${n}有限公司`,
  subject_category: 'organisation',
  uscc: uscc(n),
  legal_representative: '张三丰',
  doc_no: `穗荔园罚〔2026〕${n}号`,
  violation: '毁坏绿地',
  facts: '擅自占用绿地。',
  basis: '《城市绿化条例》第二十七条',
  penalty_kinds: 'fine',
  content: '罚款2000元',
  fine: '0.2',
  decided_on: '2026-11-20',
  authority_name: NAME,
  ...change,
})
const range = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i)

describeEngines('ways in', (p) => {
  let gardens: string
  beforeAll(async () => {
    gardens = (
      await createAuthority(p().ctx(), {
        code: codeFrom('11440103MB2C00041'),
        name: NAME,
        division: '440103',
        system: 'general',
        duties: ['penalty', 'licence'],
      })
    ).id
    await addPerson(p(), { login: 'gardens', role: 'collector', authorityId: gardens })
  })
  const collector = async () => (await p().as('gardens')).client(endpoints)
  const key = async () => (await p().withKey({ scopes: ['collect'], authorityId: gardens })).client(endpoints)
  const balances = (s: { received: number; accepted: number; refused: number; pending: number; alreadyHeld: number }) =>
    s.received === s.accepted + s.refused + s.pending + s.alreadyHeld

  describe('the online form', () => {
    it('checks in the browser what the server checks, and shows fields as others are filled', async () => {
      const form = await (await collector()).form({ item: 'penalty' })
      expect(form).toMatchObject({ onBehalf: false, reporter: { name: NAME }, deciders: [{ name: NAME }] })
      const check = formCheck(form)
      expect(check(penalty(1)).ok).toBe(true)
      const bad = check(penalty(1, { fine: '2000元', decided_on: '2026-02-30' }))
      expect(bad.ok ? [] : bad.problems.map((x) => x.field)).toEqual(['fine', 'decided_on'])
      expect(bad.ok ? null : problemWords(form, bad.problems[0]!, 'zh').reason).toContain('元')
      const of = (typed: Typed, field: string) => presenceOf(form.item.fields, typed).get(field)
      expect(of({ subject_category: 'natural_person' }, 'uscc')).toBe('absent')
      expect(of({ subject_category: '法人及非法人组织' }, 'uscc')).toBe('optional')
      expect(of({ penalty_kinds: 'warning;罚款' }, 'fine')).toBe('required')
      expect(of({ penalty_kinds: 'warning' }, 'fine')).toBe('optional')
    })

    it('is there for every item of the catalog, and every problem has its words', async () => {
      const office = (await p().as('credit_office')).client(endpoints)
      const { items } = await office.catalog({})
      for (const { code } of items) {
        const form = await office.form({ item: code })
        expect(form.onBehalf).toBe(true)
        const check = formCheck(form)
        const all: Typed = Object.fromEntries(form.item.fields.map((f) => [f.key, '???']))
        for (const typed of [{}, all]) {
          const checked = check(typed)
          expect(checked.ok, code).toBe(false)
          for (const problem of checked.ok ? [] : checked.problems) {
            for (const lang of ['zh', 'en'] as const)
              expect(problemWords(form, problem, lang).reason, `${code} ${problem.code}`).toMatch(/./)
          }
        }
      }
    })

    it('gives one record its verdict and a receipt; a double click is one; the mend names what it mends', async () => {
      const client = await collector()
      const ask = { item: 'penalty', record: penalty(10) }
      const [a, b] = await Promise.all([1, 2].map(() => client.submitForm(ask, { idempotencyKey: 'click-1' })))
      expect(a).toEqual(b)
      expect(a!.receipt).toMatchObject({ wayIn: 'form', received: 1, accepted: 1, fileName: '行政处罚-在线填报.json' })
      const bad = await client.submitForm({ item: 'penalty', record: penalty(11, { uscc: uscc(11).slice(0, 17) }) })
      expect(bad.rows[0]).toMatchObject({ verdict: 'refused' })
      expect(bad.rows[0]!.problems[0]).toMatchObject({ field: '统一社会信用代码', mend: expect.stringMatching(/./) })
      const mended = await client.submitForm({ item: 'penalty', record: penalty(11), corrects: bad.receipt.id })
      expect(mended.receipt).toMatchObject({ accepted: 1, corrects: bad.receipt.id })
      expect(
        await problemOf(client.submitForm({ item: 'penalty', record: penalty(12), corrects: randomUUID() })),
      ).toMatchObject({
        code: 'CORRECTS_UNKNOWN',
      })
      expect(await problemOf(client.form({ item: 'abnormal_list' }))).toMatchObject({ code: 'NOT_YOUR_DUTY' })
    })
  })

  describe('the API', () => {
    it('answers each row of a batch, and the same batch with the same receipt', async () => {
      const client = await key()
      const records = [penalty(20), penalty(21, { decided_on: '昨天' }), penalty(22)]
      const first = await client.pushRecords({ item: 'penalty', records }, { idempotencyKey: 'batch-1' })
      expect(first.rows.map((r) => r.verdict)).toEqual(['accepted', 'refused', 'accepted'])
      expect(await client.pushRecords({ item: 'penalty', records }, { idempotencyKey: 'batch-1' })).toEqual(first)
      expect(
        await problemOf(client.pushRecords({ item: 'penalty', records: [penalty(23)] }, { idempotencyKey: 'batch-1' })),
      ).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
      const again = await client.pushRecords({ item: 'penalty', records })
      expect(again.receipt).toMatchObject({ accepted: 0, alreadyHeld: 2, refused: 1 })
    })

    it('says clearly what is wrong with what it is sent', async () => {
      const client = await key()
      const push = (body: object) => problemOf(client.pushRecords({ item: 'penalty', ...body } as never))
      const many = await push({ records: range(0, 1001).map((n) => penalty(n)) })
      expect(many).toMatchObject({ code: 'BAD_INPUT', status: 400 })
      expect(many.detail).toContain('1000')
      expect((await push({ records: [] })).status).toBe(400)
      expect(await push({})).toMatchObject({ code: 'RECORDS_OR_RECORD', status: 400 })
      expect(await push({ record: penalty(1), records: [penalty(1)] })).toMatchObject({ code: 'RECORDS_OR_RECORD' })
      expect(await push({ record: { ...penalty(1), 处罚日: 'x' } })).toMatchObject({ code: 'UNKNOWN_FIELDS' })
      expect(await push({ record: { ...penalty(1), CF_WSH: 'x' } })).toMatchObject({ code: 'FIELD_TWICE' })
      const nested = await push({ records: [penalty(1), { ...penalty(2), content: { a: [1] } }] })
      expect(nested).toMatchObject({ code: 'BAD_INPUT', errors: [{ path: 'records.1.content' }] })
      expect(nested.detail).toContain('嵌套')
      expect((await push({ records: penalty(1) })).status).toBe(400)
      expect(await push({ record: { ...penalty(1), content: 'a\0b' } })).toMatchObject({ code: 'BAD_TEXT' })
      expect(await push({ record: { ...penalty(1), content: 'a\ud800b' } })).toMatchObject({ code: 'BAD_TEXT' })
      expect(await push({ record: penalty(1), extra: 1 })).toMatchObject({ code: 'BAD_INPUT' })
    })

    it('returns a row whose value is too long or has lost its digits, and takes the others', async () => {
      const client = await key()
      const records: Pushed[] = [
        penalty(30, { content: '长'.repeat(40_000) }),
        { ...penalty(31), doc_no: 2 ** 63 },
        penalty(32),
      ]
      const { rows } = await client.pushRecords({ item: 'penalty', records })
      expect(rows.map((r) => [r.verdict, r.problems.map((x) => x.code)])).toEqual([
        ['refused', ['cell_too_long']],
        ['refused', ['digits_lost']],
        ['accepted', []],
      ])
    })

    it('takes overlapping batches at once: nothing is doubled, and nobody is told of a deadlock', async () => {
      const client = await key()
      const shuffled = (from: number) =>
        range(from, 60).toSorted((a, b) => ((a * 7919) % 61) - ((b * 7919) % 61) || from - a)
      const batches = [100, 120, 100, 130].map((from, i) => (i % 2 ? shuffled(from).toReversed() : shuffled(from)))
      const done = await Promise.all(
        batches.map((numbers) => client.pushRecords({ item: 'penalty', records: numbers.map((n) => penalty(n)) })),
      )
      for (const { receipt } of done) expect(balances(receipt)).toBe(true)
      expect(done.reduce((sum, d) => sum + d.receipt.accepted, 0)).toBe(90)
      expect(done.reduce((sum, d) => sum + d.receipt.alreadyHeld, 0)).toBe(240 - 90)
    })
  })
})
