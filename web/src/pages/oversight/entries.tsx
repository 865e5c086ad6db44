import { Flex, Select, Tag } from 'antd'
import { type EntryView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { FIGURE_WORDS, WHATS, WHAT_WORDS, type What } from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { SpanFilter } from '../timeliness/span.tsx'
import { CaseLink, Exports, useScope } from './parts.tsx'

const W = {
  name: { zh: '监督明细', en: 'Rows' },
  none: { zh: '没有符合条件的记录，可以调整月份或者筛选。', en: 'Nothing matches; choose other months or filters.' },
  on: { zh: '日期', en: 'Day' },
  no: { zh: '申请编号', en: 'Application' },
  subject: { zh: '信用主体', en: 'Subject' },
  record: { zh: '信息', en: 'Record' },
  authority: { zh: '单位', en: 'Authority' },
  what: { zh: '办理情况', en: 'What was done' },
  time: { zh: '用时', en: 'Time taken' },
  took: { zh: '{n} 个工作日（时限 {term}）', en: '{n} working days (term {term})' },
  tookPlain: { zh: '{n} 个工作日', en: '{n} working days' },
  whole: { zh: '全程 {n} 个工作日', en: '{n} working days in all' },
  late: { zh: '超期 {n} 个工作日', en: 'late by {n}' },
  why: { zh: '理由', en: 'Sentence' },
  all: { zh: '全部办理情况', en: 'Everything' },
} as const satisfies Record<string, Words>

const Time = ({ of }: { of: EntryView }) => {
  const { t } = useLanguage()
  if (of.workdays === null && of.total === null) return <>—</>
  return (
    <>
      {of.workdays !== null && (
        <div>
          {of.term === null ? t(W.tookPlain, { n: of.workdays }) : t(W.took, { n: of.workdays, term: of.term })}
        </div>
      )}
      {of.total !== null && <div className="xh-quiet">{t(W.whole, { n: of.total })}</div>}
      {of.lateBy !== null && of.lateBy > 0 && <Tag color="red">{t(W.late, { n: of.lateBy })}</Tag>}
    </>
  )
}

/** The rows behind the figures. */
export const Entries = () => {
  const { t, lang } = useLanguage()
  const { search, filter, go } = useListSearch()
  const act = search.act ?? ''
  const ask = {
    ...useScope(),
    ...(search.division ? { division: search.division } : {}),
    ...(WHATS.some((w) => w === act) ? { what: act as What } : {}),
    ...(act === 'late' ? { late: 'true' as const } : {}),
    ...(act === 'abnormal' ? { abnormal: 'true' as const } : {}),
    ...(search.code ? { condition: search.code } : {}),
  }
  const query = useApi(endpoints.oversightEntries, { ...ask, after: search.after })
  const columns: Column<EntryView>[] = [
    {
      key: 'no',
      title: W.no,
      lead: true,
      render: (r) => <CaseLink of={r}>{r.no}</CaseLink>,
    },
    { key: 'on', title: W.on, short: true, render: (r) => dayWords(r.on, lang) },
    { key: 'what', title: W.what, short: true, render: (r) => t(WHAT_WORDS[r.what]) },
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
    { key: 'time', title: W.time, render: (r) => <Time of={r} /> },
    {
      key: 'why',
      title: W.why,
      render: (r) => (r.conditions.length ? r.conditions.map((c) => <div key={c.en}>{t(c)}</div>) : '—'),
    },
  ]
  return (
    <>
      <SpanFilter />
      <Flex gap={8} wrap justify="space-between" style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.what)}
          value={act}
          style={{ minWidth: 200 }}
          onChange={(value: string) => filter({ act: value, code: '' })}
          options={[
            { value: '', label: t(W.all) },
            ...WHATS.map((w) => ({ value: w, label: t(WHAT_WORDS[w]) })),
            { value: 'late', label: t(FIGURE_WORDS.late) },
            { value: 'abnormal', label: t(FIGURE_WORDS.abnormal) },
          ]}
        />
        <Exports endpoint={endpoints.exportOversightEntries} input={ask} />
      </Flex>
      <KeyedList
        query={query}
        name={W.name}
        empty={W.none}
        columns={columns}
        rowKey={(r) => `${r.itemId}${r.what}${r.on}`}
        after={search.after}
        go={go}
      />
    </>
  )
}
