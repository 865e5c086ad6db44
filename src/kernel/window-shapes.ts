import type { Channel, RepairMode, WindowClass } from './policy.ts'
import type { Instant, LocalDate } from './time.ts'
import type { Words } from './words.ts'

export type WindowEnd = {
  by: 'expiry' | 'repaired' | 'annulled' | 'shielded' | 'deregistered' | 'delisted' | 'withheld'
  on: LocalDate
  disposition: string | null
}

/** A record on a channel: shown or not, since when, until when (first day not shown), from when it may be repaired. */
export type Window = {
  channel: Channel
  class: WindowClass
  /** First day shown; null = never shown here, and `rule` says why. */
  from: LocalDate | null
  /** First day on which repair may be applied for; null = not before it ends by itself, or nothing to repair. */
  earliest: LocalDate | null
  /** First day not shown any more; null = no maximum. */
  until: LocalDate | null
  repair: RepairMode
  end: WindowEnd | null
  rule: string
  version: string
  instrument: Words
  article: string
  why: Words
  inputs: Record<string, string | number | boolean | null>
  unsure?: boolean
  note?: Words
  /** What the rules alone gave, kept when dispositions have changed it, so that folding again gives the same. */
  planned?: { from: LocalDate | null; earliest: LocalDate | null; until: LocalDate | null }
}

export type DispositionKind =
  | 'repaired'
  | 'annulled'
  | 'shielded'
  | 'restored'
  /** Annulled by mistake: the annulment counts no more. */
  | 'reinstated'
  | 'revoked'
  /** Shown longer than planned: as long as what it follows, or while duties at the maximum are not performed. */
  | 'prolonged'
  | 'corrected'
  | 'disputed'
  | 'dispute_closed'
  | 'deregistered'
  | 'delisted'
  /** The decision stands and is not shown any more, or not so long: upon an objection, or by order of a court. */
  | 'withheld'
/** After a repair obtained by false material is revoked: the clock starts anew (or the old one runs on), and a bar begins. */
export type Restart = {
  channel: Channel
  until: LocalDate | null
  /** A restarted clock admits no early end; otherwise the first day on which repair may be applied for again. */
  earliest: LocalDate | null
  barredUntil: LocalDate
  restarted: boolean
  rule: string
  instrument: Words
  article: string
}

/** Append-only. `channel` null = every channel. */
export type Disposition = {
  id?: string
  kind: DispositionKind
  channel: Channel | null
  effectiveFrom: LocalDate
  recordedAt: Instant
  /**
   * revoked: what runs from the revocation on each channel, as `restartOf` gave it when the revocation was recorded;
   * prolonged: until when it is shown on each channel instead of what was planned.
   */
  restart?: Restart[] | null
  reason?: string | null
}

/** Orders two days of which null lies beyond every day. */
export const orderOf = (a: LocalDate | null, b: LocalDate | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1

/** The earlier of two days; null lies beyond every day. */
export const earlierOf = (a: LocalDate | null, b: LocalDate | null): LocalDate | null => (orderOf(a, b) <= 0 ? a : b)
