import { describe, expect, it } from 'vitest'
import { day, dayOf, instant } from '../../kernel/time.ts'
import { RATE_COUNTS } from '../../kernel/closed-sets.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import {
  backfillBefore,
  backfillLimitOf,
  classOf,
  dueOf,
  formulaOf,
  gapBoundsOf,
  goalOf,
  maySample,
  monthSpan,
  monthsBetween,
  rateOf,
  reportingTerm,
  workdaysLate,
} from './rules.ts'
import { gapsIn, licenceNumberIn, namesHeldLicence, numberedOf } from './rules.gaps.ts'
import { draw } from './service.samples.ts'
import { COUNT_WORDS, MEASURES } from './words.ts'

const national = loadPolicy('440100')
const today = day('2026-11-23')

describe('the term: 自作出行政决定之日起7个工作日内, the rest within a month', () => {
  const table: [decided: string, item: string, due: string, provisional: boolean, why: string][] = [
    ['2026-05-11', 'penalty', '2026-05-20', false, 'an ordinary week: the day of the decision is not counted'],
    ['2026-04-24', 'penalty', '2026-05-08', false, 'over the Labour Day holidays'],
    ['2026-04-27', 'licence', '2026-05-09', false, 'the seventh is a Saturday on which work is done'],
    ['2026-09-18', 'penalty', '2026-09-29', false, 'a Sunday on which work is done is the first'],
    ['2026-09-24', 'penalty', '2026-10-12', false, 'over Mid-Autumn and the National Day'],
    ['2026-05-09', 'penalty', '2026-05-19', false, 'decided on a Saturday on which work is done'],
    ['2026-05-16', 'penalty', '2026-05-26', false, 'decided on a Saturday without work'],
    ['2025-12-25', 'penalty', '2026-01-06', false, 'over the end of the year'],
    ['2026-12-24', 'penalty', '2027-01-04', true, 'into a year whose calendar is not published'],
    ['2026-12-18', 'penalty', '2026-12-29', false, 'to the end of the published calendar and no further'],
    ['2026-01-31', 'abnormal_list', '2026-02-28', false, 'a month ends on its last day'],
    ['2026-03-10', 'serious_list', '2026-04-10', false, 'a month'],
    ['2026-03-10', 'honour_of_some_kind', '2026-04-10', false, 'what nothing is said of: within a month'],
  ]
  for (const [decided, item, due, provisional, why] of table)
    it(`${item} decided on ${decided} is due on ${due}: ${why}`, () => {
      expect(dueOf(national, item, day(decided))).toMatchObject({ dueOn: due, provisional })
    })
  it('says why it is provisional', () => {
    expect(dueOf(national, 'penalty', day('2026-12-24')).reason?.zh).toContain('2027')
  })
  it('takes a place’s own rule before the catalog', () => {
    const ankang = loadPolicy('610900')
    expect(reportingTerm(ankang, 'penalty', day('2026-05-11'))).toMatchObject({
      workdays: 7,
      article: '二（一）第一款',
    })
    expect(reportingTerm(national, 'penalty', day('2026-05-11'))).toMatchObject({ workdays: 7 })
  })
  it('has no due day where nothing names a term', () => {
    expect(dueOf({ ...national, terms: [], catalog: [] }, 'penalty', day('2026-05-11')).dueOn).toBeNull()
  })
})

describe('late: reported after the last day, by the days of Asia/Shanghai', () => {
  const dueOn = day('2026-05-08')
  const before = day('2020-01-01')
  const reported = (at: string) =>
    classOf({ state: 'held', reportedOn: dayOf(instant(at)), dueOn, flagged: false }, before)
  it('is in time until midnight', () => {
    expect(reported('2026-05-08T15:59:59.999Z')).toBe('on_time')
    expect(reported('2026-05-08T16:00:00.000Z')).toBe('late')
  })
  it('counts the working days it was late', () => {
    expect(workdaysLate(national, dueOn, day('2026-05-08'))).toBe(0)
    expect(workdaysLate(national, dueOn, day('2026-05-09'))).toBe(1)
    expect(workdaysLate(national, dueOn, day('2026-05-10'))).toBe(1)
    expect(workdaysLate(national, dueOn, day('2026-05-12'))).toBe(3)
    expect(workdaysLate(national, null, day('2026-05-12'))).toBe(0)
  })
  it('is nothing at all when annulled or without a term', () => {
    const record = { state: 'held' as const, reportedOn: day('2026-06-01'), dueOn, flagged: false }
    expect(classOf({ ...record, state: 'annulled' }, before)).toBe('annulled')
    expect(classOf({ ...record, dueOn: null }, before)).toBe('no_term')
  })
})

