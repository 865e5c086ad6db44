import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../platform/policy-files.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { addFaults, mayFollow, newFaults } from './rules.ts'

const TODAY = day('2026-11-23')

describe('a version', () => {
  const { catalog } = loadPolicy('440100')
  const honour = catalog.find((c) => c.code === 'honour') as CatalogItem
  const next = (from: string, change: Partial<CatalogItem> = {}): CatalogItem => ({
    ...honour,
    sharing: 'conditional',
    validFrom: day(from),
    ...change,
  })
  const why = (item: CatalogItem) => {
    const said = mayFollow(catalog, item, TODAY)
    return said.ok ? [] : said.refusals.map((r) => r.code)
  }
  it('follows the one in force, from tomorrow on', () => {
    expect(why(next('2026-11-24'))).toEqual([])
    expect(why(next('2026-11-23'))).toEqual(['EFFECTIVE_TOO_SOON'])
    expect(why(next('2024-02-18'))).toEqual(['NO_SUCH_CATALOG_ITEM'])
  })
  it('is told everything at once', () => {
    expect(why(next('2026-11-23', { publicity: 'none' }))).toEqual(['EFFECTIVE_TOO_SOON', 'ITEM_FIXED'])
    expect(why(next('2026-12-01', { sharing: 'unconditional' }))).toEqual(['NOTHING_CHANGES'])
    expect(why(next('2026-12-01', { code: 'score' }))).toEqual(['NO_SUCH_CATALOG_ITEM'])
  })
})

describe('the faults of what is held', () => {
  const fault = (field: string, code: string) => ({ field, code })
  it('are those that the change alone brings about', () => {
    const held = [fault('fine', 'required'), fault('uscc', 'uscc_check')]
    const next = [fault('fine', 'required'), fault('fine', 'not_money'), fault('sponsor', 'required')]
    expect(newFaults(held, next)).toEqual([fault('fine', 'not_money'), fault('sponsor', 'required')])
  })
  it('count once a record', () => {
    const counts = new Map<string, number>()
    addFaults(counts, [fault('a', 'x'), fault('a', 'x'), fault('b', 'y')])
    addFaults(counts, [fault('a', 'x')])
    expect([...counts]).toEqual([
      ['a|x', 2],
      ['b|y', 1],
    ])
  })
})
