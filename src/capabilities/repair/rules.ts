import { articleWords } from '../../kernel/article.ts'
import { type Decision, type Refusal, allow, refuse } from '../../kernel/decision.ts'
import {
  type Eligibility,
  type Known,
  inForce,
  mayApply,
  regimeOn,
  settingOf,
  termOf,
} from '../../kernel/eligibility.ts'
import type {
  ConditionRule,
  ConsequenceRule,
  KnownFact,
  MaterialRule,
  Policy,
  RepairSystem,
  SettingRule,
} from '../../kernel/policy.ts'
import type { Role } from '../../kernel/roles.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type LocalDate, type Period, addPeriod, parseDay } from '../../kernel/time.ts'
import { type RecordFacts, type Window, dayWords, meetsAny } from '../../kernel/window.ts'
import { calendarOf } from '../../kernel/workdays.ts'
import { type Words, fill } from '../../kernel/words.ts'
import type { EligibilityView, ReasonView } from './contract.ts'
import { type Basis, type ClockState, dueOf, extendClock, resumeClock, startClock, stopClock } from './rules.clock.ts'
import { APPLICANT_STATES, type ActAction, type Action, type ItemState, type Kind, movesOf } from './states.ts'
import { conditionWords, holdsWords } from './words.ts'

export type Missing = { kind: string; name: Words; text: string }
/** What the one-time notices have asked for, by the state that asked. */
export type Asked = Partial<Record<ItemState, { on: LocalDate; missing: Missing[] }>>
/** What goes with an action. */
export type ActionInput = { note: string; conditions?: string[]; missing?: Missing[]; ruled?: Ruled | undefined }
/** By which condition of its own sector's rules an authority decided, and where that stands. */
export type Ruled = { condition: string; basis: string }
export type Proposal = { action: Action; input: ActionInput; by: string; at: string; basis: Basis }

/** Of an item, what the rules look at. */
export type ItemFacts = {
  kind: Kind
  state: ItemState
  system: RepairSystem
  submittedOn: LocalDate | null
  acceptedOn: LocalDate | null
  decidedOn: LocalDate | null
  clock: ClockState | null
  asked: Asked
  proposal: Proposal | null
  extended: boolean
}
/** Of its record. */
export type CaseFacts = { facts: RecordFacts; windows: readonly Window[]; known: Known; docNo: string }

export type Change = Pick<
  ItemFacts,
  'state' | 'clock' | 'asked' | 'proposal' | 'extended' | 'submittedOn' | 'acceptedOn' | 'decidedOn'
> & {
  action: ActAction
  ruled?: Ruled
  /** The rule, version and article that this step rests on. */
  basis: Basis & { version: string }
}

// ---- what the applicant may declare

/** The signature answers for one; the other is for the authority to judge. */
const NOT_DECLARED: readonly KnownFact[] = ['commitmentSigned', 'securityRisk']

/** A day in a sentence is written as people write it. */
const sentence = (words: Words, params: Record<string, unknown>): Words => {
  const told = Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const on = typeof value === 'string' ? parseDay(value) : null
      return [name, on ? dayWords(on) : value]
    }),
  )
  return { zh: fill(words.zh, told, 'zh'), en: fill(words.en, told, 'en') }
}

const reasonViews = (eligibility: Eligibility, policy: Policy, met: false | null): ReasonView[] => {
  const system = eligibility.governing?.system
  const conditions = policy.regimes.filter((r) => r.system === system).flatMap((r) => r.conditions)
  return (met === false ? eligibility.reasons : eligibility.open).map((r) => {
    const row = conditions.find((c) => c.id === r.rule)
    const known = row?.known ?? null
    const declarable = known !== null && !NOT_DECLARED.includes(known)
    return {
      code: r.code,
      text: sentence(r.words, r.params),
      met,
      firstDay: r.firstDay,
      known: declarable ? known : null,
      wanted: declarable ? row?.needs === 'known_true' : null,
      article: r.article,
    }
  })
}

