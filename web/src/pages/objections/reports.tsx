import { Link } from '@tanstack/react-router'
import { Segmented, Tag } from 'antd'
import { type ReportRow, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { REPORT_STATES } from '../../../../src/capabilities/objections/states.ts'
import { REPORT_STATE_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ObjectionsNav } from './nav.tsx'

const W = {
  title: { zh: '公众反映', en: 'Reports of the public' },
  intro: {
    zh: '公众在登录前通过“这不是我们”反映的情况。核实后转为异议由认定单位核查，或者说明不予处理的理由。',
    en: 'What anyone reported through “This is not us” before signing in. Take it up as an objection, or say why not.',
  },
  views: { zh: '处理情况', en: 'State' },
  overdue: { zh: '其中 {n} 件已逾期。', en: '{n} are overdue.' },
  doc: { zh: '信息', en: 'Record' },
  subject: { zh: '主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  received: { zh: '收到时间', en: 'Received' },
  due: { zh: '处理期限', en: 'Due' },
  late: { zh: '逾期', en: 'Overdue' },
  no: { zh: '编号', en: 'No.' },
  empty: { zh: '没有这一类反映。', en: 'There are no such reports.' },
} as const satisfies Record<string, Words>

export const Reports = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = REPORT_STATES.find((s) => s === search.state) ?? 'received'
  const query = useApi(endpoints.listReports, { state, after: search.after }, { every: 30_000 })
  const counts = query.data?.counts
  const columns: Column<ReportRow>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (r) => (
        <Link to="/objections/reports/$id" params={{ id: r.id }} search={{}}>
          {t(r.itemName)} · {r.docNo}
        </Link>
      ),
    },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName },
    { key: 'received', title: W.received, short: true, render: (r) => instantWords(r.receivedAt, lang) },
    {
      key: 'due',
      title: W.due,
      short: true,
      render: (r) => (
        <>
          {dayWords(r.dueOn, lang)} {r.overdue && <Tag color="red">{t(W.late)}</Tag>}
        </>
      ),
    },
    { key: 'no', title: W.no, short: true, render: (r) => <span>{r.no}</span> },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      <p>{t(W.intro)}</p>
      <Segmented
        aria-label={t(W.views)}
        value={state}
        onChange={(v) => filter({ state: v })}
        options={REPORT_STATES.map((s) => ({
          value: s,
          label:
            s === 'received' && counts ? `${t(REPORT_STATE_WORDS[s])} (${counts.received})` : t(REPORT_STATE_WORDS[s]),
        }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      {counts && counts.overdue > 0 && (
        <output style={{ display: 'block', marginBottom: 12 }}>{t(W.overdue, { n: counts.overdue })}</output>
      )}
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
