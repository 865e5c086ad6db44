/**
 * Whatever is asked of an endpoint by somebody who may use it, the answer is never a fault of the platform: inputs that fit
 * its schema in part, at the edges of what databases, calendars and encodings take. The same seed asks the same again.
 */
import { beforeAll, expect, it } from 'vitest'
import { capabilities } from '../../src/app.ts'
import type { Endpoint } from '../../src/kernel/api.ts'
import { openApiDocument } from '../../src/platform/openapi.ts'
import { type Caller, describeEngines } from '../harness.ts'
import { newRecord, newSubject } from '../repair-world.ts'

type Json = Record<string, unknown>
type Schema = {
  $ref?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  const?: unknown
  enum?: unknown[]
  type?: string | string[]
  format?: string
  pattern?: string
  items?: Schema
  properties?: Record<string, Schema>
}
type Operation = {
  operationId: string
  parameters?: { $ref?: string; name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
}
const document = JSON.parse(JSON.stringify(openApiDocument(capabilities))) as {
  paths: Record<string, Record<string, Operation>>
}
const operationOf = (endpoint: Endpoint): Operation | undefined => {
  const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
  return (document.paths[path] ?? document.paths[`/api/v1${path}`])?.[endpoint.method.toLowerCase()]
}

const TEXTS = [
  '',
  '\u0000',
  'x'.repeat(5000),
  '-1',
  '1e999',
  '2026-13-45',
  '0000-01-01',
  '9999-12-31',
  '99999-01-01',
  '2026-02-30',
  '00000000-0000-0000-0000-000000000000',
  '-'.repeat(36),
  '%',
  '_',
  '\\',
  '𠮷',
  'null',
  '[]',
  '{}',
  "' or 1=1--",
  'NaN',
  'Infinity',
  '9007199254740993',
  '2147483648',
  '440100',
  '9'.repeat(30),
]
const ODD: unknown[] = [null, 1, -1, 1e300, true, [], {}, [null], [[]], ...TEXTS]
const NUMBERS = [0, 1, -1, 100, 2 ** 31, Number.MAX_SAFE_INTEGER]
const DAYS = ['2026-01-01', '0001-01-01', '9999-12-31']

/** mulberry32: small, and the same everywhere. */
const dice = (name: string) => {
  let state = Buffer.from(name).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 20_261_122)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, pick: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T }
}
type Dice = ReturnType<typeof dice>

const valueOf = (schema: Schema | undefined, d: Dice, ids: readonly string[], depth = 0): unknown => {
  if (!schema || depth > 4 || d.next() < 0.2) return d.pick(ODD)
  const again = (of: Schema | undefined) => valueOf(of, d, ids, depth + 1)
  const among = schema.anyOf ?? schema.oneOf
  if (among) return again(d.pick(among))
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return d.pick(schema.enum)
  const type = Array.isArray(schema.type) ? d.pick(schema.type) : schema.type
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).flatMap(([key, of]) => (d.next() < 0.9 ? [[key, again(of)]] : [])),
    )
  if (type === 'array') return Array.from({ length: Math.floor(d.next() * 3) }, () => again(schema.items))
  if (type === 'integer' || type === 'number') return d.pick(NUMBERS)
  if (type === 'boolean') return d.next() < 0.5
  if (schema.format === 'uuid' || schema.pattern?.includes('0-9a-f'))
    return d.next() < 0.7 ? d.pick(ids) : d.pick(TEXTS)
  if (schema.format === 'date' || schema.pattern?.includes('d{4}')) return d.pick([...DAYS, ...TEXTS])
  return d.pick(['abc', ...DAYS, ...ids, ...TEXTS])
}

const requestOf = (endpoint: Endpoint, d: Dice, ids: readonly string[]) => {
  const operation = operationOf(endpoint)
  const inPath = () =>
    encodeURIComponent(d.next() < 0.7 ? d.pick(ids) : d.pick(TEXTS.filter((t) => t !== '')).slice(0, 300))
  const path = `${endpoint.reply === 'html' ? '' : '/api/v1'}${endpoint.path.replaceAll(/:\w+/g, inPath)}`
  const query = new URLSearchParams()
  for (const p of operation?.parameters ?? [])
    if (p.in === 'query' && d.next() < 0.7) {
      const value = valueOf(p.schema, d, ids)
      query.append(p.name, (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2000))
    }
  const at = query.size ? `${path}?${query.toString()}` : path
  if (endpoint.method === 'GET') return { at, init: {} }
  const content = operation?.requestBody?.content ?? {}
  const type = Object.keys(content)[0] ?? 'application/json'
  const asked = valueOf(content[type]?.schema, d, ids)
  const json = JSON.stringify(asked)
  const bodies: Record<string, () => string> = {
    'application/json': () => (d.next() < 0.05 ? json.slice(0, -1) : json),
    'application/x-www-form-urlencoded': () =>
      new URLSearchParams(
        Object.entries((asked ?? {}) as Json).map(([k, v]): [string, string] => [
          k,
          typeof v === 'string' ? v : JSON.stringify(v),
        ]),
      ).toString(),
  }
  return { at, init: { headers: { 'content-type': type }, body: (bodies[type] ?? (() => d.pick(TEXTS)))() } }
}

const endpoints = capabilities.flatMap((c) =>
  Object.entries(c.endpoints).map(([name, endpoint]) => ({
    name: `${c.name}.${name}`,
    endpoint: endpoint as Endpoint,
  })),
)
/** Each sign-in ends or begins a session: those have their own tests. */
const tried = endpoints.filter(({ endpoint }) => !(endpoint.path.startsWith('/session') && endpoint.method !== 'GET'))
const TRIES = 8

describeEngines('hostile input', (p) => {
  let ids: string[] = []
  const callers = new Map<string, Promise<Caller>>()
  const callersOf = ({ allowed }: Endpoint): Promise<Caller>[] => {
    const held = (name: string, enter: () => Caller | Promise<Caller>) => {
      const caller = callers.get(name) ?? Promise.resolve(enter())
      callers.set(name, caller)
      return caller
    }
    if (allowed.anyone) return [held('anyone', () => p().anonymous())]
    if (allowed.signedIn) return [held('collector', () => p().as('collector'))]
    return [
      ...(allowed.roles ?? []).map((role) => held(role, () => p().as(role))),
      ...(allowed.scopes ?? []).map((scope) =>
        held(`key ${scope}`, () => p().withKey({ scopes: [scope], authorityId: p().world.authorities.traffic })),
      ),
    ]
  }
  beforeAll(async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    ids = [
      subject.subjectId,
      JSON.stringify(record).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)?.[0] ?? subject.subjectId,
      ...Object.values(p().world.authorities),
      subject.code,
    ]
  })

  for (const { name, endpoint } of tried)
    it(`${name} ${endpoint.method} ${endpoint.path}`, async () => {
      const d = dice(name)
      const faults: string[] = []
      for (const caller of callersOf(endpoint))
        for (let i = 0; i < TRIES; i++) {
          const { at, init } = requestOf(endpoint, d, ids)
          const reply = await (await caller).send(endpoint.method, at, init)
          const said = await reply.text()
          if (reply.status >= 500) faults.push(`${reply.status} ${at} ${(init.body ?? '').slice(0, 500)} ${said}`)
        }
      expect(faults).toEqual([])
    })
})
