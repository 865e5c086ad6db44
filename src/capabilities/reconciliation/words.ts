import type { Words } from '../../kernel/words.ts'

export const STATEMENT_STATES = ['running', 'done', 'failed', 'made_up'] as const
export type StatementState = (typeof STATEMENT_STATES)[number]
export const STATEMENT_STATE_WORDS: Record<StatementState, Words> = {
  running: { zh: '比对中', en: 'Under way' },
  done: { zh: '已完成', en: 'Done' },
  failed: { zh: '未完成', en: 'Not carried out' },
  made_up: { zh: '已补做', en: 'Made up' },
}

/** Why a day's exchange could not be carried out. */
export const FAULTS = {
  not_run: { zh: '当日平台未运行或者未到共享时刻', en: 'The platform was not running when it was due' },
  not_reached: { zh: '无法连接公示系统', en: 'The publicity system could not be reached' },
  answered_badly: { zh: '公示系统返回错误', en: 'The publicity system answered with an error' },
  signature: { zh: '公示系统的签名无法核验', en: "The publicity system's signature could not be verified" },
  unreadable: {
    zh: '公示系统返回的内容不符合约定格式',
    en: 'What the publicity system sent does not keep to the format',
  },
  other_day: { zh: '公示系统提供的不是当日清单', en: 'The list is not of this day' },
  incomplete: {
    zh: '公示系统的清单不完整，条数与其声明不符',
    en: 'The list is not complete: it states another number of rows',
  },
  broken_off: { zh: '比对中断', en: 'The comparison broke off' },
} as const satisfies Record<string, Words>
export type Fault = keyof typeof FAULTS

export const KINDS = ['not_there', 'not_here', 'other_dates', 'other_content'] as const
export type Kind = (typeof KINDS)[number]
export const KIND_WORDS: Record<Kind, Words> = {
  not_there: { zh: '本平台有，公示系统未公示', en: 'Here and not there' },
  not_here: { zh: '公示系统公示，本平台未公示', en: 'There and not here' },
  other_dates: { zh: '公示起止日不一致', en: 'Other dates' },
  other_content: { zh: '内容或者版本不一致', en: 'Other content or version' },
}

export const CAUSES = [
  'not_sent',
  'not_acknowledged',
  'refused_there',
  'expired_there',
  'result_not_received',
  'rules_differ',
  'not_held',
  'unknown',
] as const
export type Cause = (typeof CAUSES)[number]
export const CAUSE_WORDS: Record<Cause, Words> = {
  not_sent: { zh: '尚未送达公示系统', en: 'Not sent yet' },
  not_acknowledged: { zh: '已送达，公示系统未确认', en: 'Sent and not acknowledged' },
  refused_there: { zh: '公示系统退回', en: 'Sent back by the publicity system' },
  expired_there: {
    zh: '在公示系统公示期已满，在本平台尚未期满',
    en: 'Its period there is over, and not yet here',
  },
  result_not_received: { zh: '公示系统的处理结果本平台尚未接收', en: 'Their result has not been received here yet' },
  rules_differ: { zh: '两部门规章的分类或者起算日不同', en: 'The two orders class or count it differently' },
  not_held: { zh: '本平台没有归集到该信息', en: 'The record has not been collected here' },
  unknown: { zh: '原因不明', en: 'Unknown' },
}
/** What to do about it. */
export const ADVICE_WORDS: Record<Cause, Words> = {
  not_sent: {
    zh: '重新发送，由下一次比对核实是否一致。',
    en: 'Send it again; the next comparison shows whether they agree.',
  },
  not_acknowledged: {
    zh: '重新发送。多次未确认的，与公示系统联系人核对。',
    en: 'Send it again. If it stays unacknowledged, speak with the contact of the publicity system.',
  },
  refused_there: {
    zh: '查看退回原因，由认定单位更正后重新发送；退回有理的，写明理由后办结。',
    en: 'See why it was sent back; once the authority has corrected it, send it again. If they are right, close it with a reason.',
  },
  expired_there: {
    zh: '属于两部门规章规定不同。无需处理的记为认可；地方规定要求同步停止公示的，接收其结果。',
    en: 'The two orders rule differently. Accept it, or take the result in where a local rule has both end together.',
  },
  result_not_received: {
    zh: '接收公示系统的处理结果，本平台同步处理。',
    en: 'Take their result in, so that the same is done here.',
  },
  rules_differ: {
    zh: '属于两部门规章规定不同，记为认可即可；规则或者日期变化后会重新比对。',
    en: 'The two orders rule differently: accept it. It comes up again when rules or dates change.',
  },
  not_held: {
    zh: '提醒认定单位归集该信息；不应归集的，写明理由后办结。',
    en: 'Have the authority report it; if it should not be collected, close it with a reason.',
  },
  unknown: {
    zh: '与公示系统联系人核对该信息，重新发送或者写明理由后办结。',
    en: 'Compare it with the contact of the publicity system, then send it again or close it with a reason.',
  },
}

