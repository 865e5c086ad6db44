import { type Route, inForce, isReviewed, isWindowItem, regimeOn, settingOf, termOf } from '../../kernel/eligibility.ts'
import type {
  ConditionRule,
  ConsequenceRule,
  FactsWhen,
  ItemCode,
  MaterialRule,
  Policy,
  Regime,
  RouteRule,
  RuleRow,
  SettingRule,
  SubjectKind,
  TermRule,
  WindowRule,
} from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts, meets, meetsAny } from '../../kernel/window.ts'

/**
 * The guide is the rules in force, read for a kind of record, a kind of subject and the system of the deciding authority. What
 * else a rule asks about (the cause of an entry, the kind of penalty) is not known here: such rows stand with the case that they
 * are for, in the order in which the rules are read, up to the first that asks nothing more. So guide and behaviour are the same rows.
 */

export type Choice = { item: ItemCode; subjectKind: SubjectKind; system: string }
/** A row with the case it is for; `where` is empty where it always applies. */
export type Case<T> = { row: T; where: FactsWhen; levels: readonly string[] }
export type GuideStep = { step: string; terms: Case<TermRule>[] }
export type GuideRoute = {
  route: Case<RouteRule>
  regime: Regime | null
  /** Where the window takes applications of this kind and accepts them itself: by which row. */
  atWindow: SettingRule | null
  /** A local first review that goes before; null where there is none. */
  firstReview: { terms: Case<TermRule>[]; row: SettingRule } | null
  conditions: Case<ConditionRule>[]
  materials: Case<MaterialRule>[]
  steps: GuideStep[]
  /** What the applicant signs; null where the rules have no text. */
  commitment: SettingRule | null
  consequences: ConsequenceRule[]
}
export type Guide = {
  choice: Choice
  on: LocalDate
  routes: GuideRoute[]
  /** Periods on each channel, with the version that they stand in. */
  periods: { regime: Regime; rows: Case<WindowRule>[] }[]
}

/** What the choice settles; everything else a rule may ask is a case. */
const SETTLED = ['item', 'subjectKind', 'recordSystem', 'recordSystemNot'] as const
const settledPart = (when: FactsWhen): FactsWhen =>
  Object.fromEntries(SETTLED.flatMap((k) => (when[k] === undefined ? [] : [[k, when[k]]])))
const openPart = (when: FactsWhen): FactsWhen =>
  Object.fromEntries(
    Object.entries(when).filter(([k, v]) => v !== undefined && !SETTLED.some((s) => s === k)),
  ) as FactsWhen

/** A record of which only the choice is known. */
export const factsOfChoice = ({ item, subjectKind, system }: Choice, on: LocalDate): RecordFacts => ({
  item,
  system,
  subjectKind,
  decidedOn: on,
  publishedOn: on,
  ...NOTHING_KNOWN,
})

type Row = Pick<RuleRow, 'validFrom' | 'validTo'> & { when: FactsWhen; levels?: readonly string[] }
const casesOf = <T extends Row>(rows: readonly T[], choice: Choice, on: LocalDate): Case<T>[] => {
  const facts = factsOfChoice(choice, on)
  return rows
    .filter((r) => inForce(r, on) && meets(settledPart(r.when), facts, null))
    .map((row) => ({ row, where: openPart(row.when), levels: row.levels ?? [] }))
}
const isAlways = (c: Case<unknown>): boolean => Object.keys(c.where).length === 0 && c.levels.length === 0
/** Where the first row that fits decides: everything behind one that always fits is never reached. */
const upToAlways = <T>(cases: readonly Case<T>[]): Case<T>[] => {
  const last = cases.findIndex(isAlways)
  return last < 0 ? [...cases] : cases.slice(0, last + 1)
}

/** Whether a case is that of a record; the same question that the rules ask. */
export const isCaseOf = (
  c: Pick<Case<unknown>, 'where' | 'levels'>,
  facts: RecordFacts,
  level: string | null,
): boolean => (c.levels.length === 0 || (level !== null && c.levels.includes(level))) && meetsAny(c.where, facts)

const termsOf = (policy: Policy, system: string, step: string, choice: Choice, on: LocalDate): Case<TermRule>[] => {
  const rows = [...policy.terms.filter((t) => t.system === system), ...(regimeOn(policy, system, on)?.terms ?? [])]
  return upToAlways(
    casesOf(
      rows.filter((t) => t.step === step),
      choice,
      on,
    ),
  )
}

/** Steps that are not of every route, told where the rules set a term for them. */
const BESIDE = ['push', 'push_cross_province', 'total'] as const

