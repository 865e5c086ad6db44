import { z } from 'zod'
import { type Decision, type Refusal, allow } from '../../kernel/decision.ts'
import { sha256 } from '../../platform/crypto.ts'

/** One CloudEvent, whatever it is about: what every format carries. */
export const exchangeEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  type: z.string().regex(/^[a-z][a-z0-9_.]{0,99}$/),
  subject: z.string().min(1).max(200),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json').default('application/json'),
  data: z.unknown(),
})
export type ExchangeEvent = z.infer<typeof exchangeEvent>

/** What stands above the events of one batch. Formats without a place for it leave it to the manifest. */
export type Head = { batch: number; source: string; to: string; createdAt: string }
export type Decoded = { events: ExchangeEvent[]; head: Head | null }

const DEEPEST = 24
const MOST_FAULTS = 20

/** JSON with its keys in order (RFC 8785): the same events have one digest in every format. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((v) => canonical(v ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  return `{${Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join(',')}}`
}
export const digestOf = (events: readonly ExchangeEvent[]): string => sha256(canonical(events))

const tooDeep = (value: unknown, left = DEEPEST): boolean =>
  typeof value === 'object' && value !== null && (left === 0 || Object.values(value).some((v) => tooDeep(v, left - 1)))

/** PostgreSQL holds neither NUL nor half a surrogate pair, in a value or in the name of one. */
export const isKept = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  return typeof value !== 'object' || value === null || Object.entries(value).every(([k, v]) => isKept(k) && isKept(v))
}

/** Every event that is none, by its place in the batch, with what is wrong with it. */
export const readEvents = (
  found: readonly unknown[],
  placeOf: (n: number) => number = (n) => n,
): Decision<ExchangeEvent[]> => {
  const events: ExchangeEvent[] = []
  const faults: Refusal[] = []
  for (const [i, one] of found.entries()) {
    const n = placeOf(i + 1)
    if (faults.length >= MOST_FAULTS) break
    const data = typeof one === 'object' && one !== null && 'data' in one ? one.data : undefined
    const read = tooDeep(data) ? null : exchangeEvent.safeParse(one)
    if (!read) faults.push({ code: 'EVENT_NOT_VALID', params: { n, field: 'data' } })
    else if (!read.success)
      faults.push({
        code: 'EVENT_NOT_VALID',
        params: { n, field: read.error.issues[0]?.path.join('.') || 'event' },
      })
    else if (typeof data !== 'object' || data === null || Array.isArray(data))
      faults.push({ code: 'EVENT_NOT_VALID', params: { n, field: 'data' } })
    else events.push(read.data)
  }
  return faults.length ? { ok: false, refusals: faults } : allow(events)
}

export type Said = { count: number; digest: string }
/** What the header says of the body has to hold: a batch that was cut or changed on its way is not taken. */
export const checkBatch = (events: readonly ExchangeEvent[], said: Said): Refusal[] => {
  if (events.length !== said.count)
    return [{ code: 'BATCH_COUNT_DIFFERS', params: { said: said.count, found: events.length } }]
  return digestOf(events) === said.digest.toLowerCase() ? [] : [{ code: 'BATCH_DIGEST_DIFFERS' }]
}
