import type { Words } from '../../kernel/words.ts'

/** The repair guide, the page on objections, the rules and the notice. */
export {
  DECIDER_WORDS,
  REQUIRED_WORDS,
  SETTING_VALUES,
  SETTING_WORDS,
  STARTS_WORDS,
  STEP_WORDS,
} from '../../kernel/policy-words.ts'

export const GUIDE = {
  title: { zh: '信用修复指引', en: 'Repair guide' },
  lead: {
    zh: '信用主体纠正失信行为、履行相关义务后，可以依法申请终止公示失信信息。本指引由现行规则自动生成，规则变化时随之更新。',
    en: 'Whoever has corrected the conduct and performed the duties may ask that the entry stop being shown. This guide is made from the rules in force and changes with them.',
  },
  oneForm: {
    zh: '一次申请可以包含多条不同类别的信息，使用同一份申请表和同一套材料；由各认定单位分别办理，结果互认。',
    en: 'One application may hold several entries of different kinds, on one form with one set of material. Each authority decides its own, and the results are recognised by all.',
  },
  forged: {
    zh: '提供虚假材料或者承诺严重不实的，将被记入信用记录，并在规定期限内不得申请信用修复。',
    en: 'False material or a seriously untrue commitment is entered in the credit record and bars applications for the period that the rules set.',
  },
  where: { zh: '向谁申请', en: 'Where to apply' },
  of: { zh: '{item}：{subject}（{system}认定）', en: '{item}: {subject} (determined by {system})' },
  by: { zh: '{system}认定的{item}', en: '{item}, determined by {system}' },
  only: { zh: '{item}的修复指引', en: 'Guide for {item}' },
  asOf: {
    zh: '本指引依据{place}{day}有效的规则。',
    en: 'As of {day}, by the rules in force in {place}.',
  },
  made: {
    zh: '由{name}从现行规则自动生成，与申请时的核验、分派和时限使用同一套规则。',
    en: 'Made by {name} from the rules in force: the same rows by which applications are checked, routed and timed.',
  },
  class: { zh: '类别', en: 'Class' },
  otherwise: { zh: '其他情形', en: 'All other cases' },
  review: { zh: '先由信用牵头部门初审。', en: 'The credit office makes a first review.' },
  atWindow: {
    zh: '也可以到政务服务综合窗口提交，由窗口转送办理单位。',
    en: 'The common service window takes applications as well and passes them on.',
  },
  commitmentText: { zh: '信用承诺书文本', en: 'Text of the commitment' },
  afterwards: { zh: '办理之后', en: 'What follows' },
  certificate: {
    zh: '准予修复后，第三方未及时更新的，可以申请出具信用修复证明。',
    en: 'After a repair a certificate is issued on request where a third party has not updated.',
  },
  refused: {
    zh: '不予受理、不予修复的：书面说明理由；可以提出异议，也可以依法申请行政复议或者提起行政诉讼；条件具备后可以再次申请。',
    en: 'Not accepted or refused: with reasons in writing; you may object, seek reconsideration or go to court, and apply again once the conditions hold.',
  },
  objections: { zh: '异议处理说明', en: 'How to object' },
  noRoute: {
    zh: '现行规则没有规定这类信息的受理单位，请咨询作出决定的单位。',
    en: 'The rules in force name no receiver for this; ask the authority that decided.',
  },
  choose: { zh: '选择情形', en: 'Choose your case' },
  item: { zh: '信息类别', en: 'Kind of record' },
  subject: { zh: '主体类别', en: 'Kind of subject' },
  system: { zh: '认定单位', en: 'Determined by' },
  asOfDay: { zh: '规则日期', en: 'Rules of' },
  show: { zh: '查看指引', en: 'Show the guide' },
  routing: { zh: '办理分工', en: 'Who handles what' },
  reports: { zh: '信用修复月报', en: 'Monthly reports' },
  periods: { zh: '公示多久、什么时候可以申请', en: 'How long it is shown, and when you may apply' },
  conditions: { zh: '需要满足的条件', en: 'Conditions' },
  materials: { zh: '需要的材料', en: 'Material' },
  process: { zh: '办理步骤和时限', en: 'Steps and time limits' },
  online: { zh: '在线申请', en: 'Apply online' },
  onlineHelp: {
    zh: '登录后选择需要修复的信息，上传材料，签署承诺后提交。',
    en: 'Sign in, choose the entries, upload the proofs, sign the commitment and submit.',
  },
  case: { zh: '适用情形', en: 'When' },
  shortest: { zh: '最短公示期', en: 'Shortest' },
  longest: { zh: '最长公示期', en: 'Longest' },
  how: { zh: '如何停止公示', en: 'How it ends' },
  article: { zh: '条款', en: 'Article' },
  notShown: { zh: '不予公示', en: 'Not shown' },
  noMax: { zh: '未设最长期限', en: 'No longest period' },
  atOnce: { zh: '义务履行完毕即可', en: 'As soon as the duties are performed' },
  dash: { zh: '无', en: 'None' },
  noRules: { zh: '现行规则对此没有规定。', en: 'The rules in force say nothing on this.' },
  step: { zh: '步骤', en: 'Step' },
  term: { zh: '时限', en: 'Time limit' },
  workdays: { zh: '{n}个工作日', en: '{n} working days' },
  oneWorkday: { zh: '1个工作日', en: '1 working day' },
  days: { zh: '{n}日', en: '{n} days' },
  extend: { zh: '{on}的，可以延长{n}个工作日', en: 'may be extended by {n} working days where {on}' },
  extendOpen: { zh: '{on}的，可以延长', en: 'may be extended where {on}' },
  clockFrom: { zh: '公示期自{clock}起计算。', en: 'Periods run from {clock}.' },
  workdayNote: {
    zh: '工作日按照国务院公布的节假日安排计算，起算当日不计入。等待申请人补正材料的时间不计入办理时限。',
    en: 'Working days follow the holiday calendar of the State Council; the first day is not counted. Time in which the applicant adds material is not counted.',
  },
} satisfies Record<string, Words>

