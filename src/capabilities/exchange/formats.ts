import { type Decision, refuse } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import type { Decoded, ExchangeEvent, Head } from './formats.event.ts'
import {
  decodeCloudEvents,
  decodeJsonEnvelope,
  decodeLines,
  encodeCloudEvents,
  encodeJsonEnvelope,
  encodeLines,
} from './formats.json.ts'
import { decodeCsv, decodeXlsx, encodeCsv, encodeXlsx } from './formats.table.ts'
import { decodeXmlEnvelope, encodeXmlEnvelope } from './formats.xml.ts'
import { FORMATS, type Format } from './words.ts'

/**
 * One event serves every format (多口出): an adapter writes events as a format has them and reads them back, and loses
 * nothing either way. What cannot be read is refused with what is wrong and where.
 */
type Adapter = {
  mediaType: string
  extension: string
  encode: (
    events: readonly ExchangeEvent[],
    head: Head,
    fieldOf: (key: string) => Words,
  ) => Uint8Array | Promise<Uint8Array>
  decode: (bytes: Uint8Array) => Decision<Decoded> | Promise<Decision<Decoded>>
}
const ADAPTERS: Record<Format, Adapter> = {
  cloudevents: {
    mediaType: 'application/cloudevents-batch+json',
    extension: 'json',
    encode: encodeCloudEvents,
    decode: decodeCloudEvents,
  },
  json_envelope: {
    mediaType: 'application/vnd.xinheng.envelope+json',
    extension: 'json',
    encode: encodeJsonEnvelope,
    decode: decodeJsonEnvelope,
  },
  xml_envelope: {
    mediaType: 'application/vnd.xinheng.envelope+xml',
    extension: 'xml',
    encode: encodeXmlEnvelope,
    decode: decodeXmlEnvelope,
  },
  csv: { mediaType: 'text/csv', extension: 'csv', encode: encodeCsv, decode: decodeCsv },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extension: 'xlsx',
    encode: (events, _head, fieldOf) => encodeXlsx(events, fieldOf),
    decode: decodeXlsx,
  },
  json_lines: { mediaType: 'application/jsonl', extension: 'jsonl', encode: encodeLines, decode: decodeLines },
}
/** Names that others use for the same. */
const ALSO: Record<string, Format> = {
  'application/x-ndjson': 'json_lines',
  'application/json-lines': 'json_lines',
  'application/csv': 'csv',
}

export type Encoded = { mediaType: string; extension: string; body: Uint8Array }
const asKey = (key: string): Words => ({ zh: key, en: key })

export const encode = async (
  format: Format,
  events: readonly ExchangeEvent[],
  head: Head,
  fieldOf: (key: string) => Words = asKey,
): Promise<Encoded> => {
  const { mediaType, extension, encode: write } = ADAPTERS[format]
  return { mediaType, extension, body: await write(events, head, fieldOf) }
}

/** A media type, with whatever parameters, as the format it stands for. */
export const formatOf = (mediaType: string): Format | null => {
  const plain = mediaType.split(';')[0]?.trim().toLowerCase() ?? ''
  return FORMATS.find((f) => ADAPTERS[f].mediaType === plain) ?? ALSO[plain] ?? null
}

/** By the format's own name or by its media type. All or nothing: a batch with one event that cannot be read is not taken. */
export const decode = async (format: string, bytes: Uint8Array): Promise<Decision<Decoded>> => {
  const known = FORMATS.find((f) => f === format) ?? formatOf(format)
  return known ? ADAPTERS[known].decode(bytes) : refuse('FORMAT_UNKNOWN', { format: format.slice(0, 100) })
}
