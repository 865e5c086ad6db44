import { fromSerial } from '../../../kernel/dates.ts'
import type { CellFlag } from './table.ts'

/** What a number format makes of a number, as far as it matters to data: a day, leading zeros, or the number itself. */
export type NumberStyle =
  | { kind: 'number' }
  | { kind: 'date'; time: boolean; day: boolean }
  | { kind: 'zeros'; width: number }

const PLAIN: NumberStyle = { kind: 'number' }
const DATE: NumberStyle = { kind: 'date', time: false, day: true }
const STAMP: NumberStyle = { kind: 'date', time: true, day: true }
const TIME: NumberStyle = { kind: 'date', time: true, day: false }

/** Built-in formats that are dates, those of the Chinese editions (27–36, 50–58) included. */
const BUILT_IN = new Map<number, NumberStyle>([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, DATE] as const),
  [22, STAMP],
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, TIME] as const),
])

/** A format's style by its id and, for the workbook's own formats, its code. */
export const styleOf = (id: number, code: string | undefined): NumberStyle => {
  if (code === undefined) return BUILT_IN.get(id) ?? PLAIN
  // Only the first section matters, without quoted text, escapes, colours and locale marks.
  const bare = (code.split(';')[0] as string)
    .replace(/"[^"]*"/g, '')
    .replace(/\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .toLowerCase()
  if (/^0{2,}$/.test(bare)) return { kind: 'zeros', width: bare.length }
  if (/general|#|\?|%|e[+-]/.test(bare)) return PLAIN
  const day = /[yd]|e(?![+-])|年|日/.test(bare)
  const time = /[hs]/.test(bare)
  if (day) return time ? STAMP : DATE
  if (/m/.test(bare) && !/0/.test(bare.replace(/s\.0+/, ''))) return time ? TIME : DATE
  return time ? TIME : PLAIN
}

const two = (n: number): string => String(n).padStart(2, '0')
const timeOf = (fraction: number): string => {
  const seconds = Math.round(fraction * 86_400)
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** More digits than a spreadsheet's number holds. */
const LOST_FROM = 1e15
const MAYBE_DATE = { from: 20_000, to: 80_000 }

const plainDecimal = (n: number): string => {
  const text = String(n)
  if (!/e/i.test(text)) return text
  return Number.isInteger(n) ? BigInt(n).toString() : n.toFixed(20).replace(/0+$/, '').replace(/\.$/, '')
}

/** The text of a numeric cell: what the person sees for days, the whole number for codes, never scientific notation. */
export const numberText = (raw: string, style: NumberStyle, date1904: boolean): { text: string; flag?: CellFlag } => {
  // Fifteen digits are what a spreadsheet keeps and shows: 0.30000000000000004 stands for 0.3.
  const n = Number(Number(raw).toPrecision(15))
  if (raw === '' || !Number.isFinite(n)) return { text: raw }
  if (style.kind === 'date') {
    if (!style.day && n >= 0 && n < 1) return { text: timeOf(n) }
    const day = fromSerial(n + 1e-9, date1904)
    // What no calendar has (a negative number, serial 60) is shown as the number, and validation refuses it as a date.
    if (day !== null)
      return { text: style.time && n % 1 > 1e-9 && n % 1 < 1 - 0.5 / 86_400 ? `${day} ${timeOf(n % 1)}` : day }
  }
  if (style.kind === 'zeros' && Number.isInteger(n) && n >= 0 && n < LOST_FROM)
    return { text: String(n).padStart(style.width, '0') }
  if (Math.abs(n) >= LOST_FROM) return { text: plainDecimal(n), flag: 'digits_lost' }
  const text = plainDecimal(n)
  return Number.isInteger(n) && n >= MAYBE_DATE.from && n <= MAYBE_DATE.to ? { text, flag: 'maybe_serial' } : { text }
}
