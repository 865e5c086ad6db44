import { Tabs } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing } from '../../ui/states.tsx'
import { AuthorityStanding } from './authority.tsx'
import { Circulars } from './circulars.tsx'
import { Faults } from './faults.tsx'
import { Overview } from './overview.tsx'

const W = {
  title: { zh: '归集质量', en: 'Quality of reporting' },
  overview: { zh: '总览和排名', en: 'Overview and ranks' },
  own: { zh: '本单位质量', en: 'Our quality' },
  faults: { zh: '常见差错', en: 'Faults' },
  circulars: { zh: '通报', en: 'Circulars' },
  nowhere: {
    zh: '您的账号没有所在单位，没有可查看的质量数据。',
    en: 'Your account belongs to no authority, so there is nothing to show.',
  },
} as const satisfies Record<string, Words>

/** The credit office sees its territory; whoever works in an authority sees that authority and its rank. */
export const Quality = () => {
  const { t } = useLanguage()
  const { person, has } = useSession()
  const { search, filter } = useListSearch()
  const office = has('credit_office')
  const view = search.view === 'faults' || search.view === 'circulars' ? search.view : 'first'
  const first = office ? (
    <Overview />
  ) : person?.authorityId ? (
    <AuthorityStanding id={person.authorityId} heading={false} />
  ) : (
    <Nothing why={W.nowhere} />
  )
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Tabs
        activeKey={view}
        destroyOnHidden
        onChange={(key) => filter({ view: key === 'first' ? '' : key, item: '', code: '', field: '', state: '' })}
        items={[
          { key: 'first', label: t(office ? W.overview : W.own), children: first },
          { key: 'faults', label: t(W.faults), children: <Faults /> },
          { key: 'circulars', label: t(W.circulars), children: <Circulars /> },
        ]}
      />
    </>
  )
}
