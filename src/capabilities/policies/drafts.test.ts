import { describe, expect, it } from 'vitest'
import { Refused } from '../../kernel/decision.ts'
import type { Policy } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { draftOf } from './drafts.ts'

const policy = loadPolicy('440100')
const ask = {
  kind: 'sector',
  system: 'general',
  penaltyKinds: ['fine'],
  class: 'general',
  instrument: { zh: '《行业失信信息分类标准》', en: 'Sector standard' },
  article: '第三条',
} as const

describe('a sector’s own classification (Order 36 art. 11)', () => {
  it('takes the periods of its class from the rules in force on its day', () => {
    const { text } = draftOf({ ...ask, penaltyKinds: ['fine'] }, policy, day('2026-12-01'))
    expect(text).toMatch(/min: P3M[^]*max: P1Y/)
  })
  it('reaches other adverse information of the sector too (arts 8(4), 9(3), 10(5))', () => {
    const { text } = draftOf({ ...ask, system: 'tax', penaltyKinds: [] }, policy, day('2026-12-01'))
    expect(text).toContain('- tax_arrears')
  })
  it('is nothing before the order, or where no rules stand for such classes', () => {
    const nowhere: [Policy, string][] = [
      [policy, '2026-03-31'],
      [{ ...policy, regimes: [] }, '2026-12-01'],
    ]
    for (const [held, on] of nowhere) {
      const tried = () => draftOf({ ...ask, penaltyKinds: ['fine'] }, held, day(on))
      expect(tried).toThrow(Refused)
      expect(tried).toThrow('NO_SECTOR_RULE')
    }
  })
})
