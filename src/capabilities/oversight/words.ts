import { REPAIR_ENDINGS } from '../../kernel/closed-sets.ts'
import type { Words } from '../../kernel/words.ts'
import type { Answer, CandidateAction, CandidateState, ReportAction, ReportState } from './states.ts'

/** What is counted: each is a move of an item of repair. */
export const WHATS = ['received', 'passed', 'accepted', ...REPAIR_ENDINGS, 'passed_on', 'came_back'] as const
export type What = (typeof WHATS)[number]
export const WHAT_WORDS: Record<What, Words> = {
  received: { zh: '收到申请', en: 'Received' },
  passed: { zh: '初审通过', en: 'Passed the first review' },
  accepted: { zh: '受理', en: 'Accepted' },
  granted: { zh: '准予修复', en: 'Granted' },
  refused: { zh: '不予修复', en: 'Refused' },
  not_accepted: { zh: '不予受理', en: 'Not accepted' },
  withdrawn: { zh: '申请人撤回', en: 'Withdrawn' },
  lapsed: { zh: '逾期未补正终止', en: 'Lapsed' },
  forged: { zh: '因虚假材料终止', en: 'Ended for false material' },
  revoked: { zh: '撤销准予决定', en: 'Grant revoked' },
  shielded: { zh: '临时屏蔽', en: 'Shielded' },
  plan_completed: { zh: '重整计划执行完毕', en: 'Plan completed' },
  restored: { zh: '恢复公示', en: 'Publication restored' },
  passed_on: { zh: '转异地平台办理', en: 'Passed on to another platform' },
  came_back: { zh: '异地平台退回', en: 'Came back from another platform' },
}
/** Deciding one way or the other. */
export const DECISIONS: readonly What[] = ['granted', 'refused', 'shielded']
export const ACCEPTANCES: readonly What[] = ['accepted', 'not_accepted']
/** By which an application for an item is over; what follows later (a revocation, a restoration) is counted beside it. */
export const ENDINGS = [
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
  'lapsed',
  'forged',
  'shielded',
] as const satisfies readonly What[]
export type Ending = (typeof ENDINGS)[number]

export const GROUPINGS = ['authority', 'division', 'month', 'item'] as const
export type Grouping = (typeof GROUPINGS)[number]
export const GROUPING_WORDS: Record<Grouping, Words> = {
  authority: { zh: '按单位', en: 'By authority' },
  division: { zh: '按区域', en: 'By district' },
  month: { zh: '按月份', en: 'By month' },
  item: { zh: '按信息类别', en: 'By kind of record' },
}

export const FIGURE_WORDS = {
  received: WHAT_WORDS.received,
  accepted: WHAT_WORDS.accepted,
  granted: WHAT_WORDS.granted,
  refused: WHAT_WORDS.refused,
  not_accepted: WHAT_WORDS.not_accepted,
  withdrawn: WHAT_WORDS.withdrawn,
  lapsed: WHAT_WORDS.lapsed,
  forged: WHAT_WORDS.forged,
  revoked: WHAT_WORDS.revoked,
  shielded: WHAT_WORDS.shielded,
  restored: WHAT_WORDS.restored,
  passed_on: WHAT_WORDS.passed_on,
  came_back: WHAT_WORDS.came_back,
  open: { zh: '在办', en: 'Open' },
  overdue: { zh: '在办超期', en: 'Open and overdue' },
  late: { zh: '已办超期环节', en: 'Steps taken late' },
  abnormal: { zh: '异常办结', en: 'Abnormal endings' },
  success: { zh: '成功率', en: 'Success rate' },
  average: { zh: '平均决定用时（工作日）', en: 'Mean time to decide (working days)' },
  averageAccept: { zh: '平均受理用时（工作日）', en: 'Mean time to accept (working days)' },
  averageTotal: { zh: '平均全程用时（工作日）', en: 'Mean time in all (working days)' },
  median: { zh: '决定用时中位数（工作日）', en: 'Median time to decide (working days)' },
  medianAccept: { zh: '受理用时中位数（工作日）', en: 'Median time to accept (working days)' },
  medianTotal: { zh: '全程用时中位数（工作日）', en: 'Median time in all (working days)' },
  nineInTen: { zh: '九成决定用时不超过（工作日）', en: 'Nine in ten decided within (working days)' },
  longest: { zh: '最长决定用时（工作日）', en: 'Longest time to decide (working days)' },
} as const satisfies Record<string, Words>

/** A refusal that names no condition. */
export const NO_CONDITION: Words = {
  zh: '未列明条件（理由见决定书）',
  en: 'No condition named (the reason is in the letter)',
}

