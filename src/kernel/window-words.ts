import { articleWords } from './article.ts'
import type { Channel, WindowClass } from './policy.ts'
import { type LocalDate, addDays } from './time.ts'
import type { Window, WindowEnd } from './window-shapes.ts'
import { type Lang, type Words, say } from './words.ts'

const CLASS_WORDS: Record<WindowClass, Words> = {
  minor: { zh: '轻微失信信息', en: 'minor dishonesty information' },
  general: { zh: '一般失信信息', en: 'general dishonesty information' },
  serious: { zh: '严重失信信息', en: 'serious dishonesty information' },
  listed: { zh: '名录（名单）信息', en: 'an entry on a list' },
  unclassified: { zh: '尚未分类的失信信息', en: 'dishonesty information not classed yet' },
  none: { zh: '非失信信息', en: 'not dishonesty information' },
}
export const classWords = (cls: WindowClass): Words => CLASS_WORDS[cls]

const CHANNEL_WORDS: Record<Channel, Words> = {
  credit_china: { zh: '信用网站', en: 'the credit website' },
  necips: { zh: '国家企业信用信息公示系统', en: 'the National Enterprise Credit Information Publicity System' },
}
const channelWords = (channel: Channel): Words => CHANNEL_WORDS[channel]

const END_WORDS: Record<WindowEnd['by'], Words> = {
  expiry: { zh: '公示期届满，已于{day}停止公示。', en: 'The period is over; it stopped being shown on {day}.' },
  repaired: { zh: '已完成信用修复，于{day}终止公示。', en: 'It was repaired and stopped being shown on {day}.' },
  annulled: {
    zh: '原决定已被撤销、变更或确认无效，于{day}撤回公示。',
    en: 'The decision was annulled or changed; it was withdrawn on {day}.',
  },
  shielded: {
    zh: '重整计划或者和解协议执行期间，自{day}起临时屏蔽。',
    en: 'Shielded since {day} while a reorganisation plan or settlement is carried out.',
  },
  deregistered: {
    zh: '主体已注销，于{day}停止公示。',
    en: 'The subject was deregistered; it stopped being shown on {day}.',
  },
  delisted: {
    zh: '已移出名录（名单），于{day}停止公示。',
    en: 'It was taken off the list and stopped being shown on {day}.',
  },
  withheld: {
    zh: '该信息自{day}起依法停止公示。',
    en: 'By decision it is not shown from {day} on.',
  },
}

const SAYS = {
  class: { zh: '在{channel}按{class}管理。', en: 'On {channel} this counts as {class}.' },
  clock: { zh: '公示期自{day}（{clock}）起计算。', en: 'The period runs from {day}, {clock}.' },
  span: {
    zh: '自{from}起公示，最长公示至{last}，{until}起自动停止公示。',
    en: 'Shown since {from}; shown at the longest through {last}, and gone by itself on {until}.',
  },
  spanOpen: {
    zh: '自{from}起公示，未设最长公示期，经移出或者修复后停止公示。',
    en: 'Shown since {from}, without a longest period; it stops once removed or repaired.',
  },
  licence: { zh: '自{from}起公示。', en: 'Shown since {from}.' },
  hidden: { zh: '该信息在{channel}不予公示。', en: 'It is not shown on {channel}.' },
  apply: { zh: '自{day}起可以申请信用修复。', en: 'Repair may be applied for from {day}.' },
  automatic: {
    zh: '期满自动停止公示，无需申请信用修复。',
    en: 'It stops by itself at the end of the period; no application is needed.',
  },
  fixed: { zh: '公示期届满前不得提前终止公示。', en: 'It may not be ended before the period is over.' },
  transition: {
    zh: '该信息认定于{day}新规则施行以前，按衔接规定{how}，适用版本 {version}。',
    en: 'It was determined before newer rules began on {day}; {how}, so version {version} governs.',
  },
  basis: {
    zh: '依据：{instrument}{article}（规则 {rule}，版本 {version}）。',
    en: 'Basis: {instrument}{article} (rule {rule}, version {version}).',
  },
  unsure: { zh: '该规则待主管部门确认：{note}', en: 'This rule awaits confirmation: {note}' },
} satisfies Record<string, Words>

