import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findHeader, type HeaderField, headerRefusals, headingKey, mustFindHeader, NO_MAPPING } from './header.ts'
import { readMapping } from './mapping.ts'
import { openTable } from './open-table.ts'
import { FileRefused } from './refusals.ts'
import type { TableRow } from './table.ts'

const field = (
  code: string,
  key: string,
  zh: string,
  aliases: string[] = [],
  required: 'always' | 'never' = 'never',
): HeaderField => ({ code, key, label: { zh, en: key.replaceAll('_', ' ') }, aliases, required })
const FIELDS: HeaderField[] = [
  field('CF_XDR_MC', 'name', '行政相对人名称', ['CF_XDR'], 'always'),
  field('CF_XDR_SHXYM', 'uscc', '代码_1 统一社会信用代码', ['行政相对人代码_1', '统一社会信用代码']),
  field('CF_WSH', 'doc_no', '行政处罚决定书文号', ['处罚决定书文号'], 'always'),
  field('CF_NR_FK', 'fine', '罚款金额（万元）', []),
  field('CF_JDRQ', 'decided_on', '处罚决定日期', [], 'always'),
  field('CF_CFJG', 'authority', '处罚机关', ['CF_XZJG']),
]
const table = (...rows: string[][]): TableRow[] =>
  rows.map((cells, i) => ({ n: i + 1, cells })).filter((r) => r.cells.some((c) => c !== ''))

describe('headings', () => {
  it.each([
    ['*行政相对人名称', '行政相对人名称'],
    ['★行政相对人\n名称（必填）', '行政相对人名称'],
    ['1、行政相对人名称', '行政相对人名称'],
    ['ＣＦ＿ＸＤＲ＿ＭＣ', 'cf_xdr_mc'],
    ['代码_1（统一社会信用代码）', '代码_1 统一社会信用代码'],
    ['没收违法所得、没收非法财物的金额【万元】', '没收违法所得没收非法财物的金额(万元)'],
  ])('%j is %j', (a, b) => expect(headingKey(a)).toBe(headingKey(b)))
})

describe('the row of headings', () => {
  it('any order, below titles, both generations, decorated', () => {
    const header = findHeader(
      table(
        ['某某市市场监督管理局行政处罚信息表'],
        [''],
        ['填报单位：某某局', '', '填报日期：2024年1月2日'],
        ['序号', 'CF_XZJG', '处罚决定日期（必填）', '*处罚决定书 文号', 'CF_XDR_MC', '统一社会信用代码', '罚款金额'],
        ['1', '某局', '2024-01-02', 'a', 'b', 'c', '0.2'],
      ),
      FIELDS,
    )
    expect(header).toMatchObject({
      headerRow: 4,
      dataFrom: 5,
      columns: [null, 'authority', 'decided_on', 'doc_no', 'name', 'uscc', 'fine'],
      unknown: ['序号'],
      missing: [],
      ambiguous: [],
      returned: false,
    })
  })

  it('names and codes in two rows', () =>
    expect(
      findHeader(
        table(['行政相对人名称', '处罚机关', '处罚决定日期'], ['CF_XDR_MC', 'CF_CFJG', 'CF_JDRQ'], ['a', 'b', 'c']),
        FIELDS,
      ),
    ).toMatchObject({ headerRow: 1, dataFrom: 3 }))

  it('headings merged over two rows', () =>
    expect(
      findHeader(
        table(
          ['处罚情况表'],
          ['行政相对人', '', '处罚机关', '处罚决定日期'],
          ['名称', '代码_1', '', ''],
          ['a', 'b', 'c', 'd'],
        ),
        FIELDS,
      ),
    ).toMatchObject({
      headerRow: 3,
      dataFrom: 4,
      columns: ['name', 'uscc', 'authority', 'decided_on'],
    }))

  it('an amount in another unit is never read as 万元', () => {
    const header = mustFindHeader(table(['行政相对人名称', '处罚决定书文号', '处罚决定日期', '罚款金额（元）']), FIELDS)
    expect(header.columns[3]).toBeNull()
    expect(headerRefusals(header, FIELDS)).toMatchObject([
      { code: 'HEADER_UNIT', params: { heading: '罚款金额（元）' } },
    ])
  })

  it('doubled and missing columns are told all at once', () => {
    const header = mustFindHeader(table(['行政相对人名称', 'CF_XDR_MC', '处罚机关']), FIELDS)
    expect(header.columns).toEqual(['name', null, 'authority'])
    expect(headerRefusals(header, FIELDS).map((r) => r.code)).toEqual(['HEADER_MISSING', 'HEADER_DUPLICATE'])
  })

  it('none', () => {
    expect(findHeader(table(['甲', '乙', '丁'], ['行政相对人名称', '丙', '戊']), FIELDS)).toBeNull()
    expect(() => mustFindHeader(table(['甲', '乙']), FIELDS)).toThrow(FileRefused)
  })
})

