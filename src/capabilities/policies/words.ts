import type { Words } from '../../kernel/words.ts'
import type { Figure } from '../../kernel/window-change.ts'
import type { Group } from './contract.ts'
import type { ChangeKind, PassState } from './states.ts'

export const KIND_WORDS: Record<ChangeKind, Words> = {
  rows: { zh: '规则文件', en: 'Rows of the rules' },
  sector: { zh: '行业分类标准', en: 'A sector’s classification' },
  switch: { zh: '待确认事项', en: 'An unconfirmed row' },
}
export const PASS_WORDS: Record<PassState, Words> = {
  waiting: { zh: '等待开始', en: 'Waiting' },
  running: { zh: '正在进行', en: 'Under way' },
  done: { zh: '已完成', en: 'Done' },
  cancelled: { zh: '已停止', en: 'Stopped' },
}

/** Each figure as a label of its rows, and as a sentence with its number. */
export const FIGURE_WORDS: Record<Figure, Words> = {
  changed: { zh: '公示期或者类别变化', en: 'Windows that change' },
  stops: { zh: '停止公示', en: 'Stop being shown' },
  begins: { zh: '开始公示', en: 'Begin to be shown' },
  shorter: { zh: '公示期缩短', en: 'Shown for a shorter time' },
  longer: { zh: '公示期延长', en: 'Shown for a longer time' },
  class: { zh: '失信类别变化', en: 'Class changes' },
  repairable: { zh: '变为可以申请修复', en: 'Become repairable' },
  unrepairable: { zh: '变为不能申请修复', en: 'Stop being repairable' },
  basis: { zh: '仅依据变化', en: 'Only the basis changes' },
}
export const FIGURE_SENTENCES: Record<Figure, Words> = {
  changed: { zh: '{n}条信息的公示期或者类别发生变化', en: '{n} windows change' },
  stops: { zh: '{n}条于施行当日停止公示', en: '{n} stop being shown on its first day' },
  begins: { zh: '{n}条于施行当日开始公示', en: '{n} begin to be shown on its first day' },
  shorter: { zh: '{n}条公示期缩短', en: '{n} are shown for a shorter time' },
  longer: { zh: '{n}条公示期延长', en: '{n} are shown for a longer time' },
  class: { zh: '{n}条失信类别改变', en: '{n} change their class' },
  repairable: { zh: '{n}条于施行当日变为可以申请修复', en: '{n} become repairable on its first day' },
  unrepairable: { zh: '{n}条于施行当日变为不能申请修复', en: '{n} stop being repairable on its first day' },
  basis: {
    zh: '{n}条公示期不变，仅所依据的规则版本变化',
    en: '{n} stay as they are and rest on another rule or version',
  },
}

export const GROUP_WORDS: Record<Group, Words> = {
  credit_china: { zh: '信用网站', en: 'Credit websites' },
  necips: { zh: '企业信用信息公示系统', en: 'Enterprise publicity system' },
  tax: { zh: '税务系统', en: 'Tax system' },
  court: { zh: '法院系统', en: 'Courts' },
  rating: { zh: '行业信用评价', en: 'Industry ratings' },
  routes: { zh: '受理分工', en: 'Routing' },
  terms: { zh: '办理时限', en: 'Terms' },
  settings: { zh: '开关与地方安排', en: 'Switches and local arrangements' },
}
export const TRANSITION_WORDS: Record<string, Words> = {
  old_rule: { zh: '此前认定的信息适用原规则', en: 'Earlier records stay under the older rule' },
  new_rule: { zh: '此前认定的信息改用新规则', en: 'Earlier records go over to the new rule' },
  more_favourable: {
    zh: '此前认定的信息从新旧规则中取对主体有利者',
    en: 'Of the older and the new rule the one more favourable to the subject',
  },
}
export const NATIONAL: Words = { zh: '全国', en: 'National' }
