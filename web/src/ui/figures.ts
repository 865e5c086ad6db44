import type { Words } from '../../../src/kernel/words.ts'

export type ChartUnit = 'share' | 'count' | 'score'
export type ChartSeries = {
  name: Words
  /** One a category; null where there is nothing to say. */
  values: readonly (number | null)[]
  /** Own colour of a series, or one a value (bars). Else from the palette, which holds 3:1 against white. */
  color?: string | readonly string[]
}
export type ChartData = {
  name: Words
  /** Bars lie down, so that long names of authorities stay readable on a phone. */
  kind: 'line' | 'bar' | 'stack'
  categories: readonly string[]
  series: readonly ChartSeries[]
  /** share: 0 to 1, said as per cent. */
  unit: ChartUnit
  /** Lines across: a goal, a threshold. */
  marks?: readonly { name: Words; at: number }[]
  /** The whole range of the axis; else from the values. */
  range?: readonly [number, number]
}

export const figureWords = (value: number | null, unit: ChartUnit, none: string): string => {
  if (value === null) return none
  if (unit === 'share') return `${(value * 100).toFixed(1)}%`
  return unit === 'score' ? value.toFixed(1) : String(value)
}
