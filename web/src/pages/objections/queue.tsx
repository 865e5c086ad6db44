import { Link } from '@tanstack/react-router'
import { Flex, Segmented, Select, Tag } from 'antd'
import { type ObjectionRow, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { GROUNDS, GROUND_WORDS, WAY_IN_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ObjectionsNav } from './nav.tsx'
import { Clock, StateTag } from './parts.tsx'

const W = {
  title: { zh: '异议办理', en: 'Objections' },
  views: { zh: '异议范围', en: 'Which objections' },
  open: { zh: '待办理（{n}）', en: 'To do ({n})' },
  overdue: { zh: '已逾期（{n}）', en: 'Overdue ({n})' },
  done: { zh: '已办结', en: 'Done' },
  all: { zh: '全部', en: 'All' },
  ground: { zh: '异议情形', en: 'Ground' },
  grounds: { zh: '全部情形', en: 'All grounds' },
  doc: { zh: '信息', en: 'Record' },
  subject: { zh: '主体', en: 'Subject' },
  state: { zh: '状态', en: 'State' },
  due: { zh: '办理期限', en: 'Due' },
  submitted: { zh: '提交日期', en: 'Submitted' },
  wayIn: { zh: '来源', en: 'Came' },
  authority: { zh: '认定单位', en: 'Authority' },
  no: { zh: '编号', en: 'No.' },
  late: { zh: '逾期', en: 'Overdue' },
  extended: { zh: '已延长', en: 'Extended' },
  empty: {
    zh: '没有这一范围的异议。新的异议会按办理期限排列在这里，先到期的在前。',
    en: 'Nothing here. New objections appear in the order of their deadlines, the earliest first.',
  },
} as const satisfies Record<string, Words>
const VIEWS = ['open', 'overdue', 'done', 'all'] as const

/** What officials owe, the earliest deadline first. */
export const ObjectionQueue = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const view = VIEWS.find((v) => v === search.view) ?? 'open'
  const ground = GROUNDS.find((g) => g === search.ground)
  const query = useApi(endpoints.objectionQueue, { view, after: search.after, ground }, { every: 15_000 })
  const counts = query.data?.counts
  const columns: Column<ObjectionRow>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (r) => (
        <Link to="/objections/cases/$subject/$id" params={{ subject: r.subjectId, id: r.id }} search={{}}>
          {t(r.itemName)} · {r.docNo}
        </Link>
      ),
    },
    { key: 'ground', title: W.ground, render: (r) => t(GROUND_WORDS[r.ground]) },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <>
          <StateTag row={r} />
          {r.clock?.overdue && <Tag color="red">{t(W.late)}</Tag>}
          {r.extended && <Tag color="gold">{t(W.extended)}</Tag>}
        </>
      ),
    },
    {
      key: 'due',
      title: W.due,
      render: (r) => (r.clock ? <Clock clock={r.clock} brief /> : dayWords(r.decidedOn, lang)),
    },
    { key: 'submitted', title: W.submitted, short: true, render: (r) => dayWords(r.submittedOn, lang) },
    { key: 'wayIn', title: W.wayIn, short: true, render: (r) => t(WAY_IN_WORDS[r.wayIn]) },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName },
    { key: 'no', title: W.no, short: true, render: (r) => <span>{r.no ?? '—'}</span> },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.views)}
          value={view}
          onChange={(v) => filter({ view: v })}
          options={VIEWS.map((v) => ({
            value: v,
            label: v === 'open' || v === 'overdue' ? t(W[v], { n: counts?.[v] ?? 0 }) : t(W[v]),
          }))}
          style={{ maxWidth: '100%', overflowX: 'auto' }}
        />
        <Select
          aria-label={t(W.ground)}
          style={{ minWidth: 220 }}
          value={ground ?? ''}
          onChange={(v: string) => filter({ ground: v })}
          options={[
            { value: '', label: t(W.grounds) },
            ...GROUNDS.map((g) => ({ value: g as string, label: t(GROUND_WORDS[g]) })),
          ]}
        />
      </Flex>
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
