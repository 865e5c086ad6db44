import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../platform/policy-files.ts'
import { day, instant } from '../../kernel/time.ts'
import { factsOf } from '../../../test/records-world.ts'
import { type FactRow, factsFor, mayShare, usableUntil } from './rules.facts.ts'
import { type ItemFacts, act } from './rules.ts'

const guangzhou = loadPolicy('440100')
const sichuan = loadPolicy('510000')
const TODAY = day('2026-11-23')

const fact = (over: Partial<FactRow>): FactRow => ({
  subjectId: 's',
  id: 'f',
  fact: 'annualReportFiled',
  value: true,
  on: day('2026-09-01'),
  recordId: null,
  authorityId: 'a',
  authorityName: '某局',
  via: 'system',
  reference: '',
  rule: 'r',
  givenAt: instant('2026-09-02T01:00:00Z'),
  givenBy: 'k',
  withdrawnAt: null,
  withdrawnWhy: null,
  ...over,
})

describe('which shared facts count for a record', () => {
  const record = { id: 'r1', decidedOn: day('2026-05-06') }
  const told = (...rows: FactRow[]) => [...factsFor(rows, record).values()].map((f) => f.id)
  it('its own, and the subject’s since it was decided', () => {
    expect(told(fact({ id: 'own', recordId: 'r1' }))).toEqual(['own'])
    expect(told(fact({ id: 'other', recordId: 'r2' }))).toEqual([])
    expect(told(fact({ id: 'before', on: day('2026-05-05') }))).toEqual([])
    expect(told(fact({ id: 'same day', on: day('2026-05-06') }))).toEqual(['same day'])
    expect(told(fact({ id: 'gone', withdrawnAt: instant('2026-10-01T00:00:00Z') }))).toEqual([])
  })
  it('the latest day stands; of one day the latest word', () => {
    const early = fact({ id: 'early', value: true })
    const late = fact({ id: 'late', value: false, on: day('2026-10-01') })
    const word = fact({ id: 'word', on: day('2026-10-01'), givenAt: instant('2026-10-05T00:00:00Z') })
    expect(told(early, late)).toEqual(['late'])
    expect(told(word, late, early)).toEqual(['word'])
  })
})

describe('who may share what is policy', () => {
  const share = (over: Partial<Parameters<typeof mayShare>[0]>, by: Parameters<typeof mayShare>[2], own = true) => {
    const record = own ? { id: 'r1', authorityId: 'a', decidedOn: day('2026-05-06') } : null
    const given = { fact: 'dutiesPerformed' as const, on: day('2026-06-01'), hasDocNo: own, ...over }
    const said = mayShare(given, record, by, guangzhou, TODAY)
    return said.ok ? said.value.rule : said.refusals[0]?.code
  }
  it.each([
    [{}, { authorityId: 'a', system: 'general' }, true, 'window/shared-facts'],
    [{}, { authorityId: 'b', system: 'general' }, true, 'FACT_NOT_YOURS'],
    [{}, { authorityId: 'b', system: 'tax' }, true, 'window/shared-facts'],
    [{}, { authorityId: 'a', system: 'general' }, false, 'FACT_NEEDS_RECORD'],
    [{ on: day('2026-05-05') }, { authorityId: 'a', system: 'general' }, true, 'FACT_TOO_EARLY'],
    [{ on: day('2026-11-24') }, { authorityId: 'a', system: 'general' }, true, 'FACT_IN_FUTURE'],
    [{ on: TODAY }, { authorityId: 'a', system: 'general' }, true, 'window/shared-facts'],
    [{ fact: 'taxesPaid' as const }, { authorityId: 'b', system: 'tax' }, false, 'window/shared-facts'],
    [{ fact: 'taxesPaid' as const }, { authorityId: 'b', system: 'market_supervision' }, false, 'FACT_NOT_YOURS'],
  ])('%o by %o', (given, by, own, said) => expect(share(given, by, own)).toBe(said))
})

describe('how long a kept file may be used', () => {
  const file = { uploadedAt: instant('2026-02-28T16:00:00Z'), validUntil: null }
  it('to the day before the year is over, in Shanghai', () => {
    expect(usableUntil(file, guangzhou, TODAY)).toBe('2027-02-28')
    expect(usableUntil({ ...file, validUntil: day('2026-12-31') }, guangzhou, TODAY)).toBe('2026-12-31')
    expect(usableUntil({ ...file, validUntil: day('2030-01-01') }, guangzhou, TODAY)).toBe('2027-02-28')
  })
})

describe('acceptance at the window', () => {
  const item: ItemFacts = {
    kind: 'repair',
    state: 'received',
    system: 'credit_china',
    submittedOn: TODAY,
    acceptedOn: null,
    decidedOn: null,
    clock: null,
    asked: {},
    proposal: null,
    extended: false,
  }
  const of = { facts: factsOf({ item: 'penalty' }), windows: [], known: {}, docNo: '1' }
  const accept = (policy: typeof guangzhou, roles: readonly ('window_clerk' | 'officer')[]) =>
    act(item, of, 'accept_at_window', { note: '' }, { policy, today: TODAY, roles, by: 'p', at: TODAY })
  it('is Sichuan’s (二（四）), not everyone’s', () => {
    expect(accept(sichuan, ['window_clerk'])).toMatchObject({ ok: true, value: { state: 'accepted' } })
    expect(accept(guangzhou, ['window_clerk'])).toMatchObject({ refusals: [{ code: 'WINDOW_MAY_NOT_ACCEPT' }] })
    expect(accept(sichuan, ['officer'])).toMatchObject({ ok: false })
  })
})
