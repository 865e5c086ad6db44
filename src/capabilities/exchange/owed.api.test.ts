/** What peers hold, owe and are told: counts and debts as their deliveries say, whatever has happened, for the price of what is open. */
import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import {
  type Receiver,
  changeRecord,
  giveRecord,
  openReceiver,
  pushPeer,
  withTerms,
} from '../../../test/push-receiver.ts'
import { type Caller, type Platform, describeEngines } from '../../../test/harness.ts'
import { rowsRead } from '../../../test/statements.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'
import { announce, inTx, sequence } from '../../platform/outbox.ts'
import { address } from './address.ts'
import { deskEndpoints as desk } from './contract.desk.ts'
import { type FeedPage, endpoints } from './contract.ts'
import { pullPage } from './service.feed.ts'
import { readPage } from './sign.ts'
import { setServedUntil } from './standing.ts'
import { findPeer } from './store.ts'
import { followOwed } from './owed.ts'
import { pushDue } from './push.ts'
import { listPeers, peerRow } from './store.balance.ts'
import { openWithdrawals } from './store.owed.ts'
import { noteDeliveries } from './store.ways.ts'

const pull = (caller: Caller, after?: string): Promise<FeedPage> =>
  caller.client(endpoints).feed(after ? { after } : {})
const pullPeer = (p: Platform, division: string) => pushPeer(p, '', { way: 'pull', division, settings: {} })

/** The same numbers out of a seed, so that a history that fails can be had again. */
const seeded = (seed: number) => {
  let a = seed
  const next = (): number => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    below: (n: number): number => Math.floor(next() * n),
    of: <T>(all: readonly T[]): T | undefined => all[Math.floor(next() * all.length)],
  }
}

/** The balance as all deliveries of a peer say it. */
const counted = async (db: Reader, peerId: string) =>
  (
    await sql<{ sent: number; acknowledged: number; open: number; dead: number }>`
      select (count(*) filter (where outcome is distinct from 'not_needed'))::int as sent, count(acked_at)::int as acknowledged,
        (count(*) filter (where acked_at is null and outcome is null and dead_at is null))::int as open, count(dead_at)::int as dead
      from exchange.delivery where peer_id = ${peerId}`.execute(db)
  ).rows[0]

type Owed = { record: string; at: string; acked: string | null }
/** What is owed, from all withdrawals of the peer's channel. */
const owedByAll = async (db: Reader, peerId: string): Promise<Owed[]> =>
  (
    await sql<Owed>`
      select distinct w.record_id as record, w.at, a.acked_at as acked
      from exchange.peer p
      join platform.event w on w.kind = 'record.withdrawn' and p.channel = any(w.channels)
      cross join lateral (
        select min(x.acked_at) filter (where x.outcome is distinct from 'refused') as acked_at
        from exchange.delivery x join platform.event n on n.subject_id = x.subject_id and n.id = x.event_id
        where x.subject_id = w.subject_id and x.record_id = w.record_id and x.peer_id = p.id and x.kind = 'withdraw'
          and n.commit_n >= w.commit_n
      ) a
      where p.id = ${peerId} and exists (
        select 1 from exchange.delivery d join platform.event n on n.subject_id = d.subject_id and n.id = d.event_id
        where d.subject_id = w.subject_id and d.record_id = w.record_id and d.peer_id = p.id and d.kind in ('publish', 'update')
          and d.outcome is distinct from 'refused' and n.commit_n < w.commit_n and (d.delivered_at is not null or d.attempts > 0)
      ) and not exists (
        select 1 from platform.event b
        where b.record_id = w.record_id and b.kind = 'record.withdrawn' and p.channel = any(b.channels) and b.commit_n < w.commit_n
          and not exists (
            select 1 from platform.event r
            where r.record_id = w.record_id and r.kind = 'record.restored' and p.channel = any(r.channels)
              and r.commit_n > b.commit_n and r.commit_n < w.commit_n)
      ) and (a.acked_at is not null or not exists (
        select 1 from platform.event r
        where r.record_id = w.record_id and r.kind = 'record.restored' and p.channel = any(r.channels) and r.commit_n > w.commit_n
      ))
      order by 1, 2`.execute(db)
  ).rows
