import { Link } from '@tanstack/react-router'
import { Button, Flex, Select } from 'antd'
import { useState } from 'react'
import { type ChangeHeadView, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { PROPOSAL_STATES, PROPOSAL_STATE_WORDS } from '../../../../src/kernel/proposals.ts'
import { FIGURE_SENTENCES, KIND_WORDS } from '../../../../src/capabilities/policies/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { DrawUp, type Start } from './draw-up.tsx'
import { ProposalTag } from '../../ui/proposals.tsx'
import { PolicyTabs } from './parts.tsx'

const W = {
  title: { zh: '规则变更', en: 'Changes of the rules' },
  lead: {
    zh: '规则变更先在已归集的信息上预览影响；由一人提请、另一人批准；自写明的日期起施行，施行前可以撤回。',
    en: 'A change is first previewed on what is held; one person proposes, another approves; it is in force from the day named and can be withdrawn before.',
  },
  rows: { zh: '新增规则文件', en: 'A text of rules' },
  sector: { zh: '行业分类标准', en: 'A sector’s classification' },
  change: { zh: '变更', en: 'Change' },
  state: { zh: '状态', en: 'State' },
  everyState: { zh: '全部状态', en: 'Every state' },
  from: { zh: '施行日期', en: 'In force from' },
  impact: { zh: '影响', en: 'What it does' },
  reason: { zh: '理由', en: 'Reason' },
  who: { zh: '经办', en: 'By' },
  created: { zh: '拟定：{name} {at}', en: 'Drawn up: {name}, {at}' },
  proposed: { zh: '提请：{name}', en: 'Proposed: {name}' },
  decided: { zh: '决定：{name}', en: 'Decided: {name}' },
  empty: {
    zh: '还没有规则变更。信用办可以从一行规则开始拟定，也可以上传规则文件或者登记行业分类标准。',
    en: 'No change yet. The credit office begins from a row, a text, or a sector’s classification.',
  },
} as const satisfies Record<string, Words>

export const RuleChanges = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const [start, setStart] = useState<Start | null>(null)
  const state = PROPOSAL_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listChanges, { after: search.after, state })
  const columns: Column<ChangeHeadView>[] = [
    {
      key: 'change',
      title: W.change,
      lead: true,
      width: 300,
      render: (p) => (
        <>
          <Link to="/policies/changes/$id" params={{ id: p.id }}>
            {t(p.title)}
          </Link>
          <div className="xh-quiet">{t(KIND_WORDS[p.kind])}</div>
        </>
      ),
    },
    { key: 'state', title: W.state, short: true, render: (p) => <ProposalTag state={p.state} inForce={p.inForce} /> },
    { key: 'from', title: W.from, short: true, render: (p) => dayWords(p.effectiveFrom, lang) },
    {
      key: 'impact',
      title: W.impact,
      render: (p) =>
        t(FIGURE_SENTENCES.changed, {
          n: (p.preview.figures.find((f) => f.figure === 'changed')?.n ?? 0).toLocaleString(),
        }),
    },
    { key: 'reason', title: W.reason, render: (p) => p.reason },
    {
      key: 'who',
      title: W.who,
      render: (p) => (
        <>
          <div>{t(W.created, { name: p.created.name, at: instantWords(p.created.at, lang) })}</div>
          {p.proposed && <div>{t(W.proposed, { name: p.proposed.name })}</div>}
          {p.decided && <div>{t(W.decided, { name: p.decided.name })}</div>}
        </>
      ),
    },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <PolicyTabs at="changes" />
      <p>{t(W.lead)}</p>
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        {has('credit_office') && (
          <>
            <Button type="primary" onClick={() => setStart({ kind: 'rows' })}>
              {t(W.rows)}
            </Button>
            <Button onClick={() => setStart({ kind: 'sector' })}>{t(W.sector)}</Button>
          </>
        )}
        <Select
          aria-label={t(W.state)}
          value={state ?? ''}
          onChange={(value) => filter({ state: value || undefined })}
          options={[
            { value: '', label: t(W.everyState) },
            ...PROPOSAL_STATES.map((s) => ({ value: s, label: t(PROPOSAL_STATE_WORDS[s]) })),
          ]}
          style={{ minWidth: 160 }}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(p) => p.id}
        after={search.after}
        go={go}
      />
      {start && <DrawUp start={start} done={() => setStart(null)} />}
    </>
  )
}
