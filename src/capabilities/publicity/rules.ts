import { checkUscc, isPersonIdShaped, normaliseCode } from '../../kernel/codes.ts'
import { regimeOn, routeRuleOf } from '../../kernel/eligibility.ts'
import type { Channel, FactsWhen, Policy, SubjectKind, WindowClass } from '../../kernel/policy.ts'
import { periodWords } from '../../kernel/policy-words.ts'
import { type LocalDate, addDays, parseDay } from '../../kernel/time.ts'
import { type RecordFacts, type Window, dayWords } from '../../kernel/window.ts'
import { type Lang, type Words, say } from '../../kernel/words.ts'
import { CODE_KIND_WORDS, SUBJECT_KIND_WORDS } from '../subjects/words.ts'
import { CHANNEL_NAMES, INPUT_WORDS, NO, PENALTY_WORDS, RECORD, UNNAMED_BUSINESS, VALUE_WORDS, YES } from './words.ts'

/** Windows are half-open; people are told the last day on which it is still shown. */
export const lastShownDay = (until: LocalDate | null): LocalDate | null => until && addDays(until, -1)

/** Shown from its first day on, the last time on the day before `until`. */
export const isShownOn = (window: Pick<Window, 'from' | 'until'>, day: LocalDate): boolean =>
  window.from !== null && window.from <= day && (window.until === null || day < window.until)

const told = new WeakMap<Words, Map<LocalDate, Words>>()
const DAYS_KEPT = 5000
/** A sentence about one day, in both languages. The same few days come again on every page, so they are kept. */
const sayDay = (words: Words, name: string, day: LocalDate): Words => {
  const held = told.get(words) ?? new Map<LocalDate, Words>()
  const known = held.get(day)
  if (known) return known
  const params = { [name]: dayWords(day) }
  const made = { zh: say(words, 'zh', params), en: say(words, 'en', params) }
  if (held.size > DAYS_KEPT) held.clear()
  told.set(words, held.set(day, made))
  return made
}

export type ChannelView = {
  channel: Channel
  name: Words
  class: WindowClass
  shown: boolean
  /** Since when, until when: one or two sentences. */
  span: Words[]
  why: Words
  basis: { instrument: Words; article: string }
  unsure: boolean
  note: Words | null
}

const spanOf = (window: Window, today: LocalDate): Words[] => {
  const { from, until } = window
  if (from === null) return [window.end ? RECORD.ended : RECORD.notThere]
  if (!isShownOn(window, today) && today >= from) return [RECORD.ended]
  const since = sayDay(from <= today ? RECORD.shownSince : RECORD.shownFrom, 'from', from)
  const last = lastShownDay(until)
  if (!last && window.class === 'none') return [since]
  return [since, last ? sayDay(RECORD.lastDay, 'last', last) : RECORD.noMaximum]
}

const madeOf = (window: Window, today: LocalDate): ChannelView => ({
  channel: window.channel,
  name: CHANNEL_NAMES[window.channel],
  class: window.class,
  shown: isShownOn(window, today),
  span: spanOf(window, today),
  why: window.why,
  basis: { instrument: window.instrument, article: window.article },
  unsure: window.unsure ?? false,
  note: window.note ?? null,
})

const views = new WeakMap<Words, Map<string, ChannelView>>()
const VIEWS_KEPT = 2_000
/** Many records share a rule and its days; what is said of them is made once. */
export const channelView = (window: Window, today: LocalDate): ChannelView => {
  const held = views.get(window.why) ?? new Map<string, ChannelView>()
  const { channel, from, until, end } = window
  const key = `${channel} ${window.class} ${from} ${until} ${end !== null} ${today} ${window.rule} ${window.version} ${window.article} ${window.unsure} ${window.note?.zh}`
  const known = held.get(key)
  if (known) return known
  const made = madeOf(window, today)
  if (held.size > VIEWS_KEPT) held.clear()
  views.set(window.why, held.set(key, made))
  return made
}

export type RepairView = {
  now: boolean
  /** First day of application; null = never early, and `words` says why. */
  from: LocalDate | null
  words: Words
  receiver: Words | null
  /** Why it cannot be ended early; null where it can. */
  why: Words | null
  basis: { instrument: Words; article: string } | null
}

/** From which day it can be repaired and where, or that it cannot be ended early. The regime that decides is the route's. */
export const repairView = (
  facts: RecordFacts,
  windows: readonly Window[],
  policy: Policy,
  today: LocalDate,
): RepairView => {
  const route = routeRuleOf(facts, policy, today)
  const regime = route && regimeOn(policy, route.routesTo, today)
  const own = windows.find((w) => w.channel === 'credit_china')
  const window = (regime?.channel && windows.find((w) => w.channel === regime.channel)) || own
  if (!window) return { now: false, from: null, words: RECORD.noRepair, receiver: null, why: null, basis: null }
  const basis = { instrument: window.instrument, article: window.article }
  const receiver = route?.receiver ?? null
  if (window.repair === 'apply' && window.earliest) {
    const now = window.earliest <= today
    const words = sayDay(now ? RECORD.applyNow : RECORD.applyFrom, 'day', window.earliest)
    return { now, from: window.earliest, words, receiver, why: null, basis }
  }
  const words = { automatic: RECORD.automatic, fixed: RECORD.fixed, none: RECORD.noRepair, apply: RECORD.fixed }[
    window.repair
  ]
  return { now: false, from: null, words, receiver: null, why: window.why, basis }
}

