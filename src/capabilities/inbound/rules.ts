import { z } from 'zod'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Channel, Policy } from '../../kernel/policy.ts'
import { covers } from '../../kernel/territory.ts'
import { firstOf } from '../../kernel/text.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import type { DispositionKind, WindowEnd } from '../../kernel/window.ts'
import type { PeerKind } from '../exchange/words.ts'
import type { Verdict } from './words.ts'

/** What a message says, and what its sender may say: nothing here looks at the world. */

const day = z.iso.date()
const short = z.string().trim().max(500)
const about = z.object({
  recordId: short.optional(),
  item: z.string().min(1).max(60),
  subjectCode: short.nullish(),
  subjectName: short.min(1),
  authority: short.min(1),
  documentNumber: short,
  decidedOn: day.nullish(),
})
const after = z.object({
  version: z.number().int().min(1).optional(),
  shownFrom: day.nullish(),
  shownUntil: day.nullish(),
  disputed: z.boolean().optional(),
  fields: z.record(z.string().max(100), z.unknown()),
})
const recordData = z.object({
  record: about,
  after: after.nullish(),
  withdrawal: z.object({ reason: z.string().max(60).nullish() }).nullish(),
  via: z.array(z.string().max(200)).max(100).nullish(),
})
export type About = z.infer<typeof about>
export type After = z.infer<typeof after>

const envelope = z.object({
  specversion: z.literal('1.0'),
  type: z.string().regex(/^[a-z][a-z0-9_.]{0,99}$/),
  source: z.string().min(1).max(200),
  subject: z.string().min(1).max(200).optional(),
  time: z.iso.datetime({ offset: true }),
  data: z.unknown(),
})

export const RECORD_TYPES = ['record.publish', 'record.update', 'record.withdraw'] as const
export const isRecordType = (type: string): boolean => (RECORD_TYPES as readonly string[]).includes(type)

export type Parsed = {
  type: string
  source: string
  /** The sender's own name for what the message is about. */
  thing: string
  at: Instant
  data: unknown
  /** Of the three types about records. `via`: through which platforms it has come to the sender. */
  record: { about: About; after: After | null; reason: string | null; via: readonly string[] } | null
}
/** With its offset a time may lie before the first year or after the last that anybody writes. */
const IN_CALENDAR = /^(?!0000)\d{4}-/
/** A message in its parts; or where it breaks the published form. */
export const parseMessage = (event: unknown): { ok: true; message: Parsed } | { ok: false; field: string } => {
  const read = envelope.safeParse(event)
  if (!read.success) return { ok: false, field: read.error.issues[0]?.path.join('.') || 'event' }
  const { type, source, subject, time, data } = read.data
  const at = new Date(time).toISOString() as Instant
  if (!IN_CALENDAR.test(at)) return { ok: false, field: 'time' }
  if (!isRecordType(type)) return { ok: true, message: { type, source, thing: subject ?? '', at, data, record: null } }
  const found = recordData.safeParse(data)
  if (!found.success) return { ok: false, field: ['data', ...(found.error.issues[0]?.path ?? [])].join('.') }
  const { record, after: said, withdrawal, via } = found.data
  if (type !== 'record.withdraw' && !said) return { ok: false, field: 'data.after' }
  const thing = subject ?? record.recordId ?? `${record.item}/${record.subjectCode ?? ''}/${record.documentNumber}`
  const told = { about: record, after: said ?? null, reason: withdrawal?.reason ?? null, via: via ?? [] }
  return { ok: true, message: { type, source, thing: firstOf(thing, 200), at, data, record: told } }
}

/** The way by which the news of a message has come to us. */
export const wayOf = ({ source, record }: Parsed): string[] => [...(record?.via ?? []), source]

const AHEAD_MS = 24 * 3_600_000
/** A time that lies ahead would keep every later message about the same thing out. */
export const liesAhead = (at: Instant, now: Instant): boolean => Date.parse(at) - Date.parse(now) > AHEAD_MS

