import { createHash } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { promisify } from 'node:util'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { PageCheck } from './rules.ts'
import type { LookReason } from './words.ts'

/**
 * Fetches a page that somebody outside has named. It goes to the public network alone and to networks that the rules name:
 * the address is resolved once, judged, and connected to as it was judged, at each redirect anew.
 */

export type Reach = Pick<PageCheck, 'timeoutSeconds' | 'maxBytes' | 'redirects' | 'networks'> & { loopback: boolean }
export type Fetched = {
  status: number
  reached: string
  /** SHA-256 of the content as it was read. */
  hash: string
  bytes: number
  /** Null where it is no text. */
  html: string | null
  charset: string | null
  truncated: boolean
}
export type Failed = { reason: LookReason; reached: string }

/** Special-purpose networks (RFC 6890 and its registry): none of them is a public page. */
const INTERNAL: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** Only what is given out as global unicast is public, without what wraps an IPv4 address or is for documents. */
const GLOBAL_V6: readonly [string, number] = ['2000::', 3]
const WRAPPED_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]
const LOOPBACK: readonly [string, number][] = [
  ['127.0.0.0', 8],
  ['::1', 128],
]

const listOf = (networks: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList()
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4')
  return list
}
const internal = listOf(INTERNAL)
const globalV6 = listOf([GLOBAL_V6])
const wrappedV6 = listOf(WRAPPED_V6)
const loopback = listOf(LOOPBACK)
const within = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

const networksOf = (texts: readonly string[]): BlockList =>
  listOf(
    texts.flatMap((text) => {
      const [address = '', prefix = ''] = text.split('/')
      return isIP(address) ? [[address, Number(prefix)] as const] : []
    }),
  )
/** ::ffff:10.0.0.1 is 10.0.0.1. */
const unmapped = (address: string): string => {
  const tail = /^::ffff:(?:0:)?(.+)$/i.exec(address)?.[1]
  if (!tail) return address
  if (isIP(tail) === 4) return tail
  const [high, low] = tail.split(':').map((part) => Number.parseInt(part, 16))
  if (high === undefined || low === undefined || Number.isNaN(high + low)) return address
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

export const mayReach = (given: string, reach: Pick<Reach, 'networks' | 'loopback'>): boolean => {
  const address = unmapped(given)
  if (!isIP(address)) return false
  if (within(networksOf(reach.networks), address)) return true
  if (within(loopback, address)) return reach.loopback
  return isIPv6(address) ? within(globalV6, address) && !within(wrappedV6, address) : !within(internal, address)
}

/** An address as people give it; null for what is none that may be looked at at all. */
export const pageAddress = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || !url.hostname || url.username || url.password) return null
  url.hash = ''
  return url
}
const literal = (host: string): string => host.replace(/^\[|\]$/g, '')
/** What an address says by itself: a number that may not be reached is refused where it is entered. */
export const isBarred = (url: URL, reach: Pick<Reach, 'networks' | 'loopback'>): boolean => {
  const host = literal(url.hostname)
  return isIP(host) !== 0 && !mayReach(host, reach)
}

class NotFetched extends Error {
  readonly reason: LookReason
  constructor(reason: LookReason) {
    super(reason)
    this.reason = reason
  }
}

const resolve = promisify(lookup) as unknown as (host: string, options: { all: true }) => Promise<LookupAddress[]>
/** Where to connect to; every address of the name has to be one that may be reached. */
const judged = async (url: URL, reach: Reach, signal: AbortSignal): Promise<LookupAddress> => {
  const host = literal(url.hostname)
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await Promise.race([
        resolve(host, { all: true }).catch(() => Promise.reject(new NotFetched('no_such_host'))),
        new Promise<never>((_, no) => signal.addEventListener('abort', () => no(new NotFetched('timed_out')))),
      ])
  const [first] = found
  if (!first) throw new NotFetched('no_such_host')
  if (!found.every((a) => mayReach(a.address, reach))) throw new NotFetched('address_not_allowed')
  return first
}

