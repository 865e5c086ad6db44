import type { Words } from '../../kernel/words.ts'

/** Why the platform proposes a value. Each is stored with what was accepted. */
export const MEND_RULES = [
  'code_look_alike',
  'code_one_character',
  'code_of_name',
  'category_of_code',
  'date_spelling',
  'date_serial',
  'amount_unit',
  'choice_near',
  'flag_mark',
  'authority_code',
  'authority_name',
] as const
export type MendRule = (typeof MEND_RULES)[number]
export const MEND_RULE_WORDS: Record<MendRule, Words> = {
  code_look_alike: {
    zh: '把不使用的字母换成形近的数字或字母后，校验位相符',
    en: 'With characters that codes do not use replaced by those they look like, the check digits hold',
  },
  code_one_character: {
    zh: '更正一处后校验位相符，且与平台登记的名称一致',
    en: 'With one slip corrected the check digits hold, and the code is registered under this name',
  },
  code_of_name: { zh: '平台以该名称登记的唯一代码', en: 'The only code registered under this name' },
  category_of_code: { zh: '由统一社会信用代码前两位得出', en: 'What the first two characters of the code say' },
  date_spelling: { zh: '日期的另一种写法，只有一种读法', en: 'Another spelling of a date, with one reading' },
  date_serial: { zh: '电子表格的日期序号', en: 'The serial number of a date in a spreadsheet' },
  amount_unit: {
    zh: '单元格中写明以元为单位，折算为万元',
    en: 'The cell says yuan; converted to units of 10,000 yuan',
  },
  choice_near: { zh: '与可选项仅差一字', en: 'One character away from one of the choices' },
  flag_mark: { zh: '是否栏中的常见记号', en: 'A mark that commonly stands for yes or no' },
  authority_code: { zh: '由单位名称得出的登记代码', en: 'The registered code of the authority named' },
  authority_name: { zh: '由单位代码或相近名称得出的登记名称', en: 'The registered name of the authority' },
}

/** Why nothing is proposed although the value can be read. */
export const DOUBTS = ['date_two_readings', 'code_two_repairs', 'authority_either', 'range_split'] as const
export type DoubtKind = (typeof DOUBTS)[number]
export const DOUBT_WORDS: Record<DoubtKind, Words> = {
  date_two_readings: {
    zh: '“{value}”可以读作 {readings}，平台不作猜测，请改为唯一的写法（如 2026-03-05）。',
    en: '“{value}” may be read as {readings}; the platform does not guess. Write it in one way, such as 2026-03-05.',
  },
  code_two_repairs: {
    zh: '改动一处即可成立的代码有 {readings}，名称无法确认是哪一个，请对照登记证照。',
    en: 'One correction away are {readings}; the name does not tell which. Compare with the certificate.',
  },
  authority_either: {
    zh: '名称登记的代码是 {readings}，与所填代码各属一个单位，请确认以哪一个为准。',
    en: 'The name is registered with the code {readings}; name and code belong to two authorities. Say which holds.',
  },
  range_split: {
    zh: '这一行代表 {n} 份决定（{readings}）。退回数据表中已拆成 {n} 行，请逐行核对金额等内容后报送。',
    en: 'The row stands for {n} decisions ({readings}). The workbook of returned rows has it as {n} rows; check the amounts of each.',
  },
}
