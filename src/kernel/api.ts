import type { z } from 'zod'
import type { Allowed } from './roles.ts'
import type { Words } from './words.ts'

/**
 * Endpoints are data. One table gives the routes with validation, the OpenAPI document, the typed client and the role
 * matrix. `upload` endpoints take one file (multipart field `file`, or the raw body) and hand the use case its stored
 * form; `file` and `html` replies leave as they are.
 */
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Under /api/v1 for `json` and `file`; as written for `html`. Parameters as `:name`. Never an identifier of a person. */
  path: string
  summary: Words
  allowed: Allowed
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  upload?: boolean
  /** Longest body or file in bytes; the platform's own limit when absent. */
  limit?: number
  reply: z.ZodType | 'file' | 'html'
  status?: 200 | 201 | 202
  /** Writes accept an Idempotency-Key unless this says no. */
  idempotent?: false
}
export type EndpointTable = Record<string, Endpoint>

export const defineEndpoints = <const T extends EndpointTable>(table: T): T => table

/** A file that the edge has taken in, hashed and stored before the use case runs. */
export type StoredFile = { hash: string; name: string; bytes: number; mediaType: string }
export type FileReply = { file: { name: string; mediaType: string; body: Uint8Array | AsyncIterable<Uint8Array> } }
export type HtmlReply = { html: string; status?: number; redirect?: string; headers?: Record<string, string> }

type Parsed<Z> = Z extends z.ZodType ? z.output<Z> : unknown
/** What a handler gets: params, query and body in one flat object, and the file of an upload. */
export type InputOf<E extends Endpoint> = Parsed<E['params']> &
  Parsed<E['query']> &
  Parsed<E['body']> &
  (E extends { upload: true } ? { file: StoredFile } : unknown)
export type ReplyOf<E extends Endpoint> = E['reply'] extends 'file'
  ? FileReply
  : E['reply'] extends 'html'
    ? HtmlReply
    : E['reply'] extends z.ZodType
      ? z.input<E['reply']>
      : never

/** A missing handler does not compile. `C` is the context that the platform gives. */
export type Handlers<T extends EndpointTable, C> = {
  [K in keyof T]: (ctx: C, input: InputOf<T[K]>) => Promise<ReplyOf<T[K]>>
}
