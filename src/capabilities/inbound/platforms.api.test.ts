/** Two running platforms, each with its own database, each pushing into the other's inbox over HTTP. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSender, publish, registerDistrict, takeDown } from '../../../test/inbound-world.ts'
import { type Platform, codeFrom, startPlatform, stopPostgres } from '../../../test/harness.ts'
import { DISTRICT, type PenaltyRow, penalty, usccOf } from '../../../test/penalty-rows.ts'
import { dayOf } from '../../kernel/time.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { inTx } from '../../platform/outbox.ts'
import { createAuthority, createKey, findAuthority } from '../access/index.ts'
import { enterRows } from '../collection/index.ts'
import { createPeer, propagation, signerOf } from '../exchange/index.ts'
import { pushDue } from '../exchange/push.ts'
import { addPeerKey } from '../exchange/service.peers.ts'
import { catalogItemOn, dispose, listRecordsOfSubject, shownOn } from '../records/index.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import { jobs } from './jobs.ts'

/** Headings of a file as the catalog labels the fields. */
const labelled = (row: PenaltyRow) =>
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k.replace('(', '（').replace(')', '）'), v]))
const SOURCE = 'xinheng/440100'
/** `at` knows `other`: where it is, with which key it signs, and what it may call us with. */
const introduce = async (
  at: Platform,
  other: Platform,
  kind: 'upper_platform' | 'lower_platform',
  division: string,
) => {
  const peer = await createPeer(at.ctx(), {
    name: kind === 'upper_platform' ? '上级信用平台' : '下级信用平台',
    kind,
    division,
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '',
    code: SOURCE,
    way: 'push',
    direction: 'both',
    settings: {
      url: `${other.url}/api/v1/exchange/inbox`,
      ackUrl: `${other.url}/api/v1/exchange/acknowledgements`,
    },
  })
  const { publicKey } = await signerOf(other.ctx(), 'ed25519')
  await addPeerKey(at.ctx(), {
    id: peer.id,
    algorithm: 'ed25519',
    publicKey: JSON.stringify(publicKey),
    overlapDays: 7,
  })
  const { secret } = await createKey(at.ctx(), { name: 'peer', peerId: peer.id, scopes: ['feed'] })
  return { id: peer.id, token: secret }
}
/** With what `at` signs in at the other. */
const remember = (at: Platform, peerId: string, token: string) =>
  inTx(at.ctx(), (tx) =>
    sql`update exchange.peer set secret = ${at.runtime.secrets.seal(JSON.stringify({ token }))} where id = ${peerId}`.execute(
      tx,
    ),
  )

