import { type FeedPage, isRecordEvent } from '../capabilities/exchange/contract.ts'
import type { Report } from '../capabilities/onboarding/contract.ts'
import { CHECKS, type Check, type CheckResult, ONLY_IF_GIVEN } from '../capabilities/onboarding/words.ts'
import type { Lang, Words } from '../kernel/words.ts'
import {
  type HttpRequest,
  type PublicKey,
  type Signer,
  readPublicKey,
  signRequest,
  verifyRequest,
} from '../platform/signatures.ts'
import { Declined } from './io.ts'

/**
 * The conformance kit. It runs at the peer, as the peer's system will, against the sandbox of the platform: every check says
 * what was expected and what came instead. It stops before anything if real data would be touched.
 */

const KIT = 'xinheng peer test 1'
const TIMEOUT_MS = 30_000
const PAGE = 5
const HOUR = 3_600_000

export type Found = { check: Check; result: CheckResult; detail: string }
export type Reported = {
  peer: string
  ranAt: string
  checks: Found[]
  /** As the platform holds it; null where it could not be told. */
  outcome: 'passed' | 'failed' | null
  doubts: Words[]
}
export type KitAsk = {
  url: string
  key: string
  signer: Signer
  lang: Lang
  receiver?: string
  acknowledgements?: string
}
type Reply = {
  status: number
  body: Record<string, unknown>
  code: string
  detail: string
  /** As it came, for what is signed. */
  message: HttpRequest
}

/** A check did not hold: what came instead of what was expected. */
class Failed extends Error {}
const failed = (detail: string): never => {
  throw new Failed(detail)
}

