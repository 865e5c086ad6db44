/** Subjects and penalties in any number, plainly invented, the same in every run: codes and persons' numbers with true check digits. */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type OutRow, writeWorkbook } from '../src/capabilities/collection/files/workbook.ts'
import { createWriteStream } from 'node:fs'
import { usccCheckDigit } from '../src/kernel/codes.ts'
import type { Policy } from '../src/kernel/policy.ts'
import { type LocalDate, addDays } from '../src/kernel/time.ts'

/** Spreads small numbers over the whole range: an inexpensive hash, the same everywhere. */
export const mixed = (n: number): number => {
  let a = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b)
  a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (a ^ (a >>> 16)) >>> 0
}
const pick = <T>(of: readonly T[], n: number): T => of[mixed(n) % of.length] as T

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
const weightOf = (c: string): number => (c >= 'A' ? c.charCodeAt(0) - 55 : Number(c))
const orgDigit = (eight: string): string => {
  let sum = 0
  for (let i = 0; i < 8; i++) sum += weightOf(eight[i] as string) * (ORG_WEIGHTS[i] as number)
  const d = (11 - (sum % 11)) % 11
  return d === 10 ? 'X' : String(d)
}
export const usccOf = (n: number, category = '91'): string => {
  let tail = ''
  for (let rest = n, i = 0; i < 5; i++) {
    tail = (ALPHABET[rest % 31] as string) + tail
    rest = Math.floor(rest / 31)
  }
  const body = `MAE${tail}`
  const first = `${category}440106${body}${orgDigit(body)}`
  return `${first}${usccCheckDigit(first)}`
}

const PERSON_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** A different number for each n below 16 million. */
const personIdOf = (n: number): string => {
  const two = (v: number) => String(v).padStart(2, '0')
  const day = Math.floor(n / 1000)
  const born = `${1950 + (Math.floor(day / 336) % 50)}${two(1 + (Math.floor(day / 28) % 12))}${two(1 + (day % 28))}`
  const first = `440106${born}${String(n % 1000).padStart(3, '0')}`
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(first[i]) * (PERSON_WEIGHTS[i] as number)
  return first + ('10X98765432'[sum % 11] as string)
}

/** Characters that names are made of: every twelfth of the 3,755 most common. */
const BRAND: readonly string[] = (() => {
  const decoder = new TextDecoder('gbk')
  const all: string[] = []
  for (let row = 0xb0; row <= 0xd7; row++)
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++)
      all.push(decoder.decode(Uint8Array.of(row, cell)))
  return all.filter((_, i) => i % 12 === 0)
})()
const PLACES = ['广州', '广州市', '天河区', '广东', '广州天河', '穗', '粤', '白云区', '番禺区', '越秀区']
const TRADES = [
  '餐饮管理',
  '食品',
  '医疗器械',
  '化妆品',
  '建筑工程',
  '环保科技',
  '物流',
  '文化传媒',
  '信息技术',
  '商贸',
  '机电设备',
  '教育咨询',
  '农业科技',
  '生物科技',
  '装饰设计',
  '服装',
  '物业管理',
  '汽车销售',
  '供应链',
  '新材料',
]
const FORMS = ['有限公司', '有限公司', '有限公司', '有限公司', '有限责任公司', '股份有限公司', '合伙企业（有限合伙）']

/** Three characters of their own in each name: no two numbers below 30 million have the same. */
const brandOf = (n: number): string => {
  const size = BRAND.length
  let rest = (n * 7_368_787) % (size * size * size)
  let brand = ''
  for (let i = 0; i < 3; i++) {
    brand += BRAND[rest % size] as string
    rest = Math.floor(rest / size)
  }
  return brand
}
export type Invented = { name: string; code: string; brand: string }
export const companyOf = (n: number): Invented => {
  const brand = brandOf(n)
  return { name: `${pick(PLACES, n)}${brand}${pick(TRADES, n + 7)}${pick(FORMS, n + 13)}`, code: usccOf(n), brand }
}

const KINDS = ['罚款', '罚款', '罚款', '警告', '罚款;没收违法所得', '责令停产停业', '吊销许可证件', '限制从业']
const FINES = ['0.05', '0.2', '0.3', '0.5', '0.8', '1', '1.5', '2', '3', '5', '6', '8', '10', '15', '20', '50']
const FIELDS = [
  '食品',
  '药品',
  '医疗器械',
  '化妆品',
  '特种设备',
  '安全生产',
  '生态环境',
  '工程建设',
  '广告',
  '价格',
  '城市管理',
]
const ACTS = [
  '销售标签、说明书不符合规定的产品，且未按照规定建立并遵守进货查验记录制度',
  '未按照规定对从业人员进行安全生产教育和培训，未如实记录安全生产教育和培训的时间、内容、参加人员以及考核结果等情况',
  '未采取有效措施防止在运输过程中沿途丢弃、遗撒固体废物',
  '擅自变更经批准的设计文件进行施工，且未按照规定办理变更手续',
  '在广告中使用绝对化用语，使消费者对商品的性能、功能、质量产生误解',
]
const LAWS = ['食品安全法', '安全生产法', '固体废物污染环境防治法', '建设工程质量管理条例', '广告法']
const SURNAMES = Array.from('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨')

