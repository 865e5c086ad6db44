import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import {
  type Receiver,
  acknowledging,
  changeRecord,
  giveRecord,
  openReceiver,
  pushPeer,
  withTerms,
} from '../../../test/push-receiver.ts'
import { inTx } from '../../platform/outbox.ts'
import { verifyRequest } from '../../platform/signatures.ts'
import { address } from './address.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { chaseDue } from './chase.ts'
import { deskEndpoints as desk } from './contract.desk.ts'
import { endpoints } from './contract.ts'
import { publishedKeys, signerOf } from './keys.ts'
import { pushDue } from './push.ts'

/** Short terms, so that a test need not wait: a clock that moves does the rest. */
const TERMS = { timeoutSeconds: 0.4, firstRetrySeconds: 2, jitter: 0 }

type Row = {
  kind: string
  attempts: number
  outcome: string | null
  acked: boolean
  delivered: boolean
  dead: boolean
  waits: boolean
  fault: string
  event: string
}
const deliveries = async (p: Platform, peerId: string): Promise<Row[]> =>
  (
    await sql<Row>`
      select kind, attempts, outcome, acked_at is not null as acked, delivered_at is not null as delivered, dead_at is not null as dead,
        next_attempt_at is not null as waits, fault, event_id as event
      from exchange.delivery where peer_id = ${peerId} order by queue_n`.execute(p.runtime.db.kysely)
  ).rows
const standsAs = async (p: Platform, peerId: string) =>
  (await deliveries(p, peerId)).map((d) =>
    d.acked ? d.outcome : (d.outcome ?? (d.dead ? 'dead' : d.waits ? `waits ${d.attempts}` : 'sent')),
  )

