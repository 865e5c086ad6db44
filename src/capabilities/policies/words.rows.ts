import { articleWords } from '../../kernel/article.ts'
import type {
  ConditionNeed,
  FactsWhen,
  Policy,
  Regime,
  RuleRow,
  SettingRule,
  TermRule,
  WindowRule,
} from '../../kernel/policy.ts'
import {
  DECIDER_WORDS,
  REQUIRED_WORDS,
  STARTS_WORDS,
  STEP_WORDS,
  periodWords,
  versionWords,
} from '../../kernel/policy-words.ts'
import { isPeriod, parseDay } from '../../kernel/time.ts'
import { classWords, dayWords } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { SYSTEM_WORDS as AUTHORITY_WORDS } from '../access/words.ts'
import { SUBJECT_KIND_WORDS } from '../subjects/words.ts'
import { SETTING_LABELS, SETTING_PARTS, SETTING_WORDS_OF_VALUES } from './words.settings.ts'
import { GROUP_WORDS, NATIONAL, TRANSITION_WORDS } from './words.ts'

/** Rows of the rules as an official reads them: what each says, and what changes in it. */

export type Said = { what: Words; said: Words }
export type Part = 'version' | 'window' | 'condition' | 'material' | 'term' | 'consequence' | 'route' | 'setting'

export const PART_WORDS: Record<Part, Words> = {
  version: { zh: '规则版本', en: 'Version' },
  window: { zh: '公示期', en: 'Window' },
  condition: { zh: '修复条件', en: 'Condition of repair' },
  material: { zh: '申请材料', en: 'Material' },
  term: { zh: '办理时限', en: 'Term' },
  consequence: { zh: '后果', en: 'Consequence' },
  route: { zh: '受理分工', en: 'Route' },
  setting: { zh: '开关与安排', en: 'Switch' },
}

const same = (text: string): Words => ({ zh: text, en: text })
/** A sentence of the rules without a case: what is filled in for each record stays open. */
const open = ({ zh, en }: Words): Words => ({
  zh: zh.replaceAll(/\{\w+\}/g, '某日'),
  en: en.replaceAll(/\{\w+\}/g, 'a day'),
})
const yes: Words = { zh: '是', en: 'Yes' }
const no: Words = { zh: '否', en: 'No' }
const none: Words = { zh: '无', en: 'None' }
export const joined = (words: readonly Words[]): Words => ({
  zh: words.map((w) => w.zh).join('、'),
  en: words.map((w) => w.en).join(', '),
})

const W = {
  class: { zh: '类别', en: 'Class' },
  shown: { zh: '是否公示', en: 'Shown' },
  repair: { zh: '提前终止', en: 'How it may end early' },
  min: { zh: '最短公示期', en: 'Shortest period' },
  max: { zh: '最长公示期', en: 'Longest period' },
  termDelaysRepair: { zh: '处罚附带期限届满前不得申请', en: 'Not before the penalty’s own term is over' },
  termExtendsMaximum: { zh: '公示至处罚附带期限届满', en: 'Shown to the end of the penalty’s own term' },
  why: { zh: '说明', en: 'In words' },
  tier: { zh: '适用顺序', en: 'Order' },
  words: { zh: '不予受理的说明', en: 'Sentence of refusal' },
  needs: { zh: '条件', en: 'Condition' },
  period: { zh: '期间', en: 'Period' },
  clock: { zh: '起算日', en: 'Runs from' },
  name: { zh: '名称', en: 'Name' },
  required: { zh: '要求', en: 'Required' },
  step: { zh: '环节', en: 'Step' },
  starts: { zh: '起算', en: 'Runs from' },
  workdays: { zh: '工作日', en: 'Working days' },
  days: { zh: '日', en: 'Days' },
  extend: { zh: '可以延长', en: 'May be extended' },
  routesTo: { zh: '适用规则', en: 'Under the rules of' },
  receiver: { zh: '受理渠道', en: 'Received by' },
  decider: { zh: '作出决定', en: 'Decided by' },
  steps: { zh: '办理环节', en: 'Steps' },
  levels: { zh: '认定单位层级', en: 'Level of the authority' },
  event: { zh: '情形', en: 'Event' },
  barPeriod: { zh: '不得申请的期间', en: 'No application for' },
  publishPeriod: { zh: '公示期间', en: 'Shown for' },
  restartClock: { zh: '公示期重新计算', en: 'The period starts anew' },
  earlyEnd: { zh: '可以提前终止', en: 'May end early' },
  mandatory: { zh: '应当办理', en: 'Mandatory' },
  unless: { zh: '除外', en: 'Except' },
  value: { zh: '取值', en: 'Value' },
  version: { zh: '版本', en: 'Version' },
  title: { zh: '名称', en: 'Title' },
  picksBy: { zh: '确定版本的日期', en: 'Version chosen by' },
  transition: { zh: '衔接', en: 'Passing over' },
  instrument: { zh: '依据文件', en: 'Instrument' },
  article: { zh: '条款', en: 'Article' },
  unsure: { zh: '待确认', en: 'Unconfirmed' },
  note: { zh: '待确认的内容', en: 'What is open' },
  item: { zh: '信息事项', en: 'Item' },
  recordSystem: { zh: '认定单位系统', en: 'Authority’s system' },
  recordSystemNot: { zh: '不含认定单位系统', en: 'Not the authority’s system' },
  subjectKind: { zh: '主体类型', en: 'Kind of subject' },
  procedure: { zh: '处罚程序', en: 'Procedure' },
  kind: { zh: '处罚类别', en: 'Kind of penalty' },
  fineTier: { zh: '罚款档次', en: 'Tier of the fine' },
  fineYuanAtMost: { zh: '罚款不超过（元）', en: 'Fine of at most (yuan)' },
  discretion: { zh: '裁量', en: 'Discretion' },
  field: { zh: '领域', en: 'Field' },
  sectorClass: { zh: '行业分类', en: 'Class by the sector' },
  minorPublished: { zh: '轻微信息确需公示', en: 'Minor, but to be shown' },
  repeatOffender: { zh: '屡禁不止、屡罚不改', en: 'Persistent offender' },
  list: { zh: '名单', en: 'List' },
  listCause: { zh: '列入情形', en: 'Cause of listing' },
  result: { zh: '抽查结果', en: 'Result of the check' },
  unlessAllMeet: { zh: '全部符合其他行时不适用', en: 'Not where other rows fit in full' },
} as const satisfies Record<string, Words>

