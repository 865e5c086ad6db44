import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { NotCallable, type Outward, isCallable, lookupOf } from '../../platform/outward.ts'
import type { Fault } from './words.push.ts'

/** One request to a peer: what it answered, or why there is no answer. Redirects are not followed. */

export type Reply = { status: number; headers: IncomingMessage['headers']; text: string }
export type NoReply = { fault: Fault }

/** An answer that is longer is none that we could use. */
const ANSWER_MAX = 4 * 1024 * 1024
const NOT_TRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/
const faultOf = (error: NodeJS.ErrnoException, began: boolean): Fault => {
  if (NOT_TRUSTED.test(error.code ?? '')) return 'not_trusted'
  if (error instanceof NotCallable) return 'no_address'
  return began || error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'cut_short' : 'unreachable'
}

/** Connections to one peer, kept open between requests. */
export type Connections = { http: HttpAgent; https: HttpsAgent; outward: Outward; close: () => void }
const IDLE_MS = 15_000
export const openConnections = (atOnce: number, outward: Outward): Connections => {
  const options = {
    keepAlive: true,
    maxSockets: atOnce,
    timeout: IDLE_MS,
    scheduling: 'lifo' as const,
    lookup: lookupOf(outward),
  }
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)]
  return {
    http,
    https,
    outward,
    close: () => {
      http.destroy()
      https.destroy()
    },
  }
}

const addressOf = (url: string): URL | null => {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed && ['http:', 'https:'].includes(parsed.protocol) && !parsed.username && !parsed.password ? parsed : null
}

/** The time-out covers all of it, from the first byte of ours to the last of theirs. */
export const post = (
  ask: { url: string; headers: Record<string, string>; body: Uint8Array; timeoutMs: number; signal: AbortSignal },
  by: Connections,
): Promise<Reply | NoReply> =>
  new Promise((resolve) => {
    const url = addressOf(ask.url)
    if (!url || !isCallable(url, by.outward)) return resolve({ fault: 'no_address' })
    const secure = url.protocol === 'https:'
    const make = secure ? httpsRequest : httpRequest
    let began = false
    const request = make(url, {
      method: 'POST',
      agent: secure ? by.https : by.http,
      headers: { ...ask.headers, 'content-length': String(ask.body.length), accept: 'application/json' },
    })
    const finish = (reply: Reply | NoReply): void => {
      clearTimeout(timer)
      ask.signal.removeEventListener('abort', stop)
      resolve(reply)
    }
    const end = (fault: Fault): void => {
      finish({ fault })
      request.destroy()
    }
    const stop = (): void => end('broke_off')
    const timer = setTimeout(() => end('timeout'), ask.timeoutMs)
    if (ask.signal.aborted) return stop()
    ask.signal.addEventListener('abort', stop)
    request.on('error', (error) => finish({ fault: faultOf(error, began) }))
    request.on('response', (response) => {
      began = true
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > ANSWER_MAX) return end('unreadable')
        chunks.push(chunk)
      })
      response.on('error', () => finish({ fault: 'cut_short' }))
      response.on('end', () =>
        response.complete
          ? finish({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            })
          : finish({ fault: 'cut_short' }),
      )
    })
    request.end(ask.body)
  })
