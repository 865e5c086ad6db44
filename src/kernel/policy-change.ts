import { inForce, regimeOn, settingOf } from './eligibility.ts'
import type {
  ConditionRule,
  ConsequenceRule,
  MaterialRule,
  Policy,
  Regime,
  RouteRule,
  RuleRow,
  SettingRule,
  TermRule,
  WindowRule,
} from './policy.ts'
import { type LocalDate, addDays } from './time.ts'
import type { Words } from './words.ts'

/**
 * A change of the rules beside the pack. From its first day on a row stands in the place of the row with its id; one whose
 * own last day lies before that day takes it out. What is in force until then is left as it was.
 */

type Transition = Regime['transition']
export type RegimeRows = {
  windows: WindowRule[]
  conditions: ConditionRule[]
  materials: MaterialRule[]
  terms: TermRule[]
  consequences: ConsequenceRule[]
}
export type RuleChange =
  | { kind: 'regime'; regime: Regime }
  | ({ kind: 'overrides'; regime: string } & RegimeRows)
  | { kind: 'routes'; routes: RouteRule[] }
  | { kind: 'terms'; terms: TermRule[] }
  | { kind: 'settings'; settings: SettingRule[] }
  /** How records that began before one version of a system's rules pass over to it. */
  | { kind: 'transition'; regime: string; version: string; recordsBefore: Transition['recordsBefore']; note: Words }

/** The switch that says how records pass over to rules that were changed beside the pack. */
export const TRANSITION_SETTING = 'rule_change_transition'

const takesOut = (row: RuleRow, from: LocalDate): boolean => row.validTo !== null && row.validTo < from
const begun = <T extends RuleRow>(row: T, from: LocalDate): T =>
  row.validFrom < from ? { ...row, validFrom: from } : row
const earlier = (a: LocalDate | null, b: LocalDate): LocalDate => (a === null || b < a ? b : a)

/** Rows with a change laid over them: each in the place of the one it follows, new ones in front. */
const laidOver = <T extends RuleRow>(rows: readonly T[], added: readonly T[], from: LocalDate): T[] => {
  const byId = new Map(added.map((a) => [a.id, a]))
  const placed = new Set<string>()
  const kept = rows.flatMap((row) => {
    const next = byId.get(row.id)
    if (!next || !inForce(row, from)) return [row]
    const before = row.validFrom < from ? [{ ...row, validTo: addDays(from, -1) }] : []
    if (placed.has(row.id)) return before
    placed.add(row.id)
    return takesOut(next, from) ? before : [begun(next, from), ...before]
  })
  const fresh = added.filter((a) => !placed.has(a.id) && !takesOut(a, from))
  return [...fresh.map((a) => begun(a, from)), ...kept]
}

const PARTS = ['windows', 'conditions', 'materials', 'terms', 'consequences'] as const

/** A version of a system's rules that ends the day before. */
const closed = (regime: Regime, from: LocalDate): Regime => {
  const last = addDays(from, -1)
  const end = <T extends RuleRow>(rows: readonly T[]): T[] =>
    rows.map((r) => ({ ...r, validTo: earlier(r.validTo, r.validFrom > last ? r.validFrom : last) }))
  return {
    ...regime,
    validTo: earlier(regime.validTo, last),
    windows: end(regime.windows),
    conditions: end(regime.conditions),
    materials: end(regime.materials),
    terms: end(regime.terms),
    consequences: end(regime.consequences),
  }
}

/** `ndrc-36@2026-04-01` changed from 2026-12-01 on is `ndrc-36@2026-12-01`. */
const versionFrom = (version: string, from: LocalDate): string => `${version.split('@')[0]}@${from}`

/** The rows of one part of a version: of those that are still in force, with the change laid over them. */
const partFrom = <T extends RuleRow>(rows: readonly T[], added: readonly T[], from: LocalDate): T[] => {
  const standing = rows.filter((r) => r.validTo === null || r.validTo >= from).map((r) => begun(r, from))
  return laidOver(standing, added, from)
}

/** The version that follows on a day, when rows of the one in force change. */
const followed = (regime: Regime, rows: RegimeRows, from: LocalDate, transition: Transition): Regime => ({
  ...regime,
  version: versionFrom(regime.version, from),
  validFrom: from,
  transition,
  windows: partFrom(regime.windows, rows.windows, from),
  conditions: partFrom(regime.conditions, rows.conditions, from),
  materials: partFrom(regime.materials, rows.materials, from),
  terms: partFrom(regime.terms, rows.terms, from),
  consequences: partFrom(regime.consequences, rows.consequences, from),
})

/** As the pack's switch says; without one, as the version that is followed passed over. */
const transitionFrom = (policy: Policy, regime: Regime, from: LocalDate): Transition => {
  const row = settingOf(policy, TRANSITION_SETTING, from)
  if (!row) return regime.transition
  return { recordsBefore: row.value as Transition['recordsBefore'], unsure: row.unsure, note: row.note }
}

