import type { Channel, PenaltyKind, RepairMode } from '../../kernel/policy.ts'
import type { Words } from '../../kernel/words.ts'

/** What the public site says. Official plain Chinese, natural English. */
export const SITE = {
  home: { zh: '首页', en: 'Home' },
  licences: { zh: '行政许可', en: 'Licences' },
  penalties: { zh: '行政处罚', en: 'Penalties' },
  abnormal: { zh: '经营异常名录', en: 'Abnormal operation' },
  serious: { zh: '严重失信主体名单', en: 'Serious violators' },
  repair: { zh: '信用修复', en: 'Credit repair' },
  objections: { zh: '异议处理', en: 'Objections' },
  policy: { zh: '政策法规', en: 'Law and rules' },
  about: { zh: '关于本平台', en: 'About' },
  verify: { zh: '文书查验', en: 'Verify a paper' },
  mainMenu: { zh: '主导航', en: 'Main menu' },
  signIn: { zh: '登录', en: 'Sign in' },
  skip: { zh: '跳到正文', en: 'Skip to content' },
  asOf: { zh: '数据截至：', en: 'As of ' },
  free: {
    zh: '信用修复和异议处理不收取任何费用，请勿轻信任何收费代办。',
    en: 'Credit repair and objections are free of charge. Do not trust anyone who asks for a fee.',
  },
  neutral: {
    zh: '本平台依法公示公共信用信息，不对信用主体作价值评判；自然人的失信信息不予公示。',
    en: 'This platform shows public credit information as the law provides and makes no judgment of its own. Dishonesty information of natural persons is not shown.',
  },
  searchLabel: { zh: '企业名称或者统一社会信用代码', en: 'Company name or unified social credit code' },
  searchDo: { zh: '查询', en: 'Search' },
  searchHint: {
    zh: '可输入名称的任意部分，或者18位统一社会信用代码。请勿输入身份证件号码。',
    en: 'Enter any part of a name, or an 18-character code. Do not enter identity card numbers.',
  },
  next: { zh: '下一页', en: 'Next page' },
  first: { zh: '回到第一页', en: 'Back to the first page' },
  until: { zh: '公示至', en: 'shown through' },
} satisfies Record<string, Words>

export const HOME = {
  lead: {
    zh: '依法查询企业、事业单位、社会组织和个体工商户的公共信用信息。',
    en: 'Look up the public credit information of companies, institutions, social organisations and individual businesses.',
  },
  counters: { zh: '公示概况', en: 'What is shown' },
  subjects: { zh: '信用主体', en: 'subjects on file' },
  licences: { zh: '公示中的行政许可', en: 'licences shown' },
  penalties: { zh: '公示中的行政处罚', en: 'penalties shown' },
  serious: { zh: '列入严重失信主体名单', en: 'serious-violator entries' },
  abnormal: { zh: '公示中的经营异常名录', en: 'abnormal-operation entries' },
  atLeast: { zh: '以上', en: '+' },
  newestLicences: { zh: '最新行政许可', en: 'Newest licences' },
  newestPenalties: { zh: '最新行政处罚', en: 'Newest penalties' },
  columns: { zh: '专栏', en: 'Columns' },
  allLicences: { zh: '查看全部行政许可', en: 'All licences' },
  allPenalties: { zh: '查看全部行政处罚', en: 'All penalties' },
  none: { zh: '目前没有公示中的信息。', en: 'Nothing is shown at present.' },
  abnormalLead: {
    zh: '查看目前公示的列入经营异常名录信息。',
    en: 'Entries on the list of abnormal operations that are shown now.',
  },
  seriousLead: {
    zh: '查看目前公示的列入严重失信主体名单信息。',
    en: 'Entries on serious-violator lists that are shown now.',
  },
  repairLead: {
    zh: '什么时候可以申请、需要哪些材料、多少个工作日办结。',
    en: 'When you may apply, what to bring, and how many working days it takes.',
  },
  objectionsLead: {
    zh: '认为公示信息有误、重复或者超期的，可以提出异议。',
    en: 'What to do when something shown is wrong, shown twice or shown for too long.',
  },
  policyLead: {
    zh: '现行有效的制度依据、公示期限和本地规定。',
    en: 'The instruments in force, the periods they set and the local rules.',
  },
  signInLead: {
    zh: '企业登录后可查看本单位信息、申请信用修复。',
    en: 'Companies sign in to see their own file and to apply for repair.',
  },
  workbench: { zh: '企业服务', en: 'For companies' },
} satisfies Record<string, Words>

