import type { Channel } from './policy.ts'
import type { LocalDate } from './time.ts'
import type { Window } from './window.ts'

/** What other rules make of a record: each figure counts the records of which it holds. */
export const FIGURES = [
  /** Class, first or last day, first day of repair or the way it ends differ. */
  'changed',
  'stops',
  'begins',
  'shorter',
  'longer',
  'class',
  'repairable',
  'unrepairable',
  /** The window is as it was; the rule, version or article on which it rests is another. */
  'basis',
] as const
export type Figure = (typeof FIGURES)[number]
export type Figures = Partial<Record<Figure, number>>

export const bitOf = (figure: Figure): number => 1 << FIGURES.indexOf(figure)

/** A window as far as a change of the rules may touch it. */
export type Side = Pick<Window, 'class' | 'from' | 'earliest' | 'until' | 'repair' | 'rule' | 'version' | 'article'>
export type ChannelChange = { channel: Channel; before: Side; after: Side }

const sideOf = ({ class: cls, from, earliest, until, repair, rule, version, article }: Window): Side => ({
  class: cls,
  from,
  earliest,
  until,
  repair,
  rule,
  version,
  article,
})

/** Shown from its first day, up to and without the day it ends. */
const shown = (w: Side, on: LocalDate): boolean => w.from !== null && w.from <= on && (w.until === null || on < w.until)

/** Orders two last days of which null lies beyond every day. */
const beyond = (a: LocalDate | null, b: LocalDate | null): boolean => b !== null && (a === null || a > b)

const figuresOf = (before: Side, after: Side, on: LocalDate): Figure[] => {
  const [was, is] = [shown(before, on), shown(after, on)]
  const both = before.from !== null && after.from !== null
  const found: Figure[] = [
    ...(was && !is ? (['stops'] as const) : []),
    ...(!was && is ? (['begins'] as const) : []),
    ...(both && beyond(before.until, after.until) ? (['shorter'] as const) : []),
    ...(both && beyond(after.until, before.until) ? (['longer'] as const) : []),
    ...(before.class === after.class ? [] : (['class'] as const)),
  ]
  const same =
    before.from === after.from &&
    before.until === after.until &&
    before.earliest === after.earliest &&
    before.repair === after.repair
  if (found.length || !same) return ['changed', ...found]
  const rests = before.rule === after.rule && before.version === after.version && before.article === after.article
  return rests ? [] : ['basis']
}

export type Compared = { figures: number; changes: ChannelChange[] }
/** Windows against windows, channel by channel; `may`: whether repair could be applied for on that day. */
export const compareWindows = (
  before: readonly Window[],
  after: readonly Window[],
  on: LocalDate,
  may: { before: boolean; after: boolean },
): Compared => {
  const found = new Set<Figure>()
  const changes = after.flatMap((w): ChannelChange[] => {
    const was = before.find((b) => b.channel === w.channel)
    if (!was) return []
    const [a, b] = [sideOf(was), sideOf(w)]
    const figures = figuresOf(a, b, on)
    for (const figure of figures) found.add(figure)
    return figures.length ? [{ channel: w.channel, before: a, after: b }] : []
  })
  if (may.after && !may.before) found.add('repairable')
  if (may.before && !may.after) found.add('unrepairable')
  // What changes at all is told once: what only rests on other rules does not count beside it.
  if (found.has('changed')) found.delete('basis')
  return { figures: [...found].reduce((bits, figure) => bits | bitOf(figure), 0), changes }
}

export const addFigures = (into: Record<string, number>, figures: number): void => {
  for (const figure of FIGURES) if (figures & bitOf(figure)) into[figure] = (into[figure] ?? 0) + 1
}