export const REPORT_STATE_WORDS: Record<ReportState, Words> = {
  draft: { zh: '草稿', en: 'Draft' },
  published: { zh: '已发布', en: 'Published' },
}
export const REPORT_ACTION_WORDS: Record<ReportAction, Words> = {
  recompute: { zh: '重新计算', en: 'Compute again' },
  publish: { zh: '发布', en: 'Publish' },
}

export const CANDIDATE_STATE_WORDS: Record<CandidateState, Words> = {
  candidate: { zh: '候选', en: 'Candidate' },
  handed_over: { zh: '已移交登记机关', en: 'Handed to the registrar' },
  answered: { zh: '登记机关已答复', en: 'Answered' },
  dropped: { zh: '条件已消失', en: 'Condition gone' },
}
export const CANDIDATE_ACTION_WORDS: Record<CandidateAction, Words> = {
  hand_over: { zh: '移交登记机关', en: 'Hand to the registrar' },
  answer: { zh: '答复', en: 'Answer' },
}
export const ANSWER_WORDS: Record<Answer, Words> = {
  revoked: { zh: '已吊销营业执照', en: 'Business licence revoked' },
  under_way: { zh: '已立案，正在办理', en: 'Case opened, under way' },
  conditions_gone: { zh: '经核实条件已不具备', en: 'On checking, the conditions no longer hold' },
  not_revoked: { zh: '不予吊销', en: 'Not revoked' },
}

/** How the first condition is proven. */
export const PROOFS = ['consecutive_years', 'standing'] as const
export type Proof = (typeof PROOFS)[number]
export const PROOF_WORDS: Record<Proof, Words> = {
  consecutive_years: {
    zh: '连续{years}年因未按规定公示年度报告被列入经营异常名录，均未改正',
    en: 'Listed in {years} consecutive years for not publishing the annual report; none of it mended',
  },
  standing: {
    zh: '因未按规定公示年度报告被列入经营异常名录，已满{years}年未改正',
    en: 'Listed for not publishing the annual report, and not mended for {years} years',
  },
}
export const OUT_OF_REACH: Words = {
  zh: '因通过登记的住所或者经营场所无法取得联系被列入经营异常名录，至今有效',
  en: 'Listed as out of reach at the registered address, and still so',
}

export const RATING_WORDS: Record<1 | 2 | 3 | 4 | 5, Words> = {
  5: { zh: '非常满意', en: 'Very satisfied' },
  4: { zh: '满意', en: 'Satisfied' },
  3: { zh: '基本满意', en: 'Fairly satisfied' },
  2: { zh: '不满意', en: 'Dissatisfied' },
  1: { zh: '非常不满意', en: 'Very dissatisfied' },
}
/** Up to this many points a reason has to be chosen. */
export const REASON_UP_TO = 2
export const RATING_REASONS = [
  'fast',
  'clear',
  'polite',
  'few_materials',
  'slow',
  'asked_again',
  'unclear',
  'impolite',
  'system',
  'fee_asked',
  'other',
] as const
export type RatingReason = (typeof RATING_REASONS)[number]
export const REASON_WORDS: Record<RatingReason, Words> = {
  fast: { zh: '办理及时', en: 'Handled in good time' },
  clear: { zh: '指引和答复清楚', en: 'Clear guidance and answers' },
  polite: { zh: '服务态度好', en: 'Courteous' },
  few_materials: { zh: '材料精简', en: 'Little material asked for' },
  slow: { zh: '办理拖延', en: 'Slow' },
  asked_again: { zh: '反复要求补正', en: 'Asked again and again' },
  unclear: { zh: '理由或者指引不清楚', en: 'Unclear reasons or guidance' },
  impolite: { zh: '服务态度差', en: 'Discourteous' },
  system: { zh: '平台不好用', en: 'The platform is hard to use' },
  fee_asked: { zh: '要求缴费或者指定机构', en: 'Asked for a fee, or sent to an agent' },
  other: { zh: '其他', en: 'Other' },
}
/** What may be said with which points. */
export const PRAISE: readonly RatingReason[] = ['fast', 'clear', 'polite', 'few_materials', 'other']
export const COMPLAINTS: readonly RatingReason[] = [
  'slow',
  'asked_again',
  'unclear',
  'impolite',
  'system',
  'fee_asked',
  'other',
]
export const REPLY_STATES = ['needed', 'overdue', 'replied', 'none'] as const
export type ReplyState = (typeof REPLY_STATES)[number]
export const REPLY_STATE_WORDS: Record<ReplyState, Words> = {
  needed: { zh: '待回复', en: 'Reply owed' },
  overdue: { zh: '逾期未回复', en: 'Reply overdue' },
  replied: { zh: '已回复', en: 'Replied' },
  none: { zh: '无需回复', en: 'No reply needed' },
}