const VALUES: Record<string, Words> = {
  apply: { zh: '可以申请', en: 'on application' },
  automatic: { zh: '期满自动停止', en: 'by itself at the end of the period' },
  fixed: { zh: '期满前不得终止', en: 'not before the period is over' },
  none: { zh: '无需修复', en: 'nothing to repair' },
  outside: { zh: '不属于本规则', en: 'outside these rules' },
  hide: { zh: '不予公示', en: 'never shown' },
  sector: { zh: '行业分类优先', en: 'the sector’s own, first' },
  default: { zh: '规则所列', en: 'named by the rules' },
  rest: { zh: '其余', en: 'what no row names' },
  decided_on: { zh: '决定之日', en: 'the day of the decision' },
  published_on: { zh: '公示之日', en: 'the day of publication' },
  summary: { zh: '简易程序', en: 'summary' },
  ordinary: { zh: '普通程序', en: 'ordinary' },
  small: { zh: '较小数额', en: 'small' },
  large: { zh: '较大数额', en: 'large' },
  huge: { zh: '巨额', en: 'huge' },
  reduced: { zh: '减轻', en: 'reduced' },
  lighter: { zh: '从轻', en: 'lighter' },
  heavier: { zh: '从重', en: 'heavier' },
  negative: { zh: '发现问题', en: 'negative' },
  positive: { zh: '未发现问题', en: 'positive' },
  province: { zh: '省级', en: 'province' },
  city: { zh: '市级', en: 'city' },
  county: { zh: '县级', en: 'county' },
  not_yet: { zh: '最短公示期或者附带期限未满的', en: 'its own shortest period or term is running' },
  false_material: { zh: '提供虚假材料', en: 'false material' },
  bankruptcy_plan: { zh: '重整计划、和解协议执行', en: 'a plan or settlement is carried out' },
  bankruptcy_failed: { zh: '重整、和解失败', en: 'the plan or settlement fails' },
  deregistered: { zh: '主体注销', en: 'the subject is deregistered' },
  annulled: { zh: '原决定撤销、变更', en: 'the decision is annulled or changed' },
  repaired: { zh: '准予修复', en: 'repair is granted' },
  left_list: { zh: '移出名单', en: 'taken off the list' },
  led_to_ended: { zh: '抽查所涉处罚停止公示', en: 'what the check led to has ended' },
}
const NEEDS: Record<ConditionNeed, Words> = {
  repairable: { zh: '属于可以修复的信息', en: 'it can be repaired' },
  not_ended: { zh: '尚在公示', en: 'it is still shown' },
  min_period: { zh: '最短公示期已满', en: 'the shortest period is over' },
  term_ended: { zh: '处罚附带期限已满', en: 'the penalty’s own term is over' },
  not_barred: { zh: '不在禁止申请期间', en: 'no bar is running' },
  known_true: { zh: '所列事实成立', en: 'a fact holds' },
  known_false: { zh: '所列事实不成立', en: 'a fact does not hold' },
  authority_judges: {
    zh: '由办理单位依行业规定核查并写明条件和依据',
    en: 'judged by the authority under its sector’s rules, which it writes down',
  },
}

