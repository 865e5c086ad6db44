import type {
  ConditionNeed,
  ConditionRule,
  KnownFact,
  MaterialRule,
  Policy,
  Regime,
  RepairSystem,
  RouteRule,
  RuleRow,
  SettingRule,
  TermRule,
} from './policy.ts'
import { type LocalDate, addDays, addPeriod } from './time.ts'
import { type RecordFacts, type Window, meetsAny } from './window.ts'
import type { Words } from './words.ts'

/** Whether a row is in force on a day; its last day counts. */
export const inForce = (row: Pick<RuleRow, 'validFrom' | 'validTo'>, on: LocalDate): boolean =>
  row.validFrom <= on && (row.validTo === null || on <= row.validTo)

/** A jurisdiction's own row goes before its parents' and the national one: rows are kept in that order. */
const firstInForce = <T extends RuleRow>(rows: readonly T[], on: LocalDate, fits: (row: T) => boolean): T | null =>
  rows.find((row) => inForce(row, on) && fits(row)) ?? null

/** The version of a system's rules on a day. */
export const regimeOn = (policy: Pick<Policy, 'regimes'>, system: string, on: LocalDate): Regime | null =>
  firstInForce(policy.regimes, on, (r) => r.system === system)

export const settingOf = (policy: Pick<Policy, 'settings'>, key: string, on: LocalDate): SettingRule | null =>
  firstInForce(policy.settings, on, (s) => s.key === key)

/** The time limit of a step on a day; `facts` where the limit differs with the kind of record. */
export const termOf = (
  policy: Pick<Policy, 'regimes' | 'terms'>,
  system: string,
  step: string,
  on: LocalDate,
  facts?: RecordFacts,
): TermRule | null => {
  const rows = [...policy.terms.filter((t) => t.system === system), ...(regimeOn(policy, system, on)?.terms ?? [])]
  return firstInForce(rows, on, (t) => t.step === step && (facts === undefined || meetsAny(t.when, facts)))
}

export type Route = {
  system: RepairSystem
  receiver: Words
  decider: RouteRule['decider']
  steps: { step: string; term: TermRule | null }[]
  /** A local first review before the item goes to the deciding authority; null where none is set. */
  firstReview: { enabled: boolean; term: TermRule | null; row: SettingRule } | null
  rule: string
  instrument: Words
  article: string
  unsure: boolean
  note: Words | null
}

/** The row alone: which system it goes to and who receives it, without the steps and their terms. */
export const routeRuleOf = (facts: RecordFacts, policy: Pick<Policy, 'routes'>, today: LocalDate): RouteRule | null => {
  const level = facts.level ?? null
  const at = (r: RouteRule) => !r.levels.length || (level !== null && r.levels.includes(level))
  return firstInForce(policy.routes, today, (r) => at(r) && meetsAny(r.when, facts))
}

/** Whether a local first review goes before, of a kind of record. */
export const isReviewed = ({ value }: SettingRule, item: string): boolean => {
  const { enabled, items } = value as { enabled?: boolean; items?: string[] }
  return enabled === true && (items?.includes(item) ?? true)
}

/** Whether the common window handles a kind of record; without such a row it handles every kind. */
export const isWindowItem = (policy: Pick<Policy, 'settings'>, item: string, on: LocalDate): boolean => {
  const row = settingOf(policy, 'window_items', on)
  return row === null || (row.value as string[]).includes(item)
}

/** Who receives and who decides, by the kind of record and of subject, and by the level of the authority where a row asks. */
export const routeOf = (facts: RecordFacts, policy: Policy, today: LocalDate): Route | null => {
  const row = routeRuleOf(facts, policy, today)
  if (!row) return null
  const system = row.routesTo
  const review = settingOf(policy, 'first_review', today)
  const enabled = review !== null && isReviewed(review, facts.item)
  return {
    system,
    receiver: row.receiver,
    decider: row.decider,
    steps: row.steps.map((step) => ({ step, term: termOf(policy, system, step, today, facts) })),
    firstReview: review ? { enabled, term: termOf(policy, system, 'first_review', today, facts), row: review } : null,
    rule: row.id,
    instrument: row.instrument,
    article: row.article,
    unsure: row.unsure,
    note: row.note,
  }
}

/** What is known of the subject's conduct; null = not known yet, to be proved. */
export type Known = Partial<Record<KnownFact, boolean | null>> & {
  barredUntil?: LocalDate | null
  /** The plan or settlement behind which the record was shielded has been carried out. */
  planCompleted?: boolean
}

export type Reason = {
  code: string
  words: Words
  params: Record<string, string | number | boolean | null>
  rule: string
  article: string
  /** First day on which this one is met by the passing of time; null when only conduct meets it, or nothing does. */
  firstDay: LocalDate | null
}

export type Eligibility = {
  may: boolean
  /** Every condition that is known not to be met, all at once. */
  reasons: Reason[]
  /** Conditions on which nothing is known yet: what the applicant has to show. */
  open: Reason[]
  governing: { system: RepairSystem; rule: string; version: string; instrument: Words; article: string } | null
  materials: MaterialRule[]
  route: Route | null
}

