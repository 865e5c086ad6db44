import { z } from 'zod'
import type { Endpoint, EndpointTable } from '../kernel/api.ts'
import type { RefusalCatalogue } from '../kernel/decision.ts'
import { commonRefusals } from '../kernel/refusals.ts'
import { STATUS } from './problem.ts'

/** OpenAPI 3.1 from the endpoint tables. A schema with `.meta({ id })` becomes a component, once. */

type Json = Record<string, unknown>
type Part = { name: string; endpoints: EndpointTable; refusals: RefusalCatalogue }

const schemaOf = (schema: z.ZodType, io: 'input' | 'output', components: Json): Json => {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', target: 'draft-2020-12' }) as Json
  const { $defs, $schema: _, ...body } = made
  for (const [id, def] of Object.entries(($defs as Record<string, Json> | undefined) ?? {}))
    components[id] = pointed(def)
  const id = body.id
  if (typeof id === 'string') {
    components[id] = pointed(body)
    return { $ref: `#/components/schemas/${id}` }
  }
  return pointed(body) as Json
}

/** `#/$defs/X` → `#/components/schemas/X`; labels in two languages become a title. */
const pointed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pointed)
  if (value === null || typeof value !== 'object') return value
  const out: Json = {}
  for (const [key, child] of Object.entries(value)) {
    if (key === '$ref' && typeof child === 'string') out.$ref = child.replace('#/$defs/', '#/components/schemas/')
    else if (key !== 'id' || typeof child !== 'string') out[key] = pointed(child)
  }
  if (typeof out.zh === 'string' && typeof out.en === 'string' && !('properties' in out && out.type === undefined)) {
    out.title = `${out.zh} / ${out.en}`
    delete out.zh
    delete out.en
  }
  return out
}

const parameters = (schema: z.ZodType | undefined, place: 'path' | 'query', components: Json): Json[] => {
  if (!schema) return []
  const types = (schemaOf(schema, 'output', components).properties ?? {}) as Record<string, Json>
  const required = new Set((schemaOf(schema, 'input', components).required as string[] | undefined) ?? [])
  return Object.entries(types).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: type,
  }))
}

const bodyOf = (endpoint: Endpoint, components: Json): Json | undefined => {
  const fields = endpoint.body ? schemaOf(endpoint.body, 'input', components) : null
  if (endpoint.upload) {
    const own = fields ?? { type: 'object', properties: {} }
    const form = {
      ...own,
      properties: {
        ...(own.properties as Json),
        file: { type: 'string', contentMediaType: 'application/octet-stream' },
      },
    }
    return {
      required: true,
      content: { 'multipart/form-data': { schema: form }, 'application/octet-stream': { schema: {} } },
    }
  }
  if (!fields) return undefined
  const type = endpoint.reply === 'html' ? 'application/x-www-form-urlencoded' : 'application/json'
  return { required: true, content: { [type]: { schema: fields } } }
}

const replyOf = (endpoint: Endpoint, components: Json): Json => {
  const description = endpoint.summary.en
  if (endpoint.reply === 'html') return { description, content: { 'text/html': { schema: { type: 'string' } } } }
  if (endpoint.reply === 'file') return { description, content: { 'application/octet-stream': { schema: {} } } }
  return { description, content: { 'application/json': { schema: schemaOf(endpoint.reply, 'input', components) } } }
}

const securityOf = ({ allowed }: Endpoint): Json[] => [
  ...(allowed.anyone ? [{}] : []),
  ...(allowed.anyone || allowed.signedIn || allowed.roles?.length ? [{ session: [] }] : []),
  ...(allowed.scopes?.length ? [{ key: allowed.scopes }] : []),
]

const operationOf = (part: Part, name: string, endpoint: Endpoint, components: Json): Json => {
  const body = bodyOf(endpoint, components)
  const write = endpoint.method !== 'GET'
  const key = write && endpoint.idempotent !== false && typeof endpoint.reply !== 'string'
  return {
    operationId: `${part.name}_${name}`,
    summary: `${endpoint.summary.zh} / ${endpoint.summary.en}`,
    tags: [part.name],
    security: securityOf(endpoint),
    'x-roles': endpoint.allowed.roles ?? [],
    parameters: [
      ...parameters(endpoint.params, 'path', components),
      ...parameters(endpoint.query, 'query', components),
      ...(key ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...(body ? { requestBody: body } : {}),
    responses: {
      [String(endpoint.status ?? 200)]: replyOf(endpoint, components),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'errors', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable for ever; the meanings stand in x-refusals.' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string' },
          message: { type: 'string' },
          path: { type: 'string' },
          params: { type: 'object' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}

export const openApiDocument = (parts: readonly Part[]): Json => {
  const schemas: Json = { Problem: PROBLEM }
  const paths: Record<string, Json> = {}
  const refusals: Json = {}
  for (const [code, { kind, zh, en }] of Object.entries(commonRefusals as RefusalCatalogue))
    refusals[code] = { status: STATUS[kind], zh, en }
  for (const part of parts) {
    for (const [code, { kind, zh, en }] of Object.entries(part.refusals))
      refusals[code] = { status: STATUS[kind], zh, en }
    for (const [name, endpoint] of Object.entries(part.endpoints)) {
      const path = `${endpoint.reply === 'html' ? '' : '/api/v1'}${endpoint.path}`.replaceAll(/:(\w+)/g, '{$1}')
      const item = (paths[path] ??= {})
      item[endpoint.method.toLowerCase()] = operationOf(part, name, endpoint, schemas)
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '信衡公共信用信息平台 Xinheng',
      version: 'v1',
      description:
        'Public credit information: records, publicity, repair, exchange. Messages follow Accept-Language or ?lang=zh|en.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          schema: { type: 'string', maxLength: 200 },
          description:
            'The same key with the same request is carried out once and answered with the first reply, for a day.',
        },
      },
      responses: {
        Problem: {
          description: 'RFC 9457 problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'xh_session',
          description: 'Writes also need X-CSRF-Token from GET /api/v1/session.',
        },
        key: { type: 'http', scheme: 'bearer', description: 'A key for systems: xh_…' },
      },
    },
    'x-refusals': refusals,
  }
}
