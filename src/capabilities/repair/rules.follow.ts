import { inForce, regimeOn, termOf } from '../../kernel/eligibility.ts'
import type { ConsequenceRule, Policy, SettingRule } from '../../kernel/policy.ts'
import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import { type LocalDate, type Period, later } from '../../kernel/time.ts'
import type { RecordFacts, Restart, Window } from '../../kernel/window.ts'
import { type Basis, startClock, type ClockState } from './rules.clock.ts'
import { consequenceOf } from './rules.ts'
import type { LinkKind } from './words.ts'

/** What happens to one record because of another, and what is owed after a decision. */

type Linked = { item: string; system: string }
/**
 * listed_for: the penalty (follows) for which its subject was entered on a list (leads), Order 107 art. 13(3).
 * led_to: the negative result of a spot check (follows) and the penalty or listing that it led to (leads), art. 10.
 */
export const mayLink = (kind: LinkKind, follows: Linked, leads: Linked): Decision<true> => {
  const fits =
    kind === 'listed_for'
      ? follows.item === 'penalty' && leads.item === 'serious_list'
      : follows.item === 'inspection' && ['penalty', 'serious_list', 'abnormal_list'].includes(leads.item)
  return fits && follows.system === leads.system ? allow(true) : refuse('LINK_KIND')
}

/** A day later than any. */
const NEVER_ENDS = null
/**
 * Until when a spot-check result is shown: as long as the longest of what it led to, where that is not minor; else as its own
 * rule has it (art. 10(1), (4)). An end that has come counts with its day.
 */
export const untilOf = (own: LocalDate | null, leads: readonly Window[]): LocalDate | null => {
  const heavy = leads.filter((w) => w.class !== 'minor' && w.class !== 'none' && (w.planned?.from ?? w.from) !== null)
  if (!heavy.length) return own
  const ends = heavy.map((w) => (w.end ? (w.until ?? w.end.on) : w.until))
  return ends.includes(null) ? NEVER_ENDS : ends.reduce((a, b) => later(a as LocalDate, b as LocalDate))
}

/** As `restartOf` would write it, for a window whose end another record gives. */
export const untilAs = (
  row: Pick<ConsequenceRule, 'id' | 'instrument' | 'article'>,
  until: LocalDate | null,
  on: LocalDate,
): Restart[] => [
  {
    channel: 'necips',
    until,
    earliest: null,
    barredUntil: on,
    restarted: false,
    rule: row.id,
    instrument: row.instrument,
    article: row.article,
  },
]

/** Whether the penalty goes with the list entry: not where its own period is provided otherwise. */
export const goesWithList = (
  window: Window | null,
  policy: Policy,
  today: LocalDate,
): { row: ConsequenceRule; goes: boolean } | null => {
  const row = consequenceOf(policy, 'necips', 'left_list', today)
  if (!row) return null
  const shown =
    window !== null && window.from !== null && !window.end && (window.until === null || window.until > today)
  const fixed = row.unless.includes('fixed') && window?.repair === 'fixed'
  const notYet = row.unless.includes('not_yet') && (!window?.earliest || window.earliest > today)
  return { row, goes: shown && !fixed && !notYet }
}

const PROVINCE = 2
const provinceOf = (division: string | null): string | null =>
  division && /^\d{6}$/.test(division) ? `${division.slice(0, PROVINCE)}0000` : null
const PUSH = 'push_province'
/** Systems whose rules know of a push, on whatever day: after a repair on another nothing is owed. */
export const pushingSystems = ({ regimes, terms }: Pick<Policy, 'regimes' | 'terms'>): string[] => [
  ...new Set([...terms, ...regimes.flatMap((r) => r.terms)].filter((t) => t.step === PUSH).map((t) => t.system)),
]
/** Order 107 art. 4(2): what the term speaks of, repaired in another province than that of registration, is pushed there. */
export const pushOf = (
  of: { system: string; decider: string | null; registered: string | null },
  policy: Policy,
  on: LocalDate,
  facts: RecordFacts,
): { to: string; clock: ClockState } | null => {
  const [from, to] = [provinceOf(of.decider), provinceOf(of.registered)]
  if (!from || !to || from === to) return null
  const clock = startClock(PUSH, termOf(policy, of.system, PUSH, on, facts), on)
  return clock && { to, clock }
}

/** Channels on which a deregistered subject's records stop being shown, with the rule that says so (Order 107 art. 20). */
export const stopsWhenDeregistered = (policy: Policy, today: LocalDate): ConsequenceRule[] =>
  ['credit_china', 'necips'].flatMap((system) =>
    regimeOn(policy, system, today)?.channel ? (consequenceOf(policy, system, 'deregistered', today) ?? []) : [],
  )

type BySector = { recordSystem: string } & ({ does: 'stop' } | { does: 'keep'; ahead: Period })
/**
 * Order 36 art. 12(2): at the longest period with duties not performed it goes by the sector's own rule; none loaded, it stops.
 * `ahead`: how long before that day the authority may say so.
 */
export const keptAtMaximum = (
  policy: Pick<Policy, 'settings'>,
  recordSystem: string,
  today: LocalDate,
): (Basis & { ahead: Period }) | null => {
  const rows: SettingRule[] = policy.settings.filter((s) => s.key === 'unperformed_by_sector' && inForce(s, today))
  for (const { id: rule, instrument, article, value } of rows)
    for (const sector of value as BySector[])
      if (sector.recordSystem === recordSystem && sector.does === 'keep')
        return { rule, instrument, article, ahead: sector.ahead }
  return null
}
