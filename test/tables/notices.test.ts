/** Templates of the repair notice: places that the schema knows, one for every kind of adverse record and day, in each jurisdiction. */
import { describe, expect, it } from 'vitest'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inForce } from '../../src/kernel/eligibility.ts'
import { day } from '../../src/kernel/time.ts'
import { POLICY_ROOT, jurisdictionCodes, loadPolicy, readPolicy } from '../../src/platform/policy-files.ts'

describe.each(jurisdictionCodes())('notices of %s', (code) => {
  const policy = loadPolicy(code)
  it('there is one for every kind of adverse record, with its basis', () => {
    for (const on of ['2020-06-01', '2024-06-03', '2026-11-23'].map(day))
      for (const item of policy.catalog.filter((c) => c.negative)) {
        const found = policy.notices.find((t) => inForce(t, on) && (t.when.item?.includes(item.code) ?? true))
        expect(found, `${item.code} ${on}`).toBeDefined()
        expect(found!.instrument.zh && found!.article).toBeTruthy()
      }
  })
})

it('Guangzhou delivers its own with penalties', () => {
  const [first] = loadPolicy('440100').notices
  expect(first).toMatchObject({ id: 'gz/notice-penalty', article: '二（六）', when: { item: ['penalty'] } })
})

describe('a template that cannot be filled in does not start', () => {
  const problems = (change: (yaml: string) => string): string[] => {
    const root = mkdtempSync(join(tmpdir(), 'xinheng-policy-'))
    try {
      cpSync(POLICY_ROOT, root, { recursive: true })
      const path = join(root, 'national/notices/repair-notice.yaml')
      const [before, after] = [readFileSync(path, 'utf8'), change(readFileSync(path, 'utf8'))]
      expect(after).not.toBe(before)
      writeFileSync(path, after)
      return readPolicy('510000', root).problems.map((p) => `${p.file}:${p.line}: ${p.message}`)
    } finally {
      rmSync(root, { recursive: true })
    }
  }
  it.each([
    [
      'a place that nobody fills',
      (y: string) => y.replace('{authority}于{day}', '{agency}于{day}'),
      /no such place in a notice: agency/,
    ],
    [
      'a place in one language only',
      (y: string) => y.replace('(document {docNo}, {item})', '({item})'),
      /both languages must have the same places/,
    ],
    [
      'a place where it may be empty',
      (y: string) => y.replace('when: [coded], text', 'when: [], text'),
      /stands only when: \[coded\]/,
    ],
    ['a part that there is not', (y: string) => y.replace('show: channels', 'show: everything'), /repair-notice\.yaml/],
  ])('%s', (_, change, message) => {
    const found = problems(change)
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toMatch(message)
  })
})
