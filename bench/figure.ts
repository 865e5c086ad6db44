/** What a figure is, and how two things are compared fairly: turn by turn in one run, on the same machine, by their medians. */

export type FigureId =
  | 'import_csv'
  | 'import_csv_memory'
  | 'import_1m'
  | 'xlsx_100k'
  | 'api_batch'
  | 'import_two'
  | 'subject_json'
  | 'subject_page'
  | 'search_2'
  | 'search_3'
  | 'grant'
  | 'eligibility'
  | 'start'
  | 'overview'
  | 'preview'
  | 'feed'
  | 'push'
  | 'propagation'
  | 'takeover'

export type Figure = {
  id: FigureId
  /** What the platform did, in `unit`. */
  value: number
  unit: string
  /** What the bare thing did in the same run; null where nothing bare does the same. */
  floor: number | null
  /** value / floor. */
  ratio: number | null
  goal: number
  /** What the goal speaks of, and whether more or less is better. */
  against: 'ratio' | 'value'
  better: 'more' | 'less'
  ok: boolean
  /** What stands beside it: the other engine, the spread, which of two goals was met. */
  note: string
}

export const median = (of: readonly number[]): number => {
  const sorted = of.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export type Pair = { ours: number[]; bare: number[] }

/**
 * A, B, A, B …: whatever else the machine does falls on both. The side that begins changes with each round, unless the
 * one needs what the other has made.
 */
export const taken = async (
  rounds: number,
  ours: (round: number) => Promise<number>,
  bare: (round: number) => Promise<number>,
  first: 'ours' | 'either' = 'either',
): Promise<Pair> => {
  const pair: Pair = { ours: [], bare: [] }
  for (let round = 0; round < rounds; round++) {
    const oursFirst = first === 'ours' || round % 2 === 0
    if (oursFirst) pair.ours.push(await ours(round))
    pair.bare.push(await bare(round))
    if (!oursFirst) pair.ours.push(await ours(round))
  }
  return pair
}

const rounded = (n: number): number => (n >= 100 ? Math.round(n) : Math.round(n * 1000) / 1000)
/** The median of each round's own ratio: a round in which the machine was busy tells on both of its sides. */
export const ratioOf = ({ ours, bare }: Pair): number => median(ours.map((v, i) => v / (bare[i] ?? Number.NaN)))

export const spread = (of: readonly number[]): string =>
  `${rounded(Math.min(...of)).toLocaleString('en')} to ${rounded(Math.max(...of)).toLocaleString('en')}`

/** A figure whose goal is a share of what the bare thing reaches. */
export const shareOf = (id: FigureId, unit: string, pair: Pair, ask: { goal: number; note?: string }): Figure => {
  const ratio = ratioOf(pair)
  return {
    id,
    value: rounded(median(pair.ours)),
    unit,
    floor: rounded(median(pair.bare)),
    ratio: rounded(ratio),
    goal: ask.goal,
    against: 'ratio',
    better: 'more',
    ok: ratio >= ask.goal,
    note: [`rounds ${spread(pair.ours)}, bare ${spread(pair.bare)}`, ask.note].filter(Boolean).join('; '),
  }
}

/** A figure with a goal of its own; the bare thing stands beside it. */
export const reaches = (
  id: FigureId,
  unit: string,
  pair: Pair,
  ask: { goal: number; better: Figure['better']; note?: string },
): Figure => {
  const value = median(pair.ours)
  return {
    id,
    value: rounded(value),
    unit,
    floor: pair.bare.length ? rounded(median(pair.bare)) : null,
    ratio: pair.bare.length ? rounded(ratioOf(pair)) : null,
    goal: ask.goal,
    against: 'value',
    better: ask.better,
    ok: ask.better === 'more' ? value >= ask.goal : value <= ask.goal,
    note: [`rounds ${spread(pair.ours)}`, ask.note].filter(Boolean).join('; '),
  }
}
