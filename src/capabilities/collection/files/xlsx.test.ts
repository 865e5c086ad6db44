import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { say } from '../../../kernel/words.ts'
import { buildBomb, buildCompound, buildXlsx, textRows } from '../../../../test/fixtures-builders/workbooks.ts'
import { openTable } from './open-table.ts'
import { FileRefused, fileRefusals } from './refusals.ts'
import { SharedStrings } from './shared-strings.ts'
import type { TableRow, TableSource } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-xlsx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const keep = (bytes: Uint8Array): string => {
  const path = join(folder, `${files++}.bin`)
  writeFileSync(path, bytes)
  return path
}
const all = async (table: AsyncIterable<TableRow[]>): Promise<TableRow[]> => {
  const rows: TableRow[] = []
  for await (const batch of table) rows.push(...batch)
  return rows
}
const rowsOf = async (bytes: Uint8Array, more: Partial<TableSource> = {}): Promise<TableRow[]> =>
  all(await openTable({ path: keep(bytes), name: 'table.xlsx', ...more }))
const codeOf = async (bytes: Uint8Array, name = 'table.xlsx', more: Partial<TableSource> = {}): Promise<string> => {
  try {
    await rowsOf(bytes, { name, ...more })
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    // Every refusal has its sentence, with nothing left to fill.
    for (const lang of ['zh', 'en'] as const)
      expect(say(fileRefusals[error.code], lang, error.params)).not.toMatch(/[{}]/)
    return error.code
  }
  return 'was read'
}
const sheet = (rows: string, more: Partial<Parameters<typeof buildXlsx>[0]> = {}) =>
  buildXlsx({ sheets: [{ rows }], ...more })

describe('cells', () => {
  it('shared and inline strings, rich text without phonetics, escapes', async () => {
    const rows = await rowsOf(
      sheet(
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is></c><c r="E2" t="str"><v>a_x000D_b</v></c></row>',
        {
          strings: ['𠮷野家', '<r><t>广</t></r><r><t>州</t></r><rPh><t>guang</t></rPh>'],
        },
      ),
    )
    expect(rows).toEqual([{ n: 2, cells: ['𠮷野家', '', '广州', '甲 乙', 'a\rb'] }])
  })

  it('numbers, days, zeros kept by a format, lost digits, errors, formulas', async () => {
    const rows = await rowsOf(
      sheet(
        '<row r="1"><c r="A1"><v>0.2</v></c><c r="B1"><v>0.30000000000000004</v></c><c r="C1" s="1"><v>45293</v></c><c r="D1" s="2"><v>45293.5</v></c><c r="E1" s="3"><v>45293</v></c><c r="F1" s="4"><v>123</v></c><c r="G1"><v>9.1440101234567795E+17</v></c><c r="H1"><v>110105010247558</v></c><c r="I1" t="e"><v>#N/A</v></c><c r="J1" t="b"><v>1</v></c><c r="K1"><f>A1*2</f><v>0.4</v></c><c r="L1"><f>A1*2</f></c><c r="M1"><v>45293</v></c><c r="N1" s="5"><v>45293</v></c><c r="O1"><v>1E-3</v></c><c r="P1" t="d"><v>2024-01-02T00:00:00</v></c></row>',
        {
          formats: { 164: 'yyyy"年"m"月"d"日";@', 165: '000000', 166: '[$-804]yyyy-mm-dd' },
          styles: [0, 14, 22, 164, 165, 166],
        },
      ),
    )
    expect(rows[0]?.cells).toEqual([
      '0.2',
      '0.3',
      '2024-01-02',
      '2024-01-02 12:00:00',
      '2024-01-02',
      '000123',
      '914401012345678000',
      '110105010247558',
      '#N/A',
      'TRUE',
      '0.4',
      '',
      '45293',
      '2024-01-02',
      '0.001',
      '2024-01-02',
    ])
    expect(rows[0]?.flags).toEqual({ 6: 'digits_lost', 8: 'error_value', 11: 'not_computed', 12: 'maybe_serial' })
  })

  it('a character that no XML holds, brought in by an escape, divides no cell', async () =>
    expect(
      (await rowsOf(sheet('<row r="1"><c r="A1" t="str"><v>a_xFFFF_b</v></c><c r="C1" t="str"><v>c</v></c></row>')))[0]
        ?.cells,
    ).toEqual(['a\uffffb', '', 'c']))

  it('days count from 1904 where the book says so', async () =>
    expect(
      (await rowsOf(sheet('<row r="1"><c r="A1" s="1"><v>43831</v></c></row>', { date1904: true, styles: [0, 14] })))[0]
        ?.cells,
    ).toEqual(['2024-01-02']))

  it('cells and rows without references, blank rows counted', async () =>
    expect(
      await rowsOf(
        sheet(
          '<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c t="inlineStr"><is><t> </t></is></c></row><row><c><v>3</v></c></row>',
        ),
      ),
    ).toEqual([
      { n: 1, cells: ['1', '2'] },
      { n: 4, cells: ['3'] },
    ]))

  it('text of the sheet outside its rows is not data', async () =>
    expect(
      await rowsOf(
        buildXlsx({
          sheets: [
            { rows: textRows([['甲']]), after: '<headerFooter><oddHeader>&amp;C标题</oddHeader></headerFooter>' },
          ],
        }),
      ),
    ).toHaveLength(1))
})