/** All reasons at once; what only the authority can judge is not asked of the applicant. */
export const eligibilityView = (eligibility: Eligibility, policy: Policy): EligibilityView => {
  const reasons = reasonViews(eligibility, policy, false)
  const days = reasons.map((r) => r.firstDay)
  const { governing } = eligibility
  const judged = policy.regimes
    .filter((r) => r.system === governing?.system)
    .flatMap((r) => r.conditions.filter((c) => c.needs === 'authority_judges'))
  return {
    may: eligibility.may,
    firstDay: days.length && days.every((d) => d !== null) ? (days.toSorted().at(-1) ?? null) : null,
    reasons,
    open: reasonViews(eligibility, policy, null).filter((r) => r.known !== null),
    judged: eligibility.open.flatMap((r) => {
      const row = judged.find((c) => c.id === r.rule)
      const text = row && holdsWords(row)
      return text ? [{ code: r.code, text, article: r.article }] : []
    }),
    governing: governing && {
      system: governing.system,
      version: governing.version,
      instrument: governing.instrument,
      article: governing.article,
    },
  }
}

// ---- casework settings of a system

const caseworkOf = (policy: Pick<Policy, 'settings'>, system: string, key: string, on: LocalDate): SettingRule | null =>
  policy.settings.find((s) => s.key === key && s.system === system && inForce(s, on)) ?? null

const basisOf = (row: { id: string; instrument: Words; article: string }): Basis => ({
  rule: row.id,
  instrument: row.instrument,
  article: row.article,
})

/**
 * The text to sign: of each system that the basket touches, in one letter. A shield rests on the court's ruling alone: while
 * the plan is carried out nobody can say that the duties are performed (Order 36 art. 20, Order 107 art. 22).
 */
export const commitmentOf = (
  policy: Pick<Policy, 'settings'>,
  kind: Kind,
  systems: readonly string[],
  on: LocalDate,
): { text: Words; basis: Basis[] } => {
  const asking = kind === 'shield' ? [] : systems
  const rows = [...new Set(asking)].flatMap((s) => caseworkOf(policy, s, 'commitment_text', on) ?? [])
  const texts = rows.map((r) => r.value as Words)
  return {
    text: { zh: texts.map((t) => t.zh).join('\n'), en: texts.map((t) => t.en).join('\n') },
    basis: rows.map(basisOf),
  }
}

/** The article that leaves an action to the head of the authority; null where the officer decides. */
export const headDecides = (
  policy: Pick<Policy, 'settings'>,
  system: string,
  action: Action,
  on: LocalDate,
): Basis | null => {
  const row = caseworkOf(policy, system, 'head_decides', on)
  return row && (row.value as string[]).includes(action) ? basisOf(row) : null
}

/** The article by which two different people take an action together; null where one may. */
export const twoPeople = (
  policy: Pick<Policy, 'settings'>,
  system: string,
  action: Action,
  on: LocalDate,
): Basis | null => {
  const row = caseworkOf(policy, system, 'two_people', on)
  return row && (row.value as string[]).includes(action) ? basisOf(row) : null
}

export const consequenceOf = (
  policy: Policy,
  system: string,
  event: ConsequenceRule['event'],
  on: LocalDate,
): ConsequenceRule | null =>
  regimeOn(policy, system, on)?.consequences.find((c) => c.event === event && inForce(c, on)) ?? null

export type Bar = { wholeSystem: boolean; validTo: LocalDate; shownUntil: LocalDate | null; basis: Basis }

/** False material: for how long no application, on this record or on all of the system (Order 36 art. 25, Order 107 art. 23). */
export const barOf = (policy: Policy, system: string, on: LocalDate): Bar | null => {
  const row = consequenceOf(policy, system, 'false_material', on)
  if (!row?.barPeriod) return null
  return {
    wholeSystem: caseworkOf(policy, system, 'bar_reaches', on)?.value === 'system',
    validTo: addPeriod(on, row.barPeriod),
    shownUntil: row.publishPeriod ? addPeriod(on, row.publishPeriod) : null,
    basis: basisOf(row),
  }
}

// ---- materials

/** Made by the platform itself: the form is the application, the letter is signed online. */
const BY_PLATFORM = ['application_form', 'commitment']

