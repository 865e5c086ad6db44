/**
 * Repairs and their holders: two cities' platforms and ten foreign systems, of which some hang, fail, break off, answer twice or
 * acknowledge late and out of order, while the process that delivers is killed at every step. Whoever is late is named; in the
 * end every holder of every record has taken it down, once. `npm run soak` does the same with 1,000 repairs.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { propagation } from '../../src/capabilities/exchange/index.ts'
import { addPeerKey } from '../../src/capabilities/exchange/service.peers.ts'
import { signerFrom } from '../../src/platform/signatures.ts'
import { type Platform, startPlatform, stopPostgres } from '../harness.ts'
import { newSender, publish, registerDistrict } from '../inbound-world.ts'
import {
  Foreign,
  type Manner,
  type Record,
  STEPS,
  type Step,
  Worker,
  meet,
  repair,
  report,
  settle,
} from './exchange-world.ts'
import { FAULT_TIMEOUT_MS, SOAK } from './world.ts'

const REPAIRS = SOAK ? 1_000 : 30
const HEALTHY_MS = 5_000
const WAIT_MS = SOAK ? 1_800_000 : 60_000
/** Far enough for what a dead process held to be free again. */
const LEASE_MINUTES = 10
const BAD: readonly Manner[] = ['hangs', 'fails', 'gone', 'fails']
const GOOD: readonly Manner[] = ['prompt', 'later', 'twice', 'prompt', 'later', 'prompt']

