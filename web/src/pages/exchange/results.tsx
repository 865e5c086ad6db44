import { Tabs } from 'antd'
import { useNavigate } from '@tanstack/react-router'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ResultAuthorities } from './results-authorities.tsx'
import { ResultDays } from './results-days.tsx'
import { Takedowns } from './results-takedowns.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '信用修复结果', en: 'Repair results' },
  own: { zh: '本单位待撤下', en: 'To take down' },
  days: { zh: '每日结果', en: 'Daily sets' },
  authorities: { zh: '各单位情况', en: 'By authority' },
  look: { zh: '逐条核对', en: 'One by one' },
} as const satisfies Record<string, Words>

/** The daily set, who has acted on it and who is late; for an authority, what it has to take off its own page. */
export const Results = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search } = useListSearch()
  const navigate = useNavigate()
  const own = has('collector', 'officer', 'head')
  const views = own
    ? ([
        ['own', W.own],
        ['days', W.days],
      ] as const)
    : ([
        ['days', W.days],
        ['authorities', W.authorities],
        ['look', W.look],
      ] as const)
  const view = views.find(([key]) => key === search.view)?.[0] ?? views[0][0]
  return (
    <>
      <ExchangeTabs at="/exchange/results" />
      <h1>{t(W.title)}</h1>
      <Tabs
        activeKey={view}
        onChange={(to) => void navigate({ to: '/exchange/results', search: { view: to } as never })}
        items={views.map(([key, label]) => ({ key, label: t(label) }))}
      />
      {view === 'days' && <ResultDays />}
      {view === 'authorities' && <ResultAuthorities />}
      {(view === 'own' || view === 'look') && <Takedowns own={own} />}
    </>
  )
}
