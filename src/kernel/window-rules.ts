import type { Channel, PenaltyKind, Policy, Regime, RepairMode, WindowRule } from './policy.ts'
import { type LocalDate, type Period, addDays, addPeriod, later } from './time.ts'
import { type RecordFacts, meets } from './window-facts.ts'
import { type Restart, type Window, earlierOf, orderOf } from './window-shapes.ts'
import type { Words } from './words.ts'

type Rules = { channel: Channel; regimes: Regime[] }
const byPolicy = new WeakMap<object, Rules[]>()

/** Regimes of each channel, oldest first; worked out once for each policy. */
const rulesOf = (policy: Pick<Policy, 'regimes'>): Rules[] => {
  const hit = byPolicy.get(policy.regimes)
  if (hit) return hit
  const channels = [...new Set(policy.regimes.flatMap((r) => (r.channel ? [r.channel] : [])))]
  const rules = channels.map((channel) => ({
    channel,
    regimes: policy.regimes
      .filter((r) => r.channel === channel)
      .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)),
  }))
  byPolicy.set(policy.regimes, rules)
  return rules
}

const kindsOf = (facts: RecordFacts): (PenaltyKind | null)[] =>
  facts.penaltyKinds.length > 0 ? facts.penaltyKinds : [null]

/** A row that yields to others: it stands back when every kind of the record is already met by one of them. */
const standsBack = (row: WindowRule, regime: Regime, facts: RecordFacts): boolean => {
  if (!row.when.unlessAllMeet) return false
  const others = regime.windows.filter((r) => row.when.unlessAllMeet?.includes(r.id))
  return others.length > 0 && kindsOf(facts).every((kind) => others.some((r) => meets(r.when, facts, kind)))
}

const dayBy = (which: 'decided_on' | 'published_on', facts: RecordFacts): LocalDate =>
  which === 'decided_on' ? facts.decidedOn : facts.publishedOn

/** Imports ask for the same day and period many thousand times. */
const ends = new Map<string, LocalDate>()
const MOST = 20_000
const endOf = (from: LocalDate, period: Period): LocalDate => {
  const key = `${from}${period}`
  const hit = ends.get(key)
  if (hit) return hit
  if (ends.size >= MOST) ends.clear()
  const end = addPeriod(from, period)
  ends.set(key, end)
  return end
}

type Span = { earliest: LocalDate | null; until: LocalDate | null; repair: RepairMode }

const spanOf = (row: WindowRule, clock: LocalDate, termEndsOn: LocalDate | null): Span => {
  const afterTerm = termEndsOn && addDays(termEndsOn, 1)
  const max = row.max ? endOf(clock, row.max) : null
  const until = max && afterTerm && row.termExtendsMaximum ? later(max, afterTerm) : max
  const min = row.repair === 'apply' ? (row.min ? endOf(clock, row.min) : clock) : null
  const earliest = min && afterTerm && row.termDelaysRepair ? later(min, afterTerm) : min
  return earliest && until && earliest >= until
    ? { earliest: null, until, repair: 'fixed' }
    : { earliest, until, repair: row.repair }
}

const TIERS = ['sector', 'default', 'rest'] as const
type Tiers = { outside: WindowRule[]; hide: WindowRule[]; classes: WindowRule[][] }
const byRegime = new WeakMap<object, Tiers>()
const tiersOf = (regime: Regime): Tiers => {
  const hit = byRegime.get(regime.windows)
  if (hit) return hit
  const of = (tier: WindowRule['tier']) => regime.windows.filter((r) => r.tier === tier)
  const tiers = { outside: of('outside'), hide: of('hide'), classes: TIERS.map(of) }
  byRegime.set(regime.windows, tiers)
  return tiers
}

/** Rows that apply to a record: for each penalty kind the first tier in which any row does. */
const candidatesOf = (regime: Regime, tiers: Tiers, facts: RecordFacts): WindowRule[] =>
  kindsOf(facts).flatMap((kind) => {
    for (const rows of tiers.classes) {
      const fitting = rows.filter((r) => meets(r.when, facts, kind) && !standsBack(r, regime, facts))
      if (fitting.length > 0) return fitting
    }
    return []
  })

