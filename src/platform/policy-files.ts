import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Document, LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Jurisdiction, Policy, Regime, RuleRow } from '../kernel/policy.ts'
import { checkPolicy } from './policy-checks.ts'
import { type PolicyFile, policyFile } from './policy-schema.ts'

/** Reads `policy/`: national files, then the jurisdiction's parents and its own, its rows first. Nothing is guessed. */

export type PolicyProblem = { file: string; line: number; path: string; message: string }

export class PolicyInvalid extends Error {
  readonly problems: PolicyProblem[]
  constructor(problems: PolicyProblem[]) {
    super(`The policy pack cannot be used:\n${problems.map(problemLine).join('\n')}`)
    this.name = 'PolicyInvalid'
    this.problems = problems
  }
}

export const problemLine = (p: PolicyProblem): string =>
  `${p.file}:${p.line}: ${p.path ? `${p.path}: ` : ''}${p.message}`

export const POLICY_ROOT = fileURLToPath(new URL('../../policy', import.meta.url))

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase())
const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

/** Values are left alone; only keys change their spelling. A setting's value keeps its keys as the schema names them. */
const camelKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [camel(k), camelKeys(v)]))
}

type Source = { file: string; origin: string; doc: Document.Parsed; lines: LineCounter; text: string }

/** The line of the nearest node that the path leads to. */
const lineOf = (source: Source, path: readonly PropertyKey[]): number => {
  let node: unknown = source.doc.contents
  let at = 0
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (i) => isScalar(i.key) && (i.key.value === part || i.key.value === snake(String(part))),
      )
      if (!pair) break
      if (isScalar(pair.key) && pair.key.range) at = pair.key.range[0]
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      const range = (node as { range?: [number, number, number] } | undefined)?.range
      if (range) at = range[0]
    } else break
  }
  return source.lines.linePos(at).line
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (t, p) => (typeof p === 'number' ? `${t}[${p}]` : t ? `${t}.${snake(String(p))}` : snake(String(p))),
    '',
  )

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => {
      const path = join(folder, e.name)
      return e.isDirectory() ? filesUnder(path) : e.name.endsWith('.yaml') ? [path] : []
    })

const ROWS = ['windows', 'conditions', 'materials', 'terms', 'consequences', 'routes', 'settings', 'lists'] as const
const HEAD = ['system', 'validFrom', 'validTo', 'instrument', 'article'] as const

type Raw = Record<string, unknown>
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The head of a file stands for every row in it that does not say otherwise; each row learns where it is written. */
const withHead = (raw: Raw, source: Source): Raw => {
  const head = Object.fromEntries(HEAD.filter((k) => raw[k] !== undefined).map((k) => [k, raw[k]]))
  const { article: _, ...shared } = head
  const regimeId = raw['kind'] === 'regime' ? raw['id'] : raw['kind'] === 'overrides' ? raw['regime'] : null
  const owner = typeof regimeId === 'string' ? regimeId : null
  const place = (path: PropertyKey[]) => ({ source: `${source.file}:${lineOf(source, path)}`, origin: source.origin })
  const full = (id: unknown) => (owner && typeof id === 'string' && !id.includes('/') ? `${owner}/${id}` : id)
  const rows = (name: string, list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((r, i) => {
          if (!isRaw(r)) return r
          const when =
            isRaw(r['when']) && Array.isArray(r['when']['unlessAllMeet'])
              ? { when: { ...r['when'], unlessAllMeet: r['when']['unlessAllMeet'].map(full) } }
              : {}
          return { ...shared, ...r, ...when, id: full(r['id']), ...place([name, i]) }
        })
      : list
  const named = Object.fromEntries(ROWS.filter((n) => raw[n] !== undefined).map((n) => [n, rows(n, raw[n])]))
  const examples = Array.isArray(raw['examples'])
    ? { examples: raw['examples'].map((e, i) => (isRaw(e) ? { ...e, source: place(['examples', i]).source } : e)) }
    : {}
  const single = raw['kind'] === 'regime' || raw['kind'] === 'catalog' || raw['kind'] === 'calendar'
  const own = raw['kind'] === 'regime' || raw['kind'] === 'catalog' ? place([]) : {}
  const bare = single
    ? raw
    : Object.fromEntries(Object.entries(raw).filter(([k]) => !(HEAD as readonly string[]).includes(k)))
  return { ...bare, ...named, ...examples, ...own }
}

type Parsed = { source: Source; file: PolicyFile }

const parse = (
  path: string,
  root: string,
  origin: string,
): { parsed: Parsed | null; problems: PolicyProblem[]; text: string } => {
  const file = join('policy', relative(root, path)).split(sep).join('/')
  const text = readFileSync(path, 'utf8')
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines })
  const source: Source = { file, origin, doc, lines, text }
  if (doc.errors.length > 0)
    return {
      parsed: null,
      text,
      problems: doc.errors.map((e) => ({
        file,
        line: lines.linePos(e.pos[0]).line,
        path: '',
        message: `not readable as YAML: ${e.message.split('\n')[0] ?? ''}`,
      })),
    }
  const raw = camelKeys(doc.toJS())
  if (!isRaw(raw)) return { parsed: null, text, problems: [{ file, line: 1, path: '', message: 'the file is empty' }] }
  const result = policyFile.safeParse(withHead(raw, source))
  if (!result.success)
    return {
      parsed: null,
      text,
      problems: result.error.issues.map((issue) => ({
        file,
        line: lineOf(source, issue.path),
        path: pathText(issue.path),
        message: sentence(issue),
      })),
    }
  return { parsed: { source, file: result.data }, text, problems: [] }
}

