import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildXlsx, textRows } from '../../../test/fixtures-builders/workbooks.ts'
import { type Platform, addPerson, startPlatform } from '../../../test/harness.ts'
import { preflighted } from '../../../test/preflights.ts'
import {
  DISTRICT,
  DISTRICT_CODE,
  HEADINGS,
  type PenaltyRow,
  cellsOf,
  csvText,
  penalty,
  usccOf,
} from '../../../test/penalty-rows.ts'
import { createAuthority } from '../access/index.ts'
import { type SubmissionView, endpoints } from './contract.ts'
import { runImports } from './jobs.ts'

/**
 * The files that authorities send: other encodings, titles above, merged cells, days in every spelling, codes as numbers,
 * blanks inside codes, full-width characters, repeated rows, four kinds of brackets, ranges, footers. Through the real way in.
 */
let p: Platform
beforeAll(async () => {
  p = await startPlatform({ engine: 'pglite' })
  const duties = ['penalty', 'licence']
  const { id } = await createAuthority(p.ctx(), {
    code: DISTRICT_CODE,
    name: DISTRICT,
    division: '440103',
    system: 'general',
    duties,
  })
  await addPerson(p, { login: 'liwan', role: 'collector', authorityId: id })
})
afterAll(() => p.close())

let turn = 0
/** Numbers that no other test of this file uses. */
const fresh = (n: number): number[] => {
  turn += 100
  return Array.from({ length: n }, (_, i) => turn + i)
}
const hand = async (
  body: Uint8Array | string,
  name = 'data.csv',
): Promise<SubmissionView & { problems: string[][] }> => {
  const client = (await p.as('liwan')).client(endpoints)
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const { result: check } = await preflighted(await p.as('liwan'), { item: 'penalty', file: { name, body: bytes } })
  const sent = await client.submitFile({ item: 'penalty', file: { name, body: bytes } })
  await runImports(p.runtime)
  const s = await client.getSubmission({ id: sent.id })
  expect(s.received).toBe(s.accepted + s.refused + s.pending + s.alreadyHeld)
  // The preflight foretells what the run does.
  if (check && s.state === 'done') {
    const { received, accepted, refused, pending, alreadyHeld, asides } = check
    const told = { received, accepted, refused, pending, alreadyHeld, asides }
    expect(told).toEqual({
      received: s.received,
      accepted: s.accepted,
      refused: s.refused,
      pending: s.pending,
      alreadyHeld: s.alreadyHeld,
      asides: s.asides,
    })
  }
  const { rows } = await client.listRows({ id: s.id, verdict: 'refused', limit: 100 })
  return { ...s, problems: rows.map((r) => r.problems.map((x) => x.code)) }
}
const heldOf = async (id: string) =>
  (
    await sql<{ n: number; doc: string; on: string; fields: Record<string, unknown>; name: string; uscc: string }>`
    select r.row_n as n, r.doc_no as doc, r.decided_on as on, r.fields, s.name, s.uscc from records.record r
    join subjects.subject s on s.id = r.subject_id where r.submission_id = ${id} order by r.row_n`.execute(
      p.runtime.db.kysely,
    )
  ).rows
const table = (rows: readonly PenaltyRow[]) => [[...HEADINGS], ...rows.map(cellsOf)]
const whole = (n: number, more: Partial<SubmissionView> = {}) => ({
  state: 'done',
  received: n,
  accepted: n,
  refused: 0,
  pending: 0,
  alreadyHeld: 0,
  ...more,
})
const utf16 = (text: string, big: boolean, bom: boolean) =>
  iconv.encode(text, big ? 'utf-16be' : 'utf-16le', { addBOM: bom })

describe('text files', () => {
  it.each([
    ['UTF-8', (t: string) => new TextEncoder().encode(t)],
    ['UTF-8 with BOM', (t: string) => new TextEncoder().encode(`\ufeff${t}`)],
    ['GBK', (t: string) => iconv.encode(t, 'gbk')],
    ['GB18030', (t: string) => iconv.encode(t.replace('张三丰', '张𠮷丰'), 'gb18030')],
    ['UTF-16LE with BOM', (t: string) => utf16(t, false, true)],
    ['UTF-16BE with BOM', (t: string) => utf16(t, true, true)],
    ['UTF-16LE without BOM', (t: string) => utf16(t, false, false)],
    ['UTF-16BE without BOM', (t: string) => utf16(t, true, false)],
  ])('%s', async (_, encode) => {
    const rows = fresh(3).map((n) => penalty(n))
    const s = await hand(encode(csvText(table(rows))))
    expect(s).toMatchObject(whole(3))
    expect((await heldOf(s.id)).map((r) => r.name)).toEqual(rows.map((r) => r.行政相对人名称))
  })

  it.each([
    ['tabs', '\t'],
    ['semicolons', ';'],
    ['bars', '|'],
  ])('separated by %s, with quotes and line breaks inside cells', async (_, separator) => {
    const rows = fresh(2).map((n) => penalty(n, { 违法事实: `第一段，“引号”"双引号";\n第二段\t完` }))
    const s = await hand(csvText(table(rows), separator), 'data.txt')
    expect(s.refusal).toBeNull()
    expect(s).toMatchObject(whole(2))
    expect((await heldOf(s.id))[0]?.fields['facts']).toBe('第一段，“引号”"双引号";\n第二段 完')
  })
})

