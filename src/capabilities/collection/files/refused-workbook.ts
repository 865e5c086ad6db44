import { RETURNED_HEADINGS } from './header.ts'
import { MAX_SHEET_ROWS, type OutRow, type OutSheet, writeWorkbook } from './workbook.ts'

/** One returned row: as it came, with everything that is wrong with it. */
export type RefusedRow = {
  n: number
  cells: readonly string[]
  problems: readonly {
    /** Column in the file, when the field has one. */
    column: number | null
    field: string
    value: string
    reason: string
    mend: string
  }[]
}

export type RefusedTable = {
  /** The file's own headings, in its own order. */
  headings: readonly string[]
  rows: Iterable<RefusedRow> | AsyncIterable<RefusedRow>
  /** Stands on the page of instructions. */
  fileName?: string
  itemName?: string
  receiptNo?: string
}

const LEADING_WIDTHS = [8, 20, 26, 40, 44]
const LINE_HEIGHT = 16

const numbered = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] as string) : texts.map((t, i) => `${i + 1}. ${t}`).join('\n')

const rowOf = (row: RefusedRow, width: number): OutRow => {
  const wrong = new Set(row.problems.map((p) => p.column))
  const advice = [
    String(row.n),
    ...(['field', 'value', 'reason', 'mend'] as const).map((key) => numbered(row.problems.map((p) => p[key]))),
  ]
  const cells = Array.from({ length: Math.max(width, row.cells.length) }, (_, c) => ({
    text: row.cells[c] ?? '',
    style: wrong.has(c) ? ('problem' as const) : ('text' as const),
  }))
  return {
    cells: [...advice.map((text) => ({ text, style: 'advice' as const })), ...cells],
    height: Math.min(400, Math.max(2, row.problems.length * 2) * LINE_HEIGHT),
  }
}

const instructions = (table: RefusedTable, counted: { rows: number; left: number }): OutRow[] => {
  const facts = [
    ['报送文件', table.fileName],
    ['事项', table.itemName],
    ['回执编号', table.receiptNo],
    ['退回行数', String(counted.rows)],
  ].filter((f): f is [string, string] => f[1] !== undefined && f[1] !== '')
  const steps = [
    '一、前五列说明每一行退回的原因和修改方法；从第六列起是原文件的内容，列名和顺序与原文件相同。',
    '二、标有底色的单元格需要修改。请直接在原单元格内改正，不要改动列名。',
    '三、所有单元格均为文本格式，代码、文号和日期照原样填写即可。日期写作 2024-01-02。',
    '四、改好后保存，直接上传本工作簿。前五列会自动略过，不必删除；不再报送的行可整行删除。',
    '五、已经入库的行不在本表中，无需再报；重复报送同一条也不会产生重复记录。',
    ...(counted.left > 0
      ? [`六、因工作表行数限制，另有 ${counted.left} 行未列入本表；请改正并上传本表后，按新回执处理其余各行。`]
      : []),
  ]
  return [
    { cells: ['退回数据修改说明'], style: 'title', height: 28 },
    { cells: [''] },
    ...facts.map(([name, value]) => ({ cells: [`${name}：${value}`], style: 'note' as const })),
    { cells: [''] },
    ...steps.map((text) => ({ cells: [text], style: 'note' as const, height: 34 })),
  ]
}

/** The workbook of returned rows, to be mended in place and sent again. */
export const writeRefusedWorkbook = (table: RefusedTable): AsyncGenerator<Uint8Array> => {
  const counted = { rows: 0, left: 0 }
  const rows = async function* (): AsyncGenerator<OutRow> {
    yield { cells: [...RETURNED_HEADINGS, ...table.headings], style: 'header', height: 34 }
    for await (const row of table.rows) {
      counted.rows++
      if (counted.rows >= MAX_SHEET_ROWS) counted.left++
      else yield rowOf(row, table.headings.length)
    }
  }
  const notes = function* () {
    yield* instructions(table, counted)
  }
  const widthOf = (heading: string) => Math.min(36, Math.max(14, heading.length * 2 + 2))
  const sheets: OutSheet[] = [
    {
      name: '退回数据',
      widths: [...LEADING_WIDTHS, ...table.headings.map(widthOf)],
      freeze: { rows: 1, columns: 1 },
      rows: rows(),
    },
    // Read after the rows have been written, so that it can count them.
    { name: '说明', widths: [100], rows: notes() },
  ]
  return writeWorkbook(sheets)
}
