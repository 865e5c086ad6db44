/** Days are not instants. A LocalDate is a business day in Asia/Shanghai; an Instant is a point in time (UTC, ISO). */

export type LocalDate = string & { readonly __brand: 'LocalDate' }
export type Instant = string & { readonly __brand: 'Instant' }
/** ISO 8601 period of whole years, months or days: `P3M`, `P1Y`, `P30D`. */
export type Period = string

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MS_PER_DAY = 86_400_000
/** China has one zone, UTC+8, without daylight saving since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000

const pad = (n: number, width = 2) => String(n).padStart(width, '0')
const make = (y: number, m: number, d: number) => `${pad(y, 4)}-${pad(m)}-${pad(d)}` as LocalDate
const utc = (day: LocalDate) => Date.parse(`${day}T00:00:00Z`)
const fromUtc = (ms: number) => new Date(ms).toISOString().slice(0, 10) as LocalDate
const daysInMonth = (y: number, m: number) => new Date(Date.UTC(y, m, 0)).getUTCDate()

/** A real calendar day written YYYY-MM-DD, else null. */
export const parseDay = (text: string): LocalDate | null => {
  const hit = DAY.exec(text)
  if (!hit) return null
  const [y, m, d] = [Number(hit[1]), Number(hit[2]), Number(hit[3])]
  return m >= 1 && m <= 12 && d >= 1 && d <= daysInMonth(y, m) ? (text as LocalDate) : null
}

/** For literals in code, data and tests; throws on anything that is no day. */
export const day = (text: string): LocalDate => {
  const parsed = parseDay(text)
  if (!parsed) throw new Error(`not a calendar day: ${text}`)
  return parsed
}

export const instant = (text: string): Instant => {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Error(`not an instant: ${text}`)
  return new Date(ms).toISOString() as Instant
}

const HOUR = 'YYYY-MM-DDTHH'.length
let lately: { hour: string; day: LocalDate } | null = null
/** The business day in Asia/Shanghai on which an instant falls. Asked at every request: within an hour it is the same. */
export const dayOf = (at: Instant): LocalDate => {
  if (lately && at.endsWith('Z') && at.startsWith(lately.hour)) return lately.day
  const day = fromUtc(Date.parse(at) + SHANGHAI_OFFSET_MS)
  if (at.endsWith('Z')) lately = { hour: at.slice(0, HOUR), day }
  return day
}
/** The instant at which a business day begins in Asia/Shanghai. */
export const startOf = (d: LocalDate): Instant => new Date(utc(d) - SHANGHAI_OFFSET_MS).toISOString() as Instant

export const yearOf = (d: LocalDate): number => Number(d.slice(0, 4))
export const addDays = (d: LocalDate, n: number): LocalDate => fromUtc(utc(d) + n * MS_PER_DAY)
export const daysBetween = (from: LocalDate, to: LocalDate): number => Math.round((utc(to) - utc(from)) / MS_PER_DAY)
/** 0 is Sunday. */
export const weekdayOf = (d: LocalDate): number => new Date(utc(d)).getUTCDay()

/** Adding months clamps at the month's end: 31 January + 1 month = 28 or 29 February. */
export const addMonths = (d: LocalDate, n: number): LocalDate => {
  const [y, m, dd] = [Number(d.slice(0, 4)), Number(d.slice(5, 7)), Number(d.slice(8, 10))]
  const index = y * 12 + (m - 1) + n
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1]
  return make(year, month, Math.min(dd, daysInMonth(year, month)))
}

const PERIOD = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/
export const isPeriod = (text: string): boolean => text !== 'P' && PERIOD.test(text)

/** Adds an ISO period: years and months first (clamped), then days. */
export const addPeriod = (d: LocalDate, period: Period): LocalDate => {
  const hit = PERIOD.exec(period)
  if (!hit || period === 'P') throw new Error(`not a period: ${period}`)
  return addDays(addMonths(d, Number(hit[1] ?? 0) * 12 + Number(hit[2] ?? 0)), Number(hit[3] ?? 0))
}

export const later = (a: LocalDate, b: LocalDate): LocalDate => (a >= b ? a : b)

export type Clock = { now: () => Instant }
