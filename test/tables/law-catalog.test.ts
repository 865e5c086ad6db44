import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/capabilities/access/index.ts'
import { endpoints as collection } from '../../src/capabilities/collection/contract.ts'
import { importFile } from '../../src/capabilities/collection/index.ts'
import { listRecordsOfSubject, shownOn } from '../../src/capabilities/records/index.ts'
import { findSubjectByCode } from '../../src/capabilities/subjects/index.ts'
import { CLASSES, itemOn } from '../../src/kernel/catalog.ts'
import type { CatalogItem } from '../../src/kernel/policy.ts'
import { day } from '../../src/kernel/time.ts'
import { loadPolicy } from '../../src/platform/policy-files.ts'
import { csvOf, goodRow, isOfPersons, usccOf } from '../catalog-rows.ts'
import { codeFrom, describeEngines } from '../harness.ts'

const ON = day('2026-11-23')
const policy = loadPolicy('440100')

/**
 * Every item: what identifies its record ({} is the row's number), whether the public sees it, and one thing that gets a
 * row refused with the code of the problem. Nothing adverse is shown unless a rule on periods speaks of it.
 */
type Line = [code: string, docNo: string, shown: boolean, bad: Record<string, string>, field: string, problem: string]
const TABLE: Line[] = [
  ['registration', '{uscc}', true, { status: '不知道' }, 'status', 'not_a_choice'],
  ['filing', '行政备案〔2026〕{}号', true, { doc_no: '' }, 'doc_no', 'required'],
  [
    'qualification',
    '行政许可类资质资格〔2026〕{}号',
    true,
    { valid_to: '2020-01-01', valid_from: '2021-01-01' },
    'valid_to',
    'VALID_FROM_AFTER_TO',
  ],
  ['licence', '行政许可〔2026〕{}号', true, { licence_kind: '随便' }, 'licence_kind', 'not_a_choice'],
  ['penalty', '行政处罚〔2026〕{}号', true, { decided_on: '2027-01-01' }, 'decided_on', 'DECIDED_IN_FUTURE'],
  ['coercive_measure', '行政强制〔2026〕{}号', false, { measure_form: '打板子' }, 'measure_form', 'not_a_choice'],
  ['confirmation', '行政确认〔2026〕{}号', false, { content: '' }, 'content', 'required'],
  ['levy', '行政征收〔2026〕{}号', false, { amount: '很多' }, 'amount', 'not_money'],
  ['payment', '行政给付〔2026〕{}号', false, { amount: '-1' }, 'amount', 'money_negative'],
  ['adjudication', '行政裁决〔2026〕{}号', false, { standing: '旁听' }, 'standing', 'not_a_choice'],
  ['compensation', '行政补偿〔2026〕{}号', false, { decided_on: '去年' }, 'decided_on', 'not_a_date'],
  ['reward', '行政奖励〔2026〕{}号', true, { decided_on: '2027-01-01' }, 'decided_on', 'DECIDED_IN_FUTURE'],
  ['inspection', '行政监督检查〔2026〕{}号', false, { result: '还行' }, 'result', 'not_a_choice'],
  [
    'judgment',
    '司法裁判信息〔2026〕{}号',
    false,
    { effective_on: '2026-11-01' },
    'effective_on',
    'TERM_BEFORE_DECISION',
  ],
  [
    'enforcement',
    '司法执行信息〔2026〕{}号',
    false,
    { debtor_status: '失信被执行人', dishonest_conduct: '-' },
    'dishonest_conduct',
    'required_when',
  ],
  [
    'professional_title',
    '职称和职业信息〔2026〕{}号',
    false,
    { person_id: '44010619900101123X' },
    'person_id',
    'person_id',
  ],
  ['abnormal_list', '经营异常名录〔2026〕{}号', false, { list_cause: '不好' }, 'list_cause', 'not_a_choice'],
  ['serious_list', '严重失信主体名单〔2026〕{}号', true, { list: '自拟黑名单' }, 'list', 'not_a_choice'],
  [
    'contract_performance',
    '合同履行信息〔2026〕{}号',
    false,
    { performance: '违约', breach: '-' },
    'breach',
    'required_when',
  ],
  ['commitment', '信用承诺〔2026〕{}号', true, { commitment_kind: '口头' }, 'commitment_kind', 'not_a_choice'],
  [
    'commitment_fulfilment',
    '信用承诺履行情况〔2026〕{}号',
    false,
    { performance: '未履行', basis: '-' },
    'basis',
    'required_when',
  ],
  ['repair_dishonesty', '信用修复失信记录〔2026〕{}号', true, { conduct: '不清楚' }, 'conduct', 'not_a_choice'],
  ['evaluation', '公共信用综合评价/2026', false, { period: '上个赛季' }, 'period', 'not_a_period'],
  ['compliance', '遵守法律法规情况〔2026〕{}号', false, { basis: '' }, 'basis', 'required'],
  ['honour', '诚实守信相关荣誉〔2026〕{}号', true, { doc_no: '' }, 'doc_no', 'required'],
  ['tax_grade_a', '2025', true, { period: '2025-13' }, 'period', 'not_a_period'],
  ['customs_aeo', '海关高级认证企业〔2026〕{}号', true, { status: '待定' }, 'status', 'not_a_choice'],
  ['self_provided', '市场主体自主提供的信用信息〔2026〕{}号', false, { committed: '也许' }, 'committed', 'not_a_flag'],
  [
    'intellectual_property',
    '知识产权信息〔2026〕{}号',
    true,
    { right_kind: '专利质押登记', pledgee: '-' },
    'pledgee',
    'required_when',
  ],
  ['utilities', '水费/A{}/2026-10', false, { amount_paid: '' }, 'amount_paid', 'required'],
  ['tax_payment', '全部税费合计/2026-10', false, { tax_kind: '人头税' }, 'tax_kind', 'not_a_choice'],
  ['tax_arrears', '全部税费合计/2026-10', false, { amount: '' }, 'amount', 'required'],
  ['social_insurance', '各险种合计/2026-10', false, { insured: '十二人' }, 'insured', 'not_a_number'],
  [
    'social_insurance_arrears',
    '社会保险费拖欠信息〔2026〕{}号',
    false,
    { insurance_kind: '商业险' },
    'insurance_kind',
    'not_a_choice',
  ],
  ['housing_fund', 'A{}/2026-10', false, { period_end: '2027-12-31' }, 'period_end', 'DECIDED_IN_FUTURE'],
  ['warehousing', '仓储物流信息〔2026〕{}号', false, { quantity: '-3' }, 'quantity', 'not_a_number'],
]
/** What a good row says where the first choice or the month would say something else. */
const SET: Record<string, Record<string, string>> = {
  tax_grade_a: { period: '2025年度' },
  evaluation: { period: '2026' },
  penalty: { penalty_kinds: '罚款', fine: '20' },
  judgment: { effective_on: '2026-11-21' },
  serious_list: { list: '市场监督管理严重违法失信名单' },
}

