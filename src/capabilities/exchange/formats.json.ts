import { z } from 'zod'
import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import { type Decoded, type ExchangeEvent, type Head, checkBatch, digestOf, readEvents } from './formats.event.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** Text in UTF-8, with or without its mark. */
export const textOf = (bytes: Uint8Array): Decision<string> => {
  try {
    return allow(utf8.decode(bytes))
  } catch {
    return refuse('BATCH_NOT_UTF8')
  }
}
const parse = (text: string, line: number): Decision<unknown> => {
  try {
    return allow(JSON.parse(text) as unknown)
  } catch {
    return refuse('BATCH_NOT_READABLE', { line })
  }
}
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A CloudEvents batch (JSON): an array of events. */
export const encodeCloudEvents = (events: readonly ExchangeEvent[]): Uint8Array =>
  bytesOf(`${JSON.stringify(events)}\n`)
export const decodeCloudEvents = (bytes: Uint8Array): Decision<Decoded> => {
  const text = textOf(bytes)
  if (!text.ok) return text
  const found = parse(text.value, 1)
  if (!found.ok) return found
  if (!Array.isArray(found.value)) return refuse('BATCH_PART_MISSING', { part: 'events' })
  const events = readEvents(found.value)
  return events.ok ? allow({ events: events.value, head: null }) : events
}

/** One event a line. */
export const encodeLines = (events: readonly ExchangeEvent[]): Uint8Array =>
  bytesOf(events.map((e) => `${JSON.stringify(e)}\n`).join(''))
export const decodeLines = (bytes: Uint8Array): Decision<Decoded> => {
  const text = textOf(bytes)
  if (!text.ok) return text
  const found: unknown[] = []
  const places: number[] = []
  for (const [i, line] of text.value.split('\n').entries()) {
    if (!line.trim()) continue
    const one = parse(line, i + 1)
    if (!one.ok) return one
    found.push(one.value)
    places.push(i + 1)
  }
  const events = readEvents(found, (n) => places[n - 1] ?? n)
  return events.ok ? allow({ events: events.value, head: null }) : events
}

/** 报文头 and 报文体. `digest` is the SHA-256 of the canonical JSON (RFC 8785) of the events, in hex. */
export const batchHeader = z.object({
  version: z.literal('1').default('1'),
  batch: z.int().min(0),
  source: z.string().max(200),
  to: z.string().max(200).default(''),
  createdAt: z.iso.datetime({ offset: true }),
  count: z.int().min(0),
  digest: z.string().regex(/^[0-9a-fA-F]{64}$/),
})
const envelope = z.object({ header: z.unknown(), body: z.object({ events: z.array(z.unknown()) }) })

export const headerOf = (events: readonly ExchangeEvent[], head: Head): z.infer<typeof batchHeader> => ({
  version: '1',
  ...head,
  count: events.length,
  digest: digestOf(events),
})

/** A header and events, however they were written: both have to be right, and to agree. */
export const readEnvelope = (header: unknown, found: readonly unknown[]): Decision<Decoded> => {
  const head = batchHeader.safeParse(header)
  if (!head.success)
    return refuse('BATCH_PART_MISSING', { part: ['header', ...(head.error.issues[0]?.path ?? [])].join('.') })
  const events = readEvents(found)
  if (!events.ok) return events
  const faults = checkBatch(events.value, head.data)
  const { batch, source, to, createdAt } = head.data
  return faults.length
    ? { ok: false, refusals: faults }
    : allow({ events: events.value, head: { batch, source, to, createdAt } })
}

export const encodeJsonEnvelope = (events: readonly ExchangeEvent[], head: Head): Uint8Array =>
  bytesOf(`${JSON.stringify({ header: headerOf(events, head), body: { events } })}\n`)
export const decodeJsonEnvelope = (bytes: Uint8Array): Decision<Decoded> => {
  const text = textOf(bytes)
  if (!text.ok) return text
  const found = parse(text.value, 1)
  if (!found.ok) return found
  const read = envelope.safeParse(found.value)
  if (!read.success) return refuse('BATCH_PART_MISSING', { part: read.error.issues[0]?.path.join('.') || 'header' })
  return readEnvelope(read.data.header, read.data.body.events)
}
