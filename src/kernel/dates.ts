/** Dates as people write them. What can be read in two ways is refused, never guessed. */
import { toHalfWidth } from './text.ts'
import { type LocalDate, addDays, dayOf, instant, parseDay } from './time.ts'

/** The national standard writes an open end as this day. */
export const FOR_EVER = '2099-12-31' as LocalDate
const OPEN_END = new Set(['长期', '长期有效', '永久', '永久有效', '无固定期限', '无期限'])

const ISO = /^\d{4}-\d{2}-\d{2}$/
const TIME = String.raw`(?:[T ]?(?:上午|下午)? ?([01]?\d|2[0-4])(?::([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?|时(?:([0-5]?\d)分)?(?:([0-5]?\d)秒)?)(?: ?[AaPp][Mm])?)?`
const SEPARATED = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`)
const CHINESE = new RegExp(String.raw`^(\d{4})年(\d{1,2})月(\d{1,2})[日号]${TIME}$`)
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?: ?\d{2}:?\d{2}:?\d{2}|\d{6})?$/
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/
const SERIAL = /^\d{1,7}(?:\.\d+)?$/
const NUMERALS = '〇一二三四五六七八九'

/** 二〇二四年一月二日, as decisions are dated, to digits; anything else unchanged. */
const fromNumerals = (s: string): string => {
  const hit = /^([〇零○O0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日$/.exec(
    s,
  )
  if (!hit) return s
  const year = Array.from(hit[1] as string)
    .map((c) => Math.max(0, NUMERALS.indexOf(c)))
    .join('')
  const upTo99 = (t: string): number => {
    const [tens, ones] = t.includes('十') ? t.split('十') : ['0', t]
    const of = (c: string | undefined, empty: number) => (c === '0' ? 0 : c ? NUMERALS.indexOf(c) : empty)
    return of(tens, 1) * 10 + of(ones, 0)
  }
  return `${year}年${upTo99(hit[2] as string)}月${upTo99(hit[3] as string)}日`
}

const ymd = (y: string, m: string, d: string): LocalDate | null =>
  parseDay(`${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`)

/** Day of a spreadsheet's serial number; 60 is the 29 February 1900 that never was. */
export const fromSerial = (serial: number, date1904 = false): LocalDate | null => {
  const whole = Math.floor(serial)
  if (!Number.isFinite(serial) || whole < 0 || whole > 2_958_465) return null
  if (date1904) return addDays('1904-01-01' as LocalDate, whole)
  if (whole === 0 || whole === 60) return null
  return addDays('1899-12-31' as LocalDate, whole > 60 ? whole - 1 : whole)
}

/**
 * The day a cell means, or null. `serial`: the cell is known to be a spreadsheet's number, so 45293 is a day.
 * 01/02/2024 (day or month first?), 24-1-2 (which century?) and 2024年1月 (which day?) are null.
 */
export const readDate = (value: string, options: { serial?: boolean; date1904?: boolean } = {}): LocalDate | null => {
  if (ISO.test(value)) return parseDay(value)
  const s = toHalfWidth(value).trim()
  if (s === '') return null
  if (OPEN_END.has(s)) return FOR_EVER
  if (WITH_ZONE.test(s)) return ymd(s.slice(0, 4), s.slice(5, 7), s.slice(8, 10)) && dayOf(instant(s.replace(' ', 'T')))
  const compact = COMPACT.exec(s)
  if (compact) return ymd(compact[1] as string, compact[2] as string, compact[3] as string)
  if (SERIAL.test(s)) return options.serial ? fromSerial(Number(s), options.date1904) : null
  const close = s.replace(/\s*([-/.年月日号])\s*/g, '$1').replace(/([日号])(?=\d)/, '$1 ')
  const parts = SEPARATED.exec(close)
  if (parts) return ymd(parts[1] as string, parts[3] as string, parts[4] as string)
  const chinese = CHINESE.exec(fromNumerals(close))
  return chinese ? ymd(chinese[1] as string, chinese[2] as string, chinese[3] as string) : null
}
