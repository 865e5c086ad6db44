import type { SharedStrings } from './shared-strings.ts'

/**
 * Rows of a sheet written as nearly all are: cells of plain text, numbers or shared strings. Such a row is seen to be well formed
 * without a parser, and that it has something in it; whatever is not sure goes to the parser. A document without its plain rows is
 * well formed exactly when the whole one is, so a sheet that is only counted need not be parsed in whole.
 */
export type Skim = {
  strings: Pick<SharedStrings, 'length' | 'get'>
  /** XML that the parser has to look at. */
  parse: (xml: string) => void
  /** A plain row, by its number. */
  row: (n: number) => void
}

const BEGIN = '<sheetData>'
const ROW_END = '</row>'
/** Where the rows have not begun by then, or one has not ended, the parser looks at all that follows. */
const HEAD_CHARS = 64 * 1024
const ROW_CHARS = 1024 * 1024

/** What is refused, or means something, inside text: entities, characters that XML does not hold, comments and the like. */
// oxlint-disable-next-line no-control-regex
const ODD = /[&\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\]\]>|<[!?]/g
const NOT_A_TAG = /<[!?]/
const ROW = /<row r="(\d{1,7})"((?: [A-Za-z][A-Za-z0-9:]*="[^"<]*")*)>/y
/** Up to column RZ; style and type in either order, each once. */
export const PLAIN_COLUMNS = 18 * 26 + 26
const REF = '<c r="[A-R]?[A-Z]\\d{1,7}"'
const STYLE = '(?: s="\\d{1,6}")?'
const typed = (type: string) => `(?: t="${type}"${STYLE}|(?: s="\\d{1,6}") t="${type}")`
const EMPTY = new RegExp(`${REF}${STYLE}/>`, 'y')
const TEXT = new RegExp(`${REF}${typed('inlineStr')}><is><t(?: xml:space="preserve")?>`, 'y')
const SHARED = new RegExp(`${REF}${typed('s')}><v>(\\d{1,9})</v></c>`, 'y')
const NUMBER = new RegExp(`${REF}(?:${STYLE}|${typed('n')})><v>-?\\d[\\d.]{0,30}(?:E[+-]?\\d{1,3})?</v></c>`, 'y')
const TEXT_END = '</t></is></c>'

/** Surely no blank, whatever trims it. */
const isInk = (c: number): boolean => (c > 0x20 && c < 0x7f) || (c >= 0x4e00 && c <= 0x9fff)
const isBreak = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09
const ends = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

export class PlainRows {
  readonly #skim: Skim
  #state: 'head' | 'rows' | 'off' = 'head'
  #rest = ''
  /** Where in the present text something odd comes next. */
  #odd = -1
  readonly #attributes = new Set<string>([''])

  constructor(skim: Skim) {
    this.#skim = skim
  }

  push(piece: string): void {
    if (this.#state === 'off') return this.#skim.parse(piece)
    const text = this.#rest + piece
    this.#rest = ''
    this.#odd = -1
    let at = 0
    if (this.#state === 'head') {
      const begin = text.indexOf(BEGIN)
      if (begin < 0 && text.length <= HEAD_CHARS) this.#rest = text
      else if (begin < 0 || NOT_A_TAG.test(text.slice(text.startsWith('<?xml') ? 2 : 0, begin))) this.#turnOff(text)
      else {
        at = begin + BEGIN.length
        this.#skim.parse(text.slice(0, at))
        this.#state = 'rows'
      }
    }
    if (this.#state === 'rows') this.#rows(text, at)
  }

  end(): void {
    this.#turnOff('')
  }

  #turnOff(text: string): void {
    const all = this.#rest + text
    this.#rest = ''
    this.#state = 'off'
    if (all) this.#skim.parse(all)
  }

  #rows(text: string, from: number): void {
    let at = from
    for (;;) {
      while (isBreak(text.charCodeAt(at))) at++
      const close = text.indexOf(ROW_END, at)
      if (close < 0) break
      const end = close + ROW_END.length
      const n = this.#plain(text, at, close)
      if (n > 0) this.#skim.row(n)
      else {
        const odd = text.slice(at, end)
        // A comment may hold the end of a row that is none.
        if (!odd.startsWith('<row') || NOT_A_TAG.test(odd)) return this.#turnOff(text.slice(at))
        this.#skim.parse(odd)
      }
      at = end
    }
    const rest = text.slice(at)
    if (rest.startsWith('</') || rest.length > ROW_CHARS) this.#turnOff(rest)
    else this.#rest = rest
  }

  /** The number of a row that is surely well formed and surely not blank; 0 for any other. */
  #plain(text: string, start: number, close: number): number {
    if (this.#oddFrom(text, start) < close) return 0
    ROW.lastIndex = start
    const row = ROW.exec(text)
    if (!row || !this.#distinct(row[2] as string)) return 0
    let at = ROW.lastIndex
    let ink = false
    while (at < close) {
      const inside = ends(TEXT, text, at)
      if (inside >= 0) {
        ink ||= isInk(text.charCodeAt(inside))
        at = text.indexOf('<', inside)
        if (!text.startsWith(TEXT_END, at)) return 0
        at += TEXT_END.length
        continue
      }
      const empty = ends(EMPTY, text, at)
      if (empty >= 0) {
        at = empty
        continue
      }
      SHARED.lastIndex = at
      const shared = SHARED.exec(text)
      if (shared) {
        const index = Number(shared[1])
        if (index >= this.#skim.strings.length) return 0
        ink ||= isInk(this.#skim.strings.get(index)?.charCodeAt(0) ?? 0)
        at = SHARED.lastIndex
        continue
      }
      at = ends(NUMBER, text, at)
      if (at < 0) return 0
      ink = true
    }
    return ink && at === close ? Number(row[1]) : 0
  }

  /** An attribute that comes twice is a fault; rows of one program name theirs alike. */
  #distinct(attributes: string): boolean {
    const names = attributes.replace(/="[^"]*"/g, '')
    if (this.#attributes.has(names)) return true
    const each = names.trim().split(' ')
    const good = !each.includes('r') && new Set(each).size === each.length
    if (good && this.#attributes.size < 100) this.#attributes.add(names)
    return good
  }

  #oddFrom(text: string, at: number): number {
    if (this.#odd < at) {
      ODD.lastIndex = at
      this.#odd = ODD.exec(text)?.index ?? Number.POSITIVE_INFINITY
    }
    return this.#odd
  }
}
