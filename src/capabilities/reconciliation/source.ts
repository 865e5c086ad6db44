import type { z } from 'zod'
import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { mustBeCallable, outwardOf } from '../../platform/outward.ts'
import { type FoundKey, signRequest, verifyRequest } from '../../platform/signatures.ts'
import { signerOf } from '../exchange/index.ts'
import { type ListPage, type ResultEvent, type ResultPage, answer, listPage, resultPage } from './rules.wire.ts'
import * as store from './store.ts'
import type { Fault } from './words.ts'

/** What the daily run needs of the other system. */
export type Source = {
  results: (after: string | null) => Promise<ResultPage>
  list: (day: LocalDate, after: string | null) => Promise<ListPage>
  /** What became of one record there, where it does not show it any more; null where it knows of nothing. */
  ask: (record: {
    item: string
    subjectCode: string
    authority: string
    documentNumber: string
  }) => Promise<ResultEvent | null>
}

/** The day cannot be carried out; the fault is named in its statement. */
export class Failed extends Error {
  readonly fault: Fault
  readonly detail: string
  constructor(fault: Fault, detail = '') {
    super(`${fault} ${detail}`.trim())
    this.name = 'Failed'
    this.fault = fault
    this.detail = detail
  }
}

const TIMEOUT_MS = 30_000
const MOST_BYTES = 64 * 1024 * 1024
const SKEW_SECONDS = 300
const COVERED = ['content-digest', 'content-type', 'content-location'] as const

const bodyOf = async (response: Response): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MOST_BYTES) throw new Failed('unreadable', `> ${MOST_BYTES}`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Asked with our signature, believed with theirs: over the body and over the address that it answers. */
const get = async <T extends z.ZodType>(
  ctx: Ctx,
  peer: store.OtherSystem,
  url: URL,
  schema: T,
): Promise<z.output<T>> => {
  const signer = await signerOf(ctx, peer.algorithm)
  const headers = signRequest(signer, { method: 'GET', url: url.href, headers: {} }, { created: ctx.clock.now() })
  let response: Response
  let body: Buffer
  try {
    await mustBeCallable(url.href, outwardOf(ctx))
    response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    body = await bodyOf(response)
  } catch (error) {
    if (error instanceof Failed) throw error
    throw new Failed('not_reached')
  }
  if (response.status !== 200) throw new Failed('answered_badly', String(response.status))
  const now = ctx.clock.now()
  const findKey = async (keyId: string): Promise<FoundKey> => {
    const key = await store.theirKey(ctx.db.kysely, peer.id, keyId)
    if (!key || key.validFrom > now) return null
    if (key.revokedAt) return 'revoked'
    return key.validUntil && key.validUntil <= now ? 'expired' : key
  }
  const signed = await verifyRequest(
    { method: 'GET', url: url.href, headers: Object.fromEntries(response.headers), body },
    { now, skewSeconds: SKEW_SECONDS, findKey, required: COVERED },
  )
  if (!signed.ok) throw new Failed('signature', signed.fault)
  if (response.headers.get('content-location') !== url.href) throw new Failed('signature', 'CONTENT_LOCATION')
  let content: unknown
  try {
    content = JSON.parse(body.toString('utf8'))
  } catch {
    throw new Failed('unreadable', 'JSON')
  }
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw new Failed('unreadable', parsed.error.issues[0]?.path.join('.') ?? '')
  return parsed.data
}

const addressOf = (base: string, part: string, query: Record<string, string | null>): URL => {
  if (!URL.canParse(base)) throw new Failed('not_reached', 'URL')
  const url = new URL(`${base.replace(/\/$/, '')}/${part}`)
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
  return url
}

export const httpSource = (ctx: Ctx, peer: store.OtherSystem): Source => ({
  results: (after) => get(ctx, peer, addressOf(peer.address, 'results', { after }), resultPage),
  list: (day, after) => get(ctx, peer, addressOf(peer.address, 'shown', { day, after }), listPage),
  ask: async (record) => {
    const { shown, event } = await get(ctx, peer, addressOf(peer.address, 'record', record), answer)
    return shown ? null : event
  },
})