/** A whole version of a system's rules; one that is called as a known one gets a name of its own. */
const asVersion = (policy: Policy, regime: Regime, from: LocalDate): Regime => {
  const known = policy.regimes.some((r) => r.version === regime.version)
  return {
    ...followed(regime, NO_ROWS, from, regime.transition),
    version: known ? versionFrom(regime.version, from) : regime.version,
  }
}
const NO_ROWS: RegimeRows = { windows: [], conditions: [], materials: [], terms: [], consequences: [] }

const withRegime = (regimes: readonly Regime[], next: Regime): Regime[] => [
  ...regimes.map((r) => (r.system === next.system && inForce(r, next.validFrom) ? closed(r, next.validFrom) : r)),
  next,
]

/** The rows by which a change would be known again as rows of the pack. */
export const rowsOfChange = (change: RuleChange): RuleRow[] => {
  if (change.kind === 'regime') return [change.regime, ...PARTS.flatMap((p): RuleRow[] => change.regime[p])]
  if (change.kind === 'overrides') return PARTS.flatMap((p): RuleRow[] => change[p])
  if (change.kind === 'routes') return change.routes
  if (change.kind === 'terms') return change.terms
  return change.kind === 'settings' ? change.settings : []
}

const withSettings = (
  settings: readonly SettingRule[],
  added: readonly SettingRule[],
  from: LocalDate,
): SettingRule[] =>
  added.reduce<SettingRule[]>(
    (rows, row) => {
      const now = settingOf({ settings: rows }, row.key, from)
      // Of one key the row that answers gives way, whatever it is called.
      return laidOver(rows, [now ? { ...row, id: now.id } : row], from)
    },
    [...settings],
  )

const withRows = (policy: Policy, change: RegimeRows & { regime: string }, from: LocalDate): Policy => {
  const now = policy.regimes.find((r) => r.id === change.regime && inForce(r, from))
  if (!now) return policy
  const next = followed(now, change, from, transitionFrom(policy, now, from))
  return { ...policy, regimes: withRegime(policy.regimes, { ...next, validTo: now.validTo }) }
}

/** The rules as they are once a change is in force. */
export const changed = (policy: Policy, change: RuleChange, from: LocalDate): Policy => {
  switch (change.kind) {
    case 'settings':
      return { ...policy, settings: withSettings(policy.settings, change.settings, from) }
    case 'routes':
      return { ...policy, routes: laidOver(policy.routes, change.routes, from) }
    case 'terms':
      return { ...policy, terms: laidOver(policy.terms, change.terms, from) }
    case 'transition':
      return {
        ...policy,
        regimes: policy.regimes.map((r) =>
          r.id === change.regime && r.version === change.version
            ? { ...r, transition: { recordsBefore: change.recordsBefore, unsure: false, note: change.note } }
            : r,
        ),
      }
    case 'regime':
      return { ...policy, regimes: withRegime(policy.regimes, asVersion(policy, change.regime, from)) }
    case 'overrides':
      return withRows(policy, change, from)
    default:
      return policy
  }
}

/** Every row that answers on a day: of a system the version in force, of a key the row that goes first. */
export const rowsInForce = (policy: Policy, on: LocalDate): RuleRow[] => {
  const systems = [...new Set(policy.regimes.map((r) => r.system))]
  const regimes = systems.flatMap((s) => regimeOn(policy, s, on) ?? [])
  const keys = [...new Set(policy.settings.map((s) => s.key))]
  return [
    ...regimes.flatMap((r): RuleRow[] => [r, ...PARTS.flatMap((p): RuleRow[] => r[p].filter((x) => inForce(x, on)))]),
    ...policy.routes.filter((r) => inForce(r, on)),
    ...policy.terms.filter((t) => inForce(t, on)),
    ...keys.flatMap((key) => settingOf(policy, key, on) ?? []),
  ]
}

/** Which items the records are of that a change may concern; null: of any. None: no window and no repair hangs on it. */
export const itemsConcerned = (policy: Policy, change: RuleChange, from: LocalDate): string[] | null => {
  if (change.kind === 'settings' || change.kind === 'terms') return []
  if (change.kind === 'regime' || change.kind === 'transition') return null
  const ids = new Set(rowsOfChange(change).map((r) => r.id))
  const rows = [...rowsOfChange(change), ...rowsInForce(policy, from).filter((r) => ids.has(r.id))]
  const items = new Set<string>()
  for (const row of rows) {
    if (!('when' in row) || !('tier' in row || 'needs' in row || 'routesTo' in row)) continue
    const { item } = (row as WindowRule).when
    if (!item) return null
    for (const code of item) items.add(code)
  }
  return [...items]
}
