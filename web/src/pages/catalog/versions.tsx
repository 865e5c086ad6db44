import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { type ProposalHeadView, endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import { ORIGIN_WORDS } from '../../../../src/capabilities/catalog/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import type { Column } from '../../ui/keyed-table.tsx'
import { ProposalList, useProposalState } from '../../ui/proposal-list.tsx'
import { useListSearch } from '../../ui/search.ts'
import { DrawUp } from './draw-up.tsx'
import { CatalogTabs } from './parts.tsx'

const W = {
  title: { zh: '目录版本启用', en: 'New versions of the catalog' },
  lead: {
    zh: '新版本先核对已归集的信息，看清影响；由一人提请、另一人批准；自写明的日期起施行，施行前可以撤回。',
    en: 'A new version is first checked against what is held; one person proposes, another approves; it is in force from the day named and can be withdrawn before.',
  },
  add: { zh: '拟定新版本', en: 'Draw up a version' },
  item: { zh: '事项', en: 'Item' },
  change: { zh: '字段变化', en: 'Fields' },
  changes: {
    zh: '新增{added}、修改{changed}、删除{removed}',
    en: '{added} added, {changed} changed, {removed} removed',
  },
  failing: { zh: '不符合的已归集信息', en: 'Held records that would fail' },
  empty: {
    zh: '还没有拟定过新版本。信用办可以上传目录文件，或者选择规则包中待启用的版本。',
    en: 'No version has been drawn up yet. The credit office uploads a file or picks one that waits in the pack.',
  },
} as const satisfies Record<string, Words>

export const CatalogVersions = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search } = useListSearch()
  const [adding, setAdding] = useState(false)
  const query = useApi(endpoints.listProposals, { after: search.after, state: useProposalState() })
  const lead: Column<ProposalHeadView> = {
    key: 'item',
    title: W.item,
    render: (p) => (
      <>
        <Link to="/catalog/versions/$id" params={{ id: p.id }}>
          {t(p.itemName)}
        </Link>
        <div className="xh-quiet">{t(ORIGIN_WORDS[p.origin])}</div>
      </>
    ),
  }
  const about: Column<ProposalHeadView>[] = [
    {
      key: 'change',
      title: W.change,
      render: (p) => t(W.changes, { added: p.added, changed: p.changed, removed: p.removed }),
    },
    { key: 'failing', title: W.failing, render: (p) => p.failing.toLocaleString() },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CatalogTabs at="versions" />
      <p>{t(W.lead)}</p>
      <ProposalList
        name={W.title}
        query={query}
        empty={W.empty}
        lead={lead}
        about={about}
        begin={
          has('credit_office') && (
            <Button type="primary" onClick={() => setAdding(true)}>
              {t(W.add)}
            </Button>
          )
        }
      />
      {adding && <DrawUp done={() => setAdding(false)} />}
    </>
  )
}
