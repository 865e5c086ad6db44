import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { usccCheckDigit } from '../../kernel/codes.ts'
import { readPublicKey, signRequest, signerFrom, verifyRequest } from '../../platform/signatures.ts'
import { createKey } from '../access/index.ts'
import { endpoints as exchange } from '../exchange/contract.ts'
import { FAULT_WORDS, createPeer, decode, findPeer, formatOf } from '../exchange/index.ts'
import { FORMATS_OF } from '../exchange/rules.peers.ts'
import { FORMATS } from '../exchange/words.ts'
import { type Report, endpoints } from './contract.ts'
import { doubtsOf, stepStates } from './rules.ts'
import { EVENTS, sandboxEvents } from './sandbox.ts'
import { CHECKS } from './words.ts'

const BODY = {
  name: '珠海市公共信用平台',
  kind: 'lower_platform' as const,
  division: '440400',
  items: ['penalty', 'licence'],
  channel: 'credit_china',
  ackWorkdays: 3,
  legalBasis: { zh: '共享协议', en: 'Agreement' },
  contact: '李工',
}
let serial = 0
const newPeer = async (p: Platform, more: Partial<Parameters<typeof createPeer>[1]> = {}) => {
  const peer = await createPeer(p.ctx(), { ...BODY, state: 'onboarding', ...more })
  const signer = signerFrom('ed25519', Buffer.alloc(32, ++serial))
  await (await p.as('credit_office')).client(exchange).addPeerKey({
    id: peer.id,
    algorithm: 'ed25519',
    publicKey: JSON.stringify(signer.publicKey),
    overlapDays: 0,
  })
  const { secret } = await createKey(p.ctx(), { name: 'test', scopes: ['feed'], peerId: peer.id })
  const caller = p.anonymous({ key: secret, jar: false })
  const post = async (path: string, value: unknown) => {
    const body = JSON.stringify(value)
    const request = {
      method: 'POST',
      url: `${p.url}/api/v1${path}`,
      headers: { 'content-type': 'application/json' },
      body,
    }
    const headers = signRequest(signer, request, { created: p.clock.now() })
    const reply = await caller.send('POST', `/api/v1${path}`, { headers, body })
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }
  return { peer, caller, client: caller.client(exchange), post }
}
const reportAt = (p: Platform, change: Partial<Report['checks'][number]>[] = []): Report => ({
  kit: 'test',
  ranAt: new Date(Date.parse(p.clock.now()) - 1000).toISOString(),
  checks: CHECKS.map((check) => ({
    check,
    result: 'passed' as const,
    detail: '',
    ...change.find((c) => c.check === check),
  })),
})

describe('a report', () => {
  const seen = {
    refusals: new Map<string, number>(),
    pushed: new Map<string, boolean>(),
    sandbox: { events: 2, acknowledged: 2 },
  }
  const whole: Report = {
    kit: 'x',
    ranAt: '',
    checks: CHECKS.map((check) => ({ check, result: 'passed', detail: '' })),
  }
  it('counts only where our own log says the same', () => {
    const all = new Map([
      ['SIGNATURE_WRONG', 1],
      ['SIGNATURE_OLD', 1],
      ['SIGNATURE_REPLAYED', 1],
    ])
    expect(doubtsOf({ pushes: false }, whole, { ...seen, refusals: all })).toEqual([])
    expect(doubtsOf({ pushes: false }, whole, seen)).toHaveLength(3)
    expect(doubtsOf({ pushes: true }, whole, { ...seen, refusals: all })).toHaveLength(3)
    const short = { ...whole, checks: whole.checks.filter((c) => c.check !== 'replay') }
    expect(doubtsOf({ pushes: false }, short, { ...seen, refusals: all })[0]?.en).toMatch(/^Not checked/)
  })
})

