import { describe, expect, it } from 'vitest'
import { groundsHere } from '../../src/capabilities/objections/rules.ts'
import { barOf, headDecides } from '../../src/capabilities/repair/rules.ts'
import { dueOf, extendClock, resumeClock, startClock, stopClock } from '../../src/capabilities/repair/rules.clock.ts'
import { termOf } from '../../src/kernel/eligibility.ts'
import { type Instant, day } from '../../src/kernel/time.ts'
import {
  NOTHING_KNOWN,
  type Disposition,
  type RecordFacts,
  restartOf,
  statusOn,
  windowsOf,
} from '../../src/kernel/window.ts'
import { calendarOf } from '../../src/kernel/workdays.ts'
import { loadPolicy } from '../../src/platform/policy-files.ts'

/**
 * Worked cases of the time limits and of the endings, written from the articles and the State Council's holiday notices:
 * 2026 has 2026-01-04, 02-14, 02-28, 05-09, 09-20 and 10-10 as working weekend days; of 2027 no notice is loaded, so what
 * reaches into it is provisional (~).
 */
const packs = { gz: loadPolicy('440100'), sc: loadPolicy('510000'), ak: loadPolicy('610900'), hb: loadPolicy('130000') }
type Place = keyof typeof packs
const gz = packs.gz

const facts = (more: Partial<RecordFacts> = {}): RecordFacts => ({
  ...NOTHING_KNOWN,
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-06'),
  publishedOn: day('2026-05-06'),
  procedure: 'ordinary',
  penaltyKinds: ['confiscate_property'],
  ...more,
})
const ABNORMAL = { item: 'abnormal_list', system: 'market_supervision', penaltyKinds: [] } as Partial<RecordFacts>
const SERIOUS = { item: 'serious_list', penaltyKinds: [] } as Partial<RecordFacts>

type System = 'credit_china' | 'necips' | 'tax' | 'court' | 'collection'
type Row = [
  article: string,
  name: string,
  system: System,
  step: string,
  from: string,
  due: string,
  of?: Partial<RecordFacts>,
]
const lastDay = (place: Place, system: System, step: string, from: string, of: Partial<RecordFacts> = {}): string => {
  const policy = packs[place]
  const term = termOf(policy, system, step, day(from), facts(of))
  const clock = startClock('decide', term, day(from))
  if (!clock) return 'no term'
  const due = dueOf(clock, calendarOf(policy))
  return `${due.day}${due.provisional ? ' ~' : ''}`
}

