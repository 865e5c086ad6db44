import type { Channel } from './policy.ts'
import { type LocalDate, later } from './time.ts'
import {
  type Disposition,
  type DispositionKind,
  type Restart,
  type Window,
  type WindowEnd,
  earlierOf,
} from './window-shapes.ts'

const inOrder = (a: Disposition, b: Disposition): number =>
  a.effectiveFrom.localeCompare(b.effectiveFrom) || a.recordedAt.localeCompare(b.recordedAt)

const ENDS = {
  repaired: true,
  annulled: true,
  deregistered: true,
  delisted: true,
  shielded: true,
  withheld: true,
} as const
type EndKind = keyof typeof ENDS
const isEnd = (kind: DispositionKind): kind is EndKind => kind in ENDS

type Shown = { from: LocalDate | null; earliest: LocalDate | null; until: LocalDate | null; end: WindowEnd | null }

const endBy = (now: Shown, d: Disposition, by: EndKind): Shown => {
  if (now.end && now.end.by !== 'shielded' && by !== 'annulled') return now
  const on = now.end ? now.end.on : d.effectiveFrom
  const never = now.from === null || d.effectiveFrom <= now.from
  return {
    from: never ? null : now.from,
    earliest: null,
    until: never ? null : now.end ? now.until : earlierOf(now.until, d.effectiveFrom),
    end: { by, on, disposition: d.id ?? null },
  }
}

/** Shown again from a day on: until its planned end, or until the end that a revocation gave it. */
const reopen = (planned: Shown, day: LocalDate, restart: Restart | undefined): Shown => {
  const until = restart ? restart.until : planned.until
  const earliest = restart ? restart.earliest : planned.earliest
  if (planned.from === null) return { from: null, earliest, until: null, end: null }
  if (until !== null && until <= day) return { from: planned.from, earliest: null, until, end: null }
  const from = later(planned.from, day)
  return { from, earliest: earliest && later(earliest, from), until, end: null }
}

const applied = (planned: Shown, channel: Channel, now: Shown, d: Disposition): Shown => {
  if (isEnd(d.kind)) return endBy(now, d, d.kind)
  if (d.kind === 'restored' && (now.end?.by === 'shielded' || now.end?.by === 'withheld'))
    return reopen(planned, d.effectiveFrom, undefined)
  if (d.kind === 'revoked' && now.end?.by === 'repaired')
    return reopen(
      planned,
      d.effectiveFrom,
      d.restart?.find((r) => r.channel === channel),
    )
  return now
}

/** A new end in place of the planned one; what has ended for good stays ended. */
const prolong = (channel: Channel, now: Shown, d: Disposition): Shown => {
  const to = d.restart?.find((r) => r.channel === channel)
  return to && now.from !== null && !now.end ? { ...now, until: to.until, earliest: to.earliest } : now
}

/** An annulment that was taken back counts no more: what else has happened to the record holds as if it had not been. */
const standing = (acts: readonly Disposition[]): Disposition[] => {
  const stand: Disposition[] = []
  for (const d of acts) {
    const annulled =
      d.kind === 'reinstated' ? stand.findLastIndex((x) => x.kind === 'annulled' && x.channel === null) : -1
    if (annulled < 0) stand.push(d)
    else stand.splice(annulled, 1)
  }
  return stand
}
/** The record's authority has annulled it, and has not taken that back. */
export const isAnnulled = (dispositions: readonly Disposition[]): boolean =>
  standing(dispositions).some((d) => d.kind === 'annulled' && d.channel === null)

/** What is shown after the dispositions; with `today`, only those in effect by then, and an expiry that has come. */
export const foldWindows = (
  windows: readonly Window[],
  dispositions: readonly Disposition[],
  today?: LocalDate,
): Window[] => {
  const acts = standing(dispositions.filter((d) => today === undefined || d.effectiveFrom <= today).toSorted(inOrder))
  return windows.map((window) => {
    const planned: Shown = { ...(window.planned ?? window), end: null }
    const before: Shown = { from: planned.from, earliest: planned.earliest, until: planned.until, end: null }
    // What a prolongation gives is what a later restoration goes back to.
    let plan = planned
    const after = acts
      .filter((d) => d.channel === null || d.channel === window.channel)
      .reduce((now, d) => {
        if (d.kind !== 'prolonged') return applied(plan, window.channel, now, d)
        const next = prolong(window.channel, now, d)
        plan = { ...plan, until: next.until, earliest: next.earliest }
        return next
      }, before)
    const expired = !after.end && today !== undefined && after.until !== null && after.until <= today
    const end: WindowEnd | null = expired
      ? { by: 'expiry', on: after.until as LocalDate, disposition: null }
      : after.end
    const { planned: _, ...rest } = window
    const changed = after.from !== before.from || after.until !== before.until || after.earliest !== before.earliest
    return {
      ...rest,
      ...after,
      end,
      ...(changed ? { planned: { from: before.from, earliest: before.earliest, until: before.until } } : {}),
    }
  })
}

export type Status = {
  channel: Channel
  status: 'shown' | 'not_shown'
  reason: 'shown' | 'not_published' | 'not_yet' | WindowEnd['by']
  window: Window
}

/** Whether a record is shown on each channel on a day, and the reason if not. */
export const statusOn = (windows: readonly Window[], dispositions: readonly Disposition[], day: LocalDate): Status[] =>
  foldWindows(windows, dispositions, day).map((window) => {
    const { channel, from, until, end } = window
    const shown = from !== null && from <= day && (until === null || day < until)
    if (shown) return { channel, status: 'shown', reason: 'shown', window }
    const reason = end?.by ?? (from !== null && day < from ? 'not_yet' : 'not_published')
    return { channel, status: 'not_shown', reason, window }
  })
