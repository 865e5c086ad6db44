import { useNavigate } from '@tanstack/react-router'
import { Tabs } from 'antd'
import type { Role } from '../../../src/kernel/roles.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'

export type SectionTab = { to: string; label: Words; roles: readonly Role[] }

/** The pages of one section side by side, those that this person may open; nothing where that is one alone. */
export const SectionTabs = ({ at, tabs }: { at: string; tabs: readonly SectionTab[] }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const navigate = useNavigate()
  const open = tabs.filter((tab) => has(...tab.roles))
  if (open.length < 2) return null
  return (
    <Tabs
      activeKey={at}
      onChange={(to) => void navigate({ to })}
      items={open.map((tab) => ({ key: tab.to, label: t(tab.label) }))}
    />
  )
}
