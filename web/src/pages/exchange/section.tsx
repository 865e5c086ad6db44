import { type SectionTab, SectionTabs } from '../../ui/section-tabs.tsx'

/** Everything about sharing stands in one section of the menu. */
const TABS: readonly SectionTab[] = [
  { to: '/peers', label: { zh: '共享对象', en: 'Peers' }, roles: ['credit_office', 'security_admin', 'auditor'] },
  {
    to: '/exchange/received',
    label: { zh: '接收情况', en: 'Received' },
    roles: ['credit_office', 'security_admin', 'auditor'],
  },
  {
    to: '/exchange/reconciliation',
    label: { zh: '公示系统对账', en: 'Reconciliation' },
    roles: ['credit_office', 'auditor'],
  },
]

export const ExchangeTabs = ({ at }: { at: string }) => <SectionTabs at={at} tabs={TABS} />
