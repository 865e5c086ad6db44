import { Link, useParams } from '@tanstack/react-router'
import { Alert, Card, Flex, Statistic } from 'antd'
import {
  type AuthorityQualityView,
  type MendRowView,
  endpoints,
} from '../../../../src/capabilities/quality/contract.ts'
import { COLOUR_WORDS, MEND_KINDS, MEND_WORDS } from '../../../../src/capabilities/quality/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Chart } from '../../ui/chart.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { AsOf } from './overview.tsx'
import { MonthSelect, monthWords } from '../../ui/month.tsx'
import { ColourTag, Scoring, Shares, scoreText } from './parts.tsx'

const W = {
  title: { zh: '单位归集质量', en: 'Quality of an authority' },
  titleOf: { zh: '{name}归集质量', en: 'Quality of what {name} reports' },
  score: { zh: '得分', en: 'Score' },
  rank: { zh: '名次', en: 'Rank' },
  among: { zh: '第 {rank} 名（共 {n} 个单位）', en: '{rank} of {n}' },
  noRank: { zh: '未排名', en: 'Not ranked' },
  rows: { zh: '首次报送行数', en: 'Rows at first hand-in' },
  district: { zh: '所在区划得分', en: 'Score of the district' },
  trend: { zh: '得分趋势', en: 'Score, month by month' },
  green: { zh: '绿色线', en: 'Green from' },
  yellow: { zh: '黄色线', en: 'Yellow from' },
  indicators: { zh: '各项指标', en: 'Indicators' },
  faults: { zh: '查看本单位常见差错', en: 'See the most frequent faults' },
  mend: { zh: '如何升级', en: 'How to move up' },
  plan: {
    zh: '更正以下 {n} 行，即可由{from}升为{to}（得分由 {now} 升至 {reached}）。',
    en: 'Mend these {n} rows and you move from {from} to {to} (score {now} to {reached}).',
  },
  parts: { zh: '其中：{list}。', en: 'Of these: {list}.' },
  part: { zh: '{n} 行{what}', en: '{n}: {what}' },
  late: {
    zh: '其中 {n} 行今日补报已经逾期，已按迟报计入。',
    en: '{n} of them are late when they come today, and are reckoned so.',
  },
  green_already: {
    zh: '本月已是绿色，没有需要升级的事项。',
    en: 'Green already this month; there is nothing to move up to.',
  },
  unreachable: {
    zh: '现有可更正的行全部更正后，仍达不到下一等次；请减少首次报送的退回和迟报。',
    en: 'Mending all that stands open does not reach the next colour; fewer returned and late rows at first hand-in will.',
  },
  not_scored: { zh: '本月没有报送数据，未评分。', en: 'Nothing was handed in this month, so there is no score.' },
  file: { zh: '报送', en: 'Submission' },
  rowNo: { zh: '第 {n} 行', en: 'Row {n}' },
  doc: { zh: '文书号', en: 'Document no.' },
  item: { zh: '事项', en: 'Item' },
  todo: { zh: '需要做什么', en: 'What to do' },
  missing: { zh: '缺少：{list}', en: 'Missing: {list}' },
  list: { zh: '需要更正的行', en: 'Rows to mend' },
} as const satisfies Record<string, Words>

/** A row to mend opens where it was handed in, at the rows that stand as this one does. */
const opens = (row: MendRowView) =>
  row.kind === 'returned_row' ? 'refused' : row.kind === 'pending_row' ? 'pending' : undefined

