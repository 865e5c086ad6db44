import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

type Term = {
  code: string
  folder?: string
  zh: string
  en: string
  basis: string
  allow_in?: string[]
  avoid?: { zh?: string[]; en?: string[]; code?: string[] }
}
const { terms } = parse(readFileSync('docs/glossary.yaml', 'utf8')) as { terms: Term[] }

const sources = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory()
      ? e.name === 'dist'
        ? []
        : sources(join(dir, e.name))
      : /\.(ts|tsx|css)$/.test(e.name)
        ? [join(dir, e.name)]
        : [],
  )
const files = [...sources('src'), ...sources('web/src')].filter((f) => !f.includes('.test.'))

describe('glossary 术语表', () => {
  it('has every capability folder', () => {
    const known = new Set(terms.map((t) => t.folder ?? t.code))
    expect(readdirSync('src/capabilities').filter((f) => !known.has(f))).toEqual([])
  })
  it('names each term once, in both languages, with its basis', () => {
    expect(new Set(terms.map((t) => t.code)).size).toBe(terms.length)
    for (const t of terms) expect([t.code, t.zh, t.en, t.basis].every(Boolean), t.code).toBe(true)
  })
  it('finds none of the words to avoid in labels or identifiers', () => {
    expect(files.length).toBeGreaterThan(50)
    const found: string[] = []
    for (const file of files) {
      const text = readFileSync(file, 'utf8')
      for (const term of terms) {
        if (term.allow_in?.includes(file)) continue
        for (const word of [...(term.avoid?.zh ?? []), ...(term.avoid?.en ?? [])])
          if (text.includes(word)) found.push(`${file}: ${word} → ${term.zh}`)
        for (const word of term.avoid?.code ?? [])
          if (new RegExp(`\\b${word}`, 'i').test(text)) found.push(`${file}: ${word} → ${term.code}`)
      }
    }
    expect(found).toEqual([])
  })
})