describeEngines('push', (p) => {
  const receivers: Receiver[] = []
  const receiver = async (): Promise<Receiver> => {
    const made = await openReceiver()
    receivers.push(made)
    return made
  }
  const push = (terms: Record<string, unknown> = {}) => pushDue(withTerms(p().runtime, { ...TERMS, ...terms }))
  afterAll(async () => {
    for (const r of receivers) await r.close()
  })

  it('sends what is in the scope, signed, in batches, and notes what was acknowledged', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440111' })
    const given = []
    for (let i = 0; i < 5; i++) given.push(await giveRecord(p(), { division: '440111' }))
    await giveRecord(p(), { division: '440112' })
    await push({ batch: 2, requestsAtOnce: 1 })
    expect(to.pushed.map((r) => r.events.length)).toEqual([2, 2, 1])
    expect(to.pushed.flatMap((r) => r.events.map((e) => e.subject))).toEqual(given.map((g) => g.recordId))
    expect(await standsAs(p(), peer.id)).toEqual(Array.from({ length: 5 }, () => 'applied'))

    const [first] = to.pushed
    expect(first!.headers['content-type']).toBe('application/cloudevents-batch+json')
    const signer = await signerOf(p().ctx(), 'ed25519')
    const checked = await verifyRequest(
      { method: 'POST', url: to.url, headers: first!.headers, body: first!.body },
      {
        now: p().clock.now(),
        skewSeconds: 60,
        findKey: async (id) => (id === signer.keyId ? { publicKey: signer.publicKey, algorithm: 'ed25519' } : null),
      },
    )
    expect(checked).toMatchObject({ ok: true, keyId: signer.keyId })
    expect((await publishedKeys(p().ctx(), 'ed25519')).map((k) => k.kid)).toContain(signer.keyId)

    // What it has done about measures may come with its answer.
    await sql`update exchange.peer set duties = '[{"part":"measures","basis":{"zh":"规章","en":"A rule"},"since":"2026-01-01T00:00:00Z"}]'
      where id = ${peer.id}`.execute(p().runtime.db.kysely)
    to.answers((request) => ({
      status: 200,
      body: JSON.stringify({
        acknowledgements: request.events.map((e) => ({
          eventId: e.id,
          outcome: 'applied',
          effects: { measures: 'none' },
        })),
      }),
    }))
    await changeRecord(p(), given[0]!, 'repaired')
    await push()
    const { rows } =
      await sql`select part, result, by_kind as "by" from exchange.effect where record_id = ${given[0]!.recordId}`.execute(
        p().runtime.db.kysely,
      )
    expect(rows).toEqual([{ part: 'measures', result: 'none', by: 'peer' }])

    // Nothing is left to do, and nothing goes twice.
    await push()
    expect(to.pushed).toHaveLength(4)
  })

  it('never lets a publish leave after a withdrawal, and tells those who may hold it', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440113' })
    to.answers(() => ({ status: 500 }))
    const known = await giveRecord(p(), { division: '440113' })
    await push()
    expect(to.pushed).toHaveLength(1)
    // One that was tried and one that never left are both withdrawn before the next attempt.
    const fresh = await giveRecord(p(), { division: '440113' })
    await push()
    expect(await standsAs(p(), peer.id)).toEqual(['waits 1', 'waits 0'])
    await changeRecord(p(), known, 'repaired')
    await changeRecord(p(), fresh, 'repaired')
    to.answers(() => 'acknowledge')
    p().clock.advance({ minutes: 5 })
    await push()
    const after = to.pushed.slice(1).flatMap((r) => r.events)
    expect(after.map((e) => [e.type, e.subject])).toEqual([['record.withdraw', known.recordId]])
    expect(await standsAs(p(), peer.id)).toEqual(['not_needed', 'not_needed', 'applied', 'not_needed'])
  })

  it('keeps the order within a subject and lets nobody wait for another subject', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440114' })
    const [one, other] = [await giveRecord(p(), { division: '440114' }), await giveRecord(p(), { division: '440114' })]
    to.answers(({ events }) =>
      events.some((e) => e.subject === one.recordId)
        ? {
            status: 422,
            body: JSON.stringify({ detail: '字段长度不符' }),
            headers: { 'content-type': 'application/problem+json' },
          }
        : 'acknowledge',
    )
    await push()
    expect(await standsAs(p(), peer.id)).toEqual(['waits 2', 'applied'])
    const later = await giveRecord(p(), { division: '440114', subjectId: one.subjectId })
    await changeRecord(p(), other, 'repaired')
    await push()
    expect(to.ids()).not.toContain((await deliveries(p(), peer.id))[2]!.event)
    expect(await standsAs(p(), peer.id)).toEqual(['waits 2', 'applied', 'waits 0', 'applied'])
    to.answers(() => 'acknowledge')
    p().clock.advance({ minutes: 5 })
    await push()
    const order = to.pushed.flatMap((r) => r.events.map((e) => e.subject))
    expect(order.slice(-2)).toEqual([one.recordId, later.recordId])
    const { rows } = await sql<{ fault: string; said: string }>`
      select fault, said from exchange.failure where peer_id = ${peer.id} order by attempt`.execute(
      p().runtime.db.kysely,
    )
    expect(rows).toEqual([
      { fault: 'not_accepted', said: '字段长度不符' },
      { fault: 'not_accepted', said: '字段长度不符' },
      { fault: 'not_accepted', said: '字段长度不符' },
    ])
  })

  it('does not let a peer that hangs delay another', async () => {
    const [slow, quick] = [await receiver(), await receiver()]
    await pushPeer(p(), slow.url, { division: '440115' })
    const { peer } = await pushPeer(p(), quick.url, { division: '440115' })
    slow.answers(() => 'hang')
    await giveRecord(p(), { division: '440115' })
    const began = performance.now()
    let quickAfter = Infinity
    quick.answers(() => {
      quickAfter = performance.now() - began
      return 'acknowledge'
    })
    await push({ timeoutSeconds: 3 })
    expect(quickAfter).toBeLessThan(2000)
    expect(await standsAs(p(), peer.id)).toEqual(['applied'])
  })

  it('reads each way in which a peer may fail, waits longer each time, and says so', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440117' })
    await giveRecord(p(), { division: '440117' })
    const manners = [
      'hang',
      'break off',
      { status: 500 },
      { status: 503, headers: { 'retry-after': '1800' } },
      { status: 401 },
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { status: 200, body: '{"acknowledgements": nonsense' },
    ] as const
    to.answers(({ n }) => manners[n - 1] ?? 'acknowledge')
    for (const [i] of manners.entries()) {
      await push({ turnedAwayAttempts: 50 })
      expect(to.pushed).toHaveLength(i + 1)
      // Not before its time.
      await push()
      expect(to.pushed).toHaveLength(i + 1)
      p().clock.advance({ minutes: i === 3 ? 10 : 61 })
      if (i !== 3) continue
      await push()
      expect(to.pushed).toHaveLength(i + 1)
      p().clock.advance({ minutes: 30 })
    }
    await push()
    expect(await standsAs(p(), peer.id)).toEqual(['applied'])
    const { rows } = await sql<{ fault: string; status: number | null }>`
      select fault, status from exchange.failure where peer_id = ${peer.id} order by attempt`.execute(
      p().runtime.db.kysely,
    )
    expect(rows.map((r) => r.fault)).toEqual([
      'timeout',
      'cut_short',
      'failed',
      'busy',
      'not_authorized',
      'redirected',
      'unreadable',
    ])
    // The same number each time: a receiver that keeps numbers does nothing twice.
    expect(new Set(to.ids()).size).toBe(1)
  })

  it('waits for a later acknowledgement after 202, takes it twice, out of order, of the dead, and knows the unknown', async () => {
    const to = await receiver()
    const { peer, caller } = await pushPeer(p(), to.url, { division: '440118' })
    to.answers(() => ({ status: 202 }))
    await giveRecord(p(), { division: '440118' })
    await giveRecord(p(), { division: '440118' })
    await push()
    expect(await standsAs(p(), peer.id)).toEqual(['sent', 'sent'])
    to.answers(() => ({ status: 400 }))
    await giveRecord(p(), { division: '440118' })
    for (let i = 0; i < 3; i++) {
      await push({ turnedAwayAttempts: 2 })
      p().clock.advance({ minutes: 61 })
    }
    expect(await standsAs(p(), peer.id)).toEqual(['sent', 'sent', 'dead'])
    const all = await deliveries(p(), peer.id)
    const unknown = '0198c1d2-3e4f-7a5b-8c6d-7e8f90a1b2c3'
    const client = caller.client(endpoints)
    const acknowledge = (ids: string[], outcome: 'applied' | 'refused' = 'applied') =>
      client.acknowledge({ acknowledgements: ids.map((eventId) => ({ eventId, outcome, note: '' })) })
    expect(await acknowledge([all[2]!.event, all[1]!.event, all[0]!.event, unknown], 'refused')).toEqual({
      recorded: 3,
      unknown: [unknown],
    })
    await acknowledge([all[0]!.event, all[2]!.event])
    await acknowledge([all[0]!.event], 'refused')
    expect(await standsAs(p(), peer.id)).toEqual(['applied', 'refused', 'applied'])
    expect((await deliveries(p(), peer.id)).some((d) => d.dead || d.waits)).toBe(false)
  })

  it('sends one that cannot be read by itself, so that it holds up nobody', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440181' })
    const bad = await giveRecord(p(), { division: '440181' })
    for (let i = 0; i < 4; i++) await giveRecord(p(), { division: '440181' })
    to.answers(({ events }) => (events.some((e) => e.subject === bad.recordId) ? { status: 500 } : 'acknowledge'))
    await push()
    for (let i = 0; i < 4; i++) {
      // Longer than any wait between two attempts, whatever the jitter.
      p().clock.advance({ minutes: 20 })
      await push({ attempts: 4 })
    }
    expect(await standsAs(p(), peer.id)).toEqual(['dead', 'applied', 'applied', 'applied', 'applied'])
  })

  it('tells a suspended peer of withdrawals alone and goes on from where it stopped', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440182' })
    const held = await giveRecord(p(), { division: '440182' })
    await push()
    const office = (await p().as('credit_office')).client(endpoints)
    const change = (state: 'suspended' | 'active', seen: number) =>
      office.setPeerState({ id: peer.id, state, reason: '协议到期', seen })
    const { version } = await change('suspended', peer.version)
    const meanwhile = await giveRecord(p(), { division: '440182' })
    await changeRecord(p(), held, 'repaired')
    await push()
    expect(to.pushed.slice(1).flatMap((r) => r.events.map((e) => e.type))).toEqual(['record.withdraw'])
    await change('active', version)
    await push()
    expect(to.pushed.at(-1)!.events.map((e) => [e.type, e.subject])).toContainEqual([
      'record.publish',
      meanwhile.recordId,
    ])
  })

  it('carries messages to one peer the same way, and to one that fetches on its pages', async () => {
    const to = await receiver()
    const pushed = await pushPeer(p(), to.url, { division: '440183' })
    const pulling = await pushPeer(p(), '', { division: '440183', way: 'pull', settings: {} })
    const { subjectId, recordId } = await giveRecord(p(), { division: '440183' })
    const data = { number: '粤信修〔2026〕1号' }
    const say = (peerId: string) =>
      inTx(p().ctx(), (tx) => address(tx, p().ctx(), { peerId, subjectId, recordId, type: 'case.passed_on', data }))
    await say(pushed.peer.id)
    const id = await say(pulling.peer.id)
    await push()
    expect(to.pushed.flatMap((r) => r.events.map((e) => e.type)).toSorted()).toEqual([
      'case.passed_on',
      'record.publish',
    ])
    const client = pulling.caller.client(endpoints)
    const page = (after?: string) => client.feed(after ? { after } : {})
    const first = await page()
    expect(first.events.map((e) => e.type)).toEqual(['record.publish', 'case.passed_on'])
    expect(first.events[1]).toMatchObject({ id, subject: recordId, data })
    // Until it has acknowledged.
    expect((await page(first.next)).events.map((e) => e.id)).toEqual([id])
    await client.acknowledge({ acknowledgements: [{ eventId: id, outcome: 'applied' }] })
    expect((await page(first.next)).events).toEqual([])
  })

  it('loses nothing when a peer is reached another way, and another way again', async () => {
    const to = await receiver()
    const { peer, caller } = await pushPeer(p(), '', { division: '440104', way: 'pull', settings: {} })
    const client = caller.client(endpoints)
    const office = (await p().as('credit_office')).client(endpoints)
    let { version } = peer
    const reach = async (way: 'pull' | 'push') =>
      ({ version } = await office.setWay({ id: peer.id, way, format: 'cloudevents', url: to.url, seen: version }))
    const page = async () => (await client.feed({})).events
    const [read, unread] = [
      await giveRecord(p(), { division: '440104' }),
      await giveRecord(p(), { division: '440104' }),
    ]
    // Two pages' worth went out; of the second the peer never saw anything.
    const first = (await page()).find((e) => e.subject === read.recordId)!
    await client.acknowledge({ acknowledgements: [{ eventId: first.id, outcome: 'applied' }] })
    await reach('push')
    await push()
    expect(to.pushed.flatMap((r) => r.events.map((e) => [e.type, e.subject]))).toEqual([
      ['record.publish', unread.recordId],
    ])
    // What could not be pushed is fetched, and counts as fetched.
    to.answers(() => ({ status: 400 }))
    const [late, dead] = [await giveRecord(p(), { division: '440104' }), await giveRecord(p(), { division: '440104' })]
    await push({ turnedAwayAttempts: 1 })
    await sql`update exchange.delivery set dead_at = null, next_attempt_at = ${p().clock.now()}
      where peer_id = ${peer.id} and record_id = ${late.recordId}`.execute(p().runtime.db.kysely)
    await reach('pull')
    expect((await page()).map((e) => e.subject)).toEqual(expect.arrayContaining([late.recordId, dead.recordId]))
    expect(await standsAs(p(), peer.id)).toEqual(['applied', 'applied', 'sent', 'sent'])
    // And goes once more when nobody has confirmed it; what is gone by then is withdrawn.
    await changeRecord(p(), dead, 'repaired')
    await reach('push')
    const before = to.pushed.length
    to.answers(() => 'acknowledge')
    p().clock.advance({ minutes: 61 })
    await push()
    const again = to.pushed.slice(before).flatMap((r) => r.events.map((e) => [e.type, e.subject]))
    expect(again).toEqual([
      ['record.publish', late.recordId],
      ['record.withdraw', dead.recordId],
    ])
  })

  it('gives back what somebody died at, under the same number, and lets two processes send nothing twice', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440184' })
    for (let i = 0; i < 3; i++) await giveRecord(p(), { division: '440184' })
    to.answers(() => 'hang')
    // As a process that is killed while its request is under way leaves it.
    await push()
    await sql`update exchange.delivery set leased_by = ${peer.id}, next_attempt_at = ${p().clock.now()}::timestamptz + interval '10 seconds'
      where peer_id = ${peer.id}`.execute(p().runtime.db.kysely)
    await sql`update exchange.line set failures = 0, rests_until = null where peer_id = ${peer.id}`.execute(
      p().runtime.db.kysely,
    )
    to.answers(({ events }) => ({ status: 200, body: acknowledging(events, 'already') }))
    const before = to.pushed.length
    await push()
    expect(to.pushed).toHaveLength(before)
    p().clock.advance({ seconds: 11 })
    const db = p().runtime.db
    // A second process is another handle on the same database.
    const twin = { ...withTerms(p().runtime, TERMS), db: { ...db } }
    await Promise.all([push(), pushDue(twin)])
    expect(await standsAs(p(), peer.id)).toEqual(['already', 'already', 'already'])
    const again = to.pushed.slice(before).flatMap((r) => r.events.map((e) => e.id))
    expect(again.toSorted()).toEqual([...new Set(again)].toSorted())
    expect(again).toHaveLength(3)
    expect(new Set(to.ids()).size).toBe(3)
  })

  it('lays what could not be sent before somebody: why, what sending again would do, again, or given up', async () => {
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division: '440123', name: '南山互联互通平台' })
    const [gone, shown, left] = [
      await giveRecord(p(), { division: '440123' }),
      await giveRecord(p(), { division: '440123' }),
      await giveRecord(p(), { division: '440123' }),
    ]
    to.answers(() => ({ status: 400, body: '{"detail":"目录版本不符"}' }))
    for (let i = 0; i < 4; i++) {
      await push({ turnedAwayAttempts: 2 })
      p().clock.advance({ minutes: 61 })
    }
    await changeRecord(p(), gone, 'repaired')
    const office = (await p().as('credit_office')).client(desk)
    const page = await office.deadLetters({ peer: peer.id })
    expect(page.rows.map((r) => r.state)).toEqual(['dead', 'dead', 'dead'])
    const of = (record: { recordId: string }) => {
      const row = page.rows.find((r) => r.recordId === record.recordId)!
      return { peerId: peer.id, subjectId: row.subjectId, eventId: row.eventId }
    }
    const letter = await office.deadLetter(of(shown))
    expect(letter).toMatchObject({
      replay: 'publish',
      fault: 'not_accepted',
      contact: '李工 020-12345678',
      mayDecide: true,
    })
    expect(letter.tries.map((t) => [t.fault, t.said])).toEqual([
      ['not_accepted', '目录版本不符'],
      ['not_accepted', '目录版本不符'],
    ])
    expect((await office.deadLetter(of(gone))).replay).toBe('nothing')
    expect(await office.previewReplay({ id: peer.id })).toEqual({
      publish: 2,
      update: 0,
      withdraw: 0,
      message: 0,
      nothing: 1,
      more: false,
    })
    // Somebody who has seen an older state decides nothing.
    const seen = letter.attempts
    expect(await problemOf(office.replay({ ...of(shown), seen: seen - 1 }))).toMatchObject({
      code: 'DEAD_LETTER_STALE',
    })
    expect(await problemOf(office.giveUp({ ...of(left), seen: 0, reason: '不再需要' }))).toMatchObject({
      code: 'DEAD_LETTER_STALE',
    })
    expect(
      await problemOf(office.deadLetter({ ...of(shown), eventId: '0198c1d2-3e4f-7a5b-8c6d-7e8f90a1b2c3' })),
    ).toMatchObject({ code: 'NO_SUCH_DEAD_LETTER' })

    to.answers(() => 'acknowledge')
    expect(await office.replay({ ...of(shown), seen })).toMatchObject({ state: 'retrying' })
    await push()
    // The other was attempted and may be there: its withdrawal goes as well.
    expect(to.pushed.slice(-2).flatMap((r) => r.events.map((e) => [e.type, e.subject]))).toEqual(
      expect.arrayContaining([
        ['record.publish', shown.recordId],
        ['record.withdraw', gone.recordId],
      ]),
    )
    const { attempts } = await office.deadLetter(of(left))
    const givenUp = await office.giveUp({ ...of(left), seen: attempts, reason: '对方已停用该接口' })
    expect(givenUp).toMatchObject({ state: 'given_up', givenUp: { by: 'credit_office', reason: '对方已停用该接口' } })
    expect((await office.deadLetters({ peer: peer.id, state: 'given_up' })).rows).toHaveLength(1)
    expect(await office.replayAll({ id: peer.id })).toEqual({ again: 0, nothing: 1 })
    await push()
    expect(await standsAs(p(), peer.id)).toEqual(['not_needed', 'applied', 'dead', 'applied'])
    const acts = await sql<{ act: string }>`
      select act from platform.audit where target_id = ${peer.id} and act in ('exchange.replay', 'exchange.give_up') order by at`.execute(
      p().runtime.db.kysely,
    )
    expect(acts.rows.map((a) => a.act)).toEqual(['exchange.replay', 'exchange.give_up', 'exchange.replay'])

    const listed = await office.deliveries({ id: peer.id })
    expect(listed.rows).toHaveLength(4)
    expect((await office.deliveries({ id: peer.id, state: 'acknowledged' })).rows).toHaveLength(2)
  })

  it('balances each day: sent = acknowledged + pending + dead + not needed, whatever became of them', async () => {
    const office = (await p().as('credit_office')).client(desk)
    const rows = []
    for (let after: string | undefined; ; ) {
      const page = await office.deliveryBalance({ limit: 5, ...(after ? { after } : {}) })
      rows.push(...page.rows)
      if (!page.next) break
      after = page.next
    }
    expect(rows.length).toBeGreaterThan(8)
    for (const r of rows) expect(r.acknowledged + r.pending + r.dead + r.notNeeded, JSON.stringify(r)).toBe(r.sent)
    const { rows: all } = await sql<{ n: number }>`select count(*)::int as n from exchange.delivery`.execute(
      p().runtime.db.kysely,
    )
    expect(rows.reduce((sum, r) => sum + r.sent, 0)).toBe(all[0]!.n)
    // A delivery in two states at once cannot be stored.
    await expect(
      sql`update exchange.delivery set dead_at = now() where acked_at is not null`.execute(p().runtime.db.kysely),
    ).rejects.toThrow()
  })

  it('shows each flow with what is late on it, and chases until it is not', async () => {
    const to = await receiver()
    const mail = 'duty@example.org'
    const { peer, caller } = await pushPeer(p(), to.url, { division: '440103', ackWorkdays: 1, mail })
    const held = await giveRecord(p(), { division: '440103' })
    await push()
    to.answers(() => ({ status: 202 }))
    await changeRecord(p(), held, 'repaired')
    await push()
    const office = (await p().as('credit_office')).client(desk)
    const edge = async () => (await office.flows({})).edges.find((e) => e.peerId === peer.id)!
    expect(await edge()).toMatchObject({
      unanswered: { count: 1, more: false },
      lateWithdrawals: 0,
      dead: 0,
      chased: null,
    })
    expect(await problemOf(office.chase({ id: peer.id }))).toMatchObject({ code: 'NOTHING_LATE' })
    p().clock.advance({ days: 5 })
    const later = (await p().as('credit_office')).client(desk)
    await chaseDue(p().ctx())
    await chaseDue(p().ctx())
    const open = await later.chases({ peer: peer.id })
    expect(open.rows.map((c) => [c.what, c.count, c.times])).toEqual(
      expect.arrayContaining([
        ['unanswered', 1, 1],
        ['withdrawals', 1, 1],
      ]),
    )
    // The peer itself is written to as well, and by hand no more often than the rule says.
    const written = async () =>
      (await later.chases({ peer: peer.id })).rows.flatMap((c) => c.told).filter((d) => d.personName === peer.name)
    expect((await written()).map((d) => [d.channel, d.state])).toEqual([
      ['email', 'not_configured'],
      ['email', 'not_configured'],
    ])
    expect(await later.chase({ id: peer.id })).toEqual({ raised: 2 })
    expect(await written()).toHaveLength(2)
    expect(open.rows.flatMap((c) => c.told).map((d) => d.channel)).toContain('inbox')
    const told = await (await p().as('credit_office')).client(messages).listInbox({ limit: 200 })
    expect(told.rows.some((m) => m.title.zh.includes(peer.name) && m.title.zh.includes('逾期未确认撤下1条'))).toBe(true)
    const now = (await later.flows({})).edges.find((e) => e.peerId === peer.id)!
    expect(now).toMatchObject({ lateWithdrawals: 1, chased: { times: 2 } })

    const [, withdrawal] = await deliveries(p(), peer.id)
    await caller
      .client(endpoints)
      .acknowledge({ acknowledgements: [{ eventId: withdrawal!.event, outcome: 'applied' }] })
    await chaseDue(p().ctx())
    expect((await later.chases({ peer: peer.id })).rows.every((c) => c.answeredAt !== null)).toBe(true)
  })
})
