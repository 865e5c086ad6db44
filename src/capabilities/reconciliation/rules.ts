import type { Period } from '../../kernel/time.ts'
import { type LocalDate, addPeriod, daysBetween } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { DifferenceState } from './states.ts'
import type { Cause, Kind } from './words.ts'

/** A display of one record on one side, by the rules that hold there. */
export type Side = {
  from: LocalDate | null
  until: LocalDate | null
  /** What has ended it for good, where something has: not the end of its period. */
  end: string | null
  class: string
  article: string
  instrument: Words | null
  /** The longest period. */
  max: Period | null
}
/** What the other system says it shows. */
export type There = {
  from: LocalDate
  until: LocalDate | null
  publishedOn: LocalDate | null
  class: string
  article: string
  version: number | null
  digest: string | null
}
/** What was handed over of a record last: to be shown, or to be taken down. */
export type Handed = {
  version: number | null
  from: LocalDate | null
  until: LocalDate | null
  sentAt: string
  deliveredAt: string | null
  ackedAt: string | null
  deadAt: string | null
  outcome: 'applied' | 'already' | 'refused' | 'not_needed' | null
  note: string
}
/** A result of theirs that has not been carried out here. */
export type OpenResult = { eventId: string; type: string; on: LocalDate }
/** One record on both sides. */
export type Compared = {
  held: boolean
  site: Side | null
  /** What has to be shown there by its own rules. */
  due: Side | null
  there: There | null
  version: number | null
  /** null: there is nothing to compare, as it does not have the record from here. */
  contentSame: boolean | null
  handed: Handed | null
  withdrawn: Handed | null
  result: OpenResult | null
}
export type Bounds = { today: LocalDate; toleranceDays: number }
export type Found = { kind: Kind; cause: Cause }

export const isShown = (side: Pick<Side, 'from' | 'until'> | null, on: LocalDate): boolean =>
  side !== null && side.from !== null && side.from <= on && (side.until === null || on < side.until)

/** How far a message has come. */
const reached = (h: Handed | null): Extract<Cause, 'not_sent' | 'not_acknowledged' | 'refused_there'> | 'done' => {
  if (!h || h.outcome === 'not_needed') return 'not_sent'
  if (h.outcome === 'refused') return 'refused_there'
  if (h.ackedAt) return 'done'
  return h.deliveredAt && !h.deadAt ? 'not_acknowledged' : 'not_sent'
}

const sameDay = (a: LocalDate | null, b: LocalDate | null, tolerance: number): boolean =>
  a === null || b === null ? a === b : Math.abs(daysBetween(a, b)) <= tolerance

/**
 * The same period counted from another day of publication, which Order 45 art. 13 leaves to the system that publishes. Another
 * period is no matter of the clock.
 */
const byTheirClock = (due: Side, there: There): boolean => {
  if (!there.publishedOn || there.from !== there.publishedOn || due.from === there.from) return false
  if (due.max === null) return there.until === null
  return there.until === addPeriod(there.from, due.max)
}

const presence = (c: Compared, shownDue: boolean, { today }: Bounds): Found | null => {
  const { site, due, there } = c
  const shownHere = isShown(site, today)
  if (!there) {
    if (!shownDue && !shownHere) return null
    if (c.result) return { kind: 'not_there', cause: 'result_not_received' }
    if (shownDue) {
      const far = reached(c.handed)
      return { kind: 'not_there', cause: far === 'done' ? 'unknown' : far }
    }
    // Shown here only: by its own rules it is over there, or was never to be shown there.
    const over = due !== null && due.end === null && due.from !== null && due.until !== null && due.until <= today
    return { kind: 'not_there', cause: over ? 'expired_there' : 'rules_differ' }
  }
  if (!c.held) {
    const far = reached(c.withdrawn)
    const known = c.withdrawn !== null || c.handed !== null
    return { kind: 'not_here', cause: !known ? 'not_held' : far === 'done' ? 'unknown' : far }
  }
  if (shownDue) return shownHere ? null : { kind: 'not_here', cause: 'rules_differ' }
  const kind: Kind = shownHere ? 'other_dates' : 'not_here'
  if (due?.end) {
    const far = reached(c.withdrawn)
    return { kind, cause: far === 'done' ? 'unknown' : far }
  }
  return { kind, cause: due && byTheirClock({ ...due }, there) ? 'rules_differ' : 'unknown' }
}