const caller = ({ url, key, lang }: KitAsk) => {
  const send = async (
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<Reply> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'accept-language': lang, ...init.headers, authorization: `Bearer ${key}` },
      ...(init.body === undefined ? {} : { body: init.body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw new Declined('UNREACHABLE', { zh: `连接不上 ${url}。`, en: `${url} cannot be reached.` }, 1)
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    let body: Record<string, unknown>
    try {
      body = JSON.parse(bytes.toString()) as Record<string, unknown>
    } catch {
      body = {}
    }
    const { code = '', detail = '' } = response.ok ? {} : (body as { code?: string; detail?: string })
    const message = { method, url: response.url, headers: Object.fromEntries(response.headers), body: bytes }
    return { status: response.status, body, code, detail, message }
  }
  return send
}
const saidOf = ({ status, code, detail }: Reply): string => [`HTTP ${status}`, code, detail].filter(Boolean).join(' · ')

type Kit = {
  ask: KitAsk
  send: ReturnType<typeof caller>
  signed: (
    path: string,
    body: unknown,
    change?: { created?: string; bend?: boolean },
  ) => { headers: Record<string, string>; body: string }
}
const openKit = (ask: KitAsk): Kit => ({
  ask,
  send: caller(ask),
  signed: (path, value, { created = new Date().toISOString(), bend = false } = {}) => {
    const body = JSON.stringify(value)
    const request = {
      method: 'POST',
      url: `${ask.url}/api/v1${path}`,
      headers: { 'content-type': 'application/json' },
      body,
    }
    const headers = signRequest(ask.signer, request, { created })
    if (bend) {
      const [name, bytes = ''] = headers.signature!.split('=:')
      const bent = Buffer.from(bytes.replace(/:$/, ''), 'base64')
      bent[10]! ^= 1
      headers.signature = `${name}=:${bent.toString('base64')}:`
    }
    return { headers, body }
  },
})

const HELLO = '/onboarding/signature-check'

/** Before anything else: who we are there, and that nothing real is touched. */
const hello = async (kit: Kit): Promise<{ peer: string; receiver: string | null; now: string }> => {
  const reply = await kit.send('POST', HELLO, kit.signed(HELLO, { hello: KIT }))
  if (reply.status !== 200) return failed(saidOf(reply))
  const { peer, state, receiver, now } = reply.body as {
    peer: string
    state: string
    receiver: string | null
    now: string
  }
  if (state !== 'onboarding') {
    throw new Declined('NOT_ONBOARDING', {
      zh: `“${peer}”不在接入中。对接测试只使用沙箱，为避免影响正式数据，没有运行。`,
      en: `“${peer}” is not being connected. The kit works in the sandbox only; so as not to touch real data it did not run.`,
    })
  }
  return { peer, receiver, now }
}

const keysOf = async (kit: Kit): Promise<Map<string, PublicKey>> => {
  const keys = new Map<string, PublicKey>()
  for (const algorithm of ['ed25519', 'sm2'] as const) {
    const reply = await kit.send('GET', `/exchange/keys?algorithm=${algorithm}`)
    if (reply.status !== 200) failed(saidOf(reply))
    for (const jwk of reply.body.keys as Record<string, string>[]) {
      const key = readPublicKey(algorithm, JSON.stringify(jwk))
      if (key) keys.set(String(jwk.kid), key)
    }
  }
  return keys.size ? keys : failed('no key was published')
}

const opened = async (reply: Reply, keys: Map<string, PublicKey>): Promise<{ good: boolean; page: FeedPage }> => {
  const { ok } = await verifyRequest(reply.message, {
    now: new Date().toISOString(),
    skewSeconds: Number.POSITIVE_INFINITY,
    required: ['content-digest'],
    findKey: async (id) => {
      const publicKey = keys.get(id)
      return publicKey ? { publicKey, algorithm: publicKey.kty === 'EC' ? 'sm2' : 'ed25519' } : null
    },
  })
  return { good: ok, page: reply.body as FeedPage }
}

const pageAfter = async (kit: Kit, after: string | null): Promise<Reply> => {
  const query = new URLSearchParams({ limit: String(PAGE), ...(after ? { after } : {}) })
  const reply = await kit.send('GET', `/exchange/feed?${query.toString()}`)
  return reply.status === 200 ? reply : failed(saidOf(reply))
}

type Pulled = { events: FeedPage['events']; places: { after: string | null; ids: string[] }[]; unsigned: number }
const pullAll = async (kit: Kit, keys: Map<string, PublicKey>): Promise<Pulled> => {
  const all: Pulled = { events: [], places: [], unsigned: 0 }
  for (let after: string | null = null; ; ) {
    const { good, page } = await opened(await pageAfter(kit, after), keys)
    if (!good) all.unsigned++
    all.events.push(...page.events)
    all.places.push({ after, ids: page.events.map((e) => e.id) })
    if (!page.more) break
    after = page.next
  }
  if (!all.events.every((e) => e.source.endsWith('/sandbox'))) failed('events that are not of the sandbox came')
  return all.events.length ? all : failed('the sandbox gave no event')
}

/** What is asked for about measures and evaluations is answered with the acknowledgement. */
const answered = (e: FeedPage['events'][number]): { effects?: Record<string, 'done'> } => {
  const asks = isRecordEvent(e) ? (e.data.withdrawal?.asks ?? []) : []
  return asks.length ? { effects: Object.fromEntries(asks.map((a) => [a.part, 'done'])) } : {}
}

const acknowledge = async (kit: Kit, events: FeedPage['events']): Promise<void> => {
  const acknowledgements = events.map((e) => ({ eventId: e.id, outcome: 'applied', note: '', ...answered(e) }))
  const reply = await kit.send('POST', '/exchange/acknowledgements', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ acknowledgements }),
  })
  const { recorded, unknown } = reply.body as { recorded?: number; unknown?: string[] }
  if (reply.status !== 200 || recorded !== events.length || unknown?.length) failed(saidOf(reply))
}

/** Each withdrawal is of something that was published before, has nothing more to show, and names the last day. */
const seeWithdrawals = (events: FeedPage['events']): void => {
  const shown = new Set<string>()
  let down = 0
  for (const e of events.filter(isRecordEvent)) {
    if (e.type !== 'record.withdraw') shown.add(e.subject)
    else if (!shown.delete(e.subject) || e.data.after !== null || !e.data.withdrawal?.takeDownBy)
      failed(`the withdrawal ${e.id} cannot be carried out`)
    else down++
  }
  if (!down) failed('no withdrawal came')
}

const FAULTS_SHOWN = 5
/** As the platform will read it from the folder. Only whoever has such a file waits for what it takes to read one. */
const seeAckFile = async ({ signer, lang }: KitAsk, path: string, events: FeedPage['events']): Promise<void> => {
  const { checkAckFile } = await import('../capabilities/exchange/index.ts')
  const faults = await checkAckFile(path, { key: signer, known: new Set(events.map((e) => e.id)), lang })
  if (faults.length) failed(faults.slice(0, FAULTS_SHOWN).join(lang === 'zh' ? '' : ' '))
}

