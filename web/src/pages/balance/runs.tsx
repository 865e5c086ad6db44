import { Tag } from 'antd'
import { type RunView, endpoints } from '../../../../src/capabilities/balance/contract.ts'
import { PROOF_VERDICT_WORDS } from '../../../../src/capabilities/balance/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  list: { zh: '核验记录', en: 'Proofs' },
  began: { zh: '开始时间', en: 'Began' },
  ended: { zh: '完成时间', en: 'Ended' },
  submissions: { zh: '报送份数', en: 'Submissions' },
  rows: { zh: '行数', en: 'Rows' },
  differing: { zh: '存在差异', en: 'Differ' },
  lost: { zh: '已不存在', en: 'Lost' },
  outcome: { zh: '结果', en: 'Outcome' },
  running: { zh: '进行中', en: 'Running' },
  empty: {
    zh: '尚无核验记录。平台每日夜间自动核验。',
    en: 'No proofs yet. The platform proves the balance each night.',
  },
} as const satisfies Record<string, Words>

export const Runs = () => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listRuns, { after: search.after })
  const outcome = (r: RunView) => {
    if (r.state === 'running') return <Tag>{t(W.running)}</Tag>
    return r.differing + r.lost > 0 ? (
      <Tag color="red">{t(PROOF_VERDICT_WORDS.differs)}</Tag>
    ) : (
      <Tag color="green">{t(PROOF_VERDICT_WORDS.holds)}</Tag>
    )
  }
  const columns: Column<RunView>[] = [
    { key: 'began', title: W.began, lead: true, short: true, render: (r) => instantWords(r.startedAt, lang) },
    { key: 'ended', title: W.ended, short: true, render: (r) => instantWords(r.finishedAt, lang) },
    { key: 'submissions', title: W.submissions, short: true, render: (r) => r.submissions.toLocaleString('en') },
    { key: 'rows', title: W.rows, short: true, render: (r) => r.rows.toLocaleString('en') },
    { key: 'differing', title: W.differing, short: true, render: (r) => r.differing },
    { key: 'lost', title: W.lost, short: true, render: (r) => r.lost },
    { key: 'outcome', title: W.outcome, short: true, render: outcome },
  ]
  return (
    <KeyedList
      query={query}
      name={W.list}
      empty={W.empty}
      columns={columns}
      rowKey={(r) => r.id}
      after={search.after}
      go={go}
    />
  )
}