describe('the catalog', () => {
  it('has a line here for every item, and items for every class of the national catalog', () => {
    expect(policy.catalog.map((c) => c.code).toSorted()).toEqual(TABLE.map(([code]) => code).toSorted())
    for (const cls of CLASSES)
      expect(
        policy.catalog.some((c) => c.class === cls),
        cls,
      ).toBe(true)
  })

  it('collects nothing adverse without a law, regulation or document of the centre, and opens none of it', () => {
    const founds = [
      'law',
      'administrative_regulation',
      'party_central_document',
      'state_council_document',
      'judicial_interpretation',
    ]
    for (const c of policy.catalog.filter((i) => i.negative)) {
      expect(
        c.legalBasis.some((b) => founds.includes(b.level)),
        c.code,
      ).toBe(true)
      expect(c.publicity, c.code).toBe('by_rule')
    }
  })

  it('asks licences and penalties within seven working days, and says of each other item by when', () => {
    for (const c of policy.catalog) {
      if (['licence', 'penalty'].includes(c.code)) expect(c.reporting.workdays).toBe(7)
      else expect(c.reporting.workdays ?? c.reporting.period, c.code).not.toBeNull()
    }
  })

  it('tells a record by what identifies it: a document, or the period and what else it takes', () => {
    for (const c of policy.catalog) {
      const known = c.fields.map((f) => f.key)
      expect(
        c.naturalKey.every((k) => known.includes(k)),
        c.code,
      ).toBe(true)
      if (!known.includes('doc_no'))
        expect(
          c.naturalKey.some((k) => ['period', 'uscc'].includes(k)),
          c.code,
        ).toBe(true)
    }
  })
})

