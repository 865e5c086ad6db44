import { describe, expect, it } from 'vitest'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { badgeOf, counts, isPublic, kindsOn, mayDeclare, verifierOf } from './rules.ts'

const policy = loadPolicy('440100')
const on = day('2026-11-23')
const said = {
  kind: 'honour',
  title: '守合同重信用企业',
  issuer: '广州市市场监督管理局',
  documentNo: '',
  issuedOn: day('2025-06-01'),
  validTo: null,
  fileHash: 'f',
}
const codeOf = (d: ReturnType<typeof mayDeclare>) => (d.ok ? 'ok' : d.refusals[0]?.code)

describe('what may be declared (AK20 二(一))', () => {
  it('has kinds, a commitment and a consequence in every jurisdiction', () => {
    for (const code of ['440100', '510000', '610900', '130000']) {
      expect(
        kindsOn(loadPolicy(code), on).map((k) => k.code),
        code,
      ).toContain('government_procurement')
    }
  })
  it('is whole, valid and signed for with proof', () => {
    expect(codeOf(mayDeclare(said, policy, on, null))).toBe('ok')
    expect(codeOf(mayDeclare(said, { settings: [] }, on, null))).toBe('DECLARING_CLOSED')
    expect(codeOf(mayDeclare({ ...said, kind: 'other' }, policy, on, null))).toBe('NO_SUCH_KIND')
    expect(codeOf(mayDeclare({ ...said, fileHash: null }, policy, on, null))).toBe('PROOF_MISSING')
  })
  it('is barred for a year after one of the kind was found false', () => {
    expect(codeOf(mayDeclare(said, policy, on, day('2025-11-24')))).toBe('BARRED_AS_FALSE')
    expect(codeOf(mayDeclare(said, policy, on, day('2025-11-23')))).toBe('ok')
  })
})

describe('what it says to others', () => {
  it('counts only while it is verified and valid', () => {
    expect(counts({ state: 'verified', validTo: null }, on)).toBe(true)
    expect(counts({ state: 'verified', validTo: on }, on)).toBe(true)
    expect(counts({ state: 'verified', validTo: day('2026-11-22') }, on)).toBe(false)
    expect(counts({ state: 'declared', validTo: null }, on)).toBe(false)
  })
  it('has a badge that says so', () => {
    expect(badgeOf('verified')).toBe('declared_verified')
    expect(badgeOf('declared')).toBe('declared')
    for (const state of ['draft', 'refused', 'withdrawn', 'found_false'] as const) expect(badgeOf(state)).toBeNull()
  })
  it('is public by kind, and unverified only where the policy lets it be marked', () => {
    const d = { state: 'verified' as const, validTo: null, kind: 'honour' }
    expect(isPublic(d, policy, on)).toBe(true)
    expect(isPublic({ ...d, kind: 'contract' }, policy, on)).toBe(false)
    expect(isPublic({ ...d, state: 'declared' }, policy, on)).toBe(false)
    const marked = policy.settings.map((s) =>
      s.key === 'declaration_unverified_public' ? { ...s, value: 'marked' } : s,
    )
    expect(isPublic({ ...d, state: 'declared' }, { settings: marked }, on)).toBe(true)
    expect(isPublic({ ...d, state: 'refused' }, { settings: marked }, on)).toBe(false)
  })
})

describe('who verifies', () => {
  const place = (division: string, more: object = {}) => ({
    division,
    duties: [] as string[],
    isCreditOffice: false,
    ...more,
  })
  const [mark] = kindsOn(policy, on).filter((k) => k.code === 'trade_mark')
  it('is whoever carries the duty, nearest; else the credit office; else NO_VERIFIER', () => {
    if (!mark) throw new Error('no such kind')
    const office = place('440100', { isCreditOffice: true })
    const own = place('440106', { duties: ['verify_intellectual_property'] })
    expect(verifierOf([office, own], mark, '440106')).toBe(own)
    expect(verifierOf([office], mark, '440106')).toBe(office)
    expect(verifierOf([], mark, '440106')).toBeNull()
  })
})
