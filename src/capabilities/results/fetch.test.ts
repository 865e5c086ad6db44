import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { charsetOf, fetchPage, isBarred, mayReach, pageAddress } from './fetch.ts'

const HOME = { networks: [], loopback: true }
const AWAY = { networks: [], loopback: false }

describe('where a page may lie', () => {
  it('is the public network', () => {
    for (const address of ['8.8.8.8', '114.114.114.114', '2400:3200::1', '::ffff:8.8.8.8'])
      expect(mayReach(address, AWAY), address).toBe(true)
  })
  it('is no network of one’s own, however it is written', () => {
    const inside =
      '10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 127.0.0.1 ::1 :: fc00::1 fe80::1 ff02::1 ' +
      '::ffff:10.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe 64:ff9b::a00:1 2002:a00:1:: 2001:db8::1 nothing'
    for (const address of inside.split(' ')) expect(mayReach(address, AWAY), address).toBe(false)
  })
  it('is this machine only in a demonstration, and another network only where the rules name it', () => {
    expect(mayReach('127.0.0.1', HOME)).toBe(true)
    expect(mayReach('10.1.2.3', HOME)).toBe(false)
    expect(mayReach('10.1.2.3', { networks: ['10.1.0.0/16'], loopback: false })).toBe(true)
    expect(mayReach('10.2.2.3', { networks: ['10.1.0.0/16'], loopback: false })).toBe(false)
  })
  it('is said by http or https without a login, and numbers in any spelling are seen through', () => {
    const wrong = ['ftp://a.gov.cn/', 'file:///etc/passwd', 'javascript:1', 'http://u:p@a.gov.cn/', 'x', '', 'http://']
    for (const text of wrong) expect(pageAddress(text), text).toBeNull()
    for (const text of ['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://[::ffff:127.0.0.1]/'])
      expect(isBarred(pageAddress(text)!, AWAY), text).toBe(true)
    expect(isBarred(pageAddress('https://www.gz.gov.cn/a?b=1#c')!, AWAY)).toBe(false)
  })
})

describe('in which letters', () => {
  it('follows the mark, the header, the page, and then what fits', () => {
    const gbk = Buffer.from([0xcb, 0xeb, 0xb7, 0xa3])
    expect(charsetOf(Buffer.from('\ufeff穗罚'), '')).toBe('utf-8')
    expect(charsetOf(gbk, 'text/html; charset=GB2312')).toBe('gb18030')
    expect(charsetOf(Buffer.concat([Buffer.from('<meta charset="gbk">'), gbk]), 'text/html')).toBe('gb18030')
    expect(charsetOf(gbk, 'text/html')).toBe('gb18030')
    expect(charsetOf(gbk, 'text/html; charset=utf-8')).toBe('gb18030')
    expect(charsetOf(Buffer.from('穗罚'), 'text/html; charset=nonsense')).toBe('utf-8')
    // What servers say by default of pages that they have never looked at.
    expect(charsetOf(gbk, 'text/html; charset=ISO-8859-1')).toBe('gb18030')
    expect(charsetOf(Buffer.from('穗罚'), 'text/html; charset=windows-1252')).toBe('utf-8')
  })
})

describe('fetching', () => {
  const replies: Record<
    string,
    { status?: number; head?: Record<string, string>; body?: Buffer | string; hang?: true }
  > = {
    '/plain': { head: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>穗罚</p>' },
    '/packed': {
      head: { 'content-type': 'text/html', 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(4_000_000, 97)),
    },
    '/round': { status: 302, head: { location: '/round' } },
    '/on': { status: 301, head: { location: '/plain' } },
    '/inside': { status: 302, head: { location: 'http://169.254.169.254/latest/meta-data' } },
    '/file': { status: 302, head: { location: 'file:///etc/passwd' } },
    '/picture': { head: { 'content-type': 'image/png' }, body: 'x' },
    '/hang': { hang: true },
    '/torn': { head: { 'content-type': 'text/html', 'content-encoding': 'gzip' }, body: 'no gzip at all' },
    '/twice': {
      head: { 'content-type': 'text/html', 'content-encoding': 'gzip, gzip' },
      body: gzipSync(gzipSync(Buffer.from('<p>穗罚〔2026〕1号</p>'))),
    },
    '/unknown': { head: { 'content-type': 'text/html', 'content-encoding': 'zstd' }, body: Buffer.alloc(2000, 200) },
    '/empty': { status: 302, head: { location: '' } },
  }
  const server = createServer((request, response) => {
    const reply = replies[request.url ?? ''] ?? { status: 404 }
    if (reply.hang) return
    if (request.url === '/endless') {
      response.writeHead(200, { 'content-type': 'text/html' })
      const drip = setInterval(() => response.write('<!-- -->'), 50)
      response.on('close', () => clearInterval(drip))
      return
    }
    response.writeHead(reply.status ?? 200, reply.head)
    response.end(reply.body)
  })
  let base = ''
  beforeAll(async () => {
    await new Promise<void>((then) => server.listen(0, '127.0.0.1', then))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const get = (path: string, over: { timeoutSeconds?: number; loopback?: boolean } = {}) =>
    fetchPage(`${base}${path}`, {
      timeoutSeconds: 5,
      maxBytes: 65_536,
      redirects: 2,
      networks: [],
      loopback: true,
      ...over,
    })

  it('gives the page with its proof, and follows a redirect', async () => {
    expect(await get('/on')).toMatchObject({
      status: 200,
      html: '<p>穗罚</p>',
      reached: `${base}/plain`,
      charset: 'utf-8',
      truncated: false,
    })
    expect(await get('/picture')).toMatchObject({ status: 200, html: null, charset: null })
    expect(await get('/nowhere')).toMatchObject({ status: 404 })
  })
  it('takes what it cannot unpack for no text: nothing is gone because it cannot be read', async () => {
    expect(await get('/torn')).toMatchObject({ reason: 'connection_failed' })
    expect(await get('/twice')).toMatchObject({ status: 200, html: null })
    expect(await get('/unknown')).toMatchObject({ status: 200, html: null })
  })
  it('reads no more than the limit, waits no longer, goes no further', async () => {
    expect(await get('/packed')).toMatchObject({ bytes: 65_536, truncated: true })
    expect(await get('/hang', { timeoutSeconds: 1 })).toMatchObject({ reason: 'timed_out' })
    expect(await get('/round')).toMatchObject({ reason: 'too_many_redirects' })
    expect(await get('/inside')).toMatchObject({ reason: 'address_not_allowed' })
    expect(await get('/file')).toMatchObject({ reason: 'address_not_allowed' })
    expect(await get('/endless', { timeoutSeconds: 1 })).toMatchObject({ reason: 'timed_out' })
    // A name is judged by where it leads.
    expect(
      await fetchPage(base.replace('127.0.0.1', 'localhost'), {
        timeoutSeconds: 2,
        maxBytes: 10,
        redirects: 0,
        networks: [],
        loopback: false,
      }),
    ).toMatchObject({ reason: 'address_not_allowed' })
    expect(await get('/empty')).toMatchObject({ reason: 'too_many_redirects' })
    expect(await get('/plain', { loopback: false })).toMatchObject({ reason: 'address_not_allowed' })
    expect(
      await fetchPage('http://localhost:1/', {
        timeoutSeconds: 2,
        maxBytes: 10,
        redirects: 0,
        networks: [],
        loopback: true,
      }),
    ).toMatchObject({ reason: 'connection_failed' })
  })
})