const isWords = (v: unknown): v is Words => typeof v === 'object' && v !== null && 'zh' in v && 'en' in v

/** The name of a code by what kind of thing it is. */
const named = (policy: Policy, key: string, code: string): Words => {
  const of = (rows: readonly { code: string; name: Words }[]) => rows.find((r) => r.code === code)?.name
  const choice = () =>
    policy.catalog
      .flatMap((c) => (c.code === 'penalty' ? c.fields : []))
      .find((f) => f.key === (key === 'kind' ? 'penalty_kinds' : 'sector_class'))
      ?.choices.find((c) => c.code === code)?.label
  if (key === 'item') return of(policy.catalog) ?? same(code)
  if (key === 'field') return of(policy.fields) ?? same(code)
  if (key === 'list') return of(policy.lists) ?? same(code)
  if (key === 'listCause') return of(policy.listCauses) ?? same(code)
  if (key === 'recordSystem' || key === 'recordSystemNot')
    return (AUTHORITY_WORDS as Record<string, Words>)[code] ?? same(code)
  if (key === 'subjectKind') return (SUBJECT_KIND_WORDS as Record<string, Words>)[code] ?? same(code)
  if (key === 'kind' || key === 'sectorClass') return choice() ?? same(code)
  if (key === 'unlessAllMeet') return titleOf(policyRow(policy, code)) ?? same(code)
  return VALUES[code] ?? same(code)
}
const policyRow = (policy: Policy, id: string): RuleRow | null =>
  policy.regimes.flatMap((r) => r.windows).find((w) => w.id === id) ?? null

const whenSaid = (policy: Policy, when: FactsWhen): Said[] =>
  Object.entries(when).flatMap(([key, value]) => {
    const what = W[key as keyof typeof W] as Words | undefined
    if (!what || value === undefined) return []
    if (Array.isArray(value)) return [{ what, said: joined(value.map((v) => named(policy, key, v))) }]
    if (typeof value === 'boolean') return [{ what, said: value ? yes : no }]
    return [{ what, said: same(value.toLocaleString('en')) }]
  })

// ---- a setting's value

const spoken = (policy: Policy, value: unknown): Words => {
  if (value === null || value === undefined) return none
  if (typeof value === 'boolean') return value ? yes : no
  if (typeof value === 'number') return same(String(value))
  if (isWords(value)) return value
  if (Array.isArray(value)) {
    const parts = value.map((v) => spoken(policy, v))
    const deep = value.some((v) => typeof v === 'object' && v !== null && !isWords(v))
    return deep ? { zh: parts.map((p) => p.zh).join('；'), en: parts.map((p) => p.en).join('; ') } : joined(parts)
  }
  if (typeof value === 'object')
    return joined(
      Object.entries(value).map(([k, v]) => {
        const [label, said] = [SETTING_PARTS[k] ?? SETTING_WORDS_OF_VALUES[k], spoken(policy, v)]
        return { zh: `${label?.zh ?? k}：${said.zh}`, en: `${label?.en ?? k}: ${said.en}` }
      }),
    )
  const text = value as string
  const known = SETTING_WORDS_OF_VALUES[text] ?? TRANSITION_WORDS[text]
  if (known) return known
  const item = policy.catalog.find((c) => c.code === text)
  if (item) return item.name
  if (isPeriod(text)) return periodWords(text)
  const day = parseDay(text)
  return day ? dayWords(day) : (STEP_WORDS[text] ?? VALUES[text] ?? same(text))
}
export const settingWords = (policy: Policy, value: unknown): Words => spoken(policy, value)

// ---- rows

export const partOf = (row: RuleRow): Part => {
  if ('windows' in row) return 'version'
  if ('tier' in row) return 'window'
  if ('needs' in row) return 'condition'
  if ('step' in row) return 'term'
  if ('event' in row) return 'consequence'
  if ('routesTo' in row) return 'route'
  return 'key' in row ? 'setting' : 'material'
}

