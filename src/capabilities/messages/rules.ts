import type { Policy } from '../../kernel/policy.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { DeliveryState } from './states.ts'
import type { DeliveryError } from './words.ts'

export type Delivering = { attempts: number; firstRetrySeconds: number; longestRetrySeconds: number }
export const deliveringOn = (policy: Pick<Policy, 'settings'>, on: LocalDate): Delivering => {
  const setting = settingOf(policy, 'message_delivery', on)
  if (!setting) throw new Error('the policy has no setting message_delivery')
  return setting.value as Delivering
}

/** The time to the next attempt doubles up to the longest. */
export const retryAt = (now: Instant, attempts: number, rule: Delivering): Instant => {
  const seconds = Math.min(rule.firstRetrySeconds * 2 ** Math.min(attempts - 1, 30), rule.longestRetrySeconds)
  return new Date(Date.parse(now) + seconds * 1000).toISOString() as Instant
}

/** What becomes of a delivery that did not go out. What the receiver will never take is not tried again. */
export const afterFailure = (
  now: Instant,
  attempts: number,
  error: DeliveryError & { final: boolean },
  rule: Delivering,
): { state: DeliveryState; nextAt: Instant | null } =>
  error.final || attempts >= rule.attempts
    ? { state: 'given_up', nextAt: null }
    : { state: 'failed', nextAt: retryAt(now, attempts, rule) }
