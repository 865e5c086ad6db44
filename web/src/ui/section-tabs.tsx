import type { Role } from '../../../src/kernel/roles.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'
import { LinkTabs } from './link-tabs.tsx'

export type SectionTab = { to: string; label: Words; roles: readonly Role[] }

const SECTION: Words = { zh: '本栏目页面', en: 'Pages of this section' }

/** The pages of one section, those that this person may open; nothing where that is one alone. */
export const SectionTabs = ({ at, tabs }: { at: string; tabs: readonly SectionTab[] }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const open = tabs.filter((tab) => has(...tab.roles))
  if (open.length < 2) return null
  const links = open.map(({ to, label }) => ({ key: to, label, link: { to, search: {} } }))
  return <LinkTabs name={t(SECTION)} at={at} tabs={links} />
}
