import { Link } from '@tanstack/react-router'
import { Flex, Segmented, Select, Tag } from 'antd'
import {
  type DifferenceView,
  VIEWS,
  type View,
  endpoints,
} from '../../../../src/capabilities/reconciliation/contract.ts'
import { DIFFERENCE_STATE_WORDS, type DifferenceState } from '../../../../src/capabilities/reconciliation/states.ts'
import {
  ADVICE_WORDS,
  CAUSES,
  CAUSE_WORDS,
  CLOSED_WAY_WORDS,
  type Cause,
  KIND_WORDS,
} from '../../../../src/capabilities/reconciliation/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  list: { zh: '差异清单', en: 'Differences' },
  record: { zh: '信息', en: 'Record' },
  kind: { zh: '差异', en: 'Difference' },
  cause: { zh: '原因和处理', en: 'Cause, and what to do' },
  state: { zh: '状态', en: 'State' },
  found: { zh: '发现日期', en: 'Found' },
  allCauses: { zh: '全部原因', en: 'Every cause' },
  counted: { zh: '{cause}（{n}）', en: '{cause} ({n})' },
  by: { zh: '按原因筛选', en: 'Cause' },
  views: { zh: '按处理情况筛选', en: 'By how it stands' },
  none: {
    zh: '没有待处理的差异。每日比对发现的差异列在这里。',
    en: 'Nothing is open. What the daily comparison finds stands here.',
  },
  noneOther: { zh: '没有符合条件的差异。', en: 'No such differences.' },
} as const satisfies Record<string, Words>
const VIEW_WORDS: Record<View, Words> = {
  open: { zh: '待处理', en: 'To be done' },
  explained: { zh: '已认可或者办结', en: 'Accepted or settled' },
  closed: { zh: '已一致', en: 'Closed' },
}
const COLOURS: Record<DifferenceState, string> = {
  open: 'red',
  under_way: 'gold',
  accepted: 'blue',
  settled: 'blue',
  closed: 'green',
}

export const DifferenceTag = ({ d }: { d: Pick<DifferenceView, 'state' | 'closedByWay'> }) => {
  const { t } = useLanguage()
  const done = d.state !== 'open' && d.state !== 'under_way' && d.closedByWay
  return (
    <>
      <Tag color={COLOURS[d.state]}>{t(DIFFERENCE_STATE_WORDS[d.state])}</Tag>
      {done && <div className="xh-quiet">{t(CLOSED_WAY_WORDS[done])}</div>}
    </>
  )
}

export const Differences = ({ causes }: { causes: { cause: Cause; open: number; standing: number }[] }) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const view = VIEWS.find((v) => v === search.state) ?? 'open'
  const cause = CAUSES.find((c) => c === search.code)
  const query = useApi(endpoints.listDifferences, { view, cause, peerId: search.by, after: search.after })
  const countOf = (c: { open: number; standing: number }) => (view === 'open' ? c.open : c.standing)
  const columns: Column<DifferenceView>[] = [
    {
      key: 'record',
      title: W.record,
      lead: true,
      render: (d) => (
        <>
          <Link to="/exchange/reconciliation/$id" params={{ id: d.id }}>
            {d.docNo}
          </Link>
          <div>{d.subjectName}</div>
          <div className="xh-quiet">
            {t(d.item.name)} · {d.authority}
          </div>
        </>
      ),
    },
    { key: 'kind', title: W.kind, render: (d) => t(KIND_WORDS[d.kind]) },
    {
      key: 'cause',
      title: W.cause,
      render: (d) => (
        <>
          <strong>{t(CAUSE_WORDS[d.cause])}</strong>
          {view === 'open' && <div className="xh-quiet">{t(ADVICE_WORDS[d.cause])}</div>}
          {d.reason && <div className="xh-quiet">{d.reason}</div>}
        </>
      ),
    },
    { key: 'found', title: W.found, short: true, render: (d) => dayWords(d.foundOn, lang) },
    { key: 'state', title: W.state, render: (d) => <DifferenceTag d={d} /> },
  ]
  return (
    <>
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.views)}
          value={view}
          onChange={(next: View) => filter({ state: next === 'open' ? undefined : next })}
          options={VIEWS.map((v) => ({ value: v, label: t(VIEW_WORDS[v]) }))}
        />
        <Select
          aria-label={t(W.by)}
          value={cause ?? ''}
          onChange={(code) => filter({ code: code || undefined })}
          options={[
            { value: '', label: t(W.allCauses) },
            ...causes
              .filter((c) => view === 'closed' || countOf(c) > 0 || c.cause === cause)
              .map((c) => ({
                value: c.cause,
                label:
                  view === 'closed'
                    ? t(CAUSE_WORDS[c.cause])
                    : t(W.counted, { cause: CAUSE_WORDS[c.cause], n: countOf(c) }),
              })),
          ]}
          style={{ minWidth: 240, maxWidth: '100%' }}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.list}
        empty={view === 'open' && !cause ? W.none : W.noneOther}
        columns={columns}
        rowKey={(d) => d.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
