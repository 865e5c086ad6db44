import type { Words } from '../../kernel/words.ts'
import type { AgreementState, MeasureKind, MeasureState, TalkState } from './states.ts'

export const AGREEMENT_STATE_WORDS: Record<AgreementState, Words> = {
  draft: { zh: '待上传签署件', en: 'To be signed' },
  signed: { zh: '已签署', en: 'Signed' },
  ended: { zh: '已终止', en: 'Ended' },
  dropped: { zh: '已作废', en: 'Dropped' },
}
export const MEASURE_KIND_WORDS: Record<MeasureKind, Words> = {
  suspend: { zh: '暂停共享', en: 'Suspend' },
  cut_off: { zh: '取消共享', en: 'Cut off' },
  reinstate: { zh: '恢复共享', en: 'Reinstate' },
}
export const MEASURE_STATE_WORDS: Record<MeasureState, Words> = {
  proposed: { zh: '待审定', en: 'Proposed' },
  approved: { zh: '已审定执行', en: 'Approved' },
  rejected: { zh: '未予同意', en: 'Rejected' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}

export const TALK_STATE_WORDS: Record<TalkState, Words> = {
  called: { zh: '已通知约谈', en: 'Summoned' },
  asked: { zh: '已约谈，整改中', en: 'Summoned, mending' },
  mended: { zh: '已整改', en: 'Mended' },
  not_mended: { zh: '未按要求整改', en: 'Not mended' },
  dropped: { zh: '已取消', en: 'Called off' },
}

/** How a third party stands. */
export const FOOTINGS = ['in_force', 'ending', 'grace', 'missing', 'expired'] as const
export type Footing = (typeof FOOTINGS)[number]
export const FOOTING_WORDS: Record<Footing, Words> = {
  in_force: { zh: '协议有效', en: 'Agreement in force' },
  ending: { zh: '协议即将到期', en: 'Agreement about to end' },
  grace: { zh: '尚未登记协议', en: 'No agreement yet' },
  missing: { zh: '逾期未登记协议，已停止提供新信息', en: 'No agreement in time; nothing new is handed over' },
  expired: { zh: '协议已到期，已停止提供新信息', en: 'Agreement ended; nothing new is handed over' },
}

export const OWED_STATES = ['in_time', 'done_late', 'waiting', 'late'] as const
export type OwedState = (typeof OWED_STATES)[number]
export const OWED_STATE_WORDS: Record<OwedState, Words> = {
  in_time: { zh: '按期撤下', en: 'Taken down in time' },
  done_late: { zh: '逾期撤下', en: 'Taken down late' },
  waiting: { zh: '未到期', en: 'Within its term' },
  late: { zh: '逾期未撤下', en: 'Late' },
}

export const AGREEMENT_MESSAGES = {
  endingTitle: { zh: '“{name}”的信息共享协议将于{n}日后到期', en: 'The agreement of {name} ends in {n} days' },
  endingBody: {
    zh: '协议{number}的有效期至{day}。到期未续签的，自次日起停止向其提供新的信息。',
    en: 'Agreement {number} holds until {day}. Unless it is renewed, nothing new is handed over from the next day.',
  },
  endedTitle: { zh: '“{name}”的信息共享协议已到期', en: 'The agreement of {name} has ended' },
  endedBody: {
    zh: '已停止向其提供新的信息；其持有的信息停止公示的，仍会通知其撤下。',
    en: 'Nothing new is handed over; it is still told what to take down.',
  },
  proposedTitle: { zh: '“{name}”{kind}待审定', en: '{kind} of {name}: to be decided' },
  calledTitle: { zh: '约谈通知', en: 'Summons' },
  calledBody: {
    zh: '{name}：因贵单位更新信用修复信息不及时（逾期未撤下{late}条，逾期撤下{doneLate}条），请贵单位{capacity}{person}于{day}接受约谈。事由：{reason}。依据：{law}。联系单位：{office}。',
    en: '{name}: repaired records were not taken down in time ({late} not down, {doneLate} done late). {person} ({capacity}) is asked to attend on {day}. Reason: {reason}. Basis: {law}. Please turn to {office}.',
  },
  askedTitle: { zh: '整改要求', en: 'What you are asked to mend' },
  askedBody: {
    zh: '{name}：根据{held}约谈情况，请贵单位于{day}前完成整改，并书面反馈。整改要求：{asks}。联系单位：{office}。',
    en: '{name}: following the talk of {held}, please mend the following by {day} and answer in writing: {asks}. Please turn to {office}.',
  },
  talkLateTitle: { zh: '“{name}”整改期限已过', en: '{name}: the day for mending has passed' },
  talkLateBody: {
    zh: '要求其于{day}前完成整改，尚未登记整改结果。请核实后登记；未按要求整改的，可以提出暂停或者取消共享。',
    en: 'It was to mend by {day}, and no result has been entered. Check and enter it; where it has not mended, suspension or cut-off may be proposed.',
  },
  proposedBody: {
    zh: '理由：{reason}。请由提出人以外的人员审定。',
    en: 'Reason: {reason}. Somebody other than the proposer decides.',
  },
} as const satisfies Record<string, Words>
