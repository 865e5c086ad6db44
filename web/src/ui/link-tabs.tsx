import { Link, type LinkProps } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'

export type LinkTab = { key: string; label: Words; link: Pick<LinkProps, 'to' | 'params' | 'search'> }

/** Pages or views side by side, in as many lines as they need; `at` is the one that is open. */
export const LinkTabs = ({ name, at, tabs }: { name: string; at: string; tabs: readonly LinkTab[] }) => {
  const { t } = useLanguage()
  return (
    <nav aria-label={name}>
      <Flex gap={4} wrap style={{ borderBottom: '1px solid #d5dce5', marginBottom: 16 }}>
        {tabs.map(({ key, label, link }) => (
          <Link
            key={key}
            {...link}
            aria-current={key === at ? 'page' : undefined}
            activeProps={{}}
            style={{
              padding: '8px 12px',
              color: '#0b4a8f',
              textDecoration: 'none',
              borderBottom: `3px solid ${key === at ? '#0b4a8f' : 'transparent'}`,
              fontWeight: key === at ? 600 : 400,
            }}
          >
            {t(label)}
          </Link>
        ))}
      </Flex>
    </nav>
  )
}