const refusedWith = async (
  kit: Kit,
  request: { headers: Record<string, string>; body: string },
  ...codes: string[]
): Promise<void> => {
  const reply = await kit.send('POST', HELLO, request)
  if (reply.status !== 401 || !codes.includes(reply.code)) failed(saidOf(reply))
}

const pushChecks = async (kit: Kit, registered: string | null): Promise<Found[]> => {
  const names: readonly Check[] = ['push', 'push_again', 'push_bad_signature']
  const { receiver } = kit.ask
  if (!registered && receiver === undefined) return names.map((check) => ({ check, result: 'skipped', detail: '' }))
  const path = '/onboarding/push-test'
  const reply = await kit.send('POST', path, kit.signed(path, receiver === undefined ? {} : { receiver }))
  if (reply.status !== 200) return names.map((check) => ({ check, result: 'failed', detail: saidOf(reply) }))
  return reply.body.checks as Found[]
}

export const runKit = async (ask: KitAsk): Promise<Reported> => {
  const kit = openKit(ask)
  const ranAt = new Date().toISOString()
  const checks: Found[] = []
  const look = async <T>(check: Check, run: () => Promise<T> | T): Promise<T | null> => {
    try {
      const value = await run()
      checks.push({ check, result: 'passed', detail: '' })
      return value
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      checks.push({ check, result: 'failed', detail: error.message.slice(0, 1000) })
      return null
    }
  }
  const reached = await look('reach', async () => {
    const reply = await kit.send('GET', '/exchange/keys')
    return reply.status === 200 ? true : failed(saidOf(reply))
  })
  const keys = await look('keys', () => keysOf(kit))
  const known = await look('signed_request', () => hello(kit))
  if (reached && keys && known) {
    const pulled = await look('pull', () => pullAll(kit, keys))
    if (pulled) {
      await look('page_signature', () => (pulled.unsigned ? failed(`${pulled.unsigned} pages do not verify`) : true))
      await look('replay', async () => {
        const place = pulled.places[1] ?? pulled.places[0]!
        const again = (await opened(await pageAfter(kit, place.after), keys)).page.events.map((e) => e.id)
        if (again.join() !== place.ids.join())
          failed(`${place.ids.length} events the first time, ${again.length} the second`)
      })
      await look('acknowledge', () => acknowledge(kit, pulled.events))
      await look('duplicate', () => acknowledge(kit, pulled.events))
      await look('withdrawal', () => {
        seeWithdrawals(pulled.events)
      })
    }
    if (ask.acknowledgements !== undefined)
      await look('ack_file', () => seeAckFile(ask, ask.acknowledgements ?? '', pulled?.events ?? []))
    await look('bad_signature', () => refusedWith(kit, kit.signed(HELLO, {}, { bend: true }), 'SIGNATURE_WRONG'))
    await look('clock_skew', () =>
      refusedWith(kit, kit.signed(HELLO, {}, { created: new Date(Date.now() - HOUR).toISOString() }), 'SIGNATURE_OLD'),
    )
    await look('nonce_replay', async () => {
      const request = kit.signed(HELLO, {})
      await kit.send('POST', HELLO, request)
      await refusedWith(kit, request, 'SIGNATURE_REPLAYED')
    })
    checks.push(...(await pushChecks(kit, known.receiver)))
  }
  const peer = known?.peer ?? ''
  for (const check of CHECKS) {
    if (ONLY_IF_GIVEN.includes(check) && ask.acknowledgements === undefined) continue
    if (!checks.some((c) => c.check === check)) checks.push({ check, result: 'failed', detail: 'could not be tried' })
  }
  if (!known) return { peer, ranAt, checks, outcome: null, doubts: [] }
  const path = '/onboarding/conformance'
  const report: Report = { kit: KIT, ranAt: offsetBy(known.now, ranAt), checks }
  const reply = await kit.send('POST', path, kit.signed(path, report))
  if (reply.status !== 200) {
    return { peer, ranAt, checks, outcome: null, doubts: [{ zh: saidOf(reply), en: saidOf(reply) }] }
  }
  const { outcome, doubts } = reply.body as Pick<Reported, 'outcome' | 'doubts'>
  return { peer, ranAt, checks, outcome, doubts }
}

/** When the run began by the platform's clock, which may be some seconds off ours. */
const offsetBy = (now: string, ranAt: string): string => (now < ranAt ? now : ranAt)
