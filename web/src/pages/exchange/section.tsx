import { type SectionTab, SectionTabs } from '../../ui/section-tabs.tsx'

/** Everything about sharing stands in one section of the menu. */
const TABS: readonly SectionTab[] = [
  { to: '/peers', label: { zh: '共享对象', en: 'Peers' }, roles: ['credit_office', 'security_admin', 'auditor'] },
]

export const ExchangeTabs = ({ at }: { at: string }) => <SectionTabs at={at} tabs={TABS} />