const sentence = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return `no such key here: ${issue.keys.map(snake).join(', ')}`
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing'
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}

const ofKind = <K extends PolicyFile['kind']>(files: Parsed[], kind: K): Extract<PolicyFile, { kind: K }>[] =>
  files.flatMap(({ file }) => (file.kind === kind ? [file as Extract<PolicyFile, { kind: K }>] : []))

/** A jurisdiction's row replaces a row of the same id for the days on which it is in force; otherwise both stand. */
const merged = <T extends RuleRow>(base: readonly T[], own: readonly T[]): T[] => [...own, ...base]

const bare = <T extends { kind: string }>(file: T): Omit<T, 'kind'> => {
  const { kind: _, ...rest } = file
  return rest
}

const assemble = (jurisdiction: Jurisdiction, files: Parsed[], version: string): Policy => {
  const all = <K extends PolicyFile['kind']>(kind: K) => ofKind(files, kind)
  const overrides = all('overrides')
  const regimes = all('regime').map((r): Regime => {
    const { kind: _, examples: __, ...regime } = r
    const own = overrides.filter((o) => o.regime === r.id)
    const windows = own.flatMap((o) => o.windows)
    return {
      ...regime,
      windows: [...windows, ...regime.windows.filter((w) => !windows.some((o) => o.id === w.id))],
      conditions: merged(
        regime.conditions,
        own.flatMap((o) => o.conditions),
      ),
      materials: merged(
        regime.materials,
        own.flatMap((o) => o.materials),
      ),
      terms: merged(
        regime.terms,
        own.flatMap((o) => o.terms),
      ),
      consequences: merged(
        regime.consequences,
        own.flatMap((o) => o.consequences),
      ),
    }
  })
  return {
    jurisdiction,
    version,
    regimes,
    routes: all('routes').flatMap((f) => f.routes),
    terms: all('terms').flatMap((f) => f.terms),
    settings: all('settings').flatMap((f) => f.settings),
    catalog: all('catalog').map((f) => bare(f)),
    lists: all('lists').flatMap((f) => f.lists),
    fields: all('codes').flatMap((f) => f.fields),
    listCauses: all('codes').flatMap((f) => f.listCauses),
    divisions: all('divisions').flatMap((f) => f.divisions),
    usccCategories: all('uscc_categories').flatMap((f) => f.categories),
    calendar: all('calendar').map((f) => bare(f)),
    examples: all('regime').flatMap((f) => f.examples),
  } as Policy
}

const folders = (root: string): string[] =>
  existsSync(root)
    ? readdirSync(root, { withFileTypes: true })
        .filter((e) => e.isDirectory() && /^\d{6}-/.test(e.name))
        .map((e) => e.name)
        .toSorted()
    : []

/** Codes of the jurisdictions that have a folder. */
export const jurisdictionCodes = (root: string = POLICY_ROOT): string[] => folders(root).map((f) => f.slice(0, 6))

export type PolicyRead = { policy: Policy | null; problems: PolicyProblem[] }

/** Everything that is wrong, each with file and line; the policy only when nothing is. */
export const readPolicy = (jurisdictionCode: string, root: string = POLICY_ROOT): PolicyRead => {
  const folder = folders(root).find((f) => f.startsWith(`${jurisdictionCode}-`))
  if (!folder)
    return {
      policy: null,
      problems: [
        {
          file: 'policy',
          line: 1,
          path: '',
          message: `there is no jurisdiction ${jurisdictionCode}; there are ${jurisdictionCodes(root).join(', ')}`,
        },
      ],
    }
  const head = parse(join(root, folder, 'jurisdiction.yaml'), root, jurisdictionCode)
  if (head.parsed?.file.kind !== 'jurisdiction') return { policy: null, problems: head.problems }
  const own = head.parsed.file
  const parents = own.parents.map((p) => folders(root).find((f) => f.startsWith(`${p}-`)) ?? p)
  const places: [string, string][] = [
    [folder, jurisdictionCode],
    ...parents.map((f): [string, string] => [f, f.slice(0, 6)]),
    ['national', 'national'],
  ]
  const read = places
    .filter(([name]) => existsSync(join(root, name)))
    .flatMap(([name, origin]) => filesUnder(join(root, name)).map((path) => parse(path, root, origin)))
  const problems = read.flatMap((r) => r.problems)
  if (problems.length > 0) return { policy: null, problems }
  const files = read.flatMap((r) => (r.parsed ? [r.parsed] : []))
  const digest = createHash('sha256')
  for (const { text } of read) digest.update(text).update('\0')
  const { kind: _, ...jurisdiction } = own
  const policy = assemble({ ...jurisdiction, folder }, files, digest.digest('hex').slice(0, 12))
  const faults = checkPolicy(policy).map(({ source, path, message }): PolicyProblem => {
    const cut = source.lastIndexOf(':')
    return { file: source.slice(0, cut), line: Number(source.slice(cut + 1)), path, message }
  })
  return faults.length > 0 ? { policy: null, problems: faults } : { policy, problems: [] }
}

/** For the server and the tests: the policy, or one error that names every problem. */
export const loadPolicy = (jurisdictionCode: string, root: string = POLICY_ROOT): Policy => {
  const { policy, problems } = readPolicy(jurisdictionCode, root)
  if (!policy) throw new PolicyInvalid(problems)
  return policy
}
