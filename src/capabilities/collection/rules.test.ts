import { levelOf } from '../../kernel/territory.ts'
import { describe, expect, it } from 'vitest'
import { usccCheckDigit } from '../../kernel/codes.ts'
import { nameKey } from '../../kernel/text.ts'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { compileRow, type KnownAuthority, type RowRules } from './rules.ts'
import { catalogOn } from './rules.catalog.ts'
import { readMoney, shownValue, yuanOf } from './rules.columns.ts'
import { CROSS_CHECKS } from './rules.cross.ts'
import { PROBLEMS } from './words.problems.ts'

const policy = loadPolicy('440100')
const TODAY = day('2026-11-23')
const codeFrom = (first17: string) => `${first17}${usccCheckDigit(first17)}`
const authority = (n: number, name: string, over: Partial<KnownAuthority> = {}): KnownAuthority => ({
  id: `00000000-0000-7000-8000-00000000000${n}`,
  code: codeFrom(`11440106MB2C0000${n}`),
  name,
  nameKey: nameKey(name),
  division: '440106',
  system: 'general',
  isCreditOffice: false,
  duties: ['penalty', 'licence'],
  ...over,
})
const URBAN = authority(1, '广州市天河区城市管理和综合执法局')
const MARKET = authority(2, '广州市天河区市场监督管理局', { system: 'market_supervision' })
const CREDIT = authority(3, '广州市天河区发展和改革局', { isCreditOffice: true, duties: [] })
const EMERGENCY = authority(4, '广州市天河区应急管理局', { duties: ['licence'] })
const ALL = [URBAN, MARKET, CREDIT, EMERGENCY]
const directory = { byCode: new Map(ALL.map((a) => [a.code, a])), byName: new Map(ALL.map((a) => [a.nameKey, a])) }
const COMPANY = '91230500MA1B3N1N2M'
const SHOP = codeFrom('92440106MA5D12345')
const PERSON = '11010519491231002X'

const GOOD = {
  penalty: {
    subject_name: '双鸭山测试商贸有限公司',
    subject_category: '法人及非法人组织',
    uscc: COMPANY,
    legal_representative: '张三丰',
    doc_no: '穗天综罚〔2026〕15号',
    violation: '占道经营',
    facts: '占用城市道路经营。',
    basis: '《广州市市容环境卫生管理规定》第二十条',
    penalty_kinds: '罚款',
    content: '罚款2000元',
    fine: '0.2',
    decided_on: '2026-11-20',
    authority_name: URBAN.name,
    authority_code: URBAN.code,
  },
  licence: {
    subject_name: '双鸭山测试商贸有限公司',
    uscc: COMPANY,
    document_name: '准予许可决定书',
    doc_no: '穗天许〔2026〕1号',
    licence_kind: '普通',
    content: '户外广告设置',
    decided_on: '2026/11/20',
    valid_from: '2026年11月20日',
    valid_to: '长期',
    status: '有效',
    authority_name: URBAN.name,
  },
} as const
type Item = keyof typeof GOOD
const setting = (item: Item, over: Partial<RowRules> = {}) => {
  const found = catalogOn(policy, item, TODAY)
  if (!found) throw new Error(item)
  const check = compileRow({
    item: found,
    today: TODAY,
    categories: policy.usccCategories,
    lists: policy.lists,
    directory,
    reporter: URBAN,
    sources: new Map(found.fields.map((f, column) => [f.key, { column }])),
    width: found.fields.length,
    ...over,
  })
  return (change: Record<string, string> = {}, flags?: Record<string, 'maybe_serial' | 'digits_lost'>) => {
    const row: Record<string, string> = { ...GOOD[item], ...change }
    const notes = Object.entries(flags ?? {}).map(([key, flag]) => [found.fields.findIndex((f) => f.key === key), flag])
    return check({ n: 2, cells: found.fields.map((f) => row[f.key] ?? ''), flags: Object.fromEntries(notes) })
  }
}
const penalty = setting('penalty')
const licence = setting('licence')
const codes = (checked: ReturnType<typeof penalty>) => (checked.ok ? [] : checked.problems.map((p) => p.code))
const good = (checked: ReturnType<typeof penalty>) => {
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.row
}

