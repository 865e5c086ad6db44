import type { MaterialRule, RouteRule } from './policy.ts'
import { type Period, parseDay } from './time.ts'
import { dayWords } from './window.ts'
import type { Words } from './words.ts'

/** What rows of the rules are called by whoever reads them. */

const PERIOD = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/
const plural = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

/** P3M → 3个月, 3 months. */
export const periodWords = (period: Period): Words => {
  const [, y, m, d] = (PERIOD.exec(period) ?? []).map(Number)
  const parts: [string, string][] = []
  if (y) parts.push([`${y}年`, plural(y, 'year')])
  if (m) parts.push([`${m}个月`, plural(m, 'month')])
  if (d) parts.push([`${d}日`, plural(d, 'day')])
  return { zh: parts.map((p) => p[0]).join(''), en: parts.map((p) => p[1]).join(' ') }
}

export const DECIDER_WORDS: Record<RouteRule['decider'], Words> = {
  finder: { zh: '由作出决定的单位办理', en: 'decided by the authority that made the decision' },
  registry_authority: {
    zh: '由登记地市场监督管理部门办理',
    en: 'decided by the market supervision authority of the place of registration',
  },
  lister: { zh: '由列入名单的单位办理', en: 'decided by the authority that made the entry' },
}

export const REQUIRED_WORDS: Record<MaterialRule['required'], Words> = {
  always: { zh: '必须提供', en: 'always' },
  unless_shared: { zh: '能够通过数据共享获取的，不必提供', en: 'not needed where it can be had by data sharing' },
  bankruptcy: { zh: '破产重整、和解时提供', en: 'in bankruptcy reorganisation or settlement' },
  on_request: { zh: '依照规定需要时提供', en: 'only where the rules ask for it' },
}

export const STEP_WORDS: Record<string, Words> = {
  first_review: { zh: '信用牵头部门初审', en: 'First review by the credit office' },
  accept: { zh: '决定是否受理（材料不齐的，一次性告知）', en: 'Acceptance, or one notice of everything missing' },
  decide: { zh: '作出是否准予修复的决定', en: 'Decision' },
  decide_abnormal: {
    zh: '作出是否移出经营异常名录的决定',
    en: 'Decision on removal from the list of abnormal operations',
  },
  total: { zh: '一般情况下从申请到反馈结果', en: 'Normally from application to result' },
  execute: { zh: '在系统中停止公示', en: 'Stopping publication in the system' },
  carry_out: { zh: '在系统中停止公示', en: 'Stopping publication in the system' },
  push: { zh: '推送给办理单位', en: 'Passing on to the deciding authority' },
  push_province: {
    zh: '跨省推送至登记地（住所地）',
    en: 'Passing on to the place of registration in another province',
  },
  push_cross_province: { zh: '跨省推送至登记地', en: 'Passing on to the place of registration in another province' },
  shield: { zh: '破产重整期间临时屏蔽', en: 'Temporary shield in reorganisation' },
  withdraw_annulled: {
    zh: '原决定被撤销、变更的，撤回公示',
    en: 'Withdrawal where the decision was annulled or changed',
  },
  stop: { zh: '停止公示', en: 'Stopping publication' },
  sync: { zh: '同步其他部门的修复结果', en: 'Taking over the repair decided elsewhere' },
  objection: { zh: '核查异议并反馈结果', en: 'Verification of the objection and answer' },
  push_objection: { zh: '将异议推送给认定单位', en: 'Passing the objection on to the deciding authority' },
}

export const STARTS_WORDS: Record<string, Words> = {
  pushed: { zh: '自收到推送之日起', en: 'from the day it is passed on' },
  applied: { zh: '自申请之日起', en: 'from the application' },
  received: { zh: '自收到之日起', en: 'from receipt' },
  accepted: { zh: '自受理之日起', en: 'from acceptance' },
  decided: { zh: '自作出决定之日起', en: 'from the decision' },
  verified: { zh: '自查实之日起', en: 'from verification' },
  annulled: { zh: '自决定被撤销之日起', en: 'from the annulment' },
}

/** Switches of a jurisdiction that people may want to know. */
export const SETTING_WORDS: Record<string, Words> = {
  first_review: { zh: '信用牵头部门初审', en: 'First review by the credit office' },
  notice_items: { zh: '决定书与信用修复告知书同时送达的范围', en: 'Decisions delivered together with a repair notice' },
  window_items: { zh: '综合窗口受理的事项', en: 'Taken in at the window' },
  window_accepts: { zh: '综合窗口受理申请', en: 'The window takes applications' },
  one_form: { zh: '一张申请表', en: 'One form' },
  report_chain: { zh: '逐级报送', en: 'Reporting chain' },
  result_exchange: { zh: '修复结果共享频次', en: 'Exchange of repair results' },
  mark_pending_objection: { zh: '异议处理期间加注标识', en: 'Entries under objection are marked' },
  unperformed_at_maximum: { zh: '最长公示期届满但义务未履行的', en: 'Duties unperformed when the longest period ends' },
  repair_certificate: { zh: '出具信用修复证明', en: 'Certificate of repair' },
  own_initiative_objection: { zh: '认定单位主动异议', en: 'Objections of the authority’s own motion' },
  prior_notice_of_listing: { zh: '列入名单前事先告知', en: 'Notice before an entry on a list' },
  rating_after_service: { zh: '办结后评价服务', en: 'Rating of the service' },
  fees_allowed: { zh: '收取费用', en: 'Fees' },
}

export const SETTING_VALUES: Record<string, Words> = {
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  on: { zh: '实行', en: 'In use' },
  off: { zh: '不实行', en: 'Not in use' },
  stop: { zh: '停止公示', en: 'stops being shown' },
  keep: { zh: '继续公示', en: 'stays shown' },
  county: { zh: '县（区）', en: 'county' },
  city: { zh: '市', en: 'city' },
  province: { zh: '省', en: 'province' },
  P1D: { zh: '每日', en: 'daily' },
}

/** A version of a system's rules by its first day: ndrc-36@2026-04-01 → 2026年4月1日起的版本. */
export const versionWords = (version: string): Words => {
  const day = parseDay(version.split('@').at(-1) ?? '')
  if (!day) return { zh: version, en: version }
  const { zh, en } = dayWords(day)
  return { zh: `${zh}起的版本`, en: `the version from ${en}` }
}
