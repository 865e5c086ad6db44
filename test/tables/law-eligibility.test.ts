import { describe, expect, it } from 'vitest'
import { type Known, mayApply, regimeOn, routeOf, settingOf, termOf } from '../../src/kernel/eligibility.ts'
import { day } from '../../src/kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts, foldWindows, windowsOf } from '../../src/kernel/window.ts'
import { loadPolicy } from '../../src/platform/policy-files.ts'

const gz = loadPolicy('440100')
const sc = loadPolicy('510000')
const ak = loadPolicy('610900')
const hb = loadPolicy('130000')

const base: RecordFacts = {
  ...NOTHING_KNOWN,
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-06'),
  publishedOn: day('2026-05-08'),
  procedure: 'ordinary',
  penaltyKinds: ['confiscate_property'],
}
const DONE: Known = {
  dutiesPerformed: true,
  corrected: true,
  commitmentSigned: true,
  sameKindReoffended: false,
  heavierPenaltyAgain: false,
  securityRisk: false,
  annualReportFiled: true,
  informationPublished: true,
  nameChangeRegistered: true,
  addressRestored: true,
  taxesPaid: true,
}
const asked = (facts: Partial<RecordFacts>, today: string, known: Known = DONE) => {
  const all = { ...base, ...facts }
  return mayApply(all, windowsOf(all, gz), gz, day(today), known)
}
const said = (facts: Partial<RecordFacts>, today: string, known: Known = DONE) =>
  asked(facts, today, known).reasons.map((r) => (r.firstDay ? `${r.code} ${r.firstDay}` : r.code))

