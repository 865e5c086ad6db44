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

/** The comparison key of a document number: 〔2024〕第 15 号, [2024]15号 and （２０２４）15号 are one document. */
export const docKey = (docNo: string): string => {
  const key = PLAIN_DOC.test(docNo) ? docNo.replace('〔', '(').replace('〕', ')') : comparable(docNo)
  return key.includes('第') ? key.replace(/第(?=\d)/g, '') : key
}

/** Whatever a range may be written with; without one of these there is none. */
const RANGE_MARK = /[~～、,，至到‐-―−－–—﹣-]/

/** One number that stands for several documents (215-238号, 215至218号, 215、216号). */
export const isDocRange = (docNo: string): boolean => {
  if (!RANGE_MARK.test(docNo)) return false
  const key = docKey(docNo)
  const hit = /(^|\D)(\d+)(号?)([-~至到、,])(?:第)?(\d+)号?(?:\D*)$/.exec(key)
  if (!hit) return false
  const [, before = '', first = '', , separator = '', last = ''] = hit
  if (separator !== '-') return true
  // A hyphen also joins a year or an office to a number (2024-15号): a range counts upwards and keeps its width.
  return before === '' || before === ')' || before === '号' || hit[3] === '号' || key.includes(')')
    ? Number(last) > Number(first) && Math.abs(last.length - first.length) <= 1
    : false
}

/** The distinct pairs of neighbouring characters, in order of appearance; a name of one character is its own pair. */
export const bigramsOf = (s: string): string[] => {
  const points = Array.from(s)
  if (points.length < 2) return points
  const pairs = new Set<string>()
  for (let i = 0; i + 1 < points.length; i++) pairs.add(`${points[i]}${points[i + 1]}`)
  return [...pairs]
}
