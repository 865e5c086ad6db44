import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildXlsx, textRows } from '../../../../test/fixtures-builders/workbooks.ts'
import { openTable } from './open-table.ts'
import { PlainRows } from './plain-rows.ts'
import { FileRefused } from './refusals.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-plain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const STRINGS = ['广州', ' ', '']

let files = 0
/** What a count answers and what reading every row answers: rows from `from` on, or the refusal with its row. */
const bothWays = async (rows: string, { from = 1, after = '', prolog = '' } = {}) => {
  const path = join(folder, `${files++}.xlsx`)
  writeFileSync(path, buildXlsx({ sheets: [{ rows, after }], strings: STRINGS, prolog }))
  const told = async (work: () => Promise<number>): Promise<number | string> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof FileRefused) return JSON.stringify([error.code, error.params.row])
      throw error
    }
  }
  const open = () => openTable({ path, name: 'table.xlsx', sheet: 'Sheet1' })
  const counted = await told(async () => {
    const table = await open()
    try {
      return (await table.count?.(from)) ?? -1
    } finally {
      table.close?.()
    }
  })
  const read = await told(async () => {
    let n = 0
    for await (const batch of await open()) n += batch.filter((r) => r.n >= from).length
    return n
  })
  return { counted, read }
}

const plain = (n: number) =>
  `<row r="${n}" spans="1:3"><c r="A${n}" s="0" t="inlineStr"><is><t xml:space="preserve">甲${n}</t></is></c><c r="B${n}" t="s" s="0"><v>0</v></c><c r="C${n}" s="0"/><c r="D${n}"><v>-12.5E+3</v></c></row>`
const ODD_ROWS: Record<string, string> = {
  'an entity': '<row r="7"><c r="A7" t="inlineStr"><is><t>甲&amp;乙</t></is></c></row>',
  'an entity of nobody': '<row r="7"><c r="A7" t="inlineStr"><is><t>&c;</t></is></c></row>',
  'blank text': '<row r="7"><c r="A7" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>',
  'a blank shared string': '<row r="7"><c r="A7" t="s"><v>1</v></c></row>',
  'an empty shared string': '<row r="7"><c r="A7" t="s"><v>2</v></c></row>',
  'a shared string that is not there': '<row r="7"><c r="A7" t="s"><v>3</v></c></row>',
  'nothing in it': '<row r="7"/>',
  'no cell with a text': '<row r="7"><c r="A7" s="0"/></row>',
  'no number': '<row><c><v>1</v></c></row>',
  'a formula that was never computed': '<row r="7"><c r="A7"><f>B7</f></c></row>',
  'an error': '<row r="7"><c r="A7" t="e"><v>#N/A</v></c></row>',
  'a cell far to the right': '<row r="7"><c r="ZZZ7"><v>1</v></c></row>',
  'the last column that is held': '<row r="7"><c r="SR7"><v>1</v></c></row>',
  'the first that is not': '<row r="7"><c r="SS7"><v>1</v></c></row>',
  'a character that XML does not hold': '<row r="7"><c r="A7" t="inlineStr"><is><t>甲\u0001</t></is></c></row>',
  'the end of a section': '<row r="7"><c r="A7" t="inlineStr"><is><t>甲]]></t></is></c></row>',
  'a comment around a row': '<!-- <row r="7"><c r="A7"><v>1</v></c></row> -->',
  'a comment in a row': '<row r="7"><!-- </row> --><c r="A7"><v>1</v></c></row>',
  'a section with a row as text':
    '<row r="7"><c r="A7" t="inlineStr"><is><t><![CDATA[</row><row r="8">]]></t></is></c></row>',
  'an attribute twice': '<row r="7" r="8"><c r="A7"><v>1</v></c></row>',
  'another attribute twice': '<row r="7" ht="1" ht="2"><c r="A7"><v>1</v></c></row>',
  'a style twice': '<row r="7"><c r="A7" s="0" t="s" s="0"><v>0</v></c></row>',
  'a tag that is not closed': '<row r="7"><c r="A7"><v>1</c></row>',
  'a row in a row': '<row r="7"><row r="8"><c r="A8"><v>1</v></c></row></row>',
  'text between rows': '甲<row r="7"><c r="A7"><v>1</v></c></row>',
  'a control character between rows': '\u0001<row r="7"><c r="A7"><v>1</v></c></row>',
  'line ends between rows': '\r\n\t <row r="7"><c r="A7"><v>1</v></c></row>\n',
  'rich text': '<row r="7"><c r="A7" t="inlineStr"><is><r><t>甲</t></r><rPh><t>jia</t></rPh></is></c></row>',
  'a flag and a day': '<row r="7"><c r="A7" t="b"><v>1</v></c><c r="B7" t="d"><v>2024-01-02</v></c></row>',
}

