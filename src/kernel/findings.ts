import type { Words } from './words.ts'

/** What is wrong with a file, as the schema says it and as an official reads it. `{n}` stands for what was captured. */
const SAID: [RegExp, Words][] = [
  [/^is missing$/, { zh: '缺少此项', en: 'is missing' }],
  [/^no such key here: (.+)$/, { zh: '没有名为“{1}”的项目', en: 'there is no entry called {1} here' }],
  [/^must be one of: (.+)$/, { zh: '只能取：{1}', en: 'must be one of: {1}' }],
  [
    /^not readable as YAML: (.+)$/,
    { zh: '不是有效的 YAML，请检查缩进、冒号和引号（{1}）', en: 'not readable as YAML: {1}' },
  ],
  [
    /^the file holds no entries that can be read$/,
    { zh: '文件中没有可以读取的内容', en: 'the file holds no entries that can be read' },
  ],
  [/^must be catalog$/, { zh: 'kind 应为 catalog', en: 'kind must be catalog' }],
  [/^must be a calendar day such as (.+)$/, { zh: '应为日期，如 {1}', en: 'must be a calendar day such as {1}' }],
  [/^must be a period such as (.+)$/, { zh: '应为期限，如 {1}', en: 'must be a period such as {1}' }],
  [
    /^must be a code of small letters, digits and _$/,
    { zh: '应由小写字母、数字和下划线组成', en: 'must be a code of small letters, digits and _' },
  ],
  [
    /^must be an id of .+$/,
    { zh: '编号只能用小写字母、数字和 - _ . /', en: 'must be an id of small letters, digits, - _ . and /' },
  ],
  [
    /^must be a field code such as (.+)$/,
    { zh: '字段代码应由大写字母、数字和下划线组成，如 {1}', en: 'must be a field code such as {1}' },
  ],
  [/^must be two to four capitals$/, { zh: '应为二至四个大写字母', en: 'must be two to four capitals' }],
  [
    /^there is no field group (\S+); there are (.+)$/,
    { zh: '没有名为“{1}”的字段组，可用的有：{2}', en: 'there is no field group {1}; there are {2}' },
  ],
  [/^the group (\S+) has no field (\S+)$/, { zh: '字段组“{1}”没有字段“{2}”', en: 'the group {1} has no field {2}' }],
  [
    /^the group (\S+) needs the prefix of the item$/,
    { zh: '引用字段组“{1}”的事项须写明 prefix', en: 'the group {1} needs the prefix of the item' },
  ],
  [
    /^adverse information needs its legal basis: instrument and article$/,
    {
      zh: '失信信息（不利信息）必须写明法律依据：文件和条款',
      en: 'adverse information needs its legal basis: instrument and article',
    },
  ],
  [
    /^adverse information stands only on .+$/,
    {
      zh: '失信信息（不利信息）的依据只能是法律、法规、司法解释或者党中央、国务院政策文件',
      en: 'adverse information stands only on a law, a regulation, a judicial interpretation or a document of the Party Centre or the State Council',
    },
  ],
  [
    /^adverse information is shown only by rule$/,
    { zh: '失信信息的公示只能依规则（by_rule）', en: 'adverse information is shown only by rule' },
  ],
  [/^a record needs the field (\S+)$/, { zh: '缺少主体字段“{1}”', en: 'a record needs the field {1}' }],
  [
    /^a record needs a code of its subject: .+$/,
    { zh: '缺少主体代码字段（uscc 或 person_id）', en: 'a record needs a code of its subject: uscc or person_id' },
  ],
  [
    /^(\S+) is not a date among the fields$/,
    { zh: '“{1}”不是本事项的日期字段', en: '{1} is not a date among the fields' },
  ],
  [
    /^the day from which the reporting term runs must be required$/,
    { zh: '报送时限的起算日字段应为必填', en: 'the day from which the reporting term runs must be required' },
  ],
  [
    /^(\S+) identifies the record and must be required$/,
    { zh: '“{1}”用于识别记录，应为必填', en: '{1} identifies the record and must be required' },
  ],
  [
    /^(\S+) is secret and cannot identify a record$/,
    { zh: '“{1}”加密保存，不能用于识别记录', en: '{1} is secret and cannot identify a record' },
  ],
  [/^no field has the key (\S+)$/, { zh: '没有键为“{1}”的字段', en: 'no field has the key {1}' }],
  [
    /^the heading (.+) already belongs to (\S+)$/,
    { zh: '表头“{1}”已属于字段“{2}”', en: 'the heading {1} already belongs to {2}' },
  ],
  [/^two fields have this key$/, { zh: '两个字段用了同一个键', en: 'two fields have this key' }],
  [/^a secret field cannot be public$/, { zh: '加密字段不能公示', en: 'a secret field cannot be public' }],
  [
    /^a number of a person must be secret$/,
    { zh: '个人证件号码必须加密（secret）', en: 'a number of a person must be secret' },
  ],
  [/^is a choice without choices$/, { zh: '选择项没有列出可选取值', en: 'is a choice without choices' }],
  [
    /^is marked unsure without a note.*$/,
    {
      zh: '标为待确认（unsure）的，应以 note 说明待确认什么',
      en: 'is marked unsure without a note that says what is open',
    },
  ],
  [/^there is no check (\S+)$/, { zh: '没有名为“{1}”的核对规则', en: 'there is no check {1}' }],
  [
    /^valid_to (\S+) lies before valid_from (\S+)$/,
    { zh: '失效日期 {1} 早于生效日期 {2}', en: 'valid_to {1} lies before valid_from {2}' },
  ],
  [/^another item has this id$/, { zh: '已有其他事项使用这个编号', en: 'another item has this id' }],
  [/^the file holds no rows$/, { zh: '文件中没有规则行', en: 'the file holds no rows' }],
  [
    /^no version called (\S+) is in force on (\S+); there are (.+)$/,
    {
      zh: '{2} 没有名为“{1}”的施行中的规则版本，可用的有：{3}',
      en: 'no version called {1} is in force on {2}; there are {3}',
    },
  ],
  [
    /^begins on (\S+), after the day of the change$/,
    {
      zh: '起始日期 {1} 晚于施行日期，请改为施行日期或者删去',
      en: 'begins on {1}, after the day of the change; leave the day out',
    },
  ],
  [/^no setting is called (\S+)$/, { zh: '没有名为“{1}”的开关', en: 'no setting is called {1}' }],
  [/^not a value that (\S+) may have$/, { zh: '不是“{1}”可以取的值', en: 'not a value that {1} may have' }],
  [/^no (\S+) is called (\S+)$/, { zh: '代码表（{1}）中没有“{2}”', en: 'no {1} is called {2}' }],
  [
    /^min (\S+) is longer than max (\S+)$/,
    { zh: '最短公示期 {1} 长于最长公示期 {2}', en: 'the shortest period {1} is longer than the longest, {2}' },
  ],
  [
    /^ends by itself but names no max$/,
    { zh: '期满自动停止的，应写明最长期限（max）', en: 'ends by itself but names no max' },
  ],
  [
    /^names a min though no application is possible$/,
    { zh: '不能申请修复的，不应写最短期限（min）', en: 'names a min though no application is possible' },
  ],
  [
    /^unless_all_meet names (\S+), which is not a row of this file$/,
    {
      zh: 'unless_all_meet 所指的“{1}”不是这一版本的规则行',
      en: 'unless_all_meet names {1}, which is not a row of this version',
    },
  ],
  [
    /^names more than one of workdays, days and period$/,
    {
      zh: '工作日（workdays）、日（days）、期间（period）只能写一种',
      en: 'names more than one of workdays, days and period',
    },
  ],
  [
    /^does not say which known fact answers$/,
    { zh: '应以 known 写明依据哪一事实判断', en: 'does not say which known fact answers' },
  ],
  [/^does not say for which modes$/, { zh: '应以 modes 写明适用于哪些方式', en: 'does not say for which modes' }],
  [
    /^the same id is already in force on these days at (.+)$/,
    {
      zh: '同一编号的规则行在这些日期已经施行（{1}）',
      en: 'a row with this id is already in force on these days ({1})',
    },
  ],
  [
    /^two versions of (\S+) are in force on the same day; the other is (\S+)$/,
    {
      zh: '“{1}”在同一天有两个版本施行，另一个是“{2}”',
      en: 'two versions of {1} would be in force on one day; the other is {2}',
    },
  ],
  [/^must be an? (.+)$/, { zh: '应为：{1}', en: 'must be a {1}' }],
  [/^too small: .+$/, { zh: '不能为空', en: 'must not be empty' }],
  [/^invalid input: expected (\S+), received (\S+)$/, { zh: '类型不对（应为 {1}）', en: 'must be of the kind {1}' }],
]
const filled = (text: string, hit: RegExpExecArray): string =>
  text.replace(/\{(\d)\}/g, (_, n: string) => hit[Number(n)] ?? '')

/** A finding of the schema in both languages; what has no words of its own is given as the schema says it. */
export const findingWords = (message: string): Words => {
  for (const [pattern, words] of SAID) {
    const hit = pattern.exec(message)
    if (hit) return { zh: filled(words.zh, hit), en: filled(words.en, hit) }
  }
  return { zh: `不符合规则文件的格式：${message}`, en: message }
}