/** How a difference came to its end. */
export const CLOSED_WAYS = ['resend', 'take_in', 'accept', 'person', 'itself'] as const
export type ClosedWay = (typeof CLOSED_WAYS)[number]
export const CLOSED_WAY_WORDS: Record<ClosedWay, Words> = {
  resend: { zh: '重新发送后一致', en: 'Agreed after it was sent again' },
  take_in: { zh: '接收结果后一致', en: 'Agreed after their result was taken in' },
  accept: { zh: '依规则认可', en: 'Accepted, as the rules have it' },
  person: { zh: '人工办结', en: 'Closed by a person' },
  itself: { zh: '再次比对时已一致', en: 'No longer found' },
}

export const RESULT_OUTCOMES = ['applied', 'already', 'refused', 'pending'] as const
export type ResultOutcome = (typeof RESULT_OUTCOMES)[number]

/** What the publicity system tells of a record. */
export const RESULT_TYPES = [
  'publicity.repaired',
  'publicity.delisted',
  'publicity.expired',
  'publicity.corrected',
] as const
export type ResultType = (typeof RESULT_TYPES)[number]
export const RESULT_TYPE_WORDS: Record<ResultType, Words> = {
  'publicity.repaired': { zh: '准予信用修复', en: 'Repair granted' },
  'publicity.delisted': { zh: '移出名录（名单）', en: 'Taken off the list' },
  'publicity.expired': { zh: '公示期届满停止公示', en: 'Its period is over' },
  'publicity.corrected': { zh: '更正', en: 'Corrected' },
}

/** Sentences that a result's outcome is told in. */
export const NOTES = {
  applied: { zh: '已在本平台停止公示。', en: 'No longer shown here.' },
  already: { zh: '本平台此前已停止公示。', en: 'It was no longer shown here.' },
  notHeld: {
    zh: '本平台没有归集到该信息，归集后再处理。',
    en: 'The record has not been collected here; it waits until it is.',
  },
  outOfScope: {
    zh: '该信息不在与公示系统共享的范围内。',
    en: 'The record lies outside what is shared with the publicity system.',
  },
  ownPeriod: {
    zh: '公示期届满在两系统分别计算，本平台按第36号令的公示期继续公示。',
    en: 'The two systems count on their own; here it stays shown for the period of Order 36.',
  },
  byAuthority: {
    zh: '更正须由认定单位在本平台办理，已转差异清单。',
    en: 'A correction is for the deciding authority to make here; it stands in the list of differences.',
  },
  unreadable: { zh: '内容不符合约定格式。', en: 'It does not keep to the format.' },
} as const satisfies Record<string, Words>

/** Every figure of a statement, in its order. */
export const FIGURE_WORDS = {
  sent: { zh: '本平台发出', en: 'Sent' },
  sentAcknowledged: { zh: '其中：已确认', en: 'Acknowledged' },
  sentRefused: { zh: '其中：被退回', en: 'Sent back' },
  sentPending: { zh: '其中：待确认', en: 'Pending' },
  sentDead: { zh: '其中：未能送达', en: 'Not delivered' },
  received: { zh: '收到公示系统处理结果', en: 'Results received' },
  receivedApplied: { zh: '其中：已同步处理', en: 'Carried out' },
  receivedAlready: { zh: '其中：无需处理', en: 'Nothing to do' },
  receivedRefused: { zh: '其中：不予接收', en: 'Refused' },
  receivedPending: { zh: '其中：待处理', en: 'Pending' },
  shownHere: { zh: '本平台公示', en: 'Shown here' },
  shownThere: { zh: '公示系统公示', en: 'Shown there' },
  same: { zh: '两侧一致', en: 'The same on both' },
  sameOtherTerms: { zh: '其中：两部门规章公示期不同', en: 'Of these: other terms by the two orders' },
  ruledHere: { zh: '仅本平台公示，依规则属正常', en: 'Here only, as the rules have it' },
  ruledThere: { zh: '仅公示系统公示，依规则属正常', en: 'There only, as the rules have it' },
  differingHere: { zh: '本平台公示且有差异', en: 'Shown here and differing' },
  differingThere: { zh: '公示系统公示且有差异', en: 'Shown there and differing' },
  listedTwice: { zh: '公示系统清单重复行', en: 'Rows listed twice' },
  openBefore: { zh: '上期未结差异', en: 'Open before' },
  found: { zh: '本期新发现', en: 'Found' },
  closed: { zh: '本期办结', en: 'Closed' },
  openAfter: { zh: '期末未结差异', en: 'Open now' },
} as const satisfies Record<string, Words>