describe('a step', () => {
  const row = { step: 'keys' as const, outcome: 'passed' as const, proof: { keyId: 'a' } }
  const stateOf = (now: Parameters<typeof stepStates>[1]) => stepStates([row], now).keys
  it('is to be done again when the key that it rests on counts no more, until the peer is in service', () => {
    expect(stateOf({ profileDigest: '', keyIds: ['b', 'a'] })).toBe('passed')
    expect(stateOf({ profileDigest: '', keyIds: ['b'] })).toBe('outdated')
    expect(stateOf(null)).toBe('passed')
  })
})

describeEngines('onboarding', (p) => {
  const office = async () => (await p().as('credit_office')).client(endpoints)
  let receiver: { url: string; right: string; came: { type: string; ids: string[] }[]; close: () => void }
  beforeAll(async () => {
    // One address takes everything, signed or not; the other looks at signatures and remembers.
    const came: { type: string; ids: string[] }[] = []
    const known = new Set<string>()
    const findKey = async (keyId: string) => {
      const { keys } = await p().anonymous().client(exchange).feedKeys({})
      const publicKey = readPublicKey('ed25519', JSON.stringify(keys.find((k) => k.kid === keyId)))
      return publicKey ? { publicKey, algorithm: 'ed25519' as const } : null
    }
    const answer = async (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
      const type = request.headers['content-type'] ?? ''
      const read = await decode(type, body)
      const ids = read.ok ? read.value.events.map((e) => e.id) : []
      const right = request.url === '/right'
      if (right) {
        const url = `http://${request.headers.host}/right`
        const asked = { method: 'POST', url, headers: request.headers, body }
        const signed = await verifyRequest(asked, { now: p().clock.now(), skewSeconds: 300, findKey })
        if (!signed.ok) return response.writeHead(401).end()
        came.push({ type, ids })
      }
      const acknowledgements = ids.map((eventId) => ({
        eventId,
        outcome: right && known.has(eventId) ? 'already' : 'applied',
      }))
      for (const id of right ? ids : []) known.add(id)
      return response.end(JSON.stringify({ acknowledgements }))
    }
    const server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => void answer(request, Buffer.concat(parts), response))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const at = `http://127.0.0.1:${port}`
    receiver = { url: `${at}/in`, right: `${at}/right`, came, close: () => server.close() }
  })
  afterAll(() => receiver?.close())

  it('makes the sandbox of well-formed codes that are nobody, always the same', async () => {
    const { peer } = await newPeer(p())
    const held = (await findPeer(p().runtime.db.kysely, peer.id))!
    const events = sandboxEvents(p().ctx(), held)
    expect(events).toEqual(sandboxEvents(p().ctx(), held))
    expect(new Set(events.map((e) => e.id)).size).toBe(EVENTS)
    for (const e of events) {
      const code = e.data.record.subjectCode!
      expect(code.slice(2, 8)).toBe('440400')
      expect(usccCheckDigit(code.slice(0, 17))).toBe(code[17])
    }
  })

  it('goes step by step, each when what it needs is there', async () => {
    const client = await office()
    const { peer, client: feed } = await newPeer(p(), { contact: '' })
    const take = (step: 'profile' | 'sandbox' | 'service', seen = 1) =>
      client.takeStep({ id: peer.id, step, note: '', basisChecked: true, seen })
    expect(await problemOf(take('profile'))).toMatchObject({ code: 'PROFILE_INCOMPLETE' })
    expect(await problemOf(take('profile', 7))).toMatchObject({ code: 'PEER_STALE' })
    const { name, kind, division, items, channel, ackWorkdays, legalBasis } = BODY
    const profile = { name, kind, division, items, channel, ackWorkdays, legalBasis, contact: '李工', id: peer.id }
    const edit = (await p().as('credit_office')).client(exchange)
    await edit.editPeer({ ...profile, seen: 1 })
    expect((await take('profile', 2)).steps[0]).toMatchObject({ state: 'passed', by: 'credit_office' })
    // Changed after it was confirmed, whatever it is: to be looked at again.
    const changes = [
      { contact: '王工' },
      { legalBasis: { ...legalBasis, zh: '另一协议' } },
      { settings: { url: receiver.url } },
    ]
    for (const [n, change] of changes.entries()) {
      await edit.editPeer({ ...profile, ...change, seen: 2 + n })
      expect((await client.onboarding({ id: peer.id })).steps[0]).toMatchObject({ state: 'outdated', ready: true })
      await take('profile', 3 + n)
    }
    expect(await problemOf(take('sandbox', 5))).toMatchObject({ code: 'STEP_TOO_EARLY' })
    await feed.feed({ limit: 1 })
    const { rows } = await client.peerRequests({ id: peer.id })
    expect(rows[0]).toMatchObject({ direction: 'from_peer', path: '/api/v1/exchange/feed', status: 200, code: '' })
  })

  it('takes no report that its own log does not bear out, and says why', async () => {
    const client = await office()
    const { peer, post } = await newPeer(p())
    expect(await post('/onboarding/signature-check', {})).toMatchObject({ status: 200, body: { state: 'onboarding' } })
    const { status, body } = await post('/onboarding/conformance', reportAt(p()))
    expect([status, body.outcome]).toEqual([200, 'failed'])
    const { steps } = await client.onboarding({ id: peer.id })
    const step = steps.find((s) => s.step === 'conformance')!
    expect(step.state).toBe('failed')
    expect(step.proof.some((w) => w.en.startsWith('Reported as passed, but the platform saw nothing'))).toBe(true)
    await client.takeStep({ id: peer.id, step: 'profile', note: '', basisChecked: false, seen: 1 })
    expect(
      await problemOf(client.takeStep({ id: peer.id, step: 'sandbox', note: '', basisChecked: false, seen: 1 })),
    ).toMatchObject({
      code: 'STEP_TOO_EARLY',
    })
  })

  it('does not confirm a sandbox in which something is open', async () => {
    const client = await office()
    const { peer, client: feed, post, caller } = await newPeer(p())
    const at = reportAt(p(), [
      { check: 'push', result: 'skipped' },
      { check: 'push_again', result: 'skipped' },
      { check: 'push_bad_signature', result: 'skipped' },
      { check: 'acknowledge', result: 'failed' },
    ])
    expect(at.checks).toHaveLength(CHECKS.length)
    await post('/onboarding/signature-check', {})
    const held = (await findPeer(p().runtime.db.kysely, peer.id))!
    const acks = sandboxEvents(p().ctx(), held).map((e) => ({ eventId: e.id, outcome: 'applied' as const }))
    await client.takeStep({ id: peer.id, step: 'profile', note: '', basisChecked: false, seen: 1 })
    const claims = reportAt(p())
    // What a broken signature, a wrong time and a replay leave in the log.
    const url = `${p().url}/api/v1/onboarding/signature-check`
    const request = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{}' }
    const own = signerFrom('ed25519', Buffer.alloc(32, serial))
    const send = (headers: Record<string, string>) =>
      caller.send('POST', '/api/v1/onboarding/signature-check', { headers, body: '{}' })
    const good = signRequest(own, request, { created: p().clock.now() })
    await send({ ...good, signature: good.signature!.replace(/:..../, ':AAAA') })
    await send(signRequest(own, request, { created: new Date(Date.parse(p().clock.now()) - 900_000).toISOString() }))
    await send(good)
    await send(good)
    await feed.acknowledge({ acknowledgements: acks })
    expect(await post('/onboarding/conformance', claims)).toMatchObject({ body: { outcome: 'passed', doubts: [] } })
    // One event is taken back.
    await feed.acknowledge({ acknowledgements: acks.slice(0, 1) })
    await p()
      .runtime.db.kysely.deleteFrom('onboarding.acknowledgement')
      .where('event_id', '=', acks[0]!.eventId)
      .execute()
    const sandbox = { id: peer.id, step: 'sandbox' as const, note: '', basisChecked: false, seen: 1 }
    expect(await problemOf(client.takeStep(sandbox))).toMatchObject({ code: 'SANDBOX_OPEN' })
    await feed.acknowledge({ acknowledgements: acks.slice(0, 1) })
    await client.takeStep(sandbox)
    expect(await problemOf(client.takeStep({ ...sandbox, step: 'service' }))).toMatchObject({
      code: 'BASIS_NOT_CHECKED',
    })
    const done = await client.takeStep({ ...sandbox, step: 'service', basisChecked: true })
    expect(done).toMatchObject({ state: 'active', version: 2 })
    expect(await problemOf(client.takeStep({ ...sandbox, seen: 2 }))).toMatchObject({ code: 'PEER_NOT_ONBOARDING' })
    expect(await post('/onboarding/conformance', claims)).toMatchObject({ body: { code: 'PEER_NOT_ONBOARDING' } })
  })

  it('pushes to the registered receiver only, and sees one that does not check signatures', async () => {
    const plain = await newPeer(p())
    expect(await plain.post('/onboarding/push-test', {})).toMatchObject({ body: { code: 'NO_RECEIVER' } })
    const { peer, post } = await newPeer(p(), { way: 'push', settings: { url: receiver.url } })
    const elsewhere = { receiver: 'http://169.254.169.254/latest' }
    expect(await post('/onboarding/push-test', elsewhere)).toMatchObject({ body: { code: 'RECEIVER_NOT_REGISTERED' } })
    const { body } = await post('/onboarding/push-test', {})
    expect((body.checks as { result: string }[]).map((c) => c.result)).toEqual(['passed', 'failed', 'failed'])
    const { rows } = await (await office()).peerRequests({ id: peer.id })
    expect(rows.filter((r) => r.direction === 'to_peer').map((r) => r.code)).toEqual([
      'RECEIVER_FAULT',
      'RECEIVER_FAULT',
      '',
    ])
    expect(rows.find((r) => r.code === 'RECEIVER_NOT_REGISTERED')?.detail.zh).toContain('登记的接收地址')
  })

  it.each(FORMATS)('pushes in the format that the peer has: %s', async (format) => {
    const way = FORMATS_OF.push.includes(format) ? 'push' : 'file'
    const { post } = await newPeer(p(), { way, format, settings: { url: receiver.right } })
    const { body } = await post('/onboarding/push-test', {})
    expect((body.checks as { result: string }[]).map((c) => c.result)).toEqual(['passed', 'passed', 'passed'])
    const [first, again] = receiver.came.slice(-2)
    expect(formatOf(first!.type)).toBe(format)
    expect(first!.ids).toHaveLength(4)
    expect(again).toEqual(first)
  })

  it('says in plain words when nobody answers', async () => {
    const { peer, post } = await newPeer(p(), { way: 'push', settings: { url: 'http://127.0.0.1:9/nobody' } })
    const { body } = await post('/onboarding/push-test', {})
    expect(body.checks).toMatchObject([{ result: 'failed', detail: FAULT_WORDS.unreachable.zh }, {}, {}])
    const { rows } = await (await office()).peerRequests({ id: peer.id })
    expect(rows.find((r) => r.direction === 'to_peer')?.detail.zh).toMatch(/^连接不上对方的系统。/)
  })

  it('takes nothing from a peer that is cut off, and nothing real from one that is not yet in service', async () => {
    const early = await newPeer(p(), { direction: 'both', code: `sandbox/${p().engine}` })
    expect(await early.post('/exchange/inbox', [])).toMatchObject({ status: 403, body: { code: 'PEER_ONBOARDING' } })
    const cut = await newPeer(p(), { state: 'cut_off' })
    expect(await cut.post('/onboarding/signature-check', {})).toMatchObject({
      status: 403,
      body: { code: 'PEER_CUT_OFF' },
    })
  })
})
