import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Document, LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { z } from 'zod'
import { inOrder } from '../kernel/catalog.ts'
import type { CatalogItem, Jurisdiction, Policy, Regime, RuleRow, WindowRule } from '../kernel/policy.ts'
import { checkItem, checkPolicy } from './policy-checks.ts'
import { type Groups, withIncludes } from './policy-include.ts'
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

export type Source = { file: string; origin: string; doc: Document.Parsed; lines: LineCounter; text: string }

/** The line of the nearest node that the path leads to. */
export const lineOf = (source: Source, path: readonly PropertyKey[]): number => {
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

const ROWS = [
  'windows',
  'conditions',
  'materials',
  'terms',
  'consequences',
  'routes',
  'settings',
  'lists',
  'receivers',
  'notices',
] as const
const HEAD = ['system', 'validFrom', 'validTo', 'instrument', 'article'] as const

export type Raw = Record<string, unknown>
export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

export type Parse = { parsed: Parsed | null; problems: PolicyProblem[]; text: string }

/** What a document says; nothing of one that grows out of bounds when its aliases are followed. */
const plainOf = (doc: Document.Parsed): unknown => {
  try {
    return camelKeys(doc.toJS({ maxAliasCount: 100 }))
  } catch {
    return null
  }
}

/** One text; `file` is what it is called where something is wrong with it. `head` says what the text may leave out. */
export const parseText = (
  text: string,
  file: string,
  origin: string,
  groups: Groups = NO_GROUPS,
  head: (raw: Raw) => Raw = () => ({}),
): Parse => {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines })
  const source: Source = { file, origin, doc, lines, text }
  const at = (path: readonly PropertyKey[], message: string): PolicyProblem => ({
    file,
    line: lineOf(source, path),
    path: pathText(path),
    message,
  })
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
  const raw = plainOf(doc)
  if (!isRaw(raw))
    return {
      parsed: null,
      text,
      problems: [{ file, line: 1, path: '', message: 'the file holds no entries that can be read' }],
    }
  const whole = withIncludes({ ...head(raw), ...raw }, groups)
  if (whole.problems.length) return { parsed: null, text, problems: whole.problems.map((p) => at(p.path, p.message)) }
  const result = policyFile.safeParse(withHead(whole.raw, source))
  if (!result.success)
    return {
      parsed: null,
      text,
      problems: result.error.issues.map((issue) => at(whole.written(issue.path), sentence(issue))),
    }
  return { parsed: { source, file: result.data }, text, problems: [] }
}

const nameOf = (path: string, root: string): string => join('policy', relative(root, path)).split(sep).join('/')
const parse = (path: string, root: string, origin: string, groups: Groups = NO_GROUPS): Parse =>
  parseText(readFileSync(path, 'utf8'), nameOf(path, root), origin, groups)

const NO_GROUPS: Groups = new Map()
/** Field groups lie in folders of their own; they are read first, because items are made of them. */
const groupsIn = (paths: readonly string[]): Groups =>
  new Map(
    paths
      .filter((path) => path.split(sep).at(-2) === 'groups')
      .flatMap((path) => {
        const raw = camelKeys(parseDocument(readFileSync(path, 'utf8')).toJS())
        return isRaw(raw) && typeof raw['id'] === 'string' && Array.isArray(raw['fields'])
          ? [[raw['id'], raw['fields'].filter(isRaw)] as const]
          : []
      }),
  )

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

const itemOf = (file: Extract<PolicyFile, { kind: 'catalog' }>): CatalogItem => {
  const { kind: _, prefix: __, ...item } = file
  return item as CatalogItem
}

/**
 * What the catalog opens to the public is shown on the credit sites, unless a rule of the regime speaks of it. It is not
 * dishonesty information: no class, nothing to repair. What is not opened here or by a rule is never shown.
 */
export const shownByCatalog = (regime: Regime, catalog: readonly CatalogItem[]): WindowRule[] => {
  if (regime.channel !== 'credit_china') return []
  const named = new Set(regime.windows.flatMap((w) => w.when.item ?? []))
  const open = catalog.filter((c) => c.publicity === 'public' && !c.negative && !named.has(c.code))
  return [...new Map(open.map((c) => [c.code, c])).values()].map((item) => ({
    id: `${regime.id}/catalog-${item.code.replaceAll('_', '-')}`,
    system: regime.system,
    validFrom: regime.validFrom,
    validTo: regime.validTo,
    instrument: item.instrument,
    article: item.article,
    unsure: false,
    note: null,
    source: item.source,
    origin: item.origin,
    tier: 'rest',
    when: { item: [item.code] },
    class: 'none',
    shown: true,
    repair: 'none',
    min: null,
    max: null,
    termDelaysRepair: false,
    termExtendsMaximum: false,
    why: {
      zh: `目录列为公开的信息，向社会公示，不属于失信信息。`,
      en: 'The catalog opens it to the public; it is not dishonesty information.',
    },
  }))
}

const assemble = (jurisdiction: Jurisdiction, files: Parsed[], version: string): Policy => {
  const all = <K extends PolicyFile['kind']>(kind: K) => ofKind(files, kind)
  const overrides = all('overrides')
  const catalog = inOrder(all('catalog').map(itemOf))
  const regimes = all('regime').map((r): Regime => {
    const { kind: _, examples: __, ...regime } = r
    const own = overrides.filter((o) => o.regime === r.id)
    const windows = own.flatMap((o) => o.windows)
    return {
      ...regime,
      windows: [
        ...windows,
        ...regime.windows.filter((w) => !windows.some((o) => o.id === w.id)),
        ...shownByCatalog(regime as Regime, catalog),
      ],
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
    catalog: catalog.filter((c) => c.activation === 'in_force'),
    catalogDrafts: catalog.filter((c) => c.activation === 'on_approval'),
    lists: all('lists').flatMap((f) => f.lists),
    receivers: all('receivers').flatMap((f) => f.receivers),
    notices: all('notices').flatMap((f) => f.notices),
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
  const paths = places
    .filter(([name]) => existsSync(join(root, name)))
    .flatMap(([name, origin]) => filesUnder(join(root, name)).map((path) => ({ path, origin })))
  const groups = groupsIn(paths.map((p) => p.path))
  const read = paths.map(({ path, origin }) => parse(path, root, origin, groups))
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

export type ItemRead = { item: CatalogItem | null; problems: PolicyProblem[] }

/** A catalog item that somebody hands in, held against the same schema, groups and checks as those of the pack. */
export const readItem = (text: string, policy: Policy, root: string = POLICY_ROOT): ItemRead => {
  const { folder, code, parents } = policy.jurisdiction
  const places = [folder, ...parents.map((p) => folders(root).find((f) => f.startsWith(`${p}-`)) ?? p), 'national']
  const paths = places.filter((p) => existsSync(join(root, p))).flatMap((p) => filesUnder(join(root, p)))
  const { parsed, problems } = parseText(text, HANDED_IN, code, groupsIn(paths))
  if (!parsed) return { item: null, problems }
  if (parsed.file.kind !== 'catalog')
    return { item: null, problems: [{ file: HANDED_IN, line: 1, path: 'kind', message: 'must be catalog' }] }
  const item = itemOf(parsed.file)
  const faults = checkItem(item, policy).map(({ path, message, at }) => ({
    file: HANDED_IN,
    line: lineOf(parsed.source, at ?? []),
    path,
    message,
  }))
  return faults.length ? { item: null, problems: faults } : { item, problems: [] }
}
/** What stands for the name of a file in what is wrong with a text that has none. */
const HANDED_IN = 'item.yaml'
