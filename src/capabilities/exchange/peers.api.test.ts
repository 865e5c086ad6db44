import { expect, it } from 'vitest'
import { type Caller, type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { createApp, openRuntime } from '../../app.ts'
import { createKey } from '../access/index.ts'
import { signRequest, signerFrom, verifyRequest } from '../../platform/signatures.ts'
import { endpoints } from './contract.ts'
import { isListed, isNetwork } from './networks.ts'
import { createPeer } from './service.peers.ts'

const BODY = {
  name: '佛山市公共信用平台',
  kind: 'lower_platform' as const,
  division: '440100',
  items: ['penalty'],
  channel: 'credit_china',
  ackWorkdays: 3,
  legalBasis: { zh: '共享协议', en: 'Agreement' },
  contact: '李工',
}
const newPeer = async (p: Platform, more: Partial<Parameters<typeof createPeer>[1]> = {}) => {
  const peer = await createPeer(p.ctx(), { ...BODY, ...more })
  const { secret } = await createKey(p.ctx(), { name: 'test', scopes: ['feed'], peerId: peer.id })
  const caller = p.anonymous({ key: secret, jar: false })
  return { peer, caller, client: caller.client(endpoints), secret }
}

it('knows addresses and networks of both families, and nothing else as one', () => {
  for (const good of ['203.0.113.7', '203.0.113.0/24', '0.0.0.0/0', '2001:db8::/32', '::1', '::ffff:10.0.0.1'])
    expect(isNetwork(good)).toBe(true)
  for (const bad of [
    '',
    'x',
    '203.0.113',
    '203.0.113.7/33',
    '203.0.113.7/',
    '1.2.3.4/08',
    '1.2.3.4/24/1',
    '2001:db8::/129',
    'fe80::1%eth0',
    '10.0.0.1 ',
  ])
    expect(isNetwork(bad)).toBe(false)
  const list = ['203.0.113.0/24', '2001:db8::/32']
  for (const inside of ['203.0.113.255', '::ffff:203.0.113.9', '2001:db8:1::1'])
    expect(isListed(list, inside)).toBe(true)
  for (const outside of ['203.0.114.1', '2001:db9::1', '::ffff:203.0.114.1', 'x', ''])
    expect(isListed(list, outside)).toBe(false)
  expect(isListed([], '198.51.100.1')).toBe(true)
})

describeEngines('peers', (p) => {
  it('says everything that is wrong with a profile at once', async () => {
    const office = (await p().as('credit_office')).client(endpoints)
    const wrong = {
      ...BODY,
      items: ['horoscope'],
      direction: 'both' as const,
      way: 'push' as const,
      format: 'csv' as const,
      addresses: ['10.0.0.0/40'],
    }
    const problem = await problemOf(office.createPeer(wrong))
    expect(problem.status).toBe(422)
    expect(problem.errors.map((e) => e.code).toSorted()).toEqual(
      ['CODE_MISSING', 'FORMAT_UNFIT', 'NETWORK_UNFIT', 'RECEIVER_MISSING', 'UNKNOWN_ITEM'].toSorted(),
    )
    for (const url of [
      'ftp://a.example/',
      'http://',
      'https://u:p@a.example/',
      'https://a.example/#x',
      'javascript:alert(1)',
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:a9fe:a9fe]/',
    ])
      expect(await problemOf(office.createPeer({ ...BODY, way: 'push', settings: { url } }))).toMatchObject({
        code: 'RECEIVER_UNFIT',
      })
    const ackUrl = 'file:///etc/passwd'
    expect(await problemOf(office.createPeer({ ...BODY, settings: { ackUrl } }))).toMatchObject({
      code: 'RECEIVER_UNFIT',
    })
    // What no form shows and nothing reads is not kept.
    const settings = { colour: 'red' } as object
    expect(await problemOf(office.createPeer({ ...BODY, settings }))).toMatchObject({ status: 400 })
  })

  it('changes what is named, keeps the rest, and lets no two have one code', async () => {
    const office = (await p().as('credit_office')).client(endpoints)
    const code = `xinheng/44${p().engine}`
    const made = await office.createPeer({ ...BODY, code, direction: 'both', addresses: ['10.0.0.0/8'] })
    expect(made).toMatchObject({ state: 'onboarding', ratePerMinute: 600, algorithm: 'ed25519', takedownWorkdays: 3 })
    const changed = await office.editPeer({
      ...BODY,
      id: made.id,
      seen: made.version,
      name: '新名称',
      algorithm: 'sm2',
    })
    expect(changed).toMatchObject({
      name: '新名称',
      code,
      direction: 'both',
      addresses: ['10.0.0.0/8'],
      algorithm: 'sm2',
    })
    expect(await problemOf(office.editPeer({ ...BODY, id: made.id, seen: made.version }))).toMatchObject({
      code: 'PEER_STALE',
    })
    expect(await problemOf(office.createPeer({ ...BODY, code }))).toMatchObject({
      status: 409,
      code: 'PEER_CODE_TAKEN',
    })
    const move = { id: made.id, state: 'active' as const, reason: '直接启用', seen: changed.version }
    expect(await problemOf(office.setPeerState(move))).toMatchObject({ code: 'PEER_MOVE' })
    expect(await problemOf(office.setPeerState({ ...move, state: 'cut_off' }))).toMatchObject({ code: 'PEER_MOVE' })
    expect(await problemOf(office.peer({ id: crypto.randomUUID() }))).toMatchObject({ code: 'NO_SUCH_PEER' })
    // Whom two people suspend cannot be made somebody else by one.
    const third = await createPeer(p().ctx(), { ...BODY, kind: 'third_party' })
    const other = { ...BODY, id: third.id, kind: 'service_platform' as const, seen: third.version }
    expect(await problemOf(office.editPeer(other))).toMatchObject({ code: 'PEER_KIND_FIXED' })
    expect(await office.editPeer({ ...other, kind: 'third_party' })).toMatchObject({ kind: 'third_party' })
  })

  it('turns away who comes from elsewhere, at every endpoint', async () => {
    const { client, caller } = await newPeer(p(), { addresses: ['203.0.113.0/24', '2001:db8::/32'] })
    expect(await problemOf(client.feed({}))).toMatchObject({ status: 403, code: 'NETWORK_NOT_LISTED' })
    expect((await caller.send('GET', '/api/v1/exchange/keys')).status).toBe(403)
    const here = await newPeer(p(), { addresses: ['127.0.0.0/8', '::1'] })
    expect(await here.client.feed({})).toBeTruthy()
    // A proxy on this machine names who called.
    const from = async (address: string, caller: Caller) =>
      (await caller.send('GET', '/api/v1/exchange/feed', { headers: { 'x-forwarded-for': address } })).status
    expect([
      await from('203.0.113.9', caller),
      await from('203.0.114.9', caller),
      await from('2001:db8::9', caller),
    ]).toEqual([200, 403, 200])
  })

  it('keeps to the rate, whichever process answers', async () => {
    const { client, secret } = await newPeer(p(), { ratePerMinute: 4 })
    const place = '/api/v1/exchange/feed?limit=1'
    const ask = (base: string) => fetch(`${base}${place}`, { headers: { authorization: `Bearer ${secret}` } })
    let second: { url: string; close: () => Promise<void> } | null = null
    if (p().engine === 'postgres') {
      const { databaseUrl, dataDir } = p().runtime.config
      const env = { LOG_LEVEL: 'error', DATABASE_URL: databaseUrl, DATA_DIR: dataDir }
      const runtime = await openRuntime(env, { clock: p().clock })
      const app = await createApp(runtime, { jobs: false })
      second = {
        url: await app.server.listen({ port: 0, host: '127.0.0.1' }),
        close: async () => {
          await app.close()
          await runtime.db.close()
        },
      }
    }
    try {
      const bases = [p().url, second?.url ?? p().url]
      const first = await ask(bases[0]!)
      expect(first.headers.get('ratelimit-policy')).toBe('"peer";q=4;w=60')
      expect(first.headers.get('ratelimit')).toMatch(/^"peer";r=3;t=(60|59)$/)
      const six = await Promise.all([0, 1, 0, 1, 0, 1].map((n) => ask(bases[n]!)))
      expect(six.map((r) => r.status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 429, 429, 429])
      const refused = six.find((r) => r.status === 429)!
      expect(refused.headers.get('ratelimit')).toMatch(/^"peer";r=0;t=\d+$/)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
      expect(await problemOf(client.feed({}))).toMatchObject({ status: 429, code: 'RATE_EXCEEDED' })
      p().clock.advance({ seconds: 61 })
      expect((await ask(bases[1]!)).status).toBe(200)
      // A clock that was set back does not shut it out.
      p().clock.advance({ hours: -1 })
      expect((await ask(bases[0]!)).status).toBe(200)
      p().clock.advance({ hours: 1 })
    } finally {
      await second?.close()
    }
  })

  it('lets a peer change over to a new key, and takes nothing signed with one that was revoked', async () => {
    const safe = (await p().as('security_admin')).client(endpoints)
    const { peer, caller } = await newPeer(p())
    const [one, two] = [signerFrom('ed25519', Buffer.alloc(32, 41)), signerFrom('sm2', Buffer.alloc(32, 42))]
    const send = async (signer: typeof one, body = '{}') => {
      const request = {
        method: 'POST',
        url: `${p().url}/api/v1/onboarding/signature-check`,
        headers: { 'content-type': 'application/json' },
        body,
      }
      const reply = await caller.send('POST', '/api/v1/onboarding/signature-check', {
        headers: signRequest(signer, request, { created: p().clock.now() }),
        body,
      })
      return reply.ok ? 'ok' : ((await reply.json()) as { code: string }).code
    }
    const add = (signer: typeof one, overlapDays: number) =>
      safe.addPeerKey({
        id: peer.id,
        algorithm: signer.algorithm,
        publicKey: JSON.stringify(signer.publicKey),
        overlapDays,
      })
    expect(await send(one)).toBe('KEY_UNKNOWN')
    await add(one, 0)
    expect(await send(one)).toBe('ok')
    const held = await add(two, 7)
    expect([await send(one), await send(two)]).toEqual(['ok', 'ok'])
    expect(await problemOf(add({ ...one, algorithm: 'sm2' }, 0))).toMatchObject({ code: 'PUBLIC_KEY_UNFIT' })
    expect(await problemOf(add(two, 7))).toMatchObject({ status: 409, code: 'PUBLIC_KEY_HELD' })
    p().clock.advance({ days: 8 })
    expect([await send(one), await send(two)]).toEqual(['KEY_EXPIRED', 'ok'])
    const revoke = { id: peer.id, keyId: held.id, reason: '私钥泄露' }
    const later = (await p().as('security_admin')).client(endpoints)
    expect(await later.revokePeerKey(revoke)).toMatchObject({ state: 'revoked' })
    expect(await send(two)).toBe('KEY_REVOKED')
    expect(await problemOf(later.revokePeerKey(revoke))).toMatchObject({ code: 'NO_SUCH_PEER_KEY' })
    const { rows } = await later.peerKeys({ id: peer.id })
    expect(rows.map((k) => k.state)).toEqual(['ended', 'revoked'])
    p().clock.advance({ days: -8 })
  })

  it('changes our own key by one person who may, published before it signs', async () => {
    const safe = (await p().as('security_admin')).client(endpoints)
    const { rows } = await safe.rotateOwnKey({ algorithm: 'ed25519', afterDays: 7 })
    expect(rows.filter((k) => k.algorithm === 'ed25519').map((k) => [k.generation, k.state])).toEqual([
      [1, 'valid'],
      [2, 'coming'],
    ])
    expect(await problemOf(safe.rotateOwnKey({ algorithm: 'ed25519', afterDays: 0 }))).toMatchObject({
      code: 'ROTATION_UNDER_WAY',
    })
    const office = (await p().as('credit_office')).client(endpoints)
    expect(await problemOf(office.rotateOwnKey({ algorithm: 'sm2', afterDays: 0 }))).toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  it('gives a peer that is still being connected the sandbox, and nothing real', async () => {
    const { caller, client, peer } = await newPeer(p(), { state: 'onboarding', algorithm: 'sm2' })
    const page = await caller.send('GET', '/api/v1/exchange/feed?limit=100')
    const body = Buffer.from(await page.arrayBuffer())
    const read = { method: 'GET', url: page.url, headers: Object.fromEntries(page.headers), body }
    const { keys } = await client.feedKeys({ algorithm: 'sm2' })
    const findKey = async (id: string) => {
      const { x, y } = keys.find((k) => k.kid === id) as { x: string; y: string }
      return { algorithm: 'sm2' as const, publicKey: { kty: 'EC' as const, crv: 'SM2' as const, x, y } }
    }
    const rules = { now: p().clock.now(), skewSeconds: 60, required: ['content-digest'], findKey }
    expect(await verifyRequest(read, rules)).toMatchObject({ ok: true, algorithm: 'sm2' })
    const { events } = JSON.parse(body.toString()) as { events: { id: string; source: string }[] }
    expect(events).toHaveLength(19)
    expect(events.every((e) => e.source.endsWith('/sandbox'))).toBe(true)
    const acknowledgements = [{ eventId: events[0]!.id, outcome: 'applied' as const }]
    expect(await client.acknowledge({ acknowledgements })).toEqual({ recorded: 1, unknown: [] })
    const row = await (await p().as('credit_office')).client(endpoints).peer({ id: peer.id })
    expect(row).toMatchObject({ sent: 0, acknowledged: 0, pulledAt: null })
  })
})