describe('sheets', () => {
  const book = buildXlsx({
    sheets: [
      { name: '隐藏', state: 'hidden', rows: textRows([['甲', '乙']]) },
      { name: '空', rows: '' },
      { name: '封面', rows: textRows([['某某局']]) },
      { name: '数据', rows: textRows([['名称', '代码']]) },
    ],
  })
  it('the first visible with rows', async () =>
    expect((await openTable({ path: keep(book), name: 'a.xlsx' })).sheet).toBe('封面'))
  it('the first that looks right', async () =>
    expect(
      (
        await openTable({
          path: keep(book),
          name: 'a.xlsx',
          looksRight: (rows) => rows.some((r) => r.cells.includes('代码')),
        })
      ).sheet,
    ).toBe('数据'))
  it('by name', async () => expect(await rowsOf(book, { sheet: '数据' })).toEqual([{ n: 1, cells: ['名称', '代码'] }]))
  it('not a hidden one', async () => expect(await codeOf(book, 'a.xlsx', { sheet: '隐藏' })).toBe('FILE_SHEET_MISSING'))
  it('a table can be read twice', async () => {
    const table = await openTable({ path: keep(book), name: 'a.xlsx' })
    for (let i = 0; i < 2; i++) for await (const rows of table) expect(rows).toHaveLength(1)
  })
})

describe('hostile files are refused by what they are', () => {
  const good = sheet(
    textRows([
      ['名称', '代码'],
      ['甲', '乙'],
    ]),
  )
  const entities =
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
  it.each([
    ['nothing', new Uint8Array(), 'FILE_EMPTY'],
    ['cut in the middle', good.subarray(0, good.length >> 1), 'FILE_TRUNCATED'],
    ['cut near its end', good.subarray(0, good.length - 10), 'FILE_TRUNCATED'],
    ['cut to its first bytes', good.subarray(0, 40), 'FILE_TRUNCATED'],
    ['an encrypted workbook', buildCompound(['EncryptionInfo', 'EncryptedPackage']), 'FILE_ENCRYPTED'],
    ['an old workbook', buildCompound(['Workbook']), 'FILE_XLS'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'FILE_KIND_WRONG'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'FILE_KIND_WRONG'],
    [
      'a web page named .xls',
      Buffer.from(
        '\ufeff<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>甲</td></tr></table></html>',
      ),
      'FILE_KIND_WRONG',
    ],
    ['a JSON file', Buffer.from('[{"a":1}]'), 'FILE_KIND_WRONG'],
    ['a binary named .csv', Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 37) % 256)), 'FILE_KIND_WRONG'],
    ['another zip', buildXlsxLess(), 'FILE_NOT_A_WORKBOOK'],
    ['no sheet with rows', sheet(''), 'FILE_NO_ROWS'],
    [
      'entities',
      buildXlsx({ sheets: [{ rows: '<row r="1"><c t="inlineStr"><is><t>&c;</t></is></c></row>' }], prolog: entities }),
      'FILE_DAMAGED',
    ],
    [
      'an entity without a declaration',
      sheet('<row r="1"><c t="inlineStr"><is><t>&c;</t></is></c></row>'),
      'FILE_DAMAGED',
    ],
    ['broken XML', sheet('<row r="1"><c></row>'), 'FILE_DAMAGED'],
    ['a shared string that is not there', sheet('<row r="1"><c t="s"><v>7</v></c></row>'), 'FILE_DAMAGED'],
    ['two million columns', sheet(`<row r="1">${'<c><v>1</v></c>'.repeat(2_000_000)}</row>`), 'TOO_MANY_COLUMNS'],
    ['a cell far to the right', sheet('<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>'), 'TOO_MANY_COLUMNS'],
    ['a bomb', buildBomb(256 * 1024 * 1024), 'FILE_BOMB'],
    ['a bomb that lies about its size', buildBomb(64 * 1024 * 1024, 4096), 'FILE_DAMAGED'],
  ])('%s', async (_, bytes, code) => {
    const before = process.memoryUsage().rss
    const started = performance.now()
    expect(await codeOf(bytes)).toBe(code)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  it('empty styled cells to the last column are no columns', async () =>
    expect(await rowsOf(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>'))).toEqual([
      { n: 1, cells: ['1'] },
    ]))
  it('a text of many megabytes without a tag is no cell', async () =>
    expect(await codeOf(sheet(`<row r="1"><c t="inlineStr"><is><t>${'a'.repeat(20_000_000)}</t></is></c></row>`))).toBe(
      'FILE_DAMAGED',
    ))
  it('a cell too long is cut and said to be', async () => {
    const [row] = await rowsOf(sheet(textRows([['a'.repeat(40_000)]])))
    expect([row?.cells[0]?.length, row?.flags]).toEqual([32_767, { 0: 'too_long' }])
  })

  function buildXlsxLess(): Uint8Array {
    const zip = Buffer.alloc(22)
    zip.write('PK\u0005\u0006', 'latin1')
    return zip
  }
})

