import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Lang } from '../kernel/words.ts'

/**
 * The fonts that documents are set in, and which characters they have. The national sets of characters are larger than any
 * one font; a name must never come out as a box, so what has no glyph is printed as its number in Unicode, and the paper
 * says so.
 */
const path = (name: string): string =>
  createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-sc/${name}.ttf`)
export const FONT_PATHS: readonly string[] = [
  path('400Regular/NotoSansSC_400Regular'),
  path('700Bold/NotoSansSC_700Bold'),
]

/** The `cmap` table of a TrueType font: subtables of format 4 (16 bits) and 12 (all of Unicode). */
const charactersOf = (font: Buffer): Set<number> => {
  const has = new Set<number>()
  const tables = font.readUInt16BE(4)
  const record = Array.from({ length: tables }, (_, i) => 12 + i * 16).find(
    (at) => font.toString('latin1', at, at + 4) === 'cmap',
  )
  if (record === undefined) throw new Error('a font without a cmap table')
  const cmap = font.readUInt32BE(record + 8)
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4)
    const format = font.readUInt16BE(at)
    if (format === 12) readFormat12(font, at, has)
    else if (format === 4) readFormat4(font, at, has)
  }
  return has
}
const readFormat12 = (font: Buffer, at: number, has: Set<number>): void => {
  for (let g = 0; g < font.readUInt32BE(at + 12); g++) {
    const group = at + 16 + g * 12
    const [first, last, glyph] = [0, 4, 8].map((n) => font.readUInt32BE(group + n)) as [number, number, number]
    for (let c = first; c <= last; c++) if (glyph + c - first !== 0) has.add(c)
  }
}
const readFormat4 = (font: Buffer, at: number, has: Set<number>): void => {
  const twice = font.readUInt16BE(at + 6)
  for (let s = 0; s < twice; s += 2) {
    const last = font.readUInt16BE(at + 14 + s)
    const first = font.readUInt16BE(at + 16 + twice + s)
    const delta = font.readUInt16BE(at + 16 + 2 * twice + s)
    const rangeAt = at + 16 + 3 * twice + s
    const range = font.readUInt16BE(rangeAt)
    for (let c = first; c <= last && c !== 0xffff; c++) {
      const glyph = range === 0 ? (c + delta) & 0xffff : font.readUInt16BE(rangeAt + range + (c - first) * 2)
      if (glyph !== 0) has.add(c)
    }
  }
}

let known: Set<number> | undefined
/** In every weight that documents use. */
const characters = (): Set<number> => {
  if (!known) {
    const [first, ...others] = FONT_PATHS.map((p) => charactersOf(readFileSync(p)))
    known = new Set([...first!].filter((c) => others.every((o) => o.has(c))))
  }
  return known
}

/** Marks without a shape of their own: variation selectors, joiners, and signs that turn the direction of writing. */
const SHAPELESS = /\p{Default_Ignorable_Code_Point}/gu
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g
const LONG_RUN = /[!-~]{30}(?=[!-~])/g

/** U+20BB7 𠮷 as 〔字形缺失 U+20BB7〕. */
export const missingGlyph = (point: number, lang: Lang): string => {
  const number = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return lang === 'zh' ? `〔字形缺失 ${number}〕` : `[no glyph: ${number}]`
}

/** Text that can be printed whole, and which characters of it had no glyph. */
export const printable = (text: string, lang: Lang): { text: string; missing: number[] } => {
  const has = characters()
  const missing: number[] = []
  let out = ''
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(SHAPELESS, '')
    .replace(CONTROL, ' ')
  for (const c of plain) {
    const point = c.codePointAt(0)!
    if (c === '\n' || has.has(point)) out += c
    else if (/\p{Zs}|\p{Zl}|\p{Zp}/u.test(c)) out += ' '
    else {
      missing.push(point)
      out += missingGlyph(point, lang)
    }
  }
  // A run that offers no place to break would leave the page.
  return { text: out.replace(LONG_RUN, '$&\u200b'), missing }
}
