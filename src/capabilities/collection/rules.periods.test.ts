import { describe, expect, it } from 'vitest'
import { readNumber, readPeriod } from './rules.periods.ts'

describe('a period', () => {
  it.each([
    ['2025', '2025'],
    ['2025年', '2025'],
    ['2025年度', '2025'],
    ['２０２５年度', '2025'],
    ['2025-06', '2025-06'],
    ['2025/6', '2025-06'],
    ['2025.06', '2025-06'],
    ['202506', '2025-06'],
    ['2025年6月', '2025-06'],
    ['2025年06月份', '2025-06'],
    ['2025-06-01', '2025-06'],
    ['2025-06-01 00:00:00', '2025-06'],
    ['2025-Q3', '2025-Q3'],
    ['2025年第三季度', '2025-Q3'],
    ['2025年3季度', '2025-Q3'],
    ['2025上半年', '2025-H1'],
    ['2025-h2', '2025-H2'],
  ])('%s is %s', (written, period) => expect(readPeriod(written)).toBe(period))

  it.each(['', '25', '去年', '2025-13', '2025-00', '2025-Q5', '2025-06-15', '0001', '2025至2026', '2025-06-'])(
    '%s is none',
    (written) => expect(readPeriod(written)).toBeNull(),
  )
})

describe('a quantity', () => {
  it.each([
    ['12', '12'],
    ['1,234', '1234'],
    ['１２．５０', '12.5'],
    ['007', '7'],
    ['0', '0'],
    ['3.000', '3'],
  ])('%s is %s', (written, n) => expect(readNumber(written)).toBe(n))
  it.each(['', '-1', '十二', '1e5', '1.2.3', '12人', '1234567890123456'])('%s is none', (written) =>
    expect(readNumber(written)).toBeNull(),
  )
})