describe('tables as people make them', () => {
  it('titles above, blank rows, the heading again, totals and signatures below', async () => {
    const [a, b, c] = fresh(3).map((n) => cellsOf(penalty(n))) as [string[], string[], string[]]
    const numbered = (i: string, cells: string[]) => [i, ...cells]
    const body = csvText([
      ['荔湾区城市管理和综合执法局行政处罚信息归集表'],
      ['填报单位：荔湾区城管局', '', '填报日期：2026年11月20日'],
      [],
      ['序号', ...HEADINGS],
      numbered('1', a),
      [],
      numbered('2', b),
      ['序号', ...HEADINGS],
      numbered('3', c),
      ['4'],
      ['5', ''],
      ['合计', '3', '', '', '', '', '', '', '', '', '', '0.6'],
      ['填表人：张三', '', '', '审核人：李四', '', '联系电话：020-12345678'],
      ['注：本表一式两份。'],
      ['以下空白'],
    ])
    const s = await hand(body)
    expect(s).toMatchObject(whole(3))
    expect(s.asides).toMatchObject({ count: 7 })
    expect(s.asides.first.map((x) => x.n)).toEqual([8, 10, 11, 12, 13, 14, 15])
  })

  it('a company that is called like a footer is a row', async () => {
    const [n] = fresh(1) as [number]
    const s = await hand(csvText(table([penalty(n, { 行政相对人名称: '合计划科技有限公司' })])))
    expect(s).toMatchObject(whole(1, { asides: { count: 0, first: [] } }))
  })

  it('headings in another order, with blanks, stars, line breaks, numbering and full width', async () => {
    const rows = fresh(2).map((n) => cellsOf(penalty(n)).toReversed())
    const headings = HEADINGS.toReversed().map((h, i) =>
      i % 4 === 0
        ? ` *${h}  `
        : i % 4 === 1
          ? `${h.slice(0, 2)}\n${h.slice(2)}`
          : i % 4 === 2
            ? `${i}、${h}`
            : `${h}（必填）`,
    )
    expect(await hand(csvText([headings, ...rows]))).toMatchObject(whole(2))
  })

  it('a heading twice is said by its name, and nothing is guessed', async () => {
    const [n] = fresh(1) as [number]
    const s = await hand(
      csvText([
        [...HEADINGS, '处罚决定日期'],
        [...cellsOf(penalty(n)), '2020-01-01'],
      ]),
    )
    expect(s).toMatchObject({ state: 'refused', received: 0, refusal: { code: 'HEADER_DUPLICATE' } })
    expect(s.refusal?.message).toContain('处罚决定日期')
  })

  it('amounts in yuan by the heading are never read as 万元', async () => {
    const [n] = fresh(1) as [number]
    const headings = HEADINGS.map((h) => (h === '罚款金额(万元)' ? '罚款金额（元）' : h))
    expect(await hand(csvText([headings, cellsOf(penalty(n, { '罚款金额(万元)': '2000' }))]))).toMatchObject({
      state: 'refused',
      refusal: { code: 'HEADER_UNIT' },
    })
  })
})

