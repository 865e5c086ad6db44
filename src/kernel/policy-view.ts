import type { Policy, RuleRow } from './policy.ts'
import type { Words } from './words.ts'

/** Reading a policy as a lawyer would: all its rows, what is still open, and what differs between two of them. */

export const policyRows = (policy: Policy): RuleRow[] => [
  ...policy.regimes.flatMap((r) => [r, ...r.windows, ...r.conditions, ...r.materials, ...r.terms, ...r.consequences]),
  ...policy.routes,
  ...policy.terms,
  ...policy.settings,
  ...policy.catalog,
  ...policy.lists,
  ...policy.receivers,
  ...policy.notices,
]

export type UnsureRow = { id: string; article: string | null; source: string; note: Words | null }

/** Everything marked unsure, rows and smaller things alike. */
export const listUnsure = (policy: Policy): UnsureRow[] => [
  ...policyRows(policy)
    .filter((r) => r.unsure)
    .map(({ id, article, source, note }) => ({ id, article, source, note })),
  ...policy.regimes
    .filter((r) => r.transition.unsure)
    .map((r) => ({ id: `${r.id}/transition`, article: r.article, source: r.source, note: r.transition.note })),
  ...policy.catalog.flatMap((item) =>
    item.fields
      .filter((f) => f.unsure)
      .map((f) => ({ id: `${item.id}/${f.code}`, article: item.article, source: item.source, note: f.note })),
  ),
  ...policy.usccCategories
    .filter((c) => c.unsure)
    .map((c) => ({
      id: `uscc/${c.code}`,
      article: null,
      source: 'policy/national/codes/uscc-categories.yaml',
      note: { zh: `${c.name.zh}：仅有单一来源。`, en: `${c.name.en}: one source only.` },
    })),
  ...policy.calendar
    .filter((y) => y.unsure)
    .map((y) => ({
      id: `calendar/${y.year}`,
      article: y.instrument.zh,
      source: `policy/national/calendar/${y.year}.yaml`,
      note: y.note,
    })),
]

export type PolicyChange = {
  id: string
  change: 'added' | 'removed' | 'changed'
  before: RuleRow | null
  after: RuleRow | null
  /** changed: which keys differ. */
  keys: string[]
}

const PLACE = new Set(['source', 'origin'])
/** A version of the rules contains its rows; those are compared one by one. */
const NESTED = new Set(['windows', 'conditions', 'materials', 'terms', 'consequences'])

const differing = (a: RuleRow, b: RuleRow): string[] => {
  const [x, y] = [a as unknown as Record<string, unknown>, b as unknown as Record<string, unknown>]
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter(
    (k) => !PLACE.has(k) && !NESTED.has(k) && JSON.stringify(x[k]) !== JSON.stringify(y[k]),
  )
}

export const diffPolicies = (before: readonly RuleRow[], after: readonly RuleRow[]): PolicyChange[] => {
  const old = new Map(before.map((r) => [r.id, r]))
  const now = new Map(after.map((r) => [r.id, r]))
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((id): PolicyChange[] => {
    const [a, b] = [old.get(id) ?? null, now.get(id) ?? null]
    if (!a) return [{ id, change: 'added', before: null, after: b, keys: [] }]
    if (!b) return [{ id, change: 'removed', before: a, after: null, keys: [] }]
    const keys = differing(a, b)
    return keys.length > 0 ? [{ id, change: 'changed', before: a, after: b, keys }] : []
  })
}
