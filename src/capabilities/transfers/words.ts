import type { Words } from '../../kernel/words.ts'
import type { Kind } from '../repair/states.ts'

/** out: passed on by us; in: passed on to us. */
export const TRANSFER_DIRECTIONS = ['out', 'in'] as const
export type TransferDirection = (typeof TRANSFER_DIRECTIONS)[number]
export const TRANSFER_DIRECTION_WORDS: Record<TransferDirection, Words> = {
  out: { zh: '转出', en: 'Passed on' },
  in: { zh: '转入', en: 'Received' },
}

export const OPEN_TRANSFERS = ['sent', 'received', 'accepted', 'asked'] as const
export const TRANSFER_STATES = [...OPEN_TRANSFERS, 'closed', 'returned'] as const
export type TransferState = (typeof TRANSFER_STATES)[number]
export const TRANSFER_STATE_WORDS: Record<TransferState, Words> = {
  sent: { zh: '待对方平台接收', en: 'Not taken in there yet' },
  received: { zh: '待受理', en: 'Awaiting acceptance' },
  accepted: { zh: '已受理', en: 'Accepted, being decided' },
  asked: { zh: '待申请人补正', en: 'Awaiting the applicant' },
  closed: { zh: '已办结', en: 'Closed' },
  returned: { zh: '已退回', en: 'Returned' },
}

export const TRANSFER_OUTCOMES = [
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
  'lapsed',
  'ended_forged',
  'revoked',
  'shielded',
  'plan_completed',
  'restored',
] as const
export type TransferOutcome = (typeof TRANSFER_OUTCOMES)[number]
export const TRANSFER_OUTCOME_WORDS: Record<TransferOutcome, Words> = {
  granted: { zh: '准予修复', en: 'Repair granted' },
  refused: { zh: '不予修复', en: 'Repair refused' },
  not_accepted: { zh: '不予受理', en: 'Not accepted' },
  withdrawn: { zh: '申请人撤回', en: 'Withdrawn by the applicant' },
  lapsed: { zh: '终止办理', en: 'Lapsed' },
  ended_forged: { zh: '因虚假材料终止', en: 'Ended for false material' },
  revoked: { zh: '修复决定已撤销', en: 'Grant revoked' },
  shielded: { zh: '临时屏蔽', en: 'Shielded' },
  plan_completed: { zh: '重整计划执行完毕', en: 'Plan completed' },
  restored: { zh: '恢复公示', en: 'Publication restored' },
}

/** What is asked for. */
export const TRANSFER_KIND_WORDS: Record<Kind, Words> = {
  repair: { zh: '信用修复', en: 'Repair' },
  shield: { zh: '临时屏蔽', en: 'Temporary shield' },
}
/** After these something may still follow. */
export const FOLLOWED_OUTCOMES = ['granted', 'shielded', 'plan_completed'] as const satisfies readonly TransferOutcome[]

export const STEP_KINDS = [
  'passed_on',
  'material',
  'received',
  'accepted',
  'asked',
  'supplemented',
  'extended',
  'withdrawal',
  'returned',
  'decided',
] as const
export type StepKind = (typeof STEP_KINDS)[number]
export const STEP_KIND_WORDS: Record<StepKind, Words> = {
  passed_on: { zh: '转出', en: 'Passed on' },
  material: { zh: '移送材料', en: 'Material sent' },
  received: { zh: '对方平台接收，进入认定单位待办', en: 'Taken in; in the queue of the deciding authority' },
  accepted: { zh: '认定单位受理', en: 'Accepted by the deciding authority' },
  asked: { zh: '一次性告知补正', en: 'Asked once for all that is missing' },
  supplemented: { zh: '补正材料移送', en: 'Additions sent' },
  extended: { zh: '延长办理期限', en: 'Term extended' },
  withdrawal: { zh: '申请人要求撤回', en: 'The applicant asked to withdraw' },
  returned: { zh: '退回', en: 'Returned' },
  decided: { zh: '办结', en: 'Closed' },
}

/** Why a case could not be taken in, or went back. */
export const RETURN_REASONS = [
  'authority_unknown',
  'record_unknown',
  'under_way',
  'no_route',
  'material_broken',
  'wrong_address',
] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]
export const RETURN_REASON_WORDS: Record<ReturnReason, Words> = {
  authority_unknown: { zh: '该认定单位不在本平台办理', en: 'The deciding authority does not work on this platform' },
  record_unknown: {
    zh: '本平台没有持有该条信息，或者该信息已经撤销',
    en: 'This platform does not hold the record, or it was annulled',
  },
  under_way: { zh: '该信息已有修复申请正在本平台办理', en: 'An application on this record is already under way here' },
  no_route: {
    zh: '按本地办理分工，该信息没有对应的修复办理单位',
    en: 'By the routing rules here nobody decides on this record',
  },
  material_broken: {
    zh: '移送的材料不完整，与摘要不符',
    en: 'The material did not arrive whole: it does not match its digest',
  },
  wrong_address: { zh: '认定单位认为不属于本单位办理', en: 'The authority says that the case is not its own' },
}

/** Whose turn has run out. */
export const LATE_WHO = ['platform', 'authority'] as const
export type LateWho = (typeof LATE_WHO)[number]
export const LATE_WHO_WORDS: Record<LateWho, Words> = {
  platform: { zh: '平台逾期未接收', en: 'The platform has not taken it in within the term' },
  authority: { zh: '认定单位逾期', en: 'The deciding authority is late' },
}

/** How the messages of a case stand. */
export const WIRE_STATES = ['delivered', 'under_way', 'retrying', 'dead'] as const
export type WireState = (typeof WIRE_STATES)[number]
export const WIRE_STATE_WORDS: Record<WireState, Words> = {
  delivered: { zh: '报文均已送达', en: 'All messages delivered' },
  under_way: { zh: '报文发送中', en: 'Messages under way' },
  retrying: { zh: '对方平台暂时无法连接，正在重试', en: 'The other platform cannot be reached; trying again' },
  dead: { zh: '多次重试未送达，待人工处理', en: 'Not delivered after many attempts; people have to look' },
}

export const NOTES = {
  passedOn: {
    zh: '认定单位使用其他平台，转该平台办理。',
    en: 'The deciding authority works on another platform; the item goes there.',
  },
  gone: { zh: '本项申请在来件平台已经终止。', en: 'The item has ended where it was applied for.' },
  took: { zh: '已接收。', en: 'Taken in.' },
  unknown: { zh: '没有与之对应的转办事项。', en: 'There is no case that this is about.' },
  noPlatform: { zh: '只有信用平台之间可以转办修复申请。', en: 'Only platforms pass applications on to each other.' },
  full: { zh: '该事项的材料超过可以接收的数量。', en: 'There is more material in this case than is taken.' },
  broken: { zh: '报文内容不符合约定格式。', en: 'The message is not of the agreed form.' },
} satisfies Record<string, Words>