describe('what stands in the cells', () => {
  it('days in every spelling that has one reading', async () => {
    const spellings = [
      '2026-03-05',
      '2026/3/5',
      '2026.3.5',
      '20260305',
      '2026年3月5日',
      '２０２６年３月５日',
      '二〇二六年三月五日',
      '2026-03-05 00:00:00',
      ' 2026 年 3 月 5 日 ',
      '2026-03-05T10:00:00+08:00',
    ]
    const numbers = fresh(spellings.length)
    const s = await hand(csvText(table(spellings.map((d, i) => penalty(numbers[i] as number, { 处罚决定日期: d })))))
    expect(s).toMatchObject(whole(spellings.length))
    expect(new Set((await heldOf(s.id)).map((r) => r.on))).toEqual(new Set(['2026-03-05']))
  })

  it('days with two readings, or none, come back', async () => {
    const bad = ['03/04/2026', '5-Mar-26', '46086', '2026-02-30', '2026年3月', '26-3-5', '明天']
    const numbers = fresh(bad.length)
    const s = await hand(csvText(table(bad.map((d, i) => penalty(numbers[i] as number, { 处罚决定日期: d })))))
    expect(s).toMatchObject({ received: bad.length, refused: bad.length })
    expect(new Set(s.problems.flat())).toEqual(new Set(['not_a_date']))
  })

  it('codes with blanks, hyphens, full width and lower case are the codes they are', async () => {
    const spell: ((c: string) => string)[] = [
      (c) => `${c.slice(0, 4)} ${c.slice(4, 10)}\u3000${c.slice(10)}`,
      (c) => c.toLowerCase(),
      (c) => c.replace(/./g, (x) => String.fromCharCode(x.charCodeAt(0) + 0xfee0)),
      (c) => `'${c}`,
      (c) => `${c}\u200b`,
      (c) => `\t${c} `,
    ]
    const numbers = fresh(spell.length)
    const rows = numbers.map((n, i) => penalty(n, { 统一社会信用代码: (spell[i] as (c: string) => string)(usccOf(n)) }))
    const s = await hand(csvText(table(rows)))
    expect(s).toMatchObject(whole(spell.length))
    expect((await heldOf(s.id)).map((r) => r.uscc)).toEqual(numbers.map(usccOf))
  })

  it('a code that a spreadsheet has rounded says that its digits are lost', async () => {
    const [a, b, c] = fresh(3) as [number, number, number]
    const s = await hand(
      csvText(
        table([
          penalty(a, { 统一社会信用代码: '1.91440101E+17' }),
          penalty(b, { 统一社会信用代码: '9.1440101E17' }),
          penalty(c, { 行政处罚决定书文号: '4.40106E+17' }),
        ]),
      ),
    )
    expect(s.problems).toEqual([['digits_lost'], ['digits_lost'], ['digits_lost']])
  })

  it('one number in four kinds of brackets is one record; repeated rows are held once', async () => {
    const [n] = fresh(1) as [number]
    const spellings = [
      `穗荔综罚〔2026〕${n}号`,
      `穗荔综罚【2026】第${n}号`,
      `穗荔综罚（2026）${n} 号`,
      `穗荔综罚[2026]${n}号`,
      `穗荔综罚［２０２６］第 ${n} 号`,
      `穗荔综罚〔2026〕${n}`,
      `穗荔综罚〔2026〕${n}号`,
    ]
    const s = await hand(csvText(table(spellings.map((d) => penalty(n, { 行政处罚决定书文号: d })))))
    expect(s).toMatchObject({ received: 7, accepted: 1, alreadyHeld: 6 })
    expect(await heldOf(s.id)).toHaveLength(1)
  })

  it('a number that stands for several decisions comes back; a compound one does not', async () => {
    const docs = ['〔2026〕215-238号', '〔2026〕215号至238号', '〔2026〕215、216、217号', '〔2026〕215～238号']
    const single = ['〔2026〕1-2-33号', '2026-15号']
    const numbers = fresh(docs.length + single.length)
    const rows = [...docs, ...single].map((d, i) =>
      penalty(numbers[i] as number, { 行政处罚决定书文号: `穗荔综罚${d}` }),
    )
    const s = await hand(csvText(table(rows)))
    expect(s).toMatchObject({ received: 6, accepted: 2, refused: 4 })
    expect(new Set(s.problems.flat())).toEqual(new Set(['doc_range']))
  })
})