export const isMadeHere = (code: string): boolean => BY_PLATFORM.includes(code)

/** Where two systems ask for one kind, the stricter asks for both. */
const STRICTEST: readonly MaterialRule['required'][] = ['always', 'bankruptcy', 'unless_shared', 'on_request']

/** What a kind of application may take, each once, what must be there first. A shield rests on the court's ruling alone. */
export const materialsFor = (kind: Kind, rules: readonly MaterialRule[]): MaterialRule[] => {
  const wanted = rules
    .filter((r) => (kind === 'shield') === (r.required === 'bankruptcy') && !isMadeHere(r.code))
    .toSorted((a, b) => STRICTEST.indexOf(a.required) - STRICTEST.indexOf(b.required))
  return wanted.filter((r, i) => wanted.findIndex((o) => o.code === r.code) === i)
}
/** A kind that must be there before the application is handed in. */
export const isRequired = (rule: Pick<MaterialRule, 'required'>): boolean =>
  rule.required === 'always' || rule.required === 'bankruptcy'

// ---- handing in

export type BasketItem = CaseFacts & { kind: Kind; eligibility: Eligibility }

/** An article in both languages; what is not numbered stays as it stands in the instrument. */
export const articleIn = (article: string): Words => ({ zh: article, en: articleWords(article).en || article })

export const articleOf = (basis: { instrument: Words; article: string }): Words => ({
  zh: `${basis.instrument.zh}${basis.article}`,
  en: `${basis.instrument.en}, ${articleIn(basis.article).en}`,
})

const isShown = (windows: readonly Window[], today: LocalDate): boolean =>
  windows.some((w) => w.from !== null && w.from <= today && (w.until === null || today < w.until) && w.end === null)

const itemRefusals = (item: BasketItem, policy: Policy, today: LocalDate): Refusal[] => {
  const doc = item.docNo
  if (item.kind === 'shield') return isShown(item.windows, today) ? [] : [{ code: 'NOT_SHOWN', params: { doc } }]
  const { governing } = item.eligibility
  if (!governing) {
    return [
      {
        code: 'NO_RULES',
        params: { doc, receiver: item.eligibility.route?.receiver ?? { zh: '认定单位', en: 'the deciding authority' } },
      },
    ]
  }
  const view = eligibilityView(item.eligibility, policy)
  const told = (code: string, r: ReasonView, reason: Words): Refusal => ({
    code,
    params: { doc, reason, article: articleIn(r.article), because: r.code, firstDay: r.firstDay },
  })
  return [
    ...view.reasons.map((r) => told('NOT_YET', r, r.text)),
    ...view.open.map((r) => told('MUST_DECLARE', r, r.known ? conditionWords(r.known, r.wanted) : r.text)),
  ]
}

/** Several, in one line. */
export const articlesOf = (basis: readonly { instrument: Words; article: string }[]): Words => ({
  zh: basis.map((b) => articleOf(b).zh).join('；'),
  en: basis.map((b) => articleOf(b).en).join('; '),
})

/** A basket goes in whole or not at all; every reason of every item is told at once. */
export const maySubmit = (
  basket: {
    kind: Kind
    items: readonly BasketItem[]
    signed: boolean
    materialKinds: readonly string[]
  },
  policy: Policy,
  today: LocalDate,
): Decision<true> => {
  if (!basket.items.length) return refuse('BASKET_EMPTY')
  const rules = materialsFor(
    basket.kind,
    basket.items.flatMap((i) => i.eligibility.materials),
  )
  const systems = basket.items.flatMap((i) => i.eligibility.route?.system ?? [])
  const commitment = commitmentOf(policy, basket.kind, systems, today).basis[0]
  const refusals: Refusal[] = [
    ...basket.items.flatMap((i) => itemRefusals(i, policy, today)),
    ...rules
      .filter((r) => isRequired(r) && !basket.materialKinds.includes(r.code))
      .map((r) => ({ code: 'MATERIAL_MISSING', params: { name: r.name, article: articleOf(r) } })),
    ...(basket.signed || !commitment
      ? []
      : [{ code: 'COMMITMENT_UNSIGNED', params: { article: articleOf(commitment) } }]),
  ]
  return refusals.length ? { ok: false, refusals } : allow(true)
}