/** Older than what has been carried out about the same thing. Messages of one instant count in the order in which they come. */
export const isOlder = (at: string, last: string | null): boolean => last !== null && Date.parse(at) < Date.parse(last)

// ---- whose territory

export type Places = {
  /** What begins the codes of this platform's own territory. */
  ours: readonly string[]
  peer: string
  subject: string | null
  /** null where the authority is not in the register. */
  authority: string | null
  /** The agreement with the peer covers what lies outside. */
  outside: boolean
}
/** A record belongs to the territory of its subject and to that of whoever decided. */
export const territoryOf = ({ ours, peer, subject, authority, outside }: Places): Verdict | null => {
  const places = [subject, authority].filter((d) => d !== null)
  if (!places.some((d) => covers(peer, d))) return 'outside_peer'
  return outside || places.some((d) => ours.some((p) => d.startsWith(p))) ? null : 'outside_ours'
}

// ---- who may change what

/** From where a record that is held here came first. */
export type Source = 'this_peer' | 'elsewhere' | 'nowhere'

/** The platform's arrangements for what peers send; reasons and terms are rows of the policy. */
type InboundRule = {
  mayEnd: readonly { peer: string; reasons: readonly string[] }[]
  retryMinutes: readonly number[]
  withdrawalWaitsHours: number
}
const inboundOn = (policy: Pick<Policy, 'settings'>, on: LocalDate): InboundRule => {
  const setting = settingOf(policy, 'exchange_inbound', on)
  if (!setting) throw new Error('the policy has no setting exchange_inbound')
  return setting.value as InboundRule
}

/**
 * Whose decision a record is says what it says; a repair is recognised by every platform (Order 36 art. 23, Order 107 art. 25),
 * and those who keep a list or a register tell when something has gone from it.
 */
export const mayEnd = (
  policy: Pick<Policy, 'settings'>,
  on: LocalDate,
  { kind, source, by }: { kind: PeerKind; source: Source; by: DispositionKind },
): boolean =>
  source !== 'elsewhere' || inboundOn(policy, on).mayEnd.some((r) => r.peer === kind && r.reasons.includes(by))

const ENDS = ['repaired', 'annulled', 'shielded', 'deregistered', 'delisted'] as const
/** What a withdrawal does here. What has no disposition of its own, such as a change of rules there, is not shown any more. */
export const endingFor = (reason: string | null): (typeof ENDS)[number] | 'withheld' =>
  ENDS.find((kind) => kind === reason) ?? 'withheld'

/** A repair, an annulment and the end of a subject hold wherever a record is shown; the rest on the channel it was told of. */
export const channelFor = (ending: DispositionKind, channel: Channel): Channel | null =>
  ending === 'repaired' || ending === 'annulled' || ending === 'deregistered' ? null : channel

/** What shows a record again that ended so; null: it has ended for good. */
export const reopeningOf = (end: WindowEnd | null): DispositionKind | null => {
  if (end?.by === 'shielded' || end?.by === 'withheld') return 'restored'
  if (end?.by === 'repaired') return 'revoked'
  return end?.by === 'annulled' ? 'reinstated' : null
}

// ---- trying again

export const nextTry = (policy: Pick<Policy, 'settings'>, now: Instant, attempts: number): Instant => {
  const { retryMinutes } = inboundOn(policy, dayOf(now))
  const minutes = retryMinutes[Math.min(attempts, retryMinutes.length - 1)] as number
  return new Date(Date.parse(now) + minutes * 60_000).toISOString() as Instant
}

/** Until when a withdrawal waits for its record. */
export const waitsUntil = (policy: Pick<Policy, 'settings'>, receivedAt: Instant): Instant => {
  const { withdrawalWaitsHours } = inboundOn(policy, dayOf(receivedAt))
  return new Date(Date.parse(receivedAt) + withdrawalWaitsHours * 3_600_000).toISOString() as Instant
}