describe('may repair be applied for', () => {
  const samr = { system: 'market_supervision' }
  it.each<
    [article: string, name: string, facts: Partial<RecordFacts>, today: string, known: Known, expected: string[]]
  >([
    ['36 art. 14', 'everything done, on the first day', {}, '2026-08-06', DONE, []],
    ['36 art. 14(1)', 'the day before', {}, '2026-08-05', DONE, ['MIN_PERIOD 2026-08-06']],
    [
      '36 art. 14',
      'all reasons at once',
      {},
      '2026-06-01',
      { dutiesPerformed: false, corrected: false, commitmentSigned: false },
      ['MIN_PERIOD 2026-08-06', 'DUTIES_NOT_PERFORMED', 'NOT_CORRECTED', 'COMMITMENT_NOT_SIGNED'],
    ],
    [
      '36 art. 12(3)',
      'a term of its own',
      { penaltyKinds: ['restrict_employment'], termEndsOn: day('2028-05-05') },
      '2027-06-01',
      DONE,
      ['MIN_PERIOD 2028-05-06', 'TERM_NOT_OVER 2028-05-06'],
    ],
    [
      '36 art. 12(3)',
      'a term beyond the maximum',
      { penaltyKinds: ['restrict_employment'], termEndsOn: day('2032-05-05') },
      '2028-06-01',
      DONE,
      ['FIXED_TERM'],
    ],
    [
      '36 art. 25',
      'barred after false material',
      {},
      '2026-12-01',
      { ...DONE, barredUntil: day('2029-01-10') },
      ['BARRED 2029-01-10'],
    ],
    [
      '36 art. 12(1)',
      'not shown: nothing to repair',
      { penaltyKinds: ['warning'] },
      '2026-12-01',
      DONE,
      ['NOTHING_TO_REPAIR'],
    ],
    ['36 art. 12(2)', 'ended by itself', {}, '2027-05-06', DONE, ['ALREADY_ENDED']],
    [
      '36 art. 3',
      'a natural person may still end sharing and use',
      { subjectKind: 'natural_person' },
      '2026-08-06',
      DONE,
      [],
    ],
    ['107 art. 9, 11', 'general, first day', { ...samr, penaltyKinds: ['fine'] }, '2026-08-08', DONE, []],
    [
      '107 art. 9',
      'general, the day before: from publication',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-08-07',
      DONE,
      ['MIN_PERIOD 2026-08-08'],
    ],
    [
      '107 art. 10(1)',
      'a negative spot check ends by itself',
      { ...samr, item: 'inspection', penaltyKinds: [], result: 'negative' },
      '2026-06-01',
      DONE,
      ['ENDS_BY_ITSELF'],
    ],
    [
      '107 art. 11(1), (2)',
      'duties not performed, harm not removed',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-09-01',
      { ...DONE, dutiesPerformed: false, corrected: false },
      ['DUTIES_NOT_PERFORMED', 'NOT_CORRECTED'],
    ],
    [
      '107 art. 14(1)3',
      'no commitment',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-09-01',
      { ...DONE, commitmentSigned: false },
      ['COMMITMENT_NOT_SIGNED'],
    ],
    [
      '107 art. 11(3)',
      'a further penalty of the same kind',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-09-01',
      { ...DONE, sameKindReoffended: true },
      ['SAME_KIND_AGAIN'],
    ],
    [
      '107 art. 7(2)',
      'low fine ends by itself',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 800, discretion: 'reduced' },
      '2026-06-01',
      DONE,
      ['ENDS_BY_ITSELF'],
    ],
    [
      '107 art. 8(5)',
      'revoked licence: never early',
      { ...samr, penaltyKinds: ['revoke_licence'] },
      '2028-01-01',
      DONE,
      ['FIXED_TERM'],
    ],
    [
      '107 art. 8(4)',
      'one year is over, the restriction is not',
      { ...samr, penaltyKinds: ['restrict_business'], termEndsOn: day('2027-12-31') },
      '2027-06-01',
      DONE,
      ['MIN_PERIOD 2028-01-01', 'TERM_NOT_OVER 2028-01-01'],
    ],
    [
      '107 arts. 6(2), 8(4)',
      'a fine and a restriction: the restriction counts, whichever is named first',
      { ...samr, penaltyKinds: ['fine', 'restrict_business'], termEndsOn: day('2027-12-31') },
      '2027-06-01',
      DONE,
      ['MIN_PERIOD 2028-01-01', 'TERM_NOT_OVER 2028-01-01'],
    ],
    [
      '107 art. 12',
      'abnormal list: the very day its cause is cleared',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'annual_report' },
      '2026-05-08',
      DONE,
      [],
    ],
    [
      '107 art. 12(1)',
      'annual report still missing',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'annual_report' },
      '2026-06-01',
      { ...DONE, annualReportFiled: false },
      ['CAUSE_NOT_CLEARED'],
    ],
    [
      '107 art. 12(2)',
      'ordered information still missing',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'ordered_information' },
      '2026-06-01',
      { ...DONE, informationPublished: false },
      ['CAUSE_NOT_CLEARED'],
    ],
    [
      '107 art. 12(3)',
      'name not registered',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'name_change' },
      '2026-06-01',
      { ...DONE, nameChangeRegistered: false },
      ['CAUSE_NOT_CLEARED'],
    ],
    [
      '107 art. 12(4)',
      'still unreachable',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'unreachable' },
      '2026-06-01',
      { ...DONE, addressRestored: false },
      ['CAUSE_NOT_CLEARED'],
    ],
    [
      '107 art. 12(5)',
      'another offence, not corrected',
      { ...samr, item: 'abnormal_list', penaltyKinds: [], listCause: 'other' },
      '2026-06-01',
      { ...DONE, corrected: false },
      ['CAUSE_NOT_CLEARED'],
    ],
    [
      '107 art. 13(1)1, 2',
      'list: duties not performed, not corrected',
      { ...samr, item: 'serious_list', penaltyKinds: [], list: 'samr_serious' },
      '2027-05-08',
      { ...DONE, dutiesPerformed: false, corrected: false },
      ['DUTIES_NOT_PERFORMED', 'NOT_CORRECTED'],
    ],
    [
      '107 art. 13(2)',
      'list: a measure runs until the end of 2027',
      { ...samr, item: 'serious_list', penaltyKinds: [], list: 'samr_serious', termEndsOn: day('2027-12-31') },
      '2027-06-01',
      DONE,
      ['MIN_PERIOD 2028-01-01', 'TERM_NOT_OVER 2028-01-01'],
    ],
    [
      '107 art. 23(2)',
      'the decision on fraud itself',
      { ...samr, item: 'repair_dishonesty', penaltyKinds: [] },
      '2027-06-01',
      DONE,
      ['FIXED_TERM'],
    ],
    [
      '36 art. 25',
      'the record of false material itself',
      { item: 'repair_dishonesty', penaltyKinds: [] },
      '2027-06-01',
      DONE,
      ['FIXED_TERM'],
    ],
    [
      '58: shortest period',
      'three months, the day before',
      { decidedOn: day('2025-11-10'), publishedOn: day('2025-11-10'), penaltyKinds: ['fine'] },
      '2026-02-09',
      DONE,
      ['MIN_PERIOD 2026-02-10'],
    ],
    [
      '58: shortest period',
      'and on its day',
      { decidedOn: day('2025-11-10'), publishedOn: day('2025-11-10'), penaltyKinds: ['fine'] },
      '2026-02-10',
      DONE,
      [],
    ],
    [
      '58: fields',
      'food: one year',
      { decidedOn: day('2024-05-06'), publishedOn: day('2024-05-06'), penaltyKinds: ['fine'], field: 'food' },
      '2025-05-05',
      DONE,
      ['MIN_PERIOD 2025-05-06'],
    ],
    [
      '58: warning, criticism',
      'not shown: nothing to repair',
      { decidedOn: day('2025-11-10'), publishedOn: day('2025-11-10'), penaltyKinds: ['warning'] },
      '2026-02-10',
      DONE,
      ['NOTHING_TO_REPAIR'],
    ],
    [
      '58: conditions',
      'nothing done',
      { decidedOn: day('2025-11-10'), publishedOn: day('2025-11-10'), penaltyKinds: ['fine'] },
      '2026-02-10',
      { dutiesPerformed: false, corrected: false, commitmentSigned: false },
      ['DUTIES_NOT_PERFORMED', 'NOT_CORRECTED', 'COMMITMENT_NOT_SIGNED'],
    ],
    [
      '107 art. 13',
      'list: one year',
      { ...samr, item: 'serious_list', penaltyKinds: [], list: 'samr_serious' },
      '2027-05-07',
      DONE,
      ['MIN_PERIOD 2027-05-08'],
    ],
    [
      '107 art. 13(3)',
      'list: a further heavy penalty',
      { ...samr, item: 'serious_list', penaltyKinds: [], list: 'samr_serious' },
      '2027-05-08',
      { ...DONE, heavierPenaltyAgain: true },
      ['HEAVIER_PENALTY_AGAIN'],
    ],
    [
      '107 art. 18',
      'national security or public interest',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-09-01',
      { ...DONE, securityRisk: true },
      ['SECURITY_RISK'],
    ],
    [
      '107 art. 23',
      'barred for three years',
      { ...samr, penaltyKinds: ['fine'] },
      '2026-09-01',
      { ...DONE, barredUntil: day('2029-07-01') },
      ['BARRED 2029-07-01'],
    ],
    [
      'STA 54 art. 18',
      'tax list: six months',
      { system: 'tax', item: 'serious_list', penaltyKinds: [], list: 'tax_major' },
      '2026-11-07',
      DONE,
      ['MIN_PERIOD 2026-11-08'],
    ],
    [
      'STA 54 art. 18(1)',
      'tax list: taxes unpaid',
      { system: 'tax', item: 'serious_list', penaltyKinds: [], list: 'tax_major' },
      '2026-11-08',
      { ...DONE, taxesPaid: false },
      ['TAXES_NOT_PAID'],
    ],
    [
      'SPC art. 10',
      'court list: duties',
      { system: 'court', item: 'serious_list', penaltyKinds: [], list: 'court_dishonest' },
      '2026-06-01',
      { ...DONE, dutiesPerformed: false },
      ['DUTIES_NOT_PERFORMED'],
    ],
  ])('%s %s', (_article, _name, facts, today, known, expected) => {
    const answer = asked(facts, today, known)
    expect(said(facts, today, known)).toEqual(expected)
    expect(answer.may).toBe(expected.length === 0)
  })

  it('what is not known yet is open, not refused', () => {
    const answer = asked({}, '2026-08-06', {})
    expect(answer.may).toBe(true)
    expect(answer.open.map((r) => r.code)).toEqual(['DUTIES_NOT_PERFORMED', 'NOT_CORRECTED', 'COMMITMENT_NOT_SIGNED'])
  })

  it('after a repair nothing is left to apply for', () => {
    const windows = foldWindows(windowsOf(base, gz), [
      {
        kind: 'repaired',
        channel: null,
        effectiveFrom: day('2026-09-01'),
        recordedAt: '2026-09-01T00:00:00.000Z' as never,
      },
    ])
    expect(mayApply(base, windows, gz, day('2026-09-02'), DONE).reasons.map((r) => r.code)).toEqual(['ALREADY_ENDED'])
  })

  describe('after a plan has been carried out', () => {
    const shielded = (facts: Partial<RecordFacts>) => {
      const all = { ...base, system: 'market_supervision', ...facts }
      const shield = {
        kind: 'shielded' as const,
        channel: null,
        effectiveFrom: day('2026-05-20'),
        recordedAt: '2026-05-20T00:00:00.000Z' as never,
      }
      return { all, windows: foldWindows(windowsOf(all, gz), [shield]) }
    }
    const waiving = {
      ...gz,
      settings: gz.settings.map((s) => (s.key === 'plan_completed_waives_shortest' ? { ...s, value: true } : s)),
    }
    const codes = (facts: Partial<RecordFacts>, policy: typeof gz, known: Known, on = '2026-06-01') => {
      const { all, windows } = shielded(facts)
      return mayApply(all, windows, policy, day(on), known).reasons.map((r) => r.code)
    }
    const COMPLETED: Known = { ...DONE, planCompleted: true }
    const fine = { penaltyKinds: ['fine' as const], fineYuan: 60_000 }
    const revoked = { penaltyKinds: ['revoke_licence' as const] }
    it.each<
      [article: string, name: string, facts: Partial<RecordFacts>, waives: boolean, known: Known, expected: string[]]
    >([
      [
        '107 arts. 9, 22(2)',
        'as the pack has it the shortest period still runs',
        fine,
        false,
        COMPLETED,
        ['MIN_PERIOD'],
      ],
      ['107 art. 22(2)', 'waived: it may be applied for at once', fine, true, COMPLETED, []],
      [
        '107 art. 22(2)',
        'waived for a plan that was carried out, not for one that runs',
        fine,
        true,
        DONE,
        ['MIN_PERIOD'],
      ],
      [
        '107 art. 22(2)',
        'waived, and not corrected',
        fine,
        true,
        { ...COMPLETED, corrected: false },
        ['NOT_CORRECTED'],
      ],
      ['107 art. 8(5)', 'what may not end early stays', revoked, true, COMPLETED, ['FIXED_TERM']],
      [
        '107 arts. 8(4), 22(2)',
        'waived, and a restriction still runs beside the fine',
        { penaltyKinds: ['fine', 'restrict_business'], fineYuan: 60_000, termEndsOn: day('2027-12-31') },
        true,
        COMPLETED,
        ['TERM_NOT_OVER'],
      ],
      ['107 art. 8(5)', 'nor behind a running shield', revoked, false, DONE, ['FIXED_TERM']],
      [
        '36 arts. 14(1), 20(3)',
        'the switch is of Order 107 alone',
        { system: 'general' },
        true,
        COMPLETED,
        ['MIN_PERIOD'],
      ],
    ])('%s %s', (_article, _name, facts, waives, known, expected) =>
      expect(codes(facts, waives ? waiving : gz, known)).toEqual(expected),
    )
    it('after the shortest period either way', () => {
      for (const policy of [gz, waiving]) expect(codes(fine, policy, COMPLETED, '2026-08-10')).toEqual([])
    })
    it('is an open question with its article in every pack', () => {
      for (const policy of [gz, sc, ak, hb]) {
        const row = policy.settings.find((s) => s.key === 'plan_completed_waives_shortest')
        expect(row).toMatchObject({ system: 'necips', unsure: true, article: '第二十二条第二款', value: false })
      }
    })
  })

  it('asks for what articles 15 and 14 name and for no training and no credit report', () => {
    expect(asked({}, '2026-08-06').materials.map((m) => m.code)).toEqual([
      'proof_of_performance',
      'commitment',
      'other',
      'court_ruling',
    ])
    expect(
      asked({ system: 'market_supervision', penaltyKinds: ['fine'] }, '2026-09-01').materials.map(
        (m) => `${m.code} ${m.required}`,
      ),
    ).toEqual([
      'application_form always',
      'identity unless_shared',
      'commitment always',
      'proof_of_performance unless_shared',
      'court_ruling bankruptcy',
    ])
    for (const policy of [gz, sc, ak, hb])
      for (const m of policy.regimes.flatMap((r) => r.materials)) expect(m.name.zh).not.toMatch(/培训|信用报告/)
  })
})

