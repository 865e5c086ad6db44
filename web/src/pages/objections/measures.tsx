import { Flex, Segmented, Select } from 'antd'
import { type MeasureRow, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { type LocalDate, addMonths } from '../../../../src/kernel/time.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { monthWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { ObjectionsNav } from './nav.tsx'

const W = {
  title: { zh: '异议办理统计', en: 'Measures of objections' },
  intro: {
    zh: '按提交日期所在月份统计。用时自提交之日至答复之日，以工作日计；按期率为期限内答复件数占已答复件数的比例。',
    en: 'By the month of submission. Time runs from submission to the answer, in working days; in time is the share of answers given within the term.',
  },
  by: { zh: '统计口径', en: 'Group by' },
  from: { zh: '起始月份', en: 'From' },
  to: { zh: '截止月份', en: 'To' },
  authority: { zh: '按认定单位', en: 'Authority' },
  division: { zh: '按地区', en: 'District' },
  month: { zh: '按月份', en: 'Month' },
  total: { zh: '合计', en: 'Total' },
  name: { zh: '名称', en: 'Name' },
  received: { zh: '收到', en: 'Received' },
  pending: { zh: '办理中', en: 'Pending' },
  overdue: { zh: '逾期', en: 'Overdue' },
  decided: { zh: '已答复', en: 'Answered' },
  upheld: { zh: '成立', en: 'Upheld' },
  partly: { zh: '部分成立', en: 'In part' },
  rejected: { zh: '不成立', en: 'Rejected' },
  withdrawn: { zh: '撤回', en: 'Withdrawn' },
  own: { zh: '主动异议', en: 'Own motion' },
  mean: { zh: '平均用时（工作日）', en: 'Mean working days' },
  inTime: { zh: '按期率', en: 'In time' },
  empty: { zh: '所选月份没有异议。', en: 'There were no objections in these months.' },
} as const satisfies Record<string, Words>
const BY = ['authority', 'division', 'month'] as const
const BACK = 36
const USUAL = 12
const MONTH_LENGTH = 'YYYY-MM'.length

/** The latest first; the platform's months are those of Asia/Shanghai. */
const monthsBack = (): string[] => {
  const now = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, MONTH_LENGTH)}-01` as LocalDate
  return Array.from({ length: BACK }, (_, i) => addMonths(now, -i).slice(0, MONTH_LENGTH))
}

export const ObjectionMeasures = () => {
  const { t, lang } = useLanguage()
  const { search, filter } = useListSearch()
  const months = monthsBack()
  const span = {
    from: months.find((m) => m === search.from) ?? (months[USUAL - 1] as string),
    to: months.find((m) => m === search.to) ?? (months[0] as string),
  }
  const options = months.map((m) => ({ value: m, label: monthWords(m, lang) }))
  const by = BY.find((b) => b === search.by) ?? 'authority'
  const query = useApi(endpoints.objectionMeasures, { ...span, by })
  const nameOf = (r: MeasureRow) => (by === 'month' && r.month ? monthWords(r.month, lang) : r.authorityName)
  const share = (r: MeasureRow) => (r.decided ? `${((r.inTime / r.decided) * 100).toFixed(1)}%` : '—')
  const columns: Column<MeasureRow>[] = [
    { key: 'name', title: W.name, lead: true, render: (r) => <span>{nameOf(r)}</span> },
    { key: 'received', title: W.received, short: true, render: (r) => r.received },
    { key: 'pending', title: W.pending, short: true, render: (r) => r.pending },
    { key: 'overdue', title: W.overdue, short: true, render: (r) => r.overdue },
    { key: 'decided', title: W.decided, short: true, render: (r) => r.decided },
    { key: 'upheld', title: W.upheld, short: true, render: (r) => r.upheld },
    { key: 'partly', title: W.partly, short: true, render: (r) => r.partlyUpheld },
    { key: 'rejected', title: W.rejected, short: true, render: (r) => r.rejected },
    { key: 'withdrawn', title: W.withdrawn, short: true, render: (r) => r.withdrawn },
    { key: 'own', title: W.own, short: true, render: (r) => r.ownMotion },
    {
      key: 'mean',
      title: W.mean,
      short: true,
      render: (r) => (r.meanWorkdays === null ? '—' : r.meanWorkdays.toFixed(1)),
    },
    { key: 'inTime', title: W.inTime, short: true, render: share },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      <p>{t(W.intro)}</p>
      <Flex gap={8} wrap align="center" style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.from)}
          style={{ minWidth: 150 }}
          value={span.from}
          onChange={(from: string) => filter({ from })}
          options={options}
        />
        <span aria-hidden="true">—</span>
        <Select
          aria-label={t(W.to)}
          style={{ minWidth: 150 }}
          value={span.to}
          onChange={(to: string) => filter({ to })}
          options={options}
        />
      </Flex>
      <Segmented
        aria-label={t(W.by)}
        value={by}
        onChange={(v) => filter({ by: v })}
        options={BY.map((b) => ({ value: b, label: t(W[b]) }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => (
          <KeyedTable
            name={W.title}
            rows={[{ ...data.total, authorityName: t(W.total), month: null, authorityId: 'total' }, ...data.rows]}
            columns={columns}
            rowKey={(r) => `${r.authorityId ?? ''}${r.division ?? ''}${r.month ?? ''}`}
          />
        )}
      </Shown>
    </>
  )
}
