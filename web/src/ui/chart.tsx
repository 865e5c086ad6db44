import { Suspense, lazy, useId } from 'react'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { type ChartData, figureWords } from './figures.ts'
import { listWords } from './format.ts'

export type { ChartData } from './figures.ts'

/** Loaded with the first chart: nobody who looks at no chart pays for it. */
const Canvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }))

const W = {
  table: { zh: '以表格查看“{name}”', en: '“{name}” as a table' },
  item: { zh: '项目', en: 'Item' },
  none: { zh: '无数据', en: 'no data' },
  /** What a screen reader says in place of the picture. */
  spoken: {
    zh: '{name}。{series}，共{count}项，数值见下方表格。',
    en: '{name}. {series}; {count} items. The figures are in the table below.',
  },
} as const satisfies Record<string, Words>

/** A picture of figures, with the same figures as a table for whoever does not see it. */
export const Chart = ({ data, onPick }: { data: ChartData; onPick?: (index: number) => void }) => {
  const { t, lang } = useLanguage()
  const id = useId()
  const rowHeight = 34
  const height = data.kind === 'line' ? 280 : Math.max(160, data.categories.length * rowHeight + 72)
  const label = t(W.spoken, {
    name: t(data.name),
    series: listWords(
      data.series.map((s) => t(s.name)),
      lang,
    ),
    count: data.categories.length,
  })
  return (
    <figure className="xh-chart" aria-labelledby={id} style={{ margin: '0 0 16px' }}>
      <figcaption id={id} style={{ fontWeight: 600, marginBottom: 4 }}>
        {t(data.name)}
      </figcaption>
      {/* A picture that a script draws: no image file could stand in its place. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div role="img" aria-label={label} style={{ height, width: '100%', minWidth: 0 }}>
        <Suspense fallback={null}>
          <Canvas data={data} lang={lang} height={height} {...(onPick ? { onPick } : {})} />
        </Suspense>
      </div>
      <details>
        <summary>{t(W.table, { name: t(data.name) })}</summary>
        {/* Whoever has no mouse scrolls it with the arrow keys. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <section className="xh-scroll" aria-label={t(data.name)} tabIndex={0}>
          <table className="xh-figures">
            <thead>
              <tr>
                <th scope="col">{t(W.item)}</th>
                {data.series.map((s) => (
                  <th scope="col" key={s.name.en}>
                    {t(s.name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.categories.map((category, i) => (
                <tr key={`${category}${i}`}>
                  <th scope="row">{category}</th>
                  {data.series.map((s) => (
                    <td key={s.name.en}>{figureWords(s.values[i] ?? null, data.unit, t(W.none))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  )
}
