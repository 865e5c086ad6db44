import { periodWords, STARTS_WORDS } from '../../kernel/policy-words.ts'
import type { ConsequenceRule, TermRule } from '../../kernel/policy.ts'
import { type Words, say } from '../../kernel/words.ts'

/** Sentences made of a rule's own values: nothing in them is written twice. */

const W = {
  workdays: { zh: '{n}个工作日', en: '{n} working days' },
  oneWorkday: { zh: '1个工作日', en: '1 working day' },
  days: { zh: '{n}日', en: '{n} days' },
  within: { zh: '{starts}{length}内', en: 'within {length} {starts}' },
  bare: { zh: '{length}内', en: 'within {length}' },
  extend: { zh: '；{on}的，可以延长{length}', en: '; may be extended by {length} where {on}' },
  extendOpen: { zh: '；{on}的，可以延长', en: '; may be extended where {on}' },
  noLength: { zh: '未规定具体时限', en: 'no length is set' },
} as const satisfies Record<string, Words>
const both = (words: Words, params: Record<string, unknown>): Words => ({
  zh: say(words, 'zh', params),
  en: say(words, 'en', params),
})
const workdayWords = (n: number): Words => (n === 1 ? W.oneWorkday : both(W.workdays, { n }))

/** Of a time limit: what starts it, how long it is, by how much it may grow. */
export const termWords = (term: TermRule): Words => {
  const length =
    term.workdays !== null
      ? workdayWords(term.workdays)
      : term.days !== null
        ? both(W.days, { n: term.days })
        : term.period
          ? periodWords(term.period)
          : null
  const starts = STARTS_WORDS[term.starts]
  const first = !length ? W.noLength : starts ? both(W.within, { starts, length }) : both(W.bare, { length })
  const longer = !term.extend
    ? { zh: '', en: '' }
    : term.extend.workdays === null
      ? both(W.extendOpen, { on: term.extend.on })
      : both(W.extend, { on: term.extend.on, length: workdayWords(term.extend.workdays) })
  return { zh: first.zh + longer.zh, en: first.en + longer.en }
}

const EVENT: Record<ConsequenceRule['event'], Words> = {
  repaired: {
    zh: '准予修复的：{within}停止公示，不再共享和使用，解除相应措施',
    en: 'Granted: {within}it stops being shown, shared and used, and measures are lifted',
  },
  false_material: {
    zh: '提供虚假材料或者承诺严重不实的：{details}',
    en: 'False material or a seriously untrue commitment: {details}',
  },
  bankruptcy_plan: {
    zh: '人民法院裁定批准重整计划或者认可和解协议的：认定单位{must}{within}临时屏蔽',
    en: 'A court has approved a reorganisation plan or settlement: the authority {must} shield the entry {within}for the time being',
  },
  bankruptcy_failed: {
    zh: '重整计划、和解协议未能执行的：恢复公示',
    en: 'The plan or settlement fails: the entry is shown again',
  },
  deregistered: { zh: '主体注销的：停止公示', en: 'The subject is deregistered: it stops being shown' },
  annulled: {
    zh: '原决定被撤销、变更的：{within}撤回或者更正',
    en: 'The decision is annulled or changed: {within}it is withdrawn or corrected',
  },
  left_list: {
    zh: '移出名单的：据以列入的行政处罚信息同时停止公示（{article}另有规定的除外）',
    en: 'Taken off a list: the penalty it was listed for stops being shown as well, save where {article} says otherwise',
  },
  led_to_ended: {
    zh: '抽查检查导致的处罚、列入终止的：抽查检查结果同时停止公示',
    en: 'What a spot check led to has ended: its result stops being shown at the same time',
  },
}
const FORGED = {
  bar: { zh: '{period}内不得申请信用修复', en: 'no application for {period}' },
  shown: { zh: '认定结果公示{period}', en: 'the finding is shown for {period}' },
  fixed: { zh: '不得提前终止公示', en: 'no early end' },
  ends: { zh: '终止办理，已经准予的撤销决定', en: 'the application ends, or the decision is revoked' },
  restart: {
    zh: '已准予修复的，撤销决定并重新计算公示期',
    en: 'a repair already granted is revoked and the period starts anew',
  },
} as const satisfies Record<string, Words>
const MUST: Words = { zh: '应当', en: 'shall' }
const MAY: Words = { zh: '可以', en: 'may' }

/** What follows, said from the row. */
export const consequenceWords = (row: ConsequenceRule): Words => {
  const length = row.workdays === null ? null : workdayWords(row.workdays)
  const within: Words = length ? { zh: `${length.zh}内`, en: `within ${length.en} ` } : { zh: '', en: '' }
  const parts: Words[] = [
    ...(row.barPeriod ? [both(FORGED.bar, { period: periodWords(row.barPeriod) })] : []),
    ...(row.publishPeriod ? [both(FORGED.shown, { period: periodWords(row.publishPeriod) })] : []),
    ...(row.earlyEnd ? [] : [FORGED.fixed]),
    ...(row.restartClock ? [FORGED.restart] : []),
  ]
  if (!parts.length) parts.push(FORGED.ends)
  const details: Words = { zh: parts.map((p) => p.zh).join('，'), en: parts.map((p) => p.en).join(', ') }
  const article: Words = { zh: '规则', en: 'the rule' }
  return both(EVENT[row.event], { within, details, must: row.mandatory ? MUST : MAY, article })
}