export const SEARCH = {
  title: { zh: '信用信息查询', en: 'Search' },
  results: { zh: '查询结果', en: 'Results' },
  empty: { zh: '请输入名称或者统一社会信用代码。', en: 'Please enter a name or a unified social credit code.' },
  person: {
    zh: '本平台不提供自然人信息查询。请勿在查询框输入身份证件号码；您输入的内容未被保存。',
    en: 'Natural persons cannot be looked up here. Please do not enter identity numbers; what you entered has not been kept.',
  },
  tooLong: {
    zh: '输入内容过长，请输入不超过100个字的名称。',
    en: 'That is too long. Please enter a name of at most 100 characters.',
  },
  cursor: { zh: '页码已失效，请重新查询。', en: 'This page link is no longer valid. Please search again.' },
  badCode: {
    zh: '您输入的像是统一社会信用代码，但校验未通过。请核对营业执照上的18位代码。',
    en: 'This looks like a unified social credit code, but its check character does not match. Please compare it with the business licence.',
  },
  none: { zh: '没有查询到相符的信用主体。', en: 'No subject was found.' },
  noneHelp: {
    zh: '请核对名称用字，或者减少字数后重试，也可以输入营业执照上的18位统一社会信用代码。没有查询到，不代表该主体不存在或者没有信用信息。',
    en: 'Check the characters, try fewer of them, or enter the 18-character code on the business licence. Finding nothing does not mean that the subject does not exist.',
  },
  noSubject: { zh: '没有查询到该信用主体', en: 'No such subject' },
  noSubjectHelp: {
    zh: '请核对统一社会信用代码，或者按名称重新查询。',
    en: 'Please check the code, or search by name.',
  },
} satisfies Record<string, Words>

export const SUBJECT = {
  otherCode: {
    zh: '按代码{asked}查询到的是本主体，现统一社会信用代码（或者登记号）为{code}。',
    en: 'The code {asked} leads to this subject, which is registered as {code}.',
  },
  declared: { zh: '自主申报信息', en: 'Declared by the subject itself' },
  declaredHelp: {
    zh: '以下信息由信用主体自主申报并承诺真实，不是行政机关认定的信息；是否经过核验以标识为准。',
    en: 'The subject declared this itself and committed to its truth; it is no decision of an authority. Each entry says whether it was verified.',
  },
  declaredKind: { zh: '种类', en: 'Kind' },
  declaredIssuer: { zh: '颁发或者认定单位', en: 'Issued by' },
  declaredNo: { zh: '编号', en: 'Number' },
  declaredOn: { zh: '颁发日期', en: 'Issued on' },
  declaredTo: { zh: '有效期至', en: 'Valid to' },
  declaredBy: { zh: '核验单位', en: 'Verified by' },
  kind: { zh: '主体类别', en: 'Kind' },
  status: { zh: '登记状态', en: 'Status' },
  division: { zh: '所属地区', en: 'District' },
  licencesNone: { zh: '目前没有公示中的行政许可信息。', en: 'No licences are shown at present.' },
  adverse: { zh: '失信信息', en: 'Adverse information' },
  adverseNone: {
    zh: '目前本平台没有公示该主体的失信信息。',
    en: 'No adverse information about this subject is shown here at present.',
  },
  otherSite: {
    zh: '仅在国家企业信用信息公示系统公示的信息不在本页展示，请到该系统查询。',
    en: 'What is shown only on the National Enterprise Credit Information Publicity System is not on this page; please look there.',
  },
  deregistered: {
    zh: '该主体已经注销。登记机关依照规定停止公示其相关信息。',
    en: 'This subject has been deregistered. Its information stops being shown as the rules provide.',
  },
  revoked: { zh: '该主体已被吊销营业执照。', en: 'The business licence of this subject has been revoked.' },
  disputed: { zh: '异议处理中', en: 'Under objection' },
  disputedNote: {
    zh: '该信息已有异议申请，正在核查；核查期间依照规定继续公示。',
    en: 'An objection to this entry is being verified. It stays shown meanwhile, as the rules provide.',
  },
  others: { zh: '其他公开信息', en: 'Other public information' },
  moreShown: { zh: '后面的许可和其他公开信息', en: 'More licences and other information' },
  moreLicences: { zh: '后面的行政许可', en: 'More licences' },
  moreAdverse: { zh: '后面的失信信息', en: 'More adverse information' },
  back: { zh: '返回主体信息', en: 'Back to the subject' },
  mine: { zh: '这是您的单位？', en: 'Is this your company?' },
  mineHelp: {
    zh: '登录后可以申请信用修复并查看办理进度；认为信息有误的，可以提出异议。',
    en: 'Sign in to apply for repair and follow it. If something is wrong, you may object.',
  },
} satisfies Record<string, Words>

