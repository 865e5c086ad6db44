import type { Words } from '../../kernel/words.ts'
import type { When } from './contract.calendar.ts'

export const WHEN_WORDS: Record<When, Words> = {
  now: { zh: '现在可以申请', en: 'May apply now' },
  from: { zh: '到期后可以申请', en: 'May apply from a day to come' },
  conduct: { zh: '整改后可以申请', en: 'May apply once put right' },
  automatic: { zh: '到期自动停止公示', en: 'Ends by itself' },
  fixed: { zh: '公示期内不得提前停止公示', en: 'Never early' },
  under_way: { zh: '正在办理', en: 'Under way' },
  nothing: { zh: '无需修复', en: 'Nothing to repair' },
  elsewhere: { zh: '由其他渠道受理', en: 'Received elsewhere' },
}

/** Where no single condition of the record says it better. */
export const WHEN_WHY: Record<When, Words> = {
  now: {
    zh: '最短公示期已满，履行义务、纠正失信行为后即可申请。',
    en: 'The shortest period is over; apply once duties are performed and the conduct is corrected.',
  },
  from: { zh: '最短公示期尚未届满。', en: 'The shortest period is not over.' },
  conduct: { zh: '尚有条件未满足。', en: 'A condition is not met yet.' },
  automatic: { zh: '到期自动停止公示，无需申请。', en: 'It ends by itself; no application is needed.' },
  fixed: { zh: '公示期满前不得提前停止公示。', en: 'It cannot end before its term.' },
  under_way: { zh: '已在申请中办理。', en: 'It is in an application already.' },
  nothing: { zh: '未公示或者已经停止公示。', en: 'It is not shown, or no longer.' },
  elsewhere: {
    zh: '修复不由本平台规则调整，请向认定单位申请。',
    en: 'Not governed here; apply to the deciding authority.',
  },
}

/** Where the rules set no shortest period. */
export const NOW_AT_ONCE: Words = {
  zh: '没有最短公示期限制，履行义务、纠正失信行为后即可申请。',
  en: 'There is no shortest period; apply once duties are performed and the conduct is corrected.',
}

/** Where the authority judges by its own sector's rules. */
export const NOW_JUDGED: Words = {
  zh: '没有最短公示期限制；由办理单位依照本行业规定核查，条件和依据在决定文书中写明。',
  en: 'There is no shortest period. The deciding authority checks by its own sector’s rules and states the condition and its basis.',
}

export const CALENDAR_NAME: Words = { zh: '信用修复日历', en: 'Credit repair calendar' }
export const EVENT_WORDS = {
  may: { zh: '可以申请信用修复：{doc}', en: 'Repair may be applied for: {doc}' },
  ends: { zh: '公示期满，次日起不再公示：{doc}', en: 'Last day on which it is shown: {doc}' },
  about: { zh: '{item}，{authority}作出。{why}（{article}）', en: '{item}, by {authority}. {why} ({article})' },
} as const satisfies Record<string, Words>

export const PROMPT_WORDS = {
  title: { zh: '{n}条信息现在可以申请信用修复', en: '{n} records may be repaired now' },
  body: {
    zh: '{name}的下列信息已满最短公示期：{docs}。履行义务、纠正失信行为并作出信用承诺后，可以一键生成修复申请，不收取任何费用。',
    en: 'The shortest period of these records of {name} is over: {docs}. Once duties are performed, the conduct is corrected and the commitment is made, the application can be begun with one click, free of charge.',
  },
  ready: {
    zh: '{name}的下列信息已具备申请条件：{docs}。需要证明的事实已由有关单位共享，一键生成修复申请后签署信用承诺即可提交，不收取任何费用。',
    en: 'These records of {name} are ready: {docs}. Authorities have shared the facts to be proved; begin the application with one click, sign the commitment and submit, free of charge.',
  },
} as const satisfies Record<string, Words>