describe('who receives, who decides, by when', () => {
  const route = (facts: Partial<RecordFacts>, on = '2026-11-21', policy = gz) => {
    const r = routeOf({ ...base, ...facts }, policy, day(on))
    return r && `${r.system} ${r.decider} ${r.steps.map((s) => `${s.step}:${s.term?.workdays ?? '–'}`).join(' ')}`
  }
  it.each<[string, Partial<RecordFacts>, string]>([
    ['36 art. 13, 16', {}, 'credit_china finder accept:3 decide:7'],
    [
      '36 art. 13',
      { item: 'serious_list', penaltyKinds: [], list: 'work_safety' },
      'credit_china lister accept:3 decide:7',
    ],
    [
      '107 art. 4(2), 16(2)',
      { system: 'market_supervision', item: 'inspection', penaltyKinds: [] },
      'necips finder accept:2 decide:7 execute:3',
    ],
    ['107 art. 4(1), 14, 16, 17', { system: 'market_supervision' }, 'necips finder accept:2 decide:7 execute:3'],
    [
      '107 art. 4(3), 16(1)',
      { system: 'market_supervision', item: 'abnormal_list', penaltyKinds: [] },
      'necips registry_authority accept:2 decide:2 execute:3',
    ],
    [
      '107 art. 4(4), 16(2)',
      { system: 'market_supervision', item: 'serious_list', penaltyKinds: [] },
      'necips lister accept:2 decide:7 execute:3',
    ],
    [
      'STA 54 art. 20–21',
      { system: 'tax', item: 'serious_list', penaltyKinds: [] },
      'tax lister accept:2 decide:15 execute:5',
    ],
    ['SPC art. 10', { system: 'court', item: 'serious_list', penaltyKinds: [] }, 'court lister execute:3'],
  ])('%s', (_article, facts, expected) => expect(route(facts)).toBe(expected))

  // 36 art. 13, 107 art. 4, SC 二（三）（四）, GZ 二（一）, HB 12: by who found it and about whom, at every level alike.
  it('no document routes by the level of the authority: each level goes the same way', () => {
    for (const policy of [gz, sc, ak, hb])
      for (const item of ['penalty', 'serious_list', 'abnormal_list'])
        for (const system of ['general', 'market_supervision', 'tax', 'court']) {
          const of = (level: RecordFacts['level']) =>
            routeOf({ ...base, item, system, level }, policy, day('2026-11-21'))?.rule ?? null
          expect(new Set([null, 'province', 'city', 'county'].map((l) => of(l as RecordFacts['level']))).size).toBe(1)
        }
  })
  it('a row that names levels is for the records of those authorities, in eligibility as in the route', () => {
    const own = gz.routes.find((r) => r.id === 'route/penalty')!
    const provincial = { ...own, id: 'x/provincial', levels: ['province' as const] }
    const policy = { ...gz, routes: [provincial, ...gz.routes] }
    const of = (level: RecordFacts['level']) => {
      const facts = { ...base, ...(level === undefined ? {} : { level }) }
      const today = day('2026-11-21')
      const { route } = mayApply(facts, windowsOf(facts, policy), policy, today, DONE)
      expect(route?.rule).toBe(routeOf(facts, policy, today)?.rule)
      return route?.rule
    }
    expect(of('province')).toBe('x/provincial')
    for (const level of ['city', 'county', null, undefined] as const) expect(of(level)).toBe('route/penalty')
  })

  it('a licence is not repaired', () => expect(route({ item: 'licence', penaltyKinds: [] })).toBeNull())

  it('extensions: ten working days in both systems', () => {
    expect(termOf(gz, 'credit_china', 'decide', day('2026-11-21'))?.extend?.workdays).toBe(10)
    expect(termOf(gz, 'necips', 'decide', day('2026-11-21'), { ...base, item: 'penalty' })?.extend?.workdays).toBe(10)
  })

  it('the 2021 rule decided lists and penalties in 15 working days, abnormal entries in 5', () => {
    expect(termOf(gz, 'necips', 'decide', day('2025-12-24'), base)?.workdays).toBe(15)
    expect(termOf(gz, 'necips', 'decide', day('2025-12-24'), { ...base, item: 'abnormal_list' })?.workdays).toBe(5)
    expect(termOf(gz, 'necips', 'decide', day('2025-12-25'), { ...base, item: 'abnormal_list' })?.workdays).toBe(2)
  })

  it('Guangzhou 2024: individual businesses at Credit Guangdong and a first review of one working day, until Order 36', () => {
    const individual = { ...base, subjectKind: 'individual_business' as const }
    expect(routeOf(individual, gz, day('2026-03-31'))?.receiver.zh).toBe('信用广东网站')
    expect(routeOf(individual, gz, day('2026-04-01'))?.receiver.zh).toBe('“信用中国”网站')
    expect(routeOf(individual, sc, day('2024-07-31'))?.receiver.zh).toBe('“信用中国”网站')
    expect(routeOf(individual, sc, day('2026-03-31'))?.receiver.zh).toMatch(/“信用中国”网站.*综合窗口/)
    const review = routeOf(base, gz, day('2026-03-31'))?.firstReview
    expect([review?.enabled, review?.term?.workdays]).toEqual([true, 1])
    expect(routeOf(base, gz, day('2026-04-01'))?.firstReview?.enabled).toBe(false)
    expect(routeOf(base, sc, day('2026-04-01'))?.firstReview).toBeNull()
  })

  it('each place has what its document sets', () => {
    const on = day('2026-11-21')
    expect(settingOf(sc, 'notice_items', on)?.value).toEqual(['penalty', 'abnormal_list', 'serious_list'])
    expect(settingOf(gz, 'notice_items', on)?.value).toEqual(['penalty', 'serious_list'])
    expect(settingOf(sc, 'window_items', on)?.value).toEqual(['penalty', 'abnormal_list', 'serious_list'])
    expect(settingOf(hb, 'report_chain', on)?.value).toEqual(['county', 'city', 'province'])
    expect(settingOf(gz, 'report_chain', on)).toBeNull()
    expect(termOf(ak, 'collection', 'report', on, base)).toMatchObject({ workdays: 7, origin: '610900' })
    expect(termOf(ak, 'collection', 'report', on, { ...base, item: 'serious_list' })).toMatchObject({
      period: 'P1M',
      origin: '610900',
    })
    expect(termOf(hb, 'collection', 'report', on, base)).toMatchObject({ workdays: 7, origin: '130000' })
  })

  it('which version is in force on a day', () => {
    expect(['2023-05-01', '2026-03-31', '2026-04-01'].map((d) => regimeOn(gz, 'credit_china', day(d))?.id)).toEqual([
      'credit_china/ndrc-58',
      'credit_china/ndrc-58',
      'credit_china/ndrc-36',
    ])
    expect(['2025-12-24', '2025-12-25'].map((d) => regimeOn(gz, 'necips', day(d))?.id)).toEqual([
      'necips/samr-2021-3',
      'necips/samr-107',
    ])
    expect(regimeOn(gz, 'credit_china', day('2020-01-01'))).toBeNull()
  })
})
