import { dayWords } from '../kernel/window.ts'
import type { Words } from '../kernel/words.ts'
import type { Block, Paper } from './pdf.ts'
import { missingGlyph, printable } from './pdf.glyphs.ts'
import { qrSvg } from './qr.ts'

const ABSENT: Words = {
  zh: '注：文中“{sample}”等处为字库未收录的字符，以其统一码（Unicode）编号表示，以平台所载文字为准。',
  en: 'Note: a character that the font lacks is given by its number in Unicode, as in “{sample}”; the text on the platform prevails.',
}

/** Every text of a paper as it can be printed; what the font lacks is named and explained. */
const fit = (paper: Paper): Paper => {
  let absent: number | null = null
  const one = (text: string): string => {
    const done = printable(text, paper.lang)
    absent ??= done.missing[0] ?? null
    return done.text
  }
  const orNull = (text: string | null) => (text === null ? null : one(text))
  const blockOf = (b: Block): Block => {
    if (b.kind === 'items') return { ...b, rows: b.rows.map(one) }
    if (b.kind === 'facts') return { ...b, rows: b.rows.map(([l, v]) => [one(l), one(v)] as const) }
    if (b.kind === 'table') return { ...b, head: b.head.map(one), rows: b.rows.map((r) => r.map(one)) }
    return { ...b, text: one(b.text) }
  }
  const fitted: Paper = {
    ...paper,
    issuer: one(paper.issuer),
    number: orNull(paper.number),
    title: one(paper.title),
    addressee: orNull(paper.addressee),
    blocks: paper.blocks.map(blockOf),
    signedBy: orNull(paper.signedBy),
    check: paper.check && { ...paper.check, alt: one(paper.check.alt), lines: paper.check.lines.map(one) },
  }
  if (absent === null) return fitted
  const sample = missingGlyph(absent, paper.lang)
  return {
    ...fitted,
    blocks: [...fitted.blocks, { kind: 'note', text: ABSENT[paper.lang].replace('{sample}', sample) }],
  }
}

/** A symbol of many modules is printed larger, so that a telephone still reads it. */
const QR_MM = { small: 30, large: 42, from: 57 }

/** What the template reads. */
export const templateInput = (paper: Paper): string => {
  const { check, on, keyword, ...rest } = fit(paper)
  const code = check && qrSvg(check.qr)
  return JSON.stringify({
    ...rest,
    keywords: keyword ? [keyword] : [],
    date: on.split('-').map(Number),
    signedOn: dayWords(on)[paper.lang],
    check: check &&
      code && {
        svg: code.svg,
        width: code.size >= QR_MM.from ? QR_MM.large : QR_MM.small,
        alt: check.alt,
        lines: check.lines,
      },
  })
}