describe('a good row', () => {
  it('stands, with its facts', () => {
    const row = good(penalty())
    expect(row.ask).toMatchObject({ kind: 'enterprise', uscc: COMPANY, division: '230500' })
    expect(row.facts).toMatchObject({
      item: 'penalty',
      system: 'general',
      level: levelOf(URBAN.division),
      penaltyKinds: ['fine'],
      fineYuan: 2000,
      decidedOn: '2026-11-20',
      publishedOn: TODAY,
    })
    expect(row.authority).toEqual({ id: URBAN.id, key: URBAN.code, name: URBAN.name })
    expect(row.fields).toMatchObject({
      source_name: URBAN.name,
      source_code: URBAN.code,
      subject_category: 'organisation',
      fine: '0.2',
    })
    expect(row.secret).toBeNull()
  })
  it('dates, widths, blanks, case and the code of a registered authority are put right', () => {
    const row = good(licence({ uscc: ' ９１230500ma1b3n1n2m ' }))
    expect(row.fields).toMatchObject({
      uscc: COMPANY,
      decided_on: '2026-11-20',
      valid_from: '2026-11-20',
      valid_to: '2099-12-31',
      authority_code: URBAN.code,
      subject_category: 'organisation',
    })
  })
  it.each(['警告;罚款', '警告；罚款', '警告、罚款', '警告，罚款', '1.警告 2.罚款'.replace(' 2.', ';2.')])(
    'kinds of penalty in %s',
    (kinds) => expect(good(penalty({ penalty_kinds: kinds })).facts.penaltyKinds).toEqual(['warning', 'fine']),
  )
  it('what 其他 means is kept', () =>
    expect(good(penalty({ penalty_kinds: '罚款;其他-责令改正' })).fields).toMatchObject({
      penalty_kinds: ['fine', 'other'],
      penalty_kinds_note: '罚款;其他-责令改正',
    }))
  it('a natural person is known by the number, which stays secret', () => {
    const change = {
      subject_name: '李四',
      subject_category: '自然人',
      uscc: '',
      legal_representative: '',
      person_id_type: '身份证',
      person_id: PERSON,
    }
    const checked = penalty(change)
    expect(checked.name).toBe('李*')
    const row = good(checked)
    expect(row.ask).toMatchObject({ kind: 'natural_person', name: '李四', personId: PERSON, uscc: null })
    expect(row.secret).toEqual({ person_id_type: 'resident_id', person_id: PERSON })
    expect(JSON.stringify(row.fields)).not.toContain(PERSON)
  })
  it('an old subject without a unified code is known by its number', () =>
    expect(good(penalty({ uscc: '', registration_no: '110105010247558' })).ask).toMatchObject({
      kind: 'enterprise',
      registrationNo: '110105010247558',
    }))
  it('the day that was reported as the end of publicity never stands for the one the rules give', () => {
    const { fields } = good(penalty({ public_until: '2027-01-01' }))
    expect(fields).toMatchObject({ reported_public_until: '2027-01-01' })
    expect(fields).not.toHaveProperty('public_until')
  })
})

