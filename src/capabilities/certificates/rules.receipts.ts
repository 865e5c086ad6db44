import type { LocalDate } from '../../kernel/time.ts'
import { type Calendar, addWorkdays } from '../../kernel/workdays.ts'
import type { HolderView } from '../exchange/contract.ts'
import type { ReceiptHolder, ReceiptPart } from './contract.receipts.ts'
import type { HolderMark, ReceiptOutcome } from './words.receipts.ts'

/**
 * When a receipt is final: every holder has confirmed, is cut off, or is named as late with what was done about it, a set
 * number of working days after its term. Time alone brings each of them there, so that every receipt ends.
 */
const FINAL: readonly HolderMark[] = ['done', 'cut_off', 'suspended', 'reported']
export const isFinalMark = (mark: HolderMark): boolean => FINAL.includes(mark)

type Clock = { today: LocalDate; calendar: Calendar; finalWorkdays: number }
export const markOf = (h: HolderView, { today, calendar, finalWorkdays }: Clock): HolderMark => {
  if (h.state === 'acknowledged') return 'done'
  if (h.peerState === 'cut_off') return 'cut_off'
  const over = h.dueOn !== null && today > addWorkdays(calendar, h.dueOn as LocalDate, finalWorkdays).day
  if (over) return h.peerState === 'suspended' ? 'suspended' : 'reported'
  return h.sentAt ? 'told' : 'waiting'
}

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

export const outcomeOf = (parts: readonly Pick<ReceiptPart, 'holders'>[]): ReceiptOutcome | null => {
  const marks = parts.flatMap((p) => p.holders.map((h) => h.mark))
  if (!marks.every(isFinalMark)) return null
  return marks.every((m) => m === 'done') ? 'all_acknowledged' : 'with_laggards'
}

/** Where the file keeps the token and the facts for programs. */
const MARK = 'xinheng-receipt:'
export const receiptKeyword = (token: string, facts: string): string => `${MARK}${token}~${facts}`
export const readReceiptKeyword = (bytes: string): { token: string; facts: string } | null => {
  const hit = /xinheng-receipt:([\w-]+\.[\w-]+\.[\w-]+)~([\w-]+)/.exec(bytes)
  return hit ? { token: hit[1] as string, facts: hit[2] as string } : null
}