type Verdict = { met: boolean | null; firstDay?: LocalDate | null; params?: Reason['params'] }
type Asked = {
  row: ConditionRule
  facts: RecordFacts
  /** Of the channel that the system governs, and all of them. */
  window: Window | null
  windows: readonly Window[]
  today: LocalDate
  known: Known
  /** The shortest period is waived: see `waivesShortest`. */
  waived: boolean
}

const MET: Verdict = { met: true }
const from = (firstDay: LocalDate | null, today: LocalDate): Verdict => ({
  met: firstDay !== null && firstDay <= today,
  firstDay,
  params: { day: firstDay },
})

/** An answer as the condition wants it, or null when nothing is known. */
const answered = (answer: boolean | null | undefined, wanted: boolean): Verdict => ({
  met: answer === undefined || answer === null ? null : answer === wanted,
})

const minPeriod = ({ row, facts, window, today, waived }: Asked): Verdict => {
  if (waived) return MET
  if (row.period) {
    const clock = row.clock === 'published_on' ? facts.publishedOn : facts.decidedOn
    return from(addPeriod(clock, row.period), today)
  }
  // A shield hides the record for a time; it does not bring the day forward.
  const earliest = window?.earliest ?? (window?.end?.by === 'shielded' ? window.planned?.earliest : null)
  return window?.repair === 'apply' && earliest ? from(earliest, today) : MET
}

const hasEnded = (w: Window): boolean => w.end !== null && w.end.by !== 'shielded'

const notEnded = ({ window, windows, today }: Asked): Verdict => {
  // A system without a channel of its own: what has ended everywhere has ended there.
  if (!window) return { met: !windows.length || !windows.every(hasEnded) }
  // Behind a shield the planned end counts: after the plan is carried out repair is applied for (Order 36 art. 20(3)).
  const until = window.end?.by === 'shielded' ? window.planned?.until : window.until
  const over = until !== null && until !== undefined && until <= today
  return { met: !over && !hasEnded(window) }
}

const CHECKS: Record<ConditionNeed, (asked: Asked) => Verdict> = {
  // Behind a shield a record is what it was: what may not end early may not end early there either.
  repairable: ({ row, window }) => ({
    met: !window || hasEnded(window) || !row.modes.includes(window.repair),
    params: { day: (window?.end?.by === 'shielded' ? window.planned?.until : window?.until) ?? null },
    firstDay: null,
  }),
  not_ended: notEnded,
  min_period: minPeriod,
  // What stops by itself before its term is over is never applied for: that is said already.
  term_ended: ({ facts, window, today }) =>
    facts.termEndsOn && window?.repair !== 'fixed' ? from(addDays(facts.termEndsOn, 1), today) : MET,
  not_barred: ({ known, today }) => (known.barredUntil ? from(known.barredUntil, today) : MET),
  known_true: ({ row, known }) => answered(row.known && known[row.known], true),
  known_false: ({ row, known }) => answered(row.known && known[row.known], false),
  authority_judges: () => ({ met: null }),
}

/** Order 107 art. 22(2): whether a plan that was carried out waives the shortest period of display is a switch of each system. */
const waivesShortest = (policy: Pick<Policy, 'settings'>, system: string, on: LocalDate): boolean =>
  policy.settings.find((s) => s.key === 'plan_completed_waives_shortest' && s.system === system && inForce(s, on))
    ?.value === true

/** Whether repair of this record may be applied for today: every reason at once, with the first day each is met. */
export const mayApply = (
  facts: RecordFacts,
  windows: readonly Window[],
  policy: Policy,
  today: LocalDate,
  known: Known = {},
): Eligibility => {
  const route = routeOf(facts, policy, today)
  const regime = route && regimeOn(policy, route.system, today)
  if (!regime || !route) return { may: false, reasons: [], open: [], governing: null, materials: [], route }
  const window = windows.find((w) => w.channel === regime.channel) ?? null
  const waived = known.planCompleted === true && waivesShortest(policy, route.system, today)
  const results = regime.conditions
    .filter((row) => inForce(row, today) && meetsAny(row.when, facts))
    .map((row) => ({ row, verdict: CHECKS[row.needs]({ row, facts, window, windows, today, known, waived }) }))
  const told = (wanted: boolean | null): Reason[] =>
    results
      .filter(({ verdict }) => verdict.met === wanted)
      .map(({ row, verdict }) => ({
        code: row.code,
        words: row.words,
        params: verdict.params ?? {},
        rule: row.id,
        article: row.article,
        firstDay: verdict.firstDay ?? null,
      }))
  const reasons = told(false)
  return {
    may: reasons.length === 0,
    reasons,
    open: told(null),
    governing: {
      system: route.system,
      rule: regime.id,
      version: regime.version,
      instrument: regime.instrument,
      article: regime.article,
    },
    materials: regime.materials.filter((m) => inForce(m, today) && meetsAny(m.when, facts)),
    route,
  }
}
