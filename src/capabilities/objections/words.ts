import type { Words } from '../../kernel/words.ts'
import type {
  ActAction,
  FindingKind,
  FindingState,
  ObjectionState,
  Outcome,
  ReportAction,
  ReportState,
  ReviewAction,
  ReviewKind,
  ReviewOutcome,
  ReviewState,
  WayIn,
} from './states.ts'

/** Five grounds about a record (E1), its period of publicity, and two about a repair (Order 36 art. 18). */
export const RECORD_GROUNDS = [
  'wrong_content',
  'omission',
  'double_publicity',
  'should_not_be_shown',
  'shown_too_long',
  'wrong_period',
] as const
export const REPAIR_GROUNDS = ['not_accepted', 'not_granted'] as const
export const GROUNDS = [...RECORD_GROUNDS, ...REPAIR_GROUNDS] as const
export type Ground = (typeof GROUNDS)[number]
export const isRepairGround = (ground: Ground): boolean => REPAIR_GROUNDS.some((g) => g === ground)

export const GROUND_WORDS: Record<Ground, Words> = {
  wrong_content: { zh: '信息内容错误', en: 'The content is wrong' },
  omission: { zh: '信息内容有遗漏', en: 'Something is left out' },
  double_publicity: { zh: '同一信息重复公示', en: 'The same information is shown twice' },
  should_not_be_shown: { zh: '不应公示的信息被公示', en: 'It should not be shown' },
  shown_too_long: { zh: '超过公示期限仍在公示', en: 'It is shown for too long' },
  wrong_period: { zh: '公示期限不符合规定', en: 'The period of publicity is wrong' },
  not_accepted: { zh: '对信用修复不予受理决定有异议', en: 'A repair was not accepted' },
  not_granted: { zh: '对不予信用修复决定有异议', en: 'A repair was refused' },
}
/** What to write and to bring, one sentence a ground. */
export const GROUND_HINTS: Record<Ground, Words> = {
  wrong_content: {
    zh: '请写明哪一项有误、正确的内容是什么，并附决定文书等证明材料。不是本单位信息的，也请选择此项。',
    en: 'Say which field is wrong and what is right, and attach the decision. Choose this too if the record is not yours.',
  },
  omission: {
    zh: '请写明遗漏的内容，并附能够证明的材料。',
    en: 'Say what is left out and attach what shows it.',
  },
  double_publicity: {
    zh: '请写明与哪一条信息重复（决定文书号、认定单位）。',
    en: 'Say which other record it repeats: its number and its authority.',
  },
  should_not_be_shown: {
    zh: '请写明不应公示的理由，例如决定已被撤销、属于轻微失信信息、涉及商业秘密或者个人信息。',
    en: 'Say why: the decision was set aside, it is a minor matter, or it discloses secrets or personal data.',
  },
  shown_too_long: {
    zh: '请写明您认为公示期限届满的日期和理由。',
    en: 'Say on which day the period was over, and why.',
  },
  wrong_period: {
    zh: '请写明您认为正确的起止日期和理由。',
    en: 'Say from and until which day it should be shown, and why.',
  },
  not_accepted: {
    zh: '请写明不服不予受理决定的理由，并附相关材料。',
    en: 'Say why it should have been accepted, and attach what supports it.',
  },
  not_granted: {
    zh: '请写明不服不予修复决定的理由，并附相关材料。',
    en: 'Say why it should have been granted, and attach what supports it.',
  },
}

