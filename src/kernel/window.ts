import { articleWords } from './article.ts'
import type {
  Channel,
  FactsWhen,
  ItemCode,
  PenaltyKind,
  Policy,
  Regime,
  RepairMode,
  SubjectKind,
  WindowClass,
  WindowRule,
} from './policy.ts'
import { type Instant, type LocalDate, type Period, addDays, addPeriod, later } from './time.ts'
import { type Lang, type Words, say } from './words.ts'

/** Everything the rules may look at. Unknown is null, never a guess. */
export type RecordFacts = {
  item: ItemCode
  /** The administrative system of the deciding authority. */
  system: string
  subjectKind: SubjectKind
  /** The day of the decision, document or listing. */
  decidedOn: LocalDate
  /** The day it was first published here (the day of acceptance). */
  publishedOn: LocalDate
  procedure: 'summary' | 'ordinary' | null
  penaltyKinds: PenaltyKind[]
  fineYuan: number | null
  discretion: 'reduced' | 'lighter' | 'ordinary' | 'heavier' | null
  field: string | null
  fineTier: 'small' | 'large' | 'huge' | null
  sectorClass: 'minor' | 'general' | 'serious' | null
  /** The sector authority finds publication of this minor record necessary. */
  minorPublished: boolean | null
  /** Last day of a penalty with a term. */
  termEndsOn: LocalDate | null
  list: string | null
  listCause: string | null
  repeatOffender: boolean | null
  /** Of an inspection: what it found. */
  result?: 'negative' | 'positive' | null
}

export type WindowEnd = {
  by: 'expiry' | 'repaired' | 'annulled' | 'shielded' | 'deregistered' | 'delisted' | 'withheld'
  on: LocalDate
  disposition: string | null
}

/** A record on a channel: shown or not, since when, until when (first day not shown), from when it may be repaired. */
export type Window = {
  channel: Channel
  class: WindowClass
  /** First day shown; null = never shown here, and `rule` says why. */
  from: LocalDate | null
  /** First day on which repair may be applied for; null = not before it ends by itself, or nothing to repair. */
  earliest: LocalDate | null
  /** First day not shown any more; null = no maximum. */
  until: LocalDate | null
  repair: RepairMode
  end: WindowEnd | null
  rule: string
  version: string
  instrument: Words
  article: string
  why: Words
  inputs: Record<string, string | number | boolean | null>
  unsure?: boolean
  note?: Words
  /** What the rules alone gave, kept when dispositions have changed it, so that folding again gives the same. */
  planned?: { from: LocalDate | null; earliest: LocalDate | null; until: LocalDate | null }
}

export type DispositionKind =
  | 'repaired'
  | 'annulled'
  | 'shielded'
  | 'restored'
  /** Annulled by mistake: the annulment counts no more. */
  | 'reinstated'
  | 'revoked'
  /** Shown longer than planned: as long as what it follows, or while duties at the maximum are not performed. */
  | 'prolonged'
  | 'corrected'
  | 'disputed'
  | 'dispute_closed'
  | 'deregistered'
  | 'delisted'
  /** The decision stands and is not shown any more, or not so long: upon an objection, or by order of a court. */
  | 'withheld'
/** After a repair obtained by false material is revoked: the clock starts anew (or the old one runs on), and a bar begins. */
export type Restart = {
  channel: Channel
  until: LocalDate | null
  /** A restarted clock admits no early end; otherwise the first day on which repair may be applied for again. */
  earliest: LocalDate | null
  barredUntil: LocalDate
  restarted: boolean
  rule: string
  instrument: Words
  article: string
}

/** Append-only. `channel` null = every channel. */
export type Disposition = {
  id?: string
  kind: DispositionKind
  channel: Channel | null
  effectiveFrom: LocalDate
  recordedAt: Instant
  /**
   * revoked: what runs from the revocation on each channel, as `restartOf` gave it when the revocation was recorded;
   * prolonged: until when it is shown on each channel instead of what was planned.
   */
  restart?: Restart[] | null
  reason?: string | null
}

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