describe('backfill: only what fell due before the authority began to report', () => {
  const began = day('2026-03-02')
  const limit = backfillLimitOf(national, today)
  const of = (dueOn: string, flagged = true) =>
    classOf({ state: 'held', reportedOn: day('2026-06-01'), dueOn: day(dueOn), flagged }, backfillBefore(limit, began))
  it('is counted apart', () => expect(of('2026-03-01')).toBe('backfill'))
  it('hides nothing that fell due from the first day on', () => expect(of('2026-03-02')).toBe('late'))
  it('is no matter of the mark alone', () => expect(of('2026-03-01', false)).toBe('late'))
  it('may be given a day for all, and so many days before it', () => {
    expect(backfillBefore({ dueBefore: day('2026-01-01'), days: 10 }, began)).toBe('2025-12-22')
    expect(backfillBefore({ dueBefore: 'first_report', days: 1 }, began)).toBe('2026-03-01')
  })
})

describe('rates: named counts of the policy', () => {
  it('knows every name that a policy may use', () =>
    expect([...RATE_COUNTS].sort()).toEqual(Object.keys(COUNT_WORDS).sort()))
  it('computes by the formula in force', () => {
    const counts = { on_time: 90, late: 10, backfill: 500, missing_open: 3, missing_explained: 2 }
    expect(rateOf(formulaOf(national, 'late', today).value, counts)).toEqual({
      numerator: 10,
      denominator: 100,
      share: 0.1,
    })
    expect(rateOf(formulaOf(national, 'missing', today).value, counts)).toMatchObject({
      numerator: 5,
      denominator: 105,
    })
    expect(rateOf(formulaOf(national, 'concealed', today).value, { sample_neither: 1, sample_drawn: 20 }).share).toBe(
      0.05,
    )
  })
  it('subtracts where a place says so', () => {
    const local = { numerator: 'late - annulled', denominator: 'on_time + late - annulled' }
    expect(rateOf(local, { on_time: 7, late: 3, annulled: 1 })).toEqual({ numerator: 2, denominator: 9, share: 2 / 9 })
  })
  it('has no share of nothing', () => expect(rateOf(formulaOf(national, 'late', today).value, {}).share).toBeNull())
  it('marks what is not settled, and has a goal for each', () => {
    expect(MEASURES.map((m) => formulaOf(national, m, today).unsure)).toEqual([false, true, true])
    expect(MEASURES.map((m) => goalOf(national, m, today))).toEqual([0, 0, 0])
  })
  it('holds in every jurisdiction', () => {
    for (const code of ['130000', '510000', '610900'])
      for (const m of MEASURES) expect(formulaOf(loadPolicy(code), m, today).value.denominator).not.toBe('')
  })
})

describe('months', () => {
  it('are the last twelve unless asked otherwise', () => {
    expect(monthSpan({}, today)).toEqual({ from: '2025-12-01', to: '2026-11-01' })
    expect(monthsBetween(day('2025-11-01'), day('2026-02-01'))).toEqual([
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
    ])
    expect(monthsBetween(day('2026-02-01'), day('2026-01-01'))).toEqual([])
  })
})