describe('two platforms', () => {
  let upper: Platform
  let lower: Platform
  let lowerAtUpper: string
  let upperAtLower: string
  beforeAll(async () => {
    ;[upper, lower] = await Promise.all([startPlatform({ engine: 'postgres' }), startPlatform({ engine: 'pglite' })])
    for (const p of [upper, lower]) await registerDistrict(p)
    const down = await introduce(upper, lower, 'lower_platform', '440103')
    const up = await introduce(lower, upper, 'upper_platform', '440100')
    await remember(upper, down.id, up.token)
    await remember(lower, up.id, down.token)
    ;[lowerAtUpper, upperAtLower] = [down.id, up.id]
  })
  afterAll(async () => {
    await Promise.all([upper.close(), lower.close()])
    await stopPostgres()
  })

  const report = async (at: Platform, n: number, change: PenaltyRow = {}) => {
    const item = catalogItemOn(at.runtime.policy.catalog, 'penalty', dayOf(at.clock.now()))!
    const authority = (await findAuthority(at.runtime.db.kysely, { id: at.world.authorities.creditOffice }))!
    const done = await enterRows(at.ctx(), {
      item,
      authority,
      wayIn: 'api',
      records: [labelled(penalty(n, { 处罚决定日期: '2026-11-02', ...change }))],
      backfill: false,
    })
    expect(done.rows.map((r) => r.verdict)).toEqual(['accepted'])
  }
  const recordAt = async (at: Platform, n: number) => {
    const subject = await findSubjectByCode(at.runtime.db.kysely, usccOf(n))
    const records = subject ? await listRecordsOfSubject(at.runtime.db.kysely, subject.id) : []
    expect(records.length).toBeLessThan(2)
    return records[0]
  }
  const shownAt = async (at: Platform, n: number): Promise<boolean> => {
    const record = await recordAt(at, n)
    return record !== undefined && shownOn(record, 'credit_china', dayOf(at.clock.now()))
  }
  const repair = (at: Platform, n: number) => change(at, n, 'repaired')
  const change = async (at: Platform, n: number, kind: DispositionKind) => {
    const record = (await recordAt(at, n))!
    const today = dayOf(at.clock.now())
    await inTx(at.ctx(), (tx) =>
      dispose(tx, at.ctx(), {
        subjectId: record.subjectId,
        recordId: record.id,
        kind,
        channel: null,
        effectiveFrom: today,
        reason: '依法办理',
        basis: { rule: 'test' },
      }),
    )
  }
  /** Everything that is on its way arrives, whichever way. */
  const flow = async () => {
    for (let n = 0; n < 2; n++) for (const p of [upper, lower]) await pushDue(p.runtime)
  }
  const received = async (at: Platform): Promise<string[]> =>
    (
      await sql<{ type: string }>`select type from inbound.message order by received_at, n`.execute(
        at.runtime.db.kysely,
      )
    ).rows.map((r) => r.type)
  const holder = async (at: Platform, n: number, peerId: string) => {
    const record = (await recordAt(at, n))!
    const table = await propagation(at.ctx(), { subjectId: record.subjectId, recordId: record.id })
    return table.holders.find((h) => h.peerId === peerId)
  }

  it('pass records up and down, and never back to where they came from', async () => {
    await report(lower, 41)
    await flow()
    expect(await shownAt(upper, 41)).toBe(true)
    await report(upper, 42)
    await flow()
    expect(await shownAt(lower, 42)).toBe(true)
    expect(await received(upper)).toEqual(['record.publish'])
    expect(await received(lower)).toEqual(['record.publish'])
    expect(await holder(lower, 41, upperAtLower)).toMatchObject({ state: 'holding' })
    // Whoever gave a record holds it.
    expect(await holder(lower, 42, upperAtLower)).toMatchObject({ state: 'holding' })
  })

  it('take down below what was repaired above, and above what was repaired below, and acknowledge it', async () => {
    // Its own record, which the other was given.
    await repair(lower, 41)
    await flow()
    expect(await shownAt(upper, 41)).toBe(false)
    expect(await holder(lower, 41, upperAtLower)).toMatchObject({ state: 'acknowledged' })
    // A record of the upper platform, repaired at the lower one.
    await repair(lower, 42)
    await flow()
    expect(await shownAt(upper, 42)).toBe(false)
    expect((await recordAt(upper, 42))!.windows.map((w) => w.end?.by)).toContain('repaired')
    expect(await holder(lower, 42, upperAtLower)).toMatchObject({ state: 'acknowledged' })
    expect(await holder(upper, 42, lowerAtUpper)).toMatchObject({ state: 'acknowledged' })
    expect(await received(lower)).toEqual(['record.publish'])
  })

  it('shield and restore on both what one of them shields and restores, whosever record it is', async () => {
    const ends = async (at: Platform, n: number) =>
      (await recordAt(at, n))!.windows.filter((w) => w.channel === 'credit_china').map((w) => w.end?.by ?? null)
    await report(upper, 46)
    await report(upper, 47)
    await flow()
    for (const [here, there, n] of [
      [upper, lower, 46],
      [lower, upper, 47],
    ] as const) {
      await change(here, n, 'shielded')
      await flow()
      expect([await shownAt(there, n), await ends(there, n)]).toEqual([false, ['shielded']])
      const peer = here === upper ? lowerAtUpper : upperAtLower
      expect(await holder(here, n, peer)).toMatchObject({ state: 'acknowledged' })
      await change(here, n, 'restored')
      await flow()
      expect([await shownAt(there, n), await ends(there, n)]).toEqual([true, [null]])
    }
    // The plan was carried out: what was shielded is repaired, and nothing shows it again.
    await change(upper, 46, 'shielded')
    await flow()
    await change(upper, 46, 'repaired')
    await flow()
    expect(await ends(lower, 46)).toEqual(['repaired'])
  })

  it('acknowledge later what has to wait', async () => {
    const water = '广州市荔湾区水务局'
    const register = (at: Platform) =>
      createAuthority(at.ctx(), {
        code: codeFrom('11440103MB2C00031'),
        name: water,
        division: '440103',
        system: 'general',
        duties: ['penalty'],
      })
    await register(lower)
    await report(lower, 43, { 处罚机关: water, 处罚机关统一社会信用代码: codeFrom('11440103MB2C00031') })
    await flow()
    expect(await recordAt(upper, 43)).toBeUndefined()
    const told = async () =>
      (
        await sql<{ outcome: string | null }>`select d.outcome from exchange.delivery d
          where d.peer_id = ${upperAtLower} and d.record_id = ${(await recordAt(lower, 43))!.id}`.execute(
          lower.runtime.db.kysely,
        )
      ).rows.map((r) => r.outcome)
    expect(await told()).toEqual([null])
    await register(upper)
    for (const job of jobs) await job.run(upper.ctx())
    expect(await shownAt(upper, 43)).toBe(true)
    expect(await told()).toEqual(['applied'])
  })

  it('pass on what comes from above to where it belongs, and take it down there too', async () => {
    const province = await newSender(upper, { division: '440000', code: 'xinheng/province' })
    const say = { n: 45, source: 'xinheng/province' }
    await province.push([publish(say)])
    await flow()
    expect(await shownAt(lower, 45)).toBe(true)
    // Whoever it came from is not handed it again.
    const page = await province.caller.send('GET', '/api/v1/exchange/feed?limit=1000')
    expect(await page.text()).not.toContain(usccOf(45))
    await province.push([takeDown({ ...say, at: upper.clock.now() }, 'annulled')])
    await flow()
    expect(await shownAt(lower, 45)).toBe(false)
    expect(await recordAt(lower, 45)).toMatchObject({ state: 'annulled' })
    expect(await holder(upper, 45, lowerAtUpper)).toMatchObject({ state: 'acknowledged' })
  })

  it('end a loop over a third: what comes round changes nothing and goes no further', async () => {
    await report(upper, 44)
    await flow()
    const third = await newSender(upper, { kind: 'upper_platform', division: '440000', code: 'xinheng/440000' })
    const events = async () =>
      (await sql<{ n: number }>`select count(*)::int as n from platform.event`.execute(upper.runtime.db.kysely))
        .rows[0]!.n
    const before = await events()
    const round = publish({
      n: 44,
      source: 'xinheng/440000',
      at: upper.clock.now(),
      about: { authority: DISTRICT, decidedOn: '2026-11-02' },
      fields: { content: '另一种说法' },
    })
    expect((await third.push([round])).acknowledgements).toMatchObject([{ outcome: 'already' }])
    expect(await events()).toBe(before)
  })
})