const owed = async (db: Reader, peerId: string): Promise<Owed[]> =>
  (
    await sql<Owed>`select record_id as record, announced_at as at, acked_at as acked from exchange.v_owed where peer_id = ${peerId}
      order by 1, 2`.execute(db)
  ).rows

describeEngines('what peers hold and owe', (p) => {
  const receivers: Receiver[] = []
  const receiver = async (): Promise<Receiver> => {
    const made = await openReceiver()
    receivers.push(made)
    return made
  }
  const push = (terms: Record<string, unknown> = {}) =>
    pushDue(withTerms(p().runtime, { timeoutSeconds: 1, firstRetrySeconds: 2, jitter: 0, ...terms }))
  afterAll(async () => {
    for (const r of receivers) await r.close()
  })

  for (const seed of [1, 2, 3])
    it(`is what their deliveries say after any history (${seed})`, async () => {
      const division = `44120${seed}`
      const to = await receiver()
      const [pulls, pushes] = [await pullPeer(p(), division), await pushPeer(p(), to.url, { division })]
      const db = p().runtime.db.kysely
      const chance = seeded(seed)
      const records: { subjectId: string; recordId: string; state: 'shown' | 'shielded' | 'repaired' }[] = []
      const pages: FeedPage[] = []
      const outcomes = ['applied', 'already', 'refused'] as const
      to.answers(({ events }) => {
        if (chance.next() < 0.3) return { status: chance.next() < 0.5 ? 503 : 422 }
        if (chance.next() < 0.2) return { status: 202 }
        const acknowledgements = events.map((e) => ({ eventId: e.id, outcome: chance.of(outcomes), note: '' }))
        return { status: 200, body: JSON.stringify({ acknowledgements }) }
      })
      const steps: Record<string, () => Promise<unknown>> = {
        give: async () => records.push({ ...(await giveRecord(p(), { division })), state: 'shown' }),
        change: async () => {
          const one = chance.of(records)
          if (!one || one.state === 'repaired') return
          const { subjectId, recordId } = one
          const next = one.state === 'shielded' ? 'restored' : chance.next() < 0.5 ? 'shielded' : 'repaired'
          await changeRecord(p(), { subjectId, recordId }, next)
          one.state = next === 'restored' ? 'shown' : next
        },
        pull: async () => pages.push(await pull(pulls.caller, chance.next() < 0.8 ? pages.at(-1)?.next : undefined)),
        // A cursor of its own, at the end of what there is: whatever it has not seen it still owes.
        skip: async () => {
          const { rows } = await sql<{ at: number }>`select max(position)::int as at from platform.commit`.execute(db)
          const mark = [rows[0]?.at ?? 0, 'ffffffff-ffff-ffff-ffff-ffffffffffff']
          if (mark[0]) await pull(pulls.caller, Buffer.from(JSON.stringify(mark)).toString('base64url'))
        },
        acknowledge: async () => {
          const events = chance.of(pages)?.events.filter(() => chance.next() < 0.6) ?? []
          const acknowledgements = events.map((e) => ({ eventId: e.id, outcome: chance.of(outcomes)! }))
          if (events.length) await pulls.caller.client(endpoints).acknowledge({ acknowledgements })
        },
        push: () => push({ attempts: 3, turnedAwayAttempts: 2 }),
        message: async () => {
          const about = chance.of(records)
          const ask = { peerId: chance.of([pulls, pushes])!.peer.id, type: 'case.passed_on', data: { no: '1' } }
          if (about) await inTx(p().ctx(), (tx) => address(tx, p().ctx(), { ...ask, subjectId: about.subjectId }))
        },
        replay: async () => (await p().as('credit_office')).client(desk).replayAll({ id: pushes.peer.id }),
        wait: async () => p().clock.advance({ minutes: 1 + chance.below(30) }),
        follow: () => followOwed(p().ctx()),
      }
      const names = Object.keys(steps)
      for (let n = 0; n < 70; n++) {
        const name = n < 4 ? 'give' : chance.of(names)!
        await steps[name]!()
        for (const { peer } of [pulls, pushes]) {
          const said = `${name}, the ${n}th step, ${peer.way}`
          const { sent, acknowledged, open, dead } = (await peerRow(db, peer.id))!
          expect({ sent, acknowledged, open, dead }, said).toEqual(await counted(db, peer.id))
          const all = await owedByAll(db, peer.id)
          expect(await owed(db, peer.id), said).toEqual(all)
          const late = (await openWithdrawals(db, peer)).toSorted()
          expect(late, said).toEqual(all.flatMap((o) => (o.acked === null ? [o.at] : [])).toSorted())
        }
      }
      expect((await counted(db, pulls.peer.id))!.acknowledged).toBeGreaterThan(0)
      // Whoever skips what it was to be told is not done with it.
      p().clock.advance({ days: 1 })
      await followOwed(p().ctx())
      expect(await owed(db, pulls.peer.id)).toEqual(await owedByAll(db, pulls.peer.id))
    })

  it('finds who was noted as handed a record only after its withdrawal had been read', async () => {
    const division = '441227'
    const { peer, caller } = await pullPeer(p(), division)
    const record = await giveRecord(p(), { division })
    await pull(caller)
    const db = p().runtime.db.kysely
    // As if the page were still under way while the withdrawal is read.
    const late = { ...record, peerId: '00000000-0000-0000-0000-000000000001' }
    const under = (from: string, to: string) =>
      sql`update exchange.delivery set peer_id = ${to} where peer_id = ${from} and record_id = ${late.recordId}`.execute(
        db,
      )
    await under(peer.id, late.peerId)
    await changeRecord(p(), record, 'repaired')
    await followOwed(p().ctx())
    await under(late.peerId, peer.id)
    p().clock.advance({ minutes: 15 })
    await followOwed(p().ctx())
    expect(await openWithdrawals(db, peer)).toHaveLength(1)
    expect(await owed(db, peer.id)).toEqual(await owedByAll(db, peer.id))
  })

  it('costs what is open, however much a peer has been handed and the others owe', async () => {
    const division = '441221'
    const [one, other] = [await pullPeer(p(), division), await pullPeer(p(), division)]
    const given = []
    for (let n = 0; n < 3; n++) given.push(await giveRecord(p(), { division }))
    const pages = [await pull(one.caller), await pull(other.caller)]
    const db = p().runtime.db.kysely
    // The other has held and taken down much, and this one has acknowledged much.
    await inTx(p().ctx(), async (tx) => {
      await sql`
        insert into exchange.delivery (subject_id, peer_id, event_id, record_id, kind, sent_at, delivered_at, acked_at, outcome)
        select gen_random_uuid(), w.peer, gen_random_uuid(), gen_random_uuid(), 'publish', a.at, a.at, a.at, 'applied'
        from generate_series(1, 6000), unnest(array[${one.peer.id}, ${other.peer.id}]::uuid[]) as w(peer),
          (select ${p().clock.now()}::timestamptz as at) a`.execute(tx)
      await sql`
        with n as (insert into platform.commit (at) select ${p().clock.now()}::timestamptz from generate_series(1, 3000) returning n),
        w as (
          insert into platform.event (subject_id, at, id, commit_n, kind, record_id, channels)
          select gen_random_uuid(), ${p().clock.now()}::timestamptz, gen_random_uuid(), n.n, 'record.withdrawn', gen_random_uuid(),
            '{credit_china}' from n returning subject_id, record_id, id, at
        )
        insert into exchange.delivery (subject_id, peer_id, event_id, record_id, kind, sent_at, delivered_at)
        select w.subject_id, ${other.peer.id}, k.id, w.record_id, k.kind, w.at, w.at
        from w cross join lateral (values ('publish', gen_random_uuid()), ('withdraw', w.id)) as k(kind, id)`.execute(
        tx,
      )
    })
    for (const g of given) await changeRecord(p(), g, 'repaired')
    const next = await pull(one.caller, pages[0]!.next)
    const [first] = next.events
    await one.caller.client(endpoints).acknowledge({ acknowledgements: [{ eventId: first!.id, outcome: 'applied' }] })
    p().clock.advance({ hours: 1 })
    await followOwed(p().ctx())
    for (const table of ['exchange.delivery', 'exchange.owed', 'platform.event', 'platform.commit'])
      await sql`analyze ${sql.table(table)}`.execute(db)
    expect(await openWithdrawals(db, one.peer)).toHaveLength(2)
    expect(await rowsRead(db, 'delivery', (d) => peerRow(d, one.peer.id))).toBeLessThan(100)
    expect(await rowsRead(db, 'delivery', (d) => openWithdrawals(d, one.peer))).toBeLessThan(100)
    expect(await rowsRead(db, 'event', (d) => openWithdrawals(d, one.peer))).toBeLessThan(100)
    expect((await listPeers(db, null, 200)).find((r) => r.id === one.peer.id)).toMatchObject({ open: 5 })
  })

  it('counts the last word about an event, and tells whoever takes in after all what became of it meanwhile', async () => {
    const division = '441223'
    const { peer, caller } = await pullPeer(p(), division)
    const record = await giveRecord(p(), { division })
    const first = await pull(caller)
    const eventId = first.events[0]!.id
    const say = (...outcomes: ('applied' | 'refused')[]) =>
      caller.client(endpoints).acknowledge({ acknowledgements: outcomes.map((outcome) => ({ eventId, outcome })) })
    for (let n = 0; n < 3; n++) expect(await say('applied', 'refused')).toMatchObject({ recorded: 1 })
    const outcome = async () =>
      (
        await sql<{
          outcome: string
        }>`select outcome from exchange.delivery where peer_id = ${peer.id} order by queue_n limit 1`.execute(
          p().runtime.db.kysely,
        )
      ).rows[0]!.outcome
    expect(await outcome()).toBe('refused')
    // It had nothing to take down when the record was withdrawn; now it has.
    await changeRecord(p(), record, 'repaired')
    const second = await pull(caller, first.next)
    expect(second.events).toEqual([])
    await say('applied')
    expect(await outcome()).toBe('applied')
    const third = await pull(caller, second.next)
    expect(third.events.map((e) => [e.type, e.subject])).toEqual([['record.withdraw', record.recordId]])
    expect(third.events[0]!.data).toMatchObject({ withdrawal: { reason: 'repaired' } })
    await say('applied')
    expect((await pull(caller, third.next)).events).toEqual([])
  })

  it('hands nothing new out once the service has ended, though the page was begun before', async () => {
    const division = '441224'
    const { peer } = await pullPeer(p(), division)
    const record = await giveRecord(p(), { division })
    const asRead = (await findPeer(p().runtime.db.kysely, peer.id))!
    const until = (day: LocalDate | null) =>
      inTx(p().ctx(), (tx) => setServedUntil(tx, p().ctx(), { peerId: peer.id, until: day }))
    await until(dayOf(p().clock.now()))
    expect(readPage(await pullPage(p().ctx(), asRead, { limit: 100 })).events).toEqual([])
    // Read while nothing new was given, and noted when it is given again: what was left out is not lost.
    const ended = (await findPeer(p().runtime.db.kysely, peer.id))!
    await until(null)
    const page = readPage(await pullPage(p().ctx(), ended, { limit: 100 }))
    expect(page.events.map((e) => [e.type, e.subject])).toContainEqual(['record.publish', record.recordId])
  })

  it('lets a peer fetch its feed whatever a person has given up before', async () => {
    const division = '441225'
    const to = await receiver()
    const { peer, caller } = await pushPeer(p(), to.url, { division })
    const { subjectId } = await giveRecord(p(), { division })
    await push()
    to.answers(() => ({ status: 422 }))
    const ask = { peerId: peer.id, subjectId, type: 'case.passed_on', data: { no: '1' } }
    await inTx(p().ctx(), (tx) => address(tx, p().ctx(), ask))
    await push({ attempts: 1, turnedAwayAttempts: 1 })
    const office = (await p().as('credit_office')).client(desk)
    const [dead] = (await office.deadLetters({ peer: peer.id, state: 'dead' })).rows
    const { eventId, attempts } = dead!
    await office.giveUp({ peerId: peer.id, subjectId, eventId, seen: attempts, reason: '对方系统停用' })
    await sql`update exchange.peer set way = 'pull', settings = '{}' where id = ${peer.id}`.execute(
      p().runtime.db.kysely,
    )
    expect((await pull(caller)).events.map((e) => e.type)).not.toContain('case.passed_on')
  })

  it('leaves alone what a peer acknowledges while a batch is put together', async () => {
    const division = '441226'
    const { peer, caller } = await pullPeer(p(), division)
    const { subjectId } = await giveRecord(p(), { division })
    const [event] = (await pull(caller)).events
    await caller.client(endpoints).acknowledge({ acknowledgements: [{ eventId: event!.id, outcome: 'applied' }] })
    const noted = [{ subjectId, eventId: event!.id, kind: 'not_needed' as const }]
    const ask = { peerId: peer.id, owner: crypto.randomUUID(), noted, batch: 1, eventIds: [] }
    await inTx(p().ctx(), (tx) => noteDeliveries(tx, ask))
    expect(await peerRow(p().runtime.db.kysely, peer.id)).toMatchObject({ sent: 1, acknowledged: 1, open: 0 })
  })

  it('tells whoever may go by a longer display that it is over, though the change never got through', async () => {
    const division = '441222'
    const to = await receiver()
    const { peer } = await pushPeer(p(), to.url, { division })
    const record = await giveRecord(p(), { division })
    await push()
    expect(to.pushed).toHaveLength(1)
    const shorter = async (until: string): Promise<void> => {
      await inTx(p().ctx(), async (tx) => {
        await sql`update records.record set shown_until = ${until}::date, windows = (
            select jsonb_agg(case when w->>'channel' = 'credit_china' then w || jsonb_build_object('until', ${until}::text) else w end)
            from jsonb_array_elements(windows) w)
          where id = ${record.recordId}`.execute(tx)
        const about = { item: 'penalty', division, version: 1, channels: ['credit_china'] }
        announce(tx, p().ctx(), { kind: 'record.updated', ...record, ...about })
      })
      await sequence(p().ctx())
    }
    const day = (days: number): string =>
      new Date(Date.parse(p().clock.now()) + days * 86_400_000).toISOString().slice(0, 10)
    await shorter(day(3))
    to.answers(() => ({ status: 500 }))
    const lasting = {
      attempts: 500,
      turnedAwayAttempts: 500,
      deadAfterHours: 9999,
      longestRetrySeconds: 60,
      longestRestSeconds: 60,
    }
    for (let n = 0; n < 3; n++) {
      await push(lasting)
      p().clock.advance({ days: 1 })
    }
    p().clock.advance({ days: 1 })
    to.answers(() => 'acknowledge')
    const before = to.pushed.length
    for (let n = 0; n < 3; n++) {
      await push(lasting)
      p().clock.advance({ minutes: 5 })
    }
    const after = to.pushed.slice(before).flatMap((r) => r.events)
    expect(after.map((e) => [e.type, e.subject])).toEqual([['record.withdraw', record.recordId]])
    expect(after[0]!.data).toMatchObject({ withdrawal: { reason: 'expiry' }, after: null })
    // Not under the number under which it may have been told otherwise.
    expect(to.pushed.slice(0, before).flatMap((r) => r.events.map((e) => e.id))).not.toContain(after[0]!.id)
    const { rows } = await sql<{ kind: string; outcome: string | null }>`
      select kind, outcome from exchange.delivery where peer_id = ${peer.id} order by queue_n`.execute(
      p().runtime.db.kysely,
    )
    expect(rows).toEqual([
      { kind: 'publish', outcome: 'applied' },
      { kind: 'update', outcome: 'not_needed' },
      { kind: 'withdraw', outcome: 'applied' },
    ])
    await push(lasting)
    expect(to.pushed.slice(before).flatMap((r) => r.events)).toHaveLength(1)
  })
})
