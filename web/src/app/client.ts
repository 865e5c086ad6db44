import type { z } from 'zod'
import type { Endpoint, EndpointTable } from '../../../src/kernel/api.ts'

/**
 * The typed client: an endpoint table becomes functions. It runs in the browser, in Node (tests, the command line) and holds
 * no words of its own but those for a broken connection; everything else is said by the server.
 */

type Sent<Z> = Z extends z.ZodType ? z.input<Z> : unknown
/** A file to send: bytes or a stream, and its name. */
export type FileToSend = { name: string; body: Blob | Uint8Array }
export type FileReceived = { name: string; mediaType: string; body: Blob }
/** Params, query and body in one flat object, and the file of an upload. */
export type Sends<E extends Endpoint> = Sent<E['params']> &
  Sent<E['query']> &
  Sent<E['body']> &
  (E extends { upload: true } ? { file: FileToSend } : unknown)
export type Receives<E extends Endpoint> = E['reply'] extends 'file'
  ? FileReceived
  : E['reply'] extends 'html'
    ? string
    : E['reply'] extends z.ZodType
      ? z.output<E['reply']>
      : never

export type CallOptions = { idempotencyKey?: string; signal?: AbortSignal }
/** Nothing to send, no argument needed. */
type Args<E extends Endpoint> =
  Partial<Sends<E>> extends Sends<E>
    ? [input?: Sends<E>, options?: CallOptions]
    : [input: Sends<E>, options?: CallOptions]
export type Client<T extends EndpointTable> = { [K in keyof T]: (...args: Args<T[K]>) => Promise<Receives<T[K]>> }

export type ProblemReply = {
  type: string
  title: string
  status: number
  code: string
  detail: string
  errors: { code: string; message: string; path?: string; params?: Record<string, unknown> }[]
  requestId: string
}
/** The server said no; `problem.detail` is a sentence in the caller's language. */
export class ApiError extends Error {
  readonly problem: ProblemReply
  constructor(problem: ProblemReply) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'ApiError'
    this.problem = problem
  }
}

export type TransportOptions = {
  /** '' in the browser. */
  base: string
  lang?: 'zh' | 'en'
  /** A key for systems; then neither cookies nor CSRF tokens are used. */
  key?: string
  /** Keeps the session cookie itself: outside of a browser. */
  jar?: boolean
  fetch?: typeof fetch
}
export type Transport = {
  /** One request as it is, with this caller's credentials; a write gets the CSRF token. */
  send: (
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string | FormData | Blob | Uint8Array; signal?: AbortSignal },
  ) => Promise<Response>
  signIn: (login: string, password: string) => Promise<void>
  signOut: () => Promise<void>
  lang: 'zh' | 'en'
}

const SESSION = '/api/v1/session'

export const openTransport = (options: TransportOptions): Transport => {
  const cookies = new Map<string, string>()
  const ask = options.fetch ?? fetch
  let csrf: string | null | undefined
  const raw: Transport['send'] = async (method, path, init = {}) => {
    const headers: Record<string, string> = { 'accept-language': transport.lang, ...init.headers }
    if (options.key) headers.authorization = `Bearer ${options.key}`
    if (options.jar && cookies.size) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await ask(`${options.base}${path}`, {
      method,
      headers,
      body: init.body as RequestInit['body'],
      signal: init.signal,
      redirect: options.jar ? 'manual' : 'follow',
      credentials: 'same-origin',
    })
    if (options.jar) keep(response)
    return response
  }
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const at = pair.indexOf('=')
      if (attributes.some((a) => /^\s*max-age=0\s*$/i.test(a))) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
  const token = async (): Promise<string | null> => {
    if (csrf === undefined) csrf = ((await (await raw('GET', SESSION)).json()) as { csrf: string | null }).csrf
    return csrf
  }
  const write: Transport['send'] = async (method, path, init = {}) => {
    const held = await token()
    return raw(method, path, { ...init, headers: { ...init.headers, ...(held ? { 'x-csrf-token': held } : {}) } })
  }
  const send: Transport['send'] = async (method, path, init) => {
    if (method === 'GET' || options.key) return raw(method, path, init)
    const first = await write(method, path, init)
    const stale =
      first.status === 403 &&
      (
        (await first
          .clone()
          .json()
          .catch(() => null)) as { code?: string } | null
      )?.code === 'BAD_CSRF'
    if (path.startsWith(SESSION) && first.ok) csrf = undefined
    if (!stale) return first
    csrf = undefined
    return write(method, path, init)
  }
  const json = { 'content-type': 'application/json' }
  const transport: Transport = {
    lang: options.lang ?? 'zh',
    send,
    signIn: async (login, password) => {
      await received(await send('POST', SESSION, { headers: json, body: JSON.stringify({ login, password }) }))
    },
    signOut: async () => {
      await received(await send('DELETE', SESSION))
    },
  }
  return transport
}

