import { settingOf } from '../../kernel/eligibility.ts'
import type { Policy, SettingRule } from '../../kernel/policy.ts'
import { type Instant, type LocalDate, addDays, dayOf } from '../../kernel/time.ts'
import { type Calendar, addWorkdays, workdaysBetween } from '../../kernel/workdays.ts'
import type { Words } from '../../kernel/words.ts'
import type { AgreementState, MeasureKind, TalkState } from './states.ts'
import type { Footing, OwedState } from './words.ts'

export type AgreementRule = { graceDays: number; warnDays: number[] }
export type LatenessRule = { withinDays: number; share: number; oldestWorkdays: number }
export type MeasuresRule = { kinds: MeasureKind[] }
export type TalksRule = { capacities: { code: string; name: Words }[]; mendWorkdays: number }

const from =
  <T>(key: string) =>
  (policy: Pick<Policy, 'settings'>, on: LocalDate): { row: SettingRule; value: T } => {
    const row = settingOf(policy, key, on)
    if (!row) throw new Error(`no rule says ${key} on ${on}`)
    return { row, value: row.value as T }
  }
export const agreementRule = from<AgreementRule>('third_party_agreement')
export const latenessRule = from<LatenessRule>('third_party_lateness')
export const measuresRule = from<MeasuresRule>('third_party_measures')

// ---- how long a third party is served

export type Term = {
  id: string
  state: AgreementState
  validFrom: LocalDate
  validUntil: LocalDate
  endedOn: LocalDate | null
}
/** First day on which an agreement binds no more. */
export const endOf = (t: Term): LocalDate => (t.endedOn && t.endedOn < t.validUntil ? t.endedOn : t.validUntil)
const bound = (terms: readonly Term[]): Term[] =>
  terms
    .filter((t) => t.state === 'signed' || t.state === 'ended')
    .filter((t) => t.validFrom <= endOf(t))
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))

/**
 * First day from which nothing new is handed over: the end of the agreement in force and of those that follow it without a
 * day between; without one, the end of the days within which it has to be signed, or the day on which the last one ended.
 */
export const servedUntil = (
  terms: readonly Term[],
  today: LocalDate,
  since: { createdOn: LocalDate; graceDays: number },
): LocalDate => {
  const own = bound(terms)
  let until: LocalDate | null = null
  for (const t of own) {
    if (until === null ? t.validFrom <= today && today < endOf(t) : t.validFrom <= until && endOf(t) > until)
      until = endOf(t)
  }
  if (until) return until
  const past = own
    .map(endOf)
    .filter((end) => end <= today)
    .toSorted()
    .at(-1)
  return past ?? addDays(since.createdOn, since.graceDays)
}

export const footingOf = (terms: readonly Term[], until: LocalDate, today: LocalDate, rule: AgreementRule): Footing => {
  const signed = bound(terms).some((t) => t.validFrom <= today)
  if (today >= until) return signed ? 'expired' : 'missing'
  if (!signed) return 'grace'
  return addDays(today, Math.max(...rule.warnDays)) >= until ? 'ending' : 'in_force'
}

// ---- how late it is

export type Owed = { announcedAt: Instant; ackedAt: Instant | null }
export type OwedGroup = { announcedOn: LocalDate; ackedOn: LocalDate | null; n: number }

export const dueOn = (calendar: Calendar, announcedOn: LocalDate, workdays: number): LocalDate =>
  addWorkdays(calendar, announcedOn, workdays).day
export const owedState = (due: LocalDate, ackedOn: LocalDate | null, today: LocalDate): OwedState => {
  if (ackedOn) return ackedOn <= due ? 'in_time' : 'done_late'
  return today > due ? 'late' : 'waiting'
}
export const ackedDay = (at: Instant | null): LocalDate | null => (at ? dayOf(at) : null)

export type Figures = {
  owed: number
  inTime: number
  doneLate: number
  waiting: number
  late: number
  /** Of what has come due: the part that was or is late; null where nothing has. */
  share: number | null
  /** Announced on this day and still not taken down though it is due. */
  oldest: LocalDate | null
  oldestWorkdays: number
}
export const figuresOf = (
  groups: readonly OwedGroup[],
  calendar: Calendar,
  workdays: number,
  today: LocalDate,
): Figures => {
  const count: Record<OwedState, number> = { in_time: 0, done_late: 0, waiting: 0, late: 0 }
  let oldest: LocalDate | null = null
  for (const g of groups) {
    const state = owedState(dueOn(calendar, g.announcedOn, workdays), g.ackedOn, today)
    count[state] += g.n
    if (state === 'late' && (oldest === null || g.announcedOn < oldest)) oldest = g.announcedOn
  }
  const over = count.done_late + count.late
  const due = over + count.in_time
  return {
    owed: due + count.waiting,
    inTime: count.in_time,
    doneLate: count.done_late,
    waiting: count.waiting,
    late: count.late,
    share: due ? over / due : null,
    oldest,
    oldestWorkdays: oldest ? workdaysBetween(calendar, dueOn(calendar, oldest, workdays), today).workdays : 0,
  }
}

/** Whether the figures are such that a measure is suggested; a person decides. */
export const suggests = (figures: Figures, rule: LatenessRule): boolean =>
  (figures.share !== null && figures.share > rule.share) ||
  (figures.oldest !== null && figures.oldestWorkdays >= rule.oldestWorkdays)

// ---- measures

/** Which measure is possible in which state of the peer, and which state it leads to. */
export const LEADS: Record<MeasureKind, { from: readonly string[]; to: 'suspended' | 'cut_off' | 'active' }> = {
  suspend: { from: ['active'], to: 'suspended' },
  cut_off: { from: ['active', 'suspended'], to: 'cut_off' },
  reinstate: { from: ['suspended', 'cut_off'], to: 'active' },
}
export const possibleMeasures = (peerState: string, kinds: readonly MeasureKind[]): MeasureKind[] =>
  kinds.filter((k) => LEADS[k].from.includes(peerState))

// ---- summons and mending

/** Null where no rule names whom one may summon. */
export const talksRule = (
  policy: Pick<Policy, 'settings'>,
  on: LocalDate,
): { row: SettingRule; value: TalksRule } | null => {
  const row = settingOf(policy, 'third_party_talks', on)
  return row && { row, value: row.value as TalksRule }
}

/** Whoever was never late has nothing to be summoned for. */
export const wasLate = (figures: Pick<Figures, 'late' | 'doneLate'>): boolean => figures.late + figures.doneLate > 0

export const isTalkLate = (talk: { state: TalkState; dueOn: LocalDate | null }, today: LocalDate): boolean =>
  talk.state === 'asked' && talk.dueOn !== null && talk.dueOn < today

/** A summons lies ahead; a talk lies between the summons and today, and mending does not end before it was asked for. */
export const talkDays = {
  called: (calledFor: LocalDate, today: LocalDate): boolean => today <= calledFor,
  held: (t: { calledOn: LocalDate; heldOn: LocalDate; dueOn: LocalDate }, today: LocalDate): boolean =>
    t.calledOn <= t.heldOn && t.heldOn <= today && t.heldOn <= t.dueOn,
}
