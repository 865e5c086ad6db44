import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { POLICY_ROOT, loadPolicy, problemLine, readItem, readPolicy } from './policy-files.ts'
import { withIncludes } from './policy-include.ts'

const copies: string[] = []
const copyWith = (file: string, change: (text: string) => string): string => {
  const root = mkdtempSync(join(tmpdir(), 'policy-'))
  copies.push(root)
  cpSync(POLICY_ROOT, root, { recursive: true })
  writeFileSync(
    join(root, file),
    change(readFileSync(join(root, file.replace(/\/new-[^/]+$/, '/honour.yaml')), 'utf8')),
  )
  return root
}
afterAll(() => copies.forEach((root) => rmSync(root, { recursive: true, force: true })))

const HONOUR = 'national/catalog/honour.yaml'
const PENALTY = 'national/catalog/penalty.yaml'
const policy = loadPolicy('440100')

describe('field groups', () => {
  const groups = new Map([
    [
      'source',
      [
        { code: '{P}_SJLY', key: 'source_name', aliases: ['{P}_LY'] },
        { code: 'BZ', key: 'remarks' },
      ],
    ],
  ])
  const item = (fields: unknown[], prefix?: string) => ({ kind: 'catalog', fields, ...(prefix ? { prefix } : {}) })

  it('stand where they are included, under the prefix of the item', () => {
    const { raw, problems, written } = withIncludes(
      item([{ code: 'A' }, { include: 'source', with: { sourceName: { label: 'L' } } }, { code: 'Z' }], 'RY'),
      groups,
    )
    expect(problems).toEqual([])
    expect(raw['fields']).toEqual([
      { code: 'A' },
      { code: 'RY_SJLY', key: 'source_name', aliases: ['RY_LY'], label: 'L' },
      { code: 'BZ', key: 'remarks' },
      { code: 'Z' },
    ])
    expect(written(['fields', 3, 'type'])).toEqual(['fields', 2, 'type'])
    expect(written(['fields', 1, 'label'])).toEqual(['fields', 1, 'include'])
  })

  it('may be taken in part', () => {
    expect(withIncludes(item([{ include: 'source', only: ['remarks'] }], 'RY'), groups).raw['fields']).toEqual([
      { code: 'BZ', key: 'remarks' },
    ])
  })

  it.each([
    ['no such group', [{ include: 'subjects' }], 'RY', /there is no field group subjects; there are source/],
    ['no such field', [{ include: 'source', with: { other: {} } }], 'RY', /the group source has no field other/],
    ['a key of its own', [{ include: 'source', label: 'x' }], 'RY', /no such key here: label/],
    ['no prefix', [{ include: 'source' }], undefined, /needs the prefix/],
  ])('%s is a mistake', (_, fields, prefix, message) => {
    expect(
      withIncludes(item(fields, prefix), groups)
        .problems.map((p) => p.message)
        .join(),
    ).toMatch(message)
  })
})

