import { type Refusal, type RefusalCatalogue, Refused } from '../../../kernel/decision.ts'
import type { Words } from '../../../kernel/words.ts'

/** Why a table's file, its header or its mapping is refused: what is wrong, where, and how to mend it. */
export const fileRefusals = {
  FILE_EMPTY: {
    kind: 'invalid',
    zh: '文件中没有内容，请确认选择的文件后重新上传。',
    en: 'The file is empty. Check that the right file was chosen and send it again.',
  },
  FILE_KIND_WRONG: {
    kind: 'invalid',
    zh: '该文件是{found}，不是数据表格。请上传 .xlsx 或 .csv 文件。',
    en: 'This file is {found}, not a table of data. Send an .xlsx or a .csv file.',
  },
  FILE_XLS: {
    kind: 'invalid',
    zh: '该文件是旧版 Excel 格式（.xls），不能读取。请用 Excel 或 WPS 打开，选择“另存为”，类型选“Excel 工作簿（.xlsx）”，再上传。',
    en: 'This file has the old Excel format (.xls) and cannot be read. Open it in Excel or WPS, save it as “Excel workbook (.xlsx)” and send that.',
  },
  FILE_ENCRYPTED: {
    kind: 'invalid',
    zh: '该工作簿设有打开密码，不能读取。请取消密码后重新上传。',
    en: 'This workbook is protected by a password and cannot be read. Remove the password and send it again.',
  },
  FILE_TRUNCATED: {
    kind: 'invalid',
    zh: '该工作簿不完整，后半部分缺失，可能是传输中断所致。请重新导出或复制后上传。',
    en: 'This workbook is incomplete: its end is missing, perhaps because a transfer broke off. Export or copy it again and send it.',
  },
  FILE_DAMAGED: {
    kind: 'invalid',
    zh: '该工作簿已损坏（第 {row} 行之后无法读取）。请用 Excel 或 WPS 打开并另存为 .xlsx 后上传。',
    en: 'This workbook is damaged (nothing can be read after row {row}). Open it in Excel or WPS, save it as .xlsx and send that.',
  },
  FILE_NOT_A_WORKBOOK: {
    kind: 'invalid',
    zh: '该文件是压缩包或其他文档，不是 Excel 工作簿。请解压后上传其中的 .xlsx 或 .csv 文件。',
    en: 'This file is an archive or another kind of document, not an Excel workbook. Unpack it and send the .xlsx or .csv inside.',
  },
  FILE_BOMB: {
    kind: 'invalid',
    zh: '该工作簿解压后过大（{size} MB，上限 {limit} MB，压缩比上限 {ratio}），已停止读取。请删除多余的格式和空白区域，或另存为 .csv 后上传。',
    en: 'Unpacked, this workbook is too large ({size} MB; at most {limit} MB and {ratio} times its packed size) and was not read. Clear unused formats and blank areas, or save it as .csv.',
  },
  FILE_NO_ROWS: {
    kind: 'invalid',
    zh: '文件中没有可见的、含有数据的工作表。请确认数据所在的工作表没有被隐藏。',
    en: 'The file has no visible sheet with data. Check that the sheet with the data is not hidden.',
  },
  FILE_SHEET_MISSING: {
    kind: 'invalid',
    zh: '文件中没有名为“{sheet}”的可见工作表。现有：{sheets}。',
    en: 'The file has no visible sheet named “{sheet}”. It has: {sheets}.',
  },
  FILE_TOO_MANY_STRINGS: {
    kind: 'invalid',
    zh: '该工作簿的文字过多，超出可处理范围（上限 {limit} 项）。请另存为 .csv 后上传，.csv 不限行数。',
    en: 'This workbook holds more texts than can be handled (at most {limit}). Save it as .csv, which may have any number of rows.',
  },
  TOO_MANY_COLUMNS: {
    kind: 'invalid',
    zh: '第 {row} 行超过 {limit} 列。请删除右侧多余的列；如为 .csv 文件，请检查分隔符是否正确。',
    en: 'Row {row} has more than {limit} columns. Remove the extra columns on the right; for a .csv file, check its separator.',
  },
  ROW_TOO_LONG: {
    kind: 'invalid',
    zh: '第 {row} 行过长，无法作为一行数据读取。请确认文件是文本表格，且每行以换行结束。',
    en: 'Row {row} is too long to be one row of data. Check that the file is a text table and that each row ends with a line break.',
  },
  QUOTE_OPEN: {
    kind: 'invalid',
    zh: '第 {row} 行有一个双引号没有配对，后面的内容无法分列。请补上或删除该双引号后重新上传。',
    en: 'Row {row} opens a double quote that is never closed, so what follows cannot be split. Close or remove it and send the file again.',
  },
  QUOTE_STRAY: {
    kind: 'invalid',
    zh: '第 {row} 行双引号的用法有误：引号内的双引号应写两个（""）。请改正后重新上传。',
    en: 'Row {row} uses double quotes wrongly: inside quotes a double quote is written twice (""). Mend it and send the file again.',
  },
  ENCODING_UNKNOWN: {
    kind: 'invalid',
    zh: '无法识别文件的文字编码。请用 Excel 或 WPS 另存为 .xlsx，或另存为“CSV UTF-8”后上传。',
    en: 'The character encoding of the file is not recognised. Save it as .xlsx or as “CSV UTF-8” and send that.',
  },
  ENCODING_BROKEN: {
    kind: 'invalid',
    zh: '第 {row} 行含有不符合 {encoding} 编码的字节，文件可能由不同编码的内容拼接而成。请统一另存为“CSV UTF-8”后上传。',
    en: 'Row {row} has bytes that are not {encoding}; the file may be joined from parts in different encodings. Save it as “CSV UTF-8” and send that.',
  },
  HEADER_NOT_FOUND: {
    kind: 'invalid',
    zh: '在前 {scanned} 行中没有找到表头。文件开头的内容是：{seen}。请使用标准模板的列名，或提供列名对照文件。',
    en: 'No row of headings was found in the first {scanned} rows. The file begins with: {seen}. Use the headings of the standard form, or give a mapping file.',
  },
  HEADER_MISSING: {
    kind: 'invalid',
    zh: '第 {row} 行表头缺少必填列：{fields}。请补上这些列；如果全表取值相同，可在列名对照文件的 constants 中给出。',
    en: 'The headings in row {row} lack these required columns: {fields}. Add them or, where every row has the same value, give it under constants in a mapping file.',
  },
  HEADER_DUPLICATE: {
    kind: 'invalid',
    zh: '有两列都是“{field}”（重复的列名：“{heading}”）。请删除多余的一列，或在列名对照文件的 ignore 中写明不读的列。',
    en: 'Two columns are “{field}” (the second is headed “{heading}”). Remove one, or name the one not to read under ignore in a mapping file.',
  },
  HEADER_AMBIGUOUS: {
    kind: 'invalid',
    zh: '列名“{heading}”可以理解为多个字段：{fields}。请改用标准模板的列名。',
    en: 'The heading “{heading}” may mean several fields: {fields}. Use the heading of the standard form.',
  },
  HEADER_UNIT: {
    kind: 'invalid',
    zh: '列名“{heading}”的计量单位与“{field}”不一致，标准要求以万元填写。请换算后使用标准列名。',
    en: 'The heading “{heading}” has another unit than “{field}”, which is given in units of 10,000 yuan (万元). Convert the amounts and use the standard heading.',
  },
  MAPPING_INVALID: {
    kind: 'invalid',
    zh: '列名对照文件第 {line} 行：{problem}。',
    en: 'Mapping file, line {line}: {problem}.',
  },
} as const satisfies RefusalCatalogue

export type FileRefusalCode = keyof typeof fileRefusals

/** Thrown by readers; the edge turns it into problem+json like every refusal. */
export class FileRefused extends Refused {
  readonly code: FileRefusalCode
  readonly params: Record<string, unknown>
  constructor(code: FileRefusalCode, params: Record<string, unknown> = {}, more: Refusal[] = []) {
    super([{ code, params }, ...more])
    this.name = 'FileRefused'
    this.code = code
    this.params = params
  }
}

/** What a wrong file is, in words. */
export const KINDS = {
  pdf: { zh: ' PDF 文档', en: 'a PDF document' },
  image: { zh: '图片', en: 'a picture' },
  html: { zh: '网页（虽然扩展名可能是 .xls）', en: 'a web page (whatever its name says)' },
  xml: { zh: ' XML 文件', en: 'an XML file' },
  json: { zh: ' JSON 文件', en: 'a JSON file' },
  doc: { zh: ' Word 文档', en: 'a Word document' },
  archive: { zh: '压缩包', en: 'an archive' },
  ods: { zh: ' OpenDocument 表格（.ods）', en: 'an OpenDocument sheet (.ods)' },
  binary: { zh: '二进制文件', en: 'a binary file' },
} as const satisfies Record<string, Words>