const received = async (response: Response): Promise<Response> => {
  if (response.ok) return response
  const text = await response.text()
  let problem: Partial<ProblemReply> = {}
  try {
    problem = JSON.parse(text) as ProblemReply
  } catch {
    // a proxy's own page: the status has to do
  }
  throw new ApiError({
    type: 'about:blank',
    title: response.statusText,
    code: 'UNREADABLE',
    detail: `HTTP ${response.status}`,
    errors: [],
    requestId: '',
    ...problem,
    status: response.status,
  })
}

const keysOf = (schema: z.ZodType | undefined): ReadonlySet<string> => {
  const shape = (schema?.def as { shape?: object } | undefined)?.shape
  return new Set(shape ? Object.keys(shape) : [])
}

/** Where each field of a flat input goes: the path, the query, or the body. */
export const placed = (
  endpoint: Endpoint,
  input: Record<string, unknown>,
): { path: string; body: Record<string, unknown> } => {
  const body: Record<string, unknown> = { ...input }
  const filled = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(body[name])
    delete body[name]
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  const asQuery = endpoint.body || endpoint.upload ? keysOf(endpoint.query) : new Set(Object.keys(body))
  for (const name of asQuery) {
    const value = body[name]
    delete body[name]
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) query.append(name, String(one))
  }
  const root = endpoint.reply === 'html' ? '' : '/api/v1'
  const text = query.toString()
  return { path: `${root}${filled}${text ? `?${text}` : ''}`, body }
}

const formOf = (fields: Record<string, unknown>): FormData => {
  const form = new FormData()
  const { file, ...rest } = fields as { file: FileToSend } & Record<string, unknown>
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === null) continue
    form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean))
  }
  form.append(
    'file',
    file.body instanceof Blob ? file.body : new Blob([file.body as Uint8Array<ArrayBuffer>]),
    file.name,
  )
  return form
}

const nameIn = (disposition: string | null): string => {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  return encoded ? decodeURIComponent(encoded) : (/filename="([^"]*)"/i.exec(disposition ?? '')?.[1] ?? 'file')
}

/** One call through the table. */
export const callEndpoint = async <E extends Endpoint>(
  transport: Transport,
  endpoint: E,
  input: Sends<E>,
  options: CallOptions = {},
): Promise<Receives<E>> => {
  const { path, body } = placed(endpoint, (input ?? {}) as Record<string, unknown>)
  const headers: Record<string, string> = {}
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey
  let sent: string | FormData | undefined
  if (endpoint.upload) sent = formOf(body)
  else if (endpoint.method !== 'GET' && endpoint.body) {
    headers['content-type'] = 'application/json'
    sent = JSON.stringify(body)
  }
  const init = {
    headers,
    ...(sent === undefined ? {} : { body: sent }),
    ...(options.signal ? { signal: options.signal } : {}),
  }
  const response = await received(await transport.send(endpoint.method, path, init))
  if (endpoint.reply === 'html') return (await response.text()) as Receives<E>
  if (endpoint.reply === 'file') {
    const file: FileReceived = {
      name: nameIn(response.headers.get('content-disposition')),
      mediaType: response.headers.get('content-type') ?? '',
      body: await response.blob(),
    }
    return file as Receives<E>
  }
  return (await response.json()) as Receives<E>
}

export const createClient = <T extends EndpointTable>(transport: Transport, endpoints: T): Client<T> =>
  Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [
      name,
      (input: never, options?: CallOptions) => callEndpoint(transport, endpoint, input, options),
    ]),
  ) as unknown as Client<T>
