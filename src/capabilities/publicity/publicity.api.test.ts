import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, factsOf, openWorld, penalty, usccOf } from '../../../test/records-world.ts'
import { type Instant, addDays, day, instant, startOf } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { buildServer } from '../../platform/http.ts'
import { inTx } from '../../platform/outbox.ts'
import { dispose, listRecordsOfSubject, storeRecords } from '../records/index.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { api, errorPageOf } from './index.ts'
import { listNotices, openNotice } from './notices.ts'

const HOSTILE = '广州𠮷衡<script>alert(1)</script>"onmouseover="x"</title>有限公司'
const MANY = 200

const licence = (subjectId: string, n: number) =>
  penalty(subjectId, 1000 + n, {
    item: 'licence',
    docNo: `许可〔2026〕${n}号`,
    fields: {
      document_name: '食品经营许可',
      content: '预包装食品销售',
      valid_from: '2026-01-01',
      valid_to: '2099-12-31',
    },
    secret: null,
    facts: factsOf({ item: 'licence', penaltyKinds: [], sectorClass: null, procedure: null, fineYuan: null }),
  })

describe.each(['pglite', 'postgres'] as const)('public pages on %s', (engine) => {
  let world: World
  let app: FastifyInstance
  let now: Instant = instant('2026-05-04T02:00:00Z')
  let ctx: Ctx
  const id = { many: '', hostile: '', trader: '', person: '', market: '' }
  const code = { many: usccOf(1), hostile: usccOf(2), trader: usccOf(3), market: usccOf(4) }

  const get = async (url: string, lang: 'zh' | 'en' = 'zh') => {
    const reply = await app.inject({
      url: `${url}${url.includes('?') ? '&' : '?'}lang=${lang}`,
      headers: { accept: 'text/html' },
    })
    return { status: reply.statusCode, body: reply.body, headers: reply.headers }
  }
  const on = (at: string) => {
    now = instant(at)
  }

  beforeAll(async () => {
    world = await openWorld(engine)
    ctx = { ...world.ctx, clock: { now: () => now } }
    await inTx(ctx, async (tx) => {
      const asks = await resolveSubjects(tx, ctx, [
        { kind: 'enterprise', name: '广州星衡贸易有限公司', uscc: code.many, division: '440106' },
        { kind: 'enterprise', name: HOSTILE, uscc: code.hostile, division: '440106' },
        { kind: 'individual_business', name: '张三丰', uscc: code.trader, division: '440106' },
        { kind: 'natural_person', name: '李四光', personId: '11010519491231002X', division: '440106' },
        { kind: 'enterprise', name: '广州明衡食品有限公司', uscc: code.market, division: '440105' },
      ])
      const ids = asks.map((a) => (a.ok ? a.subjectId : ''))
      Object.assign(id, { many: ids[0], hostile: ids[1], trader: ids[2], person: ids[3], market: ids[4] })
      await storeRecords(tx, ctx, [
        ...Array.from({ length: MANY }, (_, n) => penalty(id.many, n + 1)),
        ...Array.from({ length: MANY }, (_, n) => licence(id.many, n + 1)),
        penalty(id.hostile, 501, {
          fields: { facts: `${HOSTILE} </dd><img src=x onerror=alert(1)>`, penalty_kinds: ['fine'], fine: '6' },
        }),
        penalty(id.trader, 502, {
          subjectKind: 'individual_business',
          facts: factsOf({ subjectKind: 'individual_business' }),
        }),
        penalty(id.person, 503, { subjectKind: 'natural_person', facts: factsOf({ subjectKind: 'natural_person' }) }),
        penalty(id.market, 504, {
          division: '440105',
          facts: factsOf({ system: 'market_supervision', sectorClass: null, penaltyKinds: ['revoke_licence'] }),
        }),
        penalty(id.market, 505, {
          division: '440105',
          item: 'abnormal_list',
          facts: factsOf({
            item: 'abnormal_list',
            system: 'market_supervision',
            sectorClass: null,
            penaltyKinds: [],
            listCause: 'annual_report',
          }),
        }),
      ])
    })
    app = await buildServer(ctx, [api], { errorPage: errorPageOf(ctx), checkReplies: true })
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await world?.close()
  })

  const PAGES = [
    '/',
    '/search?q=%E8%B4%B8%E6%98%93',
    '/lists/licences',
    '/lists/penalties',
    '/lists/abnormal',
    '/lists/serious',
    '/repair',
    '/objections',
    '/policy',
    '/about',
  ]
  it.each(PAGES)('%s: both languages, small, no script, nothing raw', async (path) => {
    on('2026-05-04T02:00:00Z')
    for (const lang of ['zh', 'en'] as const) {
      const { status, body, headers } = await get(path, lang)
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(body).toContain(`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">`)
      expect(Buffer.byteLength(body)).toBeLessThan(100_000)
      expect(body).not.toMatch(/<script|javascript:|\son\w+="|style="/i)
      const text = textOf(body).replaceAll(HOSTILE, '')
      expect(text).not.toMatch(/undefined|\bnull\b|NaN|\[object|CF_|XK_|\b[a-z]+_[a-z_]+\b|\{\w+\}/)
      if (lang === 'zh') expect(text.replace('English', '')).not.toMatch(/[A-Za-z]{3,}/)
      else expect(text.replace('中文', '').replace(DATA, '')).not.toMatch(/第.+条|公示|修复/)
    }
  })

  it('the page on objections names the grounds that the desk takes, with their basis', async () => {
    const { body } = await get('/objections', 'zh')
    const text = textOf(body)
    for (const ground of ['公示期限不符合规定', '同一信息重复公示', '对不予信用修复决定有异议'])
      expect(text).toContain(ground)
    expect(text).toContain('工作方案》（2024年5月17日）二（七）')
  })

  it('a subject with 200 licences and 200 penalties is paged, below 100 KB, and every entry is reached', async () => {
    on('2026-05-04T02:00:00Z')
    const seen = new Set<string>()
    let url: string | null = `/s/${code.many}`
    for (let page = 0; url && page < 20; page++) {
      const { status, body }: Awaited<ReturnType<typeof get>> = await get(url)
      expect(status).toBe(200)
      expect(Buffer.byteLength(body)).toBeLessThan(100_000)
      for (const hit of body.matchAll(/穗天市监罚〔2026〕(\d+)号/g)) seen.add(hit[1] as string)
      const next = /href="\/s\/\w+\?lang=zh[^"]*&amp;adverse=([\w-]+)#adverse">后面/.exec(
        body.replaceAll('&adverse', '&amp;adverse'),
      )
      url = next ? `/s/${code.many}?adverse=${next[1]}` : null
    }
    expect(seen.size).toBe(MANY)
  })

  it('says what, why, since when, until when, and from when it can be repaired', async () => {
    on('2026-05-04T02:00:00Z')
    const { body } = await get(`/s/${code.hostile}`)
    const text = textOf(body)
    // Decided 1 May (n=501 → 30 April), shown from 4 May, general: 3 months to 1 year from the decision.
    expect(text).toContain('自2026年5月4日起公示')
    expect(text).toMatch(/公示至2027年4月\d+日，次日起自动停止公示/)
    expect(text).toMatch(/自2026年\d月\d+日起可以申请信用修复/)
    expect(text).toContain('《信用修复管理办法》（国家发展改革委令第36号）')
    expect(text).toContain('国家企业信用信息公示系统')
  })

  it('says why what cannot be ended early cannot, on the system that decides', async () => {
    on('2026-05-04T02:00:00Z')
    const { body } = await get(`/s/${code.market}`)
    expect(textOf(body)).toContain('公示期届满前不得提前终止公示')
    expect(textOf(body)).toContain('市场监管总局令第107号')
    // Abnormal-operation entries are in principle not shown on the credit website, so the page does not tell of it.
    expect(body).not.toContain('2026〕505号')
    expect(textOf((await get('/lists/abnormal')).body)).toContain('目前没有符合条件的公示信息')
  })

  it('hostile names stay text', async () => {
    on('2026-05-04T02:00:00Z')
    for (const path of [`/s/${code.hostile}`, '/lists/penalties', `/search?q=${encodeURIComponent('𠮷衡')}`]) {
      const { body } = await get(path)
      expect(body).not.toMatch(/<script|<img|\sonmouseover=|<\/title>(?![\s\S]*<\/head>)/i)
      expect(body.match(/<\/title>/g)).toHaveLength(1)
    }
    expect((await get(`/s/${code.hostile}`)).body).toContain('广州𠮷衡&lt;script&gt;')
    const q = encodeURIComponent('"><script>alert(1)</script>')
    const search = await get(`/search?q=${q}`)
    expect(search.status).toBe(200)
    expect(search.body).not.toMatch(/<script/i)
    expect(search.body).toContain('value="&quot;&gt;&lt;script&gt;')
  })

  it('is shown through its last day in Beijing and gone the second after', async () => {
    const records = await listRecordsOfSubject(ctx.db.kysely, id.hostile)
    const record = records[0]
    if (!record?.shownUntil) throw new Error('a record with a longest period was expected')
    const last = addDays(record.shownUntil, -1)
    const midnight = startOf(record.shownUntil)
    expect(midnight).toMatch(/T16:00:00/)
    const before = new Date(Date.parse(midnight) - 1).toISOString()
    const page = `/s/${code.hostile}`
    const detail = `/r/${code.hostile}/${record.id}`
    for (const at of [`${last}T02:00:00Z`, before]) {
      on(at)
      expect((await get(page)).body).toContain(record.docNo)
      expect((await get(detail)).status).toBe(200)
      expect((await get('/lists/penalties')).body).toContain(record.docNo)
    }
    on(midnight)
    const gone = await get(page)
    expect(gone.status).toBe(200)
    expect(gone.body).not.toContain(record.docNo)
    expect(textOf(gone.body)).toContain('没有公示该主体的失信信息')
    expect((await get(detail)).status).toBe(404)
    expect((await get('/lists/penalties')).body).not.toContain(record.docNo)
    on('2026-05-04T02:00:00Z')
  })

  it('natural persons are neither found nor shown, and what was typed is not repeated', async () => {
    for (const q of ['11010519491231002X', '110105 19491231 002X']) {
      const { status, body } = await get(`/search?q=${encodeURIComponent(q)}`)
      expect(status).toBe(422)
      expect(body).not.toContain('19491231')
    }
    const direct = await get('/s/11010519491231002X')
    expect(direct.status).toBe(404)
    expect(direct.body).not.toContain('19491231')
    expect((await get(`/search?q=${encodeURIComponent('李四光')}`)).body).toContain('没有查询到')
    const list = await get('/lists/penalties')
    expect(list.body).not.toContain('李四光')
    expect(list.body).not.toContain('2026〕503号')
  })

  it('an individual business without a trade name is not found by its operator and not named', async () => {
    expect((await get(`/search?q=${encodeURIComponent('张三丰')}`)).body).toContain('没有查询到')
    const { body, status } = await get(`/s/${code.trader}`)
    expect(status).toBe(200)
    expect(body).not.toContain('张三')
    expect(body).toContain('<h1>个体工商户</h1>')
    expect((await get(`/search?q=${code.trader}`)).body).toContain('个体工商户')
    const data = await app.inject({ url: '/api/v1/public/lists/penalties?limit=100' })
    expect(data.body).not.toContain('张三丰"}')
  })

  it('a list is filtered by district and paged by key', async () => {
    const tianhe = await get('/lists/penalties?division=440106')
    expect(tianhe.body).not.toContain('明衡食品')
    const haizhu = await get('/lists/penalties?division=440105')
    expect(haizhu.body).toContain('明衡食品')
    expect(haizhu.body).not.toContain('星衡贸易')
    const next = /&amp;after=([\w-]+)"/.exec(tianhe.body)
    const second = await get(`/lists/penalties?division=440106&after=${next?.[1]}`)
    expect(second.status).toBe(200)
    const docs = (body: string) => [...body.matchAll(/罚〔2026〕(\d+)号/g)].map((m) => m[1])
    expect(docs(second.body).filter((d) => docs(tianhe.body).includes(d))).toEqual([])
    expect((await get('/lists/penalties?after=nonsense')).status).toBe(200)
    expect((await get('/lists/nonsense')).status).toBe(404)
  })

  it('what is wrong is said in words', async () => {
    expect(textOf((await get('/search?q=')).body)).toContain('请输入名称或者统一社会信用代码')
    const wrong = `${code.many.slice(0, 17)}${code.many.endsWith('0') ? '1' : '0'}`
    expect(textOf((await get(`/search?q=${wrong}`)).body)).toContain('校验未通过')
    expect((await get('/s/nothing-of-the-kind')).status).toBe(404)
    expect((await get(`/r/${code.many}/1`)).status).toBe(404)
    const missing = await get('/no-such-page', 'en')
    expect(missing.status).toBe(404)
    expect(missing.body).toContain('Page not found')
    expect((await get(`/search?q=${encodeURIComponent('贸易')}&after=zzz`)).status).toBe(400)
  })

  it('the style sheet is kept for a year, the pages are asked for again', async () => {
    const home = await get('/')
    const href = /href="(\/site\.css\?v=\w+)"/.exec(home.body)?.[1] ?? ''
    const css = await app.inject({ url: href })
    expect(css.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(home.headers['cache-control']).toContain('no-cache')
    expect((await app.inject({ url: '/robots.txt' })).body).toContain('Disallow: /s/')
    expect((await app.inject({ url: '/favicon.svg' })).headers['content-type']).toBe('image/svg+xml')
  })

  it('a dispute is marked, a repair is gone at once', async () => {
    const [record] = await listRecordsOfSubject(ctx.db.kysely, id.hostile)
    if (!record) throw new Error('a record was expected')
    const act = (kind: 'disputed' | 'repaired') =>
      inTx(ctx, (tx) =>
        dispose(tx, ctx, {
          subjectId: id.hostile,
          recordId: record.id,
          kind,
          channel: null,
          effectiveFrom: day('2026-05-04'),
          reason: 'test',
          basis: {},
        }),
      )
    await act('disputed')
    expect((await get(`/s/${code.hostile}`)).body).toContain('异议处理中')
    await act('repaired')
    expect((await get(`/s/${code.hostile}`)).body).not.toContain(record.docNo)
    expect((await get(`/r/${code.hostile}/${record.id}`)).status).toBe(404)
  })

  it('explains to anyone what is shown today, and to the operator everything held', async () => {
    const url = `/api/v1/public/subjects/${code.market}/explain`
    const reply = await app.inject({ url: `${url}?on=2027-01-01` })
    const body = reply.json<{ on: string; rows: { item: string; channels: { sentences: { zh: string }[] }[] }[] }>()
    expect(body.on).toBe('2027-01-01')
    expect(body.rows.map((r) => r.item)).toEqual(['penalty'])
    expect(body.rows[0]?.channels[0]?.sentences.map((s) => s.zh).join('')).toContain('第十条')
    const nobody = await app.inject({ url: '/api/v1/public/subjects/91440106MA50009999/explain' })
    expect(nobody.json()).toMatchObject({ status: 404, code: 'NOTHING_SHOWN' })
    const person = await app.inject({ url: '/api/v1/public/subjects/11010519491231002X/explain' })
    expect(person.json()).toMatchObject({ code: 'PERSONS_NOT_SHOWN' })
    expect(person.body).not.toContain('19491231')
    const cursor = await app.inject({ url: '/api/v1/public/lists/penalties?after=zzz' })
    expect(cursor.json()).toMatchObject({ status: 400, code: 'LIST_CURSOR' })
  })

  describe('notices', () => {
    const owner = (subjectId: string): Ctx => ({
      ...ctx,
      actor: {
        kind: 'person',
        personId: '018f0000-0000-7000-8000-000000000001',
        sessionHash: 'x',
        name: '经办人',
        roles: ['enterprise'],
        authorityId: null,
        division: null,
        subjectIds: [subjectId],
      },
    })
    it('lists those of the subject only, and opening one is its receipt, once', async () => {
      const me = owner(id.market)
      const rows = (await listNotices(me, { subjectId: id.market, limit: 10 })).rows
      expect(rows.map((r) => r.item).toSorted()).toEqual(['abnormal_list', 'penalty'])
      expect(rows.every((r) => r.openedAt === null)).toBe(true)
      const row = rows.find((r) => r.item === 'penalty')
      if (!row) throw new Error('a notice was expected')
      const first = await openNotice(me, row)
      const text = textOf(first.html)
      // The jurisdiction's own template, with this subject's dates.
      expect(text).toContain('行政处罚信息公示与信用修复告知书')
      expect(text).toContain('广州市高效办好信用修复“一件事”工作方案')
      expect(text).toContain('广州明衡食品有限公司')
      expect(text).toContain('告知日期：2026年5月4日')
      expect(text).toContain('行政复议')
      await openNotice(me, row)
      const { rows: acts } = await countActs(ctx, row.recordId)
      expect(acts).toBe(1)
      expect(
        (await listNotices(me, { subjectId: id.market, limit: 10 })).rows.find((r) => r.item === 'penalty')?.openedAt,
      ).not.toBeNull()
    })
    it('says the same after the record has changed its state', async () => {
      const me = owner(id.hostile)
      const [row] = (await listNotices(me, { subjectId: id.hostile, limit: 10 })).rows
      if (!row) throw new Error('a notice was expected')
      const text = textOf((await openNotice(me, row)).html)
      expect(text).toContain('自2026年5月4日起公示')
      expect(text).toContain('现时状态以公示页面为准')
    })
    it('is refused to others and for what is not adverse', async () => {
      await expect(listNotices(owner(id.many), { subjectId: id.market, limit: 10 })).rejects.toThrow('NOT_YOUR_SUBJECT')
      const [licenceRecord] = await listRecordsOfSubject(ctx.db.kysely, id.many, { item: 'licence', limit: 1 })
      await expect(
        openNotice(owner(id.many), { subjectId: id.many, recordId: licenceRecord?.id ?? '' }),
      ).rejects.toThrow('NO_NOTICE')
    })
  })
})

const countActs = async (ctx: Ctx, recordId: string) => {
  const rows = await ctx.db.kysely
    .selectFrom('platform.audit')
    .select('id')
    .where('act', '=', 'publicity.open_notice')
    .where('target_id', '=', recordId)
    .execute()
  return { rows: rows.length }
}

/** What a person reads: no tags, entities resolved. */
const textOf = (html: string): string =>
  html
    .replace(/<head[\s\S]*?<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/ +/g, ' ')
/** Names and contents of records are data: they stay in the language in which they were reported. */
const DATA = /(?:广州|穗|许可〔|食品|当事人|个体|预包装)\S*/g