describe('the gap finder', () => {
  const bounds = gapBoundsOf(national, today)
  const held = (numbers: number[], name = (n: number) => `穗天市监罚〔2026〕${n}号`) =>
    numbers.map((n) => ({ docNo: name(n), decidedOn: day(`2026-05-${String((n % 28) + 1).padStart(2, '0')}`) }))
  it('reads the series of a number in its several spellings', () => {
    for (const spelling of ['穗天市监罚〔2026〕第15号', '穗天市监罚(2026)15号', '穗天市监罚[2026] 15 号'])
      expect(numberedOf(spelling)).toMatchObject({ series: '穗天市监罚(2026)', n: 15 })
    expect(numberedOf('粤穗食许2026-0015')).toMatchObject({ n: 15, width: 4 })
    expect(numberedOf('JY14401060001234')).toBeNull()
    expect(numberedOf('无文号')).toBeNull()
  })
  it('finds what is missing in a run, between whom, and no later than the next', () => {
    const gaps = gapsIn(held([1, 2, 3, 5, 6, 9, 10, 11, 12]), bounds)
    expect(gaps.map((g) => g.docNo).sort()).toEqual([
      '穗天市监罚〔2026〕4号',
      '穗天市监罚〔2026〕7号',
      '穗天市监罚〔2026〕8号',
    ])
    expect(gaps.find((g) => g.docNo.endsWith('4号'))).toMatchObject({
      heldBefore: '穗天市监罚〔2026〕3号',
      heldAfter: '穗天市监罚〔2026〕5号',
      decidedOn: '2026-05-06',
    })
  })
  it('takes a range for as many numbers', () => {
    const gaps = gapsIn(
      [...held([1, 2, 3]), { docNo: '穗天市监罚〔2026〕4-7号', decidedOn: day('2026-05-09') }, ...held([9])],
      bounds,
    )
    expect(gaps.map((g) => g.docNo)).toEqual(['穗天市监罚〔2026〕8号'])
  })
  it('keeps apart what is not of one series', () => {
    expect(
      gapsIn([...held([1, 3, 5]), ...held([2, 4, 6], (n) => `穗天应急罚〔2026〕${n}号`)], { ...bounds, leastHeld: 9 }),
    ).toEqual([])
    expect(gapsIn([...held([1, 2, 3]), ...held([4, 5, 6], (n) => `穗天市监罚〔2025〕${n}号`)], bounds)).toEqual([])
  })
  it('makes nothing of numbers that do not run, or of one typed far off', () => {
    expect(gapsIn(held([10, 30, 50, 70, 90, 110]), bounds)).toEqual([])
    expect(gapsIn(held([1, 2, 3, 4, 5, 999_999]), bounds)).toEqual([])
  })
  it('stops at the bound', () => {
    const odd = Array.from({ length: 600 }, (_, i) => i * 2 + 1)
    expect(gapsIn(held(odd), { ...bounds, leastShare: 0.4 })).toHaveLength(bounds.most)
  })
  it('keeps leading zeros', () => {
    const gaps = gapsIn(
      held([1, 2, 3, 4, 6], (n) => `穗天许〔2026〕${String(n).padStart(4, '0')}号`),
      bounds,
    )
    expect(gaps.map((g) => g.docNo)).toEqual(['穗天许〔2026〕0005号'])
  })
  it('knows a licence by its number, however it is written in a penalty', () => {
    const licence = { licenceNo: 'JY14401060001234', docNo: '穗天食许〔2025〕7号' }
    expect(namesHeldLicence('食品经营许可证（ＪＹ14401060001234）', [licence])).toBe(true)
    expect(namesHeldLicence('食品经营许可证 JY14401069999999', [licence])).toBe(false)
    expect(licenceNumberIn('食品经营许可证 JY14401060001234')).toBe('JY14401060001234')
    expect(licenceNumberIn('食品经营许可证')).toBeNull()
  })
})

describe('the draw', () => {
  const list = Array.from({ length: 100 }, (_, i) => ({ docKey: `穗天市监罚(2026)${i + 1}` }))
  it('gives anyone the same rows from the same list and seed', () => {
    expect(draw(list, 'seed-2026', 5)).toEqual(draw([...list].reverse(), 'seed-2026', 5))
    expect(draw(list, 'seed-2026', 5)).not.toEqual(draw(list, 'seed-2027', 5))
  })
  it('draws a larger sample around a smaller one', () =>
    expect(draw(list, 'abcd', 20).slice(0, 5)).toEqual(draw(list, 'abcd', 5)))
  it('keeps within the bounds of the policy and of the list', () => {
    expect(maySample(national, 20, 100, today)).toEqual({ ok: true, value: 20 })
    expect(maySample(national, 501, 5000, today)).toMatchObject({ refusals: [{ code: 'SAMPLE_SIZE_OUT_OF_BOUNDS' }] })
    expect(maySample(national, 20, 10, today)).toMatchObject({ refusals: [{ code: 'SAMPLE_LARGER_THAN_LIST' }] })
  })
})
