import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { Lang } from '../../../src/kernel/words.ts'
import { type ChartData, type ChartSeries, figureWords } from './figures.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer])

/** Each holds 3:1 against white and is told apart without red and green; lines differ by their marks too. */
const PALETTE = ['#0b4a8f', '#b35900', '#5b2c83', '#00707a', '#8a1538', '#4a5568']
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow']
const TEXT = '#1f2937'
const QUIET = '#4a5568'
const RULE = '#d5dce5'
/** Of a name beside a lying bar, in characters of Chinese. */
const LONGEST = { narrow: 7, wide: 16 }
/** A Chinese character is about as wide as it is high, a Latin one half. */
const FONT = 12
const LABEL_GAP = 14
const widthOf = (text: string): number =>
  Array.from(text).reduce((w, c) => w + ((c.codePointAt(0) ?? 0) > 0x2e80 ? FONT : FONT * 0.56), 0)
/** As much of a text as fits; never half a character. */
const cut = (text: string, most: number): string => {
  if (widthOf(text) <= most) return text
  const points = Array.from(text)
  while (points.length > 1 && widthOf(points.join('')) + FONT > most) points.pop()
  return `${points.join('')}…`
}
const NONE = { zh: '无数据', en: 'no data' }

const colorOf = (series: ChartSeries, n: number, i: number): string =>
  typeof series.color === 'string' ? series.color : (series.color?.[i] ?? PALETTE[n % PALETTE.length]!)

const optionOf = (data: ChartData, lang: Lang, narrow: boolean, still: boolean): EChartsCoreOption => {
  const line = data.kind === 'line'
  const say = (value: unknown) => figureWords(typeof value === 'number' ? value : null, data.unit, NONE[lang])
  const most = (narrow ? LONGEST.narrow : LONGEST.wide) * FONT
  const short = (text: string): string => cut(text, most)
  /** Room for the longest name beside lying bars: the engine's own guess cuts them on a phone. */
  const room = Math.max(0, ...data.categories.map((c) => widthOf(short(c)))) + LABEL_GAP
  const categories = {
    type: 'category' as const,
    data: [...data.categories],
    axisLabel: line
      ? { color: QUIET, hideOverlap: true }
      : { color: TEXT, interval: 0, formatter: (text: string) => short(text) },
    axisLine: { lineStyle: { color: RULE } },
    axisTick: { show: false },
    ...(line ? {} : { inverse: true }),
  }
  const figures = {
    type: 'value' as const,
    axisLabel: {
      color: QUIET,
      hideOverlap: true,
      formatter: (v: number) => (data.unit === 'share' ? `${Math.round(v * 100)}%` : String(v)),
    },
    splitLine: { lineStyle: { color: RULE } },
    ...(data.unit === 'count' ? { minInterval: 1 } : {}),
    ...(data.range ? { min: data.range[0], max: data.range[1] } : {}),
  }
  const marks = data.marks ?? []
  return {
    animation: !still,
    animationDuration: 300,
    textStyle: { fontFamily: 'inherit', color: TEXT },
    color: PALETTE,
    grid: {
      left: line ? 8 : room,
      right: narrow ? 28 : 40,
      top: data.series.length > 1 ? 40 : 16,
      bottom: line ? 8 : 28,
      ...(line
        ? { outerBoundsMode: 'same' as const, outerBoundsContain: 'axisLabel' as const }
        : { outerBoundsMode: 'none' as const }),
    },
    legend: { show: data.series.length > 1, top: 0, left: 0, type: 'scroll', textStyle: { color: TEXT } },
    tooltip: { trigger: line ? 'axis' : 'item', confine: true, renderMode: 'richText', valueFormatter: say },
    xAxis: line ? categories : figures,
    yAxis: line ? figures : categories,
    series: data.series.map((series, n) => ({
      name: series.name[lang],
      type: line ? 'line' : 'bar',
      ...(data.kind === 'stack' ? { stack: 'all' } : {}),
      ...(line ? { symbol: SYMBOLS[n % SYMBOLS.length], symbolSize: 8, connectNulls: false } : { barMaxWidth: 22 }),
      itemStyle: { color: colorOf(series, n, 0) },
      data: series.values.map((value, i) =>
        Array.isArray(series.color) ? { value, itemStyle: { color: colorOf(series, n, i) } } : value,
      ),
      label: {
        show: data.kind === 'bar' && data.series.length === 1,
        position: 'right',
        color: TEXT,
        formatter: (p: { value: unknown }) => say(p.value),
      },
      ...(n === 0 && marks.length
        ? {
            markLine: {
              symbol: 'none',
              silent: true,
              lineStyle: { color: QUIET, type: 'dashed' },
              label: {
                color: TEXT,
                position: line ? 'insideStartTop' : 'insideEndTop',
                formatter: (p: { name: string }) => p.name,
              },
              data: marks.map((m) => ({ name: m.name[lang], ...(line ? { yAxis: m.at } : { xAxis: m.at }) })),
            },
          }
        : {}),
    })),
  }
}

const NARROW = 480

export const ChartCanvas = ({
  data,
  lang,
  height,
  onPick,
}: {
  data: ChartData
  lang: Lang
  height: number
  onPick?: (index: number) => void
}) => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const chart = init(element, null, { renderer: 'svg' })
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const draw = () => chart.setOption(optionOf(data, lang, element.clientWidth < NARROW, still), { notMerge: true })
    draw()
    if (onPick) chart.on('click', (event) => onPick((event as { dataIndex: number }).dataIndex))
    const watch = new ResizeObserver(() => {
      chart.resize()
      draw()
    })
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [data, lang, onPick])
  return <div ref={place} style={{ height, width: '100%' }} />
}
