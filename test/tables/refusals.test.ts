import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { capabilities } from '../../src/app.ts'
import type { RefusalCatalogue } from '../../src/kernel/decision.ts'
import { commonRefusals } from '../../src/kernel/refusals.ts'
import { catalogueOf } from '../../src/platform/http.ts'

const testFiles = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return testFiles(path)
    return entry.name.endsWith('.test.ts') && !path.endsWith(join('tables', 'refusals.test.ts')) ? [path] : []
  })
const expectations = ['src', 'test']
  .flatMap(testFiles)
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')
  // To speak of one is not to provoke it.
  .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
const all: [owner: string, catalogue: RefusalCatalogue][] = [
  ['every capability', commonRefusals],
  ...capabilities.map((c): [string, RefusalCatalogue] => [c.name, c.refusals]),
]

describe('refusal catalogues', () => {
  it('give a code one kind everywhere', () => {
    expect(() =>
      catalogueOf([...capabilities, { name: 'common', endpoints: {}, handlers: {}, refusals: commonRefusals }]),
    ).not.toThrow()
  })

  for (const [owner, catalogue] of all) {
    it(`of ${owner}: every sentence in both languages`, () => {
      for (const [code, { zh, en }] of Object.entries(catalogue)) {
        expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
        expect(zh, code).toMatch(/\p{Script=Han}/u)
        expect(zh, code).not.toMatch(/[,.;:!?]$/)
        // A heading or unit of the national templates may be quoted as it stands.
        expect(en.replaceAll(/“[^”]*”|\([^)]*\)/g, ''), code).not.toMatch(/\p{Script=Han}/u)
      }
    })

    it(`of ${owner}: every refusal is provoked by a test that names it`, () => {
      const silent = Object.keys(catalogue).filter((code) => !new RegExp(`\\b${code}\\b`).test(expectations))
      expect(silent).toEqual([])
    })
  }
})