const CERTIFICATE = /^(CERT_|ERR_TLS_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/
const reasonOf = (error: unknown, signal: AbortSignal): LookReason => {
  if (error instanceof NotFetched) return error.reason
  if (signal.aborted) return 'timed_out'
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && CERTIFICATE.test(code) ? 'certificate_wrong' : 'connection_failed'
}

const ask = (url: URL, at: LookupAddress, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((yes, no) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = send(url, {
      method: 'GET',
      signal,
      agent: false,
      // Connected to as it was judged, whatever the name says by now.
      lookup: (_host, options, then) => {
        if (options.all) then(null, [at])
        else then(null, at.address, at.family)
      },
      headers: {
        accept: 'text/html, application/xhtml+xml, application/json;q=0.8, text/plain;q=0.8',
        'accept-encoding': 'gzip, deflate, br',
        'accept-language': 'zh-CN',
        'user-agent': 'Xinheng/1 (credit repair check)',
      },
    })
    sent.on('response', yes)
    sent.on('error', no)
    sent.end()
  })

const UNPACK = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }
const packingOf = (reply: IncomingMessage): string => (reply.headers['content-encoding'] ?? '').trim().toLowerCase()
/** Packed in a way that we did not ask for: its bytes are no text, and nothing is gone because it is not found in them. */
const isReadable = (reply: IncomingMessage): boolean =>
  ['', 'identity', ...Object.keys(UNPACK)].includes(packingOf(reply))
const inflated = (reply: IncomingMessage): AsyncIterable<Buffer> => {
  const unpack = UNPACK[packingOf(reply) as keyof typeof UNPACK]
  if (!unpack) return reply
  const out = unpack()
  reply.on('error', (error) => out.destroy(error))
  return reply.pipe(out)
}
/** No more than the limit, however small it was packed. */
const readUpTo = async (reply: IncomingMessage, most: number): Promise<{ body: Buffer; truncated: boolean }> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of inflated(reply)) {
    bytes += chunk.length
    if (bytes > most) {
      chunks.push(chunk.subarray(0, chunk.length - (bytes - most)))
      reply.destroy()
      return { body: Buffer.concat(chunks), truncated: true }
    }
    chunks.push(chunk)
  }
  return { body: Buffer.concat(chunks), truncated: false }
}

const TEXT = /^(text\/|application\/(xhtml\+xml|xml|json|javascript))/i
const HEAD_BYTES = 4096
const CHARSET = /charset\s*=\s*["']?\s*([\w:.-]+)/i
const decoderOf = (label: string | undefined): string | null => {
  if (!label) return null
  try {
    const { encoding } = new TextDecoder(label)
    // What calls itself GB2312 or GBK often holds signs of GB18030, which holds both.
    return encoding === 'gbk' ? 'gb18030' : encoding
  } catch {
    return null
  }
}
const isUtf8 = (body: Buffer, truncated: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: truncated })
    return true
  } catch {
    return false
  }
}
/** No other holds Chinese: a server that calls everything Latin says nothing of its pages. */
const CHINESE: ReadonlySet<string> = new Set(['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be'])
/** By the mark at the beginning, the header, what the page says of itself; else by what fits. */
export const charsetOf = (body: Buffer, contentType: string, truncated = false): string => {
  if (body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'utf-8'
  if (body.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]))) return 'utf-16le'
  if (body.subarray(0, 2).equals(Buffer.from([0xfe, 0xff]))) return 'utf-16be'
  const said = [contentType, body.subarray(0, HEAD_BYTES).toString('latin1')]
    .map((text) => decoderOf(CHARSET.exec(text)?.[1]))
    .find((encoding) => encoding !== null && CHINESE.has(encoding))
  // A page that says it is UTF-8 and is not, is in the old encoding all the same.
  if (said && said !== 'utf-8') return said
  return isUtf8(body, truncated) ? 'utf-8' : 'gb18030'
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** The page in the end, or why there is none. Never throws for what the other side does. */
export const fetchPage = async (address: string, reach: Reach): Promise<Fetched | Failed> => {
  const signal = AbortSignal.timeout(reach.timeoutSeconds * 1000)
  let url = pageAddress(address)
  let reached = address
  try {
    for (let hop = 0; hop <= reach.redirects; hop += 1) {
      if (!url) throw new NotFetched('address_not_allowed')
      reached = url.href
      const reply = await ask(url, await judged(url, reach, signal), signal)
      const status = reply.statusCode ?? 0
      const onward = REDIRECTS.has(status) ? reply.headers.location : undefined
      if (onward !== undefined) {
        reply.destroy()
        url = URL.canParse(onward, url.href) ? pageAddress(new URL(onward, url.href).href) : null
        continue
      }
      const type = reply.headers['content-type'] ?? ''
      const { body, truncated } = await readUpTo(reply, reach.maxBytes)
      const text = isReadable(reply) && (type === '' || TEXT.test(type))
      const charset = text ? charsetOf(body, type, truncated) : null
      return {
        status,
        reached,
        hash: createHash('sha256').update(body).digest('hex'),
        bytes: body.length,
        html: charset ? new TextDecoder(charset).decode(body) : null,
        charset,
        truncated,
      }
    }
    throw new NotFetched('too_many_redirects')
  } catch (error) {
    return { reason: reasonOf(error, signal), reached }
  }
}
