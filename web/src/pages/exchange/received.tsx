import { Select } from 'antd'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ReceivedList } from './received-list.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '接收情况', en: 'Received' },
  lead: {
    zh: '上下级信用平台和垂直系统发来的信息，经目录校验后归集到主体名下并按属地下发，不回传发送方。每条报文均有处理结果：接收 = 已接收 + 已退回 + 待处理。',
    en: 'What other platforms and vertical systems send is checked by the catalog, put on the file of its subject and passed on to its territory, never back to its sender. Each message has its outcome: received = accepted + sent back + pending.',
  },
  sender: { zh: '发送方', en: 'Sender' },
  all: { zh: '全部发送方', en: 'Every sender' },
} as const satisfies Record<string, Words>

const MOST_PEERS = 200

export const Received = () => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const peers = useApi(endpoints.peers, { limit: MOST_PEERS })
  const senders = peers.data?.rows.filter((p) => p.direction !== 'out') ?? []
  return (
    <>
      <ExchangeTabs at="/exchange/received" />
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      <ReceivedList peerId={search.actor || undefined}>
        <Select
          aria-label={t(W.sender)}
          value={search.actor ?? ''}
          onChange={(actor) => filter({ actor })}
          options={[{ value: '', label: t(W.all) }, ...senders.map((p) => ({ value: p.id, label: p.name }))]}
          style={{ minWidth: 220, maxWidth: '100%' }}
        />
      </ReceivedList>
    </>
  )
}

/** On the page of one peer. */
export const ReceivedTab = ({ peerId }: { peerId: string }) => <ReceivedList peerId={peerId} />
