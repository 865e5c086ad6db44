import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { sql } from 'kysely'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Endpoint, EndpointTable, FileReply, HtmlReply } from '../kernel/api.ts'
import { type RefusalCatalogue, Refused, mustNot, refuse } from '../kernel/decision.ts'
import { type Lang, type Words, say } from '../kernel/words.ts'
import { type Authenticate, SESSION_COOKIE, cookieIn, csrfOf, sameText, sessionCookie, sessionHash } from './auth.ts'
import type { Actor, Ctx, Edge, Runtime } from './context.ts'
import { sha256 } from './crypto.ts'
import { BODY_LIMIT, UPLOAD_LIMIT, checkText, checkerOf, mayBeUnfit, sizeWords, takeUpload } from './http-input.ts'
import { answerUnreadable } from './http-unreadable.ts'
import { runOnce } from './idempotency.ts'
import { type Gauge, type RouteMeter, openMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import {
  InvalidInput,
  type Problem,
  busyProblem,
  faultProblem,
  inputProblem,
  outageProblem,
  refusalProblem,
} from './problem.ts'
import { checkReply } from './reply-check.ts'
import type { HttpRequest } from './signatures.ts'
import { wireOf } from './utf8.ts'
import { serveWeb } from './web-files.ts'

/**
 * Endpoints are data: from the tables of the capabilities to a Fastify server. Everything that is the same for every
 * endpoint happens here and nowhere else: who acts, in which language, what may come in, how it leaves, how it fails.
 */

/** What a capability gives to the composition root. */
export type Api = {
  name: string
  endpoints: EndpointTable
  refusals: RefusalCatalogue
  handlers: Readonly<Record<string, (ctx: Ctx, input: never) => Promise<unknown>>>
  gauges?: (runtime: Runtime) => readonly Gauge[]
}
/** What the edge asks of the exchange about each request with a key of a peer, whichever endpoint it is for. */
export type PeerGate = {
  /** Refuses who comes from elsewhere or too often. */
  enter: (
    runtime: Runtime,
    from: { peerId: string; address: string },
    setHeaders: (headers: Record<string, string>) => void,
  ) => Promise<void>
  /** After the answer: what became of it, for those who look for what is wrong. */
  left: (runtime: Runtime, request: PeerRequest) => Promise<void>
}
export type PeerRequest = {
  peerId: string
  method: string
  path: string
  address: string
  status: number
  /** What stood in the way, by its code and in words; empty where nothing did. */
  code: string
  detail: Words
  requestId: string
}
export type ServerOptions = {
  authenticate?: Authenticate
  peers?: PeerGate
  /** The page for people when a request for HTML fails. */
  errorPage?: (problem: Problem, lang: Lang) => string
  /** Tests hold every reply against its schema, and refuse fields that the schema does not name. */
  checkReplies?: boolean
  /** The built workbench; undefined leaves /app/ out. */
  webDist?: string
  gauges?: readonly Gauge[]
}

/**
 * A reply that is JSON text already, for endpoints where speed counts:
 * `handler: async (ctx, input) => rawJson(await readAsText(...))`. It fits any reply type; tests check it like any other.
 * What is long is written out as bytes, which go as they are.
 */
export const rawJson = (text: string | Buffer, how: RawHow = {}): never => new RawJson(text, how) as never
/** The status where the outcome decides it, and not the endpoint. */
type RawHow = { status?: number; headers?: Record<string, string> | undefined }
class RawJson {
  readonly text: string | Buffer
  readonly how: RawHow
  constructor(text: string | Buffer, how: RawHow) {
    this.text = text
    this.how = how
  }
}

const ANONYMOUS: Actor = { kind: 'anonymous' }
const NO_INPUT = Object.freeze({})
const JSON_TYPE = 'application/json; charset=utf-8'
const BASE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}
export const pagePolicy = (nonce: string | null): string =>
  `default-src 'self'; style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}; script-src 'self'; img-src 'self' data: blob:; ` +
  "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