type Start = { state: ItemState; clock: ClockState | null; basis: Change['basis'] }

/** Where a submitted item begins: a first review where one is switched on, else with the deciding authority. */
export const startOf = (
  item: Pick<BasketItem, 'kind' | 'eligibility' | 'facts'>,
  hasReviewer: boolean,
  policy: Policy,
  today: LocalDate,
): Start => {
  const { route, governing } = item.eligibility
  const system = route?.system ?? 'credit_china'
  const version = governing?.version ?? ''
  const basis = {
    rule: route?.rule ?? '',
    instrument: route?.instrument ?? NONE,
    article: route?.article ?? '',
    version,
  }
  if (item.kind === 'shield') {
    return {
      state: 'received',
      clock: startClock('shield', termOf(policy, system, 'shield', today, item.facts), today),
      basis,
    }
  }
  const review = route?.firstReview
  if (review?.enabled && hasReviewer) {
    return { state: 'first_review', clock: startClock('first_review', review.term, today), basis }
  }
  return {
    state: 'received',
    clock: startClock('accept', termOf(policy, system, 'accept', today, item.facts), today),
    basis,
  }
}

const NONE: Words = { zh: '', en: '' }

// ---- moves

export type World = {
  policy: Policy
  today: LocalDate
  roles: readonly (Role | 'platform')[]
  /** Who proposed what is now being confirmed. */
  proposedBy?: string
}

/** The rules of the day of the application govern the whole case. */
const rulesDay = (item: ItemFacts, today: LocalDate): LocalDate => item.submittedOn ?? today

const termBasis = (item: ItemFacts, of: CaseFacts, world: World, name: string): Change['basis'] => {
  const on = rulesDay(item, world.today)
  const regime = regimeOn(world.policy, item.system, on)
  const term = termOf(world.policy, item.system, name, on, of.facts)
  const row = term ?? regime
  return { ...(row ? basisOf(row) : { rule: '', instrument: NONE, article: '' }), version: regime?.version ?? '' }
}

const consequenceBasis = (
  item: ItemFacts,
  of: CaseFacts,
  world: World,
  event: ConsequenceRule['event'],
): Change['basis'] => {
  const on = rulesDay(item, world.today)
  const row = consequenceOf(world.policy, item.system, event, on)
  return row
    ? { ...basisOf(row), version: regimeOn(world.policy, item.system, on)?.version ?? '' }
    : termBasis(item, of, world, 'decide')
}

type Does = (item: ItemFacts, of: CaseFacts, world: World, input: ActionInput) => Decision<Partial<Change>>

const decided: Does = (_, __, { today }) => allow({ clock: null, decidedOn: today })

/** 一次性告知: all that is missing, once, by each authority that handles the item. */
const ask: Does = (item, of, world, input) => {
  const before = item.asked[item.state]
  if (before) {
    const { instrument, article } = termBasis(item, of, world, 'accept')
    return refuse('ASKED_ALREADY', { day: before.on, article: articleOf({ instrument, article }) })
  }
  return allow({
    clock: stopClock(item.clock, world.today),
    asked: { ...item.asked, [item.state]: { on: world.today, missing: input.missing ?? [] } },
  })
}

const mend: Does = (item, _, { today }) => allow({ clock: resumeClock(item.clock, today) })

const pass: Does = (item, of, { policy, today }) =>
  allow({ clock: startClock('accept', termOf(policy, item.system, 'accept', rulesDay(item, today), of.facts), today) })

/** From the beginning, with a term of its own; that it was asked for something once is not forgotten. */
const takeUp: Does = (item, of, { policy, today }) =>
  allow({
    clock: startClock('accept', termOf(policy, item.system, 'accept', rulesDay(item, today), of.facts), today),
    acceptedOn: null,
    decidedOn: null,
    extended: false,
  })