/** Which rows of the rules facts rest on; `term`: whether one of them asks when a penalty's own term ends. */
export type Grounds = { rows: string; term: boolean }
/**
 * Beside the days, the rules look at nothing else: facts on the same rows and with the same days have the same windows, but for
 * the facts that their inputs note. The last day of a term is one of the days where `term` says so.
 */
export const groundsOf = (facts: RecordFacts, policy: Pick<Policy, 'regimes'>): Grounds => {
  let term = false
  const rows = rulesOf(policy).flatMap(({ regimes }) =>
    regimes.map((regime) => {
      const tiers = tiersOf(regime)
      const outside = tiers.outside.find((r) => meets(r.when, facts, null))
      const hide = tiers.hide.find((r) => meets(r.when, facts, null))
      const fitting = outside ? [] : [...new Set(candidatesOf(regime, tiers, facts))]
      term ||= fitting.some((r) => r.termDelaysRepair || r.termExtendsMaximum)
      return [outside, hide, ...fitting].map((r) => (r ? regime.windows.indexOf(r) : '')).join(',')
    }),
  )
  return { rows: rows.join('/'), term }
}

const inputsOf = (facts: RecordFacts): Window['inputs'] => ({
  ...facts,
  penaltyKinds: facts.penaltyKinds.join(','),
})

/** The facts a window was computed from, out of its stored inputs. */
export const factsOf = (inputs: Window['inputs']): RecordFacts => {
  const { penaltyKinds, ...rest } = inputs
  const kinds = String(penaltyKinds ?? '')
  return { ...rest, penaltyKinds: kinds === '' ? [] : kinds.split(',') } as unknown as RecordFacts
}

const NO_RULE: Words = {
  zh: '现行规则未规定公示该类信息，不予公示。',
  en: 'No rule provides for showing this kind of information, so it is not shown.',
}

const LATE: Words = {
  zh: '收到时最长公示期已经届满，不予公示。',
  en: 'The longest period was already over when it was received, so it is not shown.',
}

/** What one version of the rules says of a record. */
const windowUnder = (regime: Regime, facts: RecordFacts): Window => {
  const clock = dayBy(regime.clock, facts)
  const base = {
    channel: regime.channel as Channel,
    end: null,
    version: regime.version,
    inputs: { ...inputsOf(facts), clock: regime.clock, clockDay: clock },
  }
  const tiers = tiersOf(regime)
  const outside = tiers.outside.find((r) => meets(r.when, facts, null))
  const ranked = (outside ? [] : candidatesOf(regime, tiers, facts))
    .map((row) => ({ row, span: spanOf(row, clock, facts.termEndsOn) }))
    .toSorted(
      (a, b) =>
        Number(b.row.shown) - Number(a.row.shown) ||
        orderOf(b.span.until, a.span.until) ||
        orderOf(b.span.earliest, a.span.earliest),
    )
  const longest = ranked[0]
  if (!longest)
    return {
      ...base,
      class: 'none',
      from: null,
      earliest: null,
      until: null,
      repair: 'none',
      rule: outside?.id ?? regime.id,
      instrument: outside?.instrument ?? regime.instrument,
      article: outside?.article ?? regime.article,
      why: outside?.why ?? NO_RULE,
    }
  const { row, span } = longest
  const hide = tiers.hide.find((r) => meets(r.when, facts, null))
  const basis = hide ?? row
  const late = span.until !== null && span.until <= facts.publishedOn
  const shown = row.shown && !hide && !late
  const from = shown ? facts.publishedOn : null
  const nothing = late || row.repair === 'none' || hide?.repair === 'none'
  return {
    ...base,
    class: hide && hide.class !== 'none' ? hide.class : row.class,
    from,
    earliest: nothing ? null : span.earliest && later(span.earliest, facts.publishedOn),
    until: shown ? span.until : null,
    repair: nothing ? 'none' : span.repair,
    rule: basis.id,
    instrument: basis.instrument,
    article: basis.article,
    why: hide ? hide.why : late ? LATE : row.why,
    inputs: { ...base.inputs, classRule: row.id, min: row.min, max: row.max },
    ...(basis.unsure || row.unsure ? { unsure: true } : {}),
    ...(basis.note ? { note: basis.note } : {}),
  }
}