describe('mapping files', () => {
  const text =
    'item: penalty\nheader_row: 2\ncolumns:\n  企业名称: CF_XDR_MC\n  文号: doc_no\nconstants:\n  处罚机关: 0123\n  CF_JDRQ: "{文号}"\nignore: [代码]\n'
  it('columns, constants, ignored headings; scalars are text', () => {
    const mapping = readMapping(text, FIELDS)
    expect(mapping).toEqual({
      item: 'penalty',
      sheet: null,
      headerRow: 2,
      columns: { 企业名称: 'name', 文号: 'doc_no' },
      constants: { authority: '0123', decided_on: '{文号}' },
      ignore: ['代码'],
    })
    const header = findHeader(table(['企业名称', '文号'], ['企业 名称', '文号', '代码', '其他']), FIELDS, mapping)
    expect(header).toMatchObject({
      headerRow: 2,
      columns: ['name', 'doc_no', null, null],
      unknown: ['其他'],
      missing: [],
      absent: [],
    })
  })

  it.each([
    ['columns:\n  甲: CF_XDR_MC\n  甲: CF_WSH\n', 3],
    ['columns:\n  甲: 没有的字段\n', 2],
    ['column:\n  甲: CF_XDR_MC\n', 1],
    ['columns:\n  甲: [CF_XDR_MC]\n', 2],
    ['item: penalty\nheader_row: first\n', 2],
    ['columns: {甲: CF_XDR_MC\n', 2],
    ['- 甲\n', 1],
    ['', 1],
    ['ignore: 甲\n', 1],
  ])('%j is refused by its line', (source, line) => {
    try {
      readMapping(source, FIELDS)
    } catch (error) {
      expect(error).toMatchObject({ code: 'MAPPING_INVALID', params: { line } })
      return
    }
    throw new Error('was not refused')
  })
})

describe('the published files', () => {
  const shared = (name: string): string => {
    const path = fileURLToPath(new URL(`../../../../../shared/data/${name}`, import.meta.url))
    if (!existsSync(path)) throw new Error(`the published data is needed at ../shared/data (missing: ${name})`)
    return path
  }
  const example = (name: string) =>
    readMapping(readFileSync(new URL(`../../../../examples/${name}`, import.meta.url), 'utf8'))
  const all = async (name: string) => {
    const rows: TableRow[] = []
    for await (const batch of await openTable({ path: shared(name), name })) rows.push(...batch)
    return rows
  }

  it('135 licences: every heading of the table is in the example', async () => {
    const rows = await all('cosmetics-licences-135.csv')
    expect(rows).toHaveLength(136)
    const { columns } = example('cosmetics-licences.mapping.yaml')
    expect(rows[0]?.cells).toEqual(Object.keys(columns))
    const fields = Object.values(columns).map((code) => field(code, code.toLowerCase(), code))
    expect(findHeader(rows, fields, { ...NO_MAPPING, columns })?.columns).toEqual(
      Object.values(columns).map((c) => c.toLowerCase()),
    )
  })

  it('a list of 500: every heading of the sheet is in the example', async () => {
    const rows = await all('published-list-500.xlsx')
    expect(rows).toHaveLength(501)
    const { columns, ignore } = example('published-list.mapping.yaml')
    expect(rows[0]?.cells.map((c) => c in columns || ignore.includes(c))).toEqual([true, true, true, true, true])
    expect(rows[1]).toEqual({
      n: 2,
      cells: ['北京和慈世纪电子商务有限公司', '110105010247558', '663128478', '', '失信被执行人名单、工商吊销企业名单'],
    })
  })
})
