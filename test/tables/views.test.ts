/** Who reads what in SQL: a capability its own tables, the platform's log, and of others the views that their doors name. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const TIERS = new Map(
  [...(/TIERS = \{([^}]*)\}/.exec(read('tools/check-imports.mjs'))?.[1] ?? '').matchAll(/(\w+): (\d+)/g)].map((m) => [
    String(m[1]),
    Number(m[2]),
  ]),
)
const capabilities = [...TIERS.keys()]
const migrations = readdirSync(join(ROOT, 'migrations'))
  .toSorted()
  .map((name) => read(`migrations/${name}`))
  .join('\n')

const VIEW = /create (?:or replace )?view (\w+)\.(v_\w+)/g
const DROPPED = /drop view (?:if exists )?(\w+\.v_\w+)/g
const dropped = new Set([...migrations.matchAll(DROPPED)].map((m) => m[1]))
const views = [...new Set([...migrations.matchAll(VIEW)].map((m) => `${m[1]}.${m[2]}`))].filter((v) => !dropped.has(v))

const sources = readdirSync(join(ROOT, 'src/capabilities'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
/** Wherever a table is read or written: in SQL as it is typed, or through the query builder. */
const NAMED = new RegExp(
  `(?:\\b(?:from|join|into|update|only)\\s+|(?:From|Into|Table|Join)\\(\\s*')(${capabilities.join('|')})\\.(\\w+)`,
  'g',
)
/** Where one needs what a peer keeps, it reads the peer's view and imports nothing of it. */
const OF_PEERS = [
  'corrections < collection.v_wrong_code',
  'objections < repair.v_refused',
  'quality < reminders.v_circular',
]
type Use = { in: string; by: string; owner: string; name: string }
const uses: Use[] = sources.flatMap((path) =>
  [...read(`src/capabilities/${path}`).matchAll(NAMED)].map((m) => ({
    in: path,
    by: path.split('/')[0] ?? '',
    owner: String(m[1]),
    name: String(m[2]),
  })),
)
const others = uses.filter((u) => u.by !== u.owner)
const said = (u: Use): string => `${u.in}: ${u.owner}.${u.name}`

describe('what capabilities read of each other', () => {
  it('is found at all', () => {
    expect(capabilities.length).toBeGreaterThan(15)
    expect(views.length).toBeGreaterThan(15)
    expect(others.length).toBeGreaterThan(20)
  })
  it('are views that are there, never tables', () => {
    expect(others.filter((u) => !views.includes(`${u.owner}.${u.name}`)).map(said)).toEqual([])
  })
  it('are views of lower tiers, or the few of peers that are named here', () => {
    const beside = others.filter((u) => TIERS.get(u.owner) === TIERS.get(u.by))
    expect([...new Set(beside.map((u) => `${u.by} < ${u.owner}.${u.name}`))].toSorted()).toEqual(OF_PEERS)
    expect(others.filter((u) => TIERS.get(u.owner)! > TIERS.get(u.by)!).map(said)).toEqual([])
  })
  it('are named at the door of their owner', () => {
    const unnamed = views.filter((v) => !read(`src/capabilities/${v.split('.')[0]}/index.ts`).includes(v))
    expect(unnamed).toEqual([])
  })
})
