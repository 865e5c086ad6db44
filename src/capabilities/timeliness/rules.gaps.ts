import { docKey, docRange } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { GapBounds } from './rules.ts'

/** Decision numbers that run: 穗天市监罚〔2026〕15号 is number 15 of the series 穗天市监罚(2026). */
export type Numbered = { series: string; n: number; width: number }

/** A year in brackets or a bare one, whatever else is said, and a number at the end. */
const BRACKETED = /^(.*\((?:19|20)\d\d\)\D*)(\d{1,9})$/
const BARE_YEAR = /^(.*(?<!\d)(?:19|20)\d\d\D+)(\d{1,9})$/

/** null for a number that belongs to no run of a year. */
export const numberedOf = (docNo: string): Numbered | null => {
  const hit = BRACKETED.exec(docKey(docNo)) ?? BARE_YEAR.exec(docKey(docNo))
  if (!hit) return null
  const [, series = '', digits = ''] = hit
  return { series, n: Number(digits), width: digits.startsWith('0') ? digits.length : 0 }
}
/** As many as the number stands for. */
export const numbersIn = (docNo: string): readonly string[] => docRange(docNo)?.numbers ?? [docNo]
const allNumberedOf = (docNo: string): Numbered[] => numbersIn(docNo).flatMap((one) => numberedOf(one) ?? [])

export const writtenAs = ({ series, width }: Numbered, n: number): string =>
  `${series.replace(/\((\d{4})\)/, '〔$1〕')}${String(n).padStart(width, '0')}号`

export type HeldNumber = { docNo: string; decidedOn: LocalDate }
export type Gap = {
  docNo: string
  docKey: string
  /** Not later than the number after it. */
  decidedOn: LocalDate
  heldBefore: string
  heldAfter: string
}

type Place = Numbered & HeldNumber

/** What lies close together: beyond the longest gap another run begins. */
const runsOf = (places: readonly Place[], longestGap: number): Place[][] => {
  const runs: Place[][] = []
  let last: Place | null = null
  for (const place of places) {
    if (last && place.n === last.n) continue
    if (last && place.n - last.n - 1 <= longestGap) runs.at(-1)!.push(place)
    else runs.push([place])
    last = place
  }
  return runs
}

const gapsOfRun = (run: readonly Place[]): Gap[] => {
  const gaps: Gap[] = []
  for (const [i, after] of run.entries()) {
    const before = run[i - 1]
    if (!before) continue
    for (let n = before.n + 1; n < after.n; n++) {
      const docNo = writtenAs(after, n)
      gaps.push({
        docNo,
        docKey: docKey(docNo),
        decidedOn: after.decidedOn,
        heldBefore: before.docNo,
        heldAfter: after.docNo,
      })
    }
  }
  return gaps
}

/**
 * Numbers that are missing in a run. Only numbering that runs is looked at: sparse numbers, or one typed far off, make no
 * findings. The latest first, and no more than the bounds allow.
 */
export const gapsIn = (held: readonly HeldNumber[], bounds: GapBounds): Gap[] => {
  const places = held.flatMap((h) => allNumberedOf(h.docNo).map((numbered): Place => ({ ...numbered, ...h })))
  const gaps: Gap[] = []
  for (const series of Map.groupBy(places, (p) => p.series).values()) {
    const sorted = series.toSorted((a, b) => a.n - b.n || (a.decidedOn < b.decidedOn ? -1 : 1))
    for (const run of runsOf(sorted, bounds.longestGap)) {
      const span = run.at(-1)!.n - run[0]!.n + 1
      if (run.length >= bounds.leastHeld && run.length / span >= bounds.leastShare) gaps.push(...gapsOfRun(run))
    }
  }
  return gaps
    .toSorted((a, b) => (a.decidedOn < b.decidedOn ? 1 : a.decidedOn > b.decidedOn ? -1 : 0))
    .slice(0, bounds.most)
}

const NUMBER_IN_TEXT = /[0-9A-Z][0-9A-Z()-]{5,}/g
/** Whether a text names a licence that is held: by its number, or by the number of its decision. */
export const namesHeldLicence = (named: string, held: readonly { licenceNo: string; docNo: string }[]): boolean => {
  const text = docKey(named)
  return held.some((l) => [l.licenceNo, l.docNo].some((no) => no !== '' && text.includes(docKey(no))))
}
/** What of the text is a number, for a finding that is told by it; a text without one names nothing that could be looked up. */
export const licenceNumberIn = (named: string): string | null => docKey(named).match(NUMBER_IN_TEXT)?.[0] ?? null
