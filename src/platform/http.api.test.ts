import type { FastifyInstance } from 'fastify'
import { request as rawRequest } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Platform, startPlatform } from '../../test/harness.ts'
import { type Handlers, defineEndpoints } from '../kernel/api.ts'
import { Refused, mustNot, refuse } from '../kernel/decision.ts'
import type { Ctx } from './context.ts'
import { buildServer, rawJson } from './http.ts'
import type { Problem } from './problem.ts'

const endpoints = defineEndpoints({
  echo: {
    method: 'POST',
    path: '/echo/:id',
    summary: { zh: '回声', en: 'Echo' },
    allowed: { anyone: true },
    params: z.object({ id: z.coerce.number<string>().int() }),
    query: z.object({
      limit: z.coerce.number<string>().int().max(100).default(10),
      tags: z.array(z.string()).optional(),
    }),
    body: z.object({
      name: z.string().min(1).max(5).meta({ zh: '名称', en: 'Name' }),
      kind: z.enum(['a', 'b']).optional().meta({ zh: '种类', en: 'Kind' }),
      on: z.iso.date().optional().meta({ zh: '日期', en: 'Day' }),
      rows: z.array(z.object({ n: z.number().meta({ zh: '数量', en: 'Number' }) })).optional(),
      any: z.unknown().optional(),
    }),
    reply: z.unknown(),
    idempotent: false,
  },
  fast: {
    method: 'GET',
    path: '/fast',
    summary: { zh: '快', en: 'Fast' },
    allowed: { anyone: true },
    reply: z.object({ n: z.number() }),
  },
  leak: {
    method: 'GET',
    path: '/leak',
    summary: { zh: '漏', en: 'Leak' },
    allowed: { anyone: true },
    reply: z.object({ n: z.number() }),
  },
  broken: {
    method: 'GET',
    path: '/broken',
    summary: { zh: '坏', en: 'Broken' },
    allowed: { anyone: true },
    reply: z.null(),
  },
  many: { method: 'GET', path: '/many', summary: { zh: '多', en: 'Many' }, allowed: { anyone: true }, reply: z.null() },
  upload: {
    method: 'POST',
    path: '/upload',
    summary: { zh: '上传', en: 'Upload' },
    allowed: { anyone: true },
    body: z.object({ item: z.string(), note: z.string().optional() }),
    upload: true,
    limit: 1_000_000,
    reply: z.unknown(),
    idempotent: false,
  },
  download: {
    method: 'GET',
    path: '/download',
    summary: { zh: '下载', en: 'Download' },
    allowed: { anyone: true },
    reply: 'file',
  },
  page: {
    method: 'GET',
    path: '/page',
    summary: { zh: '页', en: 'Page' },
    allowed: { anyone: true },
    query: z.object({ q: z.string().max(3).optional() }),
    reply: 'html',
  },
  form: {
    method: 'POST',
    path: '/form',
    summary: { zh: '表单', en: 'Form' },
    allowed: { anyone: true },
    body: z.object({ a: z.string() }),
    reply: 'html',
  },
})
const handlers: Handlers<typeof endpoints, Ctx> = {
  echo: async (_ctx, input) => input,
  fast: async () => rawJson('{"n":1}'),
  leak: async () => ({ n: 1, secret: 'x' }) as { n: number },
  broken: async () => {
    throw new Error('the person 999999199001011234 is in this message')
  },
  many: async () => {
    throw new Refused([...refuse('TOO_EARLY', { day: '2026-12-01' }).refusals, ...refuse('STALE').refusals])
  },
  upload: async (_ctx, input) => input,
  download: async () => ({
    file: {
      name: '问题行 "一".xlsx',
      mediaType: 'text/plain',
      body: Readable.from([Buffer.from('你'), Buffer.from('好')]),
    },
  }),
  page: async (ctx, { q }) => ({ html: `<p>${q ?? ''}</p><style nonce="${ctx.edge!.nonce}"></style>` }),
  form: async (_ctx, { a }) => (a === 'gone' ? mustNot('NOT_FOUND') : { html: '', redirect: `/page?q=${a}` }),
}
const refusals = { TOO_EARLY: { kind: 'refused', zh: '最早 {day} 可以申请。', en: 'Not before {day}.' } } as const

