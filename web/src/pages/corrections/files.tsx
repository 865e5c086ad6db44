import { Link } from '@tanstack/react-router'
import { Button, Segmented, Tag } from 'antd'
import { CASE_STATES, type CaseRow, endpoints } from '../../../../src/capabilities/corrections/contract.ts'
import { CASE_KIND_WORDS, CASE_STATE_WORDS } from '../../../../src/capabilities/corrections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { CodesNav } from './nav.tsx'

const W = {
  title: { zh: '档案合并与拆分', en: 'Merge and split of files' },
  intro: {
    zh: '由一名工作人员提出、另一名工作人员复核后生效；生效后可以还原，还原同样由两人办理。',
    en: 'Proposed by one person and decided by another; it can be undone, again by two.',
  },
  state: { zh: '状态', en: 'State' },
  all: { zh: '全部', en: 'All' },
  what: { zh: '事项', en: 'Case' },
  merge: { zh: '{from}并入{into}', en: '{from} into {into}' },
  split: { zh: '{from}的部分信息移至{into}', en: 'Part of {from} to {into}' },
  kind: { zh: '类型', en: 'Kind' },
  by: { zh: '提出人', en: 'Proposed by' },
  at: { zh: '提出时间', en: 'Proposed' },
  no: { zh: '编号', en: 'No.' },
  make: { zh: '提出合并或者拆分', en: 'Propose one' },
  empty: { zh: '没有这一状态的事项。', en: 'There are no such cases.' },
} as const satisfies Record<string, Words>

const both = (name: string, code: string | null): Words => ({
  zh: code ? `“${name}”（${code}）` : `“${name}”`,
  en: code ? `“${name}” (${code})` : `“${name}”`,
})
type Named = Pick<CaseRow, 'kind' | 'fromName' | 'fromCode' | 'intoName' | 'intoCode'>
export const caseWords = (row: Named): [Words, Record<string, Words>] => [
  W[row.kind],
  { from: both(row.fromName, row.fromCode), into: both(row.intoName, row.intoCode) },
]

export const FileCases = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const state = CASE_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listCases, { ...(state ? { state } : {}), after: search.after })
  const columns: Column<CaseRow>[] = [
    {
      key: 'what',
      title: W.what,
      lead: true,
      render: (r) => (
        <Link to="/codes/files/$id" params={{ id: r.id }}>
          {t(...caseWords(r))}
        </Link>
      ),
    },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(CASE_KIND_WORDS[r.kind]) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <Tag color={r.state === 'proposed' || r.state === 'undo_proposed' ? 'gold' : 'default'}>
          {t(CASE_STATE_WORDS[r.state])}
        </Tag>
      ),
    },
    { key: 'by', title: W.by, short: true, render: (r) => r.proposedBy },
    { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.proposedAt, lang) },
    { key: 'no', title: W.no, short: true, render: (r) => r.no },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>{t(W.intro)}</p>
      {has('credit_office') && (
        <p>
          <Link to="/codes/files/new">
            <Button type="primary" tabIndex={-1}>
              {t(W.make)}
            </Button>
          </Link>
        </p>
      )}
      <Segmented
        aria-label={t(W.state)}
        value={state ?? 'all'}
        onChange={(v) => filter({ state: v === 'all' ? undefined : v })}
        options={[
          { value: 'all', label: t(W.all) },
          ...CASE_STATES.map((s) => ({ value: s as string, label: t(CASE_STATE_WORDS[s]) })),
        ]}
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
