import { termOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { type Calendar, calendarOf, workdaysBetween } from '../../kernel/workdays.ts'
import { type ClockState, dueOf, extendClock, resumeClock, startClock, stopClock } from '../repair/index.ts'
import { monthOf } from './rules.ts'
import type { ActRow, EntryRow, ItemRow } from './store.follow.ts'
import { ENDINGS, type What } from './words.ts'

/** What is counted of an item, from its acts alone: the clocks of repair run once more over what was done. */

const BY_STATE: Record<string, What> = {
  accepted: 'accepted',
  granted: 'granted',
  refused: 'refused',
  not_accepted: 'not_accepted',
  withdrawn: 'withdrawn',
  lapsed: 'lapsed',
  ended_forged: 'forged',
  revoked: 'revoked',
  shielded: 'shielded',
  plan_completed: 'plan_completed',
  restored: 'restored',
}
const BY_ACTION: Record<string, What> = {
  submit: 'received',
  submit_to_review: 'received',
  pass: 'passed',
  pass_on: 'passed_on',
  come_back: 'came_back',
}
const whatOf = (act: ActRow): What | null =>
  BY_ACTION[act.action] ?? (act.from === act.to ? null : (BY_STATE[act.to] ?? null))

/** While the applicant mends, or another platform has the item, the clock stands still. */
const STOPS: readonly string[] = ['ask_once', 'return', 'pass_on']
const RESUMES: readonly string[] = ['mend', 'come_back']

/** The authority's own steps: what the applicant ends, or lets lapse, has used no term of the authority. */
const TIMED: readonly What[] = ['passed', 'accepted', 'not_accepted', 'granted', 'refused', 'forged', 'shielded']

type Stops = ClockState['stops']
/** Working days after `from` up to `to`, without those in which the applicant mended. */
const usedDays = (calendar: Calendar, from: LocalDate, to: LocalDate, stops: Stops): number => {
  let used = 0
  let at = from
  const count = (until: LocalDate) => (until > at ? workdaysBetween(calendar, at, until).workdays : 0)
  for (const stop of stops) {
    used += count(addDays(stop.from, -1))
    if (stop.to === null) return used
    at = stop.to
  }
  return used + count(to)
}

type Step = Parameters<typeof startClock>[0]
export type Replayed = Omit<EntryRow, 'subjectId' | 'itemId' | 'recordId'>

export const entriesOf = (
  item: ItemRow,
  acts: readonly ActRow[],
  facts: RecordFacts | null,
  policy: Policy,
): Replayed[] => {
  const calendar = calendarOf(policy)
  const entries: Replayed[] = []
  let clock: ClockState | null = null
  let begun: LocalDate | null = null
  const stops: Stops = []
  const term = (step: Step) => termOf(policy, item.system, step, begun ?? item.submittedOn, facts ?? undefined)
  const start = (step: Step, on: LocalDate): ClockState | null => startClock(step, term(step), on)
  let away = false
  for (const act of acts) {
    const back = act.action === 'come_back'
    // What becomes of it while another platform has it is counted there, once (异地, D12).
    const what = away && !back ? null : whatOf(act)
    away = (away && !back) || act.action === 'pass_on'
    if (STOPS.includes(act.action)) {
      clock = stopClock(clock, act.on)
      if (stops.at(-1)?.to !== null) stops.push({ from: act.on, to: null })
    }
    if (RESUMES.includes(act.action)) {
      clock = resumeClock(clock, act.on)
      const last = stops.at(-1)
      if (last?.to === null) stops.splice(-1, 1, { ...last, to: act.on })
    }
    if (act.action === 'extend') {
      const more = term('decide')?.extend?.workdays
      clock = clock && more ? extendClock(clock, more) : clock
      continue
    }
    if (!what) continue
    const timed: ClockState | null = TIMED.includes(what) ? clock : null
    const due = timed && dueOf(timed, calendar).day
    entries.push({
      actId: act.id,
      what,
      at: act.at,
      on: act.on,
      month: monthOf(act.on),
      authorityId: (what === 'passed' ? item.reviewerId : null) ?? item.authorityId,
      authorityName: (what === 'passed' ? item.reviewerName : null) ?? item.authorityName,
      division: item.division ?? '',
      recordItem: item.recordItem,
      system: item.system,
      workdays: timed && usedDays(calendar, timed.startedOn, act.on, timed.stops),
      total: begun !== null && ENDINGS.some((e) => e === what) ? usedDays(calendar, begun, act.on, stops) : null,
      term: timed && timed.workdays + timed.extra,
      lateBy: timed && (due && due < act.on ? workdaysBetween(calendar, due, act.on).workdays : 0),
      conditions: act.conditions,
      rules: act.rules,
    })
    if (what === 'received') {
      begun = act.on
      clock = start(act.to === 'first_review' ? 'first_review' : item.kind === 'shield' ? 'shield' : 'accept', act.on)
    } else if (!away && !back)
      clock = what === 'passed' ? start('accept', act.on) : what === 'accepted' ? start('decide', act.on) : null
  }
  return entries
}