export const RECORD = {
  docNo: { zh: '文书号', en: 'Document number' },
  docName: { zh: '文书名称', en: 'Document' },
  itemKind: { zh: '信息类别', en: 'Kind of information' },
  title: { zh: '名称', en: 'Title' },
  number: { zh: '编号', en: 'Number' },
  unit: { zh: '单位', en: 'Authority' },
  on: { zh: '日期', en: 'Day' },
  authority: { zh: '决定机关', en: 'Authority' },
  decidedOn: { zh: '决定日期', en: 'Decided on' },
  validity: { zh: '有效期', en: 'Valid' },
  content: { zh: '许可内容', en: 'Content' },
  why: { zh: '为什么公示', en: 'Why it is shown' },
  where: { zh: '在哪里公示、公示到什么时候', en: 'Where it is shown, and until when' },
  howRepair: { zh: '信用修复', en: 'Repair' },
  ownSite: { zh: '信用网站（本平台）', en: 'Credit website (this platform)' },
  necips: { zh: '国家企业信用信息公示系统', en: 'National Enterprise Credit Information Publicity System' },
  full: { zh: '公示内容', en: 'What is shown' },
  open: { zh: '查看完整内容和规则说明', en: 'Full content and rules' },
  rule: { zh: '适用规则', en: 'Rules applied' },
  ruleSince: { zh: '自{day}起施行', en: 'in force since {day}' },
  article: { zh: '条款', en: 'Article' },
  classed: { zh: '类别', en: 'Class' },
  shownSince: { zh: '自{from}起公示。', en: 'Shown since {from}.' },
  shownFrom: { zh: '将自{from}起公示。', en: 'Will be shown from {from}.' },
  lastDay: { zh: '公示至{last}，次日起自动停止公示。', en: 'Shown through {last}; gone by itself the day after.' },
  noMaximum: {
    zh: '未设最长公示期，经移出或者信用修复后停止公示。',
    en: 'There is no longest period; it stops once it is removed or repaired.',
  },
  notThere: { zh: '不在该系统公示。', en: 'Not shown there.' },
  ended: { zh: '已停止公示。', en: 'No longer shown.' },
  basis: { zh: '依据：', en: 'Basis: ' },
  unsure: { zh: '该规则待主管部门进一步明确。', en: 'This rule still awaits confirmation by the competent authority.' },
  applyNow: {
    zh: '自{day}起可以申请信用修复，现在已可申请。',
    en: 'Repair may be applied for since {day}; you can apply now.',
  },
  applyFrom: { zh: '自{day}起可以申请信用修复。', en: 'Repair may be applied for from {day}.' },
  automatic: {
    zh: '期满自动停止公示，无需申请信用修复。',
    en: 'It stops by itself at the end of the period; no application is needed.',
  },
  fixed: {
    zh: '公示期届满前不得提前终止公示，因此不能申请信用修复。',
    en: 'It may not be ended before its period is over, so repair cannot be applied for.',
  },
  noRepair: { zh: '无需信用修复。', en: 'Nothing needs repair.' },
  receiver: { zh: '受理渠道：{receiver}。', en: 'Where to apply: {receiver}.' },
  guide: { zh: '查看信用修复指引', en: 'Read the repair guide' },
  clock: { zh: '公示期自{day}（{clock}）起计算。', en: 'The period runs from {day}, {clock}.' },
} satisfies Record<string, Words>

