import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { policyDiff, policyShow, policySide, policyValidate } from '../policy-cli.ts'
import { day } from '../kernel/time.ts'
import { POLICY_ROOT, jurisdictionCodes, loadPolicy, problemLine, readPolicy } from './policy-files.ts'

const copies: string[] = []
const copyWith = (file: string, change: (text: string) => string): string => {
  const root = mkdtempSync(join(tmpdir(), 'policy-'))
  copies.push(root)
  cpSync(POLICY_ROOT, root, { recursive: true })
  const path = join(root, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
  return root
}
afterAll(() => copies.forEach((root) => rmSync(root, { recursive: true, force: true })))

const REGIME = 'national/repair/credit_china-2026-04-01.yaml'
const lines = (root: string) => readPolicy('440100', root).problems.map(problemLine)

describe('the pack as it is', () => {
  it('is valid for every jurisdiction, worked examples included', () => {
    const validation = policyValidate()
    expect(validation.problems.map(problemLine)).toEqual([])
    expect(validation.jurisdictions.map((j) => j.code)).toEqual(['130000', '440100', '510000', '610900'])
    for (const j of validation.jurisdictions) expect(j.examples).toBeGreaterThan(10)
  })

  it('every row in force has an instrument in both languages, an article and a place', () => {
    for (const code of jurisdictionCodes())
      for (const row of policyShow(code).rows) {
        expect(row.instrument.zh && row.instrument.en && row.article, row.id).toBeTruthy()
        expect(row.source, row.id).toMatch(/^policy\/.+\.yaml:\d+$/)
      }
  })

  it('lists what is open, each with a note', () => {
    const { unsure } = policyShow('440100')
    expect(unsure.map((u) => u.id)).toEqual(
      expect.arrayContaining([
        'credit_china/ndrc-36/transition',
        'gz/first-review-after-order-36',
        'uscc/36',
        'credit_china/ndrc-36/rest',
      ]),
    )
    for (const u of unsure) expect(u.note?.zh && u.note.en, u.id).toBeTruthy()
  })

  it('compares two jurisdictions and two days', () => {
    const places = policyDiff(policySide('440100', '440100'), policySide('510000', '440100'))
    expect(places.find((c) => c.id === 'sc/window-accepts')?.change).toBe('added')
    expect(places.find((c) => c.id === 'gz/first-review')?.change).toBe('removed')
    expect(places.some((c) => c.id.startsWith('credit_china/'))).toBe(false)
    const days = policyDiff(policySide('2026-03-31', '440100'), policySide('2026-04-01', '440100'))
    expect(days.find((c) => c.id === 'credit_china/ndrc-36')?.change).toBe('added')
    expect(days.find((c) => c.id === 'credit_china/ndrc-58')?.change).toBe('removed')
  })

  it('the version stands for the content', () => {
    expect(loadPolicy('440100').version).toBe(loadPolicy('440100').version)
    const root = copyWith(REGIME, (t) => t.replace('max: P3Y', 'max: P2Y'))
    expect(readPolicy('440100', root).policy?.version).not.toBe(loadPolicy('440100').version)
  })
})

describe('a mistake is named with its file and line', () => {
  it.each<[string, string, (t: string) => string, RegExp]>([
    [
      'a period that is none',
      REGIME,
      (t) => t.replace('max: P3M', 'max: 3 months'),
      /credit_china-2026-04-01\.yaml:\d+: windows\[\d+\]\.max: must be a period/,
    ],
    ['a misspelt key', REGIME, (t) => t.replace('shown: false', 'showed: false'), /no such key here: showed/],
    [
      'an unknown choice',
      REGIME,
      (t) => t.replace('class: minor', 'class: petty'),
      /must be one of: minor, general, serious, listed, unclassified, none/,
    ],
    ['no article', REGIME, (t) => t.replace(/ {4}article: 第九条第二项.*\n/, ''), /article: is missing/],
    [
      'no day',
      REGIME,
      (t) => t.replace('valid_from: 2026-04-01', 'valid_from: 2026-04-31'),
      /valid_from: must be a calendar day/,
    ],
    [
      'unsure without a note',
      'national/settings/national.yaml',
      (t) => t.replace(/ {4}unsure: true\n {4}note: .*\n/, '    unsure: true\n'),
      /without a note/,
    ],
    [
      'broken YAML',
      REGIME,
      (t) => t.replace('windows:', 'windows: ['),
      /credit_china-2026-04-01\.yaml:\d+: not readable as YAML/,
    ],
    [
      'an example that does not come out',
      REGIME,
      (t) => t.replace('until: 2027-05-06', 'until: 2027-05-07'),
      /example "一般程序没收非法财物" .*until should be 2027-05-07 but is 2027-05-06/,
    ],
    [
      'a wrong rule, caught by an example',
      REGIME,
      (t) => t.replace(/(general-confiscate-property[\s\S]*?)max: P1Y/, '$1max: P2Y'),
      /example "一般程序没收非法财物"/,
    ],
    [
      'a field that the record has not',
      'national/catalog/penalty.yaml',
      (t) => t.replace('natural_key: [authority_code', 'natural_key: [authority_cod'),
      /no field has the key authority_cod/,
    ],
    [
      'a setting that does not exist',
      'national/settings/national.yaml',
      (t) => t.replace('key: fees_allowed', 'key: fees'),
      /no setting is called fees/,
    ],
    [
      'a holiday of another year',
      'national/calendar/2026.yaml',
      (t) => t.replace('2026-01-01', '2025-01-01'),
      /2025-01-01 is not a day of 2026/,
    ],
    [
      'two versions on one day',
      'national/repair/credit_china-2023-05-01.yaml',
      (t) => t.replace('valid_to: 2026-03-31', 'valid_to: 2026-04-30'),
      /two versions of credit_china are in force on the same day/,
    ],
  ])('%s', (_name, file, change, expected) => {
    const found = lines(copyWith(file, change))
    expect(found.join('\n')).toMatch(expected)
    for (const line of found) expect(line).toMatch(/^policy\/[^:]+:\d+: /)
  })

  it('points at the very line', () => {
    const text = readFileSync(join(POLICY_ROOT, REGIME), 'utf8').split('\n')
    const at = text.findIndex((l) => l.includes('max: P3M'))
    const root = copyWith(REGIME, (t) => t.replace('max: P3M', 'max: 3 months'))
    expect(readPolicy('440100', root).problems[0]?.line).toBe(at + 1)
  })

  it('an unknown jurisdiction is named with those that exist', () => {
    expect(readPolicy('999999').problems[0]?.message).toContain('130000, 440100, 510000, 610900')
    expect(() => loadPolicy('999999')).toThrow(/there is no jurisdiction 999999/)
  })
})

describe('the catalog', () => {
  const policy = loadPolicy('440100')
  const item = (code: string) => policy.catalog.find((c) => c.code === code)
  it('has the fields of the national standard, in its order', () => {
    const codes = (code: string) =>
      item(code)
        ?.fields.filter((f) => !f.supplement)
        .map((f) => f.code)
    expect(codes('licence')?.length).toBe(28)
    expect(codes('penalty')?.length).toBe(30)
    expect(codes('licence')?.slice(13, 28)).toEqual([
      'XK_XKWS',
      'XK_WSH',
      'XK_XKLB',
      'XK_XKZS',
      'XK_XKBH',
      'XK_NR',
      'XK_JDRQ',
      'XK_YXQZ',
      'XK_YXQZI',
      'XK_XKJG',
      'XK_XKJGDM',
      'XK_ZT',
      'XK_LYDW',
      'XK_LYDWDM',
      'BZ',
    ])
    expect(codes('penalty')?.slice(13, 30)).toEqual([
      'CF_WSH',
      'CF_WFXW',
      'CF_SY',
      'CF_YJ',
      'CF_CFLB',
      'CF_NR',
      'CF_NR_FK',
      'CF_NR_WFFF',
      'CF_NR_ZKDX',
      'CF_JDRQ',
      'CF_YXQ',
      'CF_GSJZQ',
      'CF_CFJG',
      'CF_CFJGDM',
      'CF_SJLY',
      'CF_SJLYDM',
      'BZ',
    ])
  })

  it('keeps the four ★ fields secret wherever an item has them', () => {
    const starred = ['representative_id_type', 'representative_id', 'person_id_type', 'person_id']
    for (const c of policy.catalog) {
      const has = c.fields.map((f) => f.key)
      expect(c.fields.filter((f) => f.secret).map((f) => f.key)).toEqual(starred.filter((key) => has.includes(key)))
    }
    expect(
      item('penalty')
        ?.fields.filter((f) => f.secret)
        .map((f) => f.key),
    ).toEqual(starred)
  })

  it('understands the headings of real files', () => {
    const heads = new Set(item('licence')?.fields.flatMap((f) => [f.code, f.label.zh, ...f.aliases]))
    const real =
      '行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,许可证书名称,许可编号,许可内容,许可决定日期,有效期自,有效期至,许可机关,备注'
    expect(real.split(',').filter((h) => !heads.has(h))).toEqual([])
  })

  it('penalty kinds are those that the rules know', () => {
    const kinds = item('penalty')
      ?.fields.find((f) => f.key === 'penalty_kinds')
      ?.choices.map((c) => c.code)
    expect(kinds?.length).toBe(15)
    const used = policy.regimes.flatMap((r) => r.windows.flatMap((w) => w.when.kind ?? []))
    expect(used.filter((k) => !kinds?.includes(k))).toEqual([])
  })
})

describe('divisions and codes', () => {
  const policy = loadPolicy('440100')
  it('keep an abolished district with its last day', () => {
    expect(policy.divisions.find((d) => d.code === '440116')).toMatchObject({
      validTo: day('2014-02-11'),
      successors: ['440112'],
    })
    for (const d of policy.divisions) if (d.parent) expect(policy.divisions.some((p) => p.code === d.parent)).toBe(true)
  })
  it('know the registration categories beyond the old twelve, and mark those with one source', () => {
    const codes = policy.usccCategories.map((c) => c.code)
    for (const code of ['31', '36', '54', '55', '71', '81', 'N1', 'N2', 'N3', 'A1', 'G1', 'J1', 'Y1'])
      expect(codes).toContain(code)
    expect(policy.usccCategories.filter((c) => c.unsure).map((c) => c.code)).toEqual([
      '36',
      '82',
      '99',
      'G1',
      'G9',
      'J1',
      'J9',
      'Q1',
      'Q2',
      'Q3',
      'Q9',
    ])
  })
})