describeEngines('every item of the catalog', (p) => {
  const authority = { name: '广州市目录测试局', code: codeFrom('11440100000000777') }
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-catalog-'))
  beforeAll(async () => {
    await createAuthority(p().ctx(), {
      ...authority,
      division: '440100',
      system: 'general',
      isCreditOffice: false,
      duties: policy.catalog.map((c) => c.code),
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const send = async (item: CatalogItem, rows: Record<string, string>[], name: string) => {
    const path = join(folder, `${name}.csv`)
    writeFileSync(path, csvOf(rows))
    const done = await importFile(p().ctx(), { path, item: item.code, authority: authority.code, wayIn: 'cli' })
    if (!('receipt' in done)) throw new Error('not imported')
    return done.receipt
  }

  it.each(TABLE)(
    '%s: a good row is held and shown as the catalog says, a bad one comes back',
    async (code, docNo, shown, bad, field, problem) => {
      const item = itemOn(policy.catalog, code, ON) as CatalogItem
      const n = TABLE.findIndex(([c]) => c === code) + 1
      const good = goodRow(item, { n, authority, set: SET[code] ?? {} })
      const broken = goodRow(item, { n: n + 100, authority, set: { ...SET[code], ...bad } })
      const receipt = await send(item, [good, broken], code)
      expect(receipt).toMatchObject({ received: 2, accepted: 1, refused: 1, pending: 0 })

      const office = await p().as('credit_office')
      const { rows } = await office.client(collection).listRows({ id: receipt.id })
      const [label] = item.fields.flatMap((f) => (f.key === field ? [f.label.zh] : []))
      const refused = rows.find((r) => r.verdict === 'refused')
      expect(refused?.problems.map((x) => [x.field, x.code])).toContainEqual([label, problem])
      for (const x of refused?.problems ?? []) {
        expect(x.reason).not.toMatch(/undefined|\{\w+\}/)
        expect(x.mend).not.toBe('')
      }
      const held = rows.find((r) => r.verdict === 'accepted')
      const identified = docNo.replace('{}', String(n)).replace('{uscc}', usccOf(n))
      expect(held?.docNo).toBe(identified)

      // The same row again is the same record, whatever identifies it.
      expect(await send(item, [good], `${code}-again`)).toMatchObject({ received: 1, alreadyHeld: 1 })

      if (isOfPersons(item)) return
      const subject = await findSubjectByCode(p().runtime.db.kysely, usccOf(n))
      const records = await listRecordsOfSubject(p().runtime.db.kysely, subject?.id ?? '', { item: code })
      expect(records).toHaveLength(1)
      const [record] = records
      expect(record && shownOn(record, 'credit_china', ON), 'shown on the credit site').toBe(shown)
      const own = record?.windows.find((w) => w.channel === 'credit_china')
      if (!item.negative) expect(own).toMatchObject({ class: 'none', repair: 'none', until: null })
      expect(item.publicity === 'public' || !shown || item.negative).toBe(true)
      expect(own?.why.zh).toBeTruthy()

      // The public page says as much, and of what is not shown nothing.
      const page = await fetch(`${p().url}/s/${usccOf(n)}?lang=zh`)
      const text = await page.text()
      expect(page.status).toBe(200)
      expect(text.includes(identified === usccOf(n) ? '登记注册基本信息' : identified), 'on the public page').toBe(
        shown,
      )
    },
    30_000,
  )
})
