import type { Words } from '../../kernel/words.ts'

export const TASK_KINDS = ['one_code_two_names', 'one_name_two_codes', 'wrong_code', 'legacy_code'] as const
export type TaskKind = (typeof TASK_KINDS)[number]
export const TASK_KIND_WORDS: Record<TaskKind, Words> = {
  one_code_two_names: { zh: '一码多名', en: 'One code, two names' },
  one_name_two_codes: { zh: '一名多码', en: 'One name, two codes' },
  wrong_code: { zh: '错码', en: 'Wrong code' },
  legacy_code: { zh: '未换发统一代码', en: 'No unified code yet' },
}

export const TASK_STATES = ['open', 'answered', 'returned', 'closed', 'withdrawn'] as const
export type TaskState = (typeof TASK_STATES)[number]
export const TASK_STATE_WORDS: Record<TaskState, Words> = {
  open: { zh: '待核实', en: 'To be checked' },
  answered: { zh: '已答复，待确认', en: 'Answered, to be accepted' },
  returned: { zh: '已退回重新核实', en: 'Sent back' },
  closed: { zh: '已办结', en: 'Closed' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}

/** What the registering authority found. */
export const OUTCOMES = ['corrected', 'confirmed', 'unknown'] as const
export type Outcome = (typeof OUTCOMES)[number]
export const OUTCOME_WORDS: Record<Outcome, Words> = {
  corrected: { zh: '有误，已更正', en: 'Wrong, and corrected' },
  confirmed: { zh: '登记无误', en: 'Right as it is held' },
  unknown: { zh: '无法核实', en: 'Cannot be told' },
}

export const TASK_ACTIONS = ['answer', 'accept', 'send_back', 'withdraw'] as const
export type TaskAction = (typeof TASK_ACTIONS)[number]

export const CASE_KINDS = ['merge', 'split'] as const
export type CaseKind = (typeof CASE_KINDS)[number]
export const CASE_KIND_WORDS: Record<CaseKind, Words> = {
  merge: { zh: '合并档案', en: 'Bring files together' },
  split: { zh: '拆分档案', en: 'Take a file apart' },
}
export const CASE_STATES = ['proposed', 'done', 'rejected', 'withdrawn', 'undo_proposed', 'undone'] as const
export type CaseState = (typeof CASE_STATES)[number]
export const CASE_STATE_WORDS: Record<CaseState, Words> = {
  proposed: { zh: '待复核', en: 'To be decided' },
  done: { zh: '已生效', en: 'In effect' },
  rejected: { zh: '复核未通过', en: 'Rejected' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  undo_proposed: { zh: '申请还原，待复核', en: 'To be undone, waiting' },
  undone: { zh: '已还原', en: 'Undone' },
}
export const CASE_ACTIONS = ['approve', 'reject', 'withdraw', 'propose_undo', 'approve_undo', 'reject_undo'] as const
export type CaseAction = (typeof CASE_ACTIONS)[number]
export const ACT_WORDS: Record<TaskAction | CaseAction | 'open' | 'propose', Words> = {
  open: { zh: '发起核实', en: 'Opened' },
  answer: { zh: '答复', en: 'Answered' },
  accept: { zh: '确认答复', en: 'Answer accepted' },
  send_back: { zh: '退回重新核实', en: 'Sent back' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  propose: { zh: '提出', en: 'Proposed' },
  approve: { zh: '复核通过', en: 'Approve' },
  reject: { zh: '复核不通过', en: 'Reject' },
  propose_undo: { zh: '申请还原', en: 'Propose undoing' },
  approve_undo: { zh: '同意还原', en: 'Undo' },
  reject_undo: { zh: '不同意还原', en: 'Do not undo' },
}

/** Said to whoever the task is addressed to, and to the credit office when it has been answered. */
export const MESSAGES = {
  opened: {
    title: { zh: '重错码核实：{name}', en: 'A code to check: {name}' },
    body: {
      zh: '{kind}：登记为“{held}”，报送为“{offered}”。请于{due}前核实答复（编号{no}）。',
      en: '{kind}: held “{held}”, handed in “{offered}”. Please check and answer by {due} (no. {no}).',
    },
  },
  returned: {
    title: { zh: '重错码核实退回：{name}', en: 'Sent back to be checked again: {name}' },
    body: {
      zh: '答复被退回：{note}。请于{due}前重新核实答复（编号{no}）。',
      en: 'The answer was sent back: {note}. Please answer again by {due} (no. {no}).',
    },
  },
  answered: {
    title: { zh: '重错码已答复：{name}', en: 'Answered: {name}' },
    body: { zh: '{authority}答复：{outcome}（编号{no}），请确认。', en: '{authority} answers: {outcome} (no. {no}).' },
  },
} as const satisfies Record<string, { title: Words; body: Words }>

export const SET_ASIDE: Words = {
  zh: '档案合并时发现与同一决定的另一条信息重复，停止展示（事项{no}）。',
  en: 'Shown twice: the same decision stands on the file it was brought together with (case {no}).',
}
export const SET_BACK: Words = {
  zh: '档案合并已还原，恢复原状（事项{no}）。',
  en: 'The files are apart again, as before (case {no}).',
}