class RequestEdge implements Edge {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #runtime: Runtime
  #nonce: string | null = null
  #session: string | null
  constructor(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, session: string | null) {
    this.#runtime = runtime
    this.#request = request
    this.#reply = reply
    this.#session = session
  }
  get address(): string {
    return this.#request.ip
  }
  get https(): boolean {
    return this.#request.protocol === 'https'
  }
  get nonce(): string {
    return (this.#nonce ??= randomBytes(16).toString('base64url'))
  }
  get usedNonce(): string | null {
    return this.#nonce
  }
  get csrf(): string | null {
    return this.#session === null ? null : csrfOf(this.#runtime, this.#session)
  }
  get message(): HttpRequest {
    const { method, protocol, host, url, headers } = this.#request
    return { method, url: `${protocol}://${host}${url}`, headers, body: rawBodies.get(this.#request) }
  }
  cookie(name: string): string | undefined {
    return cookieIn(this.#request.headers.cookie, name)
  }
  setSession(token: string | null): string | null {
    this.#session = token
    this.#reply.header('set-cookie', sessionCookie(token, this.https))
    return this.csrf
  }
}

const langOf = (request: FastifyRequest): Lang => {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang ?? cookieIn(request.headers.cookie, 'lang')
  if (asked === 'zh' || asked === 'en') return asked
  const accepted = request.headers['accept-language']
  return accepted !== undefined && /^\s*en\b/i.test(/(?:^|,)\s*((?:zh|en)\b[^,]*)/i.exec(accepted)?.[1] ?? '')
    ? 'en'
    : 'zh'
}

export const mayCall = (endpoint: Pick<Endpoint, 'allowed'>, actor: Actor): boolean => {
  const { anyone, signedIn, roles, scopes } = endpoint.allowed
  if (anyone) return true
  if (actor.kind === 'person') return signedIn === true || (roles?.some((r) => actor.roles.includes(r)) ?? false)
  if (actor.kind === 'key') return scopes?.some((s) => actor.scopes.includes(s)) ?? false
  return actor.kind === 'system'
}

type Who = { actor: Actor; session: string | null; expired: boolean; mustChange: boolean }
const NOBODY: Who = { actor: ANONYMOUS, session: null, expired: false, mustChange: false }

/** No credentials, no database. */
const identify = async (
  runtime: Runtime,
  authenticate: Authenticate | undefined,
  request: FastifyRequest,
): Promise<Who> => {
  const { authorization, cookie } = request.headers
  if (!authenticate) return NOBODY
  if (authorization !== undefined) {
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1]
    const actor = bearer ? await authenticate.key(runtime, bearer) : null
    return actor ? { actor, session: null, expired: false, mustChange: false } : mustNot('BAD_KEY')
  }
  const token = cookieIn(cookie, SESSION_COOKIE)
  if (!token) return NOBODY
  const signed = await authenticate.session(runtime, sessionHash(token))
  return signed
    ? { actor: signed.actor, session: token, expired: false, mustChange: signed.mustChange }
    : { actor: ANONYMOUS, session: null, expired: true, mustChange: false }
}

const isWrite = (method: string) => method !== 'GET' && method !== 'HEAD'

const checkOrigin = (request: FastifyRequest): void => {
  const { origin } = request.headers
  if (origin === undefined) return
  const host = URL.canParse(origin) ? new URL(origin).host : null
  if (host !== request.host) mustNot('WRONG_ORIGIN')
}

const admit = (endpoint: Endpoint, who: Who): void => {
  if (!mayCall(endpoint, who.actor)) {
    if (who.actor.kind !== 'anonymous') mustNot('FORBIDDEN')
    mustNot(who.expired ? 'SESSION_EXPIRED' : 'UNAUTHENTICATED')
  }
  if (who.mustChange && !endpoint.path.startsWith('/session') && !endpoint.allowed.anyone)
    mustNot('PASSWORD_MUST_CHANGE')
}

/** RFC 6266: an ASCII name for old clients and the real one in UTF-8. */
const dispositionOf = (name: string): string => {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

const plainErrorPage = (problem: Problem, lang: Lang): string => {
  const safe = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const home = say({ zh: '返回首页', en: 'Home' }, lang)
  const number = say({ zh: '请求编号', en: 'Request number' }, lang)
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${safe(problem.title)}</title></head><body><main><h1>${safe(problem.title)}</h1><p>${safe(problem.detail)}</p><p>${number}: ${safe(problem.requestId)}</p><p><a href="/">${home}</a></p></main></body></html>`
}

/** Errors of Fastify and its plugins, as refusals with words. */
const edgeRefusal = (error: FastifyError, limit: number): Refused | null => {
  const code = error.code
  const is = (...names: string[]) => names.includes(code)
  const as = (name: string, params?: Record<string, unknown>) => new Refused(refuse(name, params).refusals)
  if (is('FST_ERR_CTP_BODY_TOO_LARGE', 'FST_REQ_FILE_TOO_LARGE')) return as('TOO_LARGE', { limit: sizeWords(limit) })
  if (is('FST_ERR_CTP_INVALID_MEDIA_TYPE')) return as('UNSUPPORTED_TYPE')
  if (is('FST_ERR_BAD_URL')) return as('BAD_ADDRESS')
  if (is('FST_FILES_LIMIT')) return as('ONE_FILE_ONLY')
  if (
    code?.startsWith('FST_PARTS') ||
    code?.startsWith('FST_FIELDS') ||
    is('FST_PROTO_VIOLATION', 'FST_INVALID_MULTIPART_CONTENT_TYPE', 'FST_PREMATURE_CLOSE')
  ) {
    return as('BAD_UPLOAD')
  }
  // The multipart parser's own errors have words only.
  if (
    code === undefined &&
    error instanceof Error &&
    /multipart|part terminated|malformed part|boundary/i.test(error.message)
  )
    return as('BAD_UPLOAD')
  if (is('FST_ERR_CTP_INVALID_CONTENT_LENGTH') || (error.statusCode === 400 && code?.startsWith('FST_')))
    return as('BAD_INPUT')
  if (error instanceof SyntaxError && error.statusCode === 400) return as('BAD_JSON')
  return null
}

type Kit = {
  runtime: Runtime
  options: ServerOptions
  catalogue: RefusalCatalogue
  fail: (
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
    about: { html: boolean; limit: number; catalogue: RefusalCatalogue },
  ) => FastifyReply
}

type About = { limit: number; catalogue: RefusalCatalogue }
/** An error in words; null for what is a fault of ours. */
const problemOf = (error: unknown, { limit, catalogue }: About, lang: Lang, requestId: string): Problem | null => {
  const known =
    error instanceof Refused || error instanceof InvalidInput ? error : edgeRefusal(error as FastifyError, limit)
  if (known instanceof InvalidInput) return inputProblem(known, lang, requestId)
  if (known) return refusalProblem(known.refusals, catalogue, lang, requestId)
  return (error as FastifyError | undefined)?.code === 'FST_ERR_REQ_CLOSING' ? busyProblem(lang, requestId) : null
}

const failer =
  (runtime: Runtime, options: ServerOptions): Kit['fail'] =>
  (request, reply, error, { html, limit, catalogue }) => {
    const lang = langOf(request)
    let problem: Problem
    try {
      const known = problemOf(error, { limit, catalogue }, lang, request.id)
      if (!known) throw error
      problem = known
      if (options.checkReplies && problem.errors.some((e) => /\{\w+\}/.test(e.message)))
        throw new Error(`${problem.code} leaves a place unfilled: ${problem.detail}`)
    } catch (fault) {
      // Whoever asked has gone in the middle of asking: nothing of ours is wrong, and nobody reads the answer.
      const gone = (fault as { code?: string }).code === 'ECONNRESET' && request.raw.destroyed
      const about = { err: fault, requestId: request.id, route: request.routeOptions?.url }
      if (gone) runtime.log.info(about, 'the caller has gone')
      else runtime.log.error(about, 'fault')
      problem = outageProblem(fault, lang, request.id) ?? faultProblem(lang, request.id)
    }
    reply.code(problem.status)
    if (problem.status === 413) reply.header('connection', 'close')
    const seconds = problem.errors[0]?.params?.seconds
    if (problem.status === 429 && typeof seconds === 'number') reply.header('retry-after', String(seconds))
    if (html) {
      return reply
        .headers({ 'content-security-policy': pagePolicy(null), 'x-problem': problem.code })
        .type('text/html; charset=utf-8')
        .send((options.errorPage ?? plainErrorPage)(problem, lang))
    }
    return reply.header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem))
  }

const wantsPage = (request: FastifyRequest): boolean =>
  !request.url.startsWith('/api/') && (request.headers.accept ?? '*/*').includes('text/html')

/** A file is reached by a link: whoever follows it in a browser reads why there is none as a page. */
const opensFile = (endpoint: Endpoint, request: FastifyRequest): boolean =>
  endpoint.reply === 'file' && endpoint.method === 'GET' && (request.headers.accept ?? '').includes('text/html')

const sendHtml = (reply: FastifyReply, edge: RequestEdge, page: HtmlReply): FastifyReply => {
  reply.code(page.redirect ? 303 : (page.status ?? 200)).headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy(edge.usedNonce),
    'cache-control': 'private, no-cache',
    vary: 'accept-language, cookie',
    ...page.headers,
  })
  if (page.redirect) reply.header('location', page.redirect)
  return reply.send(page.redirect ? '' : wireOf(page.html))
}

const sendFile = (reply: FastifyReply, { file }: FileReply): FastifyReply =>
  reply
    .header('content-type', file.mediaType)
    .header('content-disposition', dispositionOf(file.name))
    .send(
      file.body instanceof Uint8Array
        ? Buffer.from(file.body.buffer, file.body.byteOffset, file.body.byteLength)
        : Readable.from(file.body, { objectMode: false }),
    )

/** What cannot be noted is no reason to fail: the answer has gone out. */
const notePeer = async (
  { runtime, options }: Kit,
  request: FastifyRequest,
  seen: { peerId: string; status: number; error: unknown; about: About },
): Promise<void> => {
  const { peerId, status, error } = seen
  const inWords = (lang: Lang) => problemOf(error, seen.about, lang, request.id) ?? faultProblem(lang, request.id)
  try {
    await options.peers?.left(runtime, {
      peerId,
      status,
      method: request.method,
      path: request.url.split('?')[0]!,
      address: request.ip,
      code: error === undefined ? '' : inWords('zh').code,
      detail: error === undefined ? { zh: '', en: '' } : { zh: inWords('zh').detail, en: inWords('en').detail },
      requestId: request.id,
    })
  } catch (fault) {
    runtime.log.warn({ err: fault, requestId: request.id }, 'a request of a peer was not noted')
  }
}

type Route = {
  endpoint: Endpoint
  catalogue: RefusalCatalogue
  handle: (ctx: Ctx, input: never) => Promise<unknown>
  meter: RouteMeter
}

const answerer = (kit: Kit, { endpoint, catalogue, handle, meter }: Route) => {
  const { runtime, options } = kit
  const html = endpoint.reply === 'html'
  const check = checkerOf(endpoint)
  const write = isWrite(endpoint.method)
  const once = write && endpoint.idempotent !== false && !html && endpoint.reply !== 'file'
  const status = endpoint.status ?? 200
  const limit = endpoint.limit ?? (endpoint.upload ? UPLOAD_LIMIT : BODY_LIMIT)
  const about = { html, limit, catalogue }

  const inputOf = async (request: FastifyRequest, who: Who): Promise<{ input: object; hash: () => string }> => {
    const checkCsrf = (field: string | undefined): void => {
      if (!write || who.session === null) return
      const header = request.headers['x-csrf-token']
      const given = typeof header === 'string' ? header : field
      if (given === undefined || !sameText(given, csrfOf(runtime, who.session))) mustNot('BAD_CSRF')
    }
    if (write) checkOrigin(request)
    if (request.raw.url?.includes('%00')) mustNot('BAD_TEXT')
    const place = `${endpoint.method} ${request.url}`
    if (endpoint.upload) {
      const { file, fields } = await takeUpload(runtime, { request, limit, checkCsrf })
      const input = { ...check?.(request.params, endpoint.query ? request.query : undefined, fields), file }
      return { input, hash: () => sha256(`${place}\n${file.hash}\n${JSON.stringify(fields)}`) }
    }
    const body = request.body
    const field = body !== null && typeof body === 'object' ? (body as { csrf?: unknown }).csrf : undefined
    checkCsrf(typeof field === 'string' ? field : undefined)
    return {
      input: check ? check(request.params, request.query, body) : NO_INPUT,
      hash: () => sha256(`${place}\n${JSON.stringify(body ?? null)}`),
    }
  }

  const send = (reply: FastifyReply, edge: RequestEdge, result: unknown, code: number): FastifyReply => {
    if (html) return sendHtml(reply, edge, result as HtmlReply)
    if (endpoint.reply === 'file') return sendFile(reply, result as FileReply)
    const text = result instanceof RawJson ? result.text : JSON.stringify(result ?? null)
    if (options.checkReplies) checkReply(endpoint, text.toString())
    const { status: own, headers = {} } = result instanceof RawJson ? result.how : {}
    return reply
      .code(own ?? code)
      .headers({ ...headers, 'content-type': JSON_TYPE })
      .send(typeof text === 'string' ? wireOf(text) : text)
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const began = performance.now()
    let peerId: string | null = null
    let failed: unknown
    try {
      const { headers } = request
      const who =
        headers.authorization === undefined && headers.cookie === undefined
          ? NOBODY
          : await identify(runtime, options.authenticate, request)
      if (who.actor.kind === 'key' && who.actor.peerId !== null && options.peers) {
        peerId = who.actor.peerId
        await options.peers.enter(runtime, { peerId, address: request.ip }, (more) => {
          reply.headers(more)
        })
      }
      admit(endpoint, who)
      const taken = check || write ? await inputOf(request, who) : null
      const edge = new RequestEdge(runtime, request, reply, who.session)
      const ctx: Ctx = { ...runtime, actor: who.actor, lang: langOf(request), requestId: request.id, edge }
      const key = once ? headers['idempotency-key'] : undefined
      if (key === undefined || !taken)
        return send(reply, edge, await handle(ctx, (taken?.input ?? NO_INPUT) as never), status)
      const run = async (marked: Ctx) => {
        const result = await handle(marked, taken.input as never)
        return result instanceof RawJson ? (JSON.parse(result.text.toString()) as unknown) : result
      }
      const outcome = await runOnce(ctx, { key: String(key), hash: taken.hash(), status }, run)
      if (outcome.replayed) reply.header('idempotency-replayed', 'true')
      return send(reply, edge, outcome.reply, outcome.status)
    } catch (error) {
      failed = error
      return kit.fail(request, reply, error, { ...about, html: html || opensFile(endpoint, request) })
    } finally {
      meter.count(reply.statusCode, performance.now() - began)
      if (peerId !== null) await notePeer(kit, request, { peerId, status: reply.statusCode, error: failed, about })
    }
  }
}

/** Two capabilities may share a code only if it means the same everywhere. */
export const catalogueOf = (apis: readonly Api[]): RefusalCatalogue => {
  const all: RefusalCatalogue = {}
  for (const api of apis) {
    for (const [code, meaning] of Object.entries(api.refusals)) {
      const held = all[code]
      if (held && held.kind !== meaning.kind)
        throw new Error(`refusal ${code} of ${api.name} has another kind elsewhere`)
      all[code] = meaning
    }
  }
  return all
}

/** JSON, and CloudEvents as JSON. */
const JSON_BODIES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']
const rawBodies = new WeakMap<FastifyRequest, string>()

const addBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser('text/plain')
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(JSON_BODIES, { parseAs: 'string' }, (request, text: string, done) => {
    rawBodies.set(request, text)
    if (!text.trim()) return done(null, undefined)
    void parse(request, text, (error, value: unknown) => {
      if (error) return done(new Refused([{ code: 'BAD_JSON' }]))
      try {
        if (mayBeUnfit(text)) checkText(value)
        done(null, value)
      } catch (refused) {
        done(refused as Error)
      }
    })
  })
}

const operations = (
  app: FastifyInstance,
  runtime: Runtime,
  apis: readonly Api[],
  gauges: readonly Gauge[],
  text: (all: readonly Gauge[]) => Promise<string>,
): void => {
  const document = JSON.stringify(openApiDocument(apis))
  app.get('/api/v1/openapi.json', (_request, reply) => reply.header('content-type', JSON_TYPE).send(document))
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok'))
  app.get('/readyz', async (request, reply) => {
    try {
      await sql`select 1`.execute(runtime.db.kysely)
      return reply.type('text/plain').send('ready')
    } catch (error) {
      runtime.log.error({ err: error, requestId: request.id }, 'not ready')
      return reply.code(503).type('text/plain').send('the database does not answer')
    }
  })
  const own: Gauge[] = [
    {
      name: 'xinheng_database',
      help: 'The database engine in use.',
      read: async () => [{ labels: { engine: runtime.db.engine }, value: 1 }],
    },
    {
      name: 'xinheng_fsync_calls',
      help: 'fsync calls of the embedded database.',
      read: async () => [{ value: runtime.db.fsyncCalls() }],
    },
    {
      name: 'xinheng_memory_bytes',
      help: 'Resident memory of the process.',
      read: async () => [{ value: process.memoryUsage.rss() }],
    },
  ]
  const all = [...own, ...gauges]
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await text(all)),
  )
}

export const buildServer = async (
  runtime: Runtime,
  apis: readonly Api[],
  options: ServerOptions = {},
): Promise<FastifyInstance> => {
  const boot = randomBytes(4).toString('hex')
  let requests = 0
  const metrics = openMetrics()
  const kit: Kit = { runtime, options, catalogue: catalogueOf(apis), fail: failer(runtime, options) }
  const elsewhere = (request: FastifyRequest) => ({
    html: wantsPage(request),
    limit: BODY_LIMIT,
    catalogue: kit.catalogue,
  })
  const app = fastify({
    logger: false,
    genReqId: () => `${boot}-${(++requests).toString(36)}`,
    // A proxy on the same machine may name the caller and the protocol; nobody else may.
    trustProxy: 'loopback',
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) =>
      void kit.fail(request as FastifyRequest, reply as FastifyReply, error, elsewhere(request as FastifyRequest)),
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(BASE_HEADERS)
    reply.header('x-request-id', request.id)
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
    done()
  })
  const other = metrics.route('*', '*')
  app.setErrorHandler((error, request, reply) => {
    const sent = kit.fail(request, reply, error, elsewhere(request))
    other.count(reply.statusCode, reply.elapsedTime)
    return sent
  })
  addBodies(app)
  await app.register(formbody, { bodyLimit: 1024 * 1024 })

  const routes = apis.flatMap((api) => {
    // A use case may pass on what a lower capability refuses; its own words come first.
    const catalogue = { ...kit.catalogue, ...api.refusals }
    return Object.entries(api.endpoints).map(([name, endpoint]): Route & { url: string } => {
      const handle = api.handlers[name]
      if (!handle) throw new Error(`${api.name}.${name} has no handler`)
      const url = endpoint.reply === 'html' ? endpoint.path : `/api/v1${endpoint.path}`
      return { endpoint, catalogue, handle, url, meter: metrics.route(endpoint.method, url) }
    })
  })
  const mount = (scope: FastifyInstance, route: (typeof routes)[number]) =>
    scope.route({
      method: route.endpoint.method,
      url: route.url,
      bodyLimit: route.endpoint.limit ?? BODY_LIMIT,
      handler: answerer(kit, route),
    })
  for (const route of routes) if (!route.endpoint.upload) mount(app, route)
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart)
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const route of routes) if (route.endpoint.upload) mount(scope, route)
  })

  const gauges = [...(options.gauges ?? []), ...apis.flatMap((api) => api.gauges?.(runtime) ?? [])]
  operations(app, runtime, apis, gauges, metrics.text)
  const shell = options.webDist === undefined ? null : await serveWeb(app, options.webDist)
  app.setNotFoundHandler((request, reply) => {
    if (shell && request.method === 'GET' && shell(request, reply)) return
    kit.fail(request, reply, new Refused([{ code: 'NOT_FOUND' }]), elsewhere(request))
    other.count(404, reply.elapsedTime)
  })
  await app.ready()
  return app
}