const accept: Does = (item, of, { policy, today }) =>
  allow({
    acceptedOn: today,
    clock: startClock('decide', termOf(policy, item.system, 'decide', rulesDay(item, today), of.facts), today),
  })

const acceptAtWindow: Does = (item, of, world, input) =>
  settingOf(world.policy, 'window_accepts', rulesDay(item, world.today))?.value === true
    ? accept(item, of, world, input)
    : refuse('WINDOW_MAY_NOT_ACCEPT')

const extend: Does = (item, of, world) => {
  const term = termOf(world.policy, item.system, 'decide', rulesDay(item, world.today), of.facts)
  if (!term?.extend?.workdays || !item.clock) return refuse('EXTENSION_UNKNOWN')
  if (item.extended) return refuse('EXTENDED_ALREADY', { article: articleOf(term) })
  const due = dueOf(item.clock, calendarOf(world.policy)).day
  if (due !== null && due < world.today) return refuse('EXTENSION_LATE', { day: due })
  return allow({ extended: true, clock: extendClock(item.clock, term.extend.workdays) })
}

/** Where the rules leave the condition to the authority, a decision that rests on it says by which rule of the sector. */
const statesRule = (item: ItemFacts, of: CaseFacts, world: World, input: ActionInput): Decision<Partial<Change>> => {
  const judged = conditionsFor(item, of.facts, world.policy, world.today).find(
    (c) => c.needs === 'authority_judges' && (input.conditions?.includes(c.code) ?? true),
  )
  if (!judged) return allow({})
  return input.ruled
    ? allow({ ruled: input.ruled })
    : refuse('RULED_BY_MISSING', { doc: of.docNo, article: articleOf(judged) })
}

/** Granting looks once more: nothing is repaired before its time, or after it has ended by itself. */
const grant: Does = (item, of, world, input) => {
  const eligibility = mayApply(of.facts, of.windows, world.policy, world.today, of.known)
  const reasons = eligibilityView(eligibility, world.policy).reasons
  if (reasons.length) {
    return {
      ok: false,
      refusals: reasons.map((r) => ({
        code: 'NO_LONGER_REPAIRABLE',
        params: { reason: r.text, article: articleIn(r.article), because: r.code },
      })),
    }
  }
  const stated = statesRule(item, of, world, input)
  return stated.ok ? allow({ ...stated.value, clock: null, decidedOn: world.today }) : stated
}

/** What the platform itself works out; nobody can say that it fails while it holds. */
export const COMPUTED: readonly ConditionRule['needs'][] = [
  'repairable',
  'not_ended',
  'min_period',
  'term_ended',
  'not_barred',
]

const REPAIRABLE: Words = { zh: '该信息可以申请修复', en: 'The record may be repaired on application' }

const refuseItem: Does = (item, of, world, input) => {
  const rows = conditionsFor(item, of.facts, world.policy, world.today)
  const named = (input.conditions ?? []).map((code) => rows.find((c) => c.code === code))
  if (named.some((c) => !c)) return refuse('CONDITION_UNKNOWN')
  const failing = mayApply(of.facts, of.windows, world.policy, world.today, of.known).reasons.map((r) => r.code)
  const held = named.find((c) => c && COMPUTED.includes(c.needs) && !failing.includes(c.code))
  if (held)
    return refuse('CONDITION_HOLDS', { holds: holdsWords(held) ?? REPAIRABLE, article: articleIn(held.article) })
  const stated = statesRule(item, of, world, { ...input, conditions: input.conditions ?? [] })
  return stated.ok ? allow({ ...stated.value, clock: null, decidedOn: world.today }) : stated
}

