import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../platform/policy-files.ts'
import { day } from '../../kernel/time.ts'
import { termOf } from '../../kernel/eligibility.ts'
import { addressee, categoryOf, codeKindOf, isOverdue, mayJoin, mustBeAnother, registrarOf } from './rules.ts'

const policy = loadPolicy('440100')
const on = day('2026-11-23')
const place = (name: string, division: string, more: object = {}) => ({
  name,
  division,
  system: 'general',
  duties: [] as string[],
  isCreditOffice: false,
  ...more,
})
const market = registrarOf(policy, categoryOf(policy, { uscc: '91440106MADM001Y5Q', codeKind: null, kind: null }), on)

describe('who is asked about a code (HB21 4)', () => {
  it('is the registrar of the category', () => {
    expect(market).toMatchObject({ duty: 'register_market', system: 'market_supervision' })
    const civil = categoryOf(policy, { uscc: '52440106MADM001Y5Q', codeKind: null, kind: null })
    expect(registrarOf(policy, civil, on)?.duty).toBe('register_civil_affairs')
  })
  it('of a subject without a unified code follows from what it has', () => {
    expect(categoryOf(policy, { uscc: null, codeKind: 'registration', kind: 'other' })?.registrar.zh).toBe('市场监管')
    expect(categoryOf(policy, { uscc: null, codeKind: 'organisation', kind: 'government_body' })?.registrar.zh).toBe(
      '机构编制',
    )
    expect(categoryOf(policy, { uscc: null, codeKind: 'organisation', kind: 'other' })).toBeNull()
  })
  it('knows the registrar of every category but the open one', () => {
    const unknown = policy.usccCategories.filter((c) => !registrarOf(policy, c, on)).map((c) => c.code)
    expect(unknown).toEqual(['Y1'])
  })
  it('is the nearest, by duty or by system', () => {
    const county = place('天河', '440106', { system: 'market_supervision' })
    const city = place('广州', '440100', { duties: ['register_market'] })
    expect(addressee([city, county], market, '440106')).toEqual({ authority: county, toOffice: false })
    expect(addressee([city, county], market, '440103')).toEqual({ authority: city, toOffice: false })
  })
  it('is the credit office where there is none, and it is said so; without one there is NO_ADDRESSEE', () => {
    const office = place('信用办', '440100', { isCreditOffice: true })
    expect(addressee([office], market, '440106')).toEqual({ authority: office, toOffice: true })
    expect(addressee([place('其他', '440106')], market, '440106')).toBeNull()
  })
  it('has a term that is marked as unsure', () => {
    expect(termOf(policy, 'corrections', 'answer', on)).toMatchObject({ workdays: 10, unsure: true })
    expect(termOf(policy, 'corrections', 'answer_again', on)).toMatchObject({ workdays: 5, unsure: true })
  })
})

describe('days and people', () => {
  it('is overdue the day after, while an answer is owed', () => {
    const dueOn = day('2026-12-07')
    expect(isOverdue({ state: 'open', dueOn }, dueOn)).toBe(false)
    expect(isOverdue({ state: 'open', dueOn }, day('2026-12-08'))).toBe(true)
    expect(isOverdue({ state: 'answered', dueOn }, day('2026-12-08'))).toBe(false)
  })
  it('needs another person for the second step', () => {
    expect(mustBeAnother('a', 'a')).toMatchObject({ refusals: [{ code: 'SAME_PERSON' }] })
    expect(mustBeAnother('a', 'b').ok).toBe(true)
  })
})

describe('which files may be brought together', () => {
  const subject = (id: string, more: object = {}) => ({ id, kind: 'enterprise' as const, mergedInto: null, ...more })
  const code = (d: ReturnType<typeof mayJoin>) => (d.ok ? 'ok' : d.refusals[0]?.code)
  it('are two, neither closed, and never a person with an organisation', () => {
    expect(code(mayJoin(subject('a'), subject('b')))).toBe('ok')
    expect(code(mayJoin(subject('a'), subject('a')))).toBe('SAME_SUBJECT')
    expect(code(mayJoin(subject('a', { mergedInto: 'c' }), subject('b')))).toBe('ALREADY_MERGED')
    expect(code(mayJoin(subject('a', { kind: 'natural_person' }), subject('b')))).toBe('KINDS_DIFFER')
  })
})

it('tells kinds of codes apart', () => {
  const kinds = (raw: string) => codeKindOf(raw, policy.usccCategories)?.kind ?? null
  expect(kinds('91320105780688132K')).toBe('uscc')
  expect(kinds('59467239-9')).toBe('organisation')
  expect(kinds('𠮷')).toBeNull()
})
