import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

/**
 * English takes the punctuation of ASCII, Chinese the full-width one: in every sentence that stands in the code or in a pack,
 * and in what pages put between two of them.
 */
const filesUnder = (dir: string, ends: RegExp): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && ends.test(e.name) && !e.name.includes('.test.'))
    .map((e) => join(e.parentPath, e.name))
const FULL = /[\u3001\u3002\u3008-\u3011\uff01-\uff5e]/u
/** What is quoted from an instrument, a form or a template may stand as it does there. */
const QUOTED = /“[^”]*\p{Script=Han}[^”]*”|\([^()]*\p{Script=Han}[^()]*\)|\p{Script=Han}[\p{Script=Han}〔〕［］、，]*/gu
const inLine = (text: string, at: number): number => text.slice(0, at).split('\n').length
const LITERAL = String.raw`(?<q>['"\x60])(?<said>(?:\\.|(?!\k<q>)[^\\])*)\k<q>`

const isEnglish = (text: string): boolean => {
  const plain = text.replaceAll(/\$?\{[^}]*\}/g, '')
  return (plain.match(/[A-Za-z]/g) ?? []).length > (plain.match(/\p{Script=Han}/gu) ?? []).length
}
/** Each `en: '…'`, and the second of two sentences where the first is Chinese. */
const englishOf = (source: string): { said: string; at: number }[] => {
  const keyed = [...source.matchAll(new RegExp(String.raw`\ben:\s*${LITERAL}`, 'gu'))]
  const first = LITERAL.replaceAll('<q>', '<p>').replaceAll('<said>', '<zh>')
  const paired = [...source.matchAll(new RegExp(String.raw`\(\s*${first},\s*${LITERAL}`, 'gu'))].filter(
    (m) => /\p{Script=Han}/u.test(m.groups!['zh']!) && isEnglish(m.groups!['said']!),
  )
  return [...keyed, ...paired].map((m) => ({ said: m.groups!['said']!, at: m.index }))
}

/** Each `en` of a pack. */
const englishIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, of]) => (key === 'en' && typeof of === 'string' ? [of] : englishIn(of)))
}
const isWrong = (said: string): boolean => FULL.test(said.replaceAll(QUOTED, ''))

describe('punctuation', () => {
  it('of English sentences in the code', () => {
    const all = ['src', 'web/src']
      .flatMap((f) => filesUnder(f, /\.tsx?$/))
      .flatMap((path) => {
        const source = readFileSync(path, 'utf8')
        return englishOf(source).map(({ said, at }) => ({ said, where: `${path}:${inLine(source, at)}` }))
      })
    expect(all.filter((e) => isWrong(e.said)).map((e) => `${e.where} ${e.said}`)).toEqual([])
    expect(all.length).toBeGreaterThan(3_000)
  })

  it('of English sentences in the packs', () => {
    const all = filesUnder('policy', /\.yaml$/).flatMap((path) =>
      englishIn(parse(readFileSync(path, 'utf8'))).map((said) => ({ path, said })),
    )
    expect(all.filter((e) => isWrong(e.said))).toEqual([])
    expect(all.length).toBeGreaterThan(500)
  })

  it('between what a page of the workbench says: only where the language is asked', () => {
    const wrong = filesUnder('web/src', /\.tsx?$/).flatMap((path) => {
      const source = readFileSync(path, 'utf8')
      const rest = source
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/^\s*\/\/.*$/gm, '')
        .replaceAll(new RegExp(String.raw`\b(?:zh|en):\s*(?:\w+ \? )?${LITERAL}(?:\s*:\s*\x60[^\x60]*\x60)?`, 'gu'), '')
        .replaceAll(/lang === 'en'\s*\?\s*(?:'[^']*'|`[^`]*`)\s*:\s*(?:'[^']*'|`[^`]*`)/g, '')
        .replaceAll(/lang === 'zh'\s*\?\s*(?:'[^']*'|`[^`]*`)/g, '')
        // Patterns that read what people write.
        .replaceAll(/[(=]\s*\/(?:\\.|\[[^\]]*\]|[^/\n\\])+\/[gimsuy]*/g, '')
      return rest.split('\n').flatMap((line) => (FULL.test(line) ? [`${path}: ${line.trim()}`] : []))
    })
    expect(wrong).toEqual([])
  })

  it('finds a full-width mark in an English sentence, and leaves what is quoted', () => {
    expect([
      isWrong('Basis：{basis}'),
      isWrong('{name}（{code}）'),
      isWrong('Heading “行政处罚，决定书” stands'),
    ]).toEqual([true, true, false])
    expect(englishOf("p('依据：{b}', 'Basis：{b}')").map((e) => e.said)).toEqual(['Basis：{b}'])
    expect(englishOf('en: "Basis：{b}"').map((e) => e.said)).toEqual(['Basis：{b}'])
  })
})
