import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Words } from '../../kernel/words.ts'

/** An agreement binds once the signed paper is there. */
export const AGREEMENT_STATES = ['draft', 'signed', 'ended', 'dropped'] as const
export type AgreementState = (typeof AGREEMENT_STATES)[number]
export const AGREEMENT_ACTIONS = ['sign', 'end', 'drop'] as const
export type AgreementAction = (typeof AGREEMENT_ACTIONS)[number]
export const AGREEMENT_ACTION_WORDS: Record<AgreementAction, Words> = {
  sign: { zh: '上传签署件', en: 'Upload the signed paper' },
  end: { zh: '提前终止', en: 'End early' },
  drop: { zh: '作废', en: 'Drop' },
}
export const AGREEMENT_MOVES: readonly Move<AgreementState, AgreementAction, Role>[] = [
  { from: 'draft', action: 'sign', by: ['credit_office'], to: 'signed' },
  { from: 'draft', action: 'drop', by: ['credit_office'], to: 'dropped' },
  { from: 'signed', action: 'end', by: ['credit_office'], to: 'ended' },
]

/** What Order 36 art. 24 lets the credit office do, and what undoes it. */
export const MEASURE_KINDS = ['suspend', 'cut_off', 'reinstate'] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]
export const MEASURE_STATES = ['proposed', 'approved', 'rejected', 'withdrawn'] as const
export type MeasureState = (typeof MEASURE_STATES)[number]
export const MEASURE_ACTIONS = ['approve', 'reject', 'withdraw'] as const
export type MeasureAction = (typeof MEASURE_ACTIONS)[number]
export const MEASURE_ACTION_WORDS: Record<MeasureAction, Words> = {
  approve: { zh: '同意', en: 'Approve' },
  reject: { zh: '不同意', en: 'Reject' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
}
/** `proposer` and `other` are people of the credit office: who proposed, and anybody else. */
export const MEASURE_MOVES: readonly Move<MeasureState, MeasureAction, 'proposer' | 'other'>[] = [
  { from: 'proposed', action: 'approve', by: ['other'], to: 'approved' },
  { from: 'proposed', action: 'reject', by: ['other'], to: 'rejected' },
  { from: 'proposed', action: 'withdraw', by: ['proposer'], to: 'withdrawn' },
]

/** 约谈 and 整改 (Order 36 art. 24): summoned, asked to mend by a day, and what came of it. */
export const TALK_STATES = ['called', 'asked', 'mended', 'not_mended', 'dropped'] as const
export type TalkState = (typeof TALK_STATES)[number]
export const TALK_ACTIONS = ['hold', 'mend', 'fail', 'drop'] as const
export type TalkAction = (typeof TALK_ACTIONS)[number]
export const TALK_ENDINGS = ['mend', 'fail', 'drop'] as const satisfies readonly TalkAction[]
export type TalkEnding = (typeof TALK_ENDINGS)[number]
export const TALK_ACTION_WORDS: Record<TalkAction, Words> = {
  hold: { zh: '登记约谈情况', en: 'Enter what was said' },
  mend: { zh: '确认整改完成', en: 'It has mended' },
  fail: { zh: '认定未按要求整改', en: 'It has not mended' },
  drop: { zh: '取消约谈', en: 'Call it off' },
}
export const TALK_MOVES: readonly Move<TalkState, TalkAction, Role>[] = [
  { from: 'called', action: 'hold', by: ['credit_office'], to: 'asked' },
  { from: 'called', action: 'drop', by: ['credit_office'], to: 'dropped' },
  { from: 'asked', action: 'mend', by: ['credit_office'], to: 'mended' },
  { from: 'asked', action: 'fail', by: ['credit_office'], to: 'not_mended' },
]
