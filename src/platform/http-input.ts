import type { FastifyRequest } from 'fastify'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import { sql } from 'kysely'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Endpoint, StoredFile } from '../kernel/api.ts'
import { mustNot } from '../kernel/decision.ts'
import type { Runtime } from './context.ts'
import { inTx } from './db/index.ts'
import { TooLarge } from './files.ts'
import { InvalidInput } from './problem.ts'

/** From a request to one flat, checked input. Everything wrong is said at once, each point with its place. */

export const BODY_LIMIT = 4 * 1024 * 1024
export const UPLOAD_LIMIT = 512 * 1024 * 1024
const MAX_DEPTH = 64

export const sizeWords = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.max(1, Math.floor(bytes / 1024))} KB`

/** PostgreSQL holds neither NUL nor half a surrogate pair; and nothing honest nests this deep. */
export const checkText = (value: unknown): void => {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    if (typeof next.value === 'string') {
      if (next.value.includes('\0') || !next.value.isWellFormed()) mustNot('BAD_TEXT')
    } else if (next.value !== null && typeof next.value === 'object') {
      if (next.depth >= MAX_DEPTH) mustNot('BAD_JSON')
      for (const [key, child] of Object.entries(next.value))
        open.push({ value: key, depth: 0 }, { value: child, depth: next.depth + 1 })
    }
  }
}

/** Only what is escaped can be text that is not to be; only what has many brackets can nest too deep. Most requests are neither. */
export const mayBeUnfit = (json: string): boolean => {
  if (json.includes('\\u')) return true
  let opened = 0
  for (let i = 0; i < json.length && opened < MAX_DEPTH; i++) {
    const sign = json.charCodeAt(i)
    if (sign === 0x7b || sign === 0x5b) opened++
  }
  return opened >= MAX_DEPTH
}

type Keys = ReadonlySet<string> | null
/** The keys of a plain object schema; null when the schema takes others too or is no object. */
const keysOf = (schema: z.ZodType): Keys => {
  const def = schema.def as unknown as {
    type: string
    shape?: Record<string, unknown>
    catchall?: { def: { type: string } }
  }
  if (def.type !== 'object' || !def.shape) return null
  return def.catchall && def.catchall.def.type !== 'never' ? null : new Set(Object.keys(def.shape))
}

export type Checker = (params: unknown, query: unknown, body: unknown) => Record<string, unknown>
type Part = { schema: z.ZodType; keys: Keys; from: 'params' | 'query' | 'body' }
/** What any request may carry beside its own fields. */
const ALWAYS: ReadonlySet<string> = new Set(['lang', 'csrf'])

/**
 * Compiled once a route. An unknown field is said, not swallowed: a misspelt filter must not show everything. Pages (html)
 * let unknown query fields pass, since links gather them.
 */
export const checkerOf = (endpoint: Endpoint): Checker | null => {
  const parts: Part[] = []
  for (const from of ['params', 'query', 'body'] as const) {
    const schema = endpoint[from]
    if (schema) parts.push({ schema, keys: keysOf(schema), from })
  }
  if (!parts.length) return null
  const lenient = endpoint.reply === 'html'
  return (params, query, body) => {
    const given = { params, query, body }
    const input: Record<string, unknown> = {}
    const found: InvalidInput['found'] = []
    for (const { schema, keys, from } of parts) {
      const value = given[from] ?? (from === 'body' ? {} : undefined)
      const unknown = keys && !(lenient && from === 'query') ? unknownKeys(value, keys) : []
      if (unknown.length) {
        const issue = {
          code: 'unrecognized_keys',
          keys: unknown,
          path: [],
          message: '',
          input: undefined,
        } as z.core.$ZodIssue
        found.push({ issue, schema: undefined })
      }
      const parsed = schema.safeParse(value, { reportInput: true })
      if (parsed.success) Object.assign(input, parsed.data)
      else for (const issue of parsed.error.issues) found.push({ issue, schema })
    }
    if (found.length) throw new InvalidInput(found)
    return input
  }
}

const unknownKeys = (value: unknown, keys: ReadonlySet<string>): string[] => {
  if (value === null || typeof value !== 'object') return []
  const unknown: string[] = []
  for (const key in value) if (!keys.has(key) && !ALWAYS.has(key)) unknown.push(key)
  return unknown
}

export type Uploaded = { file: StoredFile; fields: Record<string, unknown> }
export type Upload = { request: FastifyRequest; limit: number; checkCsrf: (field: string | undefined) => void }

const plainName = (name: string): string => {
  const base = name.toWellFormed().replaceAll('\0', '').split(/[\\/]/).at(-1)?.trim() ?? ''
  return Array.from(base).slice(0, 200).join('')
}
const mediaTypeOf = (text: string | undefined): string => {
  const plain = text?.split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[\w.+-]+\/[\w.+-]+$/.test(plain) ? plain : 'application/octet-stream'
}

/** Streams one file into the store and says where it lies. The row stands before anything refers to it. */
const keep = async (
  runtime: Runtime,
  body: Readable,
  limit: number,
  about: { name: string; mediaType: string },
): Promise<StoredFile> => {
  const stored = await runtime.files.put(body, limit).catch((error: unknown) => {
    if (error instanceof TooLarge) mustNot('TOO_LARGE', { limit: sizeWords(limit) })
    throw error
  })
  await inTx(runtime.db, async (tx) => {
    await sql`
      insert into platform.file (hash, bytes, media_type, created_at)
      values (${stored.hash}, ${stored.bytes}, ${about.mediaType}, ${runtime.clock.now()}) on conflict (hash) do nothing
    `.execute(tx)
  })
  return { ...stored, ...about }
}

/**
 * Multipart: one part `file`, other parts are text fields of the body; the hidden field `csrf` of a plain form comes before the file.
 * Anything else is the file itself, named by `X-File-Name` (percent-encoded UTF-8), and the body's fields stand in the query.
 */
export const takeUpload = async (runtime: Runtime, upload: Upload): Promise<Uploaded> => {
  try {
    return await readUpload(runtime, upload)
  } catch (error) {
    // What is still on its way is let go, so that the answer is read by a caller who sends before listening.
    upload.request.raw.unpipe()
    upload.request.raw.resume()
    throw error
  }
}

const readUpload = async (runtime: Runtime, { request, limit, checkCsrf }: Upload): Promise<Uploaded> => {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit + 1024 * 1024) mustNot('TOO_LARGE', { limit: sizeWords(limit) })
  if (!request.isMultipart()) {
    checkCsrf(undefined)
    const name = plainName(decodedName(request.headers['x-file-name']))
    const file = await keep(runtime, request.raw, limit, {
      name: name || 'file',
      mediaType: mediaTypeOf(request.headers['content-type']),
    })
    if (!file.bytes) mustNot('MISSING_FILE')
    return { file, fields: request.query as Record<string, unknown> }
  }
  const fields: Record<string, unknown> = {}
  let file: StoredFile | undefined
  for await (const part of request.parts({
    limits: { fileSize: limit + 1, files: 2, fields: 100, fieldSize: 1024 * 1024 },
  })) {
    if (part.type === 'field') {
      const { fieldname, value } = part as MultipartValue
      checkText([fieldname, value])
      const held = Object.hasOwn(fields, fieldname) ? fields[fieldname] : undefined
      const both = held === undefined ? value : [...(Array.isArray(held) ? (held as unknown[]) : [held]), value]
      Object.defineProperty(fields, fieldname, { value: both, enumerable: true, writable: true, configurable: true })
    } else {
      if (file) mustNot('ONE_FILE_ONLY')
      checkCsrf(typeof fields.csrf === 'string' ? fields.csrf : undefined)
      const { filename, mimetype, file: stream } = part as MultipartFile
      file = await keep(runtime, stream, limit, {
        name: plainName(filename ?? '') || 'file',
        mediaType: mediaTypeOf(mimetype),
      })
    }
  }
  checkCsrf(typeof fields.csrf === 'string' ? fields.csrf : undefined)
  delete fields.csrf
  return { file: file?.bytes ? file : mustNot('MISSING_FILE'), fields }
}

const decodedName = (header: string | string[] | undefined): string => {
  const text = Array.isArray(header) ? (header[0] ?? '') : (header ?? '')
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
