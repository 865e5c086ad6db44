import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, it } from 'vitest'
import { CsvParser, detectSeparator } from './csv.ts'
import { openTable } from './open-table.ts'
import { FileRefused } from './refusals.ts'
import type { Table, TableRow } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const open = (bytes: Uint8Array | string, name = 'table.csv'): Promise<Table> => {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, bytes)
  return openTable({ path, name })
}
const read = async (table: Table): Promise<TableRow[]> => {
  const rows: TableRow[] = []
  for await (const batch of table) rows.push(...batch)
  return rows
}
const refusal = async (work: () => Promise<unknown>): Promise<FileRefused> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof FileRefused) return error
    throw error
  }
  throw new Error('was not refused')
}

/** A generator of its own, so that a failure can be run again. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

describe('RFC 4180 against csv-parse', () => {
  it('500 random documents, each cut at random bytes', () => {
    const pieces = ['a', '行政', '𠮷', ' ', '""', ',', '\n', '\r\n', ';', '〔2024〕', '\t', '0', '', '', '=1+1']
    for (let seed = 1; seed <= 500; seed++) {
      const next = random(seed)
      const below = (n: number) => Math.floor(next() * n)
      const newline = below(2) ? '\r\n' : '\n'
      const separator = [',', ';', '\t', '|'][below(4)] as string
      const columns = 1 + below(6)
      const records = Array.from({ length: 1 + below(30) }, () =>
        Array.from({ length: columns }, () => {
          const text = Array.from({ length: below(6) }, () => pieces[below(pieces.length)]).join('')
          if (below(3) === 0 || text.startsWith('"')) return `"${text.replaceAll('""', '"').replaceAll('"', '""')}"`
          return text.replace(/["\r\n]/g, '').replaceAll(separator, '')
        }).join(separator),
      )
      const document = records.join(newline) + (below(2) ? newline : '')
      const expected = parse(document, {
        delimiter: separator,
        record_delimiter: newline,
        relax_quotes: true,
        skip_empty_lines: false,
        relax_column_count: true,
      })
      const bytes = Buffer.from(document)
      const decoder = new TextDecoder('utf-8', { fatal: true })
      const parser = new CsvParser(separator, '\n')
      const rows: TableRow[] = []
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + below(below(4) ? 40 : 3)
        rows.push(...parser.push(decoder.decode(bytes.subarray(at, at + size), { stream: true })))
        at += size
      }
      rows.push(...parser.end())
      const seen = expected.map((cells, i) => ({ n: i + 1, cells })).filter((r) => r.cells.some((c) => c.trim() !== ''))
      expect(rows, `seed ${seed}: ${JSON.stringify(document)}`).toEqual(seen)
      expect(parser.row).toBe(expected.length)

      const counter = new CsvParser(separator, '\n')
      let counted = 0
      for (let at = 0; at < document.length; at += 7) counted += counter.count(document.slice(at, at + 7), 3)
      expect(counted + counter.count(null, 3)).toBe(seen.filter((r) => r.n >= 3).length)
    }
  })
})

describe('encodings', () => {
  const text = '行政相对人名称,处罚金额\r\n广州𠮷野家餐饮有限公司,0.2\r\n'
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['gb18030', iconv.encode(text, 'gb18030')],
    ['gb18030', iconv.encode(text.replace('𠮷', '吉'), 'gbk')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: false })],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['gb18030', Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), iconv.encode(text, 'gb18030')])],
  ] as const)('%s', async (encoding, bytes) => {
    const table = await open(bytes)
    expect(table.encoding).toBe(encoding)
    const rows = await read(table)
    expect(rows[0]?.cells).toEqual(['行政相对人名称', '处罚金额'])
    expect(rows[1]?.cells[0]?.replace('吉', '𠮷')).toBe('广州𠮷野家餐饮有限公司')
  })

  it('the encoding shows only after a megabyte of ASCII', async () => {
    const table = await open(iconv.encode(`${'a,b\n'.repeat(300_000)}广州,𠮷\n`, 'gb18030'))
    expect(table.encoding).toBe('gb18030')
    expect((await read(table)).at(-1)).toEqual({ n: 300_001, cells: ['广州', '𠮷'] })
  })

  it('the famous four bytes of 联通 are Chinese', async () => {
    const table = await open(iconv.encode('联通,1\n', 'gbk'))
    expect((await read(table))[0]?.cells[0]).toBe('联通')
  })

  it.each([[3], [90_001]])('UTF-8 from row %i on in a table of GBK is refused, not read as nonsense', async (row) => {
    const good = iconv.encode('广州某某公司,备注\n'.repeat(row - 1), 'gbk')
    const error = await refusal(async () =>
      read(await open(Buffer.concat([good, Buffer.from('广州某某公司,备注\n'), good]))),
    )
    expect(error.code).toBe('ENCODING_BROKEN')
    expect(error.params).toMatchObject({ row: row === 3 ? expect.any(Number) : row })
  })

  it.each([[10], [90_001]])('bytes of another encoding from row %i on are refused by that row', async (row) => {
    const good = '广州某某公司,备注\n'.repeat(row - 1)
    const error = await refusal(async () =>
      read(
        await open(Buffer.concat([Buffer.from(good), iconv.encode('广州某某公司,备注\n', 'gbk'), Buffer.from(good)])),
      ),
    )
    expect(error).toMatchObject({ code: 'ENCODING_BROKEN', params: { row, encoding: 'UTF-8' } })
  })
})

describe('shapes', () => {
  it.each([
    ['a,b\n1,2\n', ','],
    ['a;b;c\n1,5;2;3\n', ';'],
    ['甲\t乙\n1\t"x,y,z"\n', '\t'],
    ['某某表，共两行\n甲,乙,丙\n1,2,3\n', ','],
    ['one\ntwo\n', ','],
  ])('separator of %j', (text, separator) => expect(detectSeparator(text)).toBe(separator))

  it('sep= is obeyed and counted', async () =>
    expect(await read(await open('sep=;\na;b,c\n'))).toEqual([{ n: 2, cells: ['a', 'b,c'] }]))
  it('old line ends', async () =>
    expect((await read(await open('a,b\rc,d\r'))).map((r) => r.cells)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]))
  it('blank rows are counted and left out', async () =>
    expect(await read(await open('a,b\n\n,,\n  ,\u3000\nc,d'))).toEqual([
      { n: 1, cells: ['a', 'b'] },
      { n: 5, cells: ['c', 'd'] },
    ]))
  it('short rows stay short', async () =>
    expect((await read(await open('a,b,c\n1\n1,2,3,4\n'))).map((r) => r.cells.length)).toEqual([3, 1, 4]))
  it('a quote inside an unquoted cell is itself', async () =>
    expect((await read(await open('a,5" pipe,b\n')))[0]?.cells).toEqual(['a', '5" pipe', 'b']))
  it('line breaks inside quotes do not make rows', async () =>
    expect(await read(await open('a,"x\r\ny"\nb,c\n'))).toEqual([
      { n: 1, cells: ['a', 'x\r\ny'] },
      { n: 2, cells: ['b', 'c'] },
    ]))
  it('a cell too long is cut and said to be', async () => {
    const [row] = await read(await open(`a,${'长'.repeat(40_000)}\n`))
    expect(row?.cells[1]).toHaveLength(32_767)
    expect(row?.flags).toEqual({ 1: 'too_long' })
  })
})

describe('refused', () => {
  it('a quote that is never closed, by its row', async () =>
    expect(await refusal(async () => read(await open(`a,b\n1,2\n"x,2\n${'3,4\n'.repeat(100)}`)))).toMatchObject({
      code: 'QUOTE_OPEN',
      params: { row: 3 },
    }))
  it('… in bounded memory, however long the file', async () =>
    expect(await refusal(async () => read(await open(`a,b\n"x,2\n${'3,4\n'.repeat(3_000_000)}`)))).toMatchObject({
      code: 'QUOTE_OPEN',
      params: { row: 2 },
    }))
  it('a quote closed by a later one, by the row that opened it', async () =>
    expect(await refusal(async () => read(await open('a,b\n"x,2\n3,"y"\n')))).toMatchObject({
      code: 'QUOTE_STRAY',
      params: { row: 2 },
    }))
  it.each([[2_000_000], [600]])('%i columns', async (n) =>
    expect(await refusal(async () => read(await open(`a,b\n${'x,'.repeat(n)}\n`)))).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      params: { row: 2, limit: 512 },
    }),
  )
  it('empty columns on the right do not count', async () =>
    expect((await read(await open(`a,b\n1,2${','.repeat(5000)}\n`)))[1]?.cells).toEqual(['1', '2']))
  it('one endless line', async () =>
    expect(await refusal(async () => read(await open('x'.repeat(9_000_000))))).toMatchObject({
      code: 'ROW_TOO_LONG',
      params: { row: 1 },
    }))
})

describe('speed and memory', () => {
  it('200,000 rows of 30 columns in a small heap, more than 60,000 rows a second', async () => {
    const row = `${Array.from({ length: 30 }, (_, i) => (i % 3 ? `值${i}` : `9144010${i}MA5D1234`)).join(',')}\n`
    const path = join(folder, 'big.csv')
    writeFileSync(path, row.repeat(200_000))
    const table = await openTable({ path, name: 'big.csv' })
    const before = process.memoryUsage().rss
    const started = performance.now()
    let rows = 0
    let peak = 0
    for await (const batch of table) {
      rows += batch.length
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    const rate = rows / ((performance.now() - started) / 1000)
    expect(rows).toBe(200_000)
    expect(peak - before).toBeLessThan(160 * 1024 * 1024)
    expect(rate).toBeGreaterThan(60_000)
  })
})