export const SYSTEM_WORDS: Record<string, Words> = {
  credit_china: { zh: '信用网站', en: 'Credit website' },
  necips: {
    zh: '国家企业信用信息公示系统（市场监督管理部门）',
    en: 'National Enterprise Credit Information Publicity System (market supervision)',
  },
  tax: { zh: '税务部门', en: 'Tax authorities' },
  court: { zh: '人民法院', en: 'Courts' },
  rating: { zh: '行业信用评价', en: 'Industry ratings' },
}

export const OBJECT = {
  title: { zh: '异议处理', en: 'Objections' },
  lead: {
    zh: '信用主体认为公示的信息有误，或者对不予受理、不予修复的决定有异议的，可以提出异议申诉，并提交佐证材料。不收取任何费用。',
    en: 'A subject that finds something shown to be wrong, or disagrees with a refusal to accept or to repair, may object with evidence. It is free of charge.',
  },
  grounds: { zh: '可以提出异议的情形', en: 'Grounds' },
  where: { zh: '向谁提出', en: 'Where to object' },
  whereText: {
    zh: '可以通过本平台提出，也可以直接向作出决定（认定失信信息）的单位或者通过“信用中国”网站提出。每条信息的决定机关，在该信息的详情页列明。',
    en: 'Object here, directly to the authority that made the decision, or through the Credit China website. The page of each entry names its authority.',
  },
  online: {
    zh: '信用主体登录后可以在线提出异议、上传证明材料、查看办理进度和结果；也可以到综合窗口办理。无需登录的，在该信息的公示页面选择“这不是我们，或者信息有误”反映。',
    en: 'Sign in to object online, add evidence and follow what happens, or go to the service window. Without signing in, choose “This is not us, or it is wrong” on the page of the entry.',
  },
  terms: { zh: '办理时限', en: 'Time limits' },
  shown: { zh: '核查期间是否继续公示', en: 'Is it shown meanwhile?' },
  shownText: {
    zh: '核查期间继续公示。申请行政复议或者提起行政诉讼的，除复议机关或者人民法院认定需要停止执行的以外，不暂停公示；行政处罚被依法撤销或者变更的，及时撤销或者修改公示信息。',
    en: 'It stays shown while it is verified. Reconsideration or litigation does not suspend publicity unless the reviewing body or the court stops execution; a decision that is annulled or changed is withdrawn or corrected.',
  },
} satisfies Record<string, Words>