describe('workbooks', () => {
  const letter = (i: number) => String.fromCharCode(65 + i)
  const at = (name: (typeof HEADINGS)[number]) => letter(HEADINGS.indexOf(name))
  const cell = (ref: string, xml: string) => ({ ref, xml })
  /** The rows of a sheet with some cells given as XML in place of text. */
  const sheet = (rows: string[][], cells: { ref: string; xml: string }[], first = 1) =>
    cells.reduce((xml, c) => xml.replace(new RegExp(`<c r="${c.ref}" .*?</c>`), c.xml), textRows(rows, first))

  it('a title merged over the table, headings merged over two rows, cells merged over several rows', async () => {
    const [a, b, c] = fresh(3) as [number, number, number]
    const group = HEADINGS.map((h) => (h === '处罚机关' || h === '处罚机关统一社会信用代码' ? '' : h))
    const below = HEADINGS.map((h) => (h === '处罚机关' || h === '处罚机关统一社会信用代码' ? h : ''))
    const blank = { 处罚机关: '', 处罚机关统一社会信用代码: '', 处罚决定日期: '' }
    const rows = [
      ['行政处罚信息归集表'],
      group,
      below,
      cellsOf(penalty(a)),
      cellsOf(penalty(b, blank)),
      cellsOf(penalty(c, blank)),
    ]
    const over = [at('处罚机关'), at('处罚机关统一社会信用代码'), at('处罚决定日期')].map((l) => `${l}4:${l}6`)
    const heads = HEADINGS.flatMap((_, i) => (group[i] ? [`${letter(i)}2:${letter(i)}3`] : []))
    const merged = [`A1:${letter(HEADINGS.length - 1)}1`, ...heads, ...over]
    const after = `<mergeCells count="${merged.length}">${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
    const s = await hand(buildXlsx({ sheets: [{ rows: textRows(rows), after }] }), 'merged.xlsx')
    expect(s).toMatchObject(whole(3))
    expect((await heldOf(s.id)).map((r) => r.on)).toEqual(['2026-11-20', '2026-11-20', '2026-11-20'])
  })

  it('days as serial numbers of both systems, formulas with their values, numbers as text', async () => {
    for (const [date1904, serial] of [
      [false, 46086],
      [true, 44624],
    ] as const) {
      const [n] = fresh(1) as [number]
      const rows = table([penalty(n)])
      const cells = [
        cell(`${at('处罚决定日期')}2`, `<c r="${at('处罚决定日期')}2" s="1"><v>${serial}</v></c>`),
        cell(`${at('罚款金额(万元)')}2`, `<c r="${at('罚款金额(万元)')}2"><f>1/5</f><v>0.2</v></c>`),
        cell(
          `${at('行政相对人名称')}2`,
          `<c r="${at('行政相对人名称')}2" t="str"><f>A9&amp;"公司"</f><v>广州荔湾公式有限公司</v></c>`,
        ),
      ]
      const s = await hand(
        buildXlsx({ date1904, styles: [0, 14], sheets: [{ rows: sheet(rows, cells) }] }),
        'serial.xlsx',
      )
      expect(s).toMatchObject(whole(1))
      expect(await heldOf(s.id)).toMatchObject([{ on: '2026-03-05', name: '广州荔湾公式有限公司' }])
    }
  })

  it('a code saved as a number has lost its digits, and that is what is said; a formula without a value too', async () => {
    const [a, b] = fresh(2) as [number, number]
    const rows = table([penalty(a), penalty(b)])
    const column = at('统一社会信用代码')
    const cells = [
      cell(`${column}2`, `<c r="${column}2"><v>1.91440101E+17</v></c>`),
      cell(`${column}3`, `<c r="${column}3"><f>VLOOKUP(A3,B:C,2)</f></c>`),
    ]
    const s = await hand(buildXlsx({ sheets: [{ rows: sheet(rows, cells) }] }), 'numbers.xlsx')
    expect(s.problems).toEqual([['digits_lost'], ['not_computed']])
  })

  it('the data on the second sheet; hidden sheets are left alone, hidden rows are data', async () => {
    const rows = table(fresh(2).map((n) => penalty(n)))
    const hidden = textRows(rows).replace('<row r="3"', '<row hidden="1" r="3"')
    const s = await hand(
      buildXlsx({
        sheets: [
          { name: '隐藏', state: 'hidden', rows: textRows(table([penalty(9999)])) },
          { name: '填写说明', rows: textRows([['请按表样填写'], ['一、……']]) },
          { name: '数据', rows: hidden },
        ],
      }),
      'sheets.xlsx',
    )
    expect(s).toMatchObject(whole(2))
  })

  it('footers and blank rows of a workbook, and a returned workbook with notes', async () => {
    const rows = [
      ...table(fresh(2).map((n) => penalty(n))),
      [],
      ['合计', '2'],
      ['制表人：王五', '', '', '', '负责人签字：'],
    ]
    const s = await hand(buildXlsx({ sheets: [{ rows: textRows(rows) }] }), 'footers.xlsx')
    expect(s).toMatchObject(
      whole(2, {
        asides: {
          count: 2,
          first: [
            { n: 5, text: '合计' },
            { n: 6, text: '制表人：王五' },
          ],
        },
      }),
    )
  })
})
