import type { Words } from '../../kernel/words.ts'

/**
 * Why a row cannot be taken, and how to mend it. `{label}`, `{value}` and what the check found are filled in; `{hint}` is
 * a sentence of its own or nothing. Cross-field checks bring their words from the catalog.
 */
export type ProblemWords = { reason: Words; mend: Words }

const problem = (zh: string, mendZh: string, en: string, mendEn: string): ProblemWords => ({
  reason: { zh, en },
  mend: { zh: mendZh, en: mendEn },
})

export const PROBLEMS = {
  required: problem(
    '“{label}”为必填项，本行未填。',
    '请补填“{label}”。',
    '“{label}” is required and empty.',
    'Fill in “{label}”.',
  ),
  required_when: problem(
    '{when}时，“{label}”为必填项，本行未填。',
    '请补填“{label}”。',
    '“{label}” is required when {when}, and it is empty.',
    'Fill in “{label}”.',
  ),
  absent_when: problem(
    '{when}时，“{label}”应为空。',
    '请清空“{label}”，或更正行政相对人类别。',
    '“{label}” should be empty when {when}.',
    'Clear “{label}”, or correct the category of the subject.',
  ),
  too_long: problem(
    '“{label}”共 {length} 个字符，超过 {max} 个字符的上限。',
    '请压缩到 {max} 个字符以内。',
    '“{label}” has {length} characters; at most {max} are allowed.',
    'Shorten it to {max} characters.',
  ),
  not_a_choice: problem(
    '“{label}”的内容不在规定取值之内。',
    '请从下列取值中选填：{choices}。',
    '“{label}” is not one of the allowed values.',
    'Use one of: {choices}.',
  ),
  choice_needs_note: problem(
    '“{label}”填写“其他”时应当说明具体内容。',
    '请按“其他-说明”的格式填写，例如“其他-责令改正”。',
    '“Other” in “{label}” needs a description.',
    'Write it as “other-description”.',
  ),
  not_a_date: problem(
    '“{label}”不是有效日期，或者可以有多种读法。',
    '请按“2024-01-31”的格式填写年、月、日。',
    '“{label}” is no day of the calendar, or can be read in more than one way.',
    'Write year, month and day as 2024-01-31.',
  ),
  date_too_old: problem(
    '“{label}”早于 {first}，不合常理。',
    '请核对年份。',
    '“{label}” is before {first}, which is not plausible.',
    'Check the year.',
  ),
  date_serial: problem(
    '“{label}”是一个没有设为日期格式的数字，可能是 {day}。',
    '请把单元格设为日期格式，或者直接填写“{day}”。',
    '“{label}” is a number that no date format marks; it may be {day}.',
    'Give the cell a date format, or write {day}.',
  ),
  digits_lost: problem(
    '“{label}”超过 15 位，却以数字保存，末几位已被表格软件改为 0。',
    '请把单元格设为文本格式，重新填写完整的号码。',
    '“{label}” has more than 15 digits and was saved as a number: the last digits have become zeros.',
    'Make the cell a text cell and write the whole number again.',
  ),
  error_value: problem(
    '“{label}”是表格软件的错误值。',
    '请更正公式，或者直接填写内容。',
    '“{label}” holds an error value of the spreadsheet.',
    'Mend the formula or write the value itself.',
  ),
  not_computed: problem(
    '“{label}”是没有计算结果的公式。',
    '请用 Excel 或 WPS 打开并保存一次，或者直接填写内容。',
    '“{label}” is a formula that was never computed.',
    'Open and save the file in Excel or WPS, or write the value itself.',
  ),
  cell_too_long: problem(
    '“{label}”超过一个单元格的字数上限（32,767 字），后面的内容没有读入。',
    '请压缩内容后重新填写。',
    '“{label}” is longer than a cell may be (32,767 characters) and was cut.',
    'Shorten it.',
  ),
  not_money: problem(
    '“{label}”不是金额。',
    '请只填写数字，以万元为单位，最多 6 位小数；例如 2000 元填写 0.2。',
    '“{label}” is not an amount.',
    'Write a number in units of 10,000 yuan, at most 6 decimals; 2,000 yuan is 0.2.',
  ),
  money_in_yuan: problem(
    '“{label}”以元填写，标准要求以万元为单位。',
    '请折算为万元：{wan}。',
    '“{label}” is written in yuan; the standard asks for units of 10,000 yuan.',
    'Convert it: {wan}.',
  ),
  money_negative: problem(
    '“{label}”为负数。',
    '请填写不小于 0 的金额。',
    '“{label}” is negative.',
    'Write an amount of 0 or more.',
  ),
  money_decimals: problem(
    '“{label}”超过 6 位小数。',
    '请保留至 6 位小数（即精确到分）。',
    '“{label}” has more than 6 decimals.',
    'Keep 6 decimals, which is one cent of a yuan.',
  ),
  money_too_large: problem(
    '“{label}”超过 1 亿万元，不合常理。',
    '请核对金额单位是否为万元。',
    '“{label}” is beyond a trillion yuan, which is not plausible.',
    'Check that the unit is 10,000 yuan.',
  ),
  not_a_flag: problem(
    '“{label}”应填写“是”或“否”。',
    '请填写“是”或“否”。',
    '“{label}” is neither yes nor no.',
    'Write yes or no.',
  ),
  not_a_period: problem(
    '“{label}”不是所属期：“{value}”。',
    '请填写年度、半年、季度或者月份，如 2025、2025-H1、2025-Q3、2025-06。',
    '“{value}” in “{label}” is not a period.',
    'Write a year, half-year, quarter or month, such as 2025, 2025-H1, 2025-Q3 or 2025-06.',
  ),
  not_a_number: problem(
    '“{label}”应为不小于零的数字，现为“{value}”。',
    '请只填写数字，最多六位小数，不带单位。',
    '“{label}” is a quantity, not “{value}”.',
    'Write digits only, with at most six decimals and no unit.',
  ),
  uscc_length: problem(
    '“{label}”共 {length} 位，统一社会信用代码应为 18 位。',
    '请对照登记证照补全或更正。{hint}',
    '“{label}” has {length} characters; a unified social credit code has 18.',
    'Complete or correct it from the certificate. {hint}',
  ),
  uscc_alphabet: problem(
    '“{label}”第 {at} 位的字符不应出现在统一社会信用代码中（代码不使用字母 I、O、S、V、Z）。',
    '请对照登记证照更正第 {at} 位。{hint}',
    'Character {at} of “{label}” cannot stand in a unified social credit code (the letters I, O, S, V, Z are not used).',
    'Correct character {at} from the certificate. {hint}',
  ),
  uscc_check_digit: problem(
    '“{label}”校验位不符，代码中至少有一位有误。',
    '请对照登记证照逐位核对。{hint}',
    'The check digit of “{label}” does not hold: at least one character is wrong.',
    'Compare it with the certificate character by character. {hint}',
  ),
  uscc_category: problem(
    '“{label}”前两位“{category}”不是已公布的登记管理部门和机构类别代码。',
    '请对照登记证照核对前两位。',
    'The first two characters “{category}” of “{label}” are no published registration category.',
    'Check the first two characters on the certificate.',
  ),
  uscc_placeholder: problem(
    '“{label}”是占位代码，不是真实的统一社会信用代码。',
    '请填写登记证照上的代码；没有统一社会信用代码的，请填写组织机构代码或工商注册号。',
    '“{label}” is a placeholder and no real unified social credit code.',
    'Write the code on the certificate; without one, the organisation code or the registration number.',
  ),
  uscc_is_person_id: problem(
    '“{label}”填写的是公民身份号码，组织的代码栏不得填写个人身份号码。',
    '请填写统一社会信用代码；行政相对人为自然人的，请将类别改为“自然人”，并把号码填入“证件号码”。',
    '“{label}” holds a citizen’s identity number, which does not belong into an organisation’s code.',
    'Write the unified social credit code; for a natural person set the category and use the identity-document field.',
  ),
  uscc_is_legacy_number: problem(
    '“{label}”填写的是 15 位工商注册号，不是 18 位统一社会信用代码。',
    '请填写换照后的统一社会信用代码；尚无的，请将该号码填入“工商注册号”。',
    '“{label}” holds a 15-digit registration number, not an 18-character unified social credit code.',
    'Write the unified code; without one, move the number to the registration number field.',
  ),
  uscc_is_org_code: problem(
    '“{label}”填写的是 9 位组织机构代码，不是 18 位统一社会信用代码。',
    '请填写统一社会信用代码；尚无的，请将该代码填入“组织机构代码”。',
    '“{label}” holds a 9-character organisation code, not a unified social credit code.',
    'Write the unified code; without one, move it to the organisation code field.',
  ),
  org_code: problem(
    '“{label}”不是有效的组织机构代码（8 位本体代码和 1 位校验码）。',
    '请对照证书核对。',
    '“{label}” is no valid organisation code (eight characters and a check digit).',
    'Check it on the certificate.',
  ),
  registration_number: problem(
    '“{label}”不是有效的工商注册号（15 位数字，末位为校验码）。',
    '请对照营业执照核对。',
    '“{label}” is no valid registration number (15 digits, the last a check digit).',
    'Check it on the business licence.',
  ),
  plain_code: problem(
    '“{label}”含有数字、字母以外的字符。',
    '请只保留证书上的数字和字母。',
    '“{label}” holds characters other than digits and letters.',
    'Keep the digits and letters of the certificate.',
  ),
  person_id_in_code: problem(
    '“{label}”填写的是公民身份号码。',
    '请清空本栏；自然人的号码只能填入“证件号码”。',
    '“{label}” holds a citizen’s identity number.',
    'Clear it; a person’s number belongs into the identity-document field only.',
  ),
  person_id: problem(
    '“{label}”不是有效的公民身份号码。',
    '请对照身份证件核对；使用其他证件的，请更正证件类型。',
    '“{label}” is no valid citizen’s identity number.',
    'Check it on the document; for another document correct its type.',
  ),
  masked: problem(
    '“{label}”是脱敏后的号码，无法识别。',
    '请填写完整内容，或者将本行从退回数据表中原样报送。',
    '“{label}” is masked and cannot be read.',
    'Write it in full, or send the row of the returned workbook as it is.',
  ),
  no_subject_code: problem(
    '本行没有任何可以识别行政相对人的代码。',
    '请填写统一社会信用代码；尚无的，请填写工商注册号或组织机构代码。',
    'The row has no code by which the subject can be known.',
    'Write the unified social credit code; without one, the registration number or the organisation code.',
  ),
  category_not_code: problem(
    '行政相对人类别与统一社会信用代码不一致：代码属于“{held}”。',
    '请核对类别和代码，更正其中之一。',
    'The category of the subject does not fit its code, which is of “{held}”.',
    'Check the category and the code and correct one of them.',
  ),
  authority_unknown: problem(
    '平台没有登记“{value}”这个单位。',
    '请核对单位全称和统一社会信用代码；确有其单位的，请联系信用办登记。',
    'The platform knows no authority “{value}”.',
    'Check its full name and code; if they are right, ask the credit office to register it.',
  ),
  authority_code_name: problem(
    '“{label}”与单位名称不一致：该代码登记的单位是“{held}”。',
    '请更正代码或者单位名称。',
    '“{label}” does not fit the name: the code is registered for “{held}”.',
    'Correct the code or the name.',
  ),
  authority_name_code: problem(
    '“{name}”登记的统一社会信用代码是 {held}，与本行不一致。',
    '请更正代码或者单位名称。',
    'The registered code of “{name}” is {held}, not the one in this row.',
    'Correct the code or the name.',
  ),
  authority_no_duty: problem(
    '“{name}”的职责清单中没有本事项，不能作为本事项的决定机关。',
    '请核对决定机关；职责有调整的，请联系信用办更新职责清单。',
    'This item is not among the duties of “{name}”.',
    'Check the deciding authority; if its duties changed, ask the credit office to update them.',
  ),
  authority_not_yours: problem(
    '本行由“{name}”作出，报送单位是“{reporter}”；按照“谁产生、谁上传”，应由作出单位报送。',
    '请转交“{name}”报送，或者更正决定机关。',
    'The decision is of “{name}”, the reporting authority is “{reporter}”; whoever produces the information reports it.',
    'Pass the row to “{name}”, or correct the deciding authority.',
  ),
  doc_range: problem(
    '“{label}”不是单个文书号，代表多份决定。{hint}',
    '请一份决定填写一行，每行一个文书号；退回数据表中能够拆分的已逐号拆成多行，核对金额等内容后即可报送。',
    '“{label}” is not one number: it stands for several decisions. {hint}',
    'Write one row for each decision, with one number each; where it can be told, the workbook of returned rows has them split, for you to check the amounts of each.',
  ),
  annulled_before: problem(
    '文号“{value}”的信息此前已由认定单位撤销，不能以重新报送的方式恢复。',
    '撤销有误的，请认定单位在该条信息的页面写明理由后恢复；另有新的决定的，请使用新的文书号。',
    'The record “{value}” has been annulled by its authority; reporting it again does not bring it back.',
    'If it was annulled by mistake, its authority reinstates it on the record’s page, stating why; a new decision has a new number.',
  ),
  kept_out: problem(
    '文号“{value}”的{fields}此前因异议（编号{no}）成立已更正，本行仍是更正前的内容，不能以重新报送的方式改回。',
    '请按更正后的内容报送；更正有误的，请认定单位负责人在“异议处理—限制再次报送”中写明理由解除限制后再报送。',
    '{fields} of “{value}” were corrected upon objection no. {no}; this row says again what was wrong.',
    'Report the corrected values; if the correction was wrong, the head of the authority lets them in again under Objections, with a reason.',
  ),
  surplus_cells: problem(
    '本行比表头多出 {n} 个有内容的单元格，内容可能错位。',
    '请检查本行是否有多余的分隔符，对齐表头后再报送。',
    'The row has {n} filled cells more than the heading; its values may have shifted.',
    'Look for extra separators in the row and align it with the heading.',
  ),
  one_code_two_names: problem(
    '该代码在平台登记的名称是“{held}”，本行名称是“{offered}”。',
    '请核实：名称已变更或属于笔误的，可确认记入已登记的主体；代码有误的，请退回更正。',
    'The code is registered under the name “{held}”; this row says “{offered}”.',
    'Confirm: when the name changed or is a slip, accept it onto the subject held; when the code is wrong, return the row.',
  ),
  one_name_two_codes: problem(
    '“{name}”在平台登记的代码是 {held}，本行代码是 {offered}。',
    '请核实：同一主体换发代码的，可确认记入已登记的主体；并非同一主体的，请退回更正。',
    '“{name}” is registered with the code {held}; this row says {offered}.',
    'Confirm: when the same subject received a new code, accept it onto the subject held; otherwise return the row.',
  ),
  row_unreadable: problem(
    '本行在来源表中无法读取，可能含有编码损坏的文字。',
    '请在本单位系统中重新填写本行的文字，再将状态改回 0。',
    'The row cannot be read from its table; its text is perhaps damaged.',
    'Write the text of the row anew in your own system and set its status back to 0.',
  ),
  returned_by_hand: problem(
    '经人工核实退回。',
    '请核实主体名称和代码后重新报送。',
    'Returned after a check by hand.',
    'Check name and code of the subject and send the row again.',
  ),
} as const satisfies Record<string, ProblemWords>
export type ProblemCode = keyof typeof PROBLEMS

export const HINTS = {
  suggest: { zh: '可能应为 {suggest}，请核对后填写。', en: 'It may be {suggest}; check before use.' },
  none: { zh: '', en: '' },
} as const satisfies Record<string, Words>
