import { Alert, Card, Flex, Tag } from 'antd'
import { type OverviewView, type RateView, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import {
  CLASS_WORDS,
  COUNT_WORDS,
  type Count,
  MEASURE_WORDS,
  type Measure,
} from '../../../../src/capabilities/timeliness/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import { colon, instantWords, lawWords, monthWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { type ListSearch, useListSearch } from '../../ui/search.ts'
import { Shown } from '../../ui/states.tsx'
import { Figure, percent } from './figures.tsx'
import { Remind } from './remind.tsx'
import { SpanFilter, useSpan } from './span.tsx'

const W = {
  of: { zh: '{numerator} ÷ {denominator}', en: '{numerator} of {denominator}' },
  goal: { zh: '目标不高于 {goal}', en: 'Goal: at most {goal}' },
  met: { zh: '达标', en: 'Met' },
  notMet: { zh: '未达标', en: 'Not met' },
  noShare: { zh: '无可计算数据', en: 'Nothing to compute from' },
  how: { zh: '口径', en: 'Computed as' },
  unsure: { zh: '口径待确认', en: 'Definition to be confirmed' },
  openRows: { zh: '查看明细', en: 'See the rows' },
  intake: { zh: '报送与入库', en: 'Handed in' },
  balance: {
    zh: '接收 {received} = 入库 {accepted} + 退回 {refused} + 待核实 {pending} + 已有 {alreadyHeld}',
    en: 'Received {received} = accepted {accepted} + returned {refused} + pending {pending} + held already {alreadyHeld}',
  },
  submissions: { zh: '共 {submissions} 次报送。', en: '{submissions} hand-ins.' },
  classes: { zh: '按报送时限', en: 'Against the term' },
  missing: { zh: '疑似漏报', en: 'Missing' },
  concealed: { zh: '抽查未报送未公示', en: 'Concealed' },
  trend: { zh: '各月迟报率与漏报率', en: 'Late and missing rates by month' },
  volume: { zh: '各月报送条数', en: 'Records by month' },
  goalLine: { zh: '目标', en: 'Goal' },
  worst: { zh: '问题较多的单位', en: 'Authorities with the most to mend' },
  authority: { zh: '单位', en: 'Authority' },
  rate: { zh: '迟报率', en: 'Late rate' },
  missingRate: { zh: '漏报率', en: 'Missing rate' },
  actions: { zh: '操作', en: 'Actions' },
  counted: { zh: '统计截至 {at}', en: 'Counted to {at}' },
  waiting: { zh: '，另有新数据正在计入', en: '; newer data is being counted' },
  month: {
    decided_on: { zh: '按认定日期所在月份统计', en: 'Months are those of the decisions' },
    reported_on: { zh: '按报送日期所在月份统计', en: 'Months are those of the reports' },
  },
  none: { zh: '所选月份没有迟报、漏报和瞒报。', en: 'Nothing late, missing or concealed in these months.' },
} as const

const ROWS: Record<Measure, ListSearch> = {
  late: { view: 'late', state: 'late' },
  missing: { view: 'missing', state: 'open' },
  concealed: { view: 'samples' },
}

/** late ÷ (on time + late), with the counts by their names. */
const useFormula = () => {
  const { t } = useLanguage()
  return (expression: string): string =>
    expression
      .split(' ')
      .map((word) => (word === '+' || word === '-' ? word : t(COUNT_WORDS[word as Count])))
      .join(' ')
}

const RateCard = ({ rate, formula }: { rate: RateView; formula: OverviewView['formulas'][number] }) => {
  const { t, lang } = useLanguage()
  const said = useFormula()
  const { numerator, denominator } = rate
  return (
    <Card style={{ flex: '1 1 260px' }} size="small">
      <h2>
        {t(MEASURE_WORDS[rate.measure])}{' '}
        {rate.share !== null && <Tag color={rate.met ? 'green' : 'red'}>{t(rate.met ? W.met : W.notMet)}</Tag>}
      </h2>
      <div style={{ fontSize: 26, fontWeight: 600 }}>{rate.share === null ? '—' : percent(rate.share)}</div>
      <div>
        {rate.share === null ? t(W.noShare) : t(W.of, { numerator, denominator })}
        {' · '}
        {t(W.goal, { goal: percent(rate.goal) })}
      </div>
      {numerator > 0 && (
        <div>
          {t(W.openRows)}
          {colon(lang)}
          <Figure n={numerator} to={ROWS[rate.measure]} label={t(MEASURE_WORDS[rate.measure])} />
        </div>
      )}
      <details style={{ marginTop: 8 }}>
        <summary>
          {t(W.how)} {formula.unsure && <Tag color="gold">{t(W.unsure)}</Tag>}
        </summary>
        <p style={{ margin: '8px 0' }}>
          {said(formula.numerator)} ÷ ({said(formula.denominator)})
        </p>
        {formula.note && <p style={{ margin: '8px 0' }}>{t(formula.note)}</p>}
        <p className="xh-quiet" style={{ margin: 0 }}>
          {lawWords(formula.instrument, formula.article, lang)}
        </p>
      </details>
    </Card>
  )
}

const shareOf = (rates: readonly RateView[], measure: Measure): number | null =>
  rates.find((r) => r.measure === measure)?.share ?? null

const Worst = ({ rows }: { rows: OverviewView['worst'] }) => {
  const { t } = useLanguage()
  type Row = OverviewView['worst'][number]
  const figure = (r: Row, n: number, to: ListSearch, label: Words) => (
    <Figure n={n} to={{ ...to, authority: r.authorityId }} label={`${r.authorityName} ${t(label)}`} />
  )
  const columns: Column<Row>[] = [
    { key: 'name', title: W.authority, lead: true, render: (r) => r.authorityName },
    {
      key: 'late',
      title: CLASS_WORDS.late,
      short: true,
      render: (r) => figure(r, r.late, ROWS.late, CLASS_WORDS.late),
    },
    { key: 'rate', title: W.rate, short: true, render: (r) => percent(shareOf(r.rates, 'late')) },
    {
      key: 'missing',
      title: W.missing,
      short: true,
      render: (r) => figure(r, r.missing, { view: 'missing' }, W.missing),
    },
    { key: 'missingRate', title: W.missingRate, short: true, render: (r) => percent(shareOf(r.rates, 'missing')) },
    {
      key: 'concealed',
      title: W.concealed,
      short: true,
      render: (r) => figure(r, r.concealed, ROWS.concealed, W.concealed),
    },
    {
      key: 'actions',
      title: W.actions,
      short: true,
      render: (r) =>
        r.missing > 0 || r.late > 0 ? (
          <Remind authorityId={r.authorityId} name={r.authorityName} what={r.late > 0 ? 'late' : 'missing'} />
        ) : (
          '—'
        ),
    },
  ]
  return <KeyedTable name={W.worst} rows={rows} columns={columns} rowKey={(r) => r.authorityId} />
}

const Charts = ({ data }: { data: OverviewView }) => {
  const { lang } = useLanguage()
  const { search, filter } = useListSearch()
  const categories = data.trend.map((m) => monthWords(m.month, lang))
  const open = (i: number) => {
    const month = data.trend[i]?.month
    if (month) filter({ ...search, view: 'ledger', from: month, to: month })
  }
  return (
    <>
      <Chart
        data={{
          name: W.trend,
          kind: 'line',
          unit: 'share',
          categories,
          series: (['late', 'missing'] as const).map((measure) => ({
            name: MEASURE_WORDS[measure],
            values: data.trend.map((m) => shareOf(m.rates, measure)),
          })),
          marks: [{ name: W.goalLine, at: data.rates.find((r) => r.measure === 'late')?.goal ?? 0 }],
        }}
        onPick={open}
      />
      <Chart
        data={{
          name: W.volume,
          kind: 'stack',
          unit: 'count',
          categories,
          series: [
            { name: CLASS_WORDS.on_time, values: data.trend.map((m) => m.onTime) },
            { name: CLASS_WORDS.late, values: data.trend.map((m) => m.late) },
            { name: CLASS_WORDS.backfill, values: data.trend.map((m) => m.backfill) },
            { name: W.missing, values: data.trend.map((m) => m.missing) },
          ],
        }}
        onPick={open}
      />
    </>
  )
}

export const Overview = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const span = useSpan()
  const query = useApi(endpoints.getTimeliness, span)
  const office = has('credit_office')
  return (
    <>
      <SpanFilter />
      <Shown query={query}>
        {(data) => (
          <Flex vertical gap={16}>
            <Flex gap={16} wrap>
              {data.rates.map((rate) => (
                <RateCard
                  key={rate.measure}
                  rate={rate}
                  formula={data.formulas.find((f) => f.measure === rate.measure)!}
                />
              ))}
            </Flex>
            <Flex gap={16} wrap>
              <Card size="small" style={{ flex: '1 1 360px' }}>
                <h2>{t(W.intake)}</h2>
                <div>{t(W.balance, data.totals)}</div>
                <div className="xh-quiet">{t(W.submissions, data.totals)}</div>
              </Card>
              <Card size="small" style={{ flex: '1 1 360px' }}>
                <h2>{t(W.classes)}</h2>
                <Flex gap={16} wrap>
                  {(
                    [
                      ['on_time', data.totals.onTime],
                      ['late', data.totals.late],
                      ['backfill', data.totals.backfill],
                      ['annulled', data.totals.annulled],
                      ['no_term', data.totals.noTerm],
                    ] as const
                  ).map(([cls, n]) => (
                    <span key={cls}>
                      {t(CLASS_WORDS[cls])}{' '}
                      <Figure
                        n={n}
                        to={cls === 'on_time' && office ? { view: 'ledger' } : { view: 'late', state: cls }}
                        label={t(CLASS_WORDS[cls])}
                      />
                    </span>
                  ))}
                </Flex>
              </Card>
            </Flex>
            <Card size="small">
              <Charts data={data} />
            </Card>
            {office && (
              <Card size="small">
                <h2>{t(W.worst)}</h2>
                {data.worst.length ? <Worst rows={data.worst} /> : <Alert type="success" showIcon title={t(W.none)} />}
              </Card>
            )}
            <p className="xh-quiet">
              {t(W.counted, { at: instantWords(data.countedTo, lang) })}
              {data.waiting > 0 && t(W.waiting)}
              {' · '}
              {t(W.month[data.monthBasis])}
            </p>
          </Flex>
        )}
      </Shown>
    </>
  )
}
