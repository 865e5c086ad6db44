/** Text as people type it, made comparable. Every walk is over code points: 𠮷 is one character. */

/** Characters that print nothing: zero-width ones, byte order mark, soft hyphen, directional marks. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** Control characters but tab and line breaks; PostgreSQL cannot hold NUL at all. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** Full-width ASCII to half-width, every kind of space to a plain one, invisible characters removed. */
export const toHalfWidth = (s: string): string =>
  s
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')

/** Anything that may need tidying. Most cells hold none of it and are answered as they are: this runs for every cell. */
const SUSPECT =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0020\u007f\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ud800-\udfff\ufeff]/

/** Trims, collapses blanks, keeps single line breaks, drops what cannot be seen or stored. Widths stay as written. */
export const tidy = (s: string): string =>
  !SUSPECT.test(s)
    ? s
    : s
        .toWellFormed()
        .replace(INVISIBLE, '')
        .replace(CONTROL, '')
        .replace(SPACES, ' ')
        .replace(/[ \t]+/g, ' ')
        .replace(/ ?(?:\r\n?|\n) ?(?:(?:\r\n?|\n) ?)*/g, '\n')
        .trim()

const OPENING = /[〔【[［{｛〖﹝「『〈《<]/g
const CLOSING = /[〕】\]］}｝〗﹞」』〉》>]/g
const DOTS = /[•・‧∙⋅･]/g
const DASHES = /[‐-―−－–—]/g

/** Most names hold nothing else, and these are compared as they are. */
const COMPARABLE = /^[0-9A-Z\u4e00-\u9fff()-]*$/

const comparable = (s: string): string => (COMPARABLE.test(s) ? s : madeComparable(s))
const madeComparable = (s: string): string =>
  toHalfWidth(s.toWellFormed())
    .replace(CONTROL, '')
    .replace(/\s+/g, '')
    .replace(OPENING, '(')
    .replace(CLOSING, ')')
    .replace(DASHES, '-')
    .toUpperCase()

/** The comparison key of an organisation's name: widths, brackets, blanks and case do not make two of one. */
export const nameKey = (name: string): string => comparable(name).replace(DOTS, '·')

/** How nearly all document numbers are written: 穗天综罚〔2026〕第15号. */
const PLAIN_DOC = /^[0-9A-Z\u4e00-\u9fff]*〔\d+〕[0-9A-Z\u4e00-\u9fff]*$/
/** Strokes that are typed for a hyphen and waves that are typed for ~, beyond those that names know too. */
const DOC_STROKES = /[─━ー﹣﹘⸺⸻]/g
const DOC_WAVES = /[〜∼]/g

/** A document number with its spellings taken away but for the closing 号: 穗天综罚(2026)15号. */
const plainDoc = (docNo: string): string => {
  const plain = PLAIN_DOC.test(docNo)
    ? docNo.replace('〔', '(').replace('〕', ')')
    : comparable(docNo).replace(DOC_STROKES, '-').replace(DOC_WAVES, '~').replace(/-{2,}/g, '-')
  const modern = plain.includes('號') ? plain.replaceAll('號', '号') : plain
  return modern.includes('第') ? modern.replace(/第+(?=[0-9A-Z])/g, '') : modern
}

/**
 * The comparison key of a document number: 〔2024〕第 15 号, [2024]15号, （２０２４）15號 and 〔2024〕15 are one document. Records are
 * held under it: whoever changes it writes a migration that gives the held ones their new key (as 0010 does).
 */
export const docKey = (docNo: string): string => {
  const plain = plainDoc(docNo)
  let end = plain.length
  while (end > 0 && plain.charCodeAt(end - 1) === NUMBER_SIGN) end--
  return end === plain.length ? plain : plain.slice(0, end)
}
/** 号 */
const NUMBER_SIGN = 0x53f7

/** Without one of these there is no range and no list. */
const RANGE_MARK = /[~～〜∼至到、,，;；和及与等‐-―−－–—﹣─━ー-]/
const JOINS = '[-~至到、,;和及与]'
const LIST = new RegExp(`^(.*?)(?<!\\d)(\\d{1,15}号?(?:${JOINS}\\d{1,15}号?)+)(号?等?(?:\\d+[份件个]号?)?)$`)
const SEVERAL_WHOLE = /(?<=号)[、,;和及与]/
/** A number that stands for others which it does not name: 215号等24件. */
const AND_OTHERS = /\d号?等(?:\d+[份件个]?)?$/
/** More decisions than one row may plausibly stand for: 440106-500123 is an office and a number. */
const MOST_IN_RANGE = 1000

/** Several documents under one number; `numbers` as they would be written one by one, null when that cannot be told. */
export type DocRange = { numbers: readonly string[] | null }

