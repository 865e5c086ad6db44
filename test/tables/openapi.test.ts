import { describe, expect, it } from 'vitest'
import { capabilities } from '../../src/app.ts'
import { openApiDocument } from '../../src/platform/openapi.ts'

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  parameters: { $ref?: string; name: string; in: string; required: boolean; schema: Json }[]
  requestBody?: Json
  responses: Record<string, Json>
  security: Json[]
}

const document = JSON.parse(JSON.stringify(openApiDocument(capabilities))) as {
  openapi: string
  info: Json
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Json; parameters: Json; responses: Json; securitySchemes: Json }
}
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)

const refsIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(refsIn)
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, child]) => (key === '$ref' ? [String(child)] : refsIn(child)))
      : []
const resolves = (ref: string): boolean => {
  let at: unknown = document
  for (const step of ref.replace('#/', '').split('/')) at = (at as Json | undefined)?.[step]
  return at !== undefined
}
/** What JSON Schema lets a type be; anything else would be a schema that no tool reads. */
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])
const badTypes = (value: unknown, at = ''): string[] =>
  value === null || typeof value !== 'object'
    ? []
    : Object.entries(value).flatMap(([key, child]) =>
        key === 'type' && at.endsWith('schema') && typeof child === 'string' && !TYPES.has(child)
          ? [`${at}: ${child}`]
          : badTypes(child, `${at}/${key}`),
      )

describe('the OpenAPI document', () => {
  it('is 3.1 and has what it must have', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Problem', 'Authority', 'Person']))
  })

  it('lists every endpoint of every capability, once', () => {
    const listed = operations.map(({ operation }) => operation.operationId).sort()
    const known = capabilities.flatMap((c) => Object.keys(c.endpoints).map((name) => `${c.name}_${name}`)).sort()
    expect(listed).toEqual(known)
    expect(new Set(listed).size).toBe(listed.length)
  })

  it('declares every parameter of a path, and only those', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort()
      const declared = operation.parameters
        .filter((p) => p.in === 'path')
        .map((p) => p.name)
        .sort()
      expect(declared, `${operation.operationId} ${path}`).toEqual(inPath)
    }
  })

  it('has no reference that leads nowhere and no type that is none', () => {
    expect(refsIn(document).filter((ref) => !resolves(ref))).toEqual([])
    expect(badTypes(document.paths)).toEqual([])
  })

  it('gives each operation words in both languages, a reply, a problem, and a body where it takes one', () => {
    for (const { method, operation } of operations) {
      expect(operation.summary, operation.operationId).toMatch(/\p{Script=Han}.* \/ \w/u)
      expect(Object.keys(operation.responses).sort()).toContain('default')
      expect(Object.keys(operation.responses).filter((s) => /^2\d\d$/.test(s)).length, operation.operationId).toBe(1)
      if (method === 'get') expect(operation.requestBody, operation.operationId).toBeUndefined()
    }
  })

  it('names no identifier of a person in an address', () => {
    const names = operations.flatMap(({ operation }) => operation.parameters.map((p) => p.name ?? ''))
    expect(names.filter((name) => /idcard|personid(?!$)|idno|identity/i.test(name))).toEqual([])
  })
})
