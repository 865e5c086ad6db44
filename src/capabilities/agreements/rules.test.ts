import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../../kernel/time.ts'
import { calendarFrom } from '../../kernel/workdays.ts'
import { type Term, figuresOf, footingOf, possibleMeasures, servedUntil, suggests } from './rules.ts'

const d = (text: string) => text as LocalDate
const TODAY = d('2026-11-20')
const since = { createdOn: d('2026-11-01'), graceDays: 30 }
const term = (validFrom: string, validUntil: string, over: Partial<Term> = {}): Term => ({
  id: validFrom,
  state: 'signed',
  validFrom: d(validFrom),
  validUntil: d(validUntil),
  endedOn: null,
  ...over,
})

describe('how long a third party is served', () => {
  it.each<[string, Term[], string]>([
    ['until the days of grace are over, without an agreement', [], '2026-12-01'],
    ['a draft binds nobody', [term('2026-01-01', '2027-01-01', { state: 'draft' })], '2026-12-01'],
    ['to the end of its agreement', [term('2026-01-01', '2027-01-01')], '2027-01-01'],
    [
      'on through what follows without a day between',
      [term('2026-01-01', '2027-01-01'), term('2027-01-01', '2028-01-01')],
      '2028-01-01',
    ],
    ['not across a gap', [term('2026-01-01', '2027-01-01'), term('2027-01-02', '2028-01-01')], '2027-01-01'],
    [
      'to the day on which it was ended',
      [term('2026-01-01', '2027-01-01', { state: 'ended', endedOn: d('2026-11-18') })],
      '2026-11-18',
    ],
    ['since its last agreement ended', [term('2025-01-01', '2026-01-01')], '2026-01-01'],
    ['not before its agreement begins', [term('2027-01-01', '2028-01-01')], '2026-12-01'],
  ])('%s', (_, terms, until) => {
    expect(servedUntil(terms, TODAY, since)).toBe(until)
  })
  it('says on which footing', () => {
    const rule = { graceDays: 30, warnDays: [30, 7] }
    const now = [term('2026-01-01', '2027-01-01')]
    expect(footingOf(now, d('2027-01-01'), TODAY, rule)).toBe('in_force')
    expect(footingOf(now, d('2026-12-20'), TODAY, rule)).toBe('ending')
    expect(footingOf(now, TODAY, TODAY, rule)).toBe('expired')
    expect(footingOf([], d('2026-12-01'), TODAY, rule)).toBe('grace')
    expect(footingOf([], TODAY, TODAY, rule)).toBe('missing')
  })
})

describe('how late it is', () => {
  const calendar = calendarFrom([{ year: 2026, holidays: [], workdays: [] } as never])
  it('counts what was owed, in time or late, by working days', () => {
    const figures = figuresOf(
      [
        { announcedOn: d('2026-11-09'), ackedOn: d('2026-11-12'), n: 6 },
        { announcedOn: d('2026-11-09'), ackedOn: d('2026-11-13'), n: 1 },
        { announcedOn: d('2026-11-10'), ackedOn: null, n: 1 },
        { announcedOn: d('2026-11-19'), ackedOn: null, n: 2 },
      ],
      calendar,
      3,
      TODAY,
    )
    expect(figures).toEqual({
      owed: 10,
      inTime: 6,
      doneLate: 1,
      waiting: 2,
      late: 1,
      share: 0.25,
      oldest: '2026-11-10',
      oldestWorkdays: 5,
    })
    const rule = { withinDays: 90, share: 0.5, oldestWorkdays: 5 }
    expect(suggests(figures, rule)).toBe(true)
    expect(suggests(figures, { ...rule, oldestWorkdays: 6 })).toBe(false)
    expect(suggests(figures, { ...rule, oldestWorkdays: 6, share: 0.2 })).toBe(true)
    expect(figuresOf([], calendar, 3, TODAY)).toMatchObject({ owed: 0, share: null, oldest: null })
  })
  it('offers what leads on from where it stands', () => {
    const all = ['suspend', 'cut_off', 'reinstate'] as const
    expect(possibleMeasures('active', all)).toEqual(['suspend', 'cut_off'])
    expect(possibleMeasures('suspended', all)).toEqual(['cut_off', 'reinstate'])
    expect(possibleMeasures('cut_off', all)).toEqual(['reinstate'])
    expect(possibleMeasures('onboarding', all)).toEqual([])
  })
})
