import { Link, useParams } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { ReactNode } from 'react'
import { type PeerView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import { PEER_KIND_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Shown } from '../../ui/states.tsx'
import { AgreementTab } from './agreement-tab.tsx'
import { Deliveries } from './deliveries.tsx'
import { PeerDuties } from './peer-duties.tsx'
import { PeerKeys } from './peer-keys.tsx'
import { PeerOnboarding } from './peer-onboarding.tsx'
import { PeerProfile } from './peer-profile.tsx'
import { PeerTag } from './peer-tag.tsx'
import { ReceivedTab } from './received.tsx'
import { ExchangeTabs } from './section.tsx'
import { WaySettings } from './way-settings.tsx'

const ALL: Words = { zh: '全部共享对象', en: 'All peers' }
/** What there is to see of one peer; each view stands in the URL. */
const VIEWS = {
  profile: {
    label: { zh: '资料', en: 'Profile' },
    show: (peer) => [<PeerProfile key="profile" peer={peer} />, <PeerDuties key="duties" peer={peer} />],
  },
  onboarding: { label: { zh: '接入', en: 'Connecting' }, show: (peer) => <PeerOnboarding peer={peer} /> },
  way: { label: { zh: '交换方式', en: 'Way' }, show: (peer) => <WaySettings peerId={peer.id} /> },
  keys: { label: { zh: '密钥', en: 'Keys' }, show: (peer) => <PeerKeys peer={peer} /> },
  deliveries: { label: { zh: '送达情况', en: 'Deliveries' }, show: (peer) => <Deliveries peerId={peer.id} /> },
  agreement: { label: { zh: '协议与措施', en: 'Agreement' }, show: (peer) => <AgreementTab peerId={peer.id} /> },
  received: { label: { zh: '接收情况', en: 'Received' }, show: (peer) => <ReceivedTab peerId={peer.id} /> },
} as const satisfies Record<string, { label: Words; show: (peer: PeerView) => ReactNode }>
type View = keyof typeof VIEWS

export const PeerPage = () => {
  const { t } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const { search } = useListSearch()
  const { has } = useSession()
  /** Agreements are those of third-party credit services. */
  const open = (peer: PeerView, key: string) =>
    key !== 'agreement' || (peer.kind === 'third_party' && has('credit_office', 'auditor'))
  const tabsOf = (peer: PeerView) =>
    Object.entries(VIEWS)
      .filter(([key]) => open(peer, key))
      .map(([key, { label }]) => ({
        key,
        label,
        link: { to: '/peers/$id', params: { id }, search: { view: key } as never },
      }))
  const query = useApi(endpoints.peer, { id }, { every: 15_000 })
  return (
    <>
      <ExchangeTabs at="/peers" />
      <p>
        <Link to="/peers" search={{}}>
          {t(ALL)}
        </Link>
      </p>
      <Shown query={query}>
        {(peer) => {
          const first: View = peer.state === 'onboarding' ? 'onboarding' : 'profile'
          const view: View =
            search.view && search.view in VIEWS && open(peer, search.view) ? (search.view as View) : first
          return (
            <>
              <Flex align="center" gap={12} wrap>
                <h1 style={{ margin: 0 }}>{peer.name}</h1>
                <PeerTag state={peer.state} />
                <span className="xh-quiet">{t(PEER_KIND_WORDS[peer.kind])}</span>
              </Flex>
              <div style={{ marginTop: 12 }}>
                <LinkTabs name={peer.name} at={view} tabs={tabsOf(peer)} />
              </div>
              {VIEWS[view].show(peer)}
            </>
          )
        }}
      </Shown>
    </>
  )
}
