import { stringify } from 'yaml'
import { inForce } from '../kernel/eligibility.ts'
import type { Policy, Regime, RuleRow } from '../kernel/policy.ts'
import { type RuleChange, changed, rowsInForce, rowsOfChange } from '../kernel/policy-change.ts'
import type { LocalDate } from '../kernel/time.ts'
import { checkPolicy } from './policy-checks.ts'
import { type PolicyProblem, type Raw, type Source, lineOf, parseText, shownByCatalog } from './policy-files.ts'
import type { PolicyFile } from './policy-schema.ts'

/** Rows of the rules that somebody hands in, held against the same schema and checks as those of the pack. */

export type ChangeRead = { change: RuleChange | null; problems: PolicyProblem[] }

/** What stands for the name of a file in what is wrong with a text that has none. */
const HANDED_IN = 'rules.yaml'
const KINDS = ['regime', 'overrides', 'routes', 'terms', 'settings'] as const

/** The first day is the proposal's; rows of a version are of its system, on its instrument unless they name another. */
const headOf =
  (policy: Policy, from: LocalDate) =>
  (raw: Raw): Raw => {
    const regime = policy.regimes.find((r) => r.id === raw['regime'] && inForce(r, from))
    // Of a version that is not in force nothing but its name is told.
    const { system, instrument } = regime ?? policy.regimes[0] ?? {}
    return { validFrom: from, ...(raw['kind'] === 'overrides' ? { system, instrument } : {}) }
  }

const changeOf = (file: PolicyFile, policy: Policy): RuleChange | null => {
  switch (file.kind) {
    case 'regime': {
      const { kind: _, examples: __, ...rest } = file
      const regime = rest as Regime
      return {
        kind: 'regime',
        regime: { ...regime, windows: [...regime.windows, ...shownByCatalog(regime, policy.catalog)] },
      }
    }
    case 'overrides':
    case 'routes':
    case 'terms':
    case 'settings':
      return file as RuleChange
    default:
      return null
  }
}

const place = (line: number, path: string, message: string): PolicyProblem => ({ file: HANDED_IN, line, path, message })

/** Rows of a change carry the line they were written in. */
const placeOf = (source: string): number => Number(source.slice(source.lastIndexOf(':') + 1)) || 1

const faultsOf = (change: RuleChange, source: Source, policy: Policy, from: LocalDate): PolicyProblem[] => {
  const at = (path: PropertyKey[], message: string) => place(lineOf(source, path), path.join('.'), message)
  const rows = rowsOfChange(change)
  if (!rows.length) return [at([], 'the file holds no rows')]
  if (change.kind === 'overrides' && !policy.regimes.some((r) => r.id === change.regime && inForce(r, from)))
    return [
      at(
        ['regime'],
        `no version called ${change.regime} is in force on ${from}; there are ${rowsInForce(policy, from)
          .filter((r) => 'windows' in r)
          .map((r) => r.id)
          .join(', ')}`,
      ),
    ]
  const late = rows.find((r) => r.validFrom > from)
  if (late) return [place(placeOf(late.source), late.id, `begins on ${late.validFrom}, after the day of the change`)]
  return []
}

const examplesOf = (file: PolicyFile): Policy['examples'] =>
  file.kind === 'regime' ? (file.examples as Policy['examples']) : []

/** Everything that is wrong with a text, each with its line; the change only when nothing is. */
export const readChange = (text: string, policy: Policy, from: LocalDate): ChangeRead => {
  const origin = policy.jurisdiction.code
  const { parsed, problems } = parseText(text, HANDED_IN, origin, undefined, headOf(policy, from))
  if (!parsed) return { change: null, problems }
  const change = changeOf(parsed.file, policy)
  if (!change) return { change: null, problems: [place(1, 'kind', `must be one of: ${KINDS.join(', ')}`)] }
  const first = faultsOf(change, parsed.source, policy, from)
  if (first.length) return { change: null, problems: first }
  const faults = checkChange(change, policy, from, examplesOf(parsed.file))
  return faults.length ? { change: null, problems: faults } : { change, problems: [] }
}

/** Whether the rules hold together with a change laid over them; the examples of the pack speak of the rules before it. */
export const checkChange = (
  change: RuleChange,
  policy: Policy,
  from: LocalDate,
  examples: Policy['examples'] = [],
): PolicyProblem[] =>
  checkPolicy({ ...changed(policy, change, from), examples }).map(({ source, path, message }) =>
    place(placeOf(source), path, message),
  )

const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
const snakeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([k, v]) => (v === undefined ? [] : [[snake(k), snakeKeys(v)]])),
  )
}

/** A document in the spelling of the pack. */
export const writeDocument = (content: Record<string, unknown>): string =>
  stringify(snakeKeys(content), { lineWidth: 140, collectionStyle: 'any' })

const HEAD: ReadonlySet<string> = new Set(['source', 'origin', 'validFrom', 'validTo', 'unsure', 'note'])
const PARTS = ['windows', 'conditions', 'materials', 'terms', 'consequences'] as const

/** What a row says, without its place and its days; what is as everywhere is left out. */
const content = (row: RuleRow): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([k, v]) =>
        (!HEAD.has(k) || (k === 'unsure' && v === true) || (k === 'note' && v !== null)) &&
        v !== null &&
        !(Array.isArray(v) && v.length === 0) &&
        !(k === 'when' && Object.keys(v as object).length === 0),
    ),
  )

/** A row that is in force, as a text that can be edited and handed in as a change. */
export const textOfRow = (policy: Policy, id: string, on: LocalDate): string | null => {
  const lists = ['routes', 'terms', 'settings'] as const
  for (const kind of lists) {
    const row = rowsInForce({ ...policy, regimes: [] }, on).find((r) => r.id === id)
    if (row && policy[kind].some((r) => r === row)) return writeDocument({ kind, [kind]: [content(row)] })
  }
  for (const regime of policy.regimes.filter((r) => inForce(r, on))) {
    for (const part of PARTS) {
      const row = regime[part].find((r) => r.id === id)
      if (row) return writeDocument({ kind: 'overrides', regime: regime.id, [part]: [content(row)] })
    }
  }
  return null
}