export const CLOCK_WORDS: Record<string, Words> = {
  decided_on: { zh: '决定文书作出之日', en: 'the day of the decision' },
  published_on: { zh: '公示之日', en: 'the day of publication' },
}

export const LIST = {
  licences: { zh: '行政许可公示', en: 'Licences shown now' },
  penalties: { zh: '行政处罚公示', en: 'Penalties shown now' },
  abnormal: { zh: '经营异常名录公示', en: 'Abnormal-operation entries shown now' },
  serious: { zh: '严重失信主体名单公示', en: 'Serious-violator entries shown now' },
  filter: { zh: '按地区筛选', en: 'District' },
  everywhere: { zh: '全部地区', en: 'All districts' },
  apply: { zh: '筛选', en: 'Filter' },
  lead: {
    zh: '按决定日期从新到旧排列，仅列出今日仍在公示的信息。',
    en: 'Newest decision first. Only what is still shown today is listed.',
  },
  none: { zh: '目前没有符合条件的公示信息。', en: 'Nothing is shown that matches.' },
  noneHelp: {
    zh: '可以选择其他地区，或者按名称查询。公示期届满、已经修复的信息不再列出。',
    en: 'Choose another district, or search by name. What has expired or been repaired is not listed.',
  },
  abnormalNone: {
    zh: '依照现行规定，列入经营异常名录的信息在信用网站原则上不予公示。需要查询的，请到国家企业信用信息公示系统。',
    en: 'Under the rules in force, abnormal-operation entries are in principle not shown on the credit website. Please look on the National Enterprise Credit Information Publicity System.',
  },
} satisfies Record<string, Words>

/** The literal under which an individual business without a trade name is shown (national data standard). */
export const UNNAMED_BUSINESS: Words = { zh: '个体工商户', en: 'Individual business (no trade name)' }

export const CHANNEL_NAMES: Record<Channel, Words> = { credit_china: RECORD.ownSite, necips: RECORD.necips }
export const REPAIR_MODE_WORDS: Record<RepairMode, Words> = {
  apply: { zh: '可以申请修复', en: 'On application' },
  automatic: { zh: '期满自动停止公示', en: 'Ends by itself' },
  fixed: { zh: '不得提前终止公示', en: 'No early end' },
  none: { zh: '无需修复', en: 'Nothing to repair' },
}

export const PENALTY_WORDS: Record<PenaltyKind, Words> = {
  warning: { zh: '警告', en: 'warning' },
  criticism: { zh: '通报批评', en: 'public criticism' },
  fine: { zh: '罚款', en: 'fine' },
  confiscate_gains: { zh: '没收违法所得', en: 'confiscation of unlawful gains' },
  confiscate_property: { zh: '没收非法财物', en: 'confiscation of unlawful property' },
  suspend_licence: { zh: '暂扣许可证件', en: 'suspension of a licence' },
  downgrade: { zh: '降低资质等级', en: 'downgrading of a qualification' },
  revoke_licence: { zh: '吊销许可证件', en: 'revocation of a licence' },
  revoke_business_licence: { zh: '吊销营业执照', en: 'revocation of the business licence' },
  restrict_business: { zh: '限制开展生产经营活动', en: 'restriction of business' },
  suspend_business: { zh: '责令停产停业', en: 'order to suspend business' },
  close_down: { zh: '责令关闭', en: 'order to close down' },
  restrict_employment: { zh: '限制从业', en: 'restriction of employment' },
  detention: { zh: '行政拘留', en: 'administrative detention' },
  other: { zh: '其他', en: 'other' },
}

