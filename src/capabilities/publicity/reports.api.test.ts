import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, openWorld, penalty, usccOf } from '../../../test/records-world.ts'
import { day } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { buildServer } from '../../platform/http.ts'
import { inTx } from '../../platform/outbox.ts'
import { dispose, listRecordsOfSubject, storeRecords } from '../records/index.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { api, errorPageOf } from './index.ts'

describe.each(['pglite', 'postgres'] as const)('“this is not us” without signing in, on %s', (engine) => {
  let world: World
  let app: FastifyInstance
  let ctx: Ctx
  let subjectId = ''
  let recordId = ''
  const code = usccOf(88)
  const send = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
      payload: new URLSearchParams({ lang: 'zh', ...fields }).toString(),
    })
  const values = (html: string) => [...html.matchAll(/<dd>([^<]*)<\/dd>/g)].map((m) => m[1] ?? '')
  const form = () => `/r/${code}/${recordId}/not-us`

  beforeAll(async () => {
    world = await openWorld(engine)
    ctx = world.ctx
    const [answer] = await inTx(ctx, (tx) =>
      resolveSubjects(tx, ctx, [{ kind: 'enterprise', name: '广州误认贸易有限公司', uscc: code, division: '440106' }]),
    )
    subjectId = answer?.ok ? answer.subjectId : ''
    await inTx(ctx, (tx) => storeRecords(tx, ctx, [penalty(subjectId, 801)]))
    recordId = (await listRecordsOfSubject(ctx.db.kysely, subjectId))[0]?.id ?? ''
    app = await buildServer(ctx, [api], { errorPage: errorPageOf(ctx), checkReplies: true })
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await world?.close()
  })

  it('gives back what was typed with what is wrong, and takes what is right', async () => {
    const page = await app.inject({ url: `${form()}?lang=en`, headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.body).toContain('This is not us')
    const wrong = await send(form(), { text: '不', contact: '12', contactName: '<b>甲</b>' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('情况说明应当为4至2000个字')
    expect(wrong.body).toContain('应当为5至100个字符')
    expect(wrong.body).toContain('value="&lt;b&gt;甲&lt;/b&gt;"')
    expect((await send(form(), {})).statusCode).toBe(422)
    const done = await send(form(), { text: '这不是我们公司的决定。', contact: '13800000000', contactName: '甲' })
    expect(done.statusCode).toBe(201)
    const [no, token] = values(done.body)
    const status = await send('/objections/reports', { no: no ?? '', token: token ?? '' })
    expect(status.statusCode).toBe(200)
    expect(status.body).toContain('待处理')
    // What was said and how to reach whoever said it is nobody's to read on this page.
    expect(status.body).not.toContain('13800000000')
    expect((await send('/objections/reports', { no: no ?? '', token: 'x'.repeat(20) })).statusCode).toBe(404)
    expect((await send('/objections/reports', { no: 'x'.repeat(900), token: 'y' })).statusCode).toBe(404)
    expect((await send('/objections/reports', {})).statusCode).toBe(422)
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from subjects.look where subject_id = ${subjectId}`.execute(ctx.db.kysely)
    expect(rows[0]?.n).toBe(0)
  })

  it('is one report, however often the same form is sent', async () => {
    const page = await app.inject({ url: form(), headers: { accept: 'text/html' } })
    const name = /name="form" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const sendIt = (text: string) => send(form(), { text, contact: '13800000001', form: name })
    const twice = await Promise.all([sendIt('决定书上不是我们的代码。'), sendIt('决定书上不是我们的代码。')])
    expect(twice.map((r) => r.statusCode)).toEqual([201, 201])
    expect(values(twice[0].body)).toEqual(values(twice[1].body))
    expect(values((await sendIt('决定书上不是我们的代码。')).body)).toEqual(values(twice[0].body))
    // What is said differently is another one.
    expect(values((await sendIt('处罚金额也不对。')).body)[0]).not.toBe(values(twice[0].body)[0])
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from objections.report where subject_id = ${subjectId} and text like '决定书上%'`.execute(
      ctx.db.kysely,
    )
    expect(rows[0]?.n).toBe(1)
  })

  it('is not taken from another site, and says so when there are too many', async () => {
    const foreign = await send(
      form(),
      { text: '这不是我们。', contact: '13800000000' },
      { origin: 'https://elsewhere.example' },
    )
    expect(foreign.statusCode).toBe(403)
    let last = 0
    for (let n = 0; n < 60 && last !== 429; n++)
      last = (await send(form(), { text: `这不是我们，第${n}次。`, contact: '13800000000' })).statusCode
    expect(last).toBe(429)
  })

  it('has no form for what is not shown', async () => {
    expect((await send(`/r/${code}/1/not-us`, {})).statusCode).toBe(404)
    expect((await app.inject({ url: `/r/${usccOf(99)}/${recordId}/not-us` })).statusCode).toBe(404)
    await inTx(ctx, (tx) =>
      dispose(tx, ctx, {
        subjectId,
        recordId,
        kind: 'repaired',
        channel: null,
        effectiveFrom: day('2026-05-04'),
        reason: '准予修复',
        basis: {},
      }),
    )
    expect((await app.inject({ url: form() })).statusCode).toBe(404)
    expect((await send(form(), { text: '这不是我们公司的决定。', contact: '13800000000' })).statusCode).toBe(404)
  })
})
