import { describe, expect, it } from 'vitest'
import type { Channel, Policy } from '../../src/kernel/policy.ts'
import { day } from '../../src/kernel/time.ts'
import { type RecordFacts, windowsOf } from '../../src/kernel/window.ts'
import { loadPolicy } from '../../src/platform/policy-files.ts'

/**
 * Worked cases written from the text of the law, each with its article. Days: the first day shown, the first day on which
 * repair may be applied for (– : never before it ends), the first day not shown any more (– : no maximum).
 */
const national = loadPolicy('440100')

type Given = Partial<Omit<RecordFacts, 'decidedOn' | 'publishedOn' | 'termEndsOn'>> & {
  on: string
  published?: string
  term?: string
}
const facts = ({ on, published, term, ...rest }: Given): RecordFacts => ({
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day(on),
  publishedOn: day(published ?? on),
  procedure: 'ordinary',
  penaltyKinds: [],
  fineYuan: null,
  discretion: null,
  field: null,
  fineTier: null,
  sectorClass: null,
  minorPublished: null,
  termEndsOn: term ? day(term) : null,
  list: null,
  listCause: null,
  repeatOffender: null,
  ...rest,
})

type Row = [article: string, name: string, given: Given, expected: string]
const answer = (channel: Channel, given: Given, policy: Policy = national): string => {
  const w = windowsOf(facts(given), policy).find((x) => x.channel === channel)
  if (!w) return 'no window'
  return `${w.class} ${w.from ?? 'hidden'} ${w.earliest ?? '–'} ${w.until ?? '–'}`
}
const table = (channel: Channel, rows: Row[]) =>
  it.each(rows)('%s %s', (_article, _name, given, expected) => expect(answer(channel, given)).toBe(expected))