/** Facts that rules look at, said in words. What is not named here is not shown. */
export const INPUT_WORDS: Record<string, Words> = {
  item: { zh: '信息类别', en: 'Kind of information' },
  system: { zh: '认定单位所属系统', en: 'System of the authority' },
  subjectKind: { zh: '主体类别', en: 'Kind of subject' },
  decidedOn: { zh: '决定日期', en: 'Decided on' },
  publishedOn: { zh: '公示日期', en: 'Published on' },
  procedure: { zh: '处罚程序', en: 'Procedure' },
  penaltyKinds: { zh: '处罚种类', en: 'Kinds of penalty' },
  fineYuan: { zh: '罚款金额', en: 'Fine' },
  discretion: { zh: '裁量档次', en: 'Discretion' },
  field: { zh: '行业领域', en: 'Field' },
  fineTier: { zh: '罚款数额档次', en: 'Tier of the fine' },
  sectorClass: { zh: '行业分类', en: "Sector's own class" },
  minorPublished: { zh: '行业主管部门认为确有必要公示', en: 'Sector authority finds publication necessary' },
  termEndsOn: { zh: '处罚期限截止', en: 'Penalty term ends' },
  list: { zh: '名单', en: 'List' },
  listCause: { zh: '列入原因', en: 'Cause of listing' },
  repeatOffender: { zh: '屡禁不止、屡罚不改', en: 'Repeated offender' },
  min: { zh: '最短公示期', en: 'Shortest period' },
  max: { zh: '最长公示期', en: 'Longest period' },
}
export const VALUE_WORDS: Record<string, Record<string, Words>> = {
  system: {
    emergency: { zh: '应急管理部门', en: 'emergency management' },
    fire: { zh: '消防救援机构', en: 'fire and rescue' },
    ecology: { zh: '生态环境部门', en: 'ecology and environment' },
    transport: { zh: '交通运输部门', en: 'transport' },
    construction: { zh: '住房城乡建设部门', en: 'housing and construction' },
    human_resources: { zh: '人力资源社会保障部门', en: 'human resources' },
    civil_affairs: { zh: '民政部门', en: 'civil affairs' },
    customs: { zh: '海关', en: 'customs' },
    statistics: { zh: '统计部门', en: 'statistics' },
    culture: { zh: '文化和旅游部门', en: 'culture and tourism' },
    health: { zh: '卫生健康部门', en: 'health' },
    public_security: { zh: '公安机关', en: 'public security' },
    natural_resources: { zh: '自然资源部门', en: 'natural resources' },
    agriculture: { zh: '农业农村部门', en: 'agriculture' },
    water: { zh: '水行政部门', en: 'water' },
    urban_management: { zh: '城市管理部门', en: 'urban management' },
    finance: { zh: '财政部门', en: 'finance' },
    education: { zh: '教育部门', en: 'education' },
    energy: { zh: '能源部门', en: 'energy' },
    other: { zh: '其他机关', en: 'other' },
    general: { zh: '一般行政机关', en: 'general administration' },
    market_supervision: { zh: '市场监督管理部门', en: 'market supervision' },
    tax: { zh: '税务部门', en: 'tax' },
    court: { zh: '人民法院', en: 'courts' },
  },
  procedure: {
    summary: { zh: '简易程序', en: 'summary' },
    ordinary: { zh: '普通程序', en: 'ordinary' },
  },
  discretion: {
    reduced: { zh: '减轻处罚', en: 'reduced' },
    lighter: { zh: '从轻处罚', en: 'lighter' },
    ordinary: { zh: '一般处罚', en: 'ordinary' },
    heavier: { zh: '从重处罚', en: 'heavier' },
  },
  fineTier: {
    small: { zh: '较小数额', en: 'smaller' },
    large: { zh: '较大数额', en: 'larger' },
    huge: { zh: '巨额', en: 'huge' },
  },
  sectorClass: {
    minor: { zh: '轻微', en: 'minor' },
    general: { zh: '一般', en: 'general' },
    serious: { zh: '严重', en: 'serious' },
  },
}
export const YES: Words = { zh: '是', en: 'yes' }
export const NO: Words = { zh: '否', en: 'no' }

