import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { findHeader, type HeaderField } from './header.ts'
import { openTable } from './open-table.ts'
import { type RefusedRow, writeRefusedWorkbook } from './refused-workbook.ts'
import type { TableRow } from './table.ts'
import { writeTemplate } from './template.ts'
import { columnName, toBuffer } from './workbook.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-book-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const read = async (bytes: Uint8Array) => {
  const path = join(folder, `${files++}.xlsx`)
  writeFileSync(path, bytes)
  const table = await openTable({ path, name: 'a.xlsx' })
  const rows: TableRow[] = []
  for await (const batch of table) rows.push(...batch)
  return { sheet: table.sheet, rows }
}
const part = (bytes: Uint8Array, name: string): string => strFromU8(unzipSync(bytes)[name] as Uint8Array)

const FIELDS: HeaderField[] = [
  { code: 'CF_XDR_MC', key: 'name', label: { zh: '行政相对人名称', en: 'name' }, aliases: [], required: 'always' },
  { code: 'CF_NR_FK', key: 'fine', label: { zh: '罚款金额（万元）', en: 'fine' }, aliases: [] },
  { code: 'CF_CFLB', key: 'kind', label: { zh: '处罚类别', en: 'kind' }, aliases: [] },
]
const HEADINGS = ['行政相对人名称', '罚款金额（万元）', '备忘']
const INJECTIONS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  "=cmd|'/c calc'!A0",
  '_x0041_',
  '<b>&"',
  '𠮷野家\n二行',
  'a\u0000b\u0007c',
  '  两头  ',
  '0012',
  '𠮷'.repeat(3),
]

describe('the workbook of returned rows', () => {
  const rows: RefusedRow[] = INJECTIONS.map((text, i) => ({
    n: i + 5,
    cells: [text, '0.2', text],
    problems: [
      { column: 0, field: '行政相对人名称', value: text, reason: '名称有误', mend: '请核对' },
      ...(i % 2 ? [{ column: null, field: '处罚决定日期', value: '', reason: '必填项为空', mend: '请填写' }] : []),
    ],
  }))

  it('comes back as it went, and its leading columns are known for ours', async () => {
    const bytes = await toBuffer(
      writeRefusedWorkbook({ headings: HEADINGS, rows, fileName: '一月.xlsx', receiptNo: 'S-1' }),
    )
    const { sheet, rows: back } = await read(bytes)
    expect(sheet).toBe('退回数据')
    const header = findHeader(back, FIELDS)
    expect(header).toMatchObject({
      headerRow: 1,
      dataFrom: 2,
      returned: true,
      columns: [null, null, null, null, null, 'name', 'fine', null],
      unknown: ['备忘'],
    })
    expect(back.slice(1).map((r) => r.cells.slice(5))).toEqual(
      rows.map((r) => r.cells.map((c) => c.replaceAll('\u0000', '').replaceAll('\u0007', ''))),
    )
    expect(back[1]?.cells.slice(0, 5)).toEqual(['5', '行政相对人名称', '=1+1', '名称有误', '请核对'])
    expect(back[2]?.cells.slice(1, 5)).toEqual([
      '1. 行政相对人名称\n2. 处罚决定日期',
      '1. +1\n2. ',
      '1. 名称有误\n2. 必填项为空',
      '1. 请核对\n2. 请填写',
    ])
  })

  it('holds no formula and no number: text with a quote prefix throughout', async () => {
    const bytes = await toBuffer(writeRefusedWorkbook({ headings: HEADINGS, rows }))
    const sheet = part(bytes, 'xl/worksheets/sheet1.xml')
    expect(sheet).not.toMatch(/<f>|<v>/)
    expect([...sheet.matchAll(/<c [^>]*>/g)].every(([c]) => c.includes('t="inlineStr"') || c.endsWith('/>'))).toBe(true)
    const cellXfs = /<cellXfs.*<\/cellXfs>/s.exec(part(bytes, 'xl/styles.xml'))?.[0] ?? ''
    expect([...cellXfs.matchAll(/<xf /g)]).toHaveLength(
      [...cellXfs.matchAll(/numFmtId="49"[^>]*quotePrefix="1"/g)].length,
    )
    expect(sheet).toContain('state="frozen"')
    expect(part(bytes, 'xl/worksheets/sheet2.xml')).toContain('退回数据修改说明')
  })

  it('the same rows give the same bytes, and many rows stream', async () => {
    const once = await toBuffer(writeRefusedWorkbook({ headings: HEADINGS, rows }))
    expect((await toBuffer(writeRefusedWorkbook({ headings: HEADINGS, rows }))).equals(once)).toBe(true)
    const many = function* (): Generator<RefusedRow> {
      for (let n = 2; n < 20_002; n++)
        yield {
          n,
          cells: ['某公司', 'x', ''],
          problems: [{ column: 1, field: '罚款金额（万元）', value: 'x', reason: '不是数字', mend: '请填数字' }],
        }
    }
    let pieces = 0
    for await (const _ of writeRefusedWorkbook({ headings: HEADINGS, rows: many() })) pieces++
    expect(pieces).toBeGreaterThan(10)
  })
})

describe('the blank form', () => {
  it('is read with its own headings and no data', async () => {
    const bytes = await writeTemplate({
      name: { zh: '行政处罚', en: 'Penalty' },
      fields: [
        { ...FIELDS[0], type: 'text', maxLength: 200 },
        { ...FIELDS[1], type: 'money_wan' },
        {
          ...FIELDS[2],
          type: 'choice',
          choices: [{ label: { zh: '警告', en: 'warning' } }, { label: { zh: '罚款', en: 'fine' } }],
        },
      ] as Parameters<typeof writeTemplate>[0]['fields'],
    })
    const { rows } = await read(bytes)
    expect(findHeader(rows, FIELDS)).toMatchObject({
      headerRow: 3,
      dataFrom: 4,
      columns: ['name', 'fine', 'kind'],
      missing: [],
    })
    expect(rows.filter((r) => r.n > 3)).toEqual([])
    expect(part(bytes, 'xl/worksheets/sheet1.xml')).toContain(
      '<formula1>&quot;警告,罚款&quot;</formula1>'.replaceAll('&quot;', '"'),
    )
  })
})

describe('columns', () => {
  it.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [701, 'ZZ'],
    [702, 'AAA'],
    [16_383, 'XFD'],
  ])('column %i is %s', (i, name) => expect(columnName(i)).toBe(name))
})
