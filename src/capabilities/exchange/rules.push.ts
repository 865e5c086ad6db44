import { z } from 'zod'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { EffectsSaid } from './store.ts'
import { EFFECT_RESULTS, OUTCOMES } from './words.ts'
import type { DeliveryState, Fault } from './words.push.ts'

/** How deliveries are pushed: every number is the policy's. */
export type PushRule = {
  /** Events in one request, and requests to one peer at a time. */
  batch: number
  requestsAtOnce: number
  timeoutSeconds: number
  firstRetrySeconds: number
  longestRetrySeconds: number
  /** How long a peer that does not answer is left alone at most before one request looks whether it is back. */
  longestRestSeconds: number
  /** Share by which each wait is stretched at random, so that not everything comes back at once. */
  jitter: number
  /** Attempts in all, and how often one delivery may be turned away by itself, before it is dead. */
  attempts: number
  turnedAwayAttempts: number
  deadAfterHours: number
}
export const pushOn = (policy: Pick<Policy, 'settings'>, on: LocalDate): PushRule => {
  const setting = settingOf(policy, 'exchange_push', on)
  if (!setting) throw new Error('the policy has no setting exchange_push')
  return setting.value as PushRule
}

const SECOND = 1000
const HOUR = 3_600_000
const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + Math.round(ms)).toISOString() as Instant

/** The wait doubles with each failure up to the longest. `chance` lies between 0 and 1. */
export const waitMs = (rule: PushRule, failures: number, longestSeconds: number, chance: number): number => {
  // Past this the doubling is far beyond any longest wait; more would leave what a number can hold.
  const doublings = Math.min(failures - 1, Math.ceil(Math.log2(longestSeconds)) + 1)
  const seconds = Math.min(rule.firstRetrySeconds * 2 ** doublings, longestSeconds)
  return seconds * SECOND * (1 + rule.jitter * chance)
}
/** No wait that these rules give is longer: whatever lies further off was written under another clock. */
export const longestWaitMs = (rule: PushRule): number =>
  Math.max(rule.longestRetrySeconds, rule.longestRestSeconds) * SECOND * (1 + rule.jitter) + leaseMs(rule, 1)

/** How long requests that go in turn may take together, with as much again to write down what came of them. */
export const leaseMs = (rule: PushRule, requests: number): number =>
  2 * rule.timeoutSeconds * SECOND * Math.max(1, Math.ceil(requests / rule.requestsAtOnce))

/** These are about the way to the peer, not about what was sent: everything for this peer waits. */
const OF_THE_LINE: ReadonlySet<Fault> = new Set([
  'no_address',
  'unreachable',
  'not_trusted',
  'timeout',
  'cut_short',
  'redirected',
  'not_authorized',
  'not_found',
  'too_many',
  'busy',
  'failed',
])
export const isOfTheLine = (fault: Fault): boolean => OF_THE_LINE.has(fault)
/** Nothing of it came to the peer's system; what fails on arrival may be to blame itself and goes alone from then on. */
const ON_THE_WAY: ReadonlySet<Fault> = new Set(['no_address', 'unreachable', 'not_trusted', 'broke_off'])
export const isReached = (fault: Fault): boolean => !ON_THE_WAY.has(fault)
/** The peer looked at what it was sent and turned it away. */
const TURNED_AWAY: ReadonlySet<Fault> = new Set(['too_large', 'not_accepted', 'unreadable', 'not_answered'])

export type Failing = { attempts: number; since: Instant; together: boolean; retryAfterMs: number | null }
/** What becomes of a delivery whose attempt failed: the next attempt, or none. Whoever was turned away together goes alone at once. */
export const afterFailure = (
  rule: PushRule,
  now: Instant,
  fault: Fault,
  of: Failing,
  chance: number,
): { nextAt: Instant | null; dead: boolean } => {
  const away = TURNED_AWAY.has(fault)
  const most = away && !of.together ? rule.turnedAwayAttempts : rule.attempts
  if (of.attempts >= most || isTooOld(rule, now, of.since)) return { nextAt: null, dead: true }
  if (away && of.together) return { nextAt: now, dead: false }
  const wait = waitMs(rule, of.attempts, rule.longestRetrySeconds, chance)
  return { nextAt: later(now, Math.max(wait, of.retryAfterMs ?? 0)), dead: false }
}
const isTooOld = (rule: PushRule, now: Instant, since: Instant): boolean =>
  Date.parse(now) - Date.parse(since) > rule.deadAfterHours * HOUR

/** Until when a peer that fails is left alone. */
export const restUntil = (
  rule: PushRule,
  now: Instant,
  failures: number,
  retryAfterMs: number | null,
  chance: number,
): Instant => later(now, Math.max(waitMs(rule, failures, rule.longestRestSeconds, chance), retryAfterMs ?? 0))