describe('shared strings', () => {
  it('more than memory is meant to hold come back from the disk', () => {
    const strings = new SharedStrings()
    const text = '广州'.repeat(5000)
    for (let i = 0; i < 4000; i++) strings.add(`${i}${text}`)
    strings.add('x'.repeat(400_000))
    strings.add('')
    expect([strings.get(0), strings.get(2500), strings.get(3999), strings.get(4)].map((t) => t?.slice(0, 6))).toEqual([
      '0广州广州广',
      '2500广州',
      '3999广州',
      '4广州广州广',
    ])
    expect(strings.get(3999)).toBe(`3999${text}`)
    expect([
      strings.get(4000)?.length,
      strings.get(4001),
      strings.get(4002),
      strings.get(-1),
      strings.get(Number.NaN),
    ]).toEqual([400_000, '', null, null, null])
    strings.close()
  })
})

describe('memory', () => {
  it('30,000 rows of 30 columns stream', async () => {
    const path = keep(
      sheet(textRows(Array.from({ length: 30_000 }, (_, r) => Array.from({ length: 30 }, (_, c) => `值${r}-${c}`)))),
    )
    const before = process.memoryUsage().rss
    let rows = 0
    for await (const batch of await openTable({ path, name: 'a.xlsx' })) rows += batch.length
    expect(rows).toBe(30_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024)
  })
})

describe('a sheet that is counted and then read', () => {
  const book = () =>
    buildXlsx({
      sheets: [
        {
          rows: textRows([['名称', '代码'], ['甲', '一'], [], ['乙𠮷', '二']]),
        },
      ],
    })

  it('gives the same rows from what the count has kept, as often as it is asked, and again without it', async () => {
    const table = await openTable({ path: keep(book()), name: 'table.xlsx' })
    const parsed = await all(table)
    expect(parsed.map((r) => r.n)).toEqual([1, 2, 4])
    expect(await table.count?.(2)).toBe(2)
    expect(await all(table)).toEqual(parsed)
    expect(await all(table)).toEqual(parsed)
    table.close?.()
    expect(await all(table)).toEqual(parsed)
    expect(await table.count?.(1)).toBe(3)
    table.close?.()
  })

  it('is read again where nothing can be kept, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((f) => f.startsWith('xinheng-rows-'))
    const was = process.env.TMPDIR
    const table = await openTable({ path: keep(book()), name: 'table.xlsx' })
    try {
      process.env.TMPDIR = join(folder, 'there-is-no-such-folder')
      expect(await table.count?.(1)).toBe(3)
    } finally {
      if (was === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = was
    }
    expect((await all(table)).map((r) => r.cells[0])).toEqual(['名称', '甲', '乙𠮷'])
    expect(await table.count?.(1)).toBe(3)
    expect(readdirSync(tmpdir()).filter((f) => f.startsWith('xinheng-rows-'))).toEqual(before)
    table.close?.()
  })
})
