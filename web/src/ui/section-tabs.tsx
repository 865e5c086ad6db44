import { Link } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { Role } from '../../../src/kernel/roles.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'

export type SectionTab = { to: string; label: Words; roles: readonly Role[] }

const SECTION: Words = { zh: '本栏目页面', en: 'Pages of this section' }

/** The pages of one section side by side, those that this person may open, in as many lines as they need; nothing where that is one alone. */
export const SectionTabs = ({ at, tabs }: { at: string; tabs: readonly SectionTab[] }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const open = tabs.filter((tab) => has(...tab.roles))
  if (open.length < 2) return null
  return (
    <nav aria-label={t(SECTION)}>
      <Flex gap={4} wrap style={{ borderBottom: '1px solid #d5dce5', marginBottom: 16 }}>
        {open.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            search={{}}
            aria-current={to === at ? 'page' : undefined}
            activeProps={{}}
            style={{
              padding: '8px 12px',
              textDecoration: 'none',
              borderBottom: `3px solid ${to === at ? '#0b4a8f' : 'transparent'}`,
              fontWeight: to === at ? 600 : 400,
            }}
          >
            {t(label)}
          </Link>
        ))}
      </Flex>
    </nav>
  )
}
