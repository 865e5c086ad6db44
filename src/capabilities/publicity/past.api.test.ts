import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, openWorld, penalty, usccOf } from '../../../test/records-world.ts'
import { type Instant, day, instant } from '../../kernel/time.ts'
import type { Actor, Ctx } from '../../platform/context.ts'
import { buildServer } from '../../platform/http.ts'
import { inTx } from '../../platform/outbox.ts'
import { dispose, explain, listRecordsOfSubject, storeRecords } from '../records/index.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { api, errorPageOf } from './index.ts'
import { explainSubject, record, subject } from './service.ts'

const ANOTHER = '018f0000-0000-7000-8000-00000000000a'

describe.each(['pglite', 'postgres'] as const)('a past day on the public pages, on %s', (engine) => {
  let world: World
  let app: FastifyInstance
  let now: Instant = instant('2026-05-04T02:00:00Z')
  let ctx: Ctx
  let subjectId = ''
  let authorityId = ''
  const code = usccOf(77)
  const doc = { kept: '', repaired: '', corrected: '' }
  const ids = { kept: '', repaired: '', corrected: '' }
  const on = (at: string) => {
    now = instant(`${at}T02:00:00Z`)
  }
  const as = (over: Partial<Extract<Actor, { kind: 'person' }>> | null): Ctx => ({
    ...ctx,
    actor: over
      ? {
          kind: 'person',
          personId: '018f0000-0000-7000-8000-000000000001',
          sessionHash: 's',
          name: '某人',
          roles: [],
          authorityId: null,
          division: '440100',
          subjectIds: [],
          ...over,
        }
      : { kind: 'anonymous' },
  })
  const anyone = () => as(null)
  const subjectItself = () => as({ roles: ['enterprise'], subjectIds: [subjectId] })
  const html = async (who: Ctx, input: { on?: string; licences?: string; adverse?: string } = {}) =>
    (await subject(who, { code, ...input })).html
  const looks = async () =>
    (
      await sql<{ n: number }>`select count(*)::int as n from subjects.look where subject_id = ${subjectId}`.execute(
        ctx.db.kysely,
      )
    ).rows[0]?.n ?? 0

  beforeAll(async () => {
    world = await openWorld(engine)
    ctx = { ...world.ctx, clock: { now: () => now } }
    const [answer] = await inTx(ctx, (tx) =>
      resolveSubjects(tx, ctx, [{ kind: 'enterprise', name: '广州往日贸易有限公司', uscc: code, division: '440106' }]),
    )
    subjectId = answer?.ok ? answer.subjectId : ''
    const rows = [penalty(subjectId, 701), penalty(subjectId, 702), penalty(subjectId, 703)]
    authorityId = rows[0]?.authorityId ?? ''
    await inTx(ctx, (tx) => storeRecords(tx, ctx, rows))
    const held = await listRecordsOfSubject(ctx.db.kysely, subjectId)
    for (const [n, key] of (['kept', 'repaired', 'corrected'] as const).entries()) {
      doc[key] = rows[n]?.docNo ?? ''
      ids[key] = held.find((r) => r.docNo === doc[key])?.id ?? ''
    }
    on('2026-06-10')
    const fixed = penalty(subjectId, 703)
    await inTx(ctx, (tx) => storeRecords(tx, ctx, [{ ...fixed, fields: { ...fixed.fields, fine: '9' } }]))
    on('2026-09-01')
    await inTx(ctx, (tx) =>
      dispose(tx, ctx, {
        subjectId,
        recordId: ids.repaired,
        kind: 'repaired',
        channel: null,
        effectiveFrom: day('2026-09-01'),
        reason: '准予修复',
        basis: {},
      }),
    )
    on('2026-10-01')
    app = await buildServer(ctx, [api], { errorPage: errorPageOf(ctx), checkReplies: true })
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await world?.close()
  })

  it('gives anyone what was shown then and still is, as it has been corrected; the rest is not told', async () => {
    const page = await html(anyone(), { on: '2026-06-01' })
    expect(page).toContain('2026年6月1日终了时本平台的公示情况')
    expect(page).toContain(doc.kept)
    expect(page).not.toContain(doc.repaired)
    expect(page).toContain('此后有更正，列出更正后的内容')
    expect(page).toContain('9万元')
    // The same words on a day on which nothing is left out: nobody can tell from them that something was withdrawn.
    const withheld = (text: string) => /此后依法停止公示的信息不再向公众提供[^<]*/.exec(text)?.[0]
    expect(withheld(page)).toBe(withheld(await html(anyone(), { on: '2026-09-30' })))
    const gone = await record(anyone(), { code, record: ids.repaired, on: '2026-06-01' })
    expect(gone.status).toBe(404)
    expect(gone.html).not.toContain(doc.repaired)
  })

  it('gives the subject itself everything that was shown', async () => {
    const page = await html(subjectItself(), { on: '2026-06-01' })
    expect(page).toContain(doc.repaired)
    expect(page).toContain('此后已停止公示')
    expect(page).toContain('此后有更正')
    expect(page).toContain('6万元')
    expect(page).not.toContain('9万元')
    const one = await record(subjectItself(), { code, record: ids.repaired, on: '2026-08-31' })
    expect(one.html).toContain('2026年8月31日终了时')
    expect((await record(subjectItself(), { code, record: ids.repaired, on: '2026-09-01' })).status).toBe(404)
    expect(await html(subjectItself(), { on: '2026-05-03' })).toContain('当日没有公示失信信息')
    expect(await looks()).toBe(0)
  })

  it('gives an official what is in reach, and writes the look down', async () => {
    const office = await html(as({ roles: ['credit_office'], authorityId: ANOTHER }), { on: '2026-06-01' })
    expect(office).toContain(doc.repaired)
    expect(office).toContain('本次查看已经记录')
    expect(await looks()).toBe(1)
    expect(await html(as({ roles: ['officer'], authorityId }), { on: '2026-06-01' })).toContain(doc.repaired)
    const other = as({ roles: ['officer'], authorityId: ANOTHER })
    expect(await html(other, { on: '2026-06-01' })).not.toContain(doc.repaired)
    expect(await looks()).toBe(3)
  })

  it('says clearly what is no day and what has not come, and keeps no copy', async () => {
    const get = (path: string) => app.inject({ url: path, headers: { accept: 'text/html' } })
    for (const bad of ['2026-02-30', '昨天', '2026/06/01', '%00', '<script>']) {
      const reply = await get(`/s/${code}?lang=zh&on=${encodeURIComponent(bad)}`)
      expect([bad, reply.statusCode]).toEqual([bad, 400])
      expect(reply.body).not.toContain('<script>')
    }
    const future = await get(`/s/${code}?lang=en&on=2026-10-02`)
    expect(future.statusCode).toBe(422)
    expect(future.body).toContain('2 October 2026 has not come yet')
    expect((await get(`/r/${code}/${ids.kept}?on=2099-01-01`)).statusCode).toBe(422)
    const past = await get(`/s/${code}?lang=en&on=2026-06-01`)
    expect(past.headers['cache-control']).toBe('no-store')
    expect(past.body).toContain('at the end of 1 June 2026')
    // What goes on from here stays on that day.
    expect(past.body).toContain(`/r/${code}/${ids.kept}?lang=en&amp;on=2026-06-01`)
    const today = await get(`/s/${code}?lang=zh&on=2026-10-01`)
    expect(today.statusCode).toBe(200)
    expect(today.body).not.toContain('不是现在的公示情况')
    expect((await get(`/s/${code}?on=`)).statusCode).toBe(200)
    expect((await get('/s/91440106MA50009999?on=2026-06-01')).statusCode).toBe(404)
    expect((await get('/s/11010519491231002X?on=2026-06-01')).body).not.toContain('19491231')
  })

  it('explains a past day by what was known on it', async () => {
    const rows = await explain(ctx.db.kysely, ctx, ids.repaired, day('2026-08-31'))
    expect(rows[0]?.channels.find((c) => c.channel === 'credit_china')?.shown).toBe(true)
    const after = await explain(ctx.db.kysely, ctx, ids.repaired, day('2026-09-01'))
    expect(after[0]?.channels.find((c) => c.channel === 'credit_china')).toMatchObject({ shown: false })
    const before = await explain(ctx.db.kysely, ctx, ids.repaired, day('2026-05-03'))
    expect(before[0]?.channels[0]?.shown).toBe(false)
    expect(before[0]?.channels[0]?.sentences[0]?.zh).toContain('尚未收到')
    const told = await explainSubject(anyone(), { code, on: '2026-06-01' })
    expect(told.rows.map((r) => r.docNo).toSorted()).toEqual([doc.kept, doc.corrected].toSorted())
    const mine = await explainSubject(subjectItself(), { code, on: '2026-06-01' })
    expect(mine.rows.filter((r) => r.channels[0]?.shown).map((r) => r.docNo)).toContain(doc.repaired)
  })
})