describe('the HTTP edge', () => {
  let p: Platform
  let server: FastifyInstance
  let base: string
  beforeAll(async () => {
    p = await startPlatform({ seedAccounts: false })
    const runtime = { ...p.runtime, log: { error: () => {} } as unknown as Platform['runtime']['log'] }
    server = await buildServer(runtime, [{ name: 'try', endpoints, handlers, refusals }], { checkReplies: true })
    base = await server.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(async () => {
    await server.close()
    await p.close()
  })
  const json = { 'content-type': 'application/json' }
  const post = async (path: string, body: string | Uint8Array, headers: Record<string, string> = json) => {
    const response = await fetch(`${base}/api/v1${path}`, { method: 'POST', headers, body: body as string })
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Problem & Record<string, unknown>,
    }
  }

  it('checks and coerces params, query and body into one flat input', async () => {
    const { status, body } = await post('/echo/7?limit=20', '{"name":"甲","kind":"a"}')
    expect(status).toBe(200)
    expect(body).toEqual({ id: 7, limit: 20, name: '甲', kind: 'a' })
  })

  it('says everything that is wrong, where, in the language of the caller', async () => {
    const { status, headers, body } = await post(
      '/echo/x?limit=101',
      '{"name":"","kind":"c","on":"2026-02-30","rows":[{"n":"1"}],"nmae":1}',
    )
    expect(status).toBe(400)
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(body.code).toBe('BAD_INPUT')
    expect(body.errors.map((e) => [e.path, e.message])).toEqual([
      ['id', 'id：应为数字。'],
      ['limit', 'limit：不能超过 100。'],
      ['', '不认识的字段：nmae。'],
      ['name', '名称：不能为空。'],
      ['kind', '种类：应为以下之一：a、b。'],
      ['on', '日期：日期应为 YYYY-MM-DD 格式且真实存在。'],
      ['rows.0.n', '数量：应为数字。'],
    ])
    const english = await post('/echo/1', '{"name":"abcdef"}', { ...json, 'accept-language': 'en-GB,zh;q=0.5' })
    expect(english.body.detail).toBe('Name: should be at most 5 characters.')
    expect((await post('/echo/1?lang=en', '{}')).body.detail).toBe('Name: this is required.')
    expect((await post('/echo/1', '{}')).body.detail).toBe('名称：此项必填。')
    expect((await post('/echo/1', '[]')).body.detail).toBe('应为对象。')
    expect((await post('/echo/1', '')).body.detail).toBe('名称：此项必填。')
  })

  it('refuses bad bodies in words', async () => {
    const code = async (body: string | Uint8Array, headers?: Record<string, string>) => {
      const reply = await post('/echo/1', body, headers)
      return `${reply.status} ${reply.body.code}`
    }
    expect(await code('{"name":')).toBe('400 BAD_JSON')
    expect(await code('{"name":"x","__proto__":{"admin":true}}')).toBe('400 BAD_JSON')
    expect(await code('{"name":"x","constructor":{"prototype":{"admin":true}}}')).toBe('400 BAD_JSON')
    expect(await code('{"name":"\\u0000"}')).toBe('400 BAD_TEXT')
    expect(await code('{"name":"\\ud800"}')).toBe('400 BAD_TEXT')
    expect(await code(`{"name":"x","any":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).toBe('400 BAD_JSON')
    expect(await code('name=x', { 'content-type': 'text/plain' })).toBe('415 UNSUPPORTED_TYPE')
    expect(await code(`{"name":"x","any":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`)).toBe('400 BAD_JSON')
    expect(await code(JSON.stringify({ name: 'x', any: 'y'.repeat(5_000_000) }))).toBe('413 TOO_LARGE')
    expect((await post('/echo/1', JSON.stringify({ any: 'y'.repeat(5_000_000) }))).body.detail).toBe(
      '提交的内容超过 4 MB 的上限。',
    )
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('refuses bad addresses in words', async () => {
    const get = async (path: string) => {
      const { hostname, port } = new URL(base)
      return new Promise<string>((resolve, reject) => {
        rawRequest({ hostname, port, path, headers: { accept: 'application/json' } }, (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () =>
            resolve(`${response.statusCode} ${text.startsWith('{') ? (JSON.parse(text) as Problem).code : 'page'}`),
          )
        })
          .on('error', reject)
          .end()
      })
    }
    expect(await get('/api/v1/%E0%A4%A')).toBe('400 BAD_ADDRESS')
    expect(await get('/page?q=%00')).toBe('400 page')
    expect(await get('/api/v1/nothing')).toBe('404 NOT_FOUND')
    expect(await get(`/api/v1/${'x'.repeat(2000)}`)).toBe('404 NOT_FOUND')
  })

  it('answers refusals with every reason, and faults without a word of what broke', async () => {
    const many = await fetch(`${base}/api/v1/many`)
    expect(many.status).toBe(422)
    expect(await many.json()).toMatchObject({
      code: 'TOO_EARLY',
      detail: '最早 2026-12-01 可以申请。该内容已被他人修改，请刷新后重新办理。',
      errors: [{ code: 'TOO_EARLY' }, { code: 'STALE' }],
    })
    const broken = await fetch(`${base}/api/v1/broken`)
    const text = await broken.text()
    expect(broken.status).toBe(500)
    expect(text).not.toContain('4401')
    expect((JSON.parse(text) as Problem).requestId).toBe(broken.headers.get('x-request-id'))
  })

  it('sends JSON text as it is, and catches a field that the table does not name', async () => {
    const fast = await fetch(`${base}/api/v1/fast`)
    expect(await fast.text()).toBe('{"n":1}')
    expect(fast.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect((await fetch(`${base}/api/v1/leak`)).status).toBe(500)
  })

  it('takes a file as multipart or as the body itself', async () => {
    const form = new FormData()
    form.append('item', 'penalty')
    form.append('file', new Blob(['甲,乙']), '处罚 2026.csv')
    form.append('note', '补报')
    const sent = await fetch(`${base}/api/v1/upload`, { method: 'POST', body: form })
    const first = (await sent.json()) as { file: { hash: string } }
    expect(first).toMatchObject({
      item: 'penalty',
      note: '补报',
      file: { name: '处罚 2026.csv', bytes: 7, mediaType: 'application/octet-stream' },
    })
    const raw = await post('/upload?item=penalty', '甲,乙', {
      'content-type': 'text/csv',
      'x-file-name': encodeURIComponent('../../处罚.csv'),
    })
    expect(raw.body).toMatchObject({
      item: 'penalty',
      file: { name: '处罚.csv', hash: first.file.hash, mediaType: 'text/csv' },
    })
    const asJson = await post('/upload?item=penalty', '[1]', { ...json, 'x-file-name': 'x.json' })
    expect(asJson.body).toMatchObject({ file: { bytes: 3, mediaType: 'application/json' } })
  })

  it('refuses uploads without a file, with two, cut short, or too large', async () => {
    const send = async (form: FormData) => {
      const response = await fetch(`${base}/api/v1/upload`, { method: 'POST', body: form })
      return `${response.status} ${((await response.json()) as Problem).code}`
    }
    const form = (...files: string[]) => {
      const made = new FormData()
      made.append('item', 'penalty')
      for (const file of files) made.append('file', new Blob([file]), 'x.csv')
      return made
    }
    expect(await send(form())).toBe('400 MISSING_FILE')
    expect(await send(form(''))).toBe('400 MISSING_FILE')
    expect(await send(form('a', 'b'))).toBe('400 ONE_FILE_ONLY')
    expect(await send(form('x'.repeat(1_000_001)))).toBe('413 TOO_LARGE')
    expect((await post('/upload?item=penalty', '', { 'content-type': 'text/csv' })).body.code).toBe('MISSING_FILE')
    expect((await post('/upload?item=penalty', 'x'.repeat(1_000_001), { 'content-type': 'text/csv' })).body.code).toBe(
      'TOO_LARGE',
    )
    const cut = await post('/upload', '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nabc', {
      'content-type': 'multipart/form-data; boundary=b',
    })
    expect(`${cut.status} ${cut.body.code}`).toBe('400 BAD_UPLOAD')
    const none = await post('/upload', 'abc', { 'content-type': 'multipart/form-data' })
    expect(`${none.status} ${none.body.code}`).toBe('400 BAD_UPLOAD')
  })

  it('sends files under their real name', async () => {
    const response = await fetch(`${base}/api/v1/download`)
    expect(await response.text()).toBe('你好')
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="___ ___.xlsx"; filename*=UTF-8''%E9%97%AE%E9%A2%98%E8%A1%8C%20%22%E4%B8%80%22.xlsx`,
    )
  })

  it('serves pages with their nonce, redirects forms, and fails with a page', async () => {
    const page = await fetch(`${base}/page?q=a&utm_source=x`)
    const nonce = /nonce="([^"]+)"/.exec(await page.text())![1]
    expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const form = (a: string) =>
      fetch(`${base}/form`, { method: 'POST', body: new URLSearchParams({ a }), redirect: 'manual' })
    const done = await form('b')
    expect([done.status, done.headers.get('location')]).toEqual([303, '/page?q=b'])
    const gone = await form('gone')
    expect([gone.status, gone.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    const long = await fetch(`${base}/page?q=abcd`)
    expect(long.status).toBe(400)
    expect(await long.text()).toContain('不能超过 3 个字符')
  })

  it('survives what is not HTTP', async () => {
    const { hostname, port } = new URL(base)
    const say = (what: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(what))
        let text = ''
        socket.on('data', (chunk) => (text += chunk.toString()))
        socket.on('close', () => resolve(text))
      })
    expect(await say('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
    const raw = await say('GET /search?q=广州 HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(raw).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s)
    expect(raw).toContain('网址中的汉字应先编码')
    expect(await say(`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/)
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${base}/metrics`)).text()).toContain(
      'xinheng_http_requests_total{method="POST",route="/api/v1/echo/:id",status="400"}',
    )
  })
})