describe('what a row is refused for', () => {
  const PENALTIES: [string, Record<string, string>][] = [
    ['required', { doc_no: '' }],
    ['required', { doc_no: '/' }],
    ['required_when', { fine: '' }],
    ['required_when', { penalty_kinds: '没收违法所得', fine: '' }],
    ['required_when', { penalty_kinds: '暂扣许可证件', fine: '' }],
    ['AMOUNT_WITHOUT_FINE', { penalty_kinds: '警告' }],
    ['FINE_IS_ZERO', { fine: '0' }],
    ['DECIDED_IN_FUTURE', { decided_on: '2026-11-24' }],
    ['TERM_BEFORE_DECISION', { term_ends_on: '2026-11-01' }],
    ['date_too_old', { decided_on: '1926-11-20' }],
    ['not_a_date', { decided_on: '01/02/2026' }],
    ['not_a_date', { decided_on: '2026-02-30' }],
    ['not_money', { fine: '贰仟元' }],
    ['money_in_yuan', { fine: '2000元' }],
    ['money_negative', { fine: '-1' }],
    ['money_decimals', { fine: '0.1234567' }],
    ['money_too_large', { fine: '100000001' }],
    ['not_a_choice', { penalty_kinds: '批评教育' }],
    ['not_a_choice', { subject_category: '公司' }],
    ['too_long', { doc_no: '长'.repeat(65) }],
    ['doc_range', { doc_no: '穗天综罚〔2026〕15-18号' }],
    ['uscc_length', { uscc: '91230500MA1B3N1N2' }],
    ['uscc_alphabet', { uscc: '9I230500MA1B3N1N2M' }],
    ['uscc_check_digit', { uscc: '91230500MA1B3N1N2N' }],
    ['uscc_category', { uscc: codeFrom('90230500MA1B3N1N2') }],
    ['uscc_placeholder', { uscc: '00000000000000000X' }],
    ['uscc_is_person_id', { uscc: PERSON }],
    ['uscc_is_legacy_number', { uscc: '110105010247558' }],
    ['uscc_is_org_code', { uscc: '59467239-9' }],
    ['org_code', { organisation_code: '59467239-8' }],
    ['registration_number', { registration_no: '110105010247559' }],
    ['person_id_in_code', { registration_no: PERSON }],
    ['masked', { representative_id: '110105********002X', representative_id_type: '身份证' }],
    ['no_subject_code', { uscc: '' }],
    ['category_not_code', { uscc: SHOP }],
    ['category_not_code', { subject_category: '个体工商户' }],
    [
      'absent_when',
      { subject_category: '自然人', legal_representative: '', person_id: PERSON, person_id_type: '身份证' },
    ],
    ['authority_unknown', { authority_name: '广州市某某局', authority_code: '' }],
    ['authority_code_name', { authority_code: MARKET.code }],
    ['authority_name_code', { authority_code: COMPANY }],
    ['authority_not_yours', { authority_name: MARKET.name, authority_code: '' }],
    ['authority_no_duty', { authority_name: EMERGENCY.name, authority_code: '' }],
    ['uscc_placeholder', { authority_code: '00000000000000000X' }],
  ]
  it.each(PENALTIES)('%s: %j', (code, change) => expect(codes(penalty(change))).toContain(code))

  it('a licence that ends before it begins', () =>
    expect(codes(licence({ valid_to: '2025-11-20' }))).toEqual(['VALID_FROM_AFTER_TO']))
  it('a number where a date belongs, with what it may be', () => {
    const checked = penalty({ decided_on: '46346' }, { decided_on: 'maybe_serial' })
    expect(checked.ok ? null : checked.problems[0]).toMatchObject({
      code: 'date_serial',
      params: { day: '2026-11-20' },
    })
  })
  it('a code whose digits the spreadsheet has lost', () =>
    expect(codes(penalty({ uscc: '915329272188006000' }, { uscc: 'digits_lost' }))).toContain('digits_lost'))
  it('a row that has shifted', () => {
    const check = setting('penalty', { width: 3 })
    expect(codes(check())).toContain('surplus_cells')
  })
  it('a person’s number that fails its check digit', () =>
    expect(
      codes(
        penalty({
          subject_category: '自然人',
          uscc: '',
          legal_representative: '',
          person_id_type: '身份证',
          person_id: '110105194912310021',
        }),
      ),
    ).toEqual(['person_id']))

  it('all at once', () =>
    expect(codes(penalty({ uscc: '1', decided_on: 'x', fine: 'y', violation: '' })).toSorted()).toEqual([
      'not_a_date',
      'not_money',
      'required',
      'uscc_length',
    ]))
  it('a likely code is offered, never put in', () => {
    const checked = penalty({ uscc: '9I230500MA1B3N1N2M' })
    expect(checked.ok ? null : checked.problems[0]?.params).toMatchObject({
      at: 2,
      hint: { zh: `可能应为 ${COMPANY}，请核对后填写。` },
    })
  })
})