describe('a count that parses only what it must', () => {
  it.each(Object.entries(ODD_ROWS))('answers as the reading does: %s', async (_, odd) => {
    const [before, behind] = [[2, 3, 6].map(plain).join(''), [9, 12].map(plain).join('')]
    for (const from of [1, 3, 8]) {
      const { counted, read } = await bothWays(`${before}${odd}${behind}`, { from })
      expect(counted).toBe(read)
    }
    const { counted, read } = await bothWays(odd)
    expect(counted).toBe(read)
  })

  it('answers as the reading does: what stands around the rows', async () => {
    const rows = [1, 2, 3].map(plain).join('')
    for (const after of [
      '<mergeCells><mergeCell ref="A1:A3"/></mergeCells>',
      '<x>',
      '<!-- <row r="9"> -->',
      '</worksheet>',
    ])
      expect(await bothWays(rows, { after }).then(({ counted, read }) => counted === read)).toBe(true)
    for (const prolog of ['<!-- <sheetData> -->', '<?xml version="1.0"?><?go <sheetData>?>', '<!DOCTYPE worksheet>'])
      expect(await bothWays(rows, { prolog }).then(({ counted, read }) => counted === read)).toBe(true)
  })

  it('where most rows need the parser they are kept for the reading', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" t="b"><v>1</v></c></row>`)
    expect(await bothWays(many.join(''), { from: 2 })).toEqual({ counted: 2999, read: 2999 })
  })

  it('knows merged cells, which a sheet tells at its end', async () => {
    const path = join(folder, 'merged.xlsx')
    const after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    writeFileSync(path, buildXlsx({ sheets: [{ rows: textRows([['甲'], ['乙'], ['丙']]), after }] }))
    const table = await openTable({ path, name: 'merged.xlsx' })
    expect(await table.count?.(2)).toBe(2)
    expect(table.merges?.()).toEqual([{ fromRow: 2, toRow: 3, column: 0 }])
  })
})

describe('plain rows', () => {
  const strings = { length: 3, get: (i: number) => STRINGS[i] ?? null }
  const document = `<?xml version="1.0"?><worksheet><cols/><sheetData>${[1, 2, 3].map(plain).join('\n')}${ODD_ROWS['an entity']}${plain(8)}</sheetData><mergeCells/></worksheet>`
  const skimmed = (size: number) => {
    const rows: number[] = []
    let parsed = ''
    const skim = new PlainRows({ strings, parse: (xml) => (parsed += xml), row: (n) => rows.push(n) })
    for (let at = 0; at < document.length; at += size) skim.push(document.slice(at, at + size))
    skim.end()
    return { rows, parsed }
  }
  it.each([1, 7, 64, 500, 100_000])('leave the rest for the parser, however the text is cut: %d characters', (size) =>
    expect(skimmed(size)).toEqual({
      rows: [1, 2, 3, 8],
      parsed: `<?xml version="1.0"?><worksheet><cols/><sheetData>${ODD_ROWS['an entity']}</sheetData><mergeCells/></worksheet>`,
    }),
  )
})