const NATIONAL: Row[] = [
  [
    '36 art. 16(2)',
    'accepted within 3 working days; a Saturday at work counts',
    'credit_china',
    'accept',
    '2026-05-06',
    '2026-05-09',
  ],
  ['36 art. 16(2)', 'pushed before Labour Day', 'credit_china', 'accept', '2026-04-30', '2026-05-08'],
  ['36 art. 16(2)', 'pushed before National Day', 'credit_china', 'accept', '2026-09-30', '2026-10-10'],
  ['36 art. 16(2)', 'over a plain weekend', 'credit_china', 'accept', '2026-11-20', '2026-11-25'],
  ['36 art. 16(2)', 'pushed on a Saturday', 'credit_china', 'accept', '2026-11-21', '2026-11-25'],
  ['36 art. 16(2)', 'into a year without a notice', 'credit_china', 'accept', '2026-12-30', '2027-01-04 ~'],
  ['36 art. 16(3)', 'decided within 7 working days', 'credit_china', 'decide', '2026-05-08', '2026-05-18'],
  ['36 art. 16(3)', 'over a Sunday at work and Mid-Autumn', 'credit_china', 'decide', '2026-09-18', '2026-09-29'],
  ['36 art. 16(3)', 'over Dragon Boat', 'credit_china', 'decide', '2026-06-18', '2026-06-30'],
  [
    '36 art. 16(1)',
    'ten working days from the application to the result',
    'credit_china',
    'total',
    '2026-04-01',
    '2026-04-16',
  ],
  [
    '36 art. 18',
    'an objection is pushed within 1 working day',
    'credit_china',
    'push_objection',
    '2026-04-03',
    '2026-04-07',
  ],
  ['36 art. 18', 'and verified within 7', 'credit_china', 'objection', '2026-04-07', '2026-04-16'],
  [
    '36 art. 20(1)',
    'shielded within 10 working days of the application',
    'credit_china',
    'shield',
    '2026-09-30',
    '2026-10-20',
  ],
  [
    'APL arts. 48, 85',
    'an annulled penalty is withdrawn within 3 working days',
    'credit_china',
    'withdraw_annulled',
    '2026-10-09',
    '2026-10-13',
  ],
  [
    '107 art. 14(3)',
    'accepted within 2 working days, one of them a Saturday before Spring Festival',
    'necips',
    'accept',
    '2026-02-13',
    '2026-02-24',
  ],
  [
    '107 art. 16(1)',
    'an abnormal entry within 2, over New Year',
    'necips',
    'decide',
    '2025-12-31',
    '2026-01-05',
    ABNORMAL,
  ],
  ['107 art. 16(2)', 'a penalty within 7', 'necips', 'decide', '2026-02-27', '2026-03-09'],
  ['107 art. 16(2)', 'a list within 7', 'necips', 'decide', '2026-02-27', '2026-03-09', SERIOUS],
  ['107 art. 17', 'carried out within 3', 'necips', 'execute', '2026-04-30', '2026-05-08'],
  ['107 art. 4(2)', 'to the province of registration within 3', 'necips', 'push_province', '2026-06-17', '2026-06-23'],
  ['107 art. 22(1)', 'shielded within 7', 'necips', 'shield', '2026-04-30', '2026-05-13'],
  [
    '107 art. 25(2)',
    'another department’s decision is followed within 3',
    'necips',
    'assist',
    '2026-12-29',
    '2027-01-01 ~',
  ],
  ['Order 45 art. 11', 'an annulled penalty within 3', 'necips', 'withdraw_annulled', '2026-02-11', '2026-02-14'],
  ['2021 rule', 'an abnormal entry of 2025 within 5', 'necips', 'decide', '2025-09-26', '2025-10-10', ABNORMAL],
  ['2021 rule', 'a penalty of 2025 within 15', 'necips', 'decide', '2025-12-12', '2026-01-05'],
  ['STA 54 art. 20', 'the tax authority accepts within 2', 'tax', 'accept', '2026-09-24', '2026-09-29', SERIOUS],
  ['STA 54 art. 21', 'and decides within 15', 'tax', 'decide', '2026-09-24', '2026-10-22', SERIOUS],
  ['STA 54 art. 21', 'and stops publication within 5', 'tax', 'execute', '2026-10-22', '2026-10-29', SERIOUS],
  ['SPC art. 10', 'the court deletes within 3', 'court', 'execute', '2026-05-05', '2026-05-08', SERIOUS],
]
const PLACES = Object.keys(packs) as Place[]
describe.each(PLACES)('time limits of the national orders, as they run in %s', (place) => {
  it.each(NATIONAL)('%s %s', (_article, _name, system, step, from, due, of) =>
    expect(lastDay(place, system, step, from, of)).toBe(due),
  )
})

describe('time limits of one place', () => {
  it.each<[article: string, name: string, place: Place, system: System, step: string, from: string, due: string]>([
    [
      'GZ24 一(二)',
      'first review within 1 working day, while it was asked',
      'gz',
      'credit_china',
      'first_review',
      '2026-03-27',
      '2026-03-30',
    ],
    ['SC24', 'no first review in Sichuan', 'sc', 'credit_china', 'first_review', '2026-03-27', 'no term'],
    ['HB21', 'none in Hebei', 'hb', 'credit_china', 'first_review', '2026-03-27', 'no term'],
    ['AK20', 'none in Ankang', 'ak', 'credit_china', 'first_review', '2026-03-27', 'no term'],
    ['AK20 二(一)', 'double publicity reported within 7', 'ak', 'collection', 'report', '2026-09-29', '2026-10-14'],
    ['HB21 二(一)2', 'double publicity reported within 7', 'hb', 'collection', 'report', '2026-09-29', '2026-10-14'],
    ['State Council (2016) 33', 'and so nationally', 'gz', 'collection', 'report', '2026-09-29', '2026-10-14'],
    ['AK20 二(三)', 'a penalty published within 7', 'ak', 'collection', 'publish', '2026-09-29', '2026-10-14'],
    [
      'Order 45 art. 9',
      'market supervision publishes within 20',
      'sc',
      'collection',
      'report_necips',
      '2026-09-29',
      '2026-11-02',
    ],
  ])('%s %s', (_article, _name, place, system, step, from, due) =>
    expect(
      lastDay(
        place,
        system,
        step,
        from,
        system === 'collection' && step === 'report_necips' ? { system: 'market_supervision' } : {},
      ),
    ).toBe(due),
  )
})

