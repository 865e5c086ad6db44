import { Alert, Button, Card, Flex, Input, Segmented, Select, Statistic, Tabs } from 'antd'
import { type LineView, type RunView, endpoints } from '../../../../src/capabilities/balance/contract.ts'
import { GROUPINGS, GROUPING_WORDS, type Grouping } from '../../../../src/capabilities/balance/words.ts'
import { endpoints as collection } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { AuthoritySelect } from '../access/choices.tsx'
import { Runs } from './runs.tsx'
import { spanOf } from './span.ts'
import { SubmissionLines } from './submissions.tsx'

const W = {
  title: { zh: '数据平衡', en: 'The balance' },
  sums: { zh: '汇总', en: 'Totals' },
  submissions: { zh: '逐次报送', en: 'Each submission' },
  runs: { zh: '核验记录', en: 'Proofs' },
  by: { zh: '汇总方式', en: 'Grouped' },
  from: { zh: '起始日', en: 'From' },
  to: { zh: '截止日', en: 'To' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  allItems: { zh: '全部事项', en: 'All items' },
  day: { zh: '日期', en: 'Day' },
  number: { zh: '报送次数', en: 'Submissions' },
  received: { zh: '接收', en: 'Received' },
  accepted: { zh: '入库', en: 'Accepted' },
  refused: { zh: '退回', en: 'Returned' },
  pending: { zh: '待核实', en: 'Pending' },
  held: { zh: '已有', en: 'Held already' },
  proved: { zh: '核验', en: 'Proof' },
  open: { zh: '查看报送', en: 'Open' },
  openOne: { zh: '查看报送：{name}', en: 'Open: {name}' },
  export: { zh: '导出表格', en: 'Export' },
  equation: {
    zh: '接收 {received} = 入库 {accepted} + 退回 {refused} + 待核实 {pending} + 已有 {held}',
    en: 'Received {received} = accepted {accepted} + returned {refused} + pending {pending} + held already {held}',
  },
  states: {
    zh: '一致 {proved} 份，差异 {differing} 份，待核验 {unproved} 份',
    en: '{proved} proved, {differing} differ, {unproved} to prove',
  },
  last: {
    zh: '最近一次核验于 {at} 完成：{submissions} 份报送、{rows} 行，{outcome}。',
    en: 'Last proved {at}: {submissions} submissions, {rows} rows, {outcome}.',
  },
  none: { zh: '无差异', en: 'no difference' },
  some: { zh: '{n} 份存在差异', en: '{n} differ' },
  lost: { zh: '，{n} 份报送已不存在', en: ', {n} are no longer there' },
  never: {
    zh: '尚未核验。平台每日夜间重新读取原始文件，逐行核对。',
    en: 'Not proved yet. Each night the raw files are read again and held against what is kept, row by row.',
  },
  empty: { zh: '所选范围内没有报送。', en: 'Nothing was handed in within this range.' },
} as const satisfies Record<string, Words>

const LastRun = ({ run }: { run: RunView | null }) => {
  const { t, lang } = useLanguage()
  if (!run) return <Alert type="info" showIcon title={t(W.never)} />
  const bad = run.differing + run.lost > 0
  const outcome = bad ? `${t(W.some, { n: run.differing })}${run.lost ? t(W.lost, { n: run.lost }) : ''}` : t(W.none)
  const count = (n: number) => n.toLocaleString('en')
  const title = t(W.last, {
    at: instantWords(run.finishedAt ?? run.startedAt, lang),
    submissions: count(run.submissions),
    rows: count(run.rows),
    outcome,
  })
  return <Alert type={bad ? 'error' : 'success'} showIcon title={title} />
}

const Filters = ({ shown }: { shown: { from: string; to: string } | undefined }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const catalog = useApi(collection.catalog, {})
  return (
    <Flex gap={8} wrap style={{ marginBottom: 12 }} align="end">
      {(['from', 'to'] as const).map((end) => (
        <label key={end}>
          <div className="xh-quiet">{t(W[end])}</div>
          <Input
            type="date"
            value={search[end] ?? shown?.[end] ?? ''}
            onChange={(e) => filter({ [end]: e.target.value || undefined })}
          />
        </label>
      ))}
      {has('credit_office') && (
        <AuthoritySelect
          aria-label={t(W.authority)}
          value={search.authority}
          onChange={(authority) => filter({ authority })}
          clearable
          style={{ minWidth: 220 }}
        />
      )}
      <Select
        aria-label={t(W.item)}
        style={{ minWidth: 160 }}
        value={search.item ?? ''}
        onChange={(item: string) => filter({ item: item || undefined })}
        options={[
          { value: '', label: t(W.allItems) },
          ...(catalog.data?.items ?? []).map((i) => ({ value: i.code, label: t(i.name) })),
        ]}
      />
    </Flex>
  )
}

const Sums = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const by = GROUPINGS.find((g) => g === search.by) ?? 'day'
  const ask = { by, ...spanOf(search) }
  const query = useApi(endpoints.listBalance, { ...ask, after: search.after })
  const nameOf = (r: LineView): string =>
    r.day ? dayWords(r.day, lang) : r.authority ? r.authority.name : r.item ? t(r.item.name) : ''
  const open = (r: LineView) =>
    filter({
      view: 'submissions',
      ...(r.day ? { from: r.day, to: r.day } : {}),
      ...(r.authority ? { authority: r.authority.id } : {}),
      ...(r.item ? { item: r.item.code } : {}),
    })
  const columns: Column<LineView>[] = [
    {
      key: 'name',
      title: by === 'day' ? W.day : by === 'authority' ? W.authority : W.item,
      lead: true,
      render: nameOf,
    },
    { key: 'number', title: W.number, short: true, render: (r) => r.submissions },
    { key: 'received', title: W.received, short: true, render: (r) => r.received },
    { key: 'accepted', title: W.accepted, short: true, render: (r) => r.accepted },
    { key: 'refused', title: W.refused, short: true, render: (r) => r.refused },
    { key: 'pending', title: W.pending, short: true, render: (r) => r.pending },
    { key: 'held', title: W.held, short: true, render: (r) => r.alreadyHeld },
    { key: 'proved', title: W.proved, render: (r) => t(W.states, r) },
    {
      key: 'open',
      title: W.open,
      short: true,
      render: (r) => (
        <Button size="small" aria-label={t(W.openOne, { name: nameOf(r) })} onClick={() => open(r)}>
          {t(W.open)}
        </Button>
      ),
    },
  ]
  return (
    <>
      <Flex gap={8} wrap justify="space-between" style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.by)}
          value={by}
          onChange={(value: Grouping) => filter({ by: value })}
          options={GROUPINGS.map((g) => ({ value: g, label: t(GROUPING_WORDS[g]) }))}
        />
        <Button href={urlOf(endpoints.exportBalance, { ...ask, lang })}>{t(W.export)}</Button>
      </Flex>
      <Shown query={query} isEmpty={(d) => d.totals.submissions === 0} empty={<Nothing why={W.empty} />}>
        {(data) => {
          const { totals } = data
          const { received, accepted, refused, pending, alreadyHeld: held } = totals
          return (
            <>
              <Card size="small" style={{ marginBottom: 12 }}>
                <Flex gap={24} wrap>
                  <Statistic title={t(W.number)} value={totals.submissions} />
                  <Statistic title={t(W.received)} value={received} />
                  <Statistic title={t(W.accepted)} value={accepted} />
                  <Statistic title={t(W.refused)} value={refused} />
                  <Statistic title={t(W.pending)} value={pending} />
                  <Statistic title={t(W.held)} value={held} />
                </Flex>
                <p style={{ marginBottom: 0 }}>{t(W.equation, { received, accepted, refused, pending, held })}</p>
                <p style={{ marginBottom: 0 }}>{t(W.states, totals)}</p>
              </Card>
              <KeyedTable
                name={W.sums}
                rows={data.rows}
                columns={columns}
                rowKey={nameOf}
                after={search.after}
                next={data.next}
                go={go}
              />
            </>
          )
        }}
      </Shown>
    </>
  )
}

export const Balance = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const run = useApi(endpoints.listBalance, { by: 'item', ...spanOf(search), limit: 1 })
  const tabs = [
    { key: 'sums', label: t(W.sums), children: <Sums /> },
    { key: 'submissions', label: t(W.submissions), children: <SubmissionLines /> },
    ...(has('credit_office') ? [{ key: 'runs', label: t(W.runs), children: <Runs /> }] : []),
  ]
  const active = tabs.find((tab) => tab.key === search.view)?.key ?? 'sums'
  return (
    <>
      <h1>{t(W.title)}</h1>
      {run.data && <LastRun run={run.data.run} />}
      <Tabs
        activeKey={active}
        onChange={(view) => filter({ view: view === 'sums' ? undefined : view, verdict: undefined })}
        items={tabs.map((tab) => ({
          ...tab,
          children: (
            <>
              {tab.key !== 'runs' && <Filters shown={run.data} />}
              {tab.children}
            </>
          ),
        }))}
        destroyOnHidden
      />
    </>
  )
}