export const RULES = {
  title: { zh: '政策法规', en: 'Law and rules' },
  lead: {
    zh: '本平台按照下列制度确定每条信息是否公示、公示多久、何时可以修复。规则以数据形式保存，每次判定都记录所用的版本和条款。',
    en: 'These instruments decide whether an entry is shown, for how long, and when it can be repaired. They are kept as dated data; every result states its version and article.',
  },
  inForce: { zh: '现行有效', en: 'In force' },
  future: { zh: '尚未施行', en: 'Not yet in force' },
  past: { zh: '已经失效（仍适用于部分历史信息）', en: 'No longer in force (still used for some earlier entries)' },
  instrument: { zh: '文件', en: 'Instrument' },
  since: { zh: '施行日期', en: 'From' },
  till: { zh: '最后有效日', en: 'Last day' },
  scope: { zh: '适用范围', en: 'Applies to' },
  local: { zh: '本地规定', en: 'Local rules' },
  localLead: { zh: '{name}在国家规定之外的安排：', en: 'What {name} sets beside the national rules:' },
  localNone: { zh: '目前没有另外的本地规定。', en: 'There are no local rules beside the national ones.' },
  values: { zh: '公示期限一览', en: 'Periods' },
  unsure: { zh: '有待进一步明确的规则', en: 'Rules that still await confirmation' },
  unsureLead: {
    zh: '下列事项，上级文件没有规定或者尚待主管部门确认。本平台采用的处理方式如下，确认后随即更新：',
    en: 'The law leaves the following open, or it awaits confirmation. This is how the platform treats it until then:',
  },
  calendar: { zh: '工作日日历', en: 'Working-day calendar' },
  calendarText: {
    zh: '已载入{years}年的节假日安排。涉及其他年份的时限先按周一至周五推算并注明“暂定”，载入后重新计算。',
    en: 'The holiday calendars of {years} are loaded. Time limits that reach into other years count Monday to Friday, are marked provisional, and are computed again.',
  },
} satisfies Record<string, Words>

export const ABOUT = {
  title: { zh: '关于本平台', en: 'About' },
  what: {
    zh: '本平台依法归集、公示公共信用信息：行政许可、行政处罚、经营异常名录、严重失信主体名单等。信息由作出决定的机关提供，谁产生、谁负责。',
    en: 'This platform collects and shows public credit information as the law provides: licences, penalties, entries on lists. The authority that decides provides the information and answers for it.',
  },
  how: {
    zh: '每条信息只在规则允许的期限内公示。公示期限届满当日的次日零时起自动停止公示；准予信用修复的，立即停止公示并通知所有共享单位。',
    en: 'Each entry is shown only as long as the rules allow. It goes by itself when the day after its last day begins; what is repaired goes at once, and everyone who holds it is told.',
  },
  persons: {
    zh: '自然人的失信信息不予公示，也不能在本平台查询；证件号码等个人信息不对外提供。',
    en: 'Dishonesty information of natural persons is neither shown nor found here; identity numbers are not given out.',
  },
  privacy: {
    zh: '浏览公示页面无需登录，本平台不记录浏览者的身份。',
    en: 'No sign-in is needed to read the public pages, and readers are not identified.',
  },
  day: { zh: '所有日期均为北京时间。', en: 'All dates are Beijing time.' },
} satisfies Record<string, Words>

export const NOTICE = {
  pdf: { zh: '下载告知书（PDF）', en: 'Download as PDF' },
  alt: { zh: '打开本信息的二维码', en: 'QR code that opens this record' },
  scan: {
    zh: '扫描二维码登录平台，可以直接打开本信息，查看最早可以申请修复的日期，符合条件时在线申请。',
    en: 'Scan the code and sign in to open this record, see from which day repair can be applied for, and apply online.',
  },
  free: { zh: '信用修复不收取任何费用。', en: 'Credit repair is free of charge.' },
  issued: { zh: '告知日期：{day}', en: 'Issued on {day}' },
  madeBy: {
    zh: '本告知书由{name}依据决定信息和下列规则生成：',
    en: 'Made by {name} from the decision and these rules:',
  },
  changed: {
    zh: '该信息在告知后有新的处理，现时状态以公示页面为准。',
    en: 'Something has happened to this entry since; its present state is on the public page.',
  },
} satisfies Record<string, Words>
