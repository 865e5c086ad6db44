import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type Instant, type LocalDate, addDays, dayOf, startOf } from '../../kernel/time.ts'
import type { Verdict } from '../collection/words.ts'
import { COUNT_WORDS, type Difference } from './words.ts'

export type Proving = { hour: number; withinDays: number }
export const provingOn = (policy: Pick<Policy, 'settings'>, on: LocalDate): Proving => {
  const setting = settingOf(policy, 'balance_proof', on)
  if (!setting) throw new Error('the policy has no setting balance_proof')
  return setting.value as Proving
}

const HOUR_MS = 3_600_000
/** The last instant at which a nightly proof was due. */
export const lastDue = (now: Instant, { hour }: Proving): Instant => {
  const at = (d: LocalDate) => new Date(Date.parse(startOf(d)) + hour * HOUR_MS).toISOString() as Instant
  const today = dayOf(now)
  return at(today) <= now ? at(today) : at(addDays(today, -1))
}

/** How many that were proved before are proved again tonight, so that all are within the days. */
export const againTonight = (proved: number, { withinDays }: Proving): number => Math.ceil(proved / withinDays)

export type Counted = { received: number; accepted: number; refused: number; pending: number; alreadyHeld: number }
export const NONE: Counted = { received: 0, accepted: 0, refused: 0, pending: 0, alreadyHeld: 0 }
const COUNTER: Record<Verdict, Exclude<keyof Counted, 'received'>> = {
  accepted: 'accepted',
  refused: 'refused',
  pending: 'pending',
  already_held: 'alreadyHeld',
}
export const DIFFERENCES_KEPT = 100

/**
 * The reckoning of one submission, row by row in ascending order, in memory that does not grow with it: what stands in the
 * file, what stands as a record, and what was kept with a verdict.
 */
export class Reckoning {
  readonly counted: Counted = { ...NONE }
  readonly differences: Difference[] = []
  differenceCount = 0

  private tell(difference: Difference): void {
    this.differenceCount++
    if (this.differences.length < DIFFERENCES_KEPT) this.differences.push(difference)
  }

  /** What is known of row `n`. */
  row(n: number, inFile: boolean, entered: boolean, kept: Verdict | null): void {
    if (inFile) this.counted.received++
    else this.tell({ code: 'row_invented', n })
    if (kept === 'accepted' && !entered) this.tell({ code: 'record_lost', n })
    else if (kept !== null && kept !== 'accepted' && entered)
      this.tell({ code: 'row_twice', n, params: { verdict: kept } })
    else if (entered) this.counted.accepted++
    else if (kept !== null) this.counted[COUNTER[kept]]++
    else this.tell({ code: 'row_lost', n })
  }

  file(difference: Difference): void {
    this.tell(difference)
  }

  /** Held against what the receipt says. */
  close(stated: Counted): void {
    for (const name of Object.keys(COUNT_WORDS) as (keyof Counted)[]) {
      if (stated[name] !== this.counted[name])
        this.tell({ code: 'count_differs', params: { name, stated: stated[name], counted: this.counted[name] } })
    }
  }
}