const among = <T>(allowed: readonly T[] | undefined, value: T | null): boolean =>
  allowed === undefined || (value !== null && allowed.includes(value))
const same = <T>(wanted: T | undefined, value: T | null): boolean => wanted === undefined || wanted === value

/** Whether a row's conditions hold of a record, looking at one of its penalty kinds. An unknown fact never satisfies a condition. */
export const meets = (when: FactsWhen, facts: RecordFacts, kind: PenaltyKind | null): boolean =>
  among(when.item, facts.item) &&
  among(when.recordSystem, facts.system) &&
  !when.recordSystemNot?.includes(facts.system) &&
  among(when.subjectKind, facts.subjectKind) &&
  among(when.procedure, facts.procedure) &&
  among(when.kind, kind) &&
  among(when.fineTier, facts.fineTier) &&
  (when.fineYuanAtMost === undefined || (facts.fineYuan !== null && facts.fineYuan <= when.fineYuanAtMost)) &&
  among(when.discretion, facts.discretion) &&
  among(when.field, facts.field) &&
  among(when.sectorClass, facts.sectorClass) &&
  same(when.minorPublished, facts.minorPublished) &&
  same(when.repeatOffender, facts.repeatOffender) &&
  among(when.list, facts.list) &&
  among(when.listCause, facts.listCause) &&
  among(when.result, facts.result ?? null)

const finesOf = new WeakMap<object, number[]>()
/**
 * Between which bounds of the rules a fine lies: facts that differ in their fine alone, within the same bounds, have the same
 * windows but for the amount that their inputs note.
 */