describe('a clock that stands still, and one that is extended', () => {
  const calendar = calendarOf(gz)
  const accept = startClock(
    'accept',
    termOf(gz, 'credit_china', 'accept', day('2026-05-06'), facts()),
    day('2026-05-06'),
  )
  it.each<[article: string, name: string, asked: string, back: string | null, due: string | null]>([
    [
      '36 art. 16(2)',
      'asked the next day, back after a week: three days are left',
      '2026-05-07',
      '2026-05-13',
      '2026-05-18',
    ],
    ['36 art. 16(2)', 'asked a day later: two are left', '2026-05-08', '2026-05-13', '2026-05-15'],
    ['36 art. 16(2)', 'asked on the last day: one is left', '2026-05-09', '2026-05-13', '2026-05-14'],
    ['36 art. 16(2)', 'not back yet: no last day', '2026-05-08', null, null],
    ['36 art. 16(2)', 'asked after the term: late it stays', '2026-05-12', '2026-05-13', '2026-05-09'],
  ])('%s %s', (_article, _name, asked, back, due) => {
    const stopped = stopClock(accept, day(asked))
    const clock = back ? resumeClock(stopped, day(back)) : stopped
    expect(clock && dueOf(clock, calendar).day).toBe(due)
  })

  it.each<[article: string, system: System, of: Partial<RecordFacts>, from: string, due: string]>([
    ['36 art. 16(3)', 'credit_china', {}, '2026-05-08', '2026-06-01'],
    ['107 art. 16(3), a penalty', 'necips', {}, '2026-02-27', '2026-03-23'],
    ['107 art. 16(3), an abnormal entry', 'necips', ABNORMAL, '2026-02-27', '2026-03-16'],
  ])('%s: ten working days more', (_article, system, of, from, due) => {
    const term = termOf(gz, system, 'decide', day(from), facts(of))
    const clock = extendClock(startClock('decide', term, day(from)), term?.extend?.workdays ?? 0)
    expect(clock && dueOf(clock, calendar).day).toBe(due)
  })

  it('36 art. 18: an objection is extended by a time that the order does not fix, told beforehand', () =>
    expect(termOf(gz, 'credit_china', 'objection', day('2026-11-21'))?.extend?.workdays).toBeNull())
  it('STA 54: no extension', () => expect(termOf(gz, 'tax', 'decide', day('2026-11-21'))?.extend ?? null).toBeNull())
})

describe('on which grounds may be objected', () => {
  // Order 36 art. 18 names the content, the period and the two refusals “and other” cases; Guangzhou and Hebei name the five.
  const FIVE = ['wrong_content', 'omission', 'double_publicity', 'should_not_be_shown', 'shown_too_long']
  it.each<[article: string, place: Place, on: string, expected: string[]]>([
    ['36 art. 18', 'sc', '2026-04-01', [...FIVE, 'wrong_period', 'not_accepted', 'not_granted']],
    ['36 art. 18', 'ak', '2026-04-01', [...FIVE, 'wrong_period', 'not_accepted', 'not_granted']],
    ['GZ24 二（七）; 36 art. 18', 'gz', '2026-04-01', [...FIVE, 'wrong_period', 'not_accepted', 'not_granted']],
    ['HB21 二（四）13; 36 art. 18', 'hb', '2026-04-01', [...FIVE, 'wrong_period', 'not_accepted', 'not_granted']],
    ['before Order 36 no refusal', 'ak', '2026-03-31', [...FIVE, 'wrong_period']],
  ])('%s %s %s', (_article, place, on, expected) =>
    expect(groundsHere(packs[place], day(on)).grounds).toEqual(expected),
  )
})