/** A sentence that fails, with the day of this record, and the first day on which time alone would mend it. */
export type FailingView = { code: string; text: Words; article: string; firstDay: LocalDate | null }
const AGAIN: Words = {
  zh: '{text}最早自{day}起可以再次申请。',
  en: '{text} An application is possible again from {day} at the earliest.',
}
export const failingOf = (
  rows: readonly ConditionRule[],
  reasons: readonly { code: string; text: Words; firstDay: string | null }[],
  general: (words: Words) => Words,
): FailingView[] =>
  rows.map((c) => {
    const reason = reasons.find((r) => r.code === c.code)
    const text = reason?.text ?? general(c.words)
    const day = reason?.firstDay ? parseDay(reason.firstDay) : null
    const told = day && {
      zh: fill(AGAIN.zh, { text: text.zh, day: dayWords(day).zh }, 'zh'),
      en: fill(AGAIN.en, { text: text.en, day: dayWords(day).en }, 'en'),
    }
    return { code: c.code, text: told ?? text, article: c.article, firstDay: day }
  })

/** After the one-time notice: the day from which the application lapses, where the rules set a term at all. */
export const lapsesOn = (
  item: Pick<ItemFacts, 'system' | 'state' | 'asked' | 'submittedOn'>,
  policy: Pick<Policy, 'settings'>,
  today: LocalDate,
): { day: LocalDate; basis: Basis } | null => {
  const asked = item.asked[item.state === 'returned' ? 'first_review' : 'received']
  if (!asked || !APPLICANT_STATES.some((s) => s === item.state)) return null
  const row = caseworkOf(policy, item.system, 'mending_lapses', item.submittedOn ?? today)
  const value = row?.value as { enabled: boolean; after: Period } | undefined
  return row && value?.enabled ? { day: addPeriod(asked.on, value.after), basis: basisOf(row) } : null
}

/** The record is not there any more to be repaired: it has ended by itself or was taken back. */
export const isMoot = (
  item: Pick<ItemFacts, 'system' | 'submittedOn' | 'kind'>,
  of: CaseFacts,
  world: Pick<World, 'policy' | 'today'>,
): boolean => {
  if (item.kind === 'shield') return of.windows.every((w) => w.end !== null && w.end.by !== 'shielded')
  const ended = conditionsFor(item, of.facts, world.policy, world.today)
    .filter((c) => c.needs === 'not_ended')
    .map((c) => c.code)
  return mayApply(of.facts, of.windows, world.policy, world.today, of.known).reasons.some((r) => ended.includes(r.code))
}

const lapse: Does = (item, of, world, input) => {
  const due = lapsesOn(item, world.policy, world.today)
  if ((due && due.day <= world.today) || isMoot(item, of, world)) return decided(item, of, world, input)
  return due ? refuse('NOT_LAPSED_YET', { day: dayWords(due.day) }) : refuse('NEVER_LAPSES')
}

const runs = (clock: ClockState | null): boolean => clock !== null && clock.stops.every((s) => s.to !== null)

const DOES: Record<Action, Does> = {
  submit: () => allow({}),
  submit_to_review: () => allow({}),
  pass,
  return: ask,
  accept,
  accept_at_window: acceptAtWindow,
  ask_once: ask,
  mend,
  not_accept: refuseItem,
  grant,
  refuse: refuseItem,
  extend,
  forged: decided,
  revoke: (item) => allow({ decidedOn: item.decidedOn }),
  withdraw: decided,
  lapse,
  shield: decided,
  plan_completed: () => allow({}),
  restore: () => allow({}),
  take_up: takeUp,
  // Its clock stands still while it is away; there it has one of its own.
  pass_on: (item, _, { today }) => allow({ clock: runs(item.clock) ? stopClock(item.clock, today) : item.clock }),
  come_back: mend,
  ask_there: (item, _, { today }, input) =>
    allow({ asked: { ...item.asked, received: { on: today, missing: input.missing ?? [] } } }),
  grant_there: decided,
  refuse_there: decided,
  not_accept_there: decided,
  forged_there: decided,
  withdraw_there: decided,
  lapse_there: decided,
  revoke_there: (item) => allow({ decidedOn: item.decidedOn }),
  shield_there: decided,
  plan_completed_there: () => allow({}),
  restore_there: () => allow({}),
  send_home: decided,
}