/** RFC 9110: seconds, or a date. Never longer than the longest wait of the rules. */
export const retryAfterMs = (rule: PushRule, header: string | undefined, now: Instant): number | null => {
  if (!header) return null
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND : Date.parse(text) - Date.parse(now)
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, rule.longestRetrySeconds * SECOND) : null
}

/**
 * Requests in the order of the queue: all that go for one subject stand in one, in their order, so that none overtakes another. What
 * goes alone has its subject's own request.
 */
export const intoRequests = <T extends { subjectId: string; alone: boolean }>(
  rows: readonly T[],
  most: number,
): T[][] => {
  const requests: T[][] = []
  let open: T[] = []
  for (const own of Map.groupBy(rows, (r) => r.subjectId).values()) {
    if (own.some((r) => r.alone)) {
      requests.push([own[0]!])
      continue
    }
    if (open.length && open.length + own.length > most) {
      requests.push(open)
      open = []
    }
    open.push(...own)
  }
  if (open.length) requests.push(open)
  return requests
}

/** pending: it has taken it, and acknowledges later. */
const ack = z.object({
  eventId: z.uuid(),
  outcome: z.enum([...OUTCOMES, 'pending']),
  note: z.string().nullish(),
  effects: z
    .object({ measures: z.enum(EFFECT_RESULTS).optional(), evaluation: z.enum(EFFECT_RESULTS).optional() })
    .optional()
    .catch(undefined),
})
const NOTE_MAX = 500
export type Answer = {
  eventId: string
  outcome: (typeof OUTCOMES)[number] | 'pending'
  note: string
  effects?: EffectsSaid | undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
/** The acknowledgements in an answer; null where it is none. Of one event the last word counts. */
export const readAnswers = (text: string): Answer[] | null => {
  const body = z.object({ acknowledgements: z.array(z.unknown()) }).safeParse(parsed(text))
  if (!body.success) return null
  const acks = new Map<string, Answer>()
  for (const one of body.data.acknowledgements) {
    const read = ack.safeParse(one)
    if (!read.success) continue
    const { outcome, note, effects } = read.data
    const eventId = read.data.eventId.toLowerCase()
    acks.set(eventId, { eventId, outcome, note: plain(note ?? '', NOTE_MAX), ...(effects ? { effects } : {}) })
  }
  return [...acks.values()]
}

const SAID_MAX = 300
// oxlint-disable-next-line no-control-regex
const UNPRINTED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]+/g
/** Without signs that no line holds, and not longer than somebody reads. */
const plain = (text: string, most: number): string =>
  Array.from(text.toWellFormed().replaceAll(UNPRINTED, ' ').trim()).slice(0, most).join('')
/** What a peer said when it refused, as far as it is meant for people: the sentence of a problem document, or a line of plain text. */
export const saidIn = (text: string, mediaType: string): string => {
  if (/json/i.test(mediaType)) {
    const body = parsed(text)
    const of = (typeof body === 'object' && body ? body : {}) as Record<string, unknown>
    const line = [of.detail, of.message, of.title, of.error].find((v) => typeof v === 'string' && v.trim())
    return typeof line === 'string' ? plain(line, SAID_MAX) : ''
  }
  return /^text\/plain/i.test(mediaType) ? plain(text, SAID_MAX) : ''
}

const FAULT_OF: Record<number, Fault> = {
  401: 'not_authorized',
  403: 'not_authorized',
  404: 'not_found',
  410: 'not_found',
  408: 'busy',
  425: 'busy',
  413: 'too_large',
  429: 'too_many',
  502: 'busy',
  503: 'busy',
  504: 'busy',
}
/** What a status means, where it is no success. */
export const faultOfStatus = (status: number): Fault =>
  FAULT_OF[status] ??
  (status >= 500 ? 'failed' : status >= 400 ? 'not_accepted' : status >= 300 ? 'redirected' : 'unreadable')

export type Standing = {
  ackedAt: string | null
  outcome: string | null
  deadAt: string | null
  givenUpAt: string | null
  leased: boolean
  nextAttemptAt: string | null
  attempts: number
}
export const stateOf = (d: Standing): DeliveryState => {
  if (d.ackedAt) return d.outcome === 'refused' ? 'refused' : 'acknowledged'
  if (d.outcome === 'not_needed') return 'not_needed'
  if (d.deadAt) return d.givenUpAt ? 'given_up' : 'dead'
  if (d.nextAttemptAt === null) return 'sent'
  if (d.leased) return 'sending'
  return d.attempts ? 'retrying' : 'queued'
}
