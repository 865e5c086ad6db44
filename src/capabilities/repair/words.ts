import type { Channel, ConditionRule, KnownFact, RepairMode, RepairSystem, WindowClass } from '../../kernel/policy.ts'
import type { Words } from '../../kernel/words.ts'
import type { ActAction, ApplicationState, ItemState, Kind, WayIn } from './states.ts'

export const KIND_WORDS: Record<Kind, Words> = {
  repair: { zh: '信用修复', en: 'Credit repair' },
  shield: { zh: '破产重整临时屏蔽', en: 'Temporary shield in bankruptcy reorganisation' },
}

export const WAY_IN_WORDS: Record<WayIn, Words> = {
  online: { zh: '网上申请', en: 'Online' },
  window: { zh: '窗口申请', en: 'At the window' },
  transfer: { zh: '异地转办', en: 'Passed on by another platform' },
}

export const APPLICATION_STATE_WORDS: Record<ApplicationState, Words> = {
  draft: { zh: '填写中', en: 'Draft' },
  submitted: { zh: '办理中', en: 'In progress' },
  closed: { zh: '已办结', en: 'Closed' },
}

export const STATE_WORDS: Record<ItemState, Words> = {
  draft: { zh: '待提交', en: 'Not yet submitted' },
  first_review: { zh: '初审中', en: 'In first review' },
  returned: { zh: '初审退回补正', en: 'Returned by the first review' },
  received: { zh: '待受理', en: 'Awaiting acceptance' },
  mending: { zh: '待补正', en: 'Awaiting additions' },
  accepted: { zh: '已受理', en: 'Accepted, being decided' },
  passed_on: { zh: '已转异地平台办理', en: 'With another platform' },
  granted: { zh: '准予修复', en: 'Repair granted' },
  refused: { zh: '不予修复', en: 'Repair refused' },
  not_accepted: { zh: '不予受理', en: 'Not accepted' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  lapsed: { zh: '终止办理', en: 'Lapsed' },
  ended_forged: { zh: '因虚假材料终止', en: 'Ended for false material' },
  sent_home: { zh: '已退回来件平台', en: 'Sent back to where it came from' },
  revoked: { zh: '修复决定已撤销', en: 'Grant revoked' },
  shielded: { zh: '临时屏蔽中', en: 'Temporarily shielded' },
  plan_completed: { zh: '重整计划执行完毕', en: 'Plan completed' },
  restored: { zh: '已恢复公示', en: 'Publication restored' },
}

/** What happens now and whose turn it is, said to the applicant. */
export const NEXT_WORDS: Record<ItemState, Words> = {
  draft: {
    zh: '请核对记录、上传证明材料并签署信用承诺书后提交。',
    en: 'Check the records, upload the proofs, sign the commitment and submit.',
  },
  first_review: {
    zh: '信用牵头部门正在初审，通过后转认定单位办理。',
    en: 'The credit office is checking the application before it goes to the deciding authority.',
  },
  returned: {
    zh: '请按告知书一次补齐所列材料后重新提交，补正期间不计入办理时限。',
    en: 'Add everything that the notice lists and submit again. The time limit stands still meanwhile.',
  },
  received: {
    zh: '认定单位正在审查材料，将在受理期限内告知是否受理。',
    en: 'The deciding authority is checking the material and will tell you within the term whether it accepts.',
  },
  mending: {
    zh: '请按一次性告知书补齐所列材料后重新提交，补正期间不计入办理时限。',
    en: 'Add everything that the one-time notice lists and submit again. The time limit stands still meanwhile.',
  },
  accepted: {
    zh: '认定单位正在核实，将在办理期限内作出决定。',
    en: 'The deciding authority is verifying and will decide within the term.',
  },
  passed_on: {
    zh: '认定单位使用其他平台，本项申请已转该平台办理；每一步进展和结果都会回传到这里。',
    en: 'The deciding authority works on another platform and the item has gone there. Each step and the result come back here.',
  },
  granted: {
    zh: '该信息已停止公示、停止共享和使用，已通知各持有单位撤下。',
    en: 'The record is no longer shown; everyone who holds it has been told.',
  },
  refused: {
    zh: '不予修复的理由见决定书。如有异议，可以向认定单位提出异议申诉；条件具备后可以再次申请。',
    en: 'The reasons are in the decision. You may object to the deciding authority, or apply again once the conditions hold.',
  },
  not_accepted: {
    zh: '不予受理的理由见通知书。如有异议，可以提出异议申诉；条件具备后可以再次申请。',
    en: 'The reasons are in the notice. You may object, or apply again once the conditions hold.',
  },
  withdrawn: {
    zh: '您已撤回本项申请，该信息继续按原期限公示。',
    en: 'You have withdrawn this item. The record stays shown for its original term.',
  },
  lapsed: {
    zh: '本项申请已终止办理，原因见终止办理告知书；记录仍在公示的，条件具备后可以重新申请。',
    en: 'This item has lapsed for the reason in the notice. If the record is still shown you may apply again once the conditions hold.',
  },
  ended_forged: {
    zh: '经认定存在虚假材料，本项申请已终止，限制期内不得再次申请。',
    en: 'False material was found. The item has ended and no new application is possible while the bar lasts.',
  },
  sent_home: {
    zh: '本项申请不属于本单位办理，已连同原因退回来件平台。',
    en: 'The item is not for this authority and went back, with the reason, to the platform it came from.',
  },
  revoked: {
    zh: '准予修复的决定已撤销，该信息恢复公示。',
    en: 'The grant has been revoked and the record is shown again.',
  },
  shielded: {
    zh: '重整计划或者和解协议执行期间，该信息暂不公示。',
    en: 'The record is not shown while the reorganisation plan or settlement is carried out.',
  },
  plan_completed: {
    zh: '请持人民法院确认执行完毕的裁定书提出信用修复申请。',
    en: 'Please apply for repair with the court ruling that confirms the plan is completed.',
  },
  restored: {
    zh: '临时屏蔽已结束，该信息恢复公示。',
    en: 'The temporary shield has ended and the record is shown again.',
  },
}

/** What a granted rating leaves to those who rated. */
const RATING_RAISED: Words = {
  zh: '准予提升评价等级，原评价结果已停止共享和使用，调整后的结果由评价单位报送。',
  en: 'The rating may be raised. The former result is no longer shared or used; those who rated report the new one.',
}
/** What a shield that has been asked for waits for; it has no acceptance of its own. */
const SHIELD_NEXT: Partial<Record<ItemState, Words>> = {
  draft: {
    zh: '请核对记录、上传人民法院裁定书后提交。',
    en: 'Check the records, upload the court’s ruling and submit.',
  },
  received: {
    zh: '认定单位正在核对裁定书，将在期限内临时屏蔽该信息。',
    en: 'The authority is checking the ruling and will shield the record within the term.',
  },
}
export const nextWords = (item: { kind: Kind; state: ItemState; system: RepairSystem }): Words =>
  item.kind === 'shield' && SHIELD_NEXT[item.state]
    ? SHIELD_NEXT[item.state]!
    : item.system === 'rating' && item.state === 'granted'
      ? RATING_RAISED
      : NEXT_WORDS[item.state]

/** Buttons and the headings of the history. */
export const ACTION_WORDS: Record<ActAction, Words> = {
  submit: { zh: '提交申请', en: 'Submit' },
  submit_to_review: { zh: '提交初审', en: 'Submit for first review' },
  pass: { zh: '初审通过', en: 'Pass to the authority' },
  return: { zh: '初审退回', en: 'Return for additions' },
  accept: { zh: '受理', en: 'Accept' },
  accept_at_window: { zh: '窗口受理', en: 'Accepted at the window' },
  ask_once: { zh: '一次性告知补正', en: 'Ask once for all that is missing' },
  mend: { zh: '补正后重新提交', en: 'Submit again with additions' },
  not_accept: { zh: '不予受理', en: 'Do not accept' },
  grant: { zh: '准予修复', en: 'Grant' },
  refuse: { zh: '不予修复', en: 'Refuse' },
  extend: { zh: '延长办理期限', en: 'Extend the term' },
  forged: { zh: '认定虚假材料', en: 'Find false material' },
  revoke: { zh: '撤销修复决定', en: 'Revoke the grant' },
  withdraw: { zh: '撤回申请', en: 'Withdraw' },
  lapse: { zh: '终止办理', en: 'Let it lapse' },
  shield: { zh: '临时屏蔽', en: 'Shield temporarily' },
  plan_completed: { zh: '登记计划执行完毕', en: 'Record that the plan is completed' },
  restore: { zh: '恢复公示', en: 'Restore publication' },
  take_up: { zh: '异议成立，重新办理', en: 'Taken up again upon an objection' },
  pass_on: { zh: '转异地平台办理', en: 'Passed on to the other platform' },
  come_back: { zh: '异地平台退回', en: 'Came back from the other platform' },
  ask_there: { zh: '异地一次性告知补正', en: 'Asked once, there, for all that is missing' },
  grant_there: { zh: '异地准予修复', en: 'Granted there' },
  refuse_there: { zh: '异地不予修复', en: 'Refused there' },
  not_accept_there: { zh: '异地不予受理', en: 'Not accepted there' },
  forged_there: { zh: '异地认定虚假材料', en: 'False material found there' },
  withdraw_there: { zh: '异地已撤回', en: 'Withdrawn there' },
  lapse_there: { zh: '异地终止办理', en: 'Lapsed there' },
  revoke_there: { zh: '异地撤销修复决定', en: 'Grant revoked there' },
  shield_there: { zh: '异地临时屏蔽', en: 'Shielded there' },
  plan_completed_there: { zh: '异地登记计划执行完毕', en: 'Plan recorded as completed there' },
  restore_there: { zh: '异地恢复公示', en: 'Publication restored there' },
  send_home: { zh: '退回来件平台', en: 'Sent back to where it came from' },
  propose: { zh: '提请负责人审批', en: 'Propose to the head' },
  confirm: { zh: '批准', en: 'Approve' },
  send_back: { zh: '退回经办人员', en: 'Send back to the officer' },
}

export const STEPS = ['first_review', 'accept', 'decide', 'shield', 'push_province'] as const
export type Step = (typeof STEPS)[number]
export const STEP_WORDS: Record<Step, Words> = {
  first_review: { zh: '初审', en: 'First review' },
  accept: { zh: '受理', en: 'Acceptance' },
  decide: { zh: '作出决定', en: 'Decision' },
  shield: { zh: '临时屏蔽', en: 'Temporary shield' },
  push_province: { zh: '跨省推送至登记地', en: 'Push to the place of registration' },
}

export const SYSTEM_WORDS: Record<RepairSystem, Words> = {
  credit_china: { zh: '信用平台网站', en: 'Credit platform' },
  necips: { zh: '市场监督管理信用修复', en: 'Market supervision' },
  tax: { zh: '税务', en: 'Tax' },
  court: { zh: '人民法院', en: 'People’s court' },
  rating: { zh: '行业信用评价', en: 'Industry rating' },
}
export const CHANNEL_WORDS: Record<Channel, Words> = {
  credit_china: { zh: '信用平台网站', en: 'Credit website' },
  necips: { zh: '国家企业信用信息公示系统', en: 'National Enterprise Credit Information Publicity System' },
}
export const CLASS_WORDS: Record<WindowClass, Words> = {
  minor: { zh: '轻微', en: 'Minor' },
  general: { zh: '一般', en: 'General' },
  serious: { zh: '严重', en: 'Serious' },
  listed: { zh: '名录', en: 'Listed' },
  unclassified: { zh: '尚未分类', en: 'Not classed yet' },
  none: { zh: '不属于失信信息', en: 'Not adverse' },
}
export const MODE_WORDS: Record<RepairMode, Words> = {
  apply: { zh: '期限届满后可申请修复', en: 'May be repaired on application' },
  automatic: { zh: '期满自动停止公示，无需申请', en: 'Ends by itself; no application needed' },
  fixed: { zh: '期满自动停止公示，不得提前修复', en: 'Ends at its term; cannot be repaired early' },
  none: { zh: '无需修复', en: 'Nothing to repair' },
}

/** What the applicant declares, one sentence a fact; `false` means that it does not hold. */
export const KNOWN_WORDS: Record<KnownFact, Words> = {
  dutiesPerformed: {
    zh: '已完全履行决定规定的义务（如缴清罚款）',
    en: 'All duties of the decision are performed (for example the fine is paid)',
  },
  corrected: {
    zh: '已纠正违法失信行为，消除危害后果和不良影响',
    en: 'The conduct is corrected and its harm removed',
  },
  commitmentSigned: { zh: '已签署信用承诺书', en: 'The commitment is signed' },
  sameKindReoffended: {
    zh: '因同一类违法行为再次受到行政处罚',
    en: 'Penalised again for the same kind of offence',
  },
  heavierPenaltyAgain: { zh: '再次受到较重行政处罚', en: 'Again given a heavier penalty' },
  taxOffenceAgain: {
    zh: '公布期间又发生税收违法行为，或者五年内被公布两次以上',
    en: 'A new tax offence while it is published, or published twice or more within five years',
  },
  securityRisk: {
    zh: '修复可能危害国家安全、社会公共利益',
    en: 'Repair could harm national security or the public interest',
  },
  annualReportFiled: { zh: '已补报并公示未报年份的年度报告', en: 'The missing annual reports are filed and published' },
  informationPublished: { zh: '已履行企业信息公示义务', en: 'The information ordered has been published' },
  nameChangeRegistered: { zh: '已依法办理名称变更登记', en: 'The change of name is registered' },
  addressRestored: {
    zh: '已办理住所变更登记，或者通过登记的住所可以重新取得联系',
    en: 'The change of address is registered, or the registered address can be reached again',
  },
  taxesPaid: { zh: '已缴清税款、滞纳金和罚款', en: 'Taxes, late fees and fines are paid' },
}

/** A condition as the applicant should read it: what must hold, or must not have happened. */
export const conditionWords = (known: KnownFact, wanted: boolean | null): Words =>
  wanted === false
    ? { zh: `未发生：${KNOWN_WORDS[known].zh}`, en: `Not the case: ${KNOWN_WORDS[known].en}` }
    : KNOWN_WORDS[known]

/** What must hold for each need; that a record can be repaired at all goes without saying. */
const HOLDS_WORDS: Record<'not_ended' | 'min_period' | 'term_ended' | 'not_barred', Words> = {
  not_ended: { zh: '信息尚未停止公示和使用', en: 'The record is still shown or used' },
  min_period: { zh: '最短公示期已满', en: 'The shortest period of publicity is over' },
  term_ended: { zh: '处罚或者管理措施附带的期限已满', en: 'The term of the penalty or measure is over' },
  not_barred: { zh: '不在禁止申请的期限内', en: 'No bar on applications is running' },
}
/** Where no document names the condition: whose rules it is judged by. */
const JUDGED_WORDS: Words = {
  zh: '由办理单位依照本行业规定核查，所适用的条件和依据在决定文书中写明',
  en: 'The deciding authority checks by its own sector’s rules, and states the condition and its basis in the decision',
}
export const holdsWords = (row: Pick<ConditionRule, 'needs' | 'known'>): Words | null => {
  if (row.needs === 'repairable') return null
  if (row.needs === 'authority_judges') return JUDGED_WORDS
  if (row.needs !== 'known_true' && row.needs !== 'known_false') return HOLDS_WORDS[row.needs]
  return row.known ? conditionWords(row.known, row.needs === 'known_true') : null
}

export const REQUIRED_WORDS: Record<'always' | 'unless_shared' | 'bankruptcy' | 'on_request', Words> = {
  always: { zh: '必须提交', en: 'Required' },
  unless_shared: { zh: '能够共享获取的无需提交', en: 'Not needed where the authority can obtain it' },
  bankruptcy: { zh: '破产重整、和解时提交', en: 'In reorganisation or settlement' },
  on_request: { zh: '认定单位要求时提交', en: 'When the authority asks' },
}

/** listed_for: the penalty a subject was listed for; led_to: what a spot check led to. */
export const LINK_KINDS = ['listed_for', 'led_to'] as const
export type LinkKind = (typeof LINK_KINDS)[number]
export const LINK_WORDS: Record<LinkKind, Words> = {
  listed_for: { zh: '据以列入名单的行政处罚', en: 'Penalty for which the subject was listed' },
  led_to: { zh: '抽查检查结果及其后续处理', en: 'Spot-check result and what it led to' },
}
export const DUTY_KINDS = ['push_province'] as const
export const DUTY_STATES = ['open', 'done'] as const