export const fineStep = (policy: Pick<Policy, 'regimes'>, fineYuan: number | null): number => {
  if (fineYuan === null) return -1
  let bounds = finesOf.get(policy.regimes)
  if (!bounds) {
    const all = policy.regimes.flatMap((r) => r.windows.flatMap((w) => w.when.fineYuanAtMost ?? []))
    bounds = [...new Set(all)].toSorted((a, b) => a - b)
    finesOf.set(policy.regimes, bounds)
  }
  let step = 0
  while (step < bounds.length && fineYuan > (bounds[step] as number)) step++
  return step
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

/** Orders two days of which null lies beyond every day. */
const orderOf = (a: LocalDate | null, b: LocalDate | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1

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
  const nothing = late || !row.shown || hide?.repair === 'none'
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

const earliestOf = (a: LocalDate | null, b: LocalDate | null): LocalDate | null => (orderOf(a, b) <= 0 ? a : b)

/** A newer version, applied to a record that began under an older one: nothing in it works before its own first day. */
const carriedInto = (regime: Regime, facts: RecordFacts, old: Window): Window => {
  const start = regime.validFrom
  const fresh = windowUnder(regime, facts)
  if (fresh.from === null && fresh.until === null)
    return facts.publishedOn >= start || old.from === null
      ? fresh
      : { ...fresh, from: facts.publishedOn, earliest: null, until: start, repair: 'automatic' }
  const until = fresh.until && later(fresh.until, start)
  const earliest = fresh.earliest && earliestOf(old.earliest, later(fresh.earliest, start))
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

const inOrder = (a: Disposition, b: Disposition): number =>
  a.effectiveFrom.localeCompare(b.effectiveFrom) || a.recordedAt.localeCompare(b.recordedAt)

const ENDS = {
  repaired: true,
  annulled: true,
  deregistered: true,
  delisted: true,
  shielded: true,
  withheld: true,
} as const
type EndKind = keyof typeof ENDS
const isEnd = (kind: DispositionKind): kind is EndKind => kind in ENDS

type Shown = { from: LocalDate | null; earliest: LocalDate | null; until: LocalDate | null; end: WindowEnd | null }

const endBy = (now: Shown, d: Disposition, by: EndKind): Shown => {
  if (now.end && now.end.by !== 'shielded' && by !== 'annulled') return now
  const on = now.end ? now.end.on : d.effectiveFrom
  const never = now.from === null || d.effectiveFrom <= now.from
  return {
    from: never ? null : now.from,
    earliest: null,
    until: never ? null : now.end ? now.until : earliestOf(now.until, d.effectiveFrom),
    end: { by, on, disposition: d.id ?? null },
  }
}

/** Shown again from a day on: until its planned end, or until the end that a revocation gave it. */
const reopen = (planned: Shown, day: LocalDate, restart: Restart | undefined): Shown => {
  const until = restart ? restart.until : planned.until
  const earliest = restart ? restart.earliest : planned.earliest
  if (planned.from === null) return { from: null, earliest, until: null, end: null }
  if (until !== null && until <= day) return { from: planned.from, earliest: null, until, end: null }
  const from = later(planned.from, day)
  return { from, earliest: earliest && later(earliest, from), until, end: null }
}

const applied = (planned: Shown, channel: Channel, now: Shown, d: Disposition): Shown => {
  if (isEnd(d.kind)) return endBy(now, d, d.kind)
  if (d.kind === 'restored' && (now.end?.by === 'shielded' || now.end?.by === 'withheld'))
    return reopen(planned, d.effectiveFrom, undefined)
  if (d.kind === 'revoked' && now.end?.by === 'repaired')
    return reopen(
      planned,
      d.effectiveFrom,
      d.restart?.find((r) => r.channel === channel),
    )
  return now
}

/** A new end in place of the planned one; what has ended for good stays ended. */
const prolong = (channel: Channel, now: Shown, d: Disposition): Shown => {
  const to = d.restart?.find((r) => r.channel === channel)
  return to && now.from !== null && !now.end ? { ...now, until: to.until, earliest: to.earliest } : now
}

/** An annulment that was taken back counts no more: what else has happened to the record holds as if it had not been. */
const standing = (acts: readonly Disposition[]): Disposition[] => {
  const stand: Disposition[] = []
  for (const d of acts) {
    const annulled =
      d.kind === 'reinstated' ? stand.findLastIndex((x) => x.kind === 'annulled' && x.channel === null) : -1
    if (annulled < 0) stand.push(d)
    else stand.splice(annulled, 1)
  }
  return stand
}
/** The record's authority has annulled it, and has not taken that back. */
export const isAnnulled = (dispositions: readonly Disposition[]): boolean =>
  standing(dispositions).some((d) => d.kind === 'annulled' && d.channel === null)

/** What is shown after the dispositions; with `today`, only those in effect by then, and an expiry that has come. */
export const foldWindows = (
  windows: readonly Window[],
  dispositions: readonly Disposition[],
  today?: LocalDate,
): Window[] => {
  const acts = standing(dispositions.filter((d) => today === undefined || d.effectiveFrom <= today).toSorted(inOrder))
  return windows.map((window) => {
    const planned: Shown = { ...(window.planned ?? window), end: null }
    const before: Shown = { from: planned.from, earliest: planned.earliest, until: planned.until, end: null }
    // What a prolongation gives is what a later restoration goes back to.
    let plan = planned
    const after = acts
      .filter((d) => d.channel === null || d.channel === window.channel)
      .reduce((now, d) => {
        if (d.kind !== 'prolonged') return applied(plan, window.channel, now, d)
        const next = prolong(window.channel, now, d)
        plan = { ...plan, until: next.until, earliest: next.earliest }
        return next
      }, before)
    const expired = !after.end && today !== undefined && after.until !== null && after.until <= today
    const end: WindowEnd | null = expired
      ? { by: 'expiry', on: after.until as LocalDate, disposition: null }
      : after.end
    const { planned: _, ...rest } = window
    const changed = after.from !== before.from || after.until !== before.until || after.earliest !== before.earliest
    return {
      ...rest,
      ...after,
      end,
      ...(changed ? { planned: { from: before.from, earliest: before.earliest, until: before.until } } : {}),
    }
  })
}

export type Status = {
  channel: Channel
  status: 'shown' | 'not_shown'
  reason: 'shown' | 'not_published' | 'not_yet' | WindowEnd['by']
  window: Window
}

/** Whether a record is shown on each channel on a day, and the reason if not. */
export const statusOn = (windows: readonly Window[], dispositions: readonly Disposition[], day: LocalDate): Status[] =>
  foldWindows(windows, dispositions, day).map((window) => {
    const { channel, from, until, end } = window
    const shown = from !== null && from <= day && (until === null || day < until)
    if (shown) return { channel, status: 'shown', reason: 'shown', window }
    const reason = end?.by ?? (from !== null && day < from ? 'not_yet' : 'not_published')
    return { channel, status: 'not_shown', reason, window }
  })

const CLASS_WORDS: Record<WindowClass, Words> = {
  minor: { zh: '轻微失信信息', en: 'minor dishonesty information' },
  general: { zh: '一般失信信息', en: 'general dishonesty information' },
  serious: { zh: '严重失信信息', en: 'serious dishonesty information' },
  listed: { zh: '名录（名单）信息', en: 'an entry on a list' },
  none: { zh: '非失信信息', en: 'not dishonesty information' },
}
export const classWords = (cls: WindowClass): Words => CLASS_WORDS[cls]

const CHANNEL_WORDS: Record<Channel, Words> = {
  credit_china: { zh: '信用网站', en: 'the credit website' },
  necips: { zh: '国家企业信用信息公示系统', en: 'the National Enterprise Credit Information Publicity System' },
}
export const channelWords = (channel: Channel): Words => CHANNEL_WORDS[channel]

const END_WORDS: Record<WindowEnd['by'], Words> = {
  expiry: { zh: '公示期届满，已于{day}停止公示。', en: 'The period is over; it stopped being shown on {day}.' },
  repaired: { zh: '已完成信用修复，于{day}终止公示。', en: 'It was repaired and stopped being shown on {day}.' },
  annulled: {
    zh: '原决定已被撤销、变更或确认无效，于{day}撤回公示。',
    en: 'The decision was annulled or changed; it was withdrawn on {day}.',
  },
  shielded: {
    zh: '重整计划或者和解协议执行期间，自{day}起临时屏蔽。',
    en: 'Shielded since {day} while a reorganisation plan or settlement is carried out.',
  },
  deregistered: {
    zh: '主体已注销，于{day}停止公示。',
    en: 'The subject was deregistered; it stopped being shown on {day}.',
  },
  delisted: {
    zh: '已移出名录（名单），于{day}停止公示。',
    en: 'It was taken off the list and stopped being shown on {day}.',
  },
  withheld: {
    zh: '该信息自{day}起依法停止公示。',
    en: 'By decision it is not shown from {day} on.',
  },
}

const SAYS = {
  class: { zh: '在{channel}按{class}管理。', en: 'On {channel} this counts as {class}.' },
  clock: { zh: '公示期自{day}（{clock}）起计算。', en: 'The period runs from {day}, {clock}.' },
  span: {
    zh: '自{from}起公示，最长公示至{last}，{until}起自动停止公示。',
    en: 'Shown since {from}; shown at the longest through {last}, and gone by itself on {until}.',
  },
  spanOpen: {
    zh: '自{from}起公示，未设最长公示期，经移出或者修复后停止公示。',
    en: 'Shown since {from}, without a longest period; it stops once removed or repaired.',
  },
  licence: { zh: '自{from}起公示。', en: 'Shown since {from}.' },
  hidden: { zh: '该信息在{channel}不予公示。', en: 'It is not shown on {channel}.' },
  apply: { zh: '自{day}起可以申请信用修复。', en: 'Repair may be applied for from {day}.' },
  automatic: {
    zh: '期满自动停止公示，无需申请信用修复。',
    en: 'It stops by itself at the end of the period; no application is needed.',
  },
  fixed: { zh: '公示期届满前不得提前终止公示。', en: 'It may not be ended before the period is over.' },
  transition: {
    zh: '该信息认定于{day}新规则施行以前，按衔接规定{how}，适用版本 {version}。',
    en: 'It was determined before newer rules began on {day}; {how}, so version {version} governs.',
  },
  basis: {
    zh: '依据：{instrument}{article}（规则 {rule}，版本 {version}）。',
    en: 'Basis: {instrument}{article} (rule {rule}, version {version}).',
  },
  unsure: { zh: '该规则待主管部门确认：{note}', en: 'This rule awaits confirmation: {note}' },
} satisfies Record<string, Words>

/** How a record from before passes over to newer rules. */
const TRANSITION_SAYS: Record<string, Words> = {
  old_rule: { zh: '适用原规则', en: 'records from before stay under the older rule' },
  new_rule: { zh: '改用新规则', en: 'records from before go over to the new rule' },
  more_favourable: {
    zh: '从新旧规则中取对主体有利者',
    en: 'of the older and the new rule the one more favourable to the subject is taken',
  },
}
const CLOCK_WORDS: Record<string, Words> = {
  decided_on: { zh: '决定文书作出之日', en: 'the day of the decision' },
  published_on: { zh: '公示之日', en: 'the day of publication' },
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

const daysTold = new Map<LocalDate, Words>()
const DAYS_KEPT = 10_000
/** 2026年4月1日, 1 April 2026. The same few days stand on every page. */
export const dayWords = (day: LocalDate): Words => {
  const known = daysTold.get(day)
  if (known) return known
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  const words = { zh: `${y}年${m}月${d}日`, en: `${d} ${MONTHS[m - 1]} ${y}` }
  if (daysTold.size >= DAYS_KEPT) daysTold.clear()
  daysTold.set(day, words)
  return words
}

const ending = (window: Window): Words | null =>
  window.repair === 'automatic' ? SAYS.automatic : window.repair === 'fixed' ? SAYS.fixed : null

/** Plain sentences: class, why, since when, until when, from which day it may be repaired, and the basis. */
export const explainWindow = (window: Window, lang: Lang): string[] => {
  const { from, until, earliest, end } = window
  const tell = (words: Words, params: Record<string, unknown> = {}) => say(words, lang, params)
  const channel = channelWords(window.channel)
  const negative = window.class !== 'none'
  const clockDay = window.inputs['clockDay'] as LocalDate
  const clock = CLOCK_WORDS[String(window.inputs['clock'])]
  const planned = window.planned?.from ? window.planned : window
  const shownSince = from ?? planned.from
  const lines = [
    ...(negative ? [tell(SAYS.class, { channel, class: classWords(window.class) })] : []),
    tell(window.why),
    ...(shownSince === null ? [tell(SAYS.hidden, { channel })] : []),
  ]
  if (shownSince !== null && !negative) lines.push(tell(SAYS.licence, { from: dayWords(shownSince) }))
  if (shownSince !== null && negative) {
    if (clock && until) lines.push(tell(SAYS.clock, { day: dayWords(clockDay), clock }))
    if (end) lines.push(tell(END_WORDS[end.by], { day: dayWords(end.on) }))
    else if (until)
      lines.push(
        tell(SAYS.span, { from: dayWords(shownSince), last: dayWords(addDays(until, -1)), until: dayWords(until) }),
      )
    else lines.push(tell(SAYS.spanOpen, { from: dayWords(shownSince) }))
  }
  if (negative && !end) {
    const mode = ending(window)
    if (mode && from !== null) lines.push(tell(mode))
    else if (earliest) lines.push(tell(SAYS.apply, { day: dayWords(earliest) }))
  }
  const { transition, transitionOn } = window.inputs
  const how =
    TRANSITION_SAYS[
      String(transition ?? '')
        .split(':')
        .at(-1) ?? ''
    ]
  if (how && transitionOn)
    lines.push(tell(SAYS.transition, { day: dayWords(transitionOn as LocalDate), how, version: window.version }))
  const { zh, en } = articleWords(window.article)
  lines.push(
    tell(SAYS.basis, {
      instrument: window.instrument,
      article: { zh, en: en && `, ${en}` },
      rule: window.rule,
      version: window.version,
    }),
  )
  if (window.unsure && window.note) lines.push(tell(SAYS.unsure, { note: window.note }))
  return lines
}
