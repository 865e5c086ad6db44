import { createHash, createPublicKey, verify } from 'node:crypto'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { newRecord, newSubject } from '../../../test/repair-world.ts'
import { change, give, today as on } from '../../../test/results-world.ts'
import { watched } from '../../../test/statements.ts'
import { type LocalDate, addDays, day } from '../../kernel/time.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { createPeer } from '../exchange/index.ts'
import { endpoints as exchangeEndpoints } from '../exchange/contract.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { correctRecord, holdRecord } from '../records/index.ts'
import { endpoints } from './contract.ts'
import { chaseLate, closeDays, lookAtPages } from './index.ts'
import { catchUp } from './follow.ts'
import { chasePortals } from './service.takedowns.ts'

/** The next morning, with the day before closed. */
const nextDay = async (p: Platform): Promise<LocalDate> => {
  const day = on(p)
  p.clock.set(`${addDays(day, 1)}T02:00:00Z`)
  await closeDays(p.ctx())
  return day
}
const bytesOf = async (p: Platform, day: string, format: 'csv' | 'xlsx' | 'json_lines') => {
  const caller = await p.as('officer')
  const reply = await caller.client(endpoints).downloadSet({ day, format })
  return Buffer.from(await reply.body.arrayBuffer())
}
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describeEngines('results', (p) => {
  let site: Server
  let base = ''
  let page: { status?: number; type?: string; body: Buffer | string } = { body: '' }
  beforeAll(async () => {
    site = createServer((_, reply) => {
      reply.writeHead(page.status ?? 200, { 'content-type': page.type ?? 'text/html; charset=utf-8' })
      reply.end(page.body)
    })
    await new Promise<void>((then) => site.listen(0, '127.0.0.1', then))
    base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  })
  afterAll(() => {
    site.closeAllConnections()
    site.close()
  })
  const LONG = '行政处罚信息公示栏，由市场监督管理局维护，更新于二〇二六年十一月。'
  const own = async () => (await p().as('officer')).client(endpoints)
  const office = async () => (await p().as('credit_office')).client(endpoints)
  const openOnes = async () => (await (await own()).listTakedowns({ view: 'open' })).rows

  it('stands in the catalog with its fields, its basis and with whom it is shared', async () => {
    const set = await (await own()).resultDataSet({})
    expect(set).toMatchObject({ sharing: 'conditional', article: '二（五）', takedown: { workdays: 3 } })
    expect(set.fields.map((f) => f.code)).toContain('XF_WSH')
  })

  it('closes each day with count, digests and signature; empty days say so; amendments stand in a later day', async () => {
    const [one, two] = [await give(p()), await give(p())]
    await change(p(), one, 'repaired')
    await change(p(), two, 'repaired')
    const first = await nextDay(p())
    const set = await (await own()).getSet({ day: first })
    expect(set).toMatchObject({ lines: 2, amendments: 0, takedown: { asked: 2, done: 0, open: 2, late: 0 } })
    const manifest = JSON.parse(set.manifest) as { lines: number; files: { format: string; sha256: string }[] }
    for (const f of set.files) expect(sha(await bytesOf(p(), first, f.format)), f.format).toBe(f.sha256)
    expect(manifest.files).toEqual(set.files)
    expect(set.hash).toBe(set.files.find((f) => f.format === 'json_lines')?.sha256)
    const { keys } = await p().anonymous().client(exchangeEndpoints).feedKeys({})
    const key = createPublicKey({ key: keys.find((k) => k.kid === set.signature.keyId)!, format: 'jwk' })
    const signed = (text: string) => verify(null, Buffer.from(text), key, Buffer.from(set.signature.value, 'base64url'))
    expect(signed(set.manifest)).toBe(true)
    expect(signed(set.manifest.replace('"lines":2', '"lines":1'))).toBe(false)
    const text = (await bytesOf(p(), first, 'csv')).toString('utf8')
    expect(text).toContain(one.docNo)
    expect(text.split('\r\n')[0]).toContain('统一社会信用代码')
    const line = JSON.parse((await bytesOf(p(), first, 'json_lines')).toString('utf8').split('\n')[0]!) as object
    expect(line).toMatchObject({ XF_JGLX: '修复', XF_ZTMC: one.subject.name, XF_TYDM: one.subject.code })

    const empty = await nextDay(p())
    const none = await (await office()).getSet({ day: empty })
    expect(none.lines).toBe(0)
    expect(none.manifest).toContain('当日没有修复结果')

    // The record is corrected, and the other repair is reversed: the closed day stays, the new day says it.
    await inTx(p().ctx(), async (tx) => {
      const held = await holdRecord(tx, one.subject.subjectId, one.recordId)
      const facts = { ...held.record.facts, decidedOn: day('2026-05-08') }
      const why = { reason: '日期更正', basis: { rule: 'test' }, caseId: newId() }
      await correctRecord(tx, p().ctx(), held, {
        docNo: one.docNo,
        decidedOn: facts.decidedOn,
        fields: {},
        facts,
        ...why,
      })
    })
    await change(p(), two, 'revoked')
    const third = await nextDay(p())
    const lines = (await (await own()).listResults({ day: third })).rows
    expect(lines.map((l) => l.kind)).toEqual(['corrected', 'reversed'])
    expect(lines[0]?.values).toMatchObject({ XF_WSH: one.docNo, XF_JDRQ: '2026-05-08' })
    expect(lines.find((l) => l.kind === 'reversed')?.values).toMatchObject({ XF_WSH: two.docNo })
    expect(lines.find((l) => l.kind === 'reversed')?.values.XF_GZBH).toMatch(/^440100-\d{8}-0000[12]$/)
    const again = await (await office()).getSet({ day: first })
    expect(again.manifest).toBe(set.manifest)
    expect(
      (await (await office()).listTakedowns({ view: 'all', day: first })).rows.map((t) => t.state).toSorted(),
    ).toEqual(['open', 'void'])
    const list = await (await own()).listSets({ limit: 2 })
    expect(list.rows.map((s) => s.day)).toEqual([third, empty])
    expect((await (await own()).listSets({ limit: 2, after: list.next! })).rows.map((s) => s.day)).toEqual([first])
  })

  it('comes out the same when it is computed again, and says when it does not', async () => {
    const day = (await (await own()).listSets({})).rows.findLast((s) => s.lines > 0)!.day
    expect(await (await office()).proveSet({ day })).toMatchObject({ same: true, traced: true, lines: 2 })
    const db = p().ctx().db.kysely
    await sql`update results.entry set line = jsonb_set(line, '{doc_no}', '"改"') where on_day = ${day} and position = (select min(position) from results.entry where on_day = ${day})`.execute(
      db,
    )
    const proof = await (await office()).proveSet({ day })
    expect(proof).toMatchObject({ same: false, traced: true })
    await expect(sql`update results.day_set set lines = 9 where on_day = ${day}`.execute(db)).rejects.toThrow()
    expect(await problemOf((await own()).getSet({ day: '2030-01-01' }))).toMatchObject({
      status: 404,
      code: 'NO_SUCH_SET',
    })
  })

  it('holds no natural person', async () => {
    const subject = await newSubject(p(), 'natural_person')
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty', subjectKind: 'natural_person' })
    await change(p(), { subjectId: subject.subjectId, recordId }, 'repaired')
    const day = await nextDay(p())
    expect((await (await own()).getSet({ day })).lines).toBe(0)
  })

  it('asks the authority, takes its word with an address, and looks by itself', async () => {
    const portal = await createPeer(p().ctx(), {
      name: '市场监督管理局门户网站',
      kind: 'authority_portal',
      division: '440100',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: { zh: '第二十三条', en: 'art. 23' },
      contact: '',
    })
    const key = await p().withKey({ scopes: ['feed'], peerId: portal.id })
    const one = await give(p())
    await key.client(exchangeEndpoints).feed({})
    await change(p(), one, 'repaired')
    await key.client(exchangeEndpoints).feed({})
    await nextDay(p())
    const market = p().world.authorities.market
    const seen = async () => (await (await office()).listStandings({})).rows.find((r) => r.authority.id === market)!
    const site = { authority: market, page: `${base}/list`, peerId: portal.id }
    await (await office()).saveSite({ ...site, seen: (await seen()).siteVersion })
    expect(await problemOf((await office()).saveSite({ ...site, seen: 7 }))).toMatchObject({ code: 'STALE' })
    expect(await problemOf((await office()).saveSite({ ...site, peerId: market, seen: 1 }))).toMatchObject({
      code: 'NO_SUCH_PORTAL',
    })
    const collector = (await p().as('collector')).client(endpoints)
    expect(await problemOf(collector.saveSite({ ...site, seen: 1 }))).toMatchObject({
      status: 403,
      code: 'NOT_YOUR_AUTHORITY',
    })

    const [task] = (await openOnes()).filter((t) => t.recordId === one.recordId)
    expect(task).toMatchObject({ docNo: one.docNo, state: 'open', actions: ['confirm', 'declare'] })
    const at = { subjectId: task!.subjectId, id: task!.id, seen: task!.version }
    expect((await collector.listTakedowns({ view: 'all' })).rows).toEqual([])
    expect(await problemOf(collector.confirmTakedowns({ takedowns: [at], page: base }))).toMatchObject({
      code: 'NO_SUCH_TAKEDOWN',
    })
    const mine = await own()
    expect(await problemOf(mine.confirmTakedowns({ takedowns: [at] }))).toMatchObject({ code: 'PAGE_NEEDED' })
    for (const wrong of ['ftp://a.gov.cn', 'javascript:alert(1)', 'http://u:p@a.gov.cn/'])
      expect(await problemOf(mine.confirmTakedowns({ takedowns: [at], page: wrong }))).toMatchObject({
        code: 'PAGE_ADDRESS_WRONG',
      })
    for (const inside of ['http://169.254.169.254/', 'http://10.0.0.1/x', 'http://[::ffff:192.168.0.1]/'])
      expect(await problemOf(mine.confirmTakedowns({ takedowns: [at], page: inside }))).toMatchObject({
        code: 'PAGE_ADDRESS_NOT_ALLOWED',
      })
    expect(await problemOf(mine.lookNow({ subject: at.subjectId, id: at.id }))).toMatchObject({ code: 'NO_SUCH_MOVE' })

    // It says so, and it is not so.
    page = {
      type: 'text/html',
      body: iconv.encode(`<meta charset="gb2312"><td>${one.docNo}</td><td>${one.subject.name}</td>${LONG}`, 'gb18030'),
    }
    expect(await mine.confirmTakedowns({ takedowns: [at], page: `${base}/list` })).toEqual({ confirmed: 1 })
    expect(await problemOf(mine.confirmTakedowns({ takedowns: [at], page: base }))).toMatchObject({
      status: 409,
      code: 'STALE',
    })
    await lookAtPages(p().ctx())
    const returned = await mine.getTakedown({ subject: at.subjectId, id: at.id })
    expect(returned).toMatchObject({ state: 'returned', outcome: 'still_there', actions: ['confirm'] })
    expect(returned.looks[0]).toMatchObject({
      status: 200,
      reason: 'both_found',
      hash: sha(page.body as Buffer),
      byPerson: false,
    })
    const head = await (await p().as('head')).client(messages).listInbox({})
    expect(head.rows.map((m) => m.kind)).toContain('result_still_shown')

    // Now it is.
    page = { body: `<p>${LONG}</p>` }
    await mine.confirmTakedowns({ takedowns: [{ ...at, seen: returned.version, page: `${base}/list` }] })
    expect(await mine.lookNow({ subject: at.subjectId, id: at.id })).toMatchObject({
      state: 'verified',
      outcome: 'gone',
    })
    const { rows } = await sql<{ verified: string | null }>`select verified_at as verified from exchange.delivery
      where peer_id = ${portal.id} and record_id = ${one.recordId} and kind = 'withdraw'`.execute(p().ctx().db.kysely)
    expect(rows.map((r) => r.verified !== null)).toEqual([true])
  })

  it('says what it cannot tell, and leaves that to a person', async () => {
    const one = await give(p())
    await change(p(), one, 'repaired')
    await nextDay(p())
    let mine = await own()
    const task = async () => (await mine.listTakedowns({ view: 'all' })).rows.find((t) => t.recordId === one.recordId)!
    const first = await task()
    const at = { subjectId: first.subjectId, id: first.id }
    page = { status: 503, body: '' }
    await mine.confirmTakedowns({ takedowns: [{ ...at, seen: first.version }], page: base })
    expect(await mine.lookNow({ subject: at.subjectId, id: at.id })).toMatchObject({
      state: 'confirmed',
      outcome: 'unreachable',
    })
    // It was another page.
    await mine.confirmTakedowns({ takedowns: [{ ...at, seen: (await task()).version }], page: `${base}/list` })
    expect(await task()).toMatchObject({ state: 'confirmed' })
    page = { body: '<div id="app"></div>' }
    for (let n = 0; n < 4; n++) {
      p().clock.advance({ hours: 7 })
      await lookAtPages(p().ctx())
    }
    mine = await own()
    const waits = await task()
    expect(waits).toMatchObject({ state: 'confirmed', outcome: 'cannot_tell', nextLookAt: null })
    const judge = { subject: at.subjectId, id: at.id, note: '人工查看，已撤下', seen: waits.version }
    expect(await (await office()).judgeTakedown({ ...judge, outcome: 'still_there' })).toMatchObject({
      state: 'returned',
    })
    await mine.confirmTakedowns({ takedowns: [{ ...at, seen: (await task()).version }], page: base })
    const done = await (await office()).judgeTakedown({ ...judge, outcome: 'gone', seen: (await task()).version })
    expect(done).toMatchObject({ state: 'verified', note: judge.note })
    expect(done.looks[0]).toMatchObject({ byPerson: true, reason: 'seen_by_person' })
  })

  it('lists who is late and tells them once, collector and then head', async () => {
    const one = await give(p())
    await change(p(), one, 'repaired')
    await nextDay(p())
    p().clock.advance({ days: 12 })
    await chaseLate(p().ctx())
    await chaseLate(p().ctx())
    const market = p().world.authorities.market
    const row = (await (await office()).listStandings({})).rows.find((r) => r.authority.id === market)!
    expect(row.late).toBeGreaterThan(0)
    expect((await openOnes()).filter((t) => t.late).map((t) => t.recordId)).toContain(one.recordId)
    const inbox = (await (await p().as('head')).client(messages).listInbox({})).rows.filter(
      (m) => m.kind === 'result_late',
    )
    const due = (await openOnes()).find((t) => t.recordId === one.recordId)!.dueOn
    // Nobody collects there, so its head is told at both levels, each once.
    expect(
      inbox.filter((m) => m.body.zh.includes(`${Number(due.slice(5, 7))}月${Number(due.slice(8))}日`)),
    ).toHaveLength(2)

    const mine = await own()
    const task = (await openOnes()).find((t) => t.recordId === one.recordId)!
    const at = { subjectId: task.subjectId, id: task.id, seen: task.version }
    expect(await mine.declareNotShown({ takedowns: [at], note: '未在门户网站公示过' })).toEqual({ declared: 1 })
    expect(await mine.getTakedown({ subject: at.subjectId, id: at.id })).toMatchObject({ state: 'not_shown' })
    // Who was told, and whether it arrived, stands with the authority.
    expect(row.told.map((d) => [d.channel, d.state])).toEqual(
      expect.arrayContaining([
        ['email', 'not_configured'],
        ['inbox', 'unread'],
      ]),
    )
  })

  it('what was said never to have been shown may be found all the same, by its authority or by a person of the office', async () => {
    const both = [await give(p()), await give(p())]
    for (const one of both) await change(p(), one, 'repaired')
    await nextDay(p())
    const mine = await own()
    const [a, b] = (await openOnes()).filter((t) => both.some((one) => one.recordId === t.recordId))
    const at = (t: typeof a) => ({ subjectId: t!.subjectId, id: t!.id })
    const now = (t: typeof a) => mine.getTakedown({ subject: t!.subjectId, id: t!.id })
    const takedowns = [a, b].map((t) => ({ ...at(t), seen: t!.version }))
    expect(await mine.declareNotShown({ takedowns, note: '未在门户网站公示过' })).toEqual({ declared: 2 })
    await mine.confirmTakedowns({ takedowns: [{ ...at(a), seen: (await now(a)).version }], page: base })
    expect(await now(a)).toMatchObject({ state: 'confirmed' })
    const seen = { subject: b!.subjectId, id: b!.id, seen: (await now(b)).version }
    const judged = await (await office()).judgeTakedown({ ...seen, outcome: 'still_there', note: '人工查看，仍在公示' })
    expect(judged.state).toBe('returned')
  })

  it('tells the people of an authority what its own portal has not confirmed, as often as the rule says', async () => {
    const market = p().world.authorities.market
    const portal = await createPeer(p().ctx(), {
      name: '市场监管局门户',
      kind: 'authority_portal',
      division: '440100',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 1,
      legalBasis: { zh: '第二十三条', en: 'art. 23' },
      contact: '',
    })
    const one = await office()
    const [standing] = (await one.listStandings({})).rows.filter((s) => s.authority.id === market)
    await one.saveSite({ authority: market, page: '', peerId: portal.id, seen: standing?.siteVersion ?? 0 })
    const at = p().ctx().clock.now()
    const chase = newId()
    await sql`insert into exchange.chase (id, peer_id, what, count, oldest, raised_at, raised_by, told_at)
      values (${chase}, ${portal.id}, 'withdrawals', 2, ${on(p())}, ${at}, 'test', ${at})`.execute(p().ctx().db.kysely)
    const told = async () =>
      (await (await p().as('head')).client(messages).listInbox({ limit: 200 })).rows.filter(
        (m) => m.kind === 'exchange_late' && m.body.zh.startsWith('市场监管局门户：有2条停止公示的信息'),
      ).length
    await chasePortals(p().ctx())
    await chasePortals(p().ctx())
    expect(await told()).toBe(1)
    p().clock.advance({ days: 3 })
    await sql`update exchange.chase set told_at = ${p().ctx().clock.now()} where id = ${chase}`.execute(
      p().ctx().db.kysely,
    )
    await chasePortals(p().ctx())
    expect(await told()).toBe(2)
  })

  it('is read with a key for reading, and by nobody who does not take it', async () => {
    const reader = await p().withKey({ scopes: ['read'], authorityId: p().world.authorities.market })
    const [set] = (await reader.client(endpoints).listSets({})).rows
    expect((await reader.client(endpoints).listResults({ day: set!.day })).rows).toHaveLength(set!.lines)
    const enterprise = (await p().as('enterprise')).client(endpoints)
    expect(await problemOf(enterprise.listSets({}))).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('counts the lines of a day once, however many come in together', async () => {
    const given = []
    for (let n = 0; n < 12; n++) given.push(await give(p()))
    for (const g of given) await change(p(), g, 'repaired')
    const asked: string[] = []
    await catchUp(watched(p().ctx(), { asked: (text) => asked.push(text) }))
    expect(asked.filter((text) => text.includes('from results.entry where on_day'))).toHaveLength(1)
    const day = await nextDay(p())
    const lines = (await (await own()).listResults({ day, limit: 200 })).rows
    const numbers = lines.map((l) => Number(l.values.XF_JGBH!.slice(-5)))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(given.map((_, n) => n + 1))
  })
})
