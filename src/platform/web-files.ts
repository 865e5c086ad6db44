import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The built workbench under /app/. Its own paths all answer the same page; a fresh nonce lets its styles in. */

type Shell = (request: FastifyRequest, reply: FastifyReply) => boolean

const ABSENT = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>信衡 Xinheng</title></head><body><main><h1>工作台尚未构建</h1><p>请在平台目录运行 <code>npm run build:web</code>，然后重新启动。公示查询不受影响。</p><p lang="en">The workbench has not been built. Run <code>npm run build:web</code> and start again. The public pages work without it.</p><p><a href="/">首页 Home</a></p></main></body></html>`

const policy = (nonce: string) =>
  `default-src 'self'; style-src 'self' 'nonce-${nonce}'; script-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; ` +
  "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export const serveWeb = async (app: FastifyInstance, dist: string): Promise<Shell> => {
  const index = join(dist, 'index.html')
  const page = existsSync(index) ? readFileSync(index, 'utf8') : null
  const sendPage = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .code(page === null ? 503 : 200)
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy(nonce),
        'cache-control': 'no-cache',
      })
      .send((page ?? ABSENT).replaceAll('__CSP_NONCE__', nonce))
  }
  app.get('/app', (_request, reply) => reply.redirect('/app/', 308))
  app.get('/app/', (_request, reply) => sendPage(reply))
  if (page !== null) {
    await app.register(fastifyStatic, {
      root: dist,
      prefix: '/app/',
      index: false,
      decorateReply: false,
      preCompressed: true,
      cacheControl: false,
      allowedPath: (path) => path !== '/index.html',
      setHeaders: (reply, path) => {
        reply.headers({
          'cache-control': /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
        })
      },
    })
  }
  return (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    if (!path.startsWith('/app/') || /\.\w+$/.test(path)) return false
    sendPage(reply)
    return true
  }
}
