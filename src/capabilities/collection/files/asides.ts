import { tidy } from '../../../kernel/text.ts'
import { headingKey } from './header.ts'

/**
 * Rows of a table that are no data: totals, who filled it in, notes below it, the heading once more at the top of a printed page,
 * numbered lines that were left empty. They are not received, and what was passed over is said.
 */

const WORDS =
  '合计|总计|小计|共计|累计|本页合计|本页小计|本表合计|总合计|填表人|填表单位|填表日期|填表时间|填报人|填报单位|填报日期|填报时间|制表人|制表单位|制表日期|制表时间|审核人|审批人|复核人|单位负责人|部门负责人|负责人签字|经办人|联系人|联系电话|联系方式|单位盖章|盖章|说明|注|备注|填表说明|填写说明|以下空白|以下无正文'
const ASIDE = new RegExp(`^[（(]?(?:${WORDS})[）)]?\\s*(?:$|[:：、.0-9一二三四五（(]|共)`)
const FIRST = new Set(['（', '(', ...WORDS.split('|').map((w) => w[0] as string)])
/** What stands beside a total: amounts and counts. */
const FIGURE = /^(?:共?\s*[\d,.]+\s*(?:条|件|户|家|份|万元|元)?|[-—/]*)$/
/** 审核人：李四 in another cell of the same line. */
const LABELLED = /^[^:：]{1,12}[:：]/

const firstFilled = (cells: readonly string[]): number => {
  for (let i = 0; i < cells.length; i++) {
    const c = cells[i] as string
    if (c !== '' && c.trim() !== '') return i
  }
  return -1
}

export type AsideColumns = {
  headings: readonly string[]
  /** Columns that are read as a field. */
  read: readonly number[]
  /** Of these: who and which document, without which there is no record. */
  keys: readonly number[]
}
/** Tells rows that are no data. Called for every row of a table: nearly all are told by their first character. */
export const asidesOf = ({ headings, read, keys }: AsideColumns): ((cells: readonly string[]) => boolean) => {
  const first = firstFilled(headings)
  const heading = (headings[first] ?? '').trim()
  const headingStart = heading === '' ? '' : (heading[0] as string)
  const told = headings.map(headingKey)
  const isHeading = (cells: readonly string[]): boolean => {
    let same = 0
    for (let i = 0; i < told.length; i++) {
      if (told[i] === '') continue
      const cell = cells[i] ?? ''
      if (cell.trim() === '') continue
      if (headingKey(cell) !== told[i]) return false
      same++
    }
    return same > 1 && same * 2 > told.filter((t) => t !== '').length
  }
  const isNote = (cells: readonly string[], at: number): boolean => {
    if (!ASIDE.test(tidy(cells[at] as string))) return false
    return keys.every((k) => {
      const text = tidy(cells[k] ?? '')
      return k === at || text === '' || FIGURE.test(text) || ASIDE.test(text) || LABELLED.test(text)
    })
  }
  const nothingRead = (cells: readonly string[]): boolean =>
    cells.length <= headings.length && read.every((c) => (cells[c] ?? '').trim() === '')
  return (cells) => {
    const at = firstFilled(cells)
    if (at < 0) return false
    const start = (cells[at] as string).trimStart()[0] as string
    if (FIRST.has(start) && isNote(cells, at)) return true
    if (start === headingStart && isHeading(cells)) return true
    return !read.includes(at) && nothingRead(cells)
  }
}