/** The thirty columns of a wide national table, under the catalog's own labels. */
const COLUMNS = [
  'subject_name',
  'subject_category',
  'uscc',
  'legal_representative',
  'representative_id_type',
  'representative_id',
  'person_id_type',
  'person_id',
  'doc_no',
  'violation',
  'facts',
  'basis',
  'penalty_kinds',
  'content',
  'fine',
  'confiscated',
  'licence_affected',
  'decided_on',
  'term_ends_on',
  'public_until',
  'authority_name',
  'authority_code',
  'source_name',
  'source_code',
  'remarks',
  'procedure',
  'discretion',
  'field',
  'fine_tier',
  'sector_class',
] as const
type Column = (typeof COLUMNS)[number]
type Cells = Partial<Record<Column, string>>

export type Reporter = { name: string; code: string }

const aboutSubject = (n: number, subject: number): Cells => {
  const share = mixed(subject) % 100
  const person = `${pick(SURNAMES, subject)}${brandOf(subject).slice(0, 2)}`
  if (share < 2) {
    return {
      subject_name: person,
      subject_category: '自然人',
      person_id_type: '身份证',
      person_id: personIdOf(subject),
    }
  }
  const { name, code, brand } = companyOf(subject)
  const small = share < 12
  return {
    subject_name: small ? `天河区${brand}小吃店` : name,
    subject_category: small ? '个体工商户' : '法人及非法人组织',
    uscc: small ? usccOf(subject, '92') : code,
    legal_representative: person,
    ...(n % 3 === 0 ? { representative_id_type: '身份证', representative_id: personIdOf(subject) } : {}),
  }
}

const rowOf = (n: number, subject: number, reporter: Reporter, today: LocalDate): Cells => {
  const kinds = pick(KINDS, n)
  const fine = kinds.includes('罚款') ? pick(FINES, n + 3) : ''
  const decided = addDays(today, -5 - (mixed(n + 5) % 300))
  const act = mixed(n + 9) % ACTS.length
  const about = aboutSubject(n, subject)
  const name = about.subject_name ?? ''
  return {
    ...about,
    doc_no: `穗天综罚〔${decided.slice(0, 4)}〕${n}号`,
    violation: `违反《中华人民共和国${LAWS[act]}》有关规定的行为`,
    facts: `经查，当事人${name}于${decided.slice(0, 7)}期间${ACTS[act]}。上述事实有现场检查笔录、询问笔录、现场照片以及当事人提供的经营资料等证据为证。`,
    basis: `依据《中华人民共和国${LAWS[act]}》第${20 + (n % 90)}条第${1 + (n % 3)}款的规定，参照行政处罚裁量基准，决定给予行政处罚。`,
    penalty_kinds: kinds,
    content: `责令当事人立即改正违法行为${fine ? `，并处罚款人民币${Math.round(Number(fine) * 10_000)}元` : ''}。`,
    fine,
    confiscated: kinds.includes('没收') ? pick(FINES, n + 4) : '',
    licence_affected: kinds.includes('吊销') ? `食品经营许可证 JY${n}` : '',
    decided_on: decided,
    term_ends_on: kinds === '限制从业' ? addDays(decided, 365) : '',
    public_until: addDays(decided, 1095),
    authority_name: reporter.name,
    authority_code: reporter.code,
    source_name: reporter.name,
    source_code: reporter.code,
    remarks: n % 7 === 0 ? '已按期履行' : '',
    procedure: kinds === '警告' ? '简易程序' : '普通程序',
    discretion: pick(['从轻处罚', '一般处罚', '从重处罚'], n + 6),
    field: pick(FIELDS, n + 8),
    fine_tier: fine ? pick(['较小数额', '较大数额'], n + 10) : '',
    sector_class: '一般',
  }
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

export type PenaltyFile = {
  path: string
  rows: number
  subjects: number
  from: number
  reporter: Reporter
  today: LocalDate
}
type Rows = Omit<PenaltyFile, 'path'>
/** Rows by the keys of the catalog; documents are numbered from `from` on, subjects likewise. */
const cellsOf = (ask: Rows, i: number): Cells =>
  rowOf(ask.from + i, ask.from + (mixed(i) % ask.subjects), ask.reporter, ask.today)
const headingsOf = (policy: Policy): string[] => {
  const item = policy.catalog.find((c) => c.code === 'penalty')
  const label = new Map(item?.fields.map((f) => [f.key, f.label.zh]))
  return COLUMNS.map((c) => label.get(c) ?? c)
}

/** A file of penalties, UTF-8 with its mark as WPS writes it. */
export const writePenalties = async (ask: PenaltyFile, policy: Policy): Promise<void> => {
  const out = createWriteStream(ask.path)
  out.write(`\ufeff${headingsOf(policy).map(quoted).join(',')}\r\n`)
  let text = ''
  for (let i = 0; i < ask.rows; i++) {
    const cells = cellsOf(ask, i)
    text += `${COLUMNS.map((c) => quoted(cells[c] ?? '')).join(',')}\r\n`
    if (text.length < 1 << 20) continue
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end(text)
  await once(out, 'finish')
}

/** The same rows as a workbook. */
export const writePenaltyBook = async (ask: PenaltyFile, policy: Policy): Promise<void> => {
  const rows = function* (): Generator<OutRow> {
    yield { cells: headingsOf(policy) }
    for (let i = 0; i < ask.rows; i++) {
      const cells = cellsOf(ask, i)
      yield { cells: COLUMNS.map((c) => cells[c] ?? '') }
    }
  }
  const sheet = { name: '行政处罚', widths: COLUMNS.map(() => 16), rows: rows() }
  await pipeline(Readable.from(writeWorkbook([sheet])), createWriteStream(ask.path))
}

/** The same rows as a business system pushes them. */
export const penaltyRecords = (ask: Rows): Record<string, string>[] =>
  Array.from({ length: ask.rows }, (_, i) => cellsOf(ask, i) as Record<string, string>)