export const WAY_IN_WORDS: Record<WayIn, Words> = {
  online: { zh: '网上提出', en: 'Online' },
  window: { zh: '窗口代办', en: 'At the window' },
  report: { zh: '公众反映', en: 'Reported by the public' },
  own_motion: { zh: '认定单位主动异议', en: 'Of the authority’s own motion' },
  self_check: { zh: '平台自查', en: 'Found by the self-check' },
}
export const STATE_WORDS: Record<ObjectionState, Words> = {
  draft: { zh: '未提交', en: 'Draft' },
  submitted: { zh: '已提交，待推送', en: 'Submitted, to be passed on' },
  verifying: { zh: '核查中', en: 'Being checked' },
  upheld: { zh: '异议成立，待落实', en: 'Upheld, to be carried out' },
  partly_upheld: { zh: '部分成立，待落实', en: 'Upheld in part, to be carried out' },
  rejected: { zh: '异议不成立', en: 'Rejected' },
  applied: { zh: '异议成立，已处理', en: 'Upheld and carried out' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}
/** What the state means for the applicant, one sentence each. */
export const NEXT_WORDS: Record<ObjectionState, Words> = {
  draft: { zh: '请补充说明和材料后提交。', en: 'Add your statement and evidence, then submit.' },
  submitted: {
    zh: '平台将在规定期限内推送认定单位核查。',
    en: 'The platform passes it on to the authority within the term set for that.',
  },
  verifying: {
    zh: '认定单位正在核查，核查结果将通过本平台告知。需要延长核查期限的，会提前告知。',
    en: 'The authority is checking. You will get the result here, and be told beforehand if it needs longer.',
  },
  upheld: {
    zh: '异议成立。原修复申请重新办理，无需再次提交，办理进展可以在修复申请中查看。',
    en: 'Upheld. Your application is dealt with again; you need not apply anew, and see in it how it goes on.',
  },
  partly_upheld: {
    zh: '异议部分成立。原修复申请重新办理，无需再次提交，办理进展可以在修复申请中查看。',
    en: 'Upheld in part. Your application is dealt with again; you need not apply anew, and see in it how it goes on.',
  },
  rejected: {
    zh: '经核查异议不成立，理由见答复。对答复不服的，可以依法申请行政复议或者提起行政诉讼。',
    en: 'It was checked and rejected; the reasons are in the answer. You may ask for reconsideration or go to court.',
  },
  applied: {
    zh: '异议成立，有关信息已经更正或者撤回，结果已发送给各使用单位。',
    en: 'Upheld. The information was corrected or withdrawn, and whoever holds it has been told.',
  },
  withdrawn: { zh: '您已撤回该异议。', en: 'You have withdrawn it.' },
}
export const ACTION_WORDS: Record<ActAction, Words> = {
  open: { zh: '登记', en: 'Open' },
  submit: { zh: '提交异议', en: 'Submit' },
  push: { zh: '推送认定单位', en: 'Pass on to the authority' },
  extend: { zh: '延长核查期限', en: 'Extend the term' },
  uphold: { zh: '异议成立', en: 'Uphold' },
  uphold_partly: { zh: '部分成立', en: 'Uphold in part' },
  reject: { zh: '异议不成立', en: 'Reject' },
  apply: { zh: '落实处理结果', en: 'Carry out' },
  withdraw: { zh: '撤回异议', en: 'Withdraw' },
  escalate: { zh: '逾期上报', en: 'Reported as overdue' },
  correct_siblings: { zh: '一并更正同类信息', en: 'Correct records with the same fault' },
}
export const OUTCOME_WORDS: Record<Outcome, Words> = {
  upheld: { zh: '成立', en: 'Upheld' },
  partly_upheld: { zh: '部分成立', en: 'Upheld in part' },
  rejected: { zh: '不成立', en: 'Rejected' },
  withdrawn: { zh: '撤回', en: 'Withdrawn' },
}

export const STEPS = ['push', 'verify', 'carry_out'] as const
export type Step = (typeof STEPS)[number]
export const STEP_WORDS: Record<Step, Words> = {
  push: { zh: '推送认定单位', en: 'Passing on' },
  verify: { zh: '核查答复', en: 'Checking and answering' },
  carry_out: { zh: '撤销或者修改信息', en: 'Withdrawing or changing the record' },
}

/** What an upheld objection does to the record. */
export const CORRECTIONS = ['correct', 'stop_showing', 'annul', 'reopen'] as const
export type CorrectionKind = (typeof CORRECTIONS)[number]
export const CORRECTION_WORDS: Record<CorrectionKind, Words> = {
  correct: { zh: '更正信息内容', en: 'Correct the content' },
  stop_showing: { zh: '停止公示（决定仍然有效）', en: 'Stop showing it; the decision stands' },
  annul: { zh: '撤回该条信息', en: 'Take the record back' },
  reopen: { zh: '重新办理信用修复', en: 'Take the repair up again' },
}

export const REPORT_STATE_WORDS: Record<ReportState, Words> = {
  received: { zh: '待处理', en: 'Received' },
  taken_up: { zh: '已转为异议办理', en: 'Taken up as an objection' },
  dismissed: { zh: '不予处理', en: 'Dismissed' },
}
export const REPORT_ACTION_WORDS: Record<ReportAction, Words> = {
  take_up: { zh: '转为异议办理', en: 'Take up as an objection' },
  dismiss: { zh: '不作为异议办理', en: 'Dismiss' },
}
/** What the reporter reads; nothing of the subject's case but where it stands. */
export const REPORT_NEXT_WORDS: Record<ReportState, Words> = {
  received: {
    zh: '已收到，信用主管部门正在核实是否作为异议办理。',
    en: 'Received; the credit office is looking into it.',
  },
  taken_up: { zh: '已作为异议转认定单位核查。', en: 'Taken up; the authority is checking it.' },
  dismissed: { zh: '经核实不作为异议办理。', en: 'Looked into and not taken up.' },
}
export const FINDING_WORDS: Record<FindingKind, Words> = {
  over_long: { zh: '超期公示', en: 'Shown for too long' },
  double_display: { zh: '重复公示', en: 'Shown twice' },
  no_basis: { zh: '公示依据不足', en: 'Shown without an admissible basis' },
}
export const FINDING_STATE_WORDS: Record<FindingState, Words> = {
  open: { zh: '待处理', en: 'Open' },
  taken_up: { zh: '已转认定单位', en: 'Passed on' },
  gone: { zh: '已消除', en: 'Gone' },
}
export const REVIEW_KIND_WORDS: Record<ReviewKind, Words> = {
  reconsideration: { zh: '行政复议', en: 'Reconsideration' },
  litigation: { zh: '行政诉讼', en: 'Litigation' },
}
export const REVIEW_STATE_WORDS: Record<ReviewState, Words> = {
  pending: { zh: '程序进行中', en: 'Pending' },
  ended: { zh: '程序已终结', en: 'Ended' },
  carried_out: { zh: '已撤销或者修改信息', en: 'Carried out' },
}
export const REVIEW_ACTION_WORDS: Record<ReviewAction, Words> = {
  end: { zh: '登记结果', en: 'Register the outcome' },
  carry_out: { zh: '撤销或者修改信息', en: 'Withdraw or change the record' },
}
export const REVIEW_OUTCOME_WORDS: Record<ReviewOutcome, Words> = {
  upheld: { zh: '维持原决定', en: 'The decision stands' },
  set_aside: { zh: '撤销原决定', en: 'The decision was set aside' },
  changed: { zh: '变更原决定', en: 'The decision was changed' },
  withdrawn: { zh: '申请人撤回', en: 'Withdrawn' },
}