/** One line by which a person knows the row. */
export const titleOf = (row: RuleRow | null): Words | null => {
  if (!row) return null
  const r = row as unknown as Record<string, unknown>
  switch (partOf(row)) {
    case 'version':
      return (row as Regime).title
    case 'window':
      return (row as WindowRule).why
    case 'condition':
      return open(r['words'] as Words)
    case 'material':
      return r['name'] as Words
    case 'term':
      return (
        STEP_WORDS[(row as TermRule).step] ??
        SETTING_WORDS_OF_VALUES[(row as TermRule).step] ??
        same((row as TermRule).step)
      )
    case 'consequence':
      return VALUES[r['event'] as string] ?? same(row.id)
    case 'route':
      return r['receiver'] as Words
    default:
      return SETTING_LABELS[(row as SettingRule).key] ?? same((row as SettingRule).key)
  }
}

/** What is not told: where a row stands and when, and what is told otherwise. */
const SILENT: ReadonlySet<string> = new Set([
  'id',
  'system',
  'validFrom',
  'validTo',
  'source',
  'origin',
  'when',
  'code',
  'key',
  'channel',
  'clockArticle',
  'known',
  'modes',
  'windows',
  'conditions',
  'materials',
  'terms',
  'consequences',
])

const valueSaid = (policy: Policy, key: string, value: unknown): Words => {
  if (value === null || value === undefined) return none
  if (isWords(value)) return open(value)
  if (typeof value === 'boolean') return value ? yes : no
  if (key === 'value') return spoken(policy, value)
  if (key === 'transition') return TRANSITION_WORDS[(value as Regime['transition']).recordsBefore] ?? none
  if (key === 'extend') {
    const { workdays, on } = value as NonNullable<TermRule['extend']>
    return workdays === null ? on : { zh: `${on.zh}，${workdays}个工作日`, en: `${on.en}, by ${workdays} working days` }
  }
  if (Array.isArray(value)) return value.length ? joined(value.map((v) => codeSaid('', v as string))) : none
  return codeSaid(key, typeof value === 'number' ? String(value) : (value as string))
}
const CODES: Record<string, Record<string, Words>> = {
  needs: NEEDS,
  routesTo: GROUP_WORDS,
  decider: DECIDER_WORDS,
  required: REQUIRED_WORDS,
  starts: STARTS_WORDS,
}
/** A code, a period or a sentence, as what it stands for. */
const codeSaid = (key: string, text: string): Words => {
  if (key === 'class') return classWords(text as WindowRule['class'])
  if (key === 'article') return { zh: text, en: articleWords(text).en || text }
  if (key === 'version') return versionWords(text)
  const known = CODES[key]?.[text] ?? VALUES[text] ?? STEP_WORDS[text] ?? SETTING_WORDS_OF_VALUES[text]
  return known ?? (isPeriod(text) ? periodWords(text) : same(text))
}

/** Everything a row says, in the order of the row. */
export const saysOf = (policy: Policy, row: RuleRow): Said[] => {
  const when = 'when' in row ? whenSaid(policy, row.when as FactsWhen) : []
  const rest = Object.entries(row).flatMap(([key, value]): Said[] => {
    const what = W[key as keyof typeof W] as Words | undefined
    if (SILENT.has(key) || !what) return []
    return [{ what, said: valueSaid(policy, key, value) }]
  })
  return [...when, ...rest]
}

const TOLD_BESIDE: ReadonlySet<Words> = new Set([W.instrument, W.article, W.unsure, W.note, W.title])
/** For a list: what stands in the row's own columns, and what says nothing, is left out. */
export const briefOf = (policy: Policy, row: RuleRow): Said[] => {
  const title = titleOf(row)
  return saysOf(policy, row).filter(
    ({ what, said }) => !TOLD_BESIDE.has(what) && said !== none && said !== no && said.zh !== title?.zh,
  )
}

export type Detail = { what: Words; before: Words | null; after: Words | null }
/** What one row says otherwise than another. */
export const detailsOf = (policy: Policy, before: RuleRow | null, after: RuleRow | null): Detail[] => {
  const [a, b] = [before ? saysOf(policy, before) : [], after ? saysOf(policy, after) : []]
  const whats = [...new Set([...b, ...a].map((s) => s.what))]
  return whats.flatMap((what) => {
    const [was, is] = [a.find((s) => s.what === what)?.said ?? null, b.find((s) => s.what === what)?.said ?? null]
    if (was?.zh === is?.zh && was?.en === is?.en) return []
    if ((was ?? none) === none && (is ?? none) === none) return []
    return [{ what, before: was, after: is }]
  })
}

export const originWords = (policy: Policy, origin: string): Words =>
  origin === 'national'
    ? NATIONAL
    : origin === policy.jurisdiction.code
      ? policy.jurisdiction.name
      : (policy.divisions.find((d) => d.code === origin)?.name ?? same(origin))
