/**
 * The demonstration: one invented district. Everything comes from one seed, so that two first starts on the same day
 * show the same companies. Names say that they are invented; codes carry true check digits and belong to nobody known.
 */
import { usccCheckDigit } from '../kernel/codes.ts'
import type { Role } from '../kernel/roles.ts'

export type Random = {
  int: (below: number) => number
  pick: <T>(of: readonly T[]) => T
  chance: (p: number) => boolean
}

/** mulberry32: small, fast, the same everywhere. */
export const randomFrom = (seed: number): Random => {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number) => Math.floor(next() * below)
  return { int, pick: (of) => of[int(of.length)]!, chance: (p) => next() < p }
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
const value36 = (c: string) => (c >= 'A' ? c.charCodeAt(0) - 55 : Number(c))
const orgCheck = (eight: string): string => {
  const sum = Array.from(eight).reduce((s, c, i) => s + value36(c) * ORG_WEIGHTS[i]!, 0)
  const rest = 11 - (sum % 11)
  return rest === 10 ? 'X' : rest === 11 ? '0' : String(rest)
}

/** A unified code with true check digits: category, division, an organisation code in a range that starts with `MADM`. */
export const codeOf = (category: string, division: string, n: number): string => {
  let tail = ''
  for (let i = 0, rest = n; i < 4; i++) {
    tail = ALPHABET[rest % 31]! + tail
    rest = Math.floor(rest / 31)
  }
  const body = `MADM${tail}`
  const first17 = `${category}${division}${body}${orgCheck(body)}`
  return `${first17}${usccCheckDigit(first17)}`
}

const CHARACTERS = Array.from('云岫青禾星垂明溪远山知夏松风映雪听澜初晴若水长歌晚舟拾光朝露南枝北辰锦瑟清欢')
const TRADES = [
  { word: '餐饮管理有限公司', field: '食品' },
  { word: '食品有限公司', field: '食品' },
  { word: '医疗器械有限公司', field: '医疗器械' },
  { word: '化妆品有限公司', field: '化妆品' },
  { word: '建筑工程有限公司', field: '工程建设' },
  { word: '环保科技有限公司', field: '生态环境' },
  { word: '物流有限公司', field: '交通运输' },
  { word: '文化传媒有限公司', field: '文化旅游' },
  { word: '信息技术有限公司', field: '其他' },
  { word: '商贸有限公司', field: '其他' },
  { word: '机电设备有限公司', field: '特种设备' },
  { word: '教育咨询有限公司', field: '其他' },
] as const

/** Where the invented district lies: one for each jurisdiction that the platform can be started with. */
export type Scene = {
  division: string
  city: string
  place: string
  word: string
  cityCode: string
  cityName: string
  province: string
  provinceName: string
}
const SCENES: Record<string, Scene> = {
  '440100': {
    division: '440106',
    city: '广州',
    place: '天河区',
    word: '穗天',
    cityCode: '440100',
    cityName: '广州市',
    province: '440000',
    provinceName: '广东省',
  },
  '510000': {
    division: '510100',
    city: '成都',
    place: '成都市',
    word: '蓉',
    cityCode: '510100',
    cityName: '成都市',
    province: '510000',
    provinceName: '四川省',
  },
  '610900': {
    division: '610902',
    city: '安康',
    place: '汉滨区',
    word: '安汉',
    cityCode: '610900',
    cityName: '安康市',
    province: '610000',
    provinceName: '陕西省',
  },
  '130000': {
    division: '130100',
    city: '石家庄',
    place: '石家庄市',
    word: '石',
    cityCode: '130100',
    cityName: '石家庄市',
    province: '130000',
    provinceName: '河北省',
  },
}
/** A pack without a scene of its own plays in Guangzhou. */
export const sceneOf = (jurisdiction: string): Scene => SCENES[jurisdiction] ?? SCENES['440100']!

export type DemoSubject = { name: string; code: string; category: string; trade: string; field: string; legal: string }
const SURNAMES = Array.from('赵钱孙李周吴郑王冯陈')

/** About 2,000: companies, individual businesses, institutions, social organisations. The first few have a part to play. */
export const subjectsOf = (random: Random, { division, city, place }: Scene, count: number): DemoSubject[] => {
  const seen = new Set<string>()
  const subjects: DemoSubject[] = []
  const special = [`${city}虚构云岫餐饮管理有限公司`, `${city}虚构𠮷祥食品有限公司`, `${city}虚构青禾食品有限公司`]
  for (let n = 0; subjects.length < count; n++) {
    const r = subjects.length % 40
    const category = r < 34 ? '91' : r < 38 ? '92' : r === 38 ? '52' : '12'
    const trade = random.pick(TRADES)
    const [a, b, c] = [random.pick(CHARACTERS), random.pick(CHARACTERS), random.pick(CHARACTERS)]
    const kind =
      category === '91' ? trade.word : category === '92' ? '小吃店' : category === '52' ? '社会服务中心' : '公共服务站'
    const name =
      special[subjects.length] ??
      (category === '92' ? `${place}虚构${a}${b}${c}${kind}` : `${city}虚构${a}${b}${c}${kind}`)
    if (seen.has(name)) continue
    seen.add(name)
    const field = special[subjects.length] ? '食品' : trade.field
    subjects.push({
      name,
      code: codeOf(category, division, n + 1),
      category,
      trade: kind,
      field: category === '92' ? '食品' : field,
      legal: `${random.pick(SURNAMES)}虚构`,
    })
  }
  return subjects
}

