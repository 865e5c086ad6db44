import { Flex, Segmented, Tag } from 'antd'
import { type OpenView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { ITEM_STATES, type ItemState } from '../../../../src/capabilities/repair/states.ts'
import { STATE_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { CaseLink, useScope } from './parts.tsx'

const W = {
  name: { zh: '在办事项', en: 'Open items' },
  none: { zh: '没有在办事项。', en: 'Nothing is open.' },
  noneLate: { zh: '没有超期的在办事项。', en: 'Nothing is overdue.' },
  view: { zh: '范围', en: 'Which' },
  all: { zh: '全部在办', en: 'All open' },
  overdue: { zh: '已超期', en: 'Overdue' },
  no: { zh: '申请编号', en: 'Application' },
  subject: { zh: '信用主体', en: 'Subject' },
  record: { zh: '信息', en: 'Record' },
  authority: { zh: '单位', en: 'Authority' },
  state: { zh: '状态', en: 'State' },
  submitted: { zh: '提交日期', en: 'Handed in' },
  due: { zh: '应办结日期', en: 'Due' },
  stopped: { zh: '等待申请人补正，不计时', en: 'Waits for the applicant; the clock stands still' },
  late: { zh: '超期 {n} 个工作日', en: 'late by {n} working days' },
} as const satisfies Record<string, Words>

const isState = (state: string): state is ItemState => ITEM_STATES.some((s) => s === state)

/** What stands open now, the nearest deadline first. */
export const OpenItems = () => {
  const { t, lang } = useLanguage()
  const { search, filter, go } = useListSearch()
  const overdue = search.state === 'overdue'
  const { item, authority } = useScope()
  const query = useApi(endpoints.oversightOpen, {
    ...(item ? { item } : {}),
    ...(authority ? { authority } : {}),
    ...(search.division ? { division: search.division } : {}),
    ...(overdue ? { overdue: 'true' as const } : {}),
    after: search.after,
  })
  const columns: Column<OpenView>[] = [
    { key: 'no', title: W.no, lead: true, render: (r) => <CaseLink of={r}>{r.no}</CaseLink> },
    { key: 'state', title: W.state, short: true, render: (r) => (isState(r.state) ? t(STATE_WORDS[r.state]) : '—') },
    {
      key: 'due',
      title: W.due,
      render: (r) => (
        <>
          {r.dueOn === null ? t(W.stopped) : dayWords(r.dueOn, lang)}{' '}
          {r.overdueBy > 0 && <Tag color="red">{t(W.late, { n: r.overdueBy })}</Tag>}
        </>
      ),
    },
    { key: 'subject', title: W.subject, render: (r) => <span lang="zh-CN">{r.subjectName}</span> },
    {
      key: 'record',
      title: W.record,
      render: (r) => (
        <>
          {t(r.itemName)} <span lang="zh-CN">{r.docNo}</span>
        </>
      ),
    },
    { key: 'authority', title: W.authority, render: (r) => <span lang="zh-CN">{r.authorityName}</span> },
    { key: 'submitted', title: W.submitted, short: true, render: (r) => dayWords(r.submittedOn, lang) },
  ]
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.view)}
          value={overdue ? 'overdue' : 'all'}
          onChange={(value) => filter({ state: value === 'overdue' ? 'overdue' : '' })}
          options={[
            { value: 'all', label: t(W.all) },
            { value: 'overdue', label: t(W.overdue) },
          ]}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.name}
        empty={overdue ? W.noneLate : W.none}
        columns={columns}
        rowKey={(r) => r.itemId}
        after={search.after}
        go={go}
      />
    </>
  )
}