describe('who decides inside the authority', () => {
  it.each<
    [
      article: string,
      system: string,
      on: string,
      action: 'not_accept' | 'grant' | 'refuse' | 'extend' | 'accept' | 'ask_once' | 'forged' | 'revoke',
      head: boolean,
    ]
  >([
    ['107 art. 14(3)', 'necips', '2026-01-05', 'not_accept', true],
    ['107 art. 14(3)', 'necips', '2026-01-05', 'accept', false],
    ['107 art. 14(3)', 'necips', '2026-01-05', 'ask_once', false],
    ['107 art. 16(3)', 'necips', '2026-01-05', 'extend', true],
    ['107 art. 17', 'necips', '2026-01-05', 'grant', true],
    ['107 art. 17', 'necips', '2026-01-05', 'refuse', true],
    ['107 art. 23', 'necips', '2026-01-05', 'revoke', true],
    ['36 art. 16', 'credit_china', '2026-05-06', 'grant', false],
    ['36 art. 16', 'credit_china', '2026-05-06', 'refuse', false],
    ['36 art. 16(3)', 'credit_china', '2026-05-06', 'extend', false],
    ['36 art. 25 (UNSURE)', 'credit_china', '2026-05-06', 'forged', true],
  ])('%s %s %s %s', (_article, system, on, action, head) =>
    expect(headDecides(gz, system, action, day(on)) !== null).toBe(head),
  )
})

describe('false material', () => {
  it.each<[article: string, system: string, on: string, expected: string]>([
    ['36 art. 25', 'credit_china', '2026-11-22', 'record 2029-11-22 2029-11-22'],
    ['36 art. 25', 'credit_china', '2028-02-29', 'record 2031-02-28 2031-02-28'],
    ['107 art. 23(2)', 'necips', '2026-11-22', 'system 2029-11-22 2029-11-22'],
    ['107 art. 23(2)', 'necips', '2026-12-31', 'system 2029-12-31 2029-12-31'],
  ])('%s: barred and shown for three years (%s, %s)', (_article, system, on, expected) => {
    const bar = barOf(gz, system, day(on))
    expect(bar && `${bar.wholeSystem ? 'system' : 'record'} ${bar.validTo} ${bar.shownUntil}`).toBe(expected)
  })
  it('Order 58 named no such period: none is made up', () =>
    expect(barOf(gz, 'credit_china', day('2026-03-31'))).toBeNull())
})