/** Words that only a trade name has; a short name without any of them is taken for the operator's own. */
const TRADE =
  /店|部|铺|行|馆|坊|厂|场|室|社|屋|吧|园|站|中心|楼|阁|斋|堂|所|院|超市|公司|酒|茶|餐|饮|食|饭|面|粉|菜|果|水|电|车|汽|修|服|装|鞋|发|美|药|诊|摊|档|庄|居|城|队|户|家|工作|经营|批发|零售|商|贸|农|养|种|殖|摄|影|印|刷|网|咖|奶|[0-9A-Za-z]/
const UNNAMED = /^(?:个体工商户|个体户|无字号|无|-*)(?:\(.*\))?$/

/**
 * An individual business is shown under its trade name. Its operator's name is personal data: where no trade name is
 * registered, the literal of the national data standard stands in its place.
 */
export const isNamed = (kind: SubjectKind, name: string): boolean => {
  if (kind !== 'individual_business') return true
  const plain = name.trim().replace(/（/g, '(').replace(/）/g, ')')
  const bare = plain.replace(/\([^)]*\)$/, '')
  return !UNNAMED.test(plain) && !(/^[\p{Script=Han}·]{2,4}$/u.test(bare) && !TRADE.test(bare))
}
export const publicName = (kind: SubjectKind, name: string, lang: Lang): string =>
  isNamed(kind, name) ? name : UNNAMED_BUSINESS[lang]

export type Asked = { is: 'nothing' } | { is: 'person' } | { is: 'too_long' } | { is: 'text'; q: string }
const LONGEST = 100

/** What a visitor typed. A citizen's number is refused before anything else sees it. */
export const askedFor = (q: string): Asked => {
  const plain = q.toWellFormed().trim()
  if (!plain) return { is: 'nothing' }
  if (holdsPersonId(plain)) return { is: 'person' }
  return Array.from(plain).length > LONGEST ? { is: 'too_long' } : { is: 'text', q: plain }
}
/** An organisation's code may by chance look like a citizen's number; both of its check digits then speak for it. */
const isOrganisation = (code: string): boolean => {
  const check = code.length === 18 ? checkUscc(code, new Set([code.slice(0, 2)])) : null
  return check !== null && check.ok && !check.hints.includes('inner_org_code')
}
export const holdsPersonId = (text: string): boolean => {
  if (text.length < 15) return false
  const code = normaliseCode(text)
  return (code.match(/(?<![0-9A-Z])\d{15,17}[\dX]?(?![0-9A-Z])/g) ?? []).some(
    (run) => isPersonIdShaped(run) && !isOrganisation(run),
  )
}

export { periodWords }

const DIGITS = '零一二三四五六七八九'
/** 二十三 → 23; up to 999, as articles are numbered. */
export const numberOf = (chinese: string): number | null => {
  if (/^\d+$/.test(chinese)) return Number(chinese)
  let total = 0
  let digit = 0
  for (const c of chinese) {
    if (c === '百') total += (digit || 1) * 100
    else if (c === '十') total += (digit || 1) * 10
    else if (c === '〇' || DIGITS.includes(c)) {
      digit = c === '〇' ? 0 : DIGITS.indexOf(c)
      continue
    } else return null
    digit = 0
  }
  return total + digit
}

const NUMERAL = '零〇一二三四五六七八九十百'
const UNITS: [RegExp, (n: number | string, sub: string | undefined) => string][] = [
  [
    new RegExp(`第([${NUMERAL}\\d]+)条(?:之([${NUMERAL}]+))?`, 'g'),
    (n, sub) => ` art. ${n}${sub ? `-${numberOf(sub)}` : ''}`,
  ],
  [new RegExp(`第([${NUMERAL}\\d]+)款`, 'g'), (n) => ` para. ${n}`],
  [new RegExp(`第[（(]?([${NUMERAL}\\d]+)[）)]?项`, 'g'), (n) => ` item ${n}`],
  [
    new RegExp(`(?<![${NUMERAL}])([${NUMERAL}]+)[（(]([${NUMERAL}]+)[）)]`, 'g'),
    (n, sub) => ` part ${n}(${sub ? numberOf(sub) : ''}) `,
  ],
]
/**
 * Articles are written as the law writes them; an English page counts in digits. What is no number of an article (the name
 * of a clause) has no English, and the instrument alone is named.
 */