const MendRows = ({ id, month }: { id: string; month: string }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listMendRows, { id, month, after: search.after, limit: 20 })
  const columns: Column<MendRowView>[] = [
    {
      key: 'file',
      title: W.file,
      lead: true,
      render: (r) => (
        <Link to="/submissions/$id" params={{ id: r.submissionId }} search={{ verdict: opens(r) } as never}>
          {r.submissionNo} {t(W.rowNo, { n: r.n })}
        </Link>
      ),
    },
    { key: 'item', title: W.item, render: (r) => t(r.itemName) },
    { key: 'doc', title: W.doc, render: (r) => r.docNo },
    {
      key: 'todo',
      title: W.todo,
      render: (r) => (
        <>
          {t(MEND_WORDS[r.kind])}
          {r.faults.length > 0 && (
            <div className="xh-quiet">{r.faults.map((f) => t(f)).join(lang === 'zh' ? '；' : '; ')}</div>
          )}
          {r.missing.length > 0 && <div className="xh-quiet">{t(W.missing, { list: r.missing })}</div>}
        </>
      ),
    },
  ]
  return (
    <Shown query={query}>
      {(data) => (
        <KeyedTable
          name={W.list}
          rows={data.rows}
          columns={columns}
          rowKey={(r) => `${r.kind}${r.submissionId}${r.n}`}
          after={search.after}
          next={data.next}
          go={go}
        />
      )}
    </Shown>
  )
}

const Mend = ({ id, month }: { id: string; month: string }) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.mendPlan, { id, month })
  return (
    <>
      <h2>{t(W.mend)}</h2>
      <Shown query={query}>
        {({ plan, colour, score }) =>
          plan ? (
            <>
              <Alert
                type="info"
                showIcon
                style={{ marginBottom: 12 }}
                title={t(W.plan, {
                  n: plan.rows,
                  from: colour ? COLOUR_WORDS[colour] : '',
                  to: COLOUR_WORDS[plan.to],
                  now: scoreText(score),
                  reached: scoreText(plan.scoreThen),
                })}
                description={
                  <>
                    {t(W.parts, {
                      list: MEND_KINDS.filter((k) => plan.take[k] > 0)
                        .map((k) => t(W.part, { n: plan.take[k], what: MEND_WORDS[k] }))
                        .join(lang === 'zh' ? '，' : '; '),
                    })}
                    {plan.late > 0 && ` ${t(W.late, { n: plan.late })}`}
                  </>
                }
              />
              <MendRows id={id} month={month} />
            </>
          ) : (
            <p>{t(colour === null ? W.not_scored : colour === 'green' ? W.green_already : W.unreachable)}</p>
          )
        }
      </Shown>
    </>
  )
}

const Body = ({ id, data }: { id: string; data: AuthorityQualityView }) => {
  const { t } = useLanguage()
  const { standing } = data
  return (
    <>
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        <Card size="small">
          <Statistic title={t(W.score)} value={scoreText(standing.score)} />
          <ColourTag colour={standing.colour} />
        </Card>
        <Card size="small">
          <Statistic
            title={t(W.rank)}
            value={standing.rank === null ? t(W.noRank) : t(W.among, { rank: standing.rank, n: data.rankedAmong })}
          />
        </Card>
        <Card size="small">
          <Statistic title={t(W.rows)} value={standing.received} />
        </Card>
        <Card size="small">
          <Statistic title={t(W.district)} value={scoreText(data.district.score)} />
          <ColourTag colour={data.district.colour} />
        </Card>
      </Flex>
      <Mend id={id} month={data.month} />
      <h2 style={{ marginTop: 16 }}>{t(W.indicators)}</h2>
      <Shares shares={standing.shares} />
      <p>
        <Link to="/quality" search={{ view: 'faults', month: data.month, authority: id } as never}>
          {t(W.faults)}
        </Link>
      </p>
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
      <Scoring scoring={data.scoring} />
    </>
  )
}

export const AuthorityStanding = ({ id, heading }: { id: string; heading: boolean }) => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const query = useApi(endpoints.authorityQuality, { id, ...(search.month ? { month: search.month } : {}) })
  return (
    <Shown query={query} {...(heading ? { heading: W.title } : {})}>
      {(data) => (
        <>
          {heading && <h1>{t(W.titleOf, { name: data.standing.authorityName })}</h1>}
          <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
            <MonthSelect month={data.month} choose={(month) => filter({ month })} />
            <AsOf data={data} />
          </Flex>
          <Body id={id} data={data} />
        </>
      )}
    </Shown>
  )
}

const GONE: Words = { zh: '没有指定单位。', en: 'No authority is named.' }
export const AuthorityQuality = () => {
  const { id } = useParams({ strict: false }) as { id?: string }
  return id ? <AuthorityStanding id={id} heading /> : <Nothing why={GONE} />
}