const dates = (c: Compared, due: Side, there: There, { toleranceDays }: Bounds): Found | null => {
  if (sameDay(due.from, there.from, toleranceDays) && sameDay(due.until, there.until, toleranceDays)) return null
  if (c.result) return { kind: 'other_dates', cause: 'result_not_received' }
  const h = c.handed
  // What was handed over last says these days: whoever has not taken it in shows the days from before.
  const told = h !== null && sameDay(h.from, due.from, 0) && sameDay(h.until, due.until, 0)
  const far = told ? reached(h) : 'not_sent'
  if (far !== 'done' && h !== null) return { kind: 'other_dates', cause: far }
  return { kind: 'other_dates', cause: byTheirClock(due, there) ? 'rules_differ' : 'unknown' }
}

const content = (c: Compared, there: There): Found | null => {
  if (c.contentSame === null || c.version === null) return null
  if (there.version === c.version && c.contentSame) return null
  const behind = there.version !== null && there.version < c.version
  if (behind) {
    const far = c.handed?.version === c.version ? reached(c.handed) : 'not_sent'
    return { kind: 'other_content', cause: far === 'done' ? 'unknown' : far }
  }
  return { kind: 'other_content', cause: c.result ? 'result_not_received' : 'unknown' }
}

/** Everything that differs between the two sides about one record, each with its cause. */
export const differencesOf = (c: Compared, bounds: Bounds): Found[] => {
  const shownDue = c.held && isShown(c.due, bounds.today)
  const first = presence(c, shownDue, bounds)
  const both = c.there && shownDue ? [dates(c, c.due!, c.there, bounds), content(c, c.there)] : []
  return [first, ...both].filter((f) => f !== null)
}

/** What the two orders explain is no fault of either side. */
export const EXPLAINED: ReadonlySet<Cause> = new Set(['expired_there', 'rules_differ'])
const SENDABLE: ReadonlySet<Cause> = new Set(['not_sent', 'not_acknowledged', 'refused_there', 'unknown'])

/** What may be done about a difference of this cause. */
export const fits = (action: string, d: { cause: Cause; hasResult: boolean; hasRecord: boolean }): boolean => {
  if (action === 'resend') return d.hasRecord && SENDABLE.has(d.cause)
  if (action === 'take_in') return d.hasResult
  if (action === 'accept') return EXPLAINED.has(d.cause)
  return action === 'settle'
}

/** What the daily run does about a difference by itself, of what the policy lets it do; what the rules explain is accepted all at once. */
export const byItself = (
  d: { cause: Cause; hasResult: boolean; hasRecord: boolean },
  allowed: readonly string[],
): 'resend' | 'take_in' | null => {
  const may = (action: 'resend' | 'take_in') => allowed.includes(action) && fits(action, d)
  if (d.cause === 'result_not_received') return may('take_in') ? 'take_in' : null
  // Sent back or unexplained: sending the same again helps nobody, a person looks first.
  return (d.cause === 'not_sent' || d.cause === 'not_acknowledged') && may('resend') ? 'resend' : null
}

/** How a known difference goes on when it is found again. */
export const foundAgain = (
  held: { state: DifferenceState; fingerprint: string; cause: Cause },
  now: { fingerprint: string; cause: Cause },
): 'keep' | 'find_again' => {
  if (held.state === 'open') return 'keep'
  if (held.state === 'under_way') return 'find_again'
  const explained = held.state === 'settled' || EXPLAINED.has(now.cause)
  return held.fingerprint === now.fingerprint && explained ? 'keep' : 'find_again'
}

/** Which way a record counts in the statement. */
export type Tally = 'same' | 'ruled' | 'differing'
export const tallyOf = (found: readonly Found[]): Tally => {
  if (!found.length) return 'same'
  return found.every((f) => EXPLAINED.has(f.cause)) ? 'ruled' : 'differing'
}

/** Before the hour of a day its exchange is not due. */
export const isDue = (now: string, startOfDay: string, hour: number): boolean =>
  Date.parse(now) >= Date.parse(startOfDay) + hour * 3_600_000
