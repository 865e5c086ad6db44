import { Link } from '@tanstack/react-router'
import { Segmented, Tag } from 'antd'
import { type TaskRow, endpoints } from '../../../../src/capabilities/corrections/contract.ts'
import { OUTCOME_WORDS, TASK_KIND_WORDS, TASK_STATE_WORDS } from '../../../../src/capabilities/corrections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { CodesNav } from './nav.tsx'

const W = {
  title: { zh: '重错码核实任务', en: 'Code correction tasks' },
  intro: {
    zh: '代码或者名称不一致的，由登记管理部门核实答复，信用办确认后更正。',
    en: 'The authority that registers the code checks and answers; once the credit office accepts, things are put right.',
  },
  views: { zh: '任务范围', en: 'Which tasks' },
  open: { zh: '待核实（{n}）', en: 'To check ({n})' },
  answered: { zh: '待确认（{n}）', en: 'To accept ({n})' },
  overdue: { zh: '已逾期（{n}）', en: 'Overdue ({n})' },
  closed: { zh: '已办结', en: 'Closed' },
  name: { zh: '主体', en: 'Subject' },
  kind: { zh: '问题', en: 'Fault' },
  state: { zh: '状态', en: 'State' },
  due: { zh: '答复期限', en: 'Due' },
  to: { zh: '核实单位', en: 'Asked' },
  late: { zh: '逾期', en: 'Overdue' },
  no: { zh: '编号', en: 'No.' },
  empty: { zh: '没有这一范围的任务。', en: 'There are no such tasks.' },
} as const satisfies Record<string, Words>
const VIEWS = ['open', 'answered', 'overdue', 'closed'] as const

export const Tasks = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const view = VIEWS.find((v) => v === search.view) ?? 'open'
  const query = useApi(endpoints.listTasks, { view, after: search.after })
  const counts = query.data?.counts
  const columns: Column<TaskRow>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (r) => (
        <Link to="/codes/tasks/$id" params={{ id: r.id }}>
          {r.name}
        </Link>
      ),
    },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(TASK_KIND_WORDS[r.kind]) },
    {
      key: 'state',
      title: W.state,
      render: (r) => (
        <>
          {t(r.outcome ? OUTCOME_WORDS[r.outcome] : TASK_STATE_WORDS[r.state])}{' '}
          {r.overdue && <Tag color="red">{t(W.late)}</Tag>}
        </>
      ),
    },
    { key: 'due', title: W.due, short: true, render: (r) => dayWords(r.dueOn, lang) },
    { key: 'to', title: W.to, render: (r) => r.authorityName },
    { key: 'no', title: W.no, short: true, render: (r) => <span>{r.no}</span> },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>{t(W.intro)}</p>
      <Segmented
        aria-label={t(W.views)}
        value={view}
        onChange={(v) => filter({ view: v })}
        options={VIEWS.map((v) => ({
          value: v,
          label: v === 'closed' ? t(W.closed) : t(W[v], { n: counts?.[v] ?? 0 }),
        }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