describe('an item of the catalog', () => {
  it.each<[string, string, (t: string) => string, RegExp]>([
    [
      'adverse without a legal basis',
      PENALTY,
      (t) => t.replace(/legal_basis:\n(?: {2}- .*\n)+/, ''),
      /penalty\.legal_basis: adverse information needs its legal basis/,
    ],
    [
      'adverse on a document of no rank',
      PENALTY,
      (t) => t.replace(/level: \w+/g, 'level: normative_document'),
      /stands only on a law/,
    ],
    [
      'adverse on one department’s rule',
      PENALTY,
      (t) => t.replace(/level: \w+/g, 'level: department_rule'),
      /stands only on a law/,
    ],
    [
      'national, on the regulation of one place',
      PENALTY,
      (t) => t.replace(/level: \w+/g, 'level: local_regulation'),
      /cannot stand on a local regulation/,
    ],
    [
      'adverse and simply open',
      PENALTY,
      (t) => t.replace('publicity: by_rule', 'publicity: public'),
      /is shown only by rule/,
    ],
    [
      'a basis without its article',
      PENALTY,
      (t) => t.replace('article: 第四十八条', 'article: ""'),
      /legal_basis\[0\]\.article/,
    ],
    ['no subject', HONOUR, (t) => t.replace('  - { include: subject }\n', ''), /a record needs the field subject_name/],
    [
      'an open number of a person',
      HONOUR,
      (t) =>
        t.replace(
          '  - { include: source }',
          '  - { code: RY_ZJ, key: person_no, label: { zh: 证件号, en: Number }, type: person_id }\n  - { include: source }',
        ),
      /a number of a person must be secret/,
    ],
    [
      'a term that runs from no date',
      HONOUR,
      (t) => t.replace('starts: decided_on', 'starts: doc_no'),
      /doc_no is not a date/,
    ],
    [
      'identified by what may be empty',
      HONOUR,
      (t) => t.replace('natural_key: [authority_code, doc_no]', 'natural_key: [authority_code, level]'),
      /level identifies the record and must be required/,
    ],
    [
      'two versions on one day',
      'national/catalog/new-honour.yaml',
      (t) => t.replace('id: catalog/honour', 'id: catalog/honour-again'),
      /another version of it is in force/,
    ],
    [
      'a check that does not exist',
      HONOUR,
      (t) => t.replace('DECIDED_IN_FUTURE', 'DECIDED_ON_SUNDAY'),
      /there is no check DECIDED_ON_SUNDAY/,
    ],
    [
      'an include that leads nowhere',
      HONOUR,
      (t) => t.replace('include: source', 'include: sources'),
      /honour\.yaml:\d+: fields\[\d+\]\.include: there is no field group sources/,
    ],
  ])('%s is refused', (_, file, change, expected) => {
    const found = readPolicy('440100', copyWith(file, change)).problems.map(problemLine)
    expect(found.join('\n')).toMatch(expected)
  })

  it('waits in the pack until it is approved', () => {
    const root = copyWith('national/catalog/new-honour.yaml', (t) =>
      t
        .replace('id: catalog/honour', 'id: catalog/honour-2027')
        .replace('valid_from: 2024-02-18', 'valid_from: 2027-01-01\nactivation: on_approval'),
    )
    const read = readPolicy('440100', root).policy
    expect(read?.catalogDrafts.map((d) => d.id)).toEqual(['catalog/honour-2027'])
    expect(read?.catalog.filter((c) => c.code === 'honour')).toHaveLength(1)
  })

  it('that is handed in is held against the groups and checks of the pack', () => {
    const text = readFileSync(join(POLICY_ROOT, HONOUR), 'utf8')
    expect(readItem(text, policy)).toMatchObject({ problems: [], item: { code: 'honour', fields: expect.any(Array) } })
    const wrong = readItem(text.replace('type: date', 'type: day'), policy)
    const line = text.split('\n').findIndex((l) => l.includes('type: date')) + 1
    expect(wrong.problems).toMatchObject([{ line, message: expect.stringContaining('must be one of') }])
    expect(readItem('kind: lists\nlists: []', policy).problems).toMatchObject([{ path: 'kind' }])
    const adverse = readItem(text.replace('negative: false', 'negative: true'), policy)
    expect(adverse.item).toBeNull()
  })

  it('is opened to the public by the catalog alone, and never when it is adverse', () => {
    const opened = policy.regimes
      .filter((r) => r.channel === 'credit_china')
      .map((r) => r.windows.filter((w) => w.id.includes('/catalog-')))
    for (const rows of opened) {
      const items = rows.flatMap((w) => w.when.item ?? [])
      expect(items).toContain('honour')
      expect(items).not.toContain('licence')
      for (const code of items) expect(policy.catalog.find((c) => c.code === code)?.negative, code).toBe(false)
      for (const w of rows) expect([w.class, w.repair, w.max]).toEqual(['none', 'none', null])
    }
  })
})
