import { Link, useRouterState } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'

const W = {
  name: { zh: '代码与档案', en: 'Codes and files' },
  figures: { zh: '覆盖率与重错码', en: 'Coverage and faults' },
  tasks: { zh: '核实任务', en: 'Tasks' },
  files: { zh: '档案合并与拆分', en: 'Merge and split' },
} as const satisfies Record<string, Words>

const PLACES = [
  { to: '/codes', label: W.figures },
  { to: '/codes/tasks', label: W.tasks },
  { to: '/codes/files', label: W.files },
] as const

/** The three parts of one subject; whoever is asked has only the tasks and needs no way to the others. */
export const CodesNav = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const path = useRouterState({ select: (s) => s.location.pathname })
  if (!has('credit_office')) return null
  return (
    <nav aria-label={t(W.name)} style={{ marginBottom: 16 }}>
      <Flex gap={20} wrap>
        {PLACES.map(({ to, label }) => {
          const here = to === '/codes' ? path === to : path.startsWith(to)
          return (
            <Link
              key={to}
              to={to}
              aria-current={here ? 'page' : undefined}
              style={{
                padding: '6px 2px',
                fontWeight: here ? 600 : 400,
                borderBottom: here ? '2px solid currentColor' : '2px solid transparent',
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