describe('how the display of a record ends and begins again', () => {
  const act = (kind: Disposition['kind'], on: string, more: Partial<Disposition> = {}): Disposition => ({
    kind,
    channel: null,
    effectiveFrom: day(on),
    recordedAt: `${on}T02:00:00.000Z` as Instant,
    ...more,
  })
  const SAMR = { system: 'market_supervision', penaltyKinds: ['fine'] } as Partial<RecordFacts>
  const revoked = (of: Partial<RecordFacts>, on: string): Disposition =>
    act('revoked', on, { restart: restartOf(windowsOf(facts(of), gz), gz, day(on)) })
  /** On each channel that ever shows it. */
  const seen = (of: Partial<RecordFacts>, acts: Disposition[], on: string) =>
    statusOn(windowsOf(facts(of), gz), acts, day(on))
      .filter((s) => (s.window.planned ?? s.window).from !== null)
      .map((s) => `${s.channel} ${s.reason}`)
      .toSorted()
      .join(', ')
  it.each<[article: string, name: string, of: Partial<RecordFacts>, acts: Disposition[], days: [string, string][]]>([
    [
      '36 art. 12(2)',
      'at the maximum it stops by itself',
      {},
      [],
      [
        ['2027-05-05', 'credit_china shown'],
        ['2027-05-06', 'credit_china expiry'],
      ],
    ],
    [
      '36 art. 3',
      'repaired',
      {},
      [act('repaired', '2026-08-10')],
      [
        ['2026-08-09', 'credit_china shown'],
        ['2026-08-10', 'credit_china repaired'],
      ],
    ],
    [
      '36 art. 23; 107 art. 25',
      'a repair counts on both systems',
      SAMR,
      [act('repaired', '2026-08-10')],
      [
        ['2026-08-09', 'credit_china shown, necips shown'],
        ['2026-08-10', 'credit_china repaired, necips repaired'],
      ],
    ],
    [
      '36 art. 19(2)',
      'annulled',
      {},
      [act('annulled', '2026-06-01')],
      [
        ['2026-05-31', 'credit_china shown'],
        ['2026-06-01', 'credit_china annulled'],
      ],
    ],
    [
      '36 art. 20(1)',
      'shielded while the plan is carried out',
      {},
      [act('shielded', '2026-06-01')],
      [['2026-06-01', 'credit_china shielded']],
    ],
    [
      '36 art. 20(2)',
      'the plan fails: shown again',
      {},
      [act('shielded', '2026-06-01'), act('restored', '2026-09-01')],
      [
        ['2026-08-31', 'credit_china shielded'],
        ['2026-09-01', 'credit_china shown'],
      ],
    ],
    [
      '36 arts. 12(2), 20(2)',
      'the plan fails after the maximum: not shown again',
      {},
      [act('shielded', '2026-06-01'), act('restored', '2027-06-01')],
      [['2027-06-01', 'credit_china expiry']],
    ],
    [
      '36 art. 20(3)',
      'the plan is completed and repair granted',
      {},
      [act('shielded', '2026-06-01'), act('repaired', '2026-12-01')],
      [['2026-12-01', 'credit_china repaired']],
    ],
    [
      '107 art. 22(3)',
      'on both systems the failure restores',
      SAMR,
      [act('shielded', '2026-06-01'), act('restored', '2026-07-01')],
      [['2026-07-01', 'credit_china shown, necips shown']],
    ],
    [
      '107 art. 20',
      'deregistered',
      SAMR,
      [act('deregistered', '2026-06-01', { channel: 'necips' })],
      [['2026-06-01', 'credit_china shown, necips deregistered']],
    ],
    [
      '107 art. 23(1)',
      'a revoked grant: shown again, a year anew',
      SAMR,
      [act('repaired', '2026-08-10'), revoked(SAMR, '2026-10-01')],
      [
        ['2026-09-30', 'credit_china repaired, necips repaired'],
        ['2026-10-01', 'credit_china shown, necips shown'],
        ['2027-09-30', 'credit_china expiry, necips shown'],
        ['2027-10-01', 'credit_china expiry, necips expiry'],
      ],
    ],
    [
      '36 art. 25',
      'here the clock runs on, it does not begin anew',
      {},
      [act('repaired', '2026-08-10'), revoked({}, '2026-10-01')],
      [
        ['2026-10-01', 'credit_china shown'],
        ['2027-05-06', 'credit_china expiry'],
      ],
    ],
    [
      '36 art. 19(1)',
      'a lawsuit alone changes nothing; a stay that the court orders takes it down until it is over',
      {},
      [act('withheld', '2026-06-01'), act('restored', '2026-08-01')],
      [
        ['2026-05-31', 'credit_china shown'],
        ['2026-06-01', 'credit_china withheld'],
        ['2026-08-01', 'credit_china shown'],
      ],
    ],
    [
      '107 art. 20',
      'an abnormal entry and a list entry of whoever is deregistered',
      ABNORMAL,
      [act('deregistered', '2026-06-01', { channel: 'necips' })],
      [
        ['2026-05-31', 'necips shown'],
        ['2026-06-01', 'necips deregistered'],
      ],
    ],
    [
      '107 art. 13(2)',
      'a list entry is removed after three years',
      { ...SERIOUS, system: 'market_supervision', list: 'samr_serious' },
      [],
      [
        ['2029-05-05', 'credit_china shown, necips shown'],
        ['2029-05-06', 'credit_china expiry, necips expiry'],
      ],
    ],
    [
      '107 art. 10(1)',
      'a negative spot check, three months',
      { item: 'inspection', system: 'market_supervision', penaltyKinds: [], result: 'negative' },
      [],
      [
        ['2026-08-05', 'necips shown'],
        ['2026-08-06', 'necips expiry'],
      ],
    ],
    ['107 art. 12', 'an abnormal entry stays until it is removed', ABNORMAL, [], [['2030-01-01', 'necips shown']]],
    [
      '107 art. 12(2)',
      'removed: not shown from that day',
      ABNORMAL,
      [act('repaired', '2026-06-01')],
      [
        ['2026-05-31', 'necips shown'],
        ['2026-06-01', 'necips repaired'],
      ],
    ],
  ])('%s %s', (_article, _name, of, acts, days) => {
    for (const [on, expected] of days) expect(`${on} ${seen(of, acts, on)}`).toBe(`${on} ${expected}`)
  })
})
