import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { type ApplicationRow, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { APPLICATION_STATES, type ApplicationState } from '../../../../src/capabilities/repair/states.ts'
import { APPLICATION_STATE_WORDS, KIND_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  title: { zh: '修复申请', en: 'Applications' },
  all: { zh: '全部状态', en: 'All states' },
  state: { zh: '状态', en: 'State' },
  empty: {
    zh: '没有符合条件的申请。在“我的信用记录”中选择记录即可新建申请。',
    en: 'No applications match. Choose records under “My records” to begin one.',
  },
  no: { zh: '申请编号', en: 'Number' },
  draft: { zh: '未提交', en: 'Not submitted' },
  subject: { zh: '申请主体', en: 'Subject' },
  kind: { zh: '类型', en: 'Kind' },
  items: { zh: '记录数 / 办理中 / 准予', en: 'Records / open / granted' },
  due: { zh: '下一办理期限', en: 'Next due day' },
  at: { zh: '提交时间', en: 'Submitted' },
} as const satisfies Record<string, Words>

export const Applications = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const query = useApi(endpoints.listApplications, {
    after: search.after,
    state: search.state as ApplicationState | undefined,
  })
  const columns: Column<ApplicationRow>[] = [
    {
      key: 'no',
      title: W.no,
      lead: true,
      short: true,
      render: (r) => (
        <Link to="/applications/$subject/$id" params={{ subject: r.subjectId, id: r.id }}>
          {r.no ?? t(W.draft)}
        </Link>
      ),
    },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'kind', title: W.kind, render: (r) => t(KIND_WORDS[r.kind]) },
    { key: 'state', title: W.state, short: true, render: (r) => t(APPLICATION_STATE_WORDS[r.state]) },
    { key: 'items', title: W.items, short: true, render: (r) => `${r.items} / ${r.open} / ${r.granted}` },
    { key: 'due', title: W.due, short: true, render: (r) => dayWords(r.dueOn, lang) },
    { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.submittedAt, lang) },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Select
        aria-label={t(W.state)}
        style={{ minWidth: 160, marginBottom: 12 }}
        value={search.state ?? ''}
        onChange={(state: string) => filter({ state })}
        options={[
          { value: '', label: t(W.all) },
          ...APPLICATION_STATES.map((s) => ({ value: s, label: t(APPLICATION_STATE_WORDS[s]) })),
        ]}
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