export type DemoAuthority = {
  key: string
  name: string
  division: string
  system: 'general' | 'market_supervision' | 'tax' | 'court'
  duties: string[]
  creditOffice?: boolean
  word: string
}
/** The authorities of the invented district; each says that it is a demonstration. */
export const authoritiesOf = ({ division, place, word: prefix }: Scene): DemoAuthority[] =>
  (
    [
      [
        'office',
        '信用办',
        'general',
        ['penalty', 'licence', 'abnormal_list', 'serious_list', 'honour', 'commitment', 'evaluation'],
        '信',
      ],
      [
        'market',
        '市场监督管理局',
        'market_supervision',
        ['penalty', 'licence', 'abnormal_list', 'serious_list', 'registration', 'commitment', 'inspection'],
        '市监',
      ],
      ['safety', '应急管理局', 'general', ['penalty', 'licence', 'serious_list', 'inspection', 'commitment'], '应急'],
      ['environment', '生态环境分局', 'general', ['penalty', 'licence', 'evaluation', 'coercive_measure'], '环'],
      ['city', '城市管理和综合执法局', 'general', ['penalty', 'licence'], '综'],
      ['culture', '文化广电旅游体育局', 'general', ['penalty', 'licence', 'serious_list'], '文'],
      ['labour', '人力资源和社会保障局', 'general', ['penalty', 'licence', 'serious_list'], '人社'],
      ['fire', '消防救援大队', 'general', ['penalty', 'licence'], '消'],
      ['hall', '政务服务中心', 'general', [], '政'],
      ['tax', '税务局', 'tax', ['penalty', 'tax_grade_a', 'tax_arrears', 'tax_payment'], '税'],
    ] as const
  ).map(([key, name, system, duties, word]) => ({
    key,
    name: `${place}${name}（演示）`,
    division,
    system,
    duties: [...duties],
    word: `${prefix}${word}`,
    ...(key === 'office' ? { creditOffice: true } : {}),
  }))

export type DemoAccount = { login: string; name: string; role: Role; authority: string | null }
/** One password for all; it is printed once and only when the database was empty. */
export const ACCOUNTS: DemoAccount[] = [
  { login: 'market-collector', name: '采集员甲', role: 'collector', authority: 'market' },
  { login: 'market-officer', name: '经办人甲', role: 'officer', authority: 'market' },
  { login: 'market-head', name: '负责人甲', role: 'head', authority: 'market' },
  { login: 'safety-collector', name: '采集员乙', role: 'collector', authority: 'safety' },
  { login: 'safety-officer', name: '经办人乙', role: 'officer', authority: 'safety' },
  { login: 'safety-head', name: '负责人乙', role: 'head', authority: 'safety' },
  { login: 'environment-officer', name: '经办人丙', role: 'officer', authority: 'environment' },
  { login: 'city-collector', name: '采集员丙', role: 'collector', authority: 'city' },
  { login: 'city-officer', name: '经办人丁', role: 'officer', authority: 'city' },
  { login: 'window', name: '窗口甲', role: 'window_clerk', authority: 'hall' },
  { login: 'credit-office', name: '信用办甲', role: 'credit_office', authority: 'office' },
  { login: 'credit-office-two', name: '信用办乙', role: 'credit_office', authority: 'office' },
  { login: 'admin', name: '系统管理员甲', role: 'territory_admin', authority: 'office' },
  { login: 'security', name: '安全管理员甲', role: 'security_admin', authority: 'office' },
  { login: 'auditor', name: '审计员甲', role: 'auditor', authority: 'office' },
  { login: 'company', name: '企业经办人甲', role: 'enterprise', authority: null },
  { login: 'company-two', name: '企业经办人乙', role: 'enterprise', authority: null },
]

export type DemoPeer = {
  name: string
  kind: 'upper_platform' | 'publicity_system' | 'authority_portal' | 'service_platform' | 'third_party'
  division: string
  channel: 'credit_china' | 'necips'
  ackWorkdays: number
}
export const peersOf = (scene: Scene): DemoPeer[] => [
  {
    name: `${scene.provinceName}信用平台（演示）`,
    kind: 'upper_platform',
    division: scene.province,
    channel: 'credit_china',
    ackWorkdays: 1,
  },
  {
    name: `国家企业信用信息公示系统（${scene.provinceName.slice(0, -1)}）（演示）`,
    kind: 'publicity_system',
    division: scene.province,
    channel: 'necips',
    ackWorkdays: 3,
  },
  {
    name: `${scene.place}市场监督管理局门户网站（演示）`,
    kind: 'authority_portal',
    division: scene.division,
    channel: 'credit_china',
    ackWorkdays: 3,
  },
  {
    name: `${scene.cityName}政务服务平台（演示）`,
    kind: 'service_platform',
    division: scene.cityCode,
    channel: 'credit_china',
    ackWorkdays: 1,
  },
  {
    name: '启明信用服务（演示）',
    kind: 'third_party',
    division: scene.cityCode,
    channel: 'credit_china',
    ackWorkdays: 3,
  },
]
