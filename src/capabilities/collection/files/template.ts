import type { Words } from '../../../kernel/words.ts'
import { columnName, type OutRow, toBuffer, writeWorkbook } from './workbook.ts'

/** What of a catalog field the blank form shows. */
export type TemplateField = {
  code: string
  label: Words
  type: string
  maxLength?: number | null
  required?: unknown
  choices?: readonly { label: Words }[]
  note?: Words | null
}

const HOW: Record<string, string> = {
  date: '日期，如 2024-01-02；无截止日期的填“长期”',
  money_wan: '金额，单位为万元，最多六位小数（2000 元填 0.2）',
  choice: '从所列取值中选一项',
  choices: '从所列取值中选，多项用分号隔开',
  code_uscc: '18 位统一社会信用代码',
  code_org: '9 位组织机构代码',
  code_registration: '15 位或 13 位注册号',
  person_id: '证件号码，以文本填写，不对外公开',
  flag: '填“是”或“否”',
  period: '年度、半年、季度或者月份，如 2025、2025-H1、2025-Q3、2025-06',
  number: '数字，不带单位',
}

const presence = (field: TemplateField): string =>
  field.required === 'always'
    ? '必填'
    : field.required === 'never' || field.required === undefined
      ? '选填'
      : '符合条件时必填'
const options = (field: TemplateField): string[] => (field.choices ?? []).map((c) => c.label.zh)

const noteOf = (field: TemplateField): string => {
  const listed = options(field)
  return [
    presence(field),
    HOW[field.type] ?? (field.maxLength ? `文字，不超过 ${field.maxLength} 字` : '文字'),
    listed.length > 0 && listed.length <= 12 ? listed.join('、') : '',
    field.note?.zh ?? '',
  ]
    .filter((t) => t !== '')
    .join('；')
}

/** The blank standard form of an item: title and notes above the headings, so that what is filled in below can be sent as it is. */
export const writeTemplate = (item: { name: Words; fields: readonly TemplateField[] }): Promise<Buffer> => {
  const { fields } = item
  const form: OutRow[] = [
    { cells: [`${item.name.zh}归集表（标准表样）`], style: 'title', height: 30 },
    { cells: fields.map(noteOf), style: 'note', height: 64 },
    { cells: fields.map((f) => `${f.required === 'always' ? '*' : ''}${f.label.zh}`), style: 'header', height: 34 },
  ]
  const guide: OutRow[] = [
    { cells: ['字段', '标准代码', '是否必填', '填写方法', '可选取值'], style: 'header', height: 24 },
    ...fields.map((f) => ({
      cells: [f.label.zh, f.code, presence(f), noteOf(f), options(f).join('、')],
      style: 'note' as const,
    })),
  ]
  return toBuffer(
    writeWorkbook([
      {
        name: '数据',
        widths: fields.map((f) => Math.min(40, Math.max(16, f.label.zh.length * 2 + 4))),
        freeze: { rows: 3, columns: 1 },
        rows: form,
        merges: fields.length > 1 ? [`A1:${columnName(Math.min(fields.length, 6) - 1)}1`] : [],
        choices: fields.flatMap((f, column) =>
          f.type === 'choice' && options(f).length > 0 ? [{ column, from: 4, values: options(f) }] : [],
        ),
      },
      { name: '填写说明', widths: [30, 18, 14, 60, 60], freeze: { rows: 1, columns: 0 }, rows: guide },
    ]),
  )
}
