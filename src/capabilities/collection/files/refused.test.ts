import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildXlsx } from '../../../../test/fixtures-builders/workbooks.ts'
import { type HeaderField, NO_MAPPING, headerRefusals, mustFindHeader } from './header.ts'
import { openTable } from './open-table.ts'
import { FileRefused } from './refusals.ts'
import { LIMITS } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-refused-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof FileRefused) return error.code
    throw error
  }
  return 'was read'
}
const readAll = async (name: string, bytes: Uint8Array, limits = LIMITS) => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  for await (const _ of await openTable({ path, name, limits }));
}
const field = (code: string, key: string, zh: string, aliases: string[] = []): HeaderField => ({
  code,
  key,
  label: { zh, en: key },
  aliases,
  required: 'always',
})

describe('files that cannot be read', () => {
  it('ENCODING_UNKNOWN: bytes that are text in no encoding we read', async () => {
    const bytes = new Uint8Array(4000).map((_, i) => (i % 2 ? 0xff : 0x80))
    expect(await codeOf(() => readAll('a.csv', bytes))).toBe('ENCODING_UNKNOWN')
  })
  it('FILE_TOO_MANY_STRINGS: more shared strings than memory allows', async () => {
    const bytes = buildXlsx({
      sheets: [{ rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' }],
      strings: ['甲', '乙', '丙', '丁'],
    })
    expect(await codeOf(() => readAll('a.xlsx', bytes, { ...LIMITS, strings: 3 }))).toBe('FILE_TOO_MANY_STRINGS')
  })
  it('HEADER_NOT_FOUND: a table of something else', async () => {
    const rows = [{ n: 1, cells: ['日期', '天气'] }]
    expect(
      await codeOf(() => mustFindHeader(rows, [field('CF_WSH', 'doc_no', '行政处罚决定书文号')], NO_MAPPING)),
    ).toBe('HEADER_NOT_FOUND')
  })
  it('HEADER_AMBIGUOUS: one heading that two fields claim', () => {
    const fields = [
      field('CF_XDR_MC', 'name', '行政相对人名称'),
      field('CF_WSH', 'doc_no', '行政处罚决定书文号', ['编号']),
      field('XK_BH', 'licence_no', '许可编号', ['编号']),
    ]
    const header = mustFindHeader(
      [{ n: 1, cells: ['行政相对人名称', '行政处罚决定书文号', '许可编号', '编号'] }],
      fields,
    )
    expect(headerRefusals(header, fields).map((r) => r.code)).toEqual(['HEADER_AMBIGUOUS'])
  })
})
