import { toHalfWidth } from '../../kernel/text.ts'

const QUARTERS: Record<string, string> = { 一: '1', 二: '2', 三: '3', 四: '4' }
const PART = /^(\d{4})(?:[-/.]|年度?)?(.*)$/

const partOf = (rest: string): string | null => {
  if (rest === '') return ''
  const half = /^(?:H([12])|(上|下)半年度?)$/.exec(rest)
  if (half) return `-H${half[1] ?? (half[2] === '上' ? '1' : '2')}`
  const quarter = /^(?:Q([1-4])|第?([一二三四1-4])季度?)$/.exec(rest)
  if (quarter) return `-Q${quarter[1] ?? QUARTERS[quarter[2] as string] ?? quarter[2]}`
  // A spreadsheet makes a day of a month that it takes for a date; only the first one stands for the month.
  const month = /^(\d{1,2})(?:月份?|[-/.]0?1(?: .*)?)?$/.exec(rest)
  const n = month ? Number(month[1]) : 0
  return n >= 1 && n <= 12 ? `-${String(n).padStart(2, '0')}` : null
}

/** A year, half-year, quarter or month as people write it: 2025年6月, 202506, 2025第三季度 → 2025-06, 2025-Q3; null when it is none. */
export const readPeriod = (raw: string): string | null => {
  const hit = PART.exec(toHalfWidth(raw).trim().toUpperCase())
  if (!hit) return null
  const year = Number(hit[1])
  const part = partOf((hit[2] as string).trim())
  return part === null || year < 1949 || year > 2100 ? null : `${hit[1]}${part}`
}

const COUNT = /^\d{1,15}(?:\.\d{1,6})?$/
/** A quantity without floating point: separators dropped, no sign, at most six decimals. */
export const readNumber = (raw: string): string | null => {
  const text = toHalfWidth(raw).replace(/[\s,，]/g, '')
  if (!COUNT.test(text)) return null
  const whole = text.replace(/^0+(?=\d)/, '')
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole
}
