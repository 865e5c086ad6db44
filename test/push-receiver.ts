/** A receiver of pushed events in the test's own process: real HTTP, and whatever manners a test asks of it. */
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { penalty } from './records-world.ts'
import { type Platform, codeFrom } from './harness.ts'
import type { SubjectKind } from '../src/kernel/policy.ts'
import { dayOf } from '../src/kernel/time.ts'
import type { DispositionKind } from '../src/kernel/window.ts'
import type { Runtime } from '../src/platform/context.ts'
import { inTx } from '../src/platform/outbox.ts'
import { type NewPeer, createPeer } from '../src/capabilities/exchange/service.peers.ts'
import { dispose, storeRecords } from '../src/capabilities/records/index.ts'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'

export type PushedEvent = {
  id: string
  type: string
  subject: string
  data: { record?: { recordId: string }; after?: unknown; before?: unknown } & Record<string, unknown>
}
export type Pushed = {
  n: number
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  events: PushedEvent[]
}
type Manner = { status: number; body?: string; headers?: Record<string, string> } | 'acknowledge' | 'hang' | 'break off'
export type Receiver = {
  url: string
  pushed: Pushed[]
  /** Ids of events in the order in which they came, whatever was answered. */
  ids: () => string[]
  /** What it does with the n-th request, from 1. */
  answers: (manner: (pushed: Pushed) => Manner | Promise<Manner>) => void
  close: () => Promise<void>
}

export const acknowledging = (events: readonly PushedEvent[], outcome = 'applied'): string =>
  JSON.stringify({ acknowledgements: events.map((e) => ({ eventId: e.id, outcome, note: '' })) })

export const openReceiver = async (): Promise<Receiver> => {
  let manner: (pushed: Pushed) => Manner | Promise<Manner> = () => 'acknowledge'
  const pushed: Pushed[] = []
  const reply = async (one: Pushed, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const m = await manner(one)
    if (m === 'hang') return
    if (m === 'break off') {
      request.socket.destroy()
      return
    }
    const {
      status,
      body: text = '',
      headers = {},
    } = m === 'acknowledge' ? { status: 200, body: acknowledging(one.events) } : m
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (c: Buffer) => chunks.push(c))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const one: Pushed = {
        n: pushed.length + 1,
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        events: JSON.parse(body) as PushedEvent[],
      }
      pushed.push(one)
      void reply(one, request, response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox`,
    pushed,
    ids: () => pushed.flatMap((p) => p.events.map((e) => e.id)),
    answers: (how) => {
      manner = how
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

let serial = 0
/** A push peer for a division of its own, so that tests do not see each other's records. */
export const pushPeer = async (p: Platform, url: string, over: Partial<NewPeer> = {}) => {
  const n = ++serial
  const peer = await createPeer(p.ctx(), {
    name: `推送对象${String(n).padStart(3, '0')}`,
    kind: 'service_platform',
    division: '440000',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '信用信息共享目录', en: 'Catalog of shared information' },
    contact: '李工 020-12345678',
    way: 'push',
    settings: { url },
    ...over,
  })
  const caller = await p.withKey({ scopes: ['feed'], peerId: peer.id })
  return { peer, caller }
}

/** A record of its own subject, or a further one of a subject, in a division. */
export const giveRecord = async (
  p: Platform,
  { kind = 'enterprise', ...over }: Partial<NewRecord> & { division: string; kind?: SubjectKind },
) => {
  const n = ++serial + 7000
  const who = { kind, name: `广州星衡第${n}贸易有限公司`, uscc: codeFrom(`91440106MA6${String(n).padStart(6, '0')}`) }
  return inTx(p.ctx(), async (tx) => {
    const held = over.subjectId
    const [subject] = held
      ? [{ ok: true as const, subjectId: held }]
      : await resolveSubjects(tx, p.ctx(), [{ ...who, division: over.division }])
    if (!subject?.ok) throw new Error('no subject')
    const row = penalty(subject.subjectId, n, { subjectKind: kind, ...over, subjectId: subject.subjectId })
    const [outcome] = await storeRecords(tx, p.ctx(), [{ ...row, facts: { ...row.facts, subjectKind: kind } }])
    if (!outcome) throw new Error('no outcome')
    return { subjectId: subject.subjectId, recordId: outcome.recordId }
  })
}
export const changeRecord = (p: Platform, of: { subjectId: string; recordId: string }, kind: DispositionKind) =>
  inTx(p.ctx(), (tx) =>
    dispose(tx, p.ctx(), {
      ...of,
      kind,
      channel: null,
      effectiveFrom: dayOf(p.ctx().clock.now()),
      reason: '准予修复',
      basis: { rule: 'test' },
    }),
  )

/** The same platform with other terms of pushing. */
export const withTerms = (runtime: Runtime, change: Record<string, unknown>): Runtime => {
  const { policy } = runtime
  const settings = policy.settings.map((s) =>
    s.key === 'exchange_push' ? { ...s, value: { ...(s.value as object), ...change } } : s,
  )
  return { ...runtime, policy: { ...policy, settings } }
}
