import { Link, useRouterState } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { Role } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'

const NAME: Words = { zh: '异议', en: 'Objections' }
const PLACES: { to: string; label: Words; roles: readonly Role[] }[] = [
  {
    to: '/objections',
    label: { zh: '异议办理', en: 'Objections' },
    roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'],
  },
  { to: '/objections/reports', label: { zh: '公众反映', en: 'Reports' }, roles: ['credit_office'] },
  { to: '/objections/findings', label: { zh: '公示自查', en: 'Self-check' }, roles: ['credit_office'] },
  {
    to: '/objections/tombstones',
    label: { zh: '不得再次报送', en: 'Not to be reported again' },
    roles: ['collector', 'officer', 'head', 'credit_office'],
  },
  {
    to: '/objections/reviews',
    label: { zh: '复议和诉讼', en: 'Reviews and lawsuits' },
    roles: ['enterprise', 'officer', 'head', 'credit_office'],
  },
  {
    to: '/objections/measures',
    label: { zh: '办理统计', en: 'Measures' },
    roles: ['credit_office', 'head', 'auditor'],
  },
]

/** The parts of one subject, as far as this person has to do with them. */
export const ObjectionsNav = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const mine = PLACES.filter((p) => has(...p.roles))
  if (mine.length < 2) return null
  return (
    <nav aria-label={t(NAME)}>
      <Flex gap={4} wrap style={{ borderBottom: '1px solid #d5dce5', marginBottom: 16 }}>
        {mine.map(({ to, label }) => {
          const here =
            path.replace(/\/$/, '') === to ||
            (to !== '/objections' && path.startsWith(`${to}/`)) ||
            (to === '/objections' && !mine.some((p) => p.to !== to && path.startsWith(p.to)))
          return (
            <Link
              key={to}
              to={to}
              search={{}}
              aria-current={here ? 'page' : undefined}
              activeProps={{}}
              style={{
                padding: '8px 12px',
                textDecoration: 'none',
                borderBottom: `3px solid ${here ? '#0b4a8f' : 'transparent'}`,
                fontWeight: here ? 600 : 400,
              }}
            >
              {t(label)}
            </Link>
          )
        })}
      </Flex>
    </nav>
  )
}
