import type { Words } from '../../kernel/words.ts'
import type { AgreementState, MeasureKind, MeasureState } from './states.ts'

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
  proposedBody: {
    zh: '理由：{reason}。请由提出人以外的人员审定。',
    en: 'Reason: {reason}. Somebody other than the proposer decides.',
  },
} as const satisfies Record<string, Words>
