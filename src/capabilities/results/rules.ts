import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy, SettingRule } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import type { RESULT_FIELDS } from '../../kernel/closed-sets.ts'
import type { LineKind, LookOutcome, LookReason, SHARINGS } from './words.ts'

export type ResultField = (typeof RESULT_FIELDS)[number]
export type ResultSet = {
  name: Words
  repairs: string[]
  corrections: string[]
  reversals: string[]
  sharing: (typeof SHARINGS)[number]
  sharedWith: Words
  fields: { code: string; key: ResultField; label: Words; meaning: Words }[]
}
export type Takedown = {
  items: string[]
  workdays: number
  levels: { level: 'collector' | 'head'; workdays: number; by: ('inbox' | 'email' | 'sms')[] }[]
}
export type PageCheck = {
  timeoutSeconds: number
  maxBytes: number
  redirects: number
  looks: number
  everyHours: number
  networks: string[]
}

/** Who has to be told by now of what should have been done by a day: each level so many working days after it. */
export const levelsLate = (
  policy: Pick<Policy, 'calendar'>,
  levels: Takedown['levels'],
  dueOn: LocalDate,
  today: LocalDate,
): Takedown['levels'] => {
  const over = workdaysBetween(calendarOf(policy), dueOn, today).workdays
  return today > dueOn ? levels.filter((l) => over >= l.workdays) : []
}

type Held<T> = { row: SettingRule; value: T }
const held = <T>(policy: Pick<Policy, 'settings'>, key: string, on: LocalDate): Held<T> => {
  const row = settingOf(policy, key, on)
  if (!row) throw new Error(`no rule says ${key} on ${on}`)
  return { row, value: row.value as T }
}
const from =
  <T>(key: string) =>
  (policy: Pick<Policy, 'settings'>, on: LocalDate): Held<T> =>
    held<T>(policy, key, on)
export const resultSetOn = from<ResultSet>('result_set')
export const takedownOn = from<Takedown>('result_takedown')
export const pageCheckOn = from<PageCheck>('page_check')

export type LineFacts = Record<ResultField, string>
/** What a line says beside its number and kind: a correction that changes none of it is no news. */
const COMPARED: readonly ResultField[] = [
  'item_code',
  'item_name',
  'subject_name',
  'subject_code',
  'authority_name',
  'doc_no',
  'decided_on',
]

/** What a disposition adds to the set, given the record's last line there; null: nothing. */
export const lineKindOf = (
  set: Pick<ResultSet, 'repairs' | 'corrections' | 'reversals'>,
  disposition: string,
  last: { kind: LineKind; line: LineFacts } | null,
  now: LineFacts,
): LineKind | null => {
  const standing = last !== null && last.kind !== 'reversed'
  if (set.repairs.includes(disposition)) return standing ? null : 'repaired'
  if (!standing) return null
  if (set.reversals.includes(disposition)) return 'reversed'
  if (!set.corrections.includes(disposition)) return null
  return COMPARED.some((key) => last.line[key] !== now[key]) ? 'corrected' : null
}

/** Numbers within a day, in the order in which the results came. */
export const resultNumber = (jurisdiction: string, day: LocalDate, n: number): string =>
  `${jurisdiction}-${day.replaceAll('-', '')}-${String(n).padStart(5, '0')}`

// ---- looking at a page

const BRACKETS = /[()[\]{}〔〕【】〖〗「」『』<>《》〈〉]/g
/** As people compare by eye: width, blanks and the shape of brackets do not count. */
const flat = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(BRACKETS, '')
    .toLowerCase()

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const character = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '')
const decoded = (text: string): string =>
  text
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,6}));/gi, (whole, dec?: string, hex?: string, name?: string) =>
      dec ? character(Number(dec)) : hex ? character(Number.parseInt(hex, 16)) : (NAMED[name ?? ''] ?? whole),
    )
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const SILENT = new Set(['script', 'style', 'template', 'noscript'])
const TAG_NAME = /^<\/?([a-z][a-z0-9]*)/i
/** The text between the tags, in one pass: a page is read that somebody else wrote. `silent`: with what is never shown as text. */
const untagged = (html: string, silent: boolean): string => {
  const lower = html.toLowerCase()
  let text = ''
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open < 0) return text + html.slice(at)
    text += html.slice(at, open)
    const comment = html.startsWith('<!--', open)
    const close = comment ? html.indexOf('-->', open) : html.indexOf('>', open)
    if (close < 0) return silent ? text + html.slice(open) : text
    at = close + (comment ? 3 : 1)
    const name = silent || comment ? '' : (TAG_NAME.exec(lower.slice(open, open + 12))?.[1] ?? '')
    if (!SILENT.has(name) || lower[open + 1] === '/') continue
    const end = lower.indexOf(`</${name}`, at)
    if (end < 0) return text
    at = end
  }
  return text
}
/** What stands on the page to be read. */
const visibleOf = (html: string): string => flat(decoded(untagged(html, false)))
/** Everything, what scripts would show included. */
const wholeOf = (html: string): string => flat(decoded(untagged(html, true)) + decoded(html))

/** Fewer characters than this are no page of a government. */
const LEAST_TEXT = 20

export type Page = { status: number; html: string | null; truncated: boolean }
export type Judgement = { outcome: LookOutcome; reason: LookReason }
const SERVER_ERROR = 500
const GONE_STATUS = new Set([404, 410])
const SIGN_IN_STATUS = new Set([401, 403, 407])

/** Whether a record still stands on a page that was fetched: both its document number and its subject's name. */
export const judgePage = (page: Page, sought: { docNo: string; subjectName: string }): Judgement => {
  const { status, html } = page
  if (GONE_STATUS.has(status)) return { outcome: 'gone', reason: 'page_removed' }
  if (SIGN_IN_STATUS.has(status)) return { outcome: 'cannot_tell', reason: 'needs_sign_in' }
  if (status >= SERVER_ERROR) return { outcome: 'unreachable', reason: 'server_error' }
  if (status < 200 || status >= 300) return { outcome: 'cannot_tell', reason: 'other_status' }
  if (html === null) return { outcome: 'cannot_tell', reason: 'not_a_page' }
  const whole = wholeOf(html)
  const [number, name] = [flat(sought.docNo), flat(sought.subjectName)].map((s) => s !== '' && whole.includes(s))
  if (number && name) return { outcome: 'still_there', reason: 'both_found' }
  if (page.truncated) return { outcome: 'cannot_tell', reason: 'too_large' }
  if (number) return { outcome: 'cannot_tell', reason: 'only_number' }
  if (name) return { outcome: 'cannot_tell', reason: 'only_name' }
  if (visibleOf(html).length < LEAST_TEXT) return { outcome: 'cannot_tell', reason: 'too_little_text' }
  return { outcome: 'gone', reason: 'none_found' }
}
