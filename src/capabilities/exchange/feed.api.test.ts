/** What a cursor and a scope promise: a history that was lost is known by its cursors, and a change of scope hands over and withdraws. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { changeRecord, giveRecord, pushPeer } from '../../../test/push-receiver.ts'
import { penalty } from '../../../test/records-world.ts'
import { type Caller, type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { encodeCursor } from '../../kernel/page.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { storeRecords } from '../records/index.ts'
import { type FeedPage, endpoints } from './contract.ts'
import { deliveriesOf, handingsInParts } from './handing.ts'
import { propagation } from './service.ts'
import { pullPage } from './service.feed.ts'
import { editPeer, setPeerState } from './service.peers.ts'
import { readPage } from './sign.ts'
import * as store from './store.ts'
import { START, findPeer, readEvents } from './store.ts'

const pull = (caller: Caller, after?: string): Promise<FeedPage> =>
  caller.client(endpoints).feed(after ? { after } : {})
const applied = (page: FeedPage) => ({
  acknowledgements: page.events.map((e) => ({ eventId: e.id, outcome: 'applied' as const })),
})
const told = (page: FeedPage) => page.events.map((e) => [e.type, e.subject])
const pullPeer = (p: Platform, division: string) => pushPeer(p, '', { way: 'pull', division, settings: {} })
const state = async (p: Platform, record: { subjectId: string; recordId: string }, peerId: string) =>
  (await propagation(p.ctx(), record)).holders.find((h) => h.peerId === peerId)?.state

describeEngines('the feed', (p) => {
  it('knows a cursor of a history that was lost, and says from where to go on', async () => {
    const { peer, caller } = await pullPeer(p(), '440281')
    await giveRecord(p(), { division: '440281' })
    const first = await pull(caller)
    await giveRecord(p(), { division: '440281' })
    const lost = await pull(caller, first.next)
    // As a backup from before leaves it: the last cursor known is the first, and the place of the second is given out anew.
    const [position] = JSON.parse(Buffer.from(lost.next, 'base64url').toString('utf8')) as [number]
    await inTx(p().ctx(), (tx) =>
      sql`update platform.commit set at = at + interval '1 hour' where position >= ${position}`.execute(tx),
    )
    await inTx(p().ctx(), (tx) =>
      sql`update exchange.cursor set cursor = ${first.next} where peer_id = ${peer.id}`.execute(tx),
    )
    const beyond = encodeCursor([position + 1_000_000, crypto.randomUUID()])
    for (const after of [lost.next, beyond]) {
      const refused = await problemOf(caller.client(endpoints).feed({ after }))
      expect(refused).toMatchObject({ status: 409, code: 'CURSOR_OF_LOST_HISTORY' })
      expect(refused.errors[0]?.params).toMatchObject({ resume: first.next })
    }
    expect(told(await pull(caller, first.next))).toEqual(told(lost))
  })

  it('hands over what is newly in scope, withdraws what is no longer, and knows who holds what', async () => {
    const { peer, caller } = await pullPeer(p(), '440282')
    const [kept, other] = [await giveRecord(p(), { division: '440282' }), await giveRecord(p(), { division: '440229' })]
    const first = await pull(caller)
    expect(told(first)).toEqual([['record.publish', kept.recordId]])
    await caller.client(endpoints).acknowledge(applied(first))

    const rescope = async (division: string) => {
      const held = (await findPeer(p().runtime.db.kysely, peer.id))!
      const { state: _state, version, ...profile } = held
      await editPeer(p().ctx(), { ...profile, division, seen: version })
    }
    await rescope('440229')
    const second = await pull(caller, first.next)
    expect(new Map(second.events.map((e) => [e.subject, e.type]))).toEqual(
      new Map([
        [other.recordId, 'record.publish'],
        [kept.recordId, 'record.withdraw'],
      ]),
    )
    expect(second.events.find((e) => e.type === 'record.withdraw')?.data).toMatchObject({
      withdrawal: { reason: 'out_of_scope' },
    })
    await caller.client(endpoints).acknowledge(applied(second))
    expect(await state(p(), kept, peer.id)).toBeUndefined()
    expect(await state(p(), other, peer.id)).toBe('holding')

    // Back again: handed over anew, and a repair is told as ever.
    await rescope('440200')
    const third = await pull(caller, second.next)
    expect(told(third).map(([, id]) => id)).toContain(kept.recordId)
    await caller.client(endpoints).acknowledge(applied(third))
    expect(await state(p(), kept, peer.id)).toBe('holding')
    await changeRecord(p(), kept, 'repaired')
    const fourth = await pull(caller, third.next)
    expect(told(fourth)).toEqual([['record.withdraw', kept.recordId]])
    await caller.client(endpoints).acknowledge(applied(fourth))
    expect(await state(p(), kept, peer.id)).toBe('acknowledged')
  })

  it('costs what lies on a page, however much the peer has been handed', async () => {
    const { peer: fresh } = await pullPeer(p(), '440205')
    const { peer: laden } = await pullPeer(p(), '440205')
    for (let i = 0; i < 20; i++) await giveRecord(p(), { division: '440205' })
    await sequence(p().ctx())
    const db = p().runtime.db
    const deliver = (peerId: string) =>
      inTx(p().ctx(), (tx) =>
        sql`insert into exchange.delivery (subject_id, peer_id, event_id, record_id, kind, sent_at, delivered_at)
          select gen_random_uuid(), ${peerId}, gen_random_uuid(), gen_random_uuid(), 'publish', at, at
          from generate_series(1, 15000), (select ${p().clock.now()}::timestamptz as at) a`.execute(tx),
      )
    // The statistics know the deliveries of another peer, and none of this one.
    await deliver((await pullPeer(p(), '440205')).peer.id)
    await sql`analyze exchange.delivery`.execute(db.kysely)
    await deliver(laden.id)
    const takes = async (peerId: string): Promise<number> => {
      const peer = (await findPeer(db.kysely, peerId))!
      const times: number[] = []
      for (let i = 0; i < 10; i++) {
        const began = performance.now()
        expect(await readEvents(db, peer, [0, START], 500)).toHaveLength(20)
        times.push(performance.now() - began)
      }
      return Math.min(...times)
    }
    // Walking its deliveries for each event would take many times as long.
    expect(await takes(laden.id)).toBeLessThan(8 * (await takes(fresh.id)))
  })

  it('chooses a page anew when the scope has changed since the peer was read', async () => {
    const { peer } = await pullPeer(p(), '440203')
    const [out, into] = [await giveRecord(p(), { division: '440203' }), await giveRecord(p(), { division: '440204' })]
    const asRead = (await findPeer(p().runtime.db.kysely, peer.id))!
    const { state: _state, version, ...profile } = asRead
    await editPeer(p().ctx(), { ...profile, division: '440204', seen: version })
    const page = readPage(await pullPage(p().ctx(), asRead, { limit: 100 }))
    expect(told(page)).toEqual([['record.publish', into.recordId]])
    expect(await state(p(), out, peer.id)).toBeUndefined()
  })

  it('keeps a long page part by part, and hands it out as it was when it broke off', async () => {
    const { peer, caller } = await pullPeer(p(), '440306')
    const { subjectId } = await giveRecord(p(), { division: '440306' })
    await inTx(p().ctx(), (tx) =>
      storeRecords(
        tx,
        p().ctx(),
        Array.from({ length: 1200 }, (_, i) => penalty(subjectId, 90_000 + i, { division: '440306', subjectId })),
      ),
    )
    const db = p().runtime.db.kysely
    const asRead = (await findPeer(db, peer.id))!
    const parts: store.NewDelivery[][] = []
    for await (const part of handingsInParts(p().ctx(), asRead, [0, START], 5000)) parts.push(deliveriesOf(part.handed))
    expect(parts.length).toBeGreaterThan(1)
    const kept = async () =>
      (
        await sql<{ events: number; cursor: string | null }>`
        select (select count(*)::int from exchange.delivery where peer_id = ${peer.id}) as events,
          (select cursor from exchange.cursor where peer_id = ${peer.id}) as cursor`.execute(db)
      ).rows[0]
    const at = p().clock.now()
    const keep = (who: store.Peer, rows: store.NewDelivery[]) =>
      inTx(p().ctx(), (tx) => store.saveDeliveries(tx, who, rows, { at, queued: false, cursor: null }))
    await keep(asRead, parts[0]!)
    await expect(keep({ ...asRead, version: asRead.version + 1 }, parts[1]!)).rejects.toThrow(store.PeerChanged)
    expect(await kept()).toEqual({ events: parts[0]!.length, cursor: null })

    const page = await caller.client(endpoints).feed({ limit: 5000 })
    expect(page.events.map((e) => e.id)).toEqual(parts.flat().map((d) => d.event_id))
    expect(page.events.every((e) => e.type === 'record.publish' && e.data.before === null)).toBe(true)
    expect(await kept()).toEqual({ events: 1201, cursor: page.next })
    const acts = await sql<{ details: unknown }>`
      select details from platform.audit where act = 'exchange.hand_over' and target_id = ${peer.id}`.execute(db)
    expect(acts.rows).toEqual([{ details: { events: 1201 } }])
  })

  it('hands over what came into the scope while the peer was suspended', async () => {
    const { peer, caller } = await pullPeer(p(), '440222')
    const [own, other] = [await giveRecord(p(), { division: '440222' }), await giveRecord(p(), { division: '440224' })]
    const first = await pull(caller)
    expect(told(first)).toEqual([['record.publish', own.recordId]])
    p().clock.advance({ days: 1 })
    const move = (state: 'suspended' | 'active', seen: number) =>
      setPeerState(p().ctx(), { id: peer.id, state, reason: '协议到期', seen })
    const { version } = await move('suspended', peer.version)
    const { state: _state, version: __, ...profile } = (await findPeer(p().runtime.db.kysely, peer.id))!
    const wider = await editPeer(p().ctx(), { ...profile, division: '440200', seen: version })
    const meanwhile = await pull(caller, first.next)
    expect(meanwhile.events).toEqual([])
    await move('active', wider.version)
    expect(told(await pull(caller, meanwhile.next))).toContainEqual(['record.publish', other.recordId])
  })

  it('tells a withdrawal that is told again with its own reason and its own last day', async () => {
    const { caller } = await pullPeer(p(), '440205')
    const record = await giveRecord(p(), { division: '440205' })
    const first = await pull(caller)
    await changeRecord(p(), record, 'repaired')
    const second = await pull(caller, first.next)
    const [withdrawal] = second.events.map((e) => e.data.withdrawal)
    expect(withdrawal).toMatchObject({ reason: 'repaired' })
    p().clock.advance({ days: 7 })
    await changeRecord(p(), record, 'corrected')
    const third = await pull(caller, second.next)
    expect(third.events.map((e) => [e.type, e.data.withdrawal])).toEqual([['record.withdraw', withdrawal]])
  })

  it('tells a holder that a record has left its territory', async () => {
    const { caller } = await pullPeer(p(), '440233')
    const moved = await giveRecord(p(), { division: '440233' })
    const first = await pull(caller)
    await caller.client(endpoints).acknowledge(applied(first))
    await inTx(p().ctx(), (tx) =>
      sql`update records.record set division = '440303' where subject_id = ${moved.subjectId} and id = ${moved.recordId}`.execute(
        tx,
      ),
    )
    await changeRecord(p(), moved, 'corrected')
    expect(told(await pull(caller, first.next))).toEqual([['record.withdraw', moved.recordId]])
  })
})