/** 〔2024〕215号至〔2024〕238号 says its beginning again: once is enough. */
const saidOnce = (plain: string): string => {
  const head = /^.*?\(\d{4}\)\D*/.exec(plain)?.[0]
  if (!head) return plain
  const year = head.slice(head.lastIndexOf('('))
  const escaped = [head, year].map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return head + plain.slice(head.length).replace(new RegExp(`(${JOINS})(?:${escaped})`, 'g'), '$1')
}

/** The numbers from one to another, with the width of the first; null when they do not count upwards. */
const span = (first: string, last: string): string[] | null => {
  const [from, to] = [Number(first), Number(last)]
  const padded = first.startsWith('0') || last.startsWith('0')
  if (to <= from || to - from >= MOST_IN_RANGE || (padded && first.length !== last.length)) return null
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(padded ? first.length : 0, '0'))
}

/** A hyphen also joins a year, an office or a page to a number (2024-15号): a range counts upwards and keeps its width. */
const hyphenIsRange = (head: string, first: string, last: string, closed: boolean, text: string): boolean => {
  if (span(first, last) === null || last.length - first.length > 1) return false
  if (closed || head === '') return true
  const dated = head.includes('(')
  return dated || (text.endsWith('号') && !/^(?:19|20)\d\d$/.test(first))
}

/** One number that stands for several documents (215-238号, 215号至218号, 215、216号), or null for a single one. */
export const docRange = (docNo: string): DocRange | null => {
  if (!RANGE_MARK.test(docNo)) return null
  const plain = plainDoc(docNo)
  const whole = plain.split(SEVERAL_WHOLE)
  if (whole.length > 1 && whole.every((part) => /\(\d{4}\)\D*\d+号?$/.test(part)))
    return { numbers: whole.map(official) }
  const text = saidOnce(plain)
  const hit = LIST.exec(text)
  if (!hit) return AND_OTHERS.test(text) ? { numbers: null } : null
  const [, head = '', list = '', tail = ''] = hit
  const joins = [...list.matchAll(new RegExp(JOINS, 'g'))].map(([j]) => j)
  const numbers = list.split(new RegExp(JOINS)).map((n) => ({ digits: n.replace('号', ''), closed: n.endsWith('号') }))
  if (joins.every((j) => j === '-')) {
    const [first, last, more] = numbers
    if (!first || !last || more || !hyphenIsRange(head, first.digits, last.digits, first.closed, text)) return null
  }
  if (tail.includes('等')) return { numbers: null }
  const each = expand(
    numbers.map((n) => n.digits),
    joins,
  )
  return { numbers: each && each.length <= MOST_IN_RANGE ? each.map((n) => official(`${head}${n}号`)) : null }
}

/** 215-217、220: spans and single numbers, in order. A comma may also be one of thousands: 1,234. */
const expand = (numbers: readonly string[], joins: readonly string[]): string[] | null => {
  const each: string[] = []
  for (let i = 0; i < numbers.length; i++) {
    const here = numbers[i] as string
    const join = joins[i]
    const next = numbers[i + 1]
    if (next !== undefined && join === ',' && next.length === 3 && here.length <= 3 && numbers.length === 2) return null
    if (next === undefined || !/[-~至到]/.test(join as string)) {
      each.push(here)
      continue
    }
    const between = span(here, next)
    if (!between) return null
    each.push(...between)
    i++
  }
  return each
}

const official = (plain: string): string => plain.replace(/\((\d{4})\)/g, '〔$1〕')

/** The distinct pairs of neighbouring characters, in order of appearance; a name of one character is its own pair. */
export const bigramsOf = (s: string): string[] => {
  const points = Array.from(s)
  if (points.length < 2) return points
  const pairs = new Set<string>()
  for (let i = 0; i + 1 < points.length; i++) pairs.add(`${points[i]}${points[i + 1]}`)
  return [...pairs]
}

/** One slip apart: a wrong, missing, surplus or two swapped characters. Equal texts are not. */
export const isNear = (a: string, b: string): boolean => {
  const [x, y] = [Array.from(a), Array.from(b)]
  if (Math.abs(x.length - y.length) > 1 || a === b) return false
  let head = 0
  while (head < x.length && head < y.length && x[head] === y[head]) head++
  let tail = 0
  while (tail < x.length - head && tail < y.length - head && x.at(-1 - tail) === y.at(-1 - tail)) tail++
  const [left, right] = [x.slice(head, x.length - tail), y.slice(head, y.length - tail)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

/** The first `most` characters, none of them cut in two: half a character can be kept neither in JSON nor in a database. */
export const firstOf = (text: string, most: number): string =>
  text.length <= most
    ? text
    : Array.from(text.slice(0, 2 * most))
        .slice(0, most)
        .join('')
