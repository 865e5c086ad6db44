import { Card, Flex, Segmented, Tag } from 'antd'
import { type FigureRow, type FiguresView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import {
  FIGURE_WORDS,
  GROUPINGS,
  GROUPING_WORDS,
  type Grouping,
  WHAT_WORDS,
  type What,
} from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import { instantWords, lawWords, monthWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { type ListSearch, useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { SpanFilter } from '../timeliness/span.tsx'
import { Exports, Opens, percent, useScope } from './parts.tsx'

const W = {
  of: { zh: '{numerator} ÷ {denominator}', en: '{numerator} of {denominator}' },
  how: { zh: '口径', en: 'Computed as' },
  unsure: { zh: '口径待确认', en: 'Definition to be confirmed' },
  formula: {
    zh: '成功率＝（{success}）÷（{over}）；异常办结：{abnormal}',
    en: 'Success = ({success}) ÷ ({over}); abnormal: {abnormal}',
  },
  counted: { zh: '统计截至 {at}', en: 'Counted up to {at}' },
  none: { zh: '所选期间没有信用修复事项，可以调整月份。', en: 'Nothing happened in these months; choose others.' },
  group: { zh: '分组', en: 'Group by' },
  name: { zh: '名称', en: 'Name' },
  table: { zh: '信用修复监督统计', en: 'Figures of repair' },
  chart: { zh: '成功率', en: 'Success rate' },
  span: { zh: '{from} 至 {to}', en: '{from} to {to}' },
} as const satisfies Record<string, Words>

const BARS = 12
const dash = (n: number | null): string => (n === null ? '—' : String(n))

/** Of a row of this grouping, what its numbers open to. */
const placeOf = (r: FigureRow, by: Grouping): ListSearch =>
  by === 'authority'
    ? { authority: r.key }
    : by === 'month'
      ? { from: r.key.slice(0, 7), to: r.key.slice(0, 7) }
      : by === 'item'
        ? { item: r.key }
        : { division: r.key }

const Total = ({ title, value, children }: { title: Words; value: React.ReactNode; children?: React.ReactNode }) => {
  const { t } = useLanguage()
  return (
    <Card size="small" style={{ flex: '1 1 150px' }}>
      <h2 style={{ fontSize: 14, margin: 0 }}>{t(title)}</h2>
      <div style={{ fontSize: 24, fontWeight: 600 }}>{value}</div>
      {children}
    </Card>
  )
}

const Totals = ({ view }: { view: FiguresView }) => {
  const { t } = useLanguage()
  const { all } = view
  const entry = (what: What) => (
    <Opens n={all.counts[what]} to={{ view: 'entries', act: what }} label={t(WHAT_WORDS[what])} />
  )
  return (
    <Flex gap={12} wrap style={{ marginBottom: 16 }}>
      <Total title={FIGURE_WORDS.received} value={entry('received')} />
      <Total title={FIGURE_WORDS.granted} value={entry('granted')} />
      <Total title={FIGURE_WORDS.refused} value={entry('refused')} />
      <Total title={FIGURE_WORDS.not_accepted} value={entry('not_accepted')} />
      <Total title={FIGURE_WORDS.success} value={percent(all.success.share)}>
        <div className="xh-quiet">{t(W.of, all.success)}</div>
      </Total>
      <Total
        title={FIGURE_WORDS.abnormal}
        value={<Opens n={all.abnormal} to={{ view: 'entries', act: 'abnormal' }} label={t(FIGURE_WORDS.abnormal)} />}
      />
      <Total
        title={FIGURE_WORDS.late}
        value={<Opens n={all.late} to={{ view: 'entries', act: 'late' }} label={t(FIGURE_WORDS.late)} />}
      />
      <Total
        title={FIGURE_WORDS.open}
        value={<Opens n={all.open} to={{ view: 'open' }} label={t(FIGURE_WORDS.open)} />}
      />
      <Total
        title={FIGURE_WORDS.overdue}
        value={<Opens n={all.overdue} to={{ view: 'open', state: 'overdue' }} label={t(FIGURE_WORDS.overdue)} />}
      />
      <Total title={FIGURE_WORDS.average} value={dash(all.average)} />
      <Total title={FIGURE_WORDS.median} value={dash(all.median)} />
      <Total title={FIGURE_WORDS.nineInTen} value={dash(all.nineInTen)} />
      <Total title={FIGURE_WORDS.averageTotal} value={dash(all.averageTotal)} />
    </Flex>
  )
}

const COUNTED = [
  'received',
  'accepted',
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
] as const satisfies readonly What[]
const useColumns = (by: Grouping): Column<FigureRow>[] => {
  const { t } = useLanguage()
  const opens = (r: FigureRow, n: number, to: ListSearch, label: Words) => (
    <Opens n={n} to={{ ...placeOf(r, by), ...to }} label={`${t(r.label)} ${t(label)}`} />
  )
  return [
    { key: 'name', title: W.name, lead: true, width: 190, render: (r) => <strong>{t(r.label)}</strong> },
    ...COUNTED.map(
      (what): Column<FigureRow> => ({
        key: what,
        title: WHAT_WORDS[what],
        short: true,
        render: (r) => opens(r, r.counts[what], { view: 'entries', act: what }, WHAT_WORDS[what]),
      }),
    ),
    {
      key: 'abnormal',
      title: FIGURE_WORDS.abnormal,
      short: true,
      render: (r) => opens(r, r.abnormal, { view: 'entries', act: 'abnormal' }, FIGURE_WORDS.abnormal),
    },
    {
      key: 'late',
      title: FIGURE_WORDS.late,
      short: true,
      render: (r) => opens(r, r.late, { view: 'entries', act: 'late' }, FIGURE_WORDS.late),
    },
    ...(by === 'month'
      ? []
      : [
          {
            key: 'overdue',
            title: FIGURE_WORDS.overdue,
            short: true,
            render: (r: FigureRow) =>
              opens(r, r.overdue ?? 0, { view: 'open', state: 'overdue' }, FIGURE_WORDS.overdue),
          },
        ]),
    { key: 'success', title: FIGURE_WORDS.success, short: true, render: (r) => percent(r.success.share) },
    { key: 'average', title: FIGURE_WORDS.average, short: true, render: (r) => dash(r.average) },
    { key: 'median', title: FIGURE_WORDS.median, short: true, render: (r) => dash(r.median) },
    { key: 'nineInTen', title: FIGURE_WORDS.nineInTen, short: true, render: (r) => dash(r.nineInTen) },
    { key: 'longest', title: FIGURE_WORDS.longest, short: true, render: (r) => dash(r.longest) },
  ]
}

const Formulas = ({ view }: { view: FiguresView }) => {
  const { t, lang } = useLanguage()
  const { formulas } = view
  const names = (whats: readonly What[]) => whats.map((w) => t(WHAT_WORDS[w])).join(' + ')
  return (
    <details style={{ margin: '16px 0' }}>
      <summary>
        {t(W.how)} {formulas.unsure && <Tag color="gold">{t(W.unsure)}</Tag>}
      </summary>
      <p>
        {t(W.formula, {
          success: names(formulas.success),
          over: names(formulas.over),
          abnormal: formulas.abnormal.map((w) => WHAT_WORDS[w]),
        })}
      </p>
      {formulas.note && <p>{t(formulas.note)}</p>}
      <p className="xh-quiet">{lawWords(formulas.instrument, formulas.article, lang)}</p>
    </details>
  )
}

export const Figures = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, filter, go } = useListSearch()
  const by: Grouping = GROUPINGS.find((g) => g === search.by) ?? (has('credit_office') ? 'authority' : 'month')
  const scope = { ...useScope(), ...(search.division ? { division: search.division } : {}) }
  const query = useApi(endpoints.oversightFigures, { ...scope, by, after: search.after })
  const columns = useColumns(by)
  return (
    <>
      <SpanFilter />
      <Shown query={query}>
        {(view) => (
          <>
            <p className="xh-quiet">
              {t(W.span, { from: monthWords(view.from, lang), to: monthWords(view.to, lang) })} ·{' '}
              {t(W.counted, { at: instantWords(view.countedAt, lang) })}
            </p>
            <Totals view={view} />
            <Flex gap={12} wrap justify="space-between" style={{ marginBottom: 12 }}>
              <Segmented
                aria-label={t(W.group)}
                value={by}
                onChange={(value) => filter({ by: value })}
                options={GROUPINGS.map((g) => ({ value: g, label: t(GROUPING_WORDS[g]) }))}
                style={{ maxWidth: '100%', overflowX: 'auto' }}
              />
              <Exports endpoint={endpoints.exportOversight} input={{ ...scope, by }} />
            </Flex>
            {view.rows.length === 0 ? (
              <Nothing why={W.none} />
            ) : (
              <>
                <KeyedTable
                  name={W.table}
                  rows={view.rows}
                  columns={columns}
                  rowKey={(r) => r.key}
                  after={search.after}
                  next={view.next}
                  go={go}
                />
                {view.rows.length > 1 && (
                  <Chart
                    data={{
                      name: W.chart,
                      kind: by === 'month' ? 'line' : 'bar',
                      categories: view.rows.slice(0, BARS).map((r) => t(r.label)),
                      series: [
                        { name: FIGURE_WORDS.success, values: view.rows.slice(0, BARS).map((r) => r.success.share) },
                      ],
                      unit: 'share',
                      range: [0, 1],
                    }}
                  />
                )}
              </>
            )}
            <Formulas view={view} />
          </>
        )}
      </Shown>
    </>
  )
}
