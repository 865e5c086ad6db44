import {
  type QueryKey,
  type UseQueryResult,
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'
import type { Endpoint, ReplyOf } from '../../../src/kernel/api.ts'
import type { z } from 'zod'

type Sent<Z> = Z extends z.ZodType ? z.input<Z> : unknown
/** What a caller sends: params, query and body in one flat object, and the file of an upload. */
export type Sends<E extends Endpoint> = Sent<E['params']> &
  Sent<E['query']> &
  Sent<E['body']> &
  (E extends { upload: true } ? { file: File } : unknown)

/** RFC 9457: what the platform says when it will not. */
export type Problem = {
  status: number
  code: string
  title: string
  detail: string
  errors: { code: string; message: string; path?: string }[]
  requestId?: string
}
export class ApiProblem extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

let csrf: string | null = null
/** The session tells the token; every write sends it. */
export const rememberCsrf = (token: string | null): void => {
  csrf = token
}

/** Path with its parameters filled in, and the rest of the input. */
const placed = (endpoint: Endpoint, input: Record<string, unknown>) => {
  const rest = { ...input }
  const filled = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  return { url: endpoint.reply === 'html' ? filled : `/api/v1${filled}`, rest }
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

export const urlOf = (endpoint: Endpoint, input: Record<string, unknown>): string => {
  const { url, rest } = placed(endpoint, input)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) if (isPlain(value) && value !== '') query.set(name, String(value))
  const text = query.toString()
  return text ? `${url}?${text}` : url
}

const unreachable = (): ApiProblem =>
  new ApiProblem({
    status: 0,
    code: 'UNREACHABLE',
    title: document.documentElement.lang === 'en' ? 'No connection' : '无法连接',
    detail:
      document.documentElement.lang === 'en'
        ? 'The platform cannot be reached. Check the network and try again; nothing you entered is lost.'
        : '暂时无法连接平台，请检查网络后重试，已填写的内容不会丢失。',
    errors: [],
  })

const problemFrom = (status: number, text: string): ApiProblem => {
  try {
    const body = JSON.parse(text) as Partial<Problem>
    if (body.detail) return new ApiProblem({ status, code: '', title: '', errors: [], ...body, detail: body.detail })
  } catch {
    // Not JSON: the words below say so.
  }
  return new ApiProblem({ ...unreachable().problem, status, code: 'UNREADABLE' })
}

/** An Idempotency-Key. Plain http has no randomUUID away from localhost. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')

/** One call through the endpoint table. Uploads report their progress, 0 to 1. */
export const call = <E extends Endpoint>(
  endpoint: E,
  input: Sends<E>,
  options: { onProgress?: (part: number) => void; idempotencyKey?: string } = {},
): Promise<ReplyOf<E>> =>
  new Promise((resolve, reject) => {
    const flat = input as Record<string, unknown>
    const reading = endpoint.method === 'GET'
    const { url, rest } = placed(endpoint, flat)
    const request = new XMLHttpRequest()
    request.open(endpoint.method, reading ? urlOf(endpoint, flat) : url)
    request.setRequestHeader('Accept', 'application/json')
    if (!reading && csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    if (!reading && endpoint.idempotent !== false) {
      request.setRequestHeader('Idempotency-Key', options.idempotencyKey ?? newKey())
    }
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300)
        resolve((request.responseText ? JSON.parse(request.responseText) : {}) as ReplyOf<E>)
      else reject(problemFrom(request.status, request.responseText))
    })
    if (options.onProgress) {
      request.upload.addEventListener('progress', (e) => e.lengthComputable && options.onProgress?.(e.loaded / e.total))
    }
    if (endpoint.upload) {
      const form = new FormData()
      const { file, ...fields } = rest as { file: File } & Record<string, unknown>
      for (const [name, value] of Object.entries(fields))
        if (isPlain(value) && value !== '') form.append(name, String(value))
      form.append('file', file, file.name)
      request.send(form)
    } else if (reading) request.send()
    else {
      request.setRequestHeader('Content-Type', 'application/json')
      request.send(JSON.stringify(rest))
    }
  })

/** Under which a reply is remembered. */
export const keyOf = (endpoint: Endpoint, input: unknown): QueryKey => [endpoint.path, input]

/** Reads through the table; a list keeps its last page on screen while the next one loads. */
export const useApi = <E extends Endpoint>(
  endpoint: E,
  input: Sends<E>,
  options: { every?: number | false | ((data: ReplyOf<E> | undefined) => number | false); enabled?: boolean } = {},
): UseQueryResult<ReplyOf<E>, ApiProblem> =>
  useQuery<ReplyOf<E>, ApiProblem>({
    queryKey: keyOf(endpoint, input),
    queryFn: () => call(endpoint, input),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    refetchInterval:
      typeof options.every === 'function'
        ? (query) =>
            (options.every as (data: ReplyOf<E> | undefined) => number | false)(
              query.state.data as ReplyOf<E> | undefined,
            )
        : (options.every ?? false),
  })

/**
 * Writes through the table; whatever was read before is read again afterwards. The same input sent again after the line
 * dropped carries the same key, so that it is done once.
 */
export const useAct = <E extends Endpoint>(endpoint: E, onDone?: (reply: ReplyOf<E>) => void) => {
  const client = useQueryClient()
  const unanswered = useRef<{ input: string; key: string } | null>(null)
  const flying = useRef<{ input: string; reply: Promise<ReplyOf<E>> } | null>(null)
  const send = async (input: Sends<E>, text: string): Promise<ReplyOf<E>> => {
    const key = unanswered.current?.input === text ? unanswered.current.key : newKey()
    try {
      const reply = await call(endpoint, input, { idempotencyKey: key })
      unanswered.current = null
      return reply
    } catch (error) {
      unanswered.current = error instanceof ApiProblem && error.problem.status === 0 ? { input: text, key } : null
      throw error
    } finally {
      flying.current = null
    }
  }
  return useMutation<ReplyOf<E>, ApiProblem, Sends<E>>({
    // A second click comes before the button can show that the first is under way: both wait for the one answer.
    mutationFn: (input) => {
      const text = JSON.stringify(input)
      if (flying.current?.input !== text) flying.current = { input: text, reply: send(input, text) }
      return flying.current.reply
    },
    onSuccess: async (reply) => {
      await client.invalidateQueries()
      onDone?.(reply)
    },
  })
}