const reviewOf = (policy: Policy, route: RouteRule, choice: Choice, on: LocalDate): GuideRoute['firstReview'] => {
  const row = settingOf(policy, 'first_review', on)
  const terms = termsOf(policy, route.routesTo, 'first_review', choice, on)
  // It is of what its finder decides; lists go straight to who keeps them.
  return row && isReviewed(row, choice.item) && terms.length && route.decider === 'finder' ? { terms, row } : null
}

/** Of the kinds that the window handles at all (Sichuan 一、二（一）); without such a row, of every kind. */
const atWindowOf = (policy: Policy, item: ItemCode, on: LocalDate): SettingRule | null => {
  const accepts = settingOf(policy, 'window_accepts', on)
  return accepts?.value === true && isWindowItem(policy, item, on) ? accepts : null
}

const routeGuide = (policy: Policy, route: Case<RouteRule>, choice: Choice, on: LocalDate): GuideRoute => {
  const system = route.row.routesTo
  const regime = regimeOn(policy, system, on)
  const steps = [...BESIDE.slice(0, 2), ...route.row.steps, ...BESIDE.slice(2)].filter(
    (s, i, all) => all.indexOf(s) === i,
  )
  return {
    route,
    regime,
    atWindow: atWindowOf(policy, choice.item, on),
    firstReview: reviewOf(policy, route.row, choice, on),
    conditions: regime ? casesOf(regime.conditions, choice, on) : [],
    materials: regime ? casesOf(regime.materials, choice, on) : [],
    steps: steps.flatMap((step) => {
      const terms = termsOf(policy, system, step, choice, on)
      return terms.length ? [{ step, terms }] : []
    }),
    commitment:
      policy.settings.find((s) => s.key === 'commitment_text' && s.system === system && inForce(s, on)) ?? null,
    consequences: regime?.consequences.filter((c) => inForce(c, on)) ?? [],
  }
}

export const guideOf = (policy: Policy, choice: Choice, on: LocalDate): Guide => {
  const shown = policy.regimes.filter((r) => r.channel !== null && inForce(r, on))
  return {
    choice,
    on,
    routes: upToAlways(casesOf(policy.routes, choice, on)).map((r) => routeGuide(policy, r, choice, on)),
    periods: shown.flatMap((regime) => {
      const all = casesOf(regime.windows, choice, on)
      // What is no matter of these rules at all, or never shown, is not sorted any further.
      const never = all.filter((c) => isAlways(c))
      const first = never.find((c) => c.row.tier === 'outside') ?? never.find((c) => c.row.tier === 'hide')
      const rows = first ? [first] : all
      return rows.length ? [{ regime, rows }] : []
    }),
  }
}

/** Kinds of record that are routed at all, those that may be shown first, in the order of the catalog; and the systems that rows speak of. */
export const guideItems = (policy: Policy, on: LocalDate): ItemCode[] => {
  const routed = new Set(policy.routes.filter((r) => inForce(r, on)).flatMap((r) => r.when.item ?? []))
  const rows = policy.regimes.filter((r) => inForce(r, on)).flatMap((r) => r.windows.filter((w) => w.shown))
  const shown = new Set(rows.flatMap((w) => w.when.item ?? []))
  const items = [...new Set(policy.catalog.map((c) => c.code))].filter((c) => routed.has(c))
  return items.toSorted((a, b) => Number(shown.has(b)) - Number(shown.has(a)))
}
const PLAIN = 'general'
export const guideSystems = (policy: Policy, on: LocalDate): string[] => {
  const rows = policy.routes.filter((r) => inForce(r, on))
  return [...new Set([PLAIN, ...rows.flatMap((r) => r.when.recordSystem ?? [])])]
}
/** Whether records of a kind may come from a system at all: every such choice is routed one way or other. */
export const guideSystemsOf = (policy: Policy, item: ItemCode, on: LocalDate): string[] => {
  const rows = policy.routes.filter((r) => inForce(r, on) && (r.when.item?.includes(item) ?? true))
  const named = rows.flatMap((r) => r.when.recordSystem ?? [])
  return guideSystems(policy, on).filter(
    (s) => named.includes(s) || (s === PLAIN && rows.some((r) => !r.when.recordSystem)),
  )
}

/** The terms of a known record, step by step: first review, where there is one, and the steps of its route. */
export const termsFor = (
  policy: Policy,
  route: Pick<Route, 'system' | 'steps' | 'firstReview' | 'decider'>,
  facts: RecordFacts,
  on: LocalDate,
): TermRule[] => {
  const review = route.firstReview?.enabled && route.decider === 'finder' ? [route.firstReview.term] : []
  const beside = (steps: readonly string[]) => steps.map((step) => termOf(policy, route.system, step, on, facts))
  return [
    ...review,
    ...beside(['push', 'push_cross_province']),
    ...route.steps.map((s) => s.term),
    ...beside(['total']),
  ].flatMap((term) => term ?? [])
}
