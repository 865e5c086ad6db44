import type { LocalDate } from '../../kernel/time.ts'
import type { HolderState } from './words.ts'

/** What is known of one peer and one record: its last hand-over before the withdrawal, and the withdrawal's. */
export type Holding = {
  heldSince: string
  withdrawSentAt: string | null
  withdrawAckedAt: string | null
  outcome: 'applied' | 'already' | 'refused' | null
}

/** Where one holder stands. `dueOn` is the last day on which an acknowledgement is in time. */
export const holderState = (
  holding: Holding,
  withdrawn: boolean,
  dueOn: LocalDate | null,
  today: LocalDate,
): HolderState => {
  if (!withdrawn) return 'holding'
  if (holding.withdrawAckedAt) return holding.outcome === 'refused' ? 'refused' : 'acknowledged'
  if (dueOn && today > dueOn) return 'late'
  return holding.withdrawSentAt ? 'sent' : 'waiting'
}

/** What a peer is handed for an event, given what the record is now and whether the peer already holds it. */
export type Handing = 'publish' | 'update' | 'withdraw' | 'skip'
export const handingOf = (kind: string, shownNow: boolean, held: boolean): Handing => {
  if (shownNow) return held ? 'update' : 'publish'
  // Gone by now: whoever holds it is told to take it down; whoever never had it is not shown it any more.
  return held && kind !== 'record.published' ? 'withdraw' : 'skip'
}