/** How a record from before passes over to newer rules. */
const TRANSITION_SAYS: Record<string, Words> = {
  old_rule: { zh: '适用原规则', en: 'records from before stay under the older rule' },
  new_rule: { zh: '改用新规则', en: 'records from before go over to the new rule' },
  more_favourable: {
    zh: '从新旧规则中取对主体有利者',
    en: 'of the older and the new rule the one more favourable to the subject is taken',
  },
}
const CLOCK_WORDS: Record<string, Words> = {
  decided_on: { zh: '决定文书作出之日', en: 'the day of the decision' },
  published_on: { zh: '公示之日', en: 'the day of publication' },
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

const daysTold = new Map<LocalDate, Words>()
const DAYS_KEPT = 10_000
/** 2026年4月1日, 1 April 2026. The same few days stand on every page. */
export const dayWords = (day: LocalDate): Words => {
  const known = daysTold.get(day)
  if (known) return known
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  const words = { zh: `${y}年${m}月${d}日`, en: `${d} ${MONTHS[m - 1]} ${y}` }
  if (daysTold.size >= DAYS_KEPT) daysTold.clear()
  daysTold.set(day, words)
  return words
}

const ending = (window: Window): Words | null =>
  window.repair === 'automatic' ? SAYS.automatic : window.repair === 'fixed' ? SAYS.fixed : null

/** Plain sentences: class, why, since when, until when, from which day it may be repaired, and the basis. */
export const explainWindow = (window: Window, lang: Lang): string[] => {
  const { from, until, earliest, end } = window
  const tell = (words: Words, params: Record<string, unknown> = {}) => say(words, lang, params)
  const channel = channelWords(window.channel)
  const negative = window.class !== 'none'
  const clockDay = window.inputs['clockDay'] as LocalDate
  const clock = CLOCK_WORDS[String(window.inputs['clock'])]
  const planned = window.planned?.from ? window.planned : window
  const shownSince = from ?? planned.from
  const lines = [
    ...(negative ? [tell(SAYS.class, { channel, class: classWords(window.class) })] : []),
    tell(window.why),
    ...(shownSince === null ? [tell(SAYS.hidden, { channel })] : []),
  ]
  if (shownSince !== null && !negative) lines.push(tell(SAYS.licence, { from: dayWords(shownSince) }))
  if (shownSince !== null && negative) {
    if (clock && until) lines.push(tell(SAYS.clock, { day: dayWords(clockDay), clock }))
    if (end) lines.push(tell(END_WORDS[end.by], { day: dayWords(end.on) }))
    else if (until)
      lines.push(
        tell(SAYS.span, { from: dayWords(shownSince), last: dayWords(addDays(until, -1)), until: dayWords(until) }),
      )
    else lines.push(tell(SAYS.spanOpen, { from: dayWords(shownSince) }))
  }
  if (negative && !end) {
    const mode = ending(window)
    if (mode && from !== null) lines.push(tell(mode))
    else if (earliest) lines.push(tell(SAYS.apply, { day: dayWords(earliest) }))
  }
  const { transition, transitionOn } = window.inputs
  const how =
    TRANSITION_SAYS[
      String(transition ?? '')
        .split(':')
        .at(-1) ?? ''
    ]
  if (how && transitionOn)
    lines.push(tell(SAYS.transition, { day: dayWords(transitionOn as LocalDate), how, version: window.version }))
  const { zh, en } = articleWords(window.article)
  lines.push(
    tell(SAYS.basis, {
      instrument: window.instrument,
      article: { zh, en: en && `, ${en}` },
      rule: window.rule,
      version: window.version,
    }),
  )
  if (window.unsure && window.note) lines.push(tell(SAYS.unsure, { note: window.note }))
  return lines
}
