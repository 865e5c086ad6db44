import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../../kernel/time.ts'
import { NOTHING_KNOWN } from '../../kernel/window.ts'
import type { Ctx } from '../../platform/context.ts'
import { secretsFrom } from '../../platform/crypto.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import type { RecordContent } from './contract.ts'
import { COLUMNS, Drafter } from './draft.ts'

const ctx = { policy: loadPolicy('440100'), secrets: secretsFrom(Buffer.alloc(32, 7)) } as unknown as Ctx
const DAY = '2026-03-02' as LocalDate

const contentOf = (
  fields: Record<string, unknown>,
  more: { kind?: RecordContent['subjectKind']; secret?: Record<string, string>; docNo?: string } = {},
): RecordContent => {
  const { kind = 'enterprise', secret = null, docNo = '穗罚〔2026〕1号' } = more
  const facts = {
    ...NOTHING_KNOWN,
    item: 'penalty',
    system: 'general',
    subjectKind: kind,
    decidedOn: DAY,
    publishedOn: DAY,
  }
  return {
    subjectKind: kind,
    item: 'penalty',
    authorityId: '01900000-0000-7000-8000-000000000001',
    authorityKey: '11440106MB2D000019',
    authorityName: '天河区\t城管局',
    docNo,
    decidedOn: DAY,
    publishedOn: DAY,
    fields: { doc_no: docNo, ...fields },
    secret,
    facts,
    submissionId: '01900000-0000-7000-8000-000000000002',
    rowN: 7,
    backfill: false,
  }
}

/** A line as COPY reads it back: cells by column, `null` for NULL. */
const cellsOf = (line: string): Record<string, string | null> => {
  const cells = line.slice(0, -1).split('\t')
  const columns = COLUMNS.slice(4)
  expect(line.endsWith('\n') && cells.length === columns.length).toBe(true)
  const plain = (cell: string) =>
    cell === '\\N' ? null : cell.replace(/\\(.)/g, (_, c: string) => (c === 't' ? '\t' : c === 'n' ? '\n' : c))
  return Object.fromEntries(columns.map((name, i) => [name, plain(cells[i] as string)]))
}

const LONG = '𠮷野家'.repeat(20_000)
const ROWS: [string, RecordContent][] = [
  ['nothing but its number', contentOf({})],
  ['what the public sees and what it does not', contentOf({ facts: '甲', discretion: 'ordinary', subject_name: '乙' })],
  ['only what it does not see', { ...contentOf({ discretion: 'ordinary' }), fields: { discretion: 'ordinary' } }],
  ['no field at all', { ...contentOf({}), fields: { facts: null, basis: '', content: undefined } }],
  [
    'quotes, backslashes, tabs and line ends',
    contentOf({ facts: '说"是"\\n\t\r\n\\', basis: '\\', discretion: 'a\\b' }),
  ],
  ['personal data in free text', contentOf({ facts: '电话13912345678"\\"，身份证110105194912310021。', basis: '乙' })],
  ['a trader’s name', contentOf({ legal_representative: '张三丰', facts: '甲' }, { kind: 'individual_business' })],
  [
    'a person',
    contentOf({ subject_name: '张三', facts: '甲' }, { kind: 'natural_person', secret: { person_id: '1\\"', a: '2' } }),
  ],
  [
    'lists, flags and broken characters',
    contentOf({ penalty_kinds: ['fine', 'warning'], x: true, facts: '\ud800甲\ufffe' }),
  ],
  [
    'a text longer than a page',
    contentOf({ facts: LONG, basis: LONG, content: `${LONG}\\`, discretion: LONG }, { docNo: '罚\\1号' }),
  ],
]

describe('a row as COPY takes it', () => {
  const drafter = new Drafter(ctx)
  it.each(ROWS)('says what its fields say: %s', (_, content) => {
    const { add, done } = drafter.batch()
    // Twice: what the last row said is written once.
    for (const draft of [add(content), add(content)]) {
      const { split, secret } = drafter.split(content)
      const cells = cellsOf(draft.line.page.toString('utf8', draft.line.from, draft.line.to))
      expect([cells.fields, cells.inner_fields]).toEqual([split.open, split.inner])
      expect([cells.authority_name, cells.doc_no, cells.row_n]).toEqual([content.authorityName, content.docNo, '7'])
      const sealed = cells.secret === null ? null : ctx.secrets.open(Buffer.from((cells.secret ?? '').slice(2), 'hex'))
      expect(sealed).toBe(secret)
      // The same as if it were made of the texts, which is how what is held is compared.
      expect(draft.fingerprint).toBe(drafter.fingerprintAs(content, content.docNo))
      expect(cells.fingerprint).toBe(draft.fingerprint)
    }
    done()
  })

  it('rows that differ in one fact share nothing that rests on it', () => {
    const { add } = drafter.batch()
    const lineOf = (more: Partial<RecordContent['facts']>) => {
      const inspection = { ...contentOf({}), item: 'inspection' }
      const facts = { ...inspection.facts, item: 'inspection', system: 'market_supervision', ...more }
      const { line } = add({ ...inspection, facts })
      return cellsOf(line.page.toString('utf8', line.from, line.to))
    }
    const apart = [
      { result: 'positive' },
      { result: 'negative' },
      { result: null },
      { level: 'county' },
      { level: 'city' },
      { minorPublished: true },
      { repeatOffender: true },
      { listCause: 'x' },
    ] as const
    for (const said of apart) {
      const facts = JSON.parse(lineOf(said).facts ?? '') as Record<string, unknown>
      for (const [key, value] of Object.entries(said)) expect(facts[key] ?? null).toBe(value)
    }
    // Only a bad result of an inspection is shown by the rules of market supervision.
    expect(lineOf({ result: 'positive' }).windows).not.toBe(lineOf({ result: 'negative' }).windows)
  })

  it('a batch’s rows lie one behind the other, also over the end of a page', () => {
    const { add } = drafter.batch()
    const drafts = Array.from({ length: 1500 }, (_, i) => add(contentOf({ facts: `第${i}行${'甲'.repeat(i % 900)}` })))
    drafts.forEach(({ line }, i) =>
      expect(cellsOf(line.page.toString('utf8', line.from, line.to)).fields).toContain(`第${i}行`),
    )
  })
})
