import type { Eligibility, Known, Reason } from '../../kernel/eligibility.ts'
import type { Policy, RepairSystem } from '../../kernel/policy.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import type { RecordFacts, Window } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { When } from './contract.calendar.ts'
import { articleIn, conditionsFor, eligibilityView } from './rules.ts'
import { NOW_AT_ONCE, NOW_JUDGED, WHEN_WHY } from './words.calendar.ts'

/** By which day a record can be repaired, and what stands in the way till then. */
export type Dated = {
  when: When
  day: LocalDate | null
  shownUntil: LocalDate | null
  why: Words
  article: Words
  toDeclare: number
}

const NONE: Words = { zh: '', en: '' }
const latest = (days: readonly (LocalDate | null | undefined)[]): LocalDate | null =>
  days
    .flatMap((d) => d ?? [])
    .toSorted()
    .at(-1) ?? null

/** The last day on which any channel shows it. */
const lastShown = (windows: readonly Window[], today: LocalDate): LocalDate | null => {
  const shown = windows.filter((w) => w.from !== null && w.end === null && (w.until === null || today < w.until))
  if (!shown.length || shown.some((w) => w.until === null)) return null
  const until = latest(shown.map((w) => w.until))
  return until && addDays(until, -1)
}

/** Behind a shield its days are those that were planned. */
const planned = (window: Window | null) => (window?.end?.by === 'shielded' ? window.planned : window)
const isOver = (window: Window | null, today: LocalDate): boolean => {
  const until = planned(window)?.until ?? null
  return (until !== null && until <= today) || (window !== null && window.end !== null && window.end.by !== 'shielded')
}

/** Since when an eligible record has been eligible: the last of the days that had to pass. */
const sinceOf = (window: Window | null, termEndsOn: LocalDate | null, known: Known, decidedOn: LocalDate): LocalDate =>
  latest([decidedOn, planned(window)?.earliest, termEndsOn && addDays(termEndsOn, 1), known.barredUntil]) ?? decidedOn

/** What has been waited for, or what alone it asks for, with the article of that condition. */
const openTo = (
  record: { facts: RecordFacts },
  system: RepairSystem,
  window: Window | null,
  policy: Policy,
  today: LocalDate,
): Pick<Dated, 'why' | 'article'> => {
  const rows = conditionsFor({ system, submittedOn: null }, record.facts, policy, today)
  // The condition's own period, or that of the window; a list that may be left at any time has neither.
  const waited = rows.find((c) => c.needs === 'min_period' && (c.period || window?.inputs['min']))
  const judged = rows.find((c) => c.needs === 'authority_judges')
  const row = waited ?? judged ?? rows.find((c) => c.needs === 'known_true')
  return {
    why: waited ? WHEN_WHY.now : judged ? NOW_JUDGED : NOW_AT_ONCE,
    article: row ? articleIn(row.article) : NONE,
  }
}

export const datedOf = (
  record: { windows: readonly Window[]; facts: RecordFacts; decidedOn: LocalDate },
  of: { eligibility: Eligibility; known: Known; underWay: boolean },
  policy: Policy,
  today: LocalDate,
): Dated => {
  const { eligibility } = of
  const view = eligibilityView(eligibility, policy)
  const channel = policy.regimes.find((r) => r.id === eligibility.governing?.rule)?.channel ?? null
  const window = record.windows.find((w) => w.channel === channel) ?? null
  const base = { day: null, shownUntil: lastShown(record.windows, today), toDeclare: view.open.length }
  const law = eligibility.governing
    ? articleIn(eligibility.governing.article)
    : eligibility.route
      ? articleIn(eligibility.route.article)
      : NONE
  const plain = (when: When, article: Words = law): Dated => ({ ...base, when, why: WHEN_WHY[when], article })
  const because = (when: When, reasons: readonly Reason[], day: LocalDate | null): Dated => {
    const told = reasons.map((r) => view.reasons.find((v) => v.code === r.code)?.text ?? r.words)
    const articles = [...new Set(reasons.map((r) => r.article))].map(articleIn)
    return {
      ...base,
      when,
      day,
      why: { zh: told.map((t) => t.zh).join(''), en: told.map((t) => t.en).join(' ') },
      article: { zh: articles.map((a) => a.zh).join('、'), en: articles.map((a) => a.en).join(', ') },
    }
  }
  if (of.underWay) return plain('under_way', NONE)
  if (!eligibility.governing) return plain('elsewhere')
  if (isOver(window, today)) return because('nothing', eligibility.reasons, null)
  if (eligibility.may) {
    const { termEndsOn } = record.facts
    return {
      ...plain('now'),
      ...openTo(record, eligibility.governing.system, window, policy, today),
      day: sinceOf(window, termEndsOn, of.known, record.decidedOn),
    }
  }
  const lasting = eligibility.reasons.filter((r) => r.firstDay === null)
  // Time alone stands in the way.
  if (!lasting.length) return because('from', eligibility.reasons, latest(eligibility.reasons.map((r) => r.firstDay)))
  if (window?.repair === 'automatic') return because('automatic', lasting, null)
  if (window?.repair === 'fixed') return because('fixed', lasting, null)
  if (window?.repair === 'none') return because('nothing', lasting, null)
  return because('conduct', eligibility.reasons, null)
}
