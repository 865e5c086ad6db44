import type { UseQueryResult } from '@tanstack/react-query'
import { Flex, Select } from 'antd'
import type { ReactNode } from 'react'
import { PROPOSAL_STATES, PROPOSAL_STATE_WORDS, type ProposalState } from '../../../src/kernel/proposals.ts'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { dayWords, instantWords } from './format.ts'
import { type Column, KeyedList } from './keyed-table.tsx'
import { type ProposalRow, ProposalTag } from './proposals.tsx'
import { useListSearch } from './search.ts'

const W = {
  state: { zh: '状态', en: 'State' },
  everyState: { zh: '全部状态', en: 'Every state' },
  from: { zh: '施行日期', en: 'In force from' },
  who: { zh: '经办', en: 'By' },
  created: { zh: '拟定：{name} {at}', en: 'Drawn up: {name}, {at}' },
  proposed: { zh: '提请：{name}', en: 'Proposed: {name}' },
  decided: { zh: '决定：{name}', en: 'Decided: {name}' },
} as const satisfies Record<string, Words>

type Listed = Pick<ProposalRow, 'id' | 'state' | 'effectiveFrom' | 'created' | 'proposed' | 'decided'> & {
  inForce: boolean
}

/** The state that the list is filtered by, as it stands in the URL. */
export const useProposalState = (): ProposalState | undefined => {
  const { search } = useListSearch()
  return PROPOSAL_STATES.find((s) => s === search.state)
}

/** Proposals of one kind: what each is about (`lead`), its state and first day, what it does (`about`), and who had a hand in it. */
export const ProposalList = <P extends Listed>({
  name,
  query,
  empty,
  lead,
  about,
  begin,
}: {
  name: Words
  query: UseQueryResult<{ rows: P[]; next: string | null }, ApiProblem>
  empty: Words
  lead: Column<P>
  about: readonly Column<P>[]
  /** The buttons that begin a new one, for whoever may. */
  begin: ReactNode
}) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const columns: Column<P>[] = [
    { ...lead, lead: true },
    { key: 'state', title: W.state, short: true, render: (p) => <ProposalTag state={p.state} inForce={p.inForce} /> },
    { key: 'from', title: W.from, short: true, render: (p) => dayWords(p.effectiveFrom, lang) },
    ...about,
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
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        {begin}
        <Select
          aria-label={t(W.state)}
          value={useProposalState() ?? ''}
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
        name={name}
        empty={empty}
        columns={columns}
        rowKey={(p) => p.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
