import { fromSerial, readDate } from '../../kernel/dates.ts'
import { toHalfWidth } from '../../kernel/text.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'

/**
 * Days in spellings that the check refuses because they could be misread: here every reading is found. One reading is a
 * proposal for a person to accept; several are said, and none is chosen.
 */

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const monthOf = (name: string): string => {
  const at = MONTHS.indexOf(name.slice(0, 3).toUpperCase())
  return at < 0 ? '' : String(at + 1)
}
const FIRST = '1949-10-01'
const LAST = '2100-01-01'

const DAY_NAME_YEAR = /^(\d{1,2})[-\s/.,]*([A-Za-z]{3,9})[-\s/.,]*(\d{2}|\d{4})$/
const NAME_DAY_YEAR = /^([A-Za-z]{3,9})[-\s.]*(\d{1,2})(?:st|nd|rd|th)?[-\s,]+(\d{4})$/
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/
const YEAR_FIRST = /^(\d{4})[^\dA-Za-z]{1,3}(\d{1,2})[^\dA-Za-z]{1,3}(\d{1,2})[^\dA-Za-z]{0,2}$/
const SHORT_CHINESE = /^(\d{2})年(\d{1,2})月(\d{1,2})[日号]?$/
const SHORT = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})$/
/** Days from 1982 to 2064, as a spreadsheet counts them. */
const SERIAL = /^[3-5]\d{4}(?:\.0+)?$/
const MISTYPED = /^[\dOo○lI]{4,}/

type Written = [year: string, month: string, day: string]
const fullYears = (year: string): string[] => (year.length === 2 ? [`19${year}`, `20${year}`] : [year])

const orders = (s: string): Written[] => {
  let hit = DAY_NAME_YEAR.exec(s)
  if (hit) return [[hit[3] as string, monthOf(hit[2] as string), hit[1] as string]]
  hit = NAME_DAY_YEAR.exec(s)
  if (hit) return [[hit[3] as string, monthOf(hit[1] as string), hit[2] as string]]
  hit = YEAR_FIRST.exec(s) ?? SHORT_CHINESE.exec(s)
  if (hit) return [[hit[1] as string, hit[2] as string, hit[3] as string]]
  hit = YEAR_LAST.exec(s)
  if (hit) {
    const [, a = '', b = '', year = ''] = hit
    return [
      [year, a, b],
      [year, b, a],
    ]
  }
  hit = SHORT.exec(s)
  if (!hit) return []
  const [, a = '', b = '', c = ''] = hit
  const all: Written[] = [
    [a, b, c],
    [c, b, a],
    [c, a, b],
  ]
  return all.filter(([year]) => year.length === 2)
}

/** Every day that a text may mean, earliest first; `past`: the field's day lies before tomorrow. */
export const daysMeant = (raw: string, ask: { today: LocalDate; past: boolean }): LocalDate[] => {
  const s = toHalfWidth(raw).trim()
  if (SERIAL.test(s)) {
    const day = fromSerial(Number(s))
    return day && !(ask.past && day > ask.today) ? [day] : []
  }
  if (MISTYPED.test(s) && /[Oo○lI]/.test(s)) {
    const day = readDate(s.replace(/[Oo○]/g, '0').replace(/[lI]/g, '1'))
    return day ? [day] : []
  }
  const days = new Set<LocalDate>()
  for (const [y, m, d] of orders(s)) {
    for (const year of fullYears(y)) {
      const day = m === '' ? null : parseDay(`${year}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`)
      if (day && day >= FIRST && day < LAST && !(ask.past && day > ask.today)) days.add(day)
    }
  }
  return [...days].toSorted()
}
