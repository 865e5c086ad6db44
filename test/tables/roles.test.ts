import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capabilities } from '../../src/app.ts'
import type { Endpoint } from '../../src/kernel/api.ts'
import { ROLES, type Role, SCOPES, type Scope } from '../../src/kernel/roles.ts'
import { type Caller, type Platform, startPlatform } from '../harness.ts'

type Who = { kind: 'anonymous' } | { kind: 'role'; role: Role } | { kind: 'key'; scope: Scope }
const callers: Who[] = [
  { kind: 'anonymous' },
  ...ROLES.map((role): Who => ({ kind: 'role', role })),
  ...SCOPES.map((scope): Who => ({ kind: 'key', scope })),
]
const nameOf = (who: Who) => (who.kind === 'role' ? who.role : who.kind === 'key' ? `key:${who.scope}` : 'anonymous')

/** Read from the table, apart from the program's own reading of it. */
const expected = ({ allowed }: Endpoint, who: Who): 'in' | 401 | 403 => {
  if (allowed.anyone) return 'in'
  if (who.kind === 'anonymous') return 401
  if (who.kind === 'key') return allowed.scopes?.includes(who.scope) ? 'in' : 403
  return allowed.signedIn || allowed.roles?.includes(who.role) ? 'in' : 403
}

const endpoints = capabilities.flatMap((c) =>
  Object.entries(c.endpoints).map(([name, endpoint]) => ({ name: `${c.name}.${name}`, endpoint })),
)

/** What the edge says before any use case runs. A use case may refuse as well, with a code of its own. */
const AT_THE_DOOR = new Set(['UNAUTHENTICATED', 'SESSION_EXPIRED', 'FORBIDDEN'])

describe('every endpoint × every role', () => {
  let p: Platform
  const signed = new Map<string, Caller>()
  const callerOf = async (who: Who): Promise<Caller> => {
    if (who.kind === 'anonymous') return p.anonymous()
    if (who.kind === 'key') return p.withKey({ scopes: [who.scope], authorityId: p.world.authorities.traffic })
    return p.as(who.role)
  }
  beforeAll(async () => {
    p = await startPlatform()
    for (const who of callers) signed.set(nameOf(who), await callerOf(who))
  })
  afterAll(() => p.close())

  const knock = async (endpoint: Endpoint, caller: Caller): Promise<string> => {
    const path = `${endpoint.reply === 'html' ? '' : '/api/v1'}${endpoint.path.replaceAll(/:\w+/g, () => randomUUID())}`
    const write = endpoint.method !== 'GET'
    const type = endpoint.upload
      ? 'text/csv'
      : endpoint.reply === 'html'
        ? 'application/x-www-form-urlencoded'
        : 'application/json'
    const init = write
      ? { headers: { 'content-type': type }, body: endpoint.upload || endpoint.reply === 'html' ? '' : '{}' }
      : {}
    const response = await caller.send(endpoint.method, path, init)
    if (response.status >= 500) return `fault ${response.status}: ${await response.text()}`
    const text = await response.text()
    const own = response.headers.get('content-type')?.startsWith('text/html') ? null : text
    const code =
      response.headers.get('x-problem') ?? (own && !response.ok ? (JSON.parse(own) as { code: string }).code : null)
    return code !== null && AT_THE_DOOR.has(code) ? String(response.status) : 'in'
  }

  it('knows every endpoint', () => expect(endpoints.length).toBeGreaterThan(40))
  for (const { name, endpoint } of endpoints) {
    it(`${name} ${endpoint.method} ${endpoint.path}`, async () => {
      const table = Object.fromEntries(callers.map((who) => [nameOf(who), String(expected(endpoint, who))]))
      const found: Record<string, string> = {}
      for (const who of callers) {
        const fresh = endpoint.path.startsWith('/session') && endpoint.method !== 'GET'
        found[nameOf(who)] = await knock(endpoint, fresh ? await callerOf(who) : signed.get(nameOf(who))!)
      }
      expect(found).toEqual(table)
    })
  }

  it('lets nobody in by default: every endpoint says who may call it', () => {
    for (const { name, endpoint } of endpoints) {
      const { anyone, signedIn, roles, scopes } = endpoint.allowed
      expect(Boolean(anyone || signedIn || roles?.length || scopes?.length), name).toBe(true)
    }
  })
})
