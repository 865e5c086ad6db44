import { type SectionTab, SectionTabs } from '../../ui/section-tabs.tsx'

/** Everything about sharing stands in one section of the menu. */
const TABS: readonly SectionTab[] = [
  { to: '/peers', label: { zh: '共享对象', en: 'Peers' }, roles: ['credit_office', 'security_admin', 'auditor'] },
  { to: '/exchange', label: { zh: '共享流向', en: 'Flows' }, roles: ['credit_office', 'security_admin', 'auditor'] },
  {
    to: '/exchange/dead',
    label: { zh: '发送失败', en: 'Dead letters' },
    roles: ['credit_office', 'security_admin', 'auditor'],
  },
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
  { to: '/exchange/transfers', label: { zh: '异地转办', en: 'Cases elsewhere' }, roles: ['credit_office', 'auditor'] },
  { to: '/exchange/receipts', label: { zh: '同步回执', en: 'Receipts' }, roles: ['credit_office', 'auditor'] },
  { to: '/exchange/results', label: { zh: '修复结果', en: 'Repair results' }, roles: ['credit_office', 'auditor'] },
  {
    to: '/exchange/third-parties',
    label: { zh: '第三方机构', en: 'Third parties' },
    roles: ['credit_office', 'auditor'],
  },
  {
    to: '/exchange/own-keys',
    label: { zh: '签名密钥', en: 'Signing keys' },
    roles: ['credit_office', 'security_admin', 'auditor'],
  },
]

export const ExchangeTabs = ({ at }: { at: string }) => <SectionTabs at={at} tabs={TABS} />