const basisFor = (action: Action, item: ItemFacts, of: CaseFacts, world: World): Change['basis'] => {
  if (action.startsWith('forged') || action.startsWith('revoke'))
    return consequenceBasis(item, of, world, 'false_material')
  if (action === 'lapse') {
    const due = lapsesOn(item, world.policy, world.today)
    if (due) return { ...due.basis, version: termBasis(item, of, world, 'accept').version }
  }
  if (item.kind === 'shield' && action.startsWith('restore'))
    return consequenceBasis(item, of, world, 'bankruptcy_failed')
  if (item.kind === 'shield') return consequenceBasis(item, of, world, 'bankruptcy_plan')
  const name = ['grant', 'refuse', 'extend', 'grant_there', 'refuse_there'].includes(action)
    ? 'decide'
    : ['pass', 'return'].includes(action)
      ? 'first_review'
      : 'accept'
  return termBasis(item, of, world, name)
}

/** One action on one item: the next state, or why not. An officer's action that the head decides becomes a proposal. */
export const act = (
  item: ItemFacts,
  of: CaseFacts,
  action: Action,
  input: ActionInput,
  world: World & { by: string; at: string },
): Decision<Change> => {
  const next = step(movesOf(item.kind), item.state, action, world.roles)
  if (!next.ok) return next
  const applicants = world.roles.includes('enterprise') || world.roles.includes('window_clerk')
  if (item.proposal && !applicants) return refuse('AWAITS_HEAD')
  const done = DOES[action](item, of, world, input)
  if (!done.ok) return done
  const held = {
    clock: item.clock,
    asked: item.asked,
    extended: item.extended,
    submittedOn: item.submittedOn,
    acceptedOn: item.acceptedOn,
    decidedOn: item.decidedOn,
  }
  const basis = basisFor(action, item, of, world)
  const on = rulesDay(item, world.today)
  const head = headDecides(world.policy, item.system, action, on)
  const two = twoPeople(world.policy, item.system, action, on)
  if (two && world.proposedBy === world.by) return refuse('SAME_PERSON', { article: articleOf(two) })
  const first = two && world.proposedBy === undefined ? two : null
  const waits = head && !world.roles.includes('head') ? head : first
  if (waits) {
    const proposal = { action, input, by: world.by, at: world.at, basis: waits }
    return allow({
      ...held,
      state: item.state,
      proposal,
      action: 'propose',
      basis: { ...waits, version: basis.version },
    })
  }
  return allow({ ...held, ...done.value, state: next.value, proposal: null, action, basis })
}

export const confirmable = (item: ItemFacts): Decision<Proposal> =>
  item.proposal ? allow(item.proposal) : refuse('NOTHING_PROPOSED')

/** Done with the hand-in, not by a button of their own. */
const WITH_HAND_IN: readonly Action[] = ['submit', 'submit_to_review', 'accept_at_window']
/** The buttons: the table of moves, less what is already used up, and what a proposal leaves open. */
export const actionsFor = (
  item: Pick<ItemFacts, 'kind' | 'state' | 'proposal' | 'asked' | 'extended'>,
  roles: readonly Role[],
): ActAction[] => {
  const all = movesFrom(movesOf(item.kind), item.state, roles).filter((a) => !WITH_HAND_IN.includes(a))
  const mine = all.filter((a) => a === 'withdraw' || a === 'mend')
  if (item.proposal) return [...mine, ...(roles.includes('head') ? (['confirm', 'send_back'] as const) : [])]
  return all.filter(
    // Whether an item may lapse depends on its record and on days: the case says so.
    (a) =>
      a !== 'lapse' &&
      !((a === 'ask_once' || a === 'return') && item.asked[item.state]) &&
      !(a === 'extend' && item.extended),
  )
}

/** The conditions of the version that governs the case, each once. */
export const conditionsFor = (
  item: Pick<ItemFacts, 'system' | 'submittedOn'>,
  facts: RecordFacts,
  policy: Policy,
  today: LocalDate,
): ConditionRule[] => {
  const on = item.submittedOn ?? today
  const rows = (regimeOn(policy, item.system, on)?.conditions ?? []).filter(
    (c) => inForce(c, on) && meetsAny(c.when, facts),
  )
  return rows.filter((c, i) => rows.findIndex((o) => o.code === c.code) === i)
}