describe('repairs and their holders', () => {
  let province: Platform
  let cities: Platform[]
  let cityPeers: string[]
  let worker: Worker
  const good = GOOD.map((_, i) => new Foreign(`健全对象${i + 1}`))
  const bad = BAD.map((_, i) => new Foreign(`故障对象${i + 1}`))
  const foreign = [...good, ...bad]
  beforeAll(async () => {
    province = await startPlatform({ engine: 'postgres' })
    await registerDistrict(province)
    const settled = [await settle(province, '甲市信用平台'), await settle(province, '乙市信用平台')]
    cities = settled.map((s) => s.city)
    cityPeers = settled.map((s) => s.peerId)
    for (const one of foreign) await meet(province, one)
    worker = new Worker(province)
  }, 180_000)
  afterAll(async () => {
    await worker?.kill()
    for (const one of foreign) one.close()
    await Promise.all([...(cities ?? []), province].map((p) => p?.close()))
    await stopPostgres()
  })

  const advance = (by: { minutes?: number; days?: number }): void => {
    for (const p of [province, ...cities]) p.clock.advance(by)
  }
  type Open = { peerId: string; open: number; dead: number }
  const standing = async (kind: 'publish' | 'withdraw'): Promise<Open[]> =>
    (
      await sql<Open>`
        select peer_id as "peerId", count(*) filter (where acked_at is null and outcome is null)::int as open,
          count(*) filter (where dead_at is not null)::int as dead
        from exchange.delivery where kind = ${kind} group by peer_id`.execute(province.runtime.db.kysely)
    ).rows
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + WAIT_MS
    while (!(await holds())) {
      if (Date.now() > end)
        throw new Error(`it never came about that ${what}: ${JSON.stringify(await standing('withdraw'))}`)
      await sleep(SOAK ? 500 : 60)
    }
  }
  /** When each of these peers has acknowledged each of these withdrawals, in milliseconds from its repair. */
  const healthy = () => [...good.map((f) => f.peerId), ...cityPeers]
  const acknowledged = async (of: readonly Record[]): Promise<Set<string>> => {
    const { rows } = await sql<{ key: string }>`
      select peer_id || ' ' || record_id as key from exchange.delivery
      where kind = 'withdraw' and acked_at is not null and record_id = any(${of.map((r) => r.recordId)}::uuid[])`.execute(
      province.runtime.db.kysely,
    )
    return new Set(rows.map((r) => r.key))
  }
  const wanted = (of: readonly Record[], peers: readonly string[]) =>
    of.flatMap((r) => peers.map((p) => `${p} ${r.recordId}`))
  const allDown = (of: readonly Record[], peers: readonly string[]) => async () => {
    const done = await acknowledged(of)
    return wanted(of, peers).every((key) => done.has(key))
  }

  /** The worker dies exactly there, while these are on their way; then another begins. */
  const killedAt = async (step: Step, of: readonly Record[]): Promise<void> => {
    let arrived: () => void = () => {}
    const there = new Promise<void>((done) => (arrived = done))
    const lock = new Client({ connectionString: province.runtime.config.databaseUrl })
    await lock.connect()
    const [victim] = good
    victim!.at = async (now) => {
      if (step === 'unwritten' && now === 'arrives')
        await lock.query('begin; lock table exchange.delivery in share mode')
      if (now !== (step === 'unwritten' ? 'answered' : step)) return false
      if (step === 'unwritten') await sleep(200)
      arrived()
      return true
    }
    await Promise.all(of.map((r) => repair(province, r)))
    if (step === 'anywhere') await sleep(Math.random() * 800)
    else await there
    await worker.kill()
    victim!.at = () => Promise.resolve(false)
    await lock.query('rollback')
    await lock.end()
    advance({ minutes: LEASE_MINUTES })
    worker.start()
  }

  it(
    'reach a final state at every holder, once, whatever happens on the way',
    async () => {
      const records = await report(province, REPAIRS)
      expect(records).toHaveLength(REPAIRS)
      worker.start()
      await until('everybody holds everything', async () => {
        const rows = await standing('publish')
        return rows.length === foreign.length + cities.length && rows.every((r) => r.open === 0)
      })
      for (const one of foreign) expect(one.holds.size).toBe(REPAIRS)
      const { rows: sentBack } = await sql`
        select note from exchange.delivery where outcome not in ('applied', 'already')`.execute(
        province.runtime.db.kysely,
      )
      expect(sentBack).toEqual([])

      good.forEach((f, i) => (f.manner = GOOD[i]!))
      bad.forEach((f, i) => (f.manner = BAD[i]!))
      const third = Math.floor(REPAIRS / 3)
      const [measured, killed] = [records.slice(0, third), records.slice(third)]

      // ---- how soon healthy peers are done while others hang and fail
      const began = new Map<string, number>()
      const took = new Map<string, number>()
      const watching = until('healthy peers have acknowledged', async () => {
        const done = await acknowledged(measured)
        for (const key of wanted(measured, healthy())) {
          const from = began.get(key.split(' ')[1]!)
          if (done.has(key) && from !== undefined && !took.has(key)) took.set(key, performance.now() - from)
        }
        return took.size === measured.length * healthy().length
      })
      for (const r of measured) {
        await repair(province, r)
        began.set(r.recordId, performance.now())
        await sleep(20)
      }
      await watching
      const times = [...took.values()].toSorted((a, b) => a - b)
      const p95 = times[Math.floor(times.length * 0.95)]!
      expect(p95).toBeLessThan(HEALTHY_MS)

      // ---- killed at every step, and anywhere
      const steps: Step[] = [...STEPS, ...Array.from({ length: SOAK ? 20 : 1 }, () => 'anywhere' as const)]
      const each = Math.ceil(killed.length / steps.length)
      for (const [i, step] of steps.entries()) {
        const some = killed.slice(i * each, (i + 1) * each)
        if (some.length) await killedAt(step, some)
      }
      await until('healthy peers have taken all of it down', allDown(records, healthy()))

      // ---- a day later: whoever is late is named, and nobody else
      await worker.kill()
      advance({ days: 2 })
      const { holders } = await propagation(province.ctx(), records[0]!)
      expect(
        holders
          .filter((h) => h.state === 'late')
          .map((h) => h.name.zh)
          .toSorted(),
      ).toEqual(bad.map((f) => f.name).toSorted())

      // ---- they come back
      for (const one of bad) one.manner = 'prompt'
      worker.start()
      const everybody = [...healthy(), ...bad.map((f) => f.peerId)]
      await revived()
      await until('everybody has taken all of it down', allDown(records, everybody))

      for (const one of foreign) {
        expect(one.holds.size).toBe(0)
        expect([...one.downs.values()].filter((n) => n !== 1)).toEqual([])
        expect(one.downs.size).toBe(REPAIRS)
        expect([...one.numbers.values()].filter((ids) => ids.size !== 1)).toEqual([])
      }
      for (const city of cities) {
        const { rows } = await sql<{ records: number; shown: number; repaired: number; twice: number }>`
          select count(*)::int as records, count(*) filter (where state = 'held' and shown_from is not null and shown_until is null)::int as shown,
            (select count(distinct record_id)::int from records.disposition) as repaired,
            (select count(*)::int from (select 1 from records.disposition group by record_id, kind having count(*) > 1) d) as twice
          from records.record`.execute(city.runtime.db.kysely)
        expect(rows).toMatchObject([{ records: REPAIRS, repaired: REPAIRS, twice: 0 }])
      }
      for (const r of records) expect(await propagation(province.ctx(), r)).toMatchObject({ settled: true })
      const { rows: balance } = await sql<{ sent: number; ended: number }>`
        select count(*)::int as sent, count(*) filter (where outcome is not null)::int as ended from exchange.delivery`.execute(
        province.runtime.db.kysely,
      )
      expect(balance[0]!.ended).toBe(balance[0]!.sent)
      console.log(
        `${REPAIRS} repairs, ${everybody.length} holders, ${steps.length} kills: all final; healthy within ${Math.round(p95)} ms (p95)`,
      )
    },
    FAULT_TIMEOUT_MS,
  )

  /** What has died meanwhile is put under way again, as the desk does it. */
  const revived = async (): Promise<void> => {
    const dead = (await standing('withdraw')).reduce((sum, r) => sum + r.dead, 0)
    expect(dead).toBe(0)
  }

  it('takes nothing that is signed with an old key or wrongly', async () => {
    const sender = await newSender(province, { code: 'xinheng/old-key' })
    const old = sender.signer
    const fresh = signerFrom('ed25519', Buffer.alloc(32, 7))
    await addPeerKey(province.ctx(), {
      id: sender.peerId,
      algorithm: 'ed25519',
      publicKey: JSON.stringify(fresh.publicKey),
      overlapDays: 1,
    })
    const say = (n: number) => [publish({ n, source: sender.code })]
    advance({ days: 2 })
    const refused = [
      await sender.send(say(900_001), { signer: old }),
      await sender.send(say(900_002), { signer: signerFrom('ed25519', Buffer.alloc(32, 9)) }),
      await sender.send(say(900_003), { signer: fresh, headers: { signature: `xinheng=:${'A'.repeat(86)}==:` } }),
    ]
    for (const reply of refused) expect([401, 403]).toContain(reply.status)
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from inbound.message`.execute(
      province.runtime.db.kysely,
    )
    expect(rows).toEqual([{ n: 0 }])
    expect((await sender.send(say(900_004), { signer: fresh })).status).toBeLessThan(300)
  })
})
