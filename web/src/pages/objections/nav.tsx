import { useRouterState } from '@tanstack/react-router'
import type { Role } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'

const NAME: Words = { zh: '异议', en: 'Objections' }
const DESK = '/objections'
const PLACES: { to: string; label: Words; roles: readonly Role[] }[] = [
  {
    to: DESK,
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
  const holds = ({ to }: { to: string }): boolean => path.replace(/\/$/, '') === to || path.startsWith(`${to}/`)
  // What no other part holds belongs to the desk.
  const at = mine.find((p) => p.to !== DESK && holds(p))?.to ?? DESK
  const tabs = mine.map(({ to, label }) => ({ key: to, label, link: { to, search: {} } }))
  return <LinkTabs name={t(NAME)} at={at} tabs={tabs} />
}
