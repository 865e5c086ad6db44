import { Link } from '@tanstack/react-router'
import { Button, Flex, Select } from 'antd'
import { useState } from 'react'
import { type ProposalHeadView, endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import { PROPOSAL_STATES, PROPOSAL_STATE_WORDS } from '../../../../src/kernel/proposals.ts'
import { ORIGIN_WORDS } from '../../../../src/capabilities/catalog/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { DrawUp } from './draw-up.tsx'
import { ProposalTag } from '../../ui/proposals.tsx'
import { CatalogTabs } from './parts.tsx'

const W = {
  title: { zh: '目录版本启用', en: 'New versions of the catalog' },
  lead: {
    zh: '新版本先核对已归集的信息，看清影响；由一人提请、另一人批准；自写明的日期起施行，施行前可以撤回。',
    en: 'A new version is first checked against what is held; one person proposes, another approves; it is in force from the day named and can be withdrawn before.',
  },
  add: { zh: '拟定新版本', en: 'Draw up a version' },
  item: { zh: '事项', en: 'Item' },
  state: { zh: '状态', en: 'State' },
  everyState: { zh: '全部状态', en: 'Every state' },
  change: { zh: '字段变化', en: 'Fields' },
  changes: {
    zh: '新增{added}、修改{changed}、删除{removed}',
    en: '{added} added, {changed} changed, {removed} removed',
  },
  failing: { zh: '不符合的已归集信息', en: 'Held records that would fail' },
  from: { zh: '施行日期', en: 'In force from' },
  who: { zh: '经办', en: 'By' },
  created: { zh: '拟定：{name} {at}', en: 'Drawn up: {name}, {at}' },
  proposed: { zh: '提请：{name}', en: 'Proposed: {name}' },
  decided: { zh: '决定：{name}', en: 'Decided: {name}' },
  empty: {
    zh: '还没有拟定过新版本。信用办可以上传目录文件，或者选择规则包中待启用的版本。',
    en: 'No version has been drawn up yet. The credit office uploads a file or picks one that waits in the pack.',
  },
} as const satisfies Record<string, Words>

export const CatalogVersions = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const [adding, setAdding] = useState(false)
  const state = PROPOSAL_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listProposals, { after: search.after, state })
  const columns: Column<ProposalHeadView>[] = [
    {
      key: 'item',
      title: W.item,
      lead: true,
      render: (p) => (
        <>
          <Link to="/catalog/versions/$id" params={{ id: p.id }}>
            {t(p.itemName)}
          </Link>
          <div className="xh-quiet">{t(ORIGIN_WORDS[p.origin])}</div>
        </>
      ),
    },
    { key: 'state', title: W.state, short: true, render: (p) => <ProposalTag state={p.state} inForce={p.inForce} /> },
    { key: 'from', title: W.from, short: true, render: (p) => dayWords(p.effectiveFrom, lang) },
    {
      key: 'change',
      title: W.change,
      render: (p) => t(W.changes, { added: p.added, changed: p.changed, removed: p.removed }),
    },
    { key: 'failing', title: W.failing, render: (p) => p.failing.toLocaleString() },
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
      <CatalogTabs at="versions" />
      <p>{t(W.lead)}</p>
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        {has('credit_office') && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(W.add)}
          </Button>
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
      {adding && <DrawUp done={() => setAdding(false)} />}
    </>
  )
}
