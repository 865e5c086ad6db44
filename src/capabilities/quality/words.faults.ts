import type { CatalogItem } from '../../kernel/policy.ts'
import type { Words } from '../../kernel/words.ts'

/** What a fault is called when it is counted: without the values of a single row. */
const FAULTS: Record<string, Words> = {
  required: { zh: '必填项未填', en: 'required and empty' },
  required_when: { zh: '应填项未填', en: 'required in this case and empty' },
  absent_when: { zh: '不应填写而填写', en: 'filled where it should be empty' },
  too_long: { zh: '超过长度上限', en: 'too long' },
  not_a_choice: { zh: '不在规定取值之内', en: 'not one of the allowed values' },
  choice_needs_note: { zh: '选“其他”未作说明', en: '“other” without a description' },
  not_a_date: { zh: '不是有效日期', en: 'not a date' },
  date_too_old: { zh: '日期过早', en: 'implausibly old date' },
  date_serial: { zh: '日期存成了数字', en: 'date kept as a number' },
  digits_lost: { zh: '长数字末位丢失', en: 'last digits lost by the spreadsheet' },
  error_value: { zh: '单元格为错误值', en: 'error value of the spreadsheet' },
  not_computed: { zh: '公式没有计算结果', en: 'formula never computed' },
  cell_too_long: { zh: '超过单元格字数上限', en: 'longer than a cell may be' },
  not_money: { zh: '不是金额', en: 'not an amount' },
  money_in_yuan: { zh: '金额以元填写，应以万元为单位', en: 'amount in yuan instead of 10,000 yuan' },
  money_negative: { zh: '金额为负数', en: 'negative amount' },
  money_decimals: { zh: '金额小数位过多', en: 'too many decimals' },
  money_too_large: { zh: '金额过大', en: 'implausibly large amount' },
  not_a_flag: { zh: '应填“是”或者“否”', en: 'neither yes nor no' },
  uscc_length: { zh: '代码位数不符', en: 'wrong length of the code' },
  uscc_alphabet: { zh: '代码含有不应出现的字符', en: 'character that no code contains' },
  uscc_check_digit: { zh: '代码校验位不符', en: 'check digit does not hold' },
  uscc_category: { zh: '代码前两位不是已公布的类别', en: 'unpublished category of code' },
  uscc_placeholder: { zh: '占位代码', en: 'placeholder code' },
  uscc_is_person_id: { zh: '代码栏误填个人证件号码', en: 'a person’s number in a code' },
  uscc_is_legacy_number: { zh: '误填工商注册号', en: 'registration number instead of the code' },
  uscc_is_org_code: { zh: '误填组织机构代码', en: 'organisation code instead of the code' },
  org_code: { zh: '组织机构代码无效', en: 'no valid organisation code' },
  registration_number: { zh: '工商注册号无效', en: 'no valid registration number' },
  plain_code: { zh: '含有数字、字母以外的字符', en: 'characters other than digits and letters' },
  person_id_in_code: { zh: '误填个人证件号码', en: 'a person’s number in a code' },
  person_id: { zh: '证件号码无效', en: 'no valid identity number' },
  masked: { zh: '填写了脱敏后的号码', en: 'masked number' },
  no_subject_code: { zh: '没有可以识别主体的代码', en: 'no code by which the subject is known' },
  category_not_code: { zh: '主体类别与代码不一致', en: 'category does not fit the code' },
  authority_unknown: { zh: '单位没有登记', en: 'unknown authority' },
  authority_code_name: { zh: '单位代码与名称不一致', en: 'code and name of the authority differ' },
  authority_name_code: { zh: '单位名称与代码不一致', en: 'name and code of the authority differ' },
  authority_no_duty: { zh: '不在单位职责清单之内', en: 'not among the authority’s duties' },
  authority_not_yours: { zh: '不是本单位作出的决定', en: 'decision of another authority' },
  doc_range: { zh: '一行代表多份文书', en: 'several decisions in one row' },
  surplus_cells: { zh: '单元格多于表头', en: 'more cells than headings' },
  one_code_two_names: { zh: '一码多名', en: 'one code, two names' },
  one_name_two_codes: { zh: '一名多码', en: 'one name, two codes' },
  row_unreadable: { zh: '整行无法读取', en: 'the row cannot be read' },
  returned_by_hand: { zh: '人工核实退回', en: 'returned by hand' },
}
const OTHER: Words = { zh: '填写不符合要求', en: 'not as required' }

export const faultWords = (item: CatalogItem | null, code: string): Words => {
  const known = FAULTS[code]
  if (known) return known
  // A check across fields has its sentence in the catalog.
  const check = item?.checks.find((c) => c.code === code)
  return check ? { zh: check.words.zh.replace(/。$/, ''), en: check.words.en.replace(/\.$/, '') } : OTHER
}
const ROW: Words = { zh: '整行', en: 'Whole row' }
export const fieldWords = (item: CatalogItem | null, field: string): Words =>
  item?.fields.find((f) => f.key === field)?.label ?? ROW
