import type { LocalDate } from '../../kernel/time.ts'
import { type Calendar, addWorkdays } from '../../kernel/workdays.ts'
import { EFFECT_PARTS, type EffectView, type HolderView } from '../exchange/contract.ts'
import type { ReceiptHolder, ReceiptPart } from './contract.receipts.ts'
import type { HolderMark, ReceiptOutcome } from './words.receipts.ts'

/**
 * When a receipt is final: every holder has confirmed, and answered for what else it is asked; is cut off; or is named as late
 * with what was done about it, a set number of working days after its term. Time alone brings each of them there, so that every
 * receipt ends.
 */
type EffectState = EffectView['state']
const FINAL: readonly HolderMark[] = ['done', 'cut_off', 'suspended', 'reported']
export const isFinalMark = (mark: HolderMark): boolean => FINAL.includes(mark)

type Clock = { today: LocalDate; calendar: Calendar; finalWorkdays: number }
const isOver = (h: HolderView, { today, calendar, finalWorkdays }: Clock): boolean =>
  h.dueOn !== null && today > addWorkdays(calendar, h.dueOn as LocalDate, finalWorkdays).day
export const markOf = (h: HolderView, clock: Clock): HolderMark => {
  if (h.state === 'acknowledged') return 'done'
  if (h.peerState === 'cut_off') return 'cut_off'
  if (isOver(h, clock)) return h.peerState === 'suspended' ? 'suspended' : 'reported'
  return h.sentAt ? 'told' : 'waiting'
}

/** Whether an answer about measures or evaluations may still come from those who have taken it down. */
export const isAwaited = (holders: readonly HolderView[], clock: Clock): boolean =>
  holders.some((h) => markOf(h, clock) === 'done' && h.asked.some((a) => a.at === null) && !isOver(h, clock))

/** Whoever the withdrawal does not concern holds it rightly and is not on the receipt. */
export const holdersOn = (holders: readonly HolderView[], clock: Clock): ReceiptHolder[] =>
  holders
    .filter((h) => h.state !== 'holding')
    .map((h) => ({
      name: h.name,
      kind: h.kind,
      mark: markOf(h, clock),
      sentAt: h.sentAt,
      acknowledgedAt: h.state === 'acknowledged' ? h.acknowledgedAt : null,
      verifiedAt: h.verifiedAt,
      takeDownBy: h.peerId === null ? null : h.takeDownBy,
    }))

export const outcomeOf = (parts: readonly Pick<ReceiptPart, 'holders' | 'effects'>[]): ReceiptOutcome | null => {
  const marks = parts.flatMap((p) => p.holders.map((h) => h.mark))
  if (!marks.every(isFinalMark)) return null
  const answered = parts.every((p) => (p.effects ?? []).every((e) => e.state === 'done' || e.state === 'nobody'))
  return answered && marks.every((m) => m === 'done') ? 'all_acknowledged' : 'with_laggards'
}

/** Of several records together: how far each effect is, by the one that is furthest behind. */
const BEHIND: readonly EffectState[] = ['late', 'under_way', 'done', 'nobody']
export const effectsOver = (parts: readonly Pick<ReceiptPart, 'effects'>[]): Pick<EffectView, 'part' | 'state'>[] =>
  EFFECT_PARTS.flatMap((part) => {
    const states = parts.flatMap((p) => (p.effects ?? []).filter((e) => e.part === part).map((e) => e.state))
    const state = BEHIND.find((s) => states.includes(s))
    return state ? [{ part, state }] : []
  })

/** Where the file keeps the token and the facts for programs. */
const MARK = 'xinheng-receipt:'
export const receiptKeyword = (token: string, facts: string): string => `${MARK}${token}~${facts}`
export const readReceiptKeyword = (bytes: string): { token: string; facts: string } | null => {
  const hit = /xinheng-receipt:([\w-]+\.[\w-]+\.[\w-]+)~([\w-]+)/.exec(bytes)
  return hit ? { token: hit[1] as string, facts: hit[2] as string } : null
}