describe('persons in problems', () => {
  it.each([
    ['a number in a company’s code', { uscc: PERSON }],
    [
      'a document number',
      {
        subject_category: '自然人',
        subject_name: '欧阳锋',
        uscc: '',
        legal_representative: '',
        person_id_type: '身份证',
        person_id: '110105194912310021',
      },
    ],
    ['a representative’s number', { representative_id: '11010519491231002', representative_id_type: '火星护照' }],
  ])('%s is masked', (_, change) => {
    const checked = penalty(change as Record<string, string>)
    const text = JSON.stringify(checked.ok ? null : checked.problems)
    expect(text).not.toMatch(/19491231/)
    expect(text).not.toContain('欧阳锋')
  })
})

describe('who may report', () => {
  const onBehalf = setting('penalty', { reporter: CREDIT })
  it('the credit office hands in for others, known or not', () => {
    expect(good(onBehalf({ authority_name: MARKET.name, authority_code: '' })).authority.id).toBe(MARKET.id)
    const foreign = good(onBehalf({ authority_name: '云南省药品监督管理局', authority_code: '' }))
    expect(foreign.authority).toEqual({
      id: CREDIT.id,
      key: nameKey('云南省药品监督管理局'),
      name: '云南省药品监督管理局',
    })
  })
  it('a bureau reports for the offices of its own system below it, not for others', () => {
    const city = { ...MARKET, id: 'x', division: '440100', name: '广州市市场监督管理局' }
    expect(
      good(setting('penalty', { reporter: city })({ authority_name: MARKET.name, authority_code: '' })).authority.id,
    ).toBe(MARKET.id)
    expect(codes(setting('penalty', { reporter: { ...URBAN, id: 'y', division: '440100' } })())).toContain(
      'authority_not_yours',
    )
  })
})

describe('money', () => {
  it.each([
    ['0.2', '0.2', 2000],
    ['1,234.50', '1234.5', 12_345_000],
    ['０．２万元', '0.2', 2000],
    ['￥5', '5', 50_000],
    ['0.000001', '0.000001', 0.01],
    ['2E-5', '0.00002', 0.2],
    ['12345678.123456', '12345678.123456', 123_456_781_234.56],
  ])('%s', (raw, text, yuan) => {
    expect(readMoney(raw)).toMatchObject({ text })
    expect(yuanOf(text)).toBe(yuan)
  })
  it('yuan is said, with the amount in the unit', () =>
    expect(readMoney('2000元')).toEqual({ problem: 'money_in_yuan', wan: '0.2' }))
})

describe('words', () => {
  it('every check that the catalog names has its question', () => {
    for (const item of policy.catalog) for (const check of item.checks) expect(CROSS_CHECKS).toHaveProperty(check.code)
  })
  it('every sentence is there in both languages and ends as one', () => {
    for (const { reason, mend } of Object.values(PROBLEMS)) {
      expect(reason.zh).toMatch(/[。）}]$/)
      expect(mend.zh).toMatch(/[。}]$/)
      expect(`${reason.en}${mend.en}`).not.toMatch(/[\u4e00-\u9fff]/)
    }
  })
})

it('shortens a value that is returned without cutting a character in two', () => {
  for (const before of ['', 'a'])
    expect(shownValue(`${before}${'𠮷'.repeat(100)}`, false)).toMatch(
      new RegExp(`^${before}𠮷{${80 - before.length}}…$`, 'u'),
    )
})