describe('NDRC Order 36, from 2026-04-01, on Credit China', () => {
  const on = '2026-04-01'
  table('credit_china', [
    ['8(1)', 'summary procedure', { on, procedure: 'summary', penaltyKinds: ['fine'] }, 'minor hidden – –'],
    [
      '8(1), 12',
      'summary procedure, sector wants it shown',
      { on, procedure: 'summary', penaltyKinds: ['fine'], minorPublished: true },
      'minor 2026-04-01 2026-04-01 2026-07-01',
    ],
    ['8(2)', 'warning by ordinary procedure', { on, penaltyKinds: ['warning'] }, 'minor hidden – –'],
    ['8(2)', 'circulated criticism', { on, penaltyKinds: ['criticism'] }, 'minor hidden – –'],
    [
      '8(2), 12',
      'warning that the sector wants shown: at most 3 months, repair at once',
      { on, penaltyKinds: ['warning'], minorPublished: true },
      'minor 2026-04-01 2026-04-01 2026-07-01',
    ],
    ['8(3)', 'small fine', { on, penaltyKinds: ['fine'], fineTier: 'small' }, 'minor hidden – –'],
    [
      '8(3)',
      'abnormal-operation entry',
      { on, item: 'abnormal_list', system: 'market_supervision', listCause: 'annual_report' },
      'minor hidden – –',
    ],
    [
      '8(3), 12',
      'abnormal-operation entry that the sector wants shown',
      { on, item: 'abnormal_list', system: 'market_supervision', minorPublished: true },
      'minor 2026-04-01 2026-04-01 2026-07-01',
    ],
    [
      '9(1), 12',
      'large fine',
      { on, penaltyKinds: ['fine'], fineTier: 'large' },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '9(2), 12',
      'confiscation of property',
      { on, penaltyKinds: ['confiscate_property'] },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '10(1), 12',
      'huge fine',
      { on, penaltyKinds: ['fine'], fineTier: 'huge' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(2)',
      'licence suspended',
      { on, penaltyKinds: ['suspend_licence'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(2)',
      'qualification downgraded',
      { on, penaltyKinds: ['downgrade'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(2)',
      'licence revoked: repair possible after 1 year here, unlike on NECIPS',
      { on, penaltyKinds: ['revoke_licence'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(2)',
      'business restricted',
      { on, penaltyKinds: ['restrict_business'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(2)',
      'business suspended',
      { on, penaltyKinds: ['suspend_business'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    ['10(2)', 'closed down', { on, penaltyKinds: ['close_down'] }, 'serious 2026-04-01 2027-04-01 2029-04-01'],
    [
      '10(2)',
      'barred from an occupation',
      { on, penaltyKinds: ['restrict_employment'] },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(3)',
      'serious-dishonesty list',
      { on, item: 'serious_list', list: 'samr_serious', system: 'market_supervision' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '10(4)',
      'persistent offender',
      { on, penaltyKinds: ['fine'], repeatOffender: true },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '11',
      'sector says minor: goes before article 10',
      { on, penaltyKinds: ['suspend_business'], sectorClass: 'minor' },
      'minor hidden – –',
    ],
    [
      '11',
      'sector says general: goes before article 10',
      { on, penaltyKinds: ['suspend_business'], sectorClass: 'general' },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '11',
      'sector says serious: goes before article 8',
      { on, penaltyKinds: ['warning'], sectorClass: 'serious' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '11, 12',
      'sector says minor and wants it shown',
      { on, penaltyKinds: ['fine'], sectorClass: 'minor', minorPublished: true },
      'minor 2026-04-01 2026-04-01 2026-07-01',
    ],
    [
      '12(3)',
      'warning and large fine: the longest kind',
      { on, penaltyKinds: ['warning', 'fine'], fineTier: 'large' },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '12(3)',
      'large fine and suspension: the longest kind',
      { on, penaltyKinds: ['fine', 'suspend_business'], fineTier: 'large' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '12(3)',
      'two-year bar: no early end before it is over',
      { on, penaltyKinds: ['restrict_employment'], term: '2028-03-31' },
      'serious 2026-04-01 2028-04-01 2029-04-01',
    ],
    [
      '12(3)',
      'six-month suspension: the year is longer',
      { on, penaltyKinds: ['suspend_licence'], term: '2026-09-30' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '12(2),(3)',
      'five-year bar: never early, and ends by itself at 3 years',
      { on, penaltyKinds: ['restrict_employment'], term: '2031-03-31' },
      'serious 2026-04-01 – 2029-04-01',
    ],
    [
      '12(3)',
      'natural person, serious',
      { on, subjectKind: 'natural_person', penaltyKinds: ['restrict_employment'] },
      'serious hidden 2027-04-01 –',
    ],
    [
      '12(3)',
      'natural person, general',
      { on, subjectKind: 'natural_person', penaltyKinds: ['confiscate_property'] },
      'general hidden 2026-07-01 –',
    ],
    [
      '7',
      'the clock runs from the decision, though published later',
      { on, published: '2026-05-20', penaltyKinds: ['confiscate_property'] },
      'general 2026-05-20 2026-07-01 2027-04-01',
    ],
    [
      '7, 12(2)',
      'received after its maximum: not shown',
      { on, published: '2027-04-01', penaltyKinds: ['confiscate_property'] },
      'general hidden – –',
    ],
    [
      '9–11 (gap)',
      'confiscation of gains, which no article names',
      { on, penaltyKinds: ['confiscate_gains'] },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '9–11 (gap)',
      'a fine that no sector has graded',
      { on, penaltyKinds: ['fine'], fineYuan: 20000 },
      'general 2026-04-01 2026-07-01 2027-04-01',
    ],
    [
      '12',
      'months clamp at the end: 30 November + 3 months',
      { on: '2026-11-30', penaltyKinds: ['confiscate_property'] },
      'general 2026-11-30 2027-02-28 2027-11-30',
    ],
    [
      '12',
      'a year from 29 February',
      { on: '2028-02-29', penaltyKinds: ['confiscate_property'] },
      'general 2028-02-29 2028-05-29 2029-02-28',
    ],
    [
      '7, 12(2)',
      'the end of the year: from 31 December',
      { on: '2026-12-31', penaltyKinds: ['confiscate_property'] },
      'general 2026-12-31 2027-03-31 2027-12-31',
    ],
    [
      '12(3)',
      'a small fine with a suspension: the longest kind',
      { on, penaltyKinds: ['fine', 'suspend_licence'], fineTier: 'small' },
      'serious 2026-04-01 2027-04-01 2029-04-01',
    ],
    [
      '25',
      'false material: shown for three years, never early',
      { on, item: 'repair_dishonesty' },
      'serious 2026-04-01 – 2029-04-01',
    ],
    [
      '12(3), 25',
      'of a natural person it is not shown',
      { on, item: 'repair_dishonesty', subjectKind: 'natural_person' },
      'serious hidden – –',
    ],
    ['2018/790', 'a licence is no dishonesty information', { on, item: 'licence' }, 'none 2026-04-01 – –'],
  ])
})

describe('NDRC Order 58, until 2026-03-31, as far as it ended before Order 36', () => {
  table('credit_china', [
    [
      'penalties',
      'three years had run out before Order 36',
      { on: '2023-03-01', penaltyKinds: ['fine'] },
      'general 2023-03-01 2023-06-01 2026-03-01',
    ],
    [
      'penalties',
      'the last day before Order 36',
      { on: '2023-04-01', penaltyKinds: ['fine'] },
      'general 2023-04-01 2023-07-01 2026-04-01',
    ],
    [
      'fields',
      'food: at least one year',
      { on: '2023-03-01', penaltyKinds: ['fine'], field: 'food' },
      'serious 2023-03-01 2024-03-01 2026-03-01',
    ],
    [
      'fields',
      'fire: at least one year',
      { on: '2023-03-31', penaltyKinds: ['fine'], field: 'fire' },
      'serious 2023-03-31 2024-03-31 2026-03-31',
    ],
    [
      'fields',
      'a warning in food stays hidden',
      { on: '2024-03-01', penaltyKinds: ['warning'], field: 'food' },
      'minor hidden – –',
    ],
    [
      'summary',
      'summary procedure',
      { on: '2024-03-01', procedure: 'summary', penaltyKinds: ['fine'] },
      'minor hidden – –',
    ],
    ['warning', 'warning', { on: '2024-03-01', penaltyKinds: ['warning'] }, 'minor hidden – –'],
    [
      'persons',
      'natural person',
      { on: '2024-03-01', subjectKind: 'natural_person', penaltyKinds: ['fine'] },
      'general hidden 2024-06-01 –',
    ],
  ])
})

describe('from Order 58 to Order 36: the more favourable, never before its own first day', () => {
  const withTransition = (recordsBefore: 'old_rule' | 'new_rule' | 'more_favourable'): Policy => ({
    ...national,
    regimes: national.regimes.map((r) => ({ ...r, transition: { ...r.transition, recordsBefore } })),
  })
  const cases: [string, Given, 'old_rule' | 'new_rule' | 'more_favourable', string][] = [
    [
      'a general fine of 2024 ends when Order 36 begins',
      { on: '2024-06-01', penaltyKinds: ['fine'] },
      'more_favourable',
      'general 2024-06-01 2024-09-01 2026-04-01',
    ],
    [
      'the same under the old rule',
      { on: '2024-06-01', penaltyKinds: ['fine'] },
      'old_rule',
      'general 2024-06-01 2024-09-01 2027-06-01',
    ],
    [
      'a general fine of 2026 gets its year',
      { on: '2026-03-01', penaltyKinds: ['fine'] },
      'more_favourable',
      'general 2026-03-01 2026-06-01 2027-03-01',
    ],
    [
      'food of 2026: the year of Order 36, not three',
      { on: '2026-03-01', penaltyKinds: ['fine'], field: 'food' },
      'more_favourable',
      'general 2026-03-01 2026-06-01 2027-03-01',
    ],
    [
      'a suspension of 2025: three years both ways, three months are kept',
      { on: '2025-06-01', penaltyKinds: ['suspend_business'] },
      'more_favourable',
      'general 2025-06-01 2025-09-01 2028-06-01',
    ],
    [
      'the same under the new rule',
      { on: '2025-06-01', penaltyKinds: ['suspend_business'] },
      'new_rule',
      'serious 2025-06-01 2025-09-01 2028-06-01',
    ],
    [
      'a small fine of 2025 goes when Order 36 begins',
      { on: '2025-06-01', penaltyKinds: ['fine'], fineTier: 'small' },
      'more_favourable',
      'minor 2025-06-01 – 2026-04-01',
    ],
    [
      'a small fine of March 2026, received in April: never shown',
      { on: '2026-03-20', published: '2026-04-02', penaltyKinds: ['fine'], fineTier: 'small' },
      'more_favourable',
      'minor hidden – –',
    ],
    [
      'the same under the old rule',
      { on: '2026-03-20', published: '2026-04-02', penaltyKinds: ['fine'], fineTier: 'small' },
      'old_rule',
      'general 2026-04-02 2026-06-20 2029-03-20',
    ],
    [
      'a list entry of 2025 gets a maximum',
      { on: '2025-06-01', item: 'serious_list', list: 'samr_serious', system: 'market_supervision' },
      'more_favourable',
      'serious 2025-06-01 2025-06-01 2028-06-01',
    ],
    [
      'an abnormal-operation entry goes when Order 36 begins',
      { on: '2025-06-01', item: 'abnormal_list', system: 'market_supervision' },
      'more_favourable',
      'minor 2025-06-01 – 2026-04-01',
    ],
    [
      'what was hidden stays hidden',
      { on: '2025-06-01', penaltyKinds: ['warning'], sectorClass: 'serious' },
      'more_favourable',
      'minor hidden – –',
    ],
  ]
  it.each(cases)('%s', (_name, given, rule, expected) =>
    expect(answer('credit_china', given, withTransition(rule))).toBe(expected),
  )

  it('says that the transition is open', () => {
    const [w] = windowsOf(facts({ on: '2024-06-01', penaltyKinds: ['fine'] }), national)
    expect(w).toMatchObject({ unsure: true, inputs: { transition: 'credit_china/ndrc-36:more_favourable' } })
    const [settled] = windowsOf(facts({ on: '2026-05-01', penaltyKinds: ['confiscate_property'] }), national)
    expect(settled?.unsure).toBeUndefined()
  })
})

describe('SAMR Order 107, from 2025-12-25, on NECIPS', () => {
  const on = '2026-01-05'
  const published = '2026-01-15'
  const samr = { on, published, system: 'market_supervision' }
  table('necips', [
    ['7(1)1', 'only a warning', { ...samr, penaltyKinds: ['warning'] }, 'minor hidden – –'],
    [
      '7(1)2',
      'only circulated criticism: three months, by itself',
      { ...samr, penaltyKinds: ['criticism'] },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '7(1)3',
      'lighter fine of 50,000 yuan',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 50000, discretion: 'lighter' },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '7(1)3',
      'reduced fine of 1,000 yuan',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 1000, discretion: 'reduced' },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '7(3), 9',
      'lighter fine of 50,000.01 yuan',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 50000.01, discretion: 'lighter' },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '7(3), 9',
      'ordinary tier, though only 1,000 yuan',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 1000, discretion: 'ordinary' },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '7(3), 9',
      'tier of discretion unknown',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 1000 },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '6(2), 7',
      'warning and low fine: the longer',
      { ...samr, penaltyKinds: ['warning', 'fine'], fineYuan: 500, discretion: 'lighter' },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '6(2), 9',
      'warning and confiscation of gains',
      { ...samr, penaltyKinds: ['warning', 'confiscate_gains'] },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '7, 8(1)1',
      'a low fine in food stays minor',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 500, discretion: 'lighter', field: 'food' },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '7, 8(1)1',
      'a warning in drugs stays hidden',
      { ...samr, penaltyKinds: ['warning'], field: 'drug' },
      'minor hidden – –',
    ],
    [
      '8(1)1',
      'food',
      { ...samr, penaltyKinds: ['fine'], fineYuan: 60000, discretion: 'lighter', field: 'food' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)1',
      'drugs',
      { ...samr, penaltyKinds: ['confiscate_gains'], field: 'drug' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)1',
      'medical devices',
      { ...samr, penaltyKinds: ['fine'], field: 'medical_device' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)1',
      'cosmetics',
      { ...samr, penaltyKinds: ['fine'], field: 'cosmetics' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)1',
      'special equipment',
      { ...samr, penaltyKinds: ['fine'], field: 'special_equipment' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)1',
      'key industrial products',
      { ...samr, penaltyKinds: ['fine'], field: 'key_industrial_product' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '6(2), 8(1)1',
      'warning and low fine and confiscation, in food',
      {
        ...samr,
        penaltyKinds: ['warning', 'fine', 'confiscate_gains'],
        fineYuan: 500,
        discretion: 'lighter',
        field: 'food',
      },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(1)2',
      'business suspended',
      { ...samr, penaltyKinds: ['suspend_business'] },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '8(4)',
      'two-year restriction: repair once it is over',
      { ...samr, penaltyKinds: ['restrict_business'], term: '2028-01-04' },
      'serious 2026-01-15 2028-01-05 2029-01-15',
    ],
    [
      '8(2),(4)',
      'five-year bar: shown for the actual term',
      { ...samr, penaltyKinds: ['restrict_employment'], term: '2031-01-04' },
      'serious 2026-01-15 – 2031-01-05',
    ],
    [
      '8(5)',
      'licence revoked: three years, never early',
      { ...samr, penaltyKinds: ['revoke_licence'] },
      'serious 2026-01-15 – 2029-01-15',
    ],
    [
      '8(5)',
      'business licence revoked',
      { ...samr, penaltyKinds: ['revoke_business_licence'] },
      'serious 2026-01-15 – 2029-01-15',
    ],
    ['8(5)', 'downgraded', { ...samr, penaltyKinds: ['downgrade'] }, 'serious 2026-01-15 – 2029-01-15'],
    ['8(5)', 'closed down', { ...samr, penaltyKinds: ['close_down'] }, 'serious 2026-01-15 – 2029-01-15'],
    [
      '6(2), 8',
      'suspension and revocation: no early repair',
      { ...samr, penaltyKinds: ['suspend_business', 'revoke_licence'] },
      'serious 2026-01-15 – 2029-01-15',
    ],
    [
      '8(1)4, 13',
      'serious-violator list',
      { ...samr, item: 'serious_list', list: 'samr_serious' },
      'serious 2026-01-15 2027-01-15 2029-01-15',
    ],
    [
      '9',
      'confiscation of property',
      { ...samr, penaltyKinds: ['confiscate_property'] },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '9',
      'licence suspended, which article 8 does not name',
      { ...samr, penaltyKinds: ['suspend_licence'] },
      'general 2026-01-15 2026-04-15 2027-01-15',
    ],
    [
      '12',
      'abnormal-operation list: any time, no maximum',
      { ...samr, item: 'abnormal_list', listCause: 'unreachable' },
      'listed 2026-01-15 2026-01-15 –',
    ],
    [
      '8(1)1, (2)',
      'food with a bar of five years: the actual term',
      { ...samr, penaltyKinds: ['fine', 'restrict_employment'], field: 'food', term: '2031-01-04' },
      'serious 2026-01-15 – 2031-01-05',
    ],
    [
      '10(1)',
      'a negative spot check on which no penalty or a minor one followed',
      { ...samr, item: 'inspection', result: 'negative' },
      'minor 2026-01-15 – 2026-04-15',
    ],
    [
      '13(2)',
      'a list entry with a measure of five years: no earlier removal',
      { ...samr, item: 'serious_list', list: 'samr_serious', term: '2031-01-04' },
      'serious 2026-01-15 – 2031-01-05',
    ],
    [
      '23(2)',
      'the decision on fraud in repair: three years, never early',
      { ...samr, item: 'repair_dishonesty' },
      'serious 2026-01-15 – 2029-01-15',
    ],
    [
      '7(3), 9',
      'a responsible person fined more than 5,000 yuan is general, and not shown either',
      { ...samr, subjectKind: 'natural_person', penaltyKinds: ['fine'], fineYuan: 5000.01, discretion: 'lighter' },
      'general hidden – –',
    ],
    [
      '2',
      'a penalty of another department',
      { on, published, penaltyKinds: ['fine'], field: 'fire' },
      'none hidden – –',
    ],
    [
      'Order 45 art. 2',
      'summary procedure',
      { ...samr, procedure: 'summary', penaltyKinds: ['fine'], fineYuan: 200, discretion: 'ordinary' },
      'general hidden – –',
    ],
    [
      '7(3)',
      'a responsible person is not shown',
      { ...samr, subjectKind: 'natural_person', penaltyKinds: ['fine'], fineYuan: 5000, discretion: 'lighter' },
      'minor hidden – –',
    ],
  ])
})

describe('the SAMR rule of 2021, and from it to Order 107', () => {
  const samr = { system: 'market_supervision' }
  table('necips', [
    [
      'Order 45 art. 13',
      'three years had run out before Order 107',
      { ...samr, on: '2022-10-01', penaltyKinds: ['fine'] },
      'general 2022-10-01 2023-04-01 2025-10-01',
    ],
    [
      '2021',
      'food: one year',
      { ...samr, on: '2022-10-01', penaltyKinds: ['fine'], field: 'food' },
      'serious 2022-10-01 2023-10-01 2025-10-01',
    ],
    [
      'Order 45 art. 13',
      'low fine of the province: three months',
      { ...samr, on: '2024-10-01', penaltyKinds: ['fine'], fineTier: 'small' },
      'minor 2024-10-01 – 2025-01-01',
    ],
    ['Order 45 art. 2', 'only a warning', { ...samr, on: '2024-10-01', penaltyKinds: ['warning'] }, 'minor hidden – –'],
    [
      'Order 45 art. 14(3)',
      'suspension of 2022: not early',
      { ...samr, on: '2022-10-01', penaltyKinds: ['suspend_business'] },
      'serious 2022-10-01 – 2025-10-01',
    ],
    [
      'Order 45 art. 13(3)',
      'five-year bar: the actual term; repairable under Order 107 only after it',
      { ...samr, on: '2023-10-01', penaltyKinds: ['restrict_employment'], term: '2028-09-30' },
      'serious 2023-10-01 – 2028-10-01',
    ],
    [
      '107 art. 9, carried over',
      'a fine of 2025-06: one year instead of three',
      { ...samr, on: '2025-06-01', penaltyKinds: ['fine'] },
      'general 2025-06-01 2025-12-01 2026-06-01',
    ],
    [
      '107 art. 9, carried over',
      'a fine of 2024: gone on the day Order 107 begins',
      { ...samr, on: '2024-06-01', penaltyKinds: ['fine'] },
      'general 2024-06-01 2024-12-01 2025-12-25',
    ],
    [
      '107 art. 8, carried over',
      'suspension of 2025: three years both ways, but now repairable after one',
      { ...samr, on: '2025-06-01', penaltyKinds: ['suspend_business'] },
      'serious 2025-06-01 2026-06-01 2028-06-01',
    ],
    [
      'clock and day',
      'decided before, published after: Order 107',
      { ...samr, on: '2025-12-20', published: '2025-12-25', penaltyKinds: ['fine'] },
      'general 2025-12-25 2026-03-25 2026-12-25',
    ],
  ])
})

describe('two channels, two answers for one fact', () => {
  it.each<[string, Given, string, string]>([
    [
      'abnormal-operation entry',
      { on: '2026-07-01', item: 'abnormal_list', system: 'market_supervision' },
      'minor hidden – –',
      'listed 2026-07-01 2026-07-01 –',
    ],
    [
      'revoked licence',
      { on: '2026-07-01', system: 'market_supervision', penaltyKinds: ['revoke_licence'] },
      'serious 2026-07-01 2027-07-01 2029-07-01',
      'serious 2026-07-01 – 2029-07-01',
    ],
    [
      'food fine',
      {
        on: '2026-07-01',
        published: '2026-07-08',
        system: 'market_supervision',
        penaltyKinds: ['fine'],
        field: 'food',
      },
      'general 2026-07-08 2026-10-01 2027-07-01',
      'serious 2026-07-08 2027-07-08 2029-07-08',
    ],
  ])('%s', (_name, given, creditChina, necips) => {
    expect(answer('credit_china', given)).toBe(creditChina)
    expect(answer('necips', given)).toBe(necips)
  })
})
