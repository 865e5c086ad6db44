import { Link } from '@tanstack/react-router'
import { Button, Card, Flex, Select, Statistic } from 'antd'
import { COLOURS, COLOUR_WORDS } from '../../../../src/capabilities/quality/words.ts'
import { type OverviewView, type StandingView, endpoints } from '../../../../src/capabilities/quality/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Chart } from '../../ui/chart.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { useDivisions } from '../access/choices.tsx'
import { MonthSelect, monthWords } from '../../ui/month.tsx'
import { ColourTag, FILLS, Scoring, Shares, scoreText } from './parts.tsx'

const W = {
  running: { zh: '本月尚未结束，数据随报送更新。', en: 'The month still runs; the figures follow what is handed in.' },
  asOf: { zh: '数据截至 {at}', en: 'As of {at}' },
  whole: { zh: '全辖区得分', en: 'Score of the territory' },
  rows: { zh: '首次报送行数', en: 'Rows at first hand-in' },
  none: { zh: '本月没有单位报送数据，可选择其他月份。', en: 'No authority reported in this month; choose another.' },
  trend: { zh: '全辖区得分趋势', en: 'Score of the territory, month by month' },
  districts: { zh: '各区得分', en: 'Scores by district' },
  score: { zh: '得分', en: 'Score' },
  green: { zh: '绿色线', en: 'Green from' },
  yellow: { zh: '黄色线', en: 'Yellow from' },
  ranks: { zh: '单位排名', en: 'Ranks of authorities' },
  rank: { zh: '名次', en: 'Rank' },
  authority: { zh: '单位', en: 'Authority' },
  division: { zh: '行政区划', en: 'Division' },
  colour: { zh: '等次', en: 'Colour' },
  change: { zh: '较上月', en: 'Change' },
  indicators: { zh: '各项指标', en: 'Indicators' },
  every: { zh: '全部等次', en: 'All colours' },
  many: { zh: '{n} 个单位', en: '{n} authorities' },
  noMatch: { zh: '没有符合条件的单位。', en: 'No authority matches.' },
} as const satisfies Record<string, Words>

const changeText = (change: number | null): string =>
  change === null ? '—' : `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change).toFixed(1)}`

export const Overview = () => {
  const { search, filter } = useListSearch()
  const query = useApi(endpoints.qualityOverview, search.month ? { month: search.month } : {})
  return (
    <Shown query={query}>
      {(data) => (
        <>
          <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
            <MonthSelect month={data.month} choose={(month) => filter({ month })} />
            <AsOf data={data} />
          </Flex>
          {data.colours.green + data.colours.yellow + data.colours.red + data.colours.none === 0 ? (
            <Nothing why={W.none} />
          ) : (
            <Figures data={data} />
          )}
          <Scoring scoring={data.scoring} />
        </>
      )}
    </Shown>
  )
}

export const AsOf = ({ data }: { data: Pick<OverviewView, 'countedAt' | 'running'> }) => {
  const { t, lang } = useLanguage()
  return (
    <span className="xh-quiet">
      {data.countedAt && t(W.asOf, { at: instantWords(data.countedAt, lang) })} {data.running && t(W.running)}
    </span>
  )
}

const Figures = ({ data }: { data: OverviewView }) => {
  const { t } = useLanguage()
  const { filter } = useListSearch()
  const { nameOf } = useDivisions()
  return (
    <>
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        <Card size="small">
          <Statistic title={t(W.whole)} value={scoreText(data.territory.score)} />
          <ColourTag colour={data.territory.colour} />
        </Card>
        <Card size="small">
          <Statistic title={t(W.rows)} value={data.territory.received} />
        </Card>
        {COLOURS.map((colour) => (
          <Card size="small" key={colour}>
            <Statistic title={t(COLOUR_WORDS[colour])} value={data.colours[colour]} />
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => filter({ colour })}>
              {t(W.many, { n: data.colours[colour] })}
            </Button>
          </Card>
        ))}
      </Flex>
      <div className="xh-charts">
        <Chart
          data={{
            name: W.trend,
            kind: 'line',
            categories: data.trend.map((m) => t(monthWords(m.month))),
            series: [{ name: W.score, values: data.trend.map((m) => m.score) }],
            unit: 'score',
            range: [0, 100],
            marks: [
              { name: W.green, at: data.scoring.green },
              { name: W.yellow, at: data.scoring.yellow },
            ],
          }}
        />
        {data.districts.length > 1 && (
          <Chart
            data={{
              name: W.districts,
              kind: 'bar',
              categories: data.districts.map((d) => nameOf(d.division)),
              series: [
                {
                  name: W.score,
                  values: data.districts.map((d) => d.score),
                  color: data.districts.map((d) => (d.colour ? FILLS[d.colour] : '#4a5568')),
                },
              ],
              unit: 'score',
              range: [0, 100],
            }}
          />
        )}
      </div>
      <Ranks month={data.month} divisions={data.districts.map((d) => d.division)} />
    </>
  )
}

const Ranks = ({ month, divisions }: { month: string; divisions: string[] }) => {
  const { t } = useLanguage()
  const { search, go, filter } = useListSearch()
  const { nameOf } = useDivisions()
  const colour = COLOURS.find((c) => c === search.colour)
  const query = useApi(endpoints.listStandings, {
    month,
    ...(colour ? { colour } : {}),
    ...(search.division ? { division: search.division } : {}),
    after: search.after,
  })
  const columns: Column<StandingView>[] = [
    { key: 'rank', title: W.rank, short: true, render: (s) => s.rank ?? '—' },
    {
      key: 'authority',
      title: W.authority,
      lead: true,
      render: (s) => (
        <Link to="/quality/$id" params={{ id: s.authorityId }} search={{ month } as never}>
          {s.authorityName}
        </Link>
      ),
    },
    { key: 'division', title: W.division, render: (s) => nameOf(s.division) },
    { key: 'score', title: W.score, short: true, render: (s) => scoreText(s.score) },
    { key: 'colour', title: W.colour, short: true, render: (s) => <ColourTag colour={s.colour} /> },
    { key: 'change', title: W.change, short: true, render: (s) => changeText(s.change) },
    { key: 'shares', title: W.indicators, render: (s) => <Shares shares={s.shares} /> },
  ]
  return (
    <>
      <h2>{t(W.ranks)}</h2>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.colour)}
          style={{ minWidth: 140 }}
          value={colour ?? ''}
          onChange={(value) => filter({ colour: value })}
          options={[{ value: '', label: t(W.every) }, ...COLOURS.map((c) => ({ value: c, label: t(COLOUR_WORDS[c]) }))]}
        />
        {divisions.length > 1 && (
          <Select
            aria-label={t(W.division)}
            style={{ minWidth: 160 }}
            value={search.division ?? ''}
            onChange={(division) => filter({ division })}
            options={[{ value: '', label: t(W.division) }, ...divisions.map((d) => ({ value: d, label: nameOf(d) }))]}
          />
        )}
      </Flex>
      <KeyedList
        query={query}
        name={W.ranks}
        empty={W.noMatch}
        columns={columns}
        rowKey={(s) => s.authorityId}
        after={search.after}
        go={go}
      />
    </>
  )
}
