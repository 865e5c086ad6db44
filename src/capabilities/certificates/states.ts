import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { Words } from '../../kernel/words.ts'

/** A certificate holds until it is withdrawn; a withdrawn one never holds again. */
export const CERTIFICATE_STATES = ['valid', 'withdrawn'] as const
export type CertificateState = (typeof CERTIFICATE_STATES)[number]
/** all_updated: every holder has acknowledged, it is needed no more; grant_gone: the repair itself is gone. */
export const ENDED_BY = ['all_updated', 'subject', 'grant_gone'] as const
export type EndedBy = (typeof ENDED_BY)[number]
export const ACTIONS = ['withdraw', 'settle', 'void'] as const
export type Action = (typeof ACTIONS)[number]
export const ACTION_WORDS: Record<Action, Words> = {
  withdraw: { zh: '收回证明', en: 'Withdraw' },
  settle: { zh: '全部持有单位均已更新', en: 'Every holder has updated' },
  void: { zh: '修复决定已被撤销', en: 'The repair itself is gone' },
}

/** `platform`: what the platform does by itself when its reason has come. */
export const CERTIFICATE_MOVES: readonly Move<CertificateState, Action, Role | 'platform'>[] = [
  { from: 'valid', action: 'withdraw', by: ['enterprise', 'window_clerk'], to: 'withdrawn' },
  { from: 'valid', action: 'settle', by: ['platform'], to: 'withdrawn' },
  { from: 'valid', action: 'void', by: ['platform'], to: 'withdrawn' },
]

/** Of which kind of case a letter is. */
/** application: the window's notice on one that is not handed in yet. */
export const LETTERS_OF = ['repair_item', 'objection', 'application'] as const
export type LetterOf = (typeof LETTERS_OF)[number]

/** How a letter first reached its subject. */
export const RECEIPT_WAYS = ['online', 'window'] as const
export type ReceiptWay = (typeof RECEIPT_WAYS)[number]

/** What a paper is worth on the day it is verified. */
export const TRUTHS = ['in_force', 'ended', 'void'] as const
export type Truth = (typeof TRUTHS)[number]

/** What a subject may have shown beside the least that a certificate must say. */
export const SHOWN_PARTS = ['kind', 'content'] as const
export type ShownPart = (typeof SHOWN_PARTS)[number]