export const ERRORS: Record<number, { title: Words; help: Words }> = {
  400: {
    title: { zh: '您输入的内容有误', en: 'Something in the address is not right' },
    help: {
      zh: '请检查后重试，或者回到首页重新查询。',
      en: 'Please check it and try again, or start from the home page.',
    },
  },
  401: {
    title: { zh: '请先登录', en: 'Please sign in' },
    help: { zh: '该页面仅供登录后使用。', en: 'This page is for those who have signed in.' },
  },
  403: {
    title: { zh: '您无权查看该页面', en: 'You may not see this page' },
    help: {
      zh: '该页面仅供有权限的用户查看。如为本单位信息，请使用已获授权的账号登录。',
      en: 'Only those who are entitled to it can see this page. If it is about your company, sign in with the account that acts for it.',
    },
  },
  404: {
    title: { zh: '没有找到该页面', en: 'Page not found' },
    help: {
      zh: '地址可能有误，或者该信息已停止公示。请回到首页重新查询。',
      en: 'The address may be wrong, or the information is no longer shown. Please start from the home page.',
    },
  },
  413: {
    title: { zh: '提交的内容过大', en: 'What you sent is too large' },
    help: { zh: '请减少内容后重试。', en: 'Please send less and try again.' },
  },
  429: {
    title: { zh: '访问过于频繁', en: 'Too many requests' },
    help: { zh: '请稍后再试。', en: 'Please try again in a little while.' },
  },
  500: {
    title: { zh: '系统暂时无法提供服务', en: 'The service is not available just now' },
    help: {
      zh: '请稍后再试。如多次出现，请联系平台运行单位。',
      en: 'Please try again later. If it happens again, tell the operator of the platform.',
    },
  },
  503: {
    title: { zh: '系统正在维护', en: 'Under maintenance' },
    help: { zh: '请稍后再试。', en: 'Please try again later.' },
  },
}

/** The public catalog. */
export const CATALOG = {
  title: { zh: '公共信用信息目录', en: 'Catalog of public credit information' },
  lead: {
    zh: '目录以外的信息不归集。失信（不利）信息须有法律、法规或者党中央、国务院政策文件依据，依规则公示；规则没有规定公示的，不公示。',
    en: 'Nothing outside the catalog is collected. Adverse information needs a basis in law and is shown only where a rule provides for it.',
  },
  asOf: { zh: '目录版本日期：', en: 'As in force on ' },
  item: { zh: '事项', en: 'Item' },
  basis: { zh: '依据', en: 'Basis' },
  term: { zh: '报送时限', en: 'Reporting term' },
  sharing: { zh: '共享属性', en: 'Sharing' },
  publicity: { zh: '公开属性', en: 'Publicity' },
  duty: { zh: '责任单位', en: 'Responsible' },
  adverse: { zh: '失信（不利）信息', en: 'Adverse' },
  see: { zh: '查看公共信用信息目录', en: 'See the catalog' },
} as const satisfies Record<string, Words>

/** What a record is, in one sentence. */
export const WHAT: Record<string, Words> = {
  licence: {
    zh: '{day}，{authority}作出行政许可决定（文号：{docNo}）。',
    en: 'On {day} {authority} granted a licence (document {docNo}).',
  },
  penalty: {
    zh: '{day}，{authority}作出行政处罚决定（文号：{docNo}）。',
    en: 'On {day} {authority} decided a penalty (document {docNo}).',
  },
  abnormal_list: {
    zh: '{day}，{authority}将其列入经营异常名录（文号：{docNo}）。',
    en: 'On {day} {authority} entered it on the list of abnormal operations (document {docNo}).',
  },
  serious_list: {
    zh: '{day}，{authority}将其列入严重失信主体名单（文号：{docNo}）。',
    en: 'On {day} {authority} entered it on a serious-violator list (document {docNo}).',
  },
  /** Neither a decision against anybody nor a licence: a registration, an honour, a commitment. */
  neutral: {
    zh: '{day}，{authority}登记（认定）该信息（编号：{docNo}）。',
    en: 'On {day} {authority} registered or found this (number {docNo}).',
  },
  other: {
    zh: '{day}，{authority}作出决定（文号：{docNo}）。',
    en: 'On {day} {authority} decided it (document {docNo}).',
  },
}
/** 至 / to, between two days. */
export const SPAN: Words = { zh: '{from}至{to}', en: '{from} to {to}' }
export const LONG_TERM: Words = { zh: '自{from}起长期有效', en: 'from {from}, without an end' }
