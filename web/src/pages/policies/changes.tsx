import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { type ChangeHeadView, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { FIGURE_SENTENCES, KIND_WORDS } from '../../../../src/capabilities/policies/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import type { Column } from '../../ui/keyed-table.tsx'
import { ProposalList, useProposalState } from '../../ui/proposal-list.tsx'
import { useListSearch } from '../../ui/search.ts'
import { DrawUp, type Start } from './draw-up.tsx'
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
  impact: { zh: '影响', en: 'What it does' },
  reason: { zh: '理由', en: 'Reason' },
  empty: {
    zh: '还没有规则变更。信用办可以从一行规则开始拟定，也可以上传规则文件或者登记行业分类标准。',
    en: 'No change yet. The credit office begins from a row, a text, or a sector’s classification.',
  },
} as const satisfies Record<string, Words>

export const RuleChanges = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search } = useListSearch()
  const [start, setStart] = useState<Start | null>(null)
  const query = useApi(endpoints.listChanges, { after: search.after, state: useProposalState() })
  const lead: Column<ChangeHeadView> = {
    key: 'change',
    title: W.change,
    width: 300,
    render: (p) => (
      <>
        <Link to="/policies/changes/$id" params={{ id: p.id }}>
          {t(p.title)}
        </Link>
        <div className="xh-quiet">{t(KIND_WORDS[p.kind])}</div>
      </>
    ),
  }
  const about: Column<ChangeHeadView>[] = [
    {
      key: 'impact',
      title: W.impact,
      render: (p) =>
        t(FIGURE_SENTENCES.changed, {
          n: (p.preview.figures.find((f) => f.figure === 'changed')?.n ?? 0).toLocaleString(),
        }),
    },
    { key: 'reason', title: W.reason, render: (p) => p.reason },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <PolicyTabs at="changes" />
      <p>{t(W.lead)}</p>
      <ProposalList
        name={W.title}
        query={query}
        empty={W.empty}
        lead={lead}
        about={about}
        begin={
          has('credit_office') && (
            <>
              <Button type="primary" onClick={() => setStart({ kind: 'rows' })}>
                {t(W.rows)}
              </Button>
              <Button onClick={() => setStart({ kind: 'sector' })}>{t(W.sector)}</Button>
            </>
          )
        }
      />
      {start && <DrawUp start={start} done={() => setStart(null)} />}
    </>
  )
}