export const articleText = (article: string, lang: Lang): string => {
  if (lang === 'zh') return articleZh(article)
  let out = article
  for (const [find, say] of UNITS)
    out = out.replace(find, (_, n: string, sub?: string) =>
      say(numberOf(n) ?? n, typeof sub === 'string' ? sub : undefined),
    )
  const english = out
    .replace(/[、，；]/g, ', ')
    .replace(/至/g, ' to ')
    .replace(/及|和|与/g, ' and ')
    .replace(/\s+/g, ' ')
    .replace(/ ,/g, ',')
    .trim()
  return /[\p{Script=Han}《（]/u.test(english) ? '' : english
}
/** `art. 9` and `9` become the law's own words. */
const articleZh = (article: string): string =>
  article.replace(
    /arts?\.\s*(\d+)(?:\((\d+)\))?/g,
    (_, n: string, item?: string) => `第${n}条${item ? `第${item}项` : ''}`,
  )

const wan = (yuan: number): Words =>
  yuan >= 10_000 && yuan % 100 === 0
    ? { zh: `${yuan / 10_000}万元`, en: `${yuan.toLocaleString('en')} yuan` }
    : { zh: `${yuan.toLocaleString('en').replaceAll(',', '')}元`, en: `${yuan.toLocaleString('en')} yuan` }

const nameIn = (rows: readonly { code: string; name: Words }[], code: string): Words | null =>
  rows.find((r) => r.code === code)?.name ?? null

/** One fact in words; null when there is nothing that a person could read. */
const inputValue = (key: string, value: string | number | boolean, policy: Policy): Words | null => {
  if (typeof value === 'boolean') return value ? YES : NO
  if (key === 'fineYuan') return wan(Number(value))
  if (typeof value === 'number') return null
  const known = VALUE_WORDS[key]?.[value]
  if (known) return known
  if (key === 'penaltyKinds') {
    const kinds = value
      .split(',')
      .flatMap((k) => (k in PENALTY_WORDS ? [PENALTY_WORDS[k as keyof typeof PENALTY_WORDS]] : []))
    return kinds.length ? { zh: kinds.map((k) => k.zh).join('、'), en: kinds.map((k) => k.en).join(', ') } : null
  }
  if (key === 'item') return nameIn(policy.catalog, value)
  if (key === 'subjectKind') return SUBJECT_KIND_WORDS[value as SubjectKind] ?? null
  if (key === 'field') return nameIn(policy.fields, value)
  if (key === 'list') return nameIn(policy.lists, value)
  if (key === 'listCause') return nameIn(policy.listCauses, value)
  if (key === 'min' || key === 'max') return periodWords(value)
  const day = parseDay(value)
  return day ? dayWords(day) : null
}

/** What a rule asks of a record beside its kind, its subject and its authority: for whom or what the row is. */
export const caseWords = (when: FactsWhen, policy: Policy): Words[] =>
  Object.entries(when).flatMap(([key, wanted]): Words[] => {
    if (key === 'fineYuanAtMost') {
      const most = wan(Number(wanted))
      return [{ zh: `罚款不超过${most.zh}`, en: `fine of at most ${most.en}` }]
    }
    const name = key === 'kind' ? 'penaltyKinds' : key
    const label = INPUT_WORDS[name]
    const list = (Array.isArray(wanted) ? wanted : [wanted]) as (string | boolean)[]
    const values = list.flatMap((v) => inputValue(name, v, policy) ?? [])
    if (!label || !values.length) return []
    return [
      {
        zh: `${label.zh}为${values.map((v) => v.zh).join('、')}`,
        en: `${label.en}: ${values.map((v) => v.en).join(', ')}`,
      },
    ]
  })

/** The facts that a window was computed from, in words. What has no words is not shown. */
export const inputRows = (window: Pick<Window, 'inputs'>, policy: Policy): { label: Words; value: Words }[] =>
  Object.entries(INPUT_WORDS).flatMap(([key, label]) => {
    const given = window.inputs[key]
    if (given === null || given === undefined || given === '') return []
    const value = inputValue(key, given, policy)
    return value ? [{ label, value }] : []
  })

/** What kind of code a subject is found by: unified, or the number it had before. */
export const codeLabel = (code: string): Words =>
  code.length === 18
    ? CODE_KIND_WORDS.uscc
    : code.length === 9
      ? CODE_KIND_WORDS.organisation
      : CODE_KIND_WORDS.registration

export const itemName = (policy: Policy, item: string): Words =>
  policy.catalog.find((c) => c.code === item)?.name ?? { zh: '公共信用信息', en: 'Public credit information' }
export const isNegative = (policy: Policy, item: string): boolean =>
  policy.catalog.find((c) => c.code === item)?.negative ?? item !== 'licence'
