import { createHash, createPublicKey, randomInt, verify } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Caller, type Platform, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { newRecord, newSubject } from '../../../test/repair-world.ts'
import { factsOf, penalty } from '../../../test/records-world.ts'
import type { Client } from '../../../web/src/app/client.ts'
import { encodeCursor } from '../../kernel/page.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import { dayOf } from '../../kernel/time.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { dispose, storeRecords } from '../records/index.ts'
import type { NewRecord } from '../records/contract.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { type FeedEvent, type PeerView, endpoints, isRecordEvent } from './contract.ts'
import { type NewPeer, createPeer } from './service.peers.ts'

const BASIS = { zh: '信用信息共享目录', en: 'Catalog of shared information' }
let serial = 0

/** A peer for one division, so that tests do not see each other's records. */
const newPeer = async (p: Platform, over: Partial<NewPeer> = {}) => {
  const peer = await createPeer(p.ctx(), {
    name: `共享对象${String(++serial).padStart(3, '0')}`,
    kind: 'service_platform',
    division: '440000',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: BASIS,
    contact: '',
    ...over,
  })
  const caller = await p.withKey({ scopes: ['feed'], peerId: peer.id })
  return { peer, caller, client: caller.client(endpoints) }
}

/** A record of its own subject in a division. */
const give = async (p: Platform, over: Partial<NewRecord> & { division: string; kind?: SubjectKind }) => {
  const { kind = 'enterprise', ...rest } = over
  const n = ++serial + 5000
  const who =
    kind === 'natural_person'
      ? { kind, name: '张三丰', personId: '11010519491231002X' }
      : { kind, name: `广州星衡第${n}贸易有限公司`, uscc: codeFrom(`91440106MA5${String(n).padStart(6, '0')}`) }
  return inTx(p.ctx(), async (tx) => {
    const [subject] = await resolveSubjects(tx, p.ctx(), [{ ...who, division: over.division }])
    if (!subject?.ok) throw new Error('no subject')
    const row = penalty(subject.subjectId, n, { subjectKind: kind, ...rest })
    const [outcome] = await storeRecords(tx, p.ctx(), [{ ...row, facts: { ...row.facts, subjectKind: kind } }])
    if (!outcome) throw new Error('no outcome')
    return { subjectId: subject.subjectId, recordId: outcome.recordId, row }
  })
}
const change = (p: Platform, { subjectId, recordId }: { subjectId: string; recordId: string }, kind: DispositionKind) =>
  inTx(p.ctx(), (tx) =>
    dispose(tx, p.ctx(), {
      subjectId,
      recordId,
      kind,
      channel: null,
      effectiveFrom: dayOf(p.ctx().clock.now()),
      reason: '准予修复',
      basis: { rule: 'test' },
    }),
  )

/** Everything from a cursor on, in pages. */
const pullAll = async (caller: Caller, after?: string, limit = 200): Promise<{ events: FeedEvent[]; next: string }> => {
  const events: FeedEvent[] = []
  let cursor = after
  for (;;) {
    const page = await caller.client(endpoints).feed({ limit, ...(cursor ? { after: cursor } : {}) })
    events.push(...page.events.filter(isRecordEvent))
    cursor = page.next
    if (!page.more) return { events, next: cursor }
  }
}
const kinds = (events: FeedEvent[]) => events.map((e) => [e.type.replace('record.', ''), e.subject])
const applied = (events: FeedEvent[]) => ({
  acknowledgements: events.map((e) => ({ eventId: e.id, outcome: 'applied' as const })),
})
const allPeers = async (client: Client<typeof endpoints>): Promise<PeerView[]> => {
  const rows: PeerView[] = []
  for (let after: string | undefined; ; ) {
    const page = await client.peers({ limit: 5, ...(after ? { after } : {}) })
    rows.push(...page.rows)
    if (!page.next) return rows
    after = page.next
  }
}
/** The peer's own row of the propagation table. */
const standing = async (p: Platform, record: { subjectId: string; recordId: string }, peerId: string) => {
  const { subjectId, recordId } = record
  const office = (await p.as('credit_office')).client(endpoints)
  const table = await office.propagation({ subjectId, recordId })
  return { table, row: table.holders.find((h) => h.peerId === peerId) }
}

