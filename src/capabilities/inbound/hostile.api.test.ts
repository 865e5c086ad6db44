/** What nobody means well by, or what a broken program sends: always an answer that says what is wrong, never a fault of ours. */
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sender, type Told, newSender, publish, registerDistrict, takeDown } from '../../../test/inbound-world.ts'
import { type Platform, startPlatform } from '../../../test/harness.ts'
import { giveRecord, pushPeer } from '../../../test/push-receiver.ts'
import { newId } from '../../platform/ids.ts'
import { signRequest } from '../../platform/signatures.ts'

describe('a hostile sender', () => {
  let p: Platform
  let one: Sender
  beforeAll(async () => {
    p = await startPlatform()
    await registerDistrict(p)
    one = await newSender(p)
  })
  afterAll(() => p.close())

  const say = (n: number, more: Partial<Parameters<typeof publish>[0]> = {}) => ({ n, source: one.code, ...more })
  const answerOf = async (reply: Response) => {
    const text = await reply.text()
    expect(reply.status, text.slice(0, 300)).toBeLessThan(500)
    return { status: reply.status, ...(JSON.parse(text) as Told) } as {
      status: number
      code?: string
      detail?: string
      acknowledgements?: { eventId: string; outcome: string; note: string }[]
    }
  }
  const balanced = async () => {
    const { rows } = await sql<Record<'received' | 'accepted' | 'refused' | 'pending' | 'kept', number>>`
      select sum(d.received)::int as received, sum(d.accepted)::int as accepted, sum(d.refused)::int as refused,
        sum(d.pending)::int as pending, (select count(*)::int from inbound.message) as kept from inbound.day d`.execute(
      p.runtime.db.kysely,
    )
    const { received, accepted, refused, pending, kept } = rows[0]!
    expect([received, received]).toEqual([accepted + refused + pending, kept])
  }

  const ODD: [string, Told][] = [
    ['the year 0', { about: { decidedOn: '0000-01-01' } }],
    ['a day of the year 0 in a field', { fields: { published_on: '0000-00-00' } }],
    ['the last day there is', { about: { decidedOn: '9999-12-31' } }],
    ['shown until the last day', { after: { shownFrom: '2026-11-04', shownUntil: '9999-12-31' } }],
    ['shown from the year 0', { after: { shownFrom: '0000-01-01', shownUntil: null } }],
    ['shown from the first day', { after: { shownFrom: '0001-01-01', shownUntil: null } }],
    ['a day that is none', { about: { decidedOn: '2026-02-30' } }],
    ['a time before the calendar', { at: '0000-01-01T00:00:00Z' }],
    ['a time at the end of all', { at: '9999-12-31T23:59:59.999Z' }],
    ['a time that overflows with its offset', { at: '9999-12-31T23:59:59-23:59' }],
    ['half a character', { about: { subjectName: '广州\ud800公司' } }],
    ['a sign that is no sign', { fields: { content: '罚\u0000款' } }],
    ['a key that is no sign', { fields: { '\u0000': '1' } }],
    ['signs beyond the first plane', { about: { subjectName: '广州𠮷野家餐饮有限公司', subjectCode: null } }],
    ['a version out of range', { after: { version: Number.MAX_SAFE_INTEGER } }],
    ['a version below all', { after: { version: -1 } }],
    ['a thing of another kind', { about: { item: '__proto__' } }],
    ['a very long thing', { thing: '𠮷'.repeat(150) }],
    ['fields that are a list', { fields: [] as unknown as Told }],
    ['a field that is a structure', { fields: { content: { a: [1, { b: null }] } } }],
    ['numbers beyond all bounds', { fields: { fine: '1e999' } }],
    ['a number that is none', { fields: { fine: 'NaN' } }],
  ]
  it.each(ODD)('%s is answered', async (_, odd) => {
    const reply = await answerOf(await one.send([publish(say(501 + ODD.findIndex(([, o]) => o === odd), odd))]))
    if (reply.acknowledgements) expect(reply.acknowledgements).toHaveLength(1)
    else expect(reply.detail).toMatch(/\p{Script=Han}/u)
    for (const a of reply.acknowledgements ?? []) if (a.outcome !== 'applied') expect(a.note).toMatch(/\p{Script=Han}/u)
    await balanced()
  })

  const BODIES: [string, () => { body: string; type?: string; headers?: Record<string, string> }, number, string][] = [
    ['nothing', () => ({ body: '' }), 400, ''],
    ['null', () => ({ body: 'null' }), 400, ''],
    ['a text', () => ({ body: '"record"' }), 400, ''],
    ['a number as an event', () => ({ body: '[1]' }), 400, 'EVENT_WITHOUT_ID'],
    ['no events', () => ({ body: '[]' }), 400, 'NO_EVENTS'],
    [
      'an id that no database holds',
      () => ({ body: JSON.stringify([{ ...publish(say(560)), id: 'a\u0000b' }]) }),
      400,
      '',
    ],
    [
      'an id without end',
      () => ({ body: JSON.stringify([{ ...publish(say(560)), id: 'x'.repeat(500) }]) }),
      400,
      'EVENT_WITHOUT_ID',
    ],
    [
      'an id that is a number',
      () => ({ body: JSON.stringify([{ ...publish(say(560)), id: 7 }]) }),
      400,
      'EVENT_WITHOUT_ID',
    ],
    [
      'too many at once',
      () => ({ body: JSON.stringify(Array.from({ length: 1001 }, () => ({ id: newId() }))) }),
      413,
      'TOO_MANY_EVENTS',
    ],
    ['a structure without bottom', () => ({ body: `[${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}]` }), 400, ''],
    ['a list without bottom', () => ({ body: '['.repeat(50_000) + ']'.repeat(50_000) }), 400, ''],
    ['another media type', () => ({ body: '<a/>', type: 'application/xml' }), 415, 'MEDIA_TYPE_UNKNOWN'],
    ['no media type that anybody knows', () => ({ body: '{}', type: 'x' }), 415, ''],
    ['a broken envelope', () => ({ body: '<batch><event>', type: 'application/vnd.xinheng.envelope+xml' }), 400, ''],
    [
      'an entity that grows',
      () => ({
        body: `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`,
        type: 'application/vnd.xinheng.envelope+xml',
      }),
      400,
      '',
    ],
    [
      'a body that is not the one signed',
      () => ({ body: '[]', headers: { 'content-digest': 'sha-256=:AAAA:' } }),
      401,
      'DIGEST_WRONG',
    ],
    ['a digest that is none', () => ({ body: '[]', headers: { 'content-digest': '???' } }), 401, ''],
  ]
  it.each(BODIES)('%s is refused and said', async (_, how, status, code) => {
    const { body, ...more } = how()
    const reply = await answerOf(await one.send(null, { body, ...more }))
    expect(reply.status).toBe(status)
    if (code) expect(reply.code).toBe(code)
    expect(reply.detail).toMatch(/\p{Script=Han}/u)
    await balanced()
  })

  it('what is packed is refused, however it is signed', async () => {
    const packed = gzipSync(JSON.stringify([publish(say(562))]))
    const path = '/api/v1/exchange/inbox'
    const headers = { 'content-type': 'application/cloudevents-batch+json', 'content-encoding': 'gzip' }
    const request = { method: 'POST', url: `${p.url}${path}`, headers, body: packed }
    const signed = signRequest(one.signer, request, { created: p.clock.now() })
    expect(await answerOf(await one.caller.send('POST', path, { headers: signed, body: packed }))).toMatchObject({
      status: 400,
      code: 'BODY_UNREADABLE',
    })
    await balanced()
  })

  it('a request counts once, and only in its time', async () => {
    const path = '/api/v1/exchange/inbox'
    const body = JSON.stringify([publish(say(563))])
    const send = async (created: string, nonce?: string) => {
      const request = { method: 'POST', url: `${p.url}${path}`, headers: { 'content-type': 'application/json' }, body }
      const headers = signRequest(one.signer, request, { created, ...(nonce ? { nonce } : {}) })
      return answerOf(await one.caller.send('POST', path, { headers, body }))
    }
    const now = Date.parse(p.clock.now())
    expect(await send(new Date(now - 3_600_000).toISOString())).toMatchObject({ status: 401, code: 'SIGNATURE_OLD' })
    expect(await send(new Date(now + 3_600_000).toISOString())).toMatchObject({ status: 401, code: 'SIGNATURE_AHEAD' })
    expect(await send(p.clock.now(), 'once-only')).toMatchObject({ status: 200 })
    expect(await send(p.clock.now(), 'once-only')).toMatchObject({ status: 401, code: 'SIGNATURE_REPLAYED' })
    for (const nonce of ['short', 'x'.repeat(201)])
      expect(await send(p.clock.now(), nonce)).toMatchObject({ status: 401, code: 'SIGNATURE_INCOMPLETE' })
  })

  it('of two with one id in one body the first counts, and each is answered', async () => {
    const [first, other] = [publish(say(564)), publish(say(565))]
    const reply = await answerOf(await one.send([first, { ...other, id: first.id }, first]))
    expect(reply.acknowledgements?.map((a) => a.outcome)).toEqual(['applied', 'refused'])
    await balanced()
  })

  it('what is of another peer stays as it is', async () => {
    const two = await newSender(p)
    await one.push([publish(say(566, { thing: 'shared-thing' }))])
    const down = takeDown({ n: 566, source: two.code, thing: 'shared-thing', at: '2026-11-21T02:00:00Z' })
    expect((await two.push([{ ...down, source: one.code }])).acknowledgements).toMatchObject([{ outcome: 'refused' }])
    await balanced()
  })

  it('acknowledgements of what was never handed to it are named, and change nothing', async () => {
    const [mine, theirs] = [
      await pushPeer(p, '', { way: 'pull', settings: {} }),
      await pushPeer(p, '', { way: 'pull', settings: {} }),
    ]
    await giveRecord(p, { division: '440300' })
    const pull = async ({ caller }: typeof mine) => {
      const page = (await (await caller.send('GET', '/api/v1/exchange/feed')).json()) as { events: { id: string }[] }
      return page.events
    }
    const [event] = await pull(theirs)
    const acknowledge = async (body: string, by = mine, type = 'application/json') =>
      answerOf(
        await by.caller.send('POST', '/api/v1/exchange/acknowledgements', { headers: { 'content-type': type }, body }),
      )
    const one = (eventId: unknown, outcome: unknown = 'applied', note: unknown = '') =>
      JSON.stringify({ acknowledgements: [{ eventId, outcome, note }] })
    expect(await acknowledge(one(event!.id))).toMatchObject({ status: 200, recorded: 0, unknown: [event!.id] })
    expect(await acknowledge(one(newId()))).toMatchObject({ status: 200, recorded: 0 })
    for (const body of [
      one('not-an-id'),
      one(event!.id, 'perhaps'),
      one(event!.id, 'applied', 'a\u0000b'),
      one(event!.id, 'applied', '\ud800'),
      one(event!.id, 'applied', 'x'.repeat(100_000)),
      one({ $ne: null }),
      '{"acknowledgements":{}}',
      '[]',
      '',
      '{"acknowledgements":[],"__proto__":{"x":1}}',
      `{"acknowledgements":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    ])
      expect((await acknowledge(body)).status, body.slice(0, 80)).toBe(400)
    expect((await acknowledge('a=b', mine, 'application/x-www-form-urlencoded')).status).toBe(400)
    const twice = JSON.stringify({
      acknowledgements: ['applied', 'refused'].map((outcome) => ({
        eventId: event!.id.toUpperCase(),
        outcome,
        note: '𠮷',
      })),
    })
    expect(await acknowledge(twice, theirs)).toMatchObject({ status: 200, unknown: [] })
  })

  it('the addresses of onboarding and of keys answer whatever comes', async () => {
    const { caller } = one
    const office = await p.as('credit_office')
    const bodies = [
      '',
      '[]',
      'null',
      '{"a":',
      '{"kit":"\\u0000"}',
      '{"publicKey":"\\ud800","algorithm":"ed25519"}',
      `{"checks":${'['.repeat(9999)}${']'.repeat(9999)}}`,
    ]
    const paths: [typeof caller, string][] = [
      [caller, '/onboarding/signature-check'],
      [caller, '/onboarding/push-test'],
      [caller, '/onboarding/conformance'],
      [office, `/exchange/peers/${one.peerId}/keys`],
      [office, `/exchange/peers/${newId()}/keys`],
      [office, `/exchange/peers/${one.peerId}/keys/${newId()}/revoke`],
      [office, `/exchange/peers/${one.peerId}/way/unsigned`],
      [office, `/onboarding/peers/${newId()}/steps`],
    ]
    for (const [by, path] of paths)
      for (const body of bodies) {
        const reply = await answerOf(
          await by.send('POST', `/api/v1${path}`, { headers: { 'content-type': 'application/json' }, body }),
        )
        expect([400, 401, 403, 404, 413, 422], `${path} ${body.slice(0, 30)}`).toContain(reply.status)
      }
    const keys = [
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      '{"kty":"OKP","crv":"Ed25519","x":7}',
      '{"kty":"EC","crv":"SM2","x":"AA","y":"AA"}',
      '04' + 'ff'.repeat(64),
      JSON.stringify({ ...one.signer.publicKey, d: 'AAAA' }),
    ]
    for (const algorithm of ['ed25519', 'sm2'])
      for (const publicKey of keys) {
        const body = JSON.stringify({ algorithm, publicKey, overlapDays: 7 })
        const reply = await answerOf(
          await office.send('POST', `/api/v1/exchange/peers/${one.peerId}/keys`, {
            headers: { 'content-type': 'application/json' },
            body,
          }),
        )
        expect([400, 409, 422], `${algorithm} ${publicKey}`).toContain(reply.status)
      }
  })
})