/** A newer version, applied to a record that began under an older one: nothing in it works before its own first day. */
const carriedInto = (regime: Regime, facts: RecordFacts, old: Window): Window => {
  const start = regime.validFrom
  const fresh = windowUnder(regime, facts)
  if (fresh.from === null && fresh.until === null)
    return facts.publishedOn >= start || old.from === null
      ? fresh
      : { ...fresh, from: facts.publishedOn, earliest: null, until: start, repair: 'automatic' }
  const until = fresh.until && later(fresh.until, start)
  const earliest = fresh.earliest && earlierOf(old.earliest, later(fresh.earliest, start))
  return {
    ...fresh,
    // What the older rules did not show begins to be shown on the first day of the newer ones.
    from: fresh.from && (old.from ?? later(fresh.from, start)),
    until,
    earliest: earliest && until && earliest >= until ? null : earliest,
  }
}

const moreFavourable = (a: Window, b: Window): boolean =>
  a.from === null || (orderOf(a.until, b.until) || orderOf(a.earliest, b.earliest)) < 0

/** Whether a record that began under older rules goes over to this version, as its transition says. */
const goOver = (old: Window, regime: Regime, facts: RecordFacts): Window => {
  const rule = regime.transition.recordsBefore
  if (old.from === null && rule !== 'new_rule') return old
  if (old.until !== null && old.until <= regime.validFrom) return old
  const fresh = carriedInto(regime, facts, old)
  if (fresh.from === old.from && fresh.until === old.until && fresh.earliest === old.earliest)
    return rule === 'new_rule' ? fresh : old
  const chosen = rule === 'new_rule' || (rule === 'more_favourable' && moreFavourable(fresh, old)) ? fresh : old
  const { note } = regime.transition
  return {
    ...chosen,
    inputs: { ...chosen.inputs, transition: `${regime.id}:${rule}`, transitionOn: regime.validFrom },
    ...(regime.transition.unsure ? { unsure: true } : {}),
    ...(note ? { note } : {}),
  }
}

const windowOn = ({ regimes }: Rules, facts: RecordFacts): Window => {
  const index = Math.max(
    0,
    regimes.findLastIndex((r) => r.validFrom <= dayBy(r.picksBy, facts)),
  )
  const [first, ...after] = regimes.slice(index) as [Regime, ...Regime[]]
  return after.reduce((window, regime) => goOver(window, regime, facts), windowUnder(first, facts))
}

/** One window for each channel. */
export const windowsOf = (facts: RecordFacts, policy: Pick<Policy, 'regimes'>): Window[] =>
  rulesOf(policy).map((rules) => windowOn(rules, facts))

/** What follows on each channel when a repair granted on false material is revoked on a day. */
export const restartOf = (
  windows: readonly Window[],
  policy: Pick<Policy, 'regimes'>,
  revokedOn: LocalDate,
): Restart[] =>
  windows.flatMap((window) => {
    const regimes = rulesOf(policy).find((r) => r.channel === window.channel)?.regimes ?? []
    const regime = regimes.findLast((r) => r.validFrom <= revokedOn)
    const row = regime?.consequences.find((c) => c.event === 'false_material')
    if (!row) return []
    const planned = window.planned ?? window
    const max = window.inputs['max'] as string | null
    const term = window.inputs['termEndsOn'] as LocalDate | null
    const anew = max ? later(addPeriod(revokedOn, max), term ? addDays(term, 1) : revokedOn) : null
    const barredUntil = row.barPeriod ? addPeriod(revokedOn, row.barPeriod) : revokedOn
    const again = planned.earliest && later(planned.earliest, barredUntil)
    const open = again && planned.until && again >= planned.until ? null : again
    return [
      {
        channel: window.channel,
        until: row.restartClock ? anew : planned.until,
        earliest: row.restartClock && !row.earlyEnd ? null : open,
        barredUntil,
        restarted: row.restartClock,
        rule: row.id,
        instrument: row.instrument,
        article: row.article,
      },
    ]
  })