describeEngines('exchange', (p) => {
  it('signs the very bytes of every page with the key that it publishes', async () => {
    const given = [await give(p(), { division: '440184' }), await give(p(), { division: '440184' })]
    const { caller } = await newPeer(p(), { division: '440184' })
    const page = await caller.send('GET', '/api/v1/exchange/feed')
    const bytes = Buffer.from(await page.arrayBuffer())
    const header = (name: string, form: RegExp) => form.exec(page.headers.get(name) ?? '')!.slice(1) as [string, string]
    const [params, keyId] = header(
      'signature-input',
      /^xinheng=(\("content-digest"\);created=\d+;keyid="(\w+)";alg="ed25519")$/,
    )
    const [signature] = header('signature', /^xinheng=:(.+):$/)
    const { keys } = await p().anonymous().client(endpoints).feedKeys({})
    const jwk = keys.find((k) => k.kid === keyId)!
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    // Of what is kept, the digest is made anew: bytes and signature alone are the proof.
    const good = (kept: Buffer) => {
      const digest = `sha-256=:${createHash('sha256').update(kept).digest('base64')}:`
      const base = `"content-digest": ${digest}\n"@signature-params": ${params}`
      return verify(null, Buffer.from(base), key, Buffer.from(signature, 'base64'))
    }
    expect(good(bytes)).toBe(true)
    expect(good(Buffer.from(bytes.toString().replace('罚款', '警告')))).toBe(false)
    expect(jwk).not.toHaveProperty('d')
    const [first, ...lines] = bytes.toString().split('\n')
    const told = lines.slice(0, -1).map((line) => JSON.parse(line.replace(/,$/, '')) as FeedEvent)
    expect([first, told.map((e) => e.subject)]).toEqual(['{"events":[', given.map((g) => g.recordId)])
    expect(JSON.parse(`{"events":[${lines.at(-1)}`)).toMatchObject({ events: [], more: false })
  })

  it('hands a peer what lies in its territory and items, in full and nothing more', async () => {
    const inside = await give(p(), { division: '440103' })
    await give(p(), { division: '440303' })
    await give(p(), { division: '510104' })
    const { caller } = await newPeer(p(), { division: '440103' })
    const { events } = await pullAll(caller)
    expect(kinds(events)).toEqual([['publish', inside.recordId]])
    const { data } = events[0]!
    expect(data.record).toMatchObject({
      recordId: inside.recordId,
      item: 'penalty',
      documentNumber: inside.row.docNo,
      decidedOn: inside.row.decidedOn,
    })
    expect(data).toMatchObject({ before: null, withdrawal: null })
    expect(data.after).toMatchObject({ version: 1, shownFrom: inside.row.publishedOn })
    expect(data.record.subjectCode).toMatch(/^91440106/)
    expect(data.after?.fields).toMatchObject({ content: '罚款' })
    expect(JSON.stringify(data)).not.toMatch(/13812345678|11010519491231002X|representative_id/)

    const other = await newPeer(p(), { division: '440103', items: ['licence'] })
    expect((await pullAll(other.caller)).events).toEqual([])
  })

  it('never hands on what its channel does not show, and never a natural person', async () => {
    await give(p(), { division: '440104', kind: 'natural_person' })
    const general = await give(p(), { division: '440104' })
    const site = await newPeer(p(), { division: '440104' })
    expect(kinds((await pullAll(site.caller)).events)).toEqual([['publish', general.recordId]])
    // A penalty of a general authority is no matter of the enterprise publicity system.
    const register = await newPeer(p(), { division: '440104', channel: 'necips' })
    expect((await pullAll(register.caller)).events).toEqual([])
    const samr = await give(p(), { division: '440104', facts: factsOf({ system: 'market_supervision' }) })
    expect(kinds((await pullAll(register.caller)).events)).toEqual([['publish', samr.recordId]])
  })

  it('tells a new version as an update, and the same page again changes nothing', async () => {
    const record = await give(p(), { division: '440105' })
    const { caller, peer } = await newPeer(p(), { division: '440105' })
    const first = await pullAll(caller)
    const again = await pullAll(caller)
    expect(again.events.map((e) => e.id)).toEqual(first.events.map((e) => e.id))
    const changed = { ...record.row, fields: { ...record.row.fields, content: '罚款、警告' } }
    await inTx(p().ctx(), (tx) => storeRecords(tx, p().ctx(), [changed]))
    const { events } = await pullAll(caller, first.next)
    expect(events).toMatchObject([
      {
        type: 'record.update',
        data: {
          before: { version: 1, fields: { content: '罚款' } },
          after: { version: 2, fields: { content: '罚款、警告' } },
        },
      },
    ])
    const office = (await p().as('credit_office')).client(endpoints)
    const row = (await allPeers(office)).find((r) => r.id === peer.id)
    expect(row).toMatchObject({ sent: 2, acknowledged: 0, open: 2, late: 0 })
  })

  it('moves the cursor past what lies outside the scope', async () => {
    const { caller } = await newPeer(p(), { division: '440111' })
    const before = await pullAll(caller)
    await give(p(), { division: '440112' })
    const after = await pullAll(caller, before.next)
    expect(after.events).toEqual([])
    expect(after.next).not.toBe(before.next)
    const mine = await give(p(), { division: '440111' })
    expect(kinds((await pullAll(caller, after.next)).events)).toEqual([['publish', mine.recordId]])
  })

  it('never sends what was taken down before the first pull', async () => {
    const record = await give(p(), { division: '440113' })
    await change(p(), record, 'repaired')
    const { caller, peer } = await newPeer(p(), { division: '440113' })
    expect((await pullAll(caller)).events).toEqual([])
    const { table, row } = await standing(p(), record, peer.id)
    expect(row).toBeUndefined()
    expect(table).toMatchObject({ settled: true, holders: [{ peerId: null, state: 'acknowledged' }] })
  })

  it('follows a withdrawal from waiting to acknowledged', async () => {
    const record = await give(p(), { division: '440114' })
    const { caller, client, peer } = await newPeer(p(), { division: '440114' })
    const first = await pullAll(caller)
    await client.acknowledge(applied(first.events))
    expect((await standing(p(), record, peer.id)).row).toMatchObject({ state: 'holding', dueOn: null })

    await change(p(), record, 'repaired')
    const waiting = await standing(p(), record, peer.id)
    expect(waiting.row).toMatchObject({ state: 'waiting', sentAt: null, dueOn: '2026-11-24' })
    expect(waiting.table).toMatchObject({ settled: false, reason: { zh: '信用修复', en: 'Repaired' } })

    const second = await pullAll(caller, first.next)
    expect(second.events).toMatchObject([
      {
        type: 'record.withdraw',
        subject: record.recordId,
        data: { after: null, before: { version: 1 }, withdrawal: { reason: 'repaired' } },
      },
    ])
    expect((await standing(p(), record, peer.id)).row).toMatchObject({ state: 'sent', acknowledgedAt: null })

    expect(await client.acknowledge(applied(second.events))).toEqual({ recorded: 1, unknown: [] })
    const done = await standing(p(), record, peer.id)
    expect(done.row).toMatchObject({ state: 'acknowledged' })
    expect(done.table.settled).toBe(true)

    // Once more: known, and the first time stands.
    await sleep(5)
    expect(await client.acknowledge(applied(second.events))).toEqual({ recorded: 1, unknown: [] })
    expect((await standing(p(), record, peer.id)).row?.acknowledgedAt).toBe(done.row?.acknowledgedAt)
  })

  it('asks those whose profile says so to lift measures and evaluate anew, and proves it by their answers', async () => {
    const office = async () => (await p().as('credit_office')).client(endpoints)
    const [record, early] = [await give(p(), { division: '440117' }), await give(p(), { division: '440117' })]
    const { caller, client, peer } = await newPeer(p(), { division: '440117' })
    const first = await pullAll(caller)
    await client.acknowledge(applied(first.events))
    await change(p(), early, 'repaired')
    const before = await pullAll(caller, first.next)
    expect(before.events[0]!.data.withdrawal).not.toHaveProperty('asks')
    // Not asked, so its answer is none.
    const lifted = {
      eventId: before.events[0]!.id,
      outcome: 'applied' as const,
      effects: { measures: 'done' as const },
    }
    await client.acknowledge({ acknowledgements: [lifted] })
    const effect = async (of: typeof record) =>
      Object.fromEntries((await standing(p(), of, peer.id)).table.effect.map((e) => [e.part, e]))
    expect(await effect(early)).toMatchObject({ measures: { state: 'nobody' }, evaluation: { state: 'nobody' } })

    const desk = await office()
    const basis = { zh: '《某某管理办法》第九条', en: 'Measures, art. 9' }
    const duties = [
      { part: 'measures' as const, basis },
      { part: 'evaluation' as const, basis },
    ]
    const twice = { id: peer.id, duties: [duties[0]!, duties[0]!], seen: peer.version }
    expect((await problemOf(desk.setPeerDuties(twice))).status).toBe(400)
    const set = await desk.setPeerDuties({ id: peer.id, duties, seen: peer.version })
    expect(set.duties.map((d) => [d.part, d.basis])).toEqual(duties.map((d) => [d.part, d.basis]))
    expect((await problemOf(desk.setPeerDuties({ id: peer.id, duties: [], seen: peer.version }))).code).toBe(
      'PEER_STALE',
    )
    const nobody = await newPeer(p(), { division: '440118' })
    await change(p(), record, 'repaired')
    const ask = {
      subjectId: record.subjectId,
      recordId: record.recordId,
      part: 'measures' as const,
      result: 'done' as const,
    }
    const note = '来函〔2026〕12号'
    expect((await problemOf(desk.confirmEffect({ id: peer.id, ...ask, note }))).code).toBe('EFFECT_NOT_ASKED')
    const told = await pullAll(caller, before.next)
    expect(told.events[0]!.data.withdrawal?.asks).toEqual(duties)
    // Measures with the acknowledgement, twice: the first stands. What was withdrawn before is still nobody's.
    const eventId = told.events[0]!.id
    const say = (measures: 'done' | 'none') =>
      client.acknowledge({ acknowledgements: [{ eventId, outcome: 'applied', effects: { measures } }] })
    await say('done')
    await say('none')
    expect(await effect(early)).toMatchObject({ measures: { state: 'nobody' } })
    expect(await effect(record)).toMatchObject({
      measures: { state: 'done' },
      evaluation: { state: 'under_way', at: null },
    })
    const { row } = await standing(p(), record, peer.id)
    expect(row!.asked).toMatchObject([
      { part: 'measures', state: 'done', by: 'peer' },
      { part: 'evaluation', state: 'waiting' },
    ])
    p().clock.advance({ hours: 24 * 3 })
    expect((await effect(record)).evaluation!.state).toBe('late')

    // By letter: a named person writes it down, once.
    const later = await office()
    expect((await problemOf(later.confirmEffect({ id: nobody.peer.id, ...ask, note }))).code).toBe('EFFECT_NOT_ASKED')
    expect((await problemOf(later.confirmEffect({ id: peer.id, ...ask, note }))).code).toBe('EFFECT_CONFIRMED')
    const table = await later.confirmEffect({ id: peer.id, ...ask, part: 'evaluation', result: 'none', note })
    const done = table.effect.find((e) => e.part === 'evaluation')!
    expect(done).toMatchObject({ state: 'done', at: expect.stringMatching(/^2026-11-26/) })
    expect(done.proof.zh).toContain(`${peer.name}（2026年11月26日，信用评价未使用该信息）`)
    expect(table.holders.find((h) => h.peerId === peer.id)!.asked[1]).toMatchObject({ by: 'office', note })
    const wrong = { acknowledgements: [{ eventId, outcome: 'applied' as const, effects: { measures: 'perhaps' } }] }
    expect((await problemOf(client.acknowledge(wrong as never))).status).toBe(400)
  })

  it('keeps a withdrawal when the record is corrected, annulled or shown again', async () => {
    const record = await give(p(), { division: '440115' })
    const { caller, client, peer } = await newPeer(p(), { division: '440115' })
    const first = await pullAll(caller)
    await change(p(), record, 'shielded')
    await change(p(), record, 'corrected')
    expect((await standing(p(), record, peer.id)).row?.state).toBe('waiting')
    // Taken down twice before the peer comes: it is told each time, and one word back is enough.
    await change(p(), record, 'annulled')
    const second = await pullAll(caller, first.next)
    expect(new Set(second.events.map((e) => e.type))).toEqual(new Set(['record.withdraw']))
    await client.acknowledge(applied(second.events.slice(0, 1)))
    expect((await standing(p(), record, peer.id)).row?.state).toBe('acknowledged')
    // Lost on the way: the same cursor tells it again.
    expect((await pullAll(caller, first.next)).events).toEqual(second.events)
  })

  it('hands a record out again when it is shown again', async () => {
    const record = await give(p(), { division: '440117' })
    const { caller, client, peer } = await newPeer(p(), { division: '440117' })
    const first = await pullAll(caller)
    await change(p(), record, 'shielded')
    const second = await pullAll(caller, first.next)
    await client.acknowledge(applied(second.events))
    await change(p(), record, 'restored')
    const third = await pullAll(caller, second.next)
    expect(third.events).toMatchObject([{ type: 'record.update', data: { record: { recordId: record.recordId } } }])
    expect((await standing(p(), record, peer.id)).row?.state).toBe('holding')
  })

  it('takes a refusal for what it is', async () => {
    const record = await give(p(), { division: '440118' })
    const { caller, client, peer } = await newPeer(p(), { division: '440118' })
    const first = await pullAll(caller)
    await change(p(), record, 'repaired')
    const second = await pullAll(caller, first.next)
    const sentBack = { eventId: second.events[0]!.id, outcome: 'refused' as const, note: '系统维护' }
    await client.acknowledge({ acknowledgements: [sentBack] })
    const back = await standing(p(), record, peer.id)
    expect(back.row).toMatchObject({ state: 'refused', note: '系统维护' })
    expect(back.table.settled).toBe(false)
    await client.acknowledge(applied(second.events))
    expect((await standing(p(), record, peer.id)).row).toMatchObject({ state: 'acknowledged', note: '' })
  })

  it("knows a peer's own deliveries only", async () => {
    await give(p(), { division: '440302' })
    const one = await newPeer(p(), { division: '440302' })
    const two = await newPeer(p(), { division: '440302' })
    const { events } = await pullAll(one.caller)
    const id = events[0]!.id
    expect(await two.client.acknowledge(applied(events))).toEqual({ recorded: 0, unknown: [id] })
    const shouted = [{ eventId: id.toUpperCase(), outcome: 'refused' as const }]
    expect(await one.client.acknowledge({ acknowledgements: shouted })).toEqual({ recorded: 1, unknown: [] })
    const rows = await allPeers((await p().as('credit_office')).client(endpoints))
    expect(rows.find((r) => r.id === one.peer.id)).toMatchObject({ sent: 1, open: 0 })
    expect(rows.find((r) => r.id === two.peer.id)).toMatchObject({ sent: 0, pulledAt: null })
  })

  it('refuses other keys, suspended peers and cursors that are not its own', async () => {
    const { client, peer } = await newPeer(p(), { division: '440303' })
    const authority = await p().withKey({ scopes: ['feed'], authorityId: p().world.authorities.market })
    expect(await problemOf(authority.client(endpoints).feed({}))).toMatchObject({ status: 403, code: 'NOT_A_PEER' })
    const collects = await p().withKey({ scopes: ['collect'], peerId: peer.id })
    expect(await problemOf(collects.client(endpoints).feed({}))).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect(await problemOf(p().anonymous().client(endpoints).feed({}))).toMatchObject({ status: 401 })
    const places = [[-1, peer.id], [1, '-'.repeat(36)], ['1', peer.id], [1.5, peer.id], []]
    for (const after of ['nonsense', '%00', ...places.map((place) => encodeCursor(place))]) {
      expect(await problemOf(client.feed({ after }))).toMatchObject({ status: 400, code: 'BAD_CURSOR' })
    }

    const office = (await p().as('credit_office')).client(endpoints)
    for (const after of ['nonsense', encodeCursor(['a']), encodeCursor(['a', 'b'])]) {
      expect(await problemOf(office.peers({ after }))).toMatchObject({ status: 400, code: 'BAD_CURSOR' })
    }
    const stop = { id: peer.id, state: 'suspended' as const, reason: '对方系统升级', seen: 1 }
    expect(await office.setPeerState(stop)).toMatchObject({ state: 'suspended', version: 2 })
    expect(await problemOf(office.setPeerState(stop))).toMatchObject({ status: 409, code: 'PEER_STALE' })
    // What it holds it has to take down all the same: it is told of that, and why of nothing else.
    expect(await client.feed({})).toMatchObject({ events: [], notice: { code: 'suspended' } })
    const ack = { acknowledgements: [{ eventId: peer.id, outcome: 'applied' as const }] }
    expect((await client.acknowledge(ack)).unknown).toEqual([peer.id])
    await office.setPeerState({ ...stop, state: 'active', seen: 2 })
    expect(await client.feed({})).not.toHaveProperty('notice')
    const gone = { ...stop, id: crypto.randomUUID() }
    expect(await problemOf(office.setPeerState(gone))).toMatchObject({ status: 404, code: 'NO_SUCH_PEER' })
  })

  it('lets the credit office add a peer, and says what is wrong with one', async () => {
    const office = (await p().as('credit_office')).client(endpoints)
    const { legalBasis, ...rest } = {
      legalBasis: BASIS,
      name: '市政务服务平台',
      kind: 'service_platform' as const,
      division: '440100',
    }
    const body = { ...rest, legalBasis, items: ['penalty'], channel: 'credit_china', ackWorkdays: 3 }
    expect(await office.createPeer(body)).toMatchObject({ state: 'onboarding', sent: 0, late: 0, contact: '' })
    expect(await problemOf(office.createPeer({ ...body, items: ['horoscope'] }))).toMatchObject({
      code: 'UNKNOWN_ITEM',
    })
    expect(await problemOf(office.createPeer({ ...body, channel: 'radio' }))).toMatchObject({ code: 'UNKNOWN_CHANNEL' })
    const officer = (await p().as('officer')).client(endpoints)
    expect(await problemOf(officer.createPeer(body))).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('shows the propagation table to whom the record concerns, and to nobody else', async () => {
    const [mine, theirs] = [await newSubject(p()), await newSubject(p())]
    const recordId = await newRecord(p(), { subject: mine, kind: 'samr_penalty' })
    const ask = { subjectId: mine.subjectId, recordId }
    const as = async (login: string) => (await p().as(login)).client(endpoints)
    const login = (name: string) => `company-${/第(\d+)/.exec(name)?.[1]}`
    const table = await (await as(login(mine.name))).propagation(ask)
    expect(table).toMatchObject({ recordId, withdrawnAt: null, reason: null, settled: true })
    for (const who of ['officer', 'head', 'window_clerk', 'credit_office', 'auditor']) {
      expect(await (await as(who)).propagation(ask)).toMatchObject({ recordId })
    }
    expect(await problemOf((await as(login(theirs.name))).propagation(ask))).toMatchObject({
      status: 404,
      code: 'NO_SUCH_RECORD',
    })
    const otherFile = { ...ask, subjectId: theirs.subjectId }
    expect(await problemOf((await as(login(theirs.name))).propagation(otherFile))).toMatchObject({
      code: 'NO_SUCH_RECORD',
    })
    const other = await newRecord(p(), { subject: mine, kind: 'penalty' })
    expect(await problemOf((await as('officer')).propagation({ ...ask, recordId: other }))).toMatchObject({
      status: 404,
    })
    expect(await problemOf((await as('collector')).propagation(ask))).toMatchObject({ status: 403 })
  })

  it('misses nothing and doubles nothing while twenty write and one reads', async () => {
    const WRITERS = 20
    const EACH = 8
    const { caller } = await newPeer(p(), { division: '440304' })
    let writing = true
    const write = async (): Promise<void> => {
      const slow = { ...p().ctx(), beforeCommit: () => sleep(randomInt(12)) }
      const subjects = await inTx(p().ctx(), (tx) =>
        resolveSubjects(tx, p().ctx(), [
          {
            kind: 'enterprise',
            name: `天河并行第${++serial}商行`,
            uscc: codeFrom(`91440106MB5${String(serial).padStart(6, '0')}`),
            division: '440304',
          },
        ]),
      )
      const subject = subjects[0]!
      if (!subject.ok) throw new Error('no subject')
      for (let n = 0; n < EACH; n++) {
        await sleep(randomInt(5))
        await inTx(slow, (tx) =>
          storeRecords(tx, slow, [penalty(subject.subjectId, ++serial + 50_000, { division: '440304' })]),
        )
      }
    }
    const read = async (): Promise<string[]> => {
      const seen: string[] = []
      let cursor: string | undefined
      for (let last = false; ; ) {
        const got = await pullAll(caller, cursor, 7)
        seen.push(...got.events.map((e) => e.id))
        cursor = got.next
        if (last) return seen
        last = !writing
        await sleep(3)
      }
    }
    const reader = read()
    await Promise.all(Array.from({ length: WRITERS }, write)).finally(() => {
      writing = false
    })
    const seen = await reader
    const { rows } = await sql<{ id: string }>`select id from platform.event where division = '440304'`.execute(
      p().runtime.db.kysely,
    )
    expect(rows).toHaveLength(WRITERS * EACH)
    expect(seen.toSorted()).toEqual(rows.map((r) => r.id).toSorted())
  })

  it('gives every commit one place, whoever asks at the same time', async () => {
    for (let n = 0; n < 5; n++) await give(p(), { division: '440305' })
    await Promise.all(Array.from({ length: 8 }, () => sequence(p().runtime)))
    const { rows } = await sql<{ commits: number; places: number; open: number }>`
      select count(*) as commits, count(distinct position) as places, count(*) filter (where position is null) as open
      from platform.commit`.execute(p().runtime.db.kysely)
    expect(rows[0]).toMatchObject({ places: rows[0]!.commits, open: 0 })
  })

  it('counts a peer as late from the day after the term', async () => {
    p().clock.set('2026-11-23T02:00:00Z')
    const record = await give(p(), { division: '440183' })
    const { caller, client, peer } = await newPeer(p(), { division: '440183', ackWorkdays: 2 })
    const first = await pullAll(caller)
    await change(p(), record, 'repaired')
    const look = async () => {
      const rows = await allPeers((await p().as('credit_office')).client(endpoints))
      return [(await standing(p(), record, peer.id)).row?.state, rows.find((r) => r.id === peer.id)?.late]
    }
    // Withdrawn on Monday: Wednesday is the last day.
    p().clock.set('2026-11-25T10:00:00Z')
    expect(await look()).toEqual(['waiting', 0])
    p().clock.set('2026-11-26T02:00:00Z')
    expect(await look()).toEqual(['late', 1])
    const second = await pullAll(caller, first.next)
    expect(await look()).toEqual(['late', 1])
    // Whoever sends it back still shows it.
    const [event] = second.events
    await client.acknowledge({ acknowledgements: [{ eventId: event!.id, outcome: 'refused', note: '系统维护' }] })
    expect(await look()).toEqual(['refused', 1])
    await client.acknowledge(applied(second.events))
    expect(await look()).toEqual(['acknowledged', 0])
  })
})
